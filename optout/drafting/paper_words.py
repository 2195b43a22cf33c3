"""The small words of an office's papers in one language: dates, fields, rows, what a draft says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from optout.errors import Refused
from optout.text import Text

_PLACE: Final = re.compile(r"\{(\w*)\}")
HOW_TO_MEND: Final = Text(
    "letters/clinic/README.md says what may stand there. To look at all of them: optout clinic "
    "papers check"
)


class BadPaper(Refused):
    """The wording of a paper has a mistake; it says in which file and line."""


def bad_paper(file: str, line: int, why: Text) -> BadPaper:
    """Return the error that names the place of a mistake."""
    place = Text("{file}, line {line}", file=file, line=line) if line else Text("{f}", f=file)
    return BadPaper(
        Text("{place}: {why}.", place=place, why=why),
        known=Text("Nothing was written."),
        hint=HOW_TO_MEND,
    )


@dataclass(frozen=True, slots=True)
class PaperWords:
    """One language's `words.<language>.toml`, every line of it a pattern or a word."""

    file: str
    source: str
    table: Mapping[str, object]

    def __getitem__(self, name: str) -> str:
        """Return one line by its dotted name: `rows.phone`."""
        found: object = self.table
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if not isinstance(found, str):
            raise bad_paper(self.file, 0, Text("the line {name} is missing", name=name))
        return found

    def filled(self, name: str, /, **values: str) -> str:
        """Return a pattern with its places filled; each value is put in once and never read."""
        pattern = self[name]

        def value(found: re.Match[str]) -> str:
            if found[1] not in values:
                why = Text("{name} has no place called {place}", name=name, place=found[0])
                raise bad_paper(self.file, self._line_of(pattern), why)
            return values[found[1]]

        return _PLACE.sub(value, pattern)

    def _line_of(self, words: str) -> int:
        lines = enumerate(self.source.splitlines(), start=1)
        return next((number for number, line in lines if words in line), 0)

    def day(self, day: date) -> str:
        """Write a date as people of this language do."""
        months = self["months"].split()
        if len(months) != 12:  # noqa: PLR2004 - the months of a year
            why = Text("months has {count} names", count=len(months))
            raise bad_paper(self.file, self._line_of(self["months"]), why)
        return self.filled(
            "date", month=months[day.month - 1], day=str(day.day), year=str(day.year)
        )

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts as a sentence does: `a, b and c`."""
        if len(parts) < 2:  # noqa: PLR2004 - one part needs no joining
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self['and']} {parts[-1]}"

    def years(self, count: int) -> str:
        """Write a number of years."""
        return self["one_year"] if count == 1 else self.filled("years", n=str(count))


def words_from(source: str, file: str) -> PaperWords:
    """Read a language's words, or say in which line they cannot be read."""
    try:
        return PaperWords(file, source, tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 0
        raise bad_paper(file, line, Text("this cannot be read as TOML")) from None

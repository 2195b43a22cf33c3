"""What companies filed with a state registry, kept for looking up and never for a plan.

One derived file holds it, a company a line, beside the definitions: `registries/ca-cppa.jsonl`.
A company with a folder of its own is described there; its line here only says what it filed.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, TypeVar, cast

from pydantic_core import ValidationError

from optout.catalog.schema import validator_for
from optout.errors import Refused
from optout.model.broker import Broker, Declared, RequestCount, Slug
from optout.text import Text

_T = TypeVar("_T")

FILE: Final = "ca-cppa.jsonl"
UNITED_STATES: Final = "UNITED STATES"
MOST_WORDS: Final = 8
LONGEST_SLUG: Final = 80
_OF_NO_MEANING: Final = re.compile(
    r"\b(the|inc|incorporated|llc|l l c|ltd|limited|corp|corporation|co|company|lp|llp|plc|gmbh)\b"
)


class RegistryDamaged(Refused):
    """The derived file is not what we wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What one company filed for one year: its own words and counts, checked by nobody."""

    year: int
    name: str
    trades_as: str = ""
    hosts: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # where it says how to ask
    email: str = ""  # a desk's only
    phone: str = ""
    lines: tuple[str, ...] = ()
    country: str = ""
    collects: tuple[str, ...] = ()
    sold_to: tuple[str, ...] = ()
    declared: Declared
    asked_who_got_it: RequestCount | None = None
    counted_in: int  # the year that its headings name for the counts
    group_figure: bool = False  # other companies filed the very same counts
    dropped: tuple[str, ...] = ()  # email, phone: they looked like a person's


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One company of the registry; `slug` stays its own for ever."""

    slug: Slug
    filings: tuple[Filing, ...]  # newest first
    gone: bool = False  # not in the newest file of that year any more

    def newest(self) -> Filing:
        """Return what it filed last."""
        return self.filings[0]


def key_of(name: str) -> str:
    """Return a company's name as it compares: without case, signs, spaces, or kind of company."""
    return "".join(_words_of(name))


def _words_of(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"\([^)]*\)", " ", plain).strip() or plain  # a former name, or a year
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).strip()
    return _OF_NO_MEANING.sub(" ", words).split() or words.split()


def new_slug(name: str, taken: Collection[str]) -> Slug:
    """Return a slug nobody had yet."""
    base = "-".join(_words_of(name)[:MOST_WORDS])[:LONGEST_SLUG].strip("-") or "company"
    base = f"company-{base}" if base.startswith("own-") else base  # those are a person's own
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return Slug(slug)


def described_in(entry: Entry, brokers: Iterable[Broker]) -> Slug | None:
    """Return the folder that describes this company, if there is one: the folder wins."""
    return folder_for(entry, folders_by_name(brokers))


def folders_by_name(brokers: Iterable[Broker]) -> Mapping[str, Slug]:
    """Return each folder by its slug and by what its company is called: made once for a list."""
    found: dict[str, Slug] = {}
    for broker in brokers:
        filed_as = broker.declared.filed_as if broker.declared else ""
        for key in (f"/{broker.slug}", key_of(broker.name), key_of(filed_as or "-")):
            found.setdefault(key, broker.slug)
    return found


def folder_for(entry: Entry, folders: Mapping[str, Slug]) -> Slug | None:
    """Return the folder that describes this company, from `folders_by_name`."""
    keys = (f"/{entry.slug}", *(key_of(filing.name) for filing in entry.filings))
    return next((folders[key] for key in keys if key in folders), None)


def is_abroad(entry: Entry) -> bool:
    """Say whether a company filed an address outside the United States."""
    return entry.newest().country not in {UNITED_STATES, ""}


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """Return every company in the derived file, by slug; none where nothing was imported."""
    return read_lines(folder / FILE, Entry, whole=lambda entry: bool(entry.filings))


def read_lines(path: Path, kind: type[_T], *, whole: Callable[[_T], bool]) -> tuple[_T, ...]:
    """Return what a derived file holds, a line each; `RegistryDamaged` names a line that is not."""
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise _damaged(path, 1) from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line:
            found.append(_read_line(line, kind, path, number))
            if not whole(found[-1]):
                raise _damaged(path, number)
    return tuple(found)


def _read_line(line: str, kind: type[_T], path: Path, number: int) -> _T:
    try:
        read: _T = validator_for(cast("type", kind)).validate_python(json.loads(line))
    except (ValueError, ValidationError, RecursionError) as error:
        raise _damaged(path, number) from error
    return read


def _damaged(path: Path, line: int) -> RegistryDamaged:
    return RegistryDamaged(
        Text("{file}, line {line}, cannot be read.", file=path.name, line=line),
        known=Text("Nothing was sent. The companies with a folder still work."),
        hint=Text("Delete that file, and import the registry again."),
    )


def write_entries(folder: Path, entries: Iterable[Entry]) -> None:
    """Write all of them at once: whoever reads finds the old file or the new one, never half."""
    by_slug = {entry.slug: entry for entry in entries}
    write_lines(folder / FILE, Entry, (by_slug[slug] for slug in sorted(by_slug)))


def write_lines(path: Path, kind: type[_T], entries: Iterable[_T]) -> None:
    """Write a derived file, a line each: all of it or nothing, and only what can be read again."""
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - a handle
            for number, entry in enumerate(entries, start=1):
                line = json.dumps(_plain(entry), ensure_ascii=False, separators=(",", ":"))
                _read_line(line, kind, path, number)
                file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _plain(value: object) -> object:
    """Return what `json` writes; what a field says anyway is left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not _says_nothing(field, getattr(value, field.name))
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.value if isinstance(value, Enum) else value


def _says_nothing(field: dataclasses.Field[object], value: object) -> bool:
    return value is None or value == field.default or value in ((), {}, "")

"""What stands in a row of a page of results, in words: names, ages, places, phones, relatives.

The definitions say which part of an element's text counts, as literal words or as a pattern.
Patterns are foreign: each is short, and all of them together have a time, after which reading
stops. Nothing is guessed here; whether a row is the person is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import regex

from optout.errors import Refused
from optout.model.reading import Reading
from optout.model.row import City
from optout.rules.states import state_names
from optout.text import Text

LONGEST_PATTERN: Final = 500
LONGEST_TEXT: Final = 20_000
MOST: Final = 300  # entries of one list
_PATTERN: Final = re.compile(r"/(.+)/(i?)", re.DOTALL)
_MORE: Final = re.compile(r"\+\s*\d+.*$")  # “+3 more” at the end
_BEFORE: Final = (
    "Associated persons:", "AKA:", "Known as:", "Also known as:", "Has lived in:",
    "Used to live:", "Used to live in:", "Lives in:", "Related to:", "No other aliases.",
    "RESIDES IN",
)  # fmt: skip
_AFTER: Final = (" -", "years old")
_BETWEEN: Final = re.compile(r"[|\n•·]")
_ZIP: Final = re.compile(r",?\s*\d{5}(?:-\d{4})?")
_DIGITS: Final = re.compile(r"[0-9]+")
_SPACE: Final = re.compile(r"[^\S\n]+")


class BadPattern(Refused):
    """A pattern of a definition that cannot be used, or takes too long."""

    def __init__(self, what: Text) -> None:
        """Nothing was sent: patterns only read."""
        super().__init__(
            what,
            known=Text("The page was not understood. Nothing was sent."),
            hint=Text("Look at the page yourself."),
        )


@dataclass(slots=True)
class Patterns:
    """The patterns of one definition, and the seconds that they may take in all."""

    clock: Callable[[], float]  # seconds that only go up
    seconds: float = 3.0
    _made: dict[str, Any] = field(default_factory=dict)

    def split(self, text: str, at: str) -> list[str]:
        """Return the text cut at each place: literal words, or a pattern between slashes."""
        pattern = self._pattern(at)
        if pattern is None:
            return text.split(at)
        if self.seconds <= 0:
            raise _too_long()
        began = self.clock()
        try:
            parts = pattern.split(text, timeout=self.seconds)
        except TimeoutError:
            raise _too_long() from None
        finally:
            self.seconds -= self.clock() - began
        return [part for part in parts if part is not None]

    def _pattern(self, written: str) -> Any:  # noqa: ANN401 - a compiled pattern, or None
        if written not in self._made:
            found = _PATTERN.fullmatch(written)
            self._made[written] = _compiled(found[1], found[2]) if found else None
        return self._made[written]


def _too_long() -> BadPattern:
    return BadPattern(Text("A pattern in the definition takes too long."))


def check_pattern(written: str) -> None:
    """Raise `BadPattern` if this is a pattern between slashes that cannot be used."""
    if found := _PATTERN.fullmatch(written):
        _compiled(found[1], found[2])


def _compiled(pattern: str, flags: str) -> Any:  # noqa: ANN401 - a compiled pattern
    if len(pattern) > LONGEST_PATTERN or _repeats_hugely(pattern):
        raise BadPattern(Text("A pattern in the definition is too large."))
    try:
        return regex.compile(pattern, regex.IGNORECASE if flags else 0)
    except (regex.error, ValueError, OverflowError, RecursionError):
        raise BadPattern(Text("A pattern in the definition cannot be read.")) from None


def _repeats_hugely(pattern: str) -> bool:
    """Say whether a pattern counts to more than any page needs: compiling that takes memory."""
    counts = (int(most) for least in re.findall(r"\{([0-9,\s]*)\}", pattern)
              for most in _DIGITS.findall(least))  # fmt: skip
    total = 1
    for count in counts:
        total *= max(count, 1)
    return total > 1000  # noqa: PLR2004 - said above


def own_words(text: str, how: Reading, patterns: Patterns) -> str:
    """Return the part of an element's text that counts, without what pages write around it."""
    text = text[:LONGEST_TEXT].strip()
    if how.after_text:
        parts = patterns.split(text, how.after_text)
        text = (parts[1].strip() if len(parts) > 1 else "") or text
    if how.before_text:
        text = patterns.split(text, how.before_text)[0].strip() or text
    return bare(text)


def bare(text: str) -> str:
    """Return a text without “+3 more”, “Also known as:”, “years old” and their like."""
    text = _MORE.sub("", text).strip()
    for before in _BEFORE:
        text = text.removeprefix(before).strip()
    for after in _AFTER:
        text = text.removesuffix(after).strip()
    return text


def listed(texts: Iterable[str], how: Reading, patterns: Patterns) -> list[str]:
    """Return the entries of a list, however many elements it was written in."""
    entries: list[str] = []
    for text in texts:
        parts = patterns.split(text, how.separator) if how.separator else _BETWEEN.split(text)
        entries += (part.strip() for part in parts if part.strip())
        if len(entries) > MOST:
            break
    return entries[:MOST]


def name_of(texts: Sequence[str]) -> str | None:
    """Return a name on one line."""
    first = next(iter(texts), "").replace("\n", " ").strip()
    return _SPACE.sub(" ", first) or None


def age_of(texts: Sequence[str]) -> int | None:
    """Return the first number; what nobody lives to be is none."""
    found = _DIGITS.search(next(iter(texts), ""))
    return int(found[0]) if found and len(found[0]) <= 3 else None  # noqa: PLR2004 - digits


def relatives_of(entries: Iterable[str]) -> list[str]:
    """Return the names of relatives, without what stands behind a comma."""
    return [name for each in entries if (name := each.partition(",")[0].strip())]


def phones_of(entries: Iterable[str]) -> list[str]:
    """Return the digits of phone numbers."""
    return [digits for each in entries if (digits := re.sub(r"[^0-9]", "", each))]


def cities_of(entries: Iterable[str]) -> Iterator[City]:
    """Yield each city and state; an entry without a state of the United States is none."""
    for each in entries:
        text = _ZIP.sub("", each, count=1).strip().removesuffix(",")
        words = [word.strip() for word in text.split("," if "," in text else " ")]
        words = [word for word in words if word]
        state = _state(words[-1]) if len(words) > 1 else None
        if state:
            yield City(city=" ".join(words[:-1]), state=state)


def city_in_two(cities: Sequence[str], states: Sequence[str]) -> City | None:
    """Return a place whose city and state are read apart; the state may not be told."""
    city = _SPACE.sub(" ", next(iter(cities), "").replace("\n", " ")).strip().removesuffix(",")
    if not city:
        return None
    told = next(iter(states), "").strip()
    state = _state(told)
    return None if told and not state else City(city=city, state=state)


_STREET: Final = re.compile(
    r"^(?P<street>\d+\S*\s+.*?\b(?:St|Street|Ave|Avenue|Blvd|Boulevard|Ln|Lane|Dr|Drive|Rd|Road|Ct"
    r"|Court|Pl|Place|Way|Pkwy|Parkway|Hwy|Highway|Ter|Terrace|Trl|Trail|Cir|Circle|Loop|Sq|Square"
    r"|Run)\.?(?:\s+[NSEW]{1,2}\b)?(?:\s+(?:#|Apt|Unit|Ste|Suite)\.?\s*\S+)?)\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)


def city_of_address(entry: str) -> City | None:
    """Return the city and state of a whole address, with or without commas."""
    text = _ZIP.sub("", " ".join(entry.split())[:500]).rstrip(" ,")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > 2:  # noqa: PLR2004 - street, city, state
        return next(cities_of([f"{parts[-2]}, {parts[-1]}"]), None)
    if len(parts) == 2 and _state(parts[1]):  # noqa: PLR2004 - street and city, state
        street = _STREET.match(parts[0])
        return City(city=street["rest"] if street else parts[0], state=_state(parts[1]))
    last = parts[-1] if parts else ""
    street = _STREET.match(last)
    if street is None and len(parts) < 2:  # noqa: PLR2004 - no comma, no street's kind
        return None
    return next(cities_of([street["rest"] if street else last]), None)


def _state(words: str) -> str | None:
    """Return a state's two letters, however it is written."""
    return _states().get(words.strip().casefold())


@cache
def _states() -> dict[str, str]:
    names = state_names()
    return {written.casefold(): code for code, name in names.items() for written in (code, name)}

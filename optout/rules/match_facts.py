"""What stands beside a name and tells people of one name apart: age, places, phones, relatives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from typing import Final, NamedTuple

from optout.rules.name_likeness import Like, likeness
from optout.rules.name_words import Name, folded, read_name
from optout.rules.same_name import Grade, compare_names
from optout.rules.states import state_names

KEPT: Final = 16_384
FAR_APART: Final = 2  # years
LATE_IN_THE_YEAR: Final = 7  # from this month on most birthdays have been
OLDEST: Final = 130
PHONE_DIGITS: Final = 10
OWN_DIGITS: Final = 7  # behind the area code
COUNTED: Final = frozenset({"1234567890", "0123456789"})
LONGEST: Final = 200

_NOT_DIGITS: Final = re.compile(r"[^0-9]")
_EXTENSION: Final = re.compile(r"\s*(?:x|ext|#).*", re.IGNORECASE | re.DOTALL)
_NOT_WORDS: Final = re.compile(r"[^a-z0-9,]+")
_ZIP: Final = re.compile(r"\b\d{5}(?: \d{4})?\b *$")
SAYS_NOTHING: Final = frozenset(
    {"unknown", "none", "not", "no", "available", "listed", "found", "given", "na", "private"}
    | {"hidden", "relatives", "relative", "address", "city"}
)
"""Words that stand where a page or a list has nothing to say."""
HERE: Final = frozenset({"usa", "us", "u s a", "u s", "united states"})
CITY_AND_STATE: Final = "new york"
_SHORTENED: Final = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}


class Said(Enum):
    """What one kind of fact says."""

    NOTHING = 0  # one side does not tell
    AGREES = 1
    DIFFERS = 2  # both tell, and share nothing: people move and change phones
    CONTRADICTS = 3


class Place(NamedTuple):
    """A city, its state if it is told, and the house if it is."""

    city: str
    state: str
    house: str = ""
    written: str = ""  # for people to read


def years_apart(born: date | int | None, age: int | None, on: date) -> int | None:
    """Return how many years a shown age is off, at the least; None where one is not known."""
    if born is None or age is None or not 0 <= age <= OLDEST:
        return None
    if isinstance(born, date):
        lowest = highest = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    else:
        highest = on.year - born
        lowest = highest - (on.month < LATE_IN_THE_YEAR)
    return max(0, lowest - age, age - highest)


def birth_years_apart(born: date | int | None, shown: int | None) -> int | None:
    """Return how many years two years of birth are apart; None where one is not known."""
    if born is None or shown is None:
        return None
    return abs((born.year if isinstance(born, date) else born) - shown)


def phone_key(phone: str) -> str:
    """Return the digits that tell a phone from others; "" for what is none."""
    digits = _NOT_DIGITS.sub("", phone[:LONGEST])
    if len(digits) > PHONE_DIGITS or "x" in phone:
        digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", phone[:LONGEST]))
    if len(digits) == PHONE_DIGITS + 1 and digits[0] == "1":
        digits = digits[1:]
    return digits if len(digits) >= PHONE_DIGITS and not _stands_for_none(digits) else ""


def _stands_for_none(digits: str) -> bool:
    """Say whether this was typed because a form wanted a number: 000-000-0000, 1234567890."""
    return len(set(digits[-OWN_DIGITS:])) == 1 or digits in COUNTED


def email_key(email: str) -> str:
    """Return an e-mail as it is compared."""
    return email.strip().casefold() if "@" in email else ""


@lru_cache(maxsize=KEPT)
def read_place(written: str) -> Place | None:
    """Read "City ST", "City, State" or an address with commas; None where no city is told."""
    plain = _ZIP.sub("", _NOT_WORDS.sub(" ", folded(written[:LONGEST])).strip())
    parts = [part.strip() for part in plain.split(",") if part.strip()]
    while len(parts) > 1 and parts[-1] in HERE:
        parts.pop()
    if not parts:
        return None
    city, state, before = _split_up(parts)
    words = [_SHORTENED.get(word, word) for word in city.split()]
    if SAYS_NOTHING.issuperset(words) or words == ["n", "a"]:
        return None
    if len(words) > 1 and words[-1] == "city":
        words.pop()
    return Place(" ".join(words), state, _house(before), f"{city.title()} {state.upper()}".strip())


def _split_up(parts: list[str]) -> tuple[str, str, list[str]]:
    """Return the city, the state, and what stands before them: the street."""
    *before, last = parts
    city, state = _city_and_state(last)
    if not state and before:  # abroad, or no state is told: the city comes first
        if before[0][0].isdigit():
            return _first_of([*before[1:], last], before[:1])
        return _first_of(parts, [])
    if not city and before:
        city = before.pop()
    if not city and last == CITY_AND_STATE:
        return last, "", before
    return city, state, before


def _first_of(parts: list[str], before: list[str]) -> tuple[str, str, list[str]]:
    return parts[0], " ".join(parts[1:]), before


def _city_and_state(words: str) -> tuple[str, str]:
    """Split "denver co" and "santa fe new mexico"; a state alone leaves no city."""
    parts = words.split()
    for taken in range(min(4, len(parts)), 0, -1):
        state = _states().get(" ".join(parts[-taken:]))
        if state:
            return " ".join(parts[:-taken]), state
    return words, ""


@cache
def _states() -> dict[str, str]:
    names = {name.casefold(): code.casefold() for code, name in state_names().items()}
    return {**names, **{code.casefold(): code.casefold() for code in state_names()}, "d c": "dc"}


def _house(before: list[str]) -> str:
    """Return what tells one house from another: its number and the first word that names it."""
    words = before[0].split() if before else []
    if len(words) < 2 or not words[0].isdigit():  # noqa: PLR2004 - a number and a street
        return ""
    named = [word for word in words[1:] if word not in {"n", "s", "e", "w", "north", "south"}]
    return f"{words[0]} {named[0]}" if named else ""


def shared_places(known: Sequence[Place], shown: Sequence[Place]) -> list[Place]:
    """Return the places of both sides, with the house where it is the same one."""
    both: list[Place] = []
    for place in shown:
        for each in known:
            if place == each:
                both.append(place)
            elif place.city == each.city and _may_be_one_state(place.state, each.state):
                state, house = place.state and each.state, place.house == each.house
                both.append(place._replace(state=state, house=place.house if house else ""))
    return both


def _may_be_one_state(one: str, other: str) -> bool:
    return one == other or not (one and other)


def is_among(name: Name, others: Iterable[Name], least: Grade = Grade.DROPPED) -> bool:
    """Say whether a name is one of these, so far as asked; a family name alone is not enough."""
    given = name.words[0]
    for other in others:
        if name.words == other.words:
            return True
        # Most relatives share a family name, so the given one tells first.
        like = likeness(given, other.words[0], family=False, foreign=False)
        if like >= Like.SHORT and compare_names(name, other).grade >= least:
            return True
    return False


def tells_somebody(name: Name) -> bool:
    """Say whether a name of a relative can be anybody's proof; “Mary” and “N/A” are not."""
    return sum(len(text) > 1 and text not in SAYS_NOTHING for text in name.texts()) > 1


_AGE_BESIDE: Final = re.compile(r"[\s,(–-]+(?:aged?\b[\s:]*)?(\d{1,3})\)?\s*$", re.IGNORECASE)


def age_beside(name: str) -> tuple[str, int | None]:
    """Part "Robert Hollis, 45" into the name and the age; None where no number stands there."""
    found = _AGE_BESIDE.search(name, max(0, len(name) - LONGEST)) if name[-2:-1] else None
    return (name[: found.start()], int(found[1])) if found else (name, None)


def names_of(written: Sequence[str]) -> tuple[Name, ...]:
    """Read several names."""
    return () if not written else tuple([name for name in map(read_name, written) if name.words])

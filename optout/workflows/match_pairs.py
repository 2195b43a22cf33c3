"""Answers written pairs, a person and a listing each: one JSON line in, one answer out.

A line that cannot be read is answered by what is wrong with it, and the others are answered too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, BinaryIO, Final

from optout.errors import WrongUsage
from optout.model.match import Known, Match, Shown
from optout.rules.matching import Sought, judge_read, read_known
from optout.text import Text

LONGEST_LINE: Final = 1_000_000  # bytes
FIRST_YEAR: Final = 1850
SUBJECT_KEYS: Final = frozenset(
    {"name", "aliases", "born", "places", "addresses", "phones", "emails", "relatives"}
)
LISTING_KEYS: Final = (SUBJECT_KEYS | {"alternative_names", "age", "profile_url"}) - {"aliases"}
PAIR_KEYS: Final = frozenset({"subject", "listing", "today"})

_ONLY_TEXTS: Final = frozenset({str})
_ONE_NUMBER: Final = re.compile(r"\D*(\d{1,3})(?!\s*(?:s\b|\+|[-–]))\D*")  # not 40s, 40-44
_YEAR: Final = re.compile(r"(\d{4})(?:-\d\d)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of the file got."""

    line: int
    match: Match | None
    wrong: Text | None = None


@dataclass(slots=True)
class Pairs:
    """Pairs that are answered one after another."""

    today: date
    not_read: set[str] = field(default_factory=set)  # keys that mean nothing here
    _subject: object = None
    _sought: Sought | None = None

    def answers(self, lines: BinaryIO) -> Iterator[Answer]:
        """Answer line after line; empty ones are passed over."""
        for number, line in enumerate(_lines(lines), start=1):
            if line is not None and not line.strip():
                continue
            try:
                yield Answer(number, self._answer(line))
            except WrongUsage as wrong:
                yield Answer(number, None, wrong.what)

    def judge(self, subject: object, listing: object, today: object = None) -> Match:
        """Answer one pair, as JSON has it."""
        on = _today(today) or self.today
        if self._sought is None or (subject, on) != self._subject:  # one person, many listings
            self._sought = read_known(self._known(_object(subject, "subject"), on))
            self._subject = (subject, on)
        return judge_read(self._sought, self._shown(_object(listing, "listing"), on), on)

    def _answer(self, line: bytes | None) -> Match:
        pair = _object(_parsed(line), "")
        self._note(pair, PAIR_KEYS)
        return self.judge(pair.get("subject"), pair.get("listing"), pair.get("today"))

    def _known(self, subject: Mapping[str, Any], on: date) -> Known:
        self._note(subject, SUBJECT_KEYS)
        name = subject.get("name")
        if not isinstance(name, str) or not name.strip():
            raise WrongUsage(Text("The subject has no name."))
        return Known(
            name=name,
            aliases=_texts(subject, "aliases"),
            born=_born(subject.get("born"), on),
            places=(*_texts(subject, "places"), *_texts(subject, "addresses")),
            phones=_texts(subject, "phones"),
            emails=_texts(subject, "emails"),
            relatives=_texts(subject, "relatives"),
        )

    def _shown(self, listing: Mapping[str, Any], on: date) -> Shown:
        self._note(listing, LISTING_KEYS)
        name = listing.get("name")
        if name is not None and not isinstance(name, str):
            raise WrongUsage(Text("The listing's name is not a text."))
        born = _born(listing.get("born"), on)
        return Shown(
            name=name or "",
            other_names=_texts(listing, "alternative_names"),
            age=_age(listing.get("age")),
            born=born.year if isinstance(born, date) else born,
            places=(*_texts(listing, "places"), *_texts(listing, "addresses")),
            phones=_texts(listing, "phones"),
            emails=_texts(listing, "emails"),
            relatives=_texts(listing, "relatives"),
        )

    def _note(self, given: Mapping[str, Any], known: frozenset[str]) -> None:
        if not given.keys() <= known:
            self.not_read.update(given.keys() - known)


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line; None for one that is longer than any pair, of which the rest is skipped."""
    while line := stream.readline(LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        yield line if whole else None
        while not whole and line:
            line = stream.readline(LONGEST_LINE)
            whole = line.endswith(b"\n")


def _parsed(line: bytes | None) -> object:
    if line is None:
        raise WrongUsage(Text("The line is too long."))
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise WrongUsage(Text("The line is not JSON.")) from None


def read_object(text: str, what: str) -> Mapping[str, Any]:
    """Return one side of a pair from its JSON."""
    try:
        return _object(json.loads(text.removeprefix("\ufeff")), what)
    except (ValueError, RecursionError):
        raise WrongUsage(
            Text("What stands for the {what} is not JSON.", what=what),
            hint=Text("The shortest is: {example}", example='{"name": "Jordan Sample"}'),
        ) from None


def _object(value: object, what: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    if not what:
        raise WrongUsage(Text("The line is not a JSON object."))
    if value is None:
        raise WrongUsage(Text("There is no “{what}”.", what=what))
    raise WrongUsage(Text("“{what}” is not a JSON object.", what=what))


def _texts(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts; one text alone, a number and a city with its state are understood."""
    value = given.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise WrongUsage(Text("“{key}” is not a list of texts.", key=key))
    if _ONLY_TEXTS.issuperset(map(type, value)):  # nearly always
        return tuple(value)
    return tuple(_text(each, key) for each in value if each is not None)


def _text(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and key == "phones":
        return str(value)
    if isinstance(value, dict) and key in {"places", "addresses"}:
        parts = [value.get(part) for part in ("street", "city", "state")]
        if all(isinstance(part, str | None) for part in parts):
            return ", ".join(str(part) for part in parts if part)
    raise WrongUsage(Text("“{key}” holds something that is not a text.", key=key))


def _age(value: object) -> int | None:
    """Return an age; words without one single number in them tell none."""
    if isinstance(value, str):
        found = _ONE_NUMBER.fullmatch(value)
        return int(found[1]) if found else None
    return None if value is None else _whole(value, "age")


def _whole(value: object, key: str) -> int:
    if isinstance(value, float) and isfinite(value):
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise WrongUsage(Text("“{key}” is not a number.", key=key))
    return value


def _born(value: object, today: date) -> date | int | None:
    """Return a date of birth, or the year where only that is told."""
    if value is None or value == "":
        return None
    born = _day_or_year(value) if isinstance(value, str) else _whole(value, "born")
    if born is None:
        raise WrongUsage(Text("“born” is a year, or a date like 1984-05-31."))
    year = born.year if isinstance(born, date) else born
    if not FIRST_YEAR <= year <= today.year:
        raise WrongUsage(Text("“born” is a year from {first} to today.", first=FIRST_YEAR))
    return born


def _day_or_year(written: str) -> date | int | None:
    year = _YEAR.fullmatch(written.strip())
    return int(year[1]) if year else _day(written.strip())


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _today(value: object) -> date | None:
    if value is None:
        return None
    day = _day(value) if isinstance(value, str) else None
    if day is None:
        raise WrongUsage(Text("“today” is a date like 2026-11-22."))
    return day

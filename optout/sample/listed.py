"""What the practice people-search sites show of people, and what becomes of it after a request."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import PersonName, PostalAddress, Subject
from optout.rules.accents import without_accents
from optout.sample.people import PEOPLE
from optout.sample.switches import Switch


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One entry that a company shows to everybody."""

    id: str
    name: str
    born: date
    city: str
    state: str
    relatives: str

    def age_on(self, day: date) -> int:
        """Return the age in whole years."""
        not_yet = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - not_yet

    def is_found_by(self, name: str) -> bool:
        """Say whether a search for `name` shows this entry: first and last word must be in it."""
        words = _folded(name).split()
        own = _folded(self.name).split()
        return bool(words) and words[0] in own and words[-1] in own


def _folded(text: str) -> str:
    return without_accents(text.casefold())


def own_records() -> Iterator[PersonRecord]:
    """Yield a record of every invented person who has a birth date and an address."""
    for subject in PEOPLE:
        yield from _record_of(subject)


def _value(subject: Subject, kind: IdentifierKind) -> object:
    return next((known.value for known in subject.identifiers if known.kind is kind), None)


def _record_of(subject: Subject) -> Iterator[PersonRecord]:
    name = _value(subject, IdentifierKind.NAME)
    address = _value(subject, IdentifierKind.ADDRESS)
    born = _value(subject, IdentifierKind.BIRTH_DATE)
    if not (isinstance(name, PersonName) and isinstance(address, PostalAddress)):
        return
    if isinstance(born, Secret):
        yield PersonRecord(
            id=subject.id.removeprefix("sample-"),
            name=name.full(),
            born=born.reveal(),
            city=address.city,
            state=address.state,
            relatives="Alex Sample, Sam Sample",
        )


# Four of one name: hers has two surnames, and each site writes the accents as it likes.
_MARIAS: Final = (
    PersonRecord("mother", "Maria Munoz Sample", date(1956, 3, 3), "Pueblo", "CO", "Luis Sample"),
    PersonRecord("young", "María J. Sample", date(1998, 8, 8), "Pueblo", "CO", "Pat Example"),
    PersonRecord("away", "María José Muñoz Sample", date(1971, 5, 6), "Austin", "TX", "Kim Sample"),
)
_JORDANS: Final = (
    PersonRecord("jordan-2", "Jordan R. Sample", date(1963, 9, 2), "Aurora", "CO", "Pat Sample"),
    PersonRecord("jordan-3", "Jordan Sample", date(2001, 2, 20), "Boulder", "CO", "Lee Sample"),
)


def with_namesakes(numbers: Iterable[str], *, plain_letters: bool) -> dict[str, PersonRecord]:
    """Return a site's whole file by its own numbers, in the order it shows them.

    The first of a name is never the one that is meant. `plain_letters`: it writes no accents.
    """
    records = (*_JORDANS[:1], *_MARIAS[:2], *own_records(), *_MARIAS[2:], *_JORDANS[1:])
    written = without_accents if plain_letters else str
    return {
        number: replace(each, id=number, name=written(each.name))
        for number, each in zip(numbers, records, strict=False)
    }


@dataclass(slots=True)
class Register:
    """One company's records, and which of them it took away."""

    records: dict[str, PersonRecord]
    switches: Collection[Switch]
    _removed: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def shown(self) -> tuple[PersonRecord, ...]:
        """Return what everybody sees now."""
        return tuple(each for each in self.records.values() if self._is_shown(each.id))

    def get(self, number: str) -> PersonRecord | None:
        """Return one record that is shown."""
        return self.records.get(number) if self._is_shown(number) else None

    def find(self, name: str) -> tuple[PersonRecord, ...]:
        """Return what a search for this name shows."""
        return tuple(each for each in self.shown() if each.is_found_by(name))

    def remove(self, number: str) -> None:
        """Take a record away, unless the company only says so."""
        if Switch.KEEPS_RECORD not in self.switches:
            with self._lock:
                self._removed.add(number)

    def _is_shown(self, number: str) -> bool:
        return number not in self._removed or Switch.COMES_BACK in self.switches

"""What is kept of a person, as the matching rule reads it.

Everything counts, former names and addresses and what is never given to anybody too: comparing
gives nothing away.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeVar

from optout.model.fields import IdentifierKind
from optout.model.match import Known
from optout.model.secret import Secret
from optout.model.subject import IdentifierValue, PersonName, PostalAddress, Subject

V = TypeVar("V", bound=IdentifierValue)


def known_of(subject: Subject) -> Known:
    """Return what is known of a person, to compare listings with."""
    names = [name.full() for name in _values(subject, IdentifierKind.NAME, PersonName)]
    others = [name.full() for name in _values(subject, IdentifierKind.ALIAS, PersonName)]
    name, *former = names or [""]
    return Known(
        name=name,
        aliases=(*former, *others),
        born=_born(subject),
        places=tuple(map(_place, _values(subject, IdentifierKind.ADDRESS, PostalAddress))),
        phones=tuple(_texts(subject, IdentifierKind.PHONE)),
        emails=tuple(_texts(subject, IdentifierKind.EMAIL)),
    )


def _values(subject: Subject, kind: IdentifierKind, of: type[V]) -> Iterator[V]:
    """Yield the values of one kind; those that are true today come first."""
    facts = [fact for fact in subject.identifiers if fact.kind is kind]
    for fact in sorted(facts, key=lambda fact: fact.valid_to is not None):
        assert isinstance(fact.value, of)
        yield fact.value


def _texts(subject: Subject, kind: IdentifierKind) -> Iterator[str]:
    for value in _values(subject, kind, Secret):
        yield str(value.reveal())


def _born(subject: Subject) -> date | None:
    for value in _values(subject, IdentifierKind.BIRTH_DATE, Secret):
        born = value.reveal()
        assert isinstance(born, date)
        return born
    return None


def _place(address: PostalAddress) -> str:
    """Return an address as listings write it; a unit is left out, for they spell it anyhow."""
    return ", ".join(
        part for part in (address.street, address.city, address.state, address.country) if part
    )

"""Whether two people in one office's list are likely one person: asked, and never decided here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import PersonName, PostalAddress, Subject
from optout.rules.sameness import name_words, same_email, shows_place
from optout.text import Text

NameKey = frozenset[str]


def name_keys(subject: Subject) -> frozenset[NameKey]:
    """Return each name of a person as its words: case, accents, order and middle names aside."""
    names = (fact.value for fact in subject.identifiers if isinstance(fact.value, PersonName))
    return frozenset(name_words(name) for name in names)


def why_alike(one: Subject, other: Subject) -> tuple[Text, ...]:
    """Return why two people are likely one, or nothing: their names must be the same first."""
    if not name_keys(one) & name_keys(other):
        return ()
    shared = tuple(_shared(one, other))
    return shared or tuple(_nothing_apart(one, other))


def _shared(one: Subject, other: Subject) -> Iterator[Text]:
    ours, theirs = _births(one), _births(other)
    if ours & theirs:
        yield Text("the same birth date")
    elif {day.year for day in ours} & {day.year for day in theirs}:
        yield Text("the same birth year")
    if _said(one, IdentifierKind.PHONE) & _said(other, IdentifierKind.PHONE):
        yield Text("the same phone")
    if any(
        same_email(mine, yours)
        for mine in _said(one, IdentifierKind.EMAIL)
        for yours in _said(other, IdentifierKind.EMAIL)
    ):
        yield Text("the same e-mail")
    if any(_same_place(mine, yours) for mine in _homes(one) for yours in _homes(other)):
        yield Text("the same address")


def _nothing_apart(one: Subject, other: Subject) -> Iterator[Text]:
    """Say so where no fact stands in both: then the name is all there is."""
    kinds = {fact.kind for fact in one.identifiers} & {fact.kind for fact in other.identifiers}
    if not kinds - {IdentifierKind.NAME, IdentifierKind.ALIAS}:
        yield Text("the same name, and nothing that tells them apart")


def _same_place(one: PostalAddress, other: PostalAddress) -> bool:
    return shows_place(one, other) and shows_place(other, one)


def _births(subject: Subject) -> frozenset[date]:
    found = (_revealed(fact.value) for fact in subject.identifiers)
    return frozenset(value for value in found if isinstance(value, date))


def _said(subject: Subject, kind: IdentifierKind) -> frozenset[str]:
    found = (_revealed(fact.value) for fact in subject.identifiers if fact.kind is kind)
    return frozenset(value for value in found if isinstance(value, str))


def _homes(subject: Subject) -> tuple[PostalAddress, ...]:
    values = (fact.value for fact in subject.identifiers)
    return tuple(value for value in values if isinstance(value, PostalAddress))


def _revealed(value: object) -> object:
    return value.reveal() if isinstance(value, Secret) else None

"""Which searches find one person: each of their names at each of their places.

A former name and a former town find what is still listed under them. A fact that its owner shares
with nobody is in no search. With a substitute address no real town is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from optout.model.fields import Field, IdentifierKind
from optout.model.search import SearchFor
from optout.model.secret import Secret
from optout.model.subject import Identifier, PersonName, PostalAddress, Share, Subject
from optout.rules.disclosure import facts_of, has_substitute
from optout.rules.states import is_state, state_name

MOST: Final = 12
"""Searches of one site: each is seen there, and people with many names have many places."""
_NAME: Final = frozenset({Field.FULL_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME})
_PLACE: Final = frozenset({Field.CITY, Field.STATE, Field.STATE_NAME, Field.ZIP, Field.STREET})


def searches_for(
    subject: Subject,
    fields: Collection[Field],
    *,
    on: date,
    optional: Collection[Field] = (),
) -> tuple[SearchFor, ...]:
    """Return the searches that give exactly these fields, today's name and town first.

    None where a needed field has no value: `rules.disclosure.missing` says which.
    """
    wanted = frozenset(fields)
    besides = _others(subject, wanted - _NAME - _PLACE, on)
    found: dict[tuple[tuple[Field, str], ...], None] = {}
    for name in _names(subject, wanted) or [{}]:
        for place in _places(subject, wanted, on) or [{}]:
            told = {**besides, **name, **place}
            if wanted - frozenset(optional) <= told.keys():
                found[tuple(sorted(told.items()))] = None
    return tuple(
        SearchFor(values={field: Secret(value) for field, value in each})
        for each in list(found)[:MOST]
    )


def told_by(fact: object) -> Mapping[Field, str]:
    """Return what each field says of a name or a place; nothing of any other fact."""
    if isinstance(fact, PersonName):
        return {
            Field.FULL_NAME: fact.full(),
            Field.FIRST_NAME: fact.given,
            Field.MIDDLE_NAME: fact.middle,
            Field.LAST_NAME: fact.family,
        }
    if isinstance(fact, PostalAddress):
        return {
            Field.STREET: fact.street,
            Field.CITY: fact.city,
            Field.STATE: fact.state,
            Field.STATE_NAME: state_name(fact.state) if is_state(fact.state) else "",
            Field.ZIP: fact.zip,
        }
    return {}


def _others(subject: Subject, wanted: Collection[Field], on: date) -> Mapping[Field, str]:
    given = facts_of(subject, on).given
    return {field: given[field].value.reveal() for field in wanted if field in given}


def _names(subject: Subject, wanted: Collection[Field]) -> list[Mapping[Field, str]]:
    kinds = (IdentifierKind.NAME, IdentifierKind.ALIAS)
    names = [each.value for kind in kinds for each in _shared(subject, kind)]
    return [_only(wanted, told_by(name)) for name in names if isinstance(name, PersonName)]


def _places(subject: Subject, wanted: Collection[Field], on: date) -> list[Mapping[Field, str]]:
    if has_substitute(subject):
        return [_others(subject, frozenset(wanted) & _PLACE, on)]
    places = [
        _only(wanted, told_by(each.value))
        for each in _shared(subject, IdentifierKind.ADDRESS)
        if isinstance(each.value, PostalAddress) and is_state(each.value.state)
    ]
    return places or [_others(subject, frozenset(wanted) & _PLACE, on)]


def _shared(subject: Subject, kind: IdentifierKind) -> Iterator[Identifier]:
    """Yield the facts of a kind that may be given to somebody, those of today first."""
    facts = [
        each for each in subject.identifiers if each.kind is kind and each.share is not Share.NEVER
    ]
    yield from sorted(facts, key=lambda each: each.valid_to is not None)


def _only(wanted: Collection[Field], values: Mapping[Field, str]) -> Mapping[Field, str]:
    return {field: value for field, value in values.items() if field in wanted and value}

"""What a subject's row keeps as JSON: values of identifiers, residences, reply addresses."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
)
from optout.vault.moments import maybe_date_from, maybe_date_text


def value_text(value: IdentifierValue) -> str:
    """Return an identifier's value as JSON; it stays inside the encrypted database."""
    if isinstance(value, PersonName | PostalAddress):
        return json.dumps(asdict(value), ensure_ascii=False)
    revealed = value.reveal()
    return json.dumps(revealed.isoformat() if isinstance(revealed, date) else revealed)


def value_from(kind: IdentifierKind, text: str) -> IdentifierValue:
    """Return an identifier's value in the type that its kind has."""
    stored = json.loads(text)
    if kind in {IdentifierKind.NAME, IdentifierKind.ALIAS}:
        return PersonName(**stored)
    if kind is IdentifierKind.ADDRESS:
        return PostalAddress(**stored)
    if kind is IdentifierKind.BIRTH_DATE:
        return Secret(date.fromisoformat(stored))
    return Secret(str(stored))


def residences_text(residences: tuple[Residence, ...]) -> str:
    """Return where a subject lived, as JSON."""
    return json.dumps(
        [
            {
                "state": residence.state,
                "country": residence.country,
                "since": maybe_date_text(residence.since),
                "until": maybe_date_text(residence.until),
            }
            for residence in residences
        ]
    )


def residences_from(text: str) -> tuple[Residence, ...]:
    """Return where a subject lived."""
    return tuple(
        Residence(
            state=stored["state"],
            country=stored["country"],
            since=maybe_date_from(stored["since"]),
            until=maybe_date_from(stored["until"]),
        )
        for stored in json.loads(text)
    )


def reply_to_text(places: tuple[ReplyTo, ...]) -> str:
    """Return where answers come, as JSON."""
    return json.dumps(
        [
            {
                "kind": place.kind,
                "email": place.email.reveal() if place.email else None,
                "address": asdict(place.address) if place.address else None,
            }
            for place in places
        ],
        ensure_ascii=False,
    )


def reply_to_from(text: str) -> tuple[ReplyTo, ...]:
    """Return where answers come."""
    return tuple(
        ReplyTo(
            kind=ReplyKind(stored["kind"]),
            email=Secret(stored["email"]) if stored["email"] else None,
            address=PostalAddress(**stored["address"]) if stored["address"] else None,
        )
        for stored in json.loads(text)
    )

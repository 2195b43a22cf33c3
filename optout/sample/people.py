"""The invented people of the practice world: nobody of these names and numbers exists."""

from __future__ import annotations

from datetime import date
from typing import Final

from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
    SubjectId,
)

# How each kind of fact may be shared at first (SAFETY 2).
_SHARE_AT_FIRST: Final = {
    IdentifierKind.NAME: Share.ASK,
    IdentifierKind.ALIAS: Share.ASK,
    IdentifierKind.EMAIL: Share.ASK,
    IdentifierKind.ADDRESS: Share.KNOWN,
    IdentifierKind.PHONE: Share.KNOWN,
    IdentifierKind.BIRTH_DATE: Share.KNOWN,
}


def _facts(
    who: str, since: date, *facts: tuple[IdentifierKind, IdentifierValue]
) -> tuple[Identifier, ...]:
    """Return facts that are all true since one day."""
    return tuple(
        Identifier(
            id=IdentifierId(f"{who}-{at}"),
            kind=kind,
            value=value,
            share=_SHARE_AT_FIRST[kind],
            valid_from=since,
        )
        for at, (kind, value) in enumerate(facts, start=1)
    )


JORDAN: Final = Subject(
    id=SubjectId("sample-jordan"),
    label=Secret("Jordan"),
    identifiers=_facts(
        "jordan",
        date(2015, 6, 1),
        (IdentifierKind.NAME, PersonName(given="Jordan", middle="Q.", family="Sample")),
        (
            IdentifierKind.ADDRESS,
            PostalAddress(street="100 Example Street", city="Denver", state="CO", zip="80202"),
        ),
        (IdentifierKind.EMAIL, Secret("jordan.sample@example.com")),
        (IdentifierKind.PHONE, Secret("+13035550142")),
        (IdentifierKind.BIRTH_DATE, Secret(date(1990, 4, 12))),
    ),
    residences=(Residence(state="CO", since=date(2015, 6, 1)),),
    reply_to=(
        ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret("replies.jq@example.com")),
        ReplyTo(
            kind=ReplyKind.PO_BOX,
            address=PostalAddress(street="P.O. Box 142", city="Denver", state="CO", zip="80201"),
        ),
    ),
)
"""A person in Denver with an ordinary file: the one the demo walks with."""

CASEY: Final = Subject(
    id=SubjectId("sample-casey"),
    label=Secret("Casey"),
    identifiers=_facts(
        "casey",
        date(2026, 9, 15),
        (IdentifierKind.NAME, PersonName(given="Casey", family="Example")),
        (
            IdentifierKind.ADDRESS,
            PostalAddress(street="7 Hidden Example Lane", city="Aurora", state="CO", zip="80010"),
        ),
        (IdentifierKind.PHONE, Secret("+13035550177")),
        (IdentifierKind.BIRTH_DATE, Secret(date(1998, 11, 3))),
    ),
    residences=(Residence(state="CO", since=date(2026, 9, 15)),),
    reply_to=(
        ReplyTo(
            kind=ReplyKind.SUBSTITUTE,
            email=Secret("casey.replies@example.com"),
            address=PostalAddress(
                street="P.O. Box 100", unit="Apt 4455", city="Denver", state="CO", zip="80201"
            ),
        ),
    ),
)
"""A newcomer with a thin file, whose real address must never leave: a substitute stands for it."""

MARIA: Final = Subject(
    id=SubjectId("sample-maria"),
    label=Secret("María José"),
    identifiers=_facts(
        "maria",
        date(2009, 1, 1),
        (IdentifierKind.NAME, PersonName(given="María José", family="Muñoz Sample")),
        (IdentifierKind.ALIAS, PersonName(given="Maria", family="Munoz")),
        (
            IdentifierKind.ADDRESS,
            PostalAddress(
                street="215 Example Avenue", unit="Unit 3", city="Pueblo", state="CO", zip="81003"
            ),
        ),
        (IdentifierKind.EMAIL, Secret("mj.munoz@example.com")),
        (IdentifierKind.PHONE, Secret("+13035550119")),
        (IdentifierKind.BIRTH_DATE, Secret(date(1984, 1, 30))),
    ),
    residences=(Residence(state="CO", since=date(2009, 1, 1)),),
    reply_to=(
        ReplyTo(
            kind=ReplyKind.OWN,
            email=Secret("mj.munoz@example.com"),
            address=PostalAddress(
                street="215 Example Avenue", unit="Unit 3", city="Pueblo", state="CO", zip="81003"
            ),
        ),
    ),
)
"""A person with two surnames, accents and an alias."""

RILEY: Final = Subject(
    id=SubjectId("sample-riley"),
    label=Secret("Riley"),
    identifiers=_facts(
        "riley", date(2020, 1, 1), (IdentifierKind.NAME, PersonName(given="Riley", family="Sample"))
    ),
    residences=(Residence(state="CO", since=date(2020, 1, 1)),),
)
"""A person without a fixed address, e-mail or phone: a valid life."""

PEOPLE: Final = (JORDAN, CASEY, MARIA, RILEY)

"""What is kept of a person is what listings are compared with, former names and houses too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from optout.model.fields import IdentifierKind
from optout.model.listing import Verdict
from optout.model.match import Known, Shown
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    Share,
)
from optout.rules.known_person import known_of
from optout.rules.matching import judge
from optout.sample.people import JORDAN

ON = date(2026, 11, 22)


def former(kind: IdentifierKind, value: IdentifierValue) -> Identifier:
    return Identifier(
        id=IdentifierId(f"former-{kind}"),
        kind=kind,
        value=value,
        share=Share.NEVER,
        valid_to=date(2015, 5, 31),
    )


MOVED = replace(
    JORDAN,
    identifiers=(
        former(IdentifierKind.NAME, PersonName(given="Jordan", family="Example")),
        former(
            IdentifierKind.ADDRESS,
            PostalAddress(street="7 Sample Road", city="Tampa", state="FL", zip="33601"),
        ),
        *JORDAN.identifiers,
        former(IdentifierKind.ALIAS, PersonName(given="Jo")),
    ),
)


def test_every_fact_is_known_and_todays_come_first() -> None:
    known = known_of(MOVED)
    assert (known.name, known.aliases) == ("Jordan Q. Sample", ("Jordan Example", "Jo"))
    assert known.places == ("100 Example Street, Denver, CO", "7 Sample Road, Tampa, FL")
    assert known.phones == ("+13035550142",)
    assert known.emails == ("jordan.sample@example.com",)
    assert known.born == date(1990, 4, 12)


def test_a_person_of_whom_nothing_is_kept_is_nobodys_match() -> None:
    nobody = known_of(replace(JORDAN, identifiers=()))
    assert nobody == Known(name="")
    assert judge(nobody, Shown(name="Jordan Sample"), ON).verdict is Verdict.UNSURE


def test_a_listing_of_the_former_name_and_house_is_the_person() -> None:
    old = Shown(name="EXAMPLE, JORDAN", age=36, places=("Tampa FL",))
    assert judge(known_of(MOVED), old, ON).verdict is Verdict.SAME
    assert judge(known_of(JORDAN), old, ON).verdict is Verdict.OTHER


def test_phones_agree_however_they_are_written() -> None:
    listing = Shown(name="Jordan Sample", phones=("(303) 555-0142",), places=("Denver, CO",))
    assert judge(known_of(JORDAN), listing, ON).verdict is Verdict.SAME
    assert judge(known_of(JORDAN), replace(listing, phones=()), ON).verdict is Verdict.UNSURE

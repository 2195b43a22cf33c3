"""Proves that a card becomes the person it says, and that forbidden facts are never stored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from optout.drafting.words import words
from optout.errors import WrongUsage
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    IdentifierId,
    PostalAddress,
    Residence,
    Share,
    Subject,
    SubjectId,
)
from optout.rules.countries import EUROPE
from optout.rules.residence import country_on, state_on
from optout.workflows import facts
from optout.workflows.keep_person import CARD_EXAMPLE, card_of, moved, subject_from_card

TODAY = date(2026, 11, 22)


def test_a_card_survives_the_round_trip() -> None:
    subject = subject_from_card(CARD_EXAMPLE, today=TODAY)
    again = subject_from_card(
        json.loads(json.dumps(card_of(subject))), today=TODAY, subject_id=subject.id
    )
    assert again == subject


def test_only_a_name_and_a_state_are_needed() -> None:
    subject = subject_from_card({"name": {"given": "Riley"}, "state": "Colorado"}, today=TODAY)
    assert subject.residences[0].state == "CO"
    assert subject.zone == "America/Denver"
    assert [fact.kind for fact in subject.identifiers] == [IdentifierKind.NAME]


BERLIN = {
    "name": {"given": "Jordan", "family": "Sample"},
    "country": "Germany",
    "addresses": [{"street": "Beispielstr. 1", "city": "Berlin", "zip": "10115"}],
    "phones": [{"phone": "030 12345678"}],
    "reply_to": [
        {"kind": "po-box", "address": {"street": "Postfach 1", "city": "Berlin", "zip": "10115"}}
    ],
}


def test_somebody_in_another_country_has_an_address_and_a_phone_of_that_country() -> None:
    subject = subject_from_card(BERLIN, today=TODAY)
    assert subject.residences == (Residence(state="", country="DE"),)
    assert subject.zone == "Europe/Berlin"
    values = {fact.kind: fact.value for fact in subject.identifiers}
    address = values[IdentifierKind.ADDRESS]
    assert isinstance(address, PostalAddress)
    assert address.lines() == ("Beispielstr. 1", "10115 Berlin", "Germany")
    phone = values[IdentifierKind.PHONE]
    assert isinstance(phone, Secret)
    assert phone.reveal() == "+493012345678"
    reply = subject.reply_to[0].address
    assert reply is not None
    assert reply.lines()[-1] == "Germany"
    again = subject_from_card(
        json.loads(json.dumps(card_of(subject))), today=TODAY, subject_id=subject.id
    )
    assert again == subject


def test_an_address_in_the_kingdom_has_its_code_on_a_line_of_its_own() -> None:
    card = {**BERLIN, "country": "UK", "phones": []} | {
        "addresses": [{"street": "1 Example Road", "city": "Leeds", "zip": "LS1 1AA"}]
    }
    values = [fact.value for fact in subject_from_card(card, today=TODAY).identifiers]
    (address,) = (value for value in values if isinstance(value, PostalAddress))
    assert address.lines() == ("1 Example Road", "Leeds", "LS1 1AA", "United Kingdom")


def test_an_address_can_be_in_another_country_than_the_person() -> None:
    box = {"street": "P.O. Box 1", "city": "Denver", "state": "CO", "zip": "80202"}
    card = {**BERLIN, "reply_to": [{"kind": "po-box", "address": {**box, "country": "US"}}]}
    reply = subject_from_card(card, today=TODAY).reply_to[0].address
    assert reply is not None
    assert reply.lines() == ("P.O. Box 1", "Denver, CO 80202")


@pytest.mark.parametrize("country", ["Atlantis", "ZZ", "Ger"])
def test_a_country_that_is_none_is_refused(country: str) -> None:
    with pytest.raises(WrongUsage, match="not a country"):
        subject_from_card({"name": {"given": "Jordan"}, "country": country}, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "home"),
    [
        ("CO", ("US", "CO")),
        ("DE", ("US", "DE")),  # two letters are a state: Delaware
        ("Georgia", ("US", "GA")),
        ("Germany", ("DE", "")),
        ("alemania", ("DE", "")),
        ("UK", ("GB", "")),
        ("Scotland", ("GB", "")),
        ("México", ("MX", "")),
    ],
)
def test_where_somebody_lives_is_a_state_or_a_country(typed: str, home: tuple[str, str]) -> None:
    assert facts.home(typed) == home


@pytest.mark.parametrize("typed", ["", "Atlantis", "XX"])
def test_a_place_that_is_none_is_asked_again(typed: str) -> None:
    with pytest.raises(WrongUsage, match="that we know"):
        facts.home(typed)
    with pytest.raises(WrongUsage, match="name the state"):
        facts.home("United States")


def test_every_country_with_a_law_of_ours_is_known_by_its_name() -> None:
    assert len(EUROPE) == 31
    for code, country in EUROPE.items():
        assert facts.country_code(country.name) == facts.country_code(code) == code
        assert words("en").countries[code] == country.name
        assert ZoneInfo(country.zone)


def test_home_address_phone_and_birth_date_begin_at_known() -> None:
    card = {
        "name": {"given": "Jordan"},
        "state": "CO",
        "born": "1990-04-12",
        "phones": [{"phone": "303-555-0142"}],
        "addresses": [
            {"street": "100 Example Street", "city": "Denver", "state": "CO", "zip": "80202"}
        ],
    }
    shares = {f.kind: f.share for f in subject_from_card(card, today=TODAY).identifiers}
    assert shares.pop(IdentifierKind.NAME) is Share.ASK
    assert set(shares.values()) == {Share.KNOWN}
    assert len(shares) == 3


def test_an_id_of_ours_is_never_taken_for_an_immigration_number() -> None:
    subject = replace(
        subject_from_card(CARD_EXAMPLE, today=TODAY), id=SubjectId("a12345678" + "c" * 23)
    )
    facts = tuple(
        replace(fact, id=IdentifierId(f"a{n:08}" + "d" * 23))
        for n, fact in enumerate(subject.identifiers)
    )
    subject = replace(subject, identifiers=facts)
    again = subject_from_card(card_of(subject), today=TODAY, subject_id=subject.id)
    assert again == subject


@pytest.mark.parametrize(
    "extra",
    [
        {"ssn": "x"},
        {"itin": "x"},
        {"immigration_status": "x"},
        {"a_number": "x"},
        {"visa": "x"},
        {"country_of_birth": "x"},
        {"nationality": "x"},
        {"addresses": [{"Citizenship": "x"}]},
        {"name": {"given": "Jordan", "native_language": "x"}},
    ],
)
def test_forbidden_facts_are_refused_by_name(extra: dict[str, Any]) -> None:
    with pytest.raises(WrongUsage, match="never stores"):
        subject_from_card({**CARD_EXAMPLE, **extra}, today=TODAY)


@pytest.mark.parametrize(
    "written", ["000-12-3456", "ID 000-12-3456.", "A000123456", "a-00012345", "A000123456USCIS"]
)
def test_forbidden_numbers_are_refused_and_not_repeated(written: str) -> None:
    card = {**CARD_EXAMPLE, "name": {"given": "Jordan", "family": written}}
    with pytest.raises(WrongUsage, match="never") as refused:
        subject_from_card(card, today=TODAY)
    assert "0123" not in str(refused.value)


def test_every_problem_of_a_card_is_told_at_once() -> None:
    card = {
        "name": {"given": ""},
        "state": "Atlantis",
        "born": "1990-02-30",
        "phones": [{"phone": "555"}],
        "addresses": [
            {"street": "100 Example Street", "city": "Denver", "state": "CO", "zip": "8"}
        ],
        "emails": [{}],
        "reply_to": [{"kind": "pigeon"}],
    }
    with pytest.raises(WrongUsage) as refused:
        subject_from_card(card, today=TODAY)
    told = str(refused.value)
    for where in ("name", "state", "born", "phones[0]", "addresses[0]", "emails[0]", "reply_to[0]"):
        assert where in told


MOVED = {"country": "DE", "state": "", "zone": ""}


def changed(before: Subject, today: date, **card: object) -> Subject:
    """Change a person as one does who is shown the card and writes into it."""
    after = subject_from_card(card_of(before) | card, today=today, subject_id=before.id)
    return moved(before, after, today=today)


def test_a_key_that_is_written_wrong_is_told_wherever_it_stands() -> None:
    wrong = {
        "name": {"given": "Jordan", "famly": "Sample"},
        "state": "CO",
        "phones": [{"phone": "303-555-0142", "shared": "ask"}],
        "adresses": [],
    }
    with pytest.raises(WrongUsage) as caught:
        subject_from_card(wrong, today=TODAY)
    said = str(caught.value)
    assert "name.famly: is not known; did you mean family?" in said
    assert "phones[0].shared: is not known; did you mean share?" in said
    assert "adresses: is not known; did you mean addresses?" in said
    assert subject_from_card(CARD_EXAMPLE, today=TODAY), "the control: each key of the example"


def test_who_moves_keeps_the_home_of_before_for_what_was_asked_there() -> None:
    before = subject_from_card(CARD_EXAMPLE, today=TODAY)
    after = changed(before, TODAY, **MOVED)
    yesterday = TODAY - timedelta(days=1)
    assert (state_on(after, yesterday), country_on(after, yesterday)) == ("CO", "US")
    assert (state_on(after, TODAY), country_on(after, TODAY)) == ("", "DE")
    assert after.residences[0] == replace(before.residences[0], until=yesterday)
    back = changed(after, TODAY + timedelta(days=90), state="CO", country="US")
    assert len(back.residences) == 3
    assert state_on(back, yesterday) == "CO"


def test_the_day_of_the_move_can_be_named_and_corrected() -> None:
    before = subject_from_card(CARD_EXAMPLE, today=TODAY)
    first = date(2026, 10, 1)
    after = changed(changed(before, TODAY, **MOVED), TODAY, state_since="2026-10-01")
    assert [home.since for home in after.residences] == [before.residences[0].since, first]
    assert after.residences[0].until == date(2026, 9, 30)
    same_day = changed(changed(before, TODAY, **MOVED), TODAY, country="AT")
    assert [home.country for home in same_day.residences] == ["US", "AT"]


def test_a_wrong_home_is_corrected_by_naming_since_when() -> None:
    before = subject_from_card(CARD_EXAMPLE, today=TODAY)
    after = changed(before, TODAY, state="UT", state_since="2020-01-01")
    assert after.residences == (Residence(state="UT", since=date(2020, 1, 1)),)


def test_the_control_who_stays_has_one_home() -> None:
    before = subject_from_card(CARD_EXAMPLE, today=TODAY)
    assert changed(before, TODAY, label="Jo").residences == before.residences


def test_an_old_address_stays_american_when_its_person_moved() -> None:
    home = {"street": "100 Example Street", "city": "Denver", "state": "CO", "zip": "80202"}
    reply = {"kind": "po-box", "address": home | {"street": "PO Box 1"}}
    card = BERLIN | {"addresses": [home], "reply_to": [reply]}
    subject = subject_from_card(card, today=TODAY)
    (address,) = [f.value for f in subject.identifiers if f.kind is IdentifierKind.ADDRESS]
    assert isinstance(address, PostalAddress)
    assert address.lines() == ("100 Example Street", "Denver, CO 80202")
    assert subject.reply_to[0].address
    assert subject.reply_to[0].address.lines()[-1] == "Denver, CO 80202"


@pytest.mark.parametrize("typed", ["303-555-0142", "(303) 555-0142"])
def test_an_american_number_is_not_read_as_one_of_berlin(typed: str) -> None:
    with pytest.raises(WrongUsage, match="number of the United States"):
        subject_from_card(BERLIN | {"phones": [{"phone": typed}]}, today=TODAY)
    assert facts.phone(typed) == "+13035550142"  # the control
    assert facts.phone(typed, "CA") == "+13035550142"
    assert facts.phone("347 123 4567", "IT") == "+393471234567"

"""Proves that the law follows the place where a person lives: Europe's there, no state's, and back.

Every shipped company and every right, for people in Europe, elsewhere, and in the United States.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Channel
from optout.model.fields import Field
from optout.model.law import LawKind
from optout.model.plan import LawChoice, Plan
from optout.model.request import Presence
from optout.model.subject import Residence, Subject
from optout.model.words import Basis, By, Right
from optout.rules.countries import EUROPE, jurisdiction_of, posted_from
from optout.rules.eligibility import law_for
from optout.rules.planning import plan
from optout.rules.residence import country_on, state_on
from optout.rules.states import state_names
from optout.workflows.keep_person import subject_from_card

ON = date(2026, 11, 22)
LAWS = list_laws()
BROKERS = list_brokers()


def everywhere() -> Iterator[tuple[Broker, Channel]]:
    for broker in BROKERS:
        for channel in broker.channel:
            yield broker, channel


def chosen(country: str, state: str = "", on: date = ON) -> list[LawChoice]:
    return [
        law_for(state, broker, channel, channel.right, LAWS, on=on, country=country)
        for broker, channel in everywhere()
    ]


@pytest.mark.parametrize("country", EUROPE)
def test_in_europe_no_law_of_a_state_is_named(country: str) -> None:
    found = {choice.law.jurisdiction for choice in chosen(country)}
    assert found == {jurisdiction_of(country), "US", ""}


def test_in_the_united_states_europes_law_is_never_named() -> None:
    for state in ("", *state_names()):
        kinds = {choice.law.kind for choice in chosen("US", state)}
        assert LawKind.DATA_PROTECTION not in kinds
    acts = {choice.law.id for choice in chosen("US", "CO")}
    assert "us-co-cpa" in acts  # the control


@pytest.mark.parametrize("country", ["MX", "GT", "CH", "CA", "RU"])
def test_elsewhere_no_right_is_claimed_but_that_to_a_credit_file(country: str) -> None:
    claimed = {choice.law.kind for choice in chosen(country) if choice.claims_right}
    assert claimed == {LawKind.FCRA}
    reasons = {choice.reason.english() for choice in chosen(country)}
    assert any("no file for the law there" in reason for reason in reasons)


def test_switzerland_is_not_in_the_area_and_norway_is() -> None:
    assert [jurisdiction_of(each) for each in ("CH", "NO", "IS", "LI", "GB", "US", "")] == [
        "",
        "EU",
        "EU",
        "EU",
        "UK",
        "",
        "",
    ]


def test_the_reason_says_that_the_law_may_not_reach_the_company() -> None:
    for choice in chosen("DE"):
        if choice.law.kind is LawKind.DATA_PROTECTION:
            assert choice.claims_right
            assert "to the extent that it applies to" in choice.reason.english()
            assert choice.to_confirm is None


def test_a_right_that_europes_law_does_not_give_is_asked_as_a_courtesy() -> None:
    broker, channel = next(
        (broker, channel)
        for broker, channel in everywhere()
        if Basis.STATE_PRIVACY in channel.basis and broker.cra == ""
    )
    choice = law_for("", broker, channel, Right.SUPPRESS, LAWS, on=ON, country="DE")
    assert not choice.claims_right
    assert "does not give" in choice.reason.english()


def test_the_act_on_health_data_is_chosen_for_nobody() -> None:
    assert "us-wa-mhmda" in LAWS
    assert "us-wa-mhmda" not in {choice.law.id for choice in chosen("US", "WA")}


def somebody(country: str) -> Subject:
    card = {
        "name": {"given": "Jordan", "family": "Sample"},
        "country": country,
        "reply_to": [{"kind": "new-email", "email": "jordan@example.com"}],
    }
    return subject_from_card(card, today=ON)


def planned(subject: Subject) -> Plan:
    presence = {broker.slug: Presence.LIKELY for broker in BROKERS}
    return plan(subject, BROKERS, LAWS, presence, ON)


@pytest.mark.parametrize(("country", "law"), [("DE", "eu-gdpr"), ("GB", "uk-gdpr")])
def test_a_plan_for_somebody_in_europe_asks_by_mail_and_says_who_serves_only_americans(
    country: str, law: str
) -> None:
    made = planned(somebody(country))
    named = {line.law.law.id for line in made.lines if line.broker == "relx-lexisnexis"}
    assert named == {law}
    rights = [line.right for line in made.lines if line.broker == "relx-lexisnexis"]
    assert rights == [Right.OPT_OUT, Right.ACCESS, Right.DELETE]
    for line in made.lines:
        assert line.by in {By.EMAIL, By.POST, By.PORTAL, By.PHONE}
        assert not {Field.STATE, Field.STATE_NAME} & {each.field for each in line.fields}
    left = [each.text.english() for each in made.leave_alone]
    assert any("residents of the United States only" in text for text in left)


def test_who_moved_has_the_law_of_the_place_where_they_live_now() -> None:
    moved = date(2026, 6, 1)
    residences = (
        Residence(state="CO", until=moved),
        Residence(state="", country="DE", since=moved),
    )
    subject = Subject(
        id=somebody("DE").id,
        label=somebody("DE").label,
        identifiers=somebody("DE").identifiers,
        residences=residences,
    )
    before, after = date(2026, 5, 1), date(2026, 11, 1)
    assert (country_on(subject, before), state_on(subject, before)) == ("US", "CO")
    assert (country_on(subject, after), state_on(subject, after)) == ("DE", "")


def test_a_letter_from_abroad_names_the_country_that_it_goes_to() -> None:
    lines = ("Acme", "100 Example Street", "Denver, CO 80202")
    assert posted_from("DE", lines) == (*lines, "United States of America")
    assert posted_from("US", lines) == lines
    assert posted_from("DE", (*lines[:2], "10115 Berlin")) == (*lines[:2], "10115 Berlin")
    assert posted_from("DE", ()) == ()

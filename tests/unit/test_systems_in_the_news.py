"""Each system in the news has one clear answer for somebody in Colorado and in Illinois.

A line that asks something, or a sentence that says why not and what can be done instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from optout.catalog.brokers import NoSuchBroker, find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Slug
from optout.model.law import LawKind
from optout.model.plan import LeaveAlone, LeaveWhy, Plan, PlanLine
from optout.model.request import Presence
from optout.model.subject import Residence, Share, Subject
from optout.model.words import By, Right
from optout.rules.planning import plan
from optout.rules.presence import presence_from
from optout.sample.people import JORDAN
from optout.workflows.show_plan import explain

ON = date(2026, 11, 23)
BROKERS = list_brokers()
LAWS = list_laws()
STATES = ("CO", "IL")

# Systems as the news name them, and where the catalog answers for them.
COMPANIES: Final = {
    "LexisNexis Accurint": "lexisnexis-risk",
    "Accurint Virtual Crime Center": "lexisnexis-risk",
    "RELX": "relx-lexisnexis",
    "CLEAR": "thomson-reuters-clear",
    "Appriss Justice Intelligence": "appriss-insights",
    "Equifax": "equifax",
    "The Work Number": "equifax-work-number",
    "NCTUE": "nctue",
}
NO_ROUTE: Final = {
    "PSDEX": "lexisnexis-psdex",
    "VINE": "vine",
    "Colorado VINE": "vine",
    "Palantir": "palantir",
}
PUBLIC: Final = {
    "Colorado sheriffs": "co-sheriff",
    "Colorado motor vehicle division": "co-motor-vehicles",
    "Colorado labor department": "co-labor",
    "Cook County": "cook-county-sheriff",
    "a state DMV": "il-motor-vehicles",
}
PROMISES = re.compile(
    r"guarantee|\bwill be (deleted|removed)|success|hides? you from", re.IGNORECASE
)
DOES = re.compile(r"optout |organization can ask|you have to type yes|person edit|lawyer")


def person(state: str) -> Subject:
    """Return Jordan, at home in that state, who lets every fact be asked about."""
    facts = tuple(replace(each, share=Share.ASK) for each in JORDAN.identifiers)
    return replace(JORDAN, identifiers=facts, residences=(Residence(state=state),))


def made(state: str, presence: Presence, only: Collection[str] = ()) -> Plan:
    return plan(
        person(state),
        BROKERS,
        LAWS,
        {broker.slug: presence for broker in BROKERS},
        ON,
        only=tuple(map(Slug, only)),
    )


def answer(
    state: str, slug: str, presence: Presence = Presence.LIKELY
) -> tuple[list[PlanLine], list[LeaveAlone]]:
    """Return what `optout plan --explain` finds: in the usual plan, else as if named."""
    for found in (made(state, presence), made(state, presence, only=(slug,))):
        lines = [line for line in found.lines if line.broker == slug]
        alone = [left for left in found.leave_alone if left.broker == slug]
        if lines or alone:
            return lines, alone
    return [], []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("slug", sorted({*COMPANIES.values()}))
def test_a_company_of_the_news_that_knows_one_is_asked_something_real(
    slug: str, state: str
) -> None:
    found = made(state, Presence.LIKELY, only=(slug,))
    assert found.lines, [str(left.text) for left in found.leave_alone]
    for line in found.lines:
        law = line.law.law
        assert law.jurisdiction in {f"US-{state}", "US", ""}
        assert line.law.claims_right == (law.kind is not LawKind.VOLUNTARY)
        if state == "IL":
            assert law.kind in {LawKind.FCRA, LawKind.VOLUNTARY}, "Illinois has no such act"
        assert line.by is not By.NONE
        assert line.will_not_reach
        assert not PROMISES.search(str(line.will_not_reach))


def test_in_colorado_its_own_act_is_named() -> None:
    """The control: what is not claimed in Illinois is claimed where the law gives it."""
    claims = {
        line.law.law.id
        for slug in COMPANIES.values()
        for line in made("CO", Presence.LIKELY, only=(slug,)).lines
    }
    assert "us-co-cpa" in claims


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("slug", sorted({*COMPANIES.values()}))
def test_a_stranger_is_told_once_to_leave_it_alone(slug: str, state: str) -> None:
    lines, alone = answer(state, slug, Presence.UNLIKELY)
    assert lines == []
    (left,) = alone
    assert left.why is LeaveWhy.UNLIKELY
    assert DOES.search(str(left.text))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("presence", [Presence.LIKELY, Presence.UNLIKELY])
@pytest.mark.parametrize("slug", sorted({*NO_ROUTE.values(), *PUBLIC.values()}))
def test_where_nothing_can_be_asked_one_sentence_says_what_can_be_done(
    slug: str, presence: Presence, state: str
) -> None:
    lines, alone = answer(state, slug, presence)
    assert lines == []
    (left,) = alone
    said = str(left.text)
    assert left.why is (LeaveWhy.GOVERNMENT if slug in PUBLIC.values() else LeaveWhy.NO_ROUTE)
    assert "organization can ask" in said
    assert "name nobody: optout records" in said
    assert not PROMISES.search(said)
    assert len(said) < 480  # read on a phone
    if slug in PUBLIC.values():
        assert "government files" in said
        assert "type yes" not in said


@pytest.mark.parametrize("state", STATES)
def test_naming_a_public_body_plans_no_paper_to_it(state: str) -> None:
    for slug in PUBLIC.values():
        assert made(state, Presence.EVIDENCE, only=(slug,)).lines == ()
    named = made(state, Presence.EVIDENCE, only=("appriss-insights",))
    assert named.lines, "the control: a company that is named is planned"


@pytest.mark.parametrize("state", STATES)
def test_the_usual_plan_holds_fifteen_requests_and_the_bodies_of_ones_own_state(
    state: str,
) -> None:
    usual = made(state, Presence.LIKELY)
    assert len(usual.lines) <= 15
    told = {left.broker for left in usual.leave_alone if left.why is LeaveWhy.GOVERNMENT}
    assert (
        told
        == {
            "CO": {"co-sheriff", "co-motor-vehicles", "co-labor"},
            "IL": {"cook-county-sheriff", "il-motor-vehicles"},
        }[state]
    )
    assert not [line for line in usual.lines if line.right is Right.RECORDS_REQUEST]
    spoken_for = {line.broker for line in usual.lines} | {left.broker for left in usual.leave_alone}
    waiting = {*COMPANIES.values(), *NO_ROUTE.values()} - spoken_for
    assert not waiting or usual.held_back, waiting


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("slug", sorted({*COMPANIES.values(), *NO_ROUTE.values()}))
def test_explaining_a_system_says_its_name(slug: str, state: str) -> None:
    found = made(state, Presence.LIKELY, only=(slug,))
    assert [*explain(found, slug)]
    assert [*explain(found, "nobody-of-that-name")] == []  # the control


@pytest.mark.parametrize(
    ("slug", "yes", "expected"),
    [
        ("equifax", {"loan-or-card"}, Presence.LIKELY),
        ("equifax", {"lease-utility-phone"}, Presence.UNLIKELY),
        ("nctue", {"lease-utility-phone"}, Presence.UNLIKELY),  # a lease alone is in no such file
        ("nctue", {"lease-utility-phone", "loan-or-card"}, Presence.LIKELY),
    ],
)
def test_a_newcomer_with_a_lease_is_not_introduced_to_a_bureau(
    slug: str, yes: set[str], expected: Presence
) -> None:
    assert presence_from(of(slug), dict.fromkeys(yes, True)) is expected


def of(slug: str) -> Broker:
    return next(broker for broker in BROKERS if broker.slug == slug)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("accurint", "lexisnexis-risk"),
        ("virtual-crime-center", "lexisnexis-risk"),
        ("psdex", "lexisnexis-psdex"),
        ("relx", "relx-lexisnexis"),
        ("CLEAR", "thomson-reuters-clear"),
        ("justice-intelligence", "appriss-insights"),
        ("colorado-vine", "vine"),
        ("the-work-number", "equifax-work-number"),
    ],
)
def test_what_the_news_call_it_leads_to_the_company(typed: str, slug: str) -> None:
    with pytest.raises(NoSuchBroker, match=rf": {slug}$"):
        find_broker(typed)
    assert str(slug) in {broker.slug for broker in BROKERS}
    with pytest.raises(NoSuchBroker, match="no company of that name"):
        find_broker("nobody-of-that-name")  # the control


def test_a_system_that_is_a_product_is_named_as_one() -> None:
    risk = of("lexisnexis-risk")
    for product in ("Accurint", "Accurint Virtual Crime Center", "PSDEX"):
        assert product in risk.products
    letters = [channel for channel in risk.channel if {By.POST, By.EMAIL} & {*channel.by}]
    assert all("PSDEX" in channel.products for channel in letters if channel.right is Right.DELETE)
    assert "CLEAR" in " ".join(of("thomson-reuters-clear").products)
    assert "Justice Intelligence" in of("appriss-insights").products
    assert "The Work Number" in of("equifax-work-number").products

"""The plan's order and what it picks: goals, sources before buyers, rights chosen, California."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.catalog.lint import lint_folder
from optout.model.broker import Broker, Slug
from optout.model.law import LawId, LawKind
from optout.model.plan import Goal, LeaveWhy, Plan
from optout.model.request import Presence
from optout.model.words import Basis, BrokerKind, By, Holding, Right
from optout.rules.arrange import DANGEROUS, arrange, circles
from optout.rules.drop import DROP, drop_dates
from optout.rules.planning import plan
from optout.text import Text
from tests.unit.test_rules_plan import (
    LAWS,
    ON,
    SOLD,
    a_law,
    asked,
    channel,
    company,
    made,
    person,
    reasons,
)

LIKELY, UNLIKELY = Presence.LIKELY, Presence.UNLIKELY


def slugs(found: Plan) -> list[str]:
    return list(dict.fromkeys(line.broker for line in found.lines))


def order(*brokers: Broker, goal: Goal = Goal.GOVERNMENT) -> list[str]:
    return [each.slug for each in arrange(brokers, goal).brokers]


def quiet(slug: str, **more: object) -> Broker:
    """Make a company that sells to no government and is in no default plan."""
    return company(slug, declared=None, default=False, **more)  # type: ignore[arg-type] # by name


# Goals


@pytest.mark.parametrize("holding", sorted(DANGEROUS))
def test_by_default_a_declared_sale_and_a_dangerous_holding_together_come_first(
    holding: Holding,
) -> None:
    both = company("z-both", holds=(holding,))
    police = company(
        "y-police",
        holds=(holding,),
        declared=replace(SOLD, sold_to_federal_government=False),
    )
    known = company("b-known", holds=(holding,), declared=None)  # a seller, and filed nothing
    weather = company("a-weather", holds=(Holding.EMAIL,))
    harmless = quiet("a-harmless", holds=(holding,), kind=BrokerKind.MARKETING)
    found = order(weather, harmless, known, both, police)
    assert found == ["y-police", "z-both", "b-known", "a-harmless", "a-weather"]


def test_each_goal_has_its_own_first_company_of_the_same_catalog() -> None:
    seller = company("m-seller")
    search = quiet("n-search", kind=BrokerKind.PEOPLE_SEARCH)
    bureau = quiet("o-bureau", kind=BrokerKind.CREDIT_BUREAU, cra="nationwide")
    catalog = (seller, search, bureau)
    firsts = {goal: order(*catalog, goal=goal)[0] for goal in Goal}
    assert firsts == {
        Goal.GOVERNMENT: "m-seller",
        Goal.PEOPLE_SEARCH: "n-search",
        Goal.CREDIT: "o-bureau",
    }


def test_for_credit_bureaus_come_before_specialty_agencies_and_these_before_others() -> None:
    catalog = (
        company("a-plain"),
        quiet("b-agency", cra="agency"),
        quiet("c-special", kind=BrokerKind.SPECIALTY_CRA, cra="nationwide-specialty"),
        quiet("d-bureau", kind=BrokerKind.CREDIT_BUREAU, cra="nationwide"),
    )
    assert order(*catalog, goal=Goal.CREDIT) == ["d-bureau", "c-special", "b-agency", "a-plain"]
    assert order(*catalog)[0] == "a-plain"  # the control: a declared sale


@pytest.mark.parametrize(
    ("goal", "kind"),
    [(Goal.PEOPLE_SEARCH, BrokerKind.PEOPLE_SEARCH), (Goal.CREDIT, BrokerKind.CREDIT_BUREAU)],
)
def test_a_goal_takes_in_its_companies_that_probably_know_the_person(
    goal: Goal, kind: BrokerKind
) -> None:
    usual, own = company("usual"), quiet("own", kind=kind)
    assert slugs(made(usual, own, goal=goal)) == ["own", "usual"]
    assert slugs(made(usual, own)) == ["usual"]  # the control: not by the usual goal
    known = {usual.slug: LIKELY, own.slug: UNLIKELY}
    assert slugs(plan(person(), (usual, own), LAWS, known, ON, goal=goal)) == ["usual"]
    nobody_looked = quiet("own", kind=kind, holds=())
    assert slugs(made(usual, nobody_looked, goal=goal)) == ["usual"]


@pytest.mark.parametrize("goal", list(Goal))
def test_no_goal_asks_more_than_fifteen_or_a_seller_that_may_not_know_the_person(
    goal: Goal,
) -> None:
    kinds = (BrokerKind.PEOPLE_SEARCH, BrokerKind.CREDIT_BUREAU, BrokerKind.RISK_DATA)
    many = [company(f"c{n:02}", kind=kinds[n % 3], default=n < 9) for n in range(30)]
    assert len(made(*many, goal=goal).lines) == 15
    strangers = made(*many, goal=goal, known=UNLIKELY)
    assert strangers.lines == ()
    assert {why for _slug, why in reasons(strangers)} == {"unlikely"}


CREDIT_RIGHTS = (
    Right.OPT_OUT,
    Right.ACCESS,
    Right.FILE_DISCLOSURE,
    Right.PRESCREEN_OPT_OUT,
    Right.FREEZE,
)


def bureau() -> Broker:
    basis = (Basis.FCRA, Basis.STATE_PRIVACY, Basis.POLICY)
    channels = (channel(right, basis=basis) for right in CREDIT_RIGHTS)
    return replace(company("bureau", *channels, kind=BrokerKind.CREDIT_BUREAU), cra="nationwide")


def test_for_credit_offers_file_and_freeze_are_planned_with_what_they_make_harder() -> None:
    found = made(bureau(), goal=Goal.CREDIT)
    harder = {
        line.right: " ".join(str(text) for text in line.harder_afterwards) for line in found.lines
    }
    assert list(harder) == [
        Right.OPT_OUT,
        Right.PRESCREEN_OPT_OUT,
        Right.FILE_DISCLOSURE,
        Right.FREEZE,
    ]
    assert "fewer offers" in harder[Right.PRESCREEN_OPT_OUT]
    assert "take it back" in harder[Right.PRESCREEN_OPT_OUT]
    assert "a loan, a flat, a job or benefits" in harder[Right.FREEZE]
    assert "You lift it where you asked for it" in harder[Right.FREEZE]
    assert "name your family" in harder[Right.FILE_DISCLOSURE]


def test_a_page_that_counts_for_the_bureaus_together_is_asked_once() -> None:
    def prescreen(slug: str, page: str, *, cra: str = "nationwide") -> Broker:
        basis = (Basis.FCRA, Basis.POLICY)
        asks = channel(Right.PRESCREEN_OPT_OUT, By.PORTAL, basis=basis, url=page)
        made_of = company(slug, asks, channel(), kind=BrokerKind.CREDIT_BUREAU)
        return replace(made_of, cra=cra)

    joint, own = "https://joint.test/", "https://own.test/"
    act = a_law("us-fcra-prescreen", "US", LawKind.FCRA, Right.PRESCREEN_OPT_OUT)
    bureaus = (
        prescreen("a", joint),
        prescreen("b", joint),
        prescreen("c", own),
        prescreen("d", joint, cra="agency"),  # the federal right binds the three bureaus only
    )
    found = plan(
        person(),
        bureaus,
        {**LAWS, act.id: act},
        {broker.slug: LIKELY for broker in bureaus},
        ON,
        goal=Goal.CREDIT,
    )
    asked_of = [slug for slug, right in asked(found) if right == "prescreen-opt-out"]
    assert asked_of == ["a", "c", "d"]
    (left,) = [each for each in found.leave_alone if each.right is Right.PRESCREEN_OPT_OUT]
    assert (left.broker, left.why) == ("b", LeaveWhy.PARENT)
    assert "https://joint.test/ counts for the credit bureaus together" in str(left.text)


def test_without_that_goal_no_freeze_comes_by_itself_and_the_way_to_ask_for_it_is_told() -> None:
    found = made(bureau())
    assert Right.FREEZE not in [line.right for line in found.lines]
    assert Right.PRESCREEN_OPT_OUT not in [line.right for line in found.lines]
    (freeze,) = [left for left in found.leave_alone if left.right is Right.FREEZE]
    assert freeze.why is LeaveWhy.ON_REQUEST
    assert "optout plan --only bureau --right freeze" in str(freeze.text)


# Sources before buyers


def test_who_feeds_another_comes_before_it_though_it_is_less_dangerous() -> None:
    reseller = company("a-reseller", holds=tuple(Holding))
    feeder = quiet("z-feeder", holds=(Holding.EMAIL,), kind=BrokerKind.MARKETING)
    assert order(reseller, feeder) == ["a-reseller", "z-feeder"]  # the control: it feeds nobody
    assert order(reseller, replace(feeder, feeds=("a-reseller",))) == ["z-feeder", "a-reseller"]


@settings(max_examples=120)
@given(
    count=st.integers(2, 12),
    edges=st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from("pcf")), max_size=16
    ),
    goal=st.sampled_from(Goal),
    seed=st.integers(0, 999),
)
def test_the_order_holds_for_every_parent_and_every_feeder_and_never_wavers(
    *, count: int, edges: list[tuple[int, int, str]], goal: Goal, seed: int
) -> None:
    """Edges go from a lower to a higher number of a hidden row, so there is no circle."""
    draw = random.Random(seed)
    names = [Slug(f"c{n:02}") for n in draw.sample(range(100), count)]
    made_of = {slug: company(slug, holds=tuple(draw.sample(list(Holding), 3))) for slug in names}
    pairs: set[tuple[str, str]] = set()
    for a, b, how in edges:
        low, high = sorted((a % count, b % count))
        if low == high:
            continue
        first, later = names[low], names[high]
        if how == "p":
            made_of[later] = replace(made_of[later], parent=first)
        elif how == "c":
            made_of[first] = replace(made_of[first], clears=(*made_of[first].clears, later))
        else:
            made_of[first] = replace(made_of[first], feeds=(*made_of[first].feeds, later))
    for slug, broker in made_of.items():
        pairs |= {(slug, later) for later in (*broker.clears, *broker.feeds)}
        pairs |= {(broker.parent, slug)} if broker.parent else set()
    assert circles(made_of.values()) == ()
    found = order(*made_of.values(), goal=goal)
    assert all(found.index(first) < found.index(later) for first, later in pairs)
    shuffled = list(made_of.values())
    draw.shuffle(shuffled)
    assert order(*shuffled, goal=goal) == found
    if not pairs:
        known = list(made_of.values())
        alone = [order(a, b, goal=goal) for a in known for b in known if a is not b]
        assert all(found.index(first) < found.index(later) for first, later in alone)


def test_a_circle_is_told_and_still_every_company_has_one_place() -> None:
    ring = (
        company("a", feeds=("b",)),
        company("b", clears=("c",)),
        company("c"),
        company("d", parent="c"),
    )
    assert circles(ring) == ()  # the control
    closed = (replace(ring[0], parent="d"), *ring[1:])
    (circle,) = circles(closed)
    assert set(circle) == {"a", "b", "c", "d"}
    assert sorted(order(*closed)) == ["a", "b", "c", "d"]


DEFINITION = """
slug = "{slug}"
name = "{slug}, Inc."
kind = "people-search"
holds = ["name"]
feeds = {feeds}
grade = "drafted"
facts = ["It lists people [SEEN]"]

[[channel]]
right = "opt-out"
by = ["post"]
basis = ["policy"]
discloses = ["full_name", "reply_address"]
eligible = "anyone"
will_not_reach = "Copies that others made."
confidence = "one-source"
sources = ["SEEN"]

[channel.post]
lines = ["{slug}, Inc.", "1 Example Plaza", "Denver, CO 80202"]
confidence = "one-source"
sources = ["SEEN"]

[[sources]]
key = "SEEN"
what = "The company's page"
read_on = 2026-11-02
"""


@pytest.mark.parametrize(("back", "count"), [("[]", 0), ('["first-company"]', 1)])
def test_lint_tells_a_circle_between_two_definitions(tmp_path: Path, back: str, count: int) -> None:
    for slug, feeds in (("first-company", '["next-company"]'), ("next-company", back)):
        (tmp_path / slug).mkdir()
        text = DEFINITION.format(slug=slug, feeds=feeds)
        (tmp_path / slug / "broker.toml").write_text(text, "utf-8")
    found = [each for each in lint_folder(tmp_path / "first-company") if each.check == "circles"]
    assert len(found) == count
    assert all("first-company, next-company" in str(each.what) for each in found)


def test_the_shipped_catalog_has_feeders_and_no_circle() -> None:
    brokers = list_brokers()
    assert circles(brokers) == ()
    feeders = [each for each in brokers if each.feeds]
    assert feeders
    place = arrange(brokers).place
    for broker in feeders:
        assert all(place[broker.slug] < place[Slug(later)] for later in broker.feeds)


# The rights a person chooses


def test_rights_are_asked_in_the_order_the_person_names_them_with_a_word_of_warning() -> None:
    chosen = made(company(), rights=(Right.DELETE, Right.ACCESS), as_named=True)
    assert [right for _slug, right in asked(chosen)] == ["delete", "access"]
    (note,) = chosen.notes
    assert "nothing left to show you" in str(note)
    assert "optout plan --only acme --right access --right delete" in str(note)
    careful = made(company(), rights=(Right.ACCESS, Right.DELETE), as_named=True)
    assert [right for _slug, right in asked(careful)] == ["access", "delete"]
    assert careful.notes == ()


def test_a_deletion_alone_is_warned_about_unless_they_showed_what_they_have_before() -> None:
    def notes(**more: object) -> tuple[Text, ...]:
        return made(company(), rights=(Right.DELETE,), as_named=True, **more).notes  # type: ignore[arg-type] # by name

    assert len(notes()) == 1
    assert notes(asked_before=[(Slug("acme"), Right.ACCESS)]) == ()
    assert notes(answered={(Slug("acme"), Right.ACCESS): Text("They showed it.")}) == ()
    shows_nothing = company("acme", channel(Right.DELETE), channel(Right.ACCESS, By.NONE))
    assert made(shows_nothing, rights=(Right.DELETE,), as_named=True).notes == ()
    assert made(company()).notes == ()  # the usual order needs no warning


# California


ACT = list_laws()[LawId("us-ca-delete-act")]


@pytest.mark.parametrize(
    ("filed", "fetched", "acted"),
    [
        # Companies begin on 2026-08-01; 45 days to fetch are September 15, 45 more October 30.
        (date(2026, 1, 15), date(2026, 9, 15), date(2026, 10, 30)),
        (date(2026, 8, 1), date(2026, 9, 15), date(2026, 10, 30)),
        (date(2026, 8, 2), date(2026, 9, 16), date(2026, 10, 31)),
        # Fetched on December 31, a company still has 45 days: February 14. From January 1 it has
        # 30: fetched on the last day, January 6, until February 5. The later of both counts.
        (date(2026, 11, 22), date(2027, 1, 6), date(2027, 2, 14)),
        (date(2026, 12, 31), date(2027, 2, 14), date(2027, 3, 16)),
        (date(2027, 1, 1), date(2027, 1, 31), date(2027, 3, 2)),
        (date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 30)),
    ],
)
def test_the_days_of_californias_list_are_counted(filed: date, fetched: date, acted: date) -> None:
    dates = drop_dates(ACT, filed)
    assert dates is not None
    assert (dates.fetched_by, dates.acted_by) == (fetched, acted)
    assert (dates.begin is not None) == (filed < date(2026, 8, 1))


def drop_words(on: date) -> str:
    line = plan(person("CA"), [company()], list_laws(), {Slug("acme"): LIKELY}, on).lines[0]
    assert line.broker == DROP
    return " ".join(map(str, (*line.why, *line.steps, *line.questions)))


def test_the_line_of_californias_list_says_its_dates_who_proves_and_how_to_say_no() -> None:
    early, now, later = map(drop_words, (date(2026, 3, 1), date(2026, 11, 22), date(2027, 6, 1)))
    assert "must begin on August 1, 2026" in early
    assert "must begin" not in now
    assert "45 days to fetch the list, and 45 more to act" in now
    assert "From January 1, 2027 each of these is 30 days (AB 883 (2026))" in now
    assert "30 days to fetch the list, and 30 more" in later
    assert "From January 1" not in later
    assert "by about January 6, 2027, and have acted by about February 14, 2027" in now
    for words in (early, now, later):
        assert "Login.gov, which the federal government runs" in words
        assert "optout plan --without-drop" in words


def test_with_californias_list_no_registered_company_is_asked_to_delete_again() -> None:
    unregistered = company("b-other", declared=None)
    both = (company("a-listed"), unregistered)
    with_it = asked(made(*both, who=person("CA")))
    assert with_it[0] == (DROP, "delete")
    assert ("a-listed", "delete") not in with_it
    assert ("b-other", "delete") in with_it
    without = asked(made(*both, who=person("CA"), drop=False))
    assert {("a-listed", "delete"), ("b-other", "delete")} <= set(without)
    assert (DROP, "delete") not in without
    only_access = made(*both, who=person("CA"), rights=(Right.ACCESS,), as_named=True)
    assert DROP not in slugs(only_access)

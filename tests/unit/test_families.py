"""Proves who belongs to whom, that one request clears only whom a source says, and its drawing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.families import FILE, find_family, read_families, written
from optout.catalog.laws import list_laws
from optout.cli import main as shell
from optout.cli.broker_family import family_lines
from optout.cli.session import session
from optout.model.broker import Broker, Slug
from optout.model.plan import LeaveWhy, Plan
from optout.model.request import Presence
from optout.model.subject import Share, Subject
from optout.model.words import Right
from optout.rules.families import family_of, kin_of, told_of_brands
from optout.rules.planning import plan
from optout.sample.people import JORDAN
from optout.shipped import shipped
from tests.unit.families import BY_SLUG, SHIPPED

ON = date(2026, 11, 2)


def drawn(slug: str, others: tuple[Broker, ...] = SHIPPED) -> list[tuple[str, int]]:
    broker = next(each for each in others if each.slug == slug)
    return [(b.kin.slug, b.depth) for b in family_of(broker, [kin_of(each) for each in others])]


def test_the_file_of_families_is_what_the_definitions_say() -> None:
    """Mend with: python -m optout.catalog.families"""
    assert (shipped("brokers") / FILE).read_text("utf-8") == written(SHIPPED)


def test_a_family_is_the_same_from_whichever_side_one_looks() -> None:
    equifax = drawn("equifax")
    assert equifax[0] == ("equifax", 0)
    assert ("vine", 2) in equifax
    assert {slug for slug, depth in equifax if depth == 1} == {
        "appriss-insights",
        "datax-teletrack",
        "equifax-work-number",
        "nctue",
    }
    assert drawn("vine") == equifax
    assert drawn("lexisnexis-risk")[0] == ("relx-group", 0)  # an owner without an entry
    assert ("relx-lexisnexis", 1) in drawn("sagestream")
    assert drawn("spokeo") == []  # stands alone


def test_shared_web_sites_are_told_within_a_family_only() -> None:
    shares = {b.kin.slug: b.shares for b in find_family(BY_SLUG["transunion-tloxp"])}
    assert shares == {"transunion": ("www.transunion.com",), "transunion-tloxp": ()}
    others = {b.kin.slug for b in find_family(BY_SLUG["equifax"])}
    assert "experian" not in others  # both lead to annualcreditreport.com, and are no family


def test_a_circle_ends_where_it_would_begin_again() -> None:
    one = replace(BY_SLUG["spokeo"], slug=Slug("one"), parent="two")
    two = replace(BY_SLUG["spokeo"], slug=Slug("two"), parent="one")
    own = replace(BY_SLUG["spokeo"], slug=Slug("own"), parent="own")
    assert {slug for slug, _depth in drawn("one", (one, two, own))} == {"one", "two"}
    assert drawn("own", (one, two, own)) == []


def test_the_drawing_is_a_tree_on_a_terminal_and_sentences_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vine = BY_SLUG["vine"]
    monkeypatch.setattr(session(), "plain", False)
    assert family_lines(vine, find_family(vine)) == [
        "Family:",
        "  equifax",
        "  ├─ appriss-insights",
        "  │  └─ vine (this one)",
        "  ├─ datax-teletrack",
        "  ├─ equifax-work-number",
        "  └─ nctue",
    ]
    monkeypatch.setattr(session(), "plain", True)
    said = family_lines(vine, find_family(vine))
    assert (
        "Belongs to: Appriss Justice Intelligence (Equifax) (appriss-insights). No request here is"
        " known to clear it." in said
    )
    assert not any(each in "\n".join(said) for each in "├└│")


def test_show_tells_the_family_to_people_and_to_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shell.main(["broker", "show", "transunion"]) == 0
    assert "transunion-tloxp" in capsys.readouterr().out
    assert shell.main(["broker", "show", "transunion", "--json"]) == 0
    family = json.loads(capsys.readouterr().out)["family"]
    assert [(each["slug"], each["cleared_by"]) for each in family] == [
        ("transunion", []),
        ("transunion-tloxp", []),
    ]


def person() -> Subject:
    """Return Jordan, who lets every fact be asked about."""
    facts = tuple(replace(each, share=Share.ASK) for each in JORDAN.identifiers)
    return replace(JORDAN, identifiers=facts)


def planned(*brokers: Broker) -> Plan:
    known = {broker.slug: Presence.LIKELY for broker in brokers}
    return plan(person(), brokers, list_laws(), known, ON, only=known, drop=False)


def test_in_shipped_families_nobody_is_taken_for_cleared() -> None:
    for slugs in (("transunion", "transunion-tloxp"), ("unacast-gravy", "venntel")):
        made = planned(*(BY_SLUG[slug] for slug in slugs))
        assert {line.broker for line in made.lines} == set(slugs)
        assert LeaveWhy.PARENT not in {left.why for left in made.leave_alone}


@pytest.mark.parametrize(
    ("parent", "child"),
    [("peopleconnect", "whitepages"), ("peoplefinders", "truepeoplesearch"), ("spokeo", "mylife")],
)
def test_who_is_asked_at_a_parent_that_clears_waits_and_is_to_be_looked_at_again(
    parent: str, child: str
) -> None:
    asked = replace(BY_SLUG[parent], clears=(child,))
    made = planned(asked, BY_SLUG[child])
    assert {line.broker for line in made.lines} == {parent}
    waits = [left for left in made.leave_alone if left.why is LeaveWhy.PARENT]
    assert [left.broker for left in waits] == [child]
    assert "Look again after its answer." in str(waits[0].text)
    apart = planned(BY_SLUG[parent], BY_SLUG[child])  # the control: nothing is written of it
    assert {line.broker for line in apart.lines} == {parent, child}


def test_what_is_cleared_is_drawn_with_who_clears_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session(), "plain", False)
    parent = replace(BY_SLUG["peoplefinders"], clears=("truepeoplesearch",))
    child = BY_SLUG["truepeoplesearch"]
    branches = family_of(child, [kin_of(parent), kin_of(child)])
    assert family_lines(child, branches)[2] == (
        "  └─ truepeoplesearch (this one; asking peoplefinders may clear it: look again)"
    )


def test_sites_of_one_company_are_told_in_the_plan_where_a_source_speaks_of_them() -> None:
    fast = BY_SLUG["fastpeoplesearch"]
    line = planned(fast).lines[0]
    assert any("counts for all of these: FastPeopleSearch" in str(why) for why in line.why)
    verified = BY_SLUG["beenverified"]
    [told] = [str(text) for text in told_of_brands(verified, Right.OPT_OUT)]
    assert told.startswith("Look at these yourself: ")
    assert told.endswith("PeopleLooker, Ownerly, NeighborWho.")
    assert list(told_of_brands(verified, Right.ACCESS)) == []
    assert list(told_of_brands(BY_SLUG["spokeo"], Right.OPT_OUT)) == []


@pytest.mark.parametrize("broken", ["", "{", "{}", "[1]", '[{"slug": "a"}]', "[" * 100_000])
def test_a_damaged_file_of_families_draws_nothing_and_stops_nothing(
    broken: str, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(broken, "utf-8")
    assert read_families(tmp_path) == ()
    assert find_family(BY_SLUG["equifax"], folder=tmp_path) == ()
    assert read_families(shipped("brokers"))  # the control

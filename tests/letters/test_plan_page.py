"""Proves that a plan fits one page, can be read aloud, and names nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.drafting.plan_page import plan_pdf
from optout.drafting.plan_words import what_it_is
from optout.model.broker import Slug
from optout.model.payload import Newness
from optout.model.plan import Goal, Plan
from optout.model.request import Presence
from optout.model.subject import Residence
from optout.model.words import Holding, Right
from optout.rules.days import in_words
from optout.rules.planning import plan
from optout.sample.people import JORDAN
from optout.words import word

ON = date(2026, 11, 22)
# The catalog grows; what is looked at here stays as many.
SEEN = {
    *("appriss-insights", "equifax", "equifax-work-number", "lexisnexis-risk", "nctue"),
    *("relx-lexisnexis", "thomson-reuters-clear", "palantir", "vine", "co-sheriff"),
}
BROKERS = tuple(broker for broker in list_brokers() if broker.slug in SEEN)
LAWS = list_laws()
SMALLEST = 7.4  # points: what print on paper can still be read


def made(
    state: str = "CO",
    *,
    goal: Goal = Goal.GOVERNMENT,
    known: Presence = Presence.LIKELY,
    only: tuple[str, ...] = (),
    rights: tuple[Right, ...] = (),
) -> Plan:
    who = replace(JORDAN, residences=(Residence(state=state),))
    presence = {broker.slug: known for broker in BROKERS}
    named = tuple(map(Slug, only))
    return plan(who, BROKERS, LAWS, presence, ON, goal=goal, only=named, rights=rights)


def page(of: Plan, *, large_print: bool = False) -> PdfReader:
    content = plan_pdf(of, made_on=in_words(ON), language="en", large_print=large_print)
    return PdfReader(BytesIO(content))


def text_of(reader: PdfReader) -> str:
    words = " ".join(each.extract_text() for each in reader.pages)
    return " ".join(unicodedata.normalize("NFKC", words).split())


def sizes(reader: PdfReader) -> set[float]:
    found: set[float] = set()

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.add(abs(size * tm[3] * cm[3]))

    for each in reader.pages:
        each.extract_text(visitor_text=visit)
    return found


FULL = made()
LONG = replace(
    FULL,
    lines=tuple(
        replace(
            line,
            broker=Slug(f"{line.broker}-{number}"),
            name=f"{line.name} of the Consolidated Information Holdings Company of {number}, LLC",
        )
        for number, line in enumerate(FULL.lines)
    ),
)


@pytest.mark.parametrize(
    "of",
    [
        FULL,
        LONG,
        made("CA"),
        made("IL", goal=Goal.CREDIT),
        made(only=("appriss-insights",), rights=(Right.ACCESS,)),
        made(known=Presence.UNLIKELY),
    ],
    ids=["fifteen", "fifteen long names", "California", "credit", "one", "none"],
)
def test_a_plan_of_fifteen_requests_of_one_and_of_none_is_one_page_that_can_be_read(
    of: Plan,
) -> None:
    reader = page(of)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (box.width, box.height) == (612, 792)
    assert min(sizes(reader)) >= SMALLEST
    words = text_of(reader)
    for number, line in enumerate(of.lines, start=1):
        assert line.name in words
        assert f"{number}. {word(line.right)}" in words
        assert f"about {line.minutes} min." in words
        for each in line.fields:
            assert str(word(each.field)) in words
    for left in of.leave_alone:
        assert left.name in words
    assert "do not hide you from ICE" in words


def test_the_page_says_what_is_new_to_them_and_what_may_get_harder() -> None:
    plans = {goal: made("IL", goal=goal) for goal in Goal}
    for of in plans.values():
        words = text_of(page(of))
        new = [line for line in of.lines if any(f.newness is Newness.NEW for f in line.fields)]
        assert new
        assert words.count("NEW to them:") >= len({line.broker for line in new})
        for line in of.lines:
            assert all(str(text) in words for text in line.harder_afterwards)
    assert "until you lift the freeze" in text_of(page(plans[Goal.CREDIT]))
    assert "until you lift the freeze" not in text_of(page(made("CO")))  # the control


def test_a_short_plan_also_says_what_a_company_is_and_what_is_not_reached() -> None:
    of = made(only=("appriss-insights",))
    words = text_of(page(of))
    assert "It sells jail and court records: jail records, name, court records." in words
    assert all(str(line.will_not_reach) in words for line in of.lines)
    assert max(sizes(page(of))) > max(sizes(page(LONG)))  # as large as one page allows


def test_in_large_print_every_letter_is_large_and_it_may_take_more_pages() -> None:
    reader = page(FULL, large_print=True)
    assert min(sizes(reader)) >= 13.9
    assert len(reader.pages) > 1
    assert min(sizes(page(FULL))) < 13.9  # the control
    assert all(line.name in text_of(reader) for line in FULL.lines)


def test_a_plan_too_long_for_one_page_loses_nothing() -> None:
    many = tuple(
        replace(line, broker=Slug(f"{line.broker}-{number}"), name=f"{line.name} {number}")
        for number, line in enumerate(FULL.lines * 5)
    )
    reader = page(replace(FULL, lines=many))
    assert len(reader.pages) > 1
    words = text_of(reader)
    assert all(line.name in words for line in many)


def test_it_can_be_read_aloud() -> None:
    reader = page(FULL)
    root: Any = reader.trailer["/Root"].get_object()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    kinds = re.findall(r"/S /(\w+)", _structure(root["/StructTreeRoot"].get_object()))
    assert {"H1", "H2", "L", "LI", "P"} <= set(kinds)
    assert reader.metadata is not None
    assert reader.metadata.title == "What to ask, and of whom"


def _structure(node: object, depth: int = 0) -> str:
    """Write down the kinds of a tagged page's parts."""
    found = ""
    if isinstance(node, list):
        return "".join(_structure(getattr(e, "get_object", lambda e=e: e)(), depth) for e in node)
    if isinstance(node, dict):
        if "/S" in node:
            found += f"/S {node['/S']} "
        if "/K" in node and depth < 40:
            inner = node["/K"]
            found += _structure(getattr(inner, "get_object", lambda: inner)(), depth + 1)
    return found


def test_nothing_on_the_page_or_in_the_file_says_who_it_is_about() -> None:
    content = plan_pdf(FULL, made_on=in_words(ON), language="en")
    reader = PdfReader(BytesIO(content))
    told = text_of(reader) + str(reader.metadata)
    assert "Colorado" in told  # the control: the law names the state
    for value in ("Jordan", "Sample", "Example Street", "80202", "jordan@", "303"):
        assert value not in told
    assert b"Jordan" not in content


def test_every_kind_of_company_is_told_in_one_sentence_with_the_dangerous_first() -> None:
    for broker in BROKERS:
        if broker.government or not broker.holds:
            continue
        line = replace(FULL.lines[0], company_kind=broker.kind, holds=broker.holds)
        assert str(what_it_is(line)).count(".") == 1
    line = next(each for each in FULL.lines if each.broker == "lexisnexis-risk")
    assert str(what_it_is(line)) == (
        "It gathers files about people and sells them: home address, jail records, utility"
        " accounts, location, name, phone, and 11 more kinds."
    )
    assert set(line.holds[:4]) <= {
        Holding.HOME_ADDRESS,
        Holding.JAIL,
        Holding.UTILITIES,
        Holding.LOCATION,
    }

"""The map says what definitions say, with its source, and marks only what was truly asked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree as ET

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.checks import family, sources
from optout.catalog.checks.setting import Setting
from optout.drafting.pictures import (
    DueDay,
    Happened,
    Mark,
    Step,
    calendar_picture,
    progress_picture,
    timeline_picture,
)
from optout.i18n import in_language
from optout.model.broker import Broker, ComesFrom
from optout.model.request import Delivery, Status, StatusReason
from optout.model.words import Origin, Right
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.pictures import Picture, progress, records_map
from optout.workflows.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERY = list_brokers()
HOSTILE = '</svg><script>alert(1)</script> "&'


def desk() -> Desk:
    return cast("Desk", SimpleNamespace(list_brokers=lambda: EVERY))


def company(slug: str) -> Broker:
    return next(each for each in EVERY if each.slug == slug)


def standing(
    slug: str,
    right: Right = Right.OPT_OUT,
    delivery: Delivery = Delivery.SENT,
    status: Status = Status.OPEN,
    reason: StatusReason | None = None,
) -> Standing:
    request = SimpleNamespace(broker=slug, right=right, status=status, reason=reason)
    message = SimpleNamespace(delivery=delivery)
    called = company(slug).called()
    return cast("Standing", SimpleNamespace(company=called, request=request, message=message))


def drawn(*found: Standing) -> Picture:
    picture = records_map(desk(), found)
    assert picture is not None
    return picture


def line_to_buyers(picture: Picture, slug: str) -> str:
    name = company(slug).called()
    return next(each for each in picture.lines if each.startswith(f"{name} → the federal"))


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (standing("spokeo"), "You asked them to stop this."),
        (standing("spokeo", Right.DELETE), "You asked them to stop this."),
        (standing("spokeo", delivery=Delivery.UNKNOWN), "You asked them to stop this."),
        (standing("spokeo", delivery=Delivery.READY), "On your list, not sent yet: to stop this."),
        (standing("spokeo", reason=StatusReason.RETURNED), "to stop this."),
        (standing("spokeo", Right.FREEZE), "registry)"),
        (standing("spokeo", Right.ACCESS), "registry)"),
        (standing("spokeo", status=Status.REVOKED), "registry)"),
    ],
)
def test_a_line_is_marked_only_where_somebody_asks_to_stop_it(found: Standing, ends: str) -> None:
    said = line_to_buyers(drawn(found), "spokeo")
    assert said.endswith(ends)
    if found.request.reason is StatusReason.RETURNED:
        assert "You asked" not in said, "it never reached them"


def test_who_bought_is_what_was_declared_and_nobody_else() -> None:
    for each in EVERY:
        if each.declared is None or each.government:
            continue
        lines = drawn(standing(each.slug)).lines if _joined(each) else ()
        sold = [line for line in lines if line.startswith(f"{each.called()} → ")]
        federal = any("the federal government" in line for line in sold)
        assert federal == (each.declared.sold_to_federal_government is True), each.slug


def _joined(each: Broker) -> bool:
    return records_map(desk(), [standing(each.slug)]) is not None


def test_every_line_from_where_records_begin_names_its_source_and_year() -> None:
    lines = [each for each in drawn().lines if "Source:" in each]
    assert len(lines) > 10, "the control: the usual companies have such lines"
    assert all(re.search(r"Source: .+ \(20\d\d\)", each) for each in lines)
    nctue = drawn(standing("thomson-reuters-clear")).lines
    assert any(each.startswith("Until 2021: NCTUE") for each in nctue)
    assert not any(each.startswith("NCTUE") for each in nctue), "what ended is not drawn"


def bad(comes_from: ComesFrom, known: Iterable[str] = ("spokeo", "nctue")) -> list[str]:
    broker = replace(company("spokeo"), comes_from=(comes_from,))
    setting = Setting(known=frozenset(known))
    found = [*family.run(broker, setting), *sources.run(broker, setting)]
    return [each.where for each in found if each.where.startswith("comes_from")]


def test_lint_holds_each_line_of_where_records_begin() -> None:
    key = company("spokeo").sources[0].key
    assert bad(ComesFrom(origin=Origin.COURT, sources=(key,))) == [], "the control"
    assert bad(ComesFrom(company="nctue", sources=(key,))) == [], "the control"
    assert bad(ComesFrom(sources=(key,)))
    assert bad(ComesFrom(origin=Origin.COURT, company="nctue", sources=(key,)))
    assert bad(ComesFrom(company="nobody", sources=(key,)))
    assert bad(ComesFrom(company="spokeo", sources=(key,)))
    assert bad(ComesFrom(origin=Origin.COURT, sources=("NOSUCH",)))
    assert bad(ComesFrom(origin=Origin.COURT, sources=()))


def pictures() -> list[Picture]:
    day = date(2026, 11, 22)
    late = DueDay(on=date(2026, 11, 3), said=Text(HOSTILE.replace("{", "")), late=True)
    soon = DueDay(on=date(2026, 12, 4), said=Text("soon"))
    step = Step(asked=Text("delete"), mark=Mark.NO, said=Text("they said no"))
    return [
        drawn(standing("lexisnexis-risk"), standing("nctue", Right.FREEZE)),
        progress([standing("spokeo"), standing("nctue", Right.FREEZE, Delivery.READY)]),
        progress_picture([(HOSTILE, [replace(step, mark=mark) for mark in Mark])]),
        calendar_picture([late, soon, soon], today=day),
        timeline_picture([Happened(on=day, said=Text("sent"))], today=day),
        timeline_picture([], today=day),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_picture_is_one_ink_plain_words_and_a_list(language: str) -> None:
    with in_language(language):
        for picture in pictures():
            for svg in filter(None, (picture.svg, picture.wide)):
                root = ET.fromstring(svg)
                assert root.get("aria-label") == picture.title
                inks = {each.get(name) for each in root.iter() for name in ("fill", "stroke")}
                assert inks <= {None, "none", "currentColor"}
                tags = {each.tag.rpartition("}")[2] for each in root.iter()}
                assert tags <= {"svg", "text", "path", "rect", "circle", "polygon"}
                assert not any(
                    "style" in each.attrib or "href" in each.attrib for each in root.iter()
                )


def test_what_two_looks_saw_is_no_answer() -> None:
    """The control beside it: what the company wrote is one."""
    wrote = standing("spokeo", status=Status.FULFILLED)
    gone = standing("spokeo", status=Status.FULFILLED, reason=StatusReason.SEEN_GONE)
    assert "Answered: 1 of 1" in progress([wrote]).lines
    picture = progress([gone])
    assert "Answered: 0 of 1" in picture.lines
    assert any("you looked twice" in line for line in picture.lines)


def test_a_name_that_describes_is_drawn_in_the_reader_s_language() -> None:
    """A control beside it: a real name stays as it is, and in English nothing is translated."""
    found = [standing("equifax", Right.OPT_OUT), standing("lexisnexis-risk", Right.OPT_OUT)]
    for language, described in (("es", "(agencia de crédito)"), ("en", "(credit bureau)")):
        with in_language(language):
            picture, drawn_map = progress(found), drawn(*found)
        for each in (picture.svg, " ".join(picture.lines), drawn_map.svg):
            assert described in each
            assert ("credit bureau" in each) is (language == "en")
            assert "LexisNexis Risk" in each


def test_words_of_others_stay_words() -> None:
    picture = progress_picture([(HOSTILE, [])])
    assert "<script" not in picture.svg
    assert "&lt;script" in picture.svg, "the control"


def test_everything_drawn_stays_on_the_sheet() -> None:
    many = records_map(desk(), [standing(each.slug) for each in EVERY if not each.government])
    assert many is not None
    for svg in (many.svg, many.wide):
        root: Any = ET.fromstring(svg)
        _x, _y, wide, high = map(float, root.get("viewBox").split())
        for each in root.iter():
            numbers = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", each.get("d", ""))
            for x, y in numbers:
                assert -1 <= float(x) <= wide + 1
                assert -1 <= float(y) <= high + 1


def test_the_calendar_shows_each_month_with_something_due_up_to_four() -> None:
    days = [
        DueDay(on=date(2026 + month // 12, month % 12 + 1, 5), said=Text("x"))
        for month in range(10, 18)
    ]
    picture = calendar_picture(days, today=date(2026, 11, 22))
    assert len(re.findall(r">(?:November|December|January|February) 202\d<", picture.svg)) == 4
    assert "March" not in picture.svg
    assert len(picture.lines) == len(days), "the list has all of them"


def months_in(picture: Picture) -> list[str]:
    return re.findall(r">([A-Z][a-z]+ 20\d\d)<", picture.svg)


def due_in(*months: int) -> list[DueDay]:
    return [DueDay(on=date(2026, month, 10), said=Text("x")) for month in months]


@pytest.mark.parametrize(
    ("due", "drawn"),
    [
        ((1, 3, 5, 7, 12), "May July November December"),
        ((9, 10, 12), "September October November December"),
        ((12,), "November December"),
        ((), "November"),
    ],
)
def test_the_calendar_shows_this_month_however_many_dates_have_passed(
    due: tuple[int, ...], drawn: str
) -> None:
    picture = calendar_picture(due_in(*due), today=date(2026, 11, 23))
    assert months_in(picture) == [f"{month} 2026" for month in drawn.split()]
    left_out = "Not every month is drawn. The list has every day."
    assert (left_out in picture.says) is (len(due) > 4)


def test_of_many_months_to_come_the_calendar_shows_the_one_before_this_and_the_next() -> None:
    picture = calendar_picture(due_in(1, 2, 4, 5, 6, 7), today=date(2026, 3, 23))
    assert months_in(picture) == ["February 2026", "March 2026", "April 2026", "May 2026"]

"""The weekly page counts right, and outside the office no small count can be read or computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.drafting.summary_page import Chart
from optout.errors import WrongUsage
from optout.model.broker import Slug
from optout.model.record import Answer, Correspondence
from optout.model.request import Status, StatusReason
from optout.model.subject import Subject
from optout.model.words import By
from optout.rules.small_counts import FEWEST, shown_outside
from optout.vault.ids import new_id
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.docket import docket
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.summary import charts, write_summary
from tests.conftest import NOW, World, desk_without_browser

TODAY = NOW.date()
Hide = Callable[[Sequence[int]], tuple[int | None, ...]]


def under_five_alone(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Hide the small counts only: the control."""
    return tuple(None if count < FEWEST else count for count in counts)


def told(hide: Hide, parts: int, most: int) -> int:
    """Return how many hidden counts a reader computes who knows the total and the rule."""
    alike = defaultdict(list)
    for counts in product(range(most + 1), repeat=parts):
        if FEWEST <= sum(counts) <= most:
            alike[sum(counts), hide(counts)].append(counts)
    return sum(
        len({counts[place] for counts in several}) == 1
        for (_total, shown), several in alike.items()
        for place in range(parts)
        if shown[place] is None
    )


@pytest.mark.parametrize(("parts", "most"), [(2, 40), (3, 24), (4, 14)])
def test_nobody_computes_a_hidden_count(parts: int, most: int) -> None:
    assert told(under_five_alone, parts, most) > 0, "the control: hiding the small ones is not it"
    assert told(shown_outside, parts, most) == 0


def test_no_small_count_is_shown_and_large_ones_are() -> None:
    assert shown_outside([40, 30, 20]) == (40, 30, 20)
    assert shown_outside([40, 30, 3]) == (40, None, None)
    assert shown_outside([4, 4, 4]) == (None, None, None)
    assert shown_outside([]) == ()


def test_many_requests_of_few_people_are_few() -> None:
    assert shown_outside([40, 30, 12], [40, 30, 1]) == (40, None, None)
    assert shown_outside([40, 30, 12], [40, 30, 5]) == (40, 30, 12), "the control"


def test_nobody_computes_what_few_people_hide() -> None:
    """As above, each count of five and more once of many people, once of few."""
    alike = defaultdict(list)
    for counts in product(range(19), repeat=3):
        if not FEWEST <= sum(counts) <= 18:
            continue
        for few in product((False, True), repeat=3):
            people = [1 if of_few else count for of_few, count in zip(few, counts, strict=True)]
            alike[sum(counts), shown_outside(counts, people)].append(counts)
    assert alike
    computed = [
        (shown, several)
        for (_total, shown), several in alike.items()
        for place in range(3)
        if shown[place] is None and len({counts[place] for counts in several}) == 1
    ]
    assert computed == []


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path)


def answered(
    world: World,
    count: int,
    broker: str,
    status: Status,
    days: int,
    *,
    of: Subject | None = None,
) -> None:
    """Add so many requests that a company answered after so many days, each of somebody else."""
    with world.vault.together():
        for number in range(count):
            subject = of or world.person("Zqmarked")
            request = world.request(subject, broker=Slug(f"{broker}-{number}" if of else broker))
            answer = Answer.FULFILLED if status is Status.FULFILLED else Answer.DENIED
            world.vault.correspondence.add(
                Correspondence(
                    id=new_id(), request_id=request.id, answer=answer, received_on=TODAY
                ),
                status=(status, None),
            )
            world.vault.db.change(
                "UPDATE request SET received_on = :day WHERE id = :id",
                {"day": (TODAY - timedelta(days=days)).isoformat(), "id": request.id},
            )


def waiting(world: World, count: int) -> None:
    for _each in range(count):
        message = world.ready()
        with world.begin(message) as attempt:
            attempt.sending()
            attempt.sent("")


def numbers(chart: Chart) -> list[int | None]:
    return [bar.count for bar in chart.bars]


def test_where_nobody_answered_each_part_says_so_or_counts(desk: Desk, world: World) -> None:
    waiting(world, 7)
    *counted, companies = charts(desk, outside=False)
    assert not companies.bars
    assert companies.note.english() == "No company has answered yet."
    assert not any(each.note.english() for each in counted), "the control: they have numbers"


def test_the_page_counts_what_is_there(desk: Desk, world: World, tmp_path: Path) -> None:
    answered(world, 12, "lexisnexis-risk", Status.FULFILLED, 20)
    answered(world, 6, "nctue", Status.DENIED, 50)
    waiting(world, 7)
    state, answers, days, companies = charts(desk, outside=False)
    assert numbers(state) == [0, 7, 0, 18, 0, 0]
    assert numbers(answers) == [12, 6]
    assert numbers(days) == [0, 12, 0, 6, 0, 0]
    assert numbers(companies) == [12, 6]
    path = write_summary(desk, "week.pdf", outside=False)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert "12 did it, 0 refused" in text
    assert "Example Legal Aid" in text
    assert "requests sent: 7; answered: 18" in text
    assert "Zqmarked" not in text
    assert [each.path.reveal() for each in world.vault.exports.list()] == [str(path)]
    with pytest.raises(WrongUsage, match="PDF"):
        write_summary(desk, "week.html", outside=False)


def test_a_letter_that_came_back_is_neither_waited_for_nor_unsent(
    desk: Desk, world: World, tmp_path: Path
) -> None:
    subject = world.person()
    request = world.request(subject, broker="appriss-insights")
    letter = world.message(subject, request, broker="appriss-insights", by=By.POST)
    world.vault.messages.set_ready(letter.id)
    world.hand_over(world.vault.messages.get(letter.id))
    mark_sent(desk, letter.reference)
    world.clock.forward(days=9)
    assert numbers(charts(desk, outside=False)[0]) == [0, 1, 0, 0, 0, 0], "the control"
    assert sum(part.waiting for part in docket(desk)) == 1
    record_answer(desk, letter.reference, Answer.RETURNED)
    assert numbers(charts(desk, outside=False)[0]) == [0, 0, 1, 0, 0, 0]
    assert sum(part.waiting for part in docket(desk)) == 0
    path = write_summary(desk, "back.pdf", outside=False)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert "Came back, not sent again yet" in text


def test_what_two_looks_showed_is_no_answer_of_anybody(desk: Desk, world: World) -> None:
    waiting(world, 6)
    answered(world, 5, "nctue", Status.DENIED, 10)
    state, answers, _days, companies = charts(desk, outside=False)
    assert numbers(state) == [0, 6, 0, 5, 0, 0]
    assert (numbers(answers), numbers(companies)) == ([0, 5], [5]), "the control"
    for request in world.vault.requests.list():
        world.vault.requests.set_status(request.id, Status.FULFILLED, StatusReason.SEEN_GONE)
    state, answers, _days, companies = charts(desk, outside=False)
    assert numbers(state) == [0, 0, 0, 0, 11, 0]
    assert numbers(answers) == [0, 0]
    assert not companies.bars, "not even where they had said no before"


def test_outside_no_small_number_is_on_it(desk: Desk, world: World) -> None:
    answered(world, 30, "lexisnexis-risk", Status.FULFILLED, 20)
    answered(world, 22, "nctue", Status.FULFILLED, 10)
    answered(world, 3, "thomson-reuters-clear", Status.DENIED, 95)
    waiting(world, 14)
    inside = charts(desk, outside=False)
    assert any(0 < (count or 0) < FEWEST for each in inside for count in numbers(each)), (
        "the control: inside, small numbers are shown"
    )
    outside = charts(desk, outside=True)
    shown = [count for each in outside for count in numbers(each) if count is not None]
    assert shown
    assert min(shown) >= FEWEST
    assert not numbers(outside[1]), "55 less 52 is 3: both go"
    assert "thomson" not in str(outside).lower(), "that a company answered few is not told"
    assert all(not bar.note.template for each in outside for bar in each.bars)


def test_where_the_answers_are_few_nothing_splits_them(desk: Desk, world: World) -> None:
    answered(world, 4, "nctue", Status.FULFILLED, 10)
    waiting(world, 9)
    assert len(charts(desk, outside=True)) == 1
    assert len(charts(desk, outside=False)) == 4, "the control"


def test_the_requests_of_one_person_are_no_crowd(desk: Desk, world: World) -> None:
    answered(world, 12, "made-up", Status.FULFILLED, 10, of=world.person("Jordan"))
    waiting(world, 9)
    assert numbers(charts(desk, outside=False)[0]) == [0, 9, 0, 12, 0, 0]
    shown = charts(desk, outside=True)
    assert not [count for chart in shown for count in numbers(chart) if count == 12]
    answered(world, 30, "nctue", Status.FULFILLED, 10)
    waiting(world, 20)
    assert numbers(charts(desk, outside=True)[0])[3] == 42, "the control: many people"

"""A mended law moves no stored date: the difference is shown, and the person decides."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from optout.catalog.brokers import find_broker
from optout.catalog.laws import list_laws
from optout.cli import main as shell
from optout.cli import status
from optout.cli.session import Session
from optout.errors import Refused
from optout.model.record import Answer, DeadlineKind
from optout.model.words import Right
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.shipped import shipped
from optout.workflows.desk import Desk, errand_for
from optout.workflows.file_message import file_message
from optout.workflows.follow_up import follow_up
from optout.workflows.mended_laws import Mended, keep_old, mended_dates, take_new
from optout.workflows.outside_companies import finding_both
from optout.workflows.record_answer import record_answer
from optout.workflows.request_to import ToAsk, request_with_person
from optout.workflows.send_paper import hand_over_paper, mark_sent
from optout.workflows.standing import dues
from tests.conftest import World, desk_without_browser, reopened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from optout.model.law import Law, LawId


class Shelf:
    """The folder of laws as this test mends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(shipped("letters") / "laws", folder)

    def __call__(self) -> Mapping[LawId, Law]:
        return list_laws(folder=self.folder)

    def mend(self, change: Callable[[str], str], law: str = "us-co-cpa") -> None:
        file = self.folder / f"{law}.toml"
        before = file.read_text("utf-8")
        after = change(before)
        assert after != before, "the control: something was changed"
        file.write_text(after, "utf-8")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "laws")


@pytest.fixture
def desk(world: World, tmp_path: Path, shelf: Shelf) -> Desk:
    world.vault.subjects.add(JORDAN)
    desk = desk_without_browser(
        world, tmp_path, find_broker=finding_both(world.vault, find_broker), laws=shelf
    )
    wanted = ToAsk(
        to="privacy@acme-data.example.com", company="Acme", rights=(Right.DELETE,), find_by=()
    )
    (message,) = request_with_person(desk, JORDAN, wanted)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    return desk


SECTION = 'cite = "Colo. Rev. Stat. § 6-1-1306(2)(a)"'
TERM = f"[rights.delete.answer]\nlength = 45\n{SECTION}"
SHORT = '[rights.delete.answer]\nlength = 30\ncite = "Colo. Rev. Stat. § 6-1-1306(9)"'


def shorter(text: str) -> str:
    """Make the answer to a deletion due in 30 days, with a section of its own."""
    return text.replace(TERM, SHORT)


def response_of(desk: Desk) -> date:
    (found,) = [d.deadline for d in dues(desk) if d.deadline.kind is DeadlineKind.RESPONSE]
    return found.due_on


ACKNOWLEDGE = """[rights.delete.acknowledge]
length = 10
cite = "Colo. Rev. Stat. § 6-1-1306(8)"
confidence = "confirmed"
"""


def test_a_first_date_is_taken_once_when_two_windows_ask(
    desk: Desk, shelf: Shelf, world: World
) -> None:
    shelf.mend(lambda text: text.replace(TERM, ACKNOWLEDGE + TERM))
    (found,) = mended_dates(desk)
    assert found.old is None
    other = replace(desk, vault=reopened(world.vault.folder, world.key, world.clock))
    (again,) = mended_dates(other)
    take_new(desk, found)
    with pytest.raises(Refused, match="in another window"):
        take_new(other, again)
    other.vault.close()
    kinds = [due.deadline.kind for due in dues(desk)]
    assert kinds.count(DeadlineKind.ACKNOWLEDGE) == 1


def test_an_unchanged_law_asks_nothing(desk: Desk) -> None:
    assert mended_dates(desk) == ()
    assert dues(desk)  # the control: there are dates


def test_a_comment_or_another_citation_asks_nothing(desk: Desk, shelf: Shelf) -> None:
    shelf.mend(lambda text: "# Read again by somebody.\n" + text)
    assert mended_dates(desk) == ()
    shelf.mend(lambda text: text.replace("§ 6-1-1306(2)(a)", "§ 6-1-1306(2)(a)(I)"))
    assert mended_dates(desk) == ()


def test_another_law_that_was_mended_asks_nothing(desk: Desk, shelf: Shelf) -> None:
    shelf.mend(lambda text: text.replace("length = 45", "length = 30"), "us-va-vcdpa")
    assert mended_dates(desk) == ()


def test_a_mended_term_is_shown_with_both_dates_and_sections_and_moves_nothing(
    desk: Desk, shelf: Shelf
) -> None:
    before = response_of(desk)
    shelf.mend(shorter)
    (found,) = mended_dates(desk)
    assert found.kind is DeadlineKind.RESPONSE
    assert found.old
    assert found.new
    assert found.old.deadline.due_on == before
    assert found.new.basis == "Colo. Rev. Stat. § 6-1-1306(9)"
    assert timedelta(10) < before - found.new.due_on < timedelta(20)
    assert response_of(desk) == before  # looking moves nothing


def test_the_new_date_counts_when_the_person_takes_it(desk: Desk, shelf: Shelf) -> None:
    shelf.mend(shorter)
    (found,) = mended_dates(desk)
    assert found.new
    take_new(desk, found)
    assert response_of(desk) == found.new.due_on
    assert mended_dates(desk) == ()
    kept = desk.vault.deadlines.for_request(found.request.id)
    old = [each for each in kept if each.withdrawn]
    assert [each.deadline for each in old] == [found.old.deadline if found.old else None]


def test_the_old_date_counts_when_the_person_keeps_it_and_is_asked_about_once(
    desk: Desk, shelf: Shelf
) -> None:
    before = response_of(desk)
    shelf.mend(shorter)
    (found,) = mended_dates(desk)
    keep_old(desk, found)
    assert response_of(desk) == before
    assert mended_dates(desk) == ()
    shelf.mend(lambda text: text.replace("length = 30", "length = 20"))
    (again,) = mended_dates(desk)  # another date is another question
    assert again.new != found.new


def test_a_date_that_the_file_sets_no_more_and_one_that_it_sets_now(
    desk: Desk, shelf: Shelf
) -> None:
    def acknowledged(text: str) -> str:
        more = '[rights.delete.acknowledge]\nlength = 10\ncite = "§ 1"\nconfidence = "confirmed"\n'
        return shorter(text).replace("[rights.delete.answer]", more + "[rights.delete.answer]")

    shelf.mend(acknowledged)
    kinds = {each.kind: each for each in mended_dates(desk)}
    assert set(kinds) == {DeadlineKind.RESPONSE, DeadlineKind.ACKNOWLEDGE}
    new = kinds[DeadlineKind.ACKNOWLEDGE]
    assert new.old is None
    take_new(desk, new)
    assert DeadlineKind.ACKNOWLEDGE in {each.deadline.kind for each in dues(desk)}


def test_a_right_that_the_law_gives_no_more_leaves_its_date_to_the_person(
    desk: Desk, shelf: Shelf
) -> None:
    before = response_of(desk)

    def without(text: str) -> str:
        head, _, tail = text.partition("[rights.delete]")
        return head + tail[tail.index("[regulator]") :]

    shelf.mend(without)
    (found,) = mended_dates(desk)
    assert found.new is None
    assert response_of(desk) == before
    take_new(desk, found)
    assert DeadlineKind.RESPONSE not in {each.deadline.kind for each in dues(desk)}


def test_dates_after_an_answer_are_counted_from_what_was_written_down(
    desk: Desk, shelf: Shelf, world: World
) -> None:
    (request,) = desk.vault.requests.list()
    day = desk.today(JORDAN)
    world.clock.now += timedelta(days=3)
    record_answer(desk, request.reference, Answer.EXTENDED, on=day + timedelta(days=2))
    assert mended_dates(desk) == ()
    shelf.mend(lambda text: "# The same.\n" + text)
    assert mended_dates(desk) == ()
    shelf.mend(shorter)
    found = {each.kind: each for each in mended_dates(desk)}
    assert DeadlineKind.EXTENDED_RESPONSE in found
    longer = found[DeadlineKind.EXTENDED_RESPONSE].new
    assert longer
    assert longer.due_on < day + timedelta(days=80)  # 30 and 45


def test_dates_of_an_appeal_are_counted_from_the_day_it_left(
    desk: Desk, shelf: Shelf, world: World
) -> None:
    (request,) = desk.vault.requests.list()
    world.clock.now += timedelta(days=20)
    record_answer(desk, request.reference, Answer.DENIED)
    (appeal,) = follow_up(desk, request.reference).drafted
    file_message(desk, appeal.reference)
    mark_sent(desk, appeal.reference)
    world.clock.now += timedelta(days=10)
    shelf.mend(lambda text: "# The same.\n" + text)
    assert mended_dates(desk) == ()
    record_answer(desk, request.reference, Answer.EXTENDED)
    assert mended_dates(desk) == ()
    shelf.mend(lambda text: text.replace("[appeal]\nlength = 45", "[appeal]\nlength = 30"))
    kinds = {each.kind for each in mended_dates(desk)}
    assert DeadlineKind.APPEAL_DECISION in kinds
    assert DeadlineKind.RESPONSE not in kinds


def test_a_request_that_was_answered_has_no_date_to_move(desk: Desk, shelf: Shelf) -> None:
    (request,) = desk.vault.requests.list()
    record_answer(desk, request.reference, Answer.FULFILLED)
    shelf.mend(shorter)
    assert mended_dates(desk) == ()


def shown(
    desk: Desk, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: str
) -> tuple[str, str]:
    patch.setattr(status, "open_desk", lambda **_: desk)
    assert shell.main(["due", *words]) == 0
    said = capsys.readouterr()
    return said.out, said.err


def test_due_shows_the_difference_without_a_question_in_plain_and_in_json(
    desk: Desk,
    shelf: Shelf,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, _ = shown(desk, capsys, monkeypatch, "--plain")
    assert "mended" not in out
    (row,) = json.loads(shown(desk, capsys, monkeypatch, "--json")[0])
    assert row["law_mended"] is None
    shelf.mend(shorter)
    before = response_of(desk)
    out, _ = shown(desk, capsys, monkeypatch, "--plain")
    assert "The file of the law was mended" in out
    assert before.isoformat() in out
    assert "§ 6-1-1306(9)" in out
    assert "optout due --decide" in out
    (row,) = json.loads(shown(desk, capsys, monkeypatch, "--json")[0])
    assert row["due_on"] == before.isoformat()
    assert row["law_mended"]["law"] == "us-co-cpa"
    assert row["law_mended"]["basis_now"] == "Colo. Rev. Stat. § 6-1-1306(9)"
    assert response_of(desk) == before


@pytest.mark.parametrize(("answer", "moves"), [("new", True), ("old", False)])
def test_due_asks_where_somebody_can_answer(
    desk: Desk,
    shelf: Shelf,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    *,
    moves: bool,
) -> None:
    class There(ScriptedPerson):
        def is_there(self) -> bool:
            return True

    person = There(answers={"Which date shall count": answer})
    monkeypatch.setattr(Session, "person", lambda _: person)
    before = response_of(desk)
    shelf.mend(shorter)
    asking: Any = replace(desk, person=person)
    out, _ = shown(asking, capsys, monkeypatch, "--plain", "--decide")
    assert (response_of(desk) != before) is moves
    assert response_of(desk).isoformat() in out
    assert mended_dates(desk) == ()
    assert any("was mended after you asked" in heard for heard in person.heard)


def test_nothing_is_asked_again_after_a_decision_about_one_of_two(desk: Desk, shelf: Shelf) -> None:
    wanted = ToAsk(
        to="other@acme-data.example.com", company="B", rights=(Right.DELETE,), find_by=()
    )
    (message,) = request_with_person(desk, JORDAN, wanted)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    shelf.mend(shorter)
    first, second = mended_dates(desk)
    keep_old(desk, first)
    left: tuple[Mended, ...] = mended_dates(desk)
    assert [each.request.id for each in left] == [second.request.id]

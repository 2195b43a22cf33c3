"""What happened to a request, day by day: each thing once, what is due apart from what was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.catalog.brokers import find_broker
from optout.cli import status as status_command
from optout.errors import WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.record import Answer
from optout.model.words import By, Right
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.record_answer import MOST_BYTES, Paper, record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.timeline import timeline
from tests.conftest import World, desk_without_browser

COMPANY = Slug("appriss-insights")
BOTH = (Right.OPT_OUT, Right.ACCESS)
PAPER = Paper(name="answer.pdf", content=b"%PDF-1.7 what they wrote")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path)


def posted(world: World, desk: Desk) -> str:
    subject = world.person()
    requests = [world.request(subject, broker=COMPANY, right=right) for right in BOTH]
    message = world.message(subject, *requests, broker=COMPANY, by=By.POST, channel_right=BOTH[0])
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    return message.reference


def test_what_happened_stands_in_the_order_of_its_days(world: World, desk: Desk) -> None:
    reference = posted(world, desk)
    world.clock.forward(days=9)
    record_answer(desk, reference, Answer.DENIED, right=Right.ACCESS, attachment=PAPER)
    line = timeline(desk, reference)
    days = [each.on for each in line.moments]
    assert days == sorted(days)
    assert line.company == find_broker(COMPANY).called()
    said = [each.said.english() for each in line.moments if not each.due]
    assert said[0] == "Put on your list"
    assert len(said) == len(set(said)), "a letter of two rights left once"
    assert said[-1] == "show me what you have: Their answer: they said no"
    (answer,) = (each for each in line.moments if each.proofs)
    assert desk.vault.evidence.read(answer.proofs[0].id) == PAPER.content
    assert answer.proofs[0].media_type == "application/pdf"
    assert any(each.due and not each.late for each in line.moments)


def test_a_letter_came_back_on_the_day_on_which_it_did(world: World, desk: Desk) -> None:
    reference = posted(world, desk)
    sent = desk.today(world.vault.subjects.list()[0])
    world.clock.forward(days=9)
    came = sent + timedelta(days=7)
    assert "did not get it" not in told_on(desk, reference, came), "the control"
    record_answer(desk, reference, Answer.RETURNED, on=came)
    assert "did not get it: it came back" in told_on(desk, reference, came)
    assert "did not get it" not in told_on(desk, reference, sent)


def told_on(desk: Desk, reference: str, day: date) -> str:
    line = timeline(desk, reference)
    return " / ".join(each.said.english() for each in line.moments if each.on == day)


def test_a_day_that_passed_is_late_only_while_nothing_came(world: World, desk: Desk) -> None:
    reference = posted(world, desk)
    assert not any(each.late for each in timeline(desk, reference).moments)
    world.clock.forward(days=120)
    late = [each for each in timeline(desk, reference).moments if each.late]
    assert late
    assert all(each.due and each.on < timeline(desk, reference).today for each in late)


def test_it_stands_in_the_terminal_too(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = posted(world, desk)
    monkeypatch.setattr(status_command, "open_desk", lambda: desk)
    status_command.status(reference.lower())
    printed = capsys.readouterr().out
    assert "Put on your list" in printed
    assert "request, by post: sent" in printed


def test_a_paper_that_is_too_large_is_refused_before_anything_is_kept(
    world: World, desk: Desk
) -> None:
    reference = posted(world, desk)
    world.clock.forward(days=3)
    large = Paper(name="scan.pdf", content=bytes(MOST_BYTES + 1))
    with pytest.raises(Exception, match="25 MB"):
        record_answer(desk, reference, Answer.DENIED, right=Right.ACCESS, attachment=large)
    assert not any(each.proofs for each in timeline(desk, reference).moments)
    fits = Paper(name="scan.pdf", content=b"fits")
    record_answer(desk, reference, Answer.DENIED, right=Right.ACCESS, attachment=fits)
    assert any(each.proofs for each in timeline(desk, reference).moments), "the control"


def test_a_company_that_is_gone_keeps_its_days(world: World, desk: Desk) -> None:
    reference = posted(world, desk)

    def gone(_slug: str) -> Broker:
        raise WrongUsage(Text("There is no such company."))

    line = timeline(replace(desk, find_broker=gone), reference)
    assert line.company == COMPANY
    assert line.moments == timeline(desk, reference).moments


def test_nobody_got_what_still_lies_in_the_persons_hands(world: World, desk: Desk) -> None:
    subject = world.person()
    request = world.request(subject, broker=COMPANY, right=Right.OPT_OUT)
    message = world.message(subject, request, broker=COMPANY, by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))

    def told() -> str:
        said = (each.said.english() for each in timeline(desk, message.reference).moments)
        return "\n".join(said)

    assert " gets, when you send it: " in told()
    assert " got: " not in told()
    mark_sent(desk, message.reference)
    assert " got: " in told()  # the control
    assert " gets, " not in told()

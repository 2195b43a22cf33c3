"""One answer to several things of one letter: each is written down, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from optout.cli import record as record_command
from optout.errors import Refused, WrongUsage
from optout.model.record import Answer, Correspondence
from optout.model.request import Delivery, Request, Status
from optout.model.words import By, Right
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.desk import Desk
from optout.workflows.record_answer import record_answer, record_answers
from optout.workflows.send_paper import mark_sent
from tests.conftest import World, desk_without_browser

COMPANY = "appriss-insights"
ALL = (Right.OPT_OUT, Right.ACCESS, Right.DELETE)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


@pytest.fixture
def asked(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Mapping[Right, Request]:
    """One letter that asks for three things; nine days ago it was sent."""
    subject = world.person()
    found = {each: world.request(subject, broker=COMPANY, right=each) for each in ALL}
    message = world.message(subject, *found.values(), broker=COMPANY, by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    world.clock.forward(days=9)
    monkeypatch.setattr(record_command, "open_desk", lambda: desk)
    return found


def letter(world: World, asked: Mapping[Right, Request]) -> str:
    (message,) = world.vault.messages.for_request(asked[Right.DELETE].id)
    return message.reference


def statuses(world: World, asked: Mapping[Right, Request]) -> list[Status]:
    return [world.vault.requests.get(each.id).status for each in asked.values()]


def test_each_right_that_is_named_gets_the_answer_and_the_others_none(
    world: World, asked: Mapping[Right, Request]
) -> None:
    reference = letter(world, asked)
    with pytest.raises(WrongUsage, match="does not ask for that"):
        record_command.record(reference, Answer.FULFILLED, rights=[Right.ACCESS, Right.FREEZE])
    assert statuses(world, asked) == [Status.OPEN] * 3
    record_command.record(
        reference, Answer.FULFILLED, rights=[Right.ACCESS, Right.DELETE, Right.ACCESS]
    )
    assert statuses(world, asked) == [Status.OPEN, Status.FULFILLED, Status.FULFILLED]


def test_where_one_of_them_is_written_already_none_is(
    world: World, desk: Desk, asked: Mapping[Right, Request], tmp_path: Path
) -> None:
    reference, paper = letter(world, asked), tmp_path / "answer.txt"
    paper.write_text("We did it.", encoding="utf-8")
    record_answer(desk, reference, Answer.FULFILLED, right=Right.DELETE)
    never = replace(desk, person=ScriptedPerson(says_yes=False))
    for rights in ((Right.OPT_OUT, Right.DELETE), (Right.DELETE, Right.OPT_OUT)):
        with pytest.raises(Refused, match="written down already") as refused:
            record_answers(never, reference, Answer.FULFILLED, rights, attachment=paper)
        assert "Nothing was changed." in str(refused.value.known)
        assert statuses(world, asked) == [Status.OPEN, Status.OPEN, Status.FULFILLED]
        assert not world.vault.evidence.for_request(asked[Right.OPT_OUT].id)
    record_answers(never, reference, Answer.FULFILLED, (Right.OPT_OUT,), attachment=paper)
    assert world.vault.evidence.for_request(asked[Right.OPT_OUT].id), "the control"


def test_what_fails_while_the_second_is_written_takes_the_first_back(
    world: World, desk: Desk, asked: Mapping[Right, Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    add, told = world.vault.correspondence.add, []

    def fails_later(entry: Correspondence, **what: object) -> None:
        told.append(entry)
        if len(told) > 1:
            raise OSError
        add(entry, **what)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(world.vault.correspondence, "add", fails_later)
    with pytest.raises(OSError):
        record_answers(desk, letter(world, asked), Answer.FULFILLED, (Right.OPT_OUT, Right.DELETE))
    assert len(told) == 2
    assert statuses(world, asked) == [Status.OPEN] * 3


def test_an_answer_to_several_things_shows_once_that_they_arrived(world: World, desk: Desk) -> None:
    subject = world.person()
    both = [world.request(subject, broker=COMPANY, right=each) for each in ALL[:2]]
    message = world.message(subject, *both, broker=COMPANY, by=By.EMAIL)
    world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.unknown("no-confirmation-seen")
    recorded = record_answers(desk, message.reference, Answer.FULFILLED, ALL[:2])
    assert [each.request.status for each in recorded] == [Status.FULFILLED] * 2
    assert world.vault.messages.get(message.id).delivery is Delivery.SENT

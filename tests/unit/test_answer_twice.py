"""The same answer of the same day is written down twice only where a person says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from optout.errors import Refused
from optout.model.record import Answer, Wanted
from optout.model.request import Request
from optout.model.words import By
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.desk import Desk
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from tests.conftest import World, desk_without_browser


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    calm = desk_without_browser(world, tmp_path / "out")
    return replace(calm, person=ScriptedPerson(says_yes=False))


@pytest.fixture
def asked(world: World, desk: Desk) -> Request:
    subject = world.person()
    request = world.request(subject, broker="appriss-insights")
    message = world.message(subject, request, broker="appriss-insights", by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    world.clock.forward(days=9)
    return request


def kept(world: World, request: Request) -> list[Answer]:
    return [each.answer for each in world.vault.correspondence.for_request(request.id)]


def test_who_says_that_it_is_the_same_letter_writes_it_once(
    world: World, desk: Desk, asked: Request
) -> None:
    first = record_answer(desk, asked.reference, Answer.ACKNOWLEDGED)
    with pytest.raises(Refused, match="written down already") as refused:
        record_answer(desk, asked.reference, Answer.ACKNOWLEDGED)
    assert "they got it" in refused.value.what.english()
    assert kept(world, asked) == [Answer.ACKNOWLEDGED]
    came = first.correspondence.received_on
    record_answer(desk, asked.reference, Answer.ACKNOWLEDGED, on=came - timedelta(days=1))
    record_answer(desk, asked.reference, Answer.FULFILLED)
    assert len(kept(world, asked)) == 3, "the control: another day, another answer"


def test_who_got_two_of_them_writes_both(world: World, desk: Desk, asked: Request) -> None:
    record_answer(desk, asked.reference, Answer.ACKNOWLEDGED)
    sure = replace(desk, person=ScriptedPerson(says_yes=True))
    record_answer(sure, asked.reference, Answer.ACKNOWLEDGED)
    assert kept(world, asked) == [Answer.ACKNOWLEDGED] * 2


def test_two_things_that_they_want_are_two_answers(
    world: World, desk: Desk, asked: Request
) -> None:
    for wanted in (Wanted.ID_COPY, Wanted.NOTARY):
        record_answer(desk, asked.reference, Answer.NEEDS_MORE, exemption=wanted)
    assert len(kept(world, asked)) == 2
    with pytest.raises(Refused):
        record_answer(desk, asked.reference, Answer.NEEDS_MORE, exemption=Wanted.NOTARY)

"""Proves what follows where days meet, letters split or return, and two things happen at once."""

from __future__ import annotations

from datetime import timedelta

from optout.model.record import Answer
from optout.model.request import Message, Purpose
from optout.sample.people import JORDAN
from optout.workflows.desk import Desk
from optout.workflows.follow_up import follow_up, steps_due
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from tests.conftest import World
from tests.unit.test_follow_up import asked, filed, purposes, sent
from tests.unit.test_follow_up import desk as _desk
from tests.unit.test_follow_up import person as _person

desk, person = _desk, _person  # the fixtures of the steps, on the same folder


def appealed_on_the_day_of_the_refusal(world: World, desk: Desk) -> Message:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=5)
    record_answer(desk, request.reference, Answer.DENIED)
    return filed(desk, follow_up(desk, request.reference))


def test_a_refusal_of_the_day_of_the_appeal_is_what_was_appealed(world: World, desk: Desk) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    assert appeal.purpose is Purpose.APPEAL
    assert steps_due(desk) == ()
    world.clock.forward(days=45)  # the time that they have to decide
    assert steps_due(desk) == ()
    world.clock.forward(days=7)
    (step,) = steps_due(desk)
    assert step.rung.purpose is Purpose.COMPLAINT
    assert "no decision came" in step.rung.why.english()


def test_a_refusal_after_the_appeal_is_its_end_and_so_is_one_that_says_so(
    world: World, desk: Desk
) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    record_answer(desk, appeal.reference, Answer.APPEAL_DENIED)  # on the same day
    assert purposes(desk) == [Purpose.COMPLAINT]
    world.clock.forward(days=1)
    again = appealed_on_the_day_of_the_refusal(world, desk)
    assert purposes(desk) == [Purpose.COMPLAINT]  # of the first alone
    world.clock.forward(days=1)
    recorded = record_answer(desk, again.reference, Answer.DENIED)
    assert recorded.correspondence.answer is Answer.APPEAL_DENIED
    assert purposes(desk) == [Purpose.COMPLAINT, Purpose.COMPLAINT]


def test_the_day_of_an_appeal_can_be_corrected_after_a_refusal_of_its_day(
    world: World, desk: Desk
) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    world.clock.forward(days=3)
    later = desk.today(JORDAN) - timedelta(days=1)
    assert mark_sent(desk, appeal.reference, on=later).message.posted_on == later

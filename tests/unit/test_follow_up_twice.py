"""Proves what follows where days meet, letters split or return, and two things happen at once."""

from __future__ import annotations

from datetime import timedelta

from optout.model.record import Answer
from optout.model.request import Delivery, Message, Purpose
from optout.model.words import By
from optout.sample.people import JORDAN
from optout.workflows.desk import Desk
from optout.workflows.file_message import file_message
from optout.workflows.follow_up import follow_up, steps_due
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from tests.conftest import World
from tests.unit.test_follow_up import asked, filed, purposes, sent, silent, text_of
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


def sent_anew(desk: Desk) -> tuple[Message, ...]:
    """Send what waits after a return."""
    drafts = [
        each
        for each in desk.vault.messages.list(deliveries=(Delivery.DRAFT,))
        if each.purpose is Purpose.REQUEST
    ]
    found = []
    for each in drafts:
        file_message(desk, each.reference)
        found.append(mark_sent(desk, each.reference).message)
    return tuple(found)


def test_a_reminder_of_what_came_back_is_no_step_after_what_was_sent_anew(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, by=By.POST)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=3)
    record_answer(desk, request.reference, Answer.RETURNED)
    (anew,) = sent_anew(desk)
    world.clock.forward(days=70)
    assert purposes(desk) == [Purpose.REMINDER]  # not an appeal: it was never reminded of
    reminder = filed(desk, follow_up(desk, anew.reference))
    world.clock.forward(days=20)
    assert purposes(desk) == [Purpose.APPEAL]  # the control: this reminder counts
    assert reminder.posted_on


def test_a_letter_that_split_after_a_return_is_followed_up_as_two(world: World, desk: Desk) -> None:
    request = silent(world, desk, rights=("delete", "access"), by=By.POST)
    record_answer(desk, request.reference, Answer.RETURNED)
    anew = sent_anew(desk)
    assert len(anew) == len({each.reference for each in anew}) == 2
    world.clock.forward(days=70)
    done = follow_up(desk, request.reference)  # the old reference still names both
    assert [len(each.request_ids) for each in done.drafted] == [1, 1]
    for asked_in, reminder in zip(anew, done.drafted, strict=True):
        assert reminder.request_ids == asked_in.request_ids
        assert asked_in.reference in text_of(desk, reminder)

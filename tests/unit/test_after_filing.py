"""Proves what happens after a request left: doubts, answers, dates and tasks, on a real vault."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.record import Answer, DeadlineKind, TaskKind
from optout.model.request import Delivery, Message, Status
from optout.model.words import By
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.accept_plan import answered_before
from optout.workflows.desk import Desk
from optout.workflows.reconcile import reconcile
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import dues, settle_tasks, standings, to_do
from tests.conftest import World, desk_without_browser

COMPANY = Slug("lexisnexis-risk")
BY_POST = Slug("appriss-insights")


@dataclass(slots=True)
class Says(ScriptedPerson):
    """Chooses what the test says."""

    choice: str = "later"
    offered: list[str] = field(default_factory=list)

    def choose(self, question, options, *, default=""):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, ARG002 - as the port has it
        self.heard.append(question.template)
        self.offered.extend(option.key for option in options)
        return self.choice


@pytest.fixture
def person() -> Says:
    return Says()


@pytest.fixture
def desk(world: World, person: Says, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out", person=person)


def unknown(world: World) -> Message:
    subject = world.person()
    request = world.request(subject, broker=COMPANY)
    message = world.message(subject, request, broker=COMPANY, channel_right=request.right)
    world.vault.messages.set_ready(message.id)
    attempt = world.begin(world.vault.messages.get(message.id))
    attempt.sending()
    with attempt:
        attempt.unknown("no-confirmation-seen")
    return world.vault.messages.get(message.id)


def in_their_hands(world: World) -> Message:
    subject = world.person()
    request = world.request(subject, broker=BY_POST)
    message = world.message(subject, request, broker=BY_POST, by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    return world.vault.messages.get(message.id)


def only_request(desk: Desk) -> str:
    (request,) = desk.vault.requests.list()
    return request.reference


def test_an_answer_settles_the_doubt_and_starts_the_clocks(world: World, desk: Desk) -> None:
    message = unknown(world)
    world.clock.forward(days=3)
    recorded = record_answer(desk, only_request(desk), Answer.ACKNOWLEDGED)
    assert desk.vault.messages.get(message.id).delivery is Delivery.SENT
    assert recorded.request.status is Status.IN_PROGRESS
    assert DeadlineKind.RESPONSE in {each.deadline.kind for each in dues(desk)}


def test_a_refusal_is_to_be_read_and_is_not_asked_again_by_itself(world: World, desk: Desk) -> None:
    message = in_their_hands(world)
    mark_sent(desk, message.reference)
    world.clock.forward(days=20)
    record_answer(desk, only_request(desk), Answer.DENIED)
    (item,) = to_do(desk)
    assert "why" in item.what.template
    assert "refused" in item.what.template
    subject = desk.vault.subjects.list()[0]
    ((asked, why),) = answered_before(desk, subject).items()
    assert asked == (message.broker, desk.vault.requests.list()[0].right)
    assert "the answer was" in why.template
    settle_tasks(desk, message.reference)
    assert to_do(desk) == ()
    world.clock.forward(days=360)
    assert answered_before(desk, subject) == {}  # a year later it may be asked again


def test_a_doubt_stays_until_somebody_knows(world: World, desk: Desk, person: Says) -> None:
    message = unknown(world)
    with pytest.raises(NeedsPerson):
        reconcile(desk, message.reference)
    assert desk.vault.messages.get(message.id).delivery is Delivery.UNKNOWN
    assert "again" not in person.offered
    assert any(item.reference == message.reference for item in to_do(desk))


def test_sending_again_is_offered_after_ten_days_and_needs_a_typed_word(
    world: World, desk: Desk, person: Says
) -> None:
    message = unknown(world)
    world.clock.forward(days=11)
    person.choice = "again"
    person.says_yes = False
    with pytest.raises(Refused):
        reconcile(desk, message.reference)
    person.says_yes = True
    assert reconcile(desk, message.reference).message.delivery is Delivery.READY


def test_what_was_seen_is_sent(world: World, desk: Desk, person: Says) -> None:
    message = unknown(world)
    person.choice = "saw"
    assert reconcile(desk, message.reference).message.delivery is Delivery.SENT


def test_a_restored_draft_can_be_made_ready_at_once(world: World, desk: Desk, person: Says) -> None:
    subject = world.person()
    request = world.request(subject, broker=COMPANY)
    message = world.message(subject, request, broker=COMPANY)
    world.vault.outbox.unsettle()
    assert world.vault.messages.get(message.id).delivery is Delivery.UNKNOWN
    person.choice = "never"
    assert reconcile(desk, message.reference).message.delivery is Delivery.READY


def test_a_letter_counts_from_five_days_after_posting(world: World, desk: Desk) -> None:
    message = in_their_hands(world)
    mark_sent(desk, message.reference)
    (due,) = [each for each in dues(desk) if each.deadline.kind is DeadlineKind.RESPONSE]
    posted = desk.today(desk.vault.subjects.list()[0])
    assert due.deadline.due_on >= posted + timedelta(days=50)
    assert not due.overdue


def test_a_letter_is_not_posted_before_it_was_written_or_tomorrow(world: World, desk: Desk) -> None:
    message = in_their_hands(world)
    today = desk.today(desk.vault.subjects.list()[0])
    for on in (today - timedelta(days=1), today + timedelta(days=1), date(2020, 1, 1)):
        with pytest.raises(WrongUsage):
            mark_sent(desk, message.reference, on=on)
    assert desk.vault.messages.get(message.id).delivery is Delivery.HANDED_OVER


def test_nobody_is_called_late_before_the_grace_days_are_over(world: World, desk: Desk) -> None:
    message = in_their_hands(world)
    mark_sent(desk, message.reference)
    (due,) = [each for each in dues(desk) if each.deadline.kind is DeadlineKind.RESPONSE]
    start = desk.today(desk.vault.subjects.list()[0])
    world.clock.forward(days=(due.deadline.grace_until - start).days)
    assert not any(each.overdue for each in dues(desk))
    world.clock.forward(days=1)
    assert any(each.overdue for each in dues(desk))


def test_a_fulfilled_request_is_looked_at_again_and_no_longer_waited_for(
    world: World, desk: Desk
) -> None:
    message = in_their_hands(world)
    mark_sent(desk, message.reference)
    world.clock.forward(days=10)
    record_answer(desk, only_request(desk), Answer.FULFILLED)
    assert {each.deadline.kind for each in dues(desk)} == {DeadlineKind.RECHECK}
    assert standings(desk)[0].request.status is Status.FULFILLED


def test_a_file_that_came_back_waits_for_a_decision(world: World, desk: Desk) -> None:
    message = in_their_hands(world)
    mark_sent(desk, message.reference)
    world.clock.forward(days=10)
    reference = only_request(desk)
    record_answer(desk, reference, Answer.FILE_RECEIVED)
    assert TaskKind.KEEP_OR_DESTROY in {task.kind for task in desk.vault.tasks.open()}
    settle_tasks(desk, reference)
    assert desk.vault.tasks.open() == ()
    with pytest.raises(WrongUsage):
        settle_tasks(desk, reference)


def test_an_answer_before_sending_is_refused(world: World, desk: Desk) -> None:
    subject = world.person()
    world.message(subject, world.request(subject, broker=COMPANY), broker=COMPANY)
    with pytest.raises(Refused):
        record_answer(desk, only_request(desk), Answer.DENIED)

"""Proves what `status`, `next` and `due` read, and that a longer list asks no more questions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from optout.catalog.brokers import NoSuchBroker
from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.record import Deadline, DeadlineKind, EvidenceKind, Task, TaskKind
from optout.model.request import Delivery, Message, RequestId, Status
from optout.model.words import Right
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.desk import Desk
from optout.workflows.standing import dues, standings, to_do
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from optout.model.broker import Broker


def unused(*_: object) -> None:
    pytest.fail("reading a list opens no browser and lists no catalog")


@pytest.fixture
def asked() -> list[str]:
    """Each definition that was read."""
    return []


@pytest.fixture
def desk(world: World, tmp_path: Path, asked: list[str]) -> Desk:
    def gone(slug: str) -> Broker:
        asked.append(slug)
        raise NoSuchBroker(Text("gone"))

    return desk_without_browser(world, tmp_path, find_broker=gone, list_brokers=unused)


def sent(world: World, message: Message, *days: int) -> None:
    """File a message with a proof; each request's answers are due so many days from now."""
    today = world.clock().date()
    dates = tuple(
        Deadline(
            kind=DeadlineKind.RESPONSE,
            due_on=today + timedelta(days=ahead),
            basis="C.R.S. 6-1-1306(2)(a)",
            grace_until=today + timedelta(days=ahead + 3),
        )
        for ahead in days
    )
    with world.begin(message) as attempt:
        attempt.sending()
        world.vault.evidence.store(
            message.subject_id,
            EvidenceKind.CONFIRMATION,
            "image/jpeg",
            b"picture",
            message_id=message.id,
        )
        attempt.sent(deadlines=dict.fromkeys(message.request_ids, dates))


def a_few(world: World, count: int) -> list[Message]:
    """Return messages of one person, each to another company, all waiting to be sent."""
    subject = world.person()
    messages = []
    for number in range(count):
        request = world.request(subject, broker=Slug(f"company-{number}"))
        messages.append(world.message(subject, request, broker=Slug(f"company-{number}")))
        world.vault.messages.set_ready(messages[-1].id)
    return messages


def test_the_status_shows_the_four_tracks_of_each_request(world: World, desk: Desk) -> None:
    subject = world.person()
    first, second = world.request(subject), world.request(subject, right=Right.DELETE)
    both = world.message(subject, first, second)
    alone = world.message(subject, first)
    world.vault.messages.set_ready(both.id)
    sent(world, both, 45, 10)
    world.vault.evidence.store(
        subject.id,
        EvidenceKind.REPLY,
        "message/rfc822",
        b"mail",
        message_id=both.id,
        request_id=first.id,
    )
    one, other = standings(desk)
    assert (one.request.id, other.request.id) == (first.id, second.id)
    assert (one.message.id, one.message.delivery) == (alone.id, Delivery.DRAFT)
    assert (other.message.id, other.message.delivery) == (both.id, Delivery.SENT)
    assert one.disclosed == other.disclosed == (Field.FULL_NAME, Field.EMAIL)
    assert (one.evidence, other.evidence) == (2, 2)
    assert one.next_date is not None
    assert one.next_date.due_on == world.clock().date() + timedelta(days=10)
    assert one.request.status is Status.OPEN


def test_a_met_date_is_no_next_date(world: World, desk: Desk) -> None:
    (message,) = a_few(world, 1)
    sent(world, message, 10)
    (stored,) = world.vault.deadlines.for_request(message.request_ids[0])
    world.vault.deadlines.mark_met(stored.id)
    assert standings(desk)[0].next_date is None


def test_the_status_of_one_person_shows_nobody_else(world: World, desk: Desk) -> None:
    subject, other = world.person(), world.person("Alex")
    own, theirs = world.request(subject), world.request(other)
    world.message(subject, own)
    world.message(other, theirs)
    assert [each.request.id for each in standings(desk, subject)] == [own.id]
    assert len(standings(desk)) == 2


def test_a_company_whose_definition_is_gone_stops_no_list(
    world: World, desk: Desk, asked: list[str]
) -> None:
    messages = a_few(world, 2)
    sent(world, messages[0], 5)
    assert {each.company for each in standings(desk)} == {"company-0", "company-1"}
    assert [each.company for each in dues(desk)] == ["company-0"]
    assert "company-1" in to_do(desk)[0].what.english()
    assert len(asked) == 2 + 1 + 1  # each list reads each definition once


def test_tasks_name_what_they_hang_on(world: World, desk: Desk) -> None:
    messages = a_few(world, 2)
    hanging = (
        {"message_id": messages[0].id, "request_id": None},
        {"message_id": None, "request_id": messages[1].request_ids[0]},
    )
    for about in hanging:
        world.vault.tasks.add(
            Task(id=new_id(), kind=TaskKind.CALL, minutes=7, created_at=world.clock(), **about)
        )
    seven = [item.reference for item in to_do(desk) if item.minutes == 7]
    assert seven == [messages[0].reference, messages[1].reference]


def test_a_date_is_late_only_after_its_grace_days(world: World, desk: Desk) -> None:
    (message,) = a_few(world, 1)
    sent(world, message, 10)
    for ahead, late in ((10, False), (3, False), (1, True)):
        world.clock.forward(days=ahead)
        assert [each.overdue for each in dues(desk)] == [late]
        assert [item.minutes == 5 for item in to_do(desk)] == [True] * late


READINGS: dict[str, Callable[[Desk], object]] = {
    "status": standings,
    "next": to_do,
    "due": dues,
}


def questions(desk: Desk, reading: Callable[[Desk], object]) -> list[str]:
    said: list[str] = []
    desk.vault.db.connection.set_trace_callback(said.append)
    reading(desk)
    desk.vault.db.connection.set_trace_callback(None)
    return said


@pytest.mark.parametrize("name", READINGS)
def test_a_longer_list_asks_no_more_questions(world: World, desk: Desk, name: str) -> None:
    def grow(count: int) -> int:
        messages = a_few(world, count)
        for message in messages[::2]:
            sent(world, message, 1)
        for message in messages[1::2]:
            world.vault.tasks.add(
                Task(
                    id=new_id(),
                    kind=TaskKind.CALL,
                    message_id=message.id,
                    minutes=7,
                    created_at=world.clock(),
                )
            )
        return len(questions(desk, READINGS[name]))

    few = grow(2)
    of_one_more_person = 4 if name == "due" else 0  # each person's day is looked up once
    assert 0 < grow(20) <= few + of_one_more_person


def test_a_question_for_each_row_would_be_noticed(world: World, desk: Desk) -> None:
    messages = a_few(world, 5)
    ids = [RequestId(message.request_ids[0]) for message in messages]
    asked = questions(desk, lambda desk: [desk.vault.requests.get(each) for each in ids])
    assert len(asked) == 5

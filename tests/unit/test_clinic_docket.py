"""The docket shows every open client's dates and work once; a calendar names nobody."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from optout.errors import NeedsPerson, WrongUsage
from optout.model.record import Deadline, DeadlineKind, Task, TaskKind
from optout.model.request import Delivery, Message
from optout.model.subject import Subject
from optout.model.words import By
from optout.vault.ids import new_id
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.docket import Docket, docket, next_session, write_calendars
from tests.conftest import NOW, World, desk_without_browser

TODAY = NOW.date()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example", "Sam Example"], four_eyes=True)
    return desk_without_browser(world, tmp_path)


def client(world: World, name: str, responsible: str) -> Subject:
    subject = world.person(name)
    world.vault.matters.change(subject.id, number="", responsible=responsible)
    return subject


def sent(world: World, subject: Subject, due_in: int) -> Message:
    """Return a letter that was sent, with one date so many days away."""
    request = world.request(subject)
    message = world.message(subject, request)
    world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent("")
    due = TODAY + timedelta(days=due_in)
    world.vault.deadlines.add(
        request.id,
        [
            Deadline(
                kind=DeadlineKind.RESPONSE,
                due_on=due,
                basis="C.R.S. 6-1-1306(2)(a)",
                grace_until=due + timedelta(days=5),
            )
        ],
    )
    return message


def link(world: World, message: Message, days: int) -> None:
    world.vault.tasks.add(
        Task(
            id=new_id(),
            kind=TaskKind.CONFIRM_EMAIL,
            message_id=message.id,
            minutes=3,
            not_after=NOW + timedelta(days=days),
            created_at=NOW,
        )
    )


def of(parts: tuple[Docket, ...], name: str) -> Docket:
    return next(part for part in parts if part.responsible == name)


def test_each_client_stands_with_whoever_answers_for_them(desk: Desk, world: World) -> None:
    robins = client(world, "Jordan", "Robin Example")
    nobodys = client(world, "Alex", "")
    late, soon = sent(world, robins, -30), sent(world, nobodys, 3)
    parts = docket(desk)
    assert [part.responsible for part in parts] == ["Robin Example", "Sam Example", ""]
    assert [each.reference for each in of(parts, "Robin Example").passed] == [late.reference]
    assert of(parts, "Robin Example").passed[0].late
    assert of(parts, "Robin Example").passed[0].steps
    assert [each.reference for each in of(parts, "").due] == [soon.reference]
    assert of(parts, "Robin Example").waiting == of(parts, "").waiting == 1
    assert [part.responsible for part in docket(desk, by="robin example")] == ["Robin Example"]
    assert not of(docket(desk, within_days=2), "").due
    with pytest.raises(WrongUsage, match="not one of the people"):
        docket(desk, by="Nobody Example")


def test_a_day_that_passed_is_not_called_late_within_the_grace_days(
    desk: Desk, world: World
) -> None:
    sent(world, client(world, "Jordan", "Sam Example"), -2)
    passed = of(docket(desk), "Sam Example").passed
    assert [each.late for each in passed] == [False]


def test_a_closed_file_is_not_on_it(desk: Desk, world: World) -> None:
    subject = client(world, "Jordan", "Robin Example")
    link(world, sent(world, subject, 3), 3)
    part = of(docket(desk), "Robin Example")
    assert (part.clients, len(part.due), len(part.appointments), part.waiting) == (1, 1, 1, 1)
    world.vault.matters.close(subject.id)
    part = of(docket(desk), "Robin Example")
    assert (part.clients, len(part.due), len(part.appointments), part.waiting) == (0, 0, 0, 0)


def test_what_needs_the_client_is_one_appointment_and_letters_are_counted(
    desk: Desk, world: World
) -> None:
    subject = client(world, "Jordan", "Robin Example")
    for _twice in range(2):
        message = world.ready(subject, delete=_twice)
        world.vault.messages.get(message.id)
    letter = world.message(subject, world.request(subject, broker="nctue"), by=By.POST)
    assert letter.delivery is Delivery.DRAFT
    part = of(docket(desk), "Robin Example")
    (made,) = part.appointments
    assert len(made.errands) == 2
    assert made.minutes == sum(each.minutes for each in made.errands)
    assert part.to_approve == 1


def test_what_dies_before_the_next_session_is_named(desk: Desk, world: World) -> None:
    subject = client(world, "Jordan", "Robin Example")
    link(world, sent(world, subject, 30), 2)
    part = of(docket(desk), "Robin Example")
    assert next_session(desk) == TODAY + timedelta(days=7)
    assert [each.until for _who, each in part.dying(next_session(desk))] == [date(2026, 11, 25)]
    assert part.dying(date(2026, 11, 24)) == (), "the control: a session before it dies"


def test_a_calendar_for_each_person_says_nothing_about_anybody(
    desk: Desk, world: World, tmp_path: Path
) -> None:
    for name, responsible in (("Jordan", "Robin Example"), ("Alex", "Sam Example")):
        link(world, sent(world, client(world, name, responsible), 3), 2)
    written = write_calendars(desk, docket(desk))
    assert [path.name for _who, path in written] == ["dates-1.ics", "dates-2.ics"]
    whole = b"".join(path.read_bytes() for _who, path in written)
    titles = [
        str(event["summary"])
        for _who, path in written
        for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    ]
    assert len(titles) == 4
    assert all(title.startswith("Look at ") for title in titles)
    for telling in (b"Jordan", b"Alex", b"Robin", b"People Search", b"opt"):
        assert telling.lower() not in whole.lower()
    listed = {each.path.reveal() for each in world.vault.exports.list()}
    assert listed == {str(path) for _who, path in written}
    only = write_calendars(desk, docket(desk, by="Sam Example"))
    assert [path for _who, path in only] == [tmp_path / "dates-2.ics"], "the number stays"


def test_a_folder_that_is_no_offices_has_no_docket(world: World, tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="not set up"):
        docket(desk_without_browser(world, tmp_path))

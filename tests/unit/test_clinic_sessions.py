"""Nothing is begun whose link is dead before the client comes, unless the client is here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from optout.drafting.due_calendar import Entry, due_calendar
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.clinic import CheckResult
from optout.model.flow import ConfirmEmail, Flow, Leg
from optout.model.record import Task, TaskKind
from optout.model.request import Message
from optout.model.subject import Share, Subject
from optout.model.words import By
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk
from optout.workflows.docket import docket, write_appointments, write_calendars
from optout.workflows.file_message import file_message
from optout.workflows.give_clients import give_clients
from optout.workflows.sessions import is_dead_by, keep_session, next_session
from tests.conftest import NOW, World, desk_without_browser, sample_subject

BY_LINK = Slug("fastpeoplesearch")  # mails a link that dies after a day
TODAY = NOW.date()
HERE = "Are they here now"


class BrowserOpened(Exception):
    """The form would be opened now."""


def opens() -> NoReturn:
    raise BrowserOpened


@pytest.fixture
def person() -> ScriptedPerson:
    return ScriptedPerson()


@pytest.fixture
def desk(world: World, person: ScriptedPerson, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example", "Sam Example"], four_eyes=True)
    return desk_without_browser(world, tmp_path / "out", person=person, window=opens)


def form(world: World, subject: Subject) -> Message:
    return world.message(subject, world.request(subject, broker=BY_LINK), broker=BY_LINK)


@pytest.fixture
def client(world: World, desk: Desk) -> Subject:
    subject = sample_subject()
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    record_check(desk, search(desk.vault, subject), CheckResult.CLEAR, by="Robin Example")
    return subject


def within(desk: Desk, hours: int) -> Desk:
    """Return the desk in a world where the company's link lives so long; 0: it mails none."""
    broker = desk.find_broker(BY_LINK)

    def lives(leg: Leg) -> Leg:
        steps = (
            replace(step, within_hours=hours) if isinstance(step, ConfirmEmail) else step
            for step in leg.steps
        )
        return replace(leg, steps=tuple(steps))

    def changed(flow: Flow) -> Flow:
        legs = flow.leg if hours else flow.leg[:1]
        return replace(flow, leg=tuple(map(lives, legs)))

    found: Broker = replace(
        broker, flow={name: changed(each) for name, each in broker.flow.items()}
    )
    return replace(desk, find_broker=lambda _slug: found)


def test_what_dies_before_the_client_comes_is_held(
    world: World, desk: Desk, client: Subject, person: ScriptedPerson
) -> None:
    message = form(world, client)
    person.answers = {HERE: "no"}
    with pytest.raises(NeedsPerson, match="dies after 24 hours") as held:
        file_message(desk, message.reference)
    assert "Nothing was sent" in str(held.value)
    assert "November 30, 2026" in str(held.value), "the day on which to do it"
    assert message.reference in str(held.value)
    assert desk.vault.outbox.last_attempt(message.id) is None
    person.answers = {HERE: "yes"}
    with pytest.raises(BrowserOpened):
        file_message(desk, message.reference)


@pytest.mark.parametrize("hours", [0, 24 * 9])
def test_what_outlives_the_time_until_then_is_not_held(
    hours: int, world: World, desk: Desk, client: Subject, person: ScriptedPerson
) -> None:
    message = form(world, client)
    person.answers = {HERE: "no"}
    with pytest.raises(BrowserOpened):
        file_message(within(desk, hours), message.reference)
    assert not any(HERE in heard for heard in person.heard)
    with pytest.raises(NeedsPerson, match="dies after 72 hours"):
        file_message(within(desk, 72), message.reference)  # the control


def test_the_day_of_the_next_session_decides(
    world: World, desk: Desk, client: Subject, person: ScriptedPerson
) -> None:
    message, three_days = form(world, client), within(desk, 72)
    person.answers = {HERE: "no"}
    keep_session(desk, TODAY + timedelta(days=2))
    with pytest.raises(BrowserOpened):
        file_message(three_days, message.reference)
    keep_session(desk, TODAY + timedelta(days=3))  # on its last day it may be dead by then
    with pytest.raises(NeedsPerson, match="not here"):
        file_message(three_days, message.reference)
    assert is_dead_by(date(2026, 12, 1), date(2026, 12, 1))
    assert not is_dead_by(date(2026, 12, 2), date(2026, 12, 1))


def test_in_somebodys_own_folder_nobody_is_asked(
    world: World, tmp_path: Path, person: ScriptedPerson
) -> None:
    desk = desk_without_browser(world, tmp_path, person=person, window=opens)
    subject = sample_subject()
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    with pytest.raises(BrowserOpened):
        file_message(desk, form(world, subject).reference)
    assert person.heard == []


def test_the_next_session_is_kept_until_it_is_over(world: World, desk: Desk) -> None:
    assert next_session(desk) == TODAY + timedelta(days=7)
    keep_session(desk, TODAY + timedelta(days=3))
    assert next_session(desk) == TODAY + timedelta(days=3)
    world.clock.forward(days=3)
    assert next_session(desk) == TODAY + timedelta(days=10), "today it is, so the next one counts"
    for day in (TODAY, TODAY + timedelta(days=3)):
        with pytest.raises(WrongUsage, match="after today"):
            keep_session(desk, day)


def visit(world: World, name: str, responsible: str, *days: int) -> Subject:
    """Keep a client with a task for each of those days; 0 has none by which it is dead."""
    subject = world.person(name)
    world.vault.matters.change(subject.id, number="", responsible=responsible)
    for number, day in enumerate(days):
        broker = ("spokeo", "fastpeoplesearch", "peoplefinders")[number]
        request = world.request(subject, broker=broker)
        world.vault.tasks.add(
            Task(
                id=new_id(),
                kind=TaskKind.READ_ANSWER,
                message_id=None,
                request_id=request.id,
                minutes=5,
                not_after=NOW + timedelta(days=day) if day else None,
                created_at=NOW,
            )
        )
        world.message(subject, request, broker=broker)
    return subject


def test_an_appointment_is_one_entry_on_the_day_its_first_thing_dies(
    world: World, desk: Desk
) -> None:
    visit(world, "Jordan", "Robin Example", 0, 3, 2)
    visit(world, "Casey", "Robin Example", 0)
    session = TODAY + timedelta(days=4)
    ((_who, path),) = write_calendars(desk, docket(desk), session)
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    days = {str(event["summary"]): event.decoded("dtstart") for event in events}
    assert sorted(days.values()) == [TODAY + timedelta(days=2), session]
    assert all("minutes: " in title for title in days)
    before = {str(event["uid"]) for event in events}
    ((_who, path),) = write_calendars(desk, docket(desk), session)
    again = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert {str(event["uid"]) for event in again} == before


def test_appointments_are_printed_with_their_minutes_for_whoever_answers(
    world: World, desk: Desk
) -> None:
    visit(world, "Jordan", "Robin Example", 0, 3)
    visit(world, "Casey", "Sam Example", 0)
    written = write_appointments(desk, docket(desk), TODAY + timedelta(days=7))
    assert [who for who, _path in written] == ["Robin Example", "Sam Example"]
    robins, sams = (
        " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
        for _who, path in written
    )
    assert "1. Jordan" in robins
    assert "Minutes: " in robins
    assert "The first of it dies on November 26, 2026" in robins
    assert "Casey" not in robins
    assert "Casey" in sams, "the control"
    assert {each.what for each in desk.vault.exports.list()} == {"appointments"}


def test_clients_of_nobody_and_of_somebody_who_left_are_lost_by_no_list(
    world: World, desk: Desk
) -> None:
    """Both share one file; whoever left is found by name, and nobody's by a dash."""
    visit(world, "Jordan", "Kim Example", 2)
    visit(world, "Casey", "", 3)
    visit(world, "Alex", "Sam Example", 2)
    session = TODAY + timedelta(days=7)
    assert [part.responsible for part in docket(desk)][-2:] == ["Kim Example", ""]
    written = write_calendars(desk, docket(desk), session)
    assert [path.name for _who, path in written] == ["dates-2.ics", "dates-3.ics"]
    entries = Calendar.from_ical(written[1][1].read_bytes()).walk("VEVENT")
    assert len(entries) == 2
    assert [each.clients for each in docket(desk, by="kim example")] == [1]
    assert [each.responsible for each in docket(desk, by="-")] == [""]
    with pytest.raises(WrongUsage, match="not one of the people"):
        docket(desk, by="Lee Example")


def test_clients_of_somebody_who_left_are_given_to_another(world: World, desk: Desk) -> None:
    first = visit(world, "Jordan", "Kim Example", 2)
    visit(world, "Casey", "", 3)
    visit(world, "Alex", "Sam Example", 2)
    world.vault.matters.change(first.id, number="7", responsible="Kim Example")
    clients = chosen_clients(desk, ["1-3"])
    with pytest.raises(WrongUsage, match="not one of the people"):
        give_clients(desk, clients, "Kim Example")
    heard: list[str] = []
    asks = {"Clients named: 3. New for Sam Example: 2.": "no"}
    no = ScriptedPerson(answers=asks, listener=lambda text: heard.append(text.english()))
    says_no = replace(desk, person=no)
    with pytest.raises(Refused, match="You said no"):
        give_clients(says_no, clients, "Sam Example")
    assert [line.partition(" answers so far for: ")[0] for line in heard[:-1]] == [
        "Nobody",
        "Kim Example",
        "Sam Example",
    ]
    says_yes = replace(desk, person=ScriptedPerson())
    assert give_clients(says_yes, clients, "sam example") == ("Sam Example", 2)
    assert [(each.responsible, each.clients) for each in docket(desk)] == [
        ("Robin Example", 0),
        ("Sam Example", 3),
    ]
    assert sorted(each.number for each in world.vault.matters.list()) == ["", "", "7"]


def test_a_mail_to_send_stands_with_the_office_and_a_letter_is_counted(
    world: World, desk: Desk
) -> None:
    for name, by in (("Jordan", By.EMAIL), ("Casey", By.POST)):
        world.hand_over(world.ready(world.person(name), by=by))
    (part,) = (each for each in docket(desk) if each.clients)
    assert (part.in_hand, len(part.office)) == (1, 1)
    assert "Send the mail" in part.office[0].what.english()


def test_an_appointment_about_nothing_asked_yet_has_no_empty_title() -> None:
    entry = Entry(key="k", reference="", on=TODAY, items=2, minutes=10)
    (event,) = Calendar.from_ical(due_calendar([entry], written_at=NOW)).walk("VEVENT")
    assert str(event["summary"]) == "Paperwork (things to do: 2; minutes: 10)"

"""The docket shows every open client's dates and work once; a calendar names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from optout.errors import NeedsPerson, WrongUsage
from optout.model.broker import Slug
from optout.model.clinic import Allowed
from optout.model.fields import Field
from optout.model.flow import ConfirmEmail, Leg
from optout.model.record import Deadline, DeadlineKind, Task, TaskKind
from optout.model.request import Delivery, Message
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.vault.ids import new_id
from optout.workflows.authorizations import Scope, record_signature, take_back, write_in_own_name
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.docket import Docket, docket, write_calendars
from optout.workflows.sessions import next_session
from tests.conftest import NOW, World, desk_without_browser

TODAY = NOW.date()
FORM = Slug("fastpeoplesearch")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example", "Sam Example"], four_eyes=True)
    return desk_without_browser(world, tmp_path)


def client(world: World, name: str, responsible: str) -> Subject:
    subject = world.person(name)
    world.vault.matters.change(subject.id, number="", responsible=responsible)
    return subject


def sent(
    world: World,
    subject: Subject,
    due_in: int,
    *,
    kind: DeadlineKind = DeadlineKind.RESPONSE,
) -> Message:
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
                kind=kind,
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
    (told,) = (each.lateness.english() for each in passed)
    assert told == f"not yet: only after {TODAY + timedelta(days=3)}"


def test_a_day_by_which_nobody_owes_anything_says_so(desk: Desk, world: World) -> None:
    subject = client(world, "Jordan", "Sam Example")
    sent(world, subject, -30, kind=DeadlineKind.COMPANY_SAYS)
    sent(world, client(world, "Alex", "Sam Example"), -30)
    passed = of(docket(desk), "Sam Example").passed
    told = {each.kind: each.lateness.english() for each in passed}
    assert told == {
        DeadlineKind.COMPANY_SAYS: "no: they owe no answer by this day",
        DeadlineKind.RESPONSE: "late",
    }


def test_two_letters_to_one_company_say_what_each_asks(desk: Desk, world: World) -> None:
    subject = client(world, "Jordan", "Robin Example")
    for right in (Right.OPT_OUT, Right.ACCESS):
        world.message(subject, world.request(subject, right=right), channel_right=right)
    (made,) = of(docket(desk), "Robin Example").appointments
    said = {each.said().english().partition(": ")[0] for each in made.errands}
    assert said == {"stop selling and sharing", "show me what you have"}
    assert {each.client for each in made.errands} == {made.client}


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
    assert (part.to_approve, part.approved) == (1, 0)
    world.vault.messages.set_ready(letter.id)
    part = of(docket(desk), "Robin Example")
    assert (part.to_approve, part.approved) == (0, 1)


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
    written = write_calendars(desk, docket(desk), next_session(desk))
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
    only = write_calendars(desk, docket(desk, by="Sam Example"), next_session(desk))
    assert [path for _who, path in only] == [tmp_path / "dates-2.ics"], "the number stays"


def test_a_folder_that_is_no_offices_has_no_docket(world: World, tmp_path: Path) -> None:
    with pytest.raises(NeedsPerson, match="not set up"):
        docket(desk_without_browser(world, tmp_path))


def signed(desk: Desk, subject: Subject, *rights: Right, until: int = 90) -> str:
    """Write down that a client signed for these requests to the company."""
    lines = tuple(Allowed(broker=FORM, right=each, fields=tuple(Field)) for each in rights)
    scope = Scope(lines=lines, until=TODAY + timedelta(days=until))
    paper = write_in_own_name(desk, subject, scope)
    scan = desk.out_folder / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")
    record_signature(desk, paper.reference, scan)
    return paper.reference


def without_client(desk: Desk, **channel: object) -> Desk:
    """Return the desk in a world where the company mails no link."""
    real = desk.find_broker(FORM)
    flow = {name: replace(each, leg=each.leg[:1]) for name, each in real.flow.items()}
    channels = tuple(replace(each, **channel) for each in real.channel)  # type: ignore[arg-type] # real fields
    found = replace(real, flow=flow, channel=channels)
    return replace(desk, find_broker=lambda _slug: found)


def test_a_form_that_staff_may_file_takes_no_time_of_the_clients(desk: Desk, world: World) -> None:
    subject = client(world, "Jordan", "Robin Example")
    form = world.message(subject, world.request(subject, broker=FORM), broker=FORM)
    there = without_client(desk, attests=())
    (made,) = of(docket(there), "Robin Example").appointments
    assert made.minutes == made.errands[0].minutes > 0, "the control: nothing is signed"
    paper = signed(there, subject, Right.OPT_OUT)
    part = of(docket(there), "Robin Example")
    assert (part.appointments, part.to_approve, part.approved) == ([], 1, 0)
    world.vault.messages.set_ready(form.id)
    part = of(docket(there), "Robin Example")
    assert (part.appointments, part.to_approve, part.approved) == ([], 0, 1)
    swears = without_client(desk, attests=("I am this person.",))
    assert of(docket(swears), "Robin Example").appointments, "what only the client may say"
    letter = world.message(subject, world.request(subject, right=Right.ACCESS), by=By.POST)
    link(world, letter, 3)
    (made,) = of(docket(there), "Robin Example").appointments
    assert made.minutes == 3, "only what the client does counts"
    take_back(there, paper)
    (made,) = of(docket(there), "Robin Example").appointments
    assert len(made.errands) == 2


def test_a_form_whose_link_is_dead_before_the_session_waits_for_the_client(
    desk: Desk, world: World
) -> None:
    subject = client(world, "Jordan", "Robin Example")
    world.message(subject, world.request(subject, broker=FORM), broker=FORM)
    signed(desk, subject, Right.OPT_OUT)
    part = of(docket(mails_link(desk, 24)), "Robin Example")
    assert (len(part.appointments), part.to_approve) == (1, 0)
    part = of(docket(mails_link(desk, 24 * 9)), "Robin Example")
    assert (len(part.appointments), part.to_approve) == (0, 1), "the control: it lives until then"


def mails_link(desk: Desk, hours: int) -> Desk:
    """Return the desk in a world where the company mails a link that lives so long."""
    real = desk.find_broker(FORM)
    mail = ConfirmEmail(hosts=("example.com",), within_hours=hours)
    flow = {
        name: replace(each, leg=(each.leg[0], Leg(steps=(mail,))))
        for name, each in real.flow.items()
    }
    channels = tuple(replace(each, attests=()) for each in real.channel)
    found = replace(real, flow=flow, channel=channels)
    return replace(desk, find_broker=lambda _slug: found)

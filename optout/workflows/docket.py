"""An office's docket: what is due, late, waited for and to be done, by who answers for it.

What needs the client stands together as one appointment: nobody is asked to come three times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from optout.drafting.appointments import Visit, appointments_pdf
from optout.drafting.due_calendar import Entry, due_calendar
from optout.i18n import say
from optout.model.clinic import Clinic
from optout.model.record import DeadlineKind
from optout.model.request import Delivery, Reference
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.rules.days import day_in, in_words, written
from optout.rules.deadlines import may_be_missed
from optout.text import Text
from optout.vault.subjects import Called
from optout.words import words
from optout.workflows.clients import listed
from optout.workflows.clinic import check_responsible, the_clinic
from optout.workflows.desk import Desk, instant
from optout.workflows.exports import check_place, write_export
from optout.workflows.read_rows import Rows
from optout.workflows.sessions import is_dead_by
from optout.workflows.staff_alone import StaffAlone
from optout.workflows.standing import Due, ToDo, dues, to_do

NOBODY: Final = "-"  # for clients whom nobody answers for
_TO_APPROVE: Final = frozenset({Delivery.DRAFT, Delivery.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketDate:
    """One date of one client: of a letter that asks several things, once."""

    client: str
    due_on: date
    kind: DeadlineKind
    company: str
    reference: Reference
    rights: tuple[Right, ...]
    basis: str
    late: bool  # the grace days are over, too
    lateness: Text  # whether a day that has passed makes them late, and if not, why
    steps: tuple[Text, ...] = ()  # what can be done now
    keys: tuple[str, ...]  # the same wherever the date moves


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketErrand:
    """One thing to do for a client."""

    client: str
    what: Text
    asked: tuple[Right, ...]
    reference: Reference
    minutes: int
    until: date | None

    def said(self) -> Text:
        """Return what to do, and what was asked: nothing else tells two letters to one company."""
        if not self.asked:
            return self.what
        return Text("{asked}: {what}", asked=words(self.asked), what=self.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Everything that one client must do themselves, what dies first at the top."""

    client: str
    errands: tuple[DocketErrand, ...]
    key: str = ""  # the same from one docket to the next; never shown

    @property
    def minutes(self) -> int:
        """Return how long it takes."""
        return sum(each.minutes for each in self.errands)

    @property
    def until(self) -> date | None:
        """Return the day on which the first of it dies."""
        return min((each.until for each in self.errands if each.until), default=None)

    def dying(self, session: date) -> tuple[DocketErrand, ...]:
        """Return what may be dead when the client comes to the next session."""
        return tuple(e for e in self.errands if e.until and is_dead_by(e.until, session))


@dataclass(slots=True, kw_only=True)
class Docket:
    """One responsible person's part; `responsible` is empty where nobody answers for a client."""

    responsible: str
    clients: int = 0
    passed: list[DocketDate] = field(default_factory=list)  # late, or a day that is over
    due: list[DocketDate] = field(default_factory=list)
    waiting: int = 0  # requests that were sent, and not answered
    to_approve: int = 0  # letters, mails, and forms that staff may file
    approved: int = 0  # and neither printed nor written yet
    in_hand: int = 0  # letters that were printed, and nobody said yet that they were posted
    office: list[DocketErrand] = field(default_factory=list)  # done without the client
    appointments: list[Appointment] = field(default_factory=list)

    def dying(self, session: date) -> tuple[tuple[str, DocketErrand], ...]:
        """Return what may be dead by the next session, with whose it is."""
        return tuple(
            (each.client, errand) for each in self.appointments for errand in each.dying(session)
        )


def docket(desk: Desk, *, by: str = "", within_days: int = 14) -> tuple[Docket, ...]:
    """Return the docket of each responsible person, or of one; closed files are not on it."""
    clinic = the_clinic(desk.vault)
    files = _OpenFiles(desk)
    wanted = _wanted(clinic, by, {*files.responsible.values()}) if by else None
    found = {name: Docket(responsible=name) for name in clinic.responsible}
    for name, clients in Counter(files.responsible.values()).items():
        found.setdefault(name, Docket(responsible=name)).clients = clients
    rows = Rows(desk.vault)
    todo = [each for each in to_do(desk, rows) if each.subject_id in files.responsible]
    coming = dues(desk, within_days=within_days, rows=rows)
    files.read_names({*(e.subject_id for e in todo), *(e.request.subject_id for e in coming)})
    _add_dates(found, files, todo, coming)
    _add_work(desk, found, files, todo)
    for subject_id, count in desk.vault.figures.waiting().items():
        if subject_id in files.responsible:
            found[files.responsible[subject_id]].waiting += count
    return tuple(each for each in found.values() if wanted in {None, each.responsible})


def _wanted(clinic: Clinic, by: str, left_to: Collection[str]) -> str:
    """Return whose clients are wanted: also of somebody who left, or of nobody."""
    if by.strip() == NOBODY:
        return ""
    wanted = by.strip().casefold()
    gone = next((name for name in left_to if name and name.casefold() == wanted), None)
    return gone or check_responsible(clinic, by)


class _OpenFiles:
    """The clients whose files are open: who answers for each, and what those shown are called."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._called: Mapping[SubjectId, Called] = {}
        self.responsible: Mapping[SubjectId, str] = desk.vault.matters.open_files()  # "": nobody

    def read_names(self, subject_ids: Iterable[SubjectId]) -> None:
        """Read what is shown of these clients; of thousands, few have something on a docket."""
        self._called = self._desk.vault.subjects.called(subject_ids)

    def name(self, subject_id: SubjectId) -> str:
        """Return what the office's list calls a client."""
        client = self._called[subject_id]
        return listed(client.number, client.label)

    def today(self, subject_id: SubjectId) -> date:
        """Return the date where a client lives."""
        return day_in(self._called[subject_id].zone, self._desk.clock())


def _add_dates(
    found: Mapping[str, Docket], files: _OpenFiles, todo: Sequence[ToDo], dates: Iterable[Due]
) -> None:
    steps = {(each.reference, each.asked): each.what for each in todo if each.late}
    for same in _of_one_letter(dates):
        whose = same[0].request.subject_id
        if whose not in files.responsible:
            continue
        told = (steps.get((each.reference, (each.request.right,))) for each in same)
        entry = _date(same, files.name(whose), tuple(dict.fromkeys(filter(None, told))))
        part = found[files.responsible[whose]]
        is_over = entry.due_on < files.today(whose)
        (part.passed if is_over else part.due).append(entry)


def _of_one_letter(dates: Iterable[Due]) -> Iterable[list[Due]]:
    """Return those dates together that one letter set in one way."""
    found: dict[tuple[object, ...], list[Due]] = {}
    for due in dates:
        limit = due.deadline
        same = (due.reference, limit.kind, limit.due_on, limit.basis, due.overdue)
        found.setdefault(same, []).append(due)
    return found.values()


def _date(same: Sequence[Due], client: str, steps: tuple[Text, ...]) -> DocketDate:
    due = same[0]
    return DocketDate(
        client=client,
        due_on=due.deadline.due_on,
        kind=due.deadline.kind,
        company=due.company,
        reference=due.reference,
        rights=tuple(each.request.right for each in same),
        basis=due.deadline.basis,
        late=due.overdue,
        lateness=_lateness(due),
        steps=steps,
        keys=tuple(f"{each.request.id} {each.deadline.kind}" for each in same),
    )


def _lateness(due: Due) -> Text:
    if due.overdue:
        return Text("late")
    if may_be_missed(due.deadline.kind):
        return Text("not yet: only after {day}", day=written(due.deadline.grace_until))
    return Text("no: they owe no answer by this day")


def _add_work(
    desk: Desk, found: Mapping[str, Docket], files: _OpenFiles, todo: Iterable[ToDo]
) -> None:
    staff = StaffAlone(desk)
    alone: dict[SubjectId, list[DocketErrand]] = {}
    for each in todo:
        part = found[files.responsible[each.subject_id]]
        errand = DocketErrand(
            client=files.name(each.subject_id),
            what=each.what,
            asked=each.asked,
            reference=each.reference,
            minutes=each.minutes,
            until=each.until,
        )
        if each.late:
            continue  # it stands beside its date
        if each.alone and not (
            each.message and staff.may_file(each.message, each.asked, files.today(each.subject_id))
        ):
            alone.setdefault(each.subject_id, []).append(errand)
        elif each.delivery in _TO_APPROVE:
            part.to_approve += 1
        elif each.delivery is Delivery.READY:
            part.approved += 1
        elif each.delivery is Delivery.HANDED_OVER and each.by is By.POST:
            part.in_hand += 1  # posted by the stack; a mail is said to be sent one by one
        else:
            part.office.append(errand)
    for subject_id, errands in alone.items():
        made = Appointment(
            client=files.name(subject_id),
            errands=tuple(errands),
            key=f"appointment {subject_id}",
        )
        found[files.responsible[subject_id]].appointments.append(made)


def write_calendars(
    desk: Desk, parts: Sequence[Docket], session: date
) -> tuple[tuple[str, Path], ...]:
    """Write one calendar file for each person; entries and names of files say nothing.

    A file's number is the person's place in the office's list, so a later one takes its place.
    """
    found = [
        (number, whose, due_calendar(entries, written_at=instant(desk.clock)))
        for number, whose, several in _files(desk, parts)
        if (entries := [entry for part in several for entry in _entries(part, session)])
    ]
    return _write_all(desk, "dates", "ics", found)


def write_appointments(
    desk: Desk, parts: Sequence[Docket], session: date
) -> tuple[tuple[str, Path], ...]:
    """Write what each client does at the office as pages to print, one file for each person."""
    found = [
        (number, whose, appointments_pdf(whose or say(_NOBODYS), say(in_words(session)), visits))
        for number, whose, several in _files(desk, parts)
        if (visits := [_visit(each) for part in several for each in part.appointments])
    ]
    return _write_all(desk, "appointments", "pdf", found)


_NOBODYS: Final = Text("Clients whom nobody here answers for")


def _files(desk: Desk, parts: Sequence[Docket]) -> Iterator[tuple[int, str, tuple[Docket, ...]]]:
    """Yield each person with their number; who left the office shares the last with nobody."""
    staff = the_clinic(desk.vault).responsible
    by_name = {part.responsible: part for part in parts}
    for number, name in enumerate(staff, start=1):
        if name in by_name:
            yield number, name, (by_name.pop(name),)
    if by_name:
        yield len(staff) + 1, "", tuple(by_name.values())


def _write_all(
    desk: Desk, name: str, suffix: str, found: Sequence[tuple[int, str, bytes]]
) -> tuple[tuple[str, Path], ...]:
    check_place(desk, sum(len(content) for _number, _whose, content in found))
    return tuple(
        (
            whose,
            write_export(desk, f"{name}-{number}.{suffix}", name, content, place_is_checked=True),
        )
        for number, whose, content in found
    )


def _entries(part: Docket, session: date) -> Iterator[Entry]:
    for each in (*part.passed, *part.due):
        yield Entry(key=each.keys[0], reference=each.reference, on=each.due_on)
    for made in part.appointments:
        yield Entry(
            key=made.key,
            reference=next((each.reference for each in made.errands if each.reference), ""),
            on=min(session, made.until or session),
            items=len(made.errands),
            minutes=made.minutes,
        )


def _visit(made: Appointment) -> Visit:
    minutes = Text("Minutes: {minutes}", minutes=made.minutes)
    note = (
        Text("{minutes}. The first of it dies on {day}.", minutes=minutes, day=in_words(made.until))
        if made.until
        else minutes
    )
    return Visit(
        client=made.client, note=say(note), lines=tuple(say(each.said()) for each in made.errands)
    )

"""An office's docket: what is due, late, waited for and to be done, by who answers for it.

What needs the client stands together as one appointment: nobody is asked to come three times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from optout.drafting.due_calendar import Entry, due_calendar
from optout.model.record import DeadlineKind
from optout.model.request import Delivery, Reference
from optout.model.subject import Subject, SubjectId
from optout.model.words import Right
from optout.text import Text
from optout.workflows.clients import Client, all_clients
from optout.workflows.clinic import check_responsible, the_clinic
from optout.workflows.desk import Desk, instant
from optout.workflows.exports import check_place, write_export
from optout.workflows.standing import Due, ToDo, dues, to_do

SESSION_AFTER: Final = timedelta(days=7)  # an office that says nothing else meets every week
_TO_APPROVE: Final = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


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
    steps: tuple[Text, ...] = ()  # what can be done now
    keys: tuple[str, ...]  # the same wherever the date moves


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing to do."""

    what: Text
    reference: Reference
    minutes: int
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Everything that one client must do themselves, what dies first at the top."""

    client: str
    errands: tuple[Errand, ...]

    @property
    def minutes(self) -> int:
        """Return how long it takes."""
        return sum(each.minutes for each in self.errands)

    @property
    def until(self) -> date | None:
        """Return the day on which the first of it dies."""
        return min((each.until for each in self.errands if each.until), default=None)

    def dying(self, session: date) -> tuple[Errand, ...]:
        """Return what is dead on the day of the next session."""
        return tuple(each for each in self.errands if each.until and each.until < session)


@dataclass(slots=True, kw_only=True)
class Docket:
    """One responsible person's part; `responsible` is empty where nobody answers for a client."""

    responsible: str
    clients: int = 0
    passed: list[DocketDate] = field(default_factory=list)  # late, or a day that is over
    due: list[DocketDate] = field(default_factory=list)
    waiting: int = 0  # requests that were sent, and not answered
    to_approve: int = 0  # letters and mails
    in_hand: int = 0  # printed, and nobody said yet that it was posted
    office: list[Errand] = field(default_factory=list)  # what the office does without the client
    appointments: list[Appointment] = field(default_factory=list)

    def dying(self, session: date) -> tuple[tuple[str, Errand], ...]:
        """Return what dies before the next session, with whose it is."""
        return tuple(
            (each.client, errand) for each in self.appointments for errand in each.dying(session)
        )


def docket(desk: Desk, *, by: str = "", within_days: int = 14) -> tuple[Docket, ...]:
    """Return the docket of each responsible person, or of one; closed files are not on it."""
    clinic = the_clinic(desk.vault)
    wanted = check_responsible(clinic, by) if by else None
    open_files = _OpenFiles(desk)
    found = {name: Docket(responsible=name) for name in clinic.responsible}
    for client in open_files.clients.values():
        name = open_files.responsible(client.subject.id)
        found.setdefault(name, Docket(responsible=name)).clients += 1
    todo = [each for each in to_do(desk) if each.subject_id in open_files.clients]
    _add_dates(desk, found, open_files, todo, within_days)
    _add_work(found, open_files, todo)
    for subject_id, count in desk.vault.figures.waiting().items():
        if subject_id in open_files.clients:
            found[open_files.responsible(subject_id)].waiting += count
    return tuple(each for each in found.values() if wanted in {None, each.responsible})


def next_session(desk: Desk) -> date:
    """Return the day that counts as the next session where nobody names one."""
    return desk.day_here(desk.clock()) + SESSION_AFTER


class _OpenFiles:
    """The clients whose files are open, and who answers for each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._matters = {each.subject_id: each for each in desk.vault.matters.list()}
        self.clients: Mapping[SubjectId, Client] = {
            client.subject.id: client
            for client in all_clients(desk)
            if self._matters[client.subject.id].closed_on is None
        }

    def responsible(self, subject_id: SubjectId) -> str:
        """Return who answers for a client; empty: nobody yet."""
        return self._matters[subject_id].responsible

    def name(self, subject_id: SubjectId) -> str:
        """Return what the office's list calls a client."""
        return self.clients[subject_id].name

    def today(self, subject_id: SubjectId) -> date:
        """Return the date where a client lives."""
        return self._desk.today(self._subject(subject_id))

    def _subject(self, subject_id: SubjectId) -> Subject:
        return self.clients[subject_id].subject


def _add_dates(
    desk: Desk,
    found: Mapping[str, Docket],
    files: _OpenFiles,
    todo: Sequence[ToDo],
    within_days: int,
) -> None:
    steps = {(each.reference, each.asked): each.what for each in todo if each.late}
    for same in _of_one_letter(desk, files, within_days):
        whose = same[0].request.subject_id
        told = (steps.get((each.reference, (each.request.right,))) for each in same)
        entry = _date(same, files.name(whose), tuple(dict.fromkeys(filter(None, told))))
        part = found[files.responsible(whose)]
        is_over = entry.due_on < files.today(whose)
        (part.passed if is_over else part.due).append(entry)


def _of_one_letter(desk: Desk, files: _OpenFiles, within_days: int) -> Iterable[list[Due]]:
    """Return the dates of open files, those together that one letter set in one way."""
    found: dict[tuple[object, ...], list[Due]] = {}
    for due in dues(desk, within_days=within_days):
        if due.request.subject_id in files.clients:
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
        steps=steps,
        keys=tuple(f"{each.request.id} {each.deadline.kind}" for each in same),
    )


def _add_work(found: Mapping[str, Docket], files: _OpenFiles, todo: Iterable[ToDo]) -> None:
    alone: dict[SubjectId, list[Errand]] = {}
    for each in todo:
        part = found[files.responsible(each.subject_id)]
        errand = Errand(
            what=each.what, reference=each.reference, minutes=each.minutes, until=each.until
        )
        if each.late:
            continue  # it stands beside its date
        if each.alone:
            alone.setdefault(each.subject_id, []).append(errand)
        elif each.delivery in _TO_APPROVE:
            part.to_approve += 1
        elif each.delivery is Delivery.HANDED_OVER:
            part.in_hand += 1
        else:
            part.office.append(errand)
    for subject_id, errands in alone.items():
        made = Appointment(client=files.name(subject_id), errands=tuple(errands))
        found[files.responsible(subject_id)].appointments.append(made)


def write_calendars(desk: Desk, parts: Sequence[Docket]) -> tuple[tuple[str, Path], ...]:
    """Write one calendar file for each person; entries and names of files say nothing.

    A file's number is the person's place in the office's list, so a later one takes its place.
    """
    names = (*the_clinic(desk.vault).responsible, "")
    contents = [
        (1 + _place(names, part), part, due_calendar(entries, written_at=instant(desk.clock)))
        for part in parts
        if (entries := tuple(_entries(part)))
    ]
    check_place(desk, sum(len(content) for _number, _part, content in contents))
    return tuple(
        (
            part.responsible,
            write_export(desk, f"dates-{number}.ics", "dates", content, place_is_checked=True),
        )
        for number, part, content in contents
    )


def _place(names: Sequence[str], part: Docket) -> int:
    """Return a person's place; who left the office shares the last one with nobody's clients."""
    return names.index(part.responsible) if part.responsible in names else len(names) - 1


def _entries(part: Docket) -> Iterator[Entry]:
    for each in (*part.passed, *part.due):
        yield Entry(key=each.keys[0], reference=each.reference, on=each.due_on)
    for appointment in part.appointments:
        for errand in appointment.errands:
            if errand.until:
                key = f"{errand.reference} {errand.what.template}"
                yield Entry(key=key, reference=errand.reference, on=errand.until)

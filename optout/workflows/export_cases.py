"""Clients, files, tasks and notes as tables for the office's other programs.

Which heading means what is told in the guide (letters/clinic/README.md). Everything about requests
is neutral: a task says "Look at" and a reference, a file is about "Consumer requests".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from optout.errors import Refused
from optout.i18n import say
from optout.model.clinic import Matter
from optout.model.fields import IdentifierKind
from optout.model.note import Note
from optout.model.request import Reference
from optout.model.secret import Personal
from optout.model.subject import PersonName, PostalAddress, Share
from optout.rules.office_contact import OfficeContact, office_contact
from optout.rules.spreadsheet import safe_cell
from optout.text import Counted, Text
from optout.vault.ids import new_reference
from optout.workflows.clients import NOTHING_DONE, Client, LeftOut, types_count
from optout.workflows.clinic import the_clinic
from optout.workflows.desk import Desk
from optout.workflows.exports import check_place, write_export
from optout.workflows.standing import dues

_ABOUT: Final = "Consumer requests"  # what a file is about, as far as another system is told
_AHEAD: Final = 400  # days
_US: Final = "+1"
_NANP: Final = 12  # +1 and ten digits


class Format(StrEnum):
    """For which program the tables are."""

    CLIO = "clio"
    LEGALSERVER = "legalserver"
    MERGE = "merge"  # one table for letters of a word processor


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One date of a file."""

    reference: Reference
    on: date


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CaseFile(Personal):
    """Everything of one client that goes into the tables."""

    client: Client
    contact: OfficeContact
    name: PersonName
    matter: Matter
    dates: tuple[Dated, ...]
    notes: tuple[Note, ...]

    @property
    def number(self) -> str:
        """Return the office's number of the file, or one made of the year and the list's number."""
        made = f"{self.matter.opened_on.year}-{self.client.number:04d}"
        return self.matter.number or made


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedCases:
    """What was written, and what the clients' cards held back."""

    paths: tuple[Path, ...]
    clients: int
    held_back: int
    without_home: int  # clients whose only address is for those who have it already
    left_out: tuple[LeftOut, ...]


Table = tuple[str, Sequence[str], Iterator[Sequence[str]]]  # what it is, its headings, its rows


def export_cases(
    desk: Desk, clients: Sequence[Client], form: Format, *, known_too: bool = False
) -> ExportedCases:
    """Write the tables after a typed count; each is listed as an export. No cell is a formula."""
    the_clinic(desk.vault)
    files, left = _files(desk, clients, known_too=known_too)
    question = Counted(
        "1 client would be written to files that are not locked. Whoever opens "
        "them knows that this is a client of yours. To write them, type 1.",
        "{count} clients would be written to files that are not locked. Whoever opens them knows "
        "that they are clients of yours. To write them, type this number.",
        count=len(files),
    )
    if files and not types_count(desk, question, len(files)):
        raise Refused(Text("You said no."), known=NOTHING_DONE)
    written = [(what, _csv(headings, rows)) for what, headings, rows in _TABLES[form](files)]
    check_place(desk, sum(len(content) for _what, content in written))
    code = new_reference()
    paths = tuple(
        write_export(desk, f"{what}-{code}.csv", what, content, place_is_checked=True)
        for what, content in written
        if files
    )
    return ExportedCases(
        paths=paths,
        clients=len(files),
        held_back=sum(each.contact.held_back for each in files),
        without_home=0 if known_too else sum(map(_has_a_home_kept_back, files)),
        left_out=tuple(left),
    )


def _has_a_home_kept_back(each: CaseFile) -> bool:
    return each.contact.address is None and any(
        fact.kind is IdentifierKind.ADDRESS and fact.share is Share.KNOWN
        for fact in each.client.subject.identifiers
    )


def _files(
    desk: Desk, clients: Sequence[Client], *, known_too: bool
) -> tuple[list[CaseFile], list[LeftOut]]:
    matters = {each.subject_id: each for each in desk.vault.matters.list()}
    dates: dict[str, list[Dated]] = {}
    for due in dues(desk, within_days=_AHEAD):
        entry = Dated(reference=due.reference, on=due.deadline.due_on)
        dates.setdefault(due.request.subject_id, []).append(entry)
    files, left = [], []
    for client in clients:
        subject = client.subject
        contact = office_contact(subject, desk.today(subject), known_too=known_too)
        if contact.name is None:
            why = Text("Their card lets no name go to another system.")
            left.append(LeftOut(client=client, why=why))
            continue
        files.append(
            CaseFile(
                client=client,
                contact=contact,
                name=contact.name,
                matter=matters[subject.id],
                dates=tuple(dates.get(subject.id, ())),
                notes=desk.vault.notes.for_subject(subject.id),
            )
        )
    return files, left


def _csv(headings: Sequence[str], rows: Iterator[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(headings)
    for row in rows:
        writer.writerow(map(safe_cell, row))
    return written.getvalue().encode("utf-8-sig")


def _dialled(phone: str) -> str:
    """Return a phone number that begins with no plus: that would be a formula."""
    if phone.startswith(_US) and len(phone) == _NANP:
        return f"{phone[2:5]}-{phone[5:8]}-{phone[8:]}"
    return phone.replace("+", "00", 1)


def _street(address: PostalAddress | None) -> str:
    if address is None:
        return ""
    care_of = f"c/o {address.care_of}" if address.care_of else ""
    return ", ".join(part for part in (care_of, address.street, address.unit) if part)


def _place(address: PostalAddress | None) -> tuple[str, str, str]:
    if address is None:
        return ("", "", "")
    return (address.city, address.state or address.country, address.zip)


def _both(name: PersonName) -> tuple[str, str]:
    """Return first and last name; who has one name has it as both, where both are demanded."""
    if not name.family:
        return (name.given, name.given)
    return (
        " ".join(part for part in (name.given, name.middle) if part),
        " ".join(part for part in (name.family, name.suffix) if part),
    )


def _american(day: date | None) -> str:
    return f"{day:%m/%d/%Y}" if day else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _is_open(each: CaseFile) -> str:
    return "Closed" if each.matter.closed_on else "Open"


def _look_at(dated: Dated) -> str:
    return say(Text("Look at {reference}", reference=dated.reference))


def _clio(files: Sequence[CaseFile]) -> Iterator[Table]:
    yield (
        "contacts",
        (
            *("first_name", "last_name", "business_street", "business_city", "business_state"),
            *("business_postal_code", "email_address", "primary_phone"),
        ),
        (
            (
                *(*_both(each.name), _street(each.contact.address)),
                *(*_place(each.contact.address), each.contact.email),
                _dialled(each.contact.phone),
            )
            for each in files
        ),
    )
    yield (
        "matters",
        (
            *("status", "client_reference", "description", "open_date", "close_date"),
            *("custom_number", "client_first_name", "client_last_name"),
        ),
        (
            (
                *(_is_open(each), each.number, _ABOUT, _american(each.matter.opened_on)),
                *(_american(each.matter.closed_on), each.number, *_both(each.name)),
            )
            for each in files
        ),
    )
    yield from _tasks_and_notes(files, "matter", _american)


def _legalserver(files: Sequence[CaseFile]) -> Iterator[Table]:
    yield (
        "cases",
        (
            *("external_id", "first", "middle", "last", "suffix", "mailing_street"),
            *("mailing_city", "mailing_state", "mailing_zip", "email", "phone"),
            *("case_disposition", "date_opened", "date_closed", "caseworker", "case_title"),
        ),
        (
            (
                *(each.number, each.name.given, each.name.middle, each.name.family),
                *(each.name.suffix, _street(each.contact.address), *_place(each.contact.address)),
                *(each.contact.email, _dialled(each.contact.phone), _is_open(each)),
                *(_iso(each.matter.opened_on), _iso(each.matter.closed_on)),
                *(each.matter.responsible, _ABOUT),
            )
            for each in files
        ),
    )
    yield from _tasks_and_notes(files, "case_external_id", _iso)


def _tasks_and_notes(
    files: Sequence[CaseFile], matter: str, day: Callable[[date | None], str]
) -> Iterator[Table]:
    yield (
        "tasks",
        ("name", "due_at", "assignee", matter),
        (
            (_look_at(dated), day(dated.on), each.matter.responsible, each.number)
            for each in files
            for dated in each.dates
        ),
    )
    yield (
        "notes",
        ("date", "subject", "detail", matter),
        (
            (day(note.at.date()), _ABOUT, note.text.reveal(), each.number)
            for each in files
            for note in each.notes
        ),
    )


def _merge(files: Sequence[CaseFile]) -> Iterator[Table]:
    yield (
        "addresses",
        (
            *("number", "full_name", "first_name", "last_name", "line_1", "line_2", "line_3"),
            *("line_4", "email", "phone", "responsible"),
        ),
        (
            (
                *(each.number, each.name.full(), *_both(each.name), *_lines(each)),
                *(each.contact.email, _dialled(each.contact.phone), each.matter.responsible),
            )
            for each in files
        ),
    )


def _lines(each: CaseFile) -> tuple[str, ...]:
    lines = each.contact.address.lines() if each.contact.address else ()
    return (*lines, "", "", "", "")[:4]


_TABLES: Final[Mapping[Format, Callable[[Sequence[CaseFile]], Iterator[Table]]]] = {
    Format.CLIO: _clio,
    Format.LEGALSERVER: _legalserver,
    Format.MERGE: _merge,
}

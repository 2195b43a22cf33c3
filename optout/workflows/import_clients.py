"""Bring an office's clients in from a spreadsheet: all of them or none, and never twice.

Every problem is told with its row and column before anything is stored. Who is likely here
already is asked about; what is stored about somebody is never overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson, Refused
from optout.model.clinic import PartyRole
from optout.model.fields import IdentifierKind
from optout.model.note import Note
from optout.model.ports import Clock, Option, Person
from optout.model.secret import Personal, Secret
from optout.model.subject import Identifier, PersonName, Subject, SubjectId
from optout.rules.alike import NameKey, name_keys, why_alike
from optout.rules.days import in_words
from optout.rules.sameness import name_words
from optout.rules.sheet_days import DayOrder, is_open, orders_shown, read_sheet_day
from optout.text import Counted, Text
from optout.vault.ids import new_id
from optout.vault.vault import Vault
from optout.workflows.client_columns import (
    Heading,
    Mapped,
    find_headings,
    read_wishes,
)
from optout.workflows.client_rows import DAYS, Client, ReadClients, Reading, read_clients
from optout.workflows.clinic import the_clinic
from optout.workflows.conflict import add_parties
from optout.workflows.read_sheet import NOTHING, Sheet, read_sheets, refused

_COLUMNS: Final = "clinic.columns"
_MOST_ROWS_TOLD: Final = 20


class Twin(StrEnum):
    """What a person says about a row that looks like somebody who is here."""

    SAME = "same"
    ADD = "add"
    ANOTHER = "another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was said on the command line, so that it need not be asked."""

    columns: Sequence[str] = ()  # "Client phone=phone"
    sheet: str = ""
    encoding: str = ""
    order: DayOrder | None = None
    twins: Mapping[int, Twin] = field(default_factory=dict)  # by row
    only_check: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of it."""

    added: int
    unchanged: int  # rows that were imported before, as they are
    same: int  # rows of somebody who is here; nothing of the row was stored
    extended: int  # rows whose new facts were stored beside those that were there
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Likely(Personal):
    """A row that looks like somebody: already here, or of a row above it."""

    client: Client
    other: Subject
    other_row: int | None
    why: tuple[Text, ...]

    def text(self) -> Text:
        """Say who looks like whom."""
        name = self.client.subject.label.reveal()
        if self.other_row is not None:
            return Text(
                "Row {row} ({name}) looks like row {other}: {why}.",
                row=self.client.row,
                name=name,
                other=self.other_row,
                why=self.why,
            )
        return Text(
            "Row {row} ({name}) looks like {other}, who is here already: {why}.",
            row=self.client.row,
            name=name,
            other=self.other.label.reveal(),
            why=self.why,
        )


def import_clients(
    vault: Vault, person: Person, clock: Clock, path: Path, wishes: Wishes
) -> Imported:
    """Read, check, tell, ask and store, in this order; a second time nothing changes."""
    clinic = the_clinic(vault)
    said = {**saved_columns(vault), **read_wishes(wishes.columns)}
    sheet, mapped = _the_sheet(read_sheets(path, person, encoding=wishes.encoding), said, wishes)
    _tell_columns(person, mapped)
    reading = Reading(
        mapped=mapped,
        orders=dict(_orders(sheet, mapped, person, wishes)),
        clinic=clinic,
        now=clock(),
    )
    found = read_clients(sheet, reading)
    if not found.clients and not found.problems:
        raise refused(Text("There is nobody below the headings of this file."))
    known = vault.matters.imported(client.fingerprint for client in found.clients)
    fresh = [client for client in found.clients if client.fingerprint not in known]
    likely = tuple(_likely(fresh, vault.subjects.list() if fresh else ()))
    _check_problems(person, found, likely)
    _tell_rows(person, found)
    unchanged = len(found.clients) - len(fresh)
    if not fresh or wishes.only_check:
        person.tell_at_length(tuple(_told(likely)))
        return Imported(added=0, unchanged=unchanged, same=0, extended=0, stored=False)
    twins = _ask_twins(person, likely, wishes.twins)
    plan = _Plan(fresh, likely, twins)
    _ask_to_store(person, mapped, plan, wishes)
    with vault.together():
        plan.store(vault, clock)
        if wishes.columns:
            vault.settings.set(_COLUMNS, json.dumps(said))
    return Imported(
        added=plan.count(None) + plan.count(Twin.ANOTHER),
        unchanged=unchanged,
        same=plan.count(Twin.SAME),
        extended=plan.count(Twin.ADD),
        stored=True,
    )


def _told(likely: Sequence[_Likely]) -> Iterator[Text]:
    """Yield who looks like whom, and what to do about it."""
    yield from (each.text() for each in likely)
    if likely:
        yield Text(
            "You are asked who each of these is. Without a question: --same ROW, --add ROW, or "
            "--another ROW"
        )


def saved_columns(vault: Vault) -> dict[str, str]:
    """Return which heading of this office's own spreadsheet is which column of ours."""
    saved: dict[str, str] = json.loads(str(vault.settings.get(_COLUMNS, "{}")))
    return saved


def _the_sheet(
    sheets: Sequence[Sheet], said: Mapping[str, str], wishes: Wishes
) -> tuple[Sheet, Mapped]:
    """Return the one sheet that holds clients."""
    named = [sheet for sheet in sheets if wishes.sheet in {"", sheet.name}]
    if not named:
        raise refused(
            Text("There is no sheet of that name in the file."),
            hint=Text("There are: {names}", names=tuple(sheet.name for sheet in sheets)),
        )
    found = [(sheet, mapped) for sheet in named if (mapped := find_headings(sheet, said))]
    if len(found) == 1:
        return found[0]
    if found:
        raise refused(
            Text("Several sheets of this file look like clients."),
            hint=Text("Say which one, as in: --sheet {name}", name=f"'{found[0][0].name}'"),
        )
    raise refused(
        Text("No row of this file looks like headings with a name among them."),
        hint=Text(
            "See which headings are read, with an empty file to fill in: optout clinic import "
            "--template clients.xlsx"
        ),
    )


def _tell_columns(person: Person, mapped: Mapped) -> None:
    """Name every column that is not read: what is left out is never left out in silence."""
    for heading in mapped.never_stored:
        person.tell(Text("Dropped, and never stored here: {place}.", place=heading.place()))
    for heading in mapped.not_read:
        person.tell(Text("Not read: {place}.", place=heading.place()))
    if mapped.not_read:
        person.tell(
            Text(
                "If one of these is a column of ours, say which: --column {example}",
                example=f"'{mapped.not_read[0].text}=phone'",
            )
        )


def _tell_rows(person: Person, found: ReadClients) -> None:
    if found.without_street:
        person.tell(
            Text(
                "A city and no street, so no address is kept: {rows}.",
                rows=_rows(found.without_street),
            )
        )
    if found.minors:
        person.tell(
            Text("Under 18, so nothing is planned for them: {rows}.", rows=_rows(found.minors))
        )


def _rows(numbers: Sequence[int]) -> Text:
    """Name rows; of very many the first, and how many there are."""
    shown = tuple(str(number) for number in numbers[:_MOST_ROWS_TOLD])
    if len(shown) == len(numbers):
        return Text("rows {rows}", rows=shown) if shown[1:] else Text("row {row}", row=shown[0])
    return Text("rows {rows} and others, {count} in all", rows=shown, count=len(numbers))


def _check_problems(person: Person, found: ReadClients, likely: Sequence[_Likely]) -> None:
    """Tell everything that must be mended, and what will be asked; then stop."""
    if not found.problems:
        return
    person.tell_at_length([*(problem.text() for problem in found.problems), *_told(likely)])
    raise Refused(
        Text("Problems in this file: {count}.", count=len(found.problems)),
        known=NOTHING,
        hint=Text("Mend them in your file, save it, and give the same command again."),
    )


def _orders(
    sheet: Sheet, mapped: Mapped, person: Person, wishes: Wishes
) -> Iterator[tuple[int, DayOrder | None]]:
    """Settle for each column of days what stands first; only where it matters, and never guessed.

    It is left open where a column shows both orders, where the file is only looked at, and where
    nobody answers: then each doubtful day is a problem of its own, beside all the others.
    """
    for heading in (each for name in DAYS for each in mapped.read.get(name, ())):
        cells = [
            (row.number, cell)
            for row in sheet.rows
            if row.number > mapped.row and isinstance(cell := row.cell(heading.index), str)
        ]
        doubtful = [(number, text) for number, text in cells if is_open(text)]
        mixed = len(orders_shown(text for _number, text in cells)) > 1
        if not doubtful or mixed:
            continue
        if wishes.order is None:
            _tell_doubt(person, heading, len(doubtful))
        is_asked = wishes.order is None and not wishes.only_check
        yield heading.index, _ask_order(person, *doubtful[0]) if is_asked else wishes.order


def _tell_doubt(person: Person, heading: Heading, count: int) -> None:
    person.tell(
        Text(
            "Dates in {place} that can be two days: {count}. Without a question: --dates {orders}",
            count=count,
            place=heading.place(),
            orders=" | ".join(DayOrder),
        )
    )


def _ask_order(person: Person, row: int, text: str) -> DayOrder | None:
    """Return what a person says about one date; None: nobody says it."""
    options = tuple(
        Option(key=order.value, text=in_words(read_sheet_day(text, order))) for order in DayOrder
    )
    question = Text("Which day is “{text}” in row {row}?", text=text, row=row)
    try:
        return DayOrder(person.choose(question, options))
    except NeedsPerson:
        return None


def _likely(fresh: Iterable[Client], here: Iterable[Subject]) -> Iterator[_Likely]:
    """Yield each row that looks like somebody who is here, or like a row above it."""
    by_name: dict[NameKey, list[tuple[Subject, int | None]]] = {}

    def note(subject: Subject, row: int | None) -> None:
        for key in name_keys(subject):
            by_name.setdefault(key, []).append((subject, row))

    for subject in here:
        note(subject, None)
    for client in fresh:
        near = [each for key in name_keys(client.subject) for each in by_name.get(key, ())]
        alike = [(why, *each) for each in near if (why := why_alike(client.subject, each[0]))]
        if alike:
            why, other, row = max(alike, key=lambda found: len(found[0]))
            yield _Likely(client=client, other=other, other_row=row, why=why)
        note(client.subject, client.row)


def _ask_twins(
    person: Person, likely: Sequence[_Likely], said: Mapping[int, Twin]
) -> dict[int, Twin]:
    """Ask about each row that looks like somebody, after telling all of them."""
    open_ = [each for each in likely if each.client.row not in said]
    person.tell_at_length(tuple(_told(open_)))
    answered = {each.client.row: said[each.client.row] for each in likely if each not in open_}
    try:
        for each in open_:
            answered[each.client.row] = Twin(_ask_twin(person, each))
    except NeedsPerson:
        raise NeedsPerson(
            Text("Rows that look like somebody who is here: {count}.", count=len(open_)),
            known=NOTHING,
            hint=Text(
                "Run it in a terminal, or say it of each row: --same ROW, --add ROW, --another ROW"
            ),
        ) from None
    return answered


def _ask_twin(person: Person, each: _Likely) -> str:
    return person.choose(
        Text("Row {row}: who is it?", row=each.client.row),
        (
            Option(key=Twin.SAME, text=Text("The same person: store nothing of this row")),
            Option(
                key=Twin.ADD,
                text=Text("The same person: add what is new, and keep what is there"),
            ),
            Option(key=Twin.ANOTHER, text=Text("Another person: a new client")),
        ),
    )


def _ask_to_store(person: Person, mapped: Mapped, plan: _Plan, wishes: Wishes) -> None:
    """Ask once, with the count; and for consent, where the file does not say it."""
    if wishes.yes:
        return
    try:
        _ask_consent_and_count(person, mapped, plan)
    except NeedsPerson as error:
        raise NeedsPerson(
            error.what,
            known=NOTHING,
            hint=Text("Run it in a terminal; or, if all of them have agreed, with: --yes"),
        ) from None


def _ask_consent_and_count(person: Person, mapped: Mapped, plan: _Plan) -> None:
    if "agreed_on" not in mapped.read and not person.confirm(
        Text("The file does not say who agreed. Did each of them agree that the office keeps this?")
    ):
        raise Refused(
            Text("Nobody is kept who has not agreed."),
            known=NOTHING,
            hint=Text("Ask them first, or add the column “agreed_on” with the day."),
        )
    new = plan.count(None) + plan.count(Twin.ANOTHER)
    if not person.confirm(
        Counted(
            "Keep 1 new client in the locked folder?",
            "Keep {count} new clients in the locked folder?",
            count=new,
        )
    ):
        raise Refused(Text("You said no."), known=NOTHING)


class _Plan:
    """What is stored of which row, settled before the first is written."""

    def __init__(
        self, fresh: Sequence[Client], likely: Iterable[_Likely], twins: Mapping[int, Twin]
    ) -> None:
        self._fresh = fresh
        self._likely = {each.client.row: each for each in likely}
        self._twins = twins
        self._stored: dict[int, SubjectId] = {}  # row: whom it became

    def count(self, twin: Twin | None) -> int:
        """Return how many rows are that; None: rows that look like nobody."""
        return sum(self._twins.get(client.row) is twin for client in self._fresh)

    def store(self, vault: Vault, clock: Clock) -> None:
        """Write everything, in the transaction at hand."""
        taken = {subject.label.reveal().casefold() for subject in vault.subjects.list()}
        for client in self._fresh:
            if self._twins.get(client.row) in {Twin.SAME, Twin.ADD}:
                self._join(vault, client)
            else:
                _add(vault, clock, client, taken)
                self._stored[client.row] = client.subject.id
        vault.matters.add_imported(
            {client.fingerprint: self._stored[client.row] for client in self._fresh}
        )

    def _join(self, vault: Vault, client: Client) -> None:
        """Store of a row what is new about somebody who is here, or only that it is theirs."""
        likely = self._likely[client.row]
        row = likely.other_row
        subject_id = likely.other.id if row is None else self._stored[row]
        self._stored[client.row] = subject_id
        if self._twins[client.row] is Twin.ADD:
            before = vault.subjects.get(subject_id)
            new = tuple(_new_facts(before, client.subject))
            if new:
                vault.subjects.replace(replace(before, identifiers=(*before.identifiers, *new)))
            _add_parties(vault, subject_id, client)


def _add(vault: Vault, clock: Clock, client: Client, taken: set[str]) -> None:
    label = _label(client, taken)
    taken.add(label.casefold())
    vault.subjects.add(replace(client.subject, label=Secret(label)))
    vault.matters.change(client.subject.id, number=client.number, responsible=client.responsible)
    _add_parties(vault, client.subject.id, client)
    if client.agreed_on is not None:
        agreed = f"Agreed on {client.agreed_on.isoformat()} that the office keeps these facts."
        vault.notes.add(
            Note(id=new_id(), subject_id=client.subject.id, text=Secret(agreed), at=clock())
        )


def _label(client: Client, taken: Collection[str]) -> str:
    """Return how the client is called here: by name, and by number where two have one name."""
    name = next(
        fact.value
        for fact in client.subject.identifiers
        if fact.kind is IdentifierKind.NAME and isinstance(fact.value, PersonName)
    )
    return next(
        each for each in _labels(name.full(), client.number) if each.casefold() not in taken
    )


def _labels(name: str, number: str) -> Iterator[str]:
    yield name
    if number:
        yield f"{name} ({number})"
    yield from (f"{name} ({nth})" for nth in count(2))


def _add_parties(vault: Vault, subject_id: SubjectId, client: Client) -> None:
    add_parties(vault, subject_id, PartyRole.HOUSEHOLD, client.household)
    add_parties(vault, subject_id, PartyRole.ADVERSE, client.adverse)


def _new_facts(before: Subject, after: Subject) -> Iterator[Identifier]:
    """Yield what a row says that is not there yet; a birth date that is there stays the only one.

    A name that is written otherwise is kept as another name.
    """
    values = [fact.value for fact in before.identifiers]
    names = {name_words(value) for value in values if isinstance(value, PersonName)}
    kinds = {fact.kind for fact in before.identifiers}
    for fact in after.identifiers:
        if fact.kind is IdentifierKind.BIRTH_DATE and fact.kind in kinds:
            continue
        if isinstance(fact.value, PersonName):
            if name_words(fact.value) not in names:
                yield replace(fact, kind=IdentifierKind.ALIAS)
        elif fact.value not in values:
            yield fact

"""A row of an office's spreadsheet, checked cell by cell, becomes a client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from optout.catalog.characters import FORBIDDEN_IN_VALUE, name_of
from optout.errors import WrongUsage
from optout.model.clinic import Clinic
from optout.model.fields import IdentifierKind
from optout.model.secret import Personal
from optout.model.subject import Acting, Share, Subject
from optout.rules.countries import UNITED_STATES
from optout.rules.minors import is_minor
from optout.rules.sheet_days import DayOrder, read_sheet_day
from optout.rules.states import state_code
from optout.text import Text
from optout.workflows import facts
from optout.workflows.client_columns import SEVERAL, Heading, Mapped, heading_key
from optout.workflows.clinic import check_responsible
from optout.workflows.keep_person import subject_from_card, today_of
from optout.workflows.never_stored import looks_never_stored
from optout.workflows.read_sheet import LONGEST_CELL, Cell, Merged, Sheet, SheetRow

DAYS: Final = ("born", "state_since", "address_since", "phone_since", "agreed_on")
"""Our columns that hold a day."""
_FORMULA: Final = ("=", "@", "+", "-")
_JOINERS: Final = "\u200c\u200d"  # names in some scripts need them
_KINDS: Final = MappingProxyType(
    {
        "own": "own",
        "home": "own",
        "po_box": "po-box",
        "p_o_box": "po-box",
        "care_of": "care-of",
        "c_o": "care-of",
        "substitute": "substitute",
    }
)
_GIVEN: Final = MappingProxyType(
    {
        "address": IdentifierKind.ADDRESS,
        "phone": IdentifierKind.PHONE,
        "email": IdentifierKind.EMAIL,
        "birth_date": IdentifierKind.BIRTH_DATE,
        "born": IdentifierKind.BIRTH_DATE,
        "name": IdentifierKind.NAME,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and where: the row as the person's own program numbers it."""

    row: int
    heading: Heading | None
    what: Text
    mend: Text | None = None  # what to do, where `what` does not say it

    def text(self) -> Text:
        """Return it with its place, and what to do."""
        what = Text("{what} {mend}", what=self.what, mend=self.mend) if self.mend else self.what
        if self.heading is None:
            return Text("Row {row}: {what}", row=self.row, what=what)
        return Text(
            "Row {row}, {place}: {what}", row=self.row, place=self.heading.place(), what=what
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Client(Personal):
    """One row that is a client, ready to be stored."""

    row: int
    subject: Subject
    number: str
    responsible: str
    household: tuple[str, ...]
    adverse: tuple[str, ...]
    agreed_on: date | None
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is to be read: settled before its rows are."""

    mapped: Mapped
    orders: Mapping[int, DayOrder | None]  # by the index of a column of days
    clinic: Clinic
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadClients:
    """Everything a file says: clients, every problem, and what is worth telling."""

    clients: tuple[Client, ...]
    problems: tuple[Problem, ...]
    without_street: tuple[int, ...]  # rows with a city, and no street: no address is kept
    minors: tuple[int, ...]  # rows


def read_clients(sheet: Sheet, reading: Reading) -> ReadClients:
    """Check every row; nothing is stored, and no problem hides another."""
    problems: list[Problem] = []
    clients: list[Client] = []
    seen: dict[str, int] = {}
    without_street: list[int] = []
    rows = [row for row in sheet.rows if row.number > reading.mapped.row]
    merged = _rows_merged(sheet.merged, rows)
    for row in rows:
        one = _Row(row, reading, merged.get(row.number, ()))
        client = one.client()
        problems += one.problems
        without_street += [row.number] if one.lacks_street else []
        if client is not None:
            count = seen[client.fingerprint] = seen.get(client.fingerprint, 0) + 1
            clients.append(_told_apart(client, count))
    today = reading.now.date()
    return ReadClients(
        clients=tuple(clients),
        problems=tuple(problems),
        without_street=tuple(without_street),
        minors=tuple(client.row for client in clients if is_minor(client.subject, today)),
    )


def _told_apart(client: Client, count: int) -> Client:
    """Return a client whose row stands there a second time under a fingerprint of its own."""
    if count == 1:
        return client
    return replace(client, fingerprint=_sha256([client.fingerprint, count]))


def _rows_merged(
    merged: Iterable[Merged], rows: Iterable[SheetRow]
) -> Mapping[int, tuple[Merged, ...]]:
    numbers = {row.number for row in rows}
    found: dict[int, tuple[Merged, ...]] = {}
    for area in merged:
        for number in range(area.first_row, area.last_row + 1):
            if number in numbers:
                found[number] = (*found.get(number, ()), area)
    return found


class _Row:
    """Reads one row; every problem is kept, with its place."""

    def __init__(self, row: SheetRow, reading: Reading, merged: Iterable[Merged]) -> None:
        self._row = row
        self._reading = reading
        self._merged = tuple(merged)
        self._country = UNITED_STATES
        self.problems: list[Problem] = []
        self.lacks_street = False

    def client(self) -> Client | None:
        """Return the client, or None where anything is wrong."""
        self._check_cells()
        self._country = self._one("country", facts.country_code) or UNITED_STATES
        card = self._card()
        number = self._one("file_number") or ""
        responsible = self._one("responsible", self._staff) or ""
        household, adverse = self._list("household"), self._list("adverse")
        agreed_on = self._agreed_on()
        never_give = self._never_give()
        if self.problems:
            return None
        subject = self._subject(card, never_give)
        if subject is None:
            return None
        said = [card, number, responsible, household, adverse, sorted(never_give)]
        return Client(
            row=self._row.number,
            subject=subject,
            number=number,
            responsible=responsible,
            household=tuple(household),
            adverse=tuple(adverse),
            agreed_on=agreed_on,
            fingerprint=_sha256(said),
        )

    def _subject(self, card: Mapping[str, Any], never_give: frozenset[str]) -> Subject | None:
        try:
            subject = subject_from_card(card, today=today_of(card, self._reading.now))
        except WrongUsage as error:
            self._wrong(None, error.what, error.hint)
            return None
        return replace(
            subject,
            identifiers=tuple(
                replace(fact, share=Share.NEVER) if fact.kind in never_give else fact
                for fact in subject.identifiers
            ),
        )

    def _card(self) -> dict[str, Any]:
        """Return the row as a card, without what is empty."""
        name = self._name()
        card = {
            "label": " ".join(filter(None, (name.get("given"), name.get("family")))),
            "acting": Acting.HELPER.value,
            "name": name,
            "other_names": [self._split(text, at) for at, text in self._several("other_names")],
            **self._home(),
            "addresses": self._address(),
            "emails": [{"email": email} for email in self._checked("email", facts.email)],
            "phones": self._phones(),
            "born": self._day("born"),
            "reply_to": [*self._reply_email(), *self._reply_post()],
        }
        return {key: value for key, value in card.items() if value}

    def _name(self) -> dict[str, str]:
        given = self._one("given") or ""
        if "name" in self._reading.mapped.read and not given:
            heading = self._reading.mapped.read["name"][0]
            return self._split(self._one("name") or "", heading)
        if not given:
            self._wrong(
                self._heading("given"),
                Text("The name is missing. Fill it in, or take the row out."),
            )
        parts = {name: self._one(name) or "" for name in ("middle", "family", "suffix")}
        return {"given": given, **{name: part for name, part in parts.items() if part}}

    def _split(self, text: str, at: Heading) -> dict[str, str]:
        """Split a whole name at its comma; where a name is cut is never guessed."""
        family, comma, given = (part.strip() for part in text.partition(","))
        if comma and given and family and "," not in given:
            return {"given": given, "family": family}
        if text and not comma and len(text.split()) == 1:
            return {"given": text}
        self._wrong(
            at,
            Text("Write the last name first, with a comma: Sample, Jordan.")
            if text
            else Text("The name is missing. Fill it in, or take the row out."),
        )
        return {}

    def _home(self) -> dict[str, str]:
        since = self._since("state_since")
        if self._country != UNITED_STATES:
            return {"country": self._country, "state_since": since}
        state = self._one("state", state_code) or ""
        if not state and not self._has_problem("state"):
            at = self._heading("state")
            add = None if at else Text("Add a column “state”, or say which it is with --column.")
            self._wrong(at, Text("A state is needed here: it decides the law."), add)
        return {"state": state, "state_since": since}

    def _address(self) -> list[dict[str, str]]:
        """Return the home address; no fixed address is a valid life."""
        street, city = self._one("street"), self._one("city")
        code = self._one("zip", self._postal_code)
        if not street:
            self.lacks_street = bool(city or code)
            return []
        address = {
            "street": street,
            "unit": self._one("unit") or "",
            "city": city
            or self._missing(
                "city", Text("The city is missing. Without one, empty the street, too.")
            ),
            "zip": code
            or self._missing(
                "zip", Text("The ZIP code is missing. Without one, empty the street, too.")
            ),
            "since": self._since("address_since"),
        }
        if self._country == UNITED_STATES:
            address["state"] = self._one("state", state_code) or ""
        return [{key: value for key, value in address.items() if value}]

    def _postal_code(self, text: str) -> str:
        return facts.zip_code(text) if self._country == UNITED_STATES else facts.postal_code(text)

    def _phones(self) -> list[dict[str, str]]:
        since = self._since("phone_since")
        return [
            {"phone": phone, **({"since": since} if since else {})}
            for phone in self._checked("phone", lambda text: facts.phone(text, self._country))
        ]

    def _reply_email(self) -> Iterator[dict[str, str]]:
        address = self._one("reply_email", facts.email)
        if address:
            own = address in self._checked("email", facts.email)
            yield {"kind": "own" if own else "new-email", "email": address}

    def _reply_post(self) -> Iterator[dict[str, Any]]:
        """Yield where paper may come; the kind of place is said, or it is plain to see."""
        kind = self._one("mail_kind", self._kind)
        street = self._one("mail_street")
        care_of = self._one("mail_care_of")
        if kind == "own" and not street:
            for home in self._address() or self._no_home():
                yield {"kind": "own", "address": {k: v for k, v in home.items() if k != "since"}}
            return
        if not street:
            if kind or care_of:
                self._missing("mail_street", Text("The street or box is missing."))
            return
        if not kind:
            kind = "care-of" if care_of else self._plain_kind(street)
        yield {"kind": kind, "address": self._mail_address(street, care_of or "")}

    def _no_home(self) -> tuple[dict[str, str], ...]:
        self._wrong(
            self._heading("mail_kind"),
            Text("There is no home address to use. Fill it in, or empty this cell."),
        )
        return ()

    def _plain_kind(self, street: str) -> str:
        if heading_key(street).startswith(("po_box", "p_o_box")):
            return "po-box"
        return self._missing(
            "mail_kind", Text("Say what this place is: own, po-box, care-of or substitute.")
        )

    def _mail_address(self, street: str, care_of: str) -> dict[str, str]:
        address = {
            "street": street,
            "care_of": care_of,
            "unit": self._one("mail_unit") or "",
            "city": self._one("mail_city")
            or self._missing("mail_city", Text("Its city is missing.")),
            "state": self._one("mail_state", state_code)
            or self._missing("mail_state", Text("Its state is missing.")),
            "zip": self._one("mail_zip", facts.zip_code)
            or self._missing("mail_zip", Text("Its ZIP code is missing.")),
            "country": UNITED_STATES,
        }
        return {key: value for key, value in address.items() if value}

    def _kind(self, text: str) -> str:
        kind = _KINDS.get(heading_key(text))
        if kind is None:
            raise WrongUsage(Text("This is none of: own, po-box, care-of, substitute."))
        return kind

    def _agreed_on(self) -> date | None:
        """Return when the client agreed; in a file that has the column, nobody is kept without."""
        if "agreed_on" not in self._reading.mapped.read:
            return None
        day = self._day("agreed_on")
        if not day and not self._has_problem("agreed_on"):
            self._wrong(
                self._heading("agreed_on"),
                Text("This client has not agreed. Ask first, or leave the row out."),
            )
        return date.fromisoformat(day) if day else None

    def _never_give(self) -> frozenset[str]:
        found: set[str] = set()
        for at, text in self._several("never_give"):
            kind = _GIVEN.get(heading_key(text))
            if kind is None:
                self._wrong(at, Text("This is none of: address, phone, email, birth date, name."))
            else:
                found |= {kind, IdentifierKind.ALIAS} if kind is IdentifierKind.NAME else {kind}
        return frozenset(found)

    def _staff(self, name: str) -> str:
        return check_responsible(self._reading.clinic, name)

    def _list(self, name: str) -> list[str]:
        return [text for _at, text in self._several(name)]

    def _several(self, name: str) -> Iterator[tuple[Heading, str]]:
        for heading, cell in self._cells(name):
            for text in map(str.strip, str(cell).split(SEVERAL)):
                if text:
                    yield heading, text

    def _checked(self, name: str, check: Callable[[str], str]) -> list[str]:
        found = (self._try(at, text, check) for at, text in self._several(name))
        return list(dict.fromkeys(each for each in found if each))

    def _one(self, name: str, check: Callable[[str], str] = str) -> str | None:
        """Return one value, checked; None where the cell is empty or wrong."""
        for heading, cell in self._cells(name):
            return self._try(heading, str(cell), check)
        return None

    def _try(self, heading: Heading, text: str, check: Callable[[str], str]) -> str | None:
        try:
            return check(text)
        except WrongUsage as error:
            self._wrong(heading, error.what, error.hint)
            return None

    def _day(self, name: str) -> str:
        """Return a day as year-month-day, or "" where the cell is empty or wrong."""
        return self._read_day(name, lambda text, at: self._whole_day(text, at).isoformat())

    def _since(self, name: str) -> str:
        """Return since when something is true; a year alone will do."""
        return self._read_day(name, self._year_or_day)

    def _year_or_day(self, text: str, at: Heading) -> str:
        today = self._reading.now.date()
        if text.isdecimal() and len(text) == len("1990"):
            return facts.since(text, today=today).isoformat()
        return self._whole_day(text, at).isoformat()

    def _whole_day(self, text: str, at: Heading) -> date:
        day = read_sheet_day(text, self._reading.orders.get(at.index))
        return facts.day(day.isoformat(), today=self._reading.now.date())

    def _read_day(self, name: str, read: Callable[[str, Heading], str]) -> str:
        for heading, cell in self._cells(name):
            try:
                return read(cell.isoformat() if isinstance(cell, date) else cell, heading)
            except WrongUsage as error:
                self._wrong(heading, error.what, error.hint)
        return ""

    def _cells(self, name: str) -> Iterator[tuple[Heading, Cell]]:
        """Yield what stands in the columns of that name, without empty cells."""
        for heading in self._reading.mapped.read.get(name, ()):
            cell = self._row.cell(heading.index)
            if cell:
                yield heading, cell

    def _check_cells(self) -> None:
        """Find what no cell may hold; cells of columns that are not read do not matter."""
        for headings in self._reading.mapped.read.values():
            for heading in headings:
                cell = self._row.cell(heading.index)
                why = self._why_not(heading, cell)
                if why is not None:
                    self._wrong(heading, why)

    def _why_not(self, heading: Heading, cell: Cell) -> Text | None:
        if any(area.first_column <= heading.index <= area.last_column for area in self._merged):
            return Text("This cell is joined with others. Split them, and fill in each.")
        return next(_never_in_a_cell(cell), None) if isinstance(cell, str) else None

    def _heading(self, name: str) -> Heading | None:
        return self._reading.mapped.heading(name)

    def _missing(self, name: str, what: Text) -> str:
        if not self._has_problem(name):
            self._wrong(self._heading(name), what)
        return ""

    def _has_problem(self, name: str) -> bool:
        headings = self._reading.mapped.read.get(name, ())
        return any(problem.heading in headings for problem in self.problems)

    def _wrong(self, heading: Heading | None, what: Text, mend: Text | None = None) -> None:
        """Keep a problem; a cell that was found wrong once is not told again."""
        problem = Problem(row=self._row.number, heading=heading, what=what, mend=mend)
        if problem not in self.problems and not (
            heading and any(each.heading == heading for each in self.problems)
        ):
            self.problems.append(problem)


def _never_in_a_cell(text: str) -> Iterator[Text]:
    odd = FORBIDDEN_IN_VALUE.search(text.translate(dict.fromkeys(map(ord, _JOINERS))))
    if odd:
        yield Text(
            "It holds a sign that cannot be seen: {sign}. Type the cell anew.",
            sign=name_of(odd[0]),
        )
    if len(text) > LONGEST_CELL:
        yield Text("It is longer than {most} letters. Shorten it.", most=LONGEST_CELL)
    if looks_never_stored(text):
        yield Text("It looks like a Social Security or immigration number. Take it out.")
    if text.startswith(_FORMULA) and not text[1:2].isdigit():
        yield Text("It begins like a formula. Take the sign in front away.")


def _sha256(said: object) -> str:
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()

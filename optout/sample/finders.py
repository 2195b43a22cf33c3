"""Two more people-search sites: a table in pages with a mailed code, a slow list with a reply.

Together with Sample People Search (cards, a mailed link) they show people in every way that the
program has to read, and take a request in every way that it has to confirm.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import ClassVar, Final
from urllib.parse import unquote_plus

from optout.sample.listed import PersonRecord, Register, with_namesakes
from optout.sample.markup import Html, render
from optout.sample.received import What
from optout.sample.results import instead_of_results, spoilt_rows
from optout.sample.states import state_options
from optout.sample.switches import Switch
from optout.sample.web import Call, Company, Reply

LOOKUP_SLUG: Final = "sample-name-lookup"
NEIGHBOR_SLUG: Final = "sample-neighbor-list"
LOOKUP_HOST: Final = "sample-name-lookup.test"
NEIGHBOR_HOST: Final = "sample-neighbor-list.test"
A_PAGE: Final = 2  # rows of the table's pages
CODE_LIVES: Final = timedelta(minutes=30)
REPLY_LIVES: Final = timedelta(days=3)


@dataclass(slots=True)
class Asked:
    """A request that waits for what was mailed."""

    record: PersonRecord
    email: str
    until: datetime
    number: str


@dataclass(slots=True)
class NameLookup(Company):
    """The table: searched by its address, two rows a page, confirmed by a code."""

    name: ClassVar[str] = "Sample Name Lookup"
    host: ClassVar[str] = LOOKUP_HOST
    filing: ClassVar[tuple[str, ...]] = ("/remove/", "/code")

    post: Callable[[EmailMessage], None] = lambda _mail: None
    _codes: dict[str, Asked] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    register: Register = field(init=False)

    def __post_init__(self) -> None:
        """Open the register: records have numbers here, and names no accents."""
        numbers = (f"{31_400_007 + 1_111 * at}" for at in range(99))
        self.register = Register(with_namesakes(numbers, plain_letters=True), self.switches)

    def respond(self, call: Call) -> Reply:
        """Search by address, show, take a request, take its code."""
        first, _slash, rest = call.path.removeprefix("/").partition("/")
        routes: dict[tuple[str, str], Callable[[Call, str], Reply]] = {
            ("GET", "find"): self._find,
            ("GET", "person"): self._person,
            ("GET", "remove"): self._form,
            ("POST", "remove"): self._request,
            ("GET", "code"): self._code_form,
            ("POST", "code"): self._code,
        }
        known = routes.get((call.method, first))
        return known(call, rest) if known else self.not_found()

    def _find(self, call: Call, asked: str) -> Reply:
        name, _slash, state = asked.partition("/")
        person = unquote_plus(name).replace("-", " ").strip()
        page = max(int(call.query.get("page", "1") or 1), 1)
        if page == 1:
            self.ledger.add(What.SEARCH, {"name": person, "state": unquote_plus(state)})
        if other := instead_of_results(self, call):
            return other
        found = self.register.find(person)
        if not found:
            return self.page("no_table.html", page="done")
        shown = found[(page - 1) * A_PAGE : page * A_PAGE]
        more = len(found) > page * A_PAGE
        return self.page(
            "table.html",
            page="results",
            rows=spoilt_rows(
                [self._row(each) for each in shown],
                self.switches,
                nameless=self._row(PersonRecord("0", "", shown[0].born, "", "", "")),
            ),
            next=render("next.html", path=call.path, page=str(page + 1)) if more else Html(),
        )

    def _row(self, record: PersonRecord) -> Html:
        return render("table_row.html", **_shown(self, record))

    def _person(self, _call: Call, number: str) -> Reply:
        record = self.register.get(number)
        if record is None:
            return self.not_found()
        text = f"{record.name}, {record.city}, {record.state}"
        return self.page("notice.html", page="done", title="Profile", text=text)

    def _form(self, _call: Call, number: str) -> Reply:
        record = self.register.get(number)
        if record is None:
            return self.not_found()
        return self.page("remove.html", page="remove", **_shown(self, record))

    def _request(self, call: Call, number: str) -> Reply:
        record = self.register.get(number)
        if record is None or Switch.REFUSES in self.switches or not call.one("email"):
            return self.refusal()
        self.ledger.add(What.REQUEST, {"email": call.one("email"), "record": number})
        code = f"{secrets.randbelow(900_000) + 100_000}"
        asked = Asked(record, call.one("email"), self.clock() + CODE_LIVES, _number())
        with self._lock:
            self._codes[code] = asked
        body = f"Your code is {code}. Type it here within 30 minutes:\nhttp://{self.host}/code\n"
        self.post(_mail(self.name, self.host, asked, body))
        return self.confirmation(
            "code_sent.html", person=record.name, email=asked.email, number=asked.number
        )

    def _code_form(self, _call: Call, _rest: str) -> Reply:
        return self.page("code.html", page="code", says="")

    def _code(self, call: Call, _rest: str) -> Reply:
        typed = call.one("code")
        with self._lock:
            asked = self._codes.get(typed)
        if asked is None or self.clock() > asked.until:
            says = "That is not the code, or it is older than 30 minutes."
            return self.page("code.html", page="code", says=says)
        self.ledger.add(What.CONFIRMATION, {"code": typed, "record": asked.record.id})
        with self._lock:
            del self._codes[typed]
        self.register.remove(asked.record.id)
        return self.confirmation("removed.html", person=asked.record.name, number=asked.number)


@dataclass(slots=True)
class NeighborList(Company):
    """The list: its rows come late, and a request counts once its mail was answered."""

    name: ClassVar[str] = "Sample Neighbor List"
    host: ClassVar[str] = NEIGHBOR_HOST
    filing: ClassVar[tuple[str, ...]] = ("/opt-out",)

    post: Callable[[EmailMessage], None] = lambda _mail: None
    late_seconds: float = 0.6
    _replies: dict[str, Asked] = field(default_factory=dict)  # by number
    _lock: threading.Lock = field(default_factory=threading.Lock)
    register: Register = field(init=False)

    def __post_init__(self) -> None:
        """Open the register."""
        numbers = (f"n{7 * at + 40:04}x" for at in range(99))
        self.register = Register(with_namesakes(numbers, plain_letters=False), self.switches)

    def respond(self, call: Call) -> Reply:
        """Search, show late, take a request."""
        match call.method, call.path:
            case "GET", "/":
                return self.page("neighbors.html", page="search", states=state_options(names=False))
            case "GET", "/neighbors":
                return self._neighbors(call)
            case "GET", "/opt-out":
                return self.page("opt_out_link.html", page="link")
            case "POST", "/opt-out":
                return self._request(call)
        return self.not_found()

    def _neighbors(self, call: Call) -> Reply:
        names = ("first", "last", "city", "state")
        self.ledger.add(What.SEARCH, {name: call.query.get(name, "") for name in names})
        if other := instead_of_results(self, call):
            return other
        found = self.register.find(f"{call.query.get('first', '')} {call.query.get('last', '')}")
        rows = spoilt_rows(
            [self._row(each) for each in found],
            self.switches,
            nameless=render("neighbor_row.html", id="", name="", age="", place="", relatives=""),
        )
        none = Html("" if found else render("nobody.html"))
        late = str(int(self.late_seconds * 1000))
        return self.page("neighbor_list.html", page="results", late=late, rows=rows, none=none)

    def _row(self, record: PersonRecord) -> Html:
        shown = _shown(self, record)
        place = f"{shown['city']}, {shown['state']}"
        return render(
            "neighbor_row.html",
            id=record.id,
            name=record.name,
            age=shown["age"],
            place=place,
            relatives=record.relatives,
        )

    def _request(self, call: Call) -> Reply:
        record = self.register.get(call.one("link").rstrip("/").rpartition("/")[2])
        if record is None or Switch.REFUSES in self.switches:
            return self.refusal()
        values = {name: call.one(name) for name in ("full_name", "email", "link")}
        self.ledger.add(What.REQUEST, values)
        asked = Asked(record, values["email"], self.clock() + REPLY_LIVES, _number())
        with self._lock:
            self._replies[asked.number] = asked
        body = "Answer this mail with the word YES, and leave its subject as it is.\n"
        self.post(_mail(self.name, self.host, asked, body))
        return self.confirmation(
            "reply_sent.html", person=values["full_name"], email=asked.email, number=asked.number
        )

    # ---- its mailbox ----

    def refusal_of_mail(self) -> str:
        """Return what the mail server says instead of taking a mail; "" when it takes it."""
        return "451 Please try again later" if Switch.DOWN in self.switches else ""

    def take(self, mail: EmailMessage) -> None:
        """Take the answer of whoever asked: their word, from their own address."""
        body = mail.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        subject = str(mail.get("Subject", ""))
        values = {"from": str(mail.get("From", "")), "subject": subject}
        self.ledger.add(What.MAIL, values, text=text)
        with self._lock:
            fitting = [each for number, each in self._replies.items() if number in subject]
        asked = next(iter(fitting), None)
        if asked is None or self.clock() > asked.until or "YES" not in text.upper():
            return
        if parseaddr(values["from"])[1].lower() == asked.email.lower():
            self.register.remove(asked.record.id)


def _shown(company: Company, record: PersonRecord) -> dict[str, str]:
    return {
        "id": record.id,
        "name": record.name,
        "age": str(record.age_on(company.clock().date())),
        "city": record.city,
        "state": record.state,
        "relatives": record.relatives,
    }


def _number() -> str:
    return str(secrets.randbelow(900_000) + 100_000)


def _mail(company: str, host: str, asked: Asked, body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{company} <privacy@{host}>"
    mail["To"] = asked.email
    mail["Subject"] = f"Please confirm your request {asked.number}"
    mail.set_content(
        f"You asked us to remove a record.\n\n{body}\n"
        "If you did not ask, do nothing.\n\nPractice company: nothing here is real.\n"
    )
    return mail

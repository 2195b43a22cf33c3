"""Sample People Search: search, two namesakes, a box for people only, a mailed second form."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import ClassVar, Final

from optout.sample.listed import PersonRecord, Register, own_records
from optout.sample.markup import Html, render
from optout.sample.received import What
from optout.sample.results import instead_of_results, spoilt_rows
from optout.sample.states import state_options
from optout.sample.switches import Switch
from optout.sample.web import ELSEWHERE, Call, Company, Reply

SLUG: Final = "sample-people-search"
LINK_LIVES: Final = timedelta(hours=24)
CAPTCHA_LIVES: Final = timedelta(minutes=2)
WORD: Final = "maple"
HOST: Final = "sample-people-search.test"
LOOK_ALIKE: Final = f"{HOST}.{ELSEWHERE}"  # where a forged mail leads


# The first is above Jordan's own entry: "the first one" is the wrong one.
NAMESAKES: Final = (
    PersonRecord("jordan-2", "Jordan R. Sample", date(1963, 9, 2), "Aurora", "CO", "Pat Sample"),
)
NAMESAKES_BELOW: Final = (
    PersonRecord("jordan-3", "Jordan Sample", date(2001, 2, 20), "Boulder", "CO", "Lee Sample"),
    PersonRecord("jamie", "Jamie Sample", date(1979, 7, 7), "Denver", "CO", "Kim Sample"),
)


def all_records() -> dict[str, PersonRecord]:
    """Return the company's whole file, by id, in the order it shows them."""
    return {record.id: record for record in (*NAMESAKES, *own_records(), *NAMESAKES_BELOW)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for its mailed link."""

    number: str
    record: PersonRecord
    email: str
    until: datetime


@dataclass(slots=True)
class PeopleSearch(Company):
    """The company that shows people to everybody."""

    name: ClassVar[str] = "Sample People Search"
    host: ClassVar[str] = HOST
    filing: ClassVar[tuple[str, ...]] = ("/opt-out/request", "/confirm/")

    post: Callable[[EmailMessage], None] = lambda _mail: None
    register: Register = field(init=False)
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _answers: dict[str, datetime] = field(default_factory=dict)  # captcha answers, with their end
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Open the register."""
        self.register = Register(all_records(), self.switches)

    def respond(self, call: Call) -> Reply:
        """Search, show, take a request, take its confirmation."""
        if call.path.startswith("/confirm/"):
            return self._confirm(call) if call.method == "POST" else self._second_form(call.path)
        routes = {
            ("POST", "/search"): self._search,
            ("POST", "/opt-out"): self._opt_out_form,
            ("POST", "/captcha"): self._captcha,
            ("POST", "/opt-out/request"): self._request,
        }
        if (call.method, call.path) == ("GET", "/"):
            return self.page("search.html", page="search")
        known = routes.get((call.method, call.path))
        return known(call) if known else self.not_found()

    def _age(self, record: PersonRecord) -> str:
        return str(record.age_on(self.clock().date()))

    def _card(self, record: PersonRecord) -> Html:
        return render(
            "record.html",
            id=record.id,
            name=record.name,
            age=self._age(record),
            city=record.city,
            state=record.state,
            relatives=record.relatives,
        )

    def _search(self, call: Call) -> Reply:
        name = call.one("name")
        self.ledger.add(What.SEARCH, {"full_name": name, "city": call.one("city")})
        if other := instead_of_results(self, call):
            return other
        found = self.register.find(name)
        if not found:
            return self.page("no_results.html", page="done")
        cards = spoilt_rows(
            [self._card(record) for record in found],
            self.switches,
            nameless=self._card(replace(found[0], id="nobody", name="")),
        )
        return self.page("results.html", page="results", count=f"{len(found)} found", records=cards)

    def _opt_out_form(self, call: Call) -> Reply:
        record = self.register.get(call.one("record"))
        if record is None:
            return self.not_found()
        changed = Switch.CHANGED_FORM in self.switches
        label = "Electronic post" if changed else "E-mail address"
        return self.page(
            "opt_out.html",
            page="opt-out",
            id=record.id,
            name=record.name,
            age=self._age(record),
            city=record.city,
            word=WORD,
            email_id="contact-mail" if changed else "email",
            email_label=label,
            drops="yes" if Switch.DROPS_VALUE in self.switches else "",
            trap=self.fragment(Switch.HONEYPOT, render("trap.html", email_label=label)),
            twin=self.fragment(Switch.DUPLICATE, render("twin.html", email_label=label)),
            spy=self.fragment(Switch.KEYSTROKE_SPY, render("spy.js.html", elsewhere=ELSEWHERE)),
        )

    def _captcha(self, call: Call) -> Reply:
        right = call.one("word").casefold() == WORD
        answer = secrets.token_urlsafe(12) if right else ""
        if right:
            with self._lock:
                self._answers[answer] = self.clock() + CAPTCHA_LIVES
        return Reply(answer, content_type="text/plain")

    def _answered_by_a_person(self, answer: str) -> bool:
        with self._lock:
            until = self._answers.pop(answer, None)
        return until is not None and self.clock() <= until

    def _request(self, call: Call) -> Reply:
        record = self.register.get(call.one("record"))
        if record is None or Switch.REFUSES in self.switches:
            return self.refusal()
        if not self._answered_by_a_person(call.one("captcha_answer")):
            text = "Please answer the question for people again."
            return self.page("notice.html", page="done", title="Not sent", text=text)
        names = ("full_name", "email", "city", "trap", "newsletter")
        values = {name: call.one(name) for name in names}
        self.ledger.add(What.REQUEST, values | {"record": record.id})
        waiting = self._ask_by_mail(record, values["email"])
        return self.confirmation(
            "check_mail.html",
            person=values["full_name"],
            email=values["email"],
            number=waiting.number,
        )

    def _ask_by_mail(self, record: PersonRecord, email: str) -> Waiting:
        number = str(secrets.randbelow(900_000) + 100_000)
        token = secrets.token_urlsafe(16)
        waiting = Waiting(number, record, email, self.clock() + LINK_LIVES)
        with self._lock:
            self._waiting[token] = waiting
        if email:
            if Switch.FORGED_MAIL in self.switches:
                self.post(_link_mail(waiting, LOOK_ALIKE, "prize"))
            self.post(_link_mail(waiting, self.host, token))
        return waiting

    def _alive(self, path: str) -> Waiting | None:
        with self._lock:
            waiting = self._waiting.get(path.removeprefix("/confirm/"))
        return waiting if waiting is not None and self.clock() <= waiting.until else None

    def _dead_link(self) -> Reply:
        text = "This link was used already, or is older than 24 hours. Please ask again."
        return self.page("notice.html", page="done", title="This link no longer works", text=text)

    def _second_form(self, path: str) -> Reply:
        waiting = self._alive(path)
        if waiting is None:
            return self._dead_link()
        record = waiting.record
        return self.page(
            "confirm.html",
            page="confirm",
            action=path,
            name=record.name,
            age=self._age(record),
            city=record.city,
            states=state_options(names=True),
        )

    def _confirm(self, call: Call) -> Reply:
        waiting = self._alive(call.path)
        if waiting is None:
            return self._dead_link()
        values = {name: call.one(name) for name in ("email", "state_name")}
        if values["email"] != waiting.email or not values["state_name"]:
            return self.refusal()
        self.ledger.add(What.CONFIRMATION, values | {"record": waiting.record.id})
        with self._lock:
            self._waiting.pop(call.path.removeprefix("/confirm/"), None)
        self.register.remove(waiting.record.id)
        return self.confirmation("removed.html", person=waiting.record.name, number=waiting.number)


def _link_mail(waiting: Waiting, host: str, token: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Sample People Search <no-reply@{host}>"
    mail["To"] = waiting.email
    mail["Subject"] = f"Please confirm your request {waiting.number}"
    mail.set_content(
        "You asked us to remove a record.\n\n"
        f"Open this link within 24 hours and confirm:\nhttp://{host}/confirm/{token}\n\n"
        "If you did not ask, do nothing.\n\n"
        "Practice company: nothing here is real.\n"
    )
    return mail

"""Every shipped web flow runs unmodified on its example, under the broker's real host name.

The page is served over TLS by a server of ours; the browser meets it through the fence, as it
would meet the company. What arrives is compared, box by box, with what the definition discloses.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.handing_over import REASONS
from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.browser.written import written
from optout.catalog.asset_hosts import asset_hosts, captcha_hosts
from optout.catalog.brokers import folder_of, list_brokers
from optout.catalog.examples import Examples, load_examples
from optout.model.broker import Broker, Channel
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import Check, Choose, ConfirmEmail, Fill, Flow, Leg, Open, Step
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver, Person
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import By
from optout.rules.flows import fields_of_flow, optional_fields, steps_of
from optout.rules.hosts import host_of
from optout.text import Text

pytestmark = pytest.mark.browser

VALUES = {
    Field.FULL_NAME: "Jordan Q. Sample",
    Field.FIRST_NAME: "Jordan",
    Field.MIDDLE_NAME: "Quincy",
    Field.LAST_NAME: "Sample",
    Field.STREET: "100 Example Street",
    Field.CITY: "Denver",
    Field.STATE: "CO",
    Field.STATE_NAME: "Colorado",
    Field.ZIP: "80202",
    Field.EMAIL: "jordan.requests@example.com",
    Field.PHONE: "+13035550142",
    Field.BIRTH_DATE: "1990-04-12",
    Field.BIRTH_DAY: "04-12",
    Field.AGE: "36",
    Field.LISTING_URL: "https://www.example.com/jordan-sample/p1234567",
}
# How the example pages call what is chosen by its words, and what a person adds by hand.
CHOSEN = {
    ("lexisnexis-risk", "Full Opt-Out"): {"opts": "full"},
    ("fastpeoplesearch", "The subject of this request"): {"am": "The subject of this request"},
    ("lexisnexis-risk", "Delete My Personal Information"): {"deleteMyPersonalInfo": "yes"},
    ("lexisnexis-risk", "Request Your Consumer Disclosure Report"): {
        "orderConsumerDisclosureReport": "yes"
    },
    ("thomson-reuters-clear", "Residency"): {"formField35": "USA Resident"},
    ("thomson-reuters-clear", "Who is making this request?"): {
        "formField37": "I am submitting this request for myself"
    },
    ("thomson-reuters-clear", "I am a (an)"): {"subjectTypes": "Other"},
    ("acxiom", "Requestor's Country"): {"formField1": "United States"},
    ("acxiom", "I am submitting this request"): {"formField2": "as Myself"},
    ("acxiom", "Select the Right You Want to Exercise"): {"formField3": "Delete"},
    ("epsilon", "Country"): {"country": "US"},
    ("epsilon", "I am a"): {"user": "consumer"},
    ("epsilon", "Do not sell my Personal Information"): {"requestType": "sales"},
    ("epsilon", "Delete"): {"requestType": "delete"},
    ("epsilon", "Access"): {"requestType": "access"},
    ("epsilon", "Sensitive data"): {"requestType": "sensitive"},
    ("enformion-tracers", "Do Not Sell / Right to Opt-out"): {},  # it shows a form, and is not sent
    ("enformion-tracers", "Right to Delete"): {},
    ("enformion-tracers", "Right to Know"): {},
    ("enformion-tracers", "Right to Correct"): {},
    ("enformion-tracers", "public"): {},
}
BY_HAND = {
    "lexisnexis-risk": {"g-recaptcha-response": "stand-in-token"},
    "thomson-reuters-clear": {"captcha": "stand-in-token"},
    "idi": {"lived6Months": "Yes"},
    "enformion-tracers": {"privacyAuthorization": "yes", "requesterType": "subject"},
    "pipl": {"message_desc": "Written by a person."},
}
# The same where a flow has several legs, each with what is added by hand in it.
BY_HAND_IN_LEG: dict[str, tuple[dict[str, str], ...]] = {
    "spokeo": ({"g-recaptcha-response": "stand-in-token"}, {}),
    "peopleconnect": ({"consent": "on"}, {"suppressed": "yes"}),
    "fastpeoplesearch": ({"legal": "yes", "captcha": "stand-in-token"}, {"record": "mine"}),
    "truepeoplesearch": (
        {"RightsExerciseType": "removal", "AuthorizeContact": "yes", "captcha": "stand-in-token"},
        {"record": "mine"},
    ),
    "beenverified": ({"cf-turnstile-response": "stand-in-token", "consent": "yes"}, {}),
    "mylife": ({"captcha": "stand-in-token", "proved": "yes"},),
    "infotracer": ({"captcha": "stand-in-token"}, {}),
    "peoplefinders": (
        {"terms": "yes", "captcha": "stand-in-token"},
        {"consent": "yes", "captcha": "stand-in-token"},
    ),
}
NEVER = ("SSN", "DLNumber", "Issuer", "nationalId", "ssn")


@dataclass(frozen=True)
class WebFlow:
    broker: Broker
    channel: Channel

    @property
    def examples(self) -> Examples:
        return load_examples(folder_of(self.broker.slug) / "examples")

    @property
    def legs(self) -> tuple[Leg, ...]:
        return self.broker.flow[self.channel.flow].leg

    def mailed(self, number: int) -> str:
        """The link that begins a later leg: its page is the file `<flow>.mailed.html`."""
        if not isinstance(self.legs[number].steps[0], ConfirmEmail):
            return ""
        name = f"{self.channel.flow}.mailed.html"
        (page,) = [page for page in self.examples.pages.page if page.file == name]
        return f"{page.url}?token=of-jordan"

    def __str__(self) -> str:
        return f"{self.broker.slug}-{self.channel.right}"


WEB_FLOWS = [
    WebFlow(broker, channel)
    for broker in list_brokers()
    for channel in broker.channel
    if By.WEB in channel.by
]


def by_name(name: str) -> WebFlow:
    return next(flow for flow in WEB_FLOWS if str(flow) == name)


LEXISNEXIS = by_name("lexisnexis-risk-opt-out")
CLEAR = by_name("thomson-reuters-clear-access")


# ---- the company, as its examples describe it ----


@dataclass
class Company:
    """What arrived, and whether a person sits at the page."""

    examples: Examples
    received: list[dict[str, str]] = field(default_factory=list)
    sought: list[str] = field(default_factory=list)
    person_acts: threading.Event = field(default_factory=threading.Event)
    acted: threading.Event = field(default_factory=threading.Event)
    reason: str = ""  # what the person acts on
    port: int = 0

    def resolve(self, _host: str, _port: int) -> Sequence[Address]:
        return (Address("127.0.0.1", self.port, ours=True),)


# Stands in for the hands of a person: once the test's person acts, it clicks what the page marks
# for that reason (captcha, terms, choice …), if anything.
HANDS = b"""<script>(async () => {
  if (document.querySelector("iframe")) return;  // the form is in there, and has hands of its own
  for (;;) {
    const answer = await fetch("/.hands");
    const reason = answer.status === 200 ? await answer.text() : "";
    const box = reason === "captcha" ? ", #stand-in-captcha" : "";
    if (reason) document.querySelector(`[data-by-hand="${reason}"]${box}`)?.click();
    await new Promise((next) => setTimeout(next, 40));
  }
})()</script>"""


def answering(company: Company) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/.hands":
                self._hands()
            else:
                self._page("GET")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            company.received.append(as_fields(self.headers["content-type"], body))
            self._page("POST")

        def _hands(self) -> None:
            acts = company.person_acts.is_set()
            company.person_acts.clear()
            self._send(200 if acts else 404, "text/plain", company.reason.encode())
            if acts:
                company.acted.set()

        def _page(self, method: str) -> None:
            url = f"https://{self.headers['host']}{self.path}"
            company.sought.append(f"{method} {url}")
            answer = company.examples.answer(method, url)
            if answer is None:
                self._send(404, "text/plain", b"")
            else:
                hands = HANDS if method == "GET" else b""
                self._send(200, answer.media_type, answer.content + hands)

        def _send(self, status: int, media_type: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_parts: object) -> None:
            return

    return Answering


def as_fields(media_type: str, body: str) -> dict[str, str]:
    if media_type.startswith("application/json"):
        given = json.loads(body)
    else:
        given = {name: values[-1] for name, values in parse_qs(body).items()}
    return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Certificate:
    """One authority for the whole run, trusted by the hash of its key and by nothing else."""

    authority: trustme.CA
    hosts: tuple[str, ...]

    def context(self) -> tuple[ssl.SSLContext, str]:
        issued = self.authority.issue_cert(*self.hosts)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        certificate = load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return context, base64.b64encode(hashlib.sha256(key).digest()).decode()


@contextmanager
def running(flow: WebFlow, served: ssl.SSLContext) -> Iterator[Company]:
    company = Company(flow.examples)
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(company))
    server.daemon_threads = True
    server.socket = served.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    company.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield company
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def served() -> tuple[ssl.SSLContext, str]:
    hosts = {host_of(page.url) for flow in WEB_FLOWS for page in flow.examples.pages.page}
    return Certificate(trustme.CA(), tuple(sorted(hosts))).context()


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


# ---- the person ----


@dataclass
class AtThePage:
    """A person who clicks what the page marks for them, the robot check perhaps not."""

    company: Company
    answers_the_check: bool = True
    asked: list[str] = field(default_factory=list)

    def act(self, hand_over: HandOver) -> Acted:
        self.asked.append(hand_over.what.english())
        reasons = {why.english(): reason for reason, why in REASONS.items()}
        self.company.reason = reasons[hand_over.why.english()]
        if self.company.reason == "captcha" and not self.answers_the_check:
            return Acted.DID_NOT
        self.company.acted.clear()
        self.company.person_acts.set()
        assert self.company.acted.wait(120)
        return Acted.DID

    def tell(self, text: Text) -> None:
        self.asked.append(text.english())

    def __getattr__(self, name: str) -> object:
        """A run on a page that works asks a person nothing but to act."""
        raise AssertionError(name)


# ---- running, and what should arrive ----


def payload_of(flow: WebFlow, fields: Sequence[Field]) -> Payload:
    return Payload(
        message_id=MessageId("m-1"),
        subject_id=SubjectId("s-1"),
        recipient=Recipient(name=flow.broker.name, hosts=flow.broker.hosts),
        values={field: Secret(VALUES[field]) for field in fields},
        definition_sha256=flow.broker.sha256,
    )


def run(
    flow: WebFlow,
    company: Company,
    window: Window,
    key: str,
    *,
    number: int = 0,
    link: str = "",
    fields: Sequence[Field] = (),
    answers_the_check: bool = True,
) -> tuple[LegOutcome, list[str]]:
    broker = flow.broker
    payload = payload_of(flow, fields or flow.channel.discloses)
    pressed: list[str] = []
    fence = Fence(
        broker.hosts,
        asset_hosts(broker.assets),
        captcha_hosts(broker.captcha),
        resolver=company.resolve,
        extra_args=(f"--ignore-certificate-errors-spki-list={key}",),
    )
    with fence:
        outcome = run_leg(
            flow.legs[number],
            payload,
            fence=fence,
            window=window,
            person=cast("Person", AtThePage(company, answers_the_check)),
            before_submit=lambda: pressed.append("before"),
            rehearse=False,
            assisted=False,
            link=link or flow.mailed(number),
            number=number + 1,
        )
    return outcome, pressed


NAMED_BY = ("name", "id", "data-component", "placeholder", "text()", "type")


def name_in_page(into: str) -> str:
    """`input[name='DOB']` is DOB, `input[type='tel']` is tel, `#emailDSARElement` is email."""
    for by in NAMED_BY:
        named = re.search(rf"\[@?{re.escape(by)}='([^']+)'\]", into)
        if named:
            return named[1]
    return into.rpartition("#")[2].removesuffix("DSARElement")


class Boxes(HTMLParser):
    """What the example pages themselves say of their boxes: options, and what a person answers."""

    def __init__(self, examples: Examples) -> None:
        super().__init__()
        self.values: dict[tuple[str, str], str] = {}  # (name, words of an option) -> as sent
        self.by_hand: dict[str, str] = {}
        self.names: set[str] = set()
        self._list = self._option = ""
        self._answers = False
        for page in examples.pages.page:
            if page.file.endswith(".html"):
                self.feed((examples.folder / page.file).read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name, answers = told.get("name", ""), "data-by-hand" in told
        self.names.add(name)
        is_tick = told.get("type") in {"checkbox", "radio"}
        if tag == "select":
            self._list, self._answers = name, answers
        elif tag == "option":
            self._option = told.get("value", "")
        elif is_tick and name:
            self.values[name, told.get("data-option", "")] = told.get("value", "on")
        if answers and name and tag != "select":
            self.by_hand[name] = told.get("value", "on") if is_tick else "Written by a person."

    def handle_data(self, data: str) -> None:
        if self.lasttag == "option" and data.strip():
            self.values[self._list, data.strip()] = self._option or data.strip()
            self.values[self._list, self._option] = self._option
            if self._answers:
                self.by_hand[self._list] = self._option or data.strip()

    def named(self, into: str) -> str:
        """Return the name under which the page sends what stands in this box."""
        written = into.rpartition("#")[2]
        return written if written in self.names else name_in_page(into)

    def sent(self, name: str, *words: str) -> str:
        """As the page sends one of these words; as they are, where its script decides."""
        found = [self.values[name, one] for one in words if (name, one) in self.values]
        return next(iter(found), words[0])


def by_hand(flow: WebFlow, number: int) -> dict[str, str]:
    in_legs = BY_HAND_IN_LEG.get(flow.broker.slug)
    if in_legs:
        return in_legs[number]
    return BY_HAND.get(flow.broker.slug) or Boxes(flow.examples).by_hand


def expected(flow: WebFlow, fields: Sequence[Field], number: int = 0) -> list[dict[str, str]]:
    """What the definition says, step by step, must be what the page sends: no more, no less."""
    arriving = dict(by_hand(flow, number))
    boxes = Boxes(flow.examples)
    for step in steps_of(flow.legs[number]):
        match step:
            case Fill() if step.field in fields:
                value = written(step.field, VALUES[step.field], step.format)
                arriving[boxes.named(step.into)] = value
            case Choose(field=Field() as chosen):
                name, value = boxes.named(step.into), written(chosen, VALUES[chosen], step.format)
                spelled = (value, VALUES[Field.STATE_NAME]) if chosen is Field.STATE else (value,)
                arriving[name] = boxes.sent(name, *spelled)
            case Choose(label="Select request type"):
                arriving["requestTypes"] = step.option
            case Choose() | Check():
                words = step.label or (step.option if isinstance(step, Choose) else "")
                name = boxes.named(step.into)
                option = step.option if isinstance(step, Choose) else ""
                named = {name: boxes.sent(name, option, words)}
                arriving |= CHOSEN.get((flow.broker.slug, words), named)
    return [arriving] if arriving else []  # a link that is only opened brings nothing


def test_there_are_web_flows_to_run() -> None:
    assert {(flow.broker.slug, flow.channel.right.value) for flow in WEB_FLOWS} >= {
        ("lexisnexis-risk", "opt-out"),
        ("lexisnexis-risk", "delete"),
        ("lexisnexis-risk", "access"),
        ("lexisnexis-risk", "file-disclosure"),
        ("thomson-reuters-clear", "opt-out"),
        ("thomson-reuters-clear", "delete"),
        ("thomson-reuters-clear", "access"),
        ("spokeo", "opt-out"),
        ("peoplefinders", "opt-out"),
    }


# Two rights may share a form; it is run once.
FORMS = list({(flow.broker.slug, flow.channel.flow): flow for flow in WEB_FLOWS}.values())


@pytest.mark.parametrize("flow", FORMS, ids=str)
def test_the_page_receives_exactly_what_the_definition_discloses(
    flow: WebFlow, window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    filled: set[Field] = set()
    for number in range(len(flow.legs)):
        with running(flow, served[0]) as company:
            outcome, pressed = run(flow, company, window, served[1], number=number)
        assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
        assert pressed == ["before"]
        assert company.received == expected(flow, flow.channel.discloses, number)
        assert not {name for form in company.received for name in form} & set(NEVER)
        filled |= set(outcome.filled)
    assert filled == set(flow.channel.discloses)


@pytest.mark.parametrize(
    ("link", "end", "before"),
    [
        ("https://elsewhere.example.com/opt_out/verify", LegEnd.NOT_SENT, []),
        ("https://spokeo.com/opt_out/old", LegEnd.UNKNOWN, ["before"]),
    ],
)
def test_a_link_that_files_by_being_opened_is_no_success_elsewhere(
    link: str, end: LegEnd, before: list[str], window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    flow = hurried_leg(by_name("spokeo-opt-out"), 1)
    with running(flow, served[0]) as company:
        outcome, pressed = run(flow, company, window, served[1], number=1, link=link)
    assert (outcome.end, pressed) == (end, before)
    assert bool(company.sought) is bool(before)


@pytest.mark.parametrize("flow", [LEXISNEXIS, CLEAR], ids=str)
def test_boxes_marked_optional_stay_empty_for_who_has_no_such_value(
    flow: WebFlow, window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    (leg,) = flow.legs
    needed = [each for each in flow.channel.discloses if each not in optional_fields(leg)]
    assert len(needed) < len(flow.channel.discloses)
    with running(flow, served[0]) as company:
        outcome, _pressed = run(flow, company, window, served[1], fields=needed)
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    assert company.received == expected(flow, needed)


@pytest.mark.parametrize("flow", [LEXISNEXIS, CLEAR], ids=str)
def test_nothing_is_sent_when_the_person_does_not_answer_the_robot_check(
    flow: WebFlow, window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    with running(flow, served[0]) as company:
        outcome, pressed = run(flow, company, window, served[1], answers_the_check=False)
    assert outcome.end is LegEnd.NOT_SENT
    assert pressed == []
    assert company.received == []
    assert company.sought  # control: the page was there


def test_without_a_privacy_law_the_page_has_no_opt_out_at_all(
    window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    with running(LEXISNEXIS, served[0]) as company, pytest.MonkeyPatch.context() as patch:
        patch.setitem(VALUES, Field.STATE, "WY")
        outcome, pressed = run(hurried(LEXISNEXIS), company, window, served[1])
    assert outcome.end is LegEnd.NOT_SENT
    assert "wait_for" in outcome.step
    assert (pressed, company.received) == ([], [])


# The traps that the definitions are written around, each sprung by the step a newcomer would write.
TRAPS: dict[str, tuple[str, Step]] = {
    "the label of the state leads to the list of licences": (
        "lexisnexis-risk-opt-out",
        Choose(field=Field.STATE, label="State", how="select"),
    ),
    "typed letters alone leave the state empty": (
        "thomson-reuters-clear-delete",
        Fill(field=Field.STATE_NAME, into="#formField36DSARElement"),
    ),
    "a box that catches robots": ("idi-opt-out", Fill(field=Field.STATE_NAME, into="#hpField")),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_examples_have_the_traps_of_the_live_pages(
    trap: str, window: Window, served: tuple[ssl.SSLContext, str]
) -> None:
    name, careless = TRAPS[trap]
    flow = hurried(by_name(name), careless)
    with running(flow, served[0]) as company:
        outcome, pressed = run(flow, company, window, served[1])
    assert outcome.end is LegEnd.NOT_SENT, trap
    assert (pressed, company.received) == ([], [])
    assert company.sought


@pytest.mark.parametrize("flow", [LEXISNEXIS, CLEAR], ids=str)
def test_a_rehearsal_fills_the_example_and_reaches_nobody(flow: WebFlow, window: Window) -> None:
    payload = payload_of(flow, flow.channel.discloses)
    (leg,) = flow.legs
    with Rehearsal(flow.broker.hosts, flow.examples.answer) as fence:
        outcome = run_leg(
            leg,
            payload,
            fence=fence,
            window=window,
            person=cast("Person", None),  # nobody is needed
            before_submit=lambda: pytest.fail("a rehearsal stops before submit"),
            rehearse=True,
            assisted=False,
        )
    assert outcome.end is LegEnd.REHEARSED, (outcome.step, outcome.why)
    assert set(outcome.filled) == set(flow.channel.discloses)
    assert outcome.capture


def hurried_leg(flow: WebFlow, number: int) -> WebFlow:
    """The same flow, with little patience for one of its legs."""
    legs = list(flow.legs)
    legs[number] = Leg(steps=tuple(replace(s, within_seconds=5) for s in legs[number].steps))
    quick = {flow.channel.flow: Flow(leg=tuple(legs))}
    return WebFlow(replace(flow.broker, flow=quick), flow.channel)


def hurried(flow: WebFlow, careless: Step | None = None) -> WebFlow:
    """The same flow with little patience, and perhaps with the state chosen carelessly."""
    states = {Field.STATE, Field.STATE_NAME}

    def changed(step: Step) -> Step:
        is_state = isinstance(step, Choose) and step.field in states
        chosen = careless if careless and is_state else step
        return chosen if isinstance(chosen, Open) else replace(chosen, within_seconds=3)

    (leg,) = flow.legs
    quick = Flow(leg=(Leg(steps=tuple(map(changed, leg.steps))),))
    return WebFlow(replace(flow.broker, flow={flow.channel.flow: quick}), flow.channel)


def test_what_a_channel_discloses_is_what_its_flow_uses() -> None:
    for flow in WEB_FLOWS:
        used = fields_of_flow(flow.broker.flow[flow.channel.flow])
        assert set(used) == set(flow.channel.discloses), str(flow)


def test_the_examples_hold_no_captcha_of_anybody() -> None:
    pages = [
        path
        for flow in WEB_FLOWS
        for path in Path(flow.examples.folder).iterdir()
        if path.suffix == ".html"
    ]
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "example of our own making" in text
        assert "<script src" not in text

"""Proves how a leg ends: confirmed only by what only success shows, not sent only when certain."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl

import pytest

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.errors import NeedsPerson, Refused
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import (
    AddRow,
    Capture,
    Check,
    Choose,
    ConfirmEmail,
    Expect,
    Fill,
    Leg,
    Open,
    Press,
    ReadCode,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text

pytestmark = pytest.mark.browser

HOST = "broker.test"
VALUES = {
    Field.FULL_NAME: "Jordan Q. Sample",
    Field.FIRST_NAME: "Jordan",
    Field.LAST_NAME: "Sample",
    Field.EMAIL: "jordan.sample@example.com",
    Field.CITY: "Denver",
    Field.STATE: "CO",
    Field.PHONE: "+13035550142",
    Field.BIRTH_DATE: "1990-04-12",
}
FORM = """<!doctype html><title>Opt out</title><h1>Opt out</h1>
<form method="post" action="/file">
<label for="a">Full name</label><input id="a" name="full_name">
<label for="b">Your email</label><input id="b" name="email" type="email">
<button id="send">Send request</button></form>"""
DONE = '<!doctype html><h1>Request received</h1><p>Number <b id="number">A-17</b></p>'
STATES = (
    '<label>State<select id="s" name="state"><option value="">-</option>'
    '<option value="CA">California</option><option value="CO">Colorado</option></select></label>'
)
OPEN = Open(url=f"http://{HOST}/")
NAME = Fill(field=Field.FULL_NAME, label="Full name")
EMAIL = Fill(field=Field.EMAIL, label="Your email")
SUBMIT = Submit(
    press="Send request", expect="Request received", reference="#number", within_seconds=30
)
IN_VAIN = 3  # seconds for what does not come: long enough for the request to arrive meanwhile


@dataclass(frozen=True)
class Reply:
    """What the site answers."""

    body: str = ""
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """A company whose pages a test writes."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": FORM}
        self.took: list[dict[str, str]] = []
        self.answer: Callable[[], Reply] = lambda: Reply(DONE)
        self.when_asked: dict[str, Callable[[], None]] = {}
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port = int(self._server.server_address[1])
        serve = {"poll_interval": 0.02}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=serve)
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a browser that leaves in mid-sentence


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.when_asked.pop(path, lambda: None)()
        found = path in self.site.pages
        page = self.site.pages.get(path, "")
        self._write(Reply(page, HTTPStatus.OK if found else HTTPStatus.NOT_FOUND))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.site.took.append(dict(parse_qsl(body, keep_blank_values=True)))
        self._write(self.site.answer())

    def _write(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        usual = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {**usual, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@dataclass
class Nobody:
    """A person who must not be needed, and says what is put into `acts` when they are."""

    acts: list[Acted] = field(default_factory=list)
    handed: list[HandOver] = field(default_factory=list)

    def act(self, hand_over: HandOver) -> Acted:
        self.handed.append(hand_over)
        if not self.acts:
            raise NeedsPerson(Text("Nobody is there."))
        return self.acts.pop(0)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


@dataclass
class Desk:
    """Runs legs against the site and counts how often the intention was made durable."""

    site: Site
    window: Window
    durable: int = 0
    before_submit: Callable[[], None] | None = None
    person: Nobody = field(default_factory=Nobody)
    port_now: int | None = None
    fence: Fence | None = None

    def resolve(self, _host: str, _port: int) -> tuple[Address, ...]:
        return (Address("127.0.0.1", self.port_now or self.site.port, ours=True),)

    def _durable(self) -> None:
        self.durable += 1
        if self.before_submit:
            self.before_submit()

    def run(
        self, *steps: Step, values: dict[Field, str] | None = None, **how: object
    ) -> LegOutcome:
        given = VALUES if values is None else values
        payload = Payload(
            message_id=MessageId("m"),
            subject_id=SubjectId("s"),
            recipient=Recipient(name="Example Broker", hosts=(HOST,)),
            values={name: Secret(value) for name, value in given.items()},
            definition_sha256="abc123" * 10,
        )
        options: dict[str, object] = {"rehearse": False, "assisted": False, **how}
        with Fence([HOST], resolver=self.resolve) as self.fence:
            return run_leg(
                Leg(steps=steps),
                payload,
                fence=self.fence,
                window=self.window,
                person=self.person,  # type: ignore[arg-type] # only what a run may ask for
                before_submit=self._durable,
                **options,  # type: ignore[arg-type] # a test names real options
            )


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


@pytest.fixture
def desk(window: Window) -> Iterator[Desk]:
    site = Site()
    yield Desk(site, window)
    site.close()


# ---- the plain road ----


def test_a_form_is_filled_sent_once_and_confirmed_with_its_number(desk: Desk) -> None:
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT, Capture())
    assert outcome.end is LegEnd.CONFIRMED
    assert outcome.reference == "A-17"
    assert outcome.why is None
    assert outcome.capture.startswith(b"\xff\xd8")
    assert len(outcome.capture) <= 200 * 1024
    assert outcome.filled == (Field.FULL_NAME, Field.EMAIL)
    assert not outcome.anomaly
    assert desk.durable == 1
    assert desk.site.took == [{"full_name": "Jordan Q. Sample", "email": VALUES[Field.EMAIL]}]


def test_the_intention_is_durable_before_anything_arrives(desk: Desk) -> None:
    seen: list[int] = []
    desk.before_submit = lambda: seen.append(len(desk.site.took))
    desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert seen == [0]


def test_if_the_intention_cannot_be_made_durable_nothing_is_pressed(desk: Desk) -> None:
    def disk_full() -> None:
        raise Refused(Text("The disk is full."))

    desk.before_submit = disk_full
    with pytest.raises(Refused, match="disk is full"):
        desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert desk.site.took == []


def test_a_rehearsal_fills_and_stops_before_submit(desk: Desk) -> None:
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT, rehearse=True)
    assert outcome.end is LegEnd.REHEARSED
    assert outcome.filled == (Field.FULL_NAME, Field.EMAIL)
    assert outcome.capture
    assert (desk.durable, desk.site.took) == (0, [])


def test_a_fence_wider_than_what_was_approved_is_refused(desk: Desk) -> None:
    payload = Payload(
        message_id=MessageId("m"),
        subject_id=SubjectId("s"),
        recipient=Recipient(name="Example Broker", hosts=("other.test",)),
        values={},
    )
    with Fence([HOST], resolver=desk.resolve) as fence, pytest.raises(Refused):
        run_leg(
            Leg(steps=(OPEN, SUBMIT)),
            payload,
            fence=fence,
            window=desk.window,
            person=desk.person,  # type: ignore[arg-type] # never asked
            before_submit=desk._durable,  # noqa: SLF001 - the desk's own
            rehearse=False,
            assisted=False,
        )


# ---- before submit: not sent, with the step ----


def test_a_site_that_is_down_is_not_sent(desk: Desk) -> None:
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))  # and hears nobody: so nobody else gets the port
        desk.port_now = deaf.getsockname()[1]
        outcome = desk.run(OPEN, NAME, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.step.startswith("leg 1, step 1 (open), definition abc123")
    assert (desk.durable, outcome.filled) == (0, ())


def test_a_missing_element_is_not_sent_and_names_its_step(desk: Desk) -> None:
    desk.site.pages["/"] = FORM.replace("Your email", "Electronic mail")
    outcome = desk.run(OPEN, NAME, replace(EMAIL, within_seconds=1), SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert "step 3 (fill email)" in outcome.step
    assert outcome.filled == (Field.FULL_NAME,)
    assert desk.site.took == []


def test_a_value_that_the_page_clears_stops_the_run(desk: Desk) -> None:
    clearing = "<script>b.oninput = () => { a.value = '' }</script>"
    desk.site.pages["/"] = FORM + clearing
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why
    assert "Full name" in outcome.why.english()
    assert (desk.durable, desk.site.took) == (0, [])


def test_a_value_that_is_not_in_the_payload_is_never_made_up(desk: Desk) -> None:
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT, values={Field.EMAIL: "a@example.com"})
    assert outcome.end is LegEnd.NOT_SENT
    assert desk.site.took == []


def test_an_optional_value_that_the_person_lacks_is_left_empty(desk: Desk) -> None:
    given = {Field.EMAIL: "a@example.com"}
    outcome = desk.run(OPEN, replace(NAME, optional=True), EMAIL, SUBMIT, values=given)
    assert outcome.end is LegEnd.CONFIRMED
    assert outcome.filled == (Field.EMAIL,)
    assert desk.site.took == [{"full_name": "", "email": "a@example.com"}]


def test_a_button_that_stays_off_is_not_pressed(desk: Desk) -> None:
    desk.site.pages["/"] = FORM.replace('id="send"', 'id="send" disabled')
    outcome = desk.run(OPEN, NAME, EMAIL, replace(SUBMIT, within_seconds=1))
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)


def test_a_form_that_leads_to_somebody_else_is_not_sent(desk: Desk) -> None:
    desk.site.pages["/"] = FORM.replace('action="/file"', 'action="http://other.test/file"')
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)
    button = FORM.replace('id="send"', 'id="send" formaction="http://other.test/"')
    desk.site.pages["/"] = button
    assert desk.run(OPEN, NAME, EMAIL, SUBMIT).end is LegEnd.NOT_SENT


def test_a_success_that_shows_before_the_press_proves_nothing(desk: Desk) -> None:
    desk.site.pages["/"] = FORM + "<p>Request received in 2 days on average</p>"
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)


def test_a_page_of_somebody_else_is_never_filled(desk: Desk) -> None:
    desk.site.pages["/"] = "<script>location = 'http://other.test/'</script>"
    outcome = desk.run(OPEN, WaitFor(text="never", within_seconds=IN_VAIN), NAME, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.anomaly
    assert outcome.filled == ()


def test_a_definition_that_opens_another_host_opens_nothing(desk: Desk) -> None:
    outcome = desk.run(Open(url="http://other.test/"), NAME, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert desk.fence
    assert not any(p.host == "other.test" for p in desk.fence.proxy.passages)


def test_a_value_in_an_address_needs_a_step_that_says_so(desk: Desk) -> None:
    search = Open(url=f"http://{HOST}/{{last_name}}")
    desk.site.pages["/Sample"] = FORM
    assert desk.run(search, NAME, EMAIL, SUBMIT).end is LegEnd.NOT_SENT
    outcome = desk.run(replace(search, reveals=True), NAME, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.CONFIRMED
    assert Field.LAST_NAME in outcome.filled


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_before_submit_is_not_sent(desk: Desk) -> None:
    tells = "<script>a.addEventListener('input', () => fetch('/typed'))</script>"
    desk.site.pages["/"] = FORM + tells
    desk.site.when_asked["/typed"] = press_ctrl_c
    outcome = desk.run(OPEN, NAME, WaitFor(text="never", within_seconds=60), EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)
    assert outcome.filled == (Field.FULL_NAME,)
    assert desk.run(OPEN, NAME, EMAIL, SUBMIT).end is LegEnd.CONFIRMED  # the window still works


def test_ctrl_c_pressed_again_and_again_before_submit_is_not_sent_either(desk: Desk) -> None:
    again = "<script>a.addEventListener('input', () => setInterval(() => fetch('/typed'), 5))"
    desk.site.pages["/"] = FORM + again + "</script>"
    desk.site.when_asked["/typed"] = press_ctrl_c
    outcome = desk.run(OPEN, NAME, WaitFor(text="never", within_seconds=60), EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)


def test_ctrl_c_after_submit_is_passed_on(desk: Desk) -> None:
    desk.site.answer = lambda: Reply("<h1>Working</h1>" + "<script>fetch('/working')</script>")
    desk.site.when_asked["/working"] = press_ctrl_c
    with pytest.raises(KeyboardInterrupt):
        desk.run(OPEN, NAME, EMAIL, replace(SUBMIT, within_seconds=60))
    assert desk.durable == 1


# ---- after submit: unknown unless success was seen ----

NOT_SUCCESS = {
    "a page that says nothing": "<h1>Thank you</h1>",
    "an offer": "<h1>Wait, one more thing</h1><button>Yes, protect me</button>",
    "a refusal": "<h1>Request received</h1><p>We could not process it.</p>",
    "a login wall": "<h1>Request received</h1><input type='password'><button>Log in</button>",
    "a card form": "<h1>Request received</h1><input autocomplete='cc-number'>",
    "somebody else's name": "<h1>Request received</h1><p>Name: Robin Example</p>",
    "a relative's name": "<h1>Request received</h1><p>Dear Alex Sample,</p>",
    "success that cannot be seen": "<h1 hidden>Request received</h1>",
    "success in a comment": "<!-- Request received --><h1>Sorry</h1>",
    "success in the title only": "<title>Request received</title><h1>Sorry</h1>",
    "success in a box": "<input value='Request received'>",
}


@pytest.mark.parametrize("page", NOT_SUCCESS.values(), ids=NOT_SUCCESS.keys())
def test_anything_but_plain_success_is_unknown(desk: Desk, page: str) -> None:
    desk.site.answer = lambda: Reply("<!doctype html>" + page)
    submit = replace(SUBMIT, refuse=("could not process",), within_seconds=IN_VAIN)
    outcome = desk.run(OPEN, NAME, EMAIL, submit)
    assert outcome.end is LegEnd.UNKNOWN
    assert outcome.why
    assert outcome.capture
    assert (desk.durable, len(desk.site.took)) == (1, 1)


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Request received</h1><p>Dear Jordan Sample,</p>",
        "<h1>Request received</h1><p>Name: Jordan Q. Sample</p>",
        "<h1>Request received</h1><p>Dear J. Sample,</p>",
        "<h1>Request received</h1><p>Your request for Full Opt-Out was sent.</p>",
        "<h1>REQUEST   received</h1>",
    ],
)
def test_a_confirmation_in_the_persons_name_is_success(desk: Desk, page: str) -> None:
    desk.site.answer = lambda: Reply("<!doctype html>" + page)
    assert desk.run(OPEN, NAME, EMAIL, SUBMIT).end is LegEnd.CONFIRMED


def test_success_needs_the_element_too_where_the_definition_names_one(desk: Desk) -> None:
    submit = replace(SUBMIT, expect_element="#receipt")
    in_vain = replace(submit, within_seconds=IN_VAIN)
    assert desk.run(OPEN, NAME, EMAIL, in_vain).end is LegEnd.UNKNOWN
    desk.site.answer = lambda: Reply(DONE + "<p id='receipt'>kept</p>")
    assert desk.run(OPEN, NAME, EMAIL, submit).end is LegEnd.CONFIRMED


def test_a_confirmation_that_lacks_the_persons_value_is_unknown(desk: Desk) -> None:
    shows = Expect(shows=Field.EMAIL, within_seconds=IN_VAIN)
    assert desk.run(OPEN, NAME, EMAIL, SUBMIT, shows).end is LegEnd.UNKNOWN
    desk.site.answer = lambda: Reply(DONE + "<p>We write to JORDAN.sample@example.com</p>")
    assert desk.run(OPEN, NAME, EMAIL, SUBMIT, shows).end is LegEnd.CONFIRMED


def test_a_site_that_takes_the_request_and_never_answers_is_unknown(desk: Desk) -> None:
    def hang() -> Reply:
        desk.site.closing.wait(60)
        return Reply(DONE)

    desk.site.answer = hang
    outcome = desk.run(OPEN, NAME, EMAIL, replace(SUBMIT, within_seconds=IN_VAIN))
    assert outcome.end is LegEnd.UNKNOWN
    assert outcome.capture  # of the filled page, which still stands there
    assert len(desk.site.took) == 1


@pytest.mark.parametrize("status", [HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT])
def test_a_site_that_sends_the_request_on_to_somebody_else_is_unknown(
    desk: Desk, status: HTTPStatus
) -> None:
    away = Reply(status=status, headers={"Location": "http://other.test/x"})
    desk.site.answer = lambda: away
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert (outcome.end, outcome.anomaly) == (LegEnd.UNKNOWN, True)


def test_a_connection_that_is_refused_at_submit_is_not_sent_for_certain(desk: Desk) -> None:
    with closing(socket.socket()) as deaf:
        deaf.bind(("127.0.0.1", 0))

        def goes_down() -> None:
            desk.port_now = deaf.getsockname()[1]

        desk.before_submit = goes_down
        outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert (desk.durable, desk.site.took) == (1, [])


# ---- other steps ----


def test_a_row_counts_only_once_the_page_shows_it(desk: Desk) -> None:
    adds = "<ul id='rows'></ul><button type='button' id='add'>Add Person</button>"
    works = (
        "<script>add.onclick = () => { const li = document.createElement('li');"
        "li.textContent = a.value; rows.append(li); a.value = '' }</script>"
    )
    add = AddRow(press="Add Person", proof="#rows", within_seconds=1)
    desk.site.pages["/"] = FORM + adds
    outcome = desk.run(OPEN, NAME, add, EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)
    assert "add_row" in outcome.step
    desk.site.pages["/"] = FORM + adds + works
    assert desk.run(OPEN, NAME, add, EMAIL, SUBMIT).end is LegEnd.CONFIRMED


def test_a_second_row_is_proved_by_its_own_values(desk: Desk) -> None:
    once = (
        "<ul id='rows'></ul><button type='button' id='add'>Add</button><script>"
        "add.onclick = () => { rows.innerText = 'Jordan Q. Sample'; a.value = '' }</script>"
    )
    desk.site.pages["/"] = FORM + once
    add = AddRow(press="Add", proof="#rows", within_seconds=1)
    city = Fill(field=Field.CITY, label="Full name")
    outcome = desk.run(OPEN, NAME, add, city, add, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT


def test_what_still_stands_in_its_own_box_proves_no_row(desk: Desk) -> None:
    nothing = "<button type='button' id='add'>Add</button>"
    works = "<ul id='rows'></ul><script>add.onclick = () => { rows.innerText = a.value }</script>"
    add = AddRow(press="Add", proof="body", within_seconds=1)
    desk.site.pages["/"] = FORM + nothing
    assert desk.run(OPEN, NAME, add, EMAIL, SUBMIT).end is LegEnd.NOT_SENT
    desk.site.pages["/"] = FORM + nothing + works
    assert desk.run(OPEN, NAME, add, EMAIL, SUBMIT).end is LegEnd.CONFIRMED


def test_a_row_that_the_page_mended_is_proved_by_what_stayed(desk: Desk) -> None:
    mends = (
        "<label>City<input id='c' name='city'></label><button type='button' id='add'>Add</button>"
        "<p id='rows'></p><script>add.onclick = () => {"
        "rows.innerText = 'SAMPLE J Q, ' + c.value; a.value = c.value = '' }</script>"
    )
    desk.site.pages["/"] = FORM.replace("</form>", mends + "</form>")
    city = Fill(field=Field.CITY, label="City")
    whole = AddRow(press="Add", proof="#rows", within_seconds=1)
    assert desk.run(OPEN, NAME, city, whole, EMAIL, SUBMIT).end is LegEnd.NOT_SENT
    mended = AddRow(press="Add", proof="#rows", proves=(Field.CITY,), within_seconds=1)
    assert desk.run(OPEN, NAME, city, mended, EMAIL, SUBMIT).end is LegEnd.CONFIRMED
    unknown = AddRow(press="Add", proof="#rows", proves=(Field.PHONE,), within_seconds=1)
    assert desk.run(OPEN, NAME, city, unknown, EMAIL, SUBMIT).end is LegEnd.NOT_SENT


def test_inner_steps_run_only_when_the_page_shows_it(desk: Desk) -> None:
    banner = "<div id='banner'>Cookies? <button type='button' id='no'>Decline</button></div>"
    hides = "<script>no.onclick = () => banner.remove()</script>"
    when = When(text="Cookies?", steps=(Press(press="Decline"),), within_seconds=3)
    gone = Expect(text="Opt out")
    desk.site.pages["/"] = banner + FORM + hides
    assert desk.run(OPEN, when, gone, NAME, EMAIL, SUBMIT).end is LegEnd.CONFIRMED
    desk.site.pages["/"] = FORM
    assert desk.run(OPEN, when, gone, NAME, EMAIL, SUBMIT).end is LegEnd.CONFIRMED


def test_an_expectation_that_fails_stops(desk: Desk) -> None:
    outcome = desk.run(OPEN, Expect(text="Denver residents", within_seconds=1), NAME, SUBMIT)
    assert (outcome.end, outcome.filled) == (LegEnd.NOT_SENT, ())


def test_a_press_may_lead_to_the_next_page(desk: Desk) -> None:
    desk.site.pages["/"] = '<a href="/two">Next</a>'
    desk.site.pages["/two"] = FORM
    assert desk.run(OPEN, Press(press="Next"), NAME, EMAIL, SUBMIT).end is LegEnd.CONFIRMED


def test_dates_and_phones_are_written_as_the_form_wants_them(desk: Desk) -> None:
    more = '<label>Born<input name="born"></label><label>Call<input name="call"></label>'
    exact = '<label>Day of birth<input type="date" name="exact"></label>'
    desk.site.pages["/"] = FORM.replace("<button", more + exact + "<button")
    outcome = desk.run(
        OPEN,
        NAME,
        EMAIL,
        Fill(field=Field.BIRTH_DATE, label="Born", format="MM/DD/YYYY"),
        Fill(field=Field.PHONE, label="Call", format="dashes"),
        Fill(field=Field.BIRTH_DATE, label="Day of birth"),
        SUBMIT,
    )
    assert outcome.end is LegEnd.CONFIRMED
    took = desk.site.took[0]
    assert took["born"] == "04/12/1990"
    assert took["call"] == "303-555-0142"
    assert took["exact"] == "1990-04-12"


def test_a_mask_that_listens_to_keys_only_is_given_keys(desk: Desk) -> None:
    stubborn = (
        "<script>let typed = ''; p.addEventListener('keydown', e => { if (e.key.length === 1)"
        " typed += e.key }); p.addEventListener('input', () => { p.value = typed })</script>"
    )
    box = '<label>Call<input id="p" name="call"></label>'
    desk.site.pages["/"] = FORM.replace("<button", box + "<button") + stubborn
    phone = Fill(field=Field.PHONE, label="Call", format="digits")
    assert desk.run(OPEN, NAME, phone, EMAIL, SUBMIT).end is LegEnd.CONFIRMED
    assert desk.site.took[0]["call"] == "3035550142"


def test_a_tick_and_a_choice_are_sent(desk: Desk) -> None:
    more = (
        '<label><input type="checkbox" name="tick" value="yes"> By post</label>'
        + STATES
        + "<fieldset><legend>Who asks</legend>"
        '<label><input type="radio" name="who" value="self"> Myself</label>'
        '<label><input type="radio" name="who" value="other"> Somebody else</label></fieldset>'
    )
    desk.site.pages["/"] = FORM.replace("<button", more + "<button")
    outcome = desk.run(
        OPEN,
        NAME,
        EMAIL,
        Check(label="By post"),
        Choose(field=Field.STATE, label="State"),
        Choose(option="Myself", label="Who asks", how="radio"),
        SUBMIT,
    )
    assert outcome.end is LegEnd.CONFIRMED
    took = desk.site.took[0]
    assert (took["tick"], took["state"], took["who"]) == ("yes", "CO", "self")
    assert Field.STATE in outcome.filled


@pytest.mark.parametrize(
    "trap",
    [
        "s.onchange = () => { s.value = 'CA'; done() }",
        "s.onchange = () => setTimeout(() => { s.selectedIndex = 0; done() }, 100)",
        "s.onchange = () => { s.innerHTML = ''; done() }",
    ],
)
def test_a_list_that_jumps_to_another_state_stops_the_run(desk: Desk, trap: str) -> None:
    script = f"<script>const done = () => document.body.append('It jumped.'); {trap}</script>"
    desk.site.pages["/"] = FORM.replace("<button", STATES + "<button") + script
    state = Choose(field=Field.STATE, label="State", within_seconds=1)
    outcome = desk.run(OPEN, state, NAME, WaitFor(text="It jumped."), EMAIL, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)


def test_a_radio_that_only_looks_chosen_stops_the_run(desk: Desk) -> None:
    more = (
        '<label><input type="radio" name="who" value="self" onclick="return false"> Myself</label>'
    )
    desk.site.pages["/"] = FORM.replace("<button", more + "<button")
    who = Choose(option="Myself", how="radio", within_seconds=1)
    outcome = desk.run(OPEN, NAME, EMAIL, who, SUBMIT)
    assert (outcome.end, desk.durable) == (LegEnd.NOT_SENT, 0)


def test_a_radio_painted_by_its_label_is_chosen_through_it(desk: Desk) -> None:
    more = (
        "<style>.x { opacity: 0; position: absolute }</style>"
        '<input class="x" type="radio" id="r" name="who" value="self">'
        '<label for="r">Myself</label>'
    )
    desk.site.pages["/"] = FORM.replace("<button", more + "<button")
    outcome = desk.run(OPEN, NAME, EMAIL, Choose(option="Myself", how="radio"), SUBMIT)
    assert outcome.end is LegEnd.CONFIRMED
    assert desk.site.took[0]["who"] == "self"


# ---- later legs ----


def test_a_leg_can_begin_with_the_link_from_a_mail(desk: Desk) -> None:
    desk.site.pages["/confirm"] = FORM
    mail = ConfirmEmail(hosts=(HOST,), within_hours=24)
    outcome = desk.run(mail, NAME, EMAIL, SUBMIT, link=f"http://{HOST}/confirm?t=abc")
    assert outcome.end is LegEnd.CONFIRMED


@pytest.mark.parametrize(
    "link",
    [
        "http://other.test/confirm",
        "http://broker.test@other.test/confirm",
        "http://broker.test.other.test/confirm",
        "http://broker.test:8080/confirm",
        "https://xn--brker-jua.test/confirm",
        "https://127.0.0.1/confirm",
        "javascript:alert(1)",
        "",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_opened(desk: Desk, link: str) -> None:
    mail = ConfirmEmail(hosts=(HOST,), within_hours=24)
    outcome = desk.run(mail, NAME, SUBMIT, link=link)
    assert outcome.end is LegEnd.NOT_SENT
    assert desk.fence
    assert not any(p.host for p in desk.fence.proxy.passages)


def test_a_leg_can_begin_with_a_code(desk: Desk) -> None:
    code = '<label>Code<input name="code"></label>'
    desk.site.pages["/"] = FORM.replace("<button", code + "<button")
    read = ReadCode(label="Code")
    assert desk.run(OPEN, read, NAME, EMAIL, SUBMIT).end is LegEnd.NOT_SENT
    outcome = desk.run(OPEN, read, NAME, EMAIL, SUBMIT, code=Secret("482913"))
    assert outcome.end is LegEnd.CONFIRMED
    assert desk.site.took[0]["code"] == "482913"


# ---- what leaves the run ----


def test_no_outcome_tells_a_value_or_the_pages_words(desk: Desk) -> None:
    desk.site.pages["/"] = "<h1>Secret words of the page</h1>" + FORM
    told = []
    for page in ("<h1>Sorry, Jordan</h1>", DONE):
        desk.site.answer = partial(Reply, page)
        outcome = desk.run(OPEN, NAME, EMAIL, replace(SUBMIT, within_seconds=IN_VAIN))
        told.append(repr(replace(outcome, capture=b"")))
    desk.site.pages["/"] = "<h1>Secret words of the page</h1>"
    told.append(repr(replace(desk.run(OPEN, replace(NAME, within_seconds=1), SUBMIT), capture=b"")))
    for value in (*VALUES.values(), "Secret words", "Sorry"):
        if value == VALUES[Field.STATE]:
            continue  # two letters stand in many words
        assert not any(value in text for text in told), value


def test_a_number_from_the_page_is_cleaned(desk: Desk) -> None:
    rude = DONE.replace("A-17", "A\u202e-17\u200b" + "x" * 500)
    desk.site.answer = lambda: Reply(rude)
    reference = desk.run(OPEN, NAME, EMAIL, SUBMIT).reference
    assert reference.startswith("A-17x")
    assert len(reference) <= 64


def test_a_masked_picture_shows_no_value(desk: Desk) -> None:
    big = "<style>* { font-size: 40px; color: black; background: white }</style>"
    desk.site.answer = lambda: Reply(big + DONE + "<p>MMMMMMMM</p>")
    plain = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    other = big + DONE + "<p>WWWWWWWW</p>"
    masked = desk.run(OPEN, NAME, EMAIL, SUBMIT, masked=True)
    desk.site.answer = lambda: Reply(other)
    assert masked.capture == desk.run(OPEN, NAME, EMAIL, SUBMIT, masked=True).capture
    assert masked.capture != plain.capture
    assert plain.capture != desk.run(OPEN, NAME, EMAIL, SUBMIT).capture  # the control


def test_a_tall_page_is_still_a_small_picture(desk: Desk) -> None:
    noise = "".join(
        f"<p style='color: hsl({i * 7 % 360} 90% 40%)'>{i * 977}</p>" for i in range(900)
    )
    desk.site.answer = lambda: Reply(DONE + noise)
    outcome = desk.run(OPEN, NAME, EMAIL, SUBMIT)
    assert 0 < len(outcome.capture) <= 200 * 1024

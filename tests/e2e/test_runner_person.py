"""Proves what happens when only a person can go on: with a window before them, and without one."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl

import pytest

from optout.browser import runner
from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.errors import NeedsPerson
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import AskPerson, Fill, Leg, Open, Step, Submit
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text
from tests.e2e.command_line import wait_until

pytestmark = pytest.mark.browser

HOST = "broker.test"
VALUES = {Field.FULL_NAME: "Jordan Q. Sample", Field.EMAIL: "jordan.sample@example.com"}
# The page asks its server what a hand at this window does: so the hand is not the program's.
HAND = """<script>setInterval(() => fetch('/hand').then(r => r.json()).then(
  deeds => deeds.forEach(code => (0, eval)(code))).catch(() => 0), 60)</script>"""
FORM = """<!doctype html><title>Opt out</title><h1>Opt out</h1>
<form method="post" action="/file">
<label for="a">Full name</label><input id="a" name="full_name">
<label for="b">Your email</label><input id="b" name="email" type="email">
<input type="hidden" id="answer" name="captcha">
<button id="send">Send request</button></form>"""
DONE = "<!doctype html><h1>Request received</h1>"
OPEN = Open(url=f"http://{HOST}/")
NAME = Fill(field=Field.FULL_NAME, label="Full name", within_seconds=2)
EMAIL = Fill(field=Field.EMAIL, label="Your email", within_seconds=2)
CAPTCHA = AskPerson(
    reason="captcha", say="Solve the riddle.", done_when="#answer", within_seconds=30
)
UNSOLVED = replace(CAPTCHA, within_seconds=2)
SUBMIT = Submit(press="Send request", expect="Request received", within_seconds=30)
PRESS = "document.querySelector('#send').click()"
SOLVE = "document.querySelector('#answer').value = 'right'"


class Site:
    """A company whose pages a test writes, and whose visitor's hand a test moves."""

    def __init__(self) -> None:
        self.page = FORM
        self.answer = DONE
        self.took: list[dict[str, str]] = []
        self.keys: list[str] = []
        self.agents: set[str] = set()
        self._deeds: list[str] = []
        self._taken = threading.Condition()
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.port = int(self._server.server_address[1])
        serve = {"poll_interval": 0.02}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=serve)
        self._thread.start()

    def by_hand(self, *deeds: str) -> None:
        """Do something in the open page, and wait until the page came for it."""
        with self._taken:
            self._deeds = list(deeds)
            assert self._taken.wait_for(lambda: not self._deeds, timeout=120)

    def take_deeds(self) -> list[str]:
        with self._taken:
            deeds, self._deeds = self._deeds, []
            self._taken.notify_all()
            return deeds

    def close(self) -> None:
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
        if self.path == "/hand":
            self._write(json.dumps(self.site.take_deeds()))
            return
        self.site.agents.add(self.headers["User-Agent"])
        self._write(self.site.page + HAND if self.path == "/" else "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path == "/keys":
            self.site.keys.append(body)
            self._write("")
            return
        self.site.took.append(dict(parse_qsl(body, keep_blank_values=True)))
        self._write(self.site.answer + HAND)

    def _write(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@dataclass
class Somebody:
    """A person who does what a test says, and remembers what they were given."""

    does: Callable[[HandOver], Acted]
    says_go: bool = True
    handed: list[HandOver] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def act(self, hand_over: HandOver) -> Acted:
        self.handed.append(hand_over)
        return self.does(hand_over)

    def type_word(self, question: Text, word: Text) -> bool:
        self.asked.append(f"{question.english()} {word.english()}")
        return self.says_go

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


@dataclass
class Desk:
    """Runs legs against the site, with a window or without."""

    site: Site
    window: Window
    order: list[str] = field(default_factory=list)
    fence: Fence | None = None
    as_if_live: bool = False

    def run(self, person: Somebody, *steps: Step, **how: object) -> LegOutcome:
        payload = Payload(
            message_id=MessageId("m"),
            subject_id=SubjectId("s"),
            recipient=Recipient(name="Example Broker", hosts=(HOST,)),
            values={name: Secret(value) for name, value in VALUES.items()},
        )
        options: dict[str, object] = {"rehearse": False, "assisted": False, **how}
        self.order.clear()
        with Fence(
            [HOST], resolver=lambda _h, _p: (Address("127.0.0.1", self.site.port, ours=True),)
        ) as self.fence:
            self.fence.proxy.connected_outside = self.as_if_live
            return run_leg(
                Leg(steps=steps),
                payload,
                fence=self.fence,
                window=self.window,
                person=person,  # type: ignore[arg-type] # only what a run may ask for
                before_submit=lambda: self.order.append("durable"),
                **options,  # type: ignore[arg-type] # a test names real options
            )


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody looks at."""
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1400x1000x24",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as screen:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
        screen.terminate()


@pytest.fixture(scope="module")
def shown(display: str) -> Iterator[Window]:
    """A window on that screen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", display)
        with Window.for_person() as window:
            yield window


@pytest.fixture(scope="module")
def unshown() -> Iterator[Window]:
    """A window that may show itself, where there is no screen."""
    with Window.for_person() as window:
        yield window


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


@pytest.fixture
def seen(site: Site, shown: Window, display: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Somebody sits before a screen."""
    monkeypatch.setenv("DISPLAY", display)
    return Desk(site, shown)


@pytest.fixture
def blind(site: Site, unshown: Window, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Somebody sits at a terminal without a screen."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return Desk(site, unshown)


def doing(site: Site, deeds: Sequence[str], then: Acted = Acted.DID) -> Somebody:
    def act(_hand_over: HandOver) -> Acted:
        if deeds:
            site.by_hand(*deeds)
        return then

    return Somebody(act)


# ---- before a screen ----


def test_a_captcha_is_solved_in_the_visible_window_and_we_go_on(seen: Desk) -> None:
    person = doing(seen.site, [SOLVE])
    outcome = seen.run(person, OPEN, NAME, EMAIL, CAPTCHA, SUBMIT)
    assert outcome.end is LegEnd.CONFIRMED
    assert not outcome.person_submitted
    (given,) = person.handed
    assert given.window_visible
    assert not given.person_submits
    assert given.picture is None
    assert "Solve the riddle." in given.what.english()
    assert seen.site.took[0]["captcha"] == "right"
    assert not any("Headless" in agent for agent in seen.site.agents)


def test_a_captcha_that_is_not_solved_is_not_sent(seen: Desk) -> None:
    assert seen.run(doing(seen.site, []), OPEN, NAME, UNSOLVED, SUBMIT).end is LegEnd.NOT_SENT
    person = doing(seen.site, [SOLVE], Acted.DID_NOT)
    assert seen.run(person, OPEN, NAME, CAPTCHA, SUBMIT).end is LegEnd.NOT_SENT
    assert seen.site.took == []


def test_an_untried_form_is_filled_by_us_and_sent_by_the_person(seen: Desk) -> None:
    person = doing(seen.site, [PRESS])

    def act(hand_over: HandOver) -> Acted:
        seen.order.append("hands")
        return doing(seen.site, [PRESS]).does(hand_over)

    person.does = act
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.CONFIRMED
    assert outcome.person_submitted
    assert seen.order == ["durable", "hands"]
    (given,) = person.handed
    assert given.person_submits
    assert given.window_visible
    assert "Send request" in given.what.english()
    assert seen.site.took == [
        {"full_name": "Jordan Q. Sample", "email": VALUES[Field.EMAIL], "captcha": ""}
    ]


@pytest.mark.parametrize(
    ("deeds", "says", "end"),
    [
        ([PRESS], Acted.DID, LegEnd.CONFIRMED),
        ([], Acted.DID, LegEnd.UNKNOWN),
        ([], Acted.DID_NOT, LegEnd.NOT_SENT),
        ([PRESS], Acted.DID_NOT, LegEnd.CONFIRMED),
        ([], Acted.NOT_SURE, LegEnd.UNKNOWN),
        ([PRESS], Acted.NOT_SURE, LegEnd.CONFIRMED),
    ],
)
def test_what_the_page_shows_counts_more_than_what_the_person_says(
    seen: Desk, deeds: list[str], says: Acted, end: LegEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = SUBMIT.within_seconds if deeds else 2  # a success that comes is waited for
    monkeypatch.setattr(runner, "AFTER_DENIAL_SECONDS", seconds)
    person = doing(seen.site, deeds, says)
    submit = replace(SUBMIT, within_seconds=seconds)
    outcome = seen.run(person, OPEN, NAME, EMAIL, submit, assisted=True)
    assert outcome.end is end
    assert outcome.person_submitted
    assert outcome.filled == (Field.FULL_NAME, Field.EMAIL)


def test_pressed_but_refused_is_unknown_even_if_they_say_they_did_not(
    seen: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "AFTER_DENIAL_SECONDS", SUBMIT.within_seconds)
    seen.site.answer = "<h1>We could not process it</h1>"
    submit = replace(SUBMIT, refuse=("could not process",))
    person = doing(seen.site, [PRESS], Acted.DID_NOT)
    assert seen.run(person, OPEN, NAME, submit, assisted=True).end is LegEnd.UNKNOWN


def test_a_changed_page_is_finished_by_hand_from_a_list(seen: Desk) -> None:
    seen.site.page = FORM.replace("Your email", "Electronic mail")
    typing = f"document.querySelector('#b').value = '{VALUES[Field.EMAIL]}'"
    person = doing(seen.site, [typing, PRESS])
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.CONFIRMED
    (given,) = person.handed
    assert given.person_submits
    assert [(one.field, one.place, one.value.reveal()) for one in given.remaining] == [
        (Field.EMAIL, "Your email", VALUES[Field.EMAIL])
    ]
    assert outcome.filled == (Field.FULL_NAME, Field.EMAIL)
    assert seen.order == ["durable"]


def test_a_tried_form_that_changed_comes_back_with_a_window(seen: Desk) -> None:
    seen.site.page = FORM.replace("Your email", "Electronic mail")
    person = doing(seen.site, [PRESS])
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.CONFIRMED
    assert len(person.handed) == 1
    assert person.handed[0].window_visible
    headless = {"Headless" in agent for agent in seen.site.agents}
    assert headless == {True, False}  # first without a window, then with one
    assert seen.order == ["durable"]


def test_a_captcha_that_comes_after_submit_is_theirs_too(seen: Desk) -> None:
    later = "setTimeout(() => { document.body.innerHTML = '<h1>Request received</h1>' }, 100)"
    seen.site.answer = "<h1>One more step</h1><input type='hidden' id='answer'>"
    person = doing(seen.site, [SOLVE, later])
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT, replace(CAPTCHA, done_when=""))
    assert outcome.end is LegEnd.CONFIRMED
    assert len(person.handed) == 1
    assert seen.order == ["durable"]


def test_a_form_that_the_robot_check_sends_is_sent_by_the_person(seen: Desk) -> None:
    by_hand = replace(SUBMIT, press="", say="Tick the robot check: that sends the form.")
    person = doing(seen.site, [PRESS])
    outcome = seen.run(person, OPEN, NAME, EMAIL, by_hand)
    assert outcome.end is LegEnd.CONFIRMED
    assert outcome.person_submitted
    (given,) = person.handed
    assert "Tick the robot check" in given.what.english()
    nobody = doing(seen.site, [], Acted.DID_NOT)
    quick = replace(by_hand, within_seconds=2)
    assert seen.run(nobody, OPEN, NAME, EMAIL, quick).end is LegEnd.NOT_SENT


def test_a_form_that_leads_elsewhere_is_not_handed_over(seen: Desk) -> None:
    seen.site.page = FORM.replace('action="/file"', 'action="http://other.test/"')
    person = doing(seen.site, [PRESS])
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.NOT_SENT
    assert person.handed == []
    assert seen.order == []


def test_a_person_who_is_led_elsewhere_ends_unknown(seen: Desk) -> None:
    person = doing(seen.site, ["location = 'http://other.test/'"])
    outcome = seen.run(person, OPEN, NAME, EMAIL, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.UNKNOWN
    assert outcome.anomaly


@pytest.mark.parametrize("assisted", [False, True])
def test_ctrl_c_at_the_prompt(seen: Desk, *, assisted: bool) -> None:
    def interrupt(_hand_over: HandOver) -> Acted:
        raise KeyboardInterrupt

    steps: tuple[Step, ...] = (OPEN, NAME, SUBMIT) if assisted else (OPEN, NAME, CAPTCHA, SUBMIT)
    if assisted:  # the person had the button before them: only they know
        with pytest.raises(KeyboardInterrupt):
            seen.run(Somebody(interrupt), *steps, assisted=True)
        return
    assert seen.run(Somebody(interrupt), *steps).end is LegEnd.NOT_SENT


def test_a_window_that_the_person_closes_is_not_sent(seen: Desk) -> None:
    def close(_hand_over: HandOver) -> Acted:
        seen.window.background.wait(seen.window.close_browser())
        return Acted.DID

    outcome = seen.run(Somebody(close), OPEN, NAME, UNSOLVED, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.filled == (Field.FULL_NAME,)
    person = doing(seen.site, [SOLVE])
    assert seen.run(person, OPEN, NAME, EMAIL, CAPTCHA, SUBMIT).end is LegEnd.CONFIRMED


def test_a_window_that_closes_after_the_press_is_unknown(seen: Desk) -> None:
    def close(_hand_over: HandOver) -> Acted:
        seen.window.background.wait(seen.window.close_browser())
        return Acted.DID

    outcome = seen.run(Somebody(close), OPEN, NAME, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.UNKNOWN


# ---- without a screen ----


def test_without_a_screen_a_picture_and_a_typed_go_send_it(blind: Desk) -> None:
    person = doing(blind.site, [])
    outcome = blind.run(person, OPEN, NAME, EMAIL, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.CONFIRMED
    assert not outcome.person_submitted
    (given,) = person.handed
    assert not given.window_visible
    assert not given.person_submits
    assert given.picture
    assert given.picture.startswith(b"\xff\xd8")
    assert [one.value.reveal() for one in given.remaining] == list(VALUES.values())
    assert len(person.asked) == 1
    assert blind.order == ["durable"]


def test_without_go_nothing_is_sent(blind: Desk) -> None:
    silent = Somebody(lambda _given: Acted.DID, says_go=False)
    assert blind.run(silent, OPEN, NAME, SUBMIT, assisted=True).end is LegEnd.NOT_SENT
    unwilling = Somebody(lambda _given: Acted.DID_NOT)
    assert blind.run(unwilling, OPEN, NAME, SUBMIT, assisted=True).end is LegEnd.NOT_SENT
    assert unwilling.asked == []
    assert (blind.order, blind.site.took) == ([], [])


def test_without_a_screen_only_the_page_says_whether_a_captcha_is_solved(blind: Desk) -> None:
    believed = Somebody(lambda _given: Acted.DID)
    outcome = blind.run(believed, OPEN, NAME, EMAIL, UNSOLVED, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert believed.handed[0].picture
    assert believed.handed[0].remaining
    by_itself = doing(blind.site, [SOLVE])
    assert blind.run(by_itself, OPEN, NAME, EMAIL, CAPTCHA, SUBMIT).end is LegEnd.CONFIRMED


def test_without_a_screen_a_changed_page_is_not_sent(blind: Desk) -> None:
    blind.site.page = FORM.replace("Your email", "Electronic mail")
    nobody = Somebody(lambda _given: Acted.DID)
    outcome = blind.run(nobody, OPEN, NAME, EMAIL, SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert nobody.handed == []


def test_nobody_at_the_terminal_is_not_sent(blind: Desk) -> None:
    def nobody(_hand_over: HandOver) -> Acted:
        raise NeedsPerson(Text("This needs a terminal."))

    outcome = blind.run(Somebody(nobody), OPEN, NAME, SUBMIT, assisted=True)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why == Text("This needs a terminal.")


def test_a_box_in_which_the_page_asks_something_gets_a_no(blind: Desk) -> None:
    asks = "<script>document.forms[0].onsubmit = () => confirm('You are an officer?')</script>"
    blind.site.page = FORM + asks
    outcome = blind.run(
        Somebody(lambda _given: Acted.DID), OPEN, NAME, EMAIL, replace(SUBMIT, within_seconds=1)
    )
    assert outcome.end is LegEnd.UNKNOWN
    assert blind.site.took == []


# ---- rehearsals ----

SPY = """<script>addEventListener('input',
  e => navigator.sendBeacon('/keys', e.target.value))</script>"""


def test_a_rehearsal_on_a_live_page_types_behind_a_shut_fence(blind: Desk) -> None:
    blind.site.page = FORM + SPY
    blind.as_if_live = True
    nobody = Somebody(lambda _given: Acted.DID)
    outcome = blind.run(nobody, OPEN, NAME, EMAIL, CAPTCHA, SUBMIT, rehearse=True, assisted=True)
    assert outcome.end is LegEnd.REHEARSED
    assert outcome.capture
    assert nobody.handed == []
    assert (blind.site.keys, blind.site.took, blind.order) == ([], [], [])


def test_the_same_page_tells_what_was_typed_where_the_fence_is_open(blind: Desk) -> None:
    blind.site.page = FORM + SPY
    nobody = Somebody(lambda _given: Acted.DID)
    blind.run(nobody, OPEN, NAME, EMAIL, SUBMIT, rehearse=True)
    wait_until(lambda: blind.site.keys)

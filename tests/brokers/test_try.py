"""`optout broker try`: what would be sent where, shown with an invented person and never sent.

The live leg runs against a server of ours under the company's real name. Its page tells every key
stroke to its own server over the connection that is open already: what cutting it is for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import ssl
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import unquote_plus

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.window import Window
from optout.catalog.asset_hosts import asset_hosts, captcha_hosts
from optout.catalog.brokers import NoSuchBroker, folder_of, typed_folder
from optout.catalog.examples import Examples, NoExample, load_examples
from optout.catalog.findings import BadDefinition
from optout.cli import main as shell
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker
from optout.model.delivery import LegEnd
from optout.model.fields import Field
from optout.model.ports import Person
from optout.model.words import By, Right
from optout.sample.people import JORDAN
from optout.workflows.try_definition import LiveFence, Tried, try_definition
from tests.e2e.command_line import wait_until

pytestmark = pytest.mark.browser

ON = date(2026, 11, 22)
FORM = Path(__file__).parent.parent / "hostile" / "definitions" / "valid" / "form.toml"
REVEALS = FORM.with_name("reveals-in-address.toml")
PAGE = """<!doctype html><title>Opt out</title><form method="post" action="/optout">
<label>Full name <input id="name" name="full_name"></label>
<label>E-mail <input id="email" name="email"></label>
<label>Last 4 of your SSN <input name="last4"></label>
<button>Send request</button></form>"""
PAGES = '[[page]]\nurl = "https://good.example.com/optout"\nfile = "optout.html"\n'
SPY = b"<script>oninput = e => fetch('/seen?' + encodeURIComponent(e.target.value))</script>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company's folder that lies somewhere of its own."""
    made = tmp_path / "good-company"
    (made / "examples").mkdir(parents=True)
    shutil.copyfile(FORM, made / "broker.toml")
    (made / "examples" / "pages.toml").write_text(PAGES, encoding="utf-8")
    (made / "examples" / "optout.html").write_text(PAGE, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


def tried(
    folder: Path,
    window: Window,
    *,
    right: Right | None = None,
    live: LiveFence | None = None,
) -> list[Tried]:
    nobody = cast("Person", None)  # a definition is tried without asking anybody
    if live is None:
        found = try_definition(folder, JORDAN, right=right, on=ON, window=window, person=nobody)
    else:
        found = try_definition(
            folder,
            JORDAN,
            right=right,
            on=ON,
            window=window,
            person=nobody,
            live=True,
            fence_of=live,
        )
    return list(found)


# ---- on the example ----


def test_it_shows_which_page_gets_which_value(folder: Path, window: Window) -> None:
    (one,) = tried(folder, window)
    assert one.outcome is not None
    assert one.outcome.end is LegEnd.REHEARSED
    assert [(each.to, each.field, each.value.reveal()) for each in one.given()] == [
        ("good.example.com", Field.FULL_NAME, "Jordan Q. Sample"),
        ("good.example.com", Field.EMAIL, "replies.jq@example.com"),
    ]
    assert one.outcome.leads_to == "good.example.com"
    assert one.outcome.left_empty == ("Last 4 of your SSN",)
    states = [one.state_of(number).english() for number in range(len(one.steps))]
    assert states == ["done", "done", "done", "not pressed"]
    assert one.left().english() == "Nothing left this computer."


def test_it_says_where_it_stopped(folder: Path, window: Window) -> None:
    page = folder / "examples" / "optout.html"
    page.write_text(PAGE.replace('id="email"', "").replace("E-mail", "Nickname"), encoding="utf-8")
    definition = folder / "broker.toml"
    text = definition.read_text(encoding="utf-8")
    hurried = text.replace('into = "#email"', 'into = "#email", within_seconds = 1')
    definition.write_text(hurried, encoding="utf-8")
    (one,) = tried(folder, window)
    assert not one.works
    assert "fill email" in one.said().english()
    states = [one.state_of(number).english() for number in range(len(one.steps))]
    assert states == ["done", "done", "stopped here", "not reached"]


def test_a_form_that_would_be_sent_to_somebody_else_is_told(folder: Path, window: Window) -> None:
    page = folder / "examples" / "optout.html"
    elsewhere = PAGE.replace('action="/optout"', 'action="https://evil.example.net/"')
    page.write_text(elsewhere, encoding="utf-8")
    (one,) = tried(folder, window)
    assert "sent to somebody else" in one.said().english()


def test_a_letter_has_no_form_and_shows_what_it_would_carry(window: Window) -> None:
    found = tried(folder_of("liveramp"), window, right=Right.CORRECT)
    assert found
    assert all(one.outcome is None and one.by is not By.WEB for one in found)
    assert all(one.given() for one in found)


def test_the_shell_tells_it_to_people_and_to_programs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(["--plain", "broker", "try", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "Where: good.example.com\nWhat: full name\nValue: Jordan Q. Sample" in said
    assert said.rstrip().endswith("Nothing left this computer.")
    assert shell.main(["broker", "try", str(folder / "broker.toml"), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["given"][0] == {
        "to": "good.example.com",
        "field": "full_name",
        "value": "Jordan Q. Sample",
    }
    assert (one["left_this_computer"], one["works"]) == ("nothing", True)


# ---- what goes wrong ----


def test_errors_say_what_to_do(folder: Path, window: Window, tmp_path: Path) -> None:
    with pytest.raises(NoSuchBroker, match="name in the catalog"):
        typed_folder("spokoe")
    with pytest.raises(NoSuchBroker, match="no such folder"):
        typed_folder(str(tmp_path / "nowhere"))
    assert typed_folder(str(folder)) == folder == typed_folder(str(folder / "broker.toml"))
    with pytest.raises(WrongUsage, match="cannot be asked for that"):
        tried(folder, window, right=Right.FREEZE)
    shutil.rmtree(folder / "examples")
    with pytest.raises(NoExample):
        tried(folder, window)
    (folder / "broker.toml").write_text("slug = ", encoding="utf-8")
    with pytest.raises(BadDefinition):
        tried(folder, window)


def test_a_live_page_is_not_opened_where_that_alone_gives_something_away(
    folder: Path, window: Window
) -> None:
    def never(_broker: Broker) -> Fence:
        raise AssertionError

    with pytest.raises(WrongUsage, match="no web form"):
        tried(folder_of("liveramp"), window, right=Right.CORRECT, live=never)
    broken = folder.with_name("broken") / "good-company"
    shutil.copytree(folder, broken)
    text = FORM.read_text(encoding="utf-8").replace('grade = "drafted"', 'grade = "tested"')
    (broken / "broker.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadDefinition):  # what lint would mend is tried on its example only
        tried(broken, window, live=never)
    shutil.copyfile(REVEALS, folder / "broker.toml")
    with pytest.raises((Refused, BadDefinition)) as told:
        tried(folder, window, live=never)
    assert "carries a person's values" in str(told.value) or isinstance(told.value, BadDefinition)


# ---- on the live page ----


@dataclass
class Live:
    """A company's server: what it was asked, over which connection."""

    examples: Examples
    asked: list[str] = field(default_factory=list)
    connections: set[object] = field(default_factory=set)
    port: int = 0

    def resolve(self, _host: str, _port: int) -> Sequence[Address]:
        return (Address("127.0.0.1", self.port, ours=True),)

    def told(self, values: Collection[str]) -> list[str]:
        return [one for one in self.asked for value in values if value in unquote_plus(one)]


def handler_of(live: Live) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # a connection stays open for what comes next

        def do_GET(self) -> None:
            live.connections.add(self.client_address)
            live.asked.append(f"GET {self.path}")
            answer = live.examples.answer("GET", f"https://{self.headers['host']}{self.path}")
            self._send(answer.content + SPY if answer else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            live.asked.append(f"POST {self.path} {body}")
            self._send(b"")

        def _send(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_parts: object) -> None:
            return

    return Handler


class RefusesNew(Fence):
    """The control: no new connection, but what is open stays open."""

    def shut(self) -> None:
        self.proxy._is_shut = True  # noqa: SLF001 - what the proxy itself does not offer


@pytest.fixture
def live() -> Iterator[tuple[Live, ssl.SSLContext, str]]:
    issued = trustme.CA().issue_cert("www.spokeo.com", "spokeo.com")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    certificate = load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    company = Live(load_examples(folder_of("spokeo") / "examples"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(company))
    server.daemon_threads = True
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    company.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield company, context, base64.b64encode(hashlib.sha256(key).digest()).decode()
    server.shutdown()
    server.server_close()
    thread.join()


def fence_with(kind: type[Fence], company: Live, key: str) -> LiveFence:
    def fence_of(broker: Broker) -> Fence:
        return kind(
            broker.hosts,
            asset_hosts(broker.assets),
            captcha_hosts(broker.captcha),
            resolver=company.resolve,
            extra_args=(f"--ignore-certificate-errors-spki-list={key}",),
            shuts_when_loaded=True,
        )

    return fence_of


def test_on_the_live_page_nothing_that_is_typed_leaves(
    live: tuple[Live, ssl.SSLContext, str], window: Window
) -> None:
    company, _context, key = live
    (one,) = tried(folder_of("spokeo"), window, live=fence_with(Fence, company, key))
    assert one.outcome is not None
    assert one.outcome.end is LegEnd.REHEARSED, one.said().english()
    assert {each.to for each in one.given()} == {"www.spokeo.com"}
    assert "GET /optout" in company.asked  # control: the live page it was
    values = {each.field: each.value.reveal() for each in one.given()}
    assert Field.EMAIL in values
    assert company.told(values.values()) == []
    assert not [asked for asked in company.asked if asked.startswith("POST")]
    assert "then every connection was cut" in one.left().english()


def test_what_a_page_loads_only_after_typing_is_said_to_be_missing(
    live: tuple[Live, ssl.SSLContext, str], window: Window, tmp_path: Path
) -> None:
    company, _context, key = live
    folder = tmp_path / "spokeo"
    folder.mkdir()  # without its examples: a live page needs none
    text = (folder_of("spokeo") / "broker.toml").read_text(encoding="utf-8")
    email = '{ do = "fill", field = "email"'
    assert text.count(email) == 1
    waits = '{ do = "wait_for", text = "Something later", source = "DDGA", within_seconds = 1 },'
    (folder / "broker.toml").write_text(text.replace(email, f"{waits}\n  {email}"), "utf-8")
    (one,) = tried(folder, window, live=fence_with(Fence, company, key))
    assert not one.works
    caution = one.why_perhaps()
    assert caution is not None
    assert "loads nothing more once it is cut off" in caution.english()


def test_refusing_new_connections_alone_would_leak(
    live: tuple[Live, ssl.SSLContext, str], window: Window
) -> None:
    """The control: the same page over a connection that was left open."""
    company, _context, key = live
    (one,) = tried(folder_of("spokeo"), window, live=fence_with(RefusesNew, company, key))
    values = {each.field: each.value.reveal() for each in one.given()}
    wait_until(lambda: company.told(values.values()))

"""A practice company's web site: one small server a company, on this machine only."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from optout.sample.at_screen import AtScreen
from optout.sample.markup import Html, whole_page
from optout.sample.received import Ledger
from optout.sample.switches import Switch

ELSEWHERE = "elsewhere.test"  # the host that must never receive anything
SOMEBODY_ELSE = "Robin Stranger"
HANGING_SECONDS = 600.0  # longer than any time limit of the program
LARGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a browser."""

    method: str
    path: str
    query: Mapping[str, str]
    form: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """Return the first value sent under a name, or ""."""
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values sent under a name."""
        return tuple(value.strip() for key, value in self.form if key == name)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the browser gets back."""

    body: str = ""
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


@dataclass(slots=True)
class Company:
    """What every practice company with a web site shares: its switches, ledger and open page."""

    name: ClassVar[str]
    host: ClassVar[str]
    front: ClassVar[str] = "/"
    filing: ClassVar[tuple[str, ...]] = ()  # paths that take a request

    clock: Callable[[], datetime]
    screen: AtScreen
    slow_seconds: float = 1.5
    switches: set[Switch] = field(default_factory=set)
    ledger: Ledger = field(default_factory=Ledger)
    closing: threading.Event = field(default_factory=threading.Event)

    def respond(self, call: Call) -> Reply:
        """Answer one request on the company's own paths."""
        raise NotImplementedError

    def page(self, template: str, /, *, page: str, **values: str) -> Reply:
        """Return one of the company's pages."""
        return Reply(whole_page(template, company=self.name, page=page, **values))

    def not_found(self) -> Reply:
        """Return the page for an address that leads nowhere."""
        reply = self.page("notice.html", page="done", title="Not found", text="No such page.")
        return Reply(reply.body, HTTPStatus.NOT_FOUND)

    def refusal(self) -> Reply:
        """Return the page that takes nothing."""
        text = "We could not process your request. Please try again later."
        return self.page("notice.html", page="done", title="Something went wrong", text=text)

    def confirmation(self, template: str, /, *, person: str, **values: str) -> Reply:
        """Return the page after a request was taken, spoilt as the switches say."""
        if Switch.UPSELL in self.switches:
            return self.page("upsell.html", page="done")
        if Switch.NO_CONFIRMATION in self.switches:
            text = "You are now back at the start."
            return self.page("notice.html", page="done", title="Welcome", text=text)
        shown = SOMEBODY_ELSE if Switch.WRONG_NAME in self.switches else person
        return self.page(template, page="done", person=shown, **values)

    def fragment(self, switch: Switch, markup: Html) -> Html:
        """Return markup only while a switch is on."""
        return markup if switch in self.switches else Html()


def away(path: str, status: HTTPStatus) -> Reply:
    """Send the browser to the other host."""
    return Reply(status=status, headers={"Location": f"http://{ELSEWHERE}{path}"})


def answer(company: Company, call: Call) -> Reply | None:
    """Answer one request as the switches say; None: hang up without a word."""
    files = call.method == "POST" and call.path.startswith(company.filing)
    if call.path == "/at-the-screen":
        deeds = company.screen.look(call.query.get("page", ""))
        return Reply(json.dumps(list(map(dict, deeds))), content_type="application/json")
    if Switch.SLOW in company.switches:
        company.closing.wait(company.slow_seconds)
    if Switch.REDIRECT_302 in company.switches and call.path == company.front:
        return away(call.path, HTTPStatus.FOUND)
    if Switch.REDIRECT_307 in company.switches and files:
        return away(call.path, HTTPStatus.TEMPORARY_REDIRECT)
    if Switch.ENDLESS_REDIRECT in company.switches and call.method == "GET":
        again = int(call.query.get("again", "0") or 0) + 1
        return Reply(status=HTTPStatus.FOUND, headers={"Location": f"{call.path}?again={again}"})
    reply = company.respond(call)
    if Switch.HANGS in company.switches and files:
        company.closing.wait(HANGING_SECONDS)
        return None
    return reply


class _Handler(BaseHTTPRequestHandler):
    company: ClassVar[Company]

    def do_GET(self) -> None:
        self._reply(())

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        body = self.rfile.read(length).decode("utf-8", "replace")
        self._reply(tuple(parse_qsl(body, keep_blank_values=True)))

    def _reply(self, form: tuple[tuple[str, str], ...]) -> None:
        parts = urlsplit(self.path)
        call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), form)
        reply = answer(self.company, call)
        if reply is not None:
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        body = reply.body.encode()
        self.send_response(reply.status)
        headers = {"Content-Type": reply.content_type, "Cache-Control": "no-store"}
        for name, value in {**headers, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep quiet: a practice company writes no log."""


_Visitor = socket.socket | tuple[bytes, socket.socket]  # as socketserver declares it


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: _Visitor, client_address: object) -> None:
        """Keep quiet about visitors who leave before the page is written: browsers do."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


@dataclass(slots=True)
class WebSite:
    """One company's running server."""

    company: Company
    _server: _Server
    _thread: threading.Thread

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop it, and let go of visitors that hang."""
        self.company.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def open_site(company: Company) -> WebSite:
    """Start one company's server on a free port of this machine."""
    handler = type("Handler", (_Handler,), {"company": company})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=company.host, daemon=True
    )
    thread.start()
    return WebSite(company, server, thread)

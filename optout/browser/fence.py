"""The egress allow-list around one run of the browser (SECURITY 6).

Two layers. The proxy below the browser holds for everything, redirects included, because nothing
else connects. The routes inside the browser know more of a request (its method, its frame, what it
carries) but see no redirects (microsoft/playwright#17161), so they are never trusted alone.

An anomaly is a refused navigation of the whole window, a refused form, or a refused request that
carries a typed value. It ends the run and stops a batch; other refusals are only written down.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Self

from optout.browser.addresses import Resolver, system_resolver
from optout.browser.host_classes import FETCHING, HostClass, HostClasses
from optout.browser.proxy import Proxy, Verdict
from optout.browser.typed_values import TypedValues

if TYPE_CHECKING:
    from playwright.async_api import (
        Browser,
        BrowserContext,
        CDPSession,
        Frame,
        Page,
        Request,
        Route,
        WebSocketRoute,
    )

_LOCAL: Final = ("data:", "blob:", "about:")
WIDTH: Final = 1280
HEIGHT: Final = 900
_WEB: Final = ("http:", "https:")


class Anomaly(StrEnum):
    """What a page tried that ends a run."""

    NAVIGATION = "navigation"  # the window was led to another host
    FORM = "form"  # a form was sent to another host
    TYPED_VALUE = "typed-value"  # a request with a typed value went elsewhere


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request that the routes refused: class and kind only, no address."""

    kind: HostClass
    method: str
    anomaly: Anomaly | None = None


class Fence:
    """One run's allow-list, from `with` to its end; one fence serves one subject and broker.

    `resolver` and `extra_args` are for servers of our own (examples, practice companies, tests).
    No option, variable or setting leads here.
    """

    def __init__(
        self,
        hosts: Collection[str],
        asset_hosts: Collection[str] = (),
        captcha_hosts: Collection[str] = (),
        *,
        resolver: Resolver = system_resolver,
        extra_args: Sequence[str] = (),
        shuts_when_loaded: bool = False,
    ) -> None:
        """Check the lists; nothing listens yet.

        `shuts_when_loaded`: a rehearsal on a live page. Once it has loaded nothing leaves any more.
        """
        self.shuts_when_loaded = shuts_when_loaded
        self.classes = HostClasses(
            hosts=tuple(hosts), assets=tuple(asset_hosts), captcha=tuple(captcha_hosts)
        )
        self.extra_args = tuple(extra_args)
        self.proxy = Proxy(self.classes, resolver)
        self.typed = TypedValues()
        self.refusals: list[Refusal] = []
        self.anomalies: list[Anomaly] = []
        self._whole_window = ""

    def __enter__(self) -> Self:
        """Start the proxy."""
        self.proxy.__enter__()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Cut what is open."""
        self.proxy.__exit__()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts that may receive personal data."""
        return self.classes.hosts

    def shut(self) -> None:
        """Let nothing out any more, not even over connections that are open."""
        self.proxy.shut()

    def got_nothing_since(self, passages: int, sent: int) -> bool:
        """Say whether the broker's hosts certainly got nothing since there were so many."""
        unreached = any(p.verdict is Verdict.UNREACHABLE for p in self.proxy.passages[passages:])
        return unreached and self.proxy.sent_to_broker() == sent

    async def context(self, browser: Browser) -> BrowserContext:
        """Open a fresh browser context that knows nothing of any other run."""
        context = await browser.new_context(
            proxy={
                "server": self.proxy.address,
                "username": self.proxy.username,
                "password": self.proxy.password,
                "bypass": "<-loopback>",
            },
            locale="en-US",
            service_workers="block",
            accept_downloads=False,
            viewport={"width": WIDTH, "height": HEIGHT},
        )
        await self.guard(context)
        return context

    async def guard(self, context: BrowserContext) -> None:
        """Put the second layer in: the routes inside the browser."""
        await context.route(self.classes.outside_pattern(), self._decide)
        if self.classes.lent():
            # WebSockets to all other hosts end at the proxy; these hosts it would connect.
            await context.route_web_socket(self._is_lent, _hang_up)

    async def watch(self, page: Page) -> None:
        """Keep an eye on the one window of this run; others are closed as they open."""
        page.context.on("page", _close)
        page.on("framenavigated", self._look_at_address)
        page.context.on("request", self._look_at_redirect)
        page.context.on("requestfailed", self._look_at_failure)
        session = await page.context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        self._whole_window = str(tree["frameTree"]["frame"]["id"])
        # Playwright loses about every third redirect of a script's request on a busy machine.
        session.on("Network.requestWillBeSent", self._look_at_told_redirect)
        await session.send("Network.enable")
        if self.classes.lent():
            await self._guard_lent(session)

    async def _guard_lent(self, session: CDPSession) -> None:
        """Hold what goes to asset and captcha hosts: the proxy connects those, unread."""
        session.on("Fetch.requestPaused", lambda paused: self._decide_lent(session, paused))
        patterns = [
            {"urlPattern": f"*://{place}/*"}
            for host in self.classes.lent()
            for place in (host, f"*.{host}")
        ]
        await session.send("Fetch.enable", {"patterns": patterns})

    async def _decide_lent(self, session: CDPSession, paused: Mapping[str, Any]) -> None:
        request = paused["request"]
        refusal = self._refusal_of_lent(paused, request)
        answer: dict[str, Any] = {"requestId": paused["requestId"]}
        with contextlib.suppress(_error()):  # the page may be gone
            if refusal:
                self._note(refusal)
                answer["errorReason"] = "BlockedByClient"
                await session.send("Fetch.failRequest", answer)
            else:
                answer |= _shorter_referrer(request["headers"])
                await session.send("Fetch.continueRequest", answer)

    def _refusal_of_lent(
        self, paused: Mapping[str, Any], request: Mapping[str, Any]
    ) -> Refusal | None:
        """Judge what the routes do not see: redirects, and pages that tell where one came from.

        A frame reads that by itself, and on a redirect nothing can shorten it.
        """
        kind, method = self.classes.class_of_url(request["url"]), str(request["method"])
        tells = self.typed.found_in(request["headers"].get("Referer", ""))
        if "redirectedRequestId" not in paused:
            is_frame = paused.get("resourceType") == "Document"
            return Refusal(kind, method) if tells and is_frame else None
        anomaly = self._anomaly_told(request, paused["frameId"], paused.get("resourceType"))
        if anomaly is None and not tells and _class_allows(kind, method):
            return None
        return Refusal(kind, method, anomaly)

    def _anomaly_told(self, request: Mapping[str, Any], frame: str, kind: object) -> Anomaly | None:
        """Judge a redirect by what the browser itself tells of it."""
        if self.typed.found_in(request["url"], _sent(request)):
            return Anomaly.TYPED_VALUE
        whole_window = kind == "Document" and frame == self._whole_window
        return Anomaly.NAVIGATION if whole_window else None

    def _look_at_told_redirect(self, told: Mapping[str, Any]) -> None:
        """Look where a redirect leads; the proxy has refused it by itself."""
        request = told["request"]
        if "redirectResponse" not in told or self.classes.is_broker(request["url"]):
            return
        if anomaly := self._anomaly_told(request, told.get("frameId", ""), told.get("type")):
            self.anomalies.append(anomaly)

    def _is_lent(self, url: str) -> bool:
        return self.classes.class_of_url(url) in {HostClass.ASSET, HostClass.CAPTCHA}

    async def _decide(self, route: Route) -> None:
        """Let a request to another host pass, or refuse it."""
        request = route.request
        refusal = None if request.url.startswith(_LOCAL) else self._refusal(request)
        with contextlib.suppress(_error()):  # the page may be gone
            if refusal is None:
                await route.continue_()
                return
            self._note(refusal)
            await route.abort("blockedbyclient")

    def _refusal(self, request: Request) -> Refusal | None:
        """Judge it as it would leave: its referrer was cut by then, where the page itself asks.

        What a frame in a process of its own asks for is in nobody's session: it goes as it is.
        """
        kind = self.classes.class_of_url(request.url)
        anomaly = self._anomaly(request, kind)
        tells = self.typed.found_in(request.headers.get("referer", ""))
        if anomaly is None and not tells and _class_allows(kind, request.method):
            return None
        return Refusal(kind, request.method, anomaly)

    def _anomaly(self, request: Request, kind: HostClass) -> Anomaly | None:
        if self._carries_typed_value(request):
            return Anomaly.TYPED_VALUE
        if not _is_navigation(request):
            return None
        if _is_whole_window(request):
            return Anomaly.NAVIGATION
        return Anomaly.FORM if request.method == "POST" and kind is HostClass.OTHER else None

    def _carries_typed_value(self, request: Request) -> bool:
        body = request.post_data_buffer or b""
        return self.typed.found_in(request.url, body.decode("utf-8", "replace"))

    def _note(self, refusal: Refusal) -> None:
        self.refusals.append(refusal)
        if refusal.anomaly:
            self.anomalies.append(refusal.anomaly)

    def _look_at_address(self, frame: Frame) -> None:
        whole_window = frame.parent_frame is None
        if whole_window and frame.url.startswith(_WEB) and not self.classes.is_broker(frame.url):
            self.anomalies.append(Anomaly.NAVIGATION)

    def _look_at_redirect(self, request: Request) -> None:
        """Do the same for frames that live in a process of their own: they tell another session."""
        if not request.redirected_from or self.classes.is_broker(request.url):
            return
        if self._carries_typed_value(request):
            self.anomalies.append(Anomaly.TYPED_VALUE)

    def _look_at_failure(self, request: Request) -> None:
        if not _is_navigation(request) or self.classes.is_broker(request.url):
            return
        if request.redirected_from and _is_whole_window(request):
            self.anomalies.append(Anomaly.NAVIGATION)


def _error() -> type[Exception]:
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    return Error


def _sent(request: Mapping[str, Any]) -> str:
    """Return the body of a request as the browser tells of it."""
    return "".join(
        base64.b64decode(entry.get("bytes", "")).decode("utf-8", "replace")
        for entry in request.get("postDataEntries", ())
    )


def _class_allows(kind: HostClass, method: str) -> bool:
    return kind is HostClass.CAPTCHA or (kind is HostClass.ASSET and method in FETCHING)


def _shorter_referrer(headers: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return what makes a request say no more of the page that asks than its host.

    The address of a search holds a name, and a page can ask that other hosts be told all of it.
    """
    whole = headers.get("Referer", "")
    site = "/".join([*whole.split("/", 3)[:3], ""])
    if whole == site or not whole:
        return {}
    told = {**headers, "Referer": site}
    return {"headers": [{"name": name, "value": value} for name, value in told.items()]}


def _is_navigation(request: Request) -> bool:
    return request.is_navigation_request()


def _is_whole_window(request: Request) -> bool:
    try:
        return request.frame.parent_frame is None
    except _error():  # a new window's first request has no frame yet
        return True


async def _close(page: Page) -> None:
    with contextlib.suppress(_error()):  # it may have closed itself
        await page.close()


async def _hang_up(web_socket: WebSocketRoute) -> None:
    await web_socket.close()

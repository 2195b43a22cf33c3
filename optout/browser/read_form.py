"""Reading a page's form without touching it: nothing is typed, chosen, pressed or sent.

The page is opened behind a fence that also refuses whatever is not merely asking: no request with
a body leaves, not even to the page's own host. What counts as a box, and what is a trap, a site
search or a newsletter, is decided by the same code that finds boxes in a run (elements.js).
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from optout.browser.host_classes import FETCHING, HostClass, host_in
from optout.browser.own_world import own_worlds
from optout.browser.proxy import Verdict
from optout.browser.rehearsal import Rehearsal
from optout.browser.visit import ENGINE_SCRIPT, asked_again, while_loading
from optout.errors import Refused
from optout.model.form import Box, BoxKind, Button, Choice, SeenPage
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Response, Route

    from optout.browser.fence import Fence
    from optout.browser.window import Window

LOAD_SECONDS: Final = 30.0
LARGEST_PAGE: Final = 8 * 1024 * 1024
# A form that the page draws itself comes a moment after the page; then nothing changes any more.
_STEADY_SECONDS: Final = 0.8
_READER: Final = Path(__file__).with_name("read_form.js")
_STATE: Final = """() => [document.readyState, document.querySelectorAll('*').length,
  document.body ? document.body.innerText.length : 0]"""
# No page writes these where a person reads words; they hide, turn or break them.
_UNREAD: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
_NOT_FOUND: Final = 400
_FORBIDDEN: Final = (401, 403, 407)
_PAGES: Final = ("text/html", "application/xhtml+xml")
NO_CAPTCHAS: Final[Mapping[str, Sequence[str]]] = MappingProxyType({})


class PageNotRead(Refused):
    """The page could not be read; nothing was typed or sent."""

    def __init__(
        self, what: Text, hint: Text | None = None, *, host: str = "", status: int = 0
    ) -> None:
        """`host`: where the page led instead, `status`: what the site answered, if that is why."""
        super().__init__(
            what, known=Text("Nothing was typed, sent or written."), hint=hint or _LOOK_YOURSELF
        )
        self.host = host
        self.status = status


_LOOK_YOURSELF: Final = Text("Open it in your own browser and see what it shows there.")


def read_page(
    url: str,
    *,
    fence: Fence,
    window: Window,
    captchas: Mapping[str, Sequence[str]] = NO_CAPTCHAS,
    seconds: float = LOAD_SECONDS,
) -> SeenPage:
    """Open one page behind this fence and return what its form shows; raise `PageNotRead`.

    `captchas` are the robot checks by name, each with its hosts. A `Rehearsal` reads an example.
    """
    with open_to_read(url, fence=fence, window=window, captchas=captchas, seconds=seconds) as page:
        return page.read()


@contextmanager
def open_to_read(
    url: str,
    *,
    fence: Fence,
    window: Window,
    captchas: Mapping[str, Sequence[str]] = NO_CAPTCHAS,
    seconds: float = LOAD_SECONDS,
    visible: bool = False,
) -> Iterator[OpenPage]:
    """Open one page behind a fence that is in its `with` block, as is the window."""
    if not host_allowed(host_of(url), fence.hosts):
        raise BadAddress(Text("it is not on a host that may be opened here"))
    opened = OpenPage(url, fence, window, captchas)
    try:
        window.background.wait(opened.start(seconds, visible=visible))
        yield opened
    finally:
        window.background.wait(opened.close())


class FrameRead(NamedTuple):
    """What a script found in one frame: "" is the page itself, else the frame's host."""

    frame: str
    url: str
    told: Any


@dataclass  # no slots: Playwright marks the callbacks of the object
class OpenPage:
    """A page that is open to be read, once or several times."""

    url: str
    fence: Fence
    window: Window
    captchas: Mapping[str, Sequence[str]]
    _page: Page | None = None
    _asked: dict[str, None] = field(default_factory=dict)  # ordered sets
    _refused: dict[str, None] = field(default_factory=dict)
    _empty_frames: dict[str, None] = field(default_factory=dict)
    _last: str = ""  # where the whole window was led to last
    _wanted_to_send: bool = False
    _too_large: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self) -> SeenPage:
        """Return what the page shows of its form now."""
        return self.window.background.wait(self._read())

    def read_by(self, script: str, argument: object = None) -> tuple[FrameRead, ...]:
        """Let a script of ours look at each frame of the company: the page itself comes first.

        The script is a function of what elements.js knows, and of the argument.
        """
        return self.window.background.wait(self._each_frame(script, argument))

    # ---- opening ----

    async def start(self, seconds: float, *, visible: bool) -> None:
        """Load the page and wait until it stands still."""
        context = await self.window.context_for(self.fence, visible=visible)
        await context.route("**/*", self._only_asking)
        await context.route_web_socket("**/*", _hang_up)
        context.on("request", self._note)
        self._page = await context.new_page()
        await self.fence.watch(self._page)
        self._page.on("dialog", _dismiss)
        await self._watch_size(self._page)
        await self._load(self._page, seconds)

    async def close(self) -> None:
        """Close the page, and with it all that it kept."""
        page, self._page = self._page, None
        if page is not None:
            await self.window.close_context(page.context)

    async def _only_asking(self, route: Route) -> None:
        """Refuse what sends; the fence decides about the rest."""
        if route.request.method in FETCHING or isinstance(self.fence, Rehearsal):
            await route.fallback()
            return
        self._wanted_to_send = True
        await while_loading(route.abort("blockedbyclient"), None)

    def _note(self, request: Request) -> None:
        if not request.url.startswith(("http:", "https:")):
            return
        try:
            host = host_in(request.url)
        except BadAddress:
            return
        self._asked[host] = None
        window, frame = _navigates(request)
        if window:
            self._last = host
        if self.fence.classes.class_of(host) is HostClass.OTHER:
            self._refused[host] = None
            if frame:
                self._empty_frames[host] = None

    async def _watch_size(self, page: Page) -> None:
        """End a page that is far larger than any form, before the browser chokes on it."""
        session = await page.context.new_cdp_session(page)
        documents: dict[str, int] = {}

        def begun(told: Mapping[str, Any]) -> None:
            if told.get("type") == "Document":
                documents.setdefault(told["requestId"], 0)

        def received(told: Mapping[str, Any]) -> None:
            if told["requestId"] in documents:
                documents[told["requestId"]] += int(told["dataLength"])
                if documents[told["requestId"]] > LARGEST_PAGE:
                    self._too_large.set()

        session.on("Network.requestWillBeSent", begun)
        session.on("Network.dataReceived", received)
        await session.send("Network.enable")

    async def _load(self, page: Page, seconds: float) -> None:
        loading = asyncio.ensure_future(self._load_whole(page, seconds))
        too_large = asyncio.ensure_future(self._too_large.wait())
        try:
            await asyncio.wait({loading, too_large}, return_when=asyncio.FIRST_COMPLETED)
            if self._too_large.is_set():
                raise _too_large()
            await loading
        finally:
            for task in (loading, too_large):
                task.cancel()
            await asyncio.gather(loading, too_large, return_exceptions=True)

    async def _load_whole(self, page: Page, seconds: float) -> None:
        from playwright.async_api import Error  # noqa: PLC0415 - heavy
        from playwright.async_api import TimeoutError as TooLong  # noqa: PLC0415 - heavy

        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        try:
            response = await page.goto(self.url, timeout=seconds * 1000, wait_until="commit")
        except TooLong:
            raise _never_answered() from None
        except Error as error:  # its text repeats the address
            raise self._why_not(error.message) from None
        _check_answer(response)
        await self._steady(page, max(until - clock(), _STEADY_SECONDS))
        if self._wanted_to_send and not _host(page.url):
            raise PageNotRead(
                Text("The page wanted to send something before it showed anything; it was not let.")
            )
        if not host_allowed(_host(page.url), self.fence.hosts):
            raise _led_elsewhere(_host(page.url))

    def _why_not(self, message: str) -> PageNotRead:
        if "ERR_TOO_MANY_REDIRECTS" in message:
            return PageNotRead(Text("The page sends its visitors in a circle and never arrives."))
        if "Download is starting" in message or "ERR_ABORTED" in message:
            return _not_a_page()
        if self._last and not host_allowed(self._last, self.fence.hosts):
            return _led_elsewhere(self._last)
        return _unreachable(self.fence)

    async def _steady(self, page: Page, seconds: float) -> None:
        """Wait until the page has loaded and stands still; a busy one is read as it is."""
        seen: object = None
        since = 0.0
        async for waited in asked_again(seconds):
            now = await while_loading(page.evaluate(_STATE), None)
            if now != seen:
                seen, since = now, waited
            elif now and now[0] == "complete" and waited - since >= _STEADY_SECONDS:
                return
        if not seen or seen[0] == "loading":  # type: ignore[index]  # three values, or nothing yet
            raise _never_answered()

    # ---- reading ----

    async def _read(self) -> SeenPage:
        assert self._page is not None
        found = await self._each_frame(_READER.read_text("utf-8"), None)
        try:
            return self._as_page(
                self._page.url, [one._replace(told=_plain(one.told)) for one in found]
            )
        except (TypeError, KeyError, ValueError, AttributeError):
            # A page can change what its own scripts, and so ours, are made of.
            raise _unreadable() from None

    def _as_page(self, url: str, found: Sequence[FrameRead]) -> SeenPage:
        boxes = [box for each in found for box in _boxes(each)]
        sends_to = [host for each in found for host in each.told["sends_to"]]
        return SeenPage(
            url=_without_query(url),
            title=str(found[0].told["title"]),
            headings=tuple(text for each in found for text in each.told["headings"]),
            boxes=tuple(boxes),
            buttons=tuple(button for each in found for button in _buttons(each)),
            captchas=self._captchas([name for each in found for name in each.told["captchas"]]),
            frames=_once(box.frame for box in boxes if box.frame),
            frame_urls=_once(each.url for each in found if each.frame and each.told["boxes"]),
            hosts=tuple(self._asked),
            refused=tuple(self._refused),
            refused_frames=tuple(self._empty_frames),
            wanted_to_send=self._wanted_to_send,
            sends_to=_once(sends_to),
            left_alone=sum(int(each.told["left_alone"]) for each in found),
        )

    async def _each_frame(self, script: str, argument: object) -> tuple[FrameRead, ...]:
        assert self._page is not None
        engine = ENGINE_SCRIPT.read_text("utf-8").rstrip().removesuffix(";")
        asked = f"(given) => ({script.strip()})(({engine}).knows, given)"
        found = []
        async for world in own_worlds(self._page):
            if not host_allowed(_host(world.address), self.fence.hosts):
                continue
            seen = await world.call(asked, argument, seconds=15)
            if seen is not None:
                inside = "" if world.is_page else _host(world.address)
                found.append(FrameRead(inside, _without_query(world.address), seen))
        if not found:
            raise _unreadable()
        return tuple(found)

    def _captchas(self, marks: Sequence[str]) -> tuple[str, ...]:
        """Return the robot checks that the page shows, or that one of its frames belongs to."""
        assert self._page is not None
        framed = [
            name
            for frame in self._page.frames
            for name, hosts in self.captchas.items()
            if host_allowed(_host(frame.url), hosts)
        ]
        known = [name for name in (*marks, *framed) if name != "unknown"]
        return _once(known or marks)


def _plain(told: object) -> Any:  # noqa: ANN401 - what a script returned, as it was
    """Return the same with plain words, whatever the page made of its own scripts."""
    if isinstance(told, str):
        return "".join(map(_plain_character, told))
    if isinstance(told, list):
        return [_plain(one) for one in told]
    if isinstance(told, dict):
        return {name: _plain(one) for name, one in told.items()}
    return told


def _plain_character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":  # half a character, which no file can hold
        return "\ufffd"
    return " " if category in _UNREAD else char


def _boxes(read: FrameRead) -> Iterator[Box]:
    for told in read.told["boxes"]:
        parts = {
            "kind": BoxKind(told["kind"]),
            "labels": tuple(told["labels"]),
            "group": tuple(told["group"]),
            "choices": tuple(Choice(**choice) for choice in told["choices"]),
        }
        yield Box(frame=read.frame, **{**told, **parts})


def _buttons(read: FrameRead) -> Iterator[Button]:
    return (Button(**told, frame=read.frame) for told in read.told["buttons"])


def _host(url: str) -> str:
    try:
        return host_in(url)
    except BadAddress:
        return ""


def _without_query(url: str) -> str:
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _navigates(request: Request) -> tuple[bool, bool]:
    """Say whether a request fills the whole window, and whether it fills a frame in it."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    if not request.is_navigation_request():
        return False, False
    try:
        inside = request.frame.parent_frame is not None
    except Error:  # a new window's first request has no frame yet
        return False, False
    return not inside, inside


async def _hang_up(web_socket: Any) -> None:  # noqa: ANN401 - Playwright's
    await web_socket.close()


async def _dismiss(dialog: Any) -> None:  # noqa: ANN401 - Playwright's
    leaves = dialog.type == "beforeunload"
    await while_loading(dialog.accept() if leaves else dialog.dismiss(), None)


def _check_answer(response: Response | None) -> None:
    """Raise unless the answer is a page."""
    if response is None:
        return
    if response.status in _FORBIDDEN:
        raise PageNotRead(
            Text("The site does not show this page to us (answer {code}).", code=response.status),
            Text("It may want a login, or keep programs out. Look at it in your own browser."),
            status=response.status,
        )
    if response.status >= _NOT_FOUND:
        raise PageNotRead(
            Text("There is no such page: the site answers {code}.", code=response.status),
            Text("Check the address for a typing mistake, or look for the form on the site."),
            status=response.status,
        )
    kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in _PAGES:
        raise _not_a_page()
    length = response.headers.get("content-length", "0")
    if length.isdecimal() and int(length) > LARGEST_PAGE:
        raise _too_large()


def _unreadable() -> PageNotRead:
    return PageNotRead(Text("The page does not let itself be read."))


def _not_a_page() -> PageNotRead:
    return PageNotRead(
        Text("That is no web page but a file, such as a PDF."),
        Text("A form on paper is sent by post: copy the folder of a company that is asked so."),
    )


def _too_large() -> PageNotRead:
    return PageNotRead(
        Text("The page is larger than {most} MB: no form is.", most=LARGEST_PAGE // 1024 // 1024),
        Text("Give the address of the form itself."),
    )


def _never_answered() -> PageNotRead:
    return PageNotRead(
        Text("The page did not come in time."), Text("Try again in a while, or look yourself.")
    )


def _led_elsewhere(host: str) -> PageNotRead:
    shown = host or "?"
    return PageNotRead(
        Text("The page leads to another site, {host}, and was stopped there.", host=shown),
        Text("If the form is there, give that address instead."),
        host=host,
    )


def _unreachable(fence: Fence) -> PageNotRead:
    verdicts = {passage.verdict for passage in fence.proxy.passages}
    if Verdict.PRIVATE_ADDRESS in verdicts:
        return PageNotRead(Text("The address leads into a private network, not to a company."))
    return PageNotRead(
        Text("The site does not answer, or not in a safe way."),
        Text("Check the address for a typing mistake, and whether you are online."),
    )

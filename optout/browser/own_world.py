"""A world of our own in each frame of a page: the page's scripts cannot reach what runs there.

A page can replace `String.prototype.replace` and with it whatever is read by scripts in its own
world. In an isolated world only the page's elements are shared, none of its scripts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from optout.browser.visit import while_loading

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

_NAME: Final = "optout-reads"


@dataclass(frozen=True, slots=True)
class OwnWorld:
    """One frame, and how a script of ours is run beside its own."""

    session: CDPSession
    frame: str  # as the browser numbers it
    address: str  # where its page is from
    is_page: bool  # it is the page itself

    async def call(self, function: str, argument: object, *, seconds: float) -> Any:  # noqa: ANN401 - what the script returns
        """Return what a function of ours returns; None where the frame went or is stuck."""
        made = await while_loading(
            self.session.send(
                "Page.createIsolatedWorld", {"frameId": self.frame, "worldName": _NAME}
            ),
            None,
        )
        if made is None:
            return None
        called = {
            "functionDeclaration": function,
            "executionContextId": made["executionContextId"],
            "arguments": [{"value": argument}],
            "returnByValue": True,
            "awaitPromise": True,
        }
        answer = await while_loading(
            self.session.send("Runtime.callFunctionOn", called), None, seconds=seconds
        )
        if answer is None or "exceptionDetails" in answer:
            return None
        return answer["result"].get("value")


async def own_worlds(page: Page) -> AsyncIterator[OwnWorld]:
    """Yield a world for each frame of the page, which comes first itself."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    for frame in page.frames:
        is_page = frame is page.main_frame
        # A frame that shares its process with its parent has no session, and is in its tree.
        asked = page.context.new_cdp_session(page if is_page else frame)
        session = await while_loading(asked, None)
        if session is None:
            continue
        tree = await while_loading(session.send("Page.getFrameTree"), None)
        above = _address(frame.url, frame.parent_frame.url if frame.parent_frame else "")
        for at, (number, address) in enumerate(_frames(tree["frameTree"] if tree else {}, above)):
            yield OwnWorld(session, number, address, is_page and at == 0)
        with suppress(Error):
            await session.detach()


def _frames(tree: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    if not tree:
        return
    address = _address(tree["frame"]["url"], above)
    yield tree["frame"]["id"], address
    for inner in tree.get("childFrames", ()):
        yield from _frames(inner, address)


def _address(url: str, above: str) -> str:
    """Return where a frame's page is from; without an address of its own it is its parent's."""
    return above if url.startswith("about:") and above else url

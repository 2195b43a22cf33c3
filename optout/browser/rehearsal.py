"""A fence with nothing behind it: example pages answer, and no host at all is reached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.host_classes import HostClasses

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Route


class Page(Protocol):
    """One page as it goes out."""

    @property
    def media_type(self) -> str:
        """Return what kind of file it is."""

    @property
    def content(self) -> bytes:
        """Return the page."""


Answers = Callable[[str, str], Page | None]
"""Given the method and the address, returns the page that stands there, or None."""


class Rehearsal(Fence):
    """Answers every request itself; the page keeps the company's address in its bar.

    The proxy below lets nothing out, so a page that this layer overlooks still reaches nobody.
    """

    def __init__(self, hosts: Collection[str], answers: Answers) -> None:
        """Take the hosts that the definition names, and who answers for them."""
        super().__init__(hosts)
        self._answers = answers
        self.proxy.classes = HostClasses(hosts=())
        self.proxy.resolver = _nowhere

    async def guard(self, context: BrowserContext) -> None:
        """Let every request end here."""
        await context.route("**/*", self._answer)
        await context.route_web_socket("**/*", lambda socket: socket.close())

    async def _answer(self, route: Route) -> None:
        request = route.request
        page = self._answers(request.method, request.url)
        if page is None:
            await route.abort("blockedbyclient")
            return
        await route.fulfill(content_type=page.media_type, body=page.content)


def _nowhere(_host: str, _port: int) -> Sequence[Address]:
    return ()

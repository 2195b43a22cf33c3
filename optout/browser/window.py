"""The browser window of a run: visible where a person must act and can see it, else hidden."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from optout.browser.addresses import system_resolver
from optout.browser.background import Background
from optout.browser.driver import check_driver
from optout.browser.host_classes import HostClasses
from optout.browser.launch import CannotStart, has_display, is_root, launch
from optout.browser.proxy import Proxy
from optout.browser.quiet import forget_leaky_variables
from optout.browser.visit import ENGINE, ENGINE_SCRIPT

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

    from optout.browser.fence import Fence

ANSWER_SECONDS: Final = 60.0
CLOSE_SECONDS: Final = 10.0


class Window:
    """A browser that is started when first needed and reused until the `with` block ends.

    `run_leg` opens and closes it by itself when it is given one that is not open.
    """

    def __init__(
        self, *, may_show: bool, to_watch: bool = False, executable: Path | None = None
    ) -> None:
        """Nothing is started yet. `to_watch`: it shows itself in a rehearsal too."""
        self.may_show = may_show
        self.to_watch = to_watch
        self.executable = executable
        self.without_sandbox = is_root()  # containers, CI: said to the person by the caller
        self.version = ""
        self._stack: ExitStack | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._started_as: tuple[bool, tuple[str, ...]] | None = None

    @classmethod
    def for_person(cls) -> Self:
        """Return a window that shows itself when a person must act, if there is a display."""
        return cls(may_show=True)

    @classmethod
    def hidden(cls) -> Self:
        """Return a window that never shows itself."""
        return cls(may_show=False)

    @property
    def is_open(self) -> bool:
        """Say whether this is inside its `with` block."""
        return self._stack is not None

    def can_show(self) -> bool:
        """Say whether a person could see it."""
        return self.may_show and has_display()

    def __enter__(self) -> Self:
        """Start the thread and the wall of a browser that has no run yet: nothing passes it."""
        forget_leaky_variables()
        with ExitStack() as stack:
            self.background = stack.enter_context(Background("optout-browser"))
            self._wall = stack.enter_context(Proxy(HostClasses(hosts=()), system_resolver))
            stack.callback(self._stop)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the browser."""
        stack, self._stack = self._stack, None
        assert stack is not None
        stack.close()

    async def context_for(self, fence: Fence, *, visible: bool = False) -> BrowserContext:
        """Return a fresh context behind this fence, starting the browser if need be.

        A browser that does not start or answer is given up, and another is tried once: nothing
        was opened in it yet. On a busy computer the second one starts.
        """
        try:
            return await self._context(fence, visible=visible)
        except CannotStart:
            return await self._context(fence, visible=visible)

    async def _context(self, fence: Fence, *, visible: bool) -> BrowserContext:
        browser = await self._running(fence.extra_args, visible=visible)
        try:
            return await asyncio.wait_for(fence.context(browser), ANSWER_SECONDS)
        except TimeoutError:
            await self._stop_all()
            raise CannotStart from None

    async def _running(self, extra_args: tuple[str, ...], *, visible: bool) -> Browser:
        started_as = (visible, extra_args)
        if self._browser and self._browser.is_connected() and self._started_as == started_as:
            return self._browser
        await self.close_browser()
        self._browser = await launch(
            await self._driver(),
            visible=visible,
            proxy=self._wall.address,
            extra_args=extra_args,
            executable=self.executable,
        )
        self._started_as, self.version = started_as, self._browser.version
        return self._browser

    async def _driver(self) -> Playwright:
        if not self._playwright:
            from playwright.async_api import async_playwright  # noqa: PLC0415 - heavy

            check_driver()
            self._playwright = await async_playwright().start()
            await self._playwright.selectors.register(
                ENGINE, path=ENGINE_SCRIPT, content_script=True
            )
        return self._playwright

    async def close_context(self, context: BrowserContext) -> None:
        """End one run; a browser that does not even do that is given up, and so is its driver."""
        if not await _ended(context.close()):
            await self._stop_all()

    async def close_browser(self) -> None:
        """Close the browser; the next run starts another."""
        browser, self._browser = self._browser, None
        if browser and not await _ended(browser.close()):
            await self._stop_driver()

    def _stop(self) -> None:
        self.background.wait(self._stop_all())

    async def _stop_all(self) -> None:
        await self.close_browser()
        await self._stop_driver()

    async def _stop_driver(self) -> None:
        """Stop the driver, which kills its browsers when it ends."""
        playwright, self._playwright = self._playwright, None
        if playwright:
            await _ended(playwright.stop())


async def _ended(closing: Awaitable[None]) -> bool:
    """Say whether something closed in time: a browser that hangs must not keep a person waiting."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    try:
        await asyncio.wait_for(closing, CLOSE_SECONDS)
    except TimeoutError:
        return False
    except Error:
        return True  # the person closed it
    return True

"""A browser that answers nothing any more must not keep a person waiting."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from optout.browser import window as window_module
from optout.browser.addresses import Address
from optout.browser.fence import Fence
from optout.browser.launch import CannotStart
from optout.browser.window import Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="only there a process is stopped so"),
]
FAR_TOO_LONG = 25.0


async def pid_of(browser: Browser) -> int:
    session = await browser.new_browser_cdp_session()
    told = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return next(int(each["id"]) for each in told["processInfo"] if each["type"] == "browser")


async def closes(context: BrowserContext, seconds: float) -> bool:
    try:
        await asyncio.wait_for(context.close(), seconds)
    except TimeoutError:
        return False
    return True


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setattr(window_module, "CLOSE_SECONDS", 1.0)
    monkeypatch.setattr(window_module, "ANSWER_SECONDS", 5.0)
    with Window.hidden() as window:
        yield window


@pytest.fixture
def fence() -> Iterator[Fence]:
    with Fence(["broker.test"], resolver=lambda _h, _p: (Address("127.0.0.1", 1, ours=True),)) as f:
        yield f


@dataclass
class Stuck:
    """Two contexts of a browser that was stopped in the middle."""

    first: BrowserContext
    second: BrowserContext
    pid: int


@pytest.fixture
def stuck(window: Window, fence: Fence) -> Iterator[Stuck]:
    wait = window.background.wait
    first, second = wait(window.context_for(fence)), wait(window.context_for(fence))
    assert first.browser
    pid = wait(pid_of(first.browser))
    os.kill(pid, signal.SIGSTOP)
    yield Stuck(first, second, pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_closing_ends_and_the_next_run_has_another_browser(
    window: Window, fence: Fence, stuck: Stuck
) -> None:
    wait = window.background.wait
    assert not wait(closes(stuck.first, 2.0))  # the control: without a limit nothing ends this
    wait(asyncio.wait_for(window.close_context(stuck.second), FAR_TOO_LONG))
    again = wait(window.context_for(fence))
    assert again.browser
    assert wait(pid_of(again.browser)) != stuck.pid
    wait(window.close_context(again))


def test_a_new_run_tries_another_browser(window: Window, fence: Fence, stuck: Stuck) -> None:
    wait = window.background.wait
    again = wait(asyncio.wait_for(window.context_for(fence), FAR_TOO_LONG))
    assert again.browser
    assert wait(pid_of(again.browser)) != stuck.pid
    wait(window.close_context(again))


def test_where_none_starts_it_says_so(
    window: Window, fence: Fence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "executable", Path("/bin/false"))
    with pytest.raises(CannotStart):
        window.background.wait(asyncio.wait_for(window.context_for(fence), FAR_TOO_LONG))


def test_the_window_ends(fence: Fence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_module, "CLOSE_SECONDS", 1.0)
    with Window.hidden() as window:
        context = window.background.wait(window.context_for(fence))
        assert context.browser
        pid = window.background.wait(pid_of(context.browser))
        os.kill(pid, signal.SIGSTOP)
    with contextlib.suppress(ProcessLookupError):  # the driver ended it: so it should be
        os.kill(pid, signal.SIGKILL)

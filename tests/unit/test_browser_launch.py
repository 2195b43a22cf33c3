"""Proves that the browser starts with every switch of the fence, and does not start without."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from optout.browser.addresses import Address
from optout.browser.background import Background
from optout.browser.driver import DriverCannotStart, check_driver
from optout.browser.fence import Fence
from optout.browser.find import find_browser
from optout.browser.launch import (
    SWITCHES,
    CannotStart,
    FenceMissing,
    has_display,
    is_fenced,
    is_root,
)
from optout.browser.quiet import LEAKY_VARIABLES, forget_leaky_variables
from optout.browser.window import Window

PROXY = "http://127.0.0.1:4242"
WHOLE = f"chromium {' '.join(SWITCHES)} --proxy-server={PROXY} --proxy-bypass-list=<-loopback> x"


def test_a_whole_command_line_is_a_fence() -> None:
    assert is_fenced(WHOLE, PROXY)


@pytest.mark.parametrize("switch", [*SWITCHES, "--proxy-bypass-list=<-loopback>"])
def test_each_missing_switch_is_noticed(switch: str) -> None:
    assert not is_fenced(WHOLE.replace(f" {switch}", ""), PROXY)


@pytest.mark.parametrize(
    "added",
    [
        "--no-proxy-server",
        "--proxy-pac-url=http://evil.test/",
        "--remote-debugging-port=9222",
        "--ignore-certificate-errors",
        "--disable-web-security",
        "--log-net-log=/tmp/log",
        "--ssl-key-log-file=/tmp/keys",
    ],
)
def test_each_switch_against_the_fence_is_noticed(added: str) -> None:
    assert not is_fenced(f"{WHOLE} {added}", PROXY)


def test_of_two_switches_the_last_one_counts() -> None:
    assert not is_fenced(f"{WHOLE} --proxy-bypass-list=*", PROXY)
    assert not is_fenced(f"{WHOLE} --host-resolver-rules=", PROXY)
    assert not is_fenced(f"{WHOLE} --host-resolver-rules", PROXY)
    assert is_fenced(f"chromium --proxy-bypass-list=* {WHOLE}", PROXY)


def test_another_proxy_is_noticed() -> None:
    assert not is_fenced(WHOLE, "http://127.0.0.1:1")


def test_trusting_one_key_is_not_trusting_all() -> None:
    assert is_fenced(f"{WHOLE} --ignore-certificate-errors-spki-list=abc", PROXY)


def test_variables_that_print_what_is_typed_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LEAKY_VARIABLES:
        monkeypatch.setenv(name, "x")
    forget_leaky_variables()
    assert not set(LEAKY_VARIABLES) & set(os.environ)
    assert {"DEBUG", "PWDEBUG", "SSLKEYLOGFILE", "NODE_OPTIONS"} <= set(LEAKY_VARIABLES)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_a_display_is_seen_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not has_display()
    assert not Window.for_person().can_show()
    monkeypatch.setenv("DISPLAY", ":7")
    assert has_display()
    assert Window.for_person().can_show()
    assert not Window.hidden().can_show()


def wrapper(folder: Path, changes: str) -> Path:
    """A browser whose start script does something of its own, as distributions' do."""
    script = folder / "chromium"
    script.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        f"args = sys.argv[1:]\n{changes}\n"
        f"os.execv({str(find_browser().path)!r}, [{str(find_browser().path)!r}, *args])\n",
        "utf-8",
    )
    script.chmod(0o755)
    return script


def start(executable: Path) -> str:
    with (
        Window(may_show=False, executable=executable) as window,
        Fence(["broker.test"], resolver=lambda _h, _p: (Address("127.0.0.1", 1, ours=True),)) as f,
    ):
        window.background.wait(window.context_for(f))
        return window.version


@pytest.mark.browser
@pytest.mark.skipif(sys.platform == "win32", reason="a start script of this kind is for others")
def test_a_start_script_that_keeps_the_switches_is_fine(tmp_path: Path) -> None:
    assert start(wrapper(tmp_path, ""))


@pytest.mark.browser
@pytest.mark.skipif(sys.platform == "win32", reason="a start script of this kind is for others")
@pytest.mark.parametrize(
    "changes",
    [
        "args = [a for a in args if not a.startswith('--webrtc')]",
        "args = [a for a in args if not a.startswith('--host-resolver-rules')]",
        "args.append('--proxy-bypass-list=*')",
        "args.append('--host-resolver-rules=')",
    ],
)
def test_a_start_script_that_drops_a_switch_is_refused(tmp_path: Path, changes: str) -> None:
    with pytest.raises(FenceMissing):
        start(wrapper(tmp_path, changes))


@pytest.mark.browser
def test_a_browser_that_does_not_start_is_told_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    broken.chmod(0o755)
    with pytest.raises(CannotStart) as failed:
        start(broken)
    assert str(tmp_path) not in str(failed.value)


def test_a_driver_that_does_not_run_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "node"
    broken.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    broken.chmod(0o755)
    check_driver()  # the real one runs
    check_driver.cache_clear()
    monkeypatch.setattr("optout.browser.driver.driver", lambda: broken)
    with pytest.raises(DriverCannotStart) as failed:
        start(find_browser().path)
    assert str(tmp_path) not in str(failed.value)


@pytest.mark.browser
def test_what_playwright_switches_off_stays_off() -> None:
    """Chromium heeds only the last list of features, and ours is the last."""

    async def default() -> set[str]:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_browser().path, chromium_sandbox=not is_root()
            )
            session = await browser.new_browser_cdp_session()
            line = str((await session.send("SystemInfo.getInfo"))["commandLine"])
            await browser.close()
        return features(line)

    def features(line: str) -> set[str]:
        lists = [word for word in line.split(" ") if word.startswith("--disable-features=")]
        return set(lists[-1].partition("=")[2].split(","))

    with Background("default") as background:
        theirs = background.wait(default())
    ours = features(" ".join(SWITCHES))
    assert theirs <= ours
    assert "AutofillServerCommunication" in ours


TYPING = """
import asyncio, sys
if sys.argv[1] == "ours":
    import optout.browser
from playwright.async_api import async_playwright
from optout.browser.find import find_browser
from optout.browser.launch import is_root
async def main():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_browser().path, chromium_sandbox=not is_root())
        page = await browser.new_page()
        await page.set_content("<input>")
        await page.fill("input", "jordan-marker-value")
        await browser.close()
asyncio.run(main())
"""


@pytest.mark.browser
@pytest.mark.parametrize(("who", "told"), [("playwright", True), ("ours", False)])
def test_a_debug_variable_does_not_print_what_is_typed(who: str, *, told: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TYPING), who],
        env={**os.environ, "DEBUG": "pw:*"},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert (b"jordan-marker-value" in done.stdout + done.stderr) is told

"""Starting the browser: with every switch the fence needs, and checked that it has them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from optout.browser.find import find_browser
from optout.errors import Refused
from optout.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser as Process
    from playwright.async_api import Playwright

# Playwright switches these off; a second list would replace its own, so ours begins with it
# (a test compares). The last ones are ours: both would tell somebody what is typed or opened.
_OFF_IN_PLAYWRIGHT: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
_OFF: Final = (*_OFF_IN_PLAYWRIGHT, "AutofillServerCommunication", "SpareRendererForSitePerProcess")

NO_NAMES: Final = "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
SWITCHES: Final = (
    f"--host-resolver-rules={NO_NAMES}",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={','.join(_OFF)}",
    "--disable-quic",
    "--disable-shared-workers",  # what one of them asks for passes no route
    "--no-pings",
    "--lang=en-US",
)
_CHECKED: Final = (*SWITCHES, "--proxy-bypass-list=<-loopback>")
# Switches that would open another way out, or another way in.
_FORBIDDEN: Final = (
    "--no-proxy-server",
    "--proxy-pac-url",
    "--proxy-auto-detect",
    "--remote-debugging-port",
    "--ignore-certificate-errors ",
    "--disable-web-security",
    "--log-net-log",
    "--ssl-key-log-file",
)
LAUNCH_SECONDS: Final = 60


class FenceMissing(Refused):
    """The browser did not start with the switches that keep data inside."""

    def __init__(self) -> None:
        """Nothing was opened yet when this is found."""
        super().__init__(
            Text("The browser did not start in the safe way that we asked for."),
            known=Text("It was closed again before any page was opened."),
            hint=Text("Check the browser with: optout doctor"),
        )


def is_root() -> bool:
    """Say whether Chromium would refuse its own sandbox (SECURITY 11.6)."""
    return sys.platform != "win32" and os.geteuid() == 0


def has_display() -> bool:
    """Say whether a window could be seen by a person."""
    if sys.platform == "win32":
        return True
    if sys.platform == "darwin":
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def launch(
    playwright: Playwright,
    *,
    visible: bool,
    proxy: str,
    extra_args: Sequence[str] = (),
    executable: Path | None = None,
) -> Process:
    """Start a browser whose only way out is a proxy that nobody has the password of yet."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    process = None
    try:
        process = await playwright.chromium.launch(
            executable_path=executable or find_browser().path,
            headless=not visible,
            args=[*SWITCHES, *extra_args],
            chromium_sandbox=not is_root(),
            proxy={"server": proxy, "bypass": "<-loopback>"},
            handle_sigint=False,  # Ctrl-C is ours: the outcome has to be written first
            handle_sigterm=False,
            handle_sighup=False,
            timeout=LAUNCH_SECONDS * 1000,
        )
        line = await _command_line(process)
    except Error:
        line = ""
    if process is None:
        raise CannotStart
    if not is_fenced(line, proxy):
        await process.close()
        raise FenceMissing
    return process


class CannotStart(Refused):
    """The browser was found, but did not start."""

    def __init__(self) -> None:
        """Its own words may hold paths; people get ours."""
        super().__init__(
            Text("The browser was found, but it did not start."),
            known=Text("Nothing was sent."),
            hint=Text("Check the browser with: optout doctor"),
        )


async def _command_line(process: Process) -> str:
    """Ask the browser itself which switches it runs with (a wrapper may have changed them)."""
    session = await process.new_browser_cdp_session()
    try:
        told = await session.send("SystemInfo.getInfo")
    finally:
        await session.detach()
    return str(told["commandLine"])


def is_fenced(command_line: str, proxy: str) -> bool:
    """Say whether a browser's command line has every switch of the fence, and none against it."""
    line = f" {command_line} "
    wanted = (*_CHECKED, f"--proxy-server={proxy}")
    return all(_is_in_force(switch, line) for switch in wanted) and not any(
        f" {switch}" in line for switch in _FORBIDDEN
    )


def _is_in_force(switch: str, line: str) -> bool:
    """Look at the last switch of this name: the browser heeds no other."""
    name = switch.partition("=")[0]
    last = max(line.rfind(f" {name}="), line.rfind(f" {name} "), 0)
    return line.startswith(f" {switch} ", last)

"""Finding a browser: Playwright's own build if it is there, else one of this machine's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson
from optout.text import Text

# The fence was measured with this major version; older ones are warned about, never refused.
MEASURED_WITH: Final = 156
INSTALL_MINUTES: Final = 15
_VERSION_SECONDS: Final = 30  # the first start of a day, on a busy computer

_NAMES: Final = (
    "google-chrome-stable",
    "google-chrome",
    "chromium",
    "chromium-browser",
    "microsoft-edge-stable",
    "microsoft-edge",
)
_MAC_APPS: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS_PROGRAMS: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_OWN_BUILD: Final = (
    "chrome-linux*/chrome",
    "chrome-win*/chrome.exe",
    "chrome-mac*/*.app/Contents/MacOS/*",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A Chromium-family browser that can be started."""

    path: Path
    playwrights_own: bool = False

    def version(self) -> str:
        """Return its version ("156.0.8078.79"), or "" where it does not say."""
        return version_beside(self.path) if sys.platform == "win32" else _version_said(self.path)


class BrowserMissing(NeedsPerson):
    """No Chromium-family browser was found on this computer."""

    def __init__(self) -> None:
        """Say which command mends it."""
        super().__init__(
            Text("No browser was found: this needs Chrome, Chromium or Edge."),
            known=Text("Nothing was sent."),
            hint=Text("Install one of them, or run: {command}", command=install_command()),
        )


class BrowserNotInstalled(NeedsPerson):
    """The installation of a browser did not work."""

    def __init__(self, reason: Text) -> None:
        """Say why, in words."""
        super().__init__(
            Text("The browser could not be installed: {reason}.", reason=reason),
            known=Text("Nothing else was changed."),
            hint=Text("Install Chrome, Chromium or Edge yourself, then try again."),
        )


def find_browser() -> Browser:
    """Return the browser to use, or raise `BrowserMissing`."""
    for path in _own_builds():
        return Browser(path=path, playwrights_own=True)
    for path in _on_this_machine():
        return Browser(path=path)
    raise BrowserMissing


def old_browser_warning(version: str) -> Text | None:
    """Return a warning for a browser older than the one that the fence was measured with."""
    major = re.match(r"\d+", version)
    if not major or int(major.group()) >= MEASURED_WITH:
        return None
    return Text(
        "Your browser is version {version}; we tested with {tested}. Please update it.",
        version=major.group(),
        tested=MEASURED_WITH,
    )


def install_command() -> str:
    """Return the command that installs Playwright's own browser."""
    return f"{Path(sys.executable).name} -m playwright install chromium"


def install_browser() -> Browser:
    """Download Playwright's own browser: the one function here that uses the network."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, fixed words
            command, check=False, capture_output=True, timeout=INSTALL_MINUTES * 60
        )
    except subprocess.TimeoutExpired:
        raise BrowserNotInstalled(Text("it took too long")) from None
    except OSError:
        raise BrowserNotInstalled(Text("the installer could not be started")) from None
    if done.returncode:
        raise BrowserNotInstalled(_why(done.stderr + done.stdout))
    for path in _own_builds():
        return Browser(path=path, playwrights_own=True)
    raise BrowserNotInstalled(Text("the installer ended, but left no browser"))


def _why(output: bytes) -> Text:
    """Read the installer's output for the reasons that people can do something about."""
    said = output.decode("utf-8", "replace").lower()
    if "enospc" in said or "no space" in said:
        return Text("the disk is full")
    if any(word in said for word in ("enotfound", "econn", "etimedout", "eai_again", "download")):
        return Text("the download did not work; is there a network?")
    if "eacces" in said or "permission" in said:
        return Text("the folder for it cannot be written")
    return Text("the installer failed")


def _own_builds() -> Iterator[Path]:
    """Yield Playwright's own Chromium of exactly the revision that belongs to it."""
    for folder in _own_folders():
        for pattern in _OWN_BUILD:
            yield from (path for path in sorted(folder.glob(pattern)) if _is_program(path))


def _own_folders() -> Iterator[Path]:
    import playwright  # noqa: PLC0415 - heavy, and only needed here

    driver = Path(playwright.__file__).parent / "driver" / "package"
    try:
        listed = json.loads((driver / "browsers.json").read_text("utf-8"))["browsers"]
    except (OSError, ValueError, KeyError):
        return
    revision = next((b["revision"] for b in listed if b["name"] == "chromium"), "")
    if revision:
        yield _downloads(driver) / f"chromium-{revision}"


def _downloads(driver: Path) -> Path:
    """Return the folder in which Playwright keeps what it downloads."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen == "0":
        return driver / ".local-browsers"
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "ms-playwright"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def _on_this_machine() -> Iterator[Path]:
    if sys.platform == "win32":
        roots = [os.environ.get(n) for n in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        candidates = [Path(root) / name for name in _WINDOWS_PROGRAMS for root in roots if root]
    elif sys.platform == "darwin":
        roots_of_apps = (Path("/Applications"), Path.home() / "Applications")
        candidates = [root / name for name in _MAC_APPS for root in roots_of_apps]
    else:
        candidates = [Path(found) for name in _NAMES if (found := shutil.which(name))]
    yield from filter(_is_program, candidates)


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _version_said(path: Path) -> str:
    try:
        said = subprocess.run(  # noqa: S603 - a browser that we found by its name
            [path, "--version"], check=False, capture_output=True, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(rb"\d+(\.\d+)+", said.stdout)
    return match.group().decode("ascii") if match else ""


def version_beside(path: Path) -> str:
    """Return the version that a folder is named after: Windows programs do not print theirs."""
    names = (folder.name for folder in path.parent.iterdir() if folder.is_dir())
    return next((name for name in names if re.fullmatch(r"\d+(\.\d+)+", name)), "")

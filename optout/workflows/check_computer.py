"""What is wrong on this computer, each with the command that mends it: nothing is changed.

Heavy parts are imported where they are looked at: whatever is broken must not stop the others.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from optout.errors import OptoutError
from optout.model.ports import Clock
from optout.text import Text

CATALOG_IS_OLD_AFTER: Final = timedelta(days=180)
CLOCK_IS_FAR_AFTER: Final = timedelta(days=5 * 365)


class State(StrEnum):
    """How one thing is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


WORDS: Final = {
    State.GOOD: Text("good"),
    State.WARNING: Text("look at this"),
    State.BAD: Text("does not work"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What is looked at: the place of the locked folder, and the clock of this computer."""

    folder: Path
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at, and what mends it."""

    name: str  # stable, for programs
    state: State
    said: Text
    mend: Text | None = None


Look = Callable[[Here], Iterator[Check]]


def check_computer(here: Here) -> list[Check]:
    """Look at browser, key store, disk, folder, clock and catalog."""
    return [check for look in LOOKS for check in _looked(look, here)]


def _looked(look: Look, here: Here) -> Iterator[Check]:
    """Run one look; what stops it is a finding too, and the others go on."""
    try:
        yield from look(here)
    except OptoutError as error:
        name = look.__name__.removeprefix("_")
        yield Check(name=name, state=State.BAD, said=error.what, mend=error.hint)
    except OSError as error:
        name = look.__name__.removeprefix("_")
        said = Text("This could not be looked at: {name} ({why})", name=name, why=error.strerror)
        yield Check(name=name, state=State.WARNING, said=said)


def _python(_here: Here) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(name="python", state=State.GOOD, said=Text("Python {version}", version=version))
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Check(
            name="root",
            state=State.WARNING,
            said=Text("You are root: the browser cannot keep its own walls up."),
            mend=Text("Work as an ordinary user. To go on all the same: OPTOUT_ALLOW_ROOT=1"),
        )


def _browser(_here: Here) -> Iterator[Check]:
    from optout.browser.driver import check_driver  # noqa: PLC0415 - see above
    from optout.browser.find import find_browser, old_browser_warning  # noqa: PLC0415 - see above

    browser = find_browser()
    check_driver()
    version = browser.version()
    said = Text("Browser {version} at {path}", version=version or "?", path=browser.path)
    old = old_browser_warning(version)
    yield Check(name="browser", state=State.WARNING if old else State.GOOD, said=said, mend=old)


def _display(_here: Here) -> Iterator[Check]:
    if sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        said = Text("There is a display: pages that need you can be shown.")
        yield Check(name="display", state=State.GOOD, said=said)
        return
    yield Check(
        name="display",
        state=State.WARNING,
        said=Text("There is no display: pages that need you cannot be shown here."),
        mend=Text("Work at a screen for those, or ask by letter: optout plan"),
    )


def _keyring(_here: Here) -> Iterator[Check]:
    from optout.vault.keyring_slot import trusted_keyring  # noqa: PLC0415 - see above

    name = trusted_keyring()
    if name:
        said = Text("The key can be kept by this system: {name}", name=name)
        yield Check(name="keyring", state=State.GOOD, said=said)
        return
    yield Check(
        name="keyring",
        state=State.WARNING,
        said=Text("This system has no key store that we trust."),
        mend=Text("Nothing to do: a passphrase works everywhere."),
    )


def _disk(here: Here) -> Iterator[Check]:
    from optout.vault.platform import FREE_BYTES  # noqa: PLC0415 - see above

    folder = _existing(here.folder)
    free = shutil.disk_usage(folder).free
    said = Text("Free on the disk: {mb} MB", mb=free // 1_000_000)
    if free >= FREE_BYTES:
        yield Check(name="disk", state=State.GOOD, said=said)
        return
    needed = Text("Free at least {mb} MB, then try again.", mb=FREE_BYTES // 1_000_000)
    yield Check(name="disk", state=State.BAD, said=said, mend=needed)


def _folder(here: Here) -> Iterator[Check]:
    from optout.vault.platform import file_system, is_network  # noqa: PLC0415 - see above
    from optout.workflows.exports import is_synced  # noqa: PLC0415 - see above

    folder = here.folder
    kind = file_system(folder)
    elsewhere = Text("Choose a folder on this computer's own disk: --vault FOLDER")
    if is_network(kind):
        said = Text("The locked folder is on a network drive ({kind}).", kind=kind)
        yield Check(name="file-system", state=State.BAD, said=said, mend=elsewhere)
    if is_synced(folder):
        said = Text("Another program copies the locked folder to the cloud.")
        yield Check(name="cloud", state=State.WARNING, said=said, mend=elsewhere)
    if not folder.exists():
        said = Text("There is no locked folder yet at {folder}", folder=folder)
        yield Check(name="folder", state=State.GOOD, said=said, mend=Text("optout init"))
        return
    yield from _modes(folder)


def _modes(folder: Path) -> Iterator[Check]:
    open_to_others = [path for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & 0o077]
    if open_to_others and sys.platform != "win32":
        yield Check(
            name="folder",
            state=State.BAD,
            said=Text("Others on this computer can look into the locked folder."),
            mend=Text("chmod -R go= {folder}", folder=folder),
        )
        return
    said = Text("The locked folder is yours alone: {folder}", folder=folder)
    yield Check(name="folder", state=State.GOOD, said=said)


def _clock(here: Here) -> Iterator[Check]:
    today, newest = here.clock().astimezone().date(), _newest_reading()
    said = Text("The clock says {day}.", day=today.isoformat())
    mend = Text("Set the clock of this computer: every date that we count depends on it.")
    if newest and today < newest:
        yield Check(name="clock", state=State.BAD, said=said, mend=mend)
    elif newest and today - newest > CLOCK_IS_FAR_AFTER:
        yield Check(name="clock", state=State.WARNING, said=said, mend=mend)
    else:
        yield Check(name="clock", state=State.GOOD, said=said)


def _catalog(here: Here) -> Iterator[Check]:
    from optout.catalog.brokers import list_brokers  # noqa: PLC0415 - see above
    from optout.catalog.findings import BadDefinition  # noqa: PLC0415 - see above
    from optout.catalog.laws import list_laws  # noqa: PLC0415 - see above
    from optout.workflows.truth import live_checks  # noqa: PLC0415 - see above

    problems: list[BadDefinition] = []
    brokers, laws = list_brokers(problems=problems), list_laws(problems=problems)
    said = Text("Companies: {brokers}, laws: {laws}", brokers=len(brokers), laws=len(laws))
    yield Check(name="catalog", state=State.GOOD, said=said)
    for bad in problems:
        yield Check(
            name="catalog",
            state=State.BAD,
            said=bad.what,
            mend=Text("optout broker lint {slug}", slug=bad.file.partition("/")[0]),
        )
    yield Check(name="live-checks", state=State.GOOD, said=live_checks(brokers))
    yield from _age(here, _newest_reading())


def _age(here: Here, newest: date | None) -> Iterator[Check]:
    if newest is None:
        said = Text("The catalog is empty.")
        yield Check(
            name="catalog-age", state=State.BAD, said=said, mend=Text("Install this program again.")
        )
        return
    said = Text("The catalog was last worked on: {day}", day=newest.isoformat())
    old = here.clock().date() - newest > CATALOG_IS_OLD_AFTER
    yield Check(
        name="catalog-age",
        state=State.WARNING if old else State.GOOD,
        said=said,
        mend=Text("Companies change their pages: get a newer optout.") if old else None,
    )


def _mail(_here: Here) -> Iterator[Check]:
    """Look for a program that opens drafts: Linux says which; other systems bring one."""
    if sys.platform != "linux":
        return
    opener = shutil.which("xdg-mime")
    program = _said([opener, "query", "default", "message/rfc822"]) if opener else ""
    if program:
        said = Text("Mail drafts open in: {program}", program=program)
        yield Check(name="mail", state=State.GOOD, said=said)
        return
    yield Check(
        name="mail",
        state=State.WARNING,
        said=Text("No program is set up to open mail drafts."),
        mend=Text("Copy the text into your mail by hand: optout letter show REF"),
    )


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=5)  # noqa: S603 - fixed words
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip()


def _newest_reading() -> date | None:
    """Return the latest day on which anybody read a source of ours."""
    from optout.catalog.brokers import list_brokers  # noqa: PLC0415 - see above
    from optout.catalog.laws import list_laws  # noqa: PLC0415 - see above

    read = [source.read_on for broker in list_brokers() for source in broker.sources]
    checked = [law.checked_on for law in list_laws(problems=[]).values()]
    return max((*read, *checked), default=None)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


LOOKS: Final = (_python, _browser, _display, _keyring, _disk, _folder, _clock, _catalog, _mail)

"""What to show somebody who helps: how this computer and the program are, and nothing personal.

It is not the checks with their values taken out: every word in it is chosen here, from lists of
our own or by its form. So what a path, a person or a company is called cannot get into it.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optout import __version__
from optout.errors import OptoutError
from optout.i18n import language
from optout.model.request import Delivery, Status
from optout.text import Text
from optout.words import word
from optout.workflows.check_computer import WORDS, Check, Here, State

if TYPE_CHECKING:  # heavy
    from optout.vault.vault import Vault

_SYSTEMS: Final = ("Linux", "Darwin", "Windows")
_MACHINES: Final = ("x86_64", "amd64", "arm64", "aarch64", "i686", "x86")
_BROWSERS: Final = ("chromium", "chrome", "edge")
_NUMBERS: Final = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}")
_OTHER: Final = "other"
CHECKED: Final = {
    "python": Text("Python"),
    "root": Text("Rights of the user"),
    "browser": Text("Browser"),
    "display": Text("Screen"),
    "keyring": Text("Key store"),
    "disk": Text("Room on the disk"),
    "file-system": Text("Kind of drive"),
    "cloud": Text("Copied to the cloud"),
    "folder": Text("Locked folder"),
    "clock": Text("Clock"),
    "catalog": Text("Companies and laws"),
    "live-checks": Text("Tried on live pages"),
    "catalog-age": Text("Age of what we know of them"),
    "mail": Text("Mail program"),
    _OTHER: Text("Another check"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is in the locked folder."""

    people: int
    requests: Mapping[Status, int]
    messages: Mapping[Delivery, int]
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpReport:
    """What somebody who helps gets to see. No field of it can hold free words."""

    version: str
    python: str
    system: str
    language: str
    browser: str
    key_store: str
    has_folder: bool
    checks: Mapping[str, State]
    counts: Counts | None = None


def help_report(here: Here, checks: Iterable[Check], counts: Counts | None = None) -> HelpReport:
    """Return the report; of several findings about one thing the worst counts."""
    from optout.vault.folder import is_vault  # noqa: PLC0415 - heavy
    from optout.vault.keyring_slot import trusted_keyring  # noqa: PLC0415 - heavy

    return HelpReport(
        version=__version__,
        python=_numbers(platform.python_version()),
        system=_system(),
        language=language(),
        browser=_browser(),
        key_store=trusted_keyring() or "",
        has_folder=is_vault(here.folder),
        checks=_worst(checks),
        counts=counts,
    )


def count(vault: Vault) -> Counts:
    """Count what is in an open folder."""
    return Counts(
        people=len(vault.subjects.list()),
        requests=vault.requests.tally(),
        messages=vault.messages.tally(),
        tasks=len(vault.tasks.open()),
    )


def report_lines(report: HelpReport) -> list[Text]:
    """Return the report as sentences, to be read before it is passed on."""
    there = Text("there") if report.has_folder else Text("not made yet")
    return [
        Text("For somebody who helps. It holds no name, address, company, path or date of yours."),
        Text("optout {version}, Python {python}", version=report.version, python=report.python),
        Text("System: {system}", system=report.system),
        Text("Language: {language}", language=report.language),
        Text("Browser: {browser}", browser=report.browser or Text("none found")),
        Text("Key store: {name}", name=report.key_store or Text("none that we trust")),
        Text("Locked folder: {there}", there=there),
        Text("Checked:"),
        *(
            Text("{name}: {state}", name=CHECKED[name], state=WORDS[state])
            for name, state in report.checks.items()
        ),
        *(_counted(report.counts) if report.counts else ()),
    ]


def _counted(counts: Counts) -> Iterator[Text]:
    yield Text("People: {count}", count=counts.people)
    for status, many in counts.requests.items():
        yield Text("Requests, {how}: {count}", how=word(status), count=many)
    for delivery, many in counts.messages.items():
        yield Text("Letters and forms, {how}: {count}", how=word(delivery), count=many)
    yield Text("Things to do: {count}", count=counts.tasks)


def _worst(checks: Iterable[Check]) -> Mapping[str, State]:
    order, found = tuple(State), dict[str, State]()
    for check in checks:
        name = check.name if check.name in CHECKED else _OTHER
        found[name] = max(found.get(name, State.GOOD), check.state, key=order.index)
    return found


def _system() -> str:
    release = _numbers(platform.release())
    return (
        f"{_one_of(_SYSTEMS, platform.system())} {release} {_one_of(_MACHINES, platform.machine())}"
    )


def _browser() -> str:
    from optout.browser.find import find_browser  # noqa: PLC0415 - heavy

    try:
        browser = find_browser()
    except OptoutError:
        return ""
    kind = next((each for each in _BROWSERS if each in browser.path.name.lower()), _OTHER)
    return f"{kind} {_numbers(browser.version())}".strip()


def _one_of(known: Iterable[str], found: str) -> str:
    return next((each for each in known if each.lower() == found.lower()), _OTHER)


def _numbers(version: str) -> str:
    """Return the numbers that a version begins with: what a vendor adds can be anything."""
    found = _NUMBERS.match(version)
    return found.group() if found else ""

"""A made-up company's form to practise on: `optout broker new URL --practice`.

No server, no network: the fence answers with this page itself and lets nothing out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from optout.browser.rehearsal import Rehearsal
from optout.errors import WrongUsage
from optout.rules.hosts import host_allowed
from optout.sample.markup import PAGES
from optout.text import Text

PRACTICE_URL: Final = "https://privacy.example.com/your-choices"
_PAGE: Final = PAGES / "practice-form.html"


@dataclass(frozen=True, slots=True)
class _Html:
    content: bytes
    media_type: str = "text/html; charset=utf-8"


def check_practice(url: str) -> None:
    """Refuse any other page, before anything is opened."""
    asked, ours = urlsplit(url), urlsplit(PRACTICE_URL)
    if (asked.scheme, asked.hostname, asked.path) != (ours.scheme, ours.hostname, ours.path):
        raise _other_page()


def _other_page() -> WrongUsage:
    return WrongUsage(
        Text("With --practice there is one page only."),
        known=Text("Nothing was opened or written."),
        hint=Text("Try: optout broker new {url} --practice", url=PRACTICE_URL),
    )


def practice_fence(hosts: Collection[str]) -> Rehearsal:
    """Return a fence with the practice page behind it, and nothing else."""
    home = urlsplit(PRACTICE_URL).hostname or ""
    if not all(host_allowed(host, [home]) for host in hosts):
        raise _other_page()
    return Rehearsal(hosts, _answer)


def _answer(method: str, url: str) -> _Html | None:
    here = urlsplit(url).hostname == urlsplit(PRACTICE_URL).hostname
    return _Html(_PAGE.read_bytes()) if here and method == "GET" else None

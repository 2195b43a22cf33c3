"""What kind of page shows no results, by its own words: they are never shown to people."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class PageKind(StrEnum):
    """Why a page shows no results."""

    WALL = "wall"  # it wants to see a person first
    EXPIRED = "expired"  # it forgot the visit
    UNKNOWN = "unknown"


LONGEST: Final = 20_000
_WALL: Final = re.compile(
    r"""
    checking\s+(if\s+the\s+site|your\s+browser) | just\s+a\s+moment | attention\s+required
    | verify(ing)?\s+(that\s+)?(you\s+are|you're|you)\s+(a\s+|not\s+a\s+)?(human|person|robot)
    | (are|prove)\s+(that\s+)?you('re|\s+are)?\s+(not\s+)?(a\s+)?(robot|human|person)
    | (i\s+am|i'm)\s+(not\s+a\s+robot|human|a\s+person) | press\s+(&|and)\s+hold
    | unusual\s+(traffic|activity) | too\s+many\s+requests
    | access\s+(to\s+this\s+page\s+)?(is\s+|has\s+been\s+)?denied
    | you\s+have\s+been\s+blocked | complete\s+the\s+(security\s+check|captcha)
    | enable\s+javascript\s+and\s+cookies\s+to\s+continue | security\s+verification
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EXPIRED: Final = re.compile(
    r"""
    session\s+(has\s+|is\s+|was\s+)?(expired|timed\s+out|ended|no\s+longer\s+valid)
    | (page|link|search)\s+has\s+expired | timed\s+out\s+due\s+to\s+inactivity
    | your\s+session\s+(is\s+)?(invalid|over)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CHECKS: Final = ("recaptcha", "hcaptcha", "turnstile", "challenges.cloudflare", "arkoselabs")


def page_kind(words: str, frames: tuple[str, ...] = ()) -> PageKind:
    """Say what a page without results is, by its words and the addresses of its frames.

    Only for a page that shows neither rows nor that it has none: others may say such words too.
    """
    read = " ".join(words[:LONGEST].split())
    if _EXPIRED.search(read):
        return PageKind.EXPIRED
    if _WALL.search(read) or any(check in frame.lower() for frame in frames for check in _CHECKS):
        return PageKind.WALL
    return PageKind.UNKNOWN

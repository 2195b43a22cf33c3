"""Text that came from a page or a mail, made safe to show and to keep."""

from __future__ import annotations

import unicodedata
from typing import Final

# Cc, Cf: control, format and bidirectional characters; Co, Cn, Cs: no agreed meaning;
# Zl, Zp and Zs are spaces of one kind or another.
_DROPPED: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
_SPACES: Final = frozenset({"Zl", "Zp", "Zs"})
_BREAKS: Final = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
MOST_MARKS: Final = 4  # combining marks on one letter; more is paint, not language
_CUT: Final = "…"


def plain_text(untrusted: str, limit: int) -> str:
    """Return one line of at most `limit` characters, without anything a terminal could obey."""
    # Normal form first: it never changes what a letter means, and undoes split letters.
    normal = unicodedata.normalize("NFC", untrusted[: limit * 40])
    line = " ".join("".join(_kept(normal)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + _CUT


def _kept(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category.startswith("M") else 0
        if char in _BREAKS or category in _SPACES:
            kept.append(" ")
        elif category not in _DROPPED and marks <= MOST_MARKS:
            kept.append(char)
    return kept

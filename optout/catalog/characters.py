"""Characters that have no place in a definition: invisible, direction-changing, control."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Written as escapes, so that this file shows what it forbids.
_INVISIBLE: Final = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
)
FORBIDDEN: Final = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_INVISIBLE}]")
FORBIDDEN_IN_VALUE: Final = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}]")


def name_of(character: str) -> str:
    """Return what a character is called, so that a person can find an invisible one."""
    name = unicodedata.name(character, "control character")
    return f"U+{ord(character):04X} {name}"


def shown(text: str, longest: int = 60) -> str:
    """Return text from a file so that it cannot move the cursor, turn the line or run on."""
    cleaned = FORBIDDEN_IN_VALUE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\n", " ")
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1] + "…"

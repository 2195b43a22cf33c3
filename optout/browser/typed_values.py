"""Finding typed values in what a page sends, in the three spellings that can be recognised.

Plain, URL-encoded and base64. A page that scrambles in another way is not caught here; the
allow-list is what stops it, unless it sends to a host on that list.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_plus

# Shorter values ("CO", "Ann") occur in any long token by chance: they are looked for as whole
# words only, and two letters not at all.
SHORTEST: Final = 3
SHORTEST_INSIDE: Final = 5
SHORTEST_NUMBER_INSIDE: Final = 7
SHORTEST_ENCODED: Final = 6
_LOOKED_AT: Final = 1_000_000  # characters of one request
_ROUNDS: Final = 3  # a value may be encoded inside an encoded value


@dataclass(slots=True)
class TypedValues:
    """What was typed in this run, and whether a request carries any of it."""

    _plain: set[str] = field(default_factory=set)
    _words: set[str] = field(default_factory=set)
    _encoded: set[str] = field(default_factory=set)

    def add(self, value: str) -> None:
        """Remember one value from now on."""
        folded = value.strip().casefold()
        if len(folded) < SHORTEST:
            return
        inside = SHORTEST_NUMBER_INSIDE if folded.isdigit() else SHORTEST_INSIDE
        (self._plain if len(folded) >= inside else self._words).add(folded)
        if len(folded) >= SHORTEST_ENCODED:
            self._encoded.update(_base64_cores(_spellings(value.strip())))

    def found_in(self, *untrusted_parts: str) -> bool:
        """Say whether any of these texts carries a typed value."""
        if not (self._plain or self._words):
            return False
        return any(self._in(part[:_LOOKED_AT]) for part in untrusted_parts)

    def _in(self, text: str) -> bool:
        if any(core in _standard(text) for core in self._encoded):
            return True
        for _ in range(_ROUNDS):
            folded = text.casefold()
            if any(value in folded for value in self._plain) or self._word_in(folded):
                return True
            text, before = unquote_plus(text), text
            if text == before:
                return False
        return False

    def _word_in(self, folded: str) -> bool:
        return any(
            re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", folded) for word in self._words
        )


def _spellings(value: str) -> Iterable[bytes]:
    return {form.encode() for form in (value, value.lower(), value.upper())}


def _base64_cores(spellings: Iterable[bytes]) -> Iterable[str]:
    """Yield the part of a value's base64 that is the same wherever it stands in a longer text."""
    for spelling in spellings:
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + spelling).decode("ascii")
            # Characters that also hold bits of the neighbours are left out at both ends.
            start = (0, 2, 3)[before]
            end = (before + len(spelling)) * 8 // 6
            yield encoded[start:end]


def _standard(text: str) -> str:
    """Read the URL-safe alphabet as the usual one, and undo percent signs."""
    return unquote_plus(text.replace("+", "%2B")).replace("-", "+").replace("_", "/")

"""Names and words of a definition are in letters that are what they seem."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_texts
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "lookalike"
WHY: Final = "A Cyrillic “о” in a company's name looks like ours and leads elsewhere."


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each text with a letter that is not Latin."""
    for where, _name_of_key, text in walk_texts(broker):
        if text.isascii():
            continue
        foreign = sorted({character for character in text if _is_foreign(character)})
        if foreign:
            yield Finding(
                where,
                Text("A letter here is not Latin: {names}.", names=", ".join(map(_name, foreign))),
                Text("Type the word again on a Latin keyboard."),
            )


def _is_foreign(character: str) -> bool:
    """Say whether a letter comes from another script, or is Latin in disguise (ﬁ, Ａ, 𝐀)."""
    if not unicodedata.category(character).startswith("L"):
        return False
    plain = unicodedata.normalize("NFKC", character) == character
    return not (plain and unicodedata.name(character, "").startswith("LATIN"))


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()

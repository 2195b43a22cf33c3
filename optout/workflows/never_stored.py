"""What is never asked, stored or imported (SAFETY 2): refused by name, never by value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from optout.errors import WrongUsage
from optout.text import Text
from optout.workflows import facts

NAMES: Final = (
    "ssn",
    "social_security",
    "itin",
    "alien",
    "a_number",
    "anumber",
    "visa",
    "citizen",
    "nationality",
    "immigration",
    "passport",
    "country_of_birth",
    "birth_country",
    "birthplace",
    "language",
)
# How a Social Security number, an ITIN or an A-number is written. A ZIP code has five and four.
_NUMBERS: Final = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)|(?<![A-Za-z0-9])[Aa]-?\d{8,9}(?!\d)")
_OUR_ID: Final = re.compile(r"[0-9a-f]{32}")  # random: it can begin like an A-number


def refuse_never_stored(card: object) -> None:
    """Refuse a card that carries what must never be stored; only the name of a key is repeated."""
    for key, value in _pairs(card):
        if any(word in re.sub(r"[^a-z0-9]+", "_", key.lower()) for word in NAMES):
            raise _never(Text("This program never stores {word}.", word=key))
        written = isinstance(value, str) and not _OUR_ID.fullmatch(value)
        if written and _NUMBERS.search(str(value)):
            raise _never(
                Text(
                    "“{word}” looks like a Social Security or immigration number. This program "
                    "never stores one.",
                    word=key,
                )
            )


def _never(what: Text) -> WrongUsage:
    return WrongUsage(
        what,
        known=facts.NOTHING_CHANGED,
        hint=Text("Take it out and try again. It is never needed here."),
    )


def _pairs(card: object, of: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(card, Mapping):
        for key, value in card.items():
            yield from _pairs(value, str(key))
    elif isinstance(card, list | tuple):
        for value in card:
            yield from _pairs(value, of)
        return
    yield of, card

"""What is never asked, stored or imported (SAFETY 2): refused by name, never by value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from optout.errors import WrongUsage
from optout.text import Text
from optout.workflows import facts

NAMES: Final = re.compile(
    r"ssn|social_security|seguro_social|(?:^|_)itin|alien|(?:^|_)a_number|anumber|(?:^|_)a_no(?:_|$)"
    r"|(?:^|_)visa|citizen|ciudadan|nationality|nacionalidad|immigra|migratori|passport|pasaporte"
    r"|country_of_birth|birth_country|birthplace|place_of_birth|(?:pais|lugar)_de_nacimiento"
    r"|country_of_origin|pais_de_origen|uscis|(?:^|_)eoir|language|idioma|asylum|asilo"
    r"|(?:^|_)(?:daca|tps|i_94)(?:_|$)|green_card|^a$|(?:^|_)social(?:_|$)|tax_id"
)
# How a Social Security number, an ITIN or an A-number is written. A ZIP code has five and four.
_NUMBERS: Final = re.compile(
    r"(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)"
    r"|(?<![A-Za-z0-9])[Aa]#?[- ]?(?:\d{8,9}|\d{3}[- ]\d{3}[- ]\d{3})(?!\d)"
)
_OUR_ID: Final = re.compile(r"[0-9a-f]{32}")  # random: it can begin like an A-number


def refuse_never_stored(card: object) -> None:
    """Refuse a card that carries what must never be stored; only the name of a key is repeated."""
    for key, value in _pairs(card):
        if is_named_never_stored(key):
            raise _never(Text("This program never stores {word}.", word=key))
        if isinstance(value, str) and looks_never_stored(value):
            raise _never(
                Text(
                    "“{word}” looks like a Social Security or immigration number. This program "
                    "never stores one.",
                    word=key,
                )
            )


def refuse_typed(answer: str) -> None:
    """Refuse an answer that is such a number, before it is kept anywhere."""
    if looks_never_stored(answer):
        raise _never(
            Text(
                "That looks like a Social Security or immigration number. This program never "
                "stores one."
            )
        )


def is_named_never_stored(name: str) -> bool:
    """Say whether a key or a heading names what is never stored."""
    return NAMES.search(re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")) is not None


def looks_never_stored(value: str) -> bool:
    """Say whether a value is written like a Social Security number, an ITIN or an A-number."""
    return not _OUR_ID.fullmatch(value) and _NUMBERS.search(value) is not None


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

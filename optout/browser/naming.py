"""Seeing whether a confirmation speaks of somebody else.

A form that was sent and confirmed in another person's name is not success. The definition's own
`expect shows` is the sharp test; this one knows only the usual phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from optout.browser.visit import Visit, while_loading
from optout.model.fields import Field

_WORD: Final = r"[A-Z\u00C0-\u024F][\w'’.-]*"
_PHRASES: Final = re.compile(
    r"(?:\bDear|\bName:|\bon behalf of|\b(?:request|record|report|confirmation) (?:of|for))\s+"
    rf"({_WORD}(?:[ \u00a0]{_WORD}){{1,3}})(?=\s*(?:[.,;:!)\n]|$|was\b|has\b|will\b))"
)
_NAMES: Final = (Field.FULL_NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.MIDDLE_NAME)
_TITLES: Final = frozenset({"mr", "mrs", "ms", "dr", "customer", "consumer", "sir", "madam"})
_TEXT: Final = "() => document.body ? document.body.innerText : ''"


async def names_another(visit: Visit) -> bool:
    """Say whether the page names a person, and it is not ours."""
    ours = {word for name in _NAMES for word in _words_of(visit, name)}
    if not ours:
        return False
    untrusted = await while_loading(visit.page.evaluate(_TEXT), "")
    return any(_is_another(words, ours) for words in _named(untrusted))


def _named(untrusted: str) -> Iterator[list[str]]:
    for match in _PHRASES.finditer(untrusted):
        words = [_folded(word) for word in match.group(1).split()]
        yield [word for word in words if word and word not in _TITLES]


def _is_another(words: list[str], ours: set[str]) -> bool:
    """Two or more words, at least one of them neither ours nor the initial of ours."""
    initials = {word[0] for word in ours}
    known = [word in ours or (len(word) == 1 and word in initials) for word in words]
    return len(words) > 1 and not all(known) and not _is_about_the_thing(words)


def _is_about_the_thing(words: list[str]) -> bool:
    return bool(set(words) & _THINGS)


_THINGS: Final = frozenset(
    {
        "access",
        "consumer",
        "data",
        "deletion",
        "disclosure",
        "full",
        "information",
        "opt",
        "opt-out",
        "personal",
        "privacy",
        "removal",
        "report",
        "request",
        "sale",
    }
)


def _words_of(visit: Visit, field: Field) -> Iterator[str]:
    secret = visit.values.get(field)
    for word in secret.reveal().split() if secret else ():
        yield _folded(word)


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalnum() or char == "-")

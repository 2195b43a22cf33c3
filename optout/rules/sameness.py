"""Whether two ways of writing mean the same e-mail or place. Doubt is yes: it keeps a secret."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from optout.model.subject import PersonName, PostalAddress
from optout.rules.accents import without_accents

_SHORT: Final = MappingProxyType(
    {
        "first": "1st",
        "second": "2nd",
        "third": "3rd",
        "fourth": "4th",
        "fifth": "5th",
        "sixth": "6th",
        "seventh": "7th",
        "eighth": "8th",
        "ninth": "9th",
        "tenth": "10th",
        "saint": "st",
        "mount": "mt",
        "fort": "ft",
    }
)
# Left out, shortened and spelled in so many ways that no address hangs on them.
_LITTLE: Final = (
    "st str street ave av avenue rd road dr drive ln lane ct court blvd boulevard pl place"
    " way ter terrace cir circle pkwy parkway hwy highway sq square trl trail"
    " n s e w ne nw se sw north south east west northeast northwest southeast southwest"
    " po p o post office no number"
)
_SAYS_LITTLE: Final = frozenset(_LITTLE.split())
_UNIT: Final = re.compile(r"#|,|\b(apt|apartment|unit|ste|suite|fl|floor|rm|room)\b", re.IGNORECASE)


def same_email(one: str, other: str) -> bool:
    """Say whether mail to both reaches one mailbox: case, dots and "+tags" aside."""
    return _mailbox(one) == _mailbox(other)


def shows_place(shown: PostalAddress, kept: PostalAddress) -> bool:
    """Say whether an address, on whatever line, shows the house that another one means."""
    words = frozenset(_words(" ".join(shown.lines())))
    where = (_words(kept.zip[:5]), _words(kept.city))
    near = any(part and words.issuperset(part) for part in where)
    near = near or not any(where)
    return near and words.issuperset(_house(kept.street))


def shows_name(shown: PostalAddress, kept: PersonName) -> bool:
    """Say whether an address is in care of this name."""
    name = name_words(kept)
    return bool(name) and frozenset(_words(shown.care_of)).issuperset(name)


def name_words(name: PersonName) -> frozenset[str]:
    """Return the words of a first and last name, however they are spelled and ordered."""
    return frozenset(_words(f"{name.given} {name.family}"))


def _mailbox(email: str) -> tuple[str, str]:
    local, _, host = "".join(email.split()).casefold().rpartition("@")
    return local.partition("+")[0].replace(".", ""), host.rstrip(".")


def _house(street: str) -> tuple[str, ...]:
    """Return what tells a house from others: its number, and its street's own name."""
    words = _words(_UNIT.split(street, maxsplit=1)[0]) or _words(street)
    return tuple(word for word in words if word not in _SAYS_LITTLE) or words


def _words(text: str) -> tuple[str, ...]:
    bare = text if text.isascii() else without_accents(text)
    plain = re.sub(r"(?<=\w)['’](?=\w)", "", bare.casefold())  # O'Neil, Oneil
    return tuple(_SHORT.get(word, word) for word in re.findall(r"\w+", plain))

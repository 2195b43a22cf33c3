"""An address that a definition opens, with a person's values put in.

    https://example.com/{first_name}-{last_name}/{state|stateFull|hyphenated}?age={age|ageRange:18-30,31-99}

A place names a field and, behind bars, how the value is changed on its way, from left to right
(`CHANGES`). `defaultIfEmpty` makes it optional. Never the host, and never a name in the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

from optout.model.fields import Field
from optout.rules.url_template import TRANSFORMS, changed

CHANGES: Final = frozenset(TRANSFORMS)
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_DOTS: Final = frozenset({".", ".."})
_IF_EMPTY: Final = "defaultIfEmpty"


@dataclass(frozen=True, slots=True)
class Place:
    """One place of an address: whose value, and what is done to it."""

    name: str  # of a field, if lint passed it
    changes: tuple[str, ...]

    @property
    def optional(self) -> bool:
        """Say whether the address does without the value."""
        return any(each.partition(":")[0] == _IF_EMPTY for each in self.changes)

    def unknown(self) -> tuple[str, ...]:
        """Return the changes that nobody here knows."""
        names = (each.partition(":")[0] for each in self.changes)
        return tuple(name for name in names if name not in CHANGES)


def places_of(url: str) -> tuple[Place, ...]:
    """Return the places of an address, in their order."""
    return tuple(_place(found) for found in _PLACE.finditer(url))


def without_places(url: str) -> str:
    """Return what an address says whoever is searched for."""
    return _PLACE.sub("", url)


def values_in(url: str, values: Mapping[Field, str]) -> tuple[str, ...]:
    """Return the values as they stand in the address, changed, before they are encoded."""
    return tuple(_said(place, values) for place in places_of(url))


def filled_address(url: str, values: Mapping[Field, str]) -> str:
    """Return the address with the values put in; a value adds no part, host or query of its own.

    A part of the path that would climb is left out.
    """
    head, mark, query = url.partition("?")
    scheme, _sep, rest = head.partition("://")
    host, slash, path = rest.partition("/")
    parts = [_part(part, values) for part in _split(path)]
    written = "/".join(part for part in parts if part is not None)
    return f"{scheme}://{host}{slash}{written}{mark}{_filled(query, values, _for_query)}"


def _split(path: str) -> Iterator[str]:
    """Split at slashes outside of places."""
    masked = _PLACE.sub(lambda found: "x" * len(found[0]), path)
    began = 0
    for at, letter in enumerate(masked):
        if letter == "/":
            yield path[began:at]
            began = at + 1
    yield path[began:]


def _part(part: str, values: Mapping[Field, str]) -> str | None:
    if not _PLACE.search(part):
        return part
    written = _filled(part, values, _for_path)
    return None if written in _DOTS else written


def _filled(text: str, values: Mapping[Field, str], quoted: Callable[[str], str]) -> str:
    return _PLACE.sub(lambda found: quoted(_said(_place(found), values)), text)


def _for_path(value: str) -> str:
    return quote(value, safe="+")  # a site that writes San+Jose may take %2B for another letter


def _for_query(value: str) -> str:
    return quote_plus(value, safe="")


def _said(place: Place, values: Mapping[Field, str]) -> str:
    return changed(values.get(Field(place.name), ""), place.changes)


def _place(found: re.Match[str]) -> Place:
    name, *changes = found[1].split("|")
    return Place(name, tuple(changes))

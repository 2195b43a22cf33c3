"""An address of an imported definition as ours: the same values, changed in the same way."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from optout.model.fields import Field
from optout.rules.open_address import CHANGES, places_of, without_places
from optout.rules.url_template import parts_of_places

# Theirs always changes these first, before what stands behind the bars.
_PLACES: Final[Mapping[str, tuple[Field, tuple[str, ...]]]] = MappingProxyType(
    {
        "firstName": (Field.FIRST_NAME, ("capitalize",)),
        "middleName": (Field.MIDDLE_NAME, ()),
        "lastName": (Field.LAST_NAME, ("capitalize",)),
        "fullName": (Field.FULL_NAME, ()),
        "city": (Field.CITY, ("capitalize",)),
        "state": (Field.STATE, ("downcase",)),
        "fullState": (Field.STATE_NAME, ()),
        "age": (Field.AGE, ()),
        "email": (Field.EMAIL, ()),
    }
)
_PRINTABLE: Final = "".join(set(string.printable) - set(string.whitespace))
_SPARE: Final = frozenset({Field.MIDDLE_NAME})  # missing, it is an empty text with them


def our_address(template: str, age_range: Sequence[str] = ()) -> str:
    """Return the address as a definition of ours writes it; "" where we cannot say it."""
    written = template
    for place, name, steps in parts_of_places(template):
        if name not in _PLACES:
            return ""
        written = written.replace(place, _place(name, steps, age_range), 1)
    if re.search(r"[{}$]", without_places(written)):
        return ""
    head, mark, query = written.partition("?")
    scheme, _sep, rest = head.partition("://")
    host, *parts = rest.split("/")
    path = "/".join(part for part in parts if part)  # empty parts are lost, as with them
    return quote(f"{scheme}://{host}/{path}{mark}{query}", safe=_PRINTABLE)


def fields_in(template: str) -> tuple[Field, ...]:
    """Return the fields that such an address gives away, as far as we know them."""
    names = (name for _place, name, _steps in parts_of_places(template))
    return tuple(dict.fromkeys(_PLACES[name][0] for name in names if name in _PLACES))


def _place(name: str, steps: Sequence[str], age_range: Sequence[str]) -> str:
    field, first = _PLACES[name]
    kept = [_with_ranges(step, age_range) for step in steps if step.partition(":")[0] in CHANGES]
    place = "|".join((field.value, *first, *kept))
    whole = f"{{{place}}}"
    if field in _SPARE and not places_of(whole)[0].optional:
        return f"{{{place}|defaultIfEmpty:}}"
    return whole


def _with_ranges(step: str, age_range: Sequence[str]) -> str:
    return f"ageRange:{','.join(age_range)}" if step == "ageRange" else step

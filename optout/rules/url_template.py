"""An address with places for personal data, as DuckDuckGo's definitions write it.

    https://example.com/${firstName}-${lastName}/${state}/${city|hyphenated}

Each place names a value and, behind bars, what is done to it, from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from optout.errors import WrongUsage
from optout.rules.states import state_code, state_name

_PLACE: Final = re.compile(r"\$%7B(.+?)%7D|\$\{(.+?)\}", re.IGNORECASE)
_BAR: Final = re.compile(r"\||%7C", re.IGNORECASE)


def places_in(template: str) -> tuple[str, ...]:
    """Return the names of the values that an address takes, each once."""
    names = (_parts_of_place(found)[0] for found in _PLACE.finditer(template))
    return tuple(dict.fromkeys(names))


def parts_of_places(template: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each place as it is written, the name of its value, and what is done to it."""
    for found in _PLACE.finditer(template):
        name, *steps = _parts_of_place(found)
        yield found[0], name, tuple(steps)


def unknown_transforms(template: str) -> tuple[str, ...]:
    """Return what an address wants done to values and nobody here knows: it is passed over."""
    names = (
        written.partition(":")[0]
        for found in _PLACE.finditer(template)
        for written in _parts_of_place(found)[1:]
    )
    return tuple(dict.fromkeys(name for name in names if name not in TRANSFORMS))


def changed(value: str, steps: Sequence[str]) -> str:
    """Return a value after these changes, from left to right; unknown ones change nothing."""
    for step in steps:
        called, _colon, argument = step.partition(":")
        if called in TRANSFORMS:
            value = TRANSFORMS[called](value, argument)
    return value


def _parts_of_place(found: re.Match[str]) -> list[str]:
    return _BAR.split(found[1] or found[2])


def _capitalized(value: str, _argument: str) -> str:
    """Return it with each word's first letter upper; the others stay as they are."""
    return " ".join(word[:1].upper() + word[1:] for word in value.split(" "))


def _state_in_full(value: str, _argument: str) -> str:
    try:
        return state_name(state_code(value))
    except WrongUsage:
        return value


def _age_range(value: str, ranges: Sequence[str]) -> str:
    """Return the first range that holds the age. `81+` holds none: then it is the age itself."""
    return next((each for each in ranges if _holds(each, value)), value)


def _holds(written: str, age: str) -> bool:
    least, _dash, most = written.partition("-")
    if not all(map(str.isdecimal, (age, least, most))):
        return False
    return int(least) <= int(age) <= int(most)


TRANSFORMS: Final[Mapping[str, Callable[[str, str], str]]] = MappingProxyType(
    {
        "hyphenated": lambda value, _: value.replace(" ", "-"),
        "capitalize": _capitalized,
        "downcase": lambda value, _: value.lower(),
        "upcase": lambda value, _: value.upper(),
        "snakecase": lambda value, _: value.replace(" ", "_"),
        "stateFull": _state_in_full,
        "defaultIfEmpty": lambda value, argument: value or argument,
        "ageRange": lambda value, argument: _age_range(value, argument.split(",")),
        "replaceWhitespace": lambda value, argument: re.sub(r"\s+", lambda _: argument, value),
    }
)
"""By name, as the definitions write it."""

"""An address with personal data put in, as DuckDuckGo's definitions write it.

    https://example.com/${firstName}-${lastName}/${state}/${city|hyphenated}

Each place names a value and, behind bars, what is done to it, from left to right. Only parts of
the path and values of the query are places: never the host, never a name in the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from optout.errors import WrongUsage
from optout.rules.hosts import BadAddress, host_of
from optout.rules.states import state_code, state_name
from optout.text import Text

_PLACE: Final = re.compile(r"\$%7B(.+?)%7D|\$\{(.+?)\}", re.IGNORECASE)
_BAR: Final = re.compile(r"\||%7C", re.IGNORECASE)
# What a browser leaves as it is in a path; a value may bring no `/`, for it is one part of it.
_IN_PATH: Final = "!$&'()*+,:;=@~"
_IN_QUERY: Final = "*-._"
_DOTS: Final = (".", "..")


def filled_url(template: str, values: Mapping[str, str], age_range: Sequence[str] = ()) -> str:
    """Return the address with the values put in, or raise `BadAddress`.

    A value that is missing is an empty text. Empty parts of the path are lost, as with a browser.
    """
    parts = urlsplit(template)
    if "$" in parts.netloc or "%" in parts.netloc:
        raise BadAddress(Text("its name is not a site's name"))
    host_of(f"{parts.scheme}://{parts.netloc}/")
    path = "/".join(_part(part, values, age_range) for part in _parts_of(parts.path) if part)
    query = "&".join(
        f"{_in_query(name)}={_in_query(_filled(value, values, age_range, str))}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    return parts._replace(path=f"/{path}", query=query).geturl()


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


def filled_text(template: str, values: Mapping[str, str]) -> str:
    """Return a text with the values put in: one side of a comparison."""
    return _filled(template, values, (), str)


def changed(value: str, steps: Sequence[str]) -> str:
    """Return a value after these changes, from left to right; unknown ones change nothing."""
    for step in steps:
        called, _colon, argument = step.partition(":")
        if called in TRANSFORMS:
            value = TRANSFORMS[called](value, argument)
    return value


def _parts_of(path: str) -> Iterator[str]:
    """Split at slashes, but not inside a place."""
    began = 0
    places = [found.span() for found in _PLACE.finditer(path)]
    for at, letter in enumerate(path):
        if letter == "/" and not any(first < at < end for first, end in places):
            yield path[began:at]
            began = at + 1
    yield path[began:]


def _part(part: str, values: Mapping[str, str], age_range: Sequence[str]) -> str:
    written = _filled(part, values, age_range, lambda value: quote(value, safe=_IN_PATH))
    if re.sub("%2e", ".", written, flags=re.IGNORECASE) in _DOTS:
        return ""  # it would climb up the path
    return quote(written, safe=f"{_IN_PATH}%|[]^")


def _in_query(text: str) -> str:
    return quote_plus(text, safe=_IN_QUERY).replace("~", "%7E")


def _filled(
    text: str,
    values: Mapping[str, str],
    age_range: Sequence[str],
    quoted: Callable[[str], str],
) -> str:
    def put(found: re.Match[str]) -> str:
        name, *steps = _parts_of_place(found)
        return quoted(_transformed(name, values.get(name, ""), steps, age_range))

    return _PLACE.sub(put, text)


def _parts_of_place(found: re.Match[str]) -> list[str]:
    return _BAR.split(found[1] or found[2])


def _transformed(name: str, value: str, steps: Sequence[str], age_range: Sequence[str]) -> str:
    value = _FIRST.get(name, _as_it_is)(value)
    own = ",".join(age_range)
    return changed(value, [f"{step}:{own}" if step == "ageRange" else step for step in steps])


def _as_it_is(value: str) -> str:
    return value


def _capitalized(value: str, _argument: str = "") -> str:
    """Return it with each word's first letter upper; the others stay as they are."""
    return " ".join(word[:1].upper() + word[1:] for word in value.split(" "))


def _state_in_full(value: str, _argument: str = "") -> str:
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


_FIRST: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "firstName": _capitalized,
        "lastName": _capitalized,
        "city": _capitalized,
        "state": str.lower,
    }
)
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

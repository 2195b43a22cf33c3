"""A row of a page of results, put together from the texts that its elements hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from optout.model.dialect import Profile
from optout.model.reading import Reading
from optout.model.row import City, Row
from optout.rules.row_words import (
    Patterns,
    age_of,
    cities_of,
    city_in_two,
    city_of_address,
    listed,
    name_of,
    own_words,
    phones_of,
    relatives_of,
)

KNOWN: Final = frozenset(
    {
        "name",
        "age",
        "alternativeNamesList",
        "relativesList",
        "addressCityState",
        "addressCityStateList",
        "addressFull",
        "addressFullList",
        "phone",
        "phoneList",
        "profileUrl",
    }
)
"""What is read from a row; whatever else a definition reads is shown nowhere."""
KEYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "name",
        "age": "age",
        "alternative_names": "alternativeNamesList",
        "relatives": "relativesList",
        "place": "addressCityState",
        "places": "addressCityStateList",
        "address": "addressFull",
        "addresses": "addressFullList",
        "phone": "phone",
        "phones": "phoneList",
        "profile_url": "profileUrl",
    }
)
"""What a definition of ours calls it."""
Parts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """The texts of a row's elements, by what they are read for; places in two parts apart."""

    texts: Mapping[str, Sequence[str]]
    parts: Mapping[str, Sequence[Parts]]


def read_row(raw: RawRow, profile: Profile, patterns: Patterns) -> Row:
    """Return what a row shows: each entry once, in an order that does not hang on the page."""
    reader = _Reader(raw, profile, patterns)
    return Row(
        name=name_of(reader.texts("name")),
        alternative_names=_once_sorted(reader.entries("alternativeNamesList")),
        age=age_of(reader.texts("age")),
        addresses=_places(reader.places()),
        phones=_once_sorted(
            each for key in ("phone", "phoneList") for each in phones_of(reader.entries(key))
        ),
        relatives=_once_sorted(relatives_of(reader.entries("relativesList"))),
        profile_url=next(iter(raw.texts.get("profileUrl", ())), None) or None,
    )


def profile_of(read: Mapping[str, Reading]) -> Profile:
    """Return how a definition of ours reads a row, by the names that `read_row` knows."""
    return {KEYS[name]: how for name, how in read.items() if name in KEYS}


@dataclass(frozen=True, slots=True)
class _Reader:
    raw: RawRow
    profile: Profile
    patterns: Patterns

    def texts(self, key: str) -> list[str]:
        how = self.profile.get(key)
        return self._own(self.raw.texts.get(key, ()), how) if how else []

    def entries(self, key: str) -> list[str]:
        how = self.profile.get(key)
        return listed(self.texts(key), how, self.patterns) if how else []

    def places(self) -> Iterator[City]:
        for key in ("addressCityState", "addressCityStateList"):
            yield from cities_of(self.entries(key))
            yield from self._in_two(key)
        for key in ("addressFull", "addressFullList"):
            for entry in self._addresses(key):
                if place := city_of_address(entry):
                    yield place

    def _addresses(self, key: str) -> list[str]:
        """Return whole addresses: one of several lines is still one."""
        how = self.profile.get(key)
        if how is None:
            return []
        texts = [" ".join(text.split()) for text in self.texts(key)]
        return listed(texts, how, self.patterns)

    def _in_two(self, key: str) -> Iterator[City]:
        how = self.profile.get(key)
        if how is None or how.city is None:
            return
        for parts in self.raw.parts.get(key, ()):
            cities = self._own(parts.get("city", ()), how.city)
            states = self._own(parts.get("state", ()), how.state) if how.state else []
            if place := city_in_two(cities, states):
                yield place

    def _own(self, texts: Iterable[str], how: Reading) -> list[str]:
        words = (own_words(text, how, self.patterns) for text in texts)
        return [each for each in words if each]


def _once_sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def _places(places: Iterable[City]) -> tuple[City, ...]:
    """Return each place once, by state and city."""
    return tuple(sorted(set(places), key=lambda each: (each.state or "", each.city)))

"""How like each other two words of a name are. Whole words only: Goldsmith is not Smith."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from typing import Final

from optout.rules.name_sounds import bones, sounds_like
from optout.rules.name_tables import (
    SHORTENED_BY,
    long_names,
    names_of_their_own,
    short_names,
    spellings,
)
from optout.rules.name_words import Word

KEPT: Final = 65_536
LONG_ENOUGH: Final = 4  # letters: of a shorter word one letter is too much
SHORTEST_REST: Final = 3  # letters of a name whose other half was left away
LETTERS_LEFT_AWAY: Final = 2
WRITTEN_FOR: Final = frozenset({"jy", "bv", "cs", "sz", "gj", "jx", "ck", "gh"})
"""First letters that stand for each other: Yesenia and Jesenia."""


class Like(IntEnum):
    """From nothing alike to the same word; the figure is what it weighs in an alignment."""

    NOT = 0
    INITIAL = 4
    PART = 5  # perhaps a short form that no table knows: Sukh and Sukhwinder
    SLIP = 6  # one letter is off
    SOUND = 7  # one name, carried over in two ways
    SHORT = 8  # Bob and Robert
    ENDING = 9  # Petrov and Petrova
    SAME = 10


def likeness(one: Word, other: Word, *, family: bool, foreign: bool) -> Like:
    """Return how like two words are, with or without their particles."""
    if one.text == other.text or one.joined == other.joined:
        return Like.SAME
    if one.joined == other.text or one.text == other.joined:
        return Like.SAME
    found = _likeness(one.text, other.text, family, foreign)
    if found or (one.joined is one.text and other.joined is other.text):
        return found
    return _likeness(one.joined, other.joined, family, foreign)


@lru_cache(maxsize=KEPT)
def _likeness(one: str, other: str, family: bool, foreign: bool) -> Like:  # noqa: FBT001 - kept by place
    if foreign:
        return Like.SOUND if bones(one) and bones(one) == bones(other) else Like.NOT
    if len(one) == 1 or len(other) == 1:
        return Like.INITIAL if one[0] == other[0] else Like.NOT
    special = _family_likeness(one, other) if family else _given_likeness(one, other)
    if special is not None:
        return special
    if sounds_like(one, other):
        return Like.SOUND
    fewest = LONG_ENOUGH - family  # a family name may have lost its last letter to a form
    return Like.SLIP if is_slip(one, other, fewest=fewest) else Like.NOT


def _family_likeness(one: str, other: str) -> Like | None:
    return None if _as_men_bear_it(one).isdisjoint(_as_men_bear_it(other)) else Like.ENDING


def _as_men_bear_it(family: str) -> set[str]:
    """Return a Slavic family name without its ending for a woman: Petrov, Novak, Kowalski."""
    for hers, his in (("skaya", "sky"), ("ska", "ski"), ("cka", "cki")):
        if family.endswith(hers):
            return {family, family.removesuffix(hers) + his}
    if family.endswith(("ova", "eva")):
        return {family, family[:-1], family[:-3]}
    return {family, family[:-1]} if family.endswith("ina") else {family}


def _given_likeness(one: str, other: str) -> Like | None:
    if shorts := [
        short for short, long in ((one, other), (other, one)) if is_short_form(short, long)
    ]:
        # The table has Angel for Angela and Emily for Emil: a brother and a sister, too.
        siblings = _differ_as_his_and_hers(one, other) or names_of_their_own().issuperset(shorts)
        return Like.PART if siblings else Like.SHORT
    if (one, other) in spellings():
        return Like.SOUND
    if _share_a_long_form(one, other):
        return Like.PART
    if _differ_as_his_and_hers(one, other):
        return Like.PART if _lost_its_last_vowel(one, other) else Like.NOT
    if is_known_given(one) and is_known_given(other) and not sounds_like(one, other):
        return Like.NOT
    return Like.PART if _is_part(one, other) or _is_part(other, one) else None


def is_short_form(short: str, long: str) -> bool:
    """Say whether people called `long` are called `short`."""
    if short in short_names().get(long, ()):
        return True
    return len(short) >= SHORTEST_REST and any(
        long.startswith(first) and long[len(first) :] == short for first in SHORTENED_BY
    )


def _share_a_long_form(one: str, other: str) -> bool:
    longs = long_names()
    return not longs.get(one, frozenset()).isdisjoint(longs.get(other, ()))


def _is_part(short: str, long: str) -> bool:
    """Say whether a name begins or ends another; the two may be called alike, or be two names."""
    if len(long) < len(short) + LETTERS_LEFT_AWAY:
        return False
    begins = len(short) >= SHORTEST_REST and any(
        long.startswith(first + short) for first in ("", *SHORTENED_BY)
    )
    return begins or (len(short) >= LONG_ENOUGH and long.endswith(short))


def is_known_given(given: str) -> bool:
    """Say whether a table of given names holds this one."""
    return given in short_names() or given in long_names()


def _differ_as_his_and_hers(one: str, other: str) -> bool:
    """Mario and Maria, Robert and Roberta: no slip, but a brother and a sister."""
    if one[:-1] == other[:-1]:
        return {one[-1], other[-1]} == {"a", "o"}
    return one + "a" == other or other + "a" == one


def _lost_its_last_vowel(one: str, other: str) -> bool:
    """Venkat and Venkata, where no table says that the two are a man's and a woman's name."""
    return len(one) != len(other) and not (is_known_given(one) or is_known_given(other))


def is_slip(one: str, other: str, *, fewest: int = LONG_ENOUGH) -> bool:
    """Say whether one letter is swapped, lost, doubled or wrong; the first one seldom is."""
    short, long = sorted((one, other), key=len)
    if len(short) < fewest or len(long) < LONG_ENOUGH or len(long) - len(short) > 1:
        return False
    if short[0] != long[0]:
        return short[1:] == long[1:] and "".join(sorted(short[0] + long[0])) in WRITTEN_FOR
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1]
    return short[at + 1 :] == long[at + 1 :] or (
        swapped == long[at : at + 2] and short[at + 2 :] == long[at + 2 :]
    )

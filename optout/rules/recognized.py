"""Which listing each row of a page is, and which rows are new.

Mostly its key finds it. But father and son in one town share a key where a site numbers nobody, a
number can be given to somebody else, and a row that got a town more has another key. So what a row
says counts too: a listing never turns into somebody else's, and none that is there seems gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from optout.model.listing import Listing
from optout.model.row import Row
from optout.model.search import Found
from optout.model.secret import Secret
from optout.rules.listing_row import row_of
from optout.rules.row_identity import age_between, contradicts, folded_name, may_share_a_place

MayBe = Callable[[Found, Listing], bool]
"""Whether a row, by what it says of the person, may be this listing under another key."""


_MOST_COMPARED: Final = 50  # rows that share one key: where there are more, it names nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """The rows of one search, each once."""

    again: Mapping[str, Found]  # by the key of the listing that it is
    new: tuple[Found, ...]  # each with a key that no listing has
    unclear: frozenset[str]  # keys of listings that more than one row may be


def recognize(
    rows: Iterable[Found], known: Collection[Listing], searched_as: Secret[str], may_be: MayBe
) -> Recognized:
    """Return which row is which listing.

    Only what this very search showed before can have changed its key: others are not expected.
    """
    shown = {each.key: row_of(each) for each in known}
    again, left = _by_key(rows, shown)
    lost = [each for each in known if each.key not in again and each.searched_as == searched_as]
    named: dict[str, list[Found]] = {}
    for found in left if lost else ():
        named.setdefault(folded_name(found.row), []).append(found)
    fitting = {
        each.key: [
            found
            for found in named.get(folded_name(shown[each.key]), ())
            if may_share_a_place(shown[each.key], found.row) and may_be(found, each)
        ]
        for each in lost
    }
    claims = [id(found) for several in fitting.values() for found in several]
    changed = {
        key: several[0]
        for key, several in fitting.items()
        if len(several) == 1 and claims.count(id(several[0])) == 1
    }
    taken = set(map(id, changed.values()))
    return Recognized(
        again={**again, **changed},
        new=_keyed([found for found in left if id(found) not in taken], shown),
        unclear=frozenset(key for key, several in fitting.items() if several) - changed.keys(),
    )


def _by_key(
    rows: Iterable[Found], shown: Mapping[str, Row]
) -> tuple[dict[str, Found], list[Found]]:
    """Return the rows whose key is a listing's and who contradict it in nothing, and the rest."""
    sharing: dict[str, list[str]] = {}
    for key in shown:
        sharing.setdefault(key.partition("-")[0], []).append(key)
    again: dict[str, Found] = {}
    left: list[Found] = []
    for several in _told_apart(rows):
        told = _nearest(several, {key: shown[key] for key in sharing.get(several[0].key, ())})
        taken = set(map(id, told.values()))
        again |= told
        left += [found for found in several if id(found) not in taken]
    return again, left


def _nearest(several: Iterable[Found], listings: Mapping[str, Row]) -> dict[str, Found]:
    """Pair rows with the listings of their key, the nearest in age first."""
    pairs = [
        (age_between(row, found.row), key, found)
        for key, row in listings.items()
        for found in several
        if not contradicts(row, found.row)
    ]
    told: dict[str, Found] = {}
    taken: set[int] = set()
    for _years, key, found in sorted(pairs, key=lambda pair: pair[0]):
        if key not in told and id(found) not in taken:
            told[key] = found
            taken.add(id(found))
    return told


def _told_apart(rows: Iterable[Found]) -> Iterable[list[Found]]:
    """Yield the rows that share a key, each person once: the same age is the same row again."""
    sharing: dict[str, list[Found]] = {}
    for found in rows:
        several = sharing.setdefault(found.key, [])
        if not any(_is_again(found.row, each.row) for each in several[:_MOST_COMPARED]):
            several.append(found)
    return sharing.values()


def _is_again(row: Row, before: Row) -> bool:
    return not contradicts(row, before) and age_between(row, before) == 0


def _keyed(new: Iterable[Found], taken: Collection[str]) -> tuple[Found, ...]:
    """Return the rows with a key of their own, where another has the same."""
    used, keyed, numbers = set(taken), [], Counter[str]()
    for found in new:
        key = found.key
        while key in used:
            numbers[found.key] += 1
            key = f"{found.key}-{numbers[found.key] + 1}"
        used.add(key)
        keyed.append(replace(found, key=key))
    return tuple(keyed)

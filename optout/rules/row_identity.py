"""Which listing a row is: the same one when its age, its relatives or its place in the list change.

A listing's own number in its address says it best. Addresses carry much beside that (the search
that led there, trackers, the name, the town), so only what looks like such a number counts. Where
there is none, it is the name with the places.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from optout.model.row import City, Row
from optout.rules.accents import without_accents

_FORM: Final = "row-1"  # a later rule must not make old keys mean something else
_NAMED: Final = re.compile(
    r"^(id|view|person|profile|record|listing|detail|p|pid)s?$"
)  # what follows it in a path is a listing's number
_ASKED_FOR: Final = re.compile(r"(id|key|record|person|profile|listing)$")
_OF_THE_VISIT: Final = re.compile(
    r"([a-z]{0,3}cl|[gw]bra|mc_[ce]|fat|li_fat|trac?k(ing)?|click|s|session|visit(or)?|search"
    r"|request|query|event|campaign|source|aff(iliate)?|ad|ref(errer)?|utm|state|city|zip|page"
    r"|client|user|uu|gu)_?-?(id|key)"
)  # it changes with each visit, or is the same in all rows
_LETTERS: Final = re.compile(r"[a-z]")
_ZIP: Final = re.compile(r"\d{5}(-?\d{4})?")
_LONG: Final = 6
_FEWEST_DIGITS: Final = 3  # beside letters: v2, page12 and search2 stand in the path of every row
_YEAR_APART: Final = 1
_GUESSED_AGES: Final = 2  # so far a site's guess moves from one look to the next
_CORRECTED_AGES: Final = 10  # of a record that has a number; a father is further away


def row_key(row: Row) -> str:
    """Return the identity of a listing, as a digest: the same row gives the same one again."""
    own = own_number(row.profile_url or "")
    said = f"number\n{own}" if own else "\n".join(["shown", folded_name(row), *_places(row)])
    return hashlib.sha256(f"{_FORM}\n{said}".encode()).hexdigest()[:32]


def is_same_listing(listing: Row, row: Row) -> bool:
    """Say whether a row on another page, or of another day, is this listing.

    A number that was given to somebody else is no proof. Other pages of a site often show less:
    where one of the two has no number of its own, the name must be the same, an age at most a
    year off, and one place shared if both show any. A name alone is nobody's: an age or a place
    has to say so too.
    """
    numbers = own_number(listing.profile_url or ""), own_number(row.profile_url or "")
    if all(numbers):
        return numbers[0] == numbers[1] and not contradicts(listing, row)
    if not folded_name(listing) or folded_name(listing) != folded_name(row):
        return False
    ages = listing.age is not None and row.age is not None
    if age_between(listing, row) > _YEAR_APART:
        return False
    if not may_share_a_place(listing, row):
        return False
    return ages or bool(listing.addresses and row.addresses)


def share_a_number(one: Row, other: Row) -> bool:
    """Say whether the addresses of two rows have one number, so that no other row is meant."""
    number = own_number(one.profile_url or "")
    return bool(number) and number == own_number(other.profile_url or "")


def contradicts(one: Row, other: Row) -> bool:
    """Say whether two rows of one key are two people: no word of the name, or an age far away."""
    words, others = set(folded_name(one).split()), set(folded_name(other).split())
    if words and others and not words & others:
        return True
    numbered = own_number(one.profile_url or "") and own_number(other.profile_url or "")
    return age_between(one, other) > (_CORRECTED_AGES if numbered else _GUESSED_AGES)


def age_between(one: Row, other: Row) -> int:
    """Return how many years are between two rows; 0 where one of them shows no age."""
    return abs(one.age - other.age) if one.age is not None and other.age is not None else 0


def may_share_a_place(one: Row, other: Row) -> bool:
    """Say whether two rows show a place in common, or one of them shows none."""
    return not (one.addresses and other.addresses) or _share_a_place(one, other)


def own_number(url: str) -> str:
    """Return a listing's own number with its site; "" where its address has none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if not host:
        return ""
    number = next(_in_path(parts.path), "") or next(_in_query(parts.query), "")
    return f"{host}\n{number}" if number else ""


def _in_path(path: str) -> Iterator[str]:
    """Yield what may be a number, the last part of a path first."""
    parts = [unquote(part) for part in path.split("/") if part]
    for at in range(len(parts) - 1, -1, -1):
        before = parts[at - 1].casefold() if at else ""
        if _looks_like_one(parts[at]) or (_NAMED.match(before) and _has_digit(parts[at])):
            yield parts[at]
        for token in reversed(re.split(r"[-_+. ]", parts[at])[1:]):
            if len(token) >= _LONG and _looks_like_one(token):
                yield token


def _in_query(query: str) -> Iterator[str]:
    for name, value in sorted(parse_qsl(query)):
        asked = name.casefold()
        if _OF_THE_VISIT.fullmatch(asked) or not _ASKED_FOR.search(asked):
            continue
        if _has_digit(value) and not re.search(r"\s", value):  # with a name, it is the search
            yield value


def _looks_like_one(part: str) -> bool:
    """Say whether this is a number, and no name, age, year or ZIP code."""
    if not _has_digit(part) or re.search(r"[^\w-]", part) or _ZIP.fullmatch(part):
        return False
    words = re.split(r"[-_]", part)
    digits = sum(letter.isdigit() for letter in part)
    if len(words) > 1:  # jordan-sample-46 is a name and an age; 0f3c-77ab-91d2 is a number
        return all(map(_has_digit, words)) and digits >= _LONG - 2
    mixed = _LETTERS.search(part.casefold()) is not None
    return digits >= (_FEWEST_DIGITS if mixed else _LONG)


def _has_digit(text: str) -> bool:
    return any(letter.isascii() and letter.isdigit() for letter in text)


def folded_name(row: Row) -> str:
    """Return a row's name without capitals, accents and marks."""
    return folded(row.name or "")


def _places(row: Row) -> list[str]:
    return sorted({_place(each) for each in row.addresses})


def _place(place: City) -> str:
    return f"{folded(place.city)}, {folded(place.state or '')}"


def _share_a_place(one: Row, other: Row) -> bool:
    """Say whether the two show a place in common; a state that is not told fits any."""
    return any(
        folded(mine.city) == folded(theirs.city)
        and (not mine.state or not theirs.state or mine.state == theirs.state)
        for mine in one.addresses
        for theirs in other.addresses
    )


def folded(text: str) -> str:
    """Return words without capitals, accents and marks, so that a spelling makes no new listing."""
    return " ".join(re.findall(r"\w+", without_accents(text.casefold())))

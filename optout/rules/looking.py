"""What one look at a company makes of its listings: which are kept, seen, missing, or asked about.

Rows of somebody else are not kept: they are other people's lives. A person's own yes or no stays,
whatever the page shows later; what the program decided is decided anew by each look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.listing import PROGRAM, Listing, Verdict
from optout.model.match import Match, Side
from optout.model.row import Row
from optout.model.search import Found, Looked, SearchFor
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.listing_life import missed, seen
from optout.rules.listing_row import kept_of, shown_of
from optout.rules.matching import Sought, judge_read
from optout.rules.name_tables import PARTICLES
from optout.rules.name_words import read_name
from optout.rules.recognized import recognize
from optout.rules.row_identity import folded_name

MOST_UNSURE: Final = 20
"""New records to look at from one search: of a common name there are thousands."""

_NAMES: Final = (Field.FULL_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The rows of one search: the listings as they are now, and the keys of what was left out."""

    listings: tuple[Listing, ...]
    others: frozenset[str] = frozenset()  # of somebody else, and not kept
    nameless: frozenset[str] = frozenset()  # without a name nobody can tell whose it is
    too_many: frozenset[str] = frozenset()  # may be the person, beyond what is kept
    unclear: frozenset[str] = frozenset()  # listings of which nobody can say that they are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One search of one company for one person, on one day."""

    subject_id: SubjectId
    broker: Slug
    searched_as: Secret[str]
    on: date


def sort_rows(
    look: Look,
    rows: Iterable[Found],
    sought: Sought,
    known: Collection[Listing],
    new_id: Callable[[], str],
) -> Sorted:
    """Return what the rows are, each once; `known` are the person's listings at the company."""
    every = tuple(rows)
    named = [found for found in every if (found.row.name or "").strip()]
    matches = {found.row: judge_read(sought, shown_of(found.row), look.on) for found in named}
    nameless = frozenset(found.key for found in every if found.row not in matches)
    told = recognize(named, known, look.searched_as, partial(_may_be, matches))
    again = [
        _again(look, each, told.again[each.key].row, matches[told.again[each.key].row])
        for each in known
        if each.key in told.again
    ]
    new = [(found, matches[found.row]) for found in told.new]
    same = [each for each in new if each[1].verdict is Verdict.SAME]
    unsure = sorted((each for each in new if each[1].verdict is Verdict.UNSURE), key=_agreeing)
    kept = (*same, *unsure[:MOST_UNSURE])
    return Sorted(
        listings=(*again, *(_new(look, found, match, new_id()) for found, match in kept)),
        others=frozenset(f.key for f, match in new if match.verdict is Verdict.OTHER),
        nameless=nameless,
        too_many=frozenset(found.key for found, _match in unsure[MOST_UNSURE:]),
        unclear=(told.unclear | nameless) - told.again.keys(),
    )


def _may_be(matches: Mapping[Row, Match], found: Found, listing: Listing) -> bool:
    """Say whether a row may be this listing: one of a stranger's is never taken for the person."""
    verdict = matches[found.row].verdict
    wrong = Verdict.SAME if listing.verdict is Verdict.OTHER else Verdict.OTHER
    return verdict is not wrong


def not_shown(
    known: Iterable[Listing], shown: Iterable[str], looked_whole: Iterable[str], on: date
) -> tuple[Listing, ...]:
    """Return the listings that a page proven to work does not show, each as it is now.

    `shown` are the keys that any search of this look found or left unclear; `looked_whole` the
    searches of which every page was read. A listing counts as missing only from the search that
    showed it before.
    """
    found, whole = frozenset(shown), frozenset(looked_whole)
    return tuple(
        missed(each, on)
        for each in known
        if each.key not in found and each.searched_as.reveal() in whole
    )


def proves_absence(looked: Looked, asked: SearchFor) -> bool:
    """Say whether who is not on this page is not listed there.

    All of it was read, each row that says anything has its name, and the page answers this very
    search: by its own word that there is nobody, or with others who share a name that was asked.
    """
    rows = [each.row for each in looked.rows]
    readable = all(folded_name(row) or (row.age is None and not row.addresses) for row in rows)
    words = {word for field in _NAMES for word in _names_in(asked.said(field))}
    answers = any(words & _names_in(row.name or "") for row in rows)
    return looked.understood_whole and readable and (looked.said_none or answers)


def _names_in(written: str) -> set[str]:
    """Return the names in it: a `de la`, a `Jr.` or an initial any stranger has too."""
    words = read_name(written).texts()
    return {word for word in words if len(word) > 1 and word not in PARTICLES}


def reasons_of(match: Match) -> tuple[tuple[str, Secret[str]], ...]:
    """Return why, as it is kept: in English, as on the day of the look."""
    return tuple((reason.side.value, Secret(reason.says.english())) for reason in match.reasons)


def _agreeing(each: tuple[Found, Match]) -> int:
    """Sort what agrees in most to the front."""
    sides = [reason.side for reason in each[1].reasons]
    return -sides.count(Side.AGREES)


def _new(look: Look, found: Found, match: Match, listing_id: str) -> Listing:
    listing = Listing(
        id=listing_id,
        subject_id=look.subject_id,
        broker=look.broker,
        url=Secret(found.row.profile_url or ""),
        key=found.key,
    )
    return _shown(look, listing, found.row, match, match.verdict)


def _again(look: Look, listing: Listing, row: Row, match: Match) -> Listing:
    return _shown(look, listing, row, match, _verdict(listing, match))


def _shown(look: Look, listing: Listing, row: Row, match: Match, verdict: Verdict) -> Listing:
    return replace(
        seen(listing, look.on),
        url=Secret(row.profile_url or listing.url.reveal()),
        shown=kept_of(row),
        searched_as=look.searched_as,
        verdict=verdict,
        decided_by=listing.decided_by or PROGRAM,
        why=reasons_of(match),
    )


def _verdict(listing: Listing, match: Match) -> Verdict:
    """Return the verdict now: a person's own stays; what was called theirs is never just dropped.

    Sites change ages and towns. Where our `same` no longer holds, a person looks.
    """
    if listing.decided_by not in {"", PROGRAM}:
        return listing.verdict
    if listing.verdict is Verdict.SAME and match.verdict is Verdict.OTHER:
        return Verdict.UNSURE
    return match.verdict

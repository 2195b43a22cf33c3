"""The life of a listing: seen, missing once, gone, back again, and when to look the next time.

A record that is not shown once proves little: pages fail, and show others first. It counts as gone
only after two looks without it, at least three days apart, each with its control: the page's own
word that there is nobody, or other people's rows. Whoever calls `missed` vouches for that control.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from optout.errors import Refused
from optout.model.flow import Looks
from optout.model.listing import Listing, ListingState, Verdict
from optout.rules.row_identity import own_number
from optout.text import Text

APART: Final = timedelta(days=3)
"""Between the two looks without it."""

NEXT: Final[Mapping[ListingState, frozenset[ListingState]]] = MappingProxyType(
    {
        ListingState.NOT_SEEN: frozenset({ListingState.SEEN}),
        ListingState.SEEN: frozenset({ListingState.ABSENT_ONCE}),
        # Shown again after one look without it: it was never gone.
        ListingState.ABSENT_ONCE: frozenset({ListingState.SEEN, ListingState.ABSENT}),
        ListingState.ABSENT: frozenset({ListingState.REAPPEARED}),
        ListingState.REAPPEARED: frozenset({ListingState.ABSENT_ONCE}),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """After how many days to look again. Every look tells the company the name once more."""

    after_request: int = 3
    while_there: int = 7
    after_removal: int = 30
    after_error: int = 2


USUAL: Final = Rhythm()
RAREST: Final = 365  # days: what comes back must not stay unseen for longer


def rhythm_of(looks: Looks | None) -> Rhythm:
    """Return when to look again as a definition says it: never more often than usual."""
    said = {each.name: getattr(looks, each.name, None) or 0 for each in fields(Rhythm)}
    return Rhythm(**{name: in_range(name, days) for name, days in said.items()})


def in_range(name: str, days: int) -> int:
    """Return the nearest number of days that this look may have."""
    usual: int = getattr(USUAL, name)
    return min(max(days, usual), RAREST)


class ImpossibleListing(Refused):
    """A listing cannot become this after what was seen of it."""


def may_follow(old: ListingState, new: ListingState) -> bool:
    """Say whether a listing may go from `old` to `new`, or stay."""
    return new is old or new in NEXT[old]


def check_follows(old: Listing, new: Listing) -> None:
    """Raise where a listing would skip a look: gone after one absence, or two that are too near."""
    too_near = new.state is ListingState.ABSENT and not _are_apart(new.absent_on, new.gone_on)
    if not may_follow(old.state, new.state) or too_near:
        raise ImpossibleListing(
            Text("That cannot follow from what was seen of this record."),
            known=Text("Nothing was changed."),
            hint=Text("Look again with: optout scan"),
        )


def seen(listing: Listing, on: date) -> Listing:
    """Return the listing after a look that shows it; an older look than the last changes nothing.

    A record that was gone is back; the day on which it was gone stays, for the report.
    """
    if _is_old_news(listing, on):
        return listing
    is_back = listing.state in {ListingState.ABSENT, ListingState.REAPPEARED}
    return replace(
        listing,
        state=ListingState.REAPPEARED if is_back else ListingState.SEEN,
        back_on=on if listing.state is ListingState.ABSENT else listing.back_on,
        first_on=listing.first_on or on,
        seen_on=on,
        looked_on=on,
        absent_on=None,
    )


def missed(listing: Listing, on: date) -> Listing:
    """Return the listing after a look without it, of a page that was proven to work."""
    if _is_old_news(listing, on) or listing.state is ListingState.NOT_SEEN:
        return listing
    looked = replace(listing, looked_on=on)
    if listing.state is ListingState.ABSENT:
        return looked
    if listing.state is not ListingState.ABSENT_ONCE:
        return replace(looked, state=ListingState.ABSENT_ONCE, absent_on=on, gone_on=None)
    if not _are_apart(listing.absent_on, on):
        return looked
    return replace(looked, state=ListingState.ABSENT, gone_on=on)


def may_be_anothers(listing: Listing) -> bool:
    """Say whether what is shown again may be a namesake's of the same age and town.

    Where a site gives records no numbers, the last of two such rows cannot be told apart.
    """
    return listing.seen_on != listing.first_on and not own_number(listing.url.reveal())


def look_again_on(
    listing: Listing, asked_on: date | None, rhythm: Rhythm = USUAL, *, answers_in_days: int = 0
) -> date | None:
    """Return when the next look is worth its price; None where there is nothing to verify.

    `asked_on` is when the newest request about this listing was sent, or confirmed where the
    company waits for that; `answers_in_days` what the company itself says that it takes.
    """
    if listing.verdict is not Verdict.SAME:
        return None
    if listing.state is ListingState.ABSENT_ONCE:
        assert listing.absent_on
        return listing.absent_on + APART
    if listing.state is ListingState.ABSENT:
        return (listing.looked_on or listing.gone_on or date.max) + timedelta(rhythm.after_removal)
    if asked_on is None or (listing.back_on and asked_on < listing.back_on):
        return None
    first = asked_on + timedelta(days=max(rhythm.after_request, answers_in_days))
    if listing.looked_on and listing.looked_on >= first:
        return listing.looked_on + timedelta(days=rhythm.while_there)
    return first


def days_to_removal(listing: Listing, asked_on: date | None) -> int | None:
    """Return the days from the request to the first look without it, once it counts as gone."""
    if listing.absent_on is None or listing.state is not ListingState.ABSENT or asked_on is None:
        return None
    return max((listing.absent_on - asked_on).days, 0)


def _is_old_news(listing: Listing, on: date) -> bool:
    return listing.looked_on is not None and on < listing.looked_on


def _are_apart(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and second - first >= APART

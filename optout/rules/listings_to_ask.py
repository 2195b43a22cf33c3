"""Which listings a plan asks about: one request each, and none about a stranger's or one asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from optout.model.broker import Broker, Slug
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.plan import LeaveAlone, Plan, PlanLine
from optout.model.request import Request, Status
from optout.model.words import UNSURE, By, Right
from optout.rules.at_company import CLEARING
from optout.rules.lifecycle import STILL_OPEN
from optout.rules.listing_life import may_be_anothers
from optout.rules.listing_row import AGE, NAME, PLACES, lines_of
from optout.text import Text

_SHOWN: Final = frozenset({ListingState.SEEN, ListingState.REAPPEARED})  # by the last look


def to_ask(
    listings: Iterable[Listing], requests: Collection[Request]
) -> Mapping[Slug, tuple[Listing, ...]]:
    """Return the person's own listings that are shown and that nothing was asked about.

    One that came back is asked about again. An open request that names no listing was made before
    anybody looked: it stands for the first.
    """
    unnamed = [
        each.broker
        for each in requests
        if each.status in STILL_OPEN and not each.listing_id and each.right in CLEARING
    ]
    found: dict[Slug, tuple[Listing, ...]] = {}
    for each in listings:
        if each.verdict is not Verdict.SAME or each.state not in _SHOWN:
            continue
        if any(_stands(request, each) for request in requests):
            continue
        if each.broker in unnamed:
            unnamed.remove(each.broker)
        else:
            found[each.broker] = (*found.get(each.broker, ()), each)
    return found


def _stands(request: Request, listing: Listing) -> bool:
    """Say whether this request is about this listing, and not from before it came back."""
    if request.listing_id != listing.id or request.status is Status.REVOKED:
        return False
    is_old = listing.back_on is not None and request.created_at.date() < listing.back_on
    return request.status in STILL_OPEN or not is_old


def as_planned(broker: Broker) -> str:
    """Return what follows `optout plan --only`: an unsure way is planned if its right is named."""
    ways = [each for each in broker.channel if each.right in CLEARING and By.NONE not in each.by]
    unsure = bool(ways) and all(each.confidence in UNSURE for each in ways)
    return f"{broker.slug} --right {ways[0].right.value}" if unsure else str(broker.slug)


def one_each(made: Plan, waiting: Mapping[Slug, Sequence[Listing]]) -> Plan:
    """Return the plan with one line for each listing, where a form removes one at a time."""
    lines = tuple(each for line in made.lines for each in _lines(line, waiting))
    leave = tuple(_said_again(each, waiting) for each in made.leave_alone)
    return replace(
        made,
        lines=lines,
        leave_alone=leave,
        minutes=sum(line.minutes for line in lines),
    )


def is_asked_again(slug: Slug, right: Right, waiting: Collection[Slug]) -> bool:
    """Say whether an earlier request stands in the way of none: another listing waits."""
    return slug in waiting and right in CLEARING


def said_of(listing: Listing) -> Text:
    """Return what a listing shows, short enough for one line of a plan."""
    told = ("; ".join(lines_of(listing, kind)) for kind in (NAME, AGE, PLACES))
    said = ", ".join(filter(None, told))
    if listing.state is not ListingState.REAPPEARED:
        return Text("{record}", record=said)
    if may_be_anothers(listing):
        return Text(
            "{record} (it was gone; this is perhaps it again, perhaps somebody else's)",
            record=said,
        )
    return Text("{record} (it was gone, and is back)", record=said)


def _lines(line: PlanLine, waiting: Mapping[Slug, Sequence[Listing]]) -> Iterator[PlanLine]:
    listings = waiting.get(line.broker, ())
    if line.right not in CLEARING or line.by is not By.WEB or not listings:
        yield line
        return
    yield from (replace(line, listing=each) for each in listings)


def _said_again(left: LeaveAlone, waiting: Mapping[Slug, Sequence[Listing]]) -> LeaveAlone:
    """Say of a company that a parent's request may clear how many records should go with it."""
    count = len(waiting.get(left.broker, ()))
    if left.why != "parent" or not count:
        return left
    text = Text(
        "{why} Records of yours there that should go with it: {count}.", why=left.text, count=count
    )
    return replace(left, text=text)

"""When to look again whether a company still shows somebody, and what waits for a person's look."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from optout.errors import OptoutError
from optout.model.broker import Broker, Slug
from optout.model.listing import Listing, ListingState, Search, SearchEnd
from optout.model.request import Request
from optout.model.subject import Subject
from optout.rules.at_company import CLEARING
from optout.rules.listing_life import Rhythm, look_again_on, rhythm_of
from optout.rules.listings_to_ask import as_planned
from optout.workflows.desk import Desk

_READ: Final = frozenset({SearchEnd.FOUND, SearchEnd.NOTHING})
_UNREAD: Final = frozenset({SearchEnd.NOT_UNDERSTOOD, SearchEnd.NOT_REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLook:
    """One company at which one person's records are worth a look, and from when on."""

    subject: Subject
    broker: Slug
    on: date
    listings: tuple[Listing, ...]


def looks_of(desk: Desk, subject: Subject) -> tuple[DueLook, ...]:
    """Return the next look at each company for one person, the soonest first."""
    return tuple(_looks(desk, (subject,)))


def due_looks(desk: Desk, people: Collection[Subject]) -> Iterator[DueLook]:
    """Yield the looks that are due where each person lives."""
    return (look for look in _looks(desk, people) if look.on <= desk.today(look.subject))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What was asked for one person, and when each company was last searched for them."""

    asked: Sequence[tuple[Request, date]]  # with the day on which it was received
    parents: Mapping[Slug, Sequence[Slug]]  # who may clear whom
    read: Mapping[Slug, date]  # where a newest search was read
    unread: Mapping[Slug, date]  # where one was not understood, or not reached


def _looks(desk: Desk, people: Collection[Subject]) -> Iterator[DueLook]:
    """Yield the looks at each person's records; the folder is read for all of them together."""
    own = desk.vault.listings.own(each.id for each in people)
    requests = desk.vault.requests.of_people(own)
    every = (each.id for several in requests.values() for each in several)
    received = desk.vault.deadlines.received_for(every)
    searches = desk.vault.searches.newest(own)
    parents = _parents(desk) if requests else {}
    for subject in people:
        asked = requests.get(subject.id, ())
        newest = searches.get(subject.id, ())
        past = _Past(
            asked=[(each, received[each.id]) for each in asked if each.id in received],
            parents=parents,
            read=_days(desk, subject, newest, _READ),
            unread=_days(desk, subject, newest, _UNREAD),
        )
        yield from _looks_at(desk, subject, own.get(subject.id, ()), past)


def _looks_at(
    desk: Desk, subject: Subject, listings: Iterable[Listing], past: _Past
) -> tuple[DueLook, ...]:
    """Return one look for each company, the soonest first."""
    found: dict[Slug, list[tuple[date, Listing]]] = {}
    for each in listings:
        if on := _look_on(desk, each, past):
            found.setdefault(each.broker, []).append((on, each))
    looks = (
        DueLook(
            subject=subject,
            broker=slug,
            on=min(on for on, _each in several),
            listings=tuple(each for _on, each in several),
        )
        for slug, several in found.items()
    )
    return tuple(sorted(looks, key=lambda look: look.on))


def _look_on(desk: Desk, listing: Listing, past: _Past) -> date | None:
    rhythm = _rhythm(desk, listing.broker)
    asked = [each for each in past.asked if _is_about(each[0], listing, past.parents)]
    last = max((received for _request, received in asked), default=None)
    days = max((_answers_in(desk, request) for request, _received in asked), default=0)
    on = look_again_on(listing, last, rhythm, answers_in_days=days)
    return on and max(on, *_not_before(listing, past, rhythm))


def _not_before(listing: Listing, past: _Past, rhythm: Rhythm) -> Iterator[date]:
    """Yield until when another look would tell the site a name, and bring nothing."""
    yield date.min
    if unread := past.unread.get(listing.broker):
        yield unread + timedelta(days=rhythm.after_error)
    read = past.read.get(listing.broker)
    if read and read > (listing.looked_on or date.min):
        # It says nothing about this one: it was found by a name or a place that is asked no more,
        # or on a page that is not reached.
        is_gone = listing.state is ListingState.ABSENT
        yield read + timedelta(days=rhythm.after_removal if is_gone else rhythm.while_there)


def _days(
    desk: Desk, subject: Subject, searches: Iterable[Search], ends: Collection[SearchEnd]
) -> Mapping[Slug, date]:
    """Return the day of each company's last search that ended so."""
    ended = (each for each in searches if each.end in ends)
    return {each.broker: desk.day_of(each.began_at, subject) for each in ended}


def planned_as(desk: Desk, slug: Slug) -> str:
    """Return what follows `optout plan --only` for a company; its short name where it is gone."""
    try:
        return as_planned(desk.find_broker(slug))
    except OptoutError:
        return slug


def called(desk: Desk, slug: Slug) -> str:
    """Return what a company is called; one that is gone from the catalog has its short name."""
    try:
        return desk.find_broker(slug).called()
    except OptoutError:
        return slug


def _rhythm(desk: Desk, slug: Slug) -> Rhythm:
    """Return how often one company is looked at; one that left the catalog as often as any."""
    try:
        search = desk.find_broker(slug).search
    except OptoutError:
        search = None
    return rhythm_of(search.looks if search else None)


def _parents(desk: Desk) -> dict[Slug, tuple[Slug, ...]]:
    """Return who may clear whom."""
    found: dict[Slug, tuple[Slug, ...]] = {}
    for broker in desk.list_brokers():
        for child in map(Slug, broker.clears):
            found[child] = (*found.get(child, ()), broker.slug)
    return found


def _is_about(request: Request, listing: Listing, parents: Mapping[Slug, Sequence[Slug]]) -> bool:
    if request.right not in CLEARING:
        return False
    if request.broker == listing.broker:
        return request.listing_id in {"", listing.id}
    return request.broker in parents.get(listing.broker, ())


def _answers_in(desk: Desk, request: Request) -> int:
    """Return how long the company itself says that it takes; its own word, at most a month."""
    try:
        broker: Broker = desk.find_broker(request.broker)
    except OptoutError:
        return 0
    told = (each.answers_in_days or 0 for each in broker.channel if each.right is request.right)
    return min(max(told, default=0), 30)

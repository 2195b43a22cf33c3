"""When to look again whether a company still shows somebody, and what waits for a person's look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from optout.errors import OptoutError
from optout.model.broker import Broker, Slug
from optout.model.listing import Listing, SearchEnd, Verdict
from optout.model.request import Request
from optout.model.subject import Subject
from optout.rules.at_company import CLEARING
from optout.rules.listing_life import Rhythm, look_again_on, rhythm_of
from optout.rules.listings_to_ask import as_planned
from optout.workflows.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLook:
    """One company at which one person's records are worth a look, and from when on."""

    subject: Subject
    broker: Slug
    on: date
    listings: tuple[Listing, ...]


def looks_of(desk: Desk, subject: Subject) -> tuple[DueLook, ...]:
    """Return the next look at each company for one person, the soonest first."""
    listings = [
        each for each in desk.vault.listings.list(subject.id) if each.verdict is Verdict.SAME
    ]
    if not listings:
        return ()
    requests = desk.vault.requests.list(subject_id=subject.id)
    received = desk.vault.deadlines.received_for(each.id for each in requests)
    parents = _parents(desk) if requests else {}
    unread = _unread(desk, subject)
    found: dict[Slug, list[tuple[date, Listing]]] = {}
    for each in listings:
        rhythm = _rhythm(desk, each.broker)
        asked = [r for r in requests if r.id in received and _is_about(r, each, parents)]
        last = max((received[r.id] for r in asked), default=None)
        days = max((_days(desk, r) for r in asked), default=0)
        on = look_again_on(each, last, rhythm, answers_in_days=days)
        if on and each.broker in unread:
            on = max(on, unread[each.broker] + timedelta(days=rhythm.after_error))
        if on:
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


def due_looks(desk: Desk, people: Sequence[Subject], *, ahead: int = 0) -> Iterator[DueLook]:
    """Yield the looks that are due where each person lives, or are within so many days."""
    for subject in people:
        until = desk.today(subject) + timedelta(days=ahead)
        yield from (look for look in looks_of(desk, subject) if look.on <= until)


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


def _unread(desk: Desk, subject: Subject) -> dict[Slug, date]:
    """Return where a newest search was not understood or not reached, and when that was."""
    searches = desk.vault.searches.list(subject.id)
    newest = {(each.broker, each.searched_as.reveal()): each for each in searches}
    return {
        search.broker: desk.day_of(search.began_at, subject)
        for search in sorted(newest.values(), key=lambda each: each.began_at)
        if search.end in {SearchEnd.NOT_UNDERSTOOD, SearchEnd.NOT_REACHED}
    }


def _parents(desk: Desk) -> dict[Slug, tuple[Slug, ...]]:
    """Return who may clear whom."""
    found: dict[Slug, tuple[Slug, ...]] = {}
    for broker in desk.list_brokers():
        for child in map(Slug, broker.clears):
            found[child] = (*found.get(child, ()), broker.slug)
    return found


def _is_about(request: Request, listing: Listing, parents: dict[Slug, tuple[Slug, ...]]) -> bool:
    if request.right not in CLEARING:
        return False
    if request.broker == listing.broker:
        return request.listing_id in {"", listing.id}
    return request.broker in parents.get(listing.broker, ())


def _days(desk: Desk, request: Request) -> int:
    """Return how long the company itself says that it takes; its own word, at most a month."""
    try:
        broker: Broker = desk.find_broker(request.broker)
    except OptoutError:
        return 0
    told = (each.answers_in_days or 0 for each in broker.channel if each.right is request.right)
    return min(max(told, default=0), 30)

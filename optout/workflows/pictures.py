"""What the pictures show, read from the folder and from the definitions: drawn on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import groupby
from typing import Final

from optout.drafting.map_picture import Cut, Edge, Node, map_picture
from optout.drafting.pictures import (
    DueDay,
    Happened,
    Mark,
    Step,
    calendar_picture,
    progress_picture,
    timeline_picture,
)
from optout.drafting.pictures import Picture as Picture  # noqa: PLC0414 - what is shown
from optout.i18n import entry
from optout.model.broker import Broker, ComesFrom, Declared, Slug
from optout.model.request import Delivery, Status, StatusReason
from optout.model.words import Origin, Right
from optout.text import Text, as_written
from optout.words import said_by_company, word
from optout.workflows.desk import Desk
from optout.workflows.standing import Due, Outline
from optout.workflows.timeline import Timeline

# What asks a company to stop giving records out. A freeze does not stop agencies, and a copy or a
# correction stops nothing: they cut no line.
_CUTS: Final = frozenset({Right.OPT_OUT, Right.DELETE, Right.SUPPRESS})
_ANSWERED: Final = {
    Status.FULFILLED: Mark.DID,
    Status.DENIED: Mark.NO,
    Status.IN_PROGRESS: Mark.WORKING,
}
_LEFT: Final = frozenset({Delivery.SENT, Delivery.UNKNOWN})
_BUYERS: Final[Mapping[str, Text]] = {
    "to-federal": Text("the federal government"),
    "to-states": Text("state governments"),
    "to-police": Text("police and other law enforcement"),
}


def progress(found: Iterable[Outline]) -> Picture:
    """Return how far each company is."""
    by_name = sorted(found, key=lambda each: each.company)
    return progress_picture(
        [
            (entry(name), [_step(each) for each in several])
            for name, several in groupby(by_name, key=lambda each: each.company)
        ]
    )


def _step(each: Outline) -> Step:
    mark = _mark(each)
    said = said_by_company(each.request.status, each.request.reason)
    if mark in {Mark.WAITS, Mark.DOUBT}:
        said = word(each.message.delivery)
    elif mark is Mark.BACK:
        said = word(StatusReason.RETURNED)
    return Step(asked=word(each.request.right), mark=mark, said=said)


def _mark(each: Outline) -> Mark:
    """Return the sign of a request: what they answered or we saw, else how it left."""
    status, reason = each.request.status, each.request.reason
    if reason is StatusReason.RETURNED:
        return Mark.BACK
    if reason is StatusReason.PARTIAL:
        return Mark.PART
    if reason is StatusReason.SEEN_GONE:
        return Mark.GONE
    if status in _ANSWERED:
        return _ANSWERED[status]
    if each.message.delivery is Delivery.UNKNOWN:
        return Mark.DOUBT
    return Mark.SENT if each.message.delivery is Delivery.SENT else Mark.WAITS


def due_days(desk: Desk, found: Iterable[Due]) -> Picture:
    """Return the calendar of what is due."""
    days = [
        DueDay(
            on=each.deadline.due_on,
            said=Text(
                "{company} ({r}): {what}",
                company=each.company,
                r=each.reference,
                what=word(each.deadline.kind),
            ),
            late=each.overdue,
        )
        for each in found
    ]
    return calendar_picture(days, today=desk.day_here(desk.clock()))


def way_of(line: Timeline) -> Picture:
    """Return one request's days along a line."""
    shown = [each for each in line.moments if not each.over]
    return timeline_picture(
        [Happened(on=each.on, said=each.said, due=each.due) for each in shown], today=line.today
    )


def records_map(desk: Desk, found: Sequence[Outline]) -> Picture | None:
    """Return the map around the companies that were asked; before that, around the usual ones.

    None where nothing is known of any of them.
    """
    asked = {each.request.broker for each in found}
    companies = _companies(desk, asked)
    edges = [*_edges(companies, found)]
    if not edges:
        return None
    nodes = [
        *(Node(key=each, name=word(each), column=0) for each in Origin),
        *(Node(key=each.slug, name=each.called(), column=1) for each in companies.values()),
        *(Node(key=key, name=name, column=2) for key, name in _BUYERS.items()),
    ]
    return map_picture(nodes, edges, says=_SAYS, unknown=tuple(_unknown(desk, companies, edges)))


_REGISTRIES: Final = {
    "California data broker registry": Text("California data broker registry"),
}
_SAYS: Final = (
    Text(
        "A line is what a source says, or what the company itself declared to a state. It does not "
        "say that your own records went this way."
    ),
    Text(
        "To ask does not yet stop it. What the laws do not reach goes on, and what was sold before "
        "stays where it is."
    ),
)


def _companies(desk: Desk, asked: set[Slug]) -> dict[Slug, Broker]:
    """Return the companies asked, those between them and a buyer, and those that feed them."""
    every = {each.slug: each for each in _read_once(desk.list_brokers) if not each.government}
    chosen = {slug for slug in asked if slug in every}
    if not chosen:
        chosen = {slug for slug, each in every.items() if each.in_default_plan or each.sample}
    passed = {
        (Slug(source.company), each.slug)
        for each in every.values()
        for source in each.comes_from
        if source.company and source.until is None
    }
    beside = {end for start, end in passed if start in chosen}
    beside |= {start for start, end in passed if end in chosen}
    return {slug: every[slug] for slug in sorted(chosen | beside) if slug in every}


@lru_cache(maxsize=1)
def _read_once(list_brokers: Callable[[], tuple[Broker, ...]]) -> tuple[Broker, ...]:
    """Read every definition once while the program runs: a screen must not wait for all of them."""
    return list_brokers()


def _edges(companies: Mapping[Slug, Broker], found: Sequence[Outline]) -> Iterator[Edge]:
    cuts = _cuts(found)
    for each in companies.values():
        for source in each.comes_from:
            if source.company and Slug(source.company) not in companies:
                continue
            if source.until is None:
                yield _came(each, source, companies, cuts)
    for each in companies.values():
        if each.declared:
            yield from _bought(each, each.declared, cuts.get(each.slug, Cut.NO))


def _cuts(found: Sequence[Outline]) -> Mapping[Slug, Cut]:
    """Return which companies were asked to stop, or will be, by what stands on the list."""
    cuts: dict[Slug, Cut] = {}
    for each in found:
        if each.request.right not in _CUTS or each.request.status in {
            Status.EXPIRED,
            Status.REVOKED,
        }:
            continue
        left = each.message.delivery in _LEFT and each.request.reason is not StatusReason.RETURNED
        if left or each.request.broker not in cuts:
            cuts[each.request.broker] = Cut.ASKED if left else Cut.PLANNED
    return cuts


def _came(
    company: Broker, source: ComesFrom, companies: Mapping[Slug, Broker], cuts: Mapping[Slug, Cut]
) -> Edge:
    start = Slug(source.company)
    said = Text(
        "{start} → {end}. Source: {sources}",
        start=word(source.origin) if source.origin else companies[start].called(),
        end=company.called(),
        sources=reduce(_and, _read(company, source)),
    )
    cut = cuts.get(start, Cut.NO) if source.company else Cut.NO
    return Edge(start=source.origin or start, end=company.slug, cut=cut, said=_with_cut(said, cut))


def _read(company: Broker, source: ComesFrom) -> Iterator[Text]:
    """Yield each source with the year of what was read."""
    for each in company.sources:
        if each.key in source.sources:
            yield Text("{what} ({year})", what=as_written(each.what), year=each.read_on.year)


def _and(one: Text, more: Text) -> Text:
    return Text("{one}; {more}", one=one, more=more)


def _bought(company: Broker, declared: Declared, cut: Cut) -> Iterator[Edge]:
    """Yield who bought, as the company declared it; one sentence says all of it."""
    sold = {
        "to-federal": declared.sold_to_federal_government,
        "to-states": declared.sold_to_state_governments,
        "to-police": declared.sold_to_law_enforcement,
    }
    buyers = [buyer for buyer, is_sold in sold.items() if is_sold]
    said = Text(
        "{start} → {end}: declared for {year} ({registry})",
        start=company.called(),
        end=tuple(_BUYERS[buyer] for buyer in buyers),
        year=declared.year,
        registry=_REGISTRIES.get(declared.registry, declared.registry),
    )
    for number, buyer in enumerate(buyers):
        told = None if number else _with_cut(said, cut)
        yield Edge(start=company.slug, end=buyer, cut=cut, said=told)


def _with_cut(said: Text, cut: Cut) -> Text:
    if cut is Cut.ASKED:
        return Text("{line}. You asked them to stop this.", line=said)
    if cut is Cut.PLANNED:
        return Text("{line}. On your list, not sent yet: to stop this.", line=said)
    return said


def _unknown(desk: Desk, companies: Mapping[Slug, Broker], edges: Sequence[Edge]) -> Iterator[Text]:
    """Yield what ended, and of whom nobody says where records come from or who bought them."""
    called = {each.slug: each.called() for each in _read_once(desk.list_brokers)}
    for each in companies.values():
        for source in each.comes_from:
            if source.until is not None:
                start = called.get(Slug(source.company), source.company)
                yield Text(
                    "Until {year}: {start} → {end}",
                    year=source.until,
                    start=word(source.origin) if source.origin else start,
                    end=each.called(),
                )
    joined = {each.start for each in edges} | {each.end for each in edges}
    alone = tuple(each.called() for each in companies.values() if each.slug not in joined)
    if alone:
        yield Text(
            "Of these no source says where records come from, or who bought them: {names}",
            names=alone,
        )

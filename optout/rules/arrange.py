"""The order in which companies are asked: what is dangerous first, parents before children.

The order hangs on the catalog alone, so it is worked out once and used for many people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from optout.model.broker import Broker, Slug
from optout.model.plan import Goal
from optout.model.words import BrokerKind, Holding
from optout.rules.company_counts import GroupFigures, group_figures
from optout.rules.presence import sells_to_government

# Selling to government orders a company only with one of these: a weather service is no danger.
DANGEROUS: Final = frozenset(
    {
        Holding.HOME_ADDRESS,
        Holding.JAIL,
        Holding.WORK,
        Holding.UTILITIES,
        Holding.PLATES,
        Holding.LOCATION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A catalog in the order of asking, with what every plan reads from it."""

    brokers: tuple[Broker, ...]
    by_default: tuple[Broker, ...]  # in a plan without being named or seen
    place: Mapping[Slug, int]
    by_slug: Mapping[Slug, Broker]
    groups: GroupFigures
    cleared_by: Mapping[Slug, tuple[Slug, ...]]  # child -> parents whose request may clear it


def arrange(brokers: Iterable[Broker], goal: Goal = Goal.GOVERNMENT) -> Arranged:
    """Return the catalog in the order of asking for this goal."""
    wanted = sorted(brokers, key=lambda broker: _urgency(broker, goal))
    ordered = _parents_first(wanted)
    return Arranged(
        brokers=ordered,
        by_default=tuple(each for each in ordered if each.in_default_plan or each.sample),
        place={each.slug: number for number, each in enumerate(ordered)},
        by_slug={each.slug: each for each in ordered},
        groups=group_figures(ordered),
        cleared_by=_cleared_by(ordered),
    )


def danger(broker: Broker) -> frozenset[Holding]:
    """Return what makes a company that sells to government dangerous; nothing for others."""
    return DANGEROUS & frozenset(broker.holds) if sells_to_government(broker) else frozenset()


def _urgency(broker: Broker, goal: Goal) -> tuple[bool, int, str]:
    """Return a sort key: what the goal asks for first, then the most dangerous holdings."""
    dangerous = danger(broker)
    first = {
        Goal.GOVERNMENT: bool(dangerous),
        Goal.PEOPLE_SEARCH: broker.kind is BrokerKind.PEOPLE_SEARCH,
        Goal.CREDIT: bool(broker.cra),
    }[goal]
    return (not first, -len(dangerous), broker.slug)


def _cleared_by(brokers: Iterable[Broker]) -> dict[Slug, tuple[Slug, ...]]:
    found: dict[Slug, tuple[Slug, ...]] = {}
    for broker in brokers:
        for child in map(Slug, broker.clears):
            found[child] = (*found.get(child, ()), broker.slug)
    return found


def _parents_first(brokers: Collection[Broker]) -> tuple[Broker, ...]:
    """Keep the order, but put each company's parents somewhere before it."""
    by_slug = {broker.slug: broker for broker in brokers}
    cleared_by = _cleared_by(brokers)
    placed: dict[Slug, Broker] = {}
    for broker in brokers:
        # A chain of owners is walked upwards; one that bites its own tail ends at the bite.
        waiting, above = [broker], {broker.slug}
        while waiting:
            parents = (Slug(waiting[-1].parent), *cleared_by.get(waiting[-1].slug, ()))
            missing = [
                by_slug[parent]
                for parent in parents
                if parent in by_slug and parent not in placed and parent not in above
            ]
            if missing:
                waiting.append(missing[0])
                above.add(missing[0].slug)
            else:
                last = waiting.pop()
                placed.setdefault(last.slug, last)
    return tuple(placed.values())

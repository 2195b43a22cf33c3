"""The order in which companies are asked: what the goal asks for first, sources before buyers.

Parents come before children, because a request there may clear both; whoever feeds another comes
before it, because what is deleted at the buyer alone would flow back. The order hangs on the
catalog and the goal alone, so it is worked out once and used for many people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from optout.model.broker import Broker, Slug
from optout.model.plan import Goal
from optout.model.words import BrokerKind, Holding
from optout.rules.agencies import is_nationwide_bureau, owes_yearly_copy
from optout.rules.company_counts import GroupFigures, group_figures
from optout.rules.no_way import told_instead
from optout.rules.presence import sells_to_government
from optout.text import Text

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
_NOT_OF_THE_GOAL: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """A catalog in the order of asking, with what every plan reads from it."""

    goal: Goal
    brokers: tuple[Broker, ...]
    by_default: tuple[Broker, ...]  # in a plan without being named or seen
    of_the_goal: tuple[Slug, ...]  # in it too where they probably have the person
    place: Mapping[Slug, int]
    by_slug: Mapping[Slug, Broker]
    groups: GroupFigures
    cleared_by: Mapping[Slug, tuple[Slug, ...]]  # child -> parents whose request may clear it
    sellers: frozenset[Slug]  # to government or police
    instead: Mapping[Slug, Text]  # where no way leads anywhere: what can be done


def arrange(brokers: Iterable[Broker], goal: Goal = Goal.GOVERNMENT) -> Arranged:
    """Return the catalog in the order of asking for this goal."""
    wanted = sorted(brokers, key=lambda broker: _urgency(broker, goal))
    ordered = _sources_first(wanted)
    return Arranged(
        goal=goal,
        brokers=ordered,
        by_default=tuple(each for each in ordered if each.in_default_plan or each.sample),
        of_the_goal=tuple(each.slug for each in ordered if _picked_by(goal, each)),
        place={each.slug: number for number, each in enumerate(ordered)},
        by_slug={each.slug: each for each in ordered},
        groups=group_figures(ordered),
        cleared_by=_cleared_by(ordered),
        instead={each.slug: words for each in ordered if (words := told_instead(each))},
        sellers=frozenset(each.slug for each in ordered if sells_to_government(each)),
    )


def danger(broker: Broker) -> frozenset[Holding]:
    """Return what makes a company that sells to government dangerous; nothing for others."""
    return DANGEROUS & frozenset(broker.holds) if sells_to_government(broker) else frozenset()


def most_dangerous_first(holds: Iterable[Holding]) -> tuple[Holding, ...]:
    """Return what a company holds, with what could lead somebody to a door before the rest."""
    return tuple(sorted(holds, key=lambda each: each not in DANGEROUS))


def circles(brokers: Iterable[Broker]) -> tuple[tuple[Slug, ...], ...]:
    """Return each circle of parents and feeders: in it, nobody can come before the others."""
    before = _before({broker.slug: broker for broker in brokers})
    found: dict[frozenset[Slug], tuple[Slug, ...]] = {}
    for start in sorted(before):
        way = _back_to(start, before)
        if way:
            found.setdefault(frozenset(way), way)
    return tuple(found.values())


def _urgency(broker: Broker, goal: Goal) -> tuple[int, int, int, str]:
    """Return a sort key: what the goal asks for first, then the most dangerous holdings."""
    danger_rank = _rank_for_government(broker)
    first = {
        Goal.GOVERNMENT: danger_rank,
        Goal.PEOPLE_SEARCH: _rank_for_people_search(broker),
        Goal.CREDIT: _rank_for_credit(broker),
    }[goal]
    return (first, danger_rank, -len(danger(broker)), broker.slug)


def _rank_for_government(broker: Broker) -> int:
    """Put who declared such a sale before who is only known for it; no danger comes last."""
    if not danger(broker):
        return _NOT_OF_THE_GOAL
    declared = broker.declared
    sold = declared and (declared.sold_to_federal_government or declared.sold_to_law_enforcement)
    return 0 if sold else 1


def _rank_for_people_search(broker: Broker) -> int:
    return 0 if broker.kind is BrokerKind.PEOPLE_SEARCH else _NOT_OF_THE_GOAL


def _rank_for_credit(broker: Broker) -> int:
    """Put the credit bureaus first, then agencies for one kind of report, then other agencies."""
    if broker.kind is BrokerKind.CREDIT_BUREAU or is_nationwide_bureau(broker.cra):
        return 0
    if broker.kind is BrokerKind.SPECIALTY_CRA or owes_yearly_copy(broker.cra):
        return 1
    return 2 if broker.cra else _NOT_OF_THE_GOAL


def _picked_by(goal: Goal, broker: Broker) -> bool:
    """Say whether this goal takes a company in that is in no default plan.

    The usual goal takes in none (SAFETY 1); nobody's registry entry that was never looked at
    (`holds` is set by hand) is taken in by any.
    """
    if goal is Goal.GOVERNMENT or broker.government or not broker.holds:
        return False
    rank = _rank_for_credit if goal is Goal.CREDIT else _rank_for_people_search
    return rank(broker) != _NOT_OF_THE_GOAL


def _cleared_by(brokers: Iterable[Broker]) -> dict[Slug, tuple[Slug, ...]]:
    found: dict[Slug, tuple[Slug, ...]] = {}
    for broker in brokers:
        for child in map(Slug, broker.clears):
            found[child] = (*found.get(child, ()), broker.slug)
    return found


def _before(by_slug: Mapping[Slug, Broker]) -> Mapping[Slug, tuple[Slug, ...]]:
    """Return for each company those that come before it: its parents and who feeds it."""
    found: dict[Slug, dict[Slug, None]] = {slug: {} for slug in by_slug}
    for slug, broker in by_slug.items():
        if Slug(broker.parent) in found:
            found[slug][Slug(broker.parent)] = None
        for later in map(Slug, (*broker.clears, *broker.feeds)):
            if later in found:
                found[later][slug] = None
    return {slug: tuple(earlier) for slug, earlier in found.items()}


def _sources_first(brokers: Collection[Broker]) -> tuple[Broker, ...]:
    """Keep the order, but put each company's parents and feeders somewhere before it."""
    by_slug = {broker.slug: broker for broker in brokers}
    before = _before(by_slug)
    placed: dict[Slug, Broker] = {}
    for broker in brokers:
        # The chain is walked upwards; one that bites its own tail ends at the bite.
        waiting, above = [broker.slug], {broker.slug}
        while waiting:
            missing = [
                earlier
                for earlier in before[waiting[-1]]
                if earlier not in placed and earlier not in above
            ]
            if missing:
                waiting.append(missing[0])
                above.add(missing[0])
            else:
                last = waiting.pop()
                placed.setdefault(last, by_slug[last])
    return tuple(placed.values())


def _back_to(start: Slug, before: Mapping[Slug, tuple[Slug, ...]]) -> tuple[Slug, ...]:
    """Return a way from a company upwards to itself, or nothing."""
    came_from: dict[Slug, Slug] = {}
    waiting = [start]
    for here in waiting:  # grows while it is walked
        for earlier in before[here]:
            if earlier == start:
                return _walked(here, came_from)
            if earlier not in came_from:
                came_from[earlier] = here
                waiting.append(earlier)
    return ()


def _walked(here: Slug, came_from: Mapping[Slug, Slug]) -> tuple[Slug, ...]:
    way = [here]
    while way[-1] in came_from:
        way.append(came_from[way[-1]])
    return tuple(way)

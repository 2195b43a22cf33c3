"""What a search of a people-search site gives away, read from its steps alone."""

from __future__ import annotations

from collections.abc import Iterator

from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.flow import Extract, Leg, Search, Step
from optout.rules.flows import fields_of_leg, needed_in, steps_of


def fields_of_search(broker: Broker) -> tuple[Field, ...]:
    """Return the fields that a search there gives away, in the order the site sees them.

    The hosts that get them are `broker.hosts`.
    """
    return fields_used(broker.search) if broker.search else ()


def fields_used(search: Search) -> tuple[Field, ...]:
    """Return the fields that the steps of a search give away."""
    return fields_of_leg(_leg(search))


def needed_for_search(broker: Broker) -> tuple[Field, ...]:
    """Return the fields without which there is nothing to search with."""
    return needed_in(_leg(broker.search)) if broker.search else ()


def steps_of_search(search: Search) -> Iterator[Step]:
    """Yield every step of a search, the ones inside `when` included."""
    return steps_of(_leg(search))


def rows_of(search: Search) -> Extract | None:
    """Return the step that reads the rows: the last one."""
    last = search.steps[-1] if search.steps else None
    return last if isinstance(last, Extract) else None


def _leg(search: Search) -> Leg:
    return Leg(steps=search.steps)

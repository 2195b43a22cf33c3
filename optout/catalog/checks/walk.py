"""Every step and every text of a definition, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum

from optout.model.broker import Broker
from optout.model.flow import Leg, Step, When


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStep:
    """A step, where it stands, and in which leg."""

    where: str
    step: Step
    leg: int
    inside_when: bool = False


def walk_steps(broker: Broker) -> Iterator[PlacedStep]:
    """Yield every step of every flow, and of the search."""
    for _name, number, where, leg in walk_legs(broker):
        for index, step in enumerate(leg.steps):
            yield from _placed(f"{where}.steps[{index}]", step, number, inside_when=False)

    yield from walk_search(broker)


def walk_search(broker: Broker) -> Iterator[PlacedStep]:
    """Yield every step of the search."""
    for index, step in enumerate(broker.search.steps if broker.search else ()):
        yield from _placed(f"search.steps[{index}]", step, 0, inside_when=False)


def walk_legs(broker: Broker) -> Iterator[tuple[str, int, str, Leg]]:
    """Yield every leg: its flow's name, its number in it, its place."""
    for name, flow in broker.flow.items():
        for number, leg in enumerate(flow.leg):
            yield name, number, f"flow.{name}.leg[{number}]", leg


def _placed(where: str, step: Step, leg: int, *, inside_when: bool) -> Iterator[PlacedStep]:
    yield PlacedStep(where=where, step=step, leg=leg, inside_when=inside_when)
    if isinstance(step, When):
        for index, inner in enumerate(step.steps):
            yield from _placed(f"{where}.steps[{index}]", inner, leg, inside_when=True)


def walk_texts(broker: Broker) -> Iterator[tuple[str, str, str]]:
    """Yield every text of a definition: its place, the name of its key, what it says."""
    yield from _texts("", "", broker)


def texts_in(where: str, step: Step) -> Iterator[tuple[str, str, str]]:
    """Yield every text of one step in the same way."""
    yield from _texts(where, "", step)


def _texts(where: str, name: str, value: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str) and not isinstance(value, Enum):
        yield where, name, value
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts(f"{where}[{index}]", name, one)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _texts(f"{where}.{key}", name, one)
    elif is_dataclass(value):
        for each in fields(value):
            inner = f"{where}.{each.name}".lstrip(".")
            yield from _texts(inner, each.name, getattr(value, each.name))

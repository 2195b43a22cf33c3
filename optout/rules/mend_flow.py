"""A flow as it is after its mends: what the mended file has to say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from optout.model.change import DropStep, Mend, NewStep, Rewrite
from optout.model.fields import Field
from optout.model.flow import AskPerson, Fill, Flow, Leg, Step, When
from optout.model.look import Place

OPTIONAL: Final = frozenset({"in_frame"})  # None where there is none


def rewritten(flow: Flow, mend: Rewrite) -> Flow:
    """Return the flow with another value for one key of one step."""
    return _with_steps(flow, mend.place, lambda step: (_set(step, mend.key, mend.new),))


def with_rewrites(flows: Mapping[str, Flow], mends: Sequence[Mend]) -> dict[str, Flow]:
    """Return the flows with every rewrite in them; no step changes its place."""
    made = dict(flows)
    for mend in mends:
        if isinstance(mend, Rewrite):
            made[mend.flow] = rewritten(made[mend.flow], mend)
    return made


def restepped(
    flow: Flow, place: Place, new: Sequence[Mapping[str, str]], *, keeps_old: bool
) -> Flow:
    """Return the flow with new steps at a place, before the one that stands there or instead."""
    made = tuple(map(step_of, new))
    return _with_steps(flow, place, lambda step: (*made, step) if keeps_old else made)


def step_of(keys: Mapping[str, str]) -> Step:
    """Return the step that these keys write: a fill or something for the person."""
    given: dict[str, Any] = {key: value for key, value in keys.items() if key != "do"}
    if keys["do"] == "fill":
        return Fill(**{**given, "field": Field(given["field"])})
    return AskPerson(**given)


def _set(step: Step, key: str, value: str) -> Step:
    given: Any = {key: None if key in OPTIONAL and not value else value}
    return replace(step, **given)


def _with_steps(flow: Flow, place: Place, change: Any) -> Flow:  # noqa: ANN401 - a function
    legs = list(flow.leg)
    legs[place[0]] = Leg(steps=tuple(_changed(legs[place[0]].steps, place[1:], change)))
    return Flow(leg=tuple(legs))


def _changed(steps: Sequence[Step], place: Place, change: Any) -> Iterator[Step]:  # noqa: ANN401
    for at, step in enumerate(steps):
        if at != place[0]:
            yield step
        elif len(place) == 1:
            yield from change(step)
        elif isinstance(step, When):
            yield replace(step, steps=tuple(_changed(step.steps, place[1:], change)))


def new_steps_at(
    mends: Sequence[NewStep | DropStep],
) -> Iterator[tuple[str, Place, list[Mapping[str, str]], bool]]:
    """Yield the places that get or lose steps, the last first: earlier places then stay right."""
    places = {(m.flow, m.before if isinstance(m, NewStep) else m.place) for m in mends}
    for flow, place in sorted(places, reverse=True):
        here = [m for m in mends if m.flow == flow]
        new = [m for m in here if isinstance(m, NewStep) and m.before == place]
        dropped = any(isinstance(m, DropStep) and m.place == place for m in here)
        keeps_old = not dropped and not any(m.instead for m in new)
        yield flow, place, [m.keys for m in new], keeps_old

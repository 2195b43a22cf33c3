"""What a flow gives away, read from its steps alone."""

from __future__ import annotations

from collections.abc import Iterator

from optout.model.fields import Field
from optout.model.flow import (
    AddRow,
    Choose,
    ConfirmEmail,
    Expect,
    Fill,
    Flow,
    Leg,
    Open,
    Press,
    ReadCode,
    Step,
    Submit,
    When,
)
from optout.rules.open_address import places_of


def steps_of(leg: Leg) -> Iterator[Step]:
    """Yield every step of a leg, the ones inside `when` included."""
    for step in leg.steps:
        yield from _with_inner(step)


def _with_inner(step: Step) -> Iterator[Step]:
    yield step
    if isinstance(step, When):
        for inner in step.steps:
            yield from _with_inner(inner)


def fields_of_leg(leg: Leg) -> tuple[Field, ...]:
    """Return the fields that a leg gives away, in the order the page first sees them."""
    return tuple(dict.fromkeys(field for step in steps_of(leg) for field in _fields_of(step)))


def fields_shown(leg: Leg) -> tuple[Field, ...]:
    """Return the fields that a leg's pages are expected to show back: they are not given by it."""
    shown = (step.shows for step in steps_of(leg) if isinstance(step, Expect) and step.shows)
    return tuple(dict.fromkeys(shown))


def fields_of_flow(flow: Flow) -> tuple[Field, ...]:
    """Return the fields that all legs together give away."""
    return tuple(dict.fromkeys(field for leg in flow.leg for field in fields_of_leg(leg)))


def needed_in(leg: Leg) -> tuple[Field, ...]:
    """Return the fields that a leg cannot do without; optional boxes stay empty."""
    optional = optional_fields(leg)
    return tuple(field for field in fields_of_leg(leg) if field not in optional)


def optional_fields(leg: Leg) -> frozenset[Field]:
    """Return the fields that a form takes but does not need."""
    uses = [use for step in steps_of(leg) for use in _uses(step)]
    needed = {field for field, optional in uses if not optional}
    return frozenset(field for field, _optional in uses) - needed


def is_same_button(step: Step, submit: Submit) -> bool:
    """Say whether a step that should file nothing names the button that files the request."""
    if not isinstance(step, Press | AddRow):
        return False
    words = " ".join(step.press.split()).casefold()
    same_words = bool(words) and words == " ".join(submit.press.split()).casefold()
    return same_words or (bool(step.into) and step.into == submit.into)


def confirmation_of(flow: Flow, leg_number: int) -> ConfirmEmail | ReadCode | None:
    """Return what the company sends before leg `leg_number`: a mailed link, or a code."""
    if leg_number >= len(flow.leg) or not flow.leg[leg_number].steps:
        return None
    first = flow.leg[leg_number].steps[0]
    return first if isinstance(first, ConfirmEmail | ReadCode) else None


def _fields_of(step: Step) -> Iterator[Field]:
    return (field for field, _optional in _uses(step))


def _uses(step: Step) -> Iterator[tuple[Field, bool]]:
    """Yield each field that a step gives away, and whether it does without."""
    if isinstance(step, Fill):
        yield step.field, step.optional
    elif isinstance(step, Choose | When) and step.field:
        yield step.field, False
    elif isinstance(step, Open):
        yield from ((Field(place.name), place.optional) for place in places_of(step.url))

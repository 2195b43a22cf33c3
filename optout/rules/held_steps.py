"""The steps of the flows that open one page, each with what it found there before and finds now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from optout.model.flow import (
    AddRow,
    AskPerson,
    Check,
    Choose,
    Expect,
    Fill,
    Flow,
    Press,
    ReadCode,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.look import Hit, Look, Place, StepSeen

_NOTHING: Final = StepSeen(whole=Hit())
FINDS: Final = (Fill, Choose, Check, Press, AddRow, ReadCode, Submit, WaitFor, When, Expect)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStep:
    """One step that looks for something, held against two looks at its page."""

    flow: str
    place: Place
    step: Step
    before: StepSeen
    now: StepSeen

    @property
    def button(self) -> bool:
        """Say whether it presses something."""
        return isinstance(self.step, Press | AddRow | Submit)

    @property
    def waits(self) -> bool:
        """Say whether it only looks whether something is there."""
        return isinstance(self.step, WaitFor | When | Expect)


def held_steps(flows: Mapping[str, Flow], before: Look | None, now: Look) -> tuple[HeldStep, ...]:
    """Return the steps of the first leg of each flow that look for an element or press a button."""
    return tuple(
        HeldStep(
            flow=name,
            place=place,
            step=step,
            before=_seen(before, name, place),
            now=_seen(now, name, place),
        )
        for name, flow in flows.items()
        for place, step in placed(flow)
        if place[0] == 0 and looks_for_something(step)
    )


def placed(flow: Flow) -> Iterator[tuple[Place, Step]]:
    """Yield every step of a flow with its place, the ones inside `when` included."""
    for leg, steps in enumerate(flow.leg):
        for at, step in enumerate(steps.steps):
            yield from _with_inner((leg, at), step)


def _with_inner(place: Place, step: Step) -> Iterator[tuple[Place, Step]]:
    yield place, step
    if isinstance(step, When):
        for at, inner in enumerate(step.steps):
            yield from _with_inner((*place, at), inner)


def looks_for_something(step: Step) -> bool:
    """Say whether a step needs something on the page that can be looked for."""
    if isinstance(step, WaitFor | When | Expect):
        return bool(step.element)
    if isinstance(step, Press | Submit) and step.in_row:
        return False  # one in each row: which of them is right, no page says
    if isinstance(step, Submit):
        return not step.say
    if isinstance(step, Choose) and step.how == "listbox":
        return bool(step.label or step.into)  # else any list that offers the option will do
    return isinstance(step, FINDS)


def _seen(look: Look | None, flow: str, place: Place) -> StepSeen:
    return look.steps.get(flow, {}).get(place, _NOTHING) if look else _NOTHING


def named(flow: str, place: Place, step: Step) -> str:
    """Return what a step is called: `opt-out leg[0].steps[3] fill first_name`."""
    inner = "".join(f".steps[{at}]" for at in place[2:])
    return f"{flow} leg[{place[0]}].steps[{place[1]}]{inner} {' '.join(_words(step))}"


def _words(step: Step) -> Iterator[str]:
    yield step.do
    match step:
        case Fill():
            yield step.field.value
        case Choose():
            yield step.field.value if step.field else step.option
        case Check() | ReadCode():
            yield step.label or step.into
        case Press() | AddRow() | Submit():
            yield step.press or step.into
        case AskPerson():
            yield step.reason
        case WaitFor() | When() | Expect():
            yield step.element or step.text

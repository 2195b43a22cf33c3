"""A leg is delivered once: one submit, known by what only success shows, nothing new after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_legs, walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import (
    AskPerson,
    Capture,
    ConfirmEmail,
    Expect,
    Extract,
    Leg,
    Open,
    Press,
    ReadCode,
    Step,
    Submit,
    When,
)
from optout.rules.flows import is_same_button, steps_of
from optout.text import Text

ID: Final = "legs"
WHY: Final = "Two submits, or a success nobody can recognise, file twice or file nothing."
SHORTEST_EXPECT: Final = 8
MOST_STEPS: Final = 60
_BEGINS_LATER: Final = (ConfirmEmail, ReadCode)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each leg that is not open → fill → one submit → look."""
    for name, flow in broker.flow.items():
        if not flow.leg:
            yield Finding(f"flow.{name}", Text("A flow without a leg files nothing."))
    for _name, number, where, leg in walk_legs(broker):
        yield from _beginning(where, number, leg)
        yield from _submit(where, leg)
    yield from _pressed_early(broker)
    yield from _inside_when(broker)
    yield from _in_row(broker)
    yield from _too_many(broker)


def _beginning(where: str, number: int, leg: Leg) -> Iterator[Finding]:
    first = leg.steps[0] if leg.steps else None
    if number == 0 and not isinstance(first, Open):
        yield Finding(
            f"{where}.steps[0]",
            Text("The first leg does not begin by opening a page."),
            Text("Begin it with an `open` step."),
        )
    if number > 0 and not isinstance(first, _BEGINS_LATER):
        yield Finding(
            f"{where}.steps[0]",
            Text("A later leg goes on from a mail or a code."),
            Text("Begin it with `confirm_email` or `read_code`."),
        )
    if number > 0 and isinstance(first, ReadCode) and not first.url:
        yield Finding(
            f"{where}.steps[0]",
            Text("Nothing says on which page the code is typed."),
            Text("Add its `url`. A code for the page that is open anyway is `ask_person`."),
        )
    for index, step in enumerate(leg.steps):
        if isinstance(step, _BEGINS_LATER) and (number == 0 or index > 0):
            what = Text("This step begins a later leg, and stands elsewhere.")
            yield Finding(f"{where}.steps[{index}]", what)


def _submit(where: str, leg: Leg) -> Iterator[Finding]:
    at = [index for index, step in enumerate(leg.steps) if _files(step)]
    if len(at) != 1:
        yield Finding(
            f"{where}.steps",
            Text("A leg needs exactly one submit; this one has {count}.", count=len(at)),
            Text("Buttons that file nothing are `press`; a second filing is a second leg."),
        )
    for index in at:
        step = leg.steps[index]
        assert isinstance(step, Submit | ConfirmEmail)
        yield from _expect(f"{where}.steps[{index}]", step)
    for index in range(at[0] + 1, len(leg.steps)) if at else ():
        if not isinstance(leg.steps[index], Expect | AskPerson | Capture | Submit):
            yield Finding(
                f"{where}.steps[{index}]",
                Text("After submit nothing is filled, opened or pressed any more."),
                Text("Move it before the submit, or begin a new leg."),
            )


def _files(step: Step) -> bool:
    """Say whether this step files: a submit, or a link whose opening is all there is."""
    return isinstance(step, Submit) or (isinstance(step, ConfirmEmail) and bool(step.expect))


def _expect(where: str, step: Submit | ConfirmEmail) -> Iterator[Finding]:
    said = step.expect.strip()
    shown = isinstance(step, Submit) and step.expect_element
    if len(said) < SHORTEST_EXPECT and not shown:
        yield Finding(
            f"{where}.expect",
            Text("These words are too few to tell success from anything else."),
            Text("Write the sentence that the page shows only after success."),
        )
    for index, words in enumerate(step.refuse):
        if words.strip().lower() in said.lower():
            yield Finding(
                f"{where}.refuse[{index}]",
                Text("The words for “not filed” also stand in the words for success."),
            )


def _pressed_early(broker: Broker) -> Iterator[Finding]:
    for _name, _number, where, leg in walk_legs(broker):
        for step in leg.steps:
            if isinstance(step, Submit) and any(is_same_button(one, step) for one in steps_of(leg)):
                yield Finding(
                    f"{where}.steps",
                    Text("The button that files is pressed by another step too."),
                    Text("Press it once, as `submit`; or name the two buttons apart by `into`."),
                )


def _inside_when(broker: Broker) -> Iterator[Finding]:
    for placed in walk_steps(broker):
        if placed.inside_when and isinstance(placed.step, Submit | ConfirmEmail | ReadCode):
            yield Finding(
                placed.where,
                Text("A step of this kind cannot hang on a condition."),
                Text("Move it out of `when`."),
            )


def _in_row(broker: Broker) -> Iterator[Finding]:
    """Find presses inside a row where nothing says what a row of that page is."""
    for _name, _number, where, leg in walk_legs(broker):
        reads = False
        for index, step in enumerate(leg.steps):
            inner = step.steps if isinstance(step, When) else ()
            for one in (step, *inner):
                if isinstance(one, Press | Submit) and one.in_row and not reads:
                    yield Finding(
                        f"{where}.steps[{index}]",
                        Text("Nothing says what a row of this page is."),
                        Text("Put an `extract` step with `rows` and `read` before it."),
                    )
                reads = reads or isinstance(one, Extract)


def _too_many(broker: Broker) -> Iterator[Finding]:
    for name in broker.flow:
        prefix = f"flow.{name}.leg["
        count = sum(placed.where.startswith(prefix) for placed in walk_steps(broker))
        if count > MOST_STEPS:
            what = Text(
                "The flow has {count} steps, more than {most}.", count=count, most=MOST_STEPS
            )
            yield Finding(f"flow.{name}", what)

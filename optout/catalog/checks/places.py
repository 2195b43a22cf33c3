"""Every step says where on the page it acts, so that a run never guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import PlacedStep, walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.flow import (
    AddRow,
    AskPerson,
    Check,
    Choose,
    Expect,
    Extract,
    Fill,
    Press,
    ReadCode,
    Submit,
    WaitFor,
    When,
)
from optout.rules.read_row import KEYS
from optout.text import Text

ID: Final = "places"
WHY: Final = "A step that fits two places on a page may fill the wrong one."

_DATES: Final = frozenset({"MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD", "MM-DD-YYYY", "MMDDYYYY"})
_PARTS: Final = frozenset({"YYYY", "MM", "DD", "D"})  # a page with a box for each
_LISTED: Final = frozenset({"MMMM", "DD", "YYYY"})  # a page with a list for each
FORMATS: Final = {
    Field.BIRTH_DATE: _DATES | _PARTS,
    Field.BIRTH_DAY: frozenset({"MM/DD", "MM-DD", "DD/MM"}),
    Field.PHONE: frozenset({"digits", "dashes"}),
}
# Boxes that nobody sees are traps or the page's own; the runner would not find them anyway.
_HIDDEN: Final = re.compile(r"type\s*=\s*[\"']?hidden|\[hidden\]|display\s*:\s*none", re.IGNORECASE)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each step whose place or value is not said, or said twice."""
    for placed in walk_steps(broker):
        yield from _place(placed)
        yield from _value(placed)


def _place(placed: PlacedStep) -> Iterator[Finding]:
    yield from _place_of_button(placed)
    step = placed.step
    if isinstance(step, Fill | Choose | Check | ReadCode) and not (step.label or step.into):
        yield Finding(
            placed.where,
            Text("This step does not say which box it means."),
            Text("Add its `label` as the page shows it, or a selector as `into`."),
        )
    if isinstance(step, Fill | Choose | Check | ReadCode) and _HIDDEN.search(step.into):
        yield Finding(
            f"{placed.where}.into",
            Text("This box is hidden: nobody sees what is put into it."),
            Text("Delete the step; the page fills its hidden boxes itself."),
        )
    if isinstance(step, WaitFor) and sum(map(bool, (step.text, step.element, step.address))) != 1:
        yield Finding(placed.where, Text("Give `text`, `element` or `address`, one of the three."))
    if isinstance(step, When):
        yield from _condition(placed.where, step)
    if isinstance(step, Extract):
        yield from _rows(placed.where, step)
    if isinstance(step, Expect) and not (step.text or step.element or step.address or step.shows):
        yield Finding(placed.where, Text("This step expects nothing."), Text("Add `text`."))
    if isinstance(step, AddRow) and not step.proof.strip():
        yield Finding(f"{placed.where}.proof", Text("Nothing proves that the row was added."))


def _place_of_button(placed: PlacedStep) -> Iterator[Finding]:
    step = placed.step
    by_hand = isinstance(step, Submit) and step.say and not step.in_row
    if isinstance(step, Press | AddRow | Submit) and not (step.press or step.into or by_hand):
        yield Finding(
            placed.where,
            Text("This step does not say which button it means."),
            Text("Add the words on it as `press`, or a selector as `into`."),
        )
    if isinstance(step, Submit) and by_hand and (step.press or step.into):
        yield Finding(
            placed.where,
            Text("Two ways to send are named: a button, and what a person does."),
            Text("Keep `say` only where no button sends the form."),
        )
    if isinstance(step, Press | Submit) and step.in_row and not step.say.strip():
        yield Finding(
            f"{placed.where}.say",
            Text("Without a listing a person finds the row, and nobody tells them how."),
            Text("Add `say`: what to look at, and what to press."),
        )


def _condition(where: str, step: When) -> Iterator[Finding]:
    if sum(map(bool, (step.text, step.element, step.address, step.field))) != 1:
        yield Finding(where, Text("Give `text`, `element`, `address` or `field`, one of the four."))
    if bool(step.field) != bool(step.than):
        yield Finding(
            where, Text("`field` and `than` go together: a value, and what it is held to.")
        )


def _rows(where: str, step: Extract) -> Iterator[Finding]:
    if not step.rows.strip():
        yield Finding(f"{where}.rows", Text("Nothing says what a row is."))
    for name in step.read:
        if name not in KEYS:
            yield Finding(
                f"{where}.read.{name[:40]}",
                Text("Nothing of this name is read from a row."),
                Text("Known: {names}.", names=", ".join(sorted(KEYS))),
            )
    if "name" not in step.read:
        yield Finding(
            f"{where}.read",
            Text("The name in a row is not read: nobody could be recognized by the rest."),
            Text('Add: name = {{ selector = "…" }}'),
        )


def _value(placed: PlacedStep) -> Iterator[Finding]:
    step = placed.step
    if isinstance(step, Choose) and bool(step.option) == bool(step.field):
        yield Finding(placed.where, Text("Choose by `option` or by `field`, one of the two."))
    if isinstance(step, Choose) and not _lists(step):
        yield Finding(
            f"{placed.where}.format",
            Text("Of a birth date a list has one part, and nothing else has a format."),
            Text('Write beside field = "birth_date": format = "MMMM", "DD" or "YYYY".'),
        )
    if isinstance(step, AskPerson) and not step.say.strip():
        yield Finding(f"{placed.where}.say", Text("Nobody is told what to do."))
    if isinstance(step, Fill) and step.format not in FORMATS.get(step.field, frozenset()) | {""}:
        yield Finding(
            f"{placed.where}.format",
            Text("This format does not fit the field."),
            _formats(step.field),
        )


def _lists(step: Choose) -> bool:
    """Say whether a list can hold this: of a birth date one part, of all else the whole."""
    return step.format in (_LISTED if step.field is Field.BIRTH_DATE else ("",))


def _formats(field: Field) -> Text:
    known = sorted(FORMATS.get(field, ()))
    return Text("Known: {formats}.", formats=", ".join(known)) if known else Text("Delete it.")

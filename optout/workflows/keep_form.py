"""Keeping what was read of a form as an example, marked with what a person does there by hand."""

from __future__ import annotations

from optout.browser.read_form import OpenPage
from optout.browser.save_form import Marked, save_form
from optout.model.fields import Field
from optout.model.form import Box, BoxKind
from optout.model.words import Right
from optout.rules.box_meaning import Meaning, Use, right_of
from optout.rules.draft_flow import ReadStep
from optout.rules.states import state_names


def kept_markup(page: OpenPage, state: ReadStep, right: Right, *, goes_on: bool) -> str:
    """Return the markup of one state of the form, marked with what a person does there."""
    boxes, dots = [], []
    for box, meaning in state.boxes():
        by_hand = meaning.reason if meaning.use is Use.PERSON else ""
        left = meaning.use in {Use.LEAVE, Use.UNKNOWN} or _is_other_right(box, meaning, right)
        if box.kind is BoxKind.RADIO:
            dots += [
                Marked(
                    into=choice.into,
                    frame=box.frame,
                    by_hand=by_hand if at == 0 else "",
                    is_left=left,
                    words=choice.words,
                )
                for at, choice in enumerate(box.choices)
            ]
        else:
            boxes.append(
                Marked(
                    into=box.into,
                    frame=box.frame,
                    posted=box.name or box.id or box.into.rpartition("#")[2],
                    by_hand=by_hand,
                    is_left=left,
                    offered=_offered(box, meaning),
                )
            )
    pressed = state.press.into if state.press else ""
    sends, onward = ("", pressed) if goes_on else (pressed, "")
    kept = save_form(page, boxes, dots, sends=sends, goes_on=onward)
    return "\n".join(markup for markup in kept.values() if markup)


def _is_other_right(box: Box, meaning: Meaning, right: Right) -> bool:
    is_tick = meaning.use is Use.RIGHT and box.kind is BoxKind.CHECKBOX
    return is_tick and right_of(box.label) is not right


def _offered(box: Box, meaning: Meaning) -> tuple[str, ...]:
    """Return what a drawn list offers, where the page shows it only once it is opened."""
    if box.kind is not BoxKind.LISTBOX:
        return ()
    if box.choices:
        return tuple(choice.words for choice in box.choices if choice.words)
    if meaning.field in {Field.STATE, Field.STATE_NAME}:
        return tuple(state_names().values())
    return (meaning.option,) if meaning.option else ()

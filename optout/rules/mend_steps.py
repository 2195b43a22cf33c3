"""What to write into a step so that it finds its box again, where we know which box that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.model.change import Rewrite
from optout.model.fields import Field
from optout.model.flow import AddRow, Choose, Fill, Press, Step, Submit
from optout.model.form import Box, Button, Choice
from optout.model.look import Hit
from optout.rules.box_meaning import Meaning, Use
from optout.rules.held_steps import HeldStep
from optout.rules.same_boxes import said

LONGEST_WORDS: Final = 120  # a longer label is no label, and would not stay as it is

_STATES: Final = frozenset({Field.STATE, Field.STATE_NAME})  # one fact, written in two ways
_BIRTH: Final = frozenset({Field.BIRTH_DATE, Field.BIRTH_DAY})


def fills_the_same(step: Step, wants: Meaning) -> bool:
    """Say whether the field of a step is for certain what a box wants; most have no field."""
    if not isinstance(step, Fill | Choose) or step.field is None:
        return True
    one_fact = next((each for each in (_STATES, _BIRTH) if step.field in each), {step.field})
    return wants.use is Use.FIELD and wants.sure and wants.field in one_fact


def still_works(held: HeldStep, box: int) -> bool:
    """Say whether a step leads to this one box now, as the runner looks."""
    return held.now.whole.is_one and held.now.whole.box == box


def box_rewrites(held: HeldStep, before: int, now: int, box: Box) -> list[Rewrite]:
    """Return the rewrites after which a step that found box `before` finds box `now`."""
    if held.waits:
        lost = _led(held.before.whole, before) and not still_works(held, now)
        return [_rewrite(held, "element", _element(held), box.into)] if lost and box.into else []
    found = [*_label(held, before, now, box), *_into(held, before, now, box)]
    if not found and not still_works(held, now):
        into = _selector(held, box)
        found = [_rewrite(held, "into", _now(held, "into"), into)] if into else []
    return found


def frame_rewrite(held: HeldStep, box: Box | Button) -> Rewrite | None:
    """Return the rewrite of the frame that a step looks in."""
    old = held.step.in_frame or ""
    return None if old == box.frame else _rewrite(held, "in_frame", old, box.frame)


def lost_words(held: HeldStep, before: int, now: int) -> bool:
    """Say whether a step's words led to its box, and do not any more."""
    return _led(held.before.by_words, before) and not _led(held.now.by_words, now)


def lost_selector(held: HeldStep, before: int, now: int) -> bool:
    """Say whether a step's selector led to its box, and does not any more."""
    return _led(held.before.by_into, before) and not _led(held.now.by_into, now)


def _label(held: HeldStep, before: int, now: int, box: Box) -> Iterator[Rewrite]:
    old = _now(held, "label")
    if not old or not lost_words(held, before, now):
        return
    new = box.called or (box.label if isinstance(held.step, Choose) else "")
    if new and said(new) != said(old) and len(new) <= LONGEST_WORDS:
        yield _rewrite(held, "label", old, new)


def _into(held: HeldStep, before: int, now: int, box: Box) -> Iterator[Rewrite]:
    old = _now(held, "into")
    if not old or not lost_selector(held, before, now):
        return
    new = _selector(held, box)
    if new and new != old:
        yield _rewrite(held, "into", old, new)


def _selector(held: HeldStep, box: Box) -> str:
    """Return how the box is found; of radio buttons the one that the step chooses."""
    step = held.step
    if isinstance(step, Choose) and step.how == "radio":
        chosen = held.now.whole.choice
        return box.choices[chosen].into if chosen is not None else box.into
    return box.into


def button_rewrites(held: HeldStep, now: int, button: Button) -> list[Rewrite]:
    """Return the rewrites after which a step presses this button."""
    step = held.step
    assert isinstance(step, Press | AddRow | Submit)
    found = []
    words_led = _pressed(held.before.by_words) and not _is_button(held.now.by_words, now)
    if step.press and words_led and said(step.press) != said(button.words):
        found.append(_rewrite(held, "press", step.press, button.words))
    into_led = _pressed(held.before.by_into) and not _is_button(held.now.by_into, now)
    if step.into and into_led and button.into and button.into != step.into:
        found.append(_rewrite(held, "into", step.into, button.into))
    if not found and not _is_button(held.now.whole, now) and button.into:
        found.append(_rewrite(held, "into", step.into, button.into))
    return found


def option_rewrite(held: HeldStep, choice: Choice) -> Rewrite | None:
    """Return the rewrite of the option that a step chooses."""
    step = held.step
    if not isinstance(step, Choose) or not step.option or said(step.option) == said(choice.words):
        return None
    return _rewrite(held, "option", step.option, choice.words)


def _led(hit: Hit | None, box: int) -> bool:
    return hit is not None and hit.is_one and hit.box == box


def _pressed(hit: Hit | None) -> bool:
    return hit is not None and hit.is_one


def _is_button(hit: Hit | None, button: int) -> bool:
    return hit is not None and hit.is_one and hit.button == button


def _now(held: HeldStep, key: str) -> str:
    return str(getattr(held.step, key, ""))


def _element(held: HeldStep) -> str:
    return _now(held, "element")


def _rewrite(held: HeldStep, key: str, old: str, new: str) -> Rewrite:
    return Rewrite(flow=held.flow, place=held.place, key=key, old=old, new=new)

"""What became of the buttons that a definition presses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from optout.model.change import Change, ChangeKind, Rewrite
from optout.model.flow import AddRow, Press, Submit
from optout.model.form import Button, SeenPage
from optout.rules.held_steps import HeldStep, named
from optout.rules.hosts import host_allowed
from optout.rules.mend_steps import button_rewrites, frame_rewrite
from optout.rules.same_boxes import alike, said
from optout.text import Text

_ALIKE: Final = 0.6
_OUTER: Final = ("leg", "step")  # a place with more stands inside a `when`


def button_changes(
    before: SeenPage, now: SeenPage, steps: Sequence[HeldStep], hosts: Collection[str]
) -> Iterator[Change]:
    """Yield what changed on each button that a step presses."""
    for held in steps:
        # A banner's button is pressed only where there is a banner.
        is_inner = len(held.place) > len(_OUTER)
        if held.button and held.before.whole.is_one and not is_inner:
            yield from _of_step(before, now, held, hosts)


def _of_step(
    before: SeenPage, now: SeenPage, held: HeldStep, hosts: Collection[str]
) -> Iterator[Change]:
    old = held.before.whole.button
    if old is None:
        if not held.now.whole.is_one:
            yield _gone(held)
        return
    was = before.buttons[old]
    at = _partner(was, before, now, held)
    if at is None:
        if not held.now.whole.is_one:
            yield _gone(held)
        return
    is_now = now.buttons[at]
    mends = button_rewrites(held, at, is_now)
    if is_now.frame != was.frame:
        yield _framed(held, was, is_now, mends, hosts)
        return
    stops = not held.now.whole.is_one or held.now.whole.button != at
    if mends or said(was.words) != said(is_now.words):
        yield Change(
            kind=ChangeKind.BUTTON_WORDS,
            what=Text("The button “{old}” is called “{new}” now.", old=was.words, new=is_now.words)
            if said(was.words) != said(is_now.words)
            else Text("The button “{old}” is named otherwise inside the page.", old=was.words),
            means=Text("A filing would stop here, before anything is sent.")
            if stops
            else Text("It is found all the same, in the other way that the definition names."),
            stops=stops,
            mends=tuple(mends),
            look=stops and not mends,
        )


def _framed(
    held: HeldStep,
    was: Button,
    is_now: Button,
    mends: Sequence[Rewrite],
    hosts: Collection[str],
) -> Change:
    frame = frame_rewrite(held, is_now)
    allowed = not is_now.frame or host_allowed(is_now.frame, hosts)
    every = (*mends, frame) if frame is not None else tuple(mends)
    return Change(
        kind=ChangeKind.FRAME,
        what=Text(
            "The button “{button}” stands in {place} now.",
            button=was.words,
            place=is_now.frame or Text("the page itself"),
        ),
        means=Text("A filing would stop here, before anything is sent."),
        stops=True,
        mends=every if allowed else (),
        look=not allowed,
    )


def _partner(was: Button, before: SeenPage, now: SeenPage, held: HeldStep) -> int | None:
    """Return the button that this one certainly is now."""
    ways: tuple[Callable[[Button], bool], ...] = (
        lambda each: said(each.words) == said(was.words) and each.frame == was.frame,
        lambda each: bool(was.into) and each.into == was.into and each.sends is was.sends,
        lambda each: alike(each.words, was.words) >= _ALIKE and each.sends is was.sends,
        lambda each: each.sends and was.sends,
    )
    known = {said(button.words) for button in before.buttons} - {said(was.words)}
    for way in ways:
        fits = [
            at for at, each in enumerate(now.buttons) if way(each) and said(each.words) not in known
        ]
        if len(fits) == 1:
            return fits[0]
    return held.now.whole.button


def _gone(held: HeldStep) -> Change:
    step = held.step
    assert isinstance(step, Press | AddRow | Submit)
    return Change(
        kind=ChangeKind.BUTTON_GONE,
        what=Text(
            "The button of this step is gone, or there are several: {step}",
            step=named(held.flow, held.place, step),
        ),
        means=Text("A filing would stop here. We are not sure which button stands for it: look."),
        stops=True,
        look=True,
    )

"""What changed on a page since its form was written down: the page held against the definition.

The definition's example is the page as it was. A step that finds nothing on the example before
anything is pressed cannot be judged on the live page either: it is told as not seen, never as
fine. A repair is proposed only where we are sure which box is which.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from optout.model.change import Change, ChangeKind, Compared, DropStep, Mend, Rewrite
from optout.model.flow import AskPerson, Flow, Open
from optout.model.form import SeenPage
from optout.model.look import Look, Place
from optout.rules.box_changes import box_changes
from optout.rules.button_changes import button_changes
from optout.rules.captcha_changes import captcha_changes
from optout.rules.held_steps import HeldStep, held_steps, looks_for_something, named, placed
from optout.rules.hosts import host_allowed
from optout.rules.new_boxes import new_box_changes
from optout.rules.page_state import instead_of_the_form, led_away, may_move_to, moved_to
from optout.rules.same_boxes import Pairs, pair_boxes
from optout.text import Text

_NEXT: Final = re.compile(r"\b(next|continue|proceed|go on|step \d|start|begin)\b", re.IGNORECASE)


def compare(
    flows: Mapping[str, Flow],
    before: Look | None,
    now: Look,
    *,
    opened: str,
    hosts: Collection[str],
) -> Compared:
    """Return what changed for the flows that open one page, and what could not be seen of them.

    `before` is the look at the definition's example; without one only the steps can be judged.
    """
    if away := led_away(now):
        return Compared(changes=(away,), not_seen=_all_steps(flows))
    if now.page is None:
        gone = instead_of_the_form(now, form_is_there=False)
        return Compared(changes=(gone,) if gone else (), not_seen=_all_steps(flows))
    steps = held_steps(flows, before, now)
    pairs = pair_boxes(before.page.boxes, now.page.boxes) if before and before.page else Pairs()
    if instead := instead_of_the_form(now, form_is_there=_form_is_there(before, now, steps, pairs)):
        return Compared(changes=(instead,), not_seen=_all_steps(flows))
    if before is None or before.page is None:
        changes = [*_steps_alone(steps)]
    else:
        held = _SideBySide(before.page, now.page, steps, pairs, hosts)
        changes = [*_changes(flows, held)]
    moved = _moved(flows, opened, now.page, hosts, sure=_form_is_there(before, now, steps, pairs))
    found, not_seen = _told_apart(flows, steps, changes, pairs)
    return Compared(changes=(*moved, *changes), found=found, not_seen=not_seen)


@dataclass(frozen=True, slots=True)
class _SideBySide:
    """Two readings of a page, and what the steps found in each."""

    before: SeenPage
    now: SeenPage
    steps: Sequence[HeldStep]
    pairs: Pairs
    hosts: Collection[str]


def _changes(flows: Mapping[str, Flow], held: _SideBySide) -> Iterator[Change]:
    before, now, steps, pairs = held.before, held.now, held.steps, held.pairs
    if spread := _spread_over_pages(before, now, steps, pairs):
        yield spread
        return
    yield from box_changes(before, now, steps, pairs, held.hosts)
    yield from new_box_changes(flows, before, now, steps, pairs)
    yield from button_changes(before, now, steps, held.hosts)
    yield from _waits(held)
    yield from captcha_changes(flows, before, now)


def _form_is_there(before: Look | None, now: Look, steps: Sequence[HeldStep], pairs: Pairs) -> bool:
    """Say whether this is still the form: half of what the steps found before is there."""
    if now.page is None:
        return False
    seen = [held for held in steps if held.before.whole.count] if before else list(steps)
    there = [held for held in seen if held.now.whole.count or held.before.whole.box in pairs.sure]
    if not seen:
        return bool(now.page.boxes or now.page.buttons)
    return 2 * len(there) >= len(seen)


def _spread_over_pages(
    before: SeenPage, now: SeenPage, steps: Sequence[HeldStep], pairs: Pairs
) -> Change | None:
    """Return the change of a form that begins with a part of its boxes and a button to go on."""
    used = {held.before.whole.box for held in steps if held.before.whole.box is not None}
    missing = [at for at in used if at not in pairs.sure]
    goes_on = [button for button in now.buttons if _NEXT.search(button.words)]
    went_on = [button for button in before.buttons if _NEXT.search(button.words)]
    if len(missing) < 2 or 2 * len(missing) < len(used) or not goes_on or went_on:  # noqa: PLR2004
        return None
    return Change(
        kind=ChangeKind.STEPS,
        what=Text(
            "The form is spread over several pages now: {count} boxes are not on the first one, "
            "and there is a button “{button}”.",
            count=len(missing),
            button=goes_on[0].words,
        ),
        means=Text(
            "What comes after that button cannot be seen without pressing it. Go through the "
            "pages yourself, with nothing typed, and write each as its own steps."
        ),
        stops=True,
        look=True,
    )


def _waits(pages: _SideBySide) -> Iterator[Change]:
    """Tell the steps that wait for something which is no box, and is not there any more."""
    frames = {pages.now.boxes[new].frame for new in pages.pairs.sure.values()}
    frame = frames.pop() if len(frames) == 1 else ""
    may = bool(frame) and host_allowed(frame, pages.hosts)
    for held in pages.steps:
        seen, sees = held.before.whole, held.now.whole
        if not held.waits or held.step.do == "when" or seen.box is not None:
            continue
        if seen.count and not sees.count:
            change = not_found(held)
            moved = may and frame != (held.step.in_frame or "")
            yield _framed(change, held, frame) if moved else change


def _framed(change: Change, held: HeldStep, frame: str) -> Change:
    """Look for it where all the boxes went."""
    old = held.step.in_frame or ""
    mend = Rewrite(flow=held.flow, place=held.place, key="in_frame", old=old, new=frame)
    return replace(change, kind=ChangeKind.FRAME, mends=(mend,), look=False)


def _moved(
    flows: Mapping[str, Flow], opened: str, now: SeenPage, hosts: Collection[str], *, sure: bool
) -> Iterator[Change]:
    """Tell an address that leads on to another one of the company's."""
    address = moved_to(opened, now)
    if not address or not may_move_to(address, hosts):
        return
    mends: list[Mend] = [
        Rewrite(flow=name, place=place, key="url", old=step.url, new=_with_rest(step.url, address))
        for name, flow in flows.items()
        for place, step in placed(flow)
        if sure and isinstance(step, Open) and not moved_to(opened, replace(now, url=step.url))
    ]
    yield Change(
        kind=ChangeKind.MOVED,
        what=Text("The page has another address now: {address}", address=address),
        means=Text("The old address leads there still. One day it may not.")
        if sure
        else Text("The form is not there. Look for it on the company's own site."),
        stops=not sure,
        mends=tuple(mends),
        look=not sure,
    )


def _with_rest(old: str, address: str) -> str:
    """Keep the part behind # of an address: it may say which form is meant."""
    _page, mark, rest = old.partition("#")
    return f"{address}{mark}{rest}"


def _steps_alone(steps: Sequence[HeldStep]) -> Iterator[Change]:
    """Judge the steps before the first press, where there is no example to hold against."""
    pressed: set[str] = set()
    for held in steps:
        if held.flow not in pressed and not held.now.whole.is_one and not held.waits:
            yield not_found(held)
        if held.button:
            pressed.add(held.flow)


def not_found(held: HeldStep) -> Change:
    """Return the change of a step that does not find exactly one place."""
    several = held.now.whole.count > 1
    step = named(held.flow, held.place, held.step)
    return Change(
        kind=ChangeKind.NOT_FOUND,
        what=Text("{step}: several places fit now.", step=step)
        if several
        else Text("{step}: nothing fits.", step=step),
        means=Text("A filing would stop here, before anything is sent."),
        stops=True,
        look=True,
    )


def only_proved(
    compared: Compared, flows: Mapping[str, Flow], before: Look | None, again: Look
) -> Compared:
    """Take out the rewrites whose steps do not lead to their box: those are for a person.

    `again` is the same page held against the flows with all rewrites in them.
    """
    if before is None or before.page is None:
        return compared
    boxes = again.page.boxes if again.page else ()
    pairs = pair_boxes(before.page.boxes, boxes)
    failed = {
        (held.flow, held.place)
        for held in held_steps(flows, before, again)
        if held.before.whole.is_one and not _leads_home(held, pairs)
    }
    return replace(compared, changes=tuple(_without(change, failed) for change in compared.changes))


def _leads_home(held: HeldStep, pairs: Pairs) -> bool:
    box = held.before.whole.box
    if box is None or held.waits:
        return held.now.whole.is_one
    return held.now.whole.is_one and held.now.whole.box == pairs.there(box)


def _without(change: Change, failed: Collection[tuple[str, Place]]) -> Change:
    """Keep a change's mends all or none: half of them would look like a repair."""
    tried = {(mend.flow, mend.place) for mend in change.mends if isinstance(mend, Rewrite)}
    return replace(change, mends=(), look=True) if tried & set(failed) else change


def _told_apart(
    flows: Mapping[str, Flow],
    steps: Sequence[HeldStep],
    changes: Sequence[Change],
    pairs: Pairs,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the steps that were found in their place, and those that could not be looked at."""
    touched = {
        (mend.flow, mend.place)
        for change in changes
        for mend in change.mends
        if isinstance(mend, Rewrite | DropStep)
    }
    known = {(held.flow, held.place): held for held in steps}
    found, not_seen = [], []
    for name, flow in flows.items():
        for place, step in placed(flow):
            held = known.get((name, place))
            if isinstance(step, Open) or (held is None and place[0] == 0 and _is_by_hand(step)):
                continue
            if held is not None and _is_in_place(held, pairs) and (name, place) not in touched:
                found.append(named(name, place, step))
            elif held is None or not held.before.whole.count:
                not_seen.append(named(name, place, step))
    return tuple(found), tuple(not_seen)


def _is_in_place(held: HeldStep, pairs: Pairs) -> bool:
    """Say whether a step finds one place, and of boxes the very one that it was written for."""
    old = held.before.whole.box
    same = old is None or held.waits or pairs.there(old) == held.now.whole.box
    return held.now.whole.is_one and same


def _is_by_hand(step: object) -> bool:
    """Say whether there is nothing to look for: a person does it, or it is a picture."""
    return isinstance(step, AskPerson) or getattr(step, "do", "") == "capture"


def _all_steps(flows: Mapping[str, Flow]) -> tuple[str, ...]:
    return tuple(
        named(name, place, step)
        for name, flow in flows.items()
        for place, step in placed(flow)
        if looks_for_something(step)
    )

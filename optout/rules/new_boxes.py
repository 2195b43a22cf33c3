"""Boxes that a page did not have before: what they ask of a person, and whether they must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from optout.model.change import Change, ChangeKind, NewStep
from optout.model.flow import Flow, Press, Submit
from optout.model.form import Box, BoxKind, SeenPage
from optout.model.look import Place
from optout.rules.box_changes import new_name_parts
from optout.rules.hands_off import names_what_is_never_typed
from optout.rules.held_steps import HeldStep, placed
from optout.rules.same_boxes import Pairs
from optout.text import Text

_REASONS: Mapping[BoxKind, str] = {
    BoxKind.CHECKBOX: "terms",
    BoxKind.FILE: "upload",
    BoxKind.SELECT: "choice",
    BoxKind.LISTBOX: "choice",
    BoxKind.RADIO: "choice",
}


def new_box_changes(
    flows: Mapping[str, Flow],
    before: SeenPage,
    now: SeenPage,
    steps: Sequence[HeldStep],
    pairs: Pairs,
) -> Iterator[Change]:
    """Yield each new box. What a page asks for newly is the person's to give, never ours."""
    known = set(pairs.sure.values()) | new_name_parts(before, now, steps, pairs)
    for at, box in enumerate(now.boxes):
        if at not in known:
            yield _required(flows, box) if box.is_required else _free(box)


def _required(flows: Mapping[str, Flow], box: Box) -> Change:
    mends = tuple(
        NewStep(flow=name, before=place, keys=_by_hand(box))
        for name, flow in flows.items()
        if (place := before_the_last(flow)) is not None
    )
    return Change(
        kind=ChangeKind.REQUIRED_NEW,
        what=Text("There is a new box that must be filled: “{box}”.", box=_called(box)),
        means=Text(
            "The page asks for something more. It is left to the person. To let the program fill "
            "it, write a step and put the field into `discloses`: two people have to agree."
        ),
        stops=True,
        mends=mends,
    )


def _free(box: Box) -> Change:
    return Change(
        kind=ChangeKind.BOX_NEW,
        what=Text("There is a new box: “{box}”.", box=_called(box)),
        means=Text(
            "It need not be filled, as far as the page says. The definition leaves it empty."
        ),
    )


def _by_hand(box: Box) -> Mapping[str, str]:
    return {
        "do": "ask_person",
        "reason": _REASONS.get(box.kind, "doubt"),
        "say": _say(box),
    }


def _say(box: Box) -> str:
    called = _called(box).replace("“", "").replace("”", "")
    if names_what_is_never_typed(called, box.name, box.id):
        return f"The page wants “{called}”. Leave it empty. If the page insists, stop here."
    if box.kind is BoxKind.CHECKBOX:
        words = f"Read the words beside “{called}”. Tick it only if you agree."
        return f"{words} Do not send the form yet."
    if box.kind is BoxKind.FILE:
        return f"The page wants a file: “{called}”. If you do not want to give it, stop here."
    return (
        f"The page wants “{called}”. Answer it yourself if you want to; if not, stop here. "
        "Do not send the form yet."
    )


def _called(box: Box) -> str:
    return " ".join(box.label.split())[:80] or box.name or box.id or "?"


def before_the_last(flow: Flow) -> Place | None:
    """Return where a step goes that is the last on the form's first page."""
    outer = {(0, at) for at in range(len(flow.leg[0].steps))}  # none inside a `when`
    steps = [(place, step) for place, step in placed(flow) if place in outer]
    filled = [
        at for at, (_place, step) in enumerate(steps) if step.do in {"fill", "choose", "check"}
    ]
    first = filled[0] if filled else 0
    for place, step in steps[first:]:
        if isinstance(step, Press | Submit):
            return place
    return None

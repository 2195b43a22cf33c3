"""A page held against the steps that are written for it: where each of them would lead.

Read-only, like reading a form: nothing is typed, chosen or pressed. Each step is looked for three
times, as a run looks for it, by its words alone and by its selector alone, because a run forgives
what a definition should not be left with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from optout.browser.host_classes import host_in
from optout.browser.read_form import (
    LOAD_SECONDS,
    NO_CAPTCHAS,
    FrameRead,
    OpenPage,
    PageNotRead,
    open_to_read,
)
from optout.browser.visit import Ask
from optout.model.flow import (
    AddRow,
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
from optout.model.form import SeenPage
from optout.model.look import Hit, Look, Place, Reached, StepSeen
from optout.rules.held_steps import looks_for_something, placed
from optout.rules.hosts import BadAddress, host_allowed

if TYPE_CHECKING:
    from optout.browser.fence import Fence
    from optout.browser.window import Window

_FINDER: Final = Path(__file__).with_name("find_steps.js")
_WAYS: Final = {"select": "select", "radio": "radio", "listbox": "list", "autocomplete": "fill"}


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A page that is open, and can be held against one wording of the steps after another."""

    page: OpenPage
    seen: SeenPage

    def look(self, flows: Mapping[str, Flow]) -> Look:
        """Return the page and where the first leg of each flow leads on it."""
        wanted = [
            (name, place, step)
            for name, flow in flows.items()
            for place, step in placed(flow)
            if place[0] == 0 and looks_for_something(step)
        ]
        places = _places(self.seen)
        asks = [ask for _name, _place, step in wanted for ask in _three(step)]
        read = self.page.read_by(
            _FINDER.read_text("utf-8"),
            {
                "places": [{"into": place.into, "at": at} for at, place in enumerate(places)],
                "asks": [dict(ask.asked()) for ask in asks],
            },
        )
        steps: dict[str, dict[Place, StepSeen]] = {name: {} for name in flows}
        for at, (name, place, step) in enumerate(wanted):
            steps[name][place] = _step_seen(step, read, at * 3, places, asks)
        return Look(reached=Reached.YES, page=self.seen, steps=steps)


@contextmanager
def open_form(
    url: str,
    *,
    fence: Fence,
    window: Window,
    captchas: Mapping[str, Sequence[str]] = NO_CAPTCHAS,
    seconds: float = LOAD_SECONDS,
) -> Iterator[OpenForm]:
    """Open one page behind this fence to hold it against flows; raise `PageNotRead`."""
    with open_to_read(url, fence=fence, window=window, captchas=captchas, seconds=seconds) as page:
        yield OpenForm(page, page.read())


def not_read(error: PageNotRead) -> Look:
    """Return the look at a page that could not be read."""
    if error.host:
        return Look(reached=Reached.ELSEWHERE, led_to=error.host, why=error.what)
    return Look(reached=Reached.NO, status=error.status, why=error.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """One thing of the page that a step can lead to."""

    into: str
    frame: str
    hit: Hit


def _places(page: SeenPage) -> list[_Spot]:
    return [spot for spot in _all_places(page) if spot.into]


def _all_places(page: SeenPage) -> Iterator[_Spot]:
    for at, box in enumerate(page.boxes):
        dots = [choice.into for choice in box.choices if choice.into]
        if dots:
            for number, choice in enumerate(box.choices):
                hit = Hit(count=1, box=at, choice=number)
                yield _Spot(into=choice.into, frame=box.frame, hit=hit)
        else:
            yield _Spot(into=box.into, frame=box.frame, hit=Hit(count=1, box=at))
    for at, button in enumerate(page.buttons):
        yield _Spot(into=button.into, frame=button.frame, hit=Hit(count=1, button=at))


def _three(step: Step) -> tuple[Ask, Ask, Ask]:
    whole = ask_of(step)
    return whole, replace(whole, into=""), replace(whole, words="")


def ask_of(step: Step) -> Ask:
    """Return how a run looks for what a step needs."""
    match step:
        case Fill() | ReadCode():
            return Ask(want="fill", words=step.label, into=step.into)
        case Choose(how="radio"):
            return Ask(want="radio", words=step.label, into=step.into, option=step.option)
        case Choose():
            want: Any = _WAYS[step.how]
            return Ask(want=want, words=step.label, into=step.into)
        case Check():
            return Ask(want="check", words=step.label, into=step.into)
        case Press() | AddRow() | Submit():
            return Ask(want="press", words=step.press, into=step.into)
        case WaitFor() | When() | Expect():
            return Ask(want="any", into=step.element)
    raise TypeError(step.do)


def _step_seen(
    step: Step,
    read: Sequence[FrameRead],
    first: int,
    places: Sequence[_Spot],
    asks: Sequence[Ask],
) -> StepSeen:
    frames = [frame for frame in read if _is_looked_at(frame, step.in_frame)]
    whole, words, into = (_hit(frames, first + at, places) for at in range(3))
    ask = asks[first]
    is_radio = ask.want == "radio"
    return StepSeen(
        whole=whole,
        by_words=words if ask.words or (is_radio and ask.option) else None,
        by_into=into if ask.into else None,
    )


def _hit(frames: Sequence[FrameRead], ask: int, places: Sequence[_Spot]) -> Hit:
    """Put together what the frames that a step looks at told of one way of looking."""
    count = sum(frame.told[ask]["count"] for frame in frames)
    for frame in frames:
        here: list[_Spot] = [
            places[at] for at in frame.told[ask]["at"] if places[at].frame == frame.frame
        ]
        if count == 1 and len(here) == 1:
            return here[0].hit
    return Hit(count=count)


def _is_looked_at(frame: FrameRead, in_frame: str | None) -> bool:
    if in_frame is None:
        return frame.frame == ""
    try:
        return host_allowed(host_in(frame.url), [in_frame])
    except BadAddress:
        return False

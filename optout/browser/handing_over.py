"""Giving the window, or a picture of it, to the person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from optout.browser.looking import shows_element
from optout.browser.visit import Visit, while_loading
from optout.browser.written import written
from optout.model.fields import Field
from optout.model.flow import AskPerson, Choose, Fill, Step, When
from optout.model.ports import HandOver, Remaining
from optout.model.secret import Secret
from optout.text import Text, as_written

REASONS: Final = {
    "captcha": Text("The page wants to know whether you are a person."),
    "identity": Text("The page wants to check who you are."),
    "upload": Text("The page asks for a document."),
    "doubt": Text("This page needs a person's eyes."),
    "terms": Text("The page asks you to agree to something. Only you can do that."),
    "choice": Text("The page asks something that only you can decide."),
}
# Done: something to see has appeared, or the box (a hidden one too) holds a value or a tick.
_IS_DONE: Final = """els => els.some((el) => {
  if (el.matches('input[type=checkbox], input[type=radio]')) return el.checked;
  if ('value' in el && el.matches('input, textarea, select')) return el.value !== '';
  return el.checkVisibility();
})"""


def for_step(step: AskPerson, visit: Visit, *, visible: bool, picture: bytes) -> HandOver:
    """Ask for one thing in the middle of a form."""
    return HandOver(
        why=REASONS[step.reason],
        what=as_written(step.say),
        minutes=step.minutes,
        window_visible=visible,
        remaining=() if visible else shown_values(visit),
        picture=None if visible else picture,
    )


def at_wall(visit: Visit, *, visible: bool, picture: bytes) -> HandOver:
    """Ask for what lets a search through: the page wants to see a person first."""
    return HandOver(
        why=REASONS["captcha"],
        what=Text("Do what the page asks, until it shows results or goes on by itself."),
        minutes=2,
        window_visible=visible,
        remaining=() if visible else shown_values(visit),
        picture=None if visible else picture,
    )


def to_submit(press: str) -> HandOver:
    """Ask the person to look and to press the last button themselves."""
    return HandOver(
        why=Text("Everything is filled in. Nobody has tried this form on the real site yet."),
        what=Text("Look at the page. If all is right, press “{button}” yourself.", button=press)
        if press
        else Text("Look at the page. If all is right, press the button that sends it yourself."),
        minutes=2,
        window_visible=True,
        person_submits=True,
    )


def to_send(say: str, visit: Visit, *, visible: bool, picture: bytes) -> HandOver:
    """Ask for the one thing that files the request where no button does: a robot check."""
    return HandOver(
        why=REASONS["captcha"],
        what=as_written(say),
        minutes=2,
        window_visible=visible,
        remaining=() if visible else shown_values(visit),
        person_submits=True,
        picture=None if visible else picture,
    )


def to_look(visit: Visit, picture: bytes) -> HandOver:
    """Ask the person to look at a picture before we press the last button."""
    return HandOver(
        why=Text("Everything is filled in. Nobody has tried this form on the real site yet."),
        what=Text("Look at the picture and at the values. Nothing was sent yet."),
        minutes=2,
        window_visible=False,
        remaining=shown_values(visit),
        picture=picture,
    )


def to_finish(why: Text, press: str, remaining: tuple[Remaining, ...]) -> HandOver:
    """Ask the person to do by hand what the page did not let us do."""
    return HandOver(
        why=why,
        what=Text(
            "Please fill in what is missing, from this list. Then press “{button}” yourself.",
            button=press,
        )
        if press
        else Text(
            "Please fill in what is missing, from this list. Then press the button that sends it"
            " yourself."
        ),
        minutes=5,
        window_visible=True,
        remaining=remaining,
        person_submits=True,
    )


def shown_values(visit: Visit) -> tuple[Remaining, ...]:
    """Return what was entered so far, for somebody who sees only a picture."""
    return tuple(
        Remaining(field=field, place="", value=visit.values[field]) for field in visit.filled
    )


def remaining_values(visit: Visit, steps: Iterable[Step]) -> tuple[Remaining, ...]:
    """Return each value that these steps would still enter, with its place on the page."""
    return tuple(_remaining(visit, steps))


def _remaining(visit: Visit, steps: Iterable[Step]) -> Iterable[Remaining]:
    for step in steps:
        if isinstance(step, When):
            yield from _remaining(visit, step.steps)
        elif isinstance(step, Fill | Choose) and step.field in visit.values:
            assert step.field is not None
            value = written(step.field, visit.values[step.field].reveal(), step.format)
            yield Remaining(field=step.field, place=step.label, value=Secret(value))


async def is_done(visit: Visit, step: AskPerson) -> bool:
    """Say whether the page shows that the person did it; without a sign we believe them."""
    if not step.done_when:
        return True
    for frame in visit.frames(step.in_frame):
        selector = _engine_of(step.done_when) + step.done_when
        if await while_loading(frame.eval_on_selector_all(selector, _IS_DONE), otherwise=False):
            return True
    return False


def _engine_of(selector: str) -> str:
    return "xpath=" if selector.startswith(("/", "./", "(")) else "css="


def fields_of(remaining: Iterable[Remaining]) -> tuple[Field, ...]:
    """Return the fields that a person may have typed by hand."""
    return tuple(one.field for one in remaining)


__all__ = [
    "at_wall",
    "fields_of",
    "for_step",
    "is_done",
    "remaining_values",
    "shown_values",
    "shows_element",
    "to_finish",
    "to_look",
    "to_send",
    "to_submit",
]

"""The runner's own refusals: it believes no definition about what may be ticked, typed or pressed.

Lint refuses the same before anybody runs it; here the page's own words are looked at as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optout.browser.stops import Stop
from optout.browser.visit import Ask, Visit
from optout.model.flow import Step, Submit
from optout.rules.flows import is_same_button
from optout.rules.hands_off import (
    is_for_people,
    is_never_typed,
    names_what_is_never_typed,
    says_agreed,
)
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

_FOR_PEOPLE: Final = Text("Only you may agree, sign, or answer a robot check. It was left alone.")
_NEVER: Final = Text(
    "This box is for an identity number, a paper or a status: nothing is ever typed into it."
)
_FILES: Final = Text("The definition presses the button that sends the form twice.")
_LABELS: Final = """el => [
  el.getAttribute('aria-label') ?? '', el.closest('label')?.innerText ?? '',
  ...[...(el.labels ?? [])].map((label) => label.innerText),
  ...(el.getAttribute('aria-labelledby') ?? '').split(/\\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)?.innerText ?? '')]"""
_NAMES: Final = "el => [el.id, el.getAttribute('name') ?? '']"


def check_step(step: Step, submit: Submit | None) -> None:
    """Stop where the words of a step say that it is not a program's to do."""
    if is_for_people(step):
        raise Stop(_FOR_PEOPLE, person_can_go_on=True)
    if is_never_typed(step):
        raise Stop(_NEVER, person_can_go_on=True)
    if submit is not None and is_same_button(step, submit):
        raise Stop(_FILES)


async def check_box_to_tick(box: ElementHandle) -> None:
    """Stop where the page says that this box agrees to something or attests it."""
    if says_agreed(*await box.evaluate(_LABELS)):
        raise Stop(_FOR_PEOPLE, person_can_go_on=True)


async def check_box_to_fill(box: ElementHandle) -> None:
    """Stop where the page's own name of a box says what is never typed."""
    if names_what_is_never_typed(*await box.evaluate(_NAMES)):
        raise Stop(_NEVER, person_can_go_on=True)


async def check_button(visit: Visit, button: ElementHandle, in_frame: str | None) -> None:
    """Stop where this button, however it was named, is the one that files the request."""
    submit = visit.submit
    if submit is None or (submit.say and not submit.in_row):
        return
    last = await visit.all(Ask(want="press", words=submit.press, into=submit.into), in_frame)
    if len(last) == 1 and await button.evaluate("(one, other) => one === other", last[0].element):
        raise Stop(_FILES)

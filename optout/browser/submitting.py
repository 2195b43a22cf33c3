"""The one button that files the request, and what the page says afterwards.

Before the press everything is checked and nothing can be in doubt. After it, success is only what
the definition says that only success shows; all else is *unknown*.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from optout.browser.host_classes import host_in
from optout.browser.looking import shows_element, shows_text
from optout.browser.readback import check_entered
from optout.browser.stops import Stop
from optout.browser.visit import POLL_SECONDS, Ask, Visit, while_loading
from optout.model.flow import Submit
from optout.rules.hosts import BadAddress, host_allowed
from optout.rules.plain_text import plain_text
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

LONGEST_REFERENCE: Final = 64
_ACTION: Final = """el => {
  const form = el.form ?? el.closest('form');
  if (!form) return '';
  const own = el.getAttribute('formaction') ?? form.getAttribute('action');
  return own ? new URL(own, document.baseURI).href : document.URL;
}"""
_ACTIONS_OF_FILLED: Final = """() => [...document.forms]
  .filter((form) => [...form.elements].some((el) => el.value &&
    el.matches('input:not([type=hidden], [type=submit]), select, textarea')))
  .map((form) => new URL(form.getAttribute('action') || document.URL, document.baseURI).href)"""
# A page that asks for a password or a card is a login wall or an offer, whatever else it says.
_WALL: Final = """() => [...document.querySelectorAll(
    "input[type=password], input[autocomplete^=cc-], input[name*=card i][name*=number i]")]
  .some((el) => el.checkVisibility())"""
_DEAD_PAGE: Final = "chrome-error:"


class Seen(Enum):
    """What the page showed after the press."""

    SUCCESS = auto()
    REFUSAL = auto()
    WALL = auto()
    ELSEWHERE = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was true just before the press."""

    bytes_to_broker: int
    passages: int
    anomalies: int
    refusals_shown: tuple[str, ...]


async def find_button(visit: Visit, step: Submit) -> ElementHandle:
    """Return the button, usable, in a form that leads to the broker."""
    button = await visit.find(
        Ask(want="press", words=step.press, into=step.into),
        in_frame=step.in_frame,
        seconds=step.within_seconds,
    )
    await check_leads_home(visit, button)
    return button


async def check_ready(visit: Visit, step: Submit, button: ElementHandle) -> None:
    """Stop unless the page holds what was entered and the button can be pressed."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    await check_entered(visit)
    if await is_success(visit, step):
        raise Stop(Text("The page already shows the sentence that only success should show."))
    pressable = True
    try:
        # Everything but the press itself: in view, enabled, and nothing lies over it.
        await button.click(trial=True, timeout=step.within_seconds * 1000)
    except Error:
        pressable = False
    if not pressable:
        raise Stop(Text("The button cannot be pressed yet."), person_can_go_on=True)


async def check_leads_home(visit: Visit, button: ElementHandle) -> None:
    """Stop if the form would send what was typed to somebody else."""
    _check_action(visit, str(await button.evaluate(_ACTION)))


async def check_forms_lead_home(visit: Visit) -> None:
    """Check every form that holds something: a person will press the button."""
    for action in await visit.page.evaluate(_ACTIONS_OF_FILLED):
        _check_action(visit, str(action))


def _check_action(visit: Visit, action: str) -> None:
    if not action or action.startswith("javascript:"):
        return
    try:
        leads_home = host_allowed(host_in(action), visit.fence.hosts)
    except BadAddress:
        leads_home = False
    if not leads_home:
        raise Stop(Text("The form on this page would be sent to somebody else."))


async def before(visit: Visit, step: Submit) -> Before:
    """Note what is true now, to tell afterwards what the press changed."""
    shown = [words for words in step.refuse if await shows_text(visit, words)]
    return Before(
        bytes_to_broker=visit.fence.proxy.sent_to_broker(),
        passages=len(visit.fence.proxy.passages),
        anomalies=len(visit.fence.anomalies),
        refusals_shown=tuple(shown),
    )


async def press(button: ElementHandle, seconds: float) -> None:
    """Press, once. Whether that worked is seen on the page and nowhere else."""
    await while_loading(button.click(timeout=seconds * 1000, no_wait_after=True), None)


async def look_for_success(visit: Visit, step: Submit, noted: Before, seconds: float) -> Seen:
    """Watch the page until it shows success, refusal, or nothing more is to come."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while True:
        seen = await _seen(visit, step, noted)
        dead = visit.page.is_closed() or visit.page.url.startswith(_DEAD_PAGE)
        if seen is not Seen.NOTHING or dead or clock() >= end:
            return seen
        await asyncio.sleep(POLL_SECONDS)


async def _seen(visit: Visit, step: Submit, noted: Before) -> Seen:
    if len(visit.fence.anomalies) > noted.anomalies:
        return Seen.ELSEWHERE
    for words in step.refuse:
        if words not in noted.refusals_shown and await shows_text(visit, words, _frames(visit)):
            return Seen.REFUSAL
    if not await is_success(visit, step):
        return Seen.NOTHING
    if await while_loading(visit.page.evaluate(_WALL), otherwise=False):
        return Seen.WALL
    return Seen.SUCCESS


async def is_success(visit: Visit, step: Submit) -> bool:
    """Say whether the page shows all that the definition says only success shows."""
    if not await shows_text(visit, step.expect, _frames(visit)):
        return False
    if not step.expect_element:
        return True
    return await shows_element(visit, step.expect_element, step.in_frame)


def _frames(visit: Visit) -> list:  # type: ignore[type-arg] # Playwright's Frame, heavy to import
    """Return the page and those frames in it that are the broker's own."""
    frames = visit.page.frames
    return [f for f in frames if host_allowed(visit.host_of_frame(f), visit.fence.hosts)]


def certainly_not_sent(visit: Visit, noted: Before) -> bool:
    """Say whether nothing reached the broker since the press: the connection was refused."""
    visit.fence.shut()
    return visit.fence.got_nothing_since(noted.passages, noted.bytes_to_broker)


async def reference(visit: Visit, step: Submit) -> str:
    """Return the broker's number from the page, cleaned."""
    if not step.reference:
        return ""
    found = await visit.all(Ask(want="any", into=step.reference), step.in_frame)
    if len(found) != 1:
        return ""
    untrusted = await while_loading(found[0].inner_text(), "")
    return plain_text(untrusted, LONGEST_REFERENCE)

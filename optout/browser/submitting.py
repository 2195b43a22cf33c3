"""The one button that files the request, and what the page says afterwards.

Before the press everything is checked and nothing can be in doubt. After it, success is only what
the definition says that only success shows; all else is *unknown*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from optout.browser.host_classes import host_in
from optout.browser.live_rows import check_still_own, find_in_row
from optout.browser.looking import shows_element, texts_shown
from optout.browser.readback import check_entered
from optout.browser.stops import Stop
from optout.browser.visit import Ask, Visit, asked_again, while_loading
from optout.model.flow import Submit
from optout.rules.hosts import BadAddress, host_allowed
from optout.rules.plain_text import plain_text
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame

LONGEST_REFERENCE: Final = 64
# Where the button's form leads, and whether a press would reach the button: in view, not off, and
# nothing over it. Asked before the press, because afterwards nobody can say what it did.
_BUTTON: Final = """el => {
  const form = el.form ?? el.closest('form');
  const own = el.getAttribute('formaction') ?? form?.getAttribute('action');
  const action = !form ? '' : own ? new URL(own, document.baseURI).href : document.URL;
  if (el.matches(':disabled, [aria-disabled=true]') || !el.isConnected) return [action, false];
  el.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const box = el.getBoundingClientRect();
  const root = el.getRootNode();
  const top = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return [action, Boolean(top) && (el.contains(top) || top.contains(el))];
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
    shown: frozenset[str]  # which of the words that will matter the page showed already


async def find_button(visit: Visit, step: Submit) -> ElementHandle:
    """Return the button, usable, in a form that leads to the broker."""
    ask = Ask(want="press", words=step.press, into=step.into)
    if step.in_row:
        found = await find_in_row(visit, ask, step.within_seconds)
    else:
        found = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    async for _waited in asked_again(step.within_seconds):
        action, usable = await found.element.evaluate(_BUTTON)
        _check_action(visit, str(action))
        if usable:
            return found.element
    raise Stop(Text("The button cannot be pressed yet."), person_can_go_on=True)


async def where_it_leads(button: ElementHandle) -> str:
    """Return the host that a button's form is sent to; "" where a script decides."""
    action, _usable = await button.evaluate(_BUTTON)
    try:
        return host_in(str(action))
    except BadAddress:
        return ""


async def check_ready(visit: Visit, step: Submit) -> Before:
    """Stop unless the page holds what was entered; return what must change by the press."""
    await check_entered(visit)
    return await before(visit, step)


async def before(visit: Visit, step: Submit) -> Before:
    """Note what is true now, to tell afterwards what the press changed."""
    shown = await texts_shown(visit, (step.expect, *step.refuse), _frames(visit))
    if step.expect in shown and await _shows_element(visit, step):
        raise Stop(Text("The page already shows the sentence that only success should show."))
    return Before(
        bytes_to_broker=visit.fence.proxy.sent_to_broker(),
        passages=len(visit.fence.proxy.passages),
        anomalies=len(visit.fence.anomalies),
        shown=shown,
    )


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


async def check_right_row(visit: Visit, step: Submit, button: ElementHandle) -> None:
    """Stop unless a button in a row still stands in the row of the listing."""
    if step.in_row:
        await check_still_own(visit, button)


async def press(button: ElementHandle, seconds: float) -> None:
    """Press, once. Whether that worked is seen on the page and nowhere else."""
    await while_loading(button.click(timeout=seconds * 1000, no_wait_after=True), None)


async def look_for_success(visit: Visit, step: Submit, noted: Before, seconds: float) -> Seen:
    """Watch the page until it shows success, refusal, or nothing more is to come."""
    seen = Seen.NOTHING
    async for _waited in asked_again(seconds):
        seen = await _seen(visit, step, noted)
        dead = visit.page.is_closed() or visit.page.url.startswith(_DEAD_PAGE)
        if seen is not Seen.NOTHING or dead:
            break
    return seen


async def _seen(visit: Visit, step: Submit, noted: Before) -> Seen:
    if len(visit.fence.anomalies) > noted.anomalies:
        return Seen.ELSEWHERE
    shown = await texts_shown(visit, (step.expect, *step.refuse), _frames(visit))
    if any(words in shown - noted.shown for words in step.refuse):
        return Seen.REFUSAL
    if step.expect not in shown or not await _shows_element(visit, step):
        return Seen.NOTHING
    if await while_loading(visit.page.evaluate(_WALL), otherwise=False):
        return Seen.WALL
    return Seen.SUCCESS


async def _shows_element(visit: Visit, step: Submit) -> bool:
    """Say whether the element that goes with the sentence is there, if one does."""
    wanted = step.expect_element
    return not wanted or await shows_element(visit, wanted, step.in_frame)


def _frames(visit: Visit) -> Sequence[Frame]:
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
    untrusted = await while_loading(found[0].element.inner_text(), "")
    return plain_text(untrusted, LONGEST_REFERENCE)

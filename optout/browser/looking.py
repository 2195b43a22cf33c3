"""Looking at what a page shows: texts, elements, values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from optout.browser.stops import NotFound
from optout.browser.visit import Ask, Visit, asked_again, until, while_loading
from optout.model.fields import Field
from optout.model.flow import Expect, WaitFor, When
from optout.rules.compared import compares
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import Frame

_NORMAL: Final = r"""
  const plain = (text) => text.normalize("NFKC").replace(/[\p{Cf}\p{Cc}\s]+/gu, " ")
    .replace(/[‘’]/g, "'").replace(/[“”]/g, '"').trim().toLowerCase();
  const shown = () => plain(document.body ? document.body.innerText : "");
"""
_SHOWN: Final = (
    "(texts) => {" + _NORMAL + "const all = shown();"
    " return texts.map((text) => all.includes(plain(text))); }"
)
_SHOWS_VALUE: Final = (
    "(value) => {"
    + _NORMAL
    + r"""
  const wanted = plain(value), digits = value.replace(/\D/g, "");
  const boxes = [...document.querySelectorAll("input, textarea, select")].map((box) => box.value);
  const texts = [shown(), ...boxes.map(plain)];
  if (texts.some((text) => text.includes(wanted))) return true;
  const number = digits.length >= 7 && /^[\d+().\s/-]+$/.test(value);
  const national = digits.length === 11 && digits.startsWith("1") ? digits.slice(1) : digits;
  return number && texts.some((text) => text.replace(/[\s().+-]/g, "").includes(national));
}"""
)
_LENGTH: Final = (
    "() => document.readyState === 'complete' && document.body"
    " ? document.body.innerText.length : -1"
)
_EMPTY_BOXES: Final = r"""() => {
  const typed = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file],"
    + " [type=submit], [type=button], [type=image], [type=reset])";
  const named = (box) => box.labels?.[0]?.innerText || box.getAttribute("aria-label")
    || box.placeholder || box.name || "";
  return [...document.querySelectorAll(typed)]
    .filter((box) => box.checkVisibility({visibilityProperty: true}) && !box.value.trim())
    .map((box) => named(box).replace(/[\s*]+/g, " ").trim().slice(0, 80))
    .filter((name) => name).slice(0, 40);
}"""
_LOGIN_BOX: Final = """() => [...document.querySelectorAll("input[type=password]")]
  .some((box) => box.checkVisibility({visibilityProperty: true}))"""
# A page that has loaded and shows the same for this long is not about to show something else.
_STEADY_SECONDS: Final = 0.3


async def expect(visit: Visit, step: Expect) -> None:
    """Stop unless the page shows it."""
    if not await until(lambda: _holds(visit, step), step.within_seconds):
        raise NotFound(Text("The page does not show what this step expects."))


async def wait_for(visit: Visit, step: WaitFor) -> None:
    """Wait until the page shows it."""
    if not await until(lambda: _holds(visit, step), step.within_seconds):
        raise NotFound(Text("The page did not show what this step waits for."))


async def is_so(visit: Visit, step: When) -> bool:
    """Say whether the page shows it, once it shows anything for good."""
    if step.field is not None:
        secret = visit.values.get(step.field)
        return secret is not None and compares(secret.reveal(), step.compares, step.than)
    return await _before_steady(visit, lambda: _holds(visit, step), step.within_seconds)


async def comes_true(
    visit: Visit, condition: Callable[[], Awaitable[bool]], seconds: float
) -> bool:
    """Say whether something came true before the page had loaded and stood still."""
    return await _before_steady(visit, condition, seconds)


async def settle(visit: Visit, seconds: float) -> None:
    """Wait until the page shows the same for a moment: what was pressed had its effect."""
    await _before_steady(visit, _never, seconds)


async def _before_steady(
    visit: Visit, condition: Callable[[], Awaitable[bool]], seconds: float
) -> bool:
    """Say whether a condition came true before the page had loaded and stood still."""
    length, steady_since = -1, 0.0
    async for waited in asked_again(seconds):
        if await condition():
            return True
        now = await while_loading(visit.page.main_frame.evaluate(_LENGTH), -1)
        if now != length:
            length, steady_since = now, waited
        elif now >= 0 and waited - steady_since >= _STEADY_SECONDS:
            return False
    return False


async def _never() -> bool:
    return False


async def texts_shown(
    visit: Visit, texts: Sequence[str], frames: Sequence[Frame] = ()
) -> frozenset[str]:
    """Return those of the texts that any of these frames (or the page) shows to a person."""
    shown: set[str] = set()
    for frame in frames or (visit.page.main_frame,):
        told = await while_loading(frame.evaluate(_SHOWN, list(texts)), [])
        shown.update(text for text, there in zip(texts, told, strict=False) if there)
    return frozenset(shown)


async def shows_element(visit: Visit, selector: str, in_frame: str | None = None) -> bool:
    """Say whether a person can see such an element."""
    return bool(await visit.all(Ask(want="any", into=selector), in_frame))


async def empty_boxes(visit: Visit) -> tuple[str, ...]:
    """Return the labels of the boxes that a person sees and that nothing was typed into."""
    found = await while_loading(visit.page.main_frame.evaluate(_EMPTY_BOXES), [])
    return tuple(dict.fromkeys(map(str, found)))


async def wants_login(visit: Visit) -> bool:
    """Say whether the page shows a box for a password."""
    for frame in visit.page.frames:
        if await while_loading(frame.evaluate(_LOGIN_BOX), otherwise=False):
            return True
    return False


async def shows_value(visit: Visit, field: Field, in_frame: str | None = None) -> bool:
    """Say whether the page shows one of the person's values."""
    secret = visit.values.get(field) or visit.recognize.get(field)
    if secret is None:
        return False
    for frame in visit.frames(in_frame):
        shown = frame.evaluate(_SHOWS_VALUE, secret.reveal())
        if await while_loading(shown, otherwise=False):
            return True
    return False


async def _holds(visit: Visit, step: Expect | WaitFor | When) -> bool:
    frames = visit.frames(step.in_frame)
    if step.text and not (frames and await texts_shown(visit, [step.text], frames)):
        return False
    if step.element and not await shows_element(visit, step.element, step.in_frame):
        return False
    if step.address and step.address not in visit.page.url:
        return False
    wanted = step.shows if isinstance(step, Expect) else None
    return wanted is None or await shows_value(visit, wanted, step.in_frame)

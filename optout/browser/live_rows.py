"""The rows of the page that is open: read, waited for, turned over, and one of them pressed in.

A press belongs to one listing. Its row is looked for among the rows that the page shows at that
moment; none, or two that fit, and nothing is pressed. While more pages follow, one that fits
without the listing's own number may not be the only one.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from optout.browser.find_rows import FINDER, asked_of_page, raw_rows, too_many_rows
from optout.browser.looking import settle, shows_element, texts_shown
from optout.browser.readback import check_entered
from optout.browser.stops import NotFound, Stop
from optout.browser.visit import Ask, Found, Visit, asked_again, while_loading
from optout.model.flow import Extract
from optout.model.row import Row
from optout.rules.read_row import profile_of, read_row
from optout.rules.row_identity import is_same_listing, share_a_number
from optout.rules.row_words import BadPattern, Patterns
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame, JSHandle

_READ: Final = "(given) => ({script})(null, given)"
_LOADED: Final = "() => document.readyState === 'complete'"
_OFF: Final = (
    "el => el.matches(':disabled, [aria-disabled=true], .disabled') || "
    "Boolean(el.closest('.disabled, [aria-disabled=true]'))"
)
# What leads on, by the words that sites use; a “more” inside a row tells more of that row only.
_LEADS_ON: Final = r"""(rows) => {
  const more = "( results| records| people)?";
  const words = new RegExp("^((go to )?(the )?next( page)?|(load|show|view|see) more" + more
    + "|more (results|records|people)|siguiente|página siguiente"
    + "|(ver|mostrar|cargar) más( resultados)?)[\\s›»>→.…]*$", "i");
  const inPages = '[class*="paginat" i], [class*="pager" i], [aria-label*="pagination" i]';
  const off = '[disabled], [aria-disabled=true], .disabled, [aria-current]';
  const isShown = (el) => el.checkVisibility({visibilityProperty: true});
  return document.querySelector('link[rel~=next]') !== null
    || [...document.querySelectorAll('a, button, [role=button], [role=link], input[type=submit]')]
      .some((el) => {
        const said = (el.innerText || el.value || '').trim().slice(0, 60);
        const leads = el.matches('[rel~=next]') || words.test(said)
          || words.test((el.getAttribute('aria-label') || '').trim())
          || (/^(2|[›»>→])$/.test(said) && el.closest(inPages) !== null);
        return leads && isShown(el) && el.closest(off) === null
          && !(rows || []).some((row) => row.contains(el));
      });
}"""
# “Nobody” that stands only while the rows are on their way is no answer.
_NONE_SECONDS: Final = 1.0
_SETTLE_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRows:
    """What one page of results shows now."""

    rows: tuple[Row, ...] = ()
    said_none: bool = False
    frame: Frame | None = None
    elements: JSHandle | None = None  # the rows on the page, in the same order

    @property
    def understood(self) -> bool:
        """Say whether the page said anything."""
        return bool(self.rows) or self.said_none


async def read_rows(visit: Visit, step: Extract) -> LiveRows:
    """Return the rows that the page shows at this moment, and whether it says that it has none."""
    for frame in visit.frames(step.in_frame):
        asked = {**asked_of_page(step.rows, profile_of(step.read)), "now": True}
        script = _READ.replace("{script}", FINDER.read_text("utf-8"))
        nothing: Any = None
        handle = await while_loading(frame.evaluate_handle(script, asked), nothing)
        if handle is None:
            continue
        told = json.loads(await (await handle.get_property("told")).json_value())
        if told["too_many"]:
            raise too_many_rows()
        if told["rows"]:
            elements = await handle.get_property("rows")
            return LiveRows(rows=_read(told, step), frame=frame, elements=elements)
    return LiveRows(said_none=await _says_none(visit, step))


def _read(told: object, step: Extract) -> tuple[Row, ...]:
    patterns = Patterns(asyncio.get_running_loop().time)
    profile = profile_of(step.read)
    try:
        return tuple(read_row(raw, profile, patterns) for raw in raw_rows(told))
    except BadPattern as bad:
        raise Stop(bad.what) from None


async def _says_none(visit: Visit, step: Extract) -> bool:
    """Say whether the page shows its own sign that it has nobody, for people to see."""
    if step.none and await shows_element(visit, step.none, step.in_frame):
        return True
    words = step.none_text
    frames = visit.frames(step.in_frame)
    return bool(words) and bool(frames) and bool(await texts_shown(visit, [words], frames))


async def wait_for_rows(visit: Visit, step: Extract) -> LiveRows:
    """Return what the page shows once it shows rows, or for good that it has none.

    Neither within the step's time: `understood` is False.
    """
    none_since: float | None = None
    async for waited in asked_again(step.within_seconds):
        seen = await read_rows(visit, step)
        if seen.rows:
            await settle(visit, min(_SETTLE_SECONDS, step.within_seconds))
            return await read_rows(visit, step)
        if not seen.said_none or not await _is_loaded(visit):
            none_since = None
        elif none_since is None:
            none_since = waited
        elif waited - none_since >= _NONE_SECONDS:
            return seen
    return LiveRows()


async def _is_loaded(visit: Visit) -> bool:
    return await while_loading(visit.page.main_frame.evaluate(_LOADED), otherwise=False)


async def extract(visit: Visit, step: Extract) -> None:
    """Learn what a row of this page is, and stop unless it shows any."""
    seen = await wait_for_rows(visit, step)
    if seen.said_none:
        raise Stop(Text("The page says that it lists nobody of this name. Nothing was asked."))
    if not seen.rows:
        raise NotFound(Text("The page does not show the rows that this step reads."))
    visit.rows = step


async def turn_page(visit: Visit, step: Extract, before: LiveRows) -> LiveRows | None:
    """Go to the next page of results; None where there is no next page."""
    if not step.next:
        return None
    button = await _next_button(visit, step)
    if button is None:
        return None
    await check_entered(visit)
    await button.click(timeout=step.within_seconds * 1000)
    visit.presses += 1
    async for _waited in asked_again(step.within_seconds):
        seen = await read_rows(visit, step)
        if seen.understood and seen.rows != before.rows:
            await settle(visit, min(_SETTLE_SECONDS, step.within_seconds))
            return await read_rows(visit, step)
    return LiveRows()


async def has_next(visit: Visit, step: Extract, seen: LiveRows) -> bool:
    """Say whether the page leads on to more rows, also where the definition knows of none.

    Who is not among rows that are not all of them may still be listed.
    """
    if step.next and await _next_button(visit, step) is not None:
        return True
    frame = seen.frame or visit.page.main_frame
    return await while_loading(frame.evaluate(_LEADS_ON, seen.elements), otherwise=True)


async def _next_button(visit: Visit, step: Extract) -> ElementHandle | None:
    """Return what leads on, by its words or its selector, where it is there and not switched off.

    Pages often show it twice, above and below the rows.
    """
    ask = Ask(want="press", words=step.next, into=step.next)
    for found in await visit.all(ask, step.in_frame):
        if not await while_loading(found.element.evaluate(_OFF), otherwise=True):
            return found.element
    return None


# ---- one listing's row ----


@dataclass(frozen=True, slots=True)
class OwnRow:
    """The row of the listing that is being removed, on the page."""

    element: ElementHandle
    frame: Frame


async def own_row(visit: Visit) -> OwnRow:
    """Return the one row that is the listing, on whichever page of the results it stands."""
    step = visit.rows
    if step is None or visit.listing is None:
        raise Stop(Text("The definition does not say what a row of this page is."))
    seen = await wait_for_rows(visit, step)
    for page in range(step.pages):
        fits = _fitting(visit.listing, seen.rows)
        if len(fits) == 1 and seen.elements is not None and seen.frame is not None:
            if not share_a_number(visit.listing, seen.rows[fits[0]]):
                await _check_last_page(visit, step, seen)
            return await _element(seen, fits[0])
        if len(fits) > 1:
            raise Stop(Text("Two rows of the page may be the listing. Nothing was pressed."))
        turned = await turn_page(visit, step, seen) if page + 1 < step.pages else None
        if turned is None or not turned.rows:
            break
        seen = turned
    raise Stop(Text("The listing is not among the rows of the page. Nothing was pressed."))


async def _check_last_page(visit: Visit, step: Extract, seen: LiveRows) -> None:
    """Stop where a row that nobody has read yet may be the listing as well."""
    if await has_next(visit, step, seen):
        raise Stop(
            Text("A row fits, but on the pages after it another may too. Nothing was pressed."),
            person_can_go_on=True,
        )


def _fitting(listing: Row, rows: tuple[Row, ...]) -> list[int]:
    return [at for at, row in enumerate(rows) if is_same_listing(listing, row)]


async def _element(seen: LiveRows, at: int) -> OwnRow:
    assert seen.elements is not None
    assert seen.frame is not None
    handle = await seen.elements.evaluate_handle("(rows, at) => rows[at]", at)
    element = handle.as_element()
    if element is None:
        raise Stop(Text("The page changed while it was read. Nothing was pressed."))
    return OwnRow(element=element, frame=seen.frame)


async def find_in_row(visit: Visit, ask: Ask, seconds: float) -> Found:
    """Return the one button inside the listing's own row."""
    row = await own_row(visit)
    async for _waited in asked_again(min(seconds, _SETTLE_SECONDS)):
        inside = [
            each
            for each in await while_loading(row.element.query_selector_all(ask.selector()), [])
            if await row.element.evaluate("(row, one) => row.contains(one)", each)
        ]
        if len(inside) == 1:
            return Found(inside[0], row.frame)
    if inside:
        raise Stop(Text("The row has several buttons that fit this step. Nothing was pressed."))
    raise Stop(Text("The row does not have the button of this step. Nothing was pressed."))


async def check_still_own(visit: Visit, button: ElementHandle) -> None:
    """Stop unless the row around this button is still the listing, and the only one that fits."""
    step = visit.rows
    assert step is not None
    assert visit.listing is not None
    seen = await read_rows(visit, step)
    fits = _fitting(visit.listing, seen.rows)
    if len(fits) == 1 and seen.elements is not None:
        row = await _element(seen, fits[0])
        if await row.element.evaluate("(row, one) => row.contains(one)", button):
            return
    raise Stop(Text("The rows of the page changed before the press. Nothing was pressed."))

"""Press and add_row: buttons that file nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optout.browser.hands_off import check_button
from optout.browser.live_rows import check_still_own, find_in_row
from optout.browser.readback import check_entered
from optout.browser.stops import Stop
from optout.browser.visit import Ask, Visit, until, while_loading
from optout.model.flow import AddRow, Press
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

MOST_PRESSED: Final = 50
_EACH_SECONDS: Final = 2.0
# What stands in the very boxes that were typed into proves nothing.
_ALL_THERE: Final = r"""(el, [wanted, typed]) => {
  const plain = (text) => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
  const boxes = [...el.querySelectorAll('input, select, textarea')]
    .filter((box) => !typed.includes(box)).map((box) => box.value);
  const text = plain([el.innerText, ...boxes].join(' '));
  const digits = text.replace(/\D/g, '');
  return wanted.every((spellings) => spellings.some((one) => text.includes(plain(one)) ||
    (/^[\d()+.\s/-]{7,}$/.test(one) && digits.includes(one.replace(/\D/g, '')))));
}"""


async def press(visit: Visit, step: Press) -> None:
    """Press a button that files nothing, after the page was read back."""
    ask = Ask(want="press", words=step.press, into=step.into)
    if step.every:
        await _press_every(visit, step, ask)
        return
    if step.in_row:
        button = await find_in_row(visit, ask, step.within_seconds)
    else:
        button = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    await check_button(visit, button.element, step.in_frame)
    await check_entered(visit)
    if step.in_row:
        await check_still_own(visit, button.element)
    await button.element.click(timeout=step.within_seconds * 1000)
    visit.presses += 1


async def _press_every(visit: Visit, step: Press, ask: Ask) -> None:
    """Press all that fit now, each once; one that is gone by then is passed over."""
    await check_entered(visit)
    for found in (await visit.all(ask, step.in_frame))[:MOST_PRESSED]:
        await check_button(visit, found.element, step.in_frame)
        await while_loading(found.element.click(timeout=_EACH_SECONDS * 1000), None)
    visit.presses += 1


async def add_row(visit: Visit, step: AddRow) -> None:
    """Press Add, and see all that was typed since the last Add in the list of rows."""
    button = await visit.find(
        Ask(want="press", words=step.press, into=step.into),
        in_frame=step.in_frame,
        seconds=step.within_seconds,
    )
    await check_button(visit, button.element, step.in_frame)
    await check_entered(visit)
    typed = [list(spellings) for spellings in visit.since_row]
    shown = _to_be_shown(visit, step, typed)
    if not shown:
        raise Stop(Text("The definition adds a row that nothing was typed for."))
    boxes = [e.element for e in visit.entered if _was_for(e.expected, typed)]
    await button.element.click(timeout=step.within_seconds * 1000)
    if not await until(lambda: _is_there(visit, step, shown, boxes), step.within_seconds):
        raise Stop(
            Text("The row was not added: the list on the page does not show it."),
            person_can_go_on=True,
        )
    # An Add button empties its boxes; the row itself was the proof.
    visit.entered = [e for e in visit.entered if not _was_for(e.expected, typed)]
    visit.since_row.clear()
    visit.presses += 1


def _to_be_shown(visit: Visit, step: AddRow, typed: list[list[str]]) -> list[list[str]]:
    """Return what the row must show: all that was typed, or the fields that the step names."""
    named = {visit.values[field].reveal() for field in step.proves if field in visit.values}
    return [one for one in typed if not step.proves or named & set(one)]


async def _is_there(
    visit: Visit, step: AddRow, shown: list[list[str]], boxes: list[ElementHandle]
) -> bool:
    regions = await visit.all(Ask(want="any", into=step.proof), step.in_frame)
    if len(regions) != 1:
        return False
    region = regions[0].element
    return await while_loading(
        region.evaluate(_ALL_THERE, [shown, boxes]),
        otherwise=False,
    )


def _was_for(expected: tuple[str, ...], typed: list[list[str]]) -> bool:
    return any(set(expected) & set(spellings) for spellings in typed)

"""Choosing one option: drop-down, radio, list of options, box with suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optout.browser.entering import turn_on, value_of
from optout.browser.stops import NotFound
from optout.browser.visit import Ask, Entered, Visit, until
from optout.browser.written import written
from optout.model.fields import Field
from optout.model.flow import Choose
from optout.rules.states import is_state, state_name
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

_OPTIONS: Final = (
    "el => [...el.options].map(o => [o.index, o.value, (o.label || o.text), o.disabled])"
)
_CHOSEN: Final = "el => el.selectedOptions.length === 1 ? el.selectedOptions[0].value : null"
_IS_CHOSEN: Final = (
    "el => el.isConnected && (el.getAttribute('aria-selected') === 'true'"
    " || el.getAttribute('aria-checked') === 'true')"
)
_IS_CLOSED: Final = (
    "el => !el.matches('[role=listbox]') && el.getAttribute('aria-expanded') !== 'true'"
)
_BELONGS: Final = """(option, list) => {
  if (list.contains(option)) return true;
  const ids = ['aria-controls', 'aria-owns'].map((name) => list.getAttribute(name) ?? '').join(' ');
  return ids.split(/\\s+/).filter(Boolean)
    .some((id) => document.getElementById(id)?.contains(option));
}"""
_SAYS: Final = """(el, words) => {
  const plain = (text) => (text ?? '').normalize('NFKC').replace(/\\s+/g, ' ').trim().toLowerCase();
  const near = el.closest('[role=combobox]') ?? el;
  return [el.value, el.innerText, near.innerText, el.getAttribute('aria-label'),
    el.getAttribute('aria-valuetext')].map(plain).some((text) => text === plain(words));
}"""
_TAKEN_SECONDS: Final = 3.0
# A list of months or days writes them in its own way; the definition names the part only.
PARTS_OF_A_DATE: Final = {
    "MMMM": ("MMMM", "MMM", "MM", "M"),
    "DD": ("DD", "D"),
    "YYYY": ("YYYY",),
}


async def choose(visit: Visit, step: Choose) -> None:
    """Choose one option and see that the page took it."""
    wanted = _wanted(visit, step)
    if step.field:
        for spelling in wanted:
            visit.will_type(spelling, step.field)
        visit.since_row.append(wanted)
    ways = {
        "select": _select,
        "radio": _radio,
        "listbox": _listbox,
        "autocomplete": _autocomplete,
    }
    await ways[step.how](visit, step, wanted)
    visit.gave(visit.frames(step.in_frame)[0], step.field)


def _wanted(visit: Visit, step: Choose) -> tuple[str, ...]:
    """Return the spellings under which the option may stand on the page."""
    if step.field is None:
        return (step.option,)
    value = value_of(visit, step.field).reveal()
    if step.field is Field.STATE and is_state(value):
        return (value, state_name(value))
    if step.format:
        return tuple(written(step.field, value, form) for form in PARTS_OF_A_DATE[step.format])
    return (value,)


async def _select(visit: Visit, step: Choose, wanted: tuple[str, ...]) -> None:
    ask = Ask(want="select", words=step.label, into=step.into)
    box = await _find(visit, step, ask)
    fitting: list[tuple[int, str, str]] = []

    async def is_offered() -> bool:
        fitting[:] = _fitting(await box.evaluate(_OPTIONS), wanted)
        return bool(fitting)

    if not await until(is_offered, step.within_seconds) or len(fitting) > 1:
        raise NotFound(Text("The list on the page does not have exactly one such option."))
    index, value, text = fitting[0]
    await box.select_option(index=index)
    if await box.evaluate(_CHOSEN) != value:
        raise NotFound(Text("The page did not take the option that was chosen."))
    _remember(visit, step, box, (value, text))


def _fitting(options: list[list[object]], wanted: tuple[str, ...]) -> list[tuple[int, str, str]]:
    usable = [(int(str(i)), str(value), str(text)) for i, value, text, off in options if not off]
    folded = {_folded(spelling) for spelling in wanted}
    by_text = [option for option in usable if _folded(option[2]) in folded]
    return by_text or [option for option in usable if _folded(option[1]) in folded]


async def _radio(visit: Visit, step: Choose, wanted: tuple[str, ...]) -> None:
    option = wanted[-1] if step.field else step.option
    ask = Ask(want="radio", words=step.label, into=step.into, option=option)
    dot = await _find(visit, step, ask)
    await turn_on(visit, dot, where=step.label or step.into or step.option)


async def _listbox(visit: Visit, step: Choose, wanted: tuple[str, ...]) -> None:
    box = await _list_of(visit, step)
    option = await _offered(visit, step, wanted, box)
    await _take(visit, step, option, box, wanted)


async def _list_of(visit: Visit, step: Choose) -> ElementHandle | None:
    """Return the list that the label or selector names, opened; None where neither is given."""
    if not (step.label or step.into):
        return None
    ask = Ask(want="list", words=step.label, into=step.into)
    box = await _find(visit, step, ask)
    if await box.evaluate(_IS_CLOSED):
        await box.click()
    return box


async def _autocomplete(visit: Visit, step: Choose, wanted: tuple[str, ...]) -> None:
    ask = Ask(want="fill", words=step.label, into=step.into)
    box = await _find(visit, step, ask)
    await box.fill("")
    await box.type(wanted[-1])
    option = await _offered(visit, step, wanted, None)
    await _take(visit, step, option, box, wanted)


async def _offered(
    visit: Visit, step: Choose, wanted: tuple[str, ...], box: ElementHandle | None
) -> ElementHandle:
    """Wait for the one visible option with these words, in the list that was named."""
    found: list[ElementHandle] = []

    async def is_offered() -> bool:
        found.clear()
        for spelling in wanted:
            ask = Ask(want="option", words=spelling, strict=True)
            offered = [one.element for one in await visit.all(ask, step.in_frame)]
            found.extend(await _of_list(offered, box))
        return len(found) == 1

    if not await until(is_offered, step.within_seconds):
        raise NotFound(Text("The list on the page does not have exactly one such option."))
    return found[0]


async def _of_list(options: list[ElementHandle], box: ElementHandle | None) -> list[ElementHandle]:
    if box is None or len(options) < 2:  # noqa: PLR2004 - one is not several
        return options
    inside = [option for option in options if await option.evaluate(_BELONGS, box)]
    return inside or options


async def _take(
    visit: Visit,
    step: Choose,
    option: ElementHandle,
    box: ElementHandle | None,
    wanted: tuple[str, ...],
) -> None:
    """Click the option, then see that it is chosen: typed text alone files nothing."""
    await option.click()

    async def is_taken() -> bool:
        if await option.evaluate(_IS_CHOSEN):
            return True
        return box is not None and any([await box.evaluate(_SAYS, w) for w in wanted])

    if not await until(is_taken, _TAKEN_SECONDS):
        raise NotFound(Text("The page did not take the option that was chosen."))
    visit.entered.append(
        Entered(
            where=step.label or step.into or step.option,
            expected=wanted,
            on=True,
            element=option,
            beside=box,
            before_press=visit.presses,
        )
    )


async def _find(visit: Visit, step: Choose, ask: Ask) -> ElementHandle:
    found = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    visit.check_may_type(found.frame)
    return found.element


def _remember(visit: Visit, step: Choose, box: ElementHandle, expected: tuple[str, ...]) -> None:
    where = step.label or step.into
    visit.entered.append(
        Entered(where=where, expected=expected, element=box, before_press=visit.presses)
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()

"""Open, fill and check: the steps that put one value into one place."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from optout.browser.hands_off import check_box_to_fill, check_box_to_tick
from optout.browser.stops import NotFound, Stop
from optout.browser.visit import Ask, Entered, Found, Visit, until
from optout.browser.written import same_digits, written
from optout.model.fields import Field
from optout.model.flow import Check, Fill, Open, ReadCode
from optout.model.secret import Secret
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.rules.open_address import filled_address, places_of, values_in
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle

_NUMBERS: Final = frozenset({Field.PHONE, Field.BIRTH_DATE, Field.BIRTH_DAY, Field.ZIP})
# Boxes for these often have a mask that writes the value in its own way.
_MASKED: Final = frozenset({Field.PHONE, Field.BIRTH_DATE, Field.BIRTH_DAY})
_HOLDS_SECONDS: Final = 1.0
_REST_SECONDS: Final = 10.0
_VALUE: Final = "el => 'value' in el ? String(el.value) : el.innerText"
_IS_ON: Final = "el => 'checked' in el ? el.checked : el.getAttribute('aria-checked') === 'true'"
_IS_DATE: Final = "el => el.matches('input[type=date]')"
_FIRST_LABEL: Final = "el => el.labels && el.labels[0] || el.closest('label')"


async def open_page(visit: Visit, step: Open) -> None:
    """Load a page of the broker, and be there afterwards and nowhere else."""
    url = _address(visit, step)
    try:
        leads_home = host_allowed(host_of(url), visit.fence.hosts)
    except BadAddress as error:
        raise Stop(error.what) from None
    if not leads_home:
        raise Stop(Text("The definition opens a page that is not this company's."))
    for place in places_of(step.url):
        if Field(place.name) in visit.values:
            visit.given_on[host_of(url), Field(place.name)] = None
    await go_to(visit, url, step.within_seconds)


async def go_to(visit: Visit, url: str, seconds: float) -> None:
    """Load an address; stop if nobody answers, or if it leads to somebody else."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    reached = False
    try:
        response = await visit.page.goto(url, timeout=seconds * 1000, wait_until="domcontentloaded")
        reached = response is None or response.status < 500  # noqa: PLR2004 - HTTP
    except Error:  # its text repeats the address, which can be personal
        pass
    visit.entered.clear()
    if not reached:
        raise Stop(Text("The page did not load: the site does not answer, or not as it should."))
    visit.check_may_type(visit.page.main_frame)


async def load_whole(visit: Visit) -> None:
    """Wait until a page asks for nothing more: what comes later will not come any more."""
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    with contextlib.suppress(Error):  # a page that never rests is taken as it is
        await visit.page.wait_for_load_state("networkidle", timeout=_REST_SECONDS * 1000)


def _address(visit: Visit, step: Open) -> str:
    """Put personal data into an address only where the definition says that it `reveals`."""
    values: dict[Field, str] = {}
    places = places_of(step.url)
    if places and not step.reveals:
        raise Stop(Text("The definition places a value in an address without saying so."))
    for place in places:
        field = Field(place.name)
        if not (place.optional and field not in visit.values):
            values[field] = value_of(visit, field).reveal()
            visit.will_type(values[field], field)
    for changed in values_in(step.url, values):
        visit.will_type(changed, None)
    return filled_address(step.url, values)


async def fill(visit: Visit, step: Fill) -> None:
    """Type one value into one visible box."""
    if step.optional and step.field not in visit.values:
        return
    value = written(step.field, value_of(visit, step.field).reveal(), step.format)
    ask = Ask(want="fill", words=step.label, into=step.into)
    box = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    value = await _as_the_box_wants(step, box, value)
    await type_into(visit, box, value, of=step.field, where=step.label or step.into)


async def _as_the_box_wants(step: Fill, box: Found, value: str) -> str:
    """Write a date the American way, unless the box is a calendar: that takes it as it is kept."""
    if step.format or step.field is not Field.BIRTH_DATE or await box.element.evaluate(_IS_DATE):
        return value
    return written(step.field, value, "MM/DD/YYYY")


async def open_and_fill_code(visit: Visit, step: ReadCode, code: Secret[str]) -> None:
    """Type the code on its page, which is opened first where the definition names it."""
    if step.url:
        await open_page(visit, Open(url=step.url, within_seconds=step.within_seconds))
    await fill_code(visit, step, code)


async def fill_code(visit: Visit, step: ReadCode, code: Secret[str]) -> None:
    """Type the code that the person received."""
    ask = Ask(want="fill", words=step.label, into=step.into)
    box = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    await type_into(visit, box, code.reveal(), of=None, where=step.label or step.into)


async def type_into(visit: Visit, box: Found, value: str, *, of: Field | None, where: str) -> None:
    """Type, and remember to read it back."""
    visit.check_may_type(box.frame)
    await check_box_to_fill(box.element)
    visit.will_type(value, of)
    visit.gave(box.frame, of)
    await box.element.fill(value)
    if of in _MASKED and not same_digits(str(await box.element.evaluate(_VALUE)), value):
        # A mask that listens to keys took nothing: give it keys.
        await box.element.fill("")
        await box.element.type(value)
    visit.since_row.append((value,))
    visit.entered.append(
        Entered(
            where=where,
            expected=(value,),
            element=box.element,
            number=of in _NUMBERS,
            before_press=visit.presses,
        )
    )


async def check(visit: Visit, step: Check) -> None:
    """Tick one box."""
    ask = Ask(want="check", words=step.label, into=step.into)
    box = await visit.find(ask, in_frame=step.in_frame, seconds=step.within_seconds)
    await turn_on(visit, box.element, where=step.label or step.into)


async def turn_on(visit: Visit, box: ElementHandle, *, where: str) -> None:
    """Switch a box or a radio on, by its label where the page paints its own."""
    await check_box_to_tick(box)
    if not await box.evaluate(_IS_ON):
        label = (await box.evaluate_handle(_FIRST_LABEL)).as_element()
        target = box if await _is_plain_to_see(box) or label is None else label
        await target.click()
        if not await until(lambda: box.evaluate(_IS_ON), _HOLDS_SECONDS):
            raise NotFound(Text("A box on the page cannot be switched on."))
    visit.entered.append(
        Entered(where=where, expected=(), on=True, element=box, before_press=visit.presses)
    )


async def _is_plain_to_see(box: ElementHandle) -> bool:
    seen = "el => el.checkVisibility({opacityProperty: true, visibilityProperty: true})"
    small = "el => el.getBoundingClientRect().width <= 2"
    return bool(await box.evaluate(seen)) and not await box.evaluate(small)


def value_of(visit: Visit, field: Field) -> Secret[str]:
    """Return a value of the payload, and nothing that is not in it."""
    value = visit.values.get(field)
    if value is None:
        raise Stop(Text("A value that this form needs is not in what you approved."))
    return value

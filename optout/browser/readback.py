"""Reading every value back from the page, just before anything is pressed.

What was typed is not what will be sent: frameworks clear boxes, radios only look chosen, a list of
states jumps to the neighbour. Only what the page itself says counts.
"""

from __future__ import annotations

from typing import Final

from optout.browser.stops import Stop
from optout.browser.visit import Entered, Visit, while_loading
from optout.browser.written import same_digits
from optout.text import Text

_READ: Final = """(pairs) => pairs.map(([el, beside]) => {
  const chosen = (one) => one.getAttribute('aria-selected') === 'true' ||
    one.getAttribute('aria-checked') === 'true';
  const texts = (one) => [one.value, one.innerText, one.closest('[role=combobox]')?.innerText,
    one.getAttribute('aria-label'), one.getAttribute('aria-valuetext')].map((t) => String(t ?? ''));
  if (!el.isConnected && !(beside && beside.isConnected)) return {gone: true};
  return {
    gone: false,
    on: el.isConnected && ('checked' in el ? el.checked : chosen(el)),
    texts: beside ? texts(beside) : [],
    value: el.isConnected ? String('value' in el ? el.value : el.innerText) : '',
  };
})"""


async def check_entered(visit: Visit) -> None:
    """Stop unless the page still holds every value and choice that was entered."""
    pairs = [[entered.element, entered.beside] for entered in visit.entered]
    if not pairs:
        return
    unread: list[dict[str, object]] = []
    read = await while_loading(visit.page.main_frame.evaluate(_READ, pairs), unread)
    if not read:
        read = [await _read_one(entered) for entered in visit.entered]
    for entered, now in zip(visit.entered, read, strict=True):
        if not _is_kept(visit, entered, now):
            raise Stop(
                Text("The page changed “{where}” after it was filled.", where=entered.where),
                person_can_go_on=True,
            )
    visit.entered = [e for e, now in zip(visit.entered, read, strict=True) if not now["gone"]]


async def _read_one(entered: Entered) -> dict[str, object]:
    """Read an element that lives in another frame than the page."""
    script = f"(el, beside) => ({_READ})([[el, beside]])[0]"
    gone: dict[str, object] = {"gone": True}
    return await while_loading(entered.element.evaluate(script, entered.beside), gone)


def _is_kept(visit: Visit, entered: Entered, now: dict[str, object]) -> bool:
    if now["gone"]:
        # The next page of a wizard has other boxes; without a press in between it is a loss.
        return entered.before_press < visit.presses
    if not entered.on:
        return any(_same(str(now["value"]), value, entered) for value in entered.expected)
    texts = now["texts"]
    assert isinstance(texts, list)
    return bool(now["on"]) or any(
        _folded(text) == _folded(value) for text in texts for value in entered.expected
    )


def _same(shown: str, value: str, entered: Entered) -> bool:
    return _folded(shown) == _folded(value) or (entered.number and same_digits(shown, value))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()

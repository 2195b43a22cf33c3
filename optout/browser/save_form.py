"""Keeping the part of a page that holds its form: plain markup, nothing typed, no scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from optout.browser.read_form import OpenPage

_SAVER: Final = Path(__file__).with_name("save_form.js")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One box (or radio button) as an example shows it."""

    into: str
    frame: str = ""
    posted: str = ""  # the name it is sent under, where the page gives it none
    by_hand: str = ""  # why a person answers it
    is_left: bool = False  # nothing is chosen there, and the example sends nothing of it
    words: str = ""  # a radio button's
    offered: tuple[str, ...] = ()  # options of a list that shows them only when it is opened


def save_form(
    page: OpenPage, boxes: Sequence[Marked], dots: Sequence[Marked], *, sends: str, goes_on: str
) -> Mapping[str, str]:
    """Return the markup of the form by the frame it stands in; "" is the page itself."""
    given = {
        "boxes": [asdict(box) for box in boxes],
        "dots": [asdict(dot) for dot in dots],
        "sends": sends,
        "next": goes_on,
    }
    found = page.read_by(_SAVER.read_text("utf-8"), given)
    return {each.frame: str(each.told) for each in found if each.told}

"""The hands of whoever sits at the screen, for a demo and for tests without anybody there.

A person at a practice page presses, types and ticks. When nobody is there, a script asks for the
same deeds here, and the open page carries them out: it looks here a few times a second. So the
program's browser is driven by nobody but the program, as with a real person beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from optout.errors import NeedsPerson
from optout.text import Text

Deed = Mapping[Literal["press", "type", "tick", "value"], str]


def press(selector: str) -> Deed:
    """Press one button or link."""
    return {"press": selector}


def tick(selector: str) -> Deed:
    """Tick one box."""
    return {"tick": selector}


def type_into(selector: str, value: str) -> Deed:
    """Type into one box."""
    return {"type": selector, "value": value}


class NobodyThere(NeedsPerson):
    """No practice page was open where a person should have acted."""

    def __init__(self, page: str) -> None:
        """Name the page that was expected; page names are ours."""
        super().__init__(
            Text("The practice page “{page}” was not open.", page=page),
            hint=Text("Open it, and do there what it asks."),
        )


_DONE_SECONDS: Final = 2.0  # a page looks again well before, unless it went away for good


@dataclass(slots=True)
class AtScreen:
    """The open page, of whichever company, and the deeds that wait for it."""

    _page: str = ""
    _looks: int = 0  # how often any page looked here
    _waiting: dict[str, Sequence[Deed]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def look(self, page: str) -> Sequence[Deed]:
        """Return the deeds for the page that looks, and forget them: each is done once."""
        with self._changed:
            self._page, self._looks = page, self._looks + 1
            deeds = self._waiting.pop(page, ())
            self._changed.notify_all()
            return deeds

    def open_page(self, seconds: float) -> str:
        """Return the name of the page that is open now; "" if none looked in that time."""
        with self._changed:
            before = self._looks
            looked = self._changed.wait_for(lambda: self._looks > before, timeout=seconds)
            return self._page if looked else ""

    def act(self, page: str, *deeds: Deed, seconds: float) -> None:
        """Have the open page carry out the deeds; raise `NobodyThere` if it is not open."""
        with self._changed:
            self._waiting[page] = deeds
            if not self._changed.wait_for(lambda: page not in self._waiting, timeout=seconds):
                del self._waiting[page]
                raise NobodyThere(page)
            # A page looks again only after it carried out what it got.
            taken = self._looks
            self._changed.wait_for(lambda: self._looks > taken, timeout=_DONE_SECONDS)

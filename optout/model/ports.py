"""The narrow ports through which the program meets a person and a clock.

The terminal answers `Person` today; a local page can tomorrow; a script does in tests. The
browser hands its window over through the same port. Nothing here knows a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from optout.model.fields import Field
from optout.model.payload import ApprovalSheet
from optout.model.secret import Secret
from optout.text import Text


class Acted(StrEnum):
    """What a person says after a hand-over."""

    DID = "did"
    DID_NOT = "did-not"
    NOT_SURE = "not-sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer a person can choose."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """One value a person must type by hand, and where."""

    field: Field
    place: str  # the label on the page
    value: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A window given to the person: why, what to do, how long it takes.

    `picture` is the page as a JPEG, for a machine without a display.
    """

    why: Text
    what: Text
    minutes: int
    window_visible: bool
    remaining: tuple[Remaining, ...] = ()
    person_submits: bool = False  # they will press the last button themselves
    picture: bytes | None = None


class Person(Protocol):
    """Whoever sits in front of the program."""

    def tell(self, text: Text) -> None:
        """Show one sentence."""

    def tell_at_length(self, texts: Sequence[Text]) -> None:
        """Show many sentences, a screen at a time where somebody sits; an empty one is a gap."""

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line; ask again while `check` raises `WrongUsage`."""

    def ask_secret(self, question: Text) -> Secret[str]:
        """Ask for a passphrase or code without showing it."""

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option."""

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        """Ask yes or no."""

    def type_word(self, question: Text, word: Text) -> bool:
        """Ask to type a word, for steps that deserve a pause; True only if it was typed."""

    def approve(self, sheet: ApprovalSheet) -> bool:
        """Show every value that would leave; values NEW to them are asked a second time."""

    def act(self, hand_over: HandOver) -> Acted:
        """Give the person the window and wait until they say what they did."""


Clock = Callable[[], datetime]
"""Returns the present instant, in UTC, with zone. Passed in, so that tests set it."""

"""The narrow ports through which the program meets a person and a clock.

The terminal answers `Person` today; a local page can tomorrow; a script does in tests. The
browser hands its window over through the same port. Nothing here knows a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from optout.model.fields import Field
from optout.model.payload import ApprovalSheet
from optout.model.secret import Secret
from optout.text import Text

T = TypeVar("T")


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
class Fold:
    """Sentences that stand under one title; where there is room for little, the title alone."""

    title: Text
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One entry of a list, in one line, and what must be seen before it is taken."""

    text: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferGroup:
    """Entries that belong together, such as those of one company."""

    entries: tuple[Offered, ...]
    title: Text | None = None
    note: Text | None = None  # what must be seen before any of them is taken
    more: Fold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A list from which a person takes what they want; none is an answer too.

    What is read from top to bottom shows `at_length`, where the entries are numbered from 1, and
    asks `by_number`. What has boxes shows the groups, and asks `question`.
    """

    question: Text
    by_number: Text  # without an answer, none is taken
    at_length: tuple[Text, ...]
    groups: tuple[OfferGroup, ...]
    head: tuple[Text, ...] = ()
    below: tuple[Fold, ...] = ()
    has_all: bool = True  # taking all at once makes sense

    @property
    def count(self) -> int:
        """Return how many entries there are."""
        return sum(len(group.entries) for group in self.groups)


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

    def pick(self, offer: Offer) -> str:
        """Show a list and return what is taken of it, as `picked` reads it: 1,3, or a, or n."""

    def with_way_back(self, asking: Callable[[], T], *, is_kept: bool = False) -> T:
        """Ask what changes nothing by itself: where it can be, the last answer is taken back.

        `asking` may run again from its beginning, so it sends nothing, and keeps only its answers
        if `is_kept`: after a stop they are asked no more.
        """

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

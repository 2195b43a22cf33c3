"""One look at a page, read-only: what it shows of a form, and what each step would find there.

Made by `optout.browser.open_form`, compared by `optout.rules.form_changes`. Nothing was typed,
chosen or pressed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from optout.model.form import SeenPage
from optout.text import Text

Place = tuple[int, ...]
"""Where a step stands in its flow: leg, step, and the step inside a `when`."""


class Reached(StrEnum):
    """Whether the page could be looked at."""

    YES = "yes"
    NO = "no"  # nobody answered, too slow, too large, or no page at all
    ELSEWHERE = "elsewhere"  # it led to a host that the definition does not name


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What one way of looking leads to. The numbers are places in the page's lists."""

    count: int = 0
    box: int | None = None  # where exactly one fits, and it is a box
    choice: int | None = None  # the same, of a group of radio buttons
    button: int | None = None

    @property
    def is_one(self) -> bool:
        """Say whether exactly one element fits."""
        return self.count == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeen:
    """What a step would find on the page as it was first shown."""

    whole: Hit  # as the runner looks
    by_words: Hit | None = None  # by its words alone; None: it has none
    by_into: Hit | None = None  # by its selector alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One page, and what the steps of the flows that open it would find there."""

    reached: Reached
    status: int = 0  # what the site answered: 200, 404; 0: nobody asked a site
    led_to: str = ""  # host, where it led elsewhere
    why: Text | None = None  # why it could not be looked at
    page: SeenPage | None = None
    steps: Mapping[str, Mapping[Place, StepSeen]] = field(default_factory=dict)  # by flow

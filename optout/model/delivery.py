"""What an adapter reports back after trying to deliver one leg."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from optout.model.fields import Field
from optout.text import Text


class LegEnd(StrEnum):
    """How one leg ended, as far as anyone can know."""

    CONFIRMED = "confirmed"  # the page showed what only success shows
    NOT_SENT = "not-sent"  # certain: stopped before submit, or refused by the network
    UNKNOWN = "unknown"  # submit was pressed, or may have been, and no success was seen
    REHEARSED = "rehearsed"  # a dry run, stopped before submit


@dataclass(frozen=True, slots=True, kw_only=True)
class LegOutcome:
    """The end of one leg, with the proof that was seen."""

    end: LegEnd
    why: Text | None = None
    step: str = ""  # "leg 1, step 4 (fill birth_date)"
    reference: str = ""  # the broker's number, cleaned of control characters
    capture: bytes = b""  # JPEG of the last page
    filled: tuple[Field, ...] = ()  # fields that the page saw, submitted or not
    anomaly: bool = False  # the fence refused a navigation, a form, or a typed value
    person_submitted: bool = False
    left_empty: tuple[str, ...] = ()  # a rehearsal: boxes of the example page, by their labels
    steps_done: int = 0  # of the leg's own steps, before it ended
    given_on: tuple[tuple[str, Field], ...] = ()  # which host's page was given which field
    leads_to: str = ""  # a rehearsal: the host of the last button's form; "" where scripts decide
    refused: bool = False  # the page's own words after the press: it did not take this
    stopped: bool = False  # by the person, with Ctrl-C, before the last button

"""A date by which somebody must act: apart from the record, so that a calculator loads little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a name only
    from optout.model.law import LawId


class DeadlineKind(StrEnum):
    """Which clock a date belongs to."""

    ACKNOWLEDGE = "acknowledge"
    OPT_OUT = "opt-out"
    RESPONSE = "response"
    EXTENDED_RESPONSE = "extended-response"
    APPEAL_BY = "appeal-by"
    APPEAL_DECISION = "appeal-decision"
    COMPLAINT_FROM = "complaint-from"
    COMPANY_SAYS = "company-says"  # the company's own time, no law
    FOLLOW_UP = "follow-up"  # ours: when silence after a letter is long enough for the next step
    RECHECK = "recheck"


PRACTICE = "practice"  # basis of the terms that are ours, not a law's


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date by which somebody must act, and the rule it comes from."""

    kind: DeadlineKind
    due_on: date
    basis: str  # "C.R.S. 6-1-1306(2)(a)", or `practice`
    grace_until: date  # nothing is called missed before the day after this
    law: LawId | None = None

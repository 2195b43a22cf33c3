"""How many answers a year a law gives for nothing, and how many a company has given.

Counted are answers, not requests, over twelve months. One more is allowed, and may cost a fee.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from optout.model.law import Law
from optout.model.record import Answer
from optout.model.words import Right
from optout.rules.calendar import add_months
from optout.text import Text

COUNTED: Final = frozenset({Right.ACCESS, Right.FILE_DISCLOSURE})
"""The rights whose answer is a copy: laws count these."""

IS_AN_ANSWER: Final = frozenset({Answer.FULFILLED, Answer.PARTIAL, Answer.FILE_RECEIVED})
_PERIOD_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The free answers of a company that are used up, and when one is free again."""

    law: str
    free: int
    used: int
    free_again_on: date

    def said(self, company: str) -> Text:
        """Say it as a person should know before asking again."""
        return Text(
            "Free answers a year under the {law}: {free}. {company} has given {used} in the last "
            "twelve months. Another one may cost a fee. Free again from {day}.",
            law=self.law,
            free=self.free,
            used=self.used,
            company=company,
            day=self.free_again_on.isoformat(),
        )


def used_up(law: Law, right: Right, answered_on: Iterable[date], today: date) -> Quota | None:
    """Return what is used up, or None where another answer is free or nobody knows."""
    free = law.free_requests_per_year
    if right not in COUNTED or not free:
        return None
    recent = sorted(day for day in answered_on if day <= today < add_months(day, _PERIOD_MONTHS))
    if len(recent) < free:
        return None
    return Quota(
        law=law.name,
        free=free,
        used=len(recent),
        free_again_on=add_months(recent[-free], _PERIOD_MONTHS),
    )

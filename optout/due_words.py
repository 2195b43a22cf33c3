"""The words people see for dates. Apart from `words`, because `law due` must start quickly."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from optout.model.deadline import PRACTICE, DeadlineKind
from optout.text import Text, as_written

DEADLINE_WORDS: Final[Mapping[StrEnum, Text]] = MappingProxyType(
    {
        DeadlineKind.ACKNOWLEDGE: Text("last day to say that they got it"),
        DeadlineKind.OPT_OUT: Text("last day to carry it out"),
        DeadlineKind.RESPONSE: Text("last day to answer, where this law reaches them"),
        DeadlineKind.EXTENDED_RESPONSE: Text("last day to answer after asking for more time"),
        DeadlineKind.APPEAL_BY: Text("if you appeal, do it by then"),
        DeadlineKind.APPEAL_DECISION: Text("last day to decide the appeal"),
        DeadlineKind.COMPLAINT_FROM: Text("from here you can complain"),
        DeadlineKind.COMPANY_SAYS: Text("they say they usually answer by then: no promise"),
        DeadlineKind.FOLLOW_UP: Text("no answer by then: see the next step"),
        DeadlineKind.RECHECK: Text("look again"),
    }
)


def said_basis(basis: str) -> Text:
    """Return what a date rests on as people read it: a law as it is cited, or nothing but us."""
    return Text("our own reminder, not a law") if basis == PRACTICE else as_written(basis)

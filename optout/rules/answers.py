"""Which dates an answer settles, withdraws or sets: what was waited for has come, or never will."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from optout.model.deadline import PRACTICE, Deadline, DeadlineKind
from optout.model.law import Law
from optout.model.record import Answer
from optout.model.request import Purpose
from optout.rules.calendar import grace_after

_RECEIPT: Final = frozenset({DeadlineKind.ACKNOWLEDGE})
_ANSWER: Final = _RECEIPT | {
    DeadlineKind.OPT_OUT,
    DeadlineKind.RESPONSE,
    DeadlineKind.EXTENDED_RESPONSE,
    DeadlineKind.COMPANY_SAYS,
    DeadlineKind.FOLLOW_UP,
}
_APPEAL: Final = _ANSWER | {DeadlineKind.APPEAL_BY, DeadlineKind.APPEAL_DECISION}
_MET: Final[Mapping[Answer, frozenset[DeadlineKind]]] = MappingProxyType(
    {
        Answer.ACKNOWLEDGED: _RECEIPT,
        Answer.EXTENDED: _RECEIPT,
        Answer.NEEDS_MORE: _RECEIPT | {DeadlineKind.FOLLOW_UP},
        Answer.PARTIAL: _ANSWER,
        Answer.DENIED: _ANSWER,
        # Done: nothing is left to appeal or to complain about. What comes back is looked for.
        Answer.FULFILLED: _APPEAL | {DeadlineKind.COMPLAINT_FROM},
        Answer.FILE_RECEIVED: _APPEAL | {DeadlineKind.COMPLAINT_FROM},
        Answer.APPEAL_DENIED: _APPEAL,
        Answer.RETURNED: frozenset(),
    }
)

SET_BY_FOLLOW_UPS: Final = frozenset(
    {DeadlineKind.FOLLOW_UP, DeadlineKind.APPEAL_DECISION, DeadlineKind.COMPLAINT_FROM}
)
"""What a reminder or an appeal waits for: not if it came back."""

# An answer that is late stays late; what was our own turn is taken.
_MET_BY_SENDING: Final[Mapping[Purpose, frozenset[DeadlineKind]]] = MappingProxyType(
    {
        Purpose.REMINDER: frozenset({DeadlineKind.FOLLOW_UP}),
        Purpose.APPEAL: frozenset({DeadlineKind.FOLLOW_UP, DeadlineKind.APPEAL_BY}),
        Purpose.COMPLAINT: frozenset({DeadlineKind.FOLLOW_UP, DeadlineKind.COMPLAINT_FROM}),
    }
)


def met_by(answer: Answer, *, new: Collection[DeadlineKind] = ()) -> frozenset[DeadlineKind]:
    """Return the kinds of dates that need no more watching once this answer came.

    `new` holds the kinds of dates that the answer itself set: a notice that moved the answer's
    date settles the first one, and a notice that came too late settles nothing. A new day to look
    again takes the place of the one before.
    """
    again = frozenset({DeadlineKind.RECHECK}) & frozenset(new)
    if answer is Answer.EXTENDED and DeadlineKind.EXTENDED_RESPONSE in new:
        return _MET[answer] | {DeadlineKind.RESPONSE}
    if answer is Answer.EXTENDED and DeadlineKind.APPEAL_DECISION in new:
        return _MET[answer] | {DeadlineKind.APPEAL_DECISION, DeadlineKind.COMPLAINT_FROM}
    return _MET[answer] | again


def met_by_sending(purpose: Purpose) -> frozenset[DeadlineKind]:
    """Return the kinds of dates that need no more watching once such a letter left."""
    return _MET_BY_SENDING.get(purpose, frozenset())


def withdraws_dates(answer: Answer) -> bool:
    """Say whether an answer shows that the request never reached the company: no date runs."""
    return answer is Answer.RETURNED


def complaint_after(law: Law, refused_on: date, *, state: str = "") -> Deadline | None:
    """Return from when a refused appeal can be taken to the law's regulator, if it has one."""
    if law.regulator is None:
        return None
    return Deadline(
        kind=DeadlineKind.COMPLAINT_FROM,
        due_on=refused_on,
        basis=PRACTICE,
        grace_until=grace_after(refused_on, state),
        law=law.id,
    )

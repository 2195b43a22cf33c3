"""Which step may follow which, for a message's delivery and for a request's status.

Delivery asks "did it leave?", status is the company's side. Both live in one table each: asking
is cheap (`may_`), cheating raises (`check_`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from optout.errors import Refused
from optout.model.record import Answer
from optout.model.request import Delivery, Status, StatusReason
from optout.text import Text

NEXT: Final[Mapping[Delivery, frozenset[Delivery]]] = MappingProxyType(
    {
        Delivery.DRAFT: frozenset({Delivery.READY}),
        Delivery.READY: frozenset({Delivery.FILLING, Delivery.HANDED_OVER, Delivery.SENDING}),
        Delivery.FILLING: frozenset({Delivery.SENDING, Delivery.READY, Delivery.FAILED}),
        # Back to ready only where a person says that they did not press, and no success was seen.
        Delivery.SENDING: frozenset(
            {Delivery.SENT, Delivery.UNKNOWN, Delivery.FAILED, Delivery.READY}
        ),
        # The next three go on only by a person's decision.
        Delivery.UNKNOWN: frozenset({Delivery.SENT, Delivery.READY}),
        Delivery.FAILED: frozenset({Delivery.READY}),
        Delivery.HANDED_OVER: frozenset({Delivery.SENT, Delivery.READY}),
        Delivery.SENT: frozenset(),
    }
)

RUNNING: Final = frozenset({Delivery.FILLING, Delivery.SENDING})
"""A process is at work, or died there."""

NEXT_STATUS: Final[Mapping[Status, frozenset[Status]]] = MappingProxyType(
    {
        Status.OPEN: frozenset(Status) - {Status.OPEN},
        Status.IN_PROGRESS: frozenset(Status) - {Status.IN_PROGRESS},
        # Companies contradict their own letters, and answer late: what came last is what holds.
        Status.FULFILLED: frozenset({Status.IN_PROGRESS, Status.DENIED}),
        Status.DENIED: frozenset({Status.IN_PROGRESS, Status.FULFILLED, Status.EXPIRED}),
        Status.EXPIRED: frozenset({Status.IN_PROGRESS, Status.FULFILLED, Status.DENIED}),
        Status.REVOKED: frozenset(),
    }
)

STILL_OPEN: Final = frozenset({Status.OPEN, Status.IN_PROGRESS})
"""While a request is one of these, the same thing cannot be asked again."""

_AFTER: Final[Mapping[Answer, tuple[Status, StatusReason | None]]] = MappingProxyType(
    {
        Answer.ACKNOWLEDGED: (Status.IN_PROGRESS, None),
        Answer.EXTENDED: (Status.IN_PROGRESS, None),
        Answer.NEEDS_MORE: (Status.IN_PROGRESS, StatusReason.NEED_USER_VERIFICATION),
        Answer.FULFILLED: (Status.FULFILLED, None),
        Answer.PARTIAL: (Status.DENIED, StatusReason.PARTIAL),  # the rest can be appealed
        Answer.DENIED: (Status.DENIED, StatusReason.OTHER),
        Answer.FILE_RECEIVED: (Status.FULFILLED, None),
        Answer.RETURNED: (Status.OPEN, StatusReason.RETURNED),  # nobody has read it yet
        Answer.APPEAL_DENIED: (Status.DENIED, StatusReason.OTHER),
    }
)


class ForbiddenStep(Refused):
    """This step cannot follow the one before it."""


def may_deliver(old: Delivery, new: Delivery) -> bool:
    """Say whether a message may go from `old` to `new`."""
    return new in NEXT[old]


def check_delivery(old: Delivery, new: Delivery) -> None:
    """Raise unless a message may go from `old` to `new`."""
    if not may_deliver(old, new):
        raise forbidden_step(old, new)


def may_change_status(old: Status, new: Status) -> bool:
    """Say whether a request may go from `old` to `new`, or stay."""
    return new == old or new in NEXT_STATUS[old]


def check_status(old: Status, new: Status) -> None:
    """Raise unless a request may go from `old` to `new`, or stay."""
    if not may_change_status(old, new):
        raise forbidden_step(old, new)


def status_after(
    answer: Answer, reason: StatusReason | None = None
) -> tuple[Status, StatusReason | None]:
    """Return what an answer makes of a request; a denial's own `reason` replaces `other`."""
    status, usual = _AFTER[answer]
    return status, (reason or usual) if usual is StatusReason.OTHER else usual


def delivery_after_crash(delivery: Delivery) -> Delivery:
    """Return where a message stands whose process is gone: nothing is ever sent again by itself."""
    if delivery is Delivery.FILLING:
        return Delivery.READY
    return Delivery.UNKNOWN if delivery is Delivery.SENDING else delivery


def delivery_after_restore(delivery: Delivery) -> Delivery:
    """Return where a message stands in an older copy of the vault.

    All that had not left then may have left since, even what had failed and was tried again.
    """
    return Delivery.SENT if delivery is Delivery.SENT else Delivery.UNKNOWN


def forbidden_step(old: Delivery | Status, new: Delivery | Status) -> ForbiddenStep:
    """Return the error for a step that is not allowed, or not any more."""
    return ForbiddenStep(
        Text("This is “{old}” and cannot become “{new}” now.", old=old.value, new=new.value),
        known=Text("Nothing was changed, and nothing was sent."),
        hint=Text("Run: optout status"),
    )

"""Turn "they received it on that day" into dates with their legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from optout.model.record import Deadline, DeadlineKind
from optout.model.request import Request, RequestId
from optout.model.subject import Subject
from optout.rules.calendar import grace_after
from optout.rules.deadlines import deadlines_for
from optout.rules.residence import state_on
from optout.workflows.desk import Desk, Errand

POST_TAKES = timedelta(days=5)  # no proof of receipt: the day it was posted + 5 (laws.md 3)


def deadlines_when_received(
    desk: Desk, errand: Errand, received: date
) -> Mapping[RequestId, tuple[Deadline, ...]]:
    """Return the clocks that start for each request of a message received on that day."""
    return {
        request.id: clocks_of(desk, errand.subject, request, received)
        or _company_says(errand, received)
        for request in errand.requests
    }


def clocks_of(
    desk: Desk, subject: Subject, request: Request, received: date, **events: date | None
) -> tuple[Deadline, ...]:
    """Return the legal clocks of one request; later events move them as the law says."""
    return deadlines_for(
        desk.law(request.law),
        request.right,
        received=received,
        state=state_on(subject, received),
        **events,
    )


def _company_says(errand: Errand, received: date) -> tuple[Deadline, ...]:
    """Without a law, the company's own time: a date to look, not a right."""
    days = errand.channel.answers_in_days
    if days is None:
        return ()
    due = received + timedelta(days=days)
    basis = errand.channel.answers_basis or "practice"
    return (
        Deadline(
            kind=DeadlineKind.COMPANY_SAYS, due_on=due, basis=basis, grace_until=grace_after(due)
        ),
    )

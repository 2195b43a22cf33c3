"""Turn "they received it on that day" into dates with their legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from optout.model.broker import Broker, Channel
from optout.model.record import Deadline
from optout.model.request import Request, RequestId
from optout.model.subject import Subject
from optout.rules.deadlines import company_says, deadlines_for
from optout.rules.residence import state_on
from optout.workflows.desk import Desk, Errand


def deadlines_when_received(
    desk: Desk, errand: Errand, received: date
) -> Mapping[RequestId, tuple[Deadline, ...]]:
    """Return the clocks that start for each request of a message received on that day.

    Without a law, the company's own usual time: a day to look, not a right.
    """
    return {
        request.id: clocks_of(desk, errand.subject, errand.broker, request, received)
        or _usual_time(errand.subject, channel, received)
        for request, channel in zip(errand.requests, errand.channels, strict=True)
    }


def clocks_of(
    desk: Desk,
    subject: Subject,
    broker: Broker,
    request: Request,
    received: date,
    **events: date | None,
) -> tuple[Deadline, ...]:
    """Return the legal clocks of one request; later events move them as the law says."""
    return deadlines_for(
        desk.law(request.law),
        request.right,
        received=received,
        state=state_on(subject, received),
        cra=broker.cra,
        **events,
    )


def _usual_time(subject: Subject, channel: Channel, received: date) -> tuple[Deadline, ...]:
    usual = company_says(channel, sent_on=received, state=state_on(subject, received))
    return (usual,) if usual else ()

"""Turn "they received it on that day" into dates with their legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from optout.model.broker import Broker, Channel
from optout.model.record import Deadline, DeadlineKind
from optout.model.request import FOLLOW_UPS, Purpose, Request, RequestId, StatusReason
from optout.model.subject import Subject
from optout.rules.calendar import add_days
from optout.rules.deadlines import company_says, deadlines_for, recheck_after
from optout.rules.ladder import OVER, WITHOUT_TERM_DAYS, ours, waits_until
from optout.rules.residence import state_on
from optout.workflows.desk import Desk, Errand

_OF_AN_APPEAL = frozenset({DeadlineKind.APPEAL_DECISION, DeadlineKind.COMPLAINT_FROM})


def deadlines_when_received(
    desk: Desk, errand: Errand, received: date
) -> Mapping[RequestId, tuple[Deadline, ...]]:
    """Return the clocks that start for each request of a message received on that day.

    Without a law, the company's own usual time: a day to look, not a right. What follows a
    request up starts no clock of the request anew: it has dates of its own, and none where the
    request came back or is over.
    """
    if errand.message.purpose in FOLLOW_UPS:
        return {
            request.id: _after_follow_up(desk, errand, request, received)
            for request in errand.requests
            if request.reason is not StatusReason.RETURNED and request.status not in OVER
        }
    return {
        request.id: clocks_of(desk, errand.subject, errand.broker, request, received)
        or _usual_time(errand.subject, channel, received)
        for request, channel in zip(errand.requests, errand.channels, strict=True)
    }


def _after_follow_up(
    desk: Desk, errand: Errand, request: Request, received: date
) -> tuple[Deadline, ...]:
    """Return until when we wait after a reminder, an appeal, or a complaint."""
    state, purpose = state_on(errand.subject, received), errand.message.purpose
    if purpose is Purpose.COMPLAINT:
        return (recheck_after(received, state=state),)
    if purpose is Purpose.APPEAL:
        decision = appeal_clocks(desk, errand.subject, request, received)
        if decision:
            return decision
    return (ours(waits_until(purpose, received), state),)


def appeal_clocks(
    desk: Desk,
    subject: Subject,
    request: Request,
    appealed_on: date,
    *,
    extended_on: date | None = None,
) -> tuple[Deadline, ...]:
    """Return the time to decide an appeal, and from when a complaint makes sense, by the law."""
    found = deadlines_for(
        desk.law(request.law),
        request.right,
        received=desk.vault.deadlines.received_on(request.id) or appealed_on,
        state=state_on(subject, appealed_on),
        appealed_on=appealed_on,
        appeal_extended_on=extended_on,
    )
    return tuple(each for each in found if each.kind in _OF_AN_APPEAL)


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
    state = state_on(subject, received)
    usual = company_says(channel, sent_on=received, state=state)
    return (usual or ours(add_days(received, WITHOUT_TERM_DAYS), state),)

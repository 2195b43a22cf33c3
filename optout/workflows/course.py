"""What happened to requests, read together: the ladder looks at it and says what comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from optout.model.broker import Broker, Slug
from optout.model.record import Correspondence
from optout.model.request import (
    FOLLOW_UPS,
    Delivery,
    Message,
    MessageId,
    Purpose,
    Reference,
    Request,
    RequestId,
)
from optout.model.subject import Subject
from optout.model.words import By
from optout.rules.deadlines import received_on
from optout.rules.ladder import Course, Followed, Rung, next_rung
from optout.rules.residence import state_on
from optout.text import Text
from optout.words import word
from optout.workflows.desk import Desk, reference_of
from optout.workflows.read_rows import Rows

Find = Callable[[Slug], Broker | None]

_DO = {
    Purpose.REMINDER: Text("Remind them: optout follow-up {r}"),
    Purpose.APPEAL: Text("Ask them to look at it again: optout follow-up {r}"),
    # Said, never done by itself: it puts a name into government files.
    Purpose.COMPLAINT: Text(
        "You can complain to an office, if you want to; it asks first: optout follow-up {r}"
    ),
}
_WAITING = Text("It is on your list: optout file {r}")
_IN_HAND = Text("It is in your hands. When you sent it: optout letter post {r}")
_IN_DOUBT = Text("We do not know whether it arrived: optout reconcile {r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Where one request stands on the ladder, and what waits for it already."""

    request: Request
    reference: Reference  # the one that the company sees
    company: str
    rung: Rung
    course: Course
    waiting: Message | None = None  # such a letter is on the list already

    def do(self) -> Text | None:
        """Return what the person can do, with the command."""
        if self.rung.purpose is None:
            return None
        if self.waiting is None:
            return Text(_DO[self.rung.purpose].template, r=self.reference)
        text = {Delivery.HANDED_OVER: _IN_HAND, Delivery.UNKNOWN: _IN_DOUBT}.get(
            self.waiting.delivery, _WAITING
        )
        return Text(text.template, r=self.waiting.reference)

    def said(self) -> Text:
        """Return why, and what the person can do, in one line."""
        do = self.do()
        return Text("{why} {do}", why=self.rung.why, do=do) if do else self.rung.why

    def named(self) -> Text | None:
        """Return the step in a word."""
        return word(self.rung.purpose) if self.rung.purpose else None


def next_steps(
    desk: Desk, requests: Sequence[Request], find: Find, rows: Rows | None = None
) -> Mapping[RequestId, NextStep]:
    """Return the step of each request, with a handful of questions for all of them."""
    rows = rows or Rows(desk.vault)
    carried = rows.carried(request.id for request in requests)
    courses = _courses(desk, requests, rows, find)
    found = {}
    for request in requests:
        if request.id not in courses:  # its law has no file any more: it stands, without a step
            continue
        course, subject = courses[request.id]
        rung = next_rung(course, desk.today(subject))
        found[request.id] = NextStep(
            request=request,
            reference=reference_of(request, carried[request.id]),
            company=course.company,
            rung=rung,
            course=course,
            waiting=_waiting(carried[request.id], rung.purpose),
        )
    return found


def next_step_of(desk: Desk, request: Request) -> NextStep | None:
    """Return the step of one request; None where its law has no file any more."""
    return next_steps(desk, [request], desk.find_broker).get(request.id)


def appeal_of(desk: Desk, request: Request) -> Followed | None:
    """Return the appeal about a request that left, if one did."""
    step = next_step_of(desk, request)
    return step.course.sent.get(Purpose.APPEAL) if step else None


def _courses(
    desk: Desk, requests: Sequence[Request], rows: Rows, find: Find
) -> Mapping[RequestId, tuple[Course, Subject]]:
    ids = [request.id for request in requests]
    carried = rows.carried(ids)
    subjects = rows.subjects(request.subject_id for request in requests)
    dates, came = (
        desk.vault.deadlines.for_requests(ids),
        desk.vault.correspondence.for_requests(ids),
    )
    arrived, lost = (
        desk.vault.deadlines.received_for(ids),
        _lost(desk, (carried[each] for each in ids)),
    )
    laws = desk.laws()
    found = {}
    for request in requests:
        if request.law not in laws:
            continue
        subject, broker = subjects[request.subject_id], find(request.broker)
        left = [each for each in carried[request.id] if each.id not in lost]
        course = Course(
            law=laws[request.law],
            right=request.right,
            company=broker.called() if broker else request.broker,
            status=request.status,
            reason=request.reason,
            received_on=arrived.get(request.id),
            dates=tuple(each.deadline for each in dates.get(request.id, ()) if not each.withdrawn),
            answers=_until_today(came.get(request.id, ()), desk.today(subject)),
            sent=_sent(desk, subject, left),
            state=state_on(subject, arrived.get(request.id) or desk.today(subject)),
            is_public_body=bool(broker and broker.government),
        )
        found[request.id] = (course, subject)
    return found


def _until_today(came: Iterable[Correspondence], today: date) -> tuple[Correspondence, ...]:
    """Return what came so far: a paper reads as on its day, whatever came later."""
    return tuple(each for each in came if each.received_on <= today)


def _lost(desk: Desk, carried: Iterable[Sequence[Message]]) -> Collection[MessageId]:
    """Return what came back, of requests that were followed up; else nothing is looked for."""
    sent = [
        each.id
        for messages in carried
        if any(each.purpose in FOLLOW_UPS for each in messages)
        for each in messages
        if each.delivery is Delivery.SENT
    ]
    return desk.vault.outbox.came_back_among(sent) if sent else ()


def _sent(desk: Desk, subject: Subject, messages: Iterable[Message]) -> Mapping[Purpose, Followed]:
    """Return the newest letter of each kind that left by today.

    Only what follows the newest request that left and did not come back: what was written about
    an earlier one, to a place that it never reached, is no step after this one.
    """
    found: dict[Purpose, Followed] = {}
    for each in messages:
        if each.purpose is Purpose.REQUEST and each.delivery is Delivery.SENT:
            found = {}
        if each.purpose in FOLLOW_UPS and each.delivery is Delivery.SENT:
            followed = followed_on(desk, subject, each)
            if followed.sent_on <= desk.today(subject):
                found[each.purpose] = followed
    return found


def followed_on(desk: Desk, subject: Subject, message: Message) -> Followed:
    """Return when a letter left, and from when it counts."""
    sent = sent_on(desk, subject, message)
    by = By.EMAIL if message.by is By.PORTAL else message.by
    return Followed(sent_on=sent, received_on=received_on(by, sent_on=sent))


def sent_on(desk: Desk, subject: Subject, message: Message) -> date:
    """Return the day on which a message left, where the person lives."""
    if message.posted_on:
        return message.posted_on
    attempt = desk.vault.outbox.last_attempt(message.id)
    return desk.day_of(attempt.began_at if attempt else message.created_at, subject)


def _waiting(messages: Iterable[Message], purpose: Purpose | None) -> Message | None:
    """Return the unsent letter of this kind, if there is one."""
    unsent = [
        each for each in messages if each.purpose is purpose and each.delivery is not Delivery.SENT
    ]
    return unsent[-1] if unsent and purpose else None

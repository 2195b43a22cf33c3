"""Where everything stands, what to do now, and what is due: three readings of the folder.

A folder may hold the requests of a thousand people: each reading asks a handful of questions for
all its rows together, and reads each company's definition once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from optout.due_words import said_basis
from optout.errors import OptoutError, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.record import Deadline, DeadlineKind, TaskKind
from optout.model.request import (
    FOLLOW_UPS,
    Delivery,
    Message,
    Purpose,
    Reference,
    Request,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.subject import Subject
from optout.model.to_do import ToDo as ToDo  # noqa: PLC0414 - part of the readings, found here too
from optout.model.words import By
from optout.rules.days import day_in
from optout.rules.deadlines import may_be_missed
from optout.rules.ladder import Ground
from optout.text import Text
from optout.words import word
from optout.workflows.arrived_after_all import asks_again
from optout.workflows.course import NextStep, next_steps
from optout.workflows.desk import (
    Desk,
    all_known_as,
    as_reference,
    carrier,
    reference_of,
    requesting,
)
from optout.workflows.find import find_requests
from optout.workflows.leave_request import was_left
from optout.workflows.listing_tasks import listing_tasks
from optout.workflows.read_rows import Rows

TASK_TEXT = {
    TaskKind.CONFIRM_EMAIL: Text(
        "Open the mail from {company}, then do what it asks: optout confirm {r}"
    ),
    TaskKind.POST_LETTER: Text("Post the letter to {company}, then: optout letter post {r}"),
    TaskKind.SEND_EMAIL: Text("Send the mail to {company}, then: optout letter post {r}"),
    TaskKind.USE_PORTAL: Text("Fill in the page of {company}: optout file {r}"),
    TaskKind.CALL: Text("Call {company}: optout file {r}"),
    TaskKind.DID_IT_ARRIVE: Text("Find out whether {company} got it: optout reconcile {r}"),
    TaskKind.CHECK_ADDRESS: Text("Check the address of {company}: optout file {r}"),
    TaskKind.KEEP_OR_DESTROY: Text(
        "Decide about the papers from {company}: put them away safely or destroy them, then: "
        "optout next --done {r}"
    ),
    TaskKind.READ_ANSWER: Text(
        "Read what {company} wants from you, then decide, then: optout next --done {r}"
    ),
    TaskKind.UNDERSTAND: Text(
        "Find out what the letter from {company} says: a clinic, or somebody who reads English, "
        "can help. Then write it down: optout record {r}. Or leave it: optout next --done {r}"
    ),
    TaskKind.READ_REFUSAL: Text(
        "Read why {company} refused. You can leave it. What you can do against it, and until when: "
        "optout follow-up {r}. Then: optout next --done {r}"
    ),
}
BY_OTHERS = frozenset(  # what somebody who helps the person can do without them
    {
        TaskKind.POST_LETTER,
        TaskKind.SEND_EMAIL,
        TaskKind.DID_IT_ARRIVE,
        TaskKind.CHECK_ADDRESS,
        TaskKind.UNDERSTAND,
    }
)
BY_WORD = frozenset(
    {
        TaskKind.KEEP_OR_DESTROY,
        TaskKind.READ_ANSWER,
        TaskKind.READ_REFUSAL,
        TaskKind.UNDERSTAND,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One request and how it left: what it takes to name it, and to draw how far it is."""

    request: Request
    company: str
    by: By
    message: Message
    reference: Reference  # the one that the company sees


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Outline):
    """One request as the status table shows it: four tracks side by side."""

    disclosed: tuple[Field, ...]
    evidence: int
    next_date: Deadline | None
    step: NextStep | None = None  # what silence or a refusal leads to, if it is due


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One date of the docket."""

    request: Request
    reference: Reference  # the one that the company sees
    company: str
    deadline: Deadline
    overdue: bool

    def may_lead_on(self) -> bool:
        """Say whether a step may follow: the company is late, or a date of ours has passed."""
        return self.overdue or self.deadline.kind in _OURS


_OURS = frozenset({DeadlineKind.FOLLOW_UP, DeadlineKind.COMPANY_SAYS, DeadlineKind.COMPLAINT_FROM})
Find = Callable[[Slug], Broker | None]


def _companies(desk: Desk) -> Find:
    """Return what finds a company; each is read once, and one that is gone stops nothing."""

    @cache
    def find(slug: Slug) -> Broker | None:
        try:
            return desk.find_broker(slug)
        except OptoutError:  # its old requests still stand; the catalog says why it is gone
            return None

    return find


def _called(find: Find, slug: Slug) -> str:
    broker = find(slug)
    return broker.called() if broker else slug


def company_called(desk: Desk, slug: Slug) -> str:
    """Return what a company is called; of one that is gone, its short name."""
    return _called(_companies(desk), slug)


def standings(desk: Desk, subject: Subject | None = None) -> tuple[Standing, ...]:
    """Return every request (of one person) with its four tracks and the next date."""
    requests = desk.vault.requests.list(subject_id=subject.id if subject else None)
    return standings_of(desk, requests)


def outlines(desk: Desk, rows: Rows | None = None) -> tuple[Outline, ...]:
    """Return every request with how it left, reading neither proofs nor dates: for pictures."""
    rows, find = rows or Rows(desk.vault), _companies(desk)
    requests = rows.every_request()
    messages = rows.carried(request.id for request in requests)
    return tuple(_outline(find, request, messages[request.id]) for request in requests)


def _outline(find: Find, request: Request, carried: Sequence[Message]) -> Outline:
    known_by = carrier(carried)
    return Outline(
        request=request,
        company=_called(find, request.broker),
        by=known_by.by,
        message=requesting(carried)[-1],
        reference=known_by.reference,
    )


def standings_of(desk: Desk, requests: Sequence[Request]) -> tuple[Standing, ...]:
    """Return these requests as `standings` does, reading no others."""
    vault, find, rows = desk.vault, _companies(desk), Rows(desk.vault)
    ids = [request.id for request in requests]
    messages = rows.carried(ids)
    given = vault.disclosures.fields_for_requests(ids)
    proofs = vault.evidence.counts_for_requests(ids)
    dates = vault.deadlines.next_for_requests(ids)
    steps = _due_steps(desk, find, requests, dates, rows)
    return tuple(
        Standing(
            request=request,
            company=_called(find, request.broker),
            by=carrier(messages[request.id]).by,
            message=requesting(messages[request.id])[-1],
            reference=carrier(messages[request.id]).reference,
            disclosed=given.get(request.id, ()),
            evidence=proofs.get(request.id, 0),
            next_date=dates.get(request.id),
            step=steps.get(request.id),
        )
        for request in requests
    )


def _due_steps(
    desk: Desk,
    find: Find,
    requests: Iterable[Request],
    dates: Mapping[RequestId, Deadline],
    rows: Rows,
) -> Mapping[RequestId, NextStep]:
    """Return the steps that are due, of requests that were refused or have a date that passed."""
    # Where a person lives it can be a day later than here.
    today = desk.clock().date() + timedelta(days=1)
    late = {request_id for request_id, soonest in dates.items() if soonest.due_on < today}
    looked_at = [
        each
        for each in requests
        if each.status is Status.DENIED
        or (each.id in late and each.status in {Status.OPEN, Status.IN_PROGRESS})
    ]
    steps = next_steps(desk, looked_at, find, rows) if looked_at else {}
    return {each: step for each, step in steps.items() if step.rung.purpose}


def to_do(desk: Desk, rows: Rows | None = None) -> tuple[ToDo, ...]:
    """Return what only the person can do now, what dies first at the top."""
    desk.vault.tasks.expire(desk.clock())
    find, rows = _companies(desk), rows or Rows(desk.vault)
    items = [*_tasks(desk, find, rows), *_messages(desk, find, rows), *_overdue(desk, find, rows)]
    items.extend(listing_tasks(desk))
    far = datetime.max.replace(tzinfo=desk.clock().tzinfo)
    return tuple(sorted(items, key=lambda item: item.not_after or far))


def _tasks(desk: Desk, find: Find, rows: Rows) -> list[ToDo]:
    """Read the open tasks with what each hangs on: a message, else a request."""
    tasks = desk.vault.tasks.open()
    messages = desk.vault.messages.get_many(task.message_id for task in tasks if task.message_id)
    carried = rows.carried(
        task.request_id for task in tasks if task.request_id and not task.message_id
    )
    named = {each for message in messages.values() for each in message.request_ids}
    requests = rows.requests(named | {task.request_id for task in tasks if task.request_id})
    zones = rows.zones(each.subject_id for each in requests.values())
    items = []
    for task in tasks:
        if task.message_id:
            about, asked = messages[task.message_id], messages[task.message_id].request_ids
        else:
            assert task.request_id  # the database holds every task to one of them
            about, asked = carrier(carried[task.request_id]), (task.request_id,)
        items.append(
            ToDo(
                what=Text(
                    TASK_TEXT[task.kind].template,
                    company=_called(find, about.broker),
                    r=about.reference,
                ),
                asked=tuple(requests[each].right for each in asked),
                reference=about.reference,
                minutes=task.minutes,
                not_after=task.not_after,
                until=_day(task.not_after, zones[about.subject_id]),
                subject_id=about.subject_id,
                alone=task.kind not in BY_OTHERS,
            )
        )
    return items


def _day(instant: datetime | None, zone: str) -> date | None:
    return day_in(zone, instant) if instant else None


def settle_tasks(desk: Desk, reference: str) -> None:
    """Mark what a person has read or decided about a request, or a whole letter, as done."""
    asked = {request.id for request in find_requests(desk, reference)}
    settled = [
        task
        for task in desk.vault.tasks.open()
        if task.request_id in asked and task.kind in BY_WORD
    ]
    if not settled:
        raise WrongUsage(
            Text("Nothing about {r} waits for you to read or decide.", r=as_reference(reference)),
            known=Text("Nothing was changed."),
        )
    for task in settled:
        desk.vault.tasks.done(task.id)


FOR_DELIVERY = {
    Delivery.DRAFT: Text("Look at the request to {company} and send it: optout file {r}"),
    Delivery.READY: Text("Look at the request to {company} and send it: optout file {r}"),
    Delivery.FAILED: Text("It did not work with {company}. Try again: optout file {r}"),
    Delivery.UNKNOWN: TASK_TEXT[TaskKind.DID_IT_ARRIVE],
}
HANDED_OVER = {
    By.POST: TASK_TEXT[TaskKind.POST_LETTER],
    By.EMAIL: TASK_TEXT[TaskKind.SEND_EMAIL],
    By.PORTAL: Text("Did you fill in the page of {company}? Then: optout letter post {r}"),
    By.PHONE: Text("Did you call {company}? Then: optout letter post {r}"),
}


AFTER_RETURN = {
    By.POST: Text("The letter to {company} came back. Ask by {by} instead: optout file {r}"),
    By.EMAIL: Text("The mail to {company} came back. Ask by {by} instead: optout file {r}"),
}
AFTER_RETURN_THE_SAME_WAY = {
    By.POST: Text(
        "The letter to {company} came back. Look up their address on their own page before you "
        "write again: optout file {r}"
    ),
    By.EMAIL: Text(
        "The mail to {company} came back. Look up their e-mail address on their own page before "
        "you write again: optout file {r}"
    ),
}
FOR_FOLLOW_UP = {
    Purpose.REMINDER: Text("Look at the reminder to {company} and send it: optout file {r}"),
    Purpose.APPEAL: Text("Look at the appeal to {company} and send it: optout file {r}"),
    Purpose.COMPLAINT: Text(
        "You drafted a complaint about {company}. Look at it, if you still want it: optout file {r}"
    ),
}
COMPLAINT_IN_HAND = Text(
    "You have a complaint about {company}. When you filed it: optout letter post {r}. If you do "
    "not: optout letter post {r} --not-sent"
)
FOR_CONFIRMATION = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})
NOT_DONE = (*FOR_DELIVERY, Delivery.HANDED_OVER)
USUAL_MINUTES = 10  # where a definition lost the way that a message names


def _messages(desk: Desk, find: Find, rows: Rows) -> list[ToDo]:
    waiting = rows.standing_at(NOT_DONE)
    ids = {each for message in waiting for each in message.request_ids}
    requests, carried = rows.requests(ids), rows.carried(ids)
    zones = rows.zones(each.subject_id for each in waiting)
    known_as = all_known_as(desk.vault, waiting)
    items = []
    for message in waiting:
        asked = [requests[each] for each in message.request_ids]
        text = _what_to_do(message, asked, carried)
        if text is None:
            continue
        items.append(
            ToDo(
                what=Text(
                    text.template,
                    company=_called(find, message.broker),
                    r=known_as[message.id],
                    by=word(message.by),
                ),
                asked=tuple(each.right for each in asked),
                reference=known_as[message.id],
                minutes=_minutes(find, message),
                not_after=message.not_after,
                until=_day(message.not_after, zones[message.subject_id]),
                subject_id=message.subject_id,
                alone=message.by not in {By.POST, By.EMAIL},
                delivery=message.delivery,
                by=message.by,
                message=message,
            )
        )
    return items


def _what_to_do(
    message: Message, requests: Sequence[Request], carried: Mapping[RequestId, Sequence[Message]]
) -> Text | None:
    if message.delivery is Delivery.HANDED_OVER:
        complains = message.purpose is Purpose.COMPLAINT
        return COMPLAINT_IN_HAND if complains else HANDED_OVER[message.by]
    if message.delivery not in FOR_CONFIRMATION:
        return FOR_DELIVERY.get(message.delivery)
    if message.purpose in FOLLOW_UPS:
        return None if _is_needless(message, requests) else FOR_FOLLOW_UP[message.purpose]
    # Of what confirms, the task of its first leg says to paste the link.
    left = was_left(message, requests)
    if left or message.purpose is Purpose.CONFIRMATION or asks_again(message, requests, carried):
        return None
    for request in requests:
        if request.reason is StatusReason.RETURNED:
            failed = _came_back_by(carried[request.id])
            return (AFTER_RETURN_THE_SAME_WAY if message.by is failed else AFTER_RETURN)[failed]
    return FOR_DELIVERY[message.delivery]


def _is_needless(message: Message, requests: Sequence[Request]) -> bool:
    """Say whether an answer came to all of it since: nobody needs to look at it any more."""
    answered = {Status.FULFILLED, Status.REVOKED, Status.EXPIRED}
    if message.purpose is Purpose.REMINDER:
        answered.add(Status.DENIED)
    return all(
        request.status in answered or request.reason is StatusReason.RETURNED
        for request in requests
    )


def _came_back_by(carried: Sequence[Message]) -> By:
    """Return the way of what came back: of what left last."""
    left = (each.by for each in reversed(carried) if each.delivery is Delivery.SENT)
    return By.EMAIL if next(left, By.POST) is By.EMAIL else By.POST


def _minutes(find: Find, message: Message) -> int:
    broker = find(message.broker)
    named = (message.channel_right, message.by, message.channel_key)
    channel = broker.find_channel(*named) if broker else None
    return channel.minutes if channel else USUAL_MINUTES


def _overdue(desk: Desk, find: Find, rows: Rows) -> list[ToDo]:
    """Return what silence leads to: once for each request, and not while it is on the list."""
    # A date is late only after it has passed where the person lives, at most a day ahead of here.
    passed = desk.clock().date() + timedelta(days=1)
    found = _dues(desk, find, rows, before=passed)
    late = {due.request.id: due for due in found if due.may_lead_on()}
    steps = next_steps(desk, [due.request for due in late.values()], find, rows) if late else {}
    items = []
    for due in late.values():
        what = _after_silence(due, steps.get(due.request.id))
        if what:
            items.append(
                ToDo(
                    what=what,
                    reference=due.reference,
                    minutes=5,
                    asked=(due.request.right,),
                    subject_id=due.request.subject_id,
                    alone=False,
                    late=True,
                )
            )
    return items


_READ_FIRST = frozenset({Ground.REFUSED, Ground.PARTLY, Ground.APPEAL_REFUSED})


def _after_silence(due: Due, step: NextStep | None) -> Text | None:
    """Say what can be done; a refusal has its own task, and what was written is waited for."""
    if step and (step.waiting or step.rung.ground in _READ_FIRST):
        return None
    if step and step.rung.purpose:
        return Text(
            "{step}. If something came, write it down instead: optout record {r} --help",
            step=step.said(),
            r=due.reference,
        )
    if not due.overdue or (step and step.course.sent):
        return None
    return Text(
        "{company} has not answered in time ({basis}). Write down what came, or that nothing came: "
        "optout record {r}",
        company=due.company,
        basis=said_basis(due.deadline.basis),
        r=due.reference,
    )


def dues(desk: Desk, *, within_days: int = 400, rows: Rows | None = None) -> tuple[Due, ...]:
    """Return open dates, soonest first; overdue only after the grace days (laws.md section 3)."""
    # Where a person lives it can be a day later or earlier than here.
    until = desk.clock().date() + timedelta(days=within_days + 1)
    within = timedelta(days=within_days)
    return _dues(desk, _companies(desk), rows or Rows(desk.vault), before=until, within=within)


def _dues(
    desk: Desk, find: Find, rows: Rows, *, before: date, within: timedelta | None = None
) -> tuple[Due, ...]:
    entries, now = desk.vault.deadlines.due_before(before), desk.clock()
    ids = {entry.request_id for entry in entries}
    requests, carried = rows.requests(ids), rows.carried(ids)
    zones = rows.zones(requests[each].subject_id for each in ids)
    today = {each: day_in(zone, now) for each, zone in zones.items()}
    pairs = [(requests[entry.request_id], entry.deadline) for entry in entries]
    return tuple(
        Due(
            request=request,
            reference=reference_of(request, carried[request.id]),
            company=_called(find, request.broker),
            deadline=deadline,
            overdue=may_be_missed(deadline.kind)
            and today[request.subject_id] > deadline.grace_until
            and request.status in {Status.OPEN, Status.IN_PROGRESS},
        )
        for request, deadline in pairs
        if within is None or deadline.due_on < today[request.subject_id] + within
    )

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
from optout.model.subject import Subject, SubjectId
from optout.model.words import By, Right
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

TASK_TEXT = {
    TaskKind.CONFIRM_EMAIL: Text("Open the mail from {company}, copy its link: optout confirm {r}"),
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
    TaskKind.READ_REFUSAL: Text(
        "Read why {company} refused. You can leave it. What you can do against it, and until when: "
        "optout follow-up {r}. Then: optout next --done {r}"
    ),
}
BY_OTHERS = frozenset(  # what somebody who helps the person can do without them
    {TaskKind.POST_LETTER, TaskKind.SEND_EMAIL, TaskKind.DID_IT_ARRIVE, TaskKind.CHECK_ADDRESS}
)
BY_WORD = frozenset({TaskKind.KEEP_OR_DESTROY, TaskKind.READ_ANSWER, TaskKind.READ_REFUSAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One request as the status table shows it: four tracks side by side."""

    request: Request
    company: str
    by: By
    message: Message
    reference: Reference  # the one that the company sees
    disclosed: tuple[Field, ...]
    evidence: int
    next_date: Deadline | None
    step: NextStep | None = None  # what silence or a refusal leads to, if it is due


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing a person does now, and how long it takes."""

    what: Text
    reference: Reference
    minutes: int
    not_after: datetime | None = None
    until: date | None = None  # the day of `not_after` where the person lives
    asked: tuple[Right, ...] = ()  # what was asked, to stand beside the reference
    subject_id: SubjectId  # whose request it is
    alone: bool = True  # nobody else can do it for the person
    late: bool = False  # it follows from a date that has passed
    delivery: Delivery | None = None  # of a message that waits; None: it is something else


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


def standings(desk: Desk, subject: Subject | None = None) -> tuple[Standing, ...]:
    """Return every request (of one person) with its four tracks and the next date."""
    vault, find = desk.vault, _companies(desk)
    requests = vault.requests.list(subject_id=subject.id if subject else None)
    ids = [request.id for request in requests]
    messages = vault.messages.for_requests(ids)
    given = vault.disclosures.fields_for_requests(ids)
    proofs = vault.evidence.counts_for_requests(ids)
    dates, steps = vault.deadlines.next_for_requests(ids), _due_steps(desk, find, requests)
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


def _due_steps(desk: Desk, find: Find, requests: Iterable[Request]) -> Mapping[RequestId, NextStep]:
    """Return the steps that are due, of requests that were refused or have a date that passed."""
    # Where a person lives it can be a day later than here.
    passed = desk.vault.deadlines.due_before(desk.clock().date() + timedelta(days=1))
    late = {entry.request_id for entry in passed}
    looked_at = [
        each
        for each in requests
        if each.status is Status.DENIED
        or (each.id in late and each.status in {Status.OPEN, Status.IN_PROGRESS})
    ]
    steps = next_steps(desk, looked_at, find) if looked_at else {}
    return {each: step for each, step in steps.items() if step.rung.purpose}


def to_do(desk: Desk) -> tuple[ToDo, ...]:
    """Return what only the person can do now, what dies first at the top."""
    desk.vault.tasks.expire(desk.clock())
    find = _companies(desk)
    items = [*_tasks(desk, find), *_messages(desk, find), *_overdue(desk, find)]
    far = datetime.max.replace(tzinfo=desk.clock().tzinfo)
    return tuple(sorted(items, key=lambda item: item.not_after or far))


def _tasks(desk: Desk, find: Find) -> list[ToDo]:
    """Read the open tasks with what each hangs on: a message, else a request."""
    tasks = desk.vault.tasks.open()
    messages = desk.vault.messages.get_many(task.message_id for task in tasks if task.message_id)
    carried = desk.vault.messages.for_requests(
        task.request_id for task in tasks if task.request_id and not task.message_id
    )
    requests = _requests(desk, messages.values(), (task.request_id for task in tasks))
    days = _Days(desk)
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
                until=days.of(task.not_after, about.subject_id),
                subject_id=about.subject_id,
                alone=task.kind not in BY_OTHERS,
            )
        )
    return items


def _requests(
    desk: Desk, messages: Iterable[Message], ids: Iterable[RequestId | None] = ()
) -> Mapping[RequestId, Request]:
    """Return every request that these messages carry, and those that are named."""
    wanted = {each for message in messages for each in message.request_ids}
    return desk.vault.requests.get_many(wanted | {each for each in ids if each})


class _Days:
    """The day of an instant where each person lives; each person is read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._subject = cache(desk.vault.subjects.get)

    def of(self, instant: datetime | None, subject_id: SubjectId) -> date | None:
        """Return the day of an instant, if there is one."""
        return self._desk.day_of(instant, self._subject(subject_id)) if instant else None


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


def _messages(desk: Desk, find: Find) -> list[ToDo]:
    waiting = desk.vault.messages.list(deliveries=NOT_DONE)
    requests, days = _requests(desk, waiting), _Days(desk)
    known_as = all_known_as(desk.vault, waiting)
    carried = desk.vault.messages.for_requests(requests)
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
                until=days.of(message.not_after, message.subject_id),
                subject_id=message.subject_id,
                alone=message.by not in {By.POST, By.EMAIL},
                delivery=message.delivery,
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


def _overdue(desk: Desk, find: Find) -> list[ToDo]:
    """Return what silence leads to: once for each request, and not while it is on the list."""
    # A date is late only after it has passed where the person lives, at most a day ahead of here.
    passed = desk.clock().date() + timedelta(days=1)
    late = {due.request.id: due for due in _dues(desk, find, before=passed) if due.may_lead_on()}
    steps = next_steps(desk, [due.request for due in late.values()], find) if late else {}
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


def dues(desk: Desk, *, within_days: int = 400) -> tuple[Due, ...]:
    """Return open dates, soonest first; overdue only after the grace days (laws.md section 3)."""
    # Where a person lives it can be a day later or earlier than here.
    until = desk.clock().date() + timedelta(days=within_days + 1)
    return _dues(desk, _companies(desk), before=until, within=timedelta(days=within_days))


def _dues(
    desk: Desk, find: Find, *, before: date, within: timedelta | None = None
) -> tuple[Due, ...]:
    zones, now = desk.vault.subjects.zones(), desk.clock()

    def today(subject_id: SubjectId) -> date:
        return day_in(zones[subject_id], now)

    entries = desk.vault.deadlines.due_before(before)
    ids = {entry.request_id for entry in entries}
    requests, carried = desk.vault.requests.get_many(ids), desk.vault.messages.for_requests(ids)
    pairs = [(requests[entry.request_id], entry.deadline) for entry in entries]
    return tuple(
        Due(
            request=request,
            reference=reference_of(request, carried[request.id]),
            company=_called(find, request.broker),
            deadline=deadline,
            overdue=may_be_missed(deadline.kind)
            and today(request.subject_id) > deadline.grace_until
            and request.status in {Status.OPEN, Status.IN_PROGRESS},
        )
        for request, deadline in pairs
        if within is None or deadline.due_on < today(request.subject_id) + within
    )

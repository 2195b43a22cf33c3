"""Where everything stands, what to do now, and what is due: three readings of the folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from optout.errors import WrongUsage
from optout.model.fields import Field
from optout.model.record import Deadline, Task, TaskKind
from optout.model.request import Delivery, Message, Purpose, Reference, Request, RequestId, Status
from optout.model.subject import Subject
from optout.model.words import By
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.find import find_request

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
}
BY_WORD = frozenset({TaskKind.KEEP_OR_DESTROY, TaskKind.READ_ANSWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One request as the status table shows it: four tracks side by side."""

    request: Request
    company: str
    by: By
    message: Message
    disclosed: tuple[Field, ...]
    evidence: int
    next_date: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing a person does now, and how long it takes."""

    what: Text
    reference: Reference
    minutes: int
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One date of the docket."""

    request: Request
    company: str
    deadline: Deadline
    overdue: bool


def standings(desk: Desk, subject: Subject | None = None) -> tuple[Standing, ...]:
    """Return every request (of one person) with its four tracks and the next date."""
    requests = desk.vault.requests.list(subject_id=subject.id if subject else None)
    return tuple(_standing(desk, request) for request in requests)


def _standing(desk: Desk, request: Request) -> Standing:
    messages = desk.vault.messages.for_request(request.id)
    open_dates = [
        entry.deadline for entry in desk.vault.deadlines.for_request(request.id) if not entry.met
    ]
    given = [d.field for d in desk.vault.disclosures.for_request(request.id)]
    return Standing(
        request=request,
        company=desk.find_broker(request.broker).called(),
        by=messages[0].by,
        message=messages[-1],
        disclosed=tuple(dict.fromkeys(given)),
        evidence=len(desk.vault.evidence.for_request(request.id)),
        next_date=min(open_dates, key=lambda deadline: deadline.due_on, default=None),
    )


def to_do(desk: Desk) -> tuple[ToDo, ...]:
    """Return what only the person can do now, what dies first at the top."""
    desk.vault.tasks.expire(desk.clock())
    items = [*_tasks(desk), *_messages(desk), *_overdue(desk)]
    far = datetime.max.replace(tzinfo=desk.clock().tzinfo)
    return tuple(sorted(items, key=lambda item: item.not_after or far))


def _tasks(desk: Desk) -> list[ToDo]:
    return [_task(desk, task) for task in desk.vault.tasks.open()]


def settle_tasks(desk: Desk, reference: str) -> None:
    """Mark what a person has read or decided about one request as done."""
    request = find_request(desk, reference)
    settled = [
        task
        for task in desk.vault.tasks.open()
        if task.request_id == request.id and task.kind in BY_WORD
    ]
    if not settled:
        raise WrongUsage(
            Text("Nothing about {r} waits for you to read or decide.", r=request.reference),
            known=Text("Nothing was changed."),
        )
    for task in settled:
        desk.vault.tasks.done(task.id)


def _task(desk: Desk, task: Task) -> ToDo:
    if task.message_id:
        message = desk.vault.messages.get(task.message_id)
        reference, broker = message.reference, message.broker
    else:
        assert task.request_id  # a task always hangs on a message or a request
        request = desk.vault.requests.get(task.request_id)
        reference, broker = request.reference, request.broker
    text = TASK_TEXT[task.kind]
    return ToDo(
        what=Text(text.template, company=desk.find_broker(broker).called(), r=reference),
        reference=reference,
        minutes=task.minutes,
        not_after=task.not_after,
    )


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


FOR_CONFIRMATION = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})
NOT_DONE = (*FOR_DELIVERY, Delivery.HANDED_OVER)


def _messages(desk: Desk) -> list[ToDo]:
    items = []
    for message in desk.vault.messages.list(deliveries=NOT_DONE):
        text = FOR_DELIVERY.get(message.delivery)
        if message.delivery is Delivery.HANDED_OVER:
            text = HANDED_OVER[message.by]
        elif message.purpose is Purpose.CONFIRMATION and message.delivery in FOR_CONFIRMATION:
            continue  # the task of its first leg says to paste the link
        if text is None:
            continue
        broker = desk.find_broker(message.broker)
        channel = broker.find_channel(message.channel_right, message.by, message.channel_key)
        items.append(
            ToDo(
                what=Text(text.template, company=broker.called(), r=message.reference),
                reference=message.reference,
                minutes=channel.minutes if channel else 10,
                not_after=message.not_after,
            )
        )
    return items


def _overdue(desk: Desk) -> list[ToDo]:
    return [
        ToDo(
            what=Text(
                "{company} has not answered in time ({basis}). Write down what came, or that "
                "nothing came: optout record {r}",
                company=due.company,
                basis=due.deadline.basis,
                r=due.request.reference,
            ),
            reference=due.request.reference,
            minutes=5,
        )
        for due in dues(desk)
        if due.overdue
    ]


def dues(desk: Desk, *, within_days: int = 400) -> tuple[Due, ...]:
    """Return open dates, soonest first; overdue only after the grace days (laws.md section 3)."""
    until = desk.clock().date() + timedelta(days=within_days)
    entries = desk.vault.deadlines.due_before(until)
    return tuple(_due(desk, entry.request_id, entry.deadline) for entry in entries)


def _due(desk: Desk, request_id: RequestId, deadline: Deadline) -> Due:
    request = desk.vault.requests.get(request_id)
    today = desk.today(desk.vault.subjects.get(request.subject_id))
    return Due(
        request=request,
        company=desk.find_broker(request.broker).called(),
        deadline=deadline,
        overdue=today > deadline.grace_until
        and request.status in {Status.OPEN, Status.IN_PROGRESS},
    )

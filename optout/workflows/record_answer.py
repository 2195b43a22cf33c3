"""Write down what a company answered, in its own words' place, and move the dates it moves."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.record import Answer, Correspondence, Deadline, EvidenceKind, Task, TaskKind
from optout.model.request import Delivery, Message, Request
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.deadlines import recheck_after
from optout.rules.lifecycle import check_status, status_after
from optout.rules.residence import state_on
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.clocks import clocks_of, deadlines_when_received
from optout.workflows.desk import Desk, errand_for, instant
from optout.workflows.find import find_request

MOST_BYTES = 25 * 2**20  # a 46-page file disclosure scanned in colour is about 12 MiB
EVENT_OF: Mapping[Answer, str] = {
    Answer.EXTENDED: "extended_on",
    Answer.DENIED: "denied_on",
    Answer.PARTIAL: "denied_on",
}
RECHECK_AFTER = frozenset({Answer.FULFILLED, Answer.PARTIAL, Answer.FILE_RECEIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request after an answer, with the dates that now count."""

    request: Request
    correspondence: Correspondence
    deadlines: tuple[Deadline, ...]


def record_answer(
    desk: Desk,
    reference: str,
    answer: Answer,
    *,
    on: date | None = None,
    exemption: str = "",
    note: str = "",
    attachment: Path | None = None,
) -> Recorded:
    """Keep one answer with its date and paper; nothing is sent."""
    request = find_request(desk, reference)
    subject = desk.vault.subjects.get(request.subject_id)
    message = _sent_message(desk, request)
    on = on or desk.today(subject)
    _check_day(desk, subject, message, on)
    status, reason = status_after(answer)
    check_status(request.status, status)
    content = _read(attachment) if attachment else None
    evidence_id = ""
    if attachment and content is not None:
        media_type = mimetypes.guess_type(attachment.name)[0] or "application/octet-stream"
        evidence_id = desk.vault.evidence.store(
            subject.id, EvidenceKind.REPLY, media_type, content, request_id=request.id
        ).id
    entry = Correspondence(
        id=new_id(),
        request_id=request.id,
        answer=answer,
        received_on=on,
        exemption=exemption,
        note=Secret(note) if note else None,
        evidence_id=evidence_id,
    )
    if message.delivery is Delivery.UNKNOWN:
        _settle_doubt(desk, message)
    clocks = _clocks_after(desk, subject, request, answer, on)
    desk.vault.correspondence.add(
        entry, status=(status, reason), deadlines=clocks, tasks=_tasks_after(desk, request, answer)
    )
    return Recorded(
        request=desk.vault.requests.get(request.id), correspondence=entry, deadlines=clocks
    )


def _sent_message(desk: Desk, request: Request) -> Message:
    """Return the message a company can have answered; an answer proves that it arrived."""
    messages = desk.vault.messages.for_request(request.id)
    for message in messages:
        if message.delivery in {Delivery.SENT, Delivery.UNKNOWN}:
            return message
    in_hand = [each for each in messages if each.delivery is Delivery.HANDED_OVER]
    if in_hand:
        raise NeedsPerson(
            Text("You have not written down yet that you sent {r}.", r=request.reference),
            known=Text("Nothing was changed."),
            hint=Text("First: optout letter post {r} --on DATE", r=in_hand[0].reference),
        )
    raise Refused(
        Text("{r} was never sent, so it cannot have an answer.", r=request.reference),
        known=Text("Nothing was changed."),
        hint=Text("See: optout status"),
    )


def _settle_doubt(desk: Desk, message: Message) -> None:
    """Count the request as arrived on the day it was tried: they answered it."""
    errand = errand_for(desk, message)
    attempt = desk.vault.outbox.last_attempt(message.id)
    began = attempt.began_at if attempt else message.created_at
    day = desk.day_of(began, errand.subject)
    desk.vault.outbox.reconcile(
        message.id,
        arrived=True,
        code="answer-came",
        deadlines=deadlines_when_received(desk, errand, day),
        received_on=day,
    )


def _check_day(desk: Desk, subject: Subject, message: Message, on: date) -> None:
    today = desk.today(subject)
    if on > today:
        raise WrongUsage(
            Text("{on} has not come yet.", on=on.isoformat()),
            known=Text("Nothing was changed."),
            hint=Text("Give the day on which you received it: --on {t}", t=today.isoformat()),
        )
    attempt = desk.vault.outbox.last_attempt(message.id)
    began = attempt.began_at if attempt else message.created_at
    sent = message.posted_on or desk.day_of(began, subject)
    if on < sent:
        raise WrongUsage(
            Text("{on} is before the request was sent ({sent}).", on=on, sent=sent),
            known=Text("Nothing was changed."),
            hint=Text("Check the date on the letter or mail, and give it with --on YYYY-MM-DD"),
        )


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(
                Text("That file is larger than 25 MB."),
                known=Text("Nothing was changed."),
                hint=Text("Scan it in grey, or attach the pages in parts."),
            )
        return path.read_bytes()
    except OSError as error:
        raise WrongUsage(
            Text(
                "The file to attach cannot be read: {why}", why=error.strerror or "unknown reason"
            ),
            known=Text("Nothing was changed."),
        ) from None


def _clocks_after(
    desk: Desk, subject: Subject, request: Request, answer: Answer, on: date
) -> tuple[Deadline, ...]:
    """Return the dates that the answer sets; stored ones it does not touch stay as they are."""
    stored = {entry.deadline.kind for entry in desk.vault.deadlines.for_request(request.id)}
    clocks = [
        clock for clock in _legal(desk, subject, request, answer, on) if clock.kind not in stored
    ]
    if answer in RECHECK_AFTER:  # records return
        clocks.append(recheck_after(on, state=state_on(subject, on)))
    return tuple(clocks)


def _legal(
    desk: Desk, subject: Subject, request: Request, answer: Answer, on: date
) -> tuple[Deadline, ...]:
    event = EVENT_OF.get(answer)
    received = desk.vault.deadlines.received_on(request.id)
    if event is None or received is None:
        return ()
    broker = desk.find_broker(request.broker)
    return clocks_of(desk, subject, broker, request, received, **{event: on})


def _tasks_after(desk: Desk, request: Request, answer: Answer) -> tuple[Task, ...]:
    """Return what the person must decide: a file that came back, keep or destroy (SAFETY 7)."""
    kinds = {
        Answer.FILE_RECEIVED: TaskKind.KEEP_OR_DESTROY,
        Answer.NEEDS_MORE: TaskKind.READ_ANSWER,
    }
    if answer not in kinds:
        return ()
    return (
        Task(
            id=new_id(),
            kind=kinds[answer],
            request_id=request.id,
            minutes=10,
            created_at=instant(desk.clock),
        ),
    )

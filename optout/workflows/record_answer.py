"""Write down what a company answered, in its own words' place, and move the dates it moves."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.record import Answer, Correspondence, Deadline, EvidenceKind, Task, TaskKind
from optout.model.request import (
    FOLLOW_UPS,
    Delivery,
    Message,
    Purpose,
    Reference,
    Request,
    Status,
    StatusReason,
)
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.answers import complaint_after
from optout.rules.days import in_words, written
from optout.rules.deadlines import recheck_after
from optout.rules.late_notice import moves_nothing
from optout.rules.lifecycle import check_status, status_after
from optout.rules.residence import state_on
from optout.rules.wanted import advice_on
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.another_way import ready_another_way
from optout.workflows.answer_order import check_can_answer, check_not_written_twice
from optout.workflows.arrived_after_all import ArrivedAfterAll, count_as_arrived
from optout.workflows.clocks import appeal_clocks, clocks_of, deadlines_when_received
from optout.workflows.course import appeal_of
from optout.workflows.desk import (
    Desk,
    as_reference,
    errand_for,
    instant,
    known_as,
    reference_of,
)
from optout.workflows.failed_address import mark_failed
from optout.workflows.find import find_request
from optout.workflows.follow_up import take_off_what_is_needless

MOST_BYTES = 25 * 2**20  # a 46-page file disclosure scanned in colour is about 12 MiB
EVENT_OF: Mapping[Answer, str] = {
    Answer.EXTENDED: "extended_on",
    Answer.DENIED: "denied_on",
    Answer.PARTIAL: "denied_on",
}
LEFT = frozenset({Delivery.SENT, Delivery.UNKNOWN})
RECHECK_AFTER = frozenset({Answer.FULFILLED, Answer.PARTIAL, Answer.FILE_RECEIVED})


# Why a company says no, in so far as the next step hangs on it.
REFUSED_BECAUSE = (
    StatusReason.NO_MATCH,
    StatusReason.INSUF_VERIFICATION,
    StatusReason.CLAIM_NOT_COVERED,
    StatusReason.OUTSIDE_JURISDICTION,
    StatusReason.TOO_MANY_REQUESTS,
    StatusReason.SUSPECTED_FRAUD,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What they sent, in memory only: it is written nowhere but into the locked folder."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A request after an answer, with the dates that now count and what the person does now."""

    request: Request
    reference: Reference  # the one that the company sees
    company: str
    correspondence: Correspondence
    deadlines: tuple[Deadline, ...]
    advice: tuple[Text, ...] = ()  # before the person gives what the company wants
    returned: By | None = None  # the way of what came back
    instead: tuple[Message, ...] = ()  # another way, where it came back
    after_all: ArrivedAfterAll | None = None  # it counted as come back, and they answered
    off_the_list: tuple[Reference, ...] = ()  # letters after it that are needless now
    not_needed: tuple[Reference, ...] = ()  # written already, and nobody sent them

    def next_step(self) -> Text:
        """Return what the person does next, as a sentence."""
        answer = self.correspondence.answer
        text = _NEXT.get(answer, Text("See what you can do: optout next"))
        return Text(text.template, r=self.reference)


_NEXT: Mapping[Answer, Text] = {
    Answer.NEEDS_MORE: Text(
        "Answer them, or leave it: you decide. Then: optout next --done {r}. When they write "
        "again: optout record {r} --help"
    ),
}


def record_answer(
    desk: Desk,
    reference: str,
    answer: Answer,
    *,
    right: Right | None = None,
    on: date | None = None,
    exemption: str = "",
    note: str = "",
    attachment: Path | Paper | None = None,
    reason: StatusReason | None = None,
) -> Recorded:
    """Keep one answer with its date and paper; nothing is sent.

    A letter that came back did so with everything that it asked. `reason` is why they refused,
    where they say it.
    """
    (recorded,) = record_answers(
        desk,
        reference,
        answer,
        (right,),
        on=on,
        exemption=exemption,
        note=note,
        attachment=attachment,
        reason=reason,
    )
    return recorded


def record_answers(
    desk: Desk,
    reference: str,
    answer: Answer,
    rights: Sequence[Right | None],
    *,
    on: date | None = None,
    exemption: str = "",
    note: str = "",
    attachment: Path | Paper | None = None,
    reason: StatusReason | None = None,
) -> tuple[Recorded, ...]:
    """Keep one answer to several things of one letter: all of it, or none.

    So each is checked, and asked about, before the first is written.
    """
    if answer is Answer.RETURNED:
        message = _named_to_return(desk, reference, rights)
        if message.purpose in FOLLOW_UPS:
            return (_follow_up_came_back(desk, message, on, attachment),)
        answered = [(tuple(map(desk.vault.requests.get, message.request_ids)), message)]
        _check_can_return(desk, *answered[0])
    else:
        found = [find_request(desk, reference, right) for right in rights]
        answered = [((each,), answered_message(desk, each)) for each in found]
    came = [
        _checked(desk, requests, message, answer, on=on, exemption=exemption)
        for requests, message in answered
    ]
    paper = Paper(name=attachment.name, content=_content_of(attachment)) if attachment else None
    for message in {each.message.id: each.message for each in came}.values():
        if message.delivery is Delivery.UNKNOWN:
            _settle_doubt(desk, message)
    with desk.vault.together():
        return tuple(_kept(desk, each, note=note, paper=paper, reason=reason) for each in came)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """An answer that nothing speaks against, before it is written down."""

    requests: tuple[Request, ...]
    message: Message
    subject: Subject
    answer: Answer
    on: date
    exemption: str
    reference: Reference  # the one that the company sees


def _checked(
    desk: Desk,
    requests: tuple[Request, ...],
    message: Message,
    answer: Answer,
    *,
    on: date | None,
    exemption: str,
) -> _Came:
    """Return what the answer means, or raise where it cannot be; nothing is changed."""
    request = requests[0]
    subject = desk.vault.subjects.get(request.subject_id)
    on = on or desk.today(subject)
    _check_day(desk, subject, message, on)
    answer = _meant(desk, request, answer, on)
    check_can_answer(desk, request, answer, on)
    known = known_as(desk.vault, message)
    check_not_written_twice(desk, requests, answer, on, named=exemption, reference=known)
    for each in requests:
        check_status(each.status, status_after(answer)[0])
    return _Came(
        requests=requests,
        message=message,
        subject=subject,
        answer=answer,
        on=on,
        exemption=exemption,
        reference=known,
    )


def _kept(
    desk: Desk, came: _Came, *, note: str, paper: Paper | None, reason: StatusReason | None
) -> Recorded:
    """Write down one answer with all that follows from it."""
    message, answer, request = came.message, came.answer, came.requests[0]
    evidence_id = keep_paper(desk, message, came.requests, paper) if paper else ""
    entries = [
        Correspondence(
            id=new_id(),
            request_id=each.id,
            answer=answer,
            received_on=came.on,
            exemption=came.exemption,
            note=Secret(note) if note else None,
            evidence_id=evidence_id,
        )
        for each in came.requests
    ]
    after_all = _after_all(desk, message, answer)
    clocks = _clocks_after(desk, came.subject, request, answer, came.on)
    for each, entry in zip(came.requests, entries, strict=True):
        desk.vault.correspondence.add(
            entry,
            status=status_after(answer, reason),
            deadlines=clocks,
            tasks=_tasks_after(desk, each, answer),
        )
    instead = _came_back(desk, message) if answer is Answer.RETURNED else ()
    gone, thrown = take_off_what_is_needless(desk, [each.id for each in came.requests])
    _is_understood(desk, message)
    return Recorded(
        request=desk.vault.requests.get(request.id),
        reference=came.reference,
        company=desk.find_broker(request.broker).called(),
        correspondence=entries[0],
        deadlines=clocks,
        advice=_advice(desk, request, entries[0]),
        returned=message.by if answer is Answer.RETURNED else None,
        instead=instead,
        after_all=after_all,
        off_the_list=tuple(each.reference for each in gone),
        not_needed=tuple(each.reference for each in thrown),
    )


def _is_understood(desk: Desk, message: Message) -> None:
    """Take what was kept unread off what is to do: now it is known what they said."""
    for task in desk.vault.tasks.open():
        if task.kind is TaskKind.UNDERSTAND and task.request_id in message.request_ids:
            desk.vault.tasks.done(task.id)


def _meant(desk: Desk, request: Request, answer: Answer, on: date) -> Answer:
    """Return what a plain no means after an appeal: that the appeal was refused.

    Of the same day it is what was appealed. Who heard back so soon says it: appeal-denied.
    """
    appeal = appeal_of(desk, request)
    if answer is Answer.DENIED and appeal is not None and on > appeal.sent_on:
        return Answer.APPEAL_DENIED
    return answer


def _follow_up_came_back(
    desk: Desk, message: Message, on: date | None, attachment: Path | Paper | None
) -> Recorded:
    """Write down that a reminder, an appeal or a complaint came back: it does not count as sent.

    The dates of the request itself go on: that one arrived.
    """
    requests = tuple(map(desk.vault.requests.get, message.request_ids))
    subject = desk.vault.subjects.get(message.subject_id)
    on = on or desk.today(subject)
    _check_went_and_stayed(desk, message)
    _check_day(desk, subject, message, on)
    if attachment:
        keep_paper(desk, message, requests, attachment)
    with desk.vault.together():
        desk.vault.outbox.came_back(message.id)
        mark_failed(desk, message)
        gone, thrown = take_off_what_is_needless(desk, message.request_ids)
    return Recorded(
        request=requests[0],
        reference=message.reference,
        company=errand_for(desk, message).broker.called(),
        correspondence=Correspondence(
            id=new_id(), request_id=requests[0].id, answer=Answer.RETURNED, received_on=on
        ),
        deadlines=(),
        advice=(
            Text(
                "It does not count as sent. The dates of your request go on. To write again: "
                "optout follow-up"
            ),
        ),
        off_the_list=tuple(each.reference for each in gone),
        not_needed=tuple(each.reference for each in thrown),
    )


def keep_paper(
    desk: Desk, message: Message, requests: tuple[Request, ...], attachment: Path | Paper
) -> str:
    """Keep their paper as proof: of one request, or of the whole letter that came back."""
    of_one = len(requests) == 1
    return desk.vault.evidence.store(
        message.subject_id,
        EvidenceKind.REPLY,
        mimetypes.guess_type(attachment.name)[0] or "application/octet-stream",
        _content_of(attachment),
        request_id=requests[0].id if of_one else None,
        message_id=None if of_one else message.id,
    ).id


def _after_all(desk: Desk, message: Message, answer: Answer) -> ArrivedAfterAll | None:
    """Undo what was written down as come back: whoever answers has it."""
    if answer is Answer.RETURNED or not _came_back_before(desk, message):
        return None
    return count_as_arrived(desk, message)


def _came_back(desk: Desk, message: Message) -> tuple[Message, ...]:
    desk.vault.outbox.came_back(message.id)
    mark_failed(desk, message)
    return ready_another_way(desk, errand_for(desk, message))


def _advice(desk: Desk, request: Request, entry: Correspondence) -> tuple[Text, ...]:
    if entry.answer is Answer.APPEAL_DENIED:
        return (Text("You appealed, so this is: they turned the appeal down."),)
    if entry.answer is Answer.EXTENDED:
        return _of_a_notice(desk, request, entry.received_on)
    if entry.answer is not Answer.NEEDS_MORE:
        return ()
    return advice_on(entry.wanted, desk.law(request.law), request.right)


def _of_a_notice(desk: Desk, request: Request, on: date) -> tuple[Text, ...]:
    """Say of a notice that moves no date that it moves none, and why."""
    appeal = appeal_of(desk, request)
    subject = desk.vault.subjects.get(request.subject_id)
    if appeal is not None and on >= appeal.sent_on:
        if _appeal_extended(desk, subject, request, Answer.EXTENDED, on):
            return ()
        text = Text("The notice of {day} moves nothing: the time to decide your appeal stays.")
        return (Text(text.template, day=on.isoformat()),)
    received = desk.vault.deadlines.received_on(request.id)
    if received is None:
        return ()
    found = moves_nothing(
        desk.law(request.law),
        request.right,
        received=min(received, on),
        noticed_on=on,
        state=state_on(subject, received),
        cra=desk.find_broker(request.broker).cra,
    )
    return (found,) if found else ()


def _named_to_return(desk: Desk, reference: str, rights: Sequence[Right | None]) -> Message:
    """Return the letter or mail that came back: the one that was named, else the newest."""
    if any(rights):
        raise WrongUsage(
            Text("What comes back does so with everything that it asked: --right is not needed."),
            known=Text("Nothing was changed."),
            hint=Text("Without it: optout record {r} returned", r=as_reference(reference)),
        )
    named = desk.vault.messages.by_reference(as_reference(reference))
    if named is None:
        return answered_message(desk, find_request(desk, reference))
    if named.delivery is Delivery.HANDED_OVER:
        raise _not_noted(named.reference)
    if named.delivery not in LEFT:
        raise _never_sent(known_as(desk.vault, named))
    return named


def _check_can_return(desk: Desk, requests: tuple[Request, ...], message: Message) -> None:
    """Refuse what cannot come back, came back already, or has an answer."""
    _check_went_and_stayed(desk, message)
    if any(request.status is not Status.OPEN for request in requests):
        raise Refused(
            Text("They answered {r}, so it reached them.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text("See what they answered: optout report"),
        )


def _check_went_and_stayed(desk: Desk, message: Message) -> None:
    """Refuse what is neither letter nor mail, or came back already."""
    if message.by not in {By.POST, By.EMAIL}:
        raise Refused(
            Text("{r} did not go as a letter or mail.", r=known_as(desk.vault, message)),
            known=Text("Nothing was changed."),
            hint=Text("See how it went: optout status"),
        )
    if _came_back_before(desk, message):
        raise Refused(
            Text("It is already written down that {r} came back.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text("See what you can do: optout next"),
        )


def answered_message(desk: Desk, request: Request) -> Message:
    """Return the message a company can have answered; an answer proves that it arrived.

    What only confirms a request asks nothing: it was answered only where nothing else left. What
    came back was not, while another letter in its place may be on its way.
    """
    messages = desk.vault.messages.for_request(request.id)
    left = [each for each in messages if each.delivery in LEFT]
    asked = [each for each in left if each.purpose is Purpose.REQUEST]
    in_hand = [each for each in messages if each.delivery is Delivery.HANDED_OVER]
    if in_hand and (not left or _came_back_before(desk, (asked or left)[-1])):
        raise _not_noted(in_hand[-1].reference)
    if not left:
        raise _never_sent(reference_of(request, messages))
    return (asked or left)[-1]


def _came_back_before(desk: Desk, message: Message) -> bool:
    attempt = desk.vault.outbox.last_attempt(message.id)
    return attempt is not None and attempt.came_back


def _not_noted(reference: Reference) -> NeedsPerson:
    return NeedsPerson(
        Text("You have not written down yet that you sent {r}.", r=reference),
        known=Text("Nothing was changed."),
        hint=Text(
            "If you sent it: optout letter post {r} --on DATE. If you did not: optout letter post "
            "{r} --not-sent. Then write down the answer.",
            r=reference,
        ),
    )


def _never_sent(reference: Reference) -> Refused:
    return Refused(
        Text("{r} was never sent, so it cannot have an answer.", r=reference),
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
            Text("{on} has not come yet.", on=written(on)),
            known=Text("Nothing was changed."),
            hint=Text("Give the day on which you received it: --on {t}", t=written(today)),
        )
    attempt = desk.vault.outbox.last_attempt(message.id)
    began = attempt.began_at if attempt else message.created_at
    sent = message.posted_on or desk.day_of(began, subject)
    if on < sent:
        raise WrongUsage(
            Text(
                "{on} is before the request was sent ({sent}).",
                on=written(on),
                sent=written(sent),
            ),
            known=Text("Nothing was changed."),
            hint=Text("Check the date on the letter or mail, and give it with --on YYYY-MM-DD"),
        )
    if message.by is By.POST and on == sent:
        raise WrongUsage(
            Text(
                "The letter left on {day}, so nothing can have come back on the same day: post "
                "takes a day at least.",
                day=in_words(sent),
            ),
            known=Text("Nothing was changed."),
            hint=Text(
                "If it came on another day, add that day: --on YYYY-MM-DD. If the letter left "
                "earlier, correct that first: optout letter post {r} --on YYYY-MM-DD. If they "
                "answered something else, write it down there: optout status",
                r=message.reference,
            ),
        )


def _content_of(attachment: Path | Paper) -> bytes:
    if isinstance(attachment, Paper):
        _check_size(len(attachment.content))
        return attachment.content
    try:
        _check_size(attachment.stat().st_size)
        return attachment.read_bytes()
    except OSError as error:
        raise WrongUsage(
            Text(
                "The file to attach cannot be read: {why}", why=error.strerror or "unknown reason"
            ),
            known=Text("Nothing was changed."),
        ) from None


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise Refused(
            Text("That file is larger than 25 MB."),
            known=Text("Nothing was changed."),
            hint=Text("Scan it in grey, or attach the pages in parts."),
        )


def _clocks_after(
    desk: Desk, subject: Subject, request: Request, answer: Answer, on: date
) -> tuple[Deadline, ...]:
    """Return the dates that the answer sets; stored ones it does not touch stay as they are."""
    if moved := _appeal_extended(desk, subject, request, answer, on):
        return moved
    stored = {
        entry.deadline.kind
        for entry in desk.vault.deadlines.for_request(request.id)
        if not entry.withdrawn
    }
    found = [
        *_legal(desk, subject, request, answer, on),
        *_appeal_lost(desk, subject, request, answer, on),
    ]
    clocks = [clock for clock in found if clock.kind not in stored]
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
    # The day a letter came is reckoned; an answer before it shows that it came sooner.
    return clocks_of(desk, subject, broker, request, min(received, on), **{event: on})


def _appeal_extended(
    desk: Desk, subject: Subject, request: Request, answer: Answer, on: date
) -> tuple[Deadline, ...]:
    """Return the later day for an appeal's decision, where a notice in time moves it."""
    appeal = appeal_of(desk, request)
    if answer is not Answer.EXTENDED or appeal is None or on < appeal.sent_on:
        return ()
    day = appeal.received_on
    plain = appeal_clocks(desk, subject, request, day)
    moved = appeal_clocks(desk, subject, request, day, extended_on=max(on, day))
    return moved if moved != plain else ()


def _appeal_lost(
    desk: Desk, subject: Subject, request: Request, answer: Answer, on: date
) -> tuple[Deadline, ...]:
    if answer is not Answer.APPEAL_DENIED:
        return ()
    complaint = complaint_after(desk.law(request.law), on, state=state_on(subject, on))
    return (complaint,) if complaint else ()


def _tasks_after(desk: Desk, request: Request, answer: Answer) -> tuple[Task, ...]:
    """Return what the person must decide: a file that came back, keep or destroy (SAFETY 7)."""
    kinds = {
        Answer.FILE_RECEIVED: TaskKind.KEEP_OR_DESTROY,
        Answer.NEEDS_MORE: TaskKind.READ_ANSWER,
        Answer.DENIED: TaskKind.READ_REFUSAL,
        Answer.PARTIAL: TaskKind.READ_REFUSAL,
        Answer.APPEAL_DENIED: TaskKind.READ_REFUSAL,
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

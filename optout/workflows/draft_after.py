"""What a reminder, an appeal or a complaint is made from: what is written down, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from optout.drafting.follow_up import (
    Concern,
    Event,
    FollowUpInput,
    Office,
)
from optout.drafting.letter import Ask, ByAgent
from optout.drafting.never import never_in
from optout.errors import Refused
from optout.model.broker import Broker, Channel
from optout.model.deadline import DeadlineKind
from optout.model.fields import Field
from optout.model.record import Answer, Correspondence, Evidence, EvidenceKind
from optout.model.request import Delivery, Message, Purpose
from optout.model.secret import Secret
from optout.model.subject import Acting, Subject
from optout.model.words import By
from optout.rules.agencies import is_nationwide_bureau
from optout.rules.countries import posted_from
from optout.rules.ladder import Course, Ground, answer_date, printed_due, sure_appeal
from optout.rules.plain_text import plain_text
from optout.rules.residence import country_on, state_on
from optout.text import Text
from optout.workflows.course import next_steps, sent_on
from optout.workflows.desk import Desk, Errand, carrier

LONGEST_NAMED = 200
_TOLD = {
    Answer.ACKNOWLEDGED: "acknowledged",
    Answer.EXTENDED: "extended",
    Answer.NEEDS_MORE: "needs-more",
    Answer.FULFILLED: "fulfilled",
    Answer.PARTIAL: "partial",
    Answer.DENIED: "denied",
    Answer.FILE_RECEIVED: "file-received",
    Answer.APPEAL_DENIED: "appeal-denied",
}
_COPY_OF = {
    Purpose.REQUEST: "request",
    Purpose.REMINDER: "reminder",
    Purpose.APPEAL: "appeal",
}
_PAPERS = frozenset({EvidenceKind.LETTER, EvidenceKind.MAIL})
_PAGES = frozenset({EvidenceKind.CONFIRMATION})


def follow_up_given(
    desk: Desk, errand: Errand, values: Mapping[Field, Secret[str]]
) -> FollowUpInput:
    """Return what one message says that follows a request up.

    It tells what was so on the day of writing: an answer that came later is not in it.
    """
    given = {field: value.reveal() for field, value in values.items()}
    subject, today = errand.subject, desk.today(errand.subject)
    company, asked = desk.find_broker(errand.message.broker), _asked(desk, errand)
    steps = next_steps(desk, errand.requests, desk.find_broker)
    courses = [steps[each.id].course for each in errand.requests]
    purpose, sent = errand.message.purpose, sent_on(desk, subject, asked)
    asked_at = company.find_channel(asked.channel_right, asked.by, asked.channel_key)
    lines = errand.channel.envelope() if errand.message.by is By.POST else ()
    reply = given.get(Field.REPLY_ADDRESS, "")
    # The law is that of where they lived when it arrived; where they moved is told nobody.
    received = courses[0].received_on or sent
    letter = FollowUpInput(
        purpose=purpose,
        concerns=tuple(_concern(course, purpose) for course in courses),
        broker_name=company.addressed(asked_at),
        recipient_lines=posted_from(country_on(subject, today), lines),
        full_name=given.get(Field.FULL_NAME, ""),
        state=state_on(subject, received),
        country=country_on(subject, received),
        moved=_home_on(subject, received) != _home_on(subject, today),
        reference=asked.reference,
        written_on=today,
        sent_on=sent,
        received_on=received,
        sent_by=asked.by,
        said=errand.message.said,
        reply_email=given.get(Field.EMAIL, ""),
        reply_lines=tuple(reply.split("\n")) if reply else (),
        nationwide_bureau=is_nationwide_bureau(company.cra),
        agent=by_agent(errand),
    )
    if purpose is Purpose.COMPLAINT:
        letter = replace(
            _about_company(letter, company, asked),
            office=Office(name=errand.broker.name),
            events=tuple(_events(courses, asked, sent, today)),
            copies=tuple(_copies(desk, errand)),
        )
    return letter


def by_agent(errand: Errand) -> ByAgent | None:
    """Return the agent that a signed paper names; None: the person writes for themselves."""
    paper = errand.paper
    if paper is None or paper.signed_on is None:
        if errand.subject.acting is Acting.AGENT:  # it would say “I write for myself”
            raise Refused(
                Text("No signed paper of this client allows it."),
                known=Text("Nothing was written or sent."),
            )
        return None
    return ByAgent(
        name=paper.agent,
        lines=paper.agent_lines,
        reference=paper.reference,
        signed_on=paper.signed_on,
    )


def _home_on(subject: Subject, on: date) -> tuple[str, str]:
    return country_on(subject, on), state_on(subject, on)


def _asked(desk: Desk, errand: Errand) -> Message:
    """Return the message that asked, and left: what follows is about it."""
    carried = desk.vault.messages.for_request(errand.requests[0].id)
    left = [
        each
        for each in carried
        if each.purpose is Purpose.REQUEST and each.delivery is Delivery.SENT
    ]
    if not carried:
        raise Refused(
            Text("What asked for this is no longer in this folder."),
            known=Text("Nothing was written or sent."),
        )
    return carrier(left or carried)


def _concern(course: Course, purpose: Purpose) -> Concern:
    newest = {each.answer: each for each in course.answers}
    passed = answer_date(course) if course.received_on else None
    reminder, ground = course.sent.get(Purpose.REMINDER), _ground(course, purpose)
    refusal = newest.get(Answer.PARTIAL if ground is Ground.PARTLY else Answer.DENIED)
    return Concern(
        ask=Ask(right=course.right, law=course.law),
        ground=ground,
        due=printed_due(passed, course.law, course.right, course.state) if passed else None,
        carry_out=bool(passed and passed.kind is DeadlineKind.OPT_OUT),
        answers={answer: each.received_on for answer, each in newest.items()},
        named=_printable(refusal.exemption) if refusal else "",
        reminded_on=reminder.sent_on if reminder else None,
    )


def _ground(course: Course, purpose: Purpose) -> Ground:
    """Return what a letter rests on: the same once it has left, whatever came after it."""
    came = [each.answer for each in course.answers]
    if purpose is Purpose.REMINDER:
        return Ground.SILENCE
    if purpose is Purpose.COMPLAINT and Answer.APPEAL_DENIED in came:
        return Ground.APPEAL_REFUSED
    if purpose is Purpose.COMPLAINT and Purpose.APPEAL in course.sent:
        return Ground.APPEAL_SILENCE
    refusals = [each for each in came if each in {Answer.DENIED, Answer.PARTIAL}]
    if not refusals:
        return Ground.SILENCE
    return Ground.PARTLY if refusals[-1] is Answer.PARTIAL else Ground.REFUSED


def _printable(words: str) -> str:
    """Return the exception that they named, unless its words belong in no letter."""
    return "" if never_in(words) else plain_text(words, limit=LONGEST_NAMED)


def _about_company(letter: FollowUpInput, company: Broker, asked: Message) -> FollowUpInput:
    """Say how an office finds the company: by the address at which it was asked."""
    channel = company.find_channel(asked.channel_right, asked.by, asked.channel_key)
    post, email = _contacts(channel)
    return replace(
        letter,
        broker_lines=post if asked.by is By.POST else (),
        broker_email=email if asked.by is By.EMAIL else "",
        broker_hosts=company.hosts[:1] if asked.by not in {By.POST, By.EMAIL} else (),
        broker_reference=asked.broker_reference,
    )


def _contacts(channel: Channel | None) -> tuple[tuple[str, ...], str]:
    if channel is None:
        return (), ""
    return channel.envelope(), channel.email.email if channel.email else ""


def _events(courses: Sequence[Course], asked: Message, sent: date, today: date) -> Iterator[Event]:
    """Yield what happened on which day: the same day and kind in one line for several items."""
    yield Event(on=sent, what="sent", way=asked.by)
    received = courses[0].received_on
    if received and received != sent:
        yield Event(on=received, what="received")
    together: dict[tuple[date, str, str, str], list[int]] = {}
    for number, course in enumerate(courses, start=1):
        for told in _of_one(course):
            if told[0] > today:  # a last day that is still to come is nothing that happened
                continue
            together.setdefault(told, []).append(number)
    for (on, what, cite, named), numbers in together.items():
        yield Event(on=on, what=what, numbers=tuple(numbers), cite=cite, named=named)


def _of_one(course: Course) -> Iterator[tuple[date, str, str, str]]:
    """Yield what happened to one request: day, kind, section, exception that was named."""
    if course.received_on:
        passed = answer_date(course)
        due = printed_due(passed, course.law, course.right, course.state)
        if due:
            what = "carry-out" if passed.kind is DeadlineKind.OPT_OUT else "due"
            yield due[0], what, due[1], ""
    for each in course.answers:
        if each.answer in _TOLD:
            refuses = each.answer in {Answer.DENIED, Answer.PARTIAL, Answer.APPEAL_DENIED}
            named = _printable(each.exemption) if refuses else ""
            yield each.received_on, _TOLD[each.answer], "", named
    for purpose in (Purpose.REMINDER, Purpose.APPEAL):
        if purpose in course.sent:
            yield course.sent[purpose].sent_on, purpose.value, "", ""
    sure = sure_appeal(course.law)
    if any(each.answer is Answer.APPEAL_DENIED for each in course.answers):
        return
    for decision in course.dates:
        if sure and decision.kind is DeadlineKind.APPEAL_DECISION:
            yield decision.due_on, "appeal-due", decision.basis, ""


def _copies(desk: Desk, errand: Errand) -> Iterator[tuple[str, date]]:
    """Yield the papers that are kept and can be copied, oldest first, each once."""
    kept = desk.vault.evidence.for_requests(each.id for each in errand.requests)
    cards = {card.id: card for several in kept.values() for card in several}
    messages = desk.vault.messages.get_many(c.message_id for c in cards.values() if c.message_id)
    answers = desk.vault.correspondence.for_requests(each.id for each in errand.requests)
    came = {each.evidence_id: each for several in answers.values() for each in several}
    found = (
        _copy(desk, errand, card, messages.get(card.message_id) if card.message_id else None, came)
        for card in cards.values()
    )
    today = desk.today(errand.subject)
    kinds = dict.fromkeys(each for each in found if each and each[1] <= today)
    yield from sorted(kinds, key=lambda each: each[1])


def _copy(
    desk: Desk,
    errand: Errand,
    card: Evidence,
    message: Message | None,
    came: Mapping[str, Correspondence],
) -> tuple[str, date] | None:
    if card.kind is EvidenceKind.REPLY:
        answer = came.get(card.id)
        return ("answer", answer.received_on) if answer else None
    if message is None or message.delivery is not Delivery.SENT:
        return None
    day = sent_on(desk, errand.subject, message)
    if card.kind in _PAGES:
        return "confirmation", day
    if card.kind in _PAPERS and message.purpose in _COPY_OF:
        return _COPY_OF[message.purpose], day
    return None

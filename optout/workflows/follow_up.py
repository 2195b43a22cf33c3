"""What follows silence or a refusal: said in the list, drafted on demand, sent like any message.

Nothing here sends. A complaint is drafted only after the person read what it puts into government
files and typed a yes; no list, no plan and no other command begins one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from optout.drafting.letter import clean
from optout.drafting.never import never_in
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.broker import Broker, Channel, Slug
from optout.model.law import LawId
from optout.model.ports import Offer, Offered, OfferGroup
from optout.model.request import (
    FOLLOW_UPS,
    Delivery,
    Message,
    Purpose,
    Reason,
    RequestId,
    Said,
    Status,
)
from optout.model.subject import Acting, Subject
from optout.model.words import By, Right
from optout.rules.after_request import office_of, ways_after
from optout.rules.closed import closed_for, may_write_for
from optout.rules.days import in_words
from optout.rules.disclosure import check_may_give
from optout.rules.ladder import Ground
from optout.rules.minors import is_minor
from optout.rules.picking import picked
from optout.rules.public_records import GATE
from optout.rules.used_fields import fields_needed
from optout.text import Text
from optout.words import word
from optout.workflows.course import Find, NextStep, next_step_of, next_steps
from optout.workflows.desk import Desk, Errand, as_reference, carrier
from optout.workflows.find import find_requests
from optout.workflows.given import given_to
from optout.workflows.new_message import new_message

LONGEST_OWN = 300
UNFINISHED = (Status.OPEN, Status.IN_PROGRESS, Status.DENIED)
WITHOUT_A_NAME = Text(
    "An organization can also tell an office about a company without naming anybody. Ask one that "
    "you trust before you do it yourself."
)
REASON_TEXT = {
    Reason.NO_EXCEPTION: Text("They name no exception for the refusal."),
    Reason.NOT_ALL: Text("The exception that they name does not cover all that I asked for."),
    Reason.NOT_THIS: Text("The exception that they name is for other data or other companies."),
    Reason.ENOUGH: Text("What I gave them is enough to find my record."),
    Reason.STILL_THERE: Text("They say that they did it, and my record can still be found."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedUp:
    """What is on the list now, and what was there before."""

    drafted: tuple[Message, ...] = ()
    waiting: tuple[Message, ...] = ()

    def first(self) -> Message:
        """Return the one to look at first."""
        return (*self.drafted, *self.waiting)[0]


def steps_due(desk: Desk, subject: Subject | None = None) -> tuple[NextStep, ...]:
    """Return the steps that are due now, those with the nearest last day first."""
    requests = desk.vault.requests.list(
        subject_id=subject.id if subject else None, statuses=UNFINISHED
    )
    found = next_steps(desk, requests, _companies(desk)).values()
    due = [step for step in found if step.rung.purpose]
    return tuple(sorted(due, key=lambda step: (step.rung.by is None, step.rung.by)))


def _companies(desk: Desk) -> Find:
    @cache
    def find(slug: Slug) -> Broker | None:
        try:
            return desk.find_broker(slug)
        except OptoutError:  # its old requests still stand
            return None

    return find


def follow_up(
    desk: Desk, reference: str, *, right: Right | None = None, reasons: Sequence[Reason] = ()
) -> FollowedUp:
    """Draft what is due for a request, or a whole letter; what is on the list stays as it is.

    What goes to the company comes first: a complaint is begun only when nothing else is.
    """
    steps = _steps(desk, reference, right)
    due = [step for step in steps if step.rung.purpose]
    if not due:
        raise _nothing_due(reference, steps)
    waiting = {step.waiting.id: step.waiting for step in due if step.waiting}
    new: Sequence[NextStep] = [step for step in due if not step.waiting]
    to_company = [step for step in new if step.rung.purpose is not Purpose.COMPLAINT]
    if to_company and len(to_company) < len(new):
        desk.person.tell(
            Text(
                "Something else in this letter could go to an office. For that, ask again: "
                "optout follow-up {r}",
                r=as_reference(reference),
            )
        )
        new = to_company
    if right is None:
        new = _without_choices(desk, reference, new)
    drafted = [_asked_about(desk, group, reasons) for group in _together(new)]
    _put_on_the_list(desk, drafted)
    again = _said_anew(desk, waiting.values(), reasons)
    if reasons and not any(each.said for each in (*drafted, *again)):
        desk.person.tell(Text("None of these appeals a refusal, so the reasons are left out."))
    return FollowedUp(drafted=tuple(drafted), waiting=again)


def _put_on_the_list(desk: Desk, messages: Iterable[Message]) -> None:
    """Keep these letters, all or none: while somebody answered, much can have been written down."""
    with desk.vault.together():
        for message in messages:
            steps = _steps_of(desk, message).values()
            if any(s.waiting or s.rung.purpose is not message.purpose for s in steps):
                raise Refused(
                    Text("While you answered, something else was written down about this."),
                    known=Text("Nothing was drafted by this, and nothing was sent."),
                    hint=Text("See what is due now: optout follow-up"),
                )
            desk.vault.messages.add(message)


def _said_anew(
    desk: Desk, waiting: Iterable[Message], reasons: Sequence[Reason]
) -> tuple[Message, ...]:
    """Put other reasons into an appeal that waits, or say that it is written already."""
    if reasons:
        for message in waiting:
            if message.said is None:
                continue
            if _was_written(desk, message):
                text = Text("{r} is written already, with what you said then.", r=message.reference)
            else:
                said = replace(message.said, reasons=tuple(dict.fromkeys(reasons)))
                desk.vault.messages.say_anew(message.id, said)
                text = Text("{r} gives the reasons that you named now.", r=message.reference)
            desk.person.tell(text)
    return tuple(desk.vault.messages.get(each.id) for each in waiting)


def _was_written(desk: Desk, message: Message) -> bool:
    """Say whether a letter may be in the person's hands, or was: then it stays as it is."""
    in_hand = message.delivery is Delivery.HANDED_OVER
    return in_hand or desk.vault.outbox.last_attempt(message.id) is not None


def _without_choices(desk: Desk, reference: str, steps: Sequence[NextStep]) -> Sequence[NextStep]:
    """Leave out what the law may allow to refuse: it never travels along with something else."""
    plain = [step for step in steps if not step.rung.by_choice]
    if not plain:
        return steps
    for step in steps:
        if step.rung.by_choice and step.rung.first:
            desk.person.tell(step.rung.first)
            desk.person.tell(
                Text(
                    "It is left out. To go on with it all the same: "
                    "optout follow-up {r} --right {right}",
                    r=as_reference(reference),
                    right=step.request.right.value,
                )
            )
    return plain


def _steps(desk: Desk, reference: str, right: Right | None) -> tuple[NextStep, ...]:
    """Return the steps of what a reference names: the request's, or a letter that follows it."""
    found = [each for each in find_requests(desk, reference) if right in {None, each.right}]
    if not found:
        raise WrongUsage(
            Text("{r} does not ask for that.", r=as_reference(reference)),
            known=Text("Nothing was changed."),
            hint=Text("See what is due now: optout follow-up"),
        )
    for each in found:
        desk.law(each.law)  # raises in words where its file is gone
    return tuple(next_steps(desk, found, desk.find_broker).values())


def _nothing_due(reference: str, steps: Sequence[NextStep]) -> OptoutError:
    """Say why nothing is due, and when to look again."""
    soonest = min((s for s in steps if s.rung.look_again), key=_again, default=steps[0])
    day = soonest.rung.look_again
    hint = (
        Text("Look again on {day}: optout follow-up", day=in_words(day))
        if day
        else Text("See: optout status")
    )
    return WrongUsage(
        Text("Nothing is due for {r} now. {why}", r=as_reference(reference), why=soonest.rung.why),
        known=Text("Nothing was drafted or sent."),
        hint=hint,
    )


def _again(step: NextStep) -> str:
    return step.rung.look_again.isoformat() if step.rung.look_again else ""


def _together(steps: Sequence[NextStep]) -> Iterator[tuple[NextStep, ...]]:
    """Yield what one letter carries: one purpose, and of appeals and complaints one law.

    And what was asked in one letter: it names one day, one way and one reference.
    """
    order = {purpose: place for place, purpose in enumerate(Purpose)}
    asked = list(dict.fromkeys(step.reference for step in steps))

    def key(step: NextStep) -> tuple[int, LawId, int]:
        assert step.rung.purpose
        law = "" if step.rung.purpose is Purpose.REMINDER else step.request.law
        return order[step.rung.purpose], LawId(law), asked.index(step.reference)

    for _key, group in groupby(sorted(steps, key=key), key=key):
        yield tuple(group)


def _asked_about(desk: Desk, steps: tuple[NextStep, ...], reasons: Sequence[Reason]) -> Message:
    """Ask what has to be asked, and return the letter; it is not kept yet."""
    purpose = steps[0].rung.purpose
    assert purpose
    for step in steps:
        desk.person.tell(step.rung.why)
    _offer_to_answer_first(desk, steps)
    subject = desk.vault.subjects.get(steps[0].request.subject_id)
    _check_may_be_written(desk, subject)
    as_agent = _asked_as_agent(desk, steps, purpose)
    if as_agent:
        subject = replace(subject, acting=Acting.AGENT)
    if purpose is Purpose.COMPLAINT:
        _pass_gate(desk, steps[0])
        channel, by = None, By.POST
    else:
        channel, by = _way(desk, subject, steps[0])
        if as_agent and by is not By.POST:
            raise _no_way_for_an_agent()
    asks = purpose is Purpose.APPEAL and any(s.rung.ground is not Ground.SILENCE for s in steps)
    return new_message(
        desk,
        subject.id,
        steps[0].request.broker,
        right=channel.right if channel else steps[0].request.right,
        by=by,
        key=channel.key if channel else "",
        request_ids=(step.request.id for step in steps),
        purpose=purpose,
        said=_ask_why(desk, reasons) if asks else None,
        as_agent=as_agent,
    )


def _offer_to_answer_first(desk: Desk, steps: Sequence[NextStep]) -> None:
    first = next((step.rung.first for step in steps if step.rung.first), None)
    if first is None:
        return
    desk.person.tell(first)
    if not desk.person.confirm(Text("Go on all the same?"), default=False):
        raise Refused(
            Text("Nothing was drafted."),
            known=Text("You can leave it, or ask another way. Nothing was sent.")
            if any(step.rung.by_choice for step in steps)
            else Text("Answer them first, if you want to. Nothing was sent."),
            hint=Text("When they write again: optout record {r} --help", r=steps[0].reference),
        )


def _check_may_be_written(desk: Desk, subject: Subject) -> None:
    """Refuse for whom our letters would not be true: they say “I write for myself”."""
    why = may_write_for(subject.acting, is_minor=is_minor(subject, desk.today(subject)))
    if why:
        raise Refused(
            why,
            known=Text("Nothing was drafted or sent."),
            hint=Text("See what is due, and until when: optout due"),
        )


def _no_way_for_an_agent() -> Refused:
    return Refused(
        Text("An agent asks by post here, with a copy of what the client signed."),
        known=Text("Nothing was drafted or sent."),
        hint=Text("What is due, and until when: optout due"),
    )


def _asked_as_agent(desk: Desk, steps: Sequence[NextStep], purpose: Purpose) -> bool:
    """Say whether an office asked this as agent, so that it reminds as agent; refuse the rest."""
    carried = desk.vault.messages.for_requests(step.request.id for step in steps)
    left = (each for several in carried.values() for each in several if each.delivery in _LEFT)
    as_agent = any(each.as_agent and each.purpose is Purpose.REQUEST for each in left)
    if as_agent and purpose is not Purpose.REMINDER:
        raise Refused(
            Text(
                "Your office asked this as agent. An appeal or a complaint is the client's own, "
                "and no letter of ours says so."
            ),
            known=Text("Nothing was drafted or sent."),
            hint=Text("Write it with the client. What is due, and until when: optout due"),
        )
    return as_agent


def _pass_gate(desk: Desk, step: NextStep) -> None:
    """Say what a complaint does, and go on only after a typed yes (SAFETY 3)."""
    law = step.course.law
    office = office_of(law)
    if office is None:
        raise NeedsPerson(
            Text("Which office takes this complaint hangs on where you live."),
            known=Text("Nothing was drafted or sent."),
            hint=Text("See: optout law show {law}", law=law.id),
        )
    desk.person.tell(Text("A complaint goes to: {office}", office=office.name))
    if law.cure:
        desk.person.tell(
            Text("Time that the law gives a company to put it right: {cure}", cure=law.cure)
        )
    desk.person.tell(WITHOUT_A_NAME)
    if not desk.person.type_word(GATE, Text("yes")):
        raise Refused(
            Text("No complaint was drafted."),
            known=Text("Nothing was sent, and no office was told anything."),
        )


def _way(desk: Desk, subject: Subject, step: NextStep) -> tuple[Channel, By]:
    """Return the first way that is open: as the request went, if that takes letters."""
    broker = desk.find_broker(step.request.broker)
    asked = carrier(desk.vault.messages.for_request(step.request.id))
    first = broker.find_channel(asked.channel_right, asked.by, asked.channel_key)
    if first is None:
        raise WrongUsage(
            Text(
                "What we know about {company} has changed: this way of asking is gone.",
                company=broker.called(),
            ),
            known=Text("Nothing was drafted or sent."),
            hint=Text("See: optout broker show {slug}", slug=broker.slug),
        )
    for way in ways_after(broker, first, asked.by):
        if way[1] is By.PORTAL or _is_open(desk, subject, step, broker, way):
            return way
    raise AssertionError  # the last way is by hand, and always there


def _is_open(
    desk: Desk, subject: Subject, step: NextStep, broker: Broker, way: tuple[Channel, By]
) -> bool:
    """Say whether the person can and may write there."""
    (channel, by), today = way, desk.today(subject)
    asked = step.course.received_on or today  # whom they serve was settled then
    if closed_for(subject, broker, channel, by, asked, law=desk.law(step.request.law)):
        return False
    has_address = any(reply.address for reply in subject.reply_to)
    fields = fields_needed(
        broker,
        channel,
        by,
        return_address=has_address,
        by_agent=subject.acting is Acting.AGENT,
    )
    return not check_may_give(
        subject,
        broker,
        fields,
        presence=step.request.presence,
        earlier=given_to(desk, subject.id, broker),
        on=today,
        by=by,
    )


def _ask_why(desk: Desk, reasons: Sequence[Reason]) -> Said:
    """Ask why a refusal is wrong: from a short list, and in one sentence of their own."""
    if reasons:
        return Said(reasons=tuple(dict.fromkeys(reasons)))
    offered = list(Reason)
    typed = desk.person.pick(_why_offer([REASON_TEXT[reason] for reason in offered]))
    own = desk.person.ask(
        Text(
            "One sentence of your own, if you want. Nothing about status, family, work or fear. "
            "Enter leaves it out."
        ),
        check=check_own,
    )
    chosen = tuple(offered[number - 1] for number in picked(typed, len(offered)))
    return Said(reasons=chosen, own=own.strip())


def _why_offer(reasons: Sequence[Text]) -> Offer:
    question = Text("Why should they look at it again? Only what is true:")
    numbered = (
        Text("{n}. {reason}", n=number, reason=reason)
        for number, reason in enumerate(reasons, start=1)
    )
    return Offer(
        question=question,
        by_number=Text("Which of these? Some by number (such as 1,3), or none (n)"),
        at_length=(question, *numbered),
        groups=(OfferGroup(entries=tuple(Offered(text=reason) for reason in reasons)),),
        has_all=False,
    )


def check_own(text: str) -> None:
    """Refuse words that no letter may hold, and say why; they were not kept."""
    if len(text) > LONGEST_OWN:
        raise WrongUsage(Text("One sentence is enough: at most {n} letters.", n=LONGEST_OWN))
    clean(text)  # what nobody can see is refused
    found = never_in(text)
    if found:
        raise WrongUsage(
            Text("That must not be in a letter. {why}", why=found[0].why),
            hint=Text("Write it another way, or leave it out with Enter."),
        )


def is_still_due(desk: Desk, message: Message) -> bool:
    """Say whether a drafted letter is what comes next for everything that it is about."""
    steps = _steps_of(desk, message).values()
    return all(step.rung.purpose is message.purpose for step in steps)


def _steps_of(desk: Desk, message: Message) -> Mapping[RequestId, NextStep]:
    requests = [desk.vault.requests.get(each) for each in message.request_ids]
    return next_steps(desk, requests, desk.find_broker)


def check_still_due(desk: Desk, errand: Errand) -> None:
    """Refuse a letter that an answer, or a new date, has made needless, and take it off."""
    message = errand.message
    undelivered = {Delivery.DRAFT, Delivery.READY, Delivery.FAILED}
    if message.purpose not in FOLLOW_UPS or message.delivery not in undelivered:
        return
    if is_still_due(desk, message):
        return
    gone, written = take_off_what_is_needless(desk, message.request_ids)
    if not gone and not written:
        raise Refused(
            Text("A part of {r} is not due any more.", r=message.reference),
            known=Text("That part was taken out. Nothing was written or sent."),
            hint=Text("Look at the rest: optout file {r}", r=message.reference),
        )
    raise Refused(
        Text("{what} is not due any more.", what=word(message.purpose)),
        known=Text("It is off your list. Nothing was written or sent.")
        if gone
        else Text("Nothing was written or sent."),
        hint=Text("See what is: optout follow-up"),
    )


def take_off_what_is_needless(
    desk: Desk, request_ids: Iterable[RequestId]
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Take letters off the list that an answer made needless; return them, and those written.

    What was written already is in the person's hands: they are told to throw it away. Of one that
    asks for more than this, the rest stays on the list.
    """
    gone, written = {}, {}
    with desk.vault.together():
        for request_id, message in _needless(desk, request_ids):
            if _was_written(desk, message):
                written[message.id] = message
            elif desk.vault.messages.leave_out(message.id, [request_id]):
                gone[message.id] = message
    return tuple(gone.values()), tuple(written.values())


def tell_what_is_needless(desk: Desk, request_ids: Iterable[RequestId]) -> None:
    """Take off what a new date made needless, and say so."""
    gone, written = take_off_what_is_needless(desk, request_ids)
    for message in gone:
        desk.person.tell(Text("{r} is not due any more, and off your list.", r=message.reference))
    for message in written:
        desk.person.tell(
            Text("{r} is not due any more: throw it away, do not send it.", r=message.reference)
        )


def _needless(desk: Desk, request_ids: Iterable[RequestId]) -> Iterator[tuple[RequestId, Message]]:
    """Yield each letter that did not leave, with a request for which it is not what comes next."""
    for request_id in request_ids:
        for message in desk.vault.messages.for_request(request_id):
            if message.purpose not in FOLLOW_UPS or message.delivery in _LEFT:
                continue
            step = next_step_of(desk, desk.vault.requests.get(request_id))
            if step is not None and step.rung.purpose is not message.purpose:
                yield request_id, message


_LEFT = frozenset({Delivery.SENT, Delivery.UNKNOWN, Delivery.SENDING, Delivery.FILLING})

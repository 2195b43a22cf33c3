"""Put the lines of a plan on the person's list: requests and the messages that will carry them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from optout.model.broker import Slug
from optout.model.law import Law
from optout.model.plan import LineKind, PlanLine
from optout.model.request import (
    Message,
    Request,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.days import in_words
from optout.rules.outside import is_outside
from optout.rules.quota import COUNTED, IS_AN_ANSWER, used_up
from optout.text import Text
from optout.vault.ids import new_id, new_reference
from optout.words import said_by_company
from optout.workflows.desk import Desk, instant
from optout.workflows.new_message import new_message


def accept_plan(desk: Desk, subject: Subject, lines: Sequence[PlanLine]) -> tuple[Message, ...]:
    """Store the lines as requests; one letter or mail carries all rights for one address.

    A line whose request is already open is left out: nothing is asked twice.
    """
    wanted = [line for line in lines if line.kind is LineKind.REQUEST and line.channel]
    asked = asked_before(desk, subject)
    new = [line for line in wanted if line.listing or (line.broker, line.right) not in asked]
    new = [line for line in new if _is_wanted_although_used_up(desk, subject, line)]
    return tuple(_store(desk, subject, group) for group in together(new, wanted))


def _is_wanted_although_used_up(desk: Desk, subject: Subject, line: PlanLine) -> bool:
    """Ask before a copy is asked for again whose free answers of this year are used up."""
    used = _used_up(desk, subject, line.law.law, line.broker, line.right)
    if used is None:
        return True
    desk.person.tell(used)
    return desk.person.confirm(Text("Put it on your list all the same?"), default=False)


def _answered_on(desk: Desk, subject: Subject, broker: Slug, right: Right) -> Iterator[date]:
    """Yield the day of each answer to such a request: laws count answers, not requests."""
    requests = desk.vault.requests.list(subject_id=subject.id, broker=broker)
    asked = [request.id for request in requests if request.right is right]
    for came in desk.vault.correspondence.for_requests(asked).values():
        days = [each.received_on for each in came if each.answer in IS_AN_ANSWER]
        yield from days[:1]


def together(lines: Sequence[PlanLine], plan: Sequence[PlanLine]) -> Iterator[tuple[PlanLine, ...]]:
    """Yield the lines that one letter, mail or form carries together, in the plan's order."""
    for _key, group in groupby(sorted(lines, key=_order(plan)), key=_carried_together):
        yield tuple(group)


def take_off_the_list(desk: Desk, message: Message, ids: Collection[RequestId]) -> None:
    """Leave a message with what it still asks, unapproved; drop one that asks nothing any more."""
    rest = tuple(each for each in message.request_ids if each not in ids)
    first = desk.vault.requests.get(rest[0]).right if rest else message.channel_right
    desk.vault.messages.rewrite(replace(message, request_ids=rest, channel_right=first))
    if not rest:
        desk.vault.messages.withdraw(message.id)


def asked_before(desk: Desk, subject: Subject) -> frozenset[tuple[Slug, Right]]:
    """Return what is asked already and not settled, so that nothing is asked twice."""
    unsettled = desk.vault.requests.list(
        subject_id=subject.id, statuses=(Status.OPEN, Status.IN_PROGRESS)
    )
    return frozenset((request.broker, request.right) for request in unsettled)


def answered_before(desk: Desk, subject: Subject) -> Mapping[tuple[Slug, Right], Text]:
    """Return what was answered within a year, with the reason not to ask it again by itself.

    Most laws give one or two free requests a year, and the same words get the same answer.
    """
    today, found = desk.today(subject), {}
    for request in desk.vault.requests.list(
        subject_id=subject.id, statuses=(Status.FULFILLED, Status.DENIED)
    ):
        asked_on = desk.day_of(request.created_at, subject)
        if request.reason is StatusReason.RETURNED or today - asked_on > timedelta(days=365):
            continue
        asked = _said_of(request, asked_on)
        used = _used_up(desk, subject, desk.law(request.law), request.broker, request.right)
        found[(request.broker, request.right)] = (
            Text("{asked}. {quota}", asked=asked, quota=used) if used else asked
        )
    return found


def _said_of(request: Request, asked_on: date) -> Text:
    told = {"day": in_words(asked_on), "said": said_by_company(request.status, request.reason)}
    if is_outside(request.broker):  # no plan lists it: it is asked by optout request
        return Text("You asked this on {day}, and the answer was: {said}", **told)
    return Text(
        "You asked this on {day}, and the answer was: {said}. To ask it again all the same: "
        "optout plan --only {slug}",
        **told,
        slug=request.broker,
    )


def _used_up(desk: Desk, subject: Subject, law: Law, broker: Slug, right: Right) -> Text | None:
    """Say that the free answers of this year are used up, if the law counts this right."""
    if right not in COUNTED:
        return None
    answered = _answered_on(desk, subject, broker, right)
    quota = used_up(law, right, answered, desk.today(subject))
    return quota.said(desk.find_broker(broker).called()) if quota else None


def _order(lines: Sequence[PlanLine]) -> Callable[[PlanLine], int]:
    """Keep the plan's order, with the lines of one letter next to each other."""
    first: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(lines):
        first.setdefault(_carried_together(line), number)
    return lambda line: first[_carried_together(line)]


def _carried_together(line: PlanLine) -> tuple[object, ...]:
    """Return what joins lines to one message: the company and the address on the envelope."""
    assert line.channel  # requests have one
    contact = line.channel.post if line.by is By.POST else line.channel.email
    if line.by not in {By.POST, By.EMAIL} or contact is None:
        about = line.listing.id if line.listing else ""
        return (line.broker, line.by, line.right, line.channel.key, about)
    return (line.broker, line.by, contact, line.channel.key, line.channel.addressee)


def _store(desk: Desk, subject: Subject, lines: tuple[PlanLine, ...]) -> Message:
    now = instant(desk.clock)
    requests = tuple(_request(subject, line, now) for line in lines)
    first = lines[0]
    assert first.channel
    message = new_message(
        desk,
        subject.id,
        first.broker,
        right=first.right,
        by=first.by,
        key=first.channel.key,
        request_ids=(request.id for request in requests),
    )
    with desk.vault.together():
        for request in requests:
            desk.vault.requests.add(request)
        desk.vault.messages.add(message)
    return message


def _request(subject: Subject, line: PlanLine, now: datetime) -> Request:
    return Request(
        id=RequestId(new_id()),
        reference=new_reference(),
        subject_id=subject.id,
        broker=line.broker,
        right=line.right,
        listing_id=line.listing.id if line.listing else "",
        law=line.law.law.id,
        law_sha256=line.law.law.sha256,
        presence=line.presence,
        created_at=now,
    )

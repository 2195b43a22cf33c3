"""What happened to a request, in the order of its days: sent, given, answered, proven, due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from optout.due_words import said_basis
from optout.model.record import Answer, Correspondence, Evidence, StoredDeadline
from optout.model.request import AttemptId, Delivery, Disclosure, Message, Request, RequestId
from optout.model.subject import Subject
from optout.rules.deadlines import may_be_missed
from optout.text import Text
from optout.words import word, words
from optout.workflows.desk import Desk
from optout.workflows.find import find_requests
from optout.workflows.record_answer import LEFT
from optout.workflows.standing import company_called

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing of one day; where proof of it is kept, its cards."""

    on: date
    said: Text
    proofs: tuple[Evidence, ...] = ()
    due: bool = False  # somebody must act by then
    late: bool = False  # the day has passed, and nothing came
    over: bool = False  # settled, or it does not count any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Everything about what one reference asks for, oldest first."""

    company: str
    today: date
    moments: tuple[Moment, ...]


def timeline(desk: Desk, reference: str) -> Timeline:
    """Return what happened and what is due, of a request or of a whole letter."""
    requests = find_requests(desk, reference)
    subject = desk.vault.subjects.get(requests[0].subject_id)
    story = _Story(desk, subject, requests)
    moments = sorted(dict.fromkeys(story.moments()), key=lambda each: (each.on, each.due))
    return Timeline(
        company=company_called(desk, requests[0].broker),
        today=story.today,
        moments=tuple(moments),
    )


class _Story:
    """Reads the folder once for all of it; every day is a day where the person lives."""

    def __init__(self, desk: Desk, subject: Subject, requests: Sequence[Request]) -> None:
        self._desk, self._subject, self._requests = desk, subject, requests
        self.today = desk.today(subject)
        ids, vault = [each.id for each in requests], desk.vault
        self._messages = _each_once(vault.messages.for_requests(ids))
        self._given = _each_once(vault.disclosures.for_requests(ids))
        self._answers = vault.correspondence.for_requests(ids)
        self._dates = vault.deadlines.for_requests(ids)
        self._proofs = {card.id: card for card in _each_once(vault.evidence.for_requests(ids))}

    def moments(self) -> Iterator[Moment]:
        """Yield everything: what is of one day in the order in which it happens."""
        first = min(each.created_at for each in self._requests)
        yield Moment(on=self._day(first), said=Text("Put on your list"))
        for message in self._messages:
            yield from self._of_message(message)
        yield from self._of_given()
        for card in self._loose_proofs():
            yield Moment(
                on=self._day(card.at),
                said=Text("Kept as proof: {what}", what=word(card.kind)),
                proofs=(card,),
            )
        for request in self._requests:
            for answer in self._answers.get(request.id, ()):
                yield self._of_answer(request, answer)
            for entry in self._dates.get(request.id, ()):
                yield self._of_date(request, entry)

    def _day(self, at: datetime) -> date:
        return self._desk.day_of(at, self._subject)

    def _of_message(self, message: Message) -> Iterator[Moment]:
        what = word(message.purpose)
        if message.delivery in LEFT:
            attempt = self._desk.vault.outbox.last_attempt(message.id)
            began = self._day(attempt.began_at if attempt else message.created_at)
            yield Moment(
                on=message.posted_on or began,
                said=Text(
                    "{what}, by {by}: {sent}",
                    what=what,
                    by=word(message.by),
                    sent=word(message.delivery),
                ),
            )
        elif message.delivery is not Delivery.DRAFT:
            yield Moment(
                on=self._day(message.created_at),
                said=Text("{what}: {now}", what=what, now=word(message.delivery)),
            )

    def _of_given(self) -> Iterator[Moment]:
        in_hand = self._in_hand()

        def when(each: Disclosure) -> tuple[date, str, bool, bool]:
            waits = each.attempt_id in in_hand
            on = self._came_back_on(each) if each.came_back else self._day(each.at)
            return on, each.recipient, each.came_back, waits

        for (on, recipient, came_back, waits), several in groupby(
            sorted(self._given, key=when), when
        ):
            fields = words(dict.fromkeys(each.field for each in several))
            said = Text("{who} got: {what}", who=recipient, what=fields)
            if came_back:
                said = Text("{who} did not get it: it came back", who=recipient)
            elif waits:
                said = Text("{who} gets, when you send it: {what}", who=recipient, what=fields)
            yield Moment(on=on, said=said)

    def _came_back_on(self, each: Disclosure) -> date:
        """Return the day on which a letter came back; of a reminder or appeal, when it was told."""
        left = self._day(each.at)
        came = [
            answer.received_on
            for several in self._answers.values()
            for answer in several
            if answer.answer is Answer.RETURNED and answer.received_on >= left
        ]
        if came:
            return min(came)
        own = {message.id for message in self._messages}
        told = self._desk.vault.events.with_code("message.came-back")
        days = [self._day(event.at) for event in told if own & {*event.ids} and event.at >= each.at]
        return min(days, default=left)

    def _in_hand(self) -> frozenset[AttemptId | None]:
        """Return the attempts whose paper the person has: nobody got anything by them yet."""
        last = self._desk.vault.outbox.last_attempt
        return frozenset(
            attempt.id
            for each in self._messages
            if each.delivery is Delivery.HANDED_OVER and (attempt := last(each.id))
        )

    def _of_answer(self, request: Request, answer: Correspondence) -> Moment:
        card = self._proofs.get(answer.evidence_id)
        said = Text("Their answer: {what}", what=word(answer.answer))
        return Moment(
            on=answer.received_on,
            said=self._about(request, said),
            proofs=(card,) if card else (),
        )

    def _loose_proofs(self) -> list[Evidence]:
        """Return the proofs that do not stand beside an answer already."""
        shown = {each.evidence_id for several in self._answers.values() for each in several}
        return [card for card in self._proofs.values() if card.id not in shown]

    def _of_date(self, request: Request, entry: StoredDeadline) -> Moment:
        due, over = entry.deadline, entry.met or entry.withdrawn
        said = Text("{what} ({basis})", what=word(due.kind), basis=said_basis(due.basis))
        return Moment(
            on=due.due_on,
            said=self._about(request, said),
            due=True,
            late=not over and may_be_missed(due.kind) and self.today > due.grace_until,
            over=over,
        )

    def _about(self, request: Request, said: Text) -> Text:
        """Say which part it is about, where a letter asks for several."""
        if len(self._requests) == 1:
            return said
        return Text("{part}: {said}", part=word(request.right), said=said)


def _each_once(found: Mapping[RequestId, Sequence[T]]) -> tuple[T, ...]:
    """Return what several requests share only once."""
    return tuple(dict.fromkeys(each for several in found.values() for each in several))

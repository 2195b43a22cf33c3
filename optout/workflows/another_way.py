"""After a letter came back: the same requests get ready to go another way. Nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping

from optout.model.broker import Channel
from optout.model.fields import Field
from optout.model.request import Message, Request
from optout.model.words import By
from optout.rules.disclosure import Seen, facts_of
from optout.rules.residence import state_on
from optout.rules.ways import Asker, ways_to_ask
from optout.workflows.desk import Desk, Errand
from optout.workflows.given import given_to
from optout.workflows.new_message import new_message

Way = tuple[By, str, str]  # how, by which key, and what travels together: an address or a right


def ready_another_way(desk: Desk, errand: Errand) -> tuple[Message, ...]:
    """Put what a returned letter asked on the list again, by the way that gives away least.

    Where a company has no other way, it is a letter again: the person looks up the address first.
    """
    earlier = given_to(desk, errand.subject.id, errand.broker)
    together: dict[Way, list[Request]] = {}
    for request in errand.requests:
        together.setdefault(_way(desk, errand, request, earlier), []).append(request)
    messages = tuple(_message(desk, errand, way, asked) for way, asked in together.items())
    for message in messages:
        desk.vault.messages.add(message)
    return messages


def _way(desk: Desk, errand: Errand, request: Request, earlier: Mapping[Field, object]) -> Way:
    """Return the best way that is not the one that failed, on the law that the request names."""
    today, old = desk.today(errand.subject), errand.message
    asker = Asker(
        subject=errand.subject,
        on=today,
        state=state_on(errand.subject, today),
        laws=desk.laws(),
    )
    seen = Seen(broker=errand.broker, presence=request.presence, earlier=earlier, on=today)
    facts = facts_of(errand.subject, today)
    opened, _shut = ways_to_ask(asker, errand.broker, request.right, facts, seen)
    for way in opened:
        if way.by is not old.by and way.law.law.id == request.law:
            return _named(way.channel, way.by)
    return (old.by, old.channel_key, "")


def _named(channel: Channel, by: By) -> Way:
    """Return a way so that what travels together has the same: a mail carries several rights."""
    if by is By.EMAIL and channel.email:
        return (by, channel.key, channel.email.email)
    return (by, channel.key, channel.right)


def _message(desk: Desk, errand: Errand, way: Way, asked: list[Request]) -> Message:
    by, key, _together = way
    return new_message(
        desk,
        errand.subject.id,
        errand.broker.slug,
        right=asked[0].right,
        by=by,
        key=key,
        request_ids=(request.id for request in asked),
    )

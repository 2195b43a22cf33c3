"""A letter counted as come back, and then they answered: it arrived, so it is not asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from optout.errors import Refused
from optout.model.request import (
    Delivery,
    Message,
    MessageId,
    Purpose,
    Reference,
    Request,
    RequestId,
    StatusReason,
)
from optout.rules.deadlines import received_on
from optout.text import Text
from optout.workflows.accept_plan import take_off_the_list
from optout.workflows.desk import Desk, Errand
from optout.workflows.failed_address import forget_failed

UNSENT = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedAfterAll:
    """What was undone, and what stands in its place and stays."""

    off_the_list: tuple[Reference, ...] = ()
    not_needed: tuple[Reference, ...] = ()  # written already, and nobody sent it
    in_hand: tuple[Reference, ...] = ()  # with the person, who knows whether it left
    sent_too: tuple[Reference, ...] = ()  # the company gets it as well


def count_as_arrived(desk: Desk, message: Message) -> ArrivedAfterAll:
    """Let what came back count as arrived, in the commit at hand; drop what would ask again.

    What was already given to the person, or left, in its place stays as it is, with its dates.
    """
    newer = _newer(desk, message)
    gone = [each for each in newer if each.delivery not in UNSENT]
    replaced = {request_id for each in gone for request_id in each.request_ids}
    again = [request_id for request_id in message.request_ids if request_id not in replaced]
    desk.vault.outbox.arrived_after_all(
        message.id, requests=again, received_on=_received(desk, message)
    )
    forget_failed(desk, message)
    unsent = [
        each for each in newer if each.delivery in UNSENT and set(again) & {*each.request_ids}
    ]
    untried = [each for each in unsent if _is_untried(desk, each)]
    for each in untried:
        take_off_the_list(desk, each, again)
    return ArrivedAfterAll(
        off_the_list=_references(untried),
        not_needed=_references(each for each in unsent if each not in untried),
        in_hand=_references(each for each in gone if each.delivery is Delivery.HANDED_OVER),
        sent_too=_references(each for each in gone if each.delivery is not Delivery.HANDED_OVER),
    )


def asks_again(
    message: Message, requests: Sequence[Request], carried: Mapping[RequestId, Sequence[Message]]
) -> bool:
    """Say whether an unsent message asks only what another asked that did arrive."""
    if message.delivery not in UNSENT or message.purpose is not Purpose.REQUEST:
        return False
    return all(
        request.reason is not StatusReason.RETURNED
        and any(
            other.delivery is Delivery.SENT and other.purpose is Purpose.REQUEST
            for other in carried[request.id]
            if other.id != message.id
        )
        for request in requests
    )


def check_not_asked_again(desk: Desk, errand: Errand) -> None:
    """Refuse what stands in the place of a letter that arrived after all."""
    carried = (
        errand.read_once.carried
        if errand.read_once
        else desk.vault.messages.for_requests(errand.message.request_ids)
    )
    if asks_again(errand.message, errand.requests, carried):
        raise Refused(
            Text("They have this already: the letter before it arrived after all."),
            known=Text("Nothing was written or sent."),
            hint=Text("See what they answered: optout status"),
        )


def _newer(desk: Desk, message: Message) -> list[Message]:
    """Return what was made in a message's place, each once."""
    found: dict[MessageId, Message] = {}
    for carried in desk.vault.messages.for_requests(message.request_ids).values():
        place = [each.id for each in carried].index(message.id)
        found |= {each.id: each for each in carried[place + 1 :]}
    return [each for each in found.values() if each.purpose is Purpose.REQUEST]


def _received(desk: Desk, message: Message) -> date:
    subject = desk.vault.subjects.get(message.subject_id)
    attempt = desk.vault.outbox.last_attempt(message.id)
    began = attempt.began_at if attempt else message.created_at
    return received_on(message.by, sent_on=message.posted_on or desk.day_of(began, subject))


def _is_untried(desk: Desk, message: Message) -> bool:
    return desk.vault.outbox.last_attempt(message.id) is None and not message.seen_by_broker


def _references(messages: Iterable[Message]) -> tuple[Reference, ...]:
    return tuple(each.reference for each in messages)

"""Take off the list what was not sent: the person changed their mind, or moved. Nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence

from optout.errors import Refused
from optout.model.request import FOLLOW_UPS, Delivery, Message, Purpose, Request, Status
from optout.text import Text
from optout.workflows.desk import Desk, Errand, find_message

_UNSENT = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


def leave_request(desk: Desk, reference: str) -> Message:
    """Take one message off the list, with all that it asks; it can be asked again in a new plan.

    What was tried stays readable with its proof. Raises where it was sent, or may have been.
    """
    with desk.vault.together():  # another window may be sending it
        message = find_message(desk, reference)
        _check_was_not_sent(message)
        if message.purpose in FOLLOW_UPS:
            _check_never_written(desk, message)
            desk.vault.messages.leave_out(message.id, message.request_ids)
            return message
        for request_id in message.request_ids:
            desk.vault.requests.set_status(request_id, Status.REVOKED)
        return message


def was_left(message: Message, requests: Sequence[Request]) -> bool:
    """Say whether the person took this off the list: nobody is asked to send it."""
    return message.delivery in _UNSENT and all(each.status is Status.REVOKED for each in requests)


def check_not_left(errand: Errand) -> None:
    """Refuse to file what was taken off the list."""
    if was_left(errand.message, errand.requests):
        raise Refused(
            Text("You took {r} off your list.", r=errand.reference),
            known=Text("Nothing was written or sent."),
            hint=Text("To ask it anew: optout plan --only {slug}", slug=errand.broker.slug),
        )


def _check_was_not_sent(message: Message) -> None:
    if message.delivery is Delivery.HANDED_OVER:
        raise Refused(
            Text("{r} is written already, and you may have sent it.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text(
                "If you did not send it, say so first: optout letter post {r} --not-sent",
                r=message.reference,
            ),
        )
    if message.delivery not in _UNSENT or message.purpose is Purpose.CONFIRMATION:
        raise Refused(
            Text("{r} was sent, or may have been: it stays.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text("See how it stands: optout status"),
        )


def _check_never_written(desk: Desk, message: Message) -> None:
    if desk.vault.outbox.last_attempt(message.id) is not None:
        raise Refused(
            Text("{r} was written once, and that paper is kept.", r=message.reference),
            known=Text("Nothing was changed. You can leave it: nothing is sent by itself."),
        )

"""File one message by whatever way it travels: the web, mail, post, or the person's own hands."""

from __future__ import annotations

from itertools import islice

from optout.errors import NeedsPerson, Refused
from optout.model.request import Delivery, Purpose
from optout.model.words import By
from optout.text import Text, as_written
from optout.workflows.arrived_after_all import asks_again, check_not_asked_again
from optout.workflows.by_hand import guide_by_hand
from optout.workflows.desk import Desk, open_errand
from optout.workflows.file_request import file_form
from optout.workflows.filed import Filed
from optout.workflows.follow_up import check_still_due
from optout.workflows.leave_request import check_not_left, was_left
from optout.workflows.send_paper import hand_over_paper


def file_message(desk: Desk, reference: str, *, digest: str = "") -> Filed:
    """Show, approve and deliver one message at most once."""
    errand = open_errand(desk, reference)
    check_not_left(errand)
    check_not_asked_again(desk, errand)
    check_still_due(desk, errand)
    by = errand.message.by
    if errand.message.purpose is Purpose.CONFIRMATION:
        raise NeedsPerson(
            Text("This one is opened with what {company} sent.", company=errand.broker.called()),
            known=Text("Nothing was sent."),
            hint=Text("Paste the link again: optout confirm {r}", r=errand.message.reference),
        )
    if by is By.WEB:
        return file_form(desk, errand, digest=digest)
    if by in {By.POST, By.EMAIL}:
        return hand_over_paper(desk, errand, digest=digest)
    if by in {By.PORTAL, By.PHONE}:
        return guide_by_hand(desk, errand, digest=digest)
    raise Refused(
        Text("There is no way to ask {company} for this.", company=errand.broker.called()),
        known=as_written(errand.channel.instead),
    )


def next_to_file(desk: Desk, count: int) -> tuple[str, ...]:
    """Return the references of the next messages that wait to be filed, in the plan's order.

    A complaint is never among them: it goes to an office only by its own reference.
    """
    unsent = desk.vault.messages.list(deliveries=(Delivery.DRAFT, Delivery.READY))
    ids = {request_id for message in unsent for request_id in message.request_ids}
    requests = desk.vault.requests.get_many(ids)
    carried = desk.vault.messages.for_requests(ids)
    waiting = (
        message.reference
        for message in unsent
        if message.purpose not in {Purpose.CONFIRMATION, Purpose.COMPLAINT}
        and not asks_again(message, [requests[each] for each in message.request_ids], carried)
        and not was_left(message, [requests[each] for each in message.request_ids])
    )
    return tuple(islice(waiting, count))

"""What follows when a record is gone: its request is done, whatever the company wrote."""

from __future__ import annotations

from optout.model.listing import Listing
from optout.model.request import Delivery, Request, Status, StatusReason
from optout.rules.lifecycle import may_change_status
from optout.workflows.desk import Desk


def settle_gone(desk: Desk, listing: Listing) -> tuple[Request, ...]:
    """Record that what was asked about this listing is done: two looks at the page showed it.

    A request that was never sent is no reason why it went, and is left as it is.
    """
    done = tuple(
        each
        for each in requests_about(desk, listing)
        if each.status is not Status.FULFILLED
        and may_change_status(each.status, Status.FULFILLED)
        and _left(desk, each)
    )
    for request in done:
        desk.vault.requests.set_status(request.id, Status.FULFILLED, StatusReason.SEEN_GONE)
        for stored in desk.vault.deadlines.for_request(request.id):
            if not stored.met and not stored.withdrawn:
                desk.vault.deadlines.mark_met(stored.id)
    return done


def requests_about(desk: Desk, listing: Listing) -> tuple[Request, ...]:
    """Return the requests about one listing, oldest first."""
    asked = desk.vault.requests.list(subject_id=listing.subject_id, broker=listing.broker)
    return tuple(each for each in asked if each.listing_id == listing.id)


def _left(desk: Desk, request: Request) -> bool:
    carried = desk.vault.messages.for_request(request.id)
    return any(each.delivery in {Delivery.SENT, Delivery.UNKNOWN} for each in carried)

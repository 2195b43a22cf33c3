"""The record that a request is about, if it still is the person's and still shown."""

from __future__ import annotations

from optout.errors import Refused
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.request import Purpose
from optout.text import Text
from optout.workflows.desk import Desk, Errand


def about_listing(desk: Desk, errand: Errand) -> Listing | None:
    """Return the listing of a request; refuse one that is somebody else's, or gone.

    What confirms a request that was sent goes on: the company waits for it.
    """
    listing_id = errand.requests[0].listing_id
    if not listing_id:
        return None
    listing = desk.vault.listings.get(listing_id)
    known = Text("Nothing was sent.")
    if listing.verdict is not Verdict.SAME:
        raise Refused(
            Text("You have not said that this record is this person."),
            known=known,
            hint=Text("Look at it: optout review. Or: optout next --leave {r}", r=errand.reference),
        )
    if listing.state is ListingState.ABSENT and errand.message.purpose is Purpose.REQUEST:
        raise Refused(
            Text("This record is gone: two looks did not show it any more."),
            known=known,
            hint=Text("Take it off your list: optout next --leave {r}", r=errand.reference),
        )
    return listing

"""Turn one errand into what its letter is made from: the same text for paper and for mail."""

from __future__ import annotations

from collections.abc import Mapping

from optout.drafting.letter import (
    Ask,
    LetterInput,
    NotInThisLaw,
    check_lives_there,
)
from optout.drafting.reading_copy import LetterGiven
from optout.model.fields import Field
from optout.model.request import FOLLOW_UPS
from optout.model.secret import Secret
from optout.model.words import By
from optout.rules.agencies import is_nationwide_bureau, owes_yearly_copy
from optout.rules.countries import posted_from
from optout.rules.products import products_to_search
from optout.rules.residence import country_on, state_on
from optout.text import Text
from optout.workflows.desk import Desk, Errand
from optout.workflows.draft_after import by_agent, follow_up_given


def letter_given(desk: Desk, errand: Errand, values: Mapping[Field, Secret[str]]) -> LetterGiven:
    """Return what one message says: every right it carries, each on its own law.

    Nothing but `values` reaches the letter: what the person does not approve is not in it.
    """
    if errand.message.purpose in FOLLOW_UPS:
        return follow_up_given(desk, errand, values)
    today = desk.today(errand.subject)
    country = country_on(errand.subject, today)
    given = {field: value.reveal() for field, value in values.items()}
    by_post = errand.message.by is By.POST
    state = state_on(errand.subject, today)
    _check_lives_there(desk, errand, state, country)
    reply = given.pop(Field.REPLY_ADDRESS, "")  # lines of its own, not one of the details
    return LetterInput(
        asks=tuple(
            Ask(right=request.right, law=desk.law(request.law)) for request in errand.requests
        ),
        broker_name=errand.broker.addressed(errand.channel),
        broker_lines=posted_from(country, errand.channel.envelope()) if by_post else (),
        full_name=given.get(Field.FULL_NAME, ""),
        state=state,
        country=country,
        values=given,
        reference=errand.message.reference,
        date=today,
        reply_email=given.get(Field.EMAIL, ""),
        reply_lines=tuple(reply.split("\n")) if reply else (),
        listing_url=given.get(Field.LISTING_URL, ""),
        products=products_to_search(errand.channels),
        blank_ssn_line=by_post and any(each.blank_ssn_line for each in errand.channels),
        nationwide_bureau=is_nationwide_bureau(errand.broker.cra),
        yearly_copy_owed=owes_yearly_copy(errand.broker.cra),
        agent=by_agent(errand),
    )


def _check_lives_there(desk: Desk, errand: Errand, state: str, country: str) -> None:
    """Refuse a law of where the person does not live, and say what they can do who moved."""
    try:
        for request in errand.requests:
            check_lives_there(desk.law(request.law), state, country)
    except NotInThisLaw as error:
        raise NotInThisLaw(
            error.what,
            known=error.known,
            hint=Text(
                "If you moved, take it off your list: optout next --leave {r}. Then ask anew: "
                "optout plan. If you did not: optout person show",
                r=errand.message.reference,
            ),
        ) from None

"""What still runs of a client's file: not sent, in somebody's hands, or owed by a company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from optout.model.request import Delivery
from optout.model.subject import Subject
from optout.rules.days import in_words
from optout.text import Text
from optout.workflows.clients import Client
from optout.workflows.desk import Desk
from optout.workflows.standing import standings

UNSENT: Final = (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)


def open_dates(desk: Desk, subject: Subject) -> tuple[tuple[date, str, str], ...]:
    """Return the next date of each request, with the company and the reference, earliest first."""
    dates = {
        (each.next_date.due_on, each.company, each.reference)
        for each in standings(desk, subject)
        if each.next_date
    }
    return tuple(sorted(dates))


def still_runs(desk: Desk, client: Client) -> Iterator[Text]:
    """Yield what goes on outside, or is lost, when a file is erased that nobody closed."""
    subject = client.subject
    if desk.vault.matters.get(subject.id).closed_on is not None:
        return
    yield Text(
        "The file of {client} is still open. This is lost from sight here:", client=client.name
    )
    messages = desk.vault.messages.list(subject_id=subject.id)
    unsent = sum(each.delivery in UNSENT for each in messages)
    if unsent:
        yield Text("- planned and not sent: {count}.", count=unsent)
    printed = [each.reference for each in messages if each.delivery is Delivery.HANDED_OVER]
    if printed:
        yield Text(
            "- printed or written, and nobody said that they went out: {refs}. Take them out of "
            "the stack.",
            refs=tuple(printed),
        )
    unsure = [each.reference for each in messages if each.delivery is Delivery.UNKNOWN]
    if unsure:
        yield Text("- may have arrived: {refs}.", refs=tuple(unsure))
    for day, company, reference in open_dates(desk, subject):
        yield Text(
            "- {day}: {company}, {r}. Their answer can still come to the client.",
            day=in_words(day),
            company=company,
            r=reference,
        )

"""File the approved forms and mails of many clients, one client after another, each by itself.

Nothing runs on its own: somebody says go before each one and stays with it. Every form has a
browser of its own that knows nothing of any other, and what has changed since its yes is left out.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Final

from optout.errors import NeedsPerson, Refused
from optout.model.words import By
from optout.text import Text
from optout.words import word
from optout.workflows.approve_many import (
    check_may_go,
    prepare_as_approved,
)
from optout.workflows.approved import Approved, approved
from optout.workflows.clients import Client, LeftOut
from optout.workflows.desk import Desk, errand_for
from optout.workflows.file_request import file_form
from optout.workflows.filed import Filed
from optout.workflows.send_paper import hand_over_paper

FILED_HERE: Final = frozenset({By.WEB, By.EMAIL})


def approved_to_file(
    desk: Desk, clients: Collection[Client]
) -> tuple[tuple[Approved, ...], list[LeftOut]]:
    """Return the approved forms and mails, client after client; clients in no order of any list.

    A company that sees several of them come from one place learns no list from their order.
    """
    found, left = approved(desk, clients, FILED_HERE)
    return _shuffled(found), left


def _shuffled(found: Sequence[Approved]) -> tuple[Approved, ...]:
    of_each = [tuple(group) for _number, group in groupby(found, key=lambda e: e.client.number)]
    random.SystemRandom().shuffle(of_each)
    return tuple(each for group in of_each for each in group)


def seen_together(waiting: Sequence[Approved]) -> tuple[str, ...]:
    """Return the companies that would get forms of several clients over this one connection."""
    clients: dict[str, set[int]] = {}
    for each in waiting:
        if each.message.by is By.WEB:
            clients.setdefault(each.company, set()).add(each.client.number)
    return tuple(company for company, several in clients.items() if len(several) > 1)


def file_approved(desk: Desk, waiting: Approved) -> Filed:
    """File one of them as it was approved, after somebody says go; it is sent at most once."""
    message = desk.vault.messages.get(waiting.message.id)  # what another window did meanwhile
    errand = errand_for(desk, message)
    check_may_go(desk, errand)
    if prepare_as_approved(desk, errand, waiting.approval) is None:
        raise NeedsPerson(
            Text("It has changed since the yes to it, or the yes is old: approve it again."),
            known=Text("Nothing was sent."),
            hint=Text("optout clinic approve"),
        )
    question = Text(
        "Next: {client}; {company}, by {by}. Go on with it?",
        client=waiting.client.name,
        company=waiting.company,
        by=word(message.by),
    )
    if not desk.person.confirm(question, default=True):
        raise Refused(Text("You said no."), known=Text("Nothing was sent. It stays approved."))
    if message.by is By.EMAIL:
        return hand_over_paper(desk, errand, approved=waiting.approval)
    return file_form(desk, errand, digest=waiting.approval.digest, with_somebody=True)

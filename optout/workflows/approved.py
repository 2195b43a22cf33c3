"""What many clients wait for that somebody has said yes to, and that was not sent yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from optout.errors import OptoutError
from optout.i18n import entry
from optout.model.request import Approval, Delivery, Message
from optout.model.words import By
from optout.workflows.approve_many import left_out, waiting_messages
from optout.workflows.clients import Client, LeftOut
from optout.workflows.desk import Desk
from optout.workflows.four_eyes import FourEyes


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """One letter, form or mail, and the yes to it."""

    client: Client
    message: Message
    approval: Approval
    company: str  # as it is called, in the language of who reads it


def approved(
    desk: Desk, clients: Collection[Client], ways: Collection[By]
) -> tuple[list[Approved], list[LeftOut]]:
    """Return what was approved and goes by one of these ways, client by client; say what may not.

    Whether its yes still stands is asked again when its turn comes.
    """
    pairs = waiting_messages(desk, clients, ways)
    yeses = desk.vault.approvals.unused(message.id for _client, message in pairs)
    eyes = FourEyes.of(desk)
    found: list[Approved] = []
    left: list[LeftOut] = []
    for client, message in pairs:
        approval = yeses.get(message.id)
        if approval is None or message.delivery is not Delivery.READY:
            continue
        try:
            eyes.check(message.id, approval.approved_by)
            company = entry(desk.find_broker(message.broker).called())
        except OptoutError as error:
            left.append(left_out(client, message, desk, error.what))
            continue
        found.append(Approved(client=client, message=message, approval=approval, company=company))
    return found, left

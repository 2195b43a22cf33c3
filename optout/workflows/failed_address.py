"""An address from which something came back: it is used again only when the person looked it up."""

from __future__ import annotations

import hashlib

from optout.errors import NeedsPerson
from optout.model.request import Message, Purpose
from optout.model.words import By
from optout.rules.days import written
from optout.rules.outside import is_outside
from optout.text import Text
from optout.workflows.desk import Desk, Errand


def mark_failed(desk: Desk, message: Message) -> None:
    """Remember that what went to this address came back."""
    day = written(desk.today(desk.vault.subjects.get(message.subject_id)))
    for name in _names(desk, message):
        desk.vault.settings.set(name, day)


def forget_failed(desk: Desk, message: Message) -> None:
    """Take that back: it arrived."""
    for name in _names(desk, message):
        if desk.vault.settings.get(name):
            desk.vault.settings.set(name, None)


def check_looked_up(desk: Desk, errand: Errand) -> None:
    """Ask whether an address still holds from which something came back, before it is used."""
    message, company = errand.message, errand.broker.called()
    if not any(desk.vault.settings.get(name) for name in _names(desk, message)):
        return
    desk.person.tell(
        Text(
            "What was sent to {company} came back. This is the address that we know: {place}",
            company=company,
            place=_place(desk, message),
        )
    )
    if not desk.person.type_word(
        Text("Look it up on their own page first. If it is still right, type the word."),
        Text("checked"),
    ):
        raise NeedsPerson(
            Text("The address of {company} must be looked up first.", company=company),
            known=Text("Nothing was printed or sent."),
            hint=Text(
                "When you have looked and it is right: optout file {r}. If they have another one "
                "now, leave it: we would still write the old one.",
                r=errand.reference,
            ),
        )
    forget_failed(desk, message)


def _names(desk: Desk, message: Message) -> tuple[str, ...]:
    """Return the name of the mark, if this way has an address that is ours to write.

    It holds no address: of a company outside the catalog that would tell whom somebody asked.
    """
    place = _place(desk, message)
    if not place:
        return ()
    if is_outside(message.broker):  # it has one place only
        return (f"address-failed:{message.broker}",)
    code = hashlib.sha256(place.encode()).hexdigest()[:16]
    return (f"address-failed:{message.broker}:{code}",)


def _place(desk: Desk, message: Message) -> str:
    if message.purpose is Purpose.COMPLAINT:  # to an office, not to the company
        return ""
    broker = desk.find_broker(message.broker)
    channel = broker.find_channel(message.channel_right, message.by, message.channel_key)
    if channel is None:  # what we know has changed: that address is written no more
        return ""
    contact = {By.POST: channel.post, By.EMAIL: channel.email}.get(message.by)
    return (", ".join(contact.lines) or contact.email) if contact else ""

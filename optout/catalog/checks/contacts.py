"""Addresses are whole, belong to the company, and say how sure they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker, Channel, Contact
from optout.model.words import UNSURE, By
from optout.rules.hosts import host_allowed
from optout.rules.states import is_state
from optout.text import Text

ID: Final = "contacts"
WHY: Final = "A letter to a wrong address tells a stranger who asked, and starts no clock."

_LAST_LINE: Final = re.compile(r"[A-Z][A-Za-z. '-]+, (?P<state>[A-Z]{2}) \d{5}(-\d{4})?")
LONGEST_LINE: Final = 64
FEWEST_LINES: Final = 3
MOST_LINES: Final = 6


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each contact that is missing, foreign, unsure or not whole."""
    for index, channel in enumerate(broker.channel):
        where = f"channel[{index}]"
        yield from _present(where, channel)
        if channel.email is not None:
            yield from _mail(f"{where}.email", channel.email, broker)
        if channel.post is not None:
            yield from _lines(f"{where}.post", channel.post)
        for name in ("email", "post"):
            contact: Contact | None = getattr(channel, name)
            if contact is not None and contact.confidence in UNSURE and not contact.check:
                yield Finding(
                    f"{where}.{name}.check",
                    Text("This address is not sure, and nobody is told what to check."),
                    Text("Add `check`: what to look at, and where."),
                )


def _present(where: str, channel: Channel) -> Iterator[Finding]:
    ways = ((By.EMAIL, channel.email), (By.POST, channel.post), (By.PHONE, channel.phone))
    for by, contact in ways:
        if (by in channel.by) != (contact is not None):
            yield Finding(
                f"{where}.{by.value}",
                Text("The way “{by}” and its contact go together.", by=by.value),
                Text("Add [channel.{by}], or take “{by}” out of `by`.", by=by.value),
            )


def _mail(where: str, contact: Contact, broker: Broker) -> Iterator[Finding]:
    if not contact.email or contact.lines:
        yield Finding(f"{where}.email", Text("Give one mail address here, and no postal lines."))
    domain = contact.email.rpartition("@")[2]
    if contact.email and not host_allowed(domain, broker.mail_domains):
        yield Finding(
            f"{where}.email",
            Text("This address does not belong to the company's `mail_domains`."),
            Text("Add the domain there, if it really is the company's."),
        )


def _lines(where: str, contact: Contact) -> Iterator[Finding]:
    where = f"{where}.lines"
    lines = contact.lines
    if not FEWEST_LINES <= len(lines) <= MOST_LINES or contact.email:
        yield Finding(where, Text("A postal address has three to {most} lines.", most=MOST_LINES))
        return
    last = _LAST_LINE.fullmatch(lines[-1])
    if last is None or not is_state(last["state"]):
        yield Finding(where, Text("The last line is not “City, ST 12345”."))
    if any(len(line) > LONGEST_LINE or line != line.strip() or not line for line in lines):
        yield Finding(
            where, Text("A line is empty, too long for an envelope, or has loose spaces.")
        )

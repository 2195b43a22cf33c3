"""A request as an `.eml` file that the person's own mail program opens and sends."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, Protocol

from optout.errors import Refused
from optout.text import Text

# One plain address: what a broker's request desk or a person's mail box looks like.
ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
LONGEST_ADDRESS: Final = 254


class BadMail(Refused):
    """An address or a subject line that could reach somebody else, or hide something."""


class Written(Protocol):
    """What a mail is made from: a letter's subject line and text."""

    @property
    def subject_line(self) -> str:
        """Return the neutral subject."""

    @property
    def text(self) -> str:
        """Return the whole letter as plain text."""


def compose(letter: Written, *, sender: str, recipient: str, at: datetime, digest: str) -> bytes:
    """Return one mail to one recipient, ready to open; it names neither tool nor purpose.

    The Message-ID follows from what was approved: the same words sent twice are one mail.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(addr_spec=_address(sender))
        mail["To"] = Address(addr_spec=_address(recipient))
        mail["Subject"] = _one_line(letter.subject_line)
        mail["Date"] = _with_zone(at)
        mail["Message-ID"] = message_id(digest, sender)
        mail["X-Unsent"] = "1"  # mail programs then open it as a draft
        mail.set_content(letter.text, subtype="plain", charset="utf-8", cte="quoted-printable")
    except (HeaderParseError, ValueError) as error:
        raise _refused() from error
    return mail.as_bytes()


def message_id(digest: str, sender: str) -> str:
    """Derive the Message-ID: random to others, the same for the same approved mail."""
    domain = _address(sender).rpartition("@")[2].lower()
    return f"<{hashlib.sha256(digest.encode()).hexdigest()[:32]}@{domain}>"


def _address(address: str) -> str:
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise _refused()
    return address


def _with_zone(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise _refused()
    return at


def _one_line(subject: str) -> str:
    if not subject.strip() or not subject.isprintable():
        raise _refused()
    return subject


def _refused() -> BadMail:
    return BadMail(
        Text(
            "This mail cannot be written: an address, the subject or the date is not a plain one."
        ),
        known=Text("Nothing was sent."),
        hint=Text("Look at the company's address: optout broker show"),
    )

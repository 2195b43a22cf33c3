"""What a person's own mail program does with a prepared mail: opens it, and sends it."""

from __future__ import annotations

import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from optout.errors import Refused
from optout.text import Text


class MailNotTaken(Refused):
    """The mail server refused, so nothing was delivered."""

    def __init__(self, code: int) -> None:
        """Keep the server's number only: its words are its own."""
        super().__init__(
            Text("The mail server did not take the mail (code {code}).", code=code),
            known=Text("It was not delivered."),
            hint=Text("Try again later."),
        )


def opened(eml: Path | bytes) -> EmailMessage:
    """Open a prepared mail as a draft, as mail programs do with `X-Unsent`."""
    content = eml.read_bytes() if isinstance(eml, Path) else eml
    mail = message_from_bytes(content, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)  # policy.SMTP makes these
    del mail["X-Unsent"]
    return mail


def send_eml(eml: Path | bytes, smtp: tuple[str, int], *, seconds: float = 10.0) -> EmailMessage:
    """Press Send: hand the mail to the server, and return it as it went out."""
    mail = opened(eml)
    host, port = smtp
    with smtplib.SMTP(host, port, local_hostname="home.test", timeout=seconds) as line:
        try:
            line.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise MailNotTaken(code) from refused
        except smtplib.SMTPResponseException as refused:
            raise MailNotTaken(refused.smtp_code) from refused
    return mail

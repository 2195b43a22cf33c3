"""Sample Mail List: rents out addresses, and takes requests by e-mail only."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

from optout.sample.received import Ledger, What
from optout.sample.switches import Switch

SLUG: Final = "sample-mail-order"
DOMAIN: Final = "sample-mail-order.test"


@dataclass(slots=True)
class MailList:
    """The company behind one mail address."""

    post: Callable[[EmailMessage], None]
    slow_seconds: float = 1.5
    switches: set[Switch] = field(default_factory=set)
    ledger: Ledger = field(default_factory=Ledger)
    _numbers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refusal_of_mail(self) -> str:
        """Return what the mail server says instead of taking a mail; "" when it takes it."""
        if Switch.DOWN in self.switches:
            return "451 Please try again later"
        return "550 We take no mail" if Switch.REFUSES in self.switches else ""

    def take(self, mail: EmailMessage) -> None:
        """Write the mail down, and answer that it came."""
        body = mail.get_body(("plain",))
        names = ("From", "To", "Reply-To", "Subject", "Message-ID")
        values = {name.lower(): str(mail.get(name, "")) for name in names}
        self.ledger.add(What.MAIL, values, text=str(body.get_content()) if body else "")
        self.post(self._acknowledgement(mail))

    def _acknowledgement(self, mail: EmailMessage) -> EmailMessage:
        with self._lock:
            self._numbers += 1
        answer = EmailMessage()
        answer["From"] = f"Sample Mail List <privacy@{DOMAIN}>"
        answer["To"] = parseaddr(str(mail.get("Reply-To") or mail.get("From")))[1]
        answer["Subject"] = f"Re: {mail.get('Subject', '')}"
        answer.set_content(
            f"We received your request; our number is {self._numbers}.\n\n"
            "Practice company: nothing here is real.\n"
        )
        return answer

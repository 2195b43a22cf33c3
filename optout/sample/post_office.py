"""A real mail server on this machine: it carries mail to practice companies and to people."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol

from optout.sample.switches import Switch
from optout.sample.web import HANGING_SECONDS

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session


class MailCompany(Protocol):
    """A company that takes mail."""

    switches: set[Switch]
    slow_seconds: float

    def refusal_of_mail(self) -> str:
        """Return what the mail server says instead of taking a mail; "" when it takes it."""

    def take(self, mail: EmailMessage) -> None:
        """Take one mail."""


def _read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # policy.default makes these
    return mail


@dataclass  # no slots: aiosmtpd looks at every attribute, and Python 3.11.2's slots break on it
class _Counter:
    """Where mail is handed in; named as aiosmtpd wants its hooks."""

    companies: Mapping[str, MailCompany]
    boxes: dict[str, list[EmailMessage]] = field(default_factory=dict)
    came: threading.Condition = field(default_factory=threading.Condition)

    def company_at(self, address: str) -> MailCompany | None:
        return self.companies.get(address.rpartition("@")[2].lower())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        company = self.company_at(address)
        refusal = company.refusal_of_mail() if company else ""
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        mail = _read(content)
        for address in envelope.rcpt_tos:
            company = self.company_at(address)
            if company is None:
                self._put_into_box(address, mail)
                continue
            await asyncio.to_thread(company.take, mail)
            if Switch.HANGS in company.switches:
                await asyncio.sleep(HANGING_SECONDS)
            if Switch.SLOW in company.switches:
                await asyncio.sleep(company.slow_seconds)
        return "250 OK"

    def _put_into_box(self, address: str, mail: EmailMessage) -> None:
        with self.came:
            self.boxes.setdefault(address.lower(), []).append(mail)
            self.came.notify_all()


@dataclass(slots=True)
class PostOffice:
    """The running mail server and the mailboxes of people."""

    companies: dict[str, MailCompany] = field(default_factory=dict)  # by mail domain
    port: int = 0
    _counter: _Counter = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Listen on a free port of this machine."""
        self._counter = _Counter(self.companies)
        self._server = self._loop.run_until_complete(self._listen())
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self._thread.start()

    async def _listen(self) -> asyncio.Server:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415 - only when mail is needed

        logging.getLogger("mail.log").disabled = True  # it would write every mail into the log

        def connection() -> SMTP:
            return SMTP(self._counter, hostname="practice.test", loop=self._loop)

        return await self._loop.create_server(connection, "127.0.0.1", 0)

    def mailbox(self, address: str) -> tuple[EmailMessage, ...]:
        """Return the mails that came for one address, oldest first."""
        with self._counter.came:
            return tuple(self._counter.boxes.get(address.lower(), ()))

    def mails(self) -> tuple[EmailMessage, ...]:
        """Return every mail that came for anybody."""
        with self._counter.came:
            return tuple(mail for box in self._counter.boxes.values() for mail in box)

    def wait_for_mail(self, address: str, *, more_than: int, seconds: float) -> bool:
        """Wait until an address has more than so many mails; False if they did not come."""
        box = self._counter.boxes
        with self._counter.came:
            return self._counter.came.wait_for(
                lambda: len(box.get(address.lower(), ())) > more_than, timeout=seconds
            )

    def post(self, mail: EmailMessage) -> None:
        """Send a mail through the server, as a company does."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="practice.test") as line:
            line.send_message(mail)

    def close(self) -> None:
        """Stop the server and whoever still waits in line."""
        asyncio.run_coroutine_threadsafe(self._send_everybody_home(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _send_everybody_home(self) -> None:
        self._server.close()
        waiting = asyncio.all_tasks() - {asyncio.current_task()}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

"""The files that were written for a person: listed, opened, and those of one request in hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.record import EvidenceKind, Export
from optout.model.request import Delivery, Message, Reference
from optout.model.words import By
from optout.text import Text
from optout.web.keeper import Keeper
from optout.web.shown import show
from optout.workflows.desk import Desk
from optout.workflows.exports import list_exports, what_it_is
from optout.workflows.standing import Standing, company_called

_NUMBER: Final = re.compile(r"-(\w{4}-\w{4})\.")  # how the papers of one request end


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file that is still where it was written."""

    export: Export
    name: str
    what: Text
    company: str = ""  # whom it was written to, where it belongs to one request


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that the person sends by hand, as it was written."""

    sender: str
    to: str
    subject: str
    text: str

    @property
    def opens(self) -> str:
        """Return what begins it in a mail program: nothing of the person stands in that address.

        The program can be a page that writes down every address, so the text is copied instead.
        """
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject)}"


def papers(request: Request, keeper: Keeper) -> Response:
    """Show the files that were written for the person, to open and to print."""
    return show(request, keeper, "papers.html", {"found": keeper.read(_listed)})


def _files(desk: Desk) -> list[File]:
    return [
        File(export=each, name=Path(each.path.reveal()).name, what=what_it_is(each))
        for each, is_there in list_exports(desk)
        if is_there
    ]


def _listed(desk: Desk) -> list[File]:
    """Return the files, each with the company of its request: a number alone tells nobody."""
    called = cache(partial(company_called, desk))
    return [replace(each, company=_whose(desk, each.name, called)) for each in _files(desk)]


def _whose(desk: Desk, name: str, called: Callable[[Slug], str]) -> str:
    number = _NUMBER.search(name)
    message = number and desk.vault.messages.by_reference(Reference(number[1]))
    return called(message.broker) if message else ""


def paper(request: Request, keeper: Keeper) -> Response:
    """Return one of these files, if it is still as it was written; others are not reached.

    It is asked for by its number or its name, and looked up in the list: no path is taken from
    an address. Only a PDF is shown in the browser: other kinds are saved and opened by their own
    program.
    """
    wanted = request.path_params["paper"]
    found = next((e for e in keeper.read(_files) if wanted in {e.export.id, e.name}), None)
    if found is None:
        raise HTTPException(404)
    content = _as_written(found.export)
    is_pdf = found.name.endswith(".pdf")
    shown = "inline" if is_pdf else "attachment"
    return Response(
        content,
        media_type="application/pdf" if is_pdf else "application/octet-stream",
        headers={"Content-Disposition": f"{shown}; filename*=utf-8''{quote(found.name)}"},
    )


def _as_written(export: Export) -> bytes:
    """Return what stands in a file, or say why it is not shown."""
    try:
        content = Path(export.path.reveal()).read_bytes()
    except OSError:  # moved, deleted, or its drive taken out, while the list stood there
        raise Refused(
            Text("This file cannot be opened any more: it was moved or deleted, or is not yours."),
            known=Text("What was sent and kept is not touched by that."),
            hint=Text("Look where you put it, or have it written anew."),
        ) from None
    if hashlib.sha256(content).hexdigest() != export.sha256:
        raise Refused(
            Text("This file was changed since it was written, so it is not shown here."),
            known=Text("Nothing was changed by us."),
            hint=Text("Look at it in its own program, or have it written anew."),
        )
    return content


def in_hand(desk: Desk, found: Sequence[Standing]) -> tuple[list[File], Mail | None]:
    """Return what the person has of these requests: their files, and the mail still to be sent."""
    carried = desk.vault.messages.for_requests(each.request.id for each in found)
    messages = {each.id: each for several in carried.values() for each in several}.values()
    numbers = {each.reference for each in messages}
    files = [each for each in _files(desk) if any(f"-{n}." in each.name for n in numbers)]
    return files, next(_mails(desk, messages), None)


def _mails(desk: Desk, messages: Iterable[Message]) -> Iterator[Mail]:
    for message in messages:
        if message.by is not By.EMAIL or message.delivery is not Delivery.HANDED_OVER:
            continue
        kept = desk.vault.evidence.for_message(message.id)
        for card in [each for each in kept if each.kind is EvidenceKind.MAIL][-1:]:
            yield _mail(desk.vault.evidence.read(card.id))


def _mail(content: bytes) -> Mail:
    """Return what stands in a mail of our own writing."""
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # the policy makes no other kind
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    return Mail(
        sender=str(mail["From"]), to=str(mail["To"]), subject=str(mail["Subject"]), text=text
    )

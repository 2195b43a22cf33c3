"""Close a client's file: end the work, hand over what the client has a right to, keep it to read.

What was never sent comes off the list; what a company owes keeps its dates. No opponent, no
conflict check and no note of the office is in the handed-over file.
"""

from __future__ import annotations

import hashlib
import io
import json
import mimetypes
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from optout.drafting.client_file import client_file_pdf
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.i18n import _, language, say
from optout.model.request import Delivery, Message, Purpose, Request, RequestId
from optout.model.subject import Subject
from optout.rules.calendar import add_months
from optout.rules.days import written
from optout.text import Text
from optout.vault.ids import new_reference
from optout.workflows.clients import NOTHING_DONE, Client
from optout.workflows.clinic import the_clinic
from optout.workflows.desk import Desk
from optout.workflows.exports import CLIENT_FILE, write_export
from optout.workflows.leave_request import leave_request, was_left
from optout.workflows.make_report import report_parts
from optout.workflows.truth import TRUTH
from optout.workflows.what_runs import UNSENT, open_dates

_MONTHS: Final = 12
_IN_THE_AIR: Final = {
    Delivery.FILLING: Text("is being sent right now"),
    Delivery.SENDING: Text("is being sent right now"),
    Delivery.UNKNOWN: Text("may have arrived: optout reconcile {r}"),
    Delivery.HANDED_OVER: Text(
        "is printed or written. Say what became of it: optout clinic posted {r}"
    ),
}
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the same file twice is the same to the last byte
_SUFFIX: Final = {"message/rfc822": ".eml", "image/jpeg": ".jpg", "text/plain": ".txt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What closing a file would end, and what would stay open at the companies."""

    client: Client
    unsent: tuple[Message, ...]
    dates: tuple[tuple[date, str, str], ...]  # open ones, with company and reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """What was ended, and where the client's file is."""

    path: Path
    left: int
    tasks: int
    proofs: int
    again: bool  # it was closed before; only the file was written anew
    keep_until: date | None


def look_at_ending(desk: Desk, client: Client) -> Ending:
    """Return what closing would end; refuse while something is neither sent nor unsent."""
    the_clinic(desk.vault)
    subject = client.subject
    messages = desk.vault.messages.list(subject_id=subject.id)
    for message in messages:
        if message.delivery in _IN_THE_AIR:
            raise NeedsPerson(
                Text(
                    "{r} {what}.",
                    r=message.reference,
                    what=Text(_IN_THE_AIR[message.delivery].template, r=message.reference),
                ),
                known=Text("The file is still open. Nothing was changed."),
                hint=Text("When that is settled: optout clinic close {n}", n=client.number),
            )
    requests = {each.id: each for each in desk.vault.requests.list(subject_id=subject.id)}
    return Ending(
        client=client,
        unsent=tuple(each for each in messages if _can_be_left(each, requests)),
        dates=open_dates(desk, subject),
    )


def _can_be_left(message: Message, requests: dict[RequestId, Request]) -> bool:
    if message.delivery not in UNSENT or message.purpose is Purpose.CONFIRMATION:
        return False
    return not was_left(message, [requests[each] for each in message.request_ids])


def close_file(desk: Desk, ending: Ending, *, keep_until: date | None = None) -> Closed:
    """End the work, close the file and write it out; a closed one is only written out again.

    Until when it is kept is what the office set for all, where nothing else is said.
    """
    subject = ending.client.subject
    before = desk.vault.matters.get(subject.id).closed_on is not None
    if keep_until is not None and keep_until < desk.today(subject):
        raise WrongUsage(Text("That day has passed already."), known=NOTHING_DONE)
    keep_until = keep_until or usual_end(desk, subject)
    with desk.vault.together():  # a file that cannot be written closes nobody
        _check_unchanged(desk, ending)
        left = sum(_leave(desk, message) for message in ending.unsent)
        tasks = desk.vault.tasks.settle_for(subject.id)
        desk.vault.matters.close(subject.id, keep_until=keep_until)
        content, proofs = client_file(desk, subject)
        name = f"file-{new_reference()}.zip"
        path = write_export(desk, name, CLIENT_FILE, content, about=subject.id)
    return Closed(
        path=path,
        left=left,
        tasks=tasks,
        proofs=proofs,
        again=before,
        keep_until=desk.vault.matters.get(subject.id).keep_until,
    )


def _check_unchanged(desk: Desk, ending: Ending) -> None:
    """Refuse where another window changed what was shown while the question stood open."""
    if look_at_ending(desk, ending.client) != ending:
        raise Refused(
            Text("While you looked at it, this was changed."),
            known=Text("The file is still open. Nothing was changed."),
            hint=Text("Look again: optout clinic close {n}", n=ending.client.number),
        )


def usual_end(desk: Desk, subject: Subject) -> date | None:
    """Return the last day on which a file closed today is kept, if the office decided it."""
    years = the_clinic(desk.vault).keeps_years
    return add_months(desk.today(subject), _MONTHS * years) if years else None


def _leave(desk: Desk, message: Message) -> bool:
    """Take one message off the list; what was written once stays as the paper it is."""
    try:
        leave_request(desk, message.reference)
    except Refused:
        return False
    return True


def reopen_file(desk: Desk, client: Client) -> None:
    """Open a closed file again; what came off the list stays off it."""
    the_clinic(desk.vault)
    if desk.vault.matters.get(client.subject.id).closed_on is None:
        raise Refused(Text("This file is open."), known=NOTHING_DONE)
    desk.vault.matters.reopen(client.subject.id)


def client_file(desk: Desk, subject: Subject) -> tuple[bytes, int]:
    """Return the client's file as a zip, and how many proofs are in it."""
    cards = desk.vault.evidence.list(subject.id)
    parts: list[tuple[str, bytes]] = [
        ("report.pdf", _report(desk, subject)),
        ("report.json", _as_json(desk, subject)),
    ]
    parts += [
        (
            f"proof/{number:03d}-{card.kind.value}{_suffix(card.media_type)}",
            desk.vault.evidence.read(card.id),
        )
        for number, card in enumerate(cards, start=1)
    ]
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts]
    parts.append(("SHA256SUMS", "".join(lines).encode()))
    return _zip(parts), len(cards)


def _zip(parts: Sequence[tuple[str, bytes]]) -> bytes:
    written_to = io.BytesIO()
    with zipfile.ZipFile(written_to, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            packed.writestr(entry, content)
    return written_to.getvalue()


def _suffix(media_type: str) -> str:
    return _SUFFIX.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


def _report(desk: Desk, subject: Subject) -> bytes:
    companies, annex = report_parts(desk, subject)
    return client_file_pdf(
        companies,
        title=_("My requests"),
        lead=(written(desk.today(subject)),),
        annex=annex,
        truth_title=_("What this does and does not do"),
        truth=[say(text) for text in TRUTH],
        language=language(),
    )


def _as_json(desk: Desk, subject: Subject) -> bytes:
    requests = desk.vault.requests.list(subject_id=subject.id)
    told = {
        "requests": list(_requests(desk, requests)),
        "signed": [*_signed(desk, subject), *_signed_papers(desk, subject)],
    }
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


def _requests(desk: Desk, requests: Sequence[Request]) -> Iterator[dict[str, object]]:
    ids = [each.id for each in requests]
    messages = desk.vault.messages.for_requests(ids)
    given = desk.vault.disclosures.for_requests(ids)
    answers = desk.vault.correspondence.for_requests(ids)
    dates = desk.vault.deadlines.for_requests(ids)
    proofs = desk.vault.evidence.for_requests(ids)
    for each in requests:
        yield {
            "reference": each.reference,
            "company": each.broker,
            "right": each.right,
            "law": each.law,
            "status": each.status,
            "reason": each.reason,
            "written_on": each.created_at.isoformat(),
            "messages": [
                {
                    "reference": one.reference,
                    "purpose": one.purpose,
                    "by": one.by,
                    "delivery": one.delivery,
                    "posted_on": one.posted_on.isoformat() if one.posted_on else None,
                    "tracking": one.tracking,
                    "their_number": one.broker_reference,
                }
                for one in messages[each.id]
            ],
            "given": [
                {
                    "field": one.field,
                    "to": one.recipient,
                    "new_to_them": one.new_to_them,
                    "at": one.at.isoformat(),
                }
                for one in given.get(each.id, ())
            ],
            "answers": [
                {
                    "answer": one.answer,
                    "received_on": one.received_on.isoformat(),
                    "exemption": one.exemption,
                }
                for one in answers.get(each.id, ())
            ],
            "dates": [
                {
                    "kind": one.deadline.kind,
                    "due_on": one.deadline.due_on.isoformat(),
                    "basis": one.deadline.basis,
                    "settled": one.met,
                    "withdrawn": one.withdrawn,
                }
                for one in dates.get(each.id, ())
            ],
            "proof_sha256": [one.sha256 for one in proofs.get(each.id, ())],
        }


def _signed(desk: Desk, subject: Subject) -> Iterator[dict[str, object]]:
    for paper in desk.vault.authorizations.for_subject(subject.id):
        yield {
            "kind": paper.kind,
            "reference": paper.reference,
            "allows": [
                {"company": each.broker, "right": each.right, "tells": each.fields}
                for each in paper.scope
            ],
            "signed_on": paper.signed_on.isoformat() if paper.signed_on else None,
            "expires_on": paper.expires_on.isoformat(),
            "revoked_on": paper.revoked_on.isoformat() if paper.revoked_on else None,
            "scan_sha256": paper.document_sha256,
        }


def _signed_papers(desk: Desk, subject: Subject) -> Iterator[dict[str, object]]:
    for paper in desk.vault.papers.for_subject(subject.id):
        if paper.signed_on is not None:
            yield {
                "kind": paper.paper,
                "reference": paper.reference,
                "language": paper.language,
                "signed_on": paper.signed_on.isoformat(),
                "scan_sha256": paper.document_sha256,
            }

"""Gather everything about every request onto one page a person can print or hand to a lawyer."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from optout.drafting.report import ReportedCompany, ReportedRequest, report_page
from optout.i18n import _, language, say
from optout.model.record import Evidence
from optout.model.request import Request
from optout.model.subject import Subject
from optout.text import Text
from optout.words import word
from optout.workflows.desk import Desk
from optout.workflows.exports import write_export
from optout.workflows.find import find_request
from optout.workflows.standing import Standing, standings
from optout.workflows.truth import TRUTH

Facts = tuple[tuple[str, str], ...]


def write_report(desk: Desk, subject: Subject) -> Path:
    """Write one person's page, and list it as an export: nobody else is on it (SAFETY 6)."""
    return write_export(desk, "requests.html", "report", report_html(desk, subject).encode())


def write_proof(desk: Desk, reference: str) -> tuple[Path, ...]:
    """Write the pictures, letters and answers kept as proof of one request."""
    request = find_request(desk, reference)
    return tuple(
        write_export(
            desk,
            f"proof-{request.reference}-{number}{_suffix(card)}",
            "proof",
            desk.vault.evidence.read(card.id),
        )
        for number, card in enumerate(desk.vault.evidence.for_request(request.id), start=1)
    )


def _suffix(card: Evidence) -> str:
    known = {"message/rfc822": ".eml", "image/jpeg": ".jpg"}
    return known.get(card.media_type) or mimetypes.guess_extension(card.media_type) or ".bin"


def report_html(desk: Desk, subject: Subject) -> str:
    """Return the page: what was asked, given, answered, proven, and what is due."""
    found = sorted(standings(desk, subject), key=lambda each: each.company)
    companies = [
        ReportedCompany(name=name, requests=tuple(_reported(desk, each) for each in of_company))
        for name, of_company in groupby(found, key=lambda each: each.company)
    ]
    return report_page(
        companies,
        title=_("My requests"),
        made_on=desk.clock().date().isoformat(),
        truth_title=_("What this does and does not do"),
        truth=[say(text) for text in TRUTH],
        language=language(),
    )


def _reported(desk: Desk, each: Standing) -> ReportedRequest:
    request = each.request
    law = desk.law(request.law)
    facts = (
        (_("Reference"), request.reference),
        (_("Legal basis"), f"{law.name} {law.citation}".strip()),
        (_("By"), say(word(each.by))),
        (_("Sending"), say(word(each.message.delivery))),
        (_("Sent on"), each.message.posted_on.isoformat() if each.message.posted_on else ""),
        (_("Tracking number"), each.message.tracking),
        (_("Their number"), each.message.broker_reference),
        (_("Their answer"), say(word(request.status))),
    )
    return ReportedRequest(
        title=say(word(request.right)),
        facts=tuple((name, value) for name, value in facts if value),
        lists=(
            (_("What they got"), tuple(_given(desk, request))),
            (_("What they answered"), tuple(_answers(desk, request))),
            (_("Due"), tuple(_due(desk, request))),
            (_("Proof kept in the locked folder"), tuple(_proof(desk, request))),
        ),
    )


def _given(desk: Desk, request: Request) -> Iterable[str]:
    for given in desk.vault.disclosures.for_request(request.id):
        new = _("new to them") if given.new_to_them else _("they probably had it")
        field = say(word(given.field))
        yield f"{given.at.date().isoformat()}  {field} → {given.recipient} ({new})"


def _answers(desk: Desk, request: Request) -> Iterable[str]:
    for answer in desk.vault.correspondence.for_request(request.id):
        named = say(Text("exception named: {words}", words=answer.exemption))
        extra = f" ({named})" if answer.exemption else ""
        yield f"{answer.received_on.isoformat()}  {say(word(answer.answer))}{extra}"


def _due(desk: Desk, request: Request) -> Iterable[str]:
    for entry in desk.vault.deadlines.for_request(request.id):
        due = entry.deadline
        yield f"{due.due_on.isoformat()}  {say(word(due.kind))} — {due.basis}"


def _proof(desk: Desk, request: Request) -> Iterable[str]:
    for proof in desk.vault.evidence.for_request(request.id):
        yield f"{proof.at.date().isoformat()}  {say(word(proof.kind))}, SHA-256 {proof.sha256}"

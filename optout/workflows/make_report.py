"""Gather everything about every request onto one page a person can print or hand to a lawyer."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from optout.drafting.client_file import client_file_pdf
from optout.drafting.report import (
    Annex,
    Records,
    ReportedCompany,
    ReportedRequest,
    report_page,
)
from optout.drafting.said_day import said_day
from optout.due_words import said_basis
from optout.i18n import _, entry, language, say
from optout.model.record import Correspondence, Evidence, StoredDeadline
from optout.model.request import Delivery, Disclosure, RequestId
from optout.model.subject import Subject
from optout.text import Text
from optout.words import said_by_company, word
from optout.workflows.desk import Desk, as_reference
from optout.workflows.exports import code_of, file_name, write_export
from optout.workflows.find import find_requests
from optout.workflows.listing_report import reported_sites, searches_told
from optout.workflows.pictures import Picture, due_days, progress, records_map
from optout.workflows.standing import Standing, dues, standings
from optout.workflows.truth import TRUTH

SHORT = 8  # enough letters of a fingerprint to find it again in the annex


def write_report(desk: Desk, subject: Subject, *, pictures: bool = False) -> Path:
    """Write one person's page, and list it as theirs: nobody else is on it (SAFETY 6).

    With `pictures`, companies' pages before and after are on it, with whomever they show.
    """
    page = report_html(desk, subject, pictures=pictures)
    return write_export(desk, _name(subject, ".html"), "report", page.encode(), about=subject.id)


def write_report_pdf(desk: Desk, subject: Subject) -> Path:
    """Write the same for paper; companies' own pages are not on it."""
    companies, annex = report_parts(desk, subject)
    page = client_file_pdf(
        companies,
        title=_("My requests"),
        lead=(said_day(desk.today(subject)),),
        annex=annex,
        truth_title=_("What this does and does not do"),
        truth=[say(text) for text in TRUTH],
        language=language(),
        drawn=_drawn(desk, subject),
        records=_records(desk, subject, pictures=False),
    )
    return write_export(desk, _name(subject, ".pdf"), "report", page, about=subject.id)


def _name(subject: Subject, suffix: str) -> str:
    return file_name(Text("requests"), code_of(subject.id), suffix)


def _drawn(desk: Desk, subject: Subject) -> tuple[Picture, ...]:
    """Return the pictures of one person's requests; nobody else's are in them."""
    found = standings(desk, subject)
    if not found:
        return ()
    due = [each for each in dues(desk) if each.request.subject_id == subject.id]
    the_map = records_map(desk, found)
    return (
        progress(found),
        *([due_days(desk, due)] if due else []),
        *([the_map] if the_map else []),
    )


def write_proof(desk: Desk, reference: str) -> tuple[Path, ...]:
    """Write the pictures, letters and answers kept as proof of a request, or of a whole letter."""
    found = desk.vault.evidence.for_requests(each.id for each in find_requests(desk, reference))
    cards = {card.id: card for several in found.values() for card in several}
    return tuple(
        write_export(
            desk,
            file_name(Text("proof"), f"{as_reference(reference)}-{number}", suffix_of(card)),
            "proof",
            desk.vault.evidence.read(card.id),
            about=card.subject_id,
        )
        for number, card in enumerate(cards.values(), start=1)
    )


def suffix_of(card: Evidence) -> str:
    """Return how the name of a proof's file ends."""
    known = {"message/rfc822": ".eml", "image/jpeg": ".jpg"}
    return known.get(card.media_type) or mimetypes.guess_extension(card.media_type) or ".bin"


def report_html(desk: Desk, subject: Subject, *, pictures: bool = False) -> str:
    """Return the page: what was asked, given, answered, proven, and what is due."""
    companies, annex = report_parts(desk, subject)
    return report_page(
        companies,
        title=_("My requests"),
        made_on=said_day(desk.today(subject)),
        annex=annex,
        truth_title=_("What this does and does not do"),
        truth=[say(text) for text in TRUTH],
        language=language(),
        records=_records(desk, subject, pictures=pictures),
        drawn=_drawn(desk, subject),
    )


def _records(desk: Desk, subject: Subject, *, pictures: bool) -> Records | None:
    """Return what became of records that were found; None where nobody searched."""
    sites, told = reported_sites(desk, subject, pictures=pictures), searches_told(desk, subject)
    if not (sites or told):
        return None
    return Records(
        title=_("Records that companies show"),
        sites=sites,
        told_title=_("What the searches told"),
        told=told,
    )


def report_parts(desk: Desk, subject: Subject) -> tuple[tuple[ReportedCompany, ...], Annex | None]:
    """Return everything about one person's requests by company, and the fingerprints."""
    found = sorted(standings(desk, subject), key=lambda each: each.company)
    page = _Page(desk, subject, [each.request.id for each in found])
    companies = tuple(
        ReportedCompany(
            name=entry(name), requests=tuple(page.reported(each) for each in of_company)
        )
        for name, of_company in groupby(found, key=lambda each: each.company)
    )
    return companies, page.annex()


class _Page:
    """Everything the page says about one person's requests, read with one question a kind.

    Every day on it is a day where the person lives.
    """

    def __init__(self, desk: Desk, subject: Subject, ids: Sequence[RequestId]) -> None:
        vault = desk.vault
        self._desk, self._subject = desk, subject
        self._given = vault.disclosures.for_requests(ids)
        self._answers = vault.correspondence.for_requests(ids)
        self._dates = vault.deadlines.for_requests(ids)
        self._proofs = vault.evidence.for_requests(ids)

    def reported(self, each: Standing) -> ReportedRequest:
        """Return one request as the page shows it."""
        request, law = each.request, self._desk.law(each.request.law)
        facts = (
            (_("Reference"), each.reference),
            (_("Legal basis"), f"{law.name} {law.citation}".strip()),
            (_("By"), say(word(each.by))),
            (_("Sending"), say(word(each.message.delivery))),
            (_("Sent on"), said_day(each.message.posted_on)),
            (_("Tracking number"), each.message.tracking),
            (_("Their number"), each.message.broker_reference),
            (_("Their answer"), say(said_by_company(request.status, request.reason))),
        )
        return ReportedRequest(
            title=say(word(request.right)),
            facts=tuple((name, value) for name, value in facts if value),
            lists=(
                (
                    _("They get this when you send it")
                    if each.message.delivery is Delivery.HANDED_OVER
                    else _("What they got"),
                    tuple(map(self._disclosed, self._given.get(request.id, ()))),
                ),
                (_("What they answered"), tuple(map(_answer, self._answers.get(request.id, ())))),
                (_("Due"), tuple(map(_due, self._dates.get(request.id, ())))),
                (
                    _("Proof kept in the locked folder"),
                    tuple(map(self._proof, self._proofs.get(request.id, ()))),
                ),
            ),
        )

    def _day(self, at: datetime) -> str:
        return said_day(self._desk.day_of(at, self._subject))

    def _disclosed(self, given: Disclosure) -> str:
        new = _("new to them") if given.new_to_them else _("they probably had it")
        came = _("the letter came back") if given.came_back else new
        field = say(word(given.field))
        return f"{self._day(given.at)}: {field} → {given.recipient} ({came})"

    def _proof(self, proof: Evidence) -> str:
        return f"{self._day(proof.at)}: {say(word(proof.kind))} [{proof.sha256[:SHORT]}]"

    def annex(self) -> Annex | None:
        """Return the fingerprints of the proofs, each once, apart from what people read."""
        proofs = {card.id: card for several in self._proofs.values() for card in several}
        if not proofs:
            return None
        return Annex(
            title=_("Fingerprints of the proof, for a lawyer or a court"),
            says=_(
                "Each proof has a fingerprint (SHA-256), made when it was put into the locked "
                "folder. If one letter of the proof were changed since, its fingerprint would be "
                "another. You do not need it for anything else."
            ),
            lines=tuple(f"[{card.sha256[:SHORT]}]  {card.sha256}" for card in proofs.values()),
        )


def _answer(answer: Correspondence) -> str:
    named = ""
    if answer.wanted:
        named = say(Text("they want: {what}", what=word(answer.wanted)))
    elif answer.exemption:
        named = say(Text("exception named: {words}", words=answer.exemption))
    extra = f" ({named})" if named else ""
    return f"{said_day(answer.received_on)}: {say(word(answer.answer))}{extra}"


def _due(entry: StoredDeadline) -> str:
    due, basis = entry.deadline, say(said_basis(entry.deadline.basis))
    line = f"{said_day(due.due_on)}: {say(word(due.kind))} — {basis}"
    if entry.withdrawn:
        return f"{line} ({_('does not count any more')})"
    return f"{line} ({_('settled')})" if entry.met else line

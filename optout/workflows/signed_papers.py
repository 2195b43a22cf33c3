"""The papers besides a client's consent that somebody signs: the engagement, the interpreter's.

Each is written down when it is printed for a client, so that its number alone says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from optout.errors import Refused, WrongUsage
from optout.model.paper import SIGNED, Paper, PrintedPaper, Wording
from optout.model.record import EvidenceKind
from optout.model.subject import SubjectId
from optout.rules.paper_signing import DRAFT
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.clients import Client, all_clients
from optout.workflows.desk import Desk, as_reference
from optout.workflows.scans import ask_about_same_scan, read_scan

_CLOSING: Final = "closing-letter.written"
NOT_WRITTEN: Final = Text("No signature was written down.")


def remember_paper(desk: Desk, subject_id: SubjectId, reference: str, wording: Wording) -> None:
    """Keep that a paper was printed for a client to be signed; nothing of what is only read."""
    if wording.paper not in SIGNED:
        return
    desk.vault.papers.add(
        PrintedPaper(
            id=new_id(),
            subject_id=subject_id,
            paper=wording.paper,
            reference=reference,
            language=wording.language,
            draft=wording.is_draft,
            written_on=desk.today(desk.vault.subjects.get(subject_id)),
        )
    )


def note_closing_letter(desk: Desk, subject_id: SubjectId, wording: Wording) -> None:
    """Keep that a closing letter was written for a client; nothing of another paper or a draft."""
    if wording.paper is Paper.CLOSING and not wording.is_draft:
        with desk.vault.together():
            desk.vault.events.record(_CLOSING, subject_id)


def has_closing_letter(desk: Desk, subject_id: SubjectId) -> bool:
    """Say whether a closing letter was ever written for a client."""
    return any(subject_id in each.ids for each in desk.vault.events.with_code(_CLOSING))


def find_printed(desk: Desk, typed: str) -> PrintedPaper | None:
    """Return the paper with that number at its foot, if it is one of these."""
    return desk.vault.papers.by_reference(as_reference(typed))


def sign_printed(
    desk: Desk, paper: PrintedPaper, scan: Path, *, on: date | None = None
) -> PrintedPaper:
    """Keep the day of a signature and the scan, in the client's own encrypted file."""
    today = desk.today(desk.vault.subjects.get(paper.subject_id))
    on = on or today
    _check_may_be_signed(paper, on, today)
    media_type, content = read_scan(scan)
    ask_about_same_scan(desk, paper.subject_id, content)
    kept = desk.vault.evidence.store(paper.subject_id, EvidenceKind.SIGNED, media_type, content)
    desk.vault.papers.sign(paper.id, on=on, scan=kept)
    signed = desk.vault.papers.by_reference(paper.reference)
    assert signed is not None
    return signed


def _check_may_be_signed(paper: PrintedPaper, on: date, today: date) -> None:
    if paper.draft:
        raise Refused(
            DRAFT,
            known=NOT_WRITTEN,
            hint=Text("Have it read, or print it in English: optout clinic papers list"),
        )
    if paper.signed_on is not None:
        raise Refused(Text("This paper is signed already."), known=NOT_WRITTEN)
    if not paper.written_on <= on <= today:
        raise WrongUsage(
            Text("The signature is not from that day: it was written later, or it has not come."),
            known=NOT_WRITTEN,
            hint=Text("Give the day on the paper: --on YYYY-MM-DD"),
        )


def unsigned_papers(desk: Desk) -> Iterator[tuple[Client, PrintedPaper]]:
    """Yield, of each client and kind, the newest paper if none of its kind is signed.

    Nobody signs a draft, so none waits for a signature or takes the place of one that does.
    """
    for client in all_clients(desk):
        newest: dict[Paper, PrintedPaper] = {}
        for paper in desk.vault.papers.for_subject(client.subject.id):
            if paper.draft:
                continue
            earlier = newest.get(paper.paper)
            if earlier is None or earlier.signed_on is None:
                newest[paper.paper] = paper
        yield from ((client, each) for each in newest.values() if each.signed_on is None)

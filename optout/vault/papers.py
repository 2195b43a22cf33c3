"""Papers that were printed for one client to be signed: the engagement, the interpreter's."""

from __future__ import annotations

from datetime import date

from optout.model.paper import Paper, PrintedPaper
from optout.model.record import Evidence
from optout.model.subject import SubjectId
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import maybe_date_from
from optout.vault.open import Database, Row


class Papers:
    """Keeps which paper was printed for whom, and that it was signed; none is ever changed."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, paper: PrintedPaper) -> None:
        """Keep one that was printed, and is not signed yet."""
        row = {
            "id": paper.id,
            "subject_id": paper.subject_id,
            "kind": paper.paper,
            "reference": paper.reference,
            "language": paper.language,
            "draft": int(paper.draft),
            "written_on": paper.written_on.isoformat(),
        }
        with self._db.transaction():
            self._db.insert("paper", row)
            self._history.record("paper.printed", paper.subject_id, paper.id)

    def by_reference(self, reference: str) -> PrintedPaper | None:
        """Return the paper with that number at its foot."""
        row = self._db.row("SELECT * FROM paper WHERE reference = :r", {"r": reference})
        return _paper(row) if row else None

    def for_subject(self, subject_id: SubjectId) -> tuple[PrintedPaper, ...]:
        """Return one client's, oldest first."""
        sql = "SELECT * FROM paper WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_paper, self._db.rows(sql, {"id": subject_id})))

    def sign(self, paper_id: str, *, on: date, scan: Evidence) -> None:
        """Keep that it was signed on a day, and the scan; only once, and never a draft."""
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE paper SET signed_on = :on, evidence_id = :evidence, "
                "document_sha256 = :sha WHERE id = :id AND signed_on IS NULL AND draft = 0",
                {
                    "id": paper_id,
                    "on": on.isoformat(),
                    "evidence": scan.id,
                    "sha": scan.sha256,
                },
            )
            if not changed:
                raise not_here()
            self._history.record("paper.signed", paper_id)


def _paper(row: Row) -> PrintedPaper:
    return PrintedPaper(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        paper=Paper(row["kind"]),
        reference=row["reference"],
        language=row["language"],
        draft=bool(row["draft"]),
        written_on=date.fromisoformat(row["written_on"]),
        signed_on=maybe_date_from(row["signed_on"]),
        evidence_id=row["evidence_id"],
        document_sha256=row["document_sha256"],
    )

"""Companies outside the catalog, as their person wrote them down; erased with the person."""

from __future__ import annotations

import json
from datetime import date

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.outside import OutsideCompany
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.vault.events import History
from optout.vault.open import Database, Row

_KEEP = """INSERT INTO company VALUES (:slug, :subject_id, :written_on, :definition)
    ON CONFLICT (slug) DO UPDATE SET definition = excluded.definition
    WHERE subject_id = excluded.subject_id"""


class Companies:
    """Keeps companies outside the catalog. The history holds no name of theirs."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def keep(self, company: OutsideCompany) -> None:
        """Keep a company, or what has changed about it."""
        with self._db.transaction():
            self._db.change(_KEEP, _row(company))
            self._history.record("company.kept", company.subject_id)

    def find(self, slug: str) -> OutsideCompany | None:
        """Return the company of that slug, if one was written down."""
        row = self._db.row("SELECT * FROM company WHERE slug = :slug", {"slug": slug})
        return _company(row) if row else None

    def list(self, subject_id: SubjectId) -> tuple[OutsideCompany, ...]:
        """Return the companies that one person wrote down, in that order."""
        sql = "SELECT * FROM company WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_company, self._db.rows(sql, {"id": subject_id})))


def _row(company: OutsideCompany) -> Row:
    return {
        "slug": company.slug,
        "subject_id": company.subject_id,
        "written_on": company.written_on.isoformat(),
        "definition": json.dumps(company.definition(), ensure_ascii=False),
    }


def _company(row: Row) -> OutsideCompany:
    stored = json.loads(row["definition"])
    return OutsideCompany(
        slug=Slug(row["slug"]),
        subject_id=SubjectId(row["subject_id"]),
        written_on=date.fromisoformat(row["written_on"]),
        name=stored["name"],
        by=By(stored["by"]),
        email=stored["email"],
        lines=tuple(stored["lines"]),
        url=stored["url"],
        find_by=tuple(map(Field, stored["find_by"])),
        sentences={Right(right): words for right, words in stored["sentences"].items()},
    )

"""Files that left the vault: what, where, when, and whether they were deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from optout.model.record import Export
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text, maybe_instant_from
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, ids_of


class Exports:
    """Keeps the list of files that are now beyond the vault."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, export: Export, *, subject_id: SubjectId | None = None) -> None:
        """List a file before it is written: one that exists is always listed."""
        row = {
            "id": export.id,
            "subject_id": subject_id,
            "path": export.path.reveal(),
            "what": export.what,
            "sha256": export.sha256,
            "at": instant_text(export.at),
        }
        with self._db.transaction():
            self._db.insert("export", row)
            self._history.record("export.added", export.id)

    def list(self, *, still_there: bool = False) -> tuple[Export, ...]:
        """Return exported files, newest first."""
        where = "WHERE deleted_at IS NULL" if still_there else ""
        sql = f"SELECT * FROM export {where} ORDER BY rowid DESC"  # noqa: S608 - ours
        return tuple(map(export_from, self._db.rows(sql)))

    def about(self, subject_id: SubjectId) -> tuple[Export, ...]:
        """Return the files about this person alone, oldest first, deleted or not."""
        sql = "SELECT * FROM export WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(export_from, self._db.rows(sql, {"id": subject_id})))

    def may_be_about(self, people: Iterable[SubjectId]) -> tuple[Export, ...]:
        """Return the files about these people, and those of several that may hold them."""
        sql = f"""SELECT * FROM export WHERE deleted_at IS NULL
            AND (subject_id IS NULL OR subject_id {AMONG}) ORDER BY rowid DESC"""  # noqa: S608 - ours
        return tuple(map(export_from, self._db.rows(sql, ids_of(people))))

    def mark_deleted(self, export_id: str, *, at: datetime | None = None) -> None:
        """Record that a file is gone; the list remembers that it was there."""
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE export SET deleted_at = coalesce(deleted_at, :at) WHERE id = :id",
                {"id": export_id, "at": instant_text(at or self._history.now())},
            )
            if not changed:
                raise not_here()
            self._history.record("export.deleted", export_id)


def export_from(row: Row) -> Export:
    """Return an export from its row."""
    return Export(
        id=row["id"],
        path=Secret(row["path"]),
        what=row["what"],
        sha256=row["sha256"],
        at=instant_from(row["at"]),
        deleted_at=maybe_instant_from(row["deleted_at"]),
    )

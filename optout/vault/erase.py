"""Erasing a person: rows, notes, salts, and the evidence file with its key.

The history stays: it holds ids, codes and times only. What lies outside the vault cannot be
erased from here, so it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from optout.errors import Refused
from optout.model.record import Export
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text
from optout.vault.events import History
from optout.vault.evidence import EvidenceFiles, delete_database
from optout.vault.exports import export_from
from optout.vault.folder import VaultFolder
from optout.vault.missing import not_here
from optout.vault.moments import instant_from
from optout.vault.open import Database

_RUNNING = """SELECT 1 FROM message WHERE subject_id = :id AND delivery IN ('filling', 'sending')
    UNION SELECT 1 FROM search WHERE subject_id = :id AND ended = 'looking'"""
_HELD = "SELECT 1 FROM matter WHERE subject_id = :id AND hold = 1"
_EXPORTS = """SELECT * FROM export WHERE deleted_at IS NULL
    AND (subject_id = :id OR subject_id IS NULL) ORDER BY rowid"""

_SETTINGS = """DELETE FROM setting WHERE instr(name, :id) > 0 OR EXISTS
    (SELECT 1 FROM company WHERE subject_id = :id AND instr(setting.name, slug) > 0)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCopy:
    """One backup that was made of this vault, wherever it lies now."""

    path: Secret[str]
    at: datetime
    is_here: bool = True  # False: on a stick that is not plugged in, moved, or gone

    def said(self) -> Text:
        """Say that it holds who was erased, as far as anybody can know."""
        path = self.path.reveal()
        if self.is_here:
            return Text("Still in this backup: {path}", path=path)
        return Text("May still be in this backup, which is not here now: {path}", path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, and what outside the vault still holds the person's data."""

    subject_id: SubjectId
    backups: tuple[BackupCopy, ...]
    exports: tuple[Export, ...]


class Eraser:
    """Erases one person, alone in the vault while it does so."""

    def __init__(
        self,
        db: Database,
        history: History,
        evidence: EvidenceFiles,
        place: VaultFolder,
        alone: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._db = db
        self._history = history
        self._evidence = evidence
        self._place = place
        self._alone = alone

    def erase(self, subject_id: SubjectId) -> Erased:
        """Erase a person and everything that hangs on them."""
        with self._alone():
            name = self._evidence_file(subject_id)
            self._check_not_held(subject_id)
            self._check_nothing_runs(subject_id)
            erased = self._what_stays_outside(subject_id)
            self._evidence.close(subject_id)
            with self._db.transaction():
                self._db.change(_SETTINGS, {"id": subject_id})  # before the companies are gone
                self._db.change("DELETE FROM subject WHERE id = :id", {"id": subject_id})
                self._db.change("DELETE FROM first_answer")  # can be about the same person
                self._history.record("subject.erased", subject_id)
            delete_database(self._place.evidence / name)
            self._scrub()
        return erased

    def _scrub(self) -> None:
        """Write the database anew and empty the journal: no page keeps what was in it."""
        self._db.maintain("VACUUM")
        self._db.maintain("PRAGMA wal_checkpoint(TRUNCATE)")

    def _evidence_file(self, subject_id: SubjectId) -> str:
        row = self._db.row(
            "SELECT evidence_file FROM matter WHERE subject_id = :id", {"id": subject_id}
        )
        if row is None:
            raise not_here()
        return str(row["evidence_file"])

    def _check_not_held(self, subject_id: SubjectId) -> None:
        if self._db.row(_HELD, {"id": subject_id}):
            raise Refused(
                Text("A lawyer said that nothing of this client may be erased."),
                known=Text("Nothing was erased."),
                hint=Text("See which files are held: optout clinic hold"),
            )

    def _check_nothing_runs(self, subject_id: SubjectId) -> None:
        if self._db.row(_RUNNING, {"id": subject_id}):
            raise Refused(
                Text("A request of this person is being sent right now."),
                known=Text("Nothing was erased."),
                hint=Text("Wait until it has ended, then try again."),
            )

    def _what_stays_outside(self, subject_id: SubjectId) -> Erased:
        made = tuple(self._made())
        known = {each.path.reveal() for each in made}
        kept = (each for each in self._before_changes() if each.path.reveal() not in known)
        return Erased(
            subject_id=subject_id,
            backups=(*made, *kept),
            exports=tuple(map(export_from, self._db.rows(_EXPORTS, {"id": subject_id}))),
        )

    def _made(self) -> Iterator[BackupCopy]:
        """Yield every backup that somebody made; one on a stick holds people, plugged in or not."""
        for row in self._db.rows("SELECT path, at FROM backup ORDER BY rowid"):
            yield BackupCopy(
                path=Secret(row["path"]),
                at=instant_from(row["at"]),
                is_here=Path(row["path"]).exists(),
            )

    def _before_changes(self) -> Iterator[BackupCopy]:
        """Yield the copies that were kept here before the tables of this vault were changed."""
        for file in sorted(self._place.backups.glob("*.backup")):
            made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield BackupCopy(path=Secret(str(file)), at=made)

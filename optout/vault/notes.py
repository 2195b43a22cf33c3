"""Free text about people and requests. The history carries only its salted hash."""

from __future__ import annotations

import hashlib
import secrets

from optout.model.note import Note
from optout.model.request import RequestId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row


class Notes:
    """Keeps notes; with the salt gone, its hash in the history says nothing."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, note: Note) -> None:
        """Keep a note."""
        salt = secrets.token_hex(16)
        text = note.text.reveal()
        row = {
            "id": note.id,
            "subject_id": note.subject_id,
            "request_id": note.request_id,
            "text": text,
            "salt": salt,
            "at": instant_text(note.at),
        }
        with self._db.transaction():
            self._db.insert("note", row)
            self._history.record("note.added", note.id, _salted(salt, text))

    def for_subject(self, subject_id: SubjectId) -> tuple[Note, ...]:
        """Return the notes about a person, oldest first."""
        sql = "SELECT * FROM note WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_note, self._db.rows(sql, {"id": subject_id})))

    def erase(self, note_id: str) -> None:
        """Erase a note and its salt."""
        with self._db.transaction():
            if not self._db.change("DELETE FROM note WHERE id = :id", {"id": note_id}):
                raise not_here()
            self._history.record("note.erased", note_id)


def _salted(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def _note(row: Row) -> Note:
    return Note(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        request_id=RequestId(row["request_id"]) if row["request_id"] else None,
        text=Secret(row["text"]),
        at=instant_from(row["at"]),
    )

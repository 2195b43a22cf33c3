"""What somebody answered about a person who is not kept yet, so that it is asked once only."""

from __future__ import annotations

from optout.vault.open import Database

_KEEP = """INSERT INTO first_answer VALUES (:place, :question, :answer)"""


class FirstAnswers:
    """Keeps each answer as it is given, until the person is kept. The history holds none."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def list(self) -> tuple[tuple[str, str], ...]:
        """Return each question with its answer, in the order in which they were asked."""
        return tuple(self._db.tuples("SELECT question, answer FROM first_answer ORDER BY place"))

    def keep(self, place: int, question: str, answer: str) -> None:
        """Keep one answer; what was said there and after it before is gone."""
        with self._db.transaction():
            self._db.change("DELETE FROM first_answer WHERE place >= :place", {"place": place})
            self._db.change(_KEEP, {"place": place, "question": question, "answer": answer})

    def forget(self) -> None:
        """Keep nothing of it any more."""
        with self._db.transaction():
            self._db.change("DELETE FROM first_answer")

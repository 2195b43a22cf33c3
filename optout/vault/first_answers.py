"""What somebody answered about a person who is not kept yet, so that it is asked once only."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from optout.model.ports import Clock
from optout.vault.ids import new_id
from optout.vault.moments import instant_text, maybe_instant_from
from optout.vault.open import Database

# From its first answer on, all that is kept is this window's.
_DROP: Final = """DELETE FROM first_answer
    WHERE place >= :place AND (asked_in = :window OR :place = 0)"""
_KEEP: Final = """INSERT INTO first_answer
    SELECT :place, :window, :question, :answer, :at
    WHERE :place = 0 OR EXISTS (SELECT 1 FROM first_answer WHERE asked_in = :window)"""


class FirstAnswers:
    """Keeps each answer as it is given, until the person is kept. The history holds none.

    Of two windows that ask at once, only the one that began or went on last keeps what it hears:
    answers about two people are never kept as those of one.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._window = new_id()

    def list(self) -> tuple[tuple[str, str], ...]:
        """Return each question with its answer, in the order in which they were asked."""
        return tuple(self._db.tuples("SELECT question, answer FROM first_answer ORDER BY place"))

    def last_at(self) -> datetime | None:
        """Return when the last answer was given, if there is one."""
        return maybe_instant_from(self._db.tuples("SELECT max(at) FROM first_answer")[0][0])

    def take_over(self) -> None:
        """Go on in this window with what is kept: no other one adds to it any more."""
        with self._db.transaction():
            self._db.change("UPDATE first_answer SET asked_in = :window", {"window": self._window})

    def keep(self, place: int, question: str, answer: str) -> bool:
        """Keep one answer; what was said there and after it before is gone.

        Return False where it is not kept: what was answered here before is another window's, or
        it was erased.
        """
        row = {"place": place, "window": self._window}
        said = {"question": question, "answer": answer, "at": instant_text(self._clock())}
        with self._db.transaction():
            self._db.change(_DROP, row)
            return self._db.change(_KEEP, {**row, **said}) > 0

    def forget(self) -> None:
        """Keep nothing of it any more; what another window took over stays."""
        with self._db.transaction():
            self._db.change(
                "DELETE FROM first_answer WHERE asked_in = :window", {"window": self._window}
            )

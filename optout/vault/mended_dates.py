"""A date put in the place of another because a law's file was mended, and its person said so."""

from __future__ import annotations

from optout.model.record import Deadline, StoredDeadline
from optout.model.request import RequestId
from optout.vault.deadlines import WITHDRAWN, insert_deadlines
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.open import Database


class MendedDates:
    """Puts dates in the place of others; the old ones stay readable."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def replace(
        self, request_id: RequestId, old: StoredDeadline | None, new: Deadline | None
    ) -> None:
        """Let the new date run and the old one not; refuse an old one that runs no more."""
        with self._db.transaction():
            if old is not None and not self._stop(request_id, old):
                raise not_here()
            if new is not None:
                insert_deadlines(self._db, request_id, (new,))
            self._history.record("deadline.mended", request_id)

    def _stop(self, request_id: RequestId, old: StoredDeadline) -> int:
        return self._db.change(
            "UPDATE deadline SET met = :withdrawn"
            " WHERE id = :id AND request_id = :request AND met = 0",
            {"withdrawn": WITHDRAWN, "id": old.id, "request": request_id},
        )

"""A date put in the place of another because a law's file was mended, and its person said so."""

from __future__ import annotations

from optout.errors import Refused
from optout.model.record import Deadline, StoredDeadline
from optout.model.request import RequestId
from optout.text import Text
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
        """Let the new date run and the old one not.

        Refuses an old one that runs no more, and a first one where such a date runs meanwhile.
        """
        with self._db.transaction():
            if old is not None and not self._stop(request_id, old):
                raise not_here()
            if old is None and new is not None and self._runs(request_id, new):
                raise _written_meanwhile()
            if new is not None:
                insert_deadlines(self._db, request_id, (new,))
            self._history.record("deadline.mended", request_id)

    def _runs(self, request_id: RequestId, new: Deadline) -> bool:
        row = self._db.row(
            "SELECT 1 FROM deadline WHERE request_id = :request AND kind = :kind AND met = 0",
            {"request": request_id, "kind": new.kind},
        )
        return row is not None

    def _stop(self, request_id: RequestId, old: StoredDeadline) -> int:
        return self._db.change(
            "UPDATE deadline SET met = :withdrawn"
            " WHERE id = :id AND request_id = :request AND met = 0",
            {"withdrawn": WITHDRAWN, "id": old.id, "request": request_id},
        )


def _written_meanwhile() -> Refused:
    return Refused(
        Text("This date was written down meanwhile, in another window."),
        known=Text("Nothing was changed here."),
        hint=Text("See all dates: optout due"),
    )

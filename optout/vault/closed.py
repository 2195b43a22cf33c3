"""A closed file is read-only: nothing new is asked, written or sent for its client.

What still comes in is kept: an answer does not ask whether the file is open.
"""

from __future__ import annotations

from optout.errors import Refused
from optout.model.subject import SubjectId
from optout.text import Text
from optout.vault.open import Database

_CLOSED = "SELECT 1 FROM matter WHERE subject_id = :id AND closed_at IS NOT NULL"


def check_open(db: Database, subject_id: SubjectId) -> None:
    """Refuse where the person's file is closed."""
    if db.row(_CLOSED, {"id": subject_id}):
        raise Refused(
            Text("This client's file is closed."),
            known=Text("Nothing was changed, and nothing was sent."),
            hint=Text("If work goes on after all: optout clinic close NUMBER --reopen"),
        )

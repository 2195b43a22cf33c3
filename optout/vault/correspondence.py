"""Everything received about a request, with what it changes, in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from optout.model.record import Answer, Correspondence, Deadline, Task
from optout.model.request import RequestId, Status, StatusReason
from optout.model.secret import Secret
from optout.rules.answers import met_by, withdraws_dates
from optout.vault.deadlines import insert_deadlines, mark_kinds_met, withdraw_deadlines
from optout.vault.events import History
from optout.vault.open import Database, Row
from optout.vault.requests import Requests
from optout.vault.several import AMONG, grouped, ids_of
from optout.vault.tasks import insert_tasks


class Correspondences:
    """Keeps answers."""

    def __init__(self, db: Database, history: History, requests: Requests) -> None:
        self._db = db
        self._history = history
        self._requests = requests

    def add(
        self,
        entry: Correspondence,
        *,
        status: tuple[Status, StatusReason | None] | None = None,
        deadlines: Iterable[Deadline] = (),
        tasks: Iterable[Task] = (),
    ) -> None:
        """Keep an answer together with the status, dates and tasks that follow from it.

        Dates that the answer settles are marked as met; those it sets are not.
        """
        deadlines = tuple(deadlines)
        settled = met_by(entry.answer, new={deadline.kind for deadline in deadlines})
        with self._db.transaction():
            self._db.insert("correspondence", _row(entry))
            self._history.record(f"answer.{entry.answer}", entry.request_id, entry.id)
            if status is not None:
                self._requests.set_status(entry.request_id, *status)
            mark_kinds_met(self._db, entry.request_id, settled)
            if withdraws_dates(entry.answer):
                withdraw_deadlines(self._db, entry.request_id)
                self._history.record("deadlines.withdrawn", entry.request_id)
            insert_deadlines(self._db, entry.request_id, deadlines)
            insert_tasks(self._db, tasks)

    def for_request(self, request_id: RequestId) -> tuple[Correspondence, ...]:
        """Return what came about a request, in the order in which it was recorded."""
        sql = "SELECT * FROM correspondence WHERE request_id = :id ORDER BY rowid"
        return tuple(map(_correspondence, self._db.rows(sql, {"id": request_id})))

    def for_requests(
        self, request_ids: Iterable[RequestId]
    ) -> Mapping[RequestId, tuple[Correspondence, ...]]:
        """Return what came about each of several requests, in the order of recording."""
        sql = f"SELECT * FROM correspondence WHERE request_id {AMONG} ORDER BY rowid"  # noqa: S608 - ours
        found = map(_correspondence, self._db.rows(sql, ids_of(request_ids)))
        return grouped((entry.request_id, entry) for entry in found)


def _row(entry: Correspondence) -> Row:
    return {
        "id": entry.id,
        "request_id": entry.request_id,
        "answer": entry.answer,
        "received_on": entry.received_on.isoformat(),
        "exemption": entry.exemption,
        "note": entry.note.reveal() if entry.note else None,
        "evidence_id": entry.evidence_id,
    }


def _correspondence(row: Row) -> Correspondence:
    return Correspondence(
        id=row["id"],
        request_id=RequestId(row["request_id"]),
        answer=Answer(row["answer"]),
        received_on=date.fromisoformat(row["received_on"]),
        exemption=row["exemption"],
        note=Secret(row["note"]) if row["note"] is not None else None,
        evidence_id=row["evidence_id"],
    )

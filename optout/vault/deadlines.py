"""Dates by which somebody must act, as they were fixed when an outcome was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from optout.model.law import LawId
from optout.model.record import Deadline, DeadlineKind, StoredDeadline
from optout.model.request import RequestId
from optout.vault.events import History
from optout.vault.ids import new_id
from optout.vault.missing import not_here
from optout.vault.moments import maybe_date_from
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, grouped, ids_of

MET: Final = 1  # in the column of that name; 0 is open
WITHDRAWN: Final = 2


class Deadlines:
    """Keeps deadlines. A law that is mended later never moves one silently."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, request_id: RequestId, deadlines: Iterable[Deadline]) -> None:
        """Fix dates for a request."""
        with self._db.transaction():
            insert_deadlines(self._db, request_id, deadlines)
            self._history.record("deadlines.added", request_id)

    def due_before(self, day: date) -> tuple[StoredDeadline, ...]:
        """Return dates still open that fall before `day`, soonest first."""
        sql = "SELECT * FROM deadline WHERE met = 0 AND due_on < :day ORDER BY due_on"
        return tuple(map(_stored, self._db.rows(sql, {"day": day.isoformat()})))

    def for_request(self, request_id: RequestId) -> tuple[StoredDeadline, ...]:
        """Return a request's dates, met or not, soonest first."""
        sql = "SELECT * FROM deadline WHERE request_id = :id ORDER BY due_on, rowid"
        return tuple(map(_stored, self._db.rows(sql, {"id": request_id})))

    def for_requests(
        self, request_ids: Iterable[RequestId]
    ) -> Mapping[RequestId, tuple[StoredDeadline, ...]]:
        """Return all dates of each of several requests, soonest first."""
        sql = f"SELECT * FROM deadline WHERE request_id {AMONG} ORDER BY due_on, rowid"  # noqa: S608 - ours
        found = map(_stored, self._db.rows(sql, ids_of(request_ids)))
        return grouped((stored.request_id, stored) for stored in found)

    def next_for_requests(self, request_ids: Iterable[RequestId]) -> Mapping[RequestId, Deadline]:
        """Return the soonest date that is still open, for each request that has one."""
        sql = f"""SELECT * FROM deadline WHERE request_id {AMONG} AND met = 0
            ORDER BY due_on DESC, rowid DESC"""  # noqa: S608 - ours
        found = map(_stored, self._db.rows(sql, ids_of(request_ids)))
        return {stored.request_id: stored.deadline for stored in found}  # the soonest stays

    def mark_met(self, deadline_id: str) -> None:
        """Record that a date needs no more watching."""
        with self._db.transaction():
            if not self._db.change(
                "UPDATE deadline SET met = 1 WHERE id = :id", {"id": deadline_id}
            ):
                raise not_here()
            self._history.record("deadline.met", deadline_id)

    def received_for(self, request_ids: Iterable[RequestId]) -> Mapping[RequestId, date]:
        """Return that day of each of several requests whose clocks run."""
        sql = f"""SELECT id, received_on FROM request
            WHERE id {AMONG} AND received_on IS NOT NULL"""  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(request_ids))
        return {RequestId(row["id"]): date.fromisoformat(row["received_on"]) for row in rows}

    def received_on(self, request_id: RequestId) -> date | None:
        """Return the day from which a request's clocks were counted, if they run."""
        sql = "SELECT received_on FROM request WHERE id = :id"
        row = self._db.row(sql, {"id": request_id})
        return maybe_date_from(row["received_on"]) if row else None


def insert_deadlines(db: Database, request_id: RequestId, deadlines: Iterable[Deadline]) -> None:
    """Add dates to the transaction at hand."""
    db.insert_many(
        "deadline",
        [
            {
                "id": new_id(),
                "request_id": request_id,
                "kind": deadline.kind,
                "due_on": deadline.due_on.isoformat(),
                "basis": deadline.basis,
                "grace_until": deadline.grace_until.isoformat(),
                "law": deadline.law,
            }
            for deadline in deadlines
        ],
    )


def mark_kinds_met(db: Database, request_id: RequestId, kinds: Iterable[DeadlineKind]) -> None:
    """Mark a request's open dates of these kinds, in the transaction at hand."""
    for kind in kinds:
        db.change(
            "UPDATE deadline SET met = 1 WHERE request_id = :id AND kind = :kind AND met = 0",
            {"id": request_id, "kind": kind},
        )


def withdraw_kinds(db: Database, request_id: RequestId, kinds: Iterable[DeadlineKind]) -> None:
    """Withdraw a request's open dates of these kinds; the day it arrived stays."""
    for kind in kinds:
        db.change(
            """UPDATE deadline SET met = :withdrawn
            WHERE request_id = :id AND kind = :kind AND met = 0""",
            {"id": request_id, "kind": kind, "withdrawn": WITHDRAWN},
        )


def withdraw_deadlines(db: Database, request_id: RequestId) -> None:
    """Withdraw a request's open dates, and the day they were counted from; they stay readable."""
    db.change(
        "UPDATE deadline SET met = :withdrawn WHERE request_id = :id AND met = 0",
        {"id": request_id, "withdrawn": WITHDRAWN},
    )
    db.change("UPDATE request SET received_on = NULL WHERE id = :id", {"id": request_id})


def reinstate_deadlines(db: Database, request_id: RequestId, received_on: date) -> None:
    """Let the dates run again that were withdrawn last, and the day they were counted from."""
    db.change(
        """UPDATE deadline SET met = 0 WHERE rowid IN (SELECT max(rowid) FROM deadline
            WHERE request_id = :id AND met = :withdrawn GROUP BY kind)""",
        {"id": request_id, "withdrawn": WITHDRAWN},
    )
    db.change(
        "UPDATE request SET received_on = :day WHERE id = :id",
        {"id": request_id, "day": received_on.isoformat()},
    )


def _stored(row: Row) -> StoredDeadline:
    deadline = Deadline(
        kind=DeadlineKind(row["kind"]),
        due_on=date.fromisoformat(row["due_on"]),
        basis=row["basis"],
        grace_until=date.fromisoformat(row["grace_until"]),
        law=LawId(row["law"]) if row["law"] else None,
    )
    return StoredDeadline(
        id=row["id"],
        request_id=RequestId(row["request_id"]),
        deadline=deadline,
        met=row["met"] == MET,
        withdrawn=row["met"] == WITHDRAWN,
    )

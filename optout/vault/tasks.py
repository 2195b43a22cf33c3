"""What only a person can do, until it is done or too late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from optout.model.record import Task, TaskKind, TaskState
from optout.model.request import MessageId, RequestId
from optout.model.subject import SubjectId
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import (
    instant_from,
    instant_text,
    maybe_instant_from,
    maybe_instant_text,
)
from optout.vault.open import Database, Row

_SETTLE = """UPDATE task SET state = 'done' WHERE state = 'open' AND (
    message_id IN (SELECT id FROM message WHERE subject_id = :id)
    OR request_id IN (SELECT id FROM request WHERE subject_id = :id))"""


class Tasks:
    """Keeps tasks."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, task: Task) -> None:
        """Keep a task."""
        with self._db.transaction():
            insert_tasks(self._db, [task])
            self._history.record("task.added", task.id)

    def open(self) -> tuple[Task, ...]:
        """Return tasks still to do; those that die first come first."""
        sql = """SELECT * FROM task WHERE state = 'open'
            ORDER BY not_after IS NULL, not_after, rowid"""
        return tuple(map(_task, self._db.rows(sql)))

    def done(self, task_id: str) -> None:
        """Record that a task was done."""
        with self._db.transaction():
            sql = "UPDATE task SET state = 'done' WHERE id = :id"
            if not self._db.change(sql, {"id": task_id}):
                raise not_here()
            self._history.record("task.done", task_id)

    def done_for(self, message_id: MessageId, kind: TaskKind) -> int:
        """Record that a message's tasks of one kind were done; return how many."""
        with self._db.transaction():
            count = self._db.change(
                """UPDATE task SET state = 'done'
                    WHERE message_id = :id AND kind = :kind AND state = 'open'""",
                {"id": message_id, "kind": kind},
            )
            if count:
                self._history.record("task.done", message_id, kind)
        return count

    def settle_for(self, subject_id: SubjectId) -> int:
        """Record that nothing of a person's is left to do; return how many tasks that were."""
        with self._db.transaction():
            count = self._db.change(_SETTLE, {"id": subject_id})
            if count:
                self._history.record("tasks.settled", subject_id)
        return count

    def expire(self, now: datetime) -> int:
        """Close tasks that can no longer be done; return how many."""
        late = "state = 'open' AND not_after < :now"
        values = {"now": instant_text(now)}
        if not self._db.row(f"SELECT 1 FROM task WHERE {late} LIMIT 1", values):  # noqa: S608 - ours
            return 0
        with self._db.transaction():
            count = self._db.change(f"UPDATE task SET state = 'expired' WHERE {late}", values)  # noqa: S608 - ours
            self._history.record("tasks.expired")
        return count


def insert_tasks(db: Database, tasks: Iterable[Task]) -> None:
    """Add tasks to the transaction at hand."""
    db.insert_many(
        "task",
        [
            {
                "id": task.id,
                "kind": task.kind,
                "message_id": task.message_id,
                "request_id": task.request_id,
                "minutes": task.minutes,
                "not_after": maybe_instant_text(task.not_after),
                "state": task.state,
                "created_at": instant_text(task.created_at),
            }
            for task in tasks
        ],
    )


def _task(row: Row) -> Task:
    return Task(
        id=row["id"],
        kind=TaskKind(row["kind"]),
        message_id=MessageId(row["message_id"]) if row["message_id"] else None,
        request_id=RequestId(row["request_id"]) if row["request_id"] else None,
        minutes=row["minutes"],
        not_after=maybe_instant_from(row["not_after"]),
        state=TaskState(row["state"]),
        created_at=instant_from(row["created_at"]),
    )

"""Counts over the whole folder, made by the database: no request is read for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from optout.model.broker import Slug
from optout.model.request import Status
from optout.model.subject import SubjectId
from optout.vault.open import Database

# The plus keeps SQLite from walking all that was sent, once for each request.
_SENT: Final = """EXISTS (SELECT 1 FROM message_request
    JOIN message ON message.id = message_request.message_id
    WHERE message_request.request_id = request.id AND +message.delivery = 'sent')"""

_WAITING: Final = f"""SELECT subject_id, count(*) AS n FROM request
    WHERE status IN ('open', 'in_progress') AND reason IS NOT 'returned' AND {_SENT}
    GROUP BY subject_id"""  # noqa: S608 - ours

_BY_STATUS: Final = f"""SELECT status, CASE WHEN reason IS 'returned' THEN 'back'
        WHEN reason IS 'seen_gone' THEN 'gone'
        WHEN {_SENT} THEN 'sent' ELSE 'not' END AS went, subject_id, count(*) AS n FROM request
    GROUP BY status, went, subject_id"""  # noqa: S608 - ours

# The first answer in the matter; that a letter came back, or that they got it, is none. Nor did
# anybody write what two looks showed.
_ANSWERED: Final = """SELECT request.broker, request.status, request.subject_id,
        julianday(min(correspondence.received_on)) - julianday(request.received_on) AS days
    FROM request JOIN correspondence ON correspondence.request_id = request.id
    WHERE request.status IN ('fulfilled', 'denied') AND request.reason IS NOT 'seen_gone'
        AND correspondence.answer NOT IN ('acknowledged', 'extended', 'needs-more', 'returned')
    GROUP BY request.id"""

_SENT_SINCE: Final = """SELECT count(DISTINCT message_request.request_id) AS n
    FROM attempt JOIN message ON message.id = attempt.message_id
    JOIN message_request ON message_request.message_id = message.id
    WHERE attempt.delivery = 'sent' AND message.purpose = 'request' AND attempt.ended_at >= :day"""

_ANSWERS_SINCE: Final = """SELECT count(DISTINCT request_id) AS n FROM correspondence
    WHERE received_on >= :day
        AND answer NOT IN ('acknowledged', 'extended', 'needs-more', 'returned')"""


class Left(StrEnum):
    """Whether a request is with the company, or settled by two looks."""

    NOT = "not"
    SENT = "sent"
    BACK = "back"  # it came back, and did not go again yet
    GONE = "gone"  # two looks did not show what it was about any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request that was answered: by whom, how, and after how many days if they are known."""

    broker: Slug
    status: Status
    subject_id: SubjectId  # to count the people behind a number; never shown
    days: int | None


class Figures:
    """Counts what happened; it knows no names."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def waiting(self) -> Mapping[SubjectId, int]:
        """Return how many requests of each person are with a company, and wait for its answer."""
        return {SubjectId(row["subject_id"]): row["n"] for row in self._db.rows(_WAITING)}

    def by_status(self) -> Mapping[tuple[Status, Left], Mapping[SubjectId, int]]:
        """Return how many requests of each person have which status, and left or not."""
        found: dict[tuple[Status, Left], dict[SubjectId, int]] = {}
        for row in self._db.rows(_BY_STATUS):
            of_status = found.setdefault((Status(row["status"]), Left(row["went"])), {})
            of_status[SubjectId(row["subject_id"])] = row["n"]
        return found

    def answered(self) -> tuple[Answered, ...]:
        """Return each request that a company did or refused."""
        return tuple(
            Answered(
                broker=Slug(row["broker"]),
                status=Status(row["status"]),
                subject_id=SubjectId(row["subject_id"]),
                days=None if row["days"] is None else max(0, round(row["days"])),
            )
            for row in self._db.rows(_ANSWERED)
        )

    def sent_since(self, day: date) -> int:
        """Return how many requests left on that day or after it."""
        return self._count(_SENT_SINCE, day)

    def answers_since(self, day: date) -> int:
        """Return how many requests got an answer on that day or after it."""
        return self._count(_ANSWERS_SINCE, day)

    def _count(self, sql: str, day: date) -> int:
        row = self._db.row(sql, {"day": day.isoformat()})
        return int(row["n"]) if row else 0

"""Approvals: a person said yes to exactly this. Each yes sends at most once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from optout.model.request import Approval, MessageId
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, ids_of


class Approvals:
    """Keeps who approved what, and whether that yes was used up."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, approval: Approval) -> None:
        """Keep a person's yes."""
        with self._db.transaction():
            self._db.insert("approval", _row(approval))
            self._history.record("message.approved", approval.message_id, approval.id)

    def find(self, message_id: MessageId, digest: str) -> Approval | None:
        """Return an unused yes to exactly this content, if there is one."""
        sql = """SELECT * FROM approval WHERE message_id = :message_id AND digest = :digest
            AND spent_at IS NULL ORDER BY rowid DESC LIMIT 1"""
        row = self._db.row(sql, {"message_id": message_id, "digest": digest})
        return _approval(row) if row else None

    def get(self, approval_id: str) -> Approval:
        """Return one yes, used or not."""
        row = self._db.row("SELECT * FROM approval WHERE id = :id", {"id": approval_id})
        if row is None:
            raise not_here()
        return _approval(row)

    def unused(self, message_ids: Iterable[MessageId]) -> Mapping[MessageId, Approval]:
        """Return the newest unused yes to each of several messages that has one."""
        sql = f"""SELECT * FROM approval WHERE message_id {AMONG} AND spent_at IS NULL
            ORDER BY rowid"""  # noqa: S608 - ours
        found = map(_approval, self._db.rows(sql, ids_of(message_ids)))
        return {approval.message_id: approval for approval in found}


def spend(db: Database, history: History, message_id: MessageId) -> None:
    """Use up every yes to a message: from here on, sending needs a new decision."""
    db.change(
        "UPDATE approval SET spent_at = :at WHERE message_id = :id AND spent_at IS NULL",
        {"id": message_id, "at": instant_text(history.now())},
    )


def _row(approval: Approval) -> Row:
    return {
        "id": approval.id,
        "message_id": approval.message_id,
        "digest": approval.digest,
        "approved_by": approval.approved_by,
        "approved_at": instant_text(approval.approved_at),
    }


def _approval(row: Row) -> Approval:
    return Approval(
        id=row["id"],
        message_id=MessageId(row["message_id"]),
        digest=row["digest"],
        approved_by=row["approved_by"],
        approved_at=instant_from(row["approved_at"]),
    )

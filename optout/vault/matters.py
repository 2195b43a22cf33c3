"""An office's file for each client: number, who answers for it, other parties, conflict checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

from optout.model.clinic import CheckResult, ConflictCheck, Matter, Party, PartyRole
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.vault.closed import check_open
from optout.vault.events import History
from optout.vault.folder import VaultFolder, note_hold
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text, maybe_date_from, maybe_date_text
from optout.vault.open import Database, Row
from optout.vault.several import AMONG, ids_of

_NEWEST_CHECKS = """SELECT * FROM conflict_check WHERE rowid IN
    (SELECT max(rowid) FROM conflict_check GROUP BY subject_id)"""


class Matters:
    """Keeps what an office knows about a client's file, apart from the client's own facts."""

    def __init__(self, db: Database, history: History, place: VaultFolder) -> None:
        self._db = db
        self._history = history
        self._place = place

    def get(self, subject_id: SubjectId) -> Matter:
        """Return a client's file."""
        row = self._db.row("SELECT * FROM matter WHERE subject_id = :id", {"id": subject_id})
        if row is None:
            raise not_here()
        return _matter(row)

    def list(self) -> tuple[Matter, ...]:
        """Return every file, in the order in which the clients were added."""
        return tuple(map(_matter, self._db.rows("SELECT * FROM matter ORDER BY rowid")))

    def open_files(self) -> Mapping[SubjectId, str]:
        """Return who answers for each client whose file is open; "" where nobody does yet."""
        sql = "SELECT subject_id, responsible FROM matter WHERE closed_at IS NULL ORDER BY rowid"
        return dict(self._db.tuples(sql))

    def change(self, subject_id: SubjectId, *, number: str, responsible: str) -> None:
        """Keep the office's number of a file, and who answers for it."""
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE matter SET number = :number, responsible = :who WHERE subject_id = :id",
                {"id": subject_id, "number": number, "who": responsible},
            )
            if not changed:
                raise not_here()
            self._history.record("matter.changed", subject_id)

    def close(self, subject_id: SubjectId, *, keep_until: date | None = None) -> None:
        """Keep that a file is closed, and until when it is kept; the first day of both stays."""
        closed = instant_text(self._history.now())
        self._set(
            subject_id,
            "closed_at = coalesce(closed_at, :closed), keep_until = coalesce(keep_until, :until)",
            "matter.closed",
            {"closed": closed, "until": maybe_date_text(keep_until)},
        )

    def check_open(self, subject_id: SubjectId) -> None:
        """Refuse where a client's file is closed."""
        check_open(self._db, subject_id)

    def reopen(self, subject_id: SubjectId) -> None:
        """Open a closed file again; how long it is kept is said anew when it is closed."""
        self._set(subject_id, "closed_at = NULL, keep_until = NULL", "matter.reopened", {})

    def hold(self, subject_id: SubjectId, *, held: bool) -> None:
        """Keep that nothing of a file may be erased, or that it may again.

        The word for `destroy` is left at once: a process that is killed closes no folder.
        """
        code = "matter.held" if held else "matter.hold-ended"
        self._set(subject_id, "hold = :hold", code, {"hold": int(held)})
        note_hold(self._place, held=self.any_held())

    def any_held(self) -> bool:
        """Say whether nothing of somebody's file may be erased."""
        return self._db.row("SELECT 1 FROM matter WHERE hold = 1 LIMIT 1") is not None

    def _set(self, subject_id: SubjectId, change: str, code: str, values: Row) -> None:
        sql = f"UPDATE matter SET {change} WHERE subject_id = :id"  # noqa: S608 - ours
        with self._db.transaction():
            if not self._db.change(sql, {**values, "id": subject_id}):
                raise not_here()
            self._history.record(code, subject_id)

    def add_parties(self, parties: Iterable[Party]) -> None:
        """Keep who else has to do with a file."""
        rows = [
            {
                "id": party.id,
                "subject_id": party.subject_id,
                "role": party.role,
                "name": party.name.reveal(),
            }
            for party in parties
        ]
        with self._db.transaction():
            self._db.insert_many("party", rows)
            for row in rows:
                self._history.record("party.added", row["subject_id"], row["id"])

    def parties(self, subject_id: SubjectId | None = None) -> tuple[Party, ...]:
        """Return the other parties of one file, or of all."""
        where = "WHERE subject_id = :id" if subject_id else ""
        sql = f"SELECT * FROM party {where} ORDER BY rowid"  # noqa: S608 - ours
        return tuple(map(_party, self._db.rows(sql, {"id": subject_id} if subject_id else {})))

    def remove_party(self, party_id: str) -> None:
        """Forget a party that was written down by mistake."""
        with self._db.transaction():
            if not self._db.change("DELETE FROM party WHERE id = :id", {"id": party_id}):
                raise not_here()
            self._history.record("party.removed", party_id)

    def add_check(self, check: ConflictCheck) -> None:
        """Keep a conflict check; earlier ones stay."""
        row = {
            "id": check.id,
            "subject_id": check.subject_id,
            "checked_on": check.on.isoformat(),
            "checked_by": check.by,
            "names": json.dumps(check.names.reveal(), ensure_ascii=False),
            "hits": check.hits,
            "result": check.result,
            "note": check.note.reveal() if check.note else None,
        }
        with self._db.transaction():
            self._db.insert("conflict_check", row)
            self._history.record(f"conflict.{check.result}", check.subject_id, check.id)

    def checks(self, subject_id: SubjectId) -> tuple[ConflictCheck, ...]:
        """Return the conflict checks of one file, oldest first."""
        sql = "SELECT * FROM conflict_check WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_check, self._db.rows(sql, {"id": subject_id})))

    def newest_checks(self) -> Mapping[SubjectId, ConflictCheck]:
        """Return the newest check of each file that has one."""
        found = map(_check, self._db.rows(_NEWEST_CHECKS))
        return {check.subject_id: check for check in found}

    def add_imported(self, fingerprints: Mapping[str, SubjectId]) -> None:
        """Remember which rows of a spreadsheet became whom."""
        rows = [{"sha256": print_, "subject_id": of} for print_, of in fingerprints.items()]
        with self._db.transaction():
            self._db.insert_many("imported", rows)

    def imported(self, fingerprints: Iterable[str]) -> Mapping[str, SubjectId]:
        """Return which of these rows are here already, and as whom."""
        sql = f"SELECT * FROM imported WHERE sha256 {AMONG}"  # noqa: S608 - ours
        rows = self._db.rows(sql, ids_of(fingerprints))
        return {row["sha256"]: SubjectId(row["subject_id"]) for row in rows}


def _matter(row: Row) -> Matter:
    closed = row["closed_at"]
    return Matter(
        subject_id=SubjectId(row["subject_id"]),
        number=row["number"],
        responsible=row["responsible"],
        opened_on=instant_from(row["opened_at"]).date(),
        closed_on=instant_from(closed).date() if closed else None,
        hold=bool(row["hold"]),
        keep_until=maybe_date_from(row["keep_until"]),
    )


def _party(row: Row) -> Party:
    return Party(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        role=PartyRole(row["role"]),
        name=Secret(row["name"]),
    )


def _check(row: Row) -> ConflictCheck:
    return ConflictCheck(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        on=date.fromisoformat(row["checked_on"]),
        by=row["checked_by"],
        names=Secret(tuple(json.loads(row["names"]))),
        hits=row["hits"],
        result=CheckResult(row["result"]),
        note=Secret(row["note"]) if row["note"] else None,
    )

"""What clients allowed by signature: written, signed, expired, taken back."""

from __future__ import annotations

import json
from datetime import date

from optout.model.clinic import Allowed, Authorization, AuthorizationKind
from optout.model.fields import Field
from optout.model.record import Evidence
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.vault.events import History
from optout.vault.missing import not_here
from optout.vault.moments import maybe_date_from, maybe_date_text
from optout.vault.open import Database, Row


class Authorizations:
    """Keeps papers that clients sign; none is ever changed but to be signed or taken back."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def add(self, paper: Authorization) -> None:
        """Keep one, signed or not."""
        with self._db.transaction():
            self._db.insert("authorization", _row(paper))
            self._history.record("authorization.added", paper.subject_id, paper.id)

    def get(self, authorization_id: str) -> Authorization:
        """Return one."""
        row = self._db.row("SELECT * FROM authorization WHERE id = :id", {"id": authorization_id})
        if row is None:
            raise not_here()
        return _authorization(row)

    def for_subject(self, subject_id: SubjectId) -> tuple[Authorization, ...]:
        """Return what one client allowed, oldest first."""
        sql = "SELECT * FROM authorization WHERE subject_id = :id ORDER BY rowid"
        return tuple(map(_authorization, self._db.rows(sql, {"id": subject_id})))

    def list(self) -> tuple[Authorization, ...]:
        """Return everybody's, oldest first."""
        rows = self._db.rows("SELECT * FROM authorization ORDER BY rowid")
        return tuple(map(_authorization, rows))

    def sign(self, authorization_id: str, *, on: date, scan: Evidence) -> None:
        """Keep that the client signed on a day, and the scan; only once."""
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE authorization SET signed_on = :on, evidence_id = :evidence, "
                "document_sha256 = :sha WHERE id = :id AND signed_on IS NULL "
                "AND revoked_on IS NULL",
                {
                    "id": authorization_id,
                    "on": on.isoformat(),
                    "evidence": scan.id,
                    "sha": scan.sha256,
                },
            )
            if not changed:
                raise not_here()
            self._history.record("authorization.signed", authorization_id)

    def revoke(self, authorization_id: str, *, on: date) -> None:
        """Keep that the client took it back; the first day counts."""
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE authorization SET revoked_on = coalesce(revoked_on, :on) WHERE id = :id",
                {"id": authorization_id, "on": on.isoformat()},
            )
            if not changed:
                raise not_here()
            self._history.record("authorization.revoked", authorization_id)


def _row(paper: Authorization) -> Row:
    return {
        "id": paper.id,
        "subject_id": paper.subject_id,
        "kind": paper.kind,
        "reference": paper.reference,
        "agent": paper.agent,
        "agent_lines": json.dumps(paper.agent_lines),
        "scope": json.dumps([(each.broker, each.right, each.fields) for each in paper.scope]),
        "written_on": paper.written_on.isoformat(),
        "signed_on": maybe_date_text(paper.signed_on),
        "expires_on": paper.expires_on.isoformat(),
        "revoked_on": maybe_date_text(paper.revoked_on),
        "evidence_id": paper.evidence_id,
        "document_sha256": paper.document_sha256,
    }


def _authorization(row: Row) -> Authorization:
    return Authorization(
        id=row["id"],
        subject_id=SubjectId(row["subject_id"]),
        kind=AuthorizationKind(row["kind"]),
        reference=row["reference"],
        agent=row["agent"],
        agent_lines=tuple(json.loads(row["agent_lines"])),
        scope=tuple(
            Allowed(broker=broker, right=Right(right), fields=tuple(map(Field, fields)))
            for broker, right, fields in json.loads(row["scope"])
        ),
        written_on=date.fromisoformat(row["written_on"]),
        signed_on=maybe_date_from(row["signed_on"]),
        expires_on=date.fromisoformat(row["expires_on"]),
        revoked_on=maybe_date_from(row["revoked_on"]),
        evidence_id=row["evidence_id"],
        document_sha256=row["document_sha256"],
    )

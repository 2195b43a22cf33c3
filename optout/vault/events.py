"""The history: who did what, when; each entry sealed with the one before it.

It holds ids, codes and times only, so it survives an erasure. The chain shows accidents and
careless edits; it does not stop a forger who has the key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from optout.errors import VaultDamaged
from optout.model.ports import Clock
from optout.model.record import Event
from optout.text import Text
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row

FIRST: Final = "0" * 64
_PAGE: Final = 5000


class History:
    """Appends events and proves that none was changed, taken out or put in between."""

    def __init__(self, db: Database, clock: Clock, actor: str) -> None:
        """Remember who acts, and by whose clock."""
        self._db = db
        self._clock = clock
        self.actor: Final = actor
        self.trusts_clock = True  # set to False while the clock is in doubt (clock.py)

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock()

    def record(self, code: str, *ids: str) -> None:
        """Append one event to the transaction at hand."""
        self.record_all([(code, *ids)])

    def record_all(self, events: Iterable[Sequence[str]]) -> None:
        """Append events to the transaction at hand, in their order: each a code, then ids."""
        before, at = self.head(), instant_text(self.now())
        seal = before.sha256 if before else FIRST
        rows: list[Row] = []
        for seq, (code, *ids) in enumerate(events, start=before.seq + 1 if before else 1):
            row = {"seq": seq, "at": at, "actor": self.actor, "code": code, "ids": json.dumps(ids)}
            seal = _seal(seal, row)
            rows.append({**row, "sha256": seal})
        self._db.insert_many("event", rows)
        if rows and self.trusts_clock:
            self.note_clock(at)

    def note_clock(self, at: str) -> None:
        """Remember the latest instant that nobody doubted."""
        self._db.change(
            "INSERT INTO setting VALUES ('clock.seen', :at) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            {"at": json.dumps(at)},
        )

    def head(self) -> Event | None:
        """Return the newest event."""
        row = self._db.row("SELECT * FROM event WHERE seq = (SELECT max(seq) FROM event)")
        return _event(row) if row else None

    def at_seq(self, seq: int) -> Event | None:
        """Return the event with this number."""
        row = self._db.row("SELECT * FROM event WHERE seq = :seq", {"seq": seq})
        return _event(row) if row else None

    def list(self, *, after: int = 0, limit: int = -1) -> tuple[Event, ...]:
        """Return events in the order in which they happened; never ordered by time."""
        sql = "SELECT * FROM event WHERE seq > :after ORDER BY seq LIMIT :limit"
        return tuple(map(_event, self._db.rows(sql, {"after": after, "limit": limit})))

    def with_code(self, code: str) -> tuple[Event, ...]:
        """Return the events of one kind, in the order in which they happened."""
        sql = "SELECT * FROM event WHERE code = :code ORDER BY seq"
        return tuple(map(_event, self._db.rows(sql, {"code": code})))

    def has_actor(self, name: str) -> bool:
        """Say whether somebody of this name ever did something here."""
        sql = "SELECT seq FROM event WHERE actor = :name LIMIT 1"
        return self._db.row(sql, {"name": name}) is not None

    def count(self, code: str, *, after: int, until: int | None = None) -> int:
        """Return how many events of one kind came after one event, up to another."""
        sql = """SELECT count(*) AS found FROM event
            WHERE code = :code AND seq > :after AND (:until IS NULL OR seq <= :until)"""
        row = self._db.row(sql, {"code": code, "after": after, "until": until})
        return int(row["found"]) if row else 0

    def verify(self) -> int:
        """Check the whole chain; return its length, or raise where it breaks."""
        seal, seq = FIRST, 0
        sql = "SELECT * FROM event WHERE seq > :after ORDER BY seq LIMIT :limit"
        while rows := self._db.rows(sql, {"after": seq, "limit": _PAGE}):
            for row in rows:
                seal = _seal(seal, row)
                if row["seq"] != seq + 1 or row["sha256"] != seal:
                    raise _broken(seq + 1)
                seq += 1
        return seq


def _seal(before: str, row: Row) -> str:
    told = [row[name] for name in ("seq", "at", "actor", "code", "ids")]
    content = json.dumps([before, *told], separators=(",", ":"))
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def _event(row: Row) -> Event:
    return Event(
        seq=row["seq"],
        at=instant_from(row["at"]),
        actor=row["actor"],
        code=row["code"],
        ids=tuple(json.loads(row["ids"])),
        sha256=row["sha256"],
    )


def _broken(seq: int) -> VaultDamaged:
    return VaultDamaged(
        Text("The history in the locked folder was changed at entry {seq}.", seq=seq),
        known=Text("Entries before it are as they were written."),
        hint=Text("Compare with your last backup: optout vault restore FILE"),
    )

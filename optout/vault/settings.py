"""Small choices that belong to a vault. Never a personal value: these outlive an erasure."""

from __future__ import annotations

import json

from optout.vault.events import History
from optout.vault.open import Database

Value = str | int | bool | None


class Settings:
    """Keeps named choices."""

    def __init__(self, db: Database, history: History) -> None:
        self._db = db
        self._history = history

    def get(self, name: str, default: Value = None) -> Value:
        """Return a choice, or the default."""
        row = self._db.row("SELECT value FROM setting WHERE name = :name", {"name": name})
        value: Value = json.loads(row["value"]) if row else default
        return value

    def set(self, name: str, value: Value) -> None:
        """Keep a choice."""
        with self._db.transaction():
            self._db.change(
                "INSERT INTO setting VALUES (:name, :value) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                {"name": name, "value": json.dumps(value)},
            )
            self._history.record("setting.changed")

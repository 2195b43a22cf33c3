"""Small choices that belong to a vault. Never a personal value: these outlive an erasure."""

from __future__ import annotations

import json
from collections.abc import Mapping

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

    def beginning(self, prefix: str) -> Mapping[str, Value]:
        """Return the choices whose names begin so, by the rest of the name."""
        sql = "SELECT name, value FROM setting WHERE substr(name, 1, :long) = :prefix ORDER BY name"
        rows = self._db.rows(sql, {"long": len(prefix), "prefix": prefix})
        return {row["name"][len(prefix) :]: json.loads(row["value"]) for row in rows}

    def set(self, name: str, value: Value) -> None:
        """Keep a choice. The history names its kind, which is before a colon, and not whose."""
        self.set_together({name: value}, "setting.changed", name.partition(":")[0])

    def set_together(self, choices: Mapping[str, Value], code: str, *ids: str) -> None:
        """Keep several choices, with one line in the history."""
        with self._db.transaction():
            for name, value in choices.items():
                self._db.change(
                    "INSERT INTO setting VALUES (:name, :value) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    {"name": name, "value": json.dumps(value)},
                )
            self._history.record(code, *ids)

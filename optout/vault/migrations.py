"""How the database grows: each step and its record in one transaction, never edited later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.vault.folder import newer
from optout.vault.open import Database, translated, use_sqlcipher_in_sqlite_utils
from optout.vault.schema import FIRST_SCHEMA

if TYPE_CHECKING:  # heavy: loaded only where there is something to migrate
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

STEPS = ("0001 every noun of the first release",)
"""In order. A vault that has others was written by a newer program."""

_SET = "optout"


def pending(db: Database) -> tuple[str, ...]:
    """Return the steps this vault still needs; refuse one from a newer program."""
    done = _done(db)
    unknown = [name for name in done if name not in STEPS]
    if unknown:
        raise newer()
    return tuple(name for name in STEPS if name not in done)


def migrate(db: Database) -> None:
    """Bring the tables up to date; a step that fails leaves no trace."""
    if not pending(db):
        return
    use_sqlcipher_in_sqlite_utils()
    import sqlite_utils  # noqa: PLC0415 - heavy, and must follow the line above

    # No plug-ins: any installed one would be handed our decrypted connection.
    wrapped = sqlite_utils.Database(
        db.connection, execute_plugins=False, recursive_triggers=False, strict=True
    )
    with translated():
        registered().apply(wrapped)


def _done(db: Database) -> list[str]:
    if not db.row("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"):
        return []
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = :of ORDER BY id"
    return [str(row["name"]) for row in db.rows(sql, {"of": _SET})]


def registered() -> Migrations:
    """Return every step, in order."""
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415 - heavy

    migrations = Migrations(_SET)

    @migrations(name=STEPS[0])
    def _first(db: sqlite_utils.Database) -> None:
        for statement in FIRST_SCHEMA:
            db.execute(statement)

    return migrations

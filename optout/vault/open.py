"""Opening an encrypted database: the one importer of sqlcipher3, the one place for its settings.

Every setting is read back and compared, because SQLite accepts unknown ones without a word: the
standard library's `sqlite3` even ignores `PRAGMA key` and writes clear text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self

import sqlcipher3
from sqlcipher3 import dbapi2

from optout.errors import OptoutError, Refused, VaultDamaged, VaultLocked
from optout.model.secret import Secret
from optout.text import Text

Row = dict[str, Any]
Values = Mapping[str, object]

KEY_BYTES: Final = 32
CLEAR_HEADER: Final = b"SQLite format 3\x00"

# setting, what to say, what it must answer afterwards
SETTINGS: Final = (
    ("cipher_log_level", "NONE", "NONE"),
    ("cipher_memory_security", "ON", "1"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("fullfsync", "ON", "1"),
    ("checkpoint_fullfsync", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    # Half a minute: an office's import or a busy computer holds others up for longer than five
    # seconds, and who gives up after a form was sent could only write "we do not know".
    ("busy_timeout", "30000", "30000"),
    ("cache_size", "-32768", "-32768"),  # KiB: with 2 MiB, a large vault is decrypted over and over
)

# Each statement that a rule may refuse keeps its own way back, page by page, in memory that is
# wiped behind it: many rows in one statement cost little more than one row. Of few lengths, because
# SQLite keeps a statement of each length that it has met.
_ROWS_AT_ONCE: Final = (64, 8, 1)


class RuleBroken(Refused):
    """The database refused a row: a rule of the schema forbids it."""

    def __init__(self, rule: str) -> None:
        """Keep the rule's name: it holds names of tables and columns only."""
        super().__init__(
            Text("The locked folder refused this entry ({rule}).", rule=rule),
            known=Text("Nothing was changed."),
        )
        self.rule = rule


class Database:
    """One open database: parameters in, plain rows out, only our own errors."""

    def __init__(self, connection: dbapi2.Connection, path: Path) -> None:
        """Use `open_database`; tests hand over an unencrypted twin to prove an erasure."""
        self.connection: Final = connection
        self.path: Final = path
        self.commits = 0  # of this process: filing is held to at most four
        self._depth = 0

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """Return all rows of a query."""
        with translated():
            cursor = self.connection.execute(sql, values or {})
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def tuples(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows without their columns' names: for thousands of them, in half the time."""
        with translated():
            return list(self.connection.execute(sql))

    def row(self, sql: str, values: Values | None = None) -> Row | None:
        """Return the first row of a query, if there is one."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def changed_elsewhere(self) -> int:
        """Return a number that differs once any other connection has written here."""
        row = self.row("PRAGMA data_version")
        assert row, "SQLite always answers it"
        return int(row["data_version"])

    def change(self, sql: str, values: Values | None = None) -> int:
        """Change something inside a transaction; return how many rows it touched."""
        assert self._depth, "changes belong inside `with db.transaction()`"
        with translated():
            return int(self.connection.execute(sql, values or {}).rowcount)

    def insert(self, table: str, row: Row) -> None:
        """Add one row. Table and columns are ours, never a person's words."""
        self.insert_many(table, [row])

    def insert_many(self, table: str, rows: Iterable[Row]) -> None:
        """Add rows of the same shape inside a transaction."""
        rows = list(rows)
        if not rows:
            return
        assert self._depth, "changes belong inside `with db.transaction()`"
        names = list(rows[0])
        columns = ", ".join(f'"{name}"' for name in names)
        place = f"({', '.join('?' * len(names))})"
        for count in _ROWS_AT_ONCE:
            whole = len(rows) - len(rows) % count
            if not whole:
                continue
            places = ", ".join([place] * count)
            sql = f'INSERT INTO "{table}" ({columns}) VALUES {places}'  # noqa: S608 - our own names
            parts = (rows[at : at + count] for at in range(0, whole, count))
            with translated():
                self.connection.executemany(
                    sql, ([row[name] for row in part for name in names] for part in parts)
                )
            rows = rows[whole:]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside or nothing; one inside another joins it.

        It begins IMMEDIATE: whoever is second waits, then sees what the first one wrote.
        """
        name = f"level{self._depth}"
        self._say("BEGIN IMMEDIATE" if self._depth == 0 else f"SAVEPOINT {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            self._undo(name)
            raise
        self._depth -= 1
        self._keep(name)

    def durably(self) -> AbstractContextManager[None]:
        """Be on the disk when this block ends: never joined to another transaction."""
        assert not self._depth, "what must be durable cannot wait for an outer commit"
        return self.transaction()

    def _keep(self, name: str) -> None:
        if self._depth:
            self._say(f"RELEASE {name}")
            return
        try:
            self._say("COMMIT")
        except OptoutError:
            self._undo(name)
            raise
        self.commits += 1

    def _undo(self, name: str) -> None:
        # SQLite has already rolled back by itself where it must (disk full, damage).
        with suppress(dbapi2.Error):
            if self.connection.in_transaction:
                undo = f"ROLLBACK TO {name}" if self._depth else "ROLLBACK"
                self.connection.execute(undo)

    def _say(self, sql: str) -> None:
        with translated():
            self.connection.execute(sql)

    def maintain(self, sql: str) -> None:
        """Run one maintenance statement outside a transaction."""
        assert not self._depth, "maintenance stands outside transactions"
        with translated():
            self.connection.execute(sql).fetchall()

    def copy_to(self, path: Path) -> None:
        """Write a compact copy under the same key."""
        assert not self._depth, "a copy stands outside transactions"
        with translated():
            self.connection.execute("VACUUM INTO :path", {"path": str(path)})

    def is_sound(self) -> bool:
        """Read every page and check its seal, then the tables and their links."""
        try:
            with translated():
                broken = self.connection.execute("PRAGMA cipher_integrity_check").fetchall()
                said = self.connection.execute("PRAGMA quick_check").fetchall()
                loose = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        except (VaultDamaged, VaultLocked):
            return False
        return not broken and said == [("ok",)] and not loose

    def close(self) -> None:
        """Close; the last one to do so empties the journal."""
        with translated():
            self.connection.close()

    def __enter__(self) -> Self:
        """Use as `with open_database(…) as db:`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def open_database(path: Path, key: Secret[bytes]) -> Database:
    """Open an encrypted database, or refuse: wrong key, clear text, a setting that did not hold."""
    check_encrypted(path)
    with translated():
        connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        with translated():
            _unlock(connection, key)
            for setting, value, expected in SETTINGS:
                _set(connection, setting, value, expected)
    except BaseException:
        connection.close()
        raise
    return Database(connection, path)


def check_encrypted(path: Path) -> None:
    """Refuse a database in clear text: somebody has put another file in place."""
    if path.exists():
        with path.open("rb") as file:
            if file.read(len(CLEAR_HEADER)) == CLEAR_HEADER:
                raise VaultDamaged(
                    Text("The database in the locked folder is not encrypted: it is not ours."),
                    known=Text("Nothing was opened or changed."),
                    hint=Text("Take your last backup: optout vault restore FILE"),
                )


def change_key(path: Path, old: Secret[bytes], new: Secret[bytes]) -> None:
    """Encrypt a whole closed database anew. Only ever used on a copy."""
    with translated():
        connection = dbapi2.connect(str(path), isolation_level=None)
        try:
            _unlock(connection, old)
            connection.execute(f"PRAGMA rekey = {_key_literal(new)}")
        finally:
            connection.close()


def _unlock(connection: dbapi2.Connection, key: Secret[bytes]) -> None:
    connection.execute(f"PRAGMA key = {_key_literal(key)}")
    # Before anything is read: a wrong key would otherwise be reported on the terminal.
    _set(connection, "cipher_log_level", "NONE", "NONE")
    if not answer(connection, "cipher_version") or answer(connection, "cipher_status") != "1":
        _refuse_setting("cipher")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # proves the key


def _key_literal(key: Secret[bytes]) -> str:
    """Write a raw key. It is bytes turned to hex: never a word that a person typed."""
    raw = key.reveal()
    assert len(raw) == KEY_BYTES
    return f"\"x'{raw.hex()}'\""


def _set(connection: dbapi2.Connection, setting: str, value: str, expected: str) -> None:
    connection.execute(f"PRAGMA {setting} = {value}").fetchall()
    if answer(connection, setting) != expected:
        _refuse_setting(setting)


def answer(connection: dbapi2.Connection, setting: str) -> str:
    """Return what the database says about one setting."""
    row = connection.execute(f"PRAGMA {setting}").fetchone()
    return str(row[0]) if row else ""


def _refuse_setting(setting: str) -> NoReturn:
    raise Refused(
        Text("The database does not keep the setting “{setting}”.", setting=setting),
        known=Text("Nothing was opened or changed."),
        hint=Text("Install the program again with its own packages; see: optout doctor"),
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the database's errors into ours: nothing library-shaped escapes."""
    try:
        yield
    except dbapi2.IntegrityError as error:
        raise RuleBroken(str(error)) from None
    except dbapi2.Error as error:
        raise in_words(error) from None


def in_words(error: dbapi2.Error) -> OptoutError:
    """Return what an error of the database means to a person."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for kinds, said, ours in _MEANINGS:
        if name.startswith(kinds) or any(words in str(error) for words in said):
            return ours(name)
    return _unexpected(name)


def _locked(_name: str) -> OptoutError:
    return VaultLocked(
        Text("This key does not open the locked folder, or its first page is damaged."),
        known=Text("Nothing was opened or changed."),
        hint=Text("Try again, or use your recovery code, or: optout vault restore FILE"),
    )


def _full(_name: str) -> OptoutError:
    return Refused(
        Text("The disk is full."),
        known=Text("The last step was not written; everything before it is safe."),
        hint=Text("Free some space, then look: optout status"),
    )


def _read_only(_name: str) -> OptoutError:
    return Refused(
        Text("The locked folder cannot be written to."),
        known=Text("Nothing was changed."),
        hint=Text("Check that the folder is yours and its disk is not read-only."),
    )


def _busy(_name: str) -> OptoutError:
    return Refused(
        Text("Another window of this program is busy with the locked folder."),
        known=Text("Nothing was changed."),
        hint=Text("Wait a moment, then try again."),
    )


def _disk_error(name: str) -> OptoutError:
    return Refused(
        Text("The disk is full, or the disk reported an error ({name}).", name=name),
        known=Text("The last step was not written; everything before it is safe."),
        hint=Text(
            "See what is wrong: optout doctor. With room again, make a copy: optout vault backup "
            "PLACE"
        ),
    )


def _damaged(_name: str) -> OptoutError:
    return damaged()


# error names, or words of the message, and what they mean to a person; first fit wins
_MEANINGS: Final = (
    (("SQLITE_NOTADB",), ("not a database",), _locked),
    (("SQLITE_CORRUPT", "SQLITE_FORMAT", "SQLITE_IOERR_SHORT_READ"), ("malformed",), _damaged),
    (("SQLITE_FULL",), (), _full),
    (("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"), ("readonly",), _read_only),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), (), _busy),
    (("SQLITE_IOERR",), (), _disk_error),
)


def damaged() -> VaultDamaged:
    """Return the error for a file that is not what we wrote."""
    return VaultDamaged(
        Text("The locked folder is damaged, or somebody has changed it."),
        known=Text("Nothing was sent and nothing was changed. No file was deleted."),
        hint=Text("Keep the folder as it is and take your last backup: optout vault restore FILE"),
    )


def _unexpected(name: str) -> OptoutError:
    return Refused(
        Text("The database refused a step ({name}).", name=name or "no name"),
        known=Text("The step was not written; everything before it is safe."),
        hint=Text("Please tell us, with the output of: optout doctor"),
    )


def use_sqlcipher_in_sqlite_utils() -> None:
    """Make sqlite-utils catch sqlcipher3's errors, which are not `sqlite3`'s.

    It prefers a module named pysqlite3 when there is one; so ours takes that name before
    sqlite-utils is first imported.
    """
    if sys.modules.get("pysqlite3") is sqlcipher3:
        return
    assert "sqlite_utils" not in sys.modules, "sqlite_utils was imported before vault/open.py"
    sys.modules["pysqlite3"] = sqlcipher3
    sys.modules["pysqlite3.dbapi2"] = dbapi2


@contextmanager
def known_key() -> Iterator[None]:
    """Call a refused key damage: this key was just proven to be the right one."""
    try:
        yield
    except VaultLocked:
        raise damaged() from None

"""Proves that a database is encrypted, set as written down, and speaks only in our errors."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlcipher3 import dbapi2

from optout.errors import OptoutError, Refused, VaultDamaged, VaultLocked
from optout.model.secret import Secret
from optout.vault import open as opening
from optout.vault.open import Database, RuleBroken, open_database

if TYPE_CHECKING:
    from tests.conftest import World

KEY = Secret(bytes(range(32)))
EXPECTED = {
    "cipher_log_level": "NONE",
    "cipher_memory_security": "1",
    "cipher_status": "1",
    "journal_mode": "wal",
    "synchronous": "2",
    "fullfsync": "1",
    "checkpoint_fullfsync": "1",
    "foreign_keys": "1",
    "secure_delete": "1",
    "temp_store": "2",
    "trusted_schema": "0",
    "cell_size_check": "1",
    "busy_timeout": "30000",
    "cipher_use_hmac": "1",
    "kdf_iter": "256000",
    "cipher_hmac_algorithm": "HMAC_SHA512",
}


@pytest.fixture
def db(tmp_path: Path) -> Database:
    database = open_database(tmp_path / "one.db", KEY)
    with database.transaction():
        database.change("CREATE TABLE t (a TEXT NOT NULL UNIQUE) STRICT")
    return database


@pytest.mark.parametrize("setting", EXPECTED)
def test_every_setting_holds(world: World, setting: str) -> None:
    row = world.vault.db.row(f"PRAGMA {setting}")
    assert row
    assert str(next(iter(row.values()))) == EXPECTED[setting]


@pytest.mark.parametrize("setting", [name for name, _, _ in opening.SETTINGS])
def test_a_setting_that_does_not_hold_refuses_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    really = opening.answer
    monkeypatch.setattr(
        opening, "answer", lambda c, name: "other" if name == setting else really(c, name)
    )
    with pytest.raises(Refused, match=setting):
        open_database(tmp_path / "one.db", KEY)


def test_a_program_without_a_cipher_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "dbapi2", sqlite3)
    with pytest.raises(Refused):
        open_database(tmp_path / "one.db", KEY)


def test_the_file_shows_nothing_and_the_key_shows_all(db: Database, tmp_path: Path) -> None:
    with db.transaction():
        db.insert("t", {"a": "MARKER-IN-CLEAR"})
    assert any(tmp_path.glob("*-wal"))
    for path in tmp_path.iterdir():
        assert b"MARKER" not in path.read_bytes()
        assert not path.read_bytes().startswith(b"SQLite format 3")
    db.close()
    assert open_database(tmp_path / "one.db", KEY).rows("SELECT a FROM t") == [
        {"a": "MARKER-IN-CLEAR"}
    ]


def test_a_wrong_key_opens_nothing(db: Database, tmp_path: Path) -> None:
    db.close()
    with pytest.raises(VaultLocked):
        open_database(tmp_path / "one.db", Secret(bytes(32)))


def test_a_database_in_clear_text_is_refused(tmp_path: Path) -> None:
    clear = sqlite3.connect(tmp_path / "one.db")
    clear.execute("CREATE TABLE t (a)")
    clear.commit()
    clear.close()
    with pytest.raises(VaultDamaged, match="not encrypted"):
        open_database(tmp_path / "one.db", KEY)


def test_one_transaction_inside_another_joins_it(db: Database) -> None:
    with db.transaction():
        db.insert("t", {"a": "outer"})
        with pytest.raises(RuleBroken), db.transaction():
            db.insert_many("t", [{"a": "inner"}, {"a": "outer"}])
        with db.transaction():
            db.insert("t", {"a": "second"})
    assert [row["a"] for row in db.rows("SELECT a FROM t ORDER BY rowid")] == ["outer", "second"]
    assert db.commits == 2


def test_an_interrupted_transaction_leaves_nothing(db: Database) -> None:
    def interrupted() -> None:
        with db.transaction():
            db.insert("t", {"a": "never"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert db.rows("SELECT a FROM t") == []


def test_a_full_disk_keeps_what_was_committed(db: Database) -> None:
    with db.transaction():
        db.insert("t", {"a": "kept"})
    db.maintain("PRAGMA max_page_count = 6")
    with pytest.raises(Refused, match="disk is full"), db.transaction():
        db.insert_many("t", [{"a": f"{n}" * 500} for n in range(200)])
    assert db.rows("SELECT a FROM t") == [{"a": "kept"}]
    assert db.is_sound()


def test_a_database_that_is_busy_says_so(db: Database, tmp_path: Path) -> None:
    other = open_database(tmp_path / "one.db", KEY)
    other.maintain("PRAGMA busy_timeout = 50")
    with db.transaction(), pytest.raises(Refused, match="busy"), other.transaction():
        pass


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "one.db").mkdir()
    with pytest.raises(OptoutError):
        open_database(tmp_path / "one.db" / "none" / "x.db", KEY)


@pytest.mark.parametrize(
    ("kind", "said", "ours"),
    [
        ("SQLITE_READONLY", "attempt to write a readonly database", "cannot be written"),
        ("SQLITE_IOERR_WRITE", "disk I/O error", "disk reported an error"),
        ("SQLITE_CORRUPT", "database disk image is malformed", "damaged"),
        ("SQLITE_NOMEM", "out of memory", "refused a step"),
    ],
)
def test_each_failure_is_told_in_words_and_with_a_way_on(kind: str, said: str, ours: str) -> None:
    error = dbapi2.OperationalError(said)
    error.sqlite_errorname = kind
    told = opening.in_words(error)
    assert ours in str(told)
    assert told.known
    assert told.hint


def test_only_one_file_imports_sqlcipher() -> None:
    package = Path(opening.__file__).parents[1]
    importing = re.compile(r"^\s*(import|from) (sqlcipher3|sqlite3|pysqlite3)", re.MULTILINE)
    found = [path.name for path in package.rglob("*.py") if importing.search(path.read_text())]
    assert found == ["open.py"]


ALIAS = """
    from sqlcipher3 import dbapi2
    {first}
    import sqlite_utils
    db = sqlite_utils.Database(dbapi2.connect(":memory:"), execute_plugins=False)
    db["missing"].drop(ignore=True)
    print("caught")
"""


@pytest.mark.parametrize(
    ("first", "works"),
    [
        (
            "from optout.vault.open import use_sqlcipher_in_sqlite_utils as f; f()",
            True,
        ),
        ("", False),  # control: without the alias, sqlite-utils misses the error
    ],
)
def test_sqlite_utils_catches_sqlciphers_errors(first: str, works: bool) -> None:  # noqa: FBT001 - a case
    code = textwrap.dedent(ALIAS.format(first=first))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip() == "caught") is works, done.stderr


SPY = """
import sqlite_utils, os
@sqlite_utils.hookimpl
def prepare_connection(conn):
    open(os.environ["SPY"], "a").write("called")
"""
MIGRATE = """
    from pathlib import Path; import sys
    from optout.model.secret import Secret
    from optout.vault.open import open_database
    from optout.vault.migrations import migrate
    migrate(open_database(Path(sys.argv[1]), Secret(bytes(32))))
"""
CONTROL = "import sqlite_utils; sqlite_utils.Database(memory=True)"


@pytest.mark.parametrize(("code", "called"), [(MIGRATE, False), (CONTROL, True)])
def test_an_installed_plug_in_never_gets_our_connection(
    tmp_path: Path,
    code: str,
    called: bool,  # noqa: FBT001 - a case
) -> None:
    (tmp_path / "spy.py").write_text(SPY)
    meta = tmp_path / "spy-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: spy\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[sqlite_utils]\nspy = spy\n")
    heard = tmp_path / "heard"
    paths = os.pathsep.join([str(tmp_path), str(Path(opening.__file__).parents[2])])
    environment = os.environ | {"PYTHONPATH": paths, "SPY": str(heard)}
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "x.db")],
        env=environment,
        check=True,
    )
    assert heard.exists() is called

"""Wrong keys and damage: a clear error with the way on, the right exit code, and nothing lost.

Everything is met as the person meets it: the real program in a process of its own, and the locked
folder looked into afterwards.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optout.vault.folder import read_folder
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import Made, opened, told


def change(path: Path, at: int) -> None:
    """Flip some bytes of a file."""
    content = bytearray(path.read_bytes())
    content[at : at + 32] = bytes(byte ^ 0xFF for byte in content[at : at + 32])
    path.write_bytes(content)


def test_a_wrong_passphrase_opens_nothing_and_says_what_else_opens(jordan: Made) -> None:
    ran = jordan.there.run("status", passphrase="another long passphrase")
    told(ran, 1, "does not open the locked folder", "recovery code")
    assert ran.out == ""


def test_without_a_locked_folder_the_way_to_one_is_told(tmp_path: Path) -> None:
    told(CommandLine(tmp_path).run("status"), 1, "There is no locked folder at", "optout init")
    assert not (tmp_path / "locked").exists()


def test_a_file_where_the_folder_should_be_is_not_touched(tmp_path: Path) -> None:
    there = CommandLine(tmp_path)
    there.vault.write_text("mine")
    told(there.run("status"), 1, "There is no locked folder at")
    told(there.run("init", typed="y\n\n"), 1, "already exists", "--vault FOLDER")
    assert there.vault.read_text() == "mine"


def test_a_folder_whose_keys_are_gone_is_not_blamed_on_the_passphrase(
    jordan: Made, tmp_path: Path
) -> None:
    there = jordan.copy(tmp_path)
    slots = read_folder(there.vault).slots
    for path in slots.iterdir():
        path.unlink()
    told(there.run("status"), 1, "No key is left", "optout vault restore FILE")


@pytest.mark.parametrize("at", [100, 4200], ids=["the first page", "a later page"])
def test_a_tampered_database_is_refused_and_kept_as_it_is(
    jordan: Made, tmp_path: Path, at: int
) -> None:
    there = jordan.copy(tmp_path)
    database = read_folder(there.vault).database
    change(database, at)
    before = database.read_bytes()
    told(there.run("vault", "audit"), 1, "damaged", "optout vault restore FILE")
    assert database.read_bytes() == before


def test_a_tampered_key_file_is_named(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    for card in read_folder(there.vault).slots.glob("*.json"):
        change(card, 5)
    told(there.run("status"), 1, "A key file in the locked folder is damaged")


def test_a_folder_from_a_newer_version_is_not_opened(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    with opened(there.vault) as vault, vault.together():
        vault.db.insert(
            "_sqlite_migrations",
            {"migration_set": "optout", "name": "9999 later", "applied_at": "2099-01-01"},
        )
    told(there.run("status"), 1, "a newer version", "Install the newer version")
    card = there.vault / "vault.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "format": 99}))
    told(there.run("status"), 1, "a newer version", "Install the newer version")


def test_a_folder_without_its_first_file_is_not_taken_for_none(
    jordan: Made, tmp_path: Path
) -> None:
    there = jordan.copy(tmp_path)
    (there.vault / "vault.json").unlink()
    told(there.run("status"), 1, "vault.json is missing", "optout vault restore FILE")

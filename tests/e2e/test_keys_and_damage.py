"""Whatever goes wrong: a clear error with the way on, the right exit code, and nothing lost.

Everything is met as the person meets it: the real program in a process of its own, and the locked
folder looked into afterwards.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from optout.model.secret import Secret
from optout.sample.people import JORDAN
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock, unlock_with_key
from optout.vault.vault import Vault
from optout.workflows.keep_person import card_of
from tests.e2e.command_line import PASSPHRASE, CommandLine, Ran

OUR_MISTAKE = "inside the program"
JORDAN_CARD = card_of(JORDAN)
CARD = {"name": {"given": "Jordan", "family": "Sample"}, "state": "CO"}


# ---- the machine and its folder ----


def now() -> datetime:
    return datetime.now(UTC)


KEYS: dict[str, Secret[bytes]] = {}  # of each folder made here: deriving one takes its time


def opened(folder: Path) -> Vault:
    place = read_folder(folder)
    if place.vault_id not in KEYS:
        with unlock(
            folder, clock=now, actor="test", passphrase=lambda: Secret(PASSPHRASE)
        ) as vault:
            KEYS[place.vault_id] = vault.key
    return unlock_with_key(place, KEYS[place.vault_id], clock=now, actor="test")


def kept(folder: Path) -> dict[str, object]:
    """Return all that must not be lost, from a folder whose every page and event is checked."""
    with opened(folder) as vault:
        vault.audit()
        return {
            "people": {str(each.label.reveal()) for each in vault.subjects.list()},
            "messages": {each.reference: each.delivery for each in vault.messages.list()},
            "seen": {each.reference for each in vault.messages.list() if each.seen_by_broker},
            "answers": {each.reference: each.status for each in vault.requests.list()},
            "given": {
                (each.reference, given.field)
                for each in vault.requests.list()
                for given in vault.disclosures.for_request(each.id)
            },
            "files": {each.path.reveal() for each in vault.exports.list()},
        }


def told(ran: Ran, code: int, *words: str) -> None:
    """Check how it ended, that all of it is in words, and that the words are these."""
    assert ran.code == code, ran.said
    said = " ".join(ran.said.split())
    assert "Traceback" not in said
    assert OUR_MISTAKE not in said
    for each in words:
        assert each in said, said


@dataclass(frozen=True)
class Made:
    """A folder that is copied for each test, never used itself."""

    there: CommandLine

    def copy(self, folder: Path, **changes: Any) -> CommandLine:  # noqa: ANN401 - passed on
        shutil.copytree(self.there.vault, folder / "locked")
        (folder / "locked").chmod(0o700)
        return self.there.but(folder=folder, **changes)


def add(there: CommandLine, card: Mapping[str, object]) -> Ran:
    (there.folder / "card.json").write_text(json.dumps(card), "utf-8")
    return there.run("person", "add", "--from", str(there.folder / "card.json"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A locked folder with nobody in it."""
    there = CommandLine(tmp_path_factory.mktemp("empty"))
    told(there.run("init", typed="y\n\n"), 0, "Next: optout person add")
    return Made(there)


@pytest.fixture(scope="module")
def jordan(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With Jordan in it."""
    there = empty.copy(tmp_path_factory.mktemp("jordan"))
    told(add(there, JORDAN_CARD), 0, "Kept in the locked folder: Jordan.")
    return Made(there)


# ---- keys and damage ----


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


# ---- disks ----

AS_ROOT = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
MOUNT = 'mount -t tmpfs -o size="$1" none "$2"'


def can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = [*AS_ROOT, "sh", "-c", MOUNT, "sh", "64k", "/mnt"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


# A program that may write files of so many bytes only: what a full disk does to a growing file.
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execvp(sys.argv[2], sys.argv[2:])
"""
# The folder on a small disk of its own; what is on it afterwards is copied to $3.
SMALL_DISK = f"""
{MOUNT} && cp -a "$3/." "$2/" && chmod 700 "$2" && shift 2 || exit 99
copy=$1; shift; "$@"; code=$?
rm -rf "$copy" && cp -a "$OPTOUT_VAULT" "$copy" && exit $code
"""


def with_limit(there: CommandLine, size: int) -> tuple[CommandLine, Path]:
    return there.but(before=[sys.executable, "-c", LIMITED, str(size)]), there.vault


def with_small_disk(there: CommandLine, size: int) -> tuple[CommandLine, Path]:
    copy = there.folder / "copy"
    shutil.copytree(there.vault, copy)
    used = sum(-(-each.lstat().st_size // 4096) * 4096 for each in there.vault.rglob("*"))
    before = [*AS_ROOT, "sh", "-c", SMALL_DISK, "sh", str(used + size), str(there.vault), str(copy)]
    return there.but(before=before), copy


FULL: dict[str, Callable[[CommandLine, int], tuple[CommandLine, Path]]] = {
    "files may not grow": with_limit,
    **({"a small disk": with_small_disk} if can_mount() else {}),
}


@pytest.mark.parametrize("way", FULL)
def test_without_room_on_the_disk_nothing_is_lost(jordan: Made, tmp_path: Path, way: str) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    full, folder = FULL[way](there, 0)
    told(add(full, {**CARD, "label": "Somebody else"}), 1, "The disk is full")
    assert kept(folder) == before

"""Proves that a changed, cut, exchanged or stolen file is noticed, and that nothing shows in it.

Each zero has its control: the untouched vault opens, and the markers are found with the key.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.errors import OptoutError, Refused, VaultDamaged, VaultLocked
from optout.model.listing import Listing
from optout.model.note import Note
from optout.model.record import EvidenceKind
from optout.model.secret import Secret
from optout.vault.backup import backup
from optout.vault.folder import read_folder
from optout.vault.ids import new_id
from optout.vault.open import open_database
from optout.vault.slots import new_key
from optout.vault.unlock import find_key
from tests.conftest import PASSPHRASE, SetClock, World, reopened

if TYPE_CHECKING:
    from optout.vault.vault import Vault

FLIPS = 500
MARKERS = tuple(f"MARKER{number:02}VALUE" for number in range(40))


@pytest.fixture
def filled(world: World) -> Iterator[World]:
    """A vault with a marker in everything that a person can put into it."""
    left = iter(MARKERS)
    for _ in range(6):
        subject = world.person(next(left))
        listing = Listing(
            id=new_id(),
            subject_id=subject.id,
            broker="example-people-search",  # type: ignore[arg-type] # a slug
            url=Secret(next(left)),
            shown={"name": Secret(next(left))},
        )
        world.vault.listings.add(listing)
        message = world.ready(subject, tracking=next(left))
        with world.begin(message) as attempt:
            attempt.sending()
            attempt.sent(next(left))
        note = Note(id=new_id(), subject_id=subject.id, text=Secret(next(left)), at=world.clock())
        world.vault.notes.add(note)
        world.vault.evidence.store(
            subject.id, EvidenceKind.REPLY, "text/plain", f"{MARKERS[-1]}{MARKERS[-2]}".encode()
        )
    world.vault.settings.set("any", " ".join(left))
    yield world
    world.vault.close()


def opens_whole(world: World) -> bool:
    """Say whether the vault opens, passes its audit, and shows what was in it."""
    vault: Vault | None = None
    try:
        vault = reopened(world.vault.folder, world.key, SetClock())
        vault.audit()
        names = {subject.label.reveal() for subject in vault.subjects.list()}
    except OptoutError:
        return False
    finally:
        if vault is not None:
            vault.close()
    return set(MARKERS) & names != set()


def test_no_marker_shows_in_any_file_of_a_vault(filled: World, tmp_path: Path) -> None:
    backup(filled.vault, tmp_path / "one.backup")
    journal = filled.vault.place.database.with_name("vault.db-wal")
    assert journal.stat().st_size > 0  # control: the journal is among the files searched
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert [marker for marker in MARKERS if marker.encode() in content] == []
    assert b"SQLite format 3" not in content
    told = str([subject.label.reveal() for subject in filled.vault.subjects.list()])
    assert MARKERS[0] in told  # control: with the key they are there


def test_every_single_changed_bit_is_noticed(filled: World) -> None:
    filled.vault.close()
    database = filled.vault.place.database
    clean = database.read_bytes()
    assert opens_whole(filled)  # control
    clean = database.read_bytes()
    chance = random.Random(20261123)
    silent = []
    for _ in range(FLIPS):
        spot, bit = chance.randrange(len(clean)), chance.randrange(8)
        content = bytearray(clean)
        content[spot] ^= 1 << bit
        database.write_bytes(content)
        if _reads_clean(database, filled.key):
            silent.append((spot, bit))
    database.write_bytes(clean)
    assert silent == []
    assert opens_whole(filled)  # control


def _reads_clean(database: Path, key: Secret[bytes]) -> bool:
    """Open as the program does, and read every page as the audit does."""
    try:
        with open_database(database, key) as db:
            return db.is_sound()
    except OptoutError:
        return False


@pytest.mark.parametrize("keep", [0.25, 0.5, 0.9])
def test_a_file_that_was_cut_is_noticed(filled: World, keep: float) -> None:
    filled.vault.close()
    database = filled.vault.place.database
    content = database.read_bytes()
    database.write_bytes(content[: int(len(content) * keep) // 4096 * 4096])
    assert not opens_whole(filled)
    database.write_bytes(content)
    assert opens_whole(filled)


def _in_clear(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE subject (id)")
    connection.commit()
    connection.close()


def _anothers(path: Path) -> None:
    path.unlink()
    open_database(path, new_key()).close()
    with open_database(path.with_name("other.db"), new_key()) as db, db.transaction():
        db.change("CREATE TABLE t (a TEXT) STRICT")
    path.with_name("other.db").replace(path)


EXCHANGES: dict[str, Callable[[Path], object]] = {
    "clear text": _in_clear,
    "another vault's": _anothers,
    "nothing": Path.unlink,
    "an empty file": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(random.Random(1).randbytes(40960)),
}


@pytest.mark.parametrize("what", EXCHANGES)
def test_an_exchanged_database_is_refused_and_never_made_anew(filled: World, what: str) -> None:
    filled.vault.close()
    database = filled.vault.place.database
    EXCHANGES[what](database)
    before = database.read_bytes() if database.exists() else None
    with pytest.raises(VaultDamaged):
        reopened(filled.vault.folder, filled.key, SetClock())
    assert (database.read_bytes() if database.exists() else None) == before


def test_changed_evidence_is_noticed_when_read_and_when_audited(filled: World) -> None:
    (proof, *_) = filled.vault.evidence.list(filled.vault.subjects.list()[0].id)
    filled.vault.close()
    for path in filled.vault.place.evidence.glob("*.db"):
        content = bytearray(path.read_bytes())
        content[4096 + 100] ^= 1
        path.write_bytes(content)
    vault = filled.reopen()
    with pytest.raises(VaultDamaged):
        vault.evidence.read(proof.id)
    with pytest.raises(VaultDamaged):
        vault.audit()


@pytest.mark.parametrize("how", ["deleted", "another person's"])
def test_missing_or_exchanged_evidence_is_noticed(filled: World, how: str) -> None:
    first, second = (filled.vault.evidence.list(s.id)[0] for s in filled.vault.subjects.list()[:2])
    files = [
        filled.vault.place.evidence / row["evidence_file"]
        for row in filled.vault.db.rows("SELECT evidence_file FROM matter ORDER BY rowid LIMIT 2")
    ]
    filled.vault.close()
    if how == "deleted":
        files[0].unlink()
    else:
        shutil.copy(files[1], files[0])
    vault = filled.reopen()
    with pytest.raises(VaultDamaged):
        vault.audit()
    with pytest.raises(VaultDamaged):
        vault.evidence.read(first.id)
    assert vault.evidence.read(second.id)  # control: the other person's is whole


def test_a_slot_that_was_changed_opens_nothing(filled: World) -> None:
    filled.vault.close()
    place = read_folder(filled.vault.folder)
    find_key(place, lambda: PASSPHRASE)  # control
    for path in place.slots.glob("*.db"):
        content = bytearray(path.read_bytes())
        content[5000] ^= 1
        path.write_bytes(content)
    with pytest.raises((VaultLocked, VaultDamaged)):
        find_key(place, lambda: PASSPHRASE)


def test_an_unclean_end_makes_the_next_start_read_every_page(filled: World) -> None:
    """A process that is killed leaves its journal; then nothing is believed unread."""
    source = filled.vault.folder
    copied = source.with_name("killed")
    shutil.copytree(source, copied)  # as a kill would leave it: journal and all
    database = read_folder(copied).database
    assert database.with_name("vault.db-wal").stat().st_size
    reopened(copied, filled.key, SetClock()).close()  # control: whole, it opens
    shutil.rmtree(copied)
    filled.vault.db.maintain("PRAGMA wal_checkpoint(PASSIVE)")
    shutil.copytree(source, copied)
    content = bytearray(database.read_bytes())
    last = len(content) - 2000  # a page that opening alone does not read
    content[last] ^= 1
    database.write_bytes(content)
    journal = database.with_name("vault.db-wal")
    journal.write_bytes(b"\x00" * 32)
    with pytest.raises(VaultDamaged):
        reopened(copied, filled.key, SetClock())


def test_a_vault_json_that_names_another_vault_is_refused(filled: World) -> None:
    filled.vault.close()
    pointer = filled.vault.folder / "vault.json"
    pointer.write_text(pointer.read_text().replace(filled.vault.id, new_id()))
    with pytest.raises(VaultDamaged):
        reopened(filled.vault.folder, filled.key, SetClock())


def test_a_folder_others_can_write_to_is_refused_with_the_repair(filled: World) -> None:
    from optout.vault.unlock import unlock  # noqa: PLC0415 - the public way in, used once

    filled.vault.close()
    filled.vault.folder.chmod(0o777)
    with pytest.raises(Refused, match="chmod 700"):
        unlock(filled.vault.folder, clock=SetClock(), actor="person", passphrase=lambda: PASSPHRASE)

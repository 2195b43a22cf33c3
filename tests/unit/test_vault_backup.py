"""Proves that a backup opens elsewhere with the passphrase alone, and files nothing again."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused, VaultDamaged, VaultLocked
from optout.model.record import EvidenceKind
from optout.model.request import Delivery
from optout.model.secret import Secret
from optout.model.words import By
from optout.rules.lifecycle import ForbiddenStep
from optout.vault import backup_file
from optout.vault.backup import Restored, backup, restore
from optout.vault.ids import new_id
from tests.conftest import PASSPHRASE, SetClock

if TYPE_CHECKING:
    from tests.conftest import World


def restored(file: Path, folder: Path, typed: Secret[str] = PASSPHRASE) -> Restored:
    return restore(file, folder, clock=SetClock(), actor="person", passphrase=lambda: typed)


def test_a_backup_opens_elsewhere_with_the_passphrase_alone(world: World, tmp_path: Path) -> None:
    subject = world.person()
    proof = world.vault.evidence.store(subject.id, EvidenceKind.REPLY, "text/plain", b"proof")
    file = backup(world.vault, tmp_path)
    world.vault.close()
    shutil.rmtree(world.vault.folder)
    there = restored(file, tmp_path / "elsewhere")
    with there.vault as vault:
        assert vault.subjects.list() == (subject,)
        assert vault.evidence.read(proof.id) == b"proof"
        assert vault.audit().events
        assert vault.id == world.vault.id
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_shows_nothing_but_salts(world: World, tmp_path: Path) -> None:
    world.vault.evidence.store(world.person().id, EvidenceKind.REPLY, "text/plain", b"MARKER")
    file = backup(world.vault, tmp_path / "one.backup")
    content = file.read_bytes()
    for marker in (b"MARKER", b"Jordan", b"Sample", b"example.com", b"SQLite format 3"):
        assert marker not in content
    with tarfile.open(file) as tar:
        assert all((m.uid, m.gid, m.mtime, m.uname) == (0, 0, 0, "") for m in tar)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "Jordan" not in file.name


def test_nothing_in_a_restored_copy_is_sent_by_itself(world: World, tmp_path: Path) -> None:
    subject = world.person()
    ids = []
    for number in range(6):
        request = world.request(subject, broker=f"company-{number}")
        message = world.message(subject, request, by=By.POST if number == 4 else By.WEB)
        if number:
            world.vault.messages.set_ready(message.id)
        ids.append(message.id)
    hold = [world.begin(world.vault.messages.get(ids[n])) for n in (2, 3)]
    hold[1].sending()
    world.hand_over(world.vault.messages.get(ids[4]))
    with world.begin(world.vault.messages.get(ids[5])) as attempt:
        attempt.sending()
        attempt.sent()
    world.approve(world.payload(world.vault.messages.get(ids[1])))
    file = backup(world.vault, tmp_path)
    for attempt in hold:  # the original goes on and sends; the copy cannot know
        if attempt.delivery is Delivery.FILLING:
            attempt.sending()
        attempt.sent()
    there = restored(file, tmp_path / "elsewhere")
    assert there.doubted == 5
    with there.vault as vault:
        assert [vault.messages.get(each).delivery for each in ids] == [
            *[Delivery.UNKNOWN] * 5,
            Delivery.SENT,
        ]
        world.vault.close()
        world.vault = vault
        for each in ids:
            with pytest.raises(ForbiddenStep):
                world.begin(vault.messages.get(each))
        vault.outbox.reconcile(ids[0], arrived=False, code="person-says-again")
        with world.begin(vault.messages.get(ids[0])) as attempt:  # control: a person's decision
            attempt.failed("page-changed")


def test_a_backup_is_listed_and_never_overwrites(world: World, tmp_path: Path) -> None:
    subject = world.person()
    first = backup(world.vault, tmp_path)
    world.clock.forward(minutes=1)
    second = backup(world.vault, tmp_path)
    assert first != second
    with pytest.raises(Refused, match="already exists"):
        backup(world.vault, second)
    first.unlink()
    erased = world.vault.subjects.forget(subject.id)
    # One that is not found here may lie on a stick that is not plugged in.
    assert [copy.path.reveal() for copy in erased.backups] == [str(first), str(second)]


def test_a_backup_that_cannot_be_opened_does_not_count(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = backup_file.add_member

    def lossy(tar: tarfile.TarFile, name: str, path: Path) -> None:
        if name.endswith("vault.db"):
            content = bytearray(path.read_bytes())
            content[5000] ^= 1
            path.write_bytes(content)
        add(tar, name, path)

    monkeypatch.setattr(backup_file, "add_member", lossy)
    with pytest.raises(VaultDamaged):
        backup(world.vault, tmp_path / "one.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]
    assert list(world.vault.place.backups.iterdir()) == []


def test_a_disk_that_is_full_leaves_no_half_a_backup(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_file, "add_member", full)
    with pytest.raises(Refused, match="No space left"):
        backup(world.vault, tmp_path / "one.backup")
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_restoring_never_overwrites(world: World, tmp_path: Path) -> None:
    file = backup(world.vault, tmp_path)
    for there in (world.vault.folder, tmp_path):
        with pytest.raises(Refused):
            restored(file, there)
    assert world.reopen().audit()


def test_restoring_asks_for_the_passphrase_that_was_valid_then(
    world: World, tmp_path: Path
) -> None:
    file = backup(world.vault, tmp_path)
    with pytest.raises(VaultLocked):
        restored(file, tmp_path / "elsewhere", Secret("another passphrase"))
    assert not (tmp_path / "elsewhere").exists()


def member(name: str, content: bytes = b"x", **changes: object) -> tuple[tarfile.TarInfo, bytes]:
    found = tarfile.TarInfo(name)
    found.size = len(content)
    for trait, value in changes.items():
        setattr(found, trait, value)
    return found, content


def packed(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for found, content in members:
            tar.addfile(found, io.BytesIO(content))
    return path


EVIL = {
    "outside": member("../outside"),
    "absolute": member("/tmp/outside"),
    "link": member("vault.json", type=tarfile.SYMTYPE, linkname="/etc/passwd", size=0),
    "device": member("vault.json", type=tarfile.CHRTYPE, size=0),
    "folder": member("key-00000000", type=tarfile.DIRTYPE, size=0),
    "another name": member("key-00000000/slots/run.sh"),
    "only this": member("key-00000000/vault.db"),
}


@pytest.mark.parametrize("name", EVIL)
def test_a_file_that_is_no_backup_is_refused_and_writes_nothing(tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / "evil.tar", EVIL[name])
    with pytest.raises(Refused):
        restored(file, tmp_path / "there" / "vault")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["evil.tar"]


COPIES: dict[str, Callable[[World, Path], Path]] = {
    "the database": lambda world, to: Path(shutil.copy(world.vault.place.database, to / "copy")),
    "the folder": lambda world, to: Path(shutil.copytree(world.vault.folder, to / "copy")),
    "a tar of the folder": lambda world, to: Path(
        shutil.make_archive(str(to / "copy"), "tar", world.vault.folder)
    ),
    "nothing": lambda _world, to: to / "missing",
    "half a backup": lambda world, to: cut(backup(world.vault, to)),
}


def cut(file: Path) -> Path:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    return file


@pytest.mark.parametrize("what", COPIES)
def test_a_plain_copy_of_an_open_vault_is_refused(world: World, tmp_path: Path, what: str) -> None:
    world.person()  # still in the journal
    (tmp_path / "copies").mkdir()
    copy = COPIES[what](world, tmp_path / "copies")
    with pytest.raises(Refused, match="backup"):
        restored(copy, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_changed_backup_is_refused(world: World, tmp_path: Path) -> None:
    world.vault.evidence.store(world.person().id, EvidenceKind.REPLY, "text/plain", b"x" * 9000)
    file = backup(world.vault, tmp_path)
    with tarfile.open(file) as tar:
        spots = [m.offset_data + m.size // 2 for m in tar if "/slots/" not in m.name]
    clean = file.read_bytes()
    for spot in spots:
        content = bytearray(clean)
        content[spot] ^= 1
        file.write_bytes(content)
        with pytest.raises((VaultDamaged, VaultLocked)):
            restored(file, tmp_path / new_id())
    file.write_bytes(clean)
    restored(file, tmp_path / "whole").vault.close()

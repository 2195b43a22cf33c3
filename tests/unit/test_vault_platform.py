"""Proves that a vault's files are ours alone, on this machine's own disk, and locked while used."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused, VaultDamaged
from optout.model.record import EvidenceKind
from optout.vault import platform
from optout.vault.backup import backup
from optout.vault.create import create_vault
from optout.vault.destroy import destroy
from optout.vault.folder import NoVault, read_folder
from optout.vault.locks import FileLock
from tests.conftest import PASSPHRASE, SetClock

if TYPE_CHECKING:
    from tests.conftest import World

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:25 / /home/sample/office\\040share rw - cifs //server/office rw
31 22 0:26 / /home/sample/nfs rw - nfs4 server:/home rw
32 31 254:1 / /home/sample/nfs/disk rw - xfs /dev/vdb rw
33 22 0:27 / /home/sample/cloud rw - fuse.rclone remote: rw
34 22 0:28 / /home/sample/locked rw - fuse.gocryptfs /x rw
"""


def modes(folder: Path) -> set[tuple[bool, int]]:
    found = [folder, *folder.rglob("*")]
    return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in found}


OURS = {(True, 0o700), (False, 0o600)}


def test_files_are_readable_by_nobody_else_after_every_step(world: World, tmp_path: Path) -> None:
    folder = world.vault.folder
    assert modes(folder) == OURS
    subject = world.person()
    world.vault.evidence.store(subject.id, EvidenceKind.REPLY, "text/plain", b"x")
    with world.begin(world.ready(subject)) as attempt:
        assert modes(folder) == OURS
        attempt.failed("page-changed")
    copy = backup(world.vault, tmp_path / "one.backup")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    world.vault.subjects.forget(subject.id)
    assert modes(folder) == OURS
    world.vault.close()
    assert modes(folder) == OURS


def test_what_others_could_read_is_closed_at_the_next_start(
    world: World,
) -> None:
    world.vault.close()
    (world.vault.folder / "locks").chmod(0o755)
    world.vault.place.database.chmod(0o644)
    platform.tighten(world.vault.folder)
    assert modes(world.vault.folder) == OURS


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(Refused, match="chmod 700"):
        platform.check_private(tmp_path)
    tmp_path.chmod(0o700)
    platform.check_private(tmp_path)


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/home/sample", "ext4", False),
        ("/home/sample/office share/vault", "cifs", True),
        ("/home/sample/nfs/vault", "nfs4", True),
        ("/home/sample/nfs/disk/vault", "xfs", False),
        ("/home/sample/nfsother", "ext4", False),
        ("/home/sample/cloud/vault", "fuse.rclone", True),
        ("/home/sample/locked/vault", "fuse.gocryptfs", False),
    ],
)
def test_network_drives_are_told_from_own_disks(
    path: str,
    kind: str,
    network: bool,  # noqa: FBT001 - a case
) -> None:
    assert platform.kind_of(Path(path), MOUNTS) == kind
    assert platform.is_network(kind) is network


def test_a_network_drive_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.check_local(tmp_path)  # control
    monkeypatch.setattr(platform, "file_system", lambda _folder: "nfs4")
    with pytest.raises(Refused, match="network drive"):
        create_vault(
            tmp_path / "v", clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False
        )
    assert list(tmp_path.iterdir()) == []


HARDENED = """
    import ctypes, os, resource
    from optout.vault.platform import keep_private
    keep_private()
    print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
          oct(os.umask(0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_the_process_leaves_no_core_and_opens_no_files_to_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HARDENED)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "(0, 0) 0 0o77"


def test_free_space_is_asked_before_it_is_needed(tmp_path: Path) -> None:
    platform.check_free_space(tmp_path, 1)
    with pytest.raises(Refused, match="nearly full"):
        platform.check_free_space(tmp_path, 1 << 60)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "one"
    for content in (b"first", b"second"):
        platform.write_durably(file, content)
        assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_locks_are_shared_or_alone(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")
    assert one.take(shared=True)
    assert two.take(shared=True)
    one.release()
    assert two.take()
    assert not one.take(shared=True)
    assert not one.take(seconds=0.05)
    two.release()
    with one:
        assert one.take()
    assert two.take()
    two.release()


def test_asking_for_more_gives_the_lock_back_first(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")
    assert one.take(shared=True)
    assert two.take(shared=True)
    assert not one.take(seconds=0.05)  # refused, and the shared lock is gone with it
    assert two.take()
    two.release()


HOLDER = """
    import sys, time
    from pathlib import Path
    from optout.vault.locks import FileLock
    lock = FileLock(Path(sys.argv[1]))
    assert lock.take()
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_ends_with_its_process_however_that_ended(tmp_path: Path) -> None:
    path = tmp_path / "l"
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == "held"
        lock = FileLock(path)
        assert not lock.take()  # control
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert lock.take(seconds=5)
        lock.release()


def test_a_lock_on_a_file_that_was_swept_away_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "l"
    really = os.open

    def swept(file: Path, *how: int) -> int:
        descriptor = really(file, *how)
        path.unlink()
        return descriptor

    monkeypatch.setattr("optout.vault.locks.os.open", swept)
    assert not FileLock(path).take()


def test_a_folder_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be used"):
        FileLock(tmp_path / "none" / "l").take()


def test_destroying_takes_the_keys_first_and_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = world.vault.folder
    with pytest.raises(Refused, match="Another window"):
        destroy(folder)
    world.vault.close()
    order: list[str] = []
    really = platform.delete_tree

    def watched(path: Path) -> None:
        order.append(path.name)
        really(path)

    monkeypatch.setattr("optout.vault.destroy.delete_tree", watched)
    destroy(folder)
    assert order == ["slots", "vault"]
    assert not folder.exists()
    with pytest.raises(NoVault):
        destroy(folder)


def test_a_folder_in_which_a_file_is_held_is_not_destroyed(world: World) -> None:
    folder, subject = world.vault.folder, world.person()
    note = world.vault.place.hold
    assert not note.exists(), "the control"
    world.vault.matters.hold(subject.id, held=True)
    assert note.exists(), "at once: a process that is killed closes no folder"
    world.vault.close()
    assert subject.label.reveal() not in note.read_text()
    note.unlink()
    world.reopen()
    world.vault.close()  # whoever opens the folder leaves word again
    with pytest.raises(Refused, match="may be erased"):
        destroy(folder)
    assert folder.exists()
    world.reopen()
    world.vault.matters.hold(subject.id, held=False)
    assert not note.exists()
    world.vault.close()
    assert not note.exists()
    destroy(folder)
    assert not folder.exists(), "the control"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"not json",
        b"\xff",
        b'{"format": 1, "id": "00000000000000000000000000000000", "generation": "../../etc"}',
    ],
)
def test_a_pointer_that_is_not_ours_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vault.json").write_bytes(content)
    with pytest.raises(VaultDamaged):
        read_folder(tmp_path)


def test_a_pointer_of_a_newer_program_says_so(tmp_path: Path) -> None:
    (tmp_path / "vault.json").write_text('{"format": 9, "id": "", "generation": ""}')
    with pytest.raises(Refused, match="newer version"):
        read_folder(tmp_path)

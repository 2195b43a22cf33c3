"""One backup file: what goes into it, and what may come out of it.

A tar of encrypted files. In clear are random names, sizes, and the salts of the slots: no owner,
no machine, no time.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from optout.errors import Refused
from optout.model.secret import Secret
from optout.text import Text
from optout.vault.folder import POINTER, VaultFolder, read_folder
from optout.vault.open import Database, damaged, known_key, open_database
from optout.vault.platform import check_free_space, delete_tree, sync_file, sync_folder

_MEMBER: Final = re.compile(
    r"vault\.json|key-[0-9a-f]{8}/(vault\.db|(slots|evidence)/[0-9a-f]{32}\.(db|json))"
)
_MOST_MEMBERS: Final = 100_000


def copy_before_change(place: VaultFolder, db: Database, key: Secret[bytes]) -> Path:
    """Write a backup into the vault's own folder, before its tables change."""
    path = place.backups / f"before-{secrets.token_hex(4)}.backup"
    write_backup(place, db, key, path)
    return path


def write_backup(place: VaultFolder, db: Database, key: Secret[bytes], path: Path) -> None:
    """Write one backup file, open it, and only then give it its name."""
    if path.exists():
        raise Refused(
            Text("{file} already exists.", file=path),
            known=Text("It was not touched, and no backup was made."),
            hint=Text("Name a new file: optout vault backup FILE"),
        )
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        check_free_space(existing_part(path.parent), 3 * size_of(place.base))
        with _scratch(place) as scratch:
            _pack(place, db, key, scratch, unfinished)
            _check_opens(unfinished, place, key, scratch)
        sync_file(unfinished)
        unfinished.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Refused(
            Text("The backup could not be written ({why}).", why=error.strerror or ""),
            known=Text("Your locked folder is unchanged, and there is no half a backup."),
            hint=Text("Name another place: optout vault backup PLACE"),
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _pack(
    place: VaultFolder, db: Database, key: Secret[bytes], scratch: Path, unfinished: Path
) -> None:
    """Copy the database first, then its proof: a proof is always older than its card."""
    copy = scratch / "vault.db"
    db.copy_to(copy)
    with tarfile.open(unfinished, "x", format=tarfile.USTAR_FORMAT) as tar:
        add_member(tar, POINTER, place.path / POINTER)
        add_member(tar, f"{place.generation}/vault.db", copy)
        for name in _slots(place):
            add_member(tar, f"{place.generation}/slots/{name}", place.slots / name)
        for name, proof in _copied_proof(place, copy, key, scratch):
            add_member(tar, f"{place.generation}/evidence/{name}", proof)


def _copied_proof(
    place: VaultFolder, copy: Path, key: Secret[bytes], scratch: Path
) -> Iterator[tuple[str, Path]]:
    """Copy each matter's proof, one at a time: they can be large."""
    for name, proof_key in _proofs(copy, key).items():
        if (place.evidence / name).exists():
            with known_key(), open_database(place.evidence / name, proof_key) as file:
                file.copy_to(scratch / name)
            yield name, scratch / name
            (scratch / name).unlink()


def _proofs(database: Path, key: Secret[bytes]) -> dict[str, Secret[bytes]]:
    """Return the name and key of every matter's file."""
    with known_key(), open_database(database, key) as db:
        rows = db.rows("SELECT evidence_file, evidence_key FROM matter")
    return {row["evidence_file"]: Secret(bytes.fromhex(row["evidence_key"])) for row in rows}


def add_member(tar: tarfile.TarFile, name: str, path: Path) -> None:
    """Add a file under a neutral name: no owner, no machine, no time."""
    member = tarfile.TarInfo(name)
    member.size = path.stat().st_size
    member.mode = 0o600
    with path.open("rb") as content:
        tar.addfile(member, content)


def _check_opens(file: Path, live: VaultFolder, key: Secret[bytes], scratch: Path) -> None:
    """Open the backup as a restore would: read every page, and compare every slot."""
    place = unpack(file, scratch / "check")
    keys = {place.database: key} | {
        place.evidence / name: proof_key for name, proof_key in _proofs(place.database, key).items()
    }
    if not all(_is_sound(path, keys[path]) for path in keys if path.exists()):
        raise damaged()
    if _slots(place) != _slots(live):
        raise damaged()


def _slots(place: VaultFolder) -> dict[str, bytes]:
    """Return the slots' own files; what SQLite keeps beside an open one is not among them."""
    return {
        path.name: path.read_bytes()
        for path in sorted(place.slots.glob("*.*"))
        if path.suffix in {".db", ".json"}
    }


def _is_sound(path: Path, key: Secret[bytes]) -> bool:
    with known_key(), open_database(path, key) as db:
        return db.is_sound()


def unpack(file: Path, into: Path) -> VaultFolder:
    """Unpack a backup, taking only what a backup can hold."""
    if not file.is_file():
        raise _not_a_backup(file)
    into.mkdir(mode=0o700)
    try:
        with tarfile.open(file, "r:") as tar:
            _unpack_members(tar, file, into)
    except (tarfile.TarError, EOFError):
        raise _not_a_backup(file) from None
    if not (into / POINTER).is_file():
        raise _not_a_backup(file)
    place = read_folder(into)
    if not place.database.is_file():
        raise _not_a_backup(file)
    place.make()
    return place


def _unpack_members(tar: tarfile.TarFile, file: Path, into: Path) -> None:
    for count, member in enumerate(tar):
        if count > _MOST_MEMBERS or not member.isreg() or not _MEMBER.fullmatch(member.name):
            raise _not_a_backup(file)
        content = tar.extractfile(member)
        if content is None or (into / member.name).exists():
            raise _not_a_backup(file)
        if _copy(content, into / member.name) != member.size:
            raise _not_a_backup(file)


def _copy(content: IO[bytes], target: Path) -> int:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as out:
        shutil.copyfileobj(content, out)
        return out.tell()


def _not_a_backup(file: Path) -> Refused:
    return Refused(
        Text("{file} is not a whole backup made by this program.", file=file.name),
        known=Text("Nothing was changed. A plain copy of an open folder is not a backup."),
        hint=Text("Make backups with: optout vault backup"),
    )


@contextmanager
def _scratch(place: VaultFolder) -> Iterator[Path]:
    """Give a folder for encrypted copies, inside the vault's own."""
    folder = place.backups / f".work-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        delete_tree(folder)


def existing_part(folder: Path) -> Path:
    """Return the nearest folder above that exists: its disk is the one to ask."""
    while not folder.exists():
        folder = folder.parent
    return folder


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size if path.exists() else 0

"""Backups: one file with the database, its proof, and the slots that open it.

Everything in it is encrypted but random names, sizes, and the salts of the slots. A backup counts
only once it was opened and read. Restoring doubts everything that had not been sent: it may have
been sent after the copy was made, and nothing is ever sent twice.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from optout.model.ports import Clock
from optout.model.request import Delivery
from optout.model.secret import Secret
from optout.vault.backup_file import existing_part, size_of, unpack, write_backup
from optout.vault.create import cannot_write, check_place, move_into_place
from optout.vault.folder import VaultFolder
from optout.vault.ids import new_id
from optout.vault.moments import instant_text
from optout.vault.platform import check_free_space, delete_tree, keep_private
from optout.vault.unlock import AskPassphrase, find_key, unlock_with_key
from optout.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A vault made from a backup, open, and how many messages are now in doubt."""

    vault: Vault
    doubted: int


def backup(vault: Vault, to: Path) -> Path:
    """Write a backup to a new file, or into a folder; return the file once it was opened."""
    path = to / _file_name(vault) if to.is_dir() else to
    write_backup(vault.place, vault.db, vault.key, path)
    _list(vault, path)
    return path


def restore(
    file: Path,
    folder: Path,
    *,
    clock: Clock,
    actor: str,
    passphrase: AskPassphrase | None,
    tries: int = 1,
) -> Restored:
    """Make a locked folder from a backup, where there is none; doubt all that was not sent."""
    keep_private()
    check_place(folder)
    check_free_space(existing_part(folder), 2 * size_of(file))
    beside = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    try:
        place = unpack(file, beside)
        key = find_key(place, passphrase, tries)
        doubted = _doubt_all(place, key, file, clock=clock, actor=actor)
        move_into_place(beside, folder)
    except BaseException as error:
        delete_tree(beside)
        if isinstance(error, OSError):
            raise cannot_write(folder, error) from None
        raise
    there = replace(place, path=folder)
    return Restored(vault=unlock_with_key(there, key, clock=clock, actor=actor), doubted=doubted)


def _file_name(vault: Vault) -> str:
    """Return a name that says neither person nor purpose."""
    return f"copy-{vault.events.now():%Y%m%d-%H%M%S}.backup"


def _list(vault: Vault, path: Path) -> None:
    """Remember where a backup lies: an erasure must tell about it."""
    row = {
        "id": new_id(),
        "path": str(path.resolve()),
        "sha256": _sha256(path),
        "at": instant_text(vault.events.now()),
    }
    with vault.together():
        vault.db.insert("backup", row)
        vault.events.record("backup.made", row["id"])


def _doubt_all(
    place: VaultFolder, key: Secret[bytes], file: Path, *, clock: Clock, actor: str
) -> int:
    """Check the copy and doubt what was not sent, before it gets its name."""
    with unlock_with_key(place, key, clock=clock, actor=actor) as vault:
        vault.audit()
        _list(vault, file)
        vault.outbox.unsettle()
        return vault.messages.tally().get(Delivery.UNKNOWN, 0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

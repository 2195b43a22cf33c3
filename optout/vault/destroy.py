"""Destroying a vault: the keys first, so that whatever else remains can never be read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from optout.errors import Refused
from optout.text import Text
from optout.vault import keyring_slot
from optout.vault.folder import LOCK, POINTER, busy, read_folder
from optout.vault.locks import FileLock
from optout.vault.platform import delete_tree, sync_folder


def check_not_held(folder: Path) -> None:
    """Refuse to destroy a folder in which a lawyer holds somebody's file; no passphrase needed."""
    if read_folder(folder).hold.exists():
        raise Refused(
            Text("A lawyer said that nothing of a client in here may be erased."),
            known=Text("Nothing was deleted."),
            hint=Text("See whose file is held, and ask your lawyer: optout clinic hold"),
        )


def destroy(folder: Path) -> None:
    """Delete a locked folder for good. Backups elsewhere and exported files are not touched.

    Needs no passphrase: whoever can delete the files can do this too. Not while a hold is on it.
    """
    check_not_held(folder)
    place = read_folder(folder)
    lock = FileLock(place.locks / LOCK)
    if not lock.take():
        raise busy()
    with lock:
        with suppress(keyring_slot.KeyringKeeps):  # a key without the files it opens is harmless
            keyring_slot.forget_keys(place.vault_id)
        delete_tree(place.slots)
        sync_folder(place.base)
        (folder / POINTER).unlink()
    delete_tree(folder)

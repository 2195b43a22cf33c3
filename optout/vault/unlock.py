"""Unlocking: find the key, open, check, mend what a crash left; then hand out the vault."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from optout.errors import VaultDamaged, VaultLocked
from optout.model.ports import Clock
from optout.model.secret import Secret
from optout.text import Text
from optout.vault import keyring_slot
from optout.vault.backup_file import copy_before_change
from optout.vault.folder import LOCK, VaultFolder, busy, read_folder
from optout.vault.kept_key import KeptKey, WayIn
from optout.vault.locks import FileLock
from optout.vault.migrations import STEPS, migrate, pending
from optout.vault.open import Database, damaged, known_key, open_database
from optout.vault.platform import (
    cannot_be_used,
    check_local,
    check_private,
    delete_tree,
    keep_private,
    tighten,
)
from optout.vault.recovery import read_recovery_code
from optout.vault.slots import SlotKind, slot_ids, try_slot
from optout.vault.vault import Vault
from optout.vault.witness import read_witness, was_rolled_back

AskPassphrase = Callable[[], Secret[str]]

_WAIT: Final = 5.0  # for another window's maintenance


def unlock(
    folder: Path,
    *,
    clock: Clock,
    actor: str,
    passphrase: AskPassphrase | None,
    tries: int = 1,
    kept: KeptKey | None = None,
) -> Vault:
    """Open a vault with the system's key store, else with a passphrase or the recovery code.

    `passphrase` is asked again after a wrong answer, `tries` times in all; not at all where the
    key is `kept` from an earlier command, and otherwise it is kept there for the next.

    What a crash left is settled (`vault.recovered`); an older copy put in place is doubted
    (`vault.rolled_back`); a clock that jumped is told by `vault.clock_doubt()`.
    """
    keep_private()
    try:
        place = read_folder(folder)
        _check_place(place)
        way_in = kept.way_in(place) if kept else None
        slot_id, key = way_in or find_way_in(place, passphrase, tries)
        vault = unlock_with_key(place, key, clock=clock, actor=actor, slot_id=slot_id)
    except OSError as error:
        raise cannot_be_used(error) from None
    if kept:
        kept.keep(place, (slot_id, key))
    return vault


def find_key(place: VaultFolder, passphrase: AskPassphrase | None, tries: int = 1) -> Secret[bytes]:
    """Return the data key, or raise without saying which part of a guess was right."""
    return find_way_in(place, passphrase, tries)[1]


def find_way_in(place: VaultFolder, passphrase: AskPassphrase | None, tries: int = 1) -> WayIn:
    """Return the data key with the slot that gave it, or raise as `find_key` does."""
    for key in keyring_slot.kept_keys(place.vault_id) if uses_keyring(place) else ():
        if opens(place, key):
            return "", key
    if not any(slot_ids(place.slots, kind) for kind in (SlotKind.PASSPHRASE, SlotKind.RECOVERY)):
        raise VaultDamaged(
            Text("No key is left in the locked folder: no passphrase can open it."),
            known=Text("Nothing was opened or changed."),
            hint=Text("Take your last backup: optout vault restore FILE"),
        )
    if passphrase is None:
        raise VaultLocked(
            Text("The locked folder needs its passphrase."),
            known=Text("Nothing was opened."),
            hint=Text("Run the command in a terminal, or pass it with --passphrase-fd"),
        )
    for _try in range(tries):
        found = way_in_for(place, passphrase())
        if found is not None:
            return found
    raise VaultLocked(
        Text("This passphrase does not open the locked folder."),
        known=Text("Nothing was opened or changed."),
        hint=Text("Try again, or type your recovery code instead."),
    )


def key_for(place: VaultFolder, typed: Secret[str]) -> Secret[bytes] | None:
    """Return the data key if this passphrase or recovery code opens a slot."""
    found = way_in_for(place, typed)
    return found[1] if found else None


def way_in_for(place: VaultFolder, typed: Secret[str]) -> WayIn | None:
    """Return the slot that this passphrase or recovery code opens, and the data key in it."""
    code = read_recovery_code(typed)
    tries = [(slot, typed) for slot in slot_ids(place.slots, SlotKind.PASSPHRASE)]
    if code is not None:
        tries = [(slot, code) for slot in slot_ids(place.slots, SlotKind.RECOVERY)] + tries
    for slot, secret in tries:
        key = try_slot(place.slots, slot, secret)
        if key is not None:
            return slot, key
    return None


def opens(place: VaultFolder, key: Secret[bytes]) -> bool:
    """Say whether a key is the one of this generation."""
    try:
        open_database(place.database, key).close()
    except VaultLocked:
        return False
    return True


def unlock_with_key(
    place: VaultFolder, key: Secret[bytes], *, clock: Clock, actor: str, slot_id: str = ""
) -> Vault:
    """Open a vault whose key was just proven; whose passphrase it was is who acts."""
    lock = FileLock(place.locks / LOCK)
    is_alone = lock.take()
    if not is_alone and not lock.take(shared=True, seconds=_WAIT):
        raise busy()
    try:
        _check_same(place)
        db = _open(place, key, is_alone=is_alone)
        try:
            _bring_up_to_date(place, db, key, is_alone=is_alone)
            _check_id(place, db)
            whose = _whose(db, slot_id)
            vault = Vault(
                *(place, db, key),
                clock=clock,
                actor=whose or actor,
                is_somebodys=bool(whose) or not slot_id,  # just made: whoever made it
                lock=lock,
            )
            _settle(vault, is_alone=is_alone)
            _let_others_in(place, lock)
        except BaseException:
            db.close()
            raise
    except BaseException:
        lock.release()
        raise
    return vault


def _whose(db: Database, slot_id: str) -> str:
    """Return the name on a slot: in an office each of the staff has their own."""
    row = db.row("SELECT label FROM slot WHERE id = :id", {"id": slot_id})
    return str(row["label"]) if row else ""


def _let_others_in(place: VaultFolder, lock: FileLock) -> None:
    """Share the lock from here on; in between, another window may have changed the key."""
    if not lock.take(shared=True, seconds=_WAIT):
        raise busy()
    _check_same(place)


def _open(place: VaultFolder, key: Secret[bytes], *, is_alone: bool) -> Database:
    """Open the database; after a crash, read every page before believing any."""
    journal = place.database.with_name(f"{place.database.name}-wal")
    if not place.database.exists() or place.database.stat().st_size == 0:
        raise damaged()  # and never made anew: what was filed would be forgotten
    was_left_open = is_alone and journal.exists() and journal.stat().st_size > 0
    with known_key():
        db = open_database(place.database, key)
    if was_left_open and not db.is_sound():
        db.close()
        raise damaged()
    return db


def _bring_up_to_date(
    place: VaultFolder, db: Database, key: Secret[bytes], *, is_alone: bool
) -> None:
    missing = pending(db)
    if not missing:
        return
    if missing == STEPS:
        raise damaged()  # a vault has at least its first step
    if not is_alone:
        raise busy()
    copy_before_change(place, db, key)
    migrate(db)


def _check_id(place: VaultFolder, db: Database) -> None:
    """Refuse a vault.json that names another vault: it is in clear, the database is not."""
    row = db.row("SELECT value FROM setting WHERE name = 'vault.id'")
    if row is None or json.loads(row["value"]) != place.vault_id:
        raise damaged()


def _settle(vault: Vault, *, is_alone: bool) -> None:
    """Doubt an older copy, then settle what a crash left."""
    place = vault.place
    noted = (read_witness(place.witness), vault.keys.kept_witness())
    if any(was_rolled_back(vault.events, witness) for witness in noted):
        vault.rolled_back = True
        vault.outbox.unsettle()
    vault.recovered = vault.outbox.recover()
    vault.cut_off = vault.searches.recover()
    if is_alone:
        vault.evidence.sweep()
        _sweep_generations(place)


def _sweep_generations(place: VaultFolder) -> None:
    """Delete what a change of key that was cut short left beside the one that counts."""
    for path in place.path.glob("key-*"):
        if path.name != place.generation:
            delete_tree(path)


def uses_keyring(place: VaultFolder) -> bool:
    """Ask the key store only where a slot says so: looking can prompt, and takes time."""
    return bool(slot_ids(place.slots, SlotKind.KEYRING))


def _check_place(place: VaultFolder) -> None:
    check_local(place.path)
    check_private(place.path)
    tighten(place.path)


def _check_same(place: VaultFolder) -> None:
    """Refuse if another window changed the key while we were waiting."""
    try:
        now = read_folder(place.path)
    except VaultDamaged:
        raise busy() from None
    if now != place:
        raise busy()

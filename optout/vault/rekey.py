"""A new key: everything is encrypted anew in a generation beside the old one, then swapped.

Killed at any point, the vault opens with the same passphrases: before the swap under the old
key, after it under the new one. Whoever copied the old files keeps what was in them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import Refused
from optout.model.secret import Secret
from optout.text import Text
from optout.vault import keyring_slot
from optout.vault.events import History
from optout.vault.folder import VaultFolder, new_generation, read_folder
from optout.vault.ids import new_id
from optout.vault.keys import Rotated, Slot, add_slot_row
from optout.vault.open import change_key, known_key, open_database
from optout.vault.platform import check_free_space, delete_tree, sync_file, sync_folder
from optout.vault.recovery import new_recovery_code, read_recovery_code
from optout.vault.slots import SlotKind, new_key, try_slot, write_keyring_card, write_slot

if TYPE_CHECKING:  # vault.py imports this module: only the type is needed here
    from optout.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """The generation to come."""

    place: VaultFolder
    key: Secret[bytes]
    staying: tuple[_Opening, ...]
    dropped: tuple[Slot, ...]
    code: Secret[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """One slot that stays, and what opens it."""

    slot: Slot
    secret: Secret[str]


def rotate(vault: Vault, passphrases: Collection[Secret[str]]) -> Rotated:
    """Change the key; only the passphrases given here, and the key store, open it afterwards."""
    with vault.alone():
        staying = _staying(vault, passphrases)
        dropped = _check_way_in(vault, staying)
        check_free_space(vault.folder, 2 * _size(vault.place.base))
        coming = _Next(
            place=replace(vault.place, generation=new_generation()),
            key=new_key(),
            staying=staying,
            dropped=dropped,
            code=None if _keeps_code(staying) else new_recovery_code(),
        )
        try:
            _build(vault, coming)
            _swap(vault, coming)
        except BaseException:
            if read_folder(vault.folder) != coming.place:
                delete_tree(coming.place.base)
            raise
    return Rotated(recovery_code=coming.code, dropped=dropped)


def _staying(vault: Vault, passphrases: Collection[Secret[str]]) -> tuple[_Opening, ...]:
    """Find the slot that each passphrase opens; one that opens none is a slip of the hand."""
    found = [_slot_of(vault, passphrase) for passphrase in passphrases]
    if any(opening is None for opening in found):
        raise Refused(
            Text("One of the passphrases does not open the locked folder."),
            known=Text("Nothing was changed."),
        )
    return tuple(opening for opening in found if opening)


def _slot_of(vault: Vault, typed: Secret[str]) -> _Opening | None:
    code = read_recovery_code(typed)
    for slot in vault.keys.list():
        is_code = slot.kind is SlotKind.RECOVERY
        secret = code if is_code else typed
        if slot.kind is SlotKind.KEYRING or secret is None:
            continue
        if try_slot(vault.place.slots, slot.id, secret):
            return _Opening(slot=slot, secret=secret)
    return None


def _check_way_in(vault: Vault, staying: tuple[_Opening, ...]) -> tuple[Slot, ...]:
    """Return who loses access; refuse if nobody but the new code could open it."""
    ids = {opening.slot.id for opening in staying}
    has_passphrase = any(opening.slot.kind is SlotKind.PASSPHRASE for opening in staying)
    if not has_passphrase and not vault.keys.uses_keyring():
        raise Refused(
            Text("Type your passphrase, so that it opens the locked folder afterwards too."),
            known=Text("Nothing was changed."),
        )
    return tuple(
        slot
        for slot in vault.keys.list()
        if slot.id not in ids and slot.kind is not SlotKind.KEYRING
    )


def _keeps_code(staying: tuple[_Opening, ...]) -> bool:
    return any(opening.slot.kind is SlotKind.RECOVERY for opening in staying)


def _build(vault: Vault, coming: _Next) -> None:
    """Write the whole new generation to the disk. Nothing counts yet."""
    place = coming.place
    place.make()
    vault.db.copy_to(place.database)
    change_key(place.database, vault.key, coming.key)
    code_slot = _rewrite_rows(vault, coming)
    _write_slots(vault, coming, code_slot)
    sync_file(place.database)
    for folder in (place.slots, place.evidence, place.base, place.path):
        sync_folder(folder)


def _write_slots(vault: Vault, coming: _Next, code_slot: str) -> None:
    slots, key = coming.place.slots, coming.key
    for opening in coming.staying:
        write_slot(slots, opening.slot.id, opening.slot.kind, opening.secret, key)
    if coming.code:
        write_slot(slots, code_slot, SlotKind.RECOVERY, coming.code, key)
    for slot in vault.keys.list():
        if slot.kind is SlotKind.KEYRING:
            write_keyring_card(slots, slot.id)


def _rewrite_rows(vault: Vault, coming: _Next) -> str:
    """Bring the new generation's own list of keys and evidence files in line."""
    with known_key(), open_database(coming.place.database, coming.key) as db:
        history = History(db, vault.events.now, vault.actor)
        history.trusts_clock = vault.events.trusts_clock
        with db.transaction():
            for slot in coming.dropped:
                db.change("DELETE FROM slot WHERE id = :id", {"id": slot.id})
                history.record(f"key.removed.{slot.kind}", slot.id)
            for matter in db.rows("SELECT id, evidence_file, evidence_key FROM matter"):
                db.change(
                    "UPDATE matter SET evidence_file = :file, evidence_key = :key WHERE id = :id",
                    {"id": matter["id"], **_copy_evidence(vault, coming.place, matter)},
                )
            code_slot = add_slot_row(db, history, SlotKind.RECOVERY, "") if coming.code else ""
            history.record("vault.rekeyed")
    return code_slot


def _copy_evidence(vault: Vault, place: VaultFolder, matter: Mapping[str, str]) -> dict[str, str]:
    """Copy one matter's proof under a key of its own, and return its new name and key."""
    old_path = vault.place.evidence / matter["evidence_file"]
    old_key = Secret(bytes.fromhex(matter["evidence_key"]))
    key, name = new_key(), f"{new_id()}.db"
    if old_path.exists():
        with known_key(), open_database(old_path, old_key) as old:
            old.copy_to(place.evidence / name)
        change_key(place.evidence / name, old_key, key)
        sync_file(place.evidence / name)
    return {"file": name, "key": key.reveal().hex()}


def _swap(vault: Vault, coming: _Next) -> None:
    """Make the new generation count. The key store gets both keys before, one after."""
    in_keyring = vault.keys.uses_keyring()
    if in_keyring:
        keyring_slot.keep_key(vault.id, coming.key, is_next=True)
    vault.close_files()  # the lock stays ours until the swap is done
    coming.place.point()
    if in_keyring:
        keyring_slot.keep_key(vault.id, coming.key)
        keyring_slot.forget_next_key(vault.id)
    delete_tree(vault.place.base)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

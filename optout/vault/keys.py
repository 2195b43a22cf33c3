"""Who can open the vault: passphrases, the system's key store, the recovery code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from optout.errors import NeedsPerson, WrongUsage
from optout.model.secret import Secret
from optout.text import Text
from optout.vault import keyring_slot
from optout.vault.events import History
from optout.vault.folder import VaultFolder
from optout.vault.ids import new_id
from optout.vault.missing import not_here
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database, Row
from optout.vault.passphrase import check_passphrase
from optout.vault.recovery import new_recovery_code, read_recovery_code
from optout.vault.slots import (
    SlotKind,
    remove_slot,
    slot_ids,
    try_slot,
    write_keyring_card,
    write_slot,
)
from optout.vault.witness import Witness, witness_from

NAMED = "key.named"  # in the history, with both names where a passphrase got another one
_PROVED = "recovery.proved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way into the vault."""

    id: str
    kind: SlotKind
    label: str  # whose it is, in an office
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What a change of key left: a new code unless the old one was typed, and who lost access."""

    recovery_code: Secret[str] | None
    dropped: tuple[Slot, ...]


class Keys:
    """Adds and takes away ways into the vault; never the last one."""

    def __init__(
        self,
        db: Database,
        history: History,
        place: VaultFolder,
        key: Secret[bytes],
        rotate: Callable[[Collection[Secret[str]]], Rotated],
    ) -> None:
        self._db = db
        self._history = history
        self._place = place
        self._key = key
        self._rotate = rotate

    def list(self) -> tuple[Slot, ...]:
        """Return every way in, oldest first."""
        return tuple(map(_slot, self._db.rows("SELECT * FROM slot ORDER BY rowid")))

    def add_passphrase(self, passphrase: Secret[str], label: str = "") -> Slot:
        """Let one more passphrase open the vault; one that opens it already would be two people."""
        check_passphrase(passphrase)
        taken = slot_ids(self._place.slots, SlotKind.PASSPHRASE)
        if any(try_slot(self._place.slots, each, passphrase) for each in taken):
            raise WrongUsage(
                Text("This passphrase opens this locked folder already."),
                known=Text("Nothing was changed."),
                hint=Text("Choose another one: each person has a passphrase of their own."),
            )
        slot_id = self._add_row(SlotKind.PASSPHRASE, label)
        write_slot(self._place.slots, slot_id, SlotKind.PASSPHRASE, passphrase, self._key)
        return self._get(slot_id)

    def set_label(self, slot_id: str, label: str) -> Slot:
        """Write down whose passphrase one is: whatever is done with it, they did."""
        before = next((slot.label for slot in self.list() if slot.id == slot_id), "")
        with self._db.transaction():
            changed = self._db.change(
                "UPDATE slot SET label = :label WHERE id = :id AND kind = :kind",
                {"id": slot_id, "label": label, "kind": SlotKind.PASSPHRASE},
            )
            if not changed:
                raise not_here()
            self._history.record(NAMED, slot_id, *((before, label) if before else ()))
        return self._get(slot_id)

    def add_keyring(self) -> Slot:
        """Let the system's key store open the vault, once it has proved that it keeps the key."""
        keyring_slot.keep_key(self._place.vault_id, self._key)
        for slot in self._of_kind(SlotKind.KEYRING):
            return slot
        slot_id = self._add_row(SlotKind.KEYRING, "")
        write_keyring_card(self._place.slots, slot_id)
        return self._get(slot_id)

    def add_recovery_code(self) -> Secret[str]:
        """Replace the recovery code; the old one opens nothing any more."""
        code = new_recovery_code()
        old = self._of_kind(SlotKind.RECOVERY)
        slot_id = self._add_row(SlotKind.RECOVERY, "")
        write_slot(self._place.slots, slot_id, SlotKind.RECOVERY, code, self._key)
        self._set_proved(proved=False)
        for slot in old:
            self._take_away(slot)
        return code

    def confirm_recovery_code(self, typed: Secret[str]) -> None:
        """Prove that the person has the recovery code, by typing it back."""
        code = read_recovery_code(typed)
        slots = slot_ids(self._place.slots, SlotKind.RECOVERY) if code else ()
        if code is None or not any(try_slot(self._place.slots, slot, code) for slot in slots):
            raise WrongUsage(
                Text("This is not the recovery code of this locked folder."),
                known=Text("Nothing was changed."),
                hint=Text(
                    "Compare it letter by letter; O is read as 0, I and L as 1. If it is lost, "
                    "make another one: optout vault key new-code"
                ),
            )
        self._set_proved(proved=True)

    def remove(self, slot_id: str) -> None:
        """Take one way in away. Old backups stay open to whoever had it."""
        slot = self._get(slot_id)
        self._check_another_way(slot)
        if slot.kind is SlotKind.KEYRING:
            keyring_slot.forget_keys(self._place.vault_id)
        self._take_away(slot)

    def lock(self) -> None:
        """Take the key out of the system's key store, unless that would lock everybody out."""
        for slot in self._of_kind(SlotKind.KEYRING):
            self.remove(slot.id)

    def rotate(self, passphrases: Collection[Secret[str]]) -> Rotated:
        """Encrypt everything under a new key; only what is typed here opens it afterwards.

        Give the passphrases that shall stay, and the recovery code to keep it too. The vault is
        closed afterwards: unlock it again.
        """
        return self._rotate(passphrases)

    def uses_keyring(self) -> bool:
        """Say whether the system's key store opens the vault."""
        return bool(slot_ids(self._place.slots, SlotKind.KEYRING))

    def keep_witness(self, witness: Witness) -> None:
        """Note the newest event in the key store too, if it is used."""
        if self.uses_keyring():
            keyring_slot.keep_witness(self._place.vault_id, witness.text())

    def kept_witness(self) -> Witness | None:
        """Return the key store's note of the newest event."""
        if not self.uses_keyring():
            return None
        return witness_from(keyring_slot.kept_witness(self._place.vault_id))

    def _check_another_way(self, going: Slot) -> None:
        others = [slot.kind for slot in self.list() if slot.id != going.id]
        if SlotKind.PASSPHRASE in others or SlotKind.KEYRING in others:
            return
        if SlotKind.RECOVERY in others and self._is_proved():
            return
        raise NeedsPerson(
            Text("Without this key nobody could open the locked folder any more."),
            known=Text("Nothing was changed."),
            hint=Text("First add a passphrase, or type your recovery code: optout vault key"),
        )

    def _of_kind(self, kind: SlotKind) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.list() if slot.kind is kind)

    def _get(self, slot_id: str) -> Slot:
        row = self._db.row("SELECT * FROM slot WHERE id = :id", {"id": slot_id})
        if row is None:
            raise not_here()
        return _slot(row)

    def _add_row(self, kind: SlotKind, label: str) -> str:
        with self._db.transaction():
            return add_slot_row(self._db, self._history, kind, label)

    def _take_away(self, slot: Slot) -> None:
        # The files first: a row without files opens nothing, files without a row would.
        remove_slot(self._place.slots, slot.id)
        with self._db.transaction():
            self._db.change("DELETE FROM slot WHERE id = :id", {"id": slot.id})
            self._history.record(f"key.removed.{slot.kind}", slot.id)

    def _is_proved(self) -> bool:
        row = self._db.row("SELECT value FROM setting WHERE name = :name", {"name": _PROVED})
        return bool(row and row["value"] == "true")

    def _set_proved(self, *, proved: bool) -> None:
        with self._db.transaction():
            self._db.change(
                "INSERT INTO setting VALUES (:name, :value) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                {"name": _PROVED, "value": "true" if proved else "false"},
            )
            self._history.record("key.recovery-proved" if proved else "key.recovery-new")


def add_slot_row(db: Database, history: History, kind: SlotKind, label: str) -> str:
    """List a way in, inside the transaction at hand; its files are written after the commit."""
    slot_id = new_id()
    at = instant_text(history.now())
    db.insert("slot", {"id": slot_id, "kind": kind, "label": label, "added_at": at})
    history.record(f"key.added.{kind}", slot_id)
    return slot_id


def _slot(row: Row) -> Slot:
    return Slot(
        id=row["id"],
        kind=SlotKind(row["kind"]),
        label=row["label"],
        added_at=instant_from(row["added_at"]),
    )

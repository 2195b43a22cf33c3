"""Slots: the data key, wrapped once for each passphrase or code that may open the vault.

Each slot is itself a tiny encrypted database, so that no cryptography here is home-made. Beside
it, in clear: its kind, and the salt and cost of the derivation.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from optout.errors import VaultDamaged, VaultLocked
from optout.model.secret import Secret
from optout.text import Text
from optout.vault.evidence import delete_database
from optout.vault.open import KEY_BYTES, open_database
from optout.vault.passphrase import plain
from optout.vault.platform import sync_file, sync_folder, write_durably

# OWASP's scrypt floor: 128 MiB and a quarter of a second a guess. The default memory limit of
# hashlib is below what this needs.
COST: Final = 2**17
_HIGHEST_COST: Final = 2**20
_BLOCK: Final = 8
_SALT_BYTES: Final = 16
_MEMORY: Final = 2 * 128 * _BLOCK


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    RECOVERY = "recovery"
    KEYRING = "keyring"  # kept by the system's key store: no file here


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """What lies beside a slot, in clear."""

    kind: SlotKind
    cost: int = 0
    salt: bytes = b""


def new_key() -> Secret[bytes]:
    """Return a random key of 256 bits."""
    return Secret(secrets.token_bytes(KEY_BYTES))


def write_slot(
    folder: Path, slot_id: str, kind: SlotKind, secret: Secret[str], key: Secret[bytes]
) -> None:
    """Wrap a key under a passphrase or code. The slot counts once its card is on the disk."""
    salt = secrets.token_bytes(_SALT_BYTES)
    path = folder / f"{slot_id}.db"
    with open_database(path, _derive(secret, salt, COST)) as slot, slot.transaction():
        slot.change("CREATE TABLE slot (key TEXT NOT NULL) STRICT")
        slot.insert("slot", {"key": key.reveal().hex()})
    sync_file(path)
    card = {
        "format": 1,
        "kind": kind,
        "kdf": "scrypt",
        "n": COST,
        "r": _BLOCK,
        "p": 1,
        "salt": salt.hex(),
    }
    write_durably(folder / f"{slot_id}.json", json.dumps(card).encode("ascii"))


def write_keyring_card(folder: Path, slot_id: str) -> None:
    """Note that the system's key store holds the key, so that others are not asked in vain."""
    card = {"format": 1, "kind": SlotKind.KEYRING}
    write_durably(folder / f"{slot_id}.json", json.dumps(card).encode("ascii"))


def slot_ids(folder: Path, kind: SlotKind) -> tuple[str, ...]:
    """Return the slots of one kind."""
    return tuple(path.stem for path in sorted(folder.glob("*.json")) if _card(path).kind is kind)


def try_slot(folder: Path, slot_id: str, secret: Secret[str]) -> Secret[bytes] | None:
    """Return the key if this passphrase or code opens this slot."""
    card = _card(folder / f"{slot_id}.json")
    path = folder / f"{slot_id}.db"
    if not path.exists():
        return None
    derived = _derive(secret, card.salt, card.cost)
    try:
        with open_database(path, derived) as slot:
            row = slot.row("SELECT key FROM slot")
    except VaultLocked:
        return None
    return Secret(bytes.fromhex(row["key"])) if row else None


def remove_slot(folder: Path, slot_id: str) -> None:
    """Delete a slot's files: what it wrapped cannot be had from here any more."""
    (folder / f"{slot_id}.json").unlink(missing_ok=True)
    delete_database(folder / f"{slot_id}.db")
    sync_folder(folder)


def _derive(secret: Secret[str], salt: bytes, cost: int) -> Secret[bytes]:
    derived = hashlib.scrypt(
        plain(secret).encode("utf-8"),
        salt=salt,
        n=cost,
        r=_BLOCK,
        p=1,
        maxmem=cost * _MEMORY,
        dklen=KEY_BYTES,
    )
    return Secret(derived)


def _card(path: Path) -> _Card:
    """Read a slot's card. A card with another cost is not ours: it could only slow us down."""
    try:
        stored = json.loads(path.read_bytes())
        if stored["kind"] == SlotKind.KEYRING:
            return _Card(kind=SlotKind.KEYRING)
        card = _Card(
            kind=SlotKind(stored["kind"]), cost=int(stored["n"]), salt=bytes.fromhex(stored["salt"])
        )
        is_ours = (stored["kdf"], stored["r"], stored["p"]) == ("scrypt", _BLOCK, 1)
    except (OSError, ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    if not is_ours or not COST <= card.cost <= _HIGHEST_COST or card.cost.bit_count() != 1:
        raise _damaged(path)
    return card


def _damaged(path: Path) -> VaultDamaged:
    return VaultDamaged(
        Text("A key file in the locked folder is damaged: {name}", name=path.name),
        known=Text("Nothing was opened or changed."),
        hint=Text("Take your last backup: optout vault restore FILE"),
    )

"""Making a locked folder: whole, or not at all."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from optout.errors import Refused
from optout.model.ports import Clock
from optout.model.secret import Secret
from optout.text import Text
from optout.vault import keyring_slot
from optout.vault.events import History
from optout.vault.folder import VaultFolder, is_vault, new_generation
from optout.vault.ids import new_id
from optout.vault.keys import add_slot_row
from optout.vault.migrations import migrate
from optout.vault.open import open_database
from optout.vault.passphrase import check_passphrase
from optout.vault.platform import check_local, delete_tree, keep_private, sync_folder
from optout.vault.recovery import new_recovery_code
from optout.vault.slots import SlotKind, new_key, write_keyring_card, write_slot
from optout.vault.unlock import unlock_with_key
from optout.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """The key, and what shall open it."""

    key: Secret[bytes]
    code: Secret[str]
    passphrase: Secret[str] | None
    use_keyring: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new vault, open, and the code that opens it when everything else is lost."""

    vault: Vault
    recovery_code: Secret[str]


def create_vault(
    folder: Path,
    *,
    clock: Clock,
    actor: str,
    passphrase: Secret[str] | None,
    use_keyring: bool,
) -> Created:
    """Make a locked folder that a passphrase, the system's key store, or both can open.

    The recovery code is returned once and kept nowhere.
    """
    keep_private()
    check_place(folder)
    if passphrase is not None:
        check_passphrase(passphrase)
    elif not use_keyring:
        raise Refused(
            Text("A locked folder needs a passphrase or this computer's key store."),
            known=Text("Nothing was created."),
        )
    ways = _Ways(
        key=new_key(), code=new_recovery_code(), passphrase=passphrase, use_keyring=use_keyring
    )
    place = _build(folder, ways, clock, actor)
    vault = unlock_with_key(place, ways.key, clock=clock, actor=actor)
    return Created(vault=vault, recovery_code=ways.code)


def check_place(folder: Path) -> None:
    """Refuse a place where something is already, or on a network drive."""
    if is_vault(folder):
        raise Refused(
            Text("There is already a locked folder at {folder}.", folder=folder),
            known=Text("It was not touched."),
            hint=Text("Use it, or name another place with --vault FOLDER"),
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            Text("{folder} already exists and is not empty.", folder=folder),
            known=Text("Nothing in it was touched."),
            hint=Text("Name an empty or new folder with --vault FOLDER"),
        )
    check_local(folder)


def _build(folder: Path, ways: _Ways, clock: Clock, actor: str) -> VaultFolder:
    """Build beside the place and move it there as a whole; a failure leaves nothing."""
    beside = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    place = VaultFolder(path=beside, vault_id=new_id(), generation=new_generation())
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.make()
        if ways.use_keyring:
            keyring_slot.keep_key(place.vault_id, ways.key)
        _fill(place, ways, clock, actor)
        place.point()
        move_into_place(beside, folder)
    except BaseException as error:
        delete_tree(beside)
        if ways.use_keyring:
            with suppress(keyring_slot.KeyringKeeps):
                keyring_slot.forget_keys(place.vault_id)
        if isinstance(error, OSError):
            raise cannot_write(folder, error) from None
        raise
    return replace(place, path=folder)


def _fill(place: VaultFolder, ways: _Ways, clock: Clock, actor: str) -> None:
    with open_database(place.database, ways.key) as db:
        migrate(db)
        history = History(db, clock, actor)
        with db.transaction():
            history.record("vault.created", place.vault_id)
            db.insert("setting", {"name": "vault.id", "value": json.dumps(place.vault_id)})
            stored = add_slot_row(db, history, SlotKind.KEYRING, "") if ways.use_keyring else ""
            recovery = add_slot_row(db, history, SlotKind.RECOVERY, "")
            own = add_slot_row(db, history, SlotKind.PASSPHRASE, "") if ways.passphrase else ""
    write_slot(place.slots, recovery, SlotKind.RECOVERY, ways.code, ways.key)
    if stored:
        write_keyring_card(place.slots, stored)
    if ways.passphrase:
        write_slot(place.slots, own, SlotKind.PASSPHRASE, ways.passphrase, ways.key)


def move_into_place(beside: Path, folder: Path) -> None:
    """Give a finished folder its name; an empty one that has it makes room."""
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)
    sync_folder(folder.parent)


def cannot_write(folder: Path, error: OSError) -> Refused:
    """Return the error for a place that cannot hold a locked folder."""
    return Refused(
        Text(
            "No locked folder can be made at {folder} ({why}).",
            folder=folder,
            why=error.strerror or "",
        ),
        known=Text("Nothing was created."),
        hint=Text("Name another place with --vault FOLDER"),
    )

"""Walks a vault through the system's key store, inside a session of its own.

Run by test_keys_keyring.py under dbus-run-session, with gnome-keyring unlocked or absent.
Says as JSON what happened.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from optout.errors import OptoutError
from optout.model.secret import Secret
from optout.vault import keyring_slot, slots
from optout.vault.create import create_vault
from optout.vault.folder import read_folder
from optout.vault.unlock import key_for, unlock
from optout.vault.vault import Vault
from tests.conftest import PASSPHRASE, SetClock

slots.COST = 2**10  # type: ignore[misc] # the cost of guessing is not tested here
FOLDER = Path(sys.argv[1]) / "vault"
said: dict[str, object] = {}


def attempt(name: str, step: Callable[[], object]) -> object:
    """Do one step; write down its end."""
    try:
        result = step()
    except OptoutError as error:
        said[name] = type(error).__name__
        return None
    said[name] = "fine"
    return result


def by_keyring() -> Vault:
    return unlock(FOLDER, clock=SetClock(), actor="p", passphrase=None)


def by_typing(typed: Secret[str]) -> Vault:
    return unlock(FOLDER, clock=SetClock(), actor="p", passphrase=lambda: typed)


def create() -> Secret[str]:
    made = create_vault(FOLDER, clock=SetClock(), actor="p", passphrase=None, use_keyring=True)
    said["kept is the key"] = keyring_slot.kept_keys(made.vault.id) == (made.vault.key,)
    made.vault.close()
    return made.recovery_code


def walk(code: Secret[str]) -> None:
    """Open, notice an older copy, change the key, and lock."""
    attempt("opens by itself", lambda: by_keyring().close())
    vault_id = read_folder(FOLDER).vault_id
    said["witness"] = keyring_slot.kept_witness(vault_id) is not None
    with by_keyring() as vault:
        attempt("lock without another way", vault.keys.lock)
        rotated = vault.keys.rotate([])
    attempt("opens after a change of key", lambda: by_keyring().close())
    said["the old code opens"] = key_for(read_folder(FOLDER), code) is not None
    new_code = rotated.recovery_code
    assert new_code
    said["the new code opens"] = key_for(read_folder(FOLDER), new_code) is not None
    _cut_short(vault_id)
    attempt("opens after a change cut short", lambda: by_keyring().close())
    with by_keyring() as vault:
        vault.keys.confirm_recovery_code(new_code)
        attempt("lock with the code proved", vault.keys.lock)
        said["ways left"] = [slot.kind.value for slot in vault.keys.list()]
    said["kept after locking"] = len(keyring_slot.kept_keys(vault_id))
    attempt("opens by itself after locking", lambda: by_keyring().close())
    attempt("opens by the code after locking", lambda: by_typing(new_code).close())
    with by_typing(new_code) as vault:
        vault.keys.add_passphrase(PASSPHRASE)
        attempt("keyring again", vault.keys.add_keyring)
    attempt("opens by itself again", lambda: by_keyring().close())
    with by_keyring() as vault:
        attempt("lock with a passphrase", vault.keys.lock)
    attempt("asks again", lambda: by_keyring().close())


def _cut_short(vault_id: str) -> None:
    """Leave the key store as a change of key would that was killed before its last step."""
    (present,) = keyring_slot.kept_keys(vault_id)
    keyring_slot.keep_key(vault_id, present, is_next=True)
    keyring_slot.keep_key(vault_id, slots.new_key())


said["trusted"] = keyring_slot.trusted_keyring()
code = attempt("create", create)
said["vault made"] = FOLDER.exists()
if isinstance(code, Secret):
    walk(code)
sys.stdout.write(json.dumps(said))

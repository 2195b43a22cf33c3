"""The system's own key store as a slot: four known ones, and only after they proved to keep.

keyring's own warning, quoted where a person chooses: on macOS any Python script can read what
was stored from the same Python without being asked; other stores were never analysed.
"""

from __future__ import annotations

import configparser
import importlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from optout.errors import Refused
from optout.model.secret import Secret
from optout.text import Text
from optout.vault.open import KEY_BYTES

if TYPE_CHECKING:  # heavy
    from keyring.backend import KeyringBackend

SERVICE: Final = "optout"
# class: what people call it. Any other, configured or installed, is not used.
TRUSTED: Final = {
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Locker",
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
}
_KEY: Final = ""
_NEXT_KEY: Final = "/next"
_WITNESS: Final = "/witness"


class KeyringUnusable(Refused):
    """No trusted key store answers, or it does not keep what it is given."""

    def __init__(self) -> None:
        super().__init__(
            Text("This computer's own key store cannot be used."),
            known=Text("No key was stored there."),
            hint=Text("Choose a passphrase instead."),
        )


class KeyringKeeps(Refused):
    """The key store did not let go of the key."""

    def __init__(self) -> None:
        super().__init__(
            Text("The key could not be taken out of this computer's own key store."),
            known=Text("It may still open the locked folder."),
            hint=Text("Unlock the key store of your system, then try again."),
        )


def trusted_keyring() -> str | None:
    """Return what the trusted key store here is called, or None if there is none."""
    found = backend()
    return TRUSTED[_class_name(found)] if found else None


def keep_key(vault_id: str, key: Secret[bytes], *, is_next: bool = False) -> None:
    """Store a key, read it back and compare; else raise and leave nothing behind."""
    user = vault_id + (_NEXT_KEY if is_next else _KEY)
    if not _keep(user, key.reveal().hex()):
        with suppress(KeyringKeeps):
            _forget(user)
        raise KeyringUnusable


def kept_keys(vault_id: str) -> tuple[Secret[bytes], ...]:
    """Return the keys stored for a vault: the present one, then one from a cut-short change."""
    found = [_read(vault_id + suffix) for suffix in (_KEY, _NEXT_KEY)]
    return tuple(Secret(bytes.fromhex(text)) for text in found if text and _is_key(text))


def forget_keys(vault_id: str) -> None:
    """Take everything about a vault out of the key store."""
    for suffix in (_KEY, _NEXT_KEY, _WITNESS):
        _forget(vault_id + suffix)


def forget_next_key(vault_id: str) -> None:
    """Take out what a finished change of key left."""
    _forget(vault_id + _NEXT_KEY)


def keep_witness(vault_id: str, text: str) -> None:
    """Store the newest event seen; losing it only loses a warning."""
    _keep(vault_id + _WITNESS, text)


def kept_witness(vault_id: str) -> str | None:
    """Return the newest event seen, if the key store has it."""
    return _read(vault_id + _WITNESS)


def _is_key(text: str) -> bool:
    return len(text) == 2 * KEY_BYTES and all(letter in "0123456789abcdef" for letter in text)


def _keep(user: str, text: str) -> bool:
    store = backend()
    if store is None:
        return False
    try:
        store.set_password(SERVICE, user, text)
        return store.get_password(SERVICE, user) == text
    except Exception:  # noqa: BLE001 - each store raises its own kinds; all mean: not kept
        return False


def _read(user: str) -> str | None:
    store = backend()
    try:
        return store.get_password(SERVICE, user) if store else None
    except Exception:  # noqa: BLE001 - as above: locked, gone or refused all mean: ask the person
        return None


def _forget(user: str) -> None:
    store = backend()
    try:
        if store and store.get_password(SERVICE, user) is not None:
            store.delete_password(SERVICE, user)
    except Exception as error:
        raise KeyringKeeps from error


def backend() -> KeyringBackend | None:
    """Return the trusted store of this system; one that was configured must be trusted itself.

    Found by name and not through keyring's own search, which would load any plug-in installed.
    """
    configured = _configured()
    for name in [configured] if configured else TRUSTED:
        found = _load(name) if name in TRUSTED else None
        if found is not None:
            return found
    return None


def _configured() -> str:
    """Return the store that the person's environment or keyring's own file names, if any."""
    named = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    if named:
        return named
    from keyring.util import platform_  # noqa: PLC0415 - heavy, and only where no store is named

    read = configparser.RawConfigParser()
    try:
        read.read(platform_.config_root() / "keyringrc.cfg", encoding="utf-8")
        return read.get("backend", "default-keyring", fallback="").strip()
    except (OSError, configparser.Error, UnicodeDecodeError):
        return "unreadable"


def _load(name: str) -> KeyringBackend | None:
    module, _, kind = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), kind)
        usable: KeyringBackend | None = found() if found.priority > 0 else None
    except Exception:  # noqa: BLE001 - not this system, no service, no bus: all mean: not here
        return None
    return usable


def _class_name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"

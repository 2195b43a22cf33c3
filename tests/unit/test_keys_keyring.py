"""Proves on a real Secret Service that a key is kept, or else that no vault is made.

A store that forgets silently, refuses, or is not one of the four known ones leads to the
passphrase, never to a lost key.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from optout.errors import Refused
from optout.model.secret import Secret
from optout.vault import keyring_slot
from optout.vault.keyring_slot import KeyringUnusable, keep_key, kept_keys, trusted_keyring

WALK = Path(__file__).parent / "keyring_session.py"
DAEMON = "gnome-keyring-daemon"
needs_session = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which(DAEMON)),
    reason="needs dbus-run-session and gnome-keyring",
)


def in_session(folder: Path, *, daemon: bool = True, **environment: str) -> dict[str, Any]:
    """Walk through the key store in a session bus of its own, with nothing of this machine's."""
    folder.mkdir(exist_ok=True)
    start = f"printf made-up | {DAEMON} --unlock --components=secrets >/dev/null 2>&1; "
    walk = f'exec "{sys.executable}" -W error "{WALK}" "{folder}"'
    home = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PATH": os.environ["PATH"],
    }
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", (start if daemon else "") + walk],
        env=home | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return in_session(tmp_path_factory.mktemp("session"))


@needs_session
@pytest.mark.parametrize(
    ("step", "end"),
    [
        ("trusted", "Secret Service"),
        ("create", "fine"),
        ("kept is the key", True),
        ("opens by itself", "fine"),
        ("witness", True),
        ("lock without another way", "NeedsPerson"),
        ("opens after a change of key", "fine"),
        ("the old code opens", False),
        ("the new code opens", True),
        ("opens after a change cut short", "fine"),
        ("lock with the code proved", "fine"),
        ("ways left", ["recovery"]),
        ("kept after locking", 0),
        ("opens by itself after locking", "VaultLocked"),
        ("opens by the code after locking", "fine"),
        ("keyring again", "fine"),
        ("opens by itself again", "fine"),
        ("lock with a passphrase", "fine"),
        ("asks again", "VaultLocked"),
    ],
)
def test_a_real_key_store_keeps_and_gives_back(
    walked: dict[str, Any], step: str, end: object
) -> None:
    assert walked[step] == end, walked


@needs_session
@pytest.mark.parametrize(
    "backend",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
    ],
)
def test_without_a_trusted_store_no_vault_is_made(tmp_path: Path, backend: str) -> None:
    said = in_session(tmp_path / "home", PYTHON_KEYRING_BACKEND=backend)
    assert said == {"trusted": None, "create": "KeyringUnusable", "vault made": False}


@needs_session
def test_a_store_that_nobody_unlocked_leads_to_the_passphrase(tmp_path: Path) -> None:
    said = in_session(tmp_path / "home", daemon=False)
    assert (said["create"], said["vault made"]) == ("KeyringUnusable", False)


def test_without_any_session_there_is_no_store(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(WALK), str(tmp_path)],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert json.loads(done.stdout) == {
        "trusted": None,
        "create": "KeyringUnusable",
        "vault made": False,
    }, done.stderr


@needs_session
def test_a_store_named_in_keyrings_own_file_must_be_trusted_too(tmp_path: Path) -> None:
    config = tmp_path / "home" / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n"
    )
    assert in_session(tmp_path / "home")["create"] == "KeyringUnusable"


class Forgetful:
    """Takes a key and gives back what it was told to."""

    def __init__(self, answer: str | None) -> None:
        self.answer = answer
        self.deleted = False

    def set_password(self, _service: str, _user: str, _text: str) -> None:
        """Keep nothing."""

    def get_password(self, _service: str, _user: str) -> str | None:
        return self.answer

    def delete_password(self, _service: str, _user: str) -> None:
        self.deleted = True


@pytest.mark.parametrize("answer", [None, "", "00" * 31, "other"])
def test_a_store_that_gives_back_something_else_is_not_relied_on(
    monkeypatch: pytest.MonkeyPatch, answer: str | None
) -> None:
    store = Forgetful(answer)
    monkeypatch.setattr(keyring_slot, "backend", lambda: store)
    with pytest.raises(KeyringUnusable):
        keep_key("vault", Secret(bytes(32)))
    assert store.deleted is (answer is not None)
    assert kept_keys("vault") == ()


def test_the_person_is_sent_to_the_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert trusted_keyring() is None
    with pytest.raises(Refused, match="Choose a passphrase"):
        keep_key("vault", Secret(bytes(32)))

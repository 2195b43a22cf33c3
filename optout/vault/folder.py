"""How a locked folder is laid out, and which generation of it counts.

    vault.json        names the vault and the generation that counts (nothing personal)
    <generation>/     all that hangs on one data key: vault.db, slots/, evidence/
    locks/            who is at work (contents mean nothing)
    backups/          copies made before changes, and where people make theirs
    witness.json      the newest event that was seen, to notice an older copy put in place
    locked.txt        another one each time somebody locks it by hand: who has it open closes it
    hold.txt          there while an office's lawyer holds a file: nothing may be destroyed

A new key means a new generation beside the old one; replacing vault.json is the swap.
"""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optout.errors import Refused, VaultDamaged
from optout.text import Text
from optout.vault.platform import make_private_folder, write_durably

POINTER: Final = "vault.json"
LOCK: Final = "vault.lock"
FORMAT: Final = 1
_LOCKED: Final = "locked.txt"
_HOLD: Final = b"A lawyer said that nothing in this folder may be destroyed.\n"
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_GENERATION: Final = re.compile(r"key-[0-9a-f]{8}")


class NoVault(Refused):
    """There is no locked folder here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultFolder:
    """One locked folder, as it stands on the disk."""

    path: Path
    vault_id: str
    generation: str

    @property
    def base(self) -> Path:
        """Return where everything under the present key lies."""
        return self.path / self.generation

    @property
    def database(self) -> Path:
        """Return the encrypted database."""
        return self.base / "vault.db"

    @property
    def slots(self) -> Path:
        """Return where the key lies, wrapped once for each passphrase."""
        return self.base / "slots"

    @property
    def evidence(self) -> Path:
        """Return where each matter's proof lies."""
        return self.base / "evidence"

    @property
    def locks(self) -> Path:
        """Return where running attempts hold their locks."""
        return self.path / "locks"

    @property
    def backups(self) -> Path:
        """Return where copies go that nobody gave another place."""
        return self.path / "backups"

    @property
    def witness(self) -> Path:
        """Return the note of the newest event seen."""
        return self.path / "witness.json"

    @property
    def hold(self) -> Path:
        """Return the note that a client's file in here is held; it names nobody."""
        return self.path / "hold.txt"

    def make(self) -> None:
        """Create the folders."""
        for folder in (self.path, self.base, self.slots, self.evidence, self.locks, self.backups):
            make_private_folder(folder)

    def point(self) -> None:
        """Make this generation the one that counts, at once or not at all."""
        content = {"format": FORMAT, "id": self.vault_id, "generation": self.generation}
        write_durably(self.path / POINTER, json.dumps(content).encode("ascii"))


def note_hold(place: VaultFolder, *, held: bool) -> None:
    """Leave word outside the database that nothing may be destroyed, or take it away."""
    with suppress(OSError):  # where the disk is full, whoever opens the folder next leaves it
        if not held:
            place.hold.unlink(missing_ok=True)
        elif not place.hold.exists():
            write_durably(place.hold, _HOLD)


def say_locked(path: Path) -> None:
    """Tell whatever has this folder open, such as a page, to close it."""
    write_durably(path / _LOCKED, secrets.token_hex(16).encode("ascii"))


def last_locked(path: Path) -> bytes:
    """Return what changes each time somebody locks this folder by hand."""
    with suppress(OSError):
        return (path / _LOCKED).read_bytes()
    return b""


def new_generation() -> str:
    """Return a name for everything that hangs on one key."""
    return f"key-{secrets.token_hex(4)}"


def busy() -> Refused:
    """Return the error for a vault that another window is using."""
    return Refused(
        Text("Another window of this program is using the locked folder."),
        known=Text("Nothing was changed."),
        hint=Text("Close it, or wait until it has finished, then try again."),
    )


def is_vault(path: Path) -> bool:
    """Say whether there is a locked folder here."""
    return (path / POINTER).is_file()


def read_folder(path: Path) -> VaultFolder:
    """Find the generation that counts, or say that there is no locked folder."""
    if not is_vault(path):
        if any(path.glob("key-*")):
            raise _damaged(Text("The file vault.json is missing from the locked folder."))
        raise NoVault(
            Text("There is no locked folder at {folder}.", folder=path),
            known=Text("Nothing was opened or changed."),
            hint=Text("Make one with: optout init, or name another with --vault FOLDER"),
        )
    try:
        content = json.loads((path / POINTER).read_bytes())
        if isinstance(content["format"], int) and content["format"] > FORMAT:
            raise newer()
        found = VaultFolder(
            path=path, vault_id=str(content["id"]), generation=str(content["generation"])
        )
        is_ours = (
            content["format"] == FORMAT
            and _NAME.fullmatch(found.vault_id)
            and _GENERATION.fullmatch(found.generation)
        )
    except (ValueError, KeyError, TypeError):
        is_ours = False
    except OSError as error:
        raise Refused(
            Text("The locked folder cannot be read ({why}).", why=error.strerror or ""),
            known=Text("Nothing was opened or changed."),
        ) from None
    if not is_ours:
        raise _damaged(Text("The file vault.json in the locked folder is damaged."))
    return found


def _damaged(what: Text) -> VaultDamaged:
    return VaultDamaged(
        what,
        known=Text("Nothing was opened or changed."),
        hint=Text("Take your last backup: optout vault restore FILE"),
    )


def newer() -> Refused:
    """Return the error for a locked folder that a later version of this program has written."""
    return Refused(
        Text("This locked folder was last used by a newer version of this program."),
        known=Text("Nothing was opened or changed."),
        hint=Text("Install the newer version, then try again."),
    )

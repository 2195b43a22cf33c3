"""A note of the newest event seen, kept outside the database: it shows an older copy put back.

The database cannot see that the whole file was replaced by an older one. Whoever replaces this
note too is not noticed; the key store's own note makes that harder.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optout.vault.events import History
from optout.vault.platform import FILE_MODE

_LENGTH: Final = 128


@dataclass(frozen=True, slots=True)
class Witness:
    """The number and seal of one event."""

    seq: int
    sha256: str

    def text(self) -> str:
        """Return it as it is kept."""
        return json.dumps({"seq": self.seq, "sha256": self.sha256})


def newest(history: History) -> Witness | None:
    """Return what to note now."""
    head = history.head()
    return Witness(head.seq, head.sha256) if head else None


def witness_from(text: str | bytes | None) -> Witness | None:
    """Return what was noted; an unreadable note says nothing."""
    try:
        stored = json.loads(text or b"")
        return Witness(int(stored["seq"]), str(stored["sha256"]))
    except (ValueError, KeyError, TypeError):
        return None


def read_witness(path: Path) -> Witness | None:
    """Return the note beside the database, if there is one."""
    try:
        return witness_from(path.read_bytes())
    except OSError:
        return None


def write_witness(path: Path, witness: Witness) -> None:
    """Write the note over the old one, in one piece and without waiting for the disk.

    It may lag after a power cut; it is never ahead of the database.
    """
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with suppress(OSError):  # a lost note loses a warning, never a filing
        descriptor = os.open(path, flags, FILE_MODE)
        try:
            os.write(descriptor, witness.text().ljust(_LENGTH).encode("ascii"))
        finally:
            os.close(descriptor)


def was_rolled_back(history: History, witness: Witness | None) -> bool:
    """Say whether the database is older than what was already seen, or another branch of it."""
    if witness is None:
        return False
    there = history.at_seq(witness.seq)
    return there is None or there.sha256 != witness.sha256

"""The way into one locked folder, kept in memory between two commands of the same process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from optout.model.secret import Secret
from optout.vault.folder import VaultFolder
from optout.vault.slots import SlotKind, slot_ids

WayIn = tuple[str, Secret[bytes]]  # a slot's id, "" for the key store, and the data key


class KeptKey:
    """Keeps the key of one folder until it is forgotten; of no other folder."""

    def __init__(self, folder: Path) -> None:
        """Keep nothing yet."""
        self._folder: Final = folder
        self._kept: tuple[VaultFolder, WayIn] | None = None

    def is_there(self) -> bool:
        """Say whether a key is kept."""
        return self._kept is not None

    def opens_alone(self) -> bool:
        """Say whether the system's key store gave it, and would give it again unasked."""
        return self._kept is not None and not self._kept[1][0]

    def keep(self, place: VaultFolder, way_in: WayIn) -> None:
        """Keep what just opened the folder."""
        if place.path == self._folder:
            self._kept = (place, way_in)

    def way_in(self, place: VaultFolder) -> WayIn | None:
        """Return it while it counts: the key was not changed, and its slot was not removed."""
        kept = self._kept
        if kept is None or kept[0] != place:
            return None
        slot_id, _key = kept[1]
        if not slot_id:
            return kept[1] if slot_ids(place.slots, SlotKind.KEYRING) else None
        return kept[1] if (place.slots / f"{slot_id}.json").exists() else None

    def forget(self) -> None:
        """Let go of the key. Python cannot overwrite it; nothing here refers to it any more."""
        self._kept = None

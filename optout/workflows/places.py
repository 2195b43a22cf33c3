"""Where a locked folder lies when nobody named one, and where an imported list goes."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path

from optout.shipped import in_checkout, shipped


def usual_folder() -> Path:
    """Return the place for a locked folder on this kind of system."""
    return user_data_path("optout", appauthor=False) / "vault"


def definitions_folder() -> Path:
    """Return where new definitions go: beside the others, or to one's own files."""
    return shipped("brokers") if in_checkout() else own_definitions()


def own_definitions() -> Path:
    """Return the folder of a person's own definitions; never the one that we ship."""
    return user_data_path("optout", appauthor=False) / "brokers"


def catalog_folders() -> tuple[Path, ...]:
    """Return the folders to look companies up in: ours first, then a person's own if there is."""
    own = own_definitions()
    return (shipped("brokers"), own) if own.is_dir() else (shipped("brokers"),)


def shipped_registries() -> Path:
    """Return the folder of the lists that come with the program."""
    return shipped("brokers") / "registries"


def registry_folder() -> Path:
    """Return where an imported list goes: beside the definitions, or to one's own files."""
    if in_checkout():
        return shipped_registries()
    return user_data_path("optout", appauthor=False) / "registries"

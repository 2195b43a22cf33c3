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
    return (
        shipped("brokers")
        if in_checkout()
        else user_data_path("optout", appauthor=False) / "brokers"
    )


def shipped_registries() -> Path:
    """Return the folder of the lists that come with the program."""
    return shipped("brokers") / "registries"


def registry_folder() -> Path:
    """Return where an imported list goes: beside the definitions, or to one's own files."""
    if in_checkout():
        return shipped_registries()
    return user_data_path("optout", appauthor=False) / "registries"

"""Where a locked folder lies when nobody named one."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path


def usual_folder() -> Path:
    """Return the place for a locked folder on this kind of system."""
    return user_data_path("optout", appauthor=False) / "vault"

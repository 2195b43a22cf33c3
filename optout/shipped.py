"""Where the catalog and the letters lie: beside a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

_HERE = Path(__file__).parent


def shipped(folder: Literal["brokers", "letters"]) -> Path:
    """Return the folder with our data files."""
    inside = _HERE / "_shipped" / folder
    return inside if inside.is_dir() else _HERE.parent / folder


def in_checkout() -> bool:
    """Say whether this runs from a checkout, where `brokers/` may be edited."""
    return not (_HERE / "_shipped").is_dir() and (_HERE.parent / "pyproject.toml").is_file()

"""What stands in a cell of a spreadsheet is text, and never a formula that a program runs."""

from __future__ import annotations

from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: str) -> str:
    """Return the value so that every program for tables takes it for text.

    An apostrophe before it says so; whoever reads it back takes the apostrophe off.
    """
    begins = value.lstrip(" \u00a0\ufeff").startswith(_BEGINS_A_FORMULA)
    return f"'{value}" if begins or value.startswith("'") else value


def from_cell(value: str) -> str:
    """Return what a safe cell holds."""
    value = value.strip()
    return value.removeprefix("'")

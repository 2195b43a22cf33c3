"""The one error for an id that is not in this locked folder."""

from __future__ import annotations

from optout.errors import WrongUsage
from optout.text import Text


def not_here() -> WrongUsage:
    """Return the error for something that is not, or no longer, in this folder."""
    return WrongUsage(
        Text("This is not in your locked folder, or no longer."),
        known=Text("Nothing was changed."),
        hint=Text("See what there is with: optout status"),
    )

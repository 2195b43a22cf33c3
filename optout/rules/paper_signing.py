"""Which wording of a paper somebody may sign: none that is a draft, and none that is only read."""

from __future__ import annotations

from typing import Final

from optout.model.paper import SIGNED, Wording
from optout.text import Text

DRAFT: Final = Text(
    "This is a draft: no named person has read the translation. Nobody signs it, and a signature "
    "on it is not written down."
)


def why_not_signed(wording: Wording) -> Text | None:
    """Return why nobody signs this wording, or None where they can."""
    if wording.is_draft:
        return DRAFT
    if wording.paper not in SIGNED:
        return Text("This paper is only for reading: nobody signs it.")
    return None

"""A notice that they need more time, and what it moves: nothing, if it came late or has no law."""

from __future__ import annotations

from datetime import date
from typing import Final

from optout.model.law import Law, LawKind
from optout.model.words import Right
from optout.rules.deadlines import clocks_for
from optout.text import Text

_MOVES_NOTHING: Final = "The notice of {day} moves nothing"  # how `deadlines` begins such a note


def moves_nothing(
    law: Law, right: Right, *, received: date, noticed_on: date, state: str = "", cra: str = ""
) -> Text | None:
    """Return why a notice moves no date, in the words of `optout law due`; None where it does."""
    if law.kind is LawKind.VOLUNTARY:
        return None  # no date runs that it could move
    clocks = clocks_for(law, right, received=received, state=state, cra=cra, extended_on=noticed_on)
    return next((note for note in clocks.notes if note.template.startswith(_MOVES_NOTHING)), None)

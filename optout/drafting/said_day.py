"""A day as people read it, in their language: a list that must line up shows it in numbers."""

from __future__ import annotations

from datetime import date

from optout.i18n import say
from optout.rules.days import in_words


def said_day(day: date | None) -> str:
    """Return a day as a sentence says it; "" for none."""
    return say(in_words(day)) if day else ""

"""Is today's date right? Legal dates are counted from it, so a clock that jumped is asked about."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from optout.rules.days import day_in, written
from optout.text import Text
from optout.vault.events import History
from optout.vault.moments import instant_from, instant_text
from optout.vault.open import Database

BACK: Final = timedelta(minutes=5)  # time servers move a clock by less
AHEAD: Final = timedelta(days=400)


def last_seen(db: Database) -> datetime | None:
    """Return the latest instant at which something was written and nobody doubted the clock."""
    row = db.row("SELECT value FROM setting WHERE name = 'clock.seen'")
    return instant_from(json.loads(row["value"])) if row else None


def doubt(db: Database, now: datetime) -> Text | None:
    """Return what is odd about the clock, if anything."""
    seen = last_seen(db)
    if seen is None:
        return None
    zone = _zone(db)
    days = {"today": written(day_in(zone, now)), "seen": written(day_in(zone, seen))}
    if now < seen - BACK:
        return Text("This computer says {today}, but it was {seen} when you last wrote.", **days)
    if now > seen + AHEAD:
        return Text("This computer says {today}, more than a year after {seen}.", **days)
    return None


def _zone(db: Database) -> str:
    """Return where the first person of the folder lives: whoever reads this lives by that day."""
    row = db.row("SELECT zone FROM subject ORDER BY rowid LIMIT 1")
    return row["zone"] if row else "UTC"


def confirm(db: Database, history: History) -> None:
    """Record that a person looked, and that the clock is right."""
    history.trusts_clock = True
    with db.transaction():
        history.record("clock.confirmed")
        history.note_clock(instant_text(history.now()))

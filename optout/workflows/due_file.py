"""Write the dates of `optout due` for a calendar program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from optout.drafting.due_calendar import Entry, due_calendar
from optout.workflows.desk import Desk, instant
from optout.workflows.exports import write_export
from optout.workflows.standing import Due


def write_calendar(desk: Desk, found: Sequence[Due], name: str) -> Path:
    """Write the dates to a file for its owner only, listed in the folder; return where it is."""
    entries = [
        Entry(
            key=f"{each.request.id} {each.deadline.kind}",
            reference=each.reference,
            on=each.deadline.due_on,
        )
        for each in found
    ]
    content = due_calendar(entries, written_at=instant(desk.clock))
    return write_export(desk, name, "dates", content)

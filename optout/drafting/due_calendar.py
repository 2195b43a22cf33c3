"""The dates to look at again, as a file for calendar programs (RFC 5545).

A calendar is shown on locked screens and copied to other people's servers, so an entry names
neither company, person, right nor this program: only the reference, by which the person finds the
rest in the locked folder. An entry keeps its UID, so a second file moves a date and adds none.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from optout.i18n import say
from optout.text import Text

# UIDs are names within this space (RFC 9562): the same request and kind give the same one.
_SPACE = uuid.UUID("66c368c6-dea2-493c-9f5a-dda130f886cf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One day to look at again."""

    key: str  # what stays the same when the day moves; never shown
    reference: str
    on: date
    items: int = 1  # of an appointment: how many things, and how long all of them take
    minutes: int = 0


def due_calendar(entries: Iterable[Entry], *, written_at: datetime) -> bytes:
    """Return the file: one all-day entry for each date, free time, without an alarm."""
    from icalendar import Calendar, Event, vText  # noqa: PLC0415 - heavy, and only here

    calendar = Calendar()
    calendar.add("prodid", "-//Dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = Event()
        event.add("uid", str(uuid.uuid5(_SPACE, entry.key)))
        event.add("dtstamp", written_at)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", vText(say(_title(entry))))
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _title(entry: Entry) -> Text:
    if not entry.minutes:
        return Text("Look at {reference}", reference=entry.reference)
    if not entry.reference:
        return Text(
            "Paperwork (things to do: {count}; minutes: {minutes})",
            count=entry.items,
            minutes=entry.minutes,
        )
    return Text(
        "Look at {reference} (things to do: {count}; minutes: {minutes})",
        reference=entry.reference,
        count=entry.items,
        minutes=entry.minutes,
    )

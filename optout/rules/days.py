"""Days as people type and read them: one reader and one way to write, for every command.

A day is typed as 2026-11-20, or as Americans write it, 11/20/2026. Nothing is guessed in
silence: what could be read in two ways is said back in words. A day is shown as 2026-11-20 in
lists, where it must line up, and in words where a person has to notice a slip.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from optout.errors import WrongUsage
from optout.text import Text

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SPANISH: Final = re.compile(r"(\d{1,2})(?: de)? ([a-z]+)(?: del?)? (\d{4})")
_ENGLISH: Final = re.compile(r"([a-z]+) (\d{1,2}),? (\d{4})")
_MONTHS_IN_SPANISH: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)

MONTHS: Final = MappingProxyType(
    {
        1: Text("January"),
        2: Text("February"),
        3: Text("March"),
        4: Text("April"),
        5: Text("May"),
        6: Text("June"),
        7: Text("July"),
        8: Text("August"),
        9: Text("September"),
        10: Text("October"),
        11: Text("November"),
        12: Text("December"),
    }
)


def read_day(typed: str) -> date:
    """Return the day that was typed as 2026-11-20 or 11/20/2026, or say what is wrong with it.

    With its month in words nothing can be misread either: 20 de noviembre de 2026, or November
    20, 2026.
    """
    typed = typed.strip()
    words = " ".join(typed.casefold().split())
    if spanish := _SPANISH.fullmatch(words):
        return _day_in_words(*spanish.groups())
    if english := _ENGLISH.fullmatch(words):
        return _day_in_words(english[2], english[1], english[3])
    iso, american = _ISO.fullmatch(typed), _AMERICAN.fullmatch(typed)
    try:
        if iso:
            year, month, number = map(int, iso.groups())
        elif american:
            month, number, year = map(int, american.groups())
        else:
            raise _not_a_day(Text("That is not a date."))
        return date(year, month, number)
    except ValueError:
        raise _not_a_day(Text("There is no such day.")) from None


def _day_in_words(number: str, month: str, year: str) -> date:
    named = month.replace("setiembre", "septiembre")
    english = [each.template.casefold() for each in MONTHS.values()]
    found = next((each for each in (english, _MONTHS_IN_SPANISH) if named in each), None)
    if found is None:
        raise _not_a_day(Text("That is not a date."))
    try:
        return date(int(year), found.index(named) + 1, int(number))
    except ValueError:
        raise _not_a_day(Text("There is no such day.")) from None


def is_two_ways(typed: str) -> bool:
    """Say whether others would read another day: 3/4/2026 is March 4 here, and 3 April abroad."""
    american = _AMERICAN.fullmatch(typed.strip())
    if american is None:
        return False
    month, number = int(american[1]), int(american[2])
    return month != number and max(month, number) <= max(MONTHS)


def in_words(day: date) -> Text:
    """Return a day as a sentence says it: November 20, 2026."""
    return Text("{month} {day}, {year}", month=MONTHS[day.month], day=day.day, year=str(day.year))


def written(day: date | None) -> str:
    """Return a day as lists show it, 2026-11-20; "" for none."""
    return day.isoformat() if day else ""


def day_in(zone: str, instant: datetime) -> date:
    """Return the day that it is in a place at that instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def _not_a_day(what: Text) -> WrongUsage:
    return WrongUsage(
        what,
        known=Text("Nothing was changed."),
        hint=Text(
            "Write year-month-day, like 2026-11-20, or month/day/year with all four digits of the "
            "year: 11/20/2026."
        ),
    )

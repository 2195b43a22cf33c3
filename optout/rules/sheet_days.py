"""A day as it stands in a spreadsheet, where 4/12/1990 is April 12 or 4 December.

What says itself is read: 1990-04-12, 25/12/1990, 12 April 1990, 12 de abril de 1990. What does
not is read in an order that a person names, and never in one that we guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from optout.errors import WrongUsage
from optout.rules.days import MONTHS, read_day
from optout.text import Text


class DayOrder(StrEnum):
    """What stands first in a date that is written in numbers."""

    MONTH_FIRST = "month-first"
    DAY_FIRST = "day-first"


_NUMBERS: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}|\d{1,2}[- ][^\W\d]+[- ,]+\d{2}")
_DAY_MONTH: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -](?:de )?([^\W\d]+)\.?(?: de)?[ ,-]+(\d{4})"
)
_MONTH_DAY: Final = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SERIAL: Final = re.compile(r"\d{4,6}")
_LONGEST_MONTH: Final = 12
_SPANISH: Final = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_MONTHS: Final = MappingProxyType(
    {
        **{name.english().casefold(): number for number, name in MONTHS.items()},
        **{name.english().casefold()[:3]: number for number, name in MONTHS.items()},
        **{name: number for number, name in enumerate(_SPANISH.split(), start=1)},
        **{name[:3]: number for number, name in enumerate(_SPANISH.split(), start=1)},
        "sept": 9,
        "setiembre": 9,
    }
)


def order_shown(text: str) -> DayOrder | None:
    """Return the order that a date in numbers cannot but have: 25/12/1990 has the day first."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first > _LONGEST_MONTH >= second:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > _LONGEST_MONTH >= first else None


def is_open(text: str) -> bool:
    """Say whether a date can be read as two different days."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return False
    first, second = int(found[1]), int(found[3])
    return first != second and max(first, second) <= _LONGEST_MONTH


def orders_shown(texts: Iterable[str]) -> frozenset[DayOrder]:
    """Return the orders that the dates of one column cannot but have: both is a mixed column."""
    return frozenset(order for text in texts if (order := order_shown(text)) is not None)


def read_sheet_day(text: str, order: DayOrder | None) -> date:
    """Return the day a cell names; of 4/12/1990 only where a person said what stands first."""
    text = " ".join(text.split())
    if _SHORT_YEAR.fullmatch(text):
        raise _not_a_day(Text("The year has two digits: 1925 and 2025 look the same."))
    if _SERIAL.fullmatch(text):
        raise _not_a_day(Text("This is a number, not a date."))
    if is_open(text) and order is None:
        raise _not_a_day(Text("This can be two days: it is not clear what stands first."))
    try:
        found = _in_numbers(text, order) or _in_words(text)
    except ValueError:
        raise _not_a_day(Text("There is no such day.")) from None
    return found or _plain_day(text)


def _plain_day(text: str) -> date:
    try:
        return read_day(text)
    except WrongUsage:
        raise _not_a_day(Text("There is no such day.")) from None


def _in_numbers(text: str, order: DayOrder | None) -> date | None:
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    shown = order_shown(text)
    if shown is not None and order is not None and shown is not order:
        raise _not_a_day(Text("Here the day and the month stand the other way round."))
    if (shown or order) is DayOrder.DAY_FIRST:
        return date(year, second, first)
    return date(year, first, second)


def _in_words(text: str) -> date | None:
    """Return a day whose month is written out, in English or Spanish."""
    folded = text.casefold()
    if found := _DAY_MONTH.fullmatch(folded):
        number, name, year = found.groups()
    elif found := _MONTH_DAY.fullmatch(folded):
        name, number, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name)
    return date(int(year), month, int(number)) if month else None


def _not_a_day(what: Text) -> WrongUsage:
    return WrongUsage(what, hint=Text("Write it as year-month-day, like 1990-04-12."))

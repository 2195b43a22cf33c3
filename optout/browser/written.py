"""A value as one form wants it written: dates and phone numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from optout.browser.stops import Stop
from optout.model.fields import Field
from optout.text import Text

_DATES: Final = frozenset({Field.BIRTH_DATE, Field.BIRTH_DAY})
_TOKEN: Final = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D")
_LEAP_YEAR: Final = 2000  # a birthday has no year; 29 February must be possible
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_US_DIGITS: Final = 10


def written(field: Field, value: str, form: str) -> str:
    """Return a value in the form that a definition asks for."""
    if not form:
        return value
    if field in _DATES:
        return _date(value, form)
    if field is Field.PHONE:
        return _phone(value, form)
    raise Stop(Text("The definition gives a form to a value that has none."))


def same_digits(one: str, other: str) -> bool:
    """Say whether two spellings of a number or date have the same digits in the same order."""
    digits = _digits(one)
    return bool(digits) and digits == _digits(other)


def _date(value: str, form: str) -> str:
    parts = [int(part) for part in re.findall(r"\d+", value)]
    try:
        day = date(*parts) if len(parts) == 3 else date(_LEAP_YEAR, *parts)  # noqa: PLR2004
    except (TypeError, ValueError):
        raise Stop(Text("The date cannot be written in the form that the page wants.")) from None
    named = _MONTHS[day.month - 1]
    spelled = {
        "YYYY": f"{day.year:04}",
        "YY": f"{day.year % 100:02}",
        "MMMM": named,
        "MMM": named[:3],
        "MM": f"{day.month:02}",
        "M": str(day.month),
        "DD": f"{day.day:02}",
        "D": str(day.day),
    }
    return _TOKEN.sub(lambda token: spelled[token.group()], form)


def _phone(value: str, form: str) -> str:
    digits = _digits(value)
    if len(digits) == _US_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    if form == "digits" or len(digits) != _US_DIGITS:
        return digits
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

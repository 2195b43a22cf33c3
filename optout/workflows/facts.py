"""Check what a person types about themselves, and store it in one way only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import phonenumbers

from optout.errors import WrongUsage
from optout.rules.days import read_day
from optout.text import Text

NOTHING_CHANGED = Text("Nothing was changed.")
_ZIP = re.compile(r"\d{5}(-\d{4})?")
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_YEAR = re.compile(r"\d{4}")
OLDEST = date(1900, 1, 1)
LONGEST_EMAIL = 254  # RFC 5321


def zip_code(text: str) -> str:
    """Return a ZIP code, or say how many digits are missing."""
    text = text.strip()
    if _ZIP.fullmatch(text):
        return text
    raise WrongUsage(
        Text(
            "A ZIP code has five digits; this one has {count}.", count=sum(map(str.isdigit, text))
        ),
        known=NOTHING_CHANGED,
        hint=Text(
            "It stands at the end of your address, for example 80202. A ZIP that begins with "
            "0 keeps it: 02134."
        ),
    )


def email(text: str) -> str:
    """Return an e-mail address that could exist."""
    text = text.strip()
    if _EMAIL.fullmatch(text) and len(text) <= LONGEST_EMAIL:
        return text
    raise WrongUsage(
        Text("That does not look like an e-mail address."),
        known=NOTHING_CHANGED,
        hint=Text("It has one @ and a dot after it, for example jordan@example.com"),
    )


def phone(text: str) -> str:
    """Return a phone number as E.164; numbers without a country are read as United States."""
    wrong = WrongUsage(
        Text("That phone number is not complete."),
        known=NOTHING_CHANGED,
        hint=Text(
            "Write it with the area code, for example 303-555-0142; with + for other countries."
        ),
    )
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        raise wrong from None
    # "Possible", not "valid": 555-01xx numbers and new area codes are refused by the stricter test.
    if not phonenumbers.is_possible_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def day(text: str, *, today: date) -> date:
    """Return a date from 1990-04-12 or 4/12/1990; not before 1900, not after today."""
    try:
        found = read_day(text)
    except WrongUsage:
        raise _impossible_day() from None
    if not OLDEST <= found <= today:
        raise _impossible_day()
    return found


def since(text: str, *, today: date) -> date:
    """Return since when something is true; of a year alone its last day, to be careful."""
    if _YEAR.fullmatch(text.strip()):
        if int(text) > today.year:
            raise _impossible_day()
        return min(day(f"{text.strip()}-12-31", today=date.max), today)
    return day(text, today=today)


def _impossible_day() -> WrongUsage:
    return WrongUsage(
        Text("That date does not exist, or has not come yet."),
        known=NOTHING_CHANGED,
        hint=Text("Write year-month-day, for example 1990-04-12; or month/day/year: 4/12/1990."),
    )


def one_address(parts: Mapping[str, str]) -> str:
    """Return an address on one line, as its owner recognizes it."""
    street = " ".join(filter(None, (parts["street"], parts["unit"])))
    return f"{street}, {parts['city']}, {parts['state']} {parts['zip']}"


def not_empty(text: str) -> str:
    """Return the text, trimmed; an empty one is asked for again."""
    if text.strip():
        return text.strip()
    raise WrongUsage(Text("Please write something here."), known=NOTHING_CHANGED)

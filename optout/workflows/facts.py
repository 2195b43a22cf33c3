"""Check what a person types about themselves, and store it in one way only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cache

import phonenumbers

from optout.errors import WrongUsage
from optout.i18n import language
from optout.rules.countries import EUROPE, UNITED_KINGDOM, UNITED_STATES
from optout.rules.days import is_two_ways, read_day
from optout.rules.states import state_code
from optout.text import Text

NOTHING_CHANGED = Text("Nothing was changed.")
_ZIP = re.compile(r"\d{5}(-\d{4})?")
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_AMERICAN_CODE = 1
_YEAR = re.compile(r"\d{4}")
_DAY_FIRST = re.compile(r"(1[3-9]|2\d|3[01])/(\d{1,2})/(\d{4})")
_NO_YEAR = re.compile(r"\d{1,2}/\d{1,2}|\d{1,2}(?: de)? [^\W\d]+|[^\W\d]+ \d{1,2}")
_MOST_YEARS_BETWEEN = 8  # February 29, around a year such as 2100
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


def phone(text: str, country: str = UNITED_STATES) -> str:
    """Return a phone number as E.164; one without + is read as people in that country write it."""
    wrong = WrongUsage(
        Text("That phone number is not complete."),
        known=NOTHING_CHANGED,
        hint=Text(
            "Write it with the area code, for example 303-555-0142; with + for other countries."
        ),
    )
    if _is_american(text) and phonenumbers.country_code_for_region(country) != _AMERICAN_CODE:
        raise WrongUsage(
            Text("That looks like a number of the United States, and you live in another country."),
            known=NOTHING_CHANGED,
            hint=Text("Write it with + and the country's code: +1 303-555-0142."),
        )
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise wrong from None
    # "Possible", not "valid": 555-01xx numbers and new area codes are refused by the stricter test.
    # A number that is only possible within its town, without the area code, is not enough.
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_american(text: str) -> bool:
    """Say whether a number is written as only there: 303-555-0142, (303) 555-0142."""
    return re.fullmatch(r"\d{3}-\d{3}-\d{4}|\(\d{3}\) ?\d{3}-\d{4}", text.strip()) is not None


def day(text: str, *, today: date) -> date:
    """Return a date from 1990-04-12 or 4/12/1990; not before 1900, not after today."""
    try:
        found = read_day(text)
    except WrongUsage:
        raise _impossible_day() from None
    if not OLDEST <= found <= today:
        raise _impossible_day()
    return found


def typed_day(text: str, *, today: date) -> date:
    """Return a date that a person types now, as `day` does.

    Whoever reads Spanish most likely writes the day first: where both readings are days, the
    month is asked for in words, so that no birthday is taken for another.
    """
    if _NO_YEAR.fullmatch(text.strip()):
        raise WrongUsage(
            Text("The year is missing."),
            known=NOTHING_CHANGED,
            hint=Text("Write the year too, for example April 12, 1990; or 1990-04-12."),
        )
    if language() != "es":
        return day(text, today=today)
    if is_two_ways(text):
        raise WrongUsage(
            Text("Which of the two numbers is the month?"),
            known=NOTHING_CHANGED,
            hint=Text("Write the month in words: 7 de agosto de 1968."),
        )
    if day_first := _DAY_FIRST.fullmatch(text.strip()):
        text = f"{day_first[3]}-{day_first[2]}-{day_first[1]}"  # 16/07/1968: no month has 16
    return day(text, today=today)


def recent_day(text: str, *, today: date) -> date:
    """Return a day on which something was sent or came; without its year, the last such day."""
    if not _NO_YEAR.fullmatch(text.strip()):
        return typed_day(text, today=today)
    before_year = "/" if "/" in text else " "
    for year in range(today.year, today.year - _MOST_YEARS_BETWEEN, -1):
        with suppress(WrongUsage):  # no such day in that year, or it has not come yet
            return typed_day(f"{text.strip()}{before_year}{year}", today=today)
    return typed_day(f"{text.strip()}{before_year}{today.year}", today=today)  # says what is wrong


def since(text: str, *, today: date, is_typed: bool = False) -> date:
    """Return since when something is true; of a year alone its last day, to be careful.

    What a person types now is read as `typed_day` does.
    """
    if _YEAR.fullmatch(text.strip()):
        if int(text) > today.year:
            raise _impossible_day()
        return min(day(f"{text.strip()}-12-31", today=date.max), today)
    return typed_day(text, today=today) if is_typed else day(text, today=today)


def _impossible_day() -> WrongUsage:
    return WrongUsage(
        Text("That date does not exist, or has not come yet."),
        known=NOTHING_CHANGED,
        hint=Text("Write year-month-day, for example 1990-04-12; or month/day/year: 4/12/1990."),
    )


def one_address(parts: Mapping[str, str]) -> str:
    """Return an address on one line, as its owner recognizes it."""
    street = " ".join(filter(None, (parts["street"], parts["unit"])))
    last = " ".join(filter(None, (parts["state"], parts["zip"])))
    return f"{street}, {parts['city']}, {last}"


def postal_code(text: str) -> str:
    """Return a postal code of another country: short, and nothing but letters and digits."""
    text = " ".join(text.split())
    if _POSTAL_CODE.fullmatch(text):
        return text
    raise WrongUsage(
        Text("That does not look like a postal code."),
        known=NOTHING_CHANGED,
        hint=Text("Write it as it stands on letters to you, for example 10115 or LS1 1AA."),
    )


def home(text: str) -> tuple[str, str]:
    """Return the country and the state of what a person wrote about where they live.

    Two letters are a state: DE is Delaware. A country is written out.
    """
    try:
        return UNITED_STATES, state_code(text)
    except WrongUsage:
        pass
    found = _countries().get(" ".join(text.split()).casefold(), "")
    if found and found != UNITED_STATES:
        return found, ""
    raise WrongUsage(
        Text("Please name the state you live in.")
        if found
        else Text("That is not a state, and not a country, that we know."),
        known=NOTHING_CHANGED,
        hint=Text(
            "Write a state's name or its two letters, like Colorado or CO; or a country's name in "
            "full, like Germany."
        ),
    )


def country_code(text: str) -> str:
    """Return the two letters of a country from them, or from its name in any large language."""
    wanted = " ".join(text.split()).casefold()
    if len(wanted) == len("GB") and wanted.upper() in phonenumbers.SUPPORTED_REGIONS:
        return wanted.upper()
    found = _countries().get(wanted)
    if found is None:
        raise WrongUsage(
            Text("“{words}” is not a country we know.", words=text.strip()),
            known=NOTHING_CHANGED,
            hint=Text("Write its name or its two letters, like Germany or DE."),
        )
    return found


def country_name(code: str, spoken: str = "en") -> str:
    """Return a country's name, in English as it stands on an envelope; "" for the United States."""
    if code == UNITED_STATES:
        return ""
    if spoken == "en" and code in EUROPE:
        return EUROPE[code].name.removeprefix("the ")
    return _name_in(code, spoken) or _name_in(code, "en") or code


_ALSO_CALLED = {
    UNITED_STATES: ("usa", "u.s.", "u.s.a.", "united states of america"),
    UNITED_KINGDOM: (
        "great britain",
        "england",
        "scotland",
        "wales",
        "northern ireland",
        "the united kingdom",
        "uk",
        "u.k.",
    ),
    "NL": ("the netherlands", "holland"),
    "CZ": ("czechia",),
    "IE": ("republic of ireland",),
    "KR": ("south korea",),
    "DO": ("dominican republic",),
}
_POSTAL_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{1,10}")


@cache
def _countries() -> Mapping[str, str]:
    """Return every country's code by its names, in lower case; the first of two wins."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415 - 0.1 s: only where asked

    found: dict[str, str] = {}
    for code in LOCALE_DATA:
        for spoken in ("en", "es", "fr", "de", "pt", "it", "pl", "nl"):
            found.setdefault(_name_in(code, spoken).casefold(), code)
    named = {name: code for code, names in _ALSO_CALLED.items() for name in names}
    return {name: code for name, code in (found | named).items() if name}


def _name_in(code: str, language: str) -> str:
    """Return a country's name in a language; "*es" in the list means: as in Spanish."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415 - see above

    names = LOCALE_DATA.get(code, {})
    name = str(names.get(language, ""))
    return str(names.get(name[1:], "")) if name.startswith("*") else name


def not_empty(text: str) -> str:
    """Return the text, trimmed; an empty one is asked for again."""
    if text.strip():
        return text.strip()
    raise WrongUsage(Text("Please write something here."), known=NOTHING_CHANGED)

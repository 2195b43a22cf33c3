"""Counting days: weekends, holidays, months. Dates only, so no clock change can matter."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from optout.errors import WrongUsage
from optout.rules.holidays_us import DAYS, FIRST, LAST
from optout.text import Text

_ONE_DAY: Final = timedelta(days=1)
_THURSDAY: Final = 3
_SATURDAY: Final = 5
# Illinois' own list of state holidays: "Thanksgiving, Thursday and Friday".
_FRIDAY_TOO: Final = frozenset({"IL"})
GRACE_BUSINESS_DAYS: Final = 3
WEEKENDS_ONLY: Final = "weekends-only"  # abroad: we know no country's holidays
EARLIEST, LATEST = 1900, 2200  # years that holidays are known for, or near enough


@cache
def holidays_in(year: int, state: str = "") -> frozenset[date]:
    """Return the federal holidays of a year and, with a state, that state's own beside them.

    Both together, because a day off in either place is a day on which an answer may wait.
    Days that are kept on another date (a Saturday's Friday) count too. Abroad there are none.
    """
    if state == WEEKENDS_ONLY:
        return frozenset()
    if state not in DAYS or not FIRST <= year <= LAST:
        return _holidays_in_package(year, state) | beside_the_package(year, state)
    listed = _listed(year, "") + (_listed(year, state) if state else [])
    return frozenset(listed) | beside_the_package(year, state)


def beside_the_package(year: int, state: str) -> frozenset[date]:
    """Return days off that a state keeps and the package does not know: a later day is safer."""
    if state not in _FRIDAY_TOO:
        return frozenset()
    first = date(year, 11, 1)
    thanksgiving = first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 21)
    return frozenset({thanksgiving + _ONE_DAY})


def _listed(year: int, state: str) -> list[date]:
    """Read one year's line of the table."""
    for line in DAYS[state].splitlines():
        if line.startswith(f"{year} "):
            return [date(year, int(day[:2]), int(day[2:])) for day in line.split()[1:]]
    return []


def _holidays_in_package(year: int, state: str) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - 0.2 s: only outside the table

    days = set(country_holidays("US", years=year))
    if state:
        days |= set(country_holidays("US", subdiv=state, years=year))
    return frozenset(days)


def check_countable(*days: date, state: str = "") -> None:
    """Raise in words where no calendar could be right: far-off years, or an unknown state."""
    for day in days:
        if not EARLIEST <= day.year <= LATEST:
            raise WrongUsage(
                Text("{day} is too far away to count from.", day=day.isoformat()),
                hint=Text("Write dates like 2026-11-02."),
            )
    if state not in DAYS:
        raise WrongUsage(
            Text("“{code}” is not a state's two letters.", code=state),
            hint=Text("Write it like CO or CA."),
        )


def is_business_day(day: date, state: str = "") -> bool:
    """Say whether this is a Monday to Friday that is no federal or state holiday."""
    return day.weekday() < _SATURDAY and day not in holidays_in(day.year, state)


def next_business_day(day: date, state: str = "") -> date:
    """Return the day itself if it is a business day, else the first one after it."""
    while not is_business_day(day, state):
        day += _ONE_DAY
    return day


def add_business_days(day: date, count: int, state: str = "") -> date:
    """Return the `count`-th business day after `day`; `day` itself is never counted."""
    for _ in range(count):
        day = next_business_day(day + _ONE_DAY, state)
    return day


def grace_after(due: date, state: str = "") -> date:
    """Return the last day on which nothing is called missed yet: our own three business days."""
    return add_business_days(due, GRACE_BUSINESS_DAYS, state)


def add_days(day: date, count: int) -> date:
    """Return the day `count` calendar days later; `day` itself is never counted."""
    return day + timedelta(days=count)


def whole_days(hours: int) -> int:
    """Return the days that hours fill: we know dates only, so a part counts as a whole day."""
    return -(-hours // 24)


def add_months(day: date, count: int) -> date:
    """Return the same date `count` months later, or that month's last day if there is none."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - see above

    return day + relativedelta(months=count)

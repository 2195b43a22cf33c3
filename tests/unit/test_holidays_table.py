"""The table of holidays is what the `holidays` package says.

Run as a program it writes the table anew, after an upgrade of that package:

    python tests/unit/test_holidays_table.py > optout/rules/holidays_us.py
"""

from __future__ import annotations

import sys
from datetime import date
from importlib.metadata import version

import pytest
from holidays import country_holidays

from optout.rules import calendar, holidays_us
from optout.rules.holidays_us import FIRST, LAST

HEAD = '''"""United States holidays, {first} to {last}, as `holidays` {version} gives them.

Importing that package costs more than the rest of `optout law due`; outside these years it is
asked. Written by tests/unit/test_holidays_table.py, which also compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FIRST: Final = {first}
LAST: Final = {last}

# State ("" is federal): a line a year, month and day. A state's own days only.
DAYS: Final[Mapping[str, str]] = MappingProxyType(
    {{
'''


def days_of(year: int, state: str) -> frozenset[date]:
    days = set(country_holidays("US", years=year))
    if state:
        days |= set(country_holidays("US", subdiv=state, years=year))
    return frozenset(days)


STATES = sorted(country_holidays("US").subdivisions)


@pytest.mark.parametrize("state", ["", *STATES])
def test_the_table_is_what_the_package_says(state: str) -> None:
    for year in range(FIRST, LAST + 1):
        known = days_of(year, state) | calendar.beside_the_package(year, state)
        assert calendar.holidays_in(year, state) == known, year


@pytest.mark.parametrize(
    ("year", "day"), [(2026, 27), (2027, 26), (2029, 23), (2045, 24)]
)  # 2045 is beyond the table
def test_in_illinois_the_friday_after_thanksgiving_is_a_holiday(year: int, day: int) -> None:
    friday = date(year, 11, day)
    assert not calendar.is_business_day(friday, "IL")
    assert calendar.is_business_day(friday, "CO")  # the control
    assert calendar.beside_the_package(year, "CO") == frozenset()


def test_every_state_is_in_the_table() -> None:
    assert sorted(holidays_us.DAYS) == ["", *STATES]


@pytest.mark.parametrize("year", [FIRST - 1, LAST + 1])
def test_other_years_come_from_the_package(year: int) -> None:
    assert calendar.holidays_in(year, "CO") == days_of(year, "CO")


def write_table() -> None:
    sys.stdout.write(HEAD.format(first=FIRST, last=LAST, version=version("holidays")))
    for state in ["", *STATES]:
        sys.stdout.write(f'        "{state}": """\n')
        for year in range(FIRST, LAST + 1):
            own = days_of(year, state) - (days_of(year, "") if state else frozenset())
            if own:
                sys.stdout.write(f"{year} {' '.join(f'{d:%m%d}' for d in sorted(own))}\n")
        sys.stdout.write('""",\n')
    sys.stdout.write("    }\n)\n")


if __name__ == "__main__":
    write_table()

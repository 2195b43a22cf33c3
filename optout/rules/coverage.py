"""Which states have a comprehensive privacy law in force, whether or not its file is here yet.

"No law" and "no file for it yet" are different things to tell a person, and a company that serves
the states with such a law serves all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

# Source: each act's own text and the legislatures' pages, as gathered for letters/laws; read on
# CHECKED_ON. A later amendment does not change the first day.
CHECKED_ON: Final = date(2026, 11, 21)
IN_FORCE_FROM: Final[Mapping[str, date]] = MappingProxyType(
    {
        "CA": date(2020, 1, 1),
        "VA": date(2023, 1, 1),
        "CO": date(2023, 7, 1),
        "CT": date(2023, 7, 1),
        "UT": date(2023, 12, 31),
        "OR": date(2024, 7, 1),
        "TX": date(2024, 7, 1),
        "MT": date(2024, 10, 1),
        "DE": date(2025, 1, 1),
        "IA": date(2025, 1, 1),
        "NE": date(2025, 1, 1),
        "NH": date(2025, 1, 1),
        "NJ": date(2025, 1, 15),
        "TN": date(2025, 7, 1),
        "MN": date(2025, 7, 31),
        "MD": date(2025, 10, 1),
        "IN": date(2026, 1, 1),
        "KY": date(2026, 1, 1),
        "RI": date(2026, 1, 1),
        "LA": date(2027, 1, 1),
        "OK": date(2027, 1, 1),
        "AL": date(2027, 5, 1),
        "VT": date(2028, 1, 1),
    }
)
# Its act binds companies with a billion dollars of revenue and a speaker, app store or
# advertising business: no ordinary broker, so nothing is asked under it.
BINDS_NO_BROKER: Final = frozenset({"FL"})


def has_privacy_law(state: str, on: date) -> bool:
    """Say whether a comprehensive privacy law protects residents of this state on that day."""
    return state in IN_FORCE_FROM and IN_FORCE_FROM[state] <= on

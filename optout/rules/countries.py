"""Countries whose law on personal data we have a file for, and what follows from living there.

The members of the European Economic Area: the Union's twenty-seven (its Treaty, Art. 52), and
Iceland, Liechtenstein and Norway, where its data law holds too (EEA Joint Committee decision
154/2018). The United Kingdom has its own.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final, NamedTuple

UNITED_STATES: Final = "US"
UNITED_KINGDOM: Final = "GB"
_AMERICAN_END: Final = re.compile(r"\b[A-Z]{2} \d{5}(-\d{4})?$")  # Denver, CO 80202


class Country(NamedTuple):
    """A country by its English name, and the IANA zone of its capital."""

    name: str
    zone: str


EUROPE: Final = MappingProxyType(
    {
        "AT": Country("Austria", "Europe/Vienna"),
        "BE": Country("Belgium", "Europe/Brussels"),
        "BG": Country("Bulgaria", "Europe/Sofia"),
        "HR": Country("Croatia", "Europe/Zagreb"),
        "CY": Country("Cyprus", "Asia/Nicosia"),
        "CZ": Country("Czechia", "Europe/Prague"),
        "DK": Country("Denmark", "Europe/Copenhagen"),
        "EE": Country("Estonia", "Europe/Tallinn"),
        "FI": Country("Finland", "Europe/Helsinki"),
        "FR": Country("France", "Europe/Paris"),
        "DE": Country("Germany", "Europe/Berlin"),
        "GR": Country("Greece", "Europe/Athens"),
        "HU": Country("Hungary", "Europe/Budapest"),
        "IS": Country("Iceland", "Atlantic/Reykjavik"),
        "IE": Country("Ireland", "Europe/Dublin"),
        "IT": Country("Italy", "Europe/Rome"),
        "LV": Country("Latvia", "Europe/Riga"),
        "LI": Country("Liechtenstein", "Europe/Vaduz"),
        "LT": Country("Lithuania", "Europe/Vilnius"),
        "LU": Country("Luxembourg", "Europe/Luxembourg"),
        "MT": Country("Malta", "Europe/Malta"),
        "NL": Country("the Netherlands", "Europe/Amsterdam"),
        "NO": Country("Norway", "Europe/Oslo"),
        "PL": Country("Poland", "Europe/Warsaw"),
        "PT": Country("Portugal", "Europe/Lisbon"),
        "RO": Country("Romania", "Europe/Bucharest"),
        "SK": Country("Slovakia", "Europe/Bratislava"),
        "SI": Country("Slovenia", "Europe/Ljubljana"),
        "ES": Country("Spain", "Europe/Madrid"),
        "SE": Country("Sweden", "Europe/Stockholm"),
        UNITED_KINGDOM: Country("the United Kingdom", "Europe/London"),
    }
)


def jurisdiction_of(country: str) -> str:
    """Return how the law files name a country's law on personal data; "" where there is none."""
    if country == UNITED_KINGDOM:
        return "UK"
    return "EU" if country in EUROPE else ""


def zone_abroad(country: str) -> str:
    """Return the IANA zone in which a person there counts days; UTC where we know none."""
    return EUROPE[country].zone if country in EUROPE else "UTC"


def posted_from(country: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return an envelope's lines as post from that country needs them: with ours named last."""
    if country == UNITED_STATES or not lines or not _AMERICAN_END.search(lines[-1]):
        return lines
    return (*lines, "United States of America")

"""State codes and names of the United States, from the `us` package."""

from __future__ import annotations

from functools import cache
from typing import Final

from optout.errors import WrongUsage
from optout.rules.accents import without_accents
from optout.text import Text

# Only where the name in Spanish differs by more than its accents.
_IN_SPANISH: Final = {
    "carolina del norte": "NC",
    "carolina del sur": "SC",
    "dakota del norte": "ND",
    "dakota del sur": "SD",
    "distrito de columbia": "DC",
    "hawai": "HI",
    "luisiana": "LA",
    "misisipi": "MS",
    "misuri": "MO",
    "nueva hampshire": "NH",
    "nueva jersey": "NJ",
    "nueva york": "NY",
    "nuevo hampshire": "NH",
    "nuevo mexico": "NM",
    "pensilvania": "PA",
    "tejas": "TX",
    "virginia del oeste": "WV",
    "virginia occidental": "WV",
}


@cache
def state_names() -> dict[str, str]:
    """Return the name of every state, of the district and of the territories, by code."""
    from us import states  # noqa: PLC0415 - 0.1 s: only where a state is named

    # Never `us.states.lookup`: it also matches by sound, and a wrong state is a wrong law.
    names: dict[str, str] = states.mapping("abbr", "name")
    # Whether the package counts the district among the states hangs on a setting outside.
    return {**names, "DC": "District of Columbia"}


def is_state(code: str) -> bool:
    """Say whether this is a two-letter code."""
    return code in state_names()


def state_name(code: str) -> str:
    """Return "Colorado" for "CO"."""
    if not is_state(code):
        raise WrongUsage(
            Text("“{code}” is not a state's two letters.", code=code),
            hint=Text("Write it like CO or CA."),
        )
    return state_names()[code]


def state_code(words: str) -> str:
    """Return "CO" for "co" or "Colorado", "NM" for "Nuevo México"; nothing is guessed."""
    wanted = without_accents(" ".join(words.split()).casefold())
    if not wanted:
        raise WrongUsage(
            Text("A state is needed here."),
            hint=Text("Write its name or its two letters, like Colorado or CO."),
        )
    for code, name in state_names().items():
        if wanted in (code.casefold(), name.casefold()):
            return code
    if wanted in _IN_SPANISH:
        return _IN_SPANISH[wanted]
    raise WrongUsage(
        Text("“{words}” is not a state we know.", words=words),
        hint=Text("Write its name or its two letters, like Colorado or CO."),
    )


def zone_of(code: str) -> str:
    """Return the IANA zone of a state's capital: legal dates are dates there."""
    from us import states  # noqa: PLC0415 - see above

    zones: dict[str, str] = {**states.mapping("abbr", "capital_tz"), "DC": "America/New_York"}
    state_name(code)  # raises in words
    return zones[code]

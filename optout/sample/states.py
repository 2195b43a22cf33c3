"""The drop-down of states that practice forms show."""

from __future__ import annotations

from functools import cache
from typing import Final

from optout.sample.markup import Html, joined, render

# A practice form needs some states, not all of them.
_STATES: Final = {
    "AZ": "Arizona",
    "CA": "California",
    "CO": "Colorado",
    "NM": "New Mexico",
    "NY": "New York",
    "TX": "Texas",
    "UT": "Utah",
    "VA": "Virginia",
    "WA": "Washington",
    "WY": "Wyoming",
}


@cache
def state_options(*, names: bool) -> Html:
    """Return the options of a state list, shown by full name or by two letters."""
    shown = _STATES.values() if names else _STATES.keys()
    first = render("option.html", value="", text="Please choose")
    return joined([first, *(render("option.html", value=text, text=text) for text in shown)])

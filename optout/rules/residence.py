"""Where a subject lives on a day: it decides the law."""

from __future__ import annotations

from datetime import date

from optout.model.subject import Residence, Subject
from optout.rules.countries import UNITED_STATES


def residence_on(subject: Subject, on: date) -> Residence | None:
    """Return where the subject lives on that day; of several, where they moved last."""
    there = [home for home in subject.residences if _lives_there(home, on)]
    return max(there, key=lambda home: home.since or date.min, default=None)


def state_on(subject: Subject, on: date) -> str:
    """Return the two letters of the state of residence, "" outside the United States."""
    home = residence_on(subject, on)
    return home.state if home and home.country == UNITED_STATES else ""


def country_on(subject: Subject, on: date) -> str:
    """Return the two letters of the country of residence; of somebody who named none, ours."""
    home = residence_on(subject, on)
    return home.country if home else UNITED_STATES


def _lives_there(home: Residence, on: date) -> bool:
    return (home.since or date.min) <= on <= (home.until or date.max)

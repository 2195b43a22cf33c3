"""Two sides of one question: what is known of a person, and what a listing shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from optout.model.listing import Verdict
from optout.model.secret import Personal
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Known(Personal):
    """What is known of the person. Former names and addresses count like today's."""

    name: str
    aliases: tuple[str, ...] = ()
    born: date | int | None = None  # a whole date, or only the year
    places: tuple[str, ...] = ()  # "Denver CO", or a whole address with commas
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown(Personal):
    """What a listing shows, as it is written there."""

    name: str
    other_names: tuple[str, ...] = ()
    age: int | None = None
    born: int | None = None  # some show the year instead
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()


class Side(StrEnum):
    """What a reason says about the question."""

    AGREES = "agrees"
    UNCLEAR = "unclear"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for the person, against, or that leaves it open."""

    side: Side
    says: Text


@dataclass(frozen=True, slots=True)
class Match:
    """Whether the listing is the person, and why."""

    verdict: Verdict
    reasons: tuple[Reason, ...]

"""One law as its file in `letters/laws/` tells it: rights, clocks, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from optout.model.words import Confidence, Right

LawId = NewType("LawId", str)


class Unit(StrEnum):
    """How a term is counted."""

    DAYS = "days"
    BUSINESS_DAYS = "business-days"
    MONTHS = "months"


class LawKind(StrEnum):
    """What a law is, as far as choosing it is concerned."""

    COMPREHENSIVE = "comprehensive"
    DELETE_ACT = "delete-act"
    FCRA = "fcra"
    VOLUNTARY = "voluntary"  # no right is claimed
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A length of time and the citation that sets it."""

    length: int
    unit: Unit = Unit.DAYS
    cite: str
    confidence: Confidence = Confidence.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRight:
    """One right under one law. A term that is absent is not set by the law, or not known."""

    cite: str
    scope: str = ""  # e.g. only what the person provided
    says: tuple[str, ...] = ()  # the law's own sentences for the letter
    acknowledge: Term | None = None
    opt_out_within: Term | None = None
    answer: Term | None = None
    extension: Term | None = None
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulator:
    """Who takes a complaint, and where."""

    name: str
    url: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawSource:
    """What a law's facts were confirmed by."""

    what: str
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """The lawyer who read this file."""

    name: str
    bar: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A legal basis of a request, by id (`us-co-cpa`), or `voluntary`."""

    id: LawId
    name: str
    citation: str = ""
    jurisdiction: str  # "US-CO", "US", ""
    kind: LawKind
    in_force_from: date | None = None
    in_force_until: date | None = None
    covered: str = ""  # thresholds, in words
    rights: dict[Right, LawRight]
    appeal: Term | None = None  # time to decide an appeal
    appeal_extension: Term | None = None
    appeal_within: str = ""  # how long the person has, in words
    rolls_over: bool | None = None  # a last day on a weekend or holiday moves; None: not known
    rolls_over_cite: str = ""
    agent: str = ""
    agent_rights: tuple[Right, ...] = ()
    opt_out_may_authenticate: bool | None = None
    free_requests_per_year: int | None = None
    exemptions: tuple[str, ...] = ()
    private_action: str = ""
    regulator: Regulator | None = None
    notes: tuple[str, ...] = ()
    sources: tuple[LawSource, ...]
    confidence: Confidence
    checked_on: date
    reviewed_by: Reviewed | None = None
    sha256: str = field(default="")  # set by the loader: requests pin it

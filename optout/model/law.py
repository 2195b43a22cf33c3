"""One law as its file in `letters/laws/` tells it: rights, clocks, sources."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
    HOURS = "hours"  # counted as whole days: 72 hours are three


class LawKind(StrEnum):
    """What a law is, as far as choosing it is concerned."""

    COMPREHENSIVE = "comprehensive"  # a state's privacy act
    DELETE_ACT = "delete-act"  # California's, through the state's own page
    SALE_OPT_OUT = "sale-opt-out"  # nothing but: do not sell
    FCRA = "fcra"
    DATA_PROTECTION = "data-protection"  # European Union, United Kingdom
    HEALTH_DATA = "health-data"
    BIOMETRIC = "biometric"
    FINANCIAL = "financial"
    BROKER_REGISTRY = "broker-registry"
    PUBLIC_RECORDS = "public-records"
    ADDRESS_SAFETY = "address-safety"  # judges, police and others a law lists
    GOVERNMENT_SHARING = "government-sharing"  # what public bodies may not pass on
    VOLUNTARY = "voluntary"  # no right is claimed
    OTHER = "other"


class Protects(StrEnum):
    """Whom a law gives its rights to. Only the first two mean everybody who lives there."""

    RESIDENTS = "residents"
    EVERYONE = "everyone"
    CUSTOMERS = "customers"  # of the company that is asked
    OFFICIALS = "officials"  # those a law lists, and their families
    PARTICIPANTS = "participants"  # of a state's address program
    CITIZENS = "citizens-and-permanent-residents"
    NOBODY = "nobody"  # duties and registers: nobody can ask anything under it


class Binds(StrEnum):
    """Whom a law obliges."""

    COMPANIES = "companies"
    BROKERS = "brokers"  # on a state's register
    CREDIT_AGENCIES = "credit-agencies"
    GIANTS = "giants"  # a billion dollars of revenue and a platform: no ordinary broker
    BANKS = "banks"
    PUBLIC_BODIES = "public-bodies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A length of time and the citation that sets it."""

    length: int
    unit: Unit = Unit.DAYS
    cite: str
    confidence: Confidence = Confidence.CONFIRMED
    runs_from: str = ""  # in words, where it is not the day the request arrived
    only_if: str = ""  # in words: what must have happened for it to run


@dataclass(frozen=True, slots=True, kw_only=True)
class RightChange:
    """What an amendment makes of a right from a day on. What is not named stays."""

    since: date
    cite: str  # of the amendment
    scope: str = ""
    says: tuple[str, ...] = ()
    acknowledge: Term | None = None
    opt_out_within: Term | None = None
    answer: Term | None = None
    extension: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRight:
    """One right under one law. A term that is absent is not set by the law, or not known."""

    cite: str
    in_force_from: date | None = None  # where it is later than the law's own first day
    scope: str = ""  # e.g. only what the person provided
    narrow: str = ""  # where it reaches less than is asked: what it reaches, in the person's words
    says: tuple[str, ...] = ()  # the law's own sentences for the letter
    gives_all: bool = False  # all that the general request asks: who got it, and from where
    acknowledge: Term | None = None
    opt_out_within: Term | None = None
    longer: Term | None = None  # instead of `opt_out_within`, in the case that its only_if tells
    told_within: Term | None = None  # after it is carried out: to confirm it, to send the results
    answer: Term | None = None
    extension: Term | None = None
    confidence: Confidence
    changes: tuple[RightChange, ...] = ()  # the earliest first

    def on(self, day: date) -> LawRight:
        """Return the right as it stands on that day, with the amendments made until then."""
        right = self
        for change in self.changes:
            if change.since <= day:
                right = replace(
                    right,
                    scope=change.scope or right.scope,
                    says=change.says or right.says,
                    acknowledge=change.acknowledge or right.acknowledge,
                    opt_out_within=change.opt_out_within or right.opt_out_within,
                    answer=change.answer or right.answer,
                    extension=change.extension or right.extension,
                )
        return right


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulator:
    """Who takes a complaint, and where. No address is printed below `one-source` (SAFETY 5)."""

    name: str
    url: str = ""
    url_confidence: Confidence = Confidence.ONE_SOURCE
    email: str = ""
    lines: tuple[str, ...] = ()
    confidence: Confidence = Confidence.ONE_SOURCE  # of the postal address
    takes_post: bool | None = None  # False: that is the general office, complaints go online
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
    jurisdiction: str  # "US-CO", "US", "US-*" (programs of many states), "EU", "UK", ""
    also_in: tuple[str, ...] = ()  # further jurisdictions
    kind: LawKind
    protects: Protects = Protects.RESIDENTS
    binds: Binds = Binds.COMPANIES
    never_named: str = ""  # why no request may rest on it, e.g. a court struck it down
    in_force_from: date | None = None
    in_force_until: date | None = None
    covered: str = ""  # thresholds, in words
    says: tuple[str, ...] = ()  # the law's own sentences about the whole letter
    rights: dict[Right, LawRight] = field(default_factory=dict)
    may_appeal: bool | None = None  # None: not known
    appeal_cite: str = ""  # the section that gives it, where a term's own section does not
    appeal: Term | None = None  # time to decide an appeal
    appeal_extension: Term | None = None
    appeal_acknowledge: Term | None = None  # where only a receipt of the appeal has a term
    appeal_outcome_cite: str = ""  # the outcome is owed without delay, in no number of days
    appeal_within: str = ""  # how long the person has, in words
    appeal_by: Term | None = None  # the same as a number, where the law sets one
    rolls_over: bool | None = None  # a last day on a weekend or holiday moves; None: not known
    rolls_over_cite: str = ""
    federal_holidays_only: bool = False  # working days of a federal office
    agent: str = ""
    agent_rights: tuple[Right, ...] = ()
    agent_proof: str = ""
    verification: str = ""  # what may be checked, with the section
    opt_out_may_authenticate: bool | None = None
    free_requests_per_year: int | None = None
    free_requests: str = ""  # in words, where it is no number
    exemptions: tuple[str, ...] = ()
    private_action: str = ""
    cure: str = ""  # the time a company gets to mend a breach before it is fined
    regulator: Regulator | None = None
    other_regulators: tuple[Regulator, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[LawSource, ...]
    confidence: Confidence
    not_sure: tuple[str, ...] = ()  # lines of this file that rest on memory or on a conflict
    checked_on: date
    reviewed_by: Reviewed | None = None
    sha256: str = field(default="")  # set by the loader: requests pin it

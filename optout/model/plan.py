"""What to ask of whom, in which order, and what to leave alone: as data, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from optout.model.broker import Channel, Slug
from optout.model.fields import Field
from optout.model.law import Law
from optout.model.listing import Listing
from optout.model.payload import Newness
from optout.model.request import Presence
from optout.model.words import BrokerKind, By, Holding, Right
from optout.text import Text


class Goal(StrEnum):
    """Which companies come first."""

    GOVERNMENT = "government"  # declared sales to government or police, and dangerous holdings
    PEOPLE_SEARCH = "people-search"
    CREDIT = "credit"


class BlockedWhy(StrEnum):
    """The kinds of reason why a value may not be given."""

    NEVER = "never"  # the person said: to nobody
    NOT_KNOWN = "not-known"  # only to a company that has it, and no sign that this one does
    MISSING = "missing"  # the person has no such value


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Fields of one kind that a channel needs and may not have, with the reason."""

    fields: tuple[Field, ...]
    reason: BlockedWhy
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LawChoice:
    """The law a request names, and why this one. `voluntary` claims no right."""

    law: Law
    reason: Text
    claims_right: bool
    limits: Text | None = None  # what this law's right does not reach
    to_confirm: Text | None = None  # a citation that is not sure: a person confirms it first


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanField:
    """One value a line would give away, and whether it is new to the company."""

    field: Field
    newness: Newness


class LineKind(StrEnum):
    """Who does the asking."""

    REQUEST = "request"
    GUIDED = "guided"  # by the person alone, at a place that takes no program (DROP)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One request worth making: of whom, how, on which law, and what it gives away."""

    kind: LineKind = LineKind.REQUEST
    broker: Slug
    name: str
    right: Right
    by: By
    channel: Channel | None  # None: a guided line that belongs to no definition
    law: LawChoice
    presence: Presence
    fields: tuple[PlanField, ...]
    minutes: int
    why: tuple[Text, ...]
    counts: Text | None = None  # the company's own, never a promise
    will_not_reach: Text
    harder_afterwards: tuple[Text, ...] = ()
    checked: Text  # "This form was never tried on the live site."
    other_ways: tuple[Text, ...] = ()  # each with what it would give away, or why it is closed
    questions: tuple[Text, ...] = ()  # where sources disagree, the person decides
    attests: tuple[str, ...] = ()  # the page's own words: only the person may agree
    contact_to_check: Text | None = None  # nothing is printed or sent until a person confirmed
    gate: Text | None = None  # a government paper: shown, and asked, before anything is drafted
    steps: tuple[Text, ...] = ()  # guided: what to do
    company_kind: BrokerKind | None = None  # None: California's own list is no company
    holds: tuple[Holding, ...] = ()  # what is most dangerous first
    sells_to: str = ""  # in the definition's own words
    listing: Listing | None = None  # the one record that it is about

    @property
    def why_company(self) -> tuple[Text, ...]:
        """Return the reasons that are about the company, not about the law."""
        return tuple(why for why in self.why if why not in (self.law.reason, self.law.limits))


class LeaveWhy(StrEnum):
    """Why something is left alone."""

    UNLIKELY = "unlikely"  # a company that sells to government and may not know the person
    GOVERNMENT = "government"  # a public body, not asked for
    NO_ROUTE = "no-route"
    NOT_OFFERED = "not-offered"  # the channel serves others, or residents of other states
    WITHHELD = "withheld"  # it needs a value that may not be given, or does not exist
    AGENT = "agent"  # this person must ask, nobody for them
    PARENT = "parent"  # a request to the parent may clear it
    DROP = "drop"  # California's own list already asks for this
    ON_REQUEST = "on-request"  # it may do more harm than good: only if the person asks for it


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAlone:
    """One thing that is not asked, and why. An answer, not a gap."""

    broker: Slug
    name: str
    right: Right | None = None  # None: the whole company
    why: LeaveWhy
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything worth asking now, in order, and everything left alone."""

    lines: tuple[PlanLine, ...] = ()
    leave_alone: tuple[LeaveAlone, ...] = ()
    notes: tuple[Text, ...] = ()
    strangers: int = 0  # companies in it that may not know the person
    held_back: int = 0  # requests beyond the limit
    minutes: int = field(default=0)

"""One broker as the catalog describes it: facts, hosts, channels, flows, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from optout.model.fields import Field
from optout.model.flow import Flow, Search
from optout.model.words import (
    Basis,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Holding,
    Origin,
    Right,
    WhoMayAsk,
)
from optout.text import Written

Slug = NewType("Slug", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read, and when."""

    key: str
    what: str
    url: str = ""
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """An e-mail or postal address of a company, and how sure it is.

    Anything below `one-source` is printed only after a person confirmed it (SAFETY 5).
    """

    email: str = ""
    lines: tuple[str, ...] = ()  # as printed on the envelope, company first
    confidence: Confidence
    check: str = ""  # what to check and where, when not sure
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComesFrom:
    """Where records in a company's files begin, or the company that passed them on."""

    origin: Origin | None = None  # directly, or through others that no source names
    company: str = ""  # its short name; one of the two, never both
    until: int | None = None  # the year in which it ended, as the source says
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Where sources disagree. The person is told where it matters to them."""

    about: str  # eligibility, agents, ssn, scope, address
    says: tuple[str, ...]  # each with its source key
    ask: str = ""  # what the person should do or decide; no question, for nobody hears the answer
    without_law: bool = False  # matters only where the request names no law


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A call page: number, and what to say."""

    number: str
    hours: str = ""
    confidence: Confidence
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to ask one broker for one right."""

    right: Right
    key: str = ""  # needed where two channels of a broker share right and `by`
    by: tuple[By, ...]  # in order of preference
    basis: tuple[Basis, ...]
    title: str = ""  # what the company calls it
    url: str = ""
    flow: str = ""  # key of the broker's flow; needed where `by` holds "web"
    email: Contact | None = None
    post: Contact | None = None
    phone: Phone | None = None
    guide: tuple[str, ...] = ()  # portal: where to click, what to write
    instead: str = ""  # by "none": what can be done instead
    discloses: tuple[Field, ...] = ()  # must equal what the flow and the letter use
    products: tuple[str, ...] = ()  # what its letter or mail asks to search, by name
    addressee: str = ""  # the legal entity that answers here, where it is not the broker's `name`
    enclose: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    who_may_ask: tuple[WhoMayAsk, ...] = (WhoMayAsk.SELF,)
    attests: tuple[str, ...] = ()  # the page's own words that only the person may agree to
    eligible: Eligible
    eligibility: str = ""  # in words
    states: tuple[str, ...] = ()  # where known to serve residents of these only
    blank_ssn_line: bool = False  # postal FCRA request: a blank line to fill by hand
    answers_in_days: int | None = None  # what the company says or reported
    answers_basis: str = ""
    confirmation: str = "none"  # none, reference, email-link, email-code, email-reply, letter
    minutes: int = 10
    harder_afterwards: tuple[str, ...] = ()  # what may get harder, and how to undo it
    will_not_reach: str = ""  # one honest sentence
    pitfalls: tuple[str, ...] = ()
    conflict: tuple[Conflict, ...] = ()
    confidence: Confidence
    sources: tuple[str, ...]

    def envelope(self) -> tuple[str, ...]:
        """Return the lines of the envelope, with the entity that answers in front."""
        lines = self.post.lines if self.post else ()
        named = not self.addressee or any(self.addressee in line for line in lines)
        return lines if named or not lines else (self.addressee, *lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCount:
    """One line of a registry filing: the company's own count, checked by nobody."""

    received: int
    granted: int
    granted_in_part: int = 0
    denied: int
    mean_days: float | None = None
    median_days: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a company declared to a state registry, as filed."""

    registry: str = "California data broker registry"
    year: int
    filed_as: str = ""
    sold_to_federal_government: bool | None = None
    sold_to_state_governments: bool | None = None
    sold_to_law_enforcement: bool | None = None
    collects_citizenship: bool | None = None
    glba: str = ""
    fcra: str = ""
    counts: dict[Right, RequestCount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A company or body that requests go to."""

    slug: Slug
    name: str  # the legal name letters are addressed to
    short_name: str = ""
    parent: str = ""
    clears: tuple[str, ...] = ()  # slugs that a request here may clear
    feeds: tuple[str, ...] = ()  # slugs that get data from here: they are asked later
    covers: tuple[str, ...] = ()  # its own sites that one request counts for, as a source says
    apart: tuple[str, ...] = ()  # its own sites that one request may not reach: look at each
    kind: BrokerKind
    holds: tuple[Holding, ...]
    products: tuple[str, ...] = ()
    comes_from: tuple[ComesFrom, ...] = ()  # what the map draws; nothing without a source
    sells_to: str = ""
    legal_status: str = ""
    hosts: tuple[str, ...] = ()  # the only hosts that may receive personal data
    assets: tuple[str, ...] = ()  # names in brokers/asset-hosts.toml: GET only
    captcha: tuple[str, ...] = ()  # names in the same file: POST allowed, never personal data
    mail_domains: tuple[str, ...] = ()
    grade: Grade
    verified_on: date | None = None
    sample: bool = False  # a built-in practice company: nothing real is behind it
    in_default_plan: bool = False  # one of the companies this project began from (SAFETY 1)
    government: bool = False  # a public body: every paper is gated (SAFETY 3)
    cra: str = ""  # "", "nationwide", "nationwide-specialty", "agency": FCRA role
    facts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # what no source says
    declared: Declared | None = None
    channel: tuple[Channel, ...]
    flow: dict[str, Flow] = field(default_factory=dict)
    search: Search | None = None  # how it is searched for somebody's listings
    sources: tuple[Source, ...]
    # Set by the loader, never in the file:
    sha256: str = ""  # of the definition's bytes: approvals and attempts pin it
    local: bool = False  # from the user's own folder: marked in every prompt

    def called(self) -> str:
        """Return the name people know it by; where it describes, it is shown in their language."""
        return Written(self.short_name or self.name)

    def addressed(self, channel: Channel | None) -> str:
        """Return the legal name that what goes this way is addressed to."""
        return (channel.addressee if channel else "") or self.name

    def find_channel(self, right: Right, by: By, key: str = "") -> Channel | None:
        """Return the channel a stored message names, or None if the definition lost it."""
        for channel in self.channel:
            if (channel.right, channel.key) == (right, key) and by in channel.by:
                return channel
        return None

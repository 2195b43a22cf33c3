"""A legal office that helps many clients: its settings, a client's file, checks and papers.

The words are the office's: a *matter* is a client's file, a *party* is whoever else has to do
with it, a *conflict check* looks whether the office already acts for somebody against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from optout.model.fields import Field
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """The settings that make a locked folder an office's; without them it is one person's own."""

    office: str
    responsible: tuple[str, ...]  # staff who can answer for a client's file; never a client
    four_eyes: bool = False  # whoever prepares does not approve
    keeps_years: int = 0  # how long a closed file is kept; 0: nobody said


class PartyRole(StrEnum):
    """What somebody else has to do with a client's file."""

    HOUSEHOLD = "household"
    ADVERSE = "adverse"  # against the client: an employer, a landlord, a former partner


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody else in a client's file; known by name only."""

    id: str
    subject_id: SubjectId
    role: PartyRole
    name: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A client's file: the office's own number, and who answers for it."""

    subject_id: SubjectId
    number: str = ""
    responsible: str = ""
    opened_on: date
    closed_on: date | None = None
    hold: bool = False  # a lawyer said: erase nothing
    keep_until: date | None = None  # the day on which the promised time is over


class CheckResult(StrEnum):
    """What a person found when they looked for a conflict of interest."""

    CLEAR = "clear"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictCheck:
    """One recorded look: when, by whom, for which names, and what it found."""

    id: str
    subject_id: SubjectId
    on: date
    by: str
    names: Secret[tuple[str, ...]]
    hits: int  # how many entries of other files were shown
    result: CheckResult
    note: Secret[str] | None = None


class AuthorizationKind(StrEnum):
    """In whose name a client lets the office send."""

    OWN_NAME = "own-name"  # the client's: the office only helps
    AGENT = "agent"  # the office's, as the client's agent


class AuthorizationState(StrEnum):
    """Where a paper that a client signs stands."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One line of what a client allows: one request to one company, and what it may be told."""

    broker: str
    right: Right
    fields: tuple[Field, ...]  # these facts and no other; none: it is told nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What a client allowed by signature, line by line, and until when."""

    id: str
    subject_id: SubjectId
    kind: AuthorizationKind
    reference: str = ""  # of the drafted paper, if one was drafted here
    agent: str = ""  # who may send, on the agent path
    agent_lines: tuple[str, ...] = ()  # and where answers reach them
    scope: tuple[Allowed, ...]
    written_on: date
    signed_on: date | None = None
    expires_on: date  # the last day
    revoked_on: date | None = None
    evidence_id: str = ""  # the scan, in the client's own encrypted file
    document_sha256: str = ""

    @property
    def brokers(self) -> tuple[str, ...]:
        """Return the companies that it names."""
        return tuple(dict.fromkeys(each.broker for each in self.scope))

    @property
    def rights(self) -> tuple[Right, ...]:
        """Return what it names at one company or another."""
        return tuple(dict.fromkeys(each.right for each in self.scope))

    def state(self, on: date) -> AuthorizationState:
        """Return where it stands on a day: taken back counts before everything else."""
        if self.revoked_on is not None and self.revoked_on <= on:
            return AuthorizationState.REVOKED
        if self.signed_on is None:
            return AuthorizationState.UNSIGNED
        return AuthorizationState.EXPIRED if on > self.expires_on else AuthorizationState.SIGNED

"""The person whose records these are, and what may be given to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType

from optout.model.fields import IdentifierKind
from optout.model.secret import Personal, Secret

SubjectId = NewType("SubjectId", str)
IdentifierId = NewType("IdentifierId", str)


class Share(StrEnum):
    """To whom a fact may be given (SAFETY 2)."""

    NEVER = "never"
    KNOWN = "known"  # only to a company that already has it
    ASK = "ask"  # to whoever the person approves


class Acting(StrEnum):
    """Who operates the program for this subject (SAFETY 6)."""

    SELF = "self"
    HELPER = "helper"
    AGENT = "agent"
    LAWYER = "lawyer"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonName(Personal):
    """A name as its owner writes it. One-word names have an empty `family`."""

    given: str
    family: str = ""
    middle: str = ""
    suffix: str = ""

    def full(self) -> str:
        """Return the parts that exist, in Western order."""
        return " ".join(p for p in (self.given, self.middle, self.family, self.suffix) if p)


CODE_BELOW_CITY: Final = frozenset({"United Kingdom", "Ireland"})
"""Where the postal code has a line of its own; elsewhere in Europe it stands before the city."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PostalAddress(Personal):
    """A mailing address."""

    street: str
    city: str
    state: str  # two letters; "" outside the United States
    zip: str  # five digits, or ZIP+4; abroad a postal code as people there write it
    unit: str = ""
    care_of: str = ""
    country: str = ""  # its name, as an envelope needs it; "" in the United States

    def lines(self) -> tuple[str, ...]:
        """Return the lines below the name, as printed on an envelope."""
        care_of = f"c/o {self.care_of}" if self.care_of else ""
        return tuple(
            line for line in (care_of, self.street, self.unit, *self._last_lines()) if line
        )

    def _last_lines(self) -> tuple[str, ...]:
        if not self.country:
            return (f"{self.city}, {self.state} {self.zip}",)
        if self.country in CODE_BELOW_CITY:
            return (self.city, self.zip, self.country)
        return (f"{self.zip} {self.city}".strip(), self.country)


IdentifierValue = PersonName | PostalAddress | Secret[str] | Secret[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One fact about a subject, from when until when it was true, and to whom it may go.

    The value's type follows the kind: name and alias `PersonName`, address `PostalAddress`,
    e-mail and phone (E.164) `Secret[str]`, birth date `Secret[date]`.
    """

    id: IdentifierId
    kind: IdentifierKind
    value: IdentifierValue
    share: Share
    valid_from: date | None = None
    valid_to: date | None = None

    def shown(self) -> str:
        """Return the fact as its owner reads it."""
        if isinstance(self.value, PersonName):
            return self.value.full()
        if isinstance(self.value, PostalAddress):
            return ", ".join(self.value.lines())
        return str(self.value.reveal())


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where a subject lived, from when until when: it decides which law applies."""

    state: str  # two letters; "" outside the United States
    country: str = "US"
    since: date | None = None
    until: date | None = None


class ReplyKind(StrEnum):
    """What kind of place answers go to."""

    NEW_EMAIL = "new-email"  # an address made for this
    RELAY_EMAIL = "relay-email"
    OWN = "own"  # the subject's own address or e-mail, knowingly
    PO_BOX = "po-box"
    CARE_OF = "care-of"
    SUBSTITUTE = "substitute"  # an address-confidentiality program's address


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """Where answers come, apart from where the subject lives.

    With kind `substitute`, the postal address replaces the real one everywhere.
    """

    kind: ReplyKind
    email: Secret[str] | None = None
    address: PostalAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The natural person a request is about."""

    id: SubjectId
    label: Secret[str]  # how this computer's list calls the person
    identifiers: tuple[Identifier, ...]
    residences: tuple[Residence, ...]
    reply_to: tuple[ReplyTo, ...] = ()
    zone: str = "America/Denver"  # IANA name: legal dates are dates there
    acting: Acting = Acting.SELF
    minor_allowed_by_parent: bool = False

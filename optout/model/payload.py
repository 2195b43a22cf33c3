"""Exactly what would leave, to whom: built for one subject, shown, approved, sent unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from optout.model.fields import Field
from optout.model.request import MessageId
from optout.model.row import Row
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text


class Newness(StrEnum):
    """Whether a company probably has a value already."""

    KNOWN = "known"  # "they probably have this"
    NEW = "new"  # "NEW to them": asked twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who receives: hosts (web, portal), a mail address, the lines of an envelope, a phone."""

    name: str
    hosts: tuple[str, ...] = ()
    email: str = ""
    lines: tuple[str, ...] = ()
    phone: str = ""
    office: str = ""  # of a complaint: what is given to it is not given to the company


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The values of one message to one recipient. Nothing outside it may be sent."""

    message_id: MessageId
    subject_id: SubjectId
    recipient: Recipient
    values: Mapping[Field, Secret[str]]
    recognize: Mapping[Field, Secret[str]] = field(default_factory=dict)  # shown, never typed
    body: Secret[str] | None = None  # text of the letter or mail
    row: Secret[Row] | None = None  # the listing that this is about, as the site showed it
    definition_sha256: str = ""
    letter_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """One line of the approval screen."""

    field: Field
    value: Secret[str]
    newness: Newness


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSheet:
    """Everything a person sees before saying yes."""

    title: Text
    payload: Payload
    values: tuple[ShownValue, ...]
    warnings: tuple[Text, ...]
    digest: str
    reading_copy: Secret[str] | None = None  # of the text, for who reads no English; never sent

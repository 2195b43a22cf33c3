"""Requests, the messages that carry them, and the attempts to deliver those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType

from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.secret import Personal
from optout.model.subject import SubjectId
from optout.model.words import By, Right

if TYPE_CHECKING:  # the whole shape of a definition, for one name of a type
    from optout.model.broker import Slug
    from optout.model.listing import SearchId

RequestId = NewType("RequestId", str)
MessageId = NewType("MessageId", str)
AttemptId = NewType("AttemptId", str)
Reference = NewType("Reference", str)  # short, random, safe to show to a broker


class Delivery(StrEnum):
    """Did a message leave? The first six are the program's, `handed_over` is the person's."""

    DRAFT = "draft"
    READY = "ready"
    FILLING = "filling"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    HANDED_OVER = "handed_over"


class Status(StrEnum):
    """The broker's side of a request (words of the Data Rights Protocol)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    DENIED = "denied"
    EXPIRED = "expired"
    REVOKED = "revoked"


class StatusReason(StrEnum):
    """Why a request is in progress or denied."""

    NEED_USER_VERIFICATION = "need_user_verification"
    SUSPECTED_FRAUD = "suspected_fraud"
    INSUF_VERIFICATION = "insuf_verification"
    NO_MATCH = "no_match"
    CLAIM_NOT_COVERED = "claim_not_covered"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    TOO_MANY_REQUESTS = "too_many_requests"
    PARTIAL = "partial"
    SEEN_GONE = "seen_gone"  # ours: two looks at their page did not show it any more
    RETURNED = "returned"  # ours: the letter or mail came back, so nobody was asked
    OTHER = "other"


class Presence(StrEnum):
    """Whether a company probably has the person already (SAFETY 1)."""

    EVIDENCE = "evidence"  # a listing, an earlier file, a letter
    LIKELY = "likely"  # from the five questions
    UNLIKELY = "unlikely"


class Purpose(StrEnum):
    """What a message is for."""

    REQUEST = "request"
    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    WITHDRAWAL = "withdrawal"
    AUTHORIZATION = "authorization"


FOLLOW_UPS: Final = frozenset({Purpose.REMINDER, Purpose.APPEAL, Purpose.COMPLAINT})
"""What comes after a request: it asks nothing new, and is about an answer or about silence."""


class Reason(StrEnum):
    """Why a person thinks that a refusal is wrong: the short list that an appeal is made from."""

    NO_EXCEPTION = "no-exception"
    NOT_ALL = "not-all"
    NOT_THIS = "not-this"
    ENOUGH = "enough"
    STILL_THERE = "still-there"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Said(Personal):
    """What the person picked and wrote for an appeal; nothing else of theirs is in it."""

    reasons: tuple[Reason, ...] = ()
    own: str = ""  # one sentence in their own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One right asked of one broker for one subject (and one listing), under one law."""

    id: RequestId
    reference: Reference
    subject_id: SubjectId
    broker: Slug
    right: Right
    listing_id: str = ""
    law: LawId
    law_sha256: str
    presence: Presence
    status: Status = Status.OPEN
    reason: StatusReason | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes out once. A letter may carry several requests to one company."""

    id: MessageId
    reference: Reference
    subject_id: SubjectId
    purpose: Purpose
    broker: Slug
    channel_right: Right  # with `by`: which channel of the definition
    by: By
    channel_key: str = ""
    leg: int = 0  # which leg of the flow, web only
    request_ids: tuple[RequestId, ...]
    delivery: Delivery = Delivery.DRAFT
    seen_by_broker: bool = False  # not filed, but the page saw typed values
    posted_on: date | None = None
    tracking: str = ""
    broker_reference: str = ""
    not_after: datetime | None = None  # a mailed link dies then
    said: Said | None = None  # of an appeal
    as_agent: bool = False  # in the office's name, on a paper that the client signed
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person said yes to exactly this payload, definition and letter."""

    id: str
    message_id: MessageId
    digest: str  # sha256 over payload, definition, letter, recipient
    approved_by: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to deliver one leg of a message: the outbox row."""

    id: AttemptId
    message_id: MessageId
    approval_id: str
    delivery: Delivery
    payload_sha256: str
    definition_sha256: str
    began_at: datetime
    ended_at: datetime | None = None
    came_back: bool = False  # a letter was returned, or a mail bounced


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One field given to one recipient in one attempt, or in one search."""

    attempt_id: AttemptId | None
    subject_id: SubjectId
    recipient: str  # host, mail address or company name
    field: Field
    new_to_them: bool
    at: datetime
    came_back: bool = False  # the letter was returned: they did not get it
    search_id: SearchId | None = None

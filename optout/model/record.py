"""What the vault remembers around a request: tasks, deadlines, answers, proof, exports, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

# part of the record, found here too
from optout.model.deadline import PRACTICE as PRACTICE  # noqa: PLC0414
from optout.model.deadline import Deadline as Deadline  # noqa: PLC0414
from optout.model.deadline import DeadlineKind as DeadlineKind  # noqa: PLC0414

if TYPE_CHECKING:  # names only
    from optout.model.request import MessageId, RequestId
    from optout.model.secret import Secret
    from optout.model.subject import SubjectId


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"


class TaskKind(StrEnum):
    """Something only a person can do."""

    CONFIRM_EMAIL = "confirm-email"
    POST_LETTER = "post-letter"
    SEND_EMAIL = "send-email"
    USE_PORTAL = "use-portal"
    CALL = "call"
    DID_IT_ARRIVE = "did-it-arrive"
    CHECK_ADDRESS = "check-address"
    KEEP_OR_DESTROY = "keep-or-destroy"
    READ_ANSWER = "read-answer"
    READ_REFUSAL = "read-refusal"
    UNDERSTAND = "understand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something only a person can do, how long it takes, and until when it can be done."""

    id: str
    kind: TaskKind
    message_id: MessageId | None = None
    request_id: RequestId | None = None
    minutes: int
    not_after: datetime | None = None
    state: TaskState = TaskState.OPEN
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDeadline:
    """A deadline as it was fixed when the outcome was recorded."""

    id: str
    request_id: RequestId
    deadline: Deadline
    met: bool = False
    withdrawn: bool = False  # what it was counted from did not happen: the letter came back


class Answer(StrEnum):
    """What a company can answer with."""

    ACKNOWLEDGED = "acknowledged"
    EXTENDED = "extended"
    NEEDS_MORE = "needs-more"
    FULFILLED = "fulfilled"
    PARTIAL = "partial"
    DENIED = "denied"
    FILE_RECEIVED = "file-received"
    RETURNED = "returned"  # mail came back
    APPEAL_DENIED = "appeal-denied"


class Wanted(StrEnum):
    """What a company can want from the person before it goes on."""

    ID_COPY = "id-copy"
    SSN = "ssn"
    FACE = "face"
    ADDRESS_PROOF = "address-proof"
    NOTARY = "notary"
    ACCOUNT = "account"
    MORE_FACTS = "more-facts"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """Anything received about a request.

    `exemption` holds what they name: the exception of a refusal, or a `Wanted` of `needs-more`.
    """

    id: str
    request_id: RequestId
    answer: Answer
    received_on: date
    exemption: str = ""
    note: Secret[str] | None = None
    evidence_id: str = ""

    @property
    def wanted(self) -> Wanted | None:
        """What they want from the person, if that is what they wrote about."""
        if self.answer is not Answer.NEEDS_MORE or self.exemption not in set(Wanted):
            return None
        return Wanted(self.exemption)


class EvidenceKind(StrEnum):
    """What kind of proof."""

    CAPTURE = "capture"
    CONFIRMATION = "confirmation"
    LETTER = "letter"
    MAIL = "mail"
    REPLY = "reply"
    SIGNED = "signed"  # a scan of what the person signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Proof, kept encrypted; this is its card."""

    id: str
    subject_id: SubjectId
    message_id: MessageId | None
    request_id: RequestId | None
    kind: EvidenceKind
    media_type: str
    sha256: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that left the vault."""

    id: str
    path: Secret[str]
    what: str  # letter, mail, calendar, report, capture
    sha256: str
    at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of the history: who did what, when. Ids, codes and times only."""

    seq: int
    at: datetime
    actor: str
    code: str
    ids: tuple[str, ...]
    sha256: str

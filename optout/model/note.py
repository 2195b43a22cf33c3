"""Free text that a person keeps about a request or about somebody; erased with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from optout.model.request import RequestId
from optout.model.secret import Secret
from optout.model.subject import SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One erasable text; the history carries only its salted hash."""

    id: str
    subject_id: SubjectId
    request_id: RequestId | None = None
    text: Secret[str]
    at: datetime

"""A record that a company shows in public, and whether it is the subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from optout.model.broker import Slug
from optout.model.secret import Secret
from optout.model.subject import SubjectId


class ListingState(StrEnum):
    """What was seen of a listing, scan by scan."""

    NOT_SEEN = "not-seen"
    SEEN = "seen"
    ABSENT_ONCE = "absent-once"
    ABSENT = "absent"  # twice, with the control that the page works
    REAPPEARED = "reappeared"


class Verdict(StrEnum):
    """Whether a listing is the person. A name alone is never `same`."""

    SAME = "same"
    UNSURE = "unsure"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One record at one company that may be the subject."""

    id: str
    subject_id: SubjectId
    broker: Slug
    url: Secret[str]
    shown: Mapping[str, Secret[str]] = field(default_factory=dict)
    state: ListingState = ListingState.NOT_SEEN
    verdict: Verdict = Verdict.UNSURE
    decided_by: str = ""
    seen_on: date | None = None
    absent_on: date | None = None

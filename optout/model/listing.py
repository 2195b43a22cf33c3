"""A record that a company shows in public, and whether it is the subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType

from optout.model.broker import Slug
from optout.model.secret import Personal, Secret
from optout.model.subject import SubjectId

SearchId = NewType("SearchId", str)


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


PROGRAM: Final = "program"
"""Who decided where no person did: a new look may decide again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One record at one company that may be the subject.

    `key` stays the same when the record's age, relatives or place in the list change.
    """

    id: str
    subject_id: SubjectId
    broker: Slug
    url: Secret[str]
    shown: Mapping[str, Secret[str]] = field(default_factory=dict)
    state: ListingState = ListingState.NOT_SEEN
    verdict: Verdict = Verdict.UNSURE
    decided_by: str = ""
    seen_on: date | None = None
    absent_on: date | None = None  # the first of the absences that count now
    key: str = ""
    searched_as: Secret[str] = field(default_factory=lambda: Secret(""))  # what shows it
    why: tuple[tuple[str, Secret[str]], ...] = ()  # each a `Side`, and the reason in English
    first_on: date | None = None
    looked_on: date | None = None  # the last look that says something
    gone_on: date | None = None  # the second absence: it counts as removed
    back_on: date | None = None  # seen again after that


class SearchEnd(StrEnum):
    """How one search at one company ended."""

    LOOKING = "looking"
    FOUND = "found"  # rows were read; whether one is the person is another question
    NOTHING = "nothing"  # the page itself says that it has nobody of this name
    NOT_UNDERSTOOD = "not-understood"  # neither rows nor the page's own word that there are none
    STOPPED = "stopped"  # by a crash or by the person: they may have seen the values
    NOT_REACHED = "not-reached"  # nothing was given


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Search(Personal):
    """One search for one person at one company: what it gave away, and what came of it."""

    id: SearchId
    subject_id: SubjectId
    broker: Slug
    searched_as: Secret[str]
    digest: str
    approved_by: str
    definition_sha256: str
    end: SearchEnd = SearchEnd.LOOKING
    rows: int = 0
    evidence_id: str = ""
    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one search says of one listing."""

    listing_id: str
    search_id: SearchId
    on: date
    seen: bool

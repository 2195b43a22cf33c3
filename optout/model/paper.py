"""The papers of an office, and who has read their wording: a translation nobody read is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # a name only
    from optout.model.subject import SubjectId

SOURCE_LANGUAGE: Final = "en"  # in which the papers are written; every other is a translation


class Paper(StrEnum):
    """One of the papers of a client's day at the office."""

    INTAKE = "intake"
    ENGAGEMENT = "engagement"
    CONSENT = "consent"
    EXPLANATION = "explanation"
    AUTHORIZATION = "authorization"
    INTERPRETER = "interpreter"
    ANSWER = "answer"
    CLOSING = "closing"


SIGNED: Final = frozenset({Paper.ENGAGEMENT, Paper.CONSENT, Paper.INTERPRETER})
"""The papers that somebody signs; the authorization itself is a letter to companies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who read one wording of a paper, and when. It counts for exactly that wording."""

    name: str
    on: date
    bar: str = ""  # of a lawyer: "Colorado 00000"
    sha256: str  # of what was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One paper in one language as it is now: whose words, and who read them."""

    paper: Paper
    language: str
    ours: bool  # as it came; False: the office wrote its own
    sha256: str
    reviews: tuple[Review, ...] = ()  # of exactly this wording

    @property
    def is_draft(self) -> bool:
        """Say whether it is a translation that no named person has read."""
        return self.language != SOURCE_LANGUAGE and not self.reviews

    @property
    def lawyer(self) -> Review | None:
        """Return the lawyer who read it last, if one did."""
        return next((each for each in reversed(self.reviews) if each.bar), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPaper:
    """One paper that was printed for a client to be signed, and what became of it.

    What a client allows by signature is an `Authorization`: it is not among these.
    """

    id: str
    subject_id: SubjectId
    paper: Paper
    reference: str
    language: str
    draft: bool  # as it was printed: nobody signs it
    written_on: date
    signed_on: date | None = None
    evidence_id: str = ""  # the scan, in the client's own encrypted file
    document_sha256: str = ""

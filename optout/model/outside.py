"""A company that no definition describes: what a person wrote down to be able to ask it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.secret import Personal
from optout.model.subject import SubjectId
from optout.model.words import By, Right


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OutsideCompany(Personal):
    """One company as one person knows it. It tells whom they asked, so it stays in the folder.

    Of `email`, `lines` and `url` only the one is filled that `by` needs.
    """

    slug: Slug
    subject_id: SubjectId
    written_on: date
    name: str
    by: By  # email, post or portal
    email: str = ""
    lines: tuple[str, ...] = ()  # as on the envelope, company first
    url: str = ""
    find_by: tuple[Field, ...] = ()  # beside the name: what the person says they have already
    sentences: dict[Right, str] = field(default_factory=dict)  # to copy into their page

    def definition(self) -> dict[str, object]:
        """Return all that was written down of it: what is stored, and what a yes is to."""
        return {
            "name": self.name,
            "by": self.by,
            "email": self.email,
            "lines": self.lines,
            "url": self.url,
            "find_by": self.find_by,
            "sentences": self.sentences,
        }

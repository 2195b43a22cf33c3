"""What in the folder shows that a company has the person, whatever they answered to questions."""

from __future__ import annotations

from optout.model.broker import Slug
from optout.model.listing import Verdict
from optout.model.record import Answer
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.desk import Desk

# An answer that a company can only give about somebody it has.
SHOWS_THEY_HAVE_IT = frozenset({Answer.FILE_RECEIVED, Answer.FULFILLED, Answer.PARTIAL})
PAGE_SHOWS_YOU = Text("you found yourself on its pages")
IT_ANSWERED = Text("it answered about your records")


def evidence_of(
    desk: Desk, subject_id: SubjectId, *, at: Slug | None = None
) -> dict[Slug, tuple[Text, ...]]:
    """Return what shows that companies (or the one named) have this person.

    Planning and filing both read it here, so that no screen contradicts another.
    """
    found: dict[Slug, dict[Text, None]] = {}
    for listing in desk.vault.listings.list(subject_id):
        if listing.verdict is Verdict.SAME and at in {None, listing.broker}:
            found.setdefault(listing.broker, {})[PAGE_SHOWS_YOU] = None
    for request in desk.vault.requests.list(subject_id=subject_id, broker=at):
        answers = {each.answer for each in desk.vault.correspondence.for_request(request.id)}
        if answers & SHOWS_THEY_HAVE_IT:
            found.setdefault(request.broker, {})[IT_ANSWERED] = None
    return {slug: tuple(texts) for slug, texts in found.items()}

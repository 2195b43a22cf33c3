"""What in the folder shows that a company has the person, whatever they answered to questions."""

from __future__ import annotations

from collections.abc import Collection

from optout.model.broker import Slug
from optout.model.listing import Verdict
from optout.model.record import Answer
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.text import Text
from optout.workflows.desk import Desk

# A file that came is about somebody they have. "We did it" says so only of what nobody can do
# without a record: they put a stranger, too, on a list of people not to sell, and answer the same.
SAY_THEY_DID_IT = frozenset({Answer.FULFILLED, Answer.PARTIAL})
NEEDS_A_RECORD = frozenset({Right.ACCESS, Right.FILE_DISCLOSURE, Right.CORRECT})
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
    requests = desk.vault.requests.list(subject_id=subject_id, broker=at)
    came = desk.vault.correspondence.for_requests(request.id for request in requests)
    for request in requests:
        answers = {each.answer for each in came.get(request.id, ())}
        if _shows_they_have_it(request.right, answers):
            found.setdefault(request.broker, {})[IT_ANSWERED] = None
    return {slug: tuple(texts) for slug, texts in found.items()}


def _shows_they_have_it(right: Right, answers: Collection[Answer]) -> bool:
    """Say whether only a company that has this person could have answered so."""
    return Answer.FILE_RECEIVED in answers or (
        right in NEEDS_A_RECORD and not SAY_THEY_DID_IT.isdisjoint(answers)
    )

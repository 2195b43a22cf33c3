"""Read what many messages of one person have in common once, and not for each of them."""

from __future__ import annotations

from collections.abc import Collection

from optout.model.request import Message
from optout.model.subject import SubjectId
from optout.workflows.approve import check_file
from optout.workflows.desk import Desk, ReadOnce, as_here
from optout.workflows.evidence import evidence_of


def read_once(desk: Desk, subject_id: SubjectId, messages: Collection[Message]) -> ReadOnce:
    """Read it just before these messages are prepared; refuse where their file is closed."""
    subject = desk.vault.subjects.get(subject_id)
    check_file(desk, subject)
    ids = {request_id for message in messages for request_id in message.request_ids}
    return ReadOnce(
        subject=as_here(desk, subject),
        requests=desk.vault.requests.get_many(ids),
        carried=desk.vault.messages.for_requests(ids),
        shown=evidence_of(desk, subject_id).keys(),
        was_given=desk.vault.disclosures.any_for(subject_id),
    )

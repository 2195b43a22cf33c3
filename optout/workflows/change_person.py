"""What is kept of a person is changed: what another window changed meanwhile is not undone.

A question can stand open for hours. So everything is asked first, and what is changed is read
again in the moment in which it is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from optout.model.fields import IdentifierKind
from optout.model.subject import Share, Subject, SubjectId
from optout.workflows.desk import Desk
from optout.workflows.keep_person import check_label, moved

Kinds = Collection[IdentifierKind]


def share_with(
    desk: Desk, subject_id: SubjectId, shares: Mapping[IdentifierKind, Share]
) -> Subject:
    """Let each kind of fact go to whom it may go now; all others stay as they are."""
    subjects = desk.vault.subjects
    with desk.vault.together():
        changed = _shared(subjects.get(subject_id), shares)
        subjects.replace(changed)
    return changed


def keep_anew(
    desk: Desk, before: Subject, answered: Subject, *, asked: Kinds, today: date
) -> Subject:
    """Keep a person as they answered, with the homes of before; return what is kept now.

    What was said to go to nobody since `before` was read, in another window, still goes to nobody;
    so does what is not among the `asked`: of these alone it was said anew who may get them.
    """
    subjects = desk.vault.subjects
    with desk.vault.together():
        now = subjects.get(before.id)
        changed = moved(now, check_label(answered, subjects.list()), today=today)
        changed = _shared(changed, _still_closed(before, now, asked))
        subjects.replace(changed)
    return changed


def _still_closed(before: Subject, now: Subject, asked: Kinds) -> Mapping[IdentifierKind, Share]:
    known = {each.id for each in before.identifiers if each.share is Share.NEVER}
    closed = (each for each in now.identifiers if each.share is Share.NEVER)
    return {
        each.kind: Share.NEVER for each in closed if each.id not in known or each.kind not in asked
    }


def _shared(subject: Subject, shares: Mapping[IdentifierKind, Share]) -> Subject:
    identifiers = tuple(
        replace(each, share=shares.get(each.kind, each.share)) for each in subject.identifiers
    )
    return replace(subject, identifiers=identifiers)

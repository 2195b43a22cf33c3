"""Whether what a client signed lets an office tell one company what a search tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from optout.errors import OptoutError
from optout.model.broker import Broker, Slug
from optout.model.clinic import Authorization, AuthorizationKind
from optout.model.fields import Field
from optout.model.subject import Subject
from optout.rules.authorized import Wanted, why_not_allowed
from optout.text import Text
from optout.workflows.authorizations import FOR_OTHERS, said_not_covered
from optout.workflows.clinic import clinic_of
from optout.workflows.desk import Desk


def why_not_signed(
    desk: Desk, subject: Subject, broker: Broker, told: Collection[Field]
) -> Text | None:
    """Return why an office may not search there for this client, as it might not ask there.

    A line for any request to that company counts: a search goes before each of them. Without any
    paper a client who is helped is asked, each time; for a client whose agent it is, it may not.
    """
    if clinic_of(desk.vault) is None:
        return None
    kind, papers = _papers(desk, subject)
    if not papers and subject.acting not in FOR_OTHERS:
        return None
    wanted = Wanted(
        subject_id=subject.id,
        kind=kind,
        broker=str(broker.slug),
        rights=(),
        fields=told,
        on=desk.today(subject),
    )
    lines = [line for paper in papers for line in paper.scope if line.broker == wanted.broker]
    asked = [replace(wanted, rights=(line.right,)) for line in lines] or [wanted]
    reasons = [why_not_allowed(papers, each) for each in asked]
    told_why = [each for each in reasons if each is not None]
    if len(told_why) < len(reasons):
        return None
    return said_not_covered(broker, max(told_why, key=lambda why: why.nearness))


def is_signed_for(desk: Desk, subject: Subject, slug: Slug) -> bool:
    """Say whether staff may search there while this client is away: a paper of theirs covers it."""
    if not _papers(desk, subject)[1] or clinic_of(desk.vault) is None:
        return False
    try:
        broker = desk.find_broker(slug)
    except OptoutError:
        return False
    told = broker.search.discloses if broker.search else ()
    return bool(told) and why_not_signed(desk, subject, broker, told) is None


def _papers(desk: Desk, subject: Subject) -> tuple[AuthorizationKind, Sequence[Authorization]]:
    """Return what a client signed of the kind that counts, however old, and that kind."""
    acts_for = subject.acting in FOR_OTHERS
    kind = AuthorizationKind.AGENT if acts_for else AuthorizationKind.OWN_NAME
    papers = desk.vault.authorizations.for_subject(subject.id)
    return kind, [each for each in papers if each.kind is kind]

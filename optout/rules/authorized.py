"""Whether a paper that a client signed allows one request: never out of scope, never too late."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from optout.model.clinic import Authorization, AuthorizationKind, AuthorizationState
from optout.model.fields import Field
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.text import Text

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be sent, for whom, and in whose name."""

    subject_id: SubjectId
    kind: AuthorizationKind
    broker: str
    rights: tuple[Right, ...]
    fields: Collection[Field]
    on: date


def why_not_allowed(papers: Iterable[Authorization], wanted: Wanted) -> Text | None:
    """Return why no paper of this client allows it, or None where one does.

    Of several papers the nearest miss is told: what has to be signed again.
    """
    own = [each for each in papers if each.kind is wanted.kind]
    own = [each for each in own if each.subject_id == wanted.subject_id]
    if not own:
        return Text("No signed paper of this client allows it.")
    reasons = [_why_not(each, wanted) for each in own]
    return None if None in reasons else _nearest([each for each in reasons if each is not None])


@dataclass(frozen=True, slots=True)
class _Reason:
    nearness: int
    text: Text


def _nearest(reasons: Sequence[_Reason]) -> Text:
    return max(reasons, key=lambda reason: reason.nearness).text


def _why_not(paper: Authorization, wanted: Wanted) -> _Reason | None:
    if wanted.broker not in paper.brokers:
        return _Reason(0, Text("What the client signed does not name this company."))
    missing = [right for right in wanted.rights if right not in paper.rights]
    if missing:
        return _Reason(1, Text("What the client signed does not name this request."))
    beyond = [field for field in wanted.fields if field not in paper.fields]
    if paper.fields and beyond:
        return _Reason(2, Text("It would tell the company more than the client signed for."))
    text = _STATES.get(paper.state(wanted.on))
    return _Reason(3, text) if text else _not_yet(paper, wanted.on)


def _not_yet(paper: Authorization, on: date) -> _Reason | None:
    if paper.signed_on is not None and paper.signed_on > on:
        return _Reason(3, Text("The day of the signature has not come yet."))
    return None


_STATES: Final = {
    AuthorizationState.UNSIGNED: Text("The paper for this is not signed yet."),
    AuthorizationState.EXPIRED: Text("What the client signed for this has run out."),
    AuthorizationState.REVOKED: Text("The client took back what they signed for this."),
}


def is_soon_over(paper: Authorization, on: date) -> bool:
    """Say whether a signed paper runs out within thirty days."""
    return paper.state(on) is AuthorizationState.SIGNED and paper.expires_on - on <= SOON

"""Whether a paper that a client signed allows one request: never out of scope, never too late.

A paper is read line by line: what it allows at one company it does not allow at another.
"""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCovered:
    """Why a paper does not allow it; the sentence leaves room for what it does not name."""

    nearness: int
    text: Text
    needs_new_paper: bool = False  # a signature on this one would not help
    rights: tuple[Right, ...] = ()
    fields: tuple[Field, ...] = ()


def why_not_allowed(papers: Iterable[Authorization], wanted: Wanted) -> NotCovered | None:
    """Return why no paper of this client allows it, or None where one does.

    Of several papers the nearest miss is told: what has to be signed again.
    """
    own = [each for each in papers if each.kind is wanted.kind]
    own = [each for each in own if each.subject_id == wanted.subject_id]
    if not own:
        return _NO_PAPER
    reasons = [_why_not(each, wanted) for each in own]
    told = [each for each in reasons if each is not None]
    return None if None in reasons else max(told, key=lambda reason: reason.nearness)


def newest_that_allows(papers: Sequence[Authorization], wanted: Wanted) -> Authorization | None:
    """Return the newest paper that allows it by itself: the one whose copy goes with a letter."""
    allow = [each for each in papers if why_not_allowed((each,), wanted) is None]
    return max(allow, key=lambda paper: paper.signed_on or paper.written_on, default=None)


_NO_PAPER: Final = NotCovered(
    nearness=0, text=Text("No signed paper of this client allows it."), needs_new_paper=True
)
_NO_COMPANY: Final = Text("What the client signed does not name this company.")
_NO_RIGHT: Final = Text("What the client signed for {company} does not name this: {rights}.")
_NO_FACT: Final = Text("It would tell {company} more than the client signed for: {facts}.")


def _why_not(paper: Authorization, wanted: Wanted) -> NotCovered | None:
    lines = {each.right: each.fields for each in paper.scope if each.broker == wanted.broker}
    if not lines:
        return NotCovered(nearness=0, text=_NO_COMPANY, needs_new_paper=True)
    rights = tuple(right for right in wanted.rights if right not in lines)
    if rights:
        return NotCovered(nearness=1, text=_NO_RIGHT, needs_new_paper=True, rights=rights)
    # What one letter tells, it tells for each request in it.
    fields = tuple(
        field
        for field in wanted.fields
        if not all(field in lines[right] for right in wanted.rights)
    )
    if fields:
        return NotCovered(nearness=2, text=_NO_FACT, needs_new_paper=True, fields=fields)
    text = _STATES.get(paper.state(wanted.on))
    return NotCovered(nearness=3, text=text) if text else _not_yet(paper, wanted.on)


def _not_yet(paper: Authorization, on: date) -> NotCovered | None:
    if paper.signed_on is not None and paper.signed_on > on:
        return NotCovered(nearness=3, text=Text("The day of the signature has not come yet."))
    return None


_STATES: Final = {
    AuthorizationState.UNSIGNED: Text("The paper for this is not signed yet."),
    AuthorizationState.EXPIRED: Text("What the client signed for this has run out."),
    AuthorizationState.REVOKED: Text("The client took back what they signed for this."),
}


def is_soon_over(paper: Authorization, on: date) -> bool:
    """Say whether a signed paper runs out within thirty days."""
    return paper.state(on) is AuthorizationState.SIGNED and paper.expires_on - on <= SOON

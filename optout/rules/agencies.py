"""What the federal credit-report law (FCRA) makes an agency owe: by its role, never by its name."""

from __future__ import annotations

from typing import Final

from optout.model.law import Law, LawKind
from optout.model.words import Right

_NATIONWIDE: Final = "nationwide"
_SPECIALTY: Final = "nationwide-specialty"


def is_nationwide_bureau(cra: str) -> bool:
    """Say whether this is one of the three bureaus that the federal freeze binds."""
    return cra == _NATIONWIDE


def owes_yearly_copy(cra: str) -> bool:
    """Say whether an agency of this role owes the free yearly copy, with its fifteen days."""
    return cra in {_NATIONWIDE, _SPECIALTY}


def is_yearly_copy(law: Law, right: Right) -> bool:
    """Say whether the law sets this right's term for the free yearly copy only."""
    return law.kind is LawKind.FCRA and right is Right.FILE_DISCLOSURE

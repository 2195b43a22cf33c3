"""Which answer can follow which, and on which day: what cannot have happened is not written down.

Companies contradict their own letters, and what came last is what holds. But a notice that it
takes longer does not follow a decision, and an appeal is not refused before anything was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from optout.errors import WrongUsage
from optout.model.record import Answer, Correspondence
from optout.rules.days import written
from optout.text import Text

_REFUSALS: Final = frozenset({Answer.DENIED, Answer.PARTIAL, Answer.APPEAL_DENIED})
_DECISIONS: Final = _REFUSALS | {Answer.FULFILLED, Answer.FILE_RECEIVED}
_ON_THE_WAY: Final = frozenset({Answer.ACKNOWLEDGED, Answer.EXTENDED, Answer.NEEDS_MORE})
_UNCHANGED: Final = Text("Nothing was changed.")


def check_answer_order(
    answer: Answer,
    on: date,
    came: Sequence[Correspondence],
    *,
    reference: str,
    appealed: bool,
) -> None:
    """Raise where this answer cannot follow what is written down: nothing is overwritten by it."""
    decided = max((each.received_on for each in came if each.answer in _DECISIONS), default=None)
    if answer is Answer.APPEAL_DENIED:
        _check_refused_before(on, came, reference=reference, appealed=appealed)
    if decided is None or answer not in _ON_THE_WAY:
        return
    if on < decided:
        raise WrongUsage(
            Text(
                "They decided on {decided}, as you wrote down. What came before that, on {on}, "
                "changes nothing any more.",
                decided=written(decided),
                on=written(on),
            ),
            known=_UNCHANGED,
            hint=Text("If it came later, give its day: optout record {r} --on DATE", r=reference),
        )
    if answer is Answer.EXTENDED and not appealed:
        raise WrongUsage(
            Text(
                "They decided on {decided}, as you wrote down: a notice that it takes longer "
                "comes before a decision, and moves nothing after it.",
                decided=written(decided),
            ),
            known=_UNCHANGED,
            hint=Text("If they look at it again: optout record {r} acknowledged", r=reference),
        )


def _check_refused_before(
    on: date, came: Sequence[Correspondence], *, reference: str, appealed: bool
) -> None:
    refused = max((each.received_on for each in came if each.answer in _REFUSALS), default=None)
    if refused is None and not appealed:
        raise WrongUsage(
            Text("No refusal and no appeal of {r} is written down yet.", r=reference),
            known=_UNCHANGED,
            hint=Text(
                "First write down what they refused: optout record {r} denied --on DATE",
                r=reference,
            ),
        )
    if refused is not None and on < refused:
        raise WrongUsage(
            Text(
                "{on} is before they refused ({refused}), so it cannot be about your appeal.",
                on=written(on),
                refused=written(refused),
            ),
            known=_UNCHANGED,
            hint=Text("Check the date on the letter, and give it with --on YYYY-MM-DD"),
        )

"""`law due` says until when, and claims no duty that may not be there."""

from __future__ import annotations

from optout.due_words import DEADLINE_WORDS
from optout.model.deadline import DeadlineKind


def test_no_date_is_shown_as_a_duty_of_a_company_that_the_law_may_not_reach() -> None:
    said = {kind: text.english() for kind, text in DEADLINE_WORDS.items()}
    assert not [text for text in said.values() if "must" in text]
    assert said[DeadlineKind.RESPONSE] == "last day to answer, where this law reaches them"
    assert said[DeadlineKind.OPT_OUT] == "last day to carry it out"  # also of limits and offers
    assert said[DeadlineKind.APPEAL_DECISION] == "last day to decide the appeal"

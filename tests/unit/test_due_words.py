"""`law due` says until when, claims no duty that may not be there, and asks no answered thing."""

from __future__ import annotations

from datetime import date

from optout.catalog.laws import find_law
from optout.due_words import DEADLINE_WORDS
from optout.model.deadline import DeadlineKind
from optout.model.words import Right
from optout.rules.deadlines import clocks_for, without_answer


def test_no_date_is_shown_as_a_duty_of_a_company_that_the_law_may_not_reach() -> None:
    said = {kind: text.english() for kind, text in DEADLINE_WORDS.items()}
    assert not [text for text in said.values() if "must" in text]
    assert said[DeadlineKind.RESPONSE] == "last day to answer, where this law reaches them"
    assert said[DeadlineKind.OPT_OUT] == "last day to carry it out"  # also of limits and offers
    assert said[DeadlineKind.APPEAL_DECISION] == "last day to decide the appeal"


def test_after_a_refusal_no_answer_is_awaited_and_the_appeal_is() -> None:
    clocks = clocks_for(
        find_law("us-co-cpa"),
        Right.DELETE,
        received=date(2026, 11, 23),
        denied_on=date(2026, 12, 20),
        appealed_on=date(2026, 12, 28),
    )
    before = [each.kind for each in clocks.deadlines]
    after = [each.kind for each in without_answer(clocks).deadlines]
    assert DeadlineKind.RESPONSE in before  # the control
    assert DeadlineKind.RESPONSE not in after
    assert {DeadlineKind.APPEAL_BY, DeadlineKind.APPEAL_DECISION} <= set(after)
    assert without_answer(clocks).notes == clocks.notes

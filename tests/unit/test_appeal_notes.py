"""What `law due` says of an appeal: no day is dropped in silence, and the law's own day counts."""

from __future__ import annotations

from datetime import date

import pytest

from optout.catalog.laws import find_law
from optout.model.deadline import PRACTICE, DeadlineKind
from optout.model.words import Right
from optout.rules.deadlines import Clocks, clocks_for

RECEIVED, REFUSED, APPEALED = date(2026, 11, 2), date(2026, 12, 1), date(2026, 12, 10)
MOVES_NOTHING = "The appeal of 2026-12-10 moves nothing"


def counted(law: str, right: str = "delete", *, appealed: bool = True) -> Clocks:
    return clocks_for(
        find_law(law),
        Right(right),
        received=RECEIVED,
        denied_on=REFUSED,
        appealed_on=APPEALED if appealed else None,
    )


def notes(clocks: Clocks) -> str:
    return " ".join(note.english() for note in clocks.notes)


@pytest.mark.parametrize("law", ["us-ca-ccpa", "us-ut-ucpa"])
def test_where_there_is_no_appeal_its_day_is_said_to_move_nothing(law: str) -> None:
    assert MOVES_NOTHING in notes(counted(law))
    assert MOVES_NOTHING not in notes(counted(law, appealed=False))


def test_the_control_where_there_is_one_it_is_counted() -> None:
    clocks = counted("us-co-cpa")
    assert MOVES_NOTHING not in notes(clocks)
    assert DeadlineKind.APPEAL_DECISION in {each.kind for each in clocks.deadlines}


def test_the_days_to_appeal_are_the_laws_where_it_sets_them_and_ours_elsewhere() -> None:
    basis = {
        law: next(
            each
            for each in counted(law, right, appealed=False).deadlines
            if each.kind is DeadlineKind.APPEAL_BY
        )
        for law, right in (("us-foia", "records-request"), ("us-co-cpa", "delete"))
    }
    foia, colorado = basis["us-foia"], basis["us-co-cpa"]
    assert (foia.due_on, foia.basis) == (date(2027, 3, 1), "5 U.S.C. § 552(a)(6)")
    assert (colorado.due_on, colorado.basis) == (date(2026, 12, 31), PRACTICE)


def test_a_british_last_day_on_a_weekend_moves_and_is_marked_as_not_sure() -> None:
    clocks = clocks_for(find_law("uk-gdpr"), Right.ACCESS, received=date(2026, 11, 26))
    (answer,) = clocks.deadlines
    assert answer.due_on == date(2026, 12, 28)
    assert "the plain date is 2026-12-26. Check it." in notes(clocks)

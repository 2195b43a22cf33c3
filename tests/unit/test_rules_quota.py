"""Proves that free answers are counted as laws count them: answers, over twelve months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.catalog.laws import find_law
from optout.model.words import Right
from optout.rules.quota import used_up

TODAY = date(2027, 6, 1)
DAYS = st.lists(st.dates(date(2024, 1, 1), TODAY), max_size=6)


@pytest.mark.parametrize(
    ("law", "answered", "again"),
    [
        ("us-co-cpa", [], ""),
        ("us-co-cpa", ["2026-06-02"], "2027-06-02"),
        ("us-co-cpa", ["2026-06-01"], ""),  # twelve months ago: free again today
        ("us-va-vcdpa", ["2027-01-10"], ""),  # two a year
        ("us-va-vcdpa", ["2026-12-10", "2027-01-10"], "2027-12-10"),
        ("us-va-vcdpa", ["2026-10-05", "2026-12-10", "2027-01-10"], "2027-12-10"),
        ("voluntary", ["2027-01-10"], ""),
    ],
)
def test_another_answer_is_free_or_says_from_when(
    law: str, answered: list[str], again: str
) -> None:
    found = used_up(find_law(law), Right.ACCESS, map(date.fromisoformat, answered), TODAY)
    assert (found.free_again_on.isoformat() if found else "") == again


def test_only_copies_are_counted() -> None:
    law, day = find_law("us-co-cpa"), [date(2027, 1, 10)]
    assert used_up(law, Right.ACCESS, day, TODAY)  # the control
    assert used_up(law, Right.DELETE, day, TODAY) is None


def test_it_is_said_with_the_company_and_the_day() -> None:
    found = used_up(find_law("us-co-cpa"), Right.ACCESS, [date(2027, 1, 10)], TODAY)
    assert found
    said = found.said("Example Data").english()
    assert "Example Data has given 1" in said
    assert "2028-01-10" in said


@given(DAYS, st.sampled_from(["us-co-cpa", "us-va-vcdpa"]))
def test_on_the_day_that_is_named_it_is_free_and_not_a_day_sooner(
    answered: list[date], law: str
) -> None:
    found = used_up(find_law(law), Right.ACCESS, answered, TODAY)
    if found is None:
        return
    assert found.free_again_on > TODAY
    assert used_up(find_law(law), Right.ACCESS, answered, found.free_again_on) is None
    before = found.free_again_on - timedelta(days=1)
    assert used_up(find_law(law), Right.ACCESS, answered, before)

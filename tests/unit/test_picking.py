"""What a person may write to pick from a numbered list, and that nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.errors import WrongUsage
from optout.rules.picking import check_pick, picked


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("a", (1, 2, 3, 4, 5)),
        (" ALL ", (1, 2, 3, 4, 5)),
        ("y", (1, 2, 3, 4, 5)),
        ("sí", (1, 2, 3, 4, 5)),
        ("", ()),
        ("n", ()),
        ("None", ()),
        ("1,3", (1, 3)),
        ("3 1", (1, 3)),
        ("2-4", (2, 3, 4)),
        ("1, 2 - 3, 3", (1, 2, 3)),
        ("5", (5,)),
    ],
)
def test_all_some_or_none(typed: str, numbers: tuple[int, ...]) -> None:
    assert picked(typed, 5) == numbers


@pytest.mark.parametrize(
    "typed", ["0", "6", "1,6", "4-2", "x", "1,x", "-1", "1-2-3", "1.5", "²", "9" * 5000, "1-", ";"]
)
def test_what_names_nothing_is_told_with_the_range(typed: str) -> None:
    with pytest.raises(WrongUsage, match=r"from 1 to 5|picks nothing"):
        picked(typed, 5)


def test_what_picks_from_no_list_at_all_is_told_before_there_is_one() -> None:
    for typed in ("a", "", "none", "1,3", "900"):
        check_pick(typed)
    for typed in ("x", "4-2", "1;2", ",", "1-", "0", "1,0", "0-2"):
        with pytest.raises(WrongUsage, match="picks nothing"):
            check_pick(typed)


@given(st.text(), st.integers(1, 40))
def test_whatever_is_typed_only_entries_of_the_list_come_out(typed: str, count: int) -> None:
    try:
        numbers = picked(typed, count)
    except WrongUsage:
        return
    assert set(numbers) <= set(range(1, count + 1))
    assert list(numbers) == sorted(set(numbers))

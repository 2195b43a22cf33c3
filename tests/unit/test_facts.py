"""Proves that what people type is stored in one way, or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from optout.errors import WrongUsage
from optout.workflows import facts

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("check", "typed", "stored"),
    [
        (facts.zip_code, " 80202 ", "80202"),
        (facts.zip_code, "02134-1234", "02134-1234"),
        (facts.email, "jordan@example.com", "jordan@example.com"),
        (facts.phone, "303-555-0142", "+13035550142"),
        (facts.phone, "(303) 555 0142", "+13035550142"),
        (facts.phone, "+52 55 5555 0100", "+525555550100"),
    ],
)
def test_what_people_type_is_stored_in_one_way(
    check: Callable[[str], str], typed: str, stored: str
) -> None:
    assert check(typed) == stored


@pytest.mark.parametrize(
    ("check", "typed"),
    [
        (facts.zip_code, "8020"),
        (facts.zip_code, "80202-1"),
        (facts.zip_code, ""),
        (facts.email, "jordan"),
        (facts.email, "jordan@localhost"),
        (facts.email, "a@example.com,b@example.com"),
        (facts.email, "a@example.com\nBcc: b@example.com"),
        (facts.phone, "555"),
        (facts.phone, "555-0142"),
        (facts.phone, "call me"),
        (facts.not_empty, "   "),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_way_on(
    check: Callable[[str], str], typed: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        check(typed)
    assert refused.value.known == facts.NOTHING_CHANGED
    assert refused.value.hint or not typed.strip()


def test_a_zip_of_four_digits_says_that_one_is_missing() -> None:
    with pytest.raises(WrongUsage, match="this one has 4"):
        facts.zip_code("8020")


@pytest.mark.parametrize("typed", ["1990-04-12", "4/12/1990", "04/12/1990"])
def test_dates_are_read_as_people_here_write_them(typed: str) -> None:
    assert facts.day(typed, today=TODAY) == date(1990, 4, 12)


@pytest.mark.parametrize("typed", ["2026-02-30", "2/30/2026", "2026-11-23", "1899-12-31", "soon"])
def test_an_impossible_day_is_refused(typed: str) -> None:
    with pytest.raises(WrongUsage):
        facts.day(typed, today=TODAY)


def test_since_a_year_that_has_not_come_is_questioned() -> None:
    today = date(2026, 11, 22)
    assert facts.since("2026", today=today) == today
    with pytest.raises(WrongUsage, match="has not come yet"):
        facts.since("2031", today=today)

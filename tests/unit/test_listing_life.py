"""A record counts as gone only after two looks without it, days apart; and can come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model.broker import Slug
from optout.model.flow import Looks
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.listing_life import (
    APART,
    ImpossibleListing,
    check_follows,
    days_to_removal,
    look_again_on,
    may_follow,
    missed,
    rhythm_of,
    seen,
)

DAY = date(2026, 11, 22)
NEW = Listing(
    id="one",
    subject_id=SubjectId("jordan"),
    broker=Slug("example-people-search"),
    url=Secret(""),
    verdict=Verdict.SAME,
)
FOUND = seen(NEW, DAY)

Looked = list[tuple[int, bool]]  # days since the look before, and whether it was shown


def _after(days: int) -> date:
    return DAY + timedelta(days=days)


def _lived(looks: Looked) -> list[tuple[date, bool, Listing]]:
    on, now, lived = DAY, FOUND, []
    for days, shown in looks:
        on += timedelta(days=days)
        now = (seen if shown else missed)(now, on)
        lived.append((on, shown, now))
    return lived


looks = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12)


@given(looks)
def test_gone_always_means_two_looks_without_it_three_days_apart(looks: Looked) -> None:
    was, since = FOUND, None
    for on, shown, now in _lived(looks):
        since = None if shown else since or on
        assert may_follow(was.state, now.state)
        check_follows(was, now)
        if now.state is ListingState.ABSENT:
            assert since is not None
            assert now.absent_on == since
            assert on - since >= APART
        was = now


def test_the_property_above_has_its_control() -> None:
    """Without the days between, one bad afternoon of a site would count as a removal."""
    assert missed(missed(FOUND, _after(1)), _after(3)).state is ListingState.ABSENT_ONCE
    assert missed(missed(FOUND, _after(1)), _after(4)).state is ListingState.ABSENT
    once = missed(FOUND, _after(1))
    hasty = replace(once, state=ListingState.ABSENT, gone_on=_after(2))
    with pytest.raises(ImpossibleListing):
        check_follows(once, hasty)
    with pytest.raises(ImpossibleListing):
        check_follows(FOUND, replace(hasty, gone_on=_after(9)))


@given(looks)
def test_what_is_shown_is_never_called_gone(looks: Looked) -> None:
    shown = [now for _on, is_shown, now in _lived(looks) if is_shown]
    assert all(now.state in {ListingState.SEEN, ListingState.REAPPEARED} for now in shown)
    assert all(now.absent_on is None for now in shown)


@given(looks, st.integers(1, 400))
def test_a_clock_that_went_back_changes_nothing(looks: Looked, days: int) -> None:
    last = ([FOUND] + [now for *_rest, now in _lived(looks)])[-1]
    assert last.looked_on
    earlier = last.looked_on - timedelta(days=days)
    assert seen(last, earlier) == missed(last, earlier) == last


def test_it_can_come_back_and_go_again() -> None:
    gone = missed(missed(FOUND, _after(3)), _after(7))
    assert (gone.state, gone.gone_on) == (ListingState.ABSENT, _after(7))
    assert days_to_removal(gone, DAY) == 3
    back = seen(gone, _after(40))
    assert (back.state, back.back_on) == (ListingState.REAPPEARED, _after(40))
    assert seen(back, _after(41)).state is ListingState.REAPPEARED
    assert missed(back, _after(50)).state is ListingState.ABSENT_ONCE
    assert seen(missed(FOUND, _after(3)), _after(4)).state is ListingState.SEEN  # never was gone


def test_a_record_that_was_never_seen_is_not_missed() -> None:
    assert missed(NEW, DAY) == NEW


def test_the_next_look_is_due_only_where_it_tells_something() -> None:
    assert look_again_on(FOUND, None) is None  # nothing was asked: there is nothing to verify
    assert look_again_on(FOUND, DAY) == _after(3)
    assert look_again_on(FOUND, DAY, answers_in_days=10) == _after(10)
    assert look_again_on(seen(FOUND, _after(3)), DAY) == _after(10)  # still there: in a week
    once = missed(FOUND, _after(3))
    assert look_again_on(once, DAY) == _after(6)
    gone = missed(once, _after(6))
    assert look_again_on(gone, DAY) == _after(36)
    back = seen(gone, _after(36))
    assert look_again_on(back, DAY) is None  # first it is asked again
    assert look_again_on(back, _after(37)) == _after(40)
    assert look_again_on(replace(once, verdict=Verdict.OTHER), DAY) is None


def test_a_definition_makes_looks_rarer_and_never_more_often() -> None:
    slow = rhythm_of(Looks(after_request=14, while_there=28, after_removal=90))
    assert look_again_on(FOUND, DAY, slow) == _after(14)
    assert look_again_on(seen(FOUND, _after(14)), DAY, slow) == _after(42)
    gone = missed(missed(FOUND, _after(3)), _after(6))
    assert look_again_on(gone, DAY, slow) == _after(96)
    assert look_again_on(gone, DAY, rhythm_of(None)) == _after(36)  # control
    hasty = Looks(after_request=-1, while_there=0, after_removal=1, after_error=1)
    assert rhythm_of(hasty) == rhythm_of(None)
    assert rhythm_of(Looks(after_removal=9999)).after_removal == 365

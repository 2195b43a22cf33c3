"""Deadlines: worked examples with the counting shown, what is refused, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.errors import WrongUsage
from optout.model.law import Law, LawId, LawKind, LawRight, Term, Unit
from optout.model.record import PRACTICE, DeadlineKind
from optout.model.words import By, Confidence, Right
from optout.rules import calendar
from optout.rules.deadlines import clocks_for, deadlines_for, received_on, recheck_after
from optout.rules.states import state_code, state_name, state_names, zone_of

DAYS, BUSINESS, MONTHS = Unit.DAYS, Unit.BUSINESS_DAYS, Unit.MONTHS


def term(length: int, unit: Unit = DAYS, cite: str = "§ 1") -> Term:
    return Term(length=length, unit=unit, cite=cite)


def law(  # a law by hand: the files of letters/laws have tests of their own
    right: LawRight,
    *,
    where: str = "US-CO",
    rolls_over: bool | None = True,
    appeal: Term | None = None,
    appeal_extension: Term | None = None,
    kind: LawKind = LawKind.COMPREHENSIVE,
) -> Law:
    return Law(
        id=LawId("a-law"),
        name="A Law",
        citation="Act 1",
        jurisdiction=where,
        kind=kind,
        in_force_from=date(2020, 1, 1),
        rights={Right.DELETE: right},
        appeal=appeal,
        appeal_extension=appeal_extension,
        rolls_over=rolls_over,
        rolls_over_cite="Act 9",
        sources=(),
        confidence=Confidence.CONFIRMED,
        checked_on=date(2026, 11, 1),
    )


def right(
    *,
    acknowledge: Term | None = None,
    opt_out_within: Term | None = None,
    answer: Term | None = None,
    extension: Term | None = None,
) -> LawRight:
    return LawRight(
        cite="§ 1",
        acknowledge=acknowledge,
        opt_out_within=opt_out_within,
        answer=answer,
        extension=extension,
        confidence=Confidence.CONFIRMED,
    )


FORTY_FIVE = right(answer=term(45, cite="§ answer"), extension=term(45, cite="§ more"))
CALIFORNIA = law(
    right(
        acknowledge=term(10, BUSINESS, "§ ack"),
        answer=term(45, cite="§ answer"),
        extension=term(45, cite="§ more"),
    ),
    where="US-CA",
)
CALIFORNIA_OPT_OUT = law(right(opt_out_within=term(15, BUSINESS, "§ opt")), where="US-CA")
COLORADO = law(
    FORTY_FIVE, appeal=term(45, cite="§ appeal"), appeal_extension=term(60, cite="§ appeal")
)
VIRGINIA = law(FORTY_FIVE, where="US-VA", appeal=term(60, cite="§ appeal"))
FCRA = law(right(answer=term(15)), where="US", rolls_over=False, kind=LawKind.FCRA)
MONTH = law(right(answer=term(1, MONTHS), extension=term(2, MONTHS)), where="EU", rolls_over=None)
UNKNOWN_ROLL = law(FORTY_FIVE, where="US-NJ", rolls_over=None)

RESPONSE, EXTENDED = DeadlineKind.RESPONSE, DeadlineKind.EXTENDED_RESPONSE


def dates(a_law: Law, **events: date | str | None) -> dict[DeadlineKind, tuple[str, str]]:
    found = deadlines_for(a_law, Right.DELETE, **events)  # type: ignore[arg-type] # by name
    return {each.kind: (str(each.due_on), str(each.grace_until)) for each in found}


@pytest.mark.parametrize(
    ("a_law", "received", "kind", "due", "grace"),
    [
        pytest.param(COLORADO, "2026-11-02", RESPONSE, "2026-12-17", "2026-12-22",
                     id="Nov 30 is day 28, Dec 17 day 45, a Thursday; grace Fri Mon Tue"),
        pytest.param(COLORADO, "2026-10-12", RESPONSE, "2026-11-27", "2026-12-02",
                     id="day 45 is Thanksgiving; in Colorado the Friday after is a working day"),
        pytest.param(CALIFORNIA, "2026-10-12", RESPONSE, "2026-11-30", "2026-12-03",
                     id="day 45 is Thanksgiving; in California the Friday after is a holiday too"),
        pytest.param(VIRGINIA, "2026-10-12", RESPONSE, "2026-11-30", "2026-12-03",
                     id="day 45 is Thanksgiving; in Virginia the Friday after is a holiday too"),
        pytest.param(UNKNOWN_ROLL, "2026-10-12", RESPONSE, "2026-11-26", "2026-12-01",
                     id="day 45 is Thanksgiving; no roll-over known, so the plain date stands"),
        pytest.param(COLORADO, "2026-11-17", RESPONSE, "2027-01-04", "2027-01-07",
                     id="Dec 31 is day 44, Jan 1 day 45; then a weekend"),
        pytest.param(COLORADO, "2028-01-15", RESPONSE, "2028-02-29", "2028-03-03",
                     id="Jan 31 is day 16, Feb 29 of a leap year day 45"),
        pytest.param(COLORADO, "2027-01-15", RESPONSE, "2027-03-01", "2027-03-04",
                     id="Feb 28 is day 44, Mar 1 day 45"),
        pytest.param(COLORADO, "2026-08-21", RESPONSE, "2026-10-06", "2026-10-09",
                     id="day 45 is Oct 5 2026, Frances Xavier Cabrini Day in Colorado"),
        pytest.param(VIRGINIA, "2026-08-21", RESPONSE, "2026-10-05", "2026-10-08",
                     id="Oct 5 2026 is an ordinary Monday in Virginia"),
        pytest.param(VIRGINIA, "2026-07-06", RESPONSE, "2026-08-20", "2026-08-25",
                     id="Jul 31 is day 25, Aug 20 day 45"),
        pytest.param(VIRGINIA, "2026-09-19", RESPONSE, "2026-11-04", "2026-11-09",
                     id="day 45 is Nov 3 2026, Election Day in Virginia; grace Thu Fri Mon"),
        pytest.param(CALIFORNIA_OPT_OUT, "2026-03-20", DeadlineKind.OPT_OUT, "2026-04-13",
                     "2026-04-16",
                     id="Mar 23-27 five, 30 six, 31 Cesar Chavez Day, Apr 3 nine, 10 14, 13 15"),
        pytest.param(CALIFORNIA, "2026-11-16", DeadlineKind.ACKNOWLEDGE, "2026-12-02",
                     "2026-12-07",
                     id="Nov 17-20 four, 23-25 seven, 26 and 27 holidays, 30 eight, Dec 2 ten"),
        pytest.param(CALIFORNIA, "2026-11-16", RESPONSE, "2026-12-31", "2027-01-06",
                     id="Dec 31 is day 45; grace skips New Year and a weekend"),
        pytest.param(FCRA, "2026-11-11", RESPONSE, "2026-11-26", "2026-12-01",
                     id="day 15 is Thanksgiving and stays; grace Fri Mon Tue"),
        pytest.param(FCRA, "2026-11-14", RESPONSE, "2026-11-29", "2026-12-02",
                     id="day 15 is a Sunday and stays"),
        pytest.param(MONTH, "2027-01-31", RESPONSE, "2027-02-28", "2027-03-03",
                     id="no 31 February: the month's last day"),
        pytest.param(MONTH, "2028-01-31", RESPONSE, "2028-02-29", "2028-03-03",
                     id="the last day of February in a leap year"),
    ],
)  # fmt: skip
def test_a_worked_example_comes_out_to_the_day(
    a_law: Law, received: str, kind: DeadlineKind, due: str, grace: str
) -> None:
    assert dates(a_law, received=date.fromisoformat(received))[kind] == (due, grace)


def test_an_extension_is_counted_in_one_run_from_receipt() -> None:
    # 90 days from Nov 16 2026: Dec 31 is 45, Jan 31 is 76, Feb 14 is 90, a Sunday; Monday the
    # 15th is Presidents' Day.
    found = dates(CALIFORNIA, received=date(2026, 11, 16), extended_on=date(2026, 12, 30))
    assert found[EXTENDED][0] == "2027-02-16"
    assert found[RESPONSE][0] == "2026-12-31"
    months = dates(MONTH, received=date(2027, 1, 31), extended_on=date(2027, 2, 20))
    assert months[EXTENDED][0] == "2027-04-30"


def test_a_florida_style_extension_is_shorter_and_iowa_longer() -> None:
    florida = law(right(answer=term(45), extension=term(15)), where="US-FL", rolls_over=None)
    iowa = law(right(answer=term(90), extension=term(45)), where="US-IA", rolls_over=None)
    started, told = date(2026, 11, 2), date(2026, 11, 20)
    assert dates(florida, received=started, extended_on=told)[EXTENDED][0] == "2027-01-01"
    assert dates(iowa, received=started, extended_on=told)[EXTENDED][0] == "2027-03-17"


def test_an_extension_on_the_last_day_counts_and_a_day_later_moves_nothing() -> None:
    received, last = date(2026, 11, 2), date(2026, 12, 17)
    assert EXTENDED in dates(COLORADO, received=received, extended_on=last)  # the control
    late = clocks_for(
        COLORADO, Right.DELETE, received=received, extended_on=last + timedelta(days=1)
    )
    assert EXTENDED not in {each.kind for each in late.deadlines}
    assert "moves nothing" in str(late.notes[0])
    assert "2026-12-17" in str(late.notes[0])


def test_where_the_law_gives_no_more_time_an_extension_moves_nothing() -> None:
    clocks = clocks_for(
        CALIFORNIA_OPT_OUT,
        Right.DELETE,
        received=date(2026, 11, 2),
        extended_on=date(2026, 11, 3),
    )
    assert {each.kind for each in clocks.deadlines} == {DeadlineKind.OPT_OUT}
    assert "gives no more time" in str(clocks.notes[0])


def test_refusal_appeal_and_complaint_run_in_colorado() -> None:
    # Appeal of Dec 10: Dec 31 is day 21, Jan 24 2027 day 45, a Sunday; grace Tue Wed Thu.
    clocks = clocks_for(
        COLORADO,
        Right.DELETE,
        received=date(2026, 11, 2),
        denied_on=date(2026, 12, 1),
        appealed_on=date(2026, 12, 10),
    )
    assert [(each.kind.value, str(each.due_on), each.basis) for each in clocks.deadlines] == [
        ("response", "2026-12-17", "§ answer"),
        ("appeal-by", "2026-12-31", PRACTICE),
        ("appeal-decision", "2027-01-25", "§ appeal"),
        ("complaint-from", "2027-01-29", PRACTICE),
    ]
    assert any("60 days more for the appeal" in str(note) for note in clocks.notes)


def test_virginia_decides_an_appeal_in_sixty_days() -> None:
    found = dates(
        VIRGINIA,
        received=date(2026, 7, 6),
        denied_on=date(2026, 8, 10),
        appealed_on=date(2026, 8, 24),
    )
    assert found[DeadlineKind.APPEAL_BY][0] == "2026-09-09"
    assert found[DeadlineKind.APPEAL_DECISION] == ("2026-10-23", "2026-10-28")
    assert found[DeadlineKind.COMPLAINT_FROM][0] == "2026-10-29"


def test_without_an_appeal_a_refusal_can_be_complained_about_at_once() -> None:
    found = dates(CALIFORNIA, received=date(2026, 11, 2), denied_on=date(2026, 11, 20))
    assert found[DeadlineKind.COMPLAINT_FROM][0] == "2026-11-20"
    assert DeadlineKind.APPEAL_BY not in found
    assert DeadlineKind.APPEAL_DECISION not in found


def test_a_kind_whose_event_is_absent_is_omitted() -> None:
    assert set(dates(COLORADO, received=date(2026, 11, 2))) == {RESPONSE}
    assert set(dates(CALIFORNIA, received=date(2026, 11, 2))) == {
        DeadlineKind.ACKNOWLEDGE,
        RESPONSE,
    }


def test_a_voluntary_request_has_no_legal_date_and_says_so() -> None:
    none = law(right(), where="", kind=LawKind.VOLUNTARY)
    clocks = clocks_for(none, Right.FREEZE, received=date(2026, 11, 2))
    assert clocks.deadlines == ()
    assert "no law" in str(clocks.notes[0])


def test_a_moved_last_day_says_where_the_rule_stands_and_an_unknown_one_says_so() -> None:
    moved = clocks_for(COLORADO, Right.DELETE, received=date(2026, 10, 12))
    assert "2026-11-26" in str(moved.notes[0])
    assert "Act 9" in str(moved.notes[0])
    plain = clocks_for(UNKNOWN_ROLL, Right.DELETE, received=date(2026, 10, 12))
    assert "not known" in str(plain.notes[0])
    assert clocks_for(COLORADO, Right.DELETE, received=date(2026, 11, 2)).notes == ()


def test_a_term_that_is_not_sure_says_so() -> None:
    unsure = Term(length=45, cite="§ from memory", confidence=Confidence.UNVERIFIED)
    clocks = clocks_for(law(right(answer=unsure)), Right.DELETE, received=date(2026, 11, 2))
    assert "§ from memory" in str(clocks.notes[0])


@pytest.mark.parametrize(
    "events",
    [
        {"received": date(2019, 12, 31)},
        {"received": date(2026, 11, 2), "extended_on": date(2026, 11, 1)},
        {"received": date(2026, 11, 2), "denied_on": date(2026, 11, 1)},
        {"received": date(2026, 11, 2), "appealed_on": date(2026, 11, 1)},
        {
            "received": date(2026, 11, 2),
            "denied_on": date(2026, 12, 1),
            "appealed_on": date(2026, 11, 30),
        },
        {
            "received": date(2026, 11, 2),
            "extended_on": date(2026, 12, 2),
            "denied_on": date(2026, 12, 1),
        },
    ],
)
def test_dates_that_cannot_be_are_refused_with_words(events: dict[str, date]) -> None:
    with pytest.raises(WrongUsage) as refused:
        deadlines_for(COLORADO, Right.DELETE, **events)  # type: ignore[arg-type] # by name
    assert str(refused.value)


def test_a_right_the_law_does_not_give_is_refused_and_the_given_ones_are_named() -> None:
    with pytest.raises(WrongUsage) as refused:
        deadlines_for(COLORADO, Right.FREEZE, received=date(2026, 11, 2))
    assert "freeze" in str(refused.value)
    assert "delete" in str(refused.value)


def test_a_law_that_ended_is_refused() -> None:

    ended = replace(COLORADO, in_force_until=date(2026, 6, 30))
    deadlines_for(ended, Right.DELETE, received=date(2026, 6, 30))
    with pytest.raises(WrongUsage):
        deadlines_for(ended, Right.DELETE, received=date(2026, 7, 1))


def test_far_off_years_and_unknown_states_are_refused_with_words() -> None:
    for far in (date.max, date.min, date(2201, 1, 1)):
        with pytest.raises(WrongUsage):
            deadlines_for(FCRA, Right.DELETE, received=far)
    with pytest.raises(WrongUsage):
        deadlines_for(FCRA, Right.DELETE, received=date(2026, 11, 2), state="ZZ")


def test_a_states_law_is_counted_by_its_own_holidays_and_a_federal_one_by_the_persons() -> None:
    started = date(2026, 11, 11)  # day 15 is Thanksgiving; the Friday is a holiday in California
    assert dates(FCRA, received=started, state="CA")[RESPONSE] == ("2026-11-26", "2026-12-02")
    assert dates(FCRA, received=started, state="CO")[RESPONSE] == ("2026-11-26", "2026-12-01")
    other = clocks_for(COLORADO, Right.DELETE, received=date(2026, 10, 12), state="CA")
    assert str(other.deadlines[0].due_on) == "2026-11-27"
    assert "holidays of CO" in str(other.notes[0])


def test_receipt_follows_the_channel() -> None:
    sent = date(2026, 11, 2)
    assert received_on(By.WEB, sent_on=sent) == sent
    assert received_on(By.EMAIL, sent_on=sent) == sent
    assert received_on(By.POST, sent_on=sent) == date(2026, 11, 7)
    assert received_on(By.POST, sent_on=sent, arrived_on=date(2026, 11, 4)) == date(2026, 11, 4)


def test_records_are_looked_for_again_after_six_months() -> None:
    assert recheck_after(date(2026, 8, 31)).due_on == date(2027, 2, 28)


DATES = st.dates(date(2020, 1, 1), date(2045, 12, 31))
STATES = st.sampled_from(["", "CA", "CO", "VA", "IL", "TX", "NY", "DC", "PR", "MA", "HI"])


@settings(max_examples=150)
@given(day=DATES, count=st.integers(1, 60), state=STATES)
def test_business_days_agree_with_counting_one_by_one(day: date, count: int, state: str) -> None:
    due = calendar.add_business_days(day, count, state)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    working = [each for each in between if calendar.is_business_day(each, state)]
    assert len(working) == count
    assert working[-1] == due


@settings(max_examples=150)
@given(day=DATES, more=st.integers(0, 9), length=st.integers(1, 120), roll=st.booleans())
def test_deadlines_keep_their_promises(*, day: date, more: int, length: int, roll: bool) -> None:
    a_law = law(right(answer=term(length), extension=term(length)), rolls_over=roll)
    first = deadlines_for(a_law, Right.DELETE, received=day, extended_on=day)
    later = deadlines_for(a_law, Right.DELETE, received=day + timedelta(days=more))
    answer, extended = first
    plain = day + timedelta(days=length)
    assert answer.kind is RESPONSE
    assert extended.due_on > answer.due_on or length < 5  # a long weekend can swallow some days
    assert later[0].due_on >= answer.due_on  # asked later, never due earlier
    assert answer.due_on >= plain
    assert (answer.due_on == plain) or roll
    assert not roll or calendar.is_business_day(answer.due_on, "CO")
    assert not any(
        calendar.is_business_day(plain + timedelta(days=n), "CO")
        for n in range((answer.due_on - plain).days)
    )
    assert calendar.is_business_day(answer.grace_until, "CO")
    assert calendar.add_business_days(answer.due_on, 3, "CO") == answer.grace_until


@settings(max_examples=150)
@given(
    received=DATES,
    gaps=st.tuples(*[st.integers(0, 120)] * 3),
    a_law=st.sampled_from([COLORADO, VIRGINIA, CALIFORNIA, FCRA, MONTH]),
)
def test_whatever_happens_dates_come_soonest_first_and_cite_the_law_or_practice(
    received: date, gaps: tuple[int, int, int], a_law: Law
) -> None:
    extended = received + timedelta(days=gaps[0])
    denied = extended + timedelta(days=gaps[1])
    found = deadlines_for(
        a_law,
        Right.DELETE,
        received=received,
        extended_on=extended,
        denied_on=denied,
        appealed_on=denied + timedelta(days=gaps[2]),
    )
    assert [each.due_on for each in found] == sorted(each.due_on for each in found)
    given_right = a_law.rights[Right.DELETE]
    terms = (given_right.acknowledge, given_right.answer, given_right.extension, a_law.appeal)
    cites = {each.cite for each in terms if each}
    ours = {DeadlineKind.APPEAL_BY, DeadlineKind.COMPLAINT_FROM}
    for each in found:
        assert (each.basis == PRACTICE) is (each.kind in ours)
        assert each.basis in cites | {PRACTICE}
        assert each.law == a_law.id
        assert each.grace_until > each.due_on


@given(day=DATES, count=st.integers(1, 48))
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, count: int) -> None:
    later = calendar.add_months(day, count)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == count
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_holidays_kept_on_another_day_count() -> None:
    assert not calendar.is_business_day(date(2026, 7, 3))  # for Saturday, 4 July 2026
    assert not calendar.is_business_day(date(2027, 12, 31))  # for Saturday, 1 January 2028
    assert calendar.is_business_day(date(2026, 7, 2))


def test_state_names_and_codes_are_exact() -> None:
    assert state_name("CO") == "Colorado"
    assert state_code(" colorado ") == "CO"
    assert state_code("dc") == "DC"
    assert state_name("DC") == "District of Columbia"
    assert len(state_names()) == 56
    for wrong in ("Colorad", "XX", "", "C0"):
        with pytest.raises(WrongUsage):
            state_code(wrong)
    with pytest.raises(WrongUsage):
        state_name("Co")


def test_every_state_has_a_zone_and_holidays() -> None:
    assert zone_of("CO") == "America/Denver"
    for code in state_names():
        assert "/" in zone_of(code)
        assert calendar.holidays_in(2026, code) >= calendar.holidays_in(2026)

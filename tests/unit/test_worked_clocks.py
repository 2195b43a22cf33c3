"""Worked examples over the shipped laws: each date with the counting that a lawyer can follow.

R is the day of receipt, never counted. Dates were counted by hand against a calendar.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optout.catalog.laws import find_law, list_laws
from optout.cli import main as shell
from optout.model.deadline import PRACTICE, DeadlineKind
from optout.model.law import Law, LawKind, Unit
from optout.model.words import Right
from optout.rules import calendar
from optout.rules.deadlines import JOINED, clocks_for, deadlines_for, may_be_missed

PLAIN = "no weekend or holiday in the way"
FIRST_ANSWERS = [
    # law, right, received, kind, due, late after, the counting
    ("us-co-cpa", "delete", "2026-11-02", "response", "2026-12-17", "2026-12-22",
     "45 days: Nov 30 is 28, Dec 17 is 45, a Thursday; grace Fri 18, Mon 21, Tue 22"),
    ("us-co-cpa", "access", "2026-10-12", "response", "2026-11-27", "2026-12-02",
     "45: Oct 31 is 19, Nov 26 is 45, Thanksgiving; 2-4-108 moves it to Friday, a working day"),
    ("us-va-vcdpa", "delete", "2026-10-12", "response", "2026-11-30", "2026-12-03",
     "45 is Thanksgiving; in Virginia the Friday is a holiday too, so Monday"),
    ("us-ca-ccpa", "access", "2026-11-16", "acknowledge", "2026-12-02", "2026-12-07",
     "10 business days: Nov 17-20 four, 23-25 seven, 26 and 27 off, 30 eight, Dec 1, 2"),
    ("us-ca-ccpa", "access", "2026-11-16", "response", "2026-12-31", "2027-01-06",
     "45: Nov 30 is 14, Dec 31 is 45, a Thursday; grace Jan 4, 5, 6"),
    ("us-ca-ccpa", "opt-out", "2026-12-18", "opt-out", "2027-01-12", "2027-01-15",
     "15 business days: Dec 21-24 four, 28-31 eight, Jan 4-8 thirteen, 11, 12"),
    ("us-ca-ccpa", "limit", "2026-11-16", "opt-out", "2026-12-09", "2026-12-14",
     "15 business days: Nov 17-20 four, 23-25 seven, 30 eight, Dec 1-4 twelve, 7, 8, 9"),
    ("us-ca-delete-act", "delete", "2026-12-31", "response", "2027-02-16", "2027-02-19",
     "45: Jan 31 is 31, Feb 14 is 45, a Sunday; Mon 15 is Presidents' Day, so Tuesday"),
    ("us-ca-delete-act", "delete", "2027-01-01", "response", "2027-02-01", "2027-02-04",
     "30 since 2027-01-01: Jan 31 is 30, a Sunday, so Monday"),
    ("us-ct-ctdpa", "opt-out", "2026-11-02", "response", "2026-12-17", "2026-12-22",
     "45 days; " + PLAIN),
    ("us-ut-ucpa", "access", "2026-11-20", "response", "2027-01-04", "2027-01-07",
     "45: Nov 30 is 10, Dec 31 is 41, Jan 4 is 45, a Monday"),
    ("us-tx-tdpsa", "delete", "2026-10-12", "response", "2026-11-30", "2026-12-03",
     "45 is Thanksgiving; in Texas the Friday is a holiday too, so Monday"),
    ("us-or-ocpa", "delete", "2026-10-14", "response", "2026-11-28", "2026-12-02",
     "45: Oct 31 is 17, Nov 28 is 45, a Saturday that stays; grace Mon 30, Dec 1, 2"),
    ("us-ri-dtppa", "delete", "2026-11-17", "response", "2027-01-01", "2027-01-06",
     "45: Dec 31 is 44, Jan 1 is 45, a holiday that stays; grace Jan 4, 5, 6"),
    ("us-mn-mcdpa", "delete", "2026-11-17", "response", "2027-01-04", "2027-01-07",
     "45 is Jan 1; 645.15 moves it over the weekend to Monday"),
    ("us-tn-tipa", "delete", "2026-10-01", "response", "2026-11-16", "2026-11-19",
     "45: Oct 31 is 30, Nov 15 is 45, a Sunday, so Monday"),
    ("us-ky-kcdpa", "delete", "2026-10-01", "response", "2026-11-16", "2026-11-19",
     "45 is Sunday, Nov 15; KRS 446.030 moves it to Monday"),
    ("us-mt-mcdpa", "delete", "2026-10-03", "response", "2026-11-17", "2026-11-20",
     "45: Oct 31 is 28, Nov 17 is 45, a Tuesday"),
    ("us-ia-icdpa", "delete", "2026-11-02", "response", "2027-01-31", "2027-02-03",
     "90: Nov 30 is 28, Dec 31 is 59, Jan 31 is 90, a Sunday; not known to move"),
    ("us-nv-603a", "opt-out", "2026-11-02", "response", "2027-01-01", "2027-01-06",
     "60: Nov 30 is 28, Dec 31 is 59, Jan 1 is 60, a holiday; not known to move"),
    ("us-wa-mhmda", "delete", "2026-11-02", "response", "2026-12-17", "2026-12-22",
     "45 days; " + PLAIN),
    ("us-fcra-file", "file-disclosure", "2026-11-11", "response", "2026-11-26", "2026-12-01",
     "15: Nov 26 is Thanksgiving and stays; grace Fri 27, Mon 30, Tue 1"),
    ("us-fcra-dispute", "dispute", "2026-11-02", "opt-out", "2026-12-17", "2026-12-30",
     "45, the longer time: Nov 30 is 28, Dec 17 is 45; nobody can know before the results"),
    ("us-fcra-dispute", "dispute", "2026-11-02", "response", "2026-12-24", "2026-12-30",
     "45 and 5 business days: Dec 18, 21, 22, 23, 24; grace 28, 29, 30"),
    ("us-fcra-freeze", "freeze", "2026-11-25", "opt-out", "2026-12-01", "2026-12-11",
     "3 business days: Fri 27, Mon 30, Tue Dec 1; nobody can know before it is confirmed"),
    ("us-fcra-freeze", "freeze", "2026-11-25", "response", "2026-12-08", "2026-12-11",
     "3 and 5 business days: Dec 1 is 3, then Dec 2, 3, 4, 7, 8"),
    ("eu-gdpr", "access", "2027-01-31", "response", "2027-03-01", "2027-03-04",
     "one month: no Feb 31, so Feb 28, a Sunday, so Monday"),
    ("eu-gdpr", "delete", "2026-10-31", "response", "2026-11-30", "2026-12-03",
     "one month: no Nov 31, so Nov 30, a Monday"),
    ("uk-gdpr", "access", "2026-11-26", "response", "2026-12-28", "2026-12-31",
     "one month: a Saturday, so Monday; only weekends are counted abroad"),
    ("us-foia", "records-request", "2026-11-02", "response", "2026-12-02", "2026-12-07",
     "20 working days: Nov 3-6, 9, 10 six, 12, 13, 16-20 thirteen, 23-25, 27, 30, Dec 1, 2"),
    ("us-privacy-act", "correct", "2026-11-02", "acknowledge", "2026-11-17", "2026-11-20",
     "10 working days: Nov 3-6 four, 9, 10 six, 12, 13 eight, 16, 17"),
    ("us-co-sb276", "records-request", "2026-11-06", "response", "2026-11-12", "2026-11-17",
     "3 working days from a Friday: Mon 9, Tue 10, Wed 11 off, Thu 12"),
    ("us-il-immig", "records-request", "2026-11-02", "response", "2026-11-10", "2026-11-16",
     "5 business days: Nov 3 is Election Day in Illinois; 4, 5, 6, 9, 10; grace 12, 13, 16"),
    ("us-nj-daniels", "delete", "2026-11-02", "response", "2026-11-18", "2026-11-23",
     "10 business days: Nov 3 off in New Jersey; 4-6 three, 9, 10 five, 12, 13 seven, 16-18"),
    ("us-anderl", "delete", "2026-11-27", "response", "2026-11-30", "2026-12-03",
     "72 hours are three whole days: 28, 29, 30"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "right", "received", "kind", "due", "late"),
    [pytest.param(*case[:-1], id=f"{case[0]}: {case[-1]}") for case in FIRST_ANSWERS],
)
def test_a_first_answer_is_due_to_the_day(
    *, law: str, right: str, received: str, kind: str, due: str, late: str
) -> None:
    found = deadlines_for(find_law(law), Right(right), received=date.fromisoformat(received))
    counted = {each.kind.value: (str(each.due_on), str(each.grace_until)) for each in found}
    assert counted[kind] == (due, late)


LATER = [
    # law, right, received, extended, denied, appealed: what follows, with the counting
    ("us-ia-icdpa", "delete", "2026-11-02", "2027-01-29", "", "",
     {"extended-response": "2027-03-17"}, "90 and 45 in one run: Jan 31 is 90, Mar 17 is 135"),
    ("us-fl-fdbr", "delete", "2026-11-02", "2026-12-01", "", "",
     {"extended-response": "2027-01-01"}, "45 and 15: Dec 31 is 59, Jan 1 is 60"),
    ("us-nv-603a", "opt-out", "2026-11-02", "2026-12-15", "", "",
     {"extended-response": "2027-01-31"}, "60 and 30: Jan 1 is 60, Jan 31 is 90"),
    ("eu-gdpr", "delete", "2026-10-31", "2026-11-30", "", "",
     {"extended-response": "2027-02-01"}, "one and two months: Jan 31, a Sunday, so Monday"),
    ("us-foia", "records-request", "2026-11-02", "2026-11-20", "", "",
     {"extended-response": "2026-12-16"}, "20 and 10 working days: Dec 2 is 20, Dec 16 is 30"),
    ("us-foia", "records-request", "2026-11-02", "", "2026-12-01", "",
     {"appeal-by": "2027-03-01"}, "the law's 90 from Dec 1: Dec 31 is 30, Jan 31 is 61, Mar 1 90"),
    ("us-co-sb276", "records-request", "2026-11-06", "2026-11-10", "", "",
     {"extended-response": "2026-11-23"}, "3 and 7 working days: Nov 12 is 3, 23 is 10"),
    ("us-co-cpa", "delete", "2026-11-02", "", "2026-12-01", "2026-12-10",
     {"appeal-by": "2026-12-31", "appeal-decision": "2027-01-25",
      "complaint-from": "2027-01-29"},
     "30 from Dec 1; 45 from Dec 10 is Sunday Jan 24, so Monday; grace 26, 27, 28, then 29"),
    ("us-va-vcdpa", "delete", "2026-11-02", "", "2026-12-01", "2026-12-10",
     {"appeal-by": "2026-12-31", "appeal-decision": "2027-02-08",
      "complaint-from": "2027-02-12"}, "60 from Dec 10: Dec 31 is 21, Jan 31 is 52, Feb 8 is 60"),
    ("us-or-ocpa", "delete", "2026-11-02", "", "2026-12-01", "2026-12-10",
     {"appeal-by": "2026-12-31", "appeal-decision": "2027-01-24",
      "complaint-from": "2027-01-28"}, "45 from Dec 10 is a Sunday that stays; grace 25, 26, 27"),
    ("us-nj-njdpa", "delete", "2026-11-02", "", "2026-12-01", "2026-12-10",
     {"appeal-by": "2026-12-31", "appeal-decision": "2027-01-24",
      "complaint-from": "2027-01-28"}, "45 from Dec 10 is a Sunday, not known to move"),
    ("us-wa-mhmda", "access", "2026-11-02", "", "2026-12-01", "2026-12-11",
     {"appeal-by": "2026-12-31", "appeal-decision": "2027-01-25",
      "complaint-from": "2027-01-29"}, "45 from Dec 11: Dec 31 is 20, Jan 25 is 45"),
    ("us-ca-ccpa", "access", "2026-11-02", "", "2026-11-20", "",
     {"complaint-from": "2026-11-20"}, "there is no appeal"),
    ("us-ut-ucpa", "access", "2026-11-02", "", "2026-11-20", "",
     {"complaint-from": "2026-11-20"}, "there is no appeal"),
    ("us-nv-603a", "opt-out", "2026-11-02", "", "2026-11-20", "",
     {"complaint-from": "2026-11-20"}, "there is no appeal"),
    ("uk-gdpr", "access", "2026-11-30", "", "2026-12-10", "2026-12-14",
     {"appeal-by": "2027-01-09", "acknowledge": "2027-01-13", "complaint-from": "2027-01-19"},
     "a receipt within 30 days: Dec 31 is 17, Jan 13 is 30; grace 14, 15, 18"),
    ("us-vt-vdposa", "delete", "2028-01-03", "", "2028-02-01", "2028-02-10",
     {"appeal-by": "2028-03-02"}, "29 days in February: Mar 2 is 30; the decision is not known"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "right", "received", "extended", "denied", "appealed", "expected"),
    [pytest.param(*case[:-1], id=f"{case[0]}: {case[-1]}") for case in LATER],
)
def test_what_follows_is_due_to_the_day(
    *,
    law: str,
    right: str,
    received: str,
    extended: str,
    denied: str,
    appealed: str,
    expected: dict[str, str],
) -> None:
    found = deadlines_for(
        find_law(law),
        Right(right),
        received=date.fromisoformat(received),
        extended_on=_day(extended),
        denied_on=_day(denied),
        appealed_on=_day(appealed),
    )
    first = {"response", "opt-out"} | ({"acknowledge"} - set(expected))
    counted = {each.kind.value: str(each.due_on) for each in found}
    assert {kind: due for kind, due in counted.items() if kind not in first} == expected


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def said(law: str, right: str, received: str, **events: date) -> str:
    clocks = clocks_for(
        find_law(law),
        Right(right),
        received=date.fromisoformat(received),
        **events,  # type: ignore[arg-type] # by name
    )
    return " ".join(map(str, clocks.notes))


def test_what_a_date_hangs_on_is_said_beside_it() -> None:
    fetched = said("us-ca-delete-act", "delete", "2026-11-02")
    assert "counted from the day the broker fetched the request" in fetched
    only_if = said("us-foia", "records-request", "2026-11-02", extended_on=date(2026, 11, 20))
    assert "only if the agency names unusual circumstances" in only_if
    assert "only if" not in said("us-foia", "records-request", "2026-11-02")
    assert "does not protect everybody" in said("us-nj-daniels", "delete", "2026-11-02")
    assert "Not sure" in said("us-mt-mcdpa", "delete", "2026-11-02", appealed_on=date(2026, 12, 1))
    assert "Not sure" not in said("us-mt-mcdpa", "delete", "2026-11-02")
    assert "is not known to us" in said("us-il-immig", "records-request", "2026-11-02")
    assert "the plain date is 2026-11-26" in said("us-tx-tdpsa", "delete", "2026-10-12")
    assert "holidays of the country" in said("eu-gdpr", "delete", "2026-11-02")
    unknown = said("us-vt-vdposa", "delete", "2028-01-03", appealed_on=date(2028, 2, 10))
    assert "decide an appeal is not known" in unknown


def test_the_longer_time_of_a_dispute_is_counted_and_the_ordinary_one_is_told() -> None:
    told = said("us-fcra-dispute", "dispute", "2026-11-02", extended_on=date(2026, 11, 20))
    assert "only if the dispute follows a free yearly disclosure (15 U.S.C. § 1681j(a)(3))" in told
    assert "If not, it is to be carried out by 2026-12-02 (15 U.S.C. § 1681i(a)(1)(A))" in told
    assert "to be sent by 2026-12-09 (15 U.S.C. § 1681i(a)(6)(A))" in told  # Dec 3, 4, 7, 8, 9
    assert "the longer time is counted here" in told
    assert "longer" not in said("us-fcra-freeze", "freeze", "2026-11-02")  # the control


def test_who_only_counts_gets_the_ordinary_term_and_its_extension() -> None:
    law, asked = find_law("us-fcra-dispute"), date(2026, 11, 2)
    (answer,) = clocks_for(law, Right.DISPUTE, received=asked, ordinary=True).deadlines
    assert (answer.kind.value, str(answer.due_on)) == ("response", "2026-12-02")  # 30 days
    assert answer.basis == "15 U.S.C. § 1681i(a)(1)(A)"
    noticed = date(2026, 11, 20)
    more = clocks_for(law, Right.DISPUTE, received=asked, extended_on=noticed, ordinary=True)
    assert [str(each.due_on) for each in more.deadlines] == ["2026-12-02", "2026-12-17"]
    assert more.deadlines[1].kind.value == "extended-response"
    assert "It is 2026-12-17 if the dispute follows a free" in " ".join(map(str, more.notes))
    late = clocks_for(
        law, Right.DISPUTE, received=asked, extended_on=date(2026, 12, 3), ordinary=True
    )
    assert len(late.deadlines) == 1  # the control: a notice after the 30 days
    prescreen = clocks_for(
        find_law("us-fcra-prescreen"), Right.PRESCREEN_OPT_OUT, received=asked, ordinary=True
    )
    assert [str(each.due_on) for each in prescreen.deadlines] == ["2026-11-09"]  # 5 working days
    assert "only if the notice went through" in " ".join(map(str, prescreen.notes))
    freeze = clocks_for(find_law("us-fcra-freeze"), Right.FREEZE, received=asked, ordinary=True)
    assert [str(each.due_on) for each in freeze.deadlines] == ["2026-11-05", "2026-11-13"]


def test_a_term_that_needs_something_more_sets_no_day_and_is_told() -> None:
    law, asked = find_law("us-fcra-prescreen"), date(2026, 11, 20)
    clocks = clocks_for(law, Right.PRESCREEN_OPT_OUT, received=asked)
    assert clocks.deadlines == ()
    told = " ".join(map(str, clocks.notes))
    assert "only if the notice went through the joint notification system" in told
    assert "If so, the last day to carry it out is 2026-11-30" in told  # Nov 23, 24, 25, 27, 30
    freeze = clocks_for(find_law("us-fcra-freeze"), Right.FREEZE, received=asked)
    assert len(freeze.deadlines) == 2  # the control


def test_a_federal_office_keeps_federal_holidays_only() -> None:
    # 31 March is a day off in California. 20 working days from Mar 9: Mar 31 is 16, Apr 6 is 20.
    foia, freeze = find_law("us-foia"), find_law("us-fcra-freeze")
    monday = date(2026, 3, 9)
    for state in ("", "CA"):
        (answer,) = deadlines_for(foia, Right.RECORDS_REQUEST, received=monday, state=state)
        assert str(answer.due_on) == "2026-04-06"
    clocks = clocks_for(foia, Right.RECORDS_REQUEST, received=monday, state="CA")
    assert "federal holidays only" in str(clocks.notes[0])
    asked = date(2026, 3, 27)  # the control: a company's days, Mar 30, 31, Apr 1, or without the 31
    days = {
        state: str(deadlines_for(freeze, Right.FREEZE, received=asked, state=state)[0].due_on)
        for state in ("", "CA")
    }
    assert days == {"": "2026-04-01", "CA": "2026-04-02"}


@pytest.mark.parametrize(
    ("law", "right", "received", "words"),
    [
        ("us-ok-ocdpa", "delete", "2026-12-31", "in force only from 2027-01-01"),
        ("us-al-apdpa", "delete", "2027-04-30", "in force only from 2027-05-01"),
        ("us-ut-ucpa", "correct", "2026-06-30", "only from 2026-07-01"),
        ("us-ct-broker", "delete", "2027-06-30", "only from 2028-07-01"),
        ("us-ia-icdpa", "correct", "2026-11-02", "does not give"),
        ("us-tx-broker", "delete", "2026-11-02", "does not give"),
        ("us-wv-daniels", "delete", "2026-11-02", "does not give"),
        ("us-acp", "delete", "2026-11-02", "does not give"),
    ],
)
def test_what_no_law_gives_is_refused_with_words_and_2(
    law: str, right: str, received: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["law", "due", "--law", law, "--right", right, "--received", received, "--json"]
    assert shell.main(asked) == 2
    out, err = capsys.readouterr()
    assert not out
    assert words in err


LAWS = list_laws()
GIVEN = [(law, right) for law in LAWS.values() for right in law.rights]
KINDS = {
    *("acknowledge", "opt-out", "response", "extended-response"),
    *("appeal-by", "appeal-decision", "complaint-from"),
}
DATES = st.dates(date(2029, 1, 1), date(2044, 12, 31))  # all laws are in force
GAPS = st.integers(0, 150)


@pytest.mark.parametrize(("law", "right"), GIVEN, ids=[f"{law.id}:{right}" for law, right in GIVEN])
def test_every_right_of_every_law_can_be_counted(law: Law, right: Right) -> None:
    received = date(2029, 3, 5)
    found = clocks_for(
        law,
        right,
        received=received,
        extended_on=received,
        denied_on=received + timedelta(days=20),
        appealed_on=received + timedelta(days=30),
    )
    assert {each.kind.value for each in found.deadlines} <= KINDS
    if law.kind is not LawKind.VOLUNTARY:
        given = law.rights[right].on(received)
        carried = given.opt_out_within
        terms = (given.acknowledge, None if carried and carried.only_if else carried, given.answer)
        assert any(may_be_missed(each.kind) for each in found.deadlines) or not any(
            (*terms, law.appeal, law.appeal_acknowledge)
        )
        assert found.deadlines or found.notes  # never silence without a word


@settings(max_examples=300)
@given(which=st.sampled_from(GIVEN), received=DATES, gaps=st.tuples(GAPS, GAPS, GAPS))
def test_whatever_happens_the_promises_hold(
    which: tuple[Law, Right], received: date, gaps: tuple[int, int, int]
) -> None:
    law, right = which
    assume(law.kind is not LawKind.VOLUNTARY)
    extended = received + timedelta(days=gaps[0])
    denied = extended + timedelta(days=gaps[1])
    appealed = denied + timedelta(days=gaps[2])
    found = deadlines_for(
        law, right, received=received, extended_on=extended, denied_on=denied, appealed_on=appealed
    )
    days = [each.due_on for each in found]
    assert days == sorted(days)
    cites = _cites(law, right, received) | {PRACTICE}
    ours = {DeadlineKind.APPEAL_BY, DeadlineKind.COMPLAINT_FROM}
    for each in found:
        assert set(each.basis.split(JOINED)) <= cites
        assert (each.basis == PRACTICE) is (each.kind in ours)
        assert each.grace_until > each.due_on
    by_kind = {each.kind: each.due_on for each in found}
    longer = by_kind.get(DeadlineKind.EXTENDED_RESPONSE)
    if longer:
        assert extended <= by_kind[DeadlineKind.RESPONSE] <= longer
    if law.may_appeal is False:
        assert by_kind[DeadlineKind.COMPLAINT_FROM] == denied
    if DeadlineKind.APPEAL_BY in by_kind:
        assert by_kind[DeadlineKind.APPEAL_BY] == denied + timedelta(days=30)


def _cites(law: Law, right: Right, on: date) -> set[str]:
    given_right = law.rights[right].on(on)
    terms = (
        *(given_right.acknowledge, given_right.opt_out_within, given_right.answer),
        *(given_right.extension, law.appeal, law.appeal_acknowledge),
        *(given_right.longer, given_right.told_within),
    )
    return {term.cite for term in terms if term}


@settings(max_examples=200)
@given(which=st.sampled_from(GIVEN), received=DATES, more=st.integers(0, 40))
def test_later_events_and_later_receipt_never_bring_an_answer_forward(
    which: tuple[Law, Right], received: date, more: int
) -> None:
    law, right = which
    alone = {each.kind: each.due_on for each in deadlines_for(law, right, received=received)}
    later = deadlines_for(law, right, received=received + timedelta(days=more))
    assert all(each.due_on >= alone[each.kind] for each in later)
    refused = deadlines_for(law, right, received=received, denied_on=received)
    assert alone.items() <= {each.kind: each.due_on for each in refused}.items()
    assert DeadlineKind.EXTENDED_RESPONSE not in alone


@settings(max_examples=200)
@given(which=st.sampled_from(GIVEN), received=DATES)
def test_an_answer_is_the_plain_day_or_where_the_law_moves_it_the_next_business_day(
    which: tuple[Law, Right], received: date
) -> None:
    law, right = which
    term = law.rights[right].on(received).answer
    assume(term is not None and law.kind is not LawKind.VOLUNTARY)
    assert term is not None
    (answer,) = (
        each
        for each in deadlines_for(law, right, received=received)
        if each.kind is DeadlineKind.RESPONSE
    )
    if term.unit in {Unit.DAYS, Unit.HOURS, Unit.MONTHS}:
        days = {Unit.DAYS: term.length, Unit.HOURS: -(-term.length // 24)}
        plain = (
            calendar.add_months(received, term.length)
            if term.unit is Unit.MONTHS
            else received + timedelta(days=days[term.unit])
        )
        assert answer.due_on >= plain
        assert answer.due_on == plain or law.rolls_over
        assert (answer.due_on - plain).days <= 5
        assert not law.rolls_over or answer.due_on.weekday() < 5
    else:
        assert answer.due_on.weekday() < 5

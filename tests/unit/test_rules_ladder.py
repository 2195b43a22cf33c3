"""Proves which step follows silence or a refusal, and that none comes a day too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.catalog.laws import find_law, list_laws
from optout.model.deadline import PRACTICE, DeadlineKind
from optout.model.law import Law, LawKind
from optout.model.record import Answer, Correspondence
from optout.model.request import Purpose, RequestId, Status, StatusReason
from optout.model.words import Confidence, Right
from optout.rules.after_request import office_of
from optout.rules.calendar import is_business_day
from optout.rules.deadlines import deadlines_for
from optout.rules.eligibility import gives, may_be_named
from optout.rules.ladder import (
    Course,
    Followed,
    Ground,
    Rung,
    answer_date,
    next_rung,
    printed_due,
    sure_appeal,
)

RECEIVED = date(2026, 11, 23)
ONE_DAY = timedelta(days=1)
COMPANY = "Example Data, Inc."


def came(answer: Answer, on: str | date) -> Correspondence:
    day = on if isinstance(on, date) else date.fromisoformat(on)
    return Correspondence(id="1", request_id=RequestId("r"), answer=answer, received_on=day)


def left(sent: str | date, received: str | date = "") -> Followed:
    first = sent if isinstance(sent, date) else date.fromisoformat(sent)
    second = received if isinstance(received, date) else date.fromisoformat(received or str(sent))
    return Followed(sent_on=first, received_on=second)


def course(law_id: str = "us-co-cpa", right: str = "delete", **changes: Any) -> Course:  # noqa: ANN401 - fields
    """Return a request that arrived, and whose clocks run."""
    law, asked = find_law(law_id), Right(right)
    state = law.jurisdiction.removeprefix("US-") if law.jurisdiction.startswith("US-") else "CO"
    events = changes.pop("events", {})
    received = changes.pop("received", RECEIVED)
    base = Course(
        law=law,
        right=asked,
        company=COMPANY,
        status=Status.OPEN,
        received_on=received,
        dates=deadlines_for(law, asked, received=received, state=state, **events),
        state=state,
    )
    return replace(base, **changes)


def on(day: str) -> date:
    return date.fromisoformat(day)


REMINDED = {Purpose.REMINDER: left("2027-01-14")}
REFUSED: dict[str, Any] = {
    "status": Status.DENIED,
    "answers": (came(Answer.DENIED, "2026-12-20"),),
    "events": {"denied_on": on("2026-12-20")},
}
APPEALED = {Purpose.APPEAL: left("2026-12-28")}
# law, right, what happened, today: the step, what it rests on, our own last day for it
TABLE: dict[str, tuple[Course, str, Purpose | None, str, str]] = {
    # Colorado: 45 days from November 23 end on January 7, 2027, a Thursday; grace to January 12.
    "CO, the last day of grace": (course(), "2027-01-12", None, "", ""),
    "CO, the day after": (
        course(),
        "2027-01-13",
        Purpose.REMINDER,
        "Colo. Rev. Stat. § 6-1-1306(2)(a)",
        "",
    ),
    "CO, ten days after the reminder": (course(sent=REMINDED), "2027-01-24", None, "", ""),
    "CO, the eleventh day": (
        course(sent=REMINDED),
        "2027-01-25",
        Purpose.APPEAL,
        "Colo. Rev. Stat. § 6-1-1306(3)",
        "2027-02-23",
    ),
    # By post the reminder counts from five days after it was posted.
    "CO, a reminder by post": (
        course(sent={Purpose.REMINDER: left("2027-01-14", "2027-01-19")}),
        "2027-01-29",
        None,
        "",
        "",
    ),
    "CO, refused": (
        course(**REFUSED),
        "2026-12-20",
        Purpose.APPEAL,
        "Colo. Rev. Stat. § 6-1-1306(3)",
        "2027-01-19",
    ),
    # Appealed on December 28: 45 days end on February 11, 2027; grace to February 17.
    "CO, appealed": (
        course(
            **REFUSED
            | {"events": {"denied_on": on("2026-12-20"), "appealed_on": on("2026-12-28")}},
            sent=APPEALED,
        ),
        "2027-02-17",
        None,
        "",
        "",
    ),
    "CO, no decision": (
        course(
            **REFUSED
            | {"events": {"denied_on": on("2026-12-20"), "appealed_on": on("2026-12-28")}},
            sent=APPEALED,
        ),
        "2027-02-18",
        Purpose.COMPLAINT,
        "Colo. Rev. Stat. § 6-1-1306(1)(d)",
        "",
    ),
    "CO, the appeal refused": (
        course(
            status=Status.DENIED,
            answers=(came(Answer.DENIED, "2026-12-20"), came(Answer.APPEAL_DENIED, "2027-01-05")),
            sent=APPEALED,
        ),
        "2027-01-05",
        Purpose.COMPLAINT,
        "Colo. Rev. Stat. § 6-1-1306(1)(d)",
        "",
    ),
    "CO, extended in time": (
        course(
            status=Status.IN_PROGRESS,
            answers=(came(Answer.EXTENDED, "2026-12-30"),),
            events={"extended_on": on("2026-12-30")},
        ),
        "2027-02-24",
        None,
        "",
        "",
    ),
    # California has no appeal: 45 days, a reminder, then the regulator.
    "CA, refused": (
        course("us-ca-ccpa", **REFUSED),
        "2026-12-20",
        Purpose.COMPLAINT,
        "Cal. Civ. Code § 1798.105",
        "",
    ),
    # 15 business days without Thanksgiving and the day after end on December 16; grace to the 21st.
    "CA, an opt-out": (
        course("us-ca-ccpa", "opt-out"),
        "2026-12-22",
        Purpose.REMINDER,
        "Cal. Code Regs. tit. 11, § 7026(f)",
        "",
    ),
    "UT, silence after a reminder": (
        course("us-ut-ucpa", sent=REMINDED),
        "2027-01-25",
        Purpose.COMPLAINT,
        "Utah Code § 13-61-201",
        "",
    ),
    "NV, before its 60 days": (course("us-nv-603a", "opt-out"), "2027-01-22", None, "", ""),
    "FCRA dispute, silence after a reminder": (
        course("us-fcra-dispute", "dispute", sent={Purpose.REMINDER: left("2027-01-25")}),
        "2027-02-05",
        Purpose.COMPLAINT,
        "15 U.S.C. § 1681i(a)",
        "",
    ),
    "voluntary, before 45 days and grace": (course("voluntary"), "2027-01-12", None, "", ""),
    "voluntary": (course("voluntary"), "2027-01-13", Purpose.REMINDER, "", ""),
    "voluntary, reminded once": (course("voluntary", sent=REMINDED), "2028-01-13", None, "", ""),
    "voluntary, refused": (
        course("voluntary", **REFUSED | {"events": {}}),
        "2027-01-13",
        None,
        "",
        "",
    ),
    "they wait for the person": (
        course(status=Status.IN_PROGRESS, reason=StatusReason.NEED_USER_VERIFICATION),
        "2027-06-01",
        None,
        "",
        "",
    ),
    "done": (course(status=Status.FULFILLED), "2027-06-01", None, "", ""),
    "came back": (course(reason=StatusReason.RETURNED), "2027-06-01", None, "", ""),
    "never sent": (course(received_on=None), "2027-06-01", None, "", ""),
    "a public office": (course(is_public_body=True), "2027-06-01", None, "", ""),
    "complained": (
        course(sent={Purpose.COMPLAINT: left("2027-03-01")}),
        "2027-06-01",
        None,
        "",
        "",
    ),
    # Minnesota's section and days for an appeal are from memory: the step is there, unnamed.
    "MN, refused": (
        course("us-mn-mcdpa", **REFUSED),
        "2026-12-21",
        Purpose.APPEAL,
        "",
        "2027-01-19",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_step_comes_on_its_day_and_on_its_section(name: str) -> None:
    asked, day, purpose, basis, by = TABLE[name]
    rung = next_rung(asked, on(day))
    assert (rung.purpose, rung.basis) == (purpose, basis)
    assert (rung.by.isoformat() if rung.by else "") == by
    assert rung.why.english()


def test_every_law_that_letters_name_has_a_way_to_the_end() -> None:
    """From silence to a complaint, by an appeal where there is one; nowhere an open end."""
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for law in list_laws().values():
        for right in law.rights:
            received = max(RECEIVED, law.in_force_from or RECEIVED)
            if (
                law.kind in {LawKind.VOLUNTARY, LawKind.DELETE_ACT}
                or not may_be_named(law)
                or not gives(law, right, received)
            ):
                continue
            asked = course(law.id, right.value, received=received)
            steps = walk(asked, received)
            assert steps[:1] == [Purpose.REMINDER], law.id
            if has_term(asked):
                appeals = [Purpose.APPEAL] if law.may_appeal else []
                # Which office takes it can hang on where they live: it is said, not offered.
                complains = [Purpose.COMPLAINT] if office_of(law) else []
                assert steps[1:] == [*appeals, *complains], law.id
                assert complains or law.id == "eu-gdpr"
                seen[bool(law.may_appeal)].add(law.id)
    assert seen[False] >= {
        "us-ca-ccpa",
        "us-ut-ucpa",
        "us-nv-603a",
        "us-al-apdpa",
        "us-fcra-dispute",
    }
    assert len(seen[True]) >= 20


def has_term(asked: Course) -> bool:
    return answer_date(asked).basis != PRACTICE


def walk(asked: Course, start: date) -> list[Purpose]:
    """Take every step on the day on which it is due, and hear nothing, for three years."""
    steps: list[Purpose] = []
    for ahead in range(3 * 366):
        day = start + ahead * ONE_DAY
        rung = next_rung(asked, day)
        if rung.purpose:
            steps.append(rung.purpose)
            asked = replace(asked, sent={**asked.sent, rung.purpose: left(day)})
    return steps


def test_the_delete_act_is_on_no_rung() -> None:
    drop = replace(course(), law=find_law("us-ca-delete-act"))
    assert next_rung(drop, on("2030-01-01")).purpose is None


def test_a_sign_of_life_after_the_reminder_begins_the_ten_days_anew() -> None:
    asked = course(sent=REMINDED, status=Status.IN_PROGRESS)
    assert next_rung(asked, on("2027-01-25")).purpose is Purpose.APPEAL  # the control
    wrote = replace(asked, answers=(came(Answer.ACKNOWLEDGED, "2027-01-20"),))
    assert next_rung(wrote, on("2027-01-25")).purpose is None
    assert next_rung(wrote, on("2027-01-31")).purpose is Purpose.APPEAL


def test_a_plain_no_after_an_appeal_is_the_end_of_the_appeal() -> None:
    asked = course(**REFUSED, sent=APPEALED)
    assert next_rung(asked, on("2026-12-29")).purpose is None  # the control: they decide
    again = replace(asked, answers=(*asked.answers, came(Answer.DENIED, "2027-01-10")))
    assert next_rung(again, on("2027-01-10")).ground is Ground.APPEAL_REFUSED


@pytest.mark.parametrize("reason", [StatusReason.NO_MATCH, StatusReason.INSUF_VERIFICATION])
def test_who_was_not_found_is_told_to_answer_first(reason: StatusReason) -> None:
    rung = next_rung(course(**REFUSED, reason=reason), on("2026-12-20"))
    assert rung.purpose is Purpose.APPEAL
    assert rung.first is not None
    other = next_rung(course(**REFUSED, reason=StatusReason.OTHER), on("2026-12-20"))
    assert other.first is None


def test_a_part_that_was_refused_can_be_appealed() -> None:
    partly = REFUSED | {"answers": (came(Answer.PARTIAL, "2026-12-20"),)}
    assert next_rung(course(**partly), on("2026-12-20")).ground is Ground.PARTLY


def test_a_letter_names_no_day_of_ours_and_no_section_that_is_not_sure() -> None:
    asked = course()
    law, passed = asked.law, answer_date(asked)
    assert printed_due(passed, law, asked.right, "CO") == (on("2027-01-07"), passed.basis)
    own = answer_date(course("voluntary"))
    assert printed_due(own, find_law("voluntary"), Right.DELETE, "CO") is None
    given = law.rights[Right.DELETE]
    assert given.answer
    vague = replace(given, answer=replace(given.answer, confidence=Confidence.UNVERIFIED))
    unsure = replace(law, rights={Right.DELETE: vague})
    assert printed_due(passed, unsure, Right.DELETE, "CO") is None
    assert sure_appeal(find_law("us-mt-mcdpa")) is None
    assert sure_appeal(law) is not None


def test_a_letter_names_the_later_day_where_nobody_knows_whether_a_sunday_counts() -> None:
    asked = course("us-ct-ctdpa", received=date(2026, 11, 19))  # 45 days: Sunday, January 3
    assert asked.law.rolls_over is None
    passed = answer_date(asked)
    assert passed.due_on == date(2027, 1, 3)
    named = printed_due(passed, asked.law, asked.right, "CT")
    assert named is not None
    assert named[0] == date(2027, 1, 4)
    stays = replace(asked.law, rolls_over=False)
    assert printed_due(passed, stays, asked.right, "CT") == (date(2027, 1, 3), passed.basis)


LAWS: list[Law] = [
    law for law in list_laws().values() if may_be_named(law) and law.kind is not LawKind.DELETE_ACT
]
DAYS = st.dates(date(2028, 2, 1), date(2029, 6, 1))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Return any request that arrived, with any letters after it and any answers."""
    law = draw(st.sampled_from(LAWS))
    right = draw(st.sampled_from(sorted(law.rights)))
    received = draw(DAYS)
    sent = {
        purpose: left(received + draw(st.integers(1, 300)) * ONE_DAY)
        for purpose in draw(st.sets(st.sampled_from([Purpose.REMINDER, Purpose.APPEAL])))
    }
    answers = tuple(
        came(draw(st.sampled_from(list(Answer))), received + days * ONE_DAY)
        for days in sorted(draw(st.lists(st.integers(0, 300), max_size=3)))
    )
    return course(
        law.id,
        right.value,
        received=received,
        status=draw(st.sampled_from(list(Status))),
        reason=draw(st.sampled_from([None, *StatusReason])),
        sent=sent,
        answers=answers,
    )


def step(asked: Course, after: int) -> Rung:
    assert asked.received_on
    return next_rung(asked, asked.received_on + after * ONE_DAY)


@given(courses(), st.integers(0, 700))
def test_silence_is_never_called_a_breach_before_its_date_and_the_grace_days(
    asked: Course, after: int
) -> None:
    rung = step(asked, after)
    assert asked.received_on
    today = asked.received_on + after * ONE_DAY
    if rung.ground in {Ground.SILENCE, Ground.APPEAL_SILENCE}:
        assert rung.passed is not None
        assert today > rung.passed.grace_until
        assert is_business_day(rung.passed.grace_until, asked.state)


@given(courses(), st.integers(0, 700))
def test_what_is_not_due_says_when_to_look_and_never_in_the_past(asked: Course, after: int) -> None:
    rung = step(asked, after)
    assert asked.received_on
    if rung.purpose is not None:
        assert rung.look_again is None
    elif rung.look_again is not None:
        assert rung.look_again > asked.received_on + after * ONE_DAY


@given(courses(), st.integers(0, 700))
def test_no_appeal_without_an_appeal_and_no_complaint_without_a_law(
    asked: Course, after: int
) -> None:
    rung = step(asked, after)
    if rung.purpose is Purpose.APPEAL:
        assert asked.law.may_appeal
        assert Purpose.APPEAL not in asked.sent
    if rung.purpose is Purpose.COMPLAINT:
        assert asked.law.kind is not LawKind.VOLUNTARY
        assert asked.law.regulator
    if rung.purpose is Purpose.REMINDER:
        assert Purpose.REMINDER not in asked.sent
    if asked.status in {Status.FULFILLED, Status.REVOKED, Status.EXPIRED}:
        assert rung.purpose is None


@given(courses(), st.integers(0, 700))
def test_a_public_office_is_never_on_the_ladder(asked: Course, after: int) -> None:
    assert step(replace(asked, is_public_body=True), after).purpose is None


@given(courses())
def test_where_nothing_happens_a_step_once_due_stays_due(asked: Course) -> None:
    purposes = [step(asked, after).purpose for after in range(0, 700, 7)]
    first = next((n for n, purpose in enumerate(purposes) if purpose), len(purposes))
    assert len(set(purposes[first:])) <= 1


def test_the_dates_that_we_wait_for_are_our_own() -> None:
    assert answer_date(course("voluntary")).kind is DeadlineKind.FOLLOW_UP
    assert answer_date(course("voluntary")).basis == PRACTICE


def test_a_notice_in_time_gives_them_the_laws_further_days_for_an_appeal() -> None:
    """45 and 60 days after December 28 end on April 12, 2027, a Monday."""
    law, appealed = find_law("us-co-cpa"), on("2026-12-28")

    def decision(notice: str) -> str:
        found = deadlines_for(
            law,
            Right.DELETE,
            received=RECEIVED,
            state="CO",
            appealed_on=appealed,
            appeal_extended_on=on(notice) if notice else None,
        )
        days = {each.kind: each.due_on for each in found}
        return days[DeadlineKind.APPEAL_DECISION].isoformat()

    assert decision("") == "2027-02-11"
    assert decision("2027-02-11") == "2027-04-12"
    assert decision("2027-02-12") == "2027-02-11"  # too late: it moves nothing

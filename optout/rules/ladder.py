"""The next step after silence or a refusal: which, why, by when, and on which section.

The ladder has three rungs. Silence past the due date and three more business days: a reminder. A
refusal, or ten more days of silence after the reminder: an appeal, where the state has one. An
appeal that was refused or not decided in time, or no appeal in that law: a complaint. Where no
law is named there is one reminder, and nothing more is claimed. A public body, a request that
never arrived and one that is answered are on no rung at all.

Nothing here says that a company is late before its date and the grace days are over. The ten
days, the thirty for an appeal and every day where a law sets none are our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from optout.model.deadline import PRACTICE, Deadline, DeadlineKind
from optout.model.law import Law, LawKind, LawRight, RightChange, Term
from optout.model.record import Answer, Correspondence
from optout.model.request import Purpose, Status, StatusReason
from optout.model.words import SURE, Right
from optout.rules.calendar import WEEKENDS_ONLY, add_days, grace_after, next_business_day
from optout.rules.days import in_words
from optout.rules.deadlines import APPEAL_WITHIN_DAYS, JOINED
from optout.text import Text, as_written

REMINDER_WAITS_DAYS: Final = 10  # laws.md section 6
NARROW: Final = "only"  # how a law file begins the scope of a right that reaches a part
WITHOUT_TERM_DAYS: Final = 45  # what a letter asks for where no law sets days
APPEAL_WITHOUT_TERM_DAYS: Final = 60  # what most states give; ours, where the days are not known

_ANSWER_DATES: Final = frozenset(
    {DeadlineKind.OPT_OUT, DeadlineKind.RESPONSE, DeadlineKind.EXTENDED_RESPONSE}
)
_REFUSALS: Final = frozenset({Answer.DENIED, Answer.PARTIAL, Answer.APPEAL_DENIED})
_WRITTEN_AGAIN: Final = frozenset({Answer.ACKNOWLEDGED, Answer.EXTENDED})
_ASK_FIRST: Final = frozenset({StatusReason.NO_MATCH, StatusReason.INSUF_VERIFICATION})
OVER: Final = frozenset({Status.FULFILLED, Status.REVOKED, Status.EXPIRED})

_NOT_ANSWERED: Final = Text("{company} has not answered. The answer was due on {day} ({basis}).")
_NOT_DONE: Final = Text(
    "{company} has not said that it did this. It was to be done by {day} ({basis})."
)


class Ground(StrEnum):
    """What a step rests on."""

    SILENCE = "silence"
    REFUSED = "refused"
    PARTLY = "partly"
    APPEAL_REFUSED = "appeal-refused"
    APPEAL_SILENCE = "appeal-silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A letter after the request that left and did not come back."""

    sent_on: date
    received_on: date  # counts from here, as for a request


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happened to one request, as far as its next step hangs on it."""

    law: Law
    right: Right
    company: str
    status: Status
    reason: StatusReason | None = None
    received_on: date | None  # from which its clocks were counted; None: it never arrived
    dates: tuple[Deadline, ...] = ()  # as stored, met or not; without those withdrawn
    answers: tuple[Correspondence, ...] = ()  # in the order in which they were written down
    sent: Mapping[Purpose, Followed] = field(default_factory=dict)  # the newest of each kind
    state: str = ""  # whose holidays count; "" where the law is no state's
    is_public_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """The step that is due now, or why there is none and when to look again."""

    why: Text
    purpose: Purpose | None = None  # None: nothing is due
    ground: Ground | None = None
    passed: Deadline | None = None  # the date that went by, in silence
    basis: str = ""  # the section it rests on; empty where none is known for sure
    by: date | None = None  # our own term, or a law's
    first: Text | None = None  # what is better tried before
    by_choice: bool = False  # seldom helps: only where the person names it, never with others
    look_again: date | None = None


def next_rung(course: Course, today: date) -> Rung:
    """Return what is due today for one request."""
    for found in (_not_on_the_ladder, _complained, _they_wait, _appealed, _refused, _silent):
        rung = found(course, today)
        if rung is not None:
            return rung
    raise AssertionError  # silence is the last rung, and always answers


def answer_date(course: Course) -> Deadline:
    """Return the date by which an answer was owed, or our own where the law sets none."""
    owed = [each for each in course.dates if each.kind in _ANSWER_DATES]
    if owed:
        return max(owed, key=lambda each: each.due_on)
    assert course.received_on is not None  # what never arrived is on no rung
    due = add_days(course.received_on, WITHOUT_TERM_DAYS)
    usual = (each.due_on for each in course.dates if each.kind is DeadlineKind.COMPANY_SAYS)
    return ours(max(due, *usual, due), course.state)


def ours(due: date, state: str = "") -> Deadline:
    """Return a date of our own, on which the next step is looked at."""
    return Deadline(
        kind=DeadlineKind.FOLLOW_UP,
        due_on=due,
        basis=PRACTICE,
        grace_until=grace_after(due, state),
    )


def waits_until(purpose: Purpose, received_on: date) -> date:
    """Return until when we wait after a letter, where no law says how long."""
    days = APPEAL_WITHOUT_TERM_DAYS if purpose is Purpose.APPEAL else REMINDER_WAITS_DAYS
    return add_days(received_on, days)


def printed_due(passed: Deadline, law: Law, right: Right, state: str) -> tuple[date, str] | None:
    """Return the day and section that a letter may name for a passed date, or None.

    Not where the section is not sure, where the term does not run from receipt, nor where the date
    is our own. Where it is not known whether a last day on a weekend moves, the later of the two
    days is named: true either way.
    """
    if passed.basis == PRACTICE or not _is_sure(passed.basis, law, right):
        return None
    holidays = state if law.jurisdiction.startswith("US") or not law.jurisdiction else WEEKENDS_ONLY
    moves = law.rolls_over is not False or "rolls_over" in law.not_sure
    day = next_business_day(passed.due_on, holidays) if moves else passed.due_on
    return day, passed.basis


def sure_appeal(law: Law) -> Term | None:
    """Return the law's time to decide an appeal, if it is sure enough to print."""
    term = law.appeal
    return term if term and term.confidence in SURE and not term.only_if else None


def last_refusal(course: Course) -> Correspondence | None:
    """Return the newest refusal, of all or of a part; of one day, the one written down last."""
    found = [each for each in reversed(course.answers) if each.answer in _REFUSALS]
    return max(found, key=lambda each: each.received_on, default=None)


def _is_sure(basis: str, law: Law, right: Right) -> bool:
    given = law.rights.get(right)
    if given is None or given.confidence not in SURE:
        return False
    every: tuple[LawRight | RightChange, ...] = (given, *given.changes)
    terms = [
        term
        for each in every
        for term in (each.opt_out_within, each.answer, each.extension)
        if term
    ]
    terms += [term for term in (given.longer, given.told_within) if term]
    named = [term for term in terms if term.cite in basis.split(JOINED)]
    return all(term.confidence in SURE and not term.runs_from for term in named)


def _nothing(why: Text, look_again: date | None = None) -> Rung:
    return Rung(why=why, look_again=look_again)


def _not_on_the_ladder(course: Course, _today: date) -> Rung | None:
    if course.is_public_body:
        return _nothing(Text("This is a public office. Nothing more is written to it by itself."))
    if course.law.kind is LawKind.DELETE_ACT:
        return _nothing(Text("The state's own page does this, so no letter follows."))
    if course.reason is StatusReason.RETURNED:
        return _nothing(Text("It came back, so {company} never got it.", company=course.company))
    if course.received_on is None and course.status in {Status.OPEN, Status.IN_PROGRESS}:
        return _nothing(Text("It was not sent yet, or we do not know whether it arrived."))
    if course.status in OVER:
        return _nothing(Text("It was answered or ended, so nothing is to be followed up."))
    return None


def _complained(course: Course, _today: date) -> Rung | None:
    complaint = course.sent.get(Purpose.COMPLAINT)
    if complaint is None:
        return None
    return _nothing(
        Text(
            "You complained on {day}. This program has no step after that; a lawyer may know one.",
            day=in_words(complaint.sent_on),
        )
    )


def _they_wait(course: Course, _today: date) -> Rung | None:
    waits = course.reason is StatusReason.NEED_USER_VERIFICATION
    if course.status is not Status.IN_PROGRESS or not waits:
        return None
    return _nothing(
        Text(
            "{company} waits for you: give what they ask for, or leave it. You decide.",
            company=course.company,
        )
    )


def _appealed(course: Course, today: date) -> Rung | None:
    """Say what follows an appeal: the time to decide it, then a complaint."""
    appeal = course.sent.get(Purpose.APPEAL)
    lost = _lost(course, appeal)
    if lost is not None:
        why = Text(
            "{company} refused your appeal on {day}.",
            company=course.company,
            day=in_words(lost.received_on),
        )
        return _complaint(
            course, why, Ground.APPEAL_REFUSED, first=_narrow(course), by_choice=is_narrow(course)
        )
    if appeal is None:
        return None
    decision = _decision_date(course, appeal)
    if today <= decision.grace_until:
        return _nothing(
            Text("You appealed on {day}. They decide.", day=in_words(appeal.sent_on)),
            _day_after(decision.grace_until),
        )
    why = Text(
        "You appealed on {day}, and no decision came.",
        day=in_words(appeal.sent_on),
    )
    return _complaint(course, why, Ground.APPEAL_SILENCE, passed=decision)


def _lost(course: Course, appeal: Followed | None) -> Correspondence | None:
    """Return the refusal of the appeal: people also write it down as a plain refusal.

    A plain no of the day on which the appeal left is what was appealed, not what came of it.
    """
    last = last_refusal(course)
    if course.status is not Status.DENIED or last is None:
        return None
    after = appeal is not None and last.received_on > appeal.sent_on
    return last if after or last.answer is Answer.APPEAL_DENIED else None


def _decision_date(course: Course, appeal: Followed) -> Deadline:
    stored = [each for each in course.dates if each.kind is DeadlineKind.APPEAL_DECISION]
    if stored:
        return max(stored, key=lambda each: each.due_on)
    return ours(waits_until(Purpose.APPEAL, appeal.received_on), course.state)


def _refused(course: Course, _today: date) -> Rung | None:
    """Say what follows a refusal: an appeal where there is one, else a complaint."""
    last = last_refusal(course)
    if course.status is not Status.DENIED or last is None:
        return None
    partly = last.answer is Answer.PARTIAL
    text = (
        Text("{company} did only a part of it ({day}).")
        if partly
        else Text("{company} said no on {day}.")
    )
    why = Text(text.template, company=course.company, day=in_words(last.received_on))
    ground = Ground.PARTLY if partly else Ground.REFUSED
    first = _ask_first(course) or _narrow(course)
    if course.law.may_appeal:
        return _appeal(
            course,
            why,
            ground,
            refused_on=last.received_on,
            first=first,
            by_choice=is_narrow(course),
        )
    return _complaint(course, why, ground, first=first, by_choice=is_narrow(course))


def is_narrow(course: Course) -> bool:
    """Say whether the law gives this right for a part only: the rest may be refused lawfully."""
    given = course.law.rights.get(course.right)
    return given is not None and given.scope.startswith(NARROW)


def _narrow(course: Course) -> Text | None:
    """Say before a step against a refusal that the law itself may allow it."""
    if not is_narrow(course):
        return None
    covers = Text(
        "This law covers {scope}. They may refuse the rest.",
        scope=as_written(course.law.rights[course.right].scope),
    )
    if course.law.may_appeal:
        return Text("{covers} An appeal about it will seldom help.", covers=covers)
    if course.law.jurisdiction != "US-CA" or course.right is not Right.DELETE:
        return Text("{covers} A complaint about it will seldom help.", covers=covers)
    return Text(
        "{covers} A complaint about it will seldom help. In California use DROP: it reaches what "
        "others gave them too. See: optout broker show california-drop",
        covers=covers,
    )


def _ask_first(course: Course) -> Text | None:
    if course.reason not in _ASK_FIRST:
        return None
    return Text(
        "They say that they could not find you, or could not tell that it is you. Often it is "
        "enough to give them the one detail that they ask for, if you want to."
    )


def _silent(course: Course, today: date) -> Rung:
    passed = answer_date(course)
    if today <= passed.grace_until:
        why = Text("The time for an answer is not over.")
        return _nothing(why, _day_after(passed.grace_until))
    reminder = course.sent.get(Purpose.REMINDER)
    if reminder is None:
        return _reminder(course, passed)
    until = _heard_until(course, reminder)
    if today <= until:
        why = Text("You reminded them on {day}.", day=in_words(reminder.sent_on))
        return _nothing(why, _day_after(until))
    return _after_reminder(course, passed, reminder, until)


def _heard_until(course: Course, reminder: Followed) -> date:
    """Return until when silence is not taken for a refusal: a sign of life begins it anew."""
    signs = (
        each.received_on
        for each in course.answers
        if each.answer in _WRITTEN_AGAIN and each.received_on >= reminder.sent_on
    )
    return waits_until(Purpose.REMINDER, max((reminder.received_on, *signs)))


def _reminder(course: Course, passed: Deadline) -> Rung:
    if passed.basis == PRACTICE:
        why = Text(
            "{company} has not answered since {day}. No law that we know sets a day for it, so "
            "you can remind them once.",
            company=course.company,
            day=in_words(course.received_on or passed.due_on),
        )
    else:
        text = _NOT_DONE if passed.kind is DeadlineKind.OPT_OUT else _NOT_ANSWERED
        why = Text(
            text.template, company=course.company, day=in_words(passed.due_on), basis=passed.basis
        )
    return Rung(
        why=why,
        purpose=Purpose.REMINDER,
        ground=Ground.SILENCE,
        passed=passed,
        basis="" if passed.basis == PRACTICE else passed.basis,
    )


def _after_reminder(course: Course, passed: Deadline, reminder: Followed, until: date) -> Rung:
    why = Text(
        "{company} has not answered, and nothing came after your reminder of {day}.",
        company=course.company,
        day=in_words(reminder.sent_on),
    )
    if passed.basis == PRACTICE:
        return _nothing(
            Text("{why} No law sets a day for it, so nothing more is claimed.", why=why)
        )
    if course.law.may_appeal:
        return _appeal(course, why, Ground.SILENCE, refused_on=until, passed=passed)
    return _complaint(course, why, Ground.SILENCE, passed=passed)


def _appeal(
    course: Course,
    why: Text,
    ground: Ground,
    *,
    refused_on: date,
    first: Text | None = None,
    passed: Deadline | None = None,
    by_choice: bool = False,
) -> Rung:
    sure = sure_appeal(course.law)
    return Rung(
        why=why,
        purpose=Purpose.APPEAL,
        ground=ground,
        passed=passed,
        basis=sure.cite if sure else "",
        by=_appeal_by(course.dates) or add_days(refused_on, APPEAL_WITHIN_DAYS),
        first=first,
        by_choice=by_choice,
    )


def _appeal_by(dates: Iterable[Deadline]) -> date | None:
    found = (each.due_on for each in dates if each.kind is DeadlineKind.APPEAL_BY)
    return max(found, default=None)


def _complaint(
    course: Course,
    why: Text,
    ground: Ground,
    *,
    first: Text | None = None,
    passed: Deadline | None = None,
    by_choice: bool = False,
) -> Rung:
    """Offer a complaint; never where no law is named, or nobody takes one under it."""
    if course.law.regulator is None or course.law.kind is LawKind.VOLUNTARY:
        return _nothing(Text("{why} No law is named, so nothing more is claimed.", why=why))
    if not course.law.regulator.lines:
        return _nothing(
            Text(
                "{why} Which office takes a complaint hangs on where you live: "
                "optout law show {law}",
                why=why,
                law=course.law.id,
            )
        )
    given = course.law.rights.get(course.right)
    return Rung(
        why=why,
        purpose=Purpose.COMPLAINT,
        ground=ground,
        passed=passed,
        basis=given.cite if given and given.confidence in SURE else "",
        first=first,
        by_choice=by_choice,
    )


def _day_after(day: date) -> date:
    return day + timedelta(days=1)

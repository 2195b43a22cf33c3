"""The reminders, appeals and complaints that can occur: for every law that letters may name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from optout.catalog.laws import find_law, list_laws
from optout.drafting.follow_up import Concern, Event, FollowUpInput, Office
from optout.drafting.letter import Ask, NotYetConfirmed, check_ask
from optout.model.deadline import DeadlineKind
from optout.model.law import Law, LawKind
from optout.model.record import Answer
from optout.model.request import Purpose, Reason, Said, Status
from optout.model.words import SURE, By, Right
from optout.rules import deadlines
from optout.rules.countries import UNITED_STATES
from optout.rules.deadlines import deadlines_for
from optout.rules.eligibility import gives, may_be_named
from optout.rules.ladder import Course, Ground, answer_date, printed_due

SENT = date(2026, 11, 23)
REFERENCE = "K7F3-Q2MX"
FREEZE = LawKind.FCRA


def state_of(law: Law) -> str:
    if law.jurisdiction in {"EU", "UK"}:
        return ""
    return law.jurisdiction.removeprefix("US-") if law.jurisdiction.startswith("US-") else "CO"


def asks_of(law: Law, on: date) -> tuple[Ask, ...]:
    """Return all that a letter may ask under a law on that day."""
    found = []
    for right in sorted(law.rights):
        ask = Ask(right=right, law=law)
        if gives(law, right, on):
            try:
                check_ask(ask, on=on, nationwide_bureau=True)
            except NotYetConfirmed:
                continue
            found.append(ask)
    return tuple(found)


def exception_of(law: Law) -> str:
    return "legal claims" if law.jurisdiction in {"EU", "UK"} else "Gramm-Leach-Bliley Act"


def concern(ask: Ask, ground: Ground, sent_on: date, *, extended_on: date | None = None) -> Concern:
    dates = (
        deadlines_for(
            ask.law,
            ask.right,
            received=sent_on,
            state=state_of(ask.law),
            extended_on=extended_on,
        )
        if (ask.law.kind is not LawKind.VOLUNTARY)
        else ()
    )
    course = Course(
        law=ask.law,
        right=ask.right,
        company="",
        status=Status.OPEN,
        received_on=sent_on,
        dates=dates,
        state=state_of(ask.law),
    )
    due = printed_due(answer_date(course), ask.law, ask.right, state_of(ask.law))
    refused = {Answer.DENIED: sent_on + timedelta(days=30)} if ground is Ground.REFUSED else {}
    partly = {Answer.PARTIAL: sent_on + timedelta(days=30)} if ground is Ground.PARTLY else {}
    return Concern(
        ask=ask,
        ground=ground,
        due=due,
        carry_out=answer_date(course).kind is DeadlineKind.OPT_OUT,
        answers={**refused, **partly},
        named=exception_of(ask.law) if refused or partly else "",
    )


def last_due(concerns: tuple[Concern, ...], sent_on: date) -> date:
    """Return the last day of all: nothing that follows can come before it."""
    return max((each.due[0] for each in concerns if each.due), default=sent_on + timedelta(days=60))


def base(law: Law, purpose: Purpose, grounds: tuple[Ground, ...]) -> FollowUpInput:
    sent_on = max(SENT, law.in_force_from or SENT)
    asks = asks_of(law, sent_on)
    by = By.POST if law.kind is LawKind.FCRA else By.EMAIL
    received_on = deadlines.received_on(by, sent_on=sent_on)
    concerns = tuple(
        concern(ask, grounds[number % len(grounds)], received_on) for number, ask in enumerate(asks)
    )
    country = {"EU": "DE", "UK": "GB"}.get(law.jurisdiction, UNITED_STATES)
    return FollowUpInput(
        purpose=purpose,
        concerns=concerns,
        broker_name="RELX Inc.",
        full_name="Jordan Q. Sample",
        state=state_of(law),
        country=country,
        reference=REFERENCE,
        written_on=last_due(concerns, sent_on) + timedelta(days=10),
        sent_on=sent_on,
        received_on=received_on,
        sent_by=by,
        reply_email="jordan.sample@example.com",
        nationwide_bureau=law.id in {"us-fcra-freeze", "us-fcra-prescreen"},
    )


def reminder(law: Law) -> FollowUpInput:
    return base(law, Purpose.REMINDER, (Ground.SILENCE,))


def appeal(law: Law) -> FollowUpInput:
    given = base(law, Purpose.APPEAL, (Ground.REFUSED, Ground.SILENCE, Ground.PARTLY))
    reminded = given.written_on
    said = Said(
        reasons=(Reason.NOT_ALL, Reason.NOT_THIS),
        own="Your answer speaks of accounts, and I have none with you.",
    )
    concerns = tuple(
        replace(each, reminded_on=reminded if each.ground is Ground.SILENCE else None)
        for each in given.concerns
    )
    return replace(given, concerns=concerns, said=said, written_on=reminded + timedelta(days=15))


def complaint(law: Law) -> FollowUpInput:
    assert law.regulator
    ground = Ground.APPEAL_SILENCE if law.may_appeal else Ground.SILENCE
    given = base(law, Purpose.COMPLAINT, (ground,))
    reminded = given.written_on
    appealed = reminded + timedelta(days=15)
    papers = [("request", given.sent_on), ("reminder", reminded)]
    if law.may_appeal:
        papers.append(("appeal", appealed))
    numbers = tuple(range(1, len(given.concerns) + 1))
    events = [
        Event(on=given.sent_on, what="sent", way=given.sent_by),
        Event(on=reminded, what="reminder", numbers=numbers),
    ]
    if given.received_on != given.sent_on:
        events.append(Event(on=given.received_on, what="received"))
    dues: dict[tuple[date, str, str], list[int]] = {}
    for number, each in enumerate(given.concerns, start=1):
        if each.due:
            what = "carry-out" if each.carry_out else "due"
            dues.setdefault((*each.due, what), []).append(number)
    events += [
        Event(on=day, what=what, numbers=tuple(about), cite=cite)
        for (day, cite, what), about in dues.items()
    ]
    if law.may_appeal:
        events.append(Event(on=appealed, what="appeal", numbers=numbers))
    sure = law.regulator.confidence in SURE and law.regulator.takes_post is not False
    lines = law.regulator.lines if sure else ()
    return replace(
        given,
        concerns=tuple(replace(each, reminded_on=reminded) for each in given.concerns),
        office=Office(name=law.regulator.name, lines=lines),
        recipient_lines=lines,
        broker_lines=("RELX Inc.", "Attn: Privacy Requests", "100 Example Plaza"),
        broker_email="privacy@example.com",
        events=tuple(events),
        copies=tuple(papers),
        written_on=appealed + timedelta(days=70 if law.may_appeal else 0),
        reply_email="",
        reply_lines=("P.O. Box 100", "Springfield, ST 00000"),
    )


def all_follow_ups() -> Iterator[tuple[str, FollowUpInput]]:
    for law in list_laws().values():
        if not may_be_named(law) or law.kind is LawKind.DELETE_ACT:
            continue
        if not asks_of(law, max(SENT, law.in_force_from or SENT)):
            continue
        yield f"{law.id}-reminder", reminder(law)
        if law.may_appeal:
            yield f"{law.id}-appeal", appeal(law)
        if law.regulator and law.regulator.lines:
            yield f"{law.id}-complaint", complaint(law)
    one = appeal(find_law("us-co-cpa"))
    silent = replace(
        one,
        concerns=tuple(
            replace(concern(each.ask, Ground.SILENCE, one.sent_on), reminded_on=date(2027, 1, 14))
            for each in one.concerns[:1]
        ),
        said=None,
        recipient_lines=("RELX Inc.", "100 Example Plaza", "Springfield, ST 00000"),
        reply_email="",
        reply_lines=("P.O. Box 100", "Denver, CO 80202"),
        sent_by=By.POST,
        received_on=one.sent_on + timedelta(days=5),
    )
    yield "us-co-cpa-appeal-after-silence-post", silent
    every = replace(one, said=Said(reasons=tuple(Reason)))
    yield "us-co-cpa-appeal-every-reason", every
    mixed = reminder(find_law("us-co-cpa"))
    voluntary = Ask(right=Right.FREEZE, law=find_law("voluntary"))
    first, *_rest = mixed.concerns
    acknowledged = replace(
        concern(first.ask, Ground.SILENCE, mixed.sent_on, extended_on=date(2026, 12, 20)),
        answers={Answer.ACKNOWLEDGED: date(2026, 12, 1), Answer.EXTENDED: date(2026, 12, 20)},
    )
    later = (acknowledged, concern(voluntary, Ground.SILENCE, mixed.sent_on))
    yield (
        "us-co-cpa-reminder-with-a-voluntary-item-post",
        replace(
            mixed,
            concerns=later,
            written_on=last_due(later, mixed.sent_on) + timedelta(days=10),
            sent_by=By.WEB,
            recipient_lines=("RELX Inc.", "100 Example Plaza", "Springfield, ST 00000"),
            reply_email="",
            reply_lines=("P.O. Box 100", "Denver, CO 80202"),
        ),
    )


FOLLOW_UPS = dict(all_follow_ups())

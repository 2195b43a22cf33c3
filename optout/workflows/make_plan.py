"""What to ask of whom: five questions, the rules' plan, and the person's yes to putting it down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.listing import Verdict
from optout.model.plan import Goal, LeaveWhy, Plan
from optout.model.record import Answer
from optout.model.request import Message
from optout.model.subject import Subject
from optout.model.words import By
from optout.rules.minors import why_not
from optout.rules.planning import plan
from optout.rules.presence import QUESTIONS, presence_from, signs_of
from optout.text import Text
from optout.workflows.accept_plan import accept_plan, asked_before
from optout.workflows.approve import GOVERNMENT
from optout.workflows.desk import Desk
from optout.workflows.given import given_to
from optout.workflows.show_plan import show_plan
from optout.workflows.truth import live_checks

Answers = Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the person wants the plan: only some companies, a goal, or the whole catalog."""

    wide: bool = False
    only: tuple[Slug, ...] = ()
    goal: Goal = Goal.GOVERNMENT
    prefer: By | None = None  # a way the person would rather take


USUAL = Wish()
# An answer that a company can only give about somebody it has.
SHOWS_THEY_HAVE_IT = frozenset({Answer.FILE_RECEIVED, Answer.FULFILLED, Answer.PARTIAL})


def ask_questions(desk: Desk) -> Answers:
    """Ask the five questions. The answers are used for this plan and never stored."""
    desk.person.tell(
        Text(
            "Five questions, yes or no. They tell whether these companies probably know you "
            "already. Your answers are not kept."
        )
    )
    return {question.key: desk.person.confirm(question.text) for question in QUESTIONS}


def plan_for(
    desk: Desk,
    subject: Subject,
    answers: Answers,
    wish: Wish = USUAL,
    *,
    insist: Collection[Slug] = (),
) -> Plan:
    """Return the plan; nothing is stored and nothing is sent."""
    brokers, shown = desk.list_brokers(), _evidence(desk, subject)
    presence = {
        broker.slug: presence_from(broker, answers, evidence=broker.slug in shown)
        for broker in brokers
    }
    return plan(
        subject,
        brokers,
        desk.laws(),
        presence,
        desk.today(subject),
        signs={
            broker.slug: shown.get(broker.slug) or signs_of(broker, answers) for broker in brokers
        },
        earlier={broker.slug: given_to(desk, subject.id, broker) for broker in brokers},
        wide=wish.wide,
        goal=wish.goal,
        only=wish.only,
        prefer=wish.prefer,
        insist=insist,
        asked_before=asked_before(desk, subject),
    )


def plan_with_person(desk: Desk, subject: Subject, wish: Wish = USUAL) -> tuple[Message, ...]:
    """Ask, plan, show, and put on the list what the person says yes to. Nothing is sent."""
    if reason := why_not(subject, desk.today(subject)):
        desk.person.tell(reason)
        return ()
    _pass_gates(desk, wish)
    answers = ask_questions(desk)
    made = plan_for(desk, subject, answers, wish)
    if insist := _insisted(desk, made, wish):
        made = plan_for(desk, subject, answers, wish, insist=insist)
    show_plan(desk.person, made)
    desk.person.tell(live_checks(desk.list_brokers()))
    if not made.lines:
        return ()
    if not desk.person.confirm(
        Text("Put these {count} on your list? Nothing is sent yet.", count=len(made.lines))
    ):
        raise Refused(Text("The plan was not kept."), known=Text("Nothing was sent."))
    return accept_plan(desk, subject, made.lines)


PAGE_SHOWS_YOU = Text("you found yourself on its pages")
IT_ANSWERED = Text("it answered about your records")


def _evidence(desk: Desk, subject: Subject) -> dict[Slug, tuple[Text, ...]]:
    """Return what shows that a company has the person, whatever the answers are."""
    found: dict[Slug, tuple[Text, ...]] = {}
    for listing in desk.vault.listings.list(subject.id):
        if listing.verdict is Verdict.SAME:
            found[listing.broker] = (PAGE_SHOWS_YOU,)
    for request in desk.vault.requests.list(subject_id=subject.id):
        answers = {each.answer for each in desk.vault.correspondence.for_request(request.id)}
        if answers & SHOWS_THEY_HAVE_IT:
            shown = found.get(request.broker, ())
            found[request.broker] = tuple(dict.fromkeys((*shown, IT_ANSWERED)))
    return found


def _pass_gates(desk: Desk, wish: Wish) -> None:
    """Ask before anything that is never planned by itself (SAFETY 1, 3)."""
    if any(desk.find_broker(slug).government for slug in wish.only):
        raise Refused(GOVERNMENT, known=Text("Nothing was written or sent."))
    if wish.wide:
        count = sum(1 for broker in desk.list_brokers() if not broker.in_default_plan)
        strangers = Text(
            "{count} companies that may not know you will learn your name.", count=count
        )
        if count:
            _type_yes(desk, strangers)


def _insisted(desk: Desk, made: Plan, wish: Wish) -> tuple[Slug, ...]:
    """Return the companies the person named and types a yes for, though we say: leave alone."""
    alone = [
        left
        for left in made.leave_alone
        if left.why is LeaveWhy.UNLIKELY and left.broker in wish.only
    ]
    for left in alone:
        _type_yes(desk, left.text)
    return tuple(left.broker for left in alone)


def _type_yes(desk: Desk, gate: Text) -> None:
    if not desk.person.type_word(gate, Text("yes")):
        raise Refused(Text("Left alone."), known=Text("Nothing was sent."))

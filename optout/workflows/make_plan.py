"""What to ask of whom: five questions, the rules' plan, and the person's yes to putting it down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from optout.errors import Refused
from optout.model.broker import Broker, Slug
from optout.model.law import Law, LawId
from optout.model.listing import Listing
from optout.model.plan import Goal, LeaveWhy, Plan, PlanLine
from optout.model.ports import Offer, Person
from optout.model.request import Message, Presence
from optout.model.subject import Subject
from optout.model.words import By, Holding, Right
from optout.rules.arrange import Arranged
from optout.rules.drop import WANT_DROP, drop_line
from optout.rules.listings_to_ask import is_asked_again, one_each, to_ask
from optout.rules.minors import why_not
from optout.rules.outside import is_outside
from optout.rules.picking import picked, takes_all
from optout.rules.planning import Memory, plan
from optout.rules.presence import (
    QUESTIONS,
    Question,
    presence_from,
    sells_to_government,
    signs_of,
)
from optout.rules.residence import state_on
from optout.text import Text
from optout.words import word
from optout.workflows.accept_plan import accept_plan, answered_before, asked_before
from optout.workflows.approve import GOVERNMENT
from optout.workflows.desk import Desk
from optout.workflows.evidence import evidence_of
from optout.workflows.given import given_to_each
from optout.workflows.plan_offer import plan_offer
from optout.workflows.truth import live_checks

Answers = Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the person wants the plan: only some companies, a goal, or the whole catalog."""

    wide: bool = False
    only: tuple[Slug, ...] = ()
    goal: Goal = Goal.GOVERNMENT
    prefer: By | None = None  # a way the person would rather take
    rights: tuple[Right, ...] = ()  # what to ask, in this order; none: the usual
    drop: bool | None = None  # California's own list; None asks whoever lives there
    take: str = ""  # which lines, as a person would answer; "" asks


USUAL = Wish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """What the plans of many people share, with one catalog and one goal; nothing of anybody's."""

    shelf: Arranged
    laws: Mapping[LawId, Law]
    memory: Memory = field(default_factory=Memory)


def ask_questions(desk: Desk) -> Answers:
    """Ask the five questions. The answers are used for this plan and never stored."""
    desk.person.tell(
        Text(
            "Five questions, yes or no. They tell whether these companies probably know you "
            "already. Your answers are not kept."
        )
    )
    return {question.key: desk.person.confirm(_asked(question)) for question in QUESTIONS}


def _asked(question: Question) -> Text:
    """Say with the hardest question, too, that its answer is not kept."""
    if Holding.JAIL not in question.holds:
        return question.text
    return Text("{question} Your answer is not kept.", question=question.text)


def decide_drop(desk: Desk, subject: Subject, wish: Wish) -> Wish:
    """Ask whoever lives in California whether its own list is in the plan: it wants a proof.

    They may say no, and are planned without it; nothing of that is stored.
    """
    deletes = not wish.rights or Right.DELETE in wish.rights
    if wish.drop is not None or wish.only or not deletes:
        return wish
    today = desk.today(subject)
    if drop_line(state_on(subject, today), desk.laws(), today) is None:
        return wish
    return replace(wish, drop=desk.person.confirm(WANT_DROP))


def plan_for(
    desk: Desk,
    subject: Subject,
    answers: Answers,
    wish: Wish = USUAL,
    *,
    insist: Collection[Slug] = (),
    known: Mapping[Slug, Presence] = MappingProxyType({}),
    rights: Collection[Right] = (),
    afresh: Collection[tuple[Slug, Right]] = (),
    many: Many | None = None,
) -> Plan:
    """Return the plan; nothing is stored and nothing is sent.

    `known` says of companies that were asked about before what was found then; `afresh` names
    what is on the list and is planned once more all the same; `many` is shared by the plans of
    many people.
    """
    brokers = many.shelf.brokers if many else (*desk.list_brokers(), *_own_named(desk, wish))
    waiting = _waiting(desk, subject)
    shown = evidence_of(desk, subject.id)
    presence = {
        broker.slug: presence_from(broker, answers, evidence=broker.slug in shown)
        for broker in brokers
    } | dict(known)
    made = plan(
        subject,
        many.shelf if many else brokers,
        many.laws if many else desk.laws(),
        presence,
        desk.today(subject),
        signs={
            broker.slug: shown.get(broker.slug) or signs_of(broker, answers) for broker in brokers
        },
        earlier=given_to_each(desk, subject.id, brokers),
        listing_urls={slug: several[0].url.reveal() for slug, several in waiting.items()},
        wide=wish.wide,
        goal=wish.goal,
        only=wish.only,
        prefer=wish.prefer,
        insist=insist,
        rights=rights or wish.rights,
        as_named=not rights and bool(wish.rights),
        drop=wish.drop is not False,
        asked_before={
            each
            for each in asked_before(desk, subject) - set(afresh)
            if not is_asked_again(*each, waiting)
        },
        answered={
            each: why
            for each, why in answered_before(desk, subject).items()
            if not is_asked_again(*each, waiting)
        },
        memory=many.memory if many else None,
    )
    return one_each(made, waiting) if waiting else made


def _own_named(desk: Desk, wish: Wish) -> Iterator[Broker]:
    """Yield what a person has in files of their own: it is planned only by its name."""
    for slug in wish.only:
        if not is_outside(slug) and (broker := desk.find_broker(slug)).local:
            yield broker


def _waiting(desk: Desk, subject: Subject) -> Mapping[Slug, Sequence[Listing]]:
    """Return the person's own listings that nothing was asked about yet."""
    listings = desk.vault.listings.list(subject.id)
    return to_ask(listings, desk.vault.requests.list(subject_id=subject.id)) if listings else {}


def plan_with_person(desk: Desk, subject: Subject, wish: Wish = USUAL) -> tuple[Message, ...]:
    """Ask, plan, show, and put on the list what the person says yes to. Nothing is sent."""
    if reason := why_not(subject, desk.today(subject)):
        desk.person.tell(reason)
        return ()
    _pass_gates(desk, wish)
    made, answers, taken = desk.person.with_way_back(lambda: _taken_of_plan(desk, subject, wish))
    if not taken:
        desk.person.tell_at_length(tuple(what_else(made, answers)))
    return accept_plan(desk, subject, taken)


def _taken_of_plan(
    desk: Desk, subject: Subject, wish: Wish
) -> tuple[Plan, Answers, tuple[PlanLine, ...]]:
    """Ask, plan and show; return what the person takes of it. Nothing is kept."""
    answers = ask_questions(desk)
    wish = decide_drop(desk, subject, wish)
    made = plan_for(desk, subject, answers, wish)
    if insist := _insisted(desk, made, wish):
        made = plan_for(desk, subject, answers, wish, insist=insist)
    typed = offered(desk.person, plan_offer(made, live_checks(desk.list_brokers())), wish.take)
    taken = taken_lines(
        desk.person, made.lines, typed, asks_of_freezes=Right.FREEZE not in wish.rights
    )
    return made, answers, taken


def offered(person: Person, offer: Offer, take: str) -> str:
    """Show a list and return what is taken of it; nothing is asked where `take` says it."""
    if not take:
        return person.pick(offer)
    person.tell_at_length(offer.at_length)
    return take


def taken_lines(
    person: Person, lines: Sequence[PlanLine], typed: str, *, asks_of_freezes: bool = False
) -> tuple[PlanLine, ...]:
    """Return the lines that the person takes: all, some by number, or none.

    A freeze that comes along with "all" can be asked about once more: it makes life harder.
    """
    if not lines:
        return ()
    taken = tuple(lines[number - 1] for number in picked(typed, len(lines)))
    if not (asks_of_freezes and takes_all(typed)):
        return taken
    return tuple(line for line in taken if line.right is not Right.FREEZE or _freezes(person, line))


def _freezes(person: Person, line: PlanLine) -> bool:
    return person.confirm(
        Text(
            "A freeze at {company} can stand in the way of a loan, a flat, a job or benefits until "
            "you lift it. Put it on your list too?",
            company=line.name,
        ),
        default=False,
    )


def what_else(made: Plan, answers: Answers) -> Iterator[Text]:
    """Yield what it means that nothing was put on the list, and what can still be asked."""
    strangers = [left.broker for left in made.leave_alone if left.why is LeaveWhy.UNLIKELY]
    yield Text("")
    if made.lines:
        yield Text("Nothing was put on your list. To leave them alone is an answer too.")
        yield Text("- To take only some of it another time: optout plan, and answer with numbers")
        yield Text(
            "- To begin with one company: optout plan --only {slug}", slug=made.lines[0].broker
        )
    elif strangers and not any(answers.values()):
        yield Text(
            "You said no to every question. So these companies probably do not know you, and a "
            "request would be the first that they hear of you. To leave them alone is the safest "
            "answer for you, and a whole one: nothing is missing."
        )
    elif strangers:
        yield Text(
            "Your answers do not show that these companies know you (a lease alone, for one, is "
            "too little), so nothing is planned. To leave them alone is the safest answer."
        )
    else:
        yield Text("Nothing new is planned. See what is on your list: optout status")
        yield Text(
            "- To send something on it another way, name the company and the way: optout plan "
            "--only appriss-insights --by post"
        )
    if strangers and not made.lines:
        yield Text("What you can still do:")
        yield Text(
            "- If you have a sign that one of them knows you (a letter, a page about you, a "
            "refused job or flat), name it: optout plan --only {slug}",
            slug=strangers[0],
        )
        yield Text("- When something changes (a job, a lease, a loan), ask again: optout plan")
    known = made.lines[0].broker if made.lines else (*strangers, "")[0]
    if known:
        yield Text(
            "- To read what a company holds and sells, telling it nothing: optout broker show "
            "{slug}",
            slug=known,
        )


def _pass_gates(desk: Desk, wish: Wish) -> None:
    """Ask before anything that is never planned by itself (SAFETY 1, 3)."""
    if any(desk.find_broker(slug).government for slug in wish.only):
        raise Refused(GOVERNMENT, known=Text("Nothing was written or sent."))
    if not wish.wide:
        return
    others = [
        broker
        for broker in desk.list_brokers()
        if not (broker.in_default_plan or broker.sample or broker.government)
    ]
    if not others:
        desk.person.tell(
            Text("No other company is in the catalog yet: this is the usual plan, without a limit.")
        )
        return
    _type_yes(desk, who_else(others))


def who_else(others: Sequence[Broker]) -> Text:
    """Say how many companies more there are, of which kinds, and what they would learn."""
    kinds = Counter(broker.kind for broker in others)
    return Text(
        "Beyond the usual companies there are {count} more: {kinds}. Of these, {sellers} sell to"
        " government; where such a company may not know you, it is still left alone. Every other"
        " company that may not know you will learn your name from each request that you put on"
        " your list and send.",
        count=len(others),
        kinds=tuple(
            Text("{kind} ({count})", kind=word(kind), count=count)
            for kind, count in kinds.most_common()
        ),
        sellers=sum(map(sells_to_government, others)),
    )


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

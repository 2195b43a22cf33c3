"""The plan as a list to take from: each request in one line, with the reasons folded below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from optout.drafting.plan_words import named
from optout.model.payload import Newness
from optout.model.plan import Plan, PlanLine
from optout.model.ports import Fold, Offer, Offered, OfferGroup
from optout.rules.listings_to_ask import said_of
from optout.text import Text
from optout.words import word
from optout.workflows.show_plan import company_texts, left_texts, lines_texts, plan_texts
from optout.workflows.truth import TRUTH

ON_YOUR_LIST = Text("Nothing is sent yet. Which of them shall be on your list?")
ON_YOUR_LIST_BY_NUMBER = Text(
    "Nothing is sent yet. Which of them shall be on your list? All (a), some by number (such as "
    "1,3), or none (n)"
)
WHY = Text("Why, what they get, the law")


def plan_offer(plan: Plan, checked: Text) -> Offer:
    """Return the plan as a list to take from, with what is left alone and why."""
    return Offer(
        question=ON_YOUR_LIST,
        by_number=ON_YOUR_LIST_BY_NUMBER,
        at_length=(*plan_texts(plan), checked),
        head=tuple(_head(plan)),
        groups=tuple(_groups(plan.lines)),
        below=tuple(_below(plan, checked)),
    )


def lines_offer(lines: Sequence[PlanLine], question: Text, by_number: Text) -> Offer:
    """Return some lines of a plan as a list to take from, with nothing around them."""
    return Offer(
        question=question,
        by_number=by_number,
        at_length=tuple(lines_texts(lines)),
        groups=tuple(_groups(lines)),
    )


def _head(plan: Plan) -> Iterator[Text]:
    """Yield how much it is, and what would be given away by all of it."""
    yield from plan.notes
    yield Text(
        "Requests that are worth making: {count}. Together about {minutes} minutes. Left alone: "
        "{left}.",
        count=len(plan.lines),
        minutes=plan.minutes,
        left=len(plan.leave_alone),
    )
    fields = [each for line in plan.lines for each in line.fields]
    if fields:
        every = tuple(dict.fromkeys(word(each.field) for each in fields))
        yield Text("If you send all of them, they get: {fields}.", fields=every)
    if new := tuple(dict.fromkeys(named(fields, Newness.NEW))):
        yield Text("NEW to at least one of them: {fields}.", fields=new)


def _groups(lines: Sequence[PlanLine]) -> Iterator[OfferGroup]:
    for _company, group in groupby(lines, key=lambda line: line.broker):
        of_one = tuple(group)
        notes = [_new_to_them(line) for line in of_one]
        same = notes[0] if len(set(notes)) == 1 else None
        yield OfferGroup(
            title=Text("{company}", company=of_one[0].name),
            note=same,
            entries=tuple(
                Offered(text=_entry(line), note=None if same else note)
                for line, note in zip(of_one, notes, strict=True)
            ),
            more=Fold(title=WHY, texts=tuple(company_texts([(0, line) for line in of_one]))),
        )


def _entry(line: PlanLine) -> Text:
    said = Text(
        "{right}: by {by}, about {minutes} min.",
        right=word(line.right),
        by=word(line.by),
        minutes=line.minutes,
    )
    if line.listing:
        return Text("{request} About this record: {r}", request=said, r=said_of(line.listing))
    return said


def _new_to_them(line: PlanLine) -> Text | None:
    new = named(line.fields, Newness.NEW)
    return Text("NEW to them: {fields}", fields=new) if new else None


def _below(plan: Plan, checked: Text) -> Iterator[Fold]:
    if plan.leave_alone:
        yield Fold(
            title=Text("Left alone ({count}), and why", count=len(plan.leave_alone)),
            texts=tuple(left_texts(plan.leave_alone)),
        )
    yield Fold(title=Text("What this does and does not do"), texts=(*TRUTH, checked))

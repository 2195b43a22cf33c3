"""The plan in sentences: what, how, on which law, giving away what, and what to leave alone."""

from __future__ import annotations

from collections.abc import Iterator

from optout.i18n import say
from optout.model.payload import Newness
from optout.model.plan import LeaveAlone, Plan, PlanLine
from optout.model.ports import Person
from optout.text import Text
from optout.words import word
from optout.workflows.truth import COURT


def show_plan(person: Person, plan: Plan) -> None:
    """Tell the whole plan, one line after the other, and what it does not do."""
    for text in plan_texts(plan):
        person.tell(text)


def plan_texts(plan: Plan) -> Iterator[Text]:
    """Yield the plan as sentences a person reads from top to bottom."""
    yield from plan.notes
    for number, line in enumerate(plan.lines, start=1):
        yield Text("")
        yield from line_texts(number, line)
    if plan.leave_alone:
        yield Text("")
        yield Text("Leave alone:")
    for left in plan.leave_alone:
        yield Text("- {what}: {why}", what=left_name(left), why=left.text)
    yield Text("")
    yield Text("Together about {minutes} minutes.", minutes=plan.minutes)
    yield COURT


def line_texts(number: int, line: PlanLine) -> Iterator[Text]:
    """Yield one line of the plan: the decision first, then what it costs and cannot do."""
    yield Text(
        "{number}. {company}: {right}, by {by}, about {minutes} min",
        number=number,
        company=line.name,
        right=word(line.right),
        by=word(line.by),
        minutes=line.minutes,
    )
    yield Text("   Legal basis: {law}. {reason}", law=line.law.law.name, reason=line.law.reason)
    for field in line.fields:
        mark = (
            Text("NEW to them") if field.newness is Newness.NEW else Text("they probably have this")
        )
        yield Text("   They get: {field} ({mark})", field=word(field.field), mark=mark)
    for why in line.why:
        yield Text("   Why: {why}", why=why)
    for text in (line.counts, line.law.limits, line.will_not_reach):
        if text:
            yield Text("   {text}", text=text)
    for text in (*line.harder_afterwards, *line.questions, *line.steps):
        yield Text("   {text}", text=text)
    for text in (line.contact_to_check, line.checked):
        if text:
            yield Text("   {text}", text=text)


def left_name(left: LeaveAlone) -> str:
    """Name what is left alone: a whole company, or one right at it."""
    return f"{left.name} ({say(word(left.right))})" if left.right else left.name


def explain(plan: Plan, slug: str) -> Iterator[Text]:
    """Yield everything the plan says about one company, the ways not taken included."""
    for number, line in enumerate(plan.lines, start=1):
        if line.broker == slug:
            yield from line_texts(number, line)
            for other in line.other_ways:
                yield Text("   Another way: {other}", other=other)
    for left in plan.leave_alone:
        if left.broker == slug:
            yield Text("Leave alone: {what}: {why}", what=left_name(left), why=left.text)

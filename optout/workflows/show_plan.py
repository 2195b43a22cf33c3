"""The plan in sentences: short enough to read on a phone, with the rest behind `--explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from optout.drafting.plan_words import law_of, named, what_it_is
from optout.model.payload import Newness
from optout.model.plan import LeaveAlone, LeaveWhy, Plan, PlanField, PlanLine
from optout.rules.company_counts import caution_of, figures_of
from optout.rules.listings_to_ask import said_of
from optout.text import Text, as_written
from optout.words import word
from optout.workflows.truth import TRUTH

Numbered = tuple[int, PlanLine]


def plan_texts(plan: Plan) -> Iterator[Text]:
    """Yield the plan as sentences a person reads from top to bottom."""
    yield from plan.notes
    yield from lines_texts(plan.lines)
    if plan.leave_alone:
        yield Text("Leave alone:")
        yield from left_texts(plan.leave_alone)
    if plan.lines:
        yield Text("")
        yield Text(
            "Together about {minutes} minutes. Everything about one company: optout plan "
            "--explain {slug}",
            minutes=plan.minutes,
            slug=plan.lines[0].broker,
        )
    yield Text("")
    yield Text("What this does and does not do:")
    yield from (Text("- {truth}", truth=text) for text in TRUTH)


def lines_texts(lines: Iterable[PlanLine]) -> Iterator[Text]:
    """Yield numbered lines, company by company, and nothing around them."""
    numbered = enumerate(lines, start=1)
    for _company, group in groupby(numbered, key=lambda each: each[1].broker):
        yield Text("")
        theirs = tuple(group)
        yield Text("{company}", company=theirs[0][1].name)
        yield from company_texts(theirs)
    yield Text("")


def company_texts(lines: Sequence[Numbered]) -> Iterator[Text]:
    """Yield what is true of the company once, and each request in two lines; 0 is no number."""
    first = lines[0][1]
    if what := what_it_is(first):
        yield Text("   {text}", text=what)
    yield from _once(first.why_company)
    same = len(lines) > 1 and len({frozenset(line.fields) for _number, line in lines}) == 1
    for number, line in lines:
        yield from _request_texts(number, line, with_fields=not same)
    yield from _once(caution_of(line.counts) for _n, line in lines if line.counts)
    if same:
        yield from _fields_texts(first.fields)
    yield from _once(Text("Not reached: {what}", what=line.will_not_reach) for _n, line in lines)
    yield from _once(
        Text("Afterwards: {what}", what=harder)
        for _n, line in lines
        for harder in line.harder_afterwards
    )
    yield from _once(line.checked for _n, line in lines)


def _once(texts: Iterable[Text]) -> Iterator[Text]:
    """Yield each sentence once, set in below the company."""
    seen = {text.english(): text for text in texts}
    yield from (Text("   {text}", text=text) for text in seen.values())


def _request_texts(number: int, line: PlanLine, *, with_fields: bool = True) -> Iterator[Text]:
    """Yield one request: what, how, how long, on which law, and what they get."""
    said = Text(
        "{right}: by {by}, about {minutes} min. {law}",
        right=word(line.right),
        by=word(line.by),
        minutes=line.minutes,
        law=law_of(line),
    )
    yield Text("{number}. {text}", number=number, text=said) if number else said
    if line.listing:
        yield Text("   About this record: {record}", record=said_of(line.listing))
    if with_fields:
        yield from _fields_texts(line.fields)
    if line.contact_to_check:
        yield Text("   {text}", text=line.contact_to_check)
    if line.counts:
        yield Text("   Their count: {count}", count=figures_of(line.counts))
    for step in line.steps:
        yield Text("   - {step}", step=step)


def _fields_texts(fields: tuple[PlanField, ...]) -> Iterator[Text]:
    known, new = named(fields, Newness.KNOWN), named(fields, Newness.NEW)
    if known:
        yield Text("   They get, and probably have: {fields}.", fields=known)
    if new:
        yield Text("   They get, and it is NEW to them: {fields}.", fields=new)


def left_texts(alone: tuple[LeaveAlone, ...]) -> Iterator[Text]:
    """Yield what is left alone; companies that share the usual reason share its sentence."""
    strangers = [left for left in alone if left.why is LeaveWhy.UNLIKELY]
    if len(strangers) > 1:
        yield Text(
            "- These sell to government and probably do not know you. Asking would tell them who "
            "you are: {companies}. To go on with one of them you have to type yes: optout plan "
            "--only {slug}",
            companies=tuple(Text("{name}", name=left.name) for left in strangers),
            slug=strangers[0].broker,
        )
        alone = tuple(left for left in alone if left.why is not LeaveWhy.UNLIKELY)
    yield from map(_left, alone)


def _left(left: LeaveAlone) -> Text:
    if left.right is None:
        return Text("- {company}: {why}", company=left.name, why=left.text)
    return Text(
        "- {company}, {right}: {why}", company=left.name, right=word(left.right), why=left.text
    )


def is_about(plan: Plan, slug: str) -> bool:
    """Say whether the plan says anything about one company."""
    said = {each.broker for each in plan.lines} | {each.broker for each in plan.leave_alone}
    return slug in said


def explain(plan: Plan, slug: str) -> Iterator[Text]:
    """Yield everything the plan says about one company, the ways not taken included."""
    lines = [each for each in enumerate(plan.lines, start=1) if each[1].broker == slug]
    for _number, line in lines[:1]:
        yield from (text for text in (what_it_is(line),) if text)
        if line.sells_to:
            yield Text("It sells to: {who}", who=as_written(line.sells_to))
    for number, line in lines:
        yield from _request_texts(number, line)
        details = (
            caution_of(line.counts) if line.counts else None,
            *(Text("Why: {why}", why=why) for why in line.why),
            Text("Not reached: {what}", what=line.will_not_reach),
            *(Text("Afterwards: {what}", what=harder) for harder in line.harder_afterwards),
            *(Text("To know: {what}", what=question) for question in line.questions),
            *(Text("Another way: {other}", other=other) for other in line.other_ways),
            line.checked,
        )
        yield from (Text("   {text}", text=text) for text in details if text)
    yield from (_left(left) for left in plan.leave_alone if left.broker == slug)

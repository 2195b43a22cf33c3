"""The plan on one page: what to ask of whom, and what each company gets. Nobody is named on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from optout.drafting.pdf import compiled
from optout.drafting.plan_words import law_of, named, what_it_is
from optout.i18n import say
from optout.model.payload import Newness
from optout.model.plan import LeaveAlone, LineKind, Plan, PlanLine
from optout.text import Text
from optout.words import word

Numbered = tuple[int, PlanLine]
TRUTH: Final = Text(
    "This page sends nothing. These requests can make some companies sell less about you. They do"
    " not hide you from ICE, and a company keeps a record that you asked. This is information, not"
    " a lawyer's advice."
)


def plan_pdf(plan: Plan, *, made_on: Text, language: str, large_print: bool = False) -> bytes:
    """Set the plan as a tagged PDF; one page, but for large print and plans beyond the usual."""
    return compiled(
        "plan.typ", _page(plan, made_on=made_on, language=language, large_print=large_print)
    )


def _page(plan: Plan, *, made_on: Text, language: str, large_print: bool) -> dict[str, Any]:
    return {
        "title": say(Text("What to ask, and of whom")),
        "language": language,
        "large_print": large_print,
        "lead": say(_lead(plan, made_on)),
        "notes": [say(note) for note in plan.notes],
        "companies": [
            _company(tuple(lines))
            for _slug, lines in groupby(enumerate(plan.lines, start=1), key=lambda n: n[1].broker)
        ],
        "words": {
            "not_reached": say(Text("Not reached:")),
            "afterwards": say(Text("Afterwards:")),
            "known": say(Text("They get, and probably have:")),
            "new": say(Text("NEW to them:")),
            "in_full": say(Text("To read all about one of them: optout plan --explain COMPANY")),
        },
        "alone_title": say(Text("Leave alone")),
        "alone": [say(text) for text in _alone(plan.leave_alone)],
        "truth": say(TRUTH),
    }


def _lead(plan: Plan, made_on: Text) -> Text:
    if not plan.lines:
        return Text("{day}. Nothing is worth asking now.", day=made_on)
    return Text(
        "{day}. Requests: {count}. Together about {minutes} minutes.",
        day=made_on,
        count=len(plan.lines),
        minutes=plan.minutes,
    )


def _company(lines: tuple[Numbered, ...]) -> dict[str, Any]:
    first = lines[0][1]
    same = len(lines) > 1 and len({line.fields for _number, line in lines}) == 1
    return {
        "name": first.name,
        "what": _what(first),
        "requests": [_request(number, line, with_fields=not same) for number, line in lines],
        "given": _given(first) if same else None,
        "not_reached": _once(line.will_not_reach for _number, line in lines),
        "afterwards": _once(text for _number, line in lines for text in line.harder_afterwards),
    }


def _what(line: PlanLine) -> str:
    what = what_it_is(line)
    if what is None and line.kind is LineKind.GUIDED:
        return say(line.why[0])  # California's own list: what it is
    return say(what) if what else ""


def _request(number: int, line: PlanLine, *, with_fields: bool) -> dict[str, Any]:
    guided = (*line.steps, line.why[-1]) if line.kind is LineKind.GUIDED else ()  # with its dates
    return {
        "number": number,
        "right": say(word(line.right)),
        "how": say(
            Text(
                "by {by}, about {minutes} min. {law}",
                by=word(line.by),
                minutes=line.minutes,
                law=law_of(line),
            )
        ),
        "given": _given(line) if with_fields and line.fields else None,
        "check": say(line.contact_to_check) if line.contact_to_check else "",
        "steps": [say(step) for step in guided],
    }


def _given(line: PlanLine) -> dict[str, str]:
    return {
        "known": _list(named(line.fields, Newness.KNOWN)),
        "new": _list(named(line.fields, Newness.NEW)),
    }


def _list(words: tuple[Text, ...]) -> str:
    return ", ".join(map(say, words))


def _once(texts: Iterable[Text]) -> list[str]:
    return list(dict.fromkeys(map(say, texts)))


def _alone(alone: Iterable[LeaveAlone]) -> Iterator[Text]:
    """Yield each company to leave alone, or what of it: the reasons stand on the screen."""
    companies: dict[str, list[Text]] = {}
    for each in alone:
        rights = companies.setdefault(each.name, [])
        if each.right is not None and word(each.right) not in rights:
            rights.append(word(each.right))
    for company, rights in companies.items():
        if rights:
            yield Text("{company} ({rights})", company=company, rights=tuple(rights))
        else:
            yield Text("{company}", company=company)

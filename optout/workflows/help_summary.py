"""One page for somebody who helps a person: what is to do and how it stands.

Nothing of the person stands on it but what the person ticks, one value at a time; the page itself
says what it holds. What its owner gives to nobody is not offered, nor is a home address where the
state lent another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from optout.drafting.one_page import Section, one_page_pdf
from optout.drafting.said_day import said_day
from optout.i18n import _, language, say
from optout.model.fields import IdentifierKind
from optout.model.request import Delivery
from optout.model.subject import Identifier, Share, Subject
from optout.rules.disclosure import has_substitute
from optout.rules.wanted import NEVER_SEND
from optout.text import Text
from optout.words import said_by_company, word, words
from optout.workflows.desk import Desk
from optout.workflows.exports import code_of, file_name, write_export
from optout.workflows.standing import Standing, ToDo, standings, to_do

_MOST_TO_DO: Final = 7
_MOST_REQUESTS: Final = 16
_UNDECIDED: Final = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


def write_help_summary(desk: Desk, subject: Subject) -> Path:
    """Ask what of the person may stand on the page, then write it and list it as an export."""
    ticked = [fact for fact in _may_stand(desk, subject) if _ticks(desk, fact)]
    page = one_page_pdf(
        tuple(help_sections(desk, subject, ticked)),
        title=_("For somebody who helps"),
        lead=(
            say(Text("Made on {day}.", day=said_day(desk.today(subject)))),
            _(
                "A person asks companies to stop selling, to delete or to show what they keep "
                "about them. The person decides about every request. You can help with the rest."
            ),
        ),
        language=language(),
    )
    return write_export(
        desk,
        file_name(Text("summary"), code_of(subject.id), ".pdf"),
        "report",
        page,
        about=subject.id,
    )


def help_sections(desk: Desk, subject: Subject, ticked: Sequence[Identifier]) -> Iterator[Section]:
    """Yield what stands on the page, part by part."""
    todo = [each for each in to_do(desk) if each.subject_id == subject.id]
    yield from _to_do(desk, _("What you can do"), [each for each in todo if _by_helper(each)])
    rest = [each for each in todo if not _by_helper(each)]
    yield from _to_do(desk, _("What only the person can do"), rest)
    found = standings(desk, subject)
    if found:
        lines = [_stands(each) for each in found[:_MOST_REQUESTS]]
        yield Section(
            title=_("How the requests stand"), lines=(*lines, *_more(len(found) - _MOST_REQUESTS))
        )
    if ticked:
        yield Section(
            title=_("What the person put here for you"),
            lines=tuple(f"{say(word(fact.kind))}: {fact.shown()}" for fact in ticked),
        )
    yield Section(title=_("Please"), lines=_please())
    yield Section(title=_("What this page holds"), lines=(_holds(ticked),))


def _please() -> tuple[str, ...]:
    """Return what keeps the person safe while somebody helps."""
    never = say(Text("Never give a company: {what}", what=NEVER_SEND))
    return (
        _("Send nothing and sign nothing in the place of the person."),
        never,
        _("Talk about this page with nobody else. Give it back afterwards, or destroy it."),
    )


def _may_stand(desk: Desk, subject: Subject) -> list[Identifier]:
    """Return what the person is asked about: what is true today, and may go to somebody at all."""
    today = desk.today(subject)
    return [
        fact
        for fact in subject.identifiers
        if fact.share is not Share.NEVER
        and (fact.valid_to is None or fact.valid_to >= today)
        and not (fact.kind is IdentifierKind.ADDRESS and has_substitute(subject))
    ]


def _ticks(desk: Desk, fact: Identifier) -> bool:
    return desk.person.confirm(
        Text("Put this on the page? {what}: {value}", what=word(fact.kind), value=fact.shown())
    )


def _by_helper(each: ToDo) -> bool:
    """Say whether nothing has to be decided: to post a letter, or to find out whether it came."""
    return not (each.alone or each.late or each.delivery in _UNDECIDED)


def _to_do(desk: Desk, title: str, todo: Sequence[ToDo]) -> Iterator[Section]:
    if todo:
        lines = [desk.said(_said(each)) for each in todo[:_MOST_TO_DO]]
        yield Section(title=title, lines=(*lines, *_more(len(todo) - _MOST_TO_DO)))


def _said(each: ToDo) -> Text:
    """Return what to do, what was asked where something was, and how long it takes."""
    if not each.asked:
        return Text("{what} (about {minutes} min.)", what=each.what, minutes=each.minutes)
    return Text(
        "{what} ({asked}; about {minutes} min.)",
        what=each.what,
        asked=words(each.asked),
        minutes=each.minutes,
    )


def _more(count: int) -> tuple[str, ...]:
    if count <= 0:
        return ()
    return (say(Text("and {count} more: the person can show them to you", count=count)),)


def _stands(each: Standing) -> str:
    line = Text(
        "{company}, {what}: {sent}; {answer}",
        company=each.company,
        what=word(each.request.right),
        sent=word(each.message.delivery),
        answer=said_by_company(each.request.status, each.request.reason),
    )
    if each.next_date is None:
        return say(line)
    due = each.next_date
    return say(
        Text("{line}; {day}: {due}", line=line, day=said_day(due.due_on), due=word(due.kind))
    )


def _holds(ticked: Sequence[Identifier]) -> str:
    """Say what of the person is on the page, so that they can check it."""
    if ticked:
        kinds = words(dict.fromkeys(fact.kind for fact in ticked))
        return say(
            Text("The companies that were asked, what they answered, and: {kinds}.", kinds=kinds)
        )
    return _(
        "The companies that were asked, and what they answered. No name, no address, no phone "
        "number, no e-mail address, no birth date."
    )

"""What `optout due` says where a law's file was mended: two dates, and a question."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from optout.cli.output import show
from optout.cli.plain import sentence
from optout.due_words import said_basis
from optout.model.ports import Option
from optout.rules.days import written
from optout.text import Text
from optout.words import word

if TYPE_CHECKING:
    from optout.model.deadline import Deadline
    from optout.workflows.desk import Desk
    from optout.workflows.mended_laws import Mended

NO_DATE = Text("no date")


def show_mended(found: Sequence[Mended]) -> None:
    """Print each difference, and how to decide; nothing is changed."""
    for each in found:
        show(_said(each))
    if found:
        show(
            Text(
                "The dates that you have still count. To decide, with a question for each: optout "
                "due --decide"
            )
        )


def show_mended_beside(found: Iterable[Mended]) -> None:
    """Print beside the JSON what has no row in it: dates that only the mended file sets."""
    for each in found:
        if each.old is None:
            print(sentence(_said(each)), file=sys.stderr)


def decide_mended(desk: Desk, found: Iterable[Mended]) -> None:
    """Ask about each difference; what is not chosen stays as it is."""
    from optout.workflows.mended_laws import keep_old, take_new

    for each in found:
        desk.person.tell(_said(each))
        options = (
            Option(key="old", text=Text("the one that you have: {day}", day=_day(_old(each)))),
            Option(key="new", text=Text("the one counted now: {day}", day=_day(each.new))),
        )
        chosen = desk.person.choose(Text("Which date shall count?"), options, default="old")
        (take_new if chosen == "new" else keep_old)(desk, each)


def mended_as_json(each: Mended) -> dict[str, object]:
    """Return one difference beside its date; null where no such date is set any more."""
    return {
        "law": each.law.id,
        "due_on_now": each.new.due_on if each.new else None,
        "basis_now": each.new.basis if each.new else None,
    }


def _said(each: Mended) -> Text:
    return Text(
        "The file of the law was mended after you asked {company} ({r}, {right}): {law}. {kind}: "
        "{old}. Counted by the file as it is now: {new}.",
        law=each.law.name,
        company=each.company,
        r=each.reference,
        right=word(each.request.right),
        kind=word(each.kind),
        old=_with_section(_old(each)),
        new=_with_section(each.new),
    )


def _old(each: Mended) -> Deadline | None:
    return each.old.deadline if each.old else None


def _with_section(deadline: Deadline | None) -> Text:
    if deadline is None:
        return NO_DATE
    return Text("{day} ({basis})", day=written(deadline.due_on), basis=said_basis(deadline.basis))


def _day(deadline: Deadline | None) -> Text | str:
    return written(deadline.due_on) if deadline else NO_DATE

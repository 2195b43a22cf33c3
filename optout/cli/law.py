"""`optout law`: the laws we know, and a calculator of their days that stands on its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.plain import sentence
from optout.i18n import _
from optout.model.words import Right
from optout.text import Text

if TYPE_CHECKING:
    from optout.cli.output import Shown
    from optout.model.law import Law, LawRight, Term
    from optout.rules.deadlines import Clocks

noun = Commands(_("Look up laws, and count the days they set."))

NOT_KNOWN = Text("not known")


@noun.command("list", example="optout law list\noptout law list --json")
def list_(*, json: Json = False) -> None:
    """List the laws that requests can stand on."""
    from optout.catalog.findings import BadDefinition
    from optout.catalog.laws import list_laws

    problems: list[BadDefinition] = []
    laws = list_laws(problems=problems).values()
    if json:
        output.emit([_brief(law) for law in laws])
    else:
        columns = (Text("id"), Text("law"), Text("where"), Text("gives"))
        output.table(columns, (_row(law) for law in laws))
    for bad in problems:
        print(sentence(bad.what), file=sys.stderr)


@noun.command(example="optout law show us-co-cpa")
def show(
    id: Annotated[str, typer.Argument(metavar="LAW", help=_("Its id, as in: optout law list"))],  # noqa: A002 - the field's own word
    *,
    json: Json = False,
) -> None:
    """Show one law: rights, days, appeal, where to complain, and how sure we are."""
    from optout.catalog.laws import find_law

    law = find_law(id)
    if json:
        output.emit(law)
        return
    output.show(f"{law.name} ({law.id})")
    output.facts(_facts(law))
    for right, given in law.rights.items():
        output.show()
        output.facts(_right_facts(right, given))
    output.show()
    output.bullets(law.notes)


@noun.command(
    example="optout law due --law us-co-cpa --right delete --received 2026-11-02\n"
    "optout law due --law us-co-cpa --right delete --received 2026-11-02 --denied-on 2026-12-01"
    " --json"
)
def due(
    *,
    law: Annotated[str, typer.Option(metavar="LAW", help=_("Its id, as in: optout law list"))],
    right: Annotated[Right, typer.Option(help=_("What was asked."))],
    received: Annotated[date, typer.Option(help=_("The day the company got the request."))],
    state: Annotated[
        str, typer.Option(metavar="STATE", help=_("Whose holidays count, for a federal law: CO."))
    ] = "",
    extended_on: Annotated[
        date | None, typer.Option(help=_("The day they wrote that they need more time."))
    ] = None,
    denied_on: Annotated[date | None, typer.Option(help=_("The day they said no."))] = None,
    appealed_on: Annotated[date | None, typer.Option(help=_("The day you appealed."))] = None,
    json: Json = False,
) -> None:
    """Count until when a company must answer, with the section that says so.

    Nothing is stored, and no locked folder is needed.
    """
    from optout.catalog.shipped_law import read_shipped_law
    from optout.rules.deadlines import clocks_for

    found = read_shipped_law(law)
    clocks = clocks_for(
        found,
        right,
        received=received,
        state=state.strip().upper(),
        extended_on=extended_on,
        denied_on=denied_on,
        appealed_on=appealed_on,
    )
    if json:
        output.emit(_due_json(found, right, received, clocks))
        for note in clocks.notes:
            print(sentence(note), file=sys.stderr)
    else:
        _show_due(clocks)


def _due_json(law: Law, right: Right, received: date, clocks: Clocks) -> object:
    return {
        "law": law.id,
        "right": right,
        "received": received,
        "deadlines": [
            {
                "kind": deadline.kind,
                "due_on": deadline.due_on,
                "basis": deadline.basis,
                "grace_until": deadline.grace_until,
            }
            for deadline in clocks.deadlines
        ],
    }


def _show_due(clocks: Clocks) -> None:
    from optout.words import word

    columns = (Text("day"), Text("what"), Text("says who"), Text("late after"))
    output.table(
        columns,
        (
            (each.due_on, word(each.kind), _basis(each.basis), each.grace_until)
            for each in clocks.deadlines
        ),
    )
    output.bullets(clocks.notes)


def _basis(basis: str) -> Shown:
    from optout.model.deadline import PRACTICE

    return Text("our own advice, no law") if basis == PRACTICE else basis


def _brief(law: Law) -> dict[str, object]:
    return {
        "id": law.id,
        "name": law.name,
        "citation": law.citation,
        "jurisdiction": law.jurisdiction,
        "kind": law.kind,
        "in_force_from": law.in_force_from,
        "in_force_until": law.in_force_until,
        "rights": list(law.rights),
        "confidence": law.confidence,
        "checked_on": law.checked_on,
        "reviewed_by_a_lawyer": law.reviewed_by is not None,
    }


def _row(law: Law) -> tuple[Shown, ...]:
    from optout.words import words

    gives = ", ".join(sentence(each) for each in words(law.rights))
    return law.id, law.name, law.jurisdiction.removeprefix("US-"), gives


def _facts(law: Law) -> Iterator[tuple[Text, Shown]]:
    from optout.words import word

    yield Text("Cited as"), law.citation
    yield Text("In force from"), law.in_force_from or NOT_KNOWN
    yield Text("In force until"), law.in_force_until
    yield Text("Who must follow it"), law.covered
    yield Text("Deciding an appeal"), _term(law.appeal)
    yield Text("You can appeal"), law.appeal_within
    yield Text("Asking through an agent"), law.agent
    yield Text("Free requests a year"), law.free_requests_per_year or NOT_KNOWN
    yield Text("You can sue"), law.private_action
    for exemption in law.exemptions:
        yield Text("Left out"), exemption
    if law.regulator is not None:
        yield Text("Complaints go to"), law.regulator.name
        yield Text("Web page"), law.regulator.url
    yield Text("How sure we are"), word(law.confidence)
    yield Text("Checked on"), law.checked_on
    yield Text("Read by a lawyer"), _reviewed(law)


def _right_facts(right: Right, given: LawRight) -> Iterator[tuple[Text, Shown]]:
    from optout.words import word

    yield Text("Right"), word(right)
    yield Text("Section"), given.cite
    yield Text("How far it goes"), given.scope
    if given.acknowledge:
        yield Text("They must say they got it within"), _term(given.acknowledge)
    if given.opt_out_within:
        yield Text("They must stop selling within"), _term(given.opt_out_within)
    yield Text("They must answer within"), _term(given.answer)
    if given.extension:
        yield Text("They can take more time"), _term(given.extension)
    yield Text("How sure we are"), word(given.confidence)


def _term(term: Term | None) -> Text:
    if term is None:
        return NOT_KNOWN
    from optout.model.law import Unit

    counted = {
        Unit.DAYS: Text("{count} days ({cite})", count=term.length, cite=term.cite),
        Unit.BUSINESS_DAYS: Text(
            "{count} business days ({cite})", count=term.length, cite=term.cite
        ),
        Unit.MONTHS: Text("{count} months ({cite})", count=term.length, cite=term.cite),
    }
    return counted[term.unit]


def _reviewed(law: Law) -> Shown:
    if law.reviewed_by is None:
        return Text("not yet")
    by = law.reviewed_by
    return Text("{name}, {bar}, on {day}", name=by.name, bar=by.bar, day=by.on.isoformat())

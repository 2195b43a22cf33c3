"""`optout law`: the laws we know, and a calculator of their days that stands on its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.i18n import _
from optout.model.words import UNSURE, Right
from optout.text import Counted, Text, as_written

if TYPE_CHECKING:
    from optout.cli.output import Shown
    from optout.model.law import Law, LawRight, Regulator, Term
    from optout.model.words import Confidence
    from optout.rules.deadlines import Clocks

noun = Commands(_("Look up laws, and count the days they set."))

NOT_KNOWN = Text("not known")


@noun.command("list", example="optout law list\noptout law list --json")
def list_(*, json: Json = False) -> None:
    """List the laws we know, grouped: first those that requests can stand on."""
    from optout.catalog.findings import BadDefinition
    from optout.catalog.laws import list_laws

    problems: list[BadDefinition] = []
    laws = tuple(list_laws(problems=problems).values())
    if json:
        output.emit([_brief(law) for law in laws])
    else:
        _show_grouped(laws)
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
    output.bullets(map(as_written, law.notes))


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
        ordinary=True,
    )
    if json:
        output.emit(_due_json(found, right, received, clocks))
        for note in (*clocks.notes, *_not_yet(received, denied_on, extended_on, appealed_on)):
            print(sentence(note), file=sys.stderr)
    else:
        _show_due(clocks)
        output.bullets(_not_yet(received, denied_on, extended_on, appealed_on))


def _not_yet(*days: date | None) -> tuple[Text, ...]:
    """Say of days to come that this is a forecast: the law may change before them."""
    today = session().clock().date()
    ahead = [day for day in days if day and day > today + timedelta(days=1)]
    if not ahead:
        return ()
    text = Text("{day} has not come yet: this is what would be.", day=min(ahead).isoformat())
    return (text,)


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
    from optout.due_words import DEADLINE_WORDS, said_basis

    columns = (Text("day"), Text("what"), Text("says who"), Text("late after"))
    output.table(
        columns,
        (
            (each.due_on, DEADLINE_WORDS[each.kind], said_basis(each.basis), each.grace_until)
            for each in clocks.deadlines
        ),
    )
    output.bullets(clocks.notes)


def _brief(law: Law) -> dict[str, object]:
    return {
        "id": law.id,
        "name": law.name,
        "citation": law.citation,
        "jurisdiction": law.jurisdiction,
        "also_in": law.also_in,
        "kind": law.kind,
        "protects": law.protects,
        "binds": law.binds,
        "never_named": law.never_named,
        "in_force_from": law.in_force_from,
        "in_force_until": law.in_force_until,
        "rights": list(law.rights),
        "confidence": law.confidence,
        "checked_on": law.checked_on,
        "reviewed_by_a_lawyer": law.reviewed_by is not None,
    }


_GROUPS: Final[tuple[tuple[Text, frozenset[str]], ...]] = (
    (Text("Privacy laws of states"), frozenset({"comprehensive", "delete-act", "sale-opt-out"})),
    (Text("Federal law on credit and background files"), frozenset({"fcra"})),
    (Text("For some data or some customers only"),
     frozenset({"health-data", "biometric", "financial", "other"})),
    (Text("Europe, for people who are there"), frozenset({"data-protection"})),
    (Text("Only for judges, police and others a law lists"), frozenset({"address-safety"})),
    (Text("Registers of data brokers: nothing to ask for"), frozenset({"broker-registry"})),
    (Text("Records of public offices, and what they may pass on"),
     frozenset({"public-records", "government-sharing"})),
    (Text("No law"), frozenset({"voluntary"})),
)  # fmt: skip


def _show_grouped(laws: Sequence[Law]) -> None:
    """Print a line a law under its heading: what one can do with it decides where it stands."""
    for heading, kinds in _GROUPS:
        group = [law for law in laws if law.kind.value in kinds]
        if group:
            output.show(heading)
            for law in group:
                output.show_indented("  ", _line(law))
            output.show()
    output.show(Text("To read one: {command}", command="optout law show us-co-cpa"))


def _line(law: Law) -> Text:
    since = law.in_force_from
    if since and since > session().clock().date():
        return Text("{id}: {law}, from {since}", id=law.id, law=law.name, since=since.isoformat())
    if law.never_named:
        return Text("{id}: {law}, never used here", id=law.id, law=law.name)
    if law.kind.value == "fcra":  # one name for several laws here: say which
        from optout.words import words

        return Text("{id}: {law}, {gives}", id=law.id, law=law.name, gives=words(law.rights))
    return Text("{id}: {law}", id=law.id, law=law.name)


_PROTECTS: Final[dict[str, Text]] = {
    "residents": Text("everybody who lives there"),
    "everyone": Text("everybody"),
    "customers": Text("customers of the company only"),
    "officials": Text("only people whom the law lists, and their families"),
    "participants": Text("only people in a state's address program"),
    "citizens-and-permanent-residents": Text(
        "only citizens and lawful permanent residents of the United States"
    ),
    "nobody": Text("nobody can ask for anything under it"),
}


def _facts(law: Law) -> Iterator[tuple[Text, Shown]]:
    """Yield what the file says; in a law that gives rights also what is not known."""
    from optout.words import word

    unknown = NOT_KNOWN if law.rights and law.kind.value != "voluntary" else None
    yield Text("Cited as"), _told(law, "citation", law.citation)
    yield Text("Never named in a request"), output.written(law.never_named)
    yield Text("In force from"), _told(law, "in_force_from", law.in_force_from) or unknown
    yield Text("In force until"), law.in_force_until
    yield Text("Whom it is for"), _PROTECTS[law.protects.value]
    yield Text("Who must follow it"), _told(law, "covered", output.written(law.covered)) or unknown
    yield from _appeal_facts(law, unknown)
    yield Text("Asking through an agent"), _told(law, "agent", output.written(law.agent)) or unknown
    yield Text("What an agent shows"), output.written(law.agent_proof)
    yield (
        Text("Proof of who you are"),
        _told(law, "verification", output.written(law.verification)) or unknown,
    )
    if Right.OPT_OUT in law.rights:
        yield Text("Proof before they stop selling"), _proof_for_opt_out(law) or unknown
    yield Text("Free requests a year"), _free(law) or unknown
    yield Text("Last day on a weekend or holiday"), _told(law, "rolls_over", _moves(law)) or unknown
    for exemption in law.exemptions:
        yield Text("Left out"), _told(law, "exemptions", output.written(exemption))
    yield (
        Text("You can sue"),
        _told(law, "private_action", output.written(law.private_action)) or unknown,
    )
    yield (
        Text("Time to mend before a fine"),
        _told(law, "cure", output.written(law.cure)) or unknown,
    )
    for regulator in (law.regulator, *law.other_regulators):
        if regulator:
            yield from _regulator_facts(regulator)
    yield Text("How sure we are"), word(law.confidence)
    yield Text("Checked on"), law.checked_on
    yield Text("Read by a lawyer"), _reviewed(law)


def _told(law: Law, line: str, value: Shown) -> Shown:
    """Return the value, marked where the file says that this line is not sure."""
    return Text("{value} (not sure)", value=value) if value and line in law.not_sure else value


def _appeal_facts(law: Law, unknown: Text | None) -> Iterator[tuple[Text, Shown]]:
    if law.may_appeal is False:
        yield Text("Appeal"), Text("there is none: complain at once")
        return
    if law.appeal_acknowledge:
        yield Text("Saying that an appeal arrived"), _term(law.appeal_acknowledge)
    else:
        yield Text("Deciding an appeal"), _term(law.appeal) if law.appeal else unknown
    if law.appeal_extension:
        yield Text("More time for an appeal"), _term(law.appeal_extension)
    yield Text("You can appeal"), output.written(law.appeal_within)


def _proof_for_opt_out(law: Law) -> Shown:
    if law.opt_out_may_authenticate is None:
        return None
    if law.opt_out_may_authenticate:
        return Text("they may ask for it")
    return Text("the law asks for none")


def _free(law: Law) -> Shown:
    count = law.free_requests_per_year
    return _told(
        law, "free_requests_per_year", str(count) if count else output.written(law.free_requests)
    )


def _moves(law: Law) -> Shown:
    if law.rolls_over is None:
        return None
    return (
        Text("moves to the next business day ({cite})", cite=law.rolls_over_cite)
        if law.rolls_over
        else Text("stays ({cite})", cite=law.rolls_over_cite)
    )


def _regulator_facts(regulator: Regulator) -> Iterator[tuple[Text, Shown]]:
    """Yield where to complain; what is not sure says so, and is never printed on an envelope."""
    yield Text("Complaints go to"), regulator.name
    yield Text("Web page"), _as_sure(regulator.url, regulator.url_confidence)
    yield Text("E-mail"), regulator.email
    address = ", ".join(regulator.lines)
    yield Text("Postal address"), _as_sure(address, regulator.confidence)
    yield Text("Note"), output.written(regulator.note)


def _as_sure(value: str, confidence: Confidence) -> Shown:
    return Text("{value} (not sure)", value=value) if value and confidence in UNSURE else value


def _right_facts(right: Right, given: LawRight) -> Iterator[tuple[Text, Shown]]:
    from optout.words import word

    yield Text("Right"), word(right)
    yield Text("Section"), given.cite or NOT_KNOWN
    yield Text("Only from"), given.in_force_from
    yield Text("How far it goes"), output.written(given.scope)
    if given.acknowledge:
        yield Text("They must say they got it within"), _term(given.acknowledge)
    if given.opt_out_within:
        yield Text("To be carried out within"), _term(given.opt_out_within)
    if given.longer:
        yield Text("Or, in one case, within"), _term(given.longer)
    if given.told_within:
        yield Text("After that, to be confirmed within"), _term(given.told_within)
    if given.answer or not (given.acknowledge or given.opt_out_within):
        yield Text("They must answer within"), _term(given.answer)
    if given.extension:
        yield Text("They can take more time"), _term(given.extension)
    for change in given.changes:
        since = change.since.isoformat()
        yield Text("Changed"), Text("from {since} ({cite})", since=since, cite=change.cite)
        if change.answer:
            yield Text("Then they must answer within"), _term(change.answer)
        yield Text("Then it goes as far as"), output.written(change.scope)
    yield Text("How sure we are"), word(given.confidence)


def _term(term: Term | None) -> Text:
    if term is None:
        return NOT_KNOWN
    counted = _length(term)
    if term.only_if:
        counted = Text(
            "{counted}, only if {condition}", counted=counted, condition=as_written(term.only_if)
        )
    if term.confidence in UNSURE:
        counted = Text("{value} (not sure)", value=counted)
    return counted


def _length(term: Term) -> Text:
    from optout.model.law import Unit

    counted = {
        Unit.DAYS: Counted(
            "1 day ({cite})", "{count} days ({cite})", count=term.length, cite=term.cite
        ),
        Unit.BUSINESS_DAYS: Counted(
            "1 business day ({cite})",
            "{count} business days ({cite})",
            count=term.length,
            cite=term.cite,
        ),
        Unit.MONTHS: Counted(
            "1 month ({cite})", "{count} months ({cite})", count=term.length, cite=term.cite
        ),
        Unit.HOURS: Counted(
            "1 hour ({cite})", "{count} hours ({cite})", count=term.length, cite=term.cite
        ),
    }
    return counted[term.unit]


def _reviewed(law: Law) -> Shown:
    if law.reviewed_by is None:
        return Text("not yet")
    by = law.reviewed_by
    return Text("{name}, {bar}, on {day}", name=by.name, bar=by.bar, day=by.on.isoformat())

"""`optout clinic conflict`: look for conflicts of interest, and write down what a person found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show, table
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.clinic import CheckResult
from optout.model.ports import Option
from optout.text import Text
from optout.words import word

if TYPE_CHECKING:
    from optout.rules.conflict_search import Named
    from optout.workflows.conflict import Search
    from optout.workflows.desk import Desk

app = Commands()
LATER = "later"
_ALL_AT_ONCE = Text("All at once, where no name stands elsewhere: optout clinic conflict --all")


@app.command(
    example="optout clinic conflict\n"
    'optout clinic conflict 3 --adverse "Example Rentals LLC"\n'
    'optout clinic conflict 3 --result clear --by "Robin Example" --note "another family"\n'
    'optout clinic conflict --all --by "Robin Example"\n'
    "optout clinic conflict --export-names names.txt"
)
def conflict(
    person: Annotated[
        str, typer.Argument(metavar="[NUMBER]", help=_("Which client, from: optout person list"))
    ] = "",
    *,
    household: Annotated[
        list[str] | None,
        typer.Option("--household", metavar="NAME", help=_("Also look for this one in the home.")),
    ] = None,
    adverse: Annotated[
        list[str] | None,
        typer.Option("--adverse", metavar="NAME", help=_("Also look for this opponent.")),
    ] = None,
    result: Annotated[
        CheckResult | None, typer.Option("--result", help=_("What you found."))
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=_("Who looked."))] = "",
    note: Annotated[
        str,
        typer.Option("--note", metavar="TEXT", help=_("Why names that are alike are no conflict.")),
    ] = "",
    everybody: Annotated[
        bool, typer.Option("--all", help=_("All clients of whom no name stands elsewhere."))
    ] = False,
    export_names: Annotated[
        Path | None,
        typer.Option("--export-names", metavar="FILE", help=_("Write the names for other lists.")),
    ] = None,
    json: Json = False,
) -> None:
    """Look for a client's name, home and opponents in every other file; write down the result.

    Nothing is sent for a client before this. The program shows names that are alike; whether they
    are a conflict is decided by you. Without a number: who still has no check.
    """
    desk = open_desk()
    if export_names is not None:
        _export(desk, export_names, person)
        return
    if everybody:
        _check_everybody(desk, by)
        return
    if not person:
        _show_unchecked(desk, as_json=json)
        return
    found = _search(desk, person, household or [], adverse or [])
    if json:
        emit(_as_json(found))
    else:
        _show_hits(desk, found)
    _record(desk, found, result, by, note, asks=not json)


def _search(desk: Desk, person: str, household: list[str], adverse: list[str]) -> Search:
    from optout.model.clinic import PartyRole
    from optout.workflows.clients import one_client
    from optout.workflows.clinic import the_clinic
    from optout.workflows.conflict import add_parties, search

    the_clinic(desk.vault)
    subject = one_client(desk, person, hint=_ALL_AT_ONCE).subject
    add_parties(desk.vault, subject.id, PartyRole.HOUSEHOLD, household)
    add_parties(desk.vault, subject.id, PartyRole.ADVERSE, adverse)
    return search(desk.vault, subject)


def _show_hits(desk: Desk, found: Search) -> None:
    show(Text("Searched: {names}.", names=tuple(named.name for named in found.names)))
    if not found.hits:
        show(Text("None of these names stands in another file of this folder."))
        return
    numbers = {each.id: n for n, each in enumerate(desk.vault.subjects.list(), start=1)}
    table(
        (Text("This file"), Text("Is"), Text("Alike"), Text("File of client"), Text("There is")),
        (
            (
                hit.ours.name,
                _standing(hit.ours),
                hit.theirs.name,
                numbers[hit.theirs.subject_id],
                _standing(hit.theirs),
            )
            for hit in found.hits
        ),
    )


def _standing(named: Named) -> Text:
    from optout.model.clinic import PartyRole
    from optout.rules.conflict_search import Standing

    if named.standing is Standing.CLIENT:
        return Text("client")
    return word(PartyRole(named.standing.value))


def _as_json(found: Search) -> object:
    return {
        "searched": [named.name for named in found.names],
        "hits": [
            {
                "name": hit.ours.name,
                "standing": hit.ours.standing,
                "found": hit.theirs.name,
                "standing_there": hit.theirs.standing,
                "same": hit.is_same,
            }
            for hit in found.hits
        ],
    }


def _record(
    desk: Desk, found: Search, result: CheckResult | None, by: str, note: str, *, asks: bool
) -> None:
    from optout.workflows.conflict import record_check

    if asks and session().terminal.is_there():
        result = result or _ask_result(desk)
        note = note or _ask_note(desk, found, result)
    if result is None:
        if asks:
            show(
                Text("Nothing is written down yet. When you have looked: --result clear --by NAME")
            )
        return
    check = record_check(desk, found, result, by=by or _who(desk), note=note)
    show(
        Text(
            "Written down: {result}, {day}, {who}.", result=word(result), day=check.on, who=check.by
        )
    )


def _ask_result(desk: Desk) -> CheckResult | None:
    options = (
        Option(key=CheckResult.CLEAR, text=Text("No conflict")),
        Option(key=CheckResult.CONFLICT, text=Text("A conflict: nothing is sent for this client")),
        Option(key=LATER, text=Text("I do not know yet")),
    )
    chosen = desk.person.choose(Text("What did you find, here and in your other lists?"), options)
    return None if chosen == LATER else CheckResult(chosen)


def _ask_note(desk: Desk, found: Search, result: CheckResult | None) -> str:
    if result is CheckResult.CLEAR and found.hits:
        return desk.person.ask(Text("Why is it no conflict? A few words for the file"))
    return ""


def _who(desk: Desk) -> str:
    """Return who looked: the one person of a small office, else who is chosen."""
    from optout.workflows.clinic import the_clinic

    people = the_clinic(desk.vault).responsible
    if len(people) == 1:
        return people[0]
    options = tuple(Option(key=name, text=Text("{name}", name=name)) for name in people)
    return desk.person.choose(Text("Who looked? Without a question: --by NAME"), options)


def _show_unchecked(desk: Desk, *, as_json: bool) -> None:
    from optout.workflows.clinic import the_clinic
    from optout.workflows.conflict import unchecked

    the_clinic(desk.vault)
    waiting = tuple(unchecked(desk.vault))
    if as_json:
        emit([{"client": number, "why": why.english()} for number, _subject, why in waiting])
        return
    if not waiting:
        show(Text("Every client has a conflict check."))
        return
    table(
        (Text("Number"), Text("Client"), Text("Why nothing is sent")),
        ((number, subject.label.reveal(), why) for number, subject, why in waiting),
    )
    show(Text("One client: optout clinic conflict {number}", number=waiting[0][0]))
    show(_ALL_AT_ONCE)


def _check_everybody(desk: Desk, by: str) -> None:
    from optout.workflows.conflict import record_all_without_hits

    written, left = record_all_without_hits(desk, by=by or _who(desk))
    show(Text("Written down, without a conflict: {count}.", count=written))
    if left:
        show(
            Text(
                "To be looked at one by one, because a name is alike elsewhere: {count}. See: "
                "optout clinic conflict",
                count=left,
            )
        )


def _export(desk: Desk, path: Path, person: str) -> None:
    from dataclasses import replace

    from optout.workflows.clients import one_client
    from optout.workflows.conflict import export_names

    path = path.expanduser().absolute()
    if path.is_dir():
        raise WrongUsage(
            Text("This is a folder."), hint=Text("Give a file: --export-names names.txt")
        )
    subjects = (one_client(desk, person).subject,) if person else desk.vault.subjects.list()
    written = export_names(replace(desk, out_folder=path.parent), path, subjects)
    show(Text("Written: {path}", path=written))
    show(
        Text(
            "It says who your clients are. Delete it when you have looked. It is in: optout exports"
        )
    )

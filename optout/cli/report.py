"""`optout report`: one page about everything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show
from optout.i18n import _
from optout.text import Text
from optout.workflows.desk import Desk

app = Commands()


@app.command(
    example="optout report --to ~/Documents\noptout report --proof K7F3-Q2MX\noptout report --json"
)
def report(
    *,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if several."))
    ] = "",
    proof: Annotated[
        str, typer.Option("--proof", metavar="REF", help=_("Write the proof of this request."))
    ] = "",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where to write it."))
    ] = None,
    json: Json = False,
) -> None:
    """Make one HTML page about everything you asked, gave and got back. It prints well.

    The page is not locked: anyone who opens the file can read it.
    """
    from optout.workflows.desk import the_subject

    desk = open_desk(to=to)
    if proof:
        _write_proof(desk, proof)
        return
    subject = the_subject(desk, person)
    if json:
        from optout.cli.status import standing_as_json
        from optout.workflows.standing import standings

        emit([standing_as_json(each) for each in standings(desk, subject)])
        return
    from optout.workflows.make_report import write_report

    show(Text("Written: {path}", path=write_report(desk, subject)))
    show(Text("Anyone who opens the file can read it. Delete it later: optout exports --delete"))


def _write_proof(desk: Desk, reference: str) -> None:
    from optout.workflows.make_report import write_proof

    written = write_proof(desk, reference)
    for path in written:
        show(Text("Written: {path}", path=path))
    if not written:
        show(Text("There is no proof of this request yet."))
        return
    show(Text("Anyone who opens these can read them. Delete them later: optout exports --delete"))

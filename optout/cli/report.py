"""`optout report`: one page about everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text
from optout.workflows.desk import Desk

if TYPE_CHECKING:
    from optout.model.subject import Subject

app = Commands()


@app.command(
    example="optout report --to ~/Documents\noptout report --pdf\noptout report --for-helper\n"
    "optout report --proof K7F3-Q2MX\noptout report --json"
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
    pictures: Annotated[
        bool, typer.Option("--pictures", help=_("With pictures of people-search pages."))
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=_("For paper, as a PDF."))] = False,
    for_helper: Annotated[
        bool, typer.Option("--for-helper", help=_("One page for somebody who helps you."))
    ] = False,
    json: Json = False,
) -> None:
    """Make one HTML page about everything you asked, gave and got back. It prints well.

    The page is not locked: anyone who opens the file can read it. Records that were found stand
    on it too: before and after, days to removal, and what came back. The page for somebody who
    helps holds nothing of yours but what you say yes to, and tells what it holds.
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
    if pictures and (pdf or for_helper):
        raise WrongUsage(
            Text("--pictures goes with the HTML page only."),
            known=Text("Nothing was written."),
            hint=Text("Leave out one of the two."),
        )
    write = _writes(pictures=pictures, pdf=pdf, for_helper=for_helper)
    show(Text("Written: {path}", path=write(desk, subject)))
    if pictures:
        show(Text("Its pictures show other people too: show it only to whom you trust."))
    show(Text("Anyone who opens the file can read it. Delete it later: optout exports --delete"))


def _writes(*, pictures: bool, pdf: bool, for_helper: bool) -> Callable[[Desk, Subject], Path]:
    """Return what writes the page that was asked for."""
    from optout.workflows.help_summary import write_help_summary
    from optout.workflows.make_report import write_report, write_report_pdf

    if for_helper:
        return write_help_summary
    return write_report_pdf if pdf else partial(write_report, pictures=pictures)


def _write_proof(desk: Desk, reference: str) -> None:
    from optout.workflows.make_report import write_proof

    written = write_proof(desk, reference)
    for path in written:
        show(Text("Written: {path}", path=path))
    if not written:
        show(Text("There is no proof of this request yet."))
        return
    show(Text("Anyone who opens these can read them. Delete them later: optout exports --delete"))

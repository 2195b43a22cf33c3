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

app = Commands()


@app.command(example="optout report --to ~/Documents\noptout report --json")
def report(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where to write it."))
    ] = None,
    json: Json = False,
) -> None:
    """Make one HTML page about everything you asked, gave and got back. It prints well.

    The page is not locked: anyone who opens the file can read it.
    """
    desk = open_desk(to=to)
    if json:
        from optout.cli.status import standing_as_json
        from optout.workflows.standing import standings

        emit([standing_as_json(each) for each in standings(desk)])
        return
    from optout.workflows.make_report import write_report

    show(Text("Written: {path}", path=write_report(desk)))
    show(Text("Anyone who opens the file can read it. Delete it later: optout exports --delete"))

"""`optout clinic summary`: how everything stands, as one page with bars."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import show
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(
    example="optout clinic summary --pdf week.pdf\noptout clinic summary --pdf out.pdf --outside"
)
def summary(
    *,
    pdf: Annotated[
        Path, typer.Option("--pdf", metavar="FILE", help=_("Where the page is written."))
    ],
    outside: Annotated[
        bool,
        typer.Option("--outside", help=_("For others: small numbers are hidden.")),
    ] = False,
) -> None:
    """Make one page: requests by state, days until an answer, answers by company.

    It names no client. A small number can be somebody all the same: for anybody outside the
    office, use --outside. Then no number under 5 is on it, and none from which it could be
    computed.
    """
    from optout.workflows.summary import write_summary

    desk = open_desk(to=pdf.parent)
    path = write_summary(desk, pdf.name, outside=outside)
    show(Text("Written: {path}", path=path))
    if outside:
        show(
            Text(
                "Do not give out two of them within weeks: laid side by side, they show small "
                "numbers again."
            )
        )
    else:
        show(Text("For the office only. For others: optout clinic summary --outside"))

"""`optout web`: the same road as a page in the browser of this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.output import show
from optout.cli.session import session
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(example="optout web\noptout web --no-open\noptout web --to ~/Documents")
def web(
    *,
    no_open: Annotated[
        bool, typer.Option("--no-open", help=_("Only print the address; open it yourself."))
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where papers are written."))
    ] = None,
) -> None:
    """Open the page: be guided, decide, send and look up, in the browser of this computer.

    Only this computer can open it, and only through the link that is shown here. It locks by
    itself after fifteen quiet minutes, and ends with this window or Ctrl-C.
    """
    import webbrowser

    from optout.web.keeper import Keeper, Place
    from optout.web.server import serve
    from optout.workflows.set_out import papers_folder, set_out

    here = session()
    keeper = Keeper(
        Place(
            folder=here.vault_folder(),
            papers=(to or papers_folder()).expanduser().absolute(),
            clock=here.clock,
            set_out=set_out,
            actor=here.actor,
        )
    )

    def opened(address: str) -> None:
        if no_open or not webbrowser.open(address):
            show(Text("Open this address in a browser of this computer. It works once:"))
        else:
            show(Text("The page opens in your browser. If it does not, open this, once:"))
        show(address)
        show(Text("To end it, press Ctrl-C here."))

    serve(keeper, opened)
    show(Text("Closed and locked."))

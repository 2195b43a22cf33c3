"""`optout web`: the same road as a page in the browser of this computer."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.output import show
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(
    example="optout web\noptout web --no-open\noptout web --to ~/Documents\n"
    "optout web --install-shortcut\noptout web --remove-shortcut"
)
def web(
    *,
    no_open: Annotated[
        bool, typer.Option("--no-open", help=_("Only print the address; open it yourself."))
    ] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where papers are written."))
    ] = None,
    install_shortcut: Annotated[
        bool, typer.Option("--install-shortcut", help=_("Write an icon that opens the page."))
    ] = False,
    remove_shortcut: Annotated[
        bool, typer.Option("--remove-shortcut", help=_("Take that icon away again."))
    ] = False,
) -> None:
    """Open the page: be guided, decide, send and look up, in the browser of this computer.

    Only this computer can open it, and only through the link that is shown here. It locks by
    itself after fifteen quiet minutes, and ends with this window or Ctrl-C.
    """
    if install_shortcut and remove_shortcut:
        raise WrongUsage(Text("Choose one: write the icon, or take it away."))
    if install_shortcut:
        _install(to)
    elif remove_shortcut:
        _remove()
    else:
        _open(to, no_open=no_open)


def _install(to: Path | None) -> None:
    """Write the icon; it starts the page on the folders that were named now, if any were."""
    from optout.workflows.shortcut import install_shortcut, this_computer

    here = session()
    folder = ["--vault", str(here.vault_folder())] if here.folder else []
    papers = ["--to", str(to.expanduser().absolute())] if to else []
    path = install_shortcut(
        this_computer(), [sys.executable, "-m", "optout", *folder, "web", *papers]
    )
    show(Text("Written: {path}", path=path))
    show(Text("Open it, and a window and the page come up. Closing the window ends it."))
    show(Text("To take it away: optout web --remove-shortcut"))


def _remove() -> None:
    from optout.workflows.shortcut import place_of_shortcut, remove_shortcut, this_computer

    if path := remove_shortcut(this_computer()):
        show(Text("Taken away: {path}", path=path))
    else:
        place = place_of_shortcut(this_computer())
        show(Text("There is no icon of ours: {path}", path=place))


def _show_in_browser(address: str) -> bool:
    """Open the usual browser, and never another one after it: the address is good once.

    `webbrowser.open` would start the next browser where the usual one is opened by a program that
    has already ended. Some browsers end only when somebody closes them, so nothing waits for them.
    """
    import webbrowser

    try:
        usual = webbrowser.get()
    except webbrowser.Error:  # there is none
        return False
    threading.Thread(target=usual.open, args=(address,), daemon=True).start()
    return True


def _open(to: Path | None, *, no_open: bool) -> None:
    from optout.cli.practice_page import PracticePage
    from optout.web.keeper import Keeper, Place
    from optout.web.server import serve
    from optout.workflows.set_out import papers_folder, set_out

    here, practice = session(), PracticePage()

    def beside() -> str:
        address = practice.address()
        if not no_open:
            _show_in_browser(address)
        return address

    keeper = Keeper(
        Place(
            folder=here.vault_folder(),
            papers=(to or papers_folder()).expanduser().absolute(),
            clock=here.clock,
            set_out=set_out,
            actor=here.actor,
            practice=beside,
        )
    )

    def opened(address: str) -> None:
        if no_open or not _show_in_browser(address):
            show(Text("Open this address in a browser of this computer. It works once:"))
        else:
            show(Text("The page opens in your browser. If it does not, open this, once:"))
        show(address)
        show(Text("To end it, press Ctrl-C here."))

    try:
        serve(keeper, opened)
    finally:
        practice.end()
    show(Text("Closed and locked."))

"""`optout exports`: files that left the locked folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import bullets, emit, show, table
from optout.i18n import _
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.workflows.desk import Desk

app = Commands()


@app.command(example="optout exports\noptout exports --delete")
def exports(
    *,
    delete: Annotated[
        bool, typer.Option("--delete", help=_("Delete all the files that are still there."))
    ] = False,
    json: Json = False,
) -> None:
    """List the files that left the locked folder; delete them when they are no longer needed.

    While your lawyer holds a client's file (optout clinic hold), what is about them stays, and so
    does what is about several people.
    """
    from optout.workflows.exports import delete_exports, list_exports, what_it_is

    desk = open_desk()
    if delete:
        _show_held_back(desk)
        if not desk.person.confirm(Text("Delete all files in this list that are still there?")):
            show(Text("Nothing was deleted."))
            return
        _delete(delete_exports(desk))
        return
    found = list_exports(desk)
    if json:
        emit(
            [
                {
                    "path": e.path.reveal(),
                    "what": e.what,
                    "at": e.at,
                    "there": there,
                    "sha256": e.sha256,
                }
                for e, there in found
            ]
        )
        return
    if not found:
        show(Text("No file has left the locked folder."))
        return
    table(
        (Text("File"), Text("What"), Text("Written"), Text("Still there?")),
        (
            (
                e.path.reveal(),
                what_it_is(e),
                desk.day_here(e.at),
                Text("yes") if there else Text("no"),
            )
            for e, there in found
        ),
    )
    show(Text("Copies that you mailed, printed or synchronized are not listed here."))


def _show_held_back(desk: Desk) -> None:
    """Name what a hold keeps, where somebody wants to delete."""
    from optout.workflows.clients import names_of
    from optout.workflows.erase_file import held_clients
    from optout.workflows.exports import held_back

    kept = dict.fromkeys(each.path.reveal() for each in held_back(desk))
    there = [path for path in kept if Path(path).exists()]
    if there:
        show(
            Text(
                "A lawyer said that nothing may be erased of: {who}. So these files stay. They are "
                "about them, or about several people:",
                who=names_of(held_clients(desk)),
            )
        )
        bullets(there)


def _delete(outcome: tuple[int, tuple[object, ...]]) -> None:
    gone, stuck = outcome
    show(
        Counted(
            "Deleted: 1 file. On worn-out disks traces can remain.",
            "Deleted: {count} files. On worn-out disks traces can remain.",
            count=gone,
        )
    )
    if stuck:
        show(Text("Could not be deleted: {count}. See: optout exports", count=len(stuck)))
        raise typer.Exit(1)

"""`optout exports`: files that left the locked folder."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show, table
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(example="optout exports\noptout exports --delete")
def exports(
    *,
    delete: Annotated[
        bool, typer.Option("--delete", help=_("Delete all the files that are still there."))
    ] = False,
    json: Json = False,
) -> None:
    """List the files that left the locked folder; delete them when they are no longer needed."""
    from optout.workflows.exports import delete_exports, list_exports

    desk = open_desk()
    if delete:
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
            (e.path.reveal(), e.what, desk.day_here(e.at), Text("yes") if there else Text("no"))
            for e, there in found
        ),
    )
    show(Text("Copies that you mailed, printed or synchronized are not listed here."))


def _delete(outcome: tuple[int, tuple[object, ...]]) -> None:
    gone, stuck = outcome
    show(Text("Deleted: {count} files. On worn-out disks traces can remain.", count=gone))
    if stuck:
        show(Text("Could not be deleted: {count}. See: optout exports", count=len(stuck)))
        raise typer.Exit(1)

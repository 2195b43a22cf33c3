"""`optout clinic export`: tables for the office's other programs."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.clinic_plan import Clients, To, show_left_out
from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import show
from optout.i18n import _
from optout.text import Counted, Text
from optout.workflows.export_cases import Format

app = Commands()


@app.command(
    example="optout clinic export --format clio --to ~/Documents\n"
    "optout clinic export 1-20,25 --format merge\n"
    "optout clinic export --format legalserver --already-there"
)
def export(
    clients: Clients = None,
    *,
    form: Annotated[Format, typer.Option("--format", help=_("For which program."))],
    to: To = None,
    already_there: Annotated[
        bool,
        typer.Option(
            "--already-there", help=_("The other program has these clients' facts already.")
        ),
    ] = False,
) -> None:
    """Write clients, files, tasks and notes as tables for another program of the office.

    A table holds only what each client's card lets go: never what goes to nobody, and never a home
    that a substitute address stands for. What is only for those who have it already goes along
    with --already-there. Tasks say "Look at" and a reference. No cell can run as a formula. What
    each heading means is told in letters/clinic/README.md.
    """
    from optout.workflows.clients import chosen_clients
    from optout.workflows.export_cases import export_cases

    desk = open_desk(to=to)
    done = export_cases(desk, chosen_clients(desk, clients or ()), form, known_too=already_there)
    show_left_out(done.left_out)
    if not done.paths:
        show(Text("Nothing was written."))
        raise typer.Exit(1)
    for path in done.paths:
        show(Text("Written: {path}", path=path))
    if done.held_back:
        show(
            Counted(
                "Held back, as their cards say: 1 fact.",
                "Held back, as their cards say: {count} facts.",
                count=done.held_back,
            )
        )
    if done.without_home:
        show(
            Counted(
                "Without an address in the table: 1 client. Their card gives the home only to "
                "those who have it already. If the other program has it: --already-there",
                "Without an address in the table: {count} clients. Their cards give the home only "
                "to those who have it already. If the other program has it: --already-there",
                count=done.without_home,
            )
        )
    show(Text("Anyone who opens these can read them. Delete them later: optout exports --delete"))

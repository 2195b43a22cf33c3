"""`optout clinic file`: the approved forms and mails of many clients, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from optout.cli.clinic_plan import As, Clients, To, desk_of_office, show_left_out
from optout.cli.commands import Commands
from optout.cli.file import file_all
from optout.cli.output import show
from optout.cli.worst import worst_exit
from optout.text import Text

if TYPE_CHECKING:
    from optout.workflows.filed import Filed

app = Commands()


@app.command(example="optout clinic file\noptout clinic file 3\noptout clinic file 1-20 --as Robin")
def file(clients: Clients = None, *, to: To = None, as_name: As = "") -> None:
    """File the approved forms and mails, one client after another; somebody stays with each.

    Before each one you say go. Every form has a browser of its own, and you press its last button.
    What has changed since its yes is left out. What dies before the next session is begun only
    while the client is here. Mails are written for you to send.
    """
    from optout.workflows.clients import chosen_clients
    from optout.workflows.file_many import approved_to_file, file_approved, seen_together

    desk = desk_of_office(as_name, to)
    waiting, left = approved_to_file(desk, chosen_clients(desk, clients or ()))
    show_left_out(left)
    if not waiting:
        show(Text("No approved form or mail waits. First: optout clinic approve"))
        return
    together = seen_together(waiting)
    if together:
        show(
            Text(
                "Forms of several clients would go to {companies} from this one connection: they "
                "can see that these belong together. Spread them over several days.",
                companies=together,
            )
        )
    by_reference = {str(each.message.reference): each for each in waiting}

    def file_one(reference: str) -> Filed:
        return file_approved(desk, by_reference[reference])

    raise typer.Exit(worst_exit(file_all(desk, tuple(by_reference), file_one)))

"""`optout clinic responsible`: who answers for a client."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import show
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(example='optout clinic responsible 3,5-7 --is "Sam Example"')
def responsible(
    clients: Annotated[
        list[str], typer.Argument(metavar="CLIENT", help=_("Numbers (1-20,25), names, or all."))
    ],
    *,
    name: Annotated[
        str, typer.Option("--is", metavar="PERSON", help=_("One of the office's people."))
    ],
) -> None:
    """Write down who answers for clients, as when a colleague has left.

    Their dates and appointments stand with this person from then on: optout clinic docket
    """
    from optout.workflows.clients import chosen_clients
    from optout.workflows.give_clients import give_clients

    desk = open_desk()
    name, count = give_clients(desk, chosen_clients(desk, clients), name)
    show(Text("{name} answers for them now. New: {count}.", name=name, count=count))

"""`optout start`, and `optout` alone: the guide."""

from __future__ import annotations

from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.session import session

app = Commands()


@app.command(example="optout\noptout start")
def start() -> None:
    """Be guided from the first question to the first request, one decision at a time.

    Stop whenever you like: it goes on with the part where you were.
    """
    from optout.workflows.guide import begin_guide, go_on

    here = session()
    begin_guide(here.vault_folder(), here.person(), here.clock, here.actor)
    go_on(open_desk())

"""Set out the desk for one command: the folder unlocked, the terminal as its person."""

from __future__ import annotations

from pathlib import Path

from optout.cli.session import session
from optout.workflows.desk import Desk


def open_desk(*, to: Path | None = None) -> Desk:
    """Unlock the folder and return everything a workflow works with."""
    from optout.workflows.exports import save_picture
    from optout.workflows.set_out import set_out

    here = session()
    desk = set_out(here.unlock(), here.person(), here.clock, to or Path.cwd())
    here.terminal.pauses = not here.plain
    here.terminal.save_picture = lambda picture: save_picture(desk, picture)
    return desk

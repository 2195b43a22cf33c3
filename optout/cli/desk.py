"""Set out the desk for one command: the folder unlocked, the shipped catalog, the real fence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from optout.cli.session import session
from optout.model.broker import Broker
from optout.workflows.desk import Desk

if TYPE_CHECKING:
    from optout.browser.fence import Fence
    from optout.browser.window import Window


def open_desk(*, to: Path | None = None) -> Desk:
    """Unlock the folder and return everything a workflow works with."""
    from optout.catalog.brokers import find_broker, list_brokers
    from optout.catalog.laws import list_laws
    from optout.workflows.exports import save_picture
    from optout.workflows.outside_companies import finding_both

    here = session()
    vault = here.unlock()
    desk = Desk(
        vault=vault,
        person=here.person(),
        clock=here.clock,
        find_broker=finding_both(vault, find_broker),
        list_brokers=list_brokers,
        laws=list_laws,
        fence_for=_real_fence,
        rehearsal_for=_rehearsal,
        window=_window,
        out_folder=(to or Path.cwd()).expanduser().absolute(),
    )
    here.terminal.pauses = not here.plain
    here.terminal.save_picture = lambda picture: save_picture(desk, picture)
    return desk


def _real_fence(broker: Broker) -> Fence:
    """Return the fence for a company's own hosts; nothing on the command line widens it."""
    from optout.workflows.fences import fence_for

    return fence_for(broker)


def _rehearsal(broker: Broker) -> Fence:
    from optout.workflows.fences import rehearsal_for

    return rehearsal_for(broker)


def _window() -> Window:
    from optout.browser.window import Window

    return Window.for_person()

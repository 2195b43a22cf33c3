"""Set out the desk for one person in front of a screen: shipped catalog, real fence and window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_documents_path

from optout.catalog import brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker
from optout.model.ports import Clock, Person
from optout.workflows.desk import Desk
from optout.workflows.outside_companies import finding_both
from optout.workflows.places import catalog_folders

if TYPE_CHECKING:
    from optout.browser.fence import Fence
    from optout.browser.window import Window
    from optout.vault.vault import Vault


def set_out(vault: Vault, person: Person, clock: Clock, out_folder: Path) -> Desk:
    """Return everything a workflow works with; papers go to `out_folder`."""
    return Desk(
        vault=vault,
        person=person,
        clock=clock,
        find_broker=finding_both(vault, _find_named),
        list_brokers=brokers.list_brokers,
        laws=list_laws,
        fence_for=_real_fence,
        rehearsal_for=_rehearsal,
        window=_window,
        out_folder=out_folder.expanduser().absolute(),
    )


def _find_named(slug: str) -> Broker:
    """Return a company of the catalog, or else one of the person's own files, if it has no fault.

    Lists hold the catalog alone: what somebody has in a file of their own is taken when named.
    """
    return brokers.find_broker(slug, folders=catalog_folders())


def papers_folder() -> Path:
    """Return where letters and other papers go when nobody named a place: where people look."""
    return user_documents_path()


# The browser is heavy, and most commands open none.


def _real_fence(broker: Broker) -> Fence:
    """Return the fence for a company's own hosts; nothing that a person types widens it."""
    from optout.workflows import fences  # noqa: PLC0415 - see above

    return fences.fence_for(broker)


def _rehearsal(broker: Broker) -> Fence:
    from optout.workflows import fences  # noqa: PLC0415 - see above

    return fences.rehearsal_for(broker)


def _window() -> Window:
    from optout.browser.window import Window  # noqa: PLC0415 - see above

    return Window.for_person()

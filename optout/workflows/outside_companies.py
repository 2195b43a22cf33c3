"""Find a company by its name here, wherever it is described: in the catalog or in the folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from optout.errors import WrongUsage
from optout.model.broker import Broker
from optout.rules.outside import as_broker, is_outside
from optout.text import Text

if TYPE_CHECKING:  # heavy
    from optout.vault.vault import Vault


def finding_both(vault: Vault, find_in_catalog: Callable[[str], Broker]) -> Callable[[str], Broker]:
    """Return what finds a company of the catalog, or one that a person wrote down here."""

    def find(slug: str) -> Broker:
        if not is_outside(slug):
            return find_in_catalog(slug)
        company = vault.companies.find(slug)
        if company is None:
            raise WrongUsage(
                Text("There is no company of that name in this folder."),
                hint=Text("See what is on your list: optout status"),
            )
        return as_broker(company)

    return find

"""Which consents were printed, and which as drafts: nobody's signature on a draft is kept."""

from __future__ import annotations

from typing import Final

from optout.errors import Refused
from optout.rules.paper_signing import DRAFT
from optout.text import Text
from optout.vault.vault import Vault

_SETTING: Final = "printed-draft:"


def remember_print(vault: Vault, reference: str, *, draft: bool) -> None:
    """Keep whether the paper of that reference was a draft when it was printed last."""
    vault.settings.set(f"{_SETTING}{reference}", draft)


def was_printed(vault: Vault, reference: str) -> bool:
    """Say whether the paper of that reference was ever printed here."""
    return vault.settings.get(f"{_SETTING}{reference}") is not None


def check_not_a_draft(vault: Vault, reference: str) -> None:
    """Refuse a signature on a paper that was printed last as a draft."""
    if vault.settings.get(f"{_SETTING}{reference}"):
        raise Refused(
            DRAFT,
            known=Text("No signature was written down."),
            hint=Text("Have it read, or print it in English: optout clinic papers list"),
        )

"""Locked folders that are made once and copied for each test, and what must not be lost in them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

from optout.model.secret import Secret
from optout.model.words import By
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock, unlock_with_key
from optout.vault.vault import Vault
from tests.e2e.command_line import PASSPHRASE, CommandLine, Ran

OUR_MISTAKE = "inside the program"
RISK, SEARCH, MAIL, FILE = (
    f"sample-{name}" for name in ("risk-data", "people-search", "mail-order", "employment-file")
)
FIVE_YES, FIVE_NO = "y\n" * 5, "n\n" * 5
CARD = {"name": {"given": "Jordan", "family": "Sample"}, "state": "CO"}


class Kept(TypedDict):
    """All that must not be lost."""

    people: set[str]
    messages: dict[str, str]  # reference: how far it was sent
    seen: set[str]
    answers: dict[str, str]
    given: set[tuple[str, str]]
    files: set[str]


@dataclass(frozen=True)
class Made:
    """A folder that is copied for each test, never used itself."""

    there: CommandLine

    def copy(self, folder: Path, **changes: Any) -> CommandLine:  # noqa: ANN401 - passed on
        shutil.copytree(self.there.vault, folder / "locked")
        (folder / "locked").chmod(0o700)
        return self.there.but(folder=folder, **changes)


def now() -> datetime:
    return datetime.now(UTC)


KEYS: dict[str, Secret[bytes]] = {}  # of each folder made here: deriving one takes its time


def opened(folder: Path) -> Vault:
    place = read_folder(folder)
    if place.vault_id not in KEYS:
        with unlock(
            folder, clock=now, actor="test", passphrase=lambda: Secret(PASSPHRASE)
        ) as vault:
            KEYS[place.vault_id] = vault.key
    return unlock_with_key(place, KEYS[place.vault_id], clock=now, actor="test")


def kept(folder: Path) -> Kept:
    """Return all that must not be lost, from a folder whose every page and event is checked."""
    with opened(folder) as vault:
        vault.audit()
        return {
            "people": {str(each.label.reveal()) for each in vault.subjects.list()},
            "messages": {each.reference: each.delivery for each in vault.messages.list()},
            "seen": {each.reference for each in vault.messages.list() if each.seen_by_broker},
            "answers": {each.reference: each.status for each in vault.requests.list()},
            "given": {
                (each.reference, given.field)
                for each in vault.requests.list()
                for given in vault.disclosures.for_request(each.id)
            },
            "files": {each.path.reveal() for each in vault.exports.list()},
        }


def told(ran: Ran, code: int, *words: str) -> None:
    """Check how it ended, that all of it is in words, and that the words are these."""
    assert ran.code == code, ran.said
    said = " ".join(ran.said.split())
    assert "Traceback" not in said, said
    assert OUR_MISTAKE not in said, said
    for each in words:
        assert each in said, said


def add(there: CommandLine, card: Mapping[str, object]) -> Ran:
    (there.folder / "card.json").write_text(json.dumps(card), "utf-8")
    return there.run("person", "add", "--from", str(there.folder / "card.json"))


def plan(there: CommandLine) -> Ran:
    """Put everything that the practice companies can be asked on the list."""
    return there.run("plan", "--wide", typed=f"yes\n{FIVE_YES}a\n")


def reference(there: CommandLine, broker: str, by: By) -> str:
    """Return what waits for a company in this way."""
    with opened(there.vault) as vault:
        return next(
            each.reference
            for each in vault.messages.list()
            if (each.broker, each.by) == (broker, by)
        )

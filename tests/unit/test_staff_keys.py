"""In an office each passphrase is somebody's: the history says whose; who leaves is locked out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from optout.cli.session import Session
from optout.errors import Refused, VaultLocked, WrongUsage
from optout.model.secret import Secret
from optout.sample.scripted_person import ScriptedPerson
from optout.vault import slots
from optout.vault.unlock import unlock
from optout.vault.vault import Vault
from optout.workflows.clinic import start_clinic
from optout.workflows.make_vault import name_for_key, remove_key
from tests.conftest import PASSPHRASE, SetClock

SAMS = Secret("quite another made-up passphrase")
Made = tuple[Path, Secret[bytes], Secret[str]]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make guessing cheap: its cost is not what is tested."""
    monkeypatch.setattr(slots, "COST", 2**10)


@pytest.fixture
def folder(made_once: Made, tmp_path: Path) -> Path:
    """An office's folder: Robin's passphrase is the first, Sam has another."""
    there = tmp_path / "vault"
    shutil.copytree(made_once[0], there)
    there.chmod(0o700)
    with opened(there, PASSPHRASE) as vault:
        start_clinic(vault, "Example Legal Aid", ["Robin Example", "Sam Example"], four_eyes=True)
        first = next(slot for slot in vault.keys.list() if slot.kind == "passphrase")
        vault.keys.set_label(first.id, name_for_key(vault, "robin example"))
        vault.keys.add_passphrase(SAMS, name_for_key(vault, "Sam Example"))
    return there


def opened(folder: Path, typed: Secret[str], actor: str = "person") -> Vault:
    return unlock(folder, clock=SetClock(), actor=actor, passphrase=lambda: typed)


def test_the_history_says_whose_passphrase_it_was(folder: Path) -> None:
    for typed, who in ((PASSPHRASE, "Robin Example"), (SAMS, "Sam Example")):
        with opened(folder, typed) as vault:
            assert vault.actor == who
            vault.settings.set("something", value=who)
            head = vault.events.head()
            assert head is not None
            assert head.actor == who
            vault.audit()


def test_the_recovery_code_is_nobodys(folder: Path, made_once: Made) -> None:
    with opened(folder, made_once[2]) as vault:
        assert vault.actor == "person"


def test_nobody_acts_as_somebody_else(folder: Path) -> None:
    with opened(folder, SAMS, actor="Robin Example") as vault:
        assert vault.actor == "Sam Example"
        with pytest.raises(Refused, match="nobody can act as Robin Example"):
            Session(actor="Robin Example")._check_who(vault)  # noqa: SLF001 - its one gate
        Session(actor="sam example")._check_who(vault)  # noqa: SLF001 - the control
        Session()._check_who(vault)  # noqa: SLF001 - the control


def test_a_passphrase_in_an_office_has_the_name_of_one_of_its_people(folder: Path) -> None:
    with opened(folder, SAMS) as vault:
        with pytest.raises(WrongUsage, match="somebody's by name"):
            name_for_key(vault, " ")
        with pytest.raises(WrongUsage, match="not one of the people"):
            name_for_key(vault, "Somebody Else")
        code = next(slot for slot in vault.keys.list() if slot.kind == "recovery")
        with pytest.raises(WrongUsage):
            vault.keys.set_label(code.id, "Sam Example")


def test_who_leaves_is_locked_out_and_everything_is_encrypted_anew(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        before = vault.key
        sams = next(slot for slot in vault.keys.list() if slot.label == "Sam Example")
        person = ScriptedPerson(
            answers={"that shall stay": PASSPHRASE.reveal(), "Another one": "no"}
        )
        assert remove_key(vault, person, sams.id)
    with pytest.raises(VaultLocked):
        opened(folder, SAMS)
    with opened(folder, PASSPHRASE) as vault:
        assert vault.key != before
        assert vault.actor == "Robin Example"
        assert [slot.label for slot in vault.keys.list() if slot.label] == ["Robin Example"]


def test_a_wrong_passphrase_while_somebody_leaves_is_told_as_it_is(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        sams = next(slot for slot in vault.keys.list() if slot.label == "Sam Example")
        person = ScriptedPerson(answers={"that shall stay": SAMS.reveal(), "Another one": "no"})
        with pytest.raises(Refused, match="opens nothing any more"):
            remove_key(vault, person, sams.id)
    with pytest.raises(VaultLocked):
        opened(folder, SAMS)
    opened(folder, PASSPHRASE).close()


def test_ones_own_folder_is_not_encrypted_anew(made_once: Made, tmp_path: Path) -> None:
    there = tmp_path / "own"
    shutil.copytree(made_once[0], there)
    there.chmod(0o700)
    with opened(there, PASSPHRASE) as vault:
        assert name_for_key(vault, "") == ""
        added = vault.keys.add_passphrase(SAMS)
        assert not remove_key(vault, ScriptedPerson(), added.id)
        assert vault.actor == "person"

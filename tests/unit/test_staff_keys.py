"""In an office each passphrase is somebody's: the history says whose; who leaves is locked out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from optout.cli.session import Session
from optout.errors import NeedsPerson, Refused, VaultLocked, WrongUsage
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault import slots
from optout.vault.unlock import unlock
from optout.vault.vault import Vault
from optout.web.keeper import Keeper, Place
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.four_eyes import FourEyes
from optout.workflows.make_vault import (
    ask_same_person,
    key_to_name,
    name_for_key,
    remove_key,
    which_key,
)
from optout.workflows.second_person import ask_second_person, pauses
from optout.workflows.set_out import set_out
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


def test_what_is_done_on_the_page_was_done_by_whose_passphrase_it_was(folder: Path) -> None:
    keeper = Keeper(Place(folder=folder, papers=folder.parent, clock=SetClock(), set_out=set_out))
    keeper.unlock(SAMS.reveal())

    def change(desk: Desk) -> None:
        desk.vault.settings.set("something", value="on the page")

    try:
        talk = keeper.begin(Text("x"), change)
        talk.wait(10**6, 30)
        head = keeper.read(lambda desk: desk.vault.events.head())
    finally:
        keeper.end()
    assert talk.ended
    assert head is not None
    assert (head.code, head.actor) == ("setting.changed", "Sam Example")


def test_who_changes_a_setting_of_the_office_is_in_the_history(folder: Path) -> None:
    with opened(folder, SAMS) as vault:
        people = ["Robin Example", "Sam Example"]
        before = vault.events.head()
        start_clinic(vault, "Example Legal Aid", people, four_eyes=True)
        assert vault.events.head() == before, "the control: nothing was changed"
        start_clinic(vault, "Example Legal Aid", people, four_eyes=False)
        head = vault.events.head()
        assert head is not None
        assert (head.actor, head.code, head.ids) == (
            "Sam Example",
            "office.changed",
            ("clinic.four-eyes",),
        )


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


def test_a_key_is_named_by_its_id_or_by_whose_it_is(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        ids = {slot.label: slot.id for slot in vault.keys.list()}
        assert which_key(vault, "", " sam example ") == ids["Sam Example"]
        assert which_key(vault, ids["Robin Example"]) == ids["Robin Example"]
        for typed in (("", ""), ("no-such-id", ""), ("", "Somebody Else")):
            with pytest.raises(WrongUsage, match=r"not clear|No passphrase here"):
                which_key(vault, *typed)
        with pytest.raises(WrongUsage, match="not clear which key"):
            key_to_name(vault, "")
        new = vault.keys.add_passphrase(Secret("a third and made-up passphrase"))
        assert key_to_name(vault, "") == new.id, "the only one that has no name"
        assert key_to_name(vault, ids["Sam Example"]) == ids["Sam Example"]


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


class Stopping(ScriptedPerson):
    """Somebody who presses Ctrl-C at the first passphrase that is asked for."""

    def ask_secret(self, question: Text) -> Secret[str]:
        raise KeyboardInterrupt(question.english())


def test_who_stops_while_somebody_leaves_has_changed_nothing(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        with pytest.raises(KeyboardInterrupt):
            remove_key(vault, Stopping(), which_key(vault, "", "Sam Example"))
        with pytest.raises(WrongUsage, match="No passphrase here is Lee Example"):
            which_key(vault, "", "Lee Example")
    with opened(folder, SAMS) as vault:
        assert vault.actor == "Sam Example"


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


def test_no_passphrase_is_two_peoples(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        before = vault.keys.list()
        with pytest.raises(WrongUsage, match="opens this locked folder already"):
            vault.keys.add_passphrase(SAMS, "Lee Example")
        assert vault.keys.list() == before
        vault.keys.add_passphrase(Secret("one that is nobody's yet"), "Lee Example")  # the control


def test_a_name_of_the_history_stays_one_persons(folder: Path) -> None:
    nobody, yes, no = (ScriptedPerson(says_yes=said) for said in (False, True, False))
    with opened(folder, SAMS) as vault:
        vault.settings.set("something", value="as Sam")
    with opened(folder, PASSPHRASE) as vault:
        ask_same_person(vault, nobody, "Lee Example")  # the control: the history knows no Lee
        assert not nobody.heard
        vault.keys.remove(which_key(vault, "", "Sam Example"))
        ask_same_person(vault, yes, "Sam Example")
        with pytest.raises(Refused, match="One name for two people"):
            ask_same_person(vault, no, "Sam Example")


def typing(*typed: Secret[str]) -> ScriptedPerson:
    """Return somebody who types these passphrases, one after the other."""
    left = [each.reveal() for each in typed]

    class Typing(ScriptedPerson):
        def ask_secret(self, question: Text) -> Secret[str]:
            assert "second person" in question.english()
            return Secret(left.pop(0))

    return Typing()


def test_nobody_gets_a_second_name_without_a_second_person(folder: Path, made_once: Made) -> None:
    with opened(folder, PASSPHRASE) as vault:
        for wrong in (PASSPHRASE, Secret("no passphrase of anybody here"), made_once[2]):
            with pytest.raises(Refused, match="somebody else of the office"):
                ask_second_person(vault, typing(wrong), four_eyes=True)
        ask_second_person(vault, typing(SAMS), four_eyes=True)
        ask_second_person(vault, typing(), four_eyes=False)  # without four eyes nobody is asked
    with opened(folder, made_once[2]) as vault:  # the recovery code is nobody's: it needs two
        with pytest.raises(Refused, match="somebody else of the office"):
            ask_second_person(vault, typing(SAMS, SAMS), four_eyes=True)
        ask_second_person(vault, typing(SAMS, PASSPHRASE), four_eyes=True)


def test_the_first_person_of_an_office_is_asked_for_no_second(folder: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        sams = which_key(vault, "", "Sam Example")
        vault.keys.remove(sams)
        ask_second_person(vault, typing(), four_eyes=True)


def test_one_passphrase_under_two_names_is_one_person(folder: Path, tmp_path: Path) -> None:
    with opened(folder, PASSPHRASE) as vault:
        desk = set_out(vault, ScriptedPerson(), SetClock(), tmp_path)
        eyes = replace(FourEyes.of(desk), preparers={MessageId("a"): "Robin Example"})
        eyes.check(MessageId("a"), "Sam Example")  # the control
        vault.keys.set_label(which_key(vault, "", "Robin Example"), "Lee Example")
        vault.keys.set_label(which_key(vault, "", "Lee Example"), "Sam Example")
        eyes = replace(FourEyes.of(desk), preparers={MessageId("a"): "Robin Example"})
        for name in ("Sam Example", "lee example"):
            with pytest.raises(NeedsPerson, match="another says yes"):
                eyes.check(MessageId("a"), name)
        eyes.check(MessageId("a"), "Alex Example")  # the control
        assert vault.audit().events


def test_a_time_without_four_eyes_is_told_with_the_yeses_in_it(folder: Path) -> None:
    people = ["Robin Example", "Sam Example"]

    def turn(vault: Vault, *, on: bool) -> None:
        start_clinic(vault, "Example Legal Aid", people, four_eyes=on)

    def say_yes(vault: Vault, count: int) -> None:
        with vault.together():
            for number in range(count):
                vault.events.record("message.approved", f"{number}")

    with opened(folder, SAMS) as vault:
        now = vault.events.now
        assert list(pauses(vault, now())) == []
        say_yes(vault, 4)
        turn(vault, on=False)
        for day in (now(), now() + timedelta(days=400)):
            told = [(each.by, each.until) for each in pauses(vault, day)]
            assert told == [("Sam Example", None)], "as long as they are off"
        say_yes(vault, 2)
        turn(vault, on=True)
        say_yes(vault, 1)
        turn(vault, on=False)
        turn(vault, on=True)  # a second, empty time hides the first one not
        assert [each.approved for each in pauses(vault, now())] == [2, 0]
        assert list(pauses(vault, now() + timedelta(days=31))) == [], "and not for ever"

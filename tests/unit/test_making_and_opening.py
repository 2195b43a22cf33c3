"""Making the folder and opening it, as hands do: a code on paper, a slip of the finger, Ctrl-C."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from optout.cli.session import utc_now
from optout.errors import NeedsPerson, Refused
from optout.model.ports import Person
from optout.model.secret import Secret
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault import slots
from optout.vault.create import create_vault
from optout.vault.folder import is_vault
from optout.vault.unlock import unlock
from optout.workflows.guide import begin_guide
from optout.workflows.make_vault import TRIES, make_vault
from tests.conftest import PASSPHRASE, SetClock

LAST = "type its last"


@dataclass(slots=True)
class AtPaper(ScriptedPerson):
    """Reads the code from the screen, and types what the test says of its last group."""

    types: list[str] = field(default_factory=list)  # "{end}" stands for the last group
    said: list[str] = field(default_factory=list)
    code: str = ""

    def tell(self, text: Text) -> None:
        ScriptedPerson.tell(self, text)
        self.said.append(text.english())
        self.code = str(text.values.get("code", self.code))

    def ask(self, question, *, default="", check=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as the port has it
        if LAST not in question.template:
            return ScriptedPerson.ask(self, question, default=default, check=check)
        self.heard.append(question.template)
        typed = self.types.pop(0) if self.types else ""
        if typed == "^C":
            raise KeyboardInterrupt
        if typed == "nobody":
            raise NeedsPerson(Text("nobody"))
        return typed.format(end=self.code.rpartition("-")[2])


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make guessing cheap: its cost is not what is tested."""
    monkeypatch.setattr(slots, "COST", 2**10)


def make(folder: Path, *types: str) -> AtPaper:
    person = AtPaper(types=list(types), answers={"Does anyone else": "yes"})
    make_vault(folder, cast("Person", person), SetClock(), "person").close()
    return person


def warned(person: AtPaper) -> bool:
    return any("optout vault key new-code" in said for said in person.said)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("typed", ["{end}", " {end} "])
def test_the_end_of_the_code_is_typed_back(tmp_path: Path, typed: str) -> None:
    person = make(tmp_path / "locked", typed)
    assert sum(LAST in heard for heard in person.heard) == 1
    assert not warned(person)


@pytest.mark.usefixtures("cheap")
def test_enter_is_not_enough_and_a_slip_can_be_mended(tmp_path: Path) -> None:
    person = make(tmp_path / "locked", "", "ABCDE", "{end}")
    assert sum(LAST in heard for heard in person.heard) == 3
    assert not warned(person)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("types", [[""] * TRIES, ["nobody"]])
def test_who_cannot_type_it_is_told_how_to_make_another(tmp_path: Path, types: list[str]) -> None:
    assert warned(make(tmp_path / "locked", *types))
    assert is_vault(tmp_path / "locked")


@pytest.mark.usefixtures("cheap")
def test_ctrl_c_at_the_code_says_that_the_folder_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    with pytest.raises(Refused) as stopped:
        make(folder, "^C")
    assert "The locked folder is there" in str(stopped.value)
    assert "optout vault key new-code" in str(stopped.value)
    typed = Secret("practice only: five plain words")
    with unlock(folder, clock=SetClock(), actor="p", passphrase=lambda: typed):
        pass  # it is whole, and nobody holds its lock


@pytest.mark.usefixtures("cheap")
def test_the_guide_goes_on_in_a_folder_whose_code_was_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    with pytest.raises(Refused):
        make(folder, "^C")
    again = AtPaper()
    begin_guide(folder, cast("Person", again), SetClock(), "person")
    assert again.heard == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder made today: an older one would first ask about the clock."""
    made = create_vault(
        tmp_path / "locked", clock=utc_now, actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    made.vault.close()
    return tmp_path / "locked"


@dataclass
class AtTerminal:
    """The real program on a real terminal, which waits for each prompt before it types."""

    folder: Path
    main_end: int
    other_end: int

    def status(self, *typed: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "optout", "status", "--vault", str(self.folder)]
        ran = subprocess.Popen(
            command,
            stdin=self.other_end,
            stdout=self.other_end,
            stderr=self.other_end,
            start_new_session=True,
            env={**os.environ, "LANG": "C.UTF-8", "COLUMNS": "200"},
        )
        said, waiting = "", list(typed)
        letters = codecs.getincrementaldecoder("utf-8")()  # one may come in two halves
        while select.select([self.main_end], [], [], 120)[0]:
            said += letters.decode(os.read(self.main_end, 4096))
            if waiting and said.count("while you type)") > len(typed) - len(waiting):
                os.write(self.main_end, f"{waiting.pop(0)}\n".encode())
            if not waiting and ("No requests yet" in said or "recovery code instead" in said):
                return ran.wait(120), said
        ran.kill()
        return ran.wait(), said


@pytest.fixture
def terminal(folder: Path) -> Iterator[AtTerminal]:
    main_end, other_end = os.openpty()
    yield AtTerminal(folder, main_end, other_end)
    os.close(main_end)
    os.close(other_end)


@pytest.mark.parametrize("slips", [0, 1, 2])
def test_a_slip_of_the_finger_is_forgiven_twice(terminal: AtTerminal, slips: int) -> None:
    code, said = terminal.status(*["a slip of the finger"] * slips, PASSPHRASE.reveal())
    assert (code, said.count("That did not open it")) == (0, slips), said


def test_the_third_wrong_passphrase_ends_as_the_first_did(terminal: AtTerminal) -> None:
    code, said = terminal.status(*["not this one"] * 3)
    assert code == 1
    assert "This passphrase does not open the locked folder." in said
    assert "not this one" not in said


def test_a_descriptor_is_asked_once(folder: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"not this one\n{PASSPHRASE.reveal()}\n".encode())
    os.close(writing)
    command = [sys.executable, "-m", "optout", "status", "--vault", str(folder)]
    ran = subprocess.run(
        [*command, "--passphrase-fd", str(reading)],
        pass_fds=(reading,),
        capture_output=True,
        check=False,
        timeout=120,
    )
    os.close(reading)
    assert ran.returncode == 1
    assert b"This passphrase does not open the locked folder." in ran.stderr

"""Unlocking for a command: the passphrase from a descriptor, and what an earlier run left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.cli import main as shell
from optout.cli.session import Session, begin, session
from optout.errors import NeedsPerson, OptoutError, VaultLocked
from optout.model.request import Delivery
from optout.model.secret import Secret
from optout.vault.folder import NoVault

if TYPE_CHECKING:
    from tests.conftest import SetClock, World

Made = tuple[Path, Secret[bytes], Secret[str]]


@pytest.fixture
def give(tmp_path: Path) -> Iterator[Give]:
    """Return what turns words into a file descriptor that holds them, a line each."""
    there = Give(tmp_path)
    yield there
    for number in there.numbers:
        os.close(number)


class Give:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "words"
        self.numbers: list[int] = []

    def __call__(self, *lines: str) -> int:
        self.path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        self.numbers.append(os.open(self.path, os.O_RDONLY))
        return self.numbers[-1]


@pytest.fixture
def folder(made_once: Made, tmp_path: Path) -> Path:
    shutil.copytree(made_once[0], tmp_path / "locked")
    (tmp_path / "locked").chmod(0o700)
    return tmp_path / "locked"


PASSPHRASE = "a long and made-up passphrase"


def test_a_passphrase_comes_from_a_descriptor(folder: Path, give: Give) -> None:
    here = Session(folder=folder, passphrase_fd=give(PASSPHRASE))
    with here.unlock() as vault:
        assert vault.folder == folder


def test_the_recovery_code_opens_too(folder: Path, made_once: Made, give: Give) -> None:
    here = Session(folder=folder, passphrase_fd=give(made_once[2].reveal()))
    with here.unlock() as vault:
        assert vault.folder == folder


def test_a_wrong_passphrase_is_refused(folder: Path, give: Give) -> None:
    with pytest.raises(VaultLocked) as met:
        Session(folder=folder, passphrase_fd=give("not this one at all")).unlock()
    assert met.value.exit_code == 1
    assert met.value.hint


def test_without_terminal_and_descriptor_a_person_is_needed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        with pytest.raises(NeedsPerson):
            Session(folder=folder).unlock()


def test_it_is_locked_at_the_end_of_a_run(folder: Path, give: Give) -> None:
    here = begin(Session(folder=folder, passphrase_fd=give(PASSPHRASE)))
    vault = here.unlock()
    begin(Session())
    with pytest.raises(OptoutError):
        vault.requests.list()


def test_no_folder_yet_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = shell.main(["status", "--vault", str(tmp_path / "none")])
    said = capsys.readouterr().err
    assert code in {1, 2}
    assert "optout init" in said


@pytest.mark.parametrize("how_far", [Delivery.FILLING, Delivery.SENDING])
def test_what_an_earlier_run_left_is_told_at_once(
    how_far: Delivery,
    world: World,
    give: Give,
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = world.ready()
    attempt = world.begin(message)
    if how_far is Delivery.SENDING:
        attempt.sending()
    attempt._lock.release()  # noqa: SLF001 - what the system does when a process dies
    world.vault.close()
    here = Session(folder=world.vault.folder, passphrase_fd=give(PASSPHRASE), clock=world.clock)
    with here.unlock():
        said = capsys.readouterr().err
    assert message.reference in said
    unknown = "We do not know whether it arrived" in said
    assert unknown is (how_far is Delivery.SENDING)
    assert ("not filed" in said) is not unknown


def test_a_clock_that_stepped_back_is_told(
    world: World, give: Give, capsys: pytest.CaptureFixture[str]
) -> None:
    world.ready()
    world.vault.close()
    clock: SetClock = world.clock
    clock.forward(days=-30)
    here = Session(folder=world.vault.folder, passphrase_fd=give(PASSPHRASE), clock=clock)
    with here.unlock():
        assert "This computer says 2026-10-24" in capsys.readouterr().err


def test_the_session_of_a_run_is_the_one_that_began_last(tmp_path: Path) -> None:
    begin(Session(folder=tmp_path))
    assert session().vault_folder() == tmp_path
    begin(Session())


def test_a_folder_that_was_named_and_is_not_made_is_named_again(tmp_path: Path) -> None:
    """Plain `optout init` would make the usual folder, with real people in it."""
    with pytest.raises(NoVault, match=r"init --vault .*my practice'"):
        Session(folder=tmp_path / "my practice").unlock()
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoVault, match="or name another"):  # the control: something is there
        Session(folder=tmp_path / "empty").unlock()

"""`optout shell` at a real terminal: one passphrase, many commands, and a lock that closes."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command_line import PASSPHRASE, SECONDS, CommandLine, wait_until
from tests.e2e.prepared import Made, opened, told

# The program, at another pace: the file says how many seconds have gone by.
CLOCKED = """
import sys
from pathlib import Path
from optout.cli import shell
from optout.cli.main import run
seconds = Path(sys.argv.pop(1))
shell.running_time = lambda: float(seconds.read_text())
shell.LOOK_EVERY = 0.05
run()
"""
PROMPT, LOCKED, ASKED = "optout> ", "optout (locked)> ", "Passphrase"
START = ("clinic", "start", "--office", "Example Legal Aid", "--responsible", "Robin Example")
FIFTEEN = 15 * 60


class Typed:
    """A person at a terminal: what they type, and what stands on the screen."""

    def __init__(self, there: CommandLine) -> None:
        self.seconds = there.folder / "seconds"
        self.let_pass(0)
        environment = there.environment()
        master, other = pty.openpty()
        self._master = master
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLOCKED, str(self.seconds), "shell"],
            stdin=other,
            stdout=other,
            stderr=other,
            env={**environment, "TERM": "xterm", "INPUTRC": os.devnull},
            cwd=there.papers,
            start_new_session=True,
            preexec_fn=_own_terminal,  # noqa: PLW1509 - it makes one system call
        )
        os.close(other)
        self._said: list[bytes] = []
        self._seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # the other end was closed
            while letters := os.read(self._master, 4096):
                self._said.append(letters)

    def let_pass(self, seconds: float) -> None:
        self.seconds.with_suffix(".new").write_text(str(seconds))
        self.seconds.with_suffix(".new").replace(self.seconds)

    def screen(self) -> str:
        """Return what was shown, without the terminal's own signs."""
        text = b"".join(self._said).decode("utf-8", "replace")
        return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", text).replace("\r", "")

    def until(self, words: str, *, passing: float = 0) -> str:
        """Wait for words; return what came up to them since the last time.

        `passing`: seconds that go by, for the program, each time that we look.
        """

        def are_there() -> bool:
            if passing:
                self.let_pass(float(self.seconds.read_text()) + passing)
            return words in self.screen()[self._seen :] or self.process.poll() is not None

        wait_until(are_there)
        if self.process.poll() is not None:  # its last words may not have been read yet
            self._reader.join(SECONDS)
        new = self.screen()[self._seen :]
        assert words in new, new
        end = new.index(words) + len(words)
        self._seen += end
        return new[:end]

    def type(self, line: str) -> None:
        os.write(self._master, line.encode())

    def says(self, line: str, then: str = PROMPT) -> str:
        """Type a command, and return what it said up to the next prompt."""
        self.type(f"{line}\n")
        return self.until(then)

    def end(self) -> int:
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        os.close(self._master)
        return code


def _own_terminal() -> None:
    import fcntl  # noqa: PLC0415 - only in the other process
    import termios  # noqa: PLC0415

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="session")
def offices(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An office's folder; the first passphrase is Robin's."""
    there = empty.copy(tmp_path_factory.mktemp("shell"))
    told(there.run(*START), 0)
    with opened(there.vault) as vault:
        slot = next(each.id for each in vault.keys.list() if each.kind == "passphrase")
    told(there.run("vault", "key", "name", "--id", slot, "--for", "Robin Example"), 0)
    return Made(there)


@pytest.fixture
def there(offices: Made, tmp_path: Path) -> CommandLine:
    return offices.copy(tmp_path)


@pytest.fixture
def begun(there: CommandLine) -> Iterator[Typed]:
    typed = Typed(there)
    typed.until(ASKED)
    typed.says(PASSPHRASE)
    yield typed
    if typed.process.poll() is None:
        typed.process.send_signal(signal.SIGKILL)
        typed.end()


def actors(there: CommandLine) -> list[str]:
    with opened(there.vault) as vault:
        return [event.actor for event in vault.events.list()]


def test_one_passphrase_many_commands_and_the_name_in_every_event(
    begun: Typed, there: CommandLine
) -> None:
    before = len(actors(there))
    assert "done by Robin Example" in begun.screen()
    said = begun.says("clinic start --responsible 'Robin Example' --responsible 'Sam Example'")
    assert "Sam Example" in said
    assert ASKED not in said
    assert "in one chain" in begun.says("optout vault audit")
    assert "There is no command 'nothing'" in begun.says("nothing")
    assert "quotation mark" in begun.says("clinic start --office 'x")
    assert "already" in begun.says("shell")
    assert "Look up companies" in begun.says("help")
    begun.type("exit\n")
    begun.until("Locked.")
    assert begun.end() == 0
    new = actors(there)[before:]
    assert set(new) == {"Robin Example"}
    assert PASSPHRASE not in begun.screen()
    assert [path.name for path in (there.folder / "home").rglob("*") if path.is_file()] == []


def test_after_fifteen_quiet_minutes_the_passphrase_is_asked_again(begun: Typed) -> None:
    begun.let_pass(FIFTEEN - 1)
    assert ASKED not in begun.says("vault audit"), "the control: it is still open"
    begun.let_pass(2 * FIFTEEN - 2)
    assert ASKED not in begun.says("vault audit"), "counted from the last command"
    begun.let_pass(3 * FIFTEEN)
    assert "Nobody typed anything for 15 minutes." in begun.until(LOCKED)
    begun.says("vault audit", then=ASKED)
    assert "did not open" in begun.says("not the passphrase", then="recovery code.")
    begun.until(ASKED)
    assert "in one chain" in begun.says(PASSPHRASE)
    assert "in one chain" in begun.says("vault audit")


def test_a_question_that_nobody_answers_is_stopped_and_locked(begun: Typed) -> None:
    begun.says("vault destroy", then="stop: ")
    begun.let_pass(FIFTEEN - 1)
    assert "Nothing was deleted." in begun.says(""), "the control: it could still be answered"
    begun.says("vault destroy", then="stop: ")
    said = begun.until(LOCKED, passing=20)
    assert "Stopped." in said
    assert "Nobody typed anything for 15 minutes." in said
    begun.says("vault audit", then=ASKED)
    assert "in one chain" in begun.says(PASSPHRASE)


def test_lock_locks_at_once(begun: Typed) -> None:
    begun.says("lock", then=LOCKED)
    begun.says("vault info", then=ASKED)
    assert "Locked folder" in begun.says(PASSPHRASE)
    assert "Locked." in begun.says("vault lock", then=LOCKED)


def test_ctrl_c_stops_the_command_and_nothing_else(begun: Typed) -> None:
    begun.says("clinic start", then=PROMPT)
    begun.says("vault destroy", then="stop: ")
    begun.type("\x03")
    assert "Stopped." in begun.until(PROMPT)
    assert "in one chain" in begun.says("vault audit"), "open, and questions can be asked again"
    begun.says("vault destroy", then="stop: ")
    assert "Nothing was deleted." in begun.says("")
    begun.type("half a line\x03")
    begun.until(PROMPT)
    begun.type("\x04")
    begun.until("Locked.")
    assert begun.end() == 0


def test_a_removed_passphrase_opens_no_next_command(begun: Typed, there: CommandLine) -> None:
    assert ASKED not in begun.says("vault info")
    ran = there.run("vault", "key", "rotate", typed="n\nnobody\nnobody\nnobody\nnobody\nnobody\n")
    told(ran, 0, "Done.")
    begun.says("vault info", then=ASKED)


def test_lines_of_a_script_are_run_one_after_the_other(there: CommandLine) -> None:
    ran = there.run("shell", typed="vault audit\nno-such\n\nvault audit\n")
    told(ran, 0, "There is no command 'no-such'", "Locked.")
    assert ran.said.count("in one chain") == 2
    assert PROMPT not in ran.said

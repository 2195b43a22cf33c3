"""`optout shell`: unlock once, then the same commands one after the other; it locks by itself.

Every line is a command line of the program, run by the program's own entry. The key stays in this
process, and nothing that is typed is written to a file.
"""

from __future__ import annotations

import gc
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from optout.cli import ctrl_c
from optout.cli.commands import Commands
from optout.cli.output import show
from optout.cli.session import ACTOR, Session, begin, session
from optout.errors import Refused, WrongUsage
from optout.i18n import _
from optout.text import Text
from optout.vault.kept_key import KeptKey

if TYPE_CHECKING:
    from optout.model.ports import Clock

app = Commands()

QUIET: Final = timedelta(minutes=15)
LOOK_EVERY: Final = 5.0  # seconds
_BY_HAND: Final = 4  # times as patient, while a person works in another window
_LEAVE: Final = frozenset({"exit", "quit", "salir"})
_EMPTY_SCREEN: Final = "\x1b[2J\x1b[3J\x1b[H"  # and what was scrolled away, too


@app.command(example="optout shell\noptout shell --vault ~/my-folder")
def shell() -> None:
    """Unlock once, then type the same commands one after the other, without “optout”.

    It locks by itself after fifteen quiet minutes, and empties the screen; the next command asks
    for the passphrase again. A question that nobody answers is stopped then. `lock` locks at once,
    `exit` or Ctrl-D leaves. Ctrl-C stops only the command that runs. What you typed is kept in no
    file.
    """
    here = session()
    if here.kept is not None:
        raise Refused(Text("This is optout shell already."), hint=Text("To leave it: exit"))
    here.kept = KeptKey(here.vault_folder())
    with here.unlock() as vault:
        _greet(vault.actor)
    try:
        _Shell(here, here.kept).run()
    finally:
        here.kept.forget()
        begin(Session(plain=here.plain))
    show(Text("Locked."))


def _greet(who: str) -> None:
    if who != ACTOR:
        show(Text("What you do from here on is written down as done by {name}.", name=who))
    show(
        Text(
            "Type commands without “optout” before them. help lists them, lock locks, exit leaves."
        )
    )
    show(Text("It locks by itself after {count} quiet minutes.", count=_minutes()))


def _minutes() -> int:
    return int(QUIET.total_seconds()) // 60


def running_time() -> float:
    """Return seconds that no change of the computer's date can move."""
    return time.monotonic()


class Quiet:
    """How long nobody did anything.

    Seen by two clocks: a laptop that sleeps stops the one, a date that is set back the other.
    """

    def __init__(self, clock: Clock) -> None:
        """Begin now."""
        self._clock = clock
        self.touch()

    def touch(self) -> None:
        """Remember that somebody is here."""
        self._since: tuple[datetime, float] = (self._clock(), running_time())

    def is_long(self, *, times: int = 1) -> bool:
        """Say whether it is time to lock."""
        by_date = self._clock() - self._since[0]
        return max(by_date, timedelta(seconds=running_time() - self._since[1])) >= times * QUIET


class _Shell:
    """Reads lines and runs them until somebody leaves."""

    def __init__(self, here: Session, kept: KeptKey) -> None:
        self._kept = kept
        self._quiet = Quiet(here.clock)
        self._heard = 0  # questions of the command that runs
        self._is_seen = sys.stdout.isatty() and not here.plain
        self._is_typed = sys.stdin.isatty()
        self._before = _global_words(here)
        if self._is_seen and self._is_typed:
            with suppress(ImportError):  # arrow keys; not on every system
                import readline  # noqa: F401 - being imported is what changes `input`

    def run(self) -> None:
        """Run line after line; only leaving ends it."""
        while True:
            ctrl_c.forget()
            try:
                if not self._run(self._words()):
                    return
            except EOFError:
                show()
                return
            except KeyboardInterrupt:
                show()
            except WrongUsage as wrong:
                show(wrong.what)

    def _run(self, words: Sequence[str]) -> bool:
        """Run one command; return whether to go on."""
        if self._quiet.is_long():  # it slept with a line half typed
            self._lock_by_itself()
        if words[:1] == ["optout"]:  # as every hint writes it
            words = words[1:]
        if len(words) == 1 and words[0] in _LEAVE:
            return False
        if words == ["lock"]:
            self._lock()
        elif words == ["help"]:
            self._run_command("--help")
        elif words:
            self._run_command(*words)
        return True

    def _run_command(self, *words: str) -> None:
        """Run it as the program itself does; lock if nobody answered its question."""
        from optout.cli.main import main

        self._quiet.touch()
        self._heard = 0
        with self._watched(self._look_at_question):
            main([*self._before, *words])
        if self._quiet.is_long():
            self._lock_by_itself()

    def _words(self) -> list[str]:
        self._quiet.touch()
        with self._watched(self._look_at_prompt):
            line = input(self._prompt())
        try:
            return shlex.split(line)
        except ValueError:
            raise WrongUsage(Text("A quotation mark that is opened must be closed.")) from None

    def _prompt(self) -> str:
        if not self._is_typed:
            return ""
        return "optout> " if self._kept.is_there() else _("optout (locked)> ")

    @contextmanager
    def _watched(self, look: Callable[[], bool]) -> Iterator[None]:
        """Look now and then, until it says that there is nothing more to look at."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(LOOK_EVERY) and not look():
                pass

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()

    def _look_at_prompt(self) -> bool:
        """Lock while nobody types: the key is gone then, not only at the next command."""
        if self._kept.is_there() and self._quiet.is_long():
            self._lock_by_itself()
            print(self._prompt(), end="", flush=True)
        return not self._kept.is_there()

    def _look_at_question(self) -> bool:
        """Stop a command whose question nobody answers; one that works is left alone."""
        asking = session().terminal
        if not asking.is_asking or asking.questions != self._heard:
            self._heard = asking.questions
            self._quiet.touch()
        if not self._quiet.is_long(times=_BY_HAND if asking.is_elsewhere else 1):
            return False
        _stop_command()
        return True

    def _lock_by_itself(self) -> None:
        if self._kept.is_there():
            self._lock(Text("Nobody typed anything for {count} minutes.", count=_minutes()))

    def _lock(self, why: Text | None = None) -> None:
        """Let go of the key, and take from the screen what clients' names it shows."""
        opens_alone = self._kept.opens_alone()
        self._kept.forget()
        gc.collect()
        if "readline" in sys.modules:
            sys.modules["readline"].clear_history()
        print(_EMPTY_SCREEN if self._is_seen else "")
        if why is not None:
            show(why)
        show(
            Text("Locked here. This computer's key store opens it again: optout vault lock")
            if opens_alone
            else Text("Locked. The next command asks for your passphrase or recovery code.")
        )


def _stop_command() -> None:
    """Do what Ctrl-C does: at a question nothing is half done."""
    if sys.platform != "win32":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _global_words(here: Session) -> tuple[str, ...]:
    """Return the options that were given to the shell: they count for each of its commands."""
    words = ["--vault", str(here.vault_folder())]
    if here.plain:
        words.append("--plain")
    if here.passphrase_fd is not None:
        words += ["--passphrase-fd", str(here.passphrase_fd)]
    return tuple(words)

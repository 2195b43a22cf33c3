"""Holds the locked folder for the page: one thread reads it, one talk at a time changes it.

A folder opened in one thread is used in that thread only. So the screens read through a thread of
their own, and a talk opens the folder once more, as a second terminal would: the page shows where
everything stands while a filing waits for a person.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from optout.errors import NeedsPerson, OptoutError, VaultLocked
from optout.i18n import in_language, language
from optout.model.ports import Clock, Person
from optout.model.secret import Secret
from optout.text import Text
from optout.vault.folder import is_vault, read_folder
from optout.vault.unlock import unlock, unlock_with_key
from optout.vault.vault import Vault
from optout.web.talk import Talk
from optout.workflows.desk import Desk

T = TypeVar("T")
SetOut = Callable[[Vault, Person, Clock, Path], Desk]

IDLE_SECONDS: Final = 15 * 60
_LOOK_EVERY: Final = 5.0
_END_SECONDS: Final = 30.0  # a browser that is closed in the middle of a form


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the page works on."""

    folder: Path
    papers: Path  # where letters and other files are written
    clock: Clock
    set_out: SetOut
    actor: str = "person"
    idle_seconds: float = IDLE_SECONDS


class Busy(NeedsPerson):
    """Something else waits for an answer."""

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__(
            Text("Something else is open and waits for you."),
            known=Text("Nothing new was begun."),
            hint=Text("Finish it, or stop it, then come back."),
        )


class Keeper:
    """The folder behind the page: locked, or open for whoever sits at it."""

    def __init__(self, place: Place) -> None:
        """Nothing is opened yet."""
        self.place: Final = place
        self.talk: Talk | None = None
        self.was_locked = False  # by a person or by time: then it does not open by itself
        self._reading: ThreadPoolExecutor | None = None
        self._vault: Vault | None = None  # of the reading thread
        self._key: Secret[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._guard = threading.RLock()
        self._touched = time.monotonic()
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    # ---- locked or open ----

    def is_there(self) -> bool:
        """Say whether there is a locked folder yet."""
        return is_vault(self.place.folder)

    def is_open(self) -> bool:
        """Say whether it is open now."""
        return self._vault is not None

    def unlock(self, passphrase: str = "") -> None:
        """Open it with the system's key store, else with what was typed."""
        with self._guard:
            if self.is_open():
                return
            reading = ThreadPoolExecutor(1, thread_name_prefix="reading")
            try:
                self._vault = reading.submit(self._unlocked, Secret(passphrase)).result()
            except BaseException:
                reading.shutdown()
                raise
            self._reading, self._key = reading, self._vault.key
            self._touched = time.monotonic()

    def _unlocked(self, passphrase: Secret[str]) -> Vault:
        typed = (lambda: passphrase) if passphrase.reveal() else None
        place = self.place
        return unlock(place.folder, clock=place.clock, actor=place.actor, passphrase=typed)

    def lock(self) -> None:
        """Stop what waits, close the folder, and forget its key."""
        with self._guard:
            self.was_locked = True
            self.stop_talk()
            reading, vault, self._vault, self._key = self._reading, self._vault, None, None
            self._reading, self.talk = None, None
            if reading and vault:
                with suppress(OptoutError):  # it is told at the next opening
                    reading.submit(vault.close).result()
                reading.shutdown()

    def end(self) -> None:
        """Lock for good: the program ends."""
        self._over.set()
        self.lock()

    def touch(self) -> None:
        """Remember that somebody is here."""
        self._touched = time.monotonic()

    def _watch(self) -> None:
        """Lock once nobody was here for a while; what is being sent is brought to its end first."""
        while not self._over.wait(min(_LOOK_EVERY, self.place.idle_seconds / 4)):
            idle = time.monotonic() - self._touched > self.place.idle_seconds
            if idle and self.is_open() and not self._works():
                self.lock()

    def _works(self) -> bool:
        talk = self.talk
        return talk is not None and not talk.ended and talk.waiting() is None

    # ---- reading ----

    def read(self, reading: Callable[[Desk], T]) -> T:
        """Read something from the open folder."""
        with self._guard:
            thread, vault = self._reading, self._vault
        if thread is None or vault is None:
            raise VaultLocked(
                Text("The locked folder is closed."), known=Text("Nothing was changed.")
            )
        here = contextvars.copy_context()
        desk = self._desk(vault, Talk(title=Text("")))
        return thread.submit(here.run, reading, desk).result()

    def _desk(self, vault: Vault, person: Person) -> Desk:
        return self.place.set_out(vault, person, self.place.clock, self.place.papers)

    # ---- talking ----

    def begin(self, title: Text, workflow: Callable[[Desk], None]) -> Talk:
        """Begin a workflow on the open folder; raise `Busy` while another waits."""
        key = self._key
        if key is None:
            raise VaultLocked(
                Text("The locked folder is closed."), known=Text("Nothing was begun.")
            )

        def with_desk(talk: Talk) -> None:
            place = self.place
            folder = read_folder(place.folder)
            with unlock_with_key(folder, key, clock=place.clock, actor=place.actor) as vault:
                workflow(self._desk(vault, talk))

        return self._start(title, with_desk)

    def begin_without_folder(self, title: Text, workflow: Callable[[Talk], None]) -> Talk:
        """Begin a workflow that makes the folder."""
        return self._start(title, workflow)

    def _start(self, title: Text, workflow: Callable[[Talk], None]) -> Talk:
        with self._guard:
            if self.talk is not None and not self.talk.ended:
                raise Busy
            talk, said_in = Talk(title=title), language()

            def run() -> None:
                with in_language(said_in):
                    talk.run(workflow)

            self.talk = talk
            self._thread = threading.Thread(target=run, name="talk", daemon=True)
            self._thread.start()
        return talk

    def forget_ended_talk(self) -> None:
        """Let go of what was said in a talk that is over."""
        with self._guard:
            if self.talk is not None and self.talk.ended:
                self.talk = None

    def stop_talk(self) -> None:
        """Stop the talk at its question; what was kept stays kept."""
        with self._guard:
            if self.talk is None:
                return
            self.talk.close()
            if self._thread:
                self._thread.join(_END_SECONDS)
            self.talk = None

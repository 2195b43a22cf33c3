"""Holds the locked folder for the page: one thread reads it, one talk at a time changes it.

A folder opened in one thread is used in that thread only. So the screens read through a thread of
their own, and a talk opens the folder once more, as a second terminal would: the page shows where
everything stands while a filing waits for a person.
"""

from __future__ import annotations

import contextvars
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
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
from optout.web.talk import Kind, Talk
from optout.workflows.desk import Desk

T = TypeVar("T")
SetOut = Callable[[Vault, Person, Clock, Path], Desk]

IDLE_SECONDS: Final = 15 * 60
_LOOK_EVERY: Final = 5.0
_END_SECONDS: Final = 30.0  # a browser that is closed in the middle of a form
_BY_HAND: Final = 4  # times as patient


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
        """Close the folder and forget its key; what waits is stopped.

        What is in the middle of a form stops before its last button. What was pressed already is
        brought to its end and written down, in a folder of its own, while this one is locked.
        """
        with self._guard:
            self.was_locked = True
            reading, vault, self._vault, self._key = self._reading, self._vault, None, None
            self._reading = None
            if self.talk:
                self.talk.close()
        try:
            if reading and vault:
                reading.submit(vault.close).result()
        except OptoutError:
            pass  # it is told at the next opening
        finally:
            if reading:
                reading.shutdown()
        self.stop_talk()

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
            if time.monotonic() - self._touched > self._patience():
                with suppress(Exception):  # whatever it was: look again, and lock then
                    self.lock()

    def _patience(self) -> float:
        """Return how long nobody may be here: longer while a person works in another window."""
        talk = self.talk
        if talk is None or talk.ended:
            return self.place.idle_seconds
        waiting = talk.waiting()
        if waiting is None:
            return math.inf
        return self.place.idle_seconds * (_BY_HAND if waiting.kind is Kind.HAND_OVER else 1)

    # ---- reading ----

    def read(self, reading: Callable[[Desk], T]) -> T:
        """Read something from the open folder."""
        with self._guard:
            thread, vault = self._reading, self._vault
        if thread is None or vault is None:
            raise _locked()
        here = contextvars.copy_context()
        desk = self._desk(vault, Talk(title=Text("")))
        try:
            waiting = thread.submit(here.run, reading, desk)
        except RuntimeError:  # it was locked just now
            raise _locked() from None
        return waiting.result()

    def _desk(self, vault: Vault, person: Person) -> Desk:
        return self.place.set_out(vault, person, self.place.clock, self.place.papers)

    # ---- talking ----

    def begin(self, title: Text, workflow: Callable[[Desk], None]) -> Talk:
        """Begin a workflow on the open folder; raise `Busy` while another waits."""
        with self._guard:
            key = self._key
            if key is None:
                raise _locked()

            def with_desk(talk: Talk) -> None:
                place = self.place
                folder = read_folder(place.folder)
                with unlock_with_key(folder, key, clock=place.clock, actor=place.actor) as vault:
                    desk = replace(self._desk(vault, talk), still_wanted=talk.check_open)
                    workflow(desk)

            return self._start(Talk(title=title), with_desk)

    def begin_without_folder(self, title: Text, workflow: Callable[[Talk], None]) -> Talk:
        """Begin a workflow that makes the folder."""
        return self._start(Talk(title=title, before_folder=True), workflow)

    def _start(self, talk: Talk, workflow: Callable[[Talk], None]) -> Talk:
        with self._guard:
            if self.talk is not None and not self.talk.ended:
                raise Busy
            said_in = language()

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
        """Stop the talk at its question; what was kept stays kept.

        Nobody else waits for it. Until it is over it stays the talk of this page.
        """
        with self._guard:
            talk, thread = self.talk, self._thread
            if talk is None or thread is None:
                return
            talk.close()
        thread.join(_END_SECONDS)
        with self._guard:
            if self.talk is talk and not thread.is_alive():
                self.talk = None


def _locked() -> VaultLocked:
    return VaultLocked(Text("The locked folder is closed."), known=Text("Nothing was changed."))

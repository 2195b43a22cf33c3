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
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from optout.errors import NeedsPerson, OptoutError, VaultLocked
from optout.i18n import in_language, language
from optout.model.broker import Broker, Slug
from optout.model.ports import Clock, Person
from optout.model.secret import Secret
from optout.rules.outside import is_outside
from optout.text import Text
from optout.vault.folder import is_vault, last_locked, read_folder
from optout.vault.unlock import unlock, unlock_with_key, uses_keyring
from optout.vault.vault import Vault
from optout.web.linked import in_plain_words
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
    practice: Callable[[], str] | None = None  # begins a practice page and returns its address
    mails: Callable[[], Sequence[EmailMessage]] | None = None  # in practice: what companies wrote
    later: Callable[[], None] | None = None  # in practice: lets days pass
    made_up_passphrase: str = ""  # this is the practice page: nothing in it is secret


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
        self._described: dict[str, Broker] = {}
        self._touched = self._instant()
        self._last_locked = b""  # by hand, in another window, as it was when this was opened
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    # ---- locked or open ----

    def is_there(self) -> bool:
        """Say whether there is a locked folder yet."""
        return is_vault(self.place.folder)

    def computer_keeps_key(self) -> bool:
        """Say whether the system's key store is one way to open it."""
        try:
            return uses_keyring(read_folder(self.place.folder))
        except OptoutError:  # whoever opens it is told
            return False

    def is_open(self) -> bool:
        """Say whether it is open now."""
        return self._vault is not None

    def unlock(self, passphrase: str = "") -> None:
        """Open it with the system's key store, else with what was typed."""
        with self._guard:
            if self.is_open():
                return
            last = last_locked(self.place.folder)
            reading = ThreadPoolExecutor(1, thread_name_prefix="reading")
            try:
                self._vault = reading.submit(self._unlocked, Secret(passphrase)).result()
            except BaseException:
                reading.shutdown()
                raise
            self._reading, self._key = reading, self._vault.key
            self._touched, self._last_locked = self._instant(), last
        threading.Thread(target=self._read_ahead, daemon=True).start()

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
            let_go = self._let_go()
        self._close(*let_go)

    def _let_go(self) -> tuple[ThreadPoolExecutor | None, Vault | None]:
        """Forget the key, and return what is still to be closed."""
        self.was_locked = True
        reading, vault, self._vault, self._key = self._reading, self._vault, None, None
        self._reading = None
        if self.talk:
            self.talk.close()
        return reading, vault

    def _close(self, reading: ThreadPoolExecutor | None, vault: Vault | None) -> None:
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
        self._touched = self._instant()

    def let_days_pass(self, put_forward: Callable[[], None]) -> None:
        """Put the practice clock forward: whoever presses that did not go away meanwhile."""
        with self._guard:
            put_forward()
            self.touch()

    def lock_if_left(self) -> None:
        """Lock where nobody was here for longer than it stays open, or it was locked elsewhere."""
        with self._guard:  # whoever opens it just now is here: it is asked after that
            if self._quiet_seconds() <= self._patience() and not self._is_locked_elsewhere():
                return
            let_go = self._let_go()
        self._close(*let_go)

    def _is_locked_elsewhere(self) -> bool:
        return self.is_open() and last_locked(self.place.folder) != self._last_locked

    def _instant(self) -> tuple[float, float]:
        return time.monotonic(), self.place.clock().timestamp()

    def _quiet_seconds(self) -> float:
        """Return how long nobody was here: by the longer of two clocks.

        The one that no one can set stands still while a computer sleeps; the other goes on.
        """
        return max(now - then for now, then in zip(self._instant(), self._touched, strict=True))

    def _watch(self) -> None:
        """Lock once nobody was here for a while; what is being sent is brought to its end first."""
        while not self._over.wait(min(_LOOK_EVERY, self.place.idle_seconds / 4)):
            with suppress(Exception):  # whatever it was: look again, and lock then
                self.lock_if_left()

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
        desk = replace(desk, find_broker=self._reading_once(desk.find_broker))

        def read() -> T:
            if self._vault is not vault:  # it was locked while this waited for its turn
                raise _locked()
            return reading(desk)

        try:
            waiting = thread.submit(here.run, read)
        except RuntimeError:  # it was locked just now
            raise _locked() from None
        return waiting.result()

    def _desk(self, vault: Vault, person: Person) -> Desk:
        place = self.place
        desk = place.set_out(vault, person, place.clock, place.papers)
        return replace(desk, said=in_plain_words)

    def _reading_once(self, find: Callable[[str], Broker]) -> Callable[[str], Broker]:
        """Return what finds a company for a screen, reading its definition once in this run.

        A screen names many companies, and their files are two thirds of its time. What is sent
        goes by the file as it is then. What a person wrote down here can change, and is not kept.
        """

        def found(slug: str) -> Broker:
            if is_outside(slug):
                return find(slug)
            if slug not in self._described:
                self._described[slug] = find(slug)
            return self._described[slug]

        return found

    def _read_ahead(self) -> None:
        """Read the definitions that the screens will need, while the first one is looked at."""
        with suppress(OptoutError):  # locked again
            for slug in self.read(_asked):  # each by itself: a screen does not wait for all
                self.read(partial(_read_definition, slug=slug))

    # ---- talking ----

    def begin(self, title: Text, workflow: Callable[[Desk], None]) -> Talk:
        """Begin a workflow on the open folder; raise `Busy` while another waits."""
        with self._guard:
            key, open_vault = self._key, self._vault
            if key is None or open_vault is None:
                raise _locked()
            who = open_vault.actor  # whose passphrase opened the page did what is done on it

            def with_desk(talk: Talk) -> None:
                place = self.place
                folder = read_folder(place.folder)
                with unlock_with_key(folder, key, clock=place.clock, actor=who) as vault:
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


def _asked(desk: Desk) -> set[Slug]:
    return {each.broker for each in desk.vault.requests.list()}


def _read_definition(desk: Desk, slug: Slug) -> None:
    with suppress(OptoutError):  # a company that is gone stops nothing
        desk.find_broker(slug)


def _locked() -> VaultLocked:
    return VaultLocked(Text("The locked folder is closed."), known=Text("Nothing was changed."))

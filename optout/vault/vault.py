"""The unlocked folder: one object with every noun as an attribute."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from optout.errors import OptoutError
from optout.model.listing import Search
from optout.model.ports import Clock
from optout.model.secret import Secret
from optout.text import Text
from optout.vault import clock as clock_check
from optout.vault.approvals import Approvals
from optout.vault.authorizations import Authorizations
from optout.vault.companies import Companies
from optout.vault.correspondence import Correspondences
from optout.vault.deadlines import Deadlines
from optout.vault.disclosures import Disclosures
from optout.vault.erase import Eraser
from optout.vault.events import History
from optout.vault.evidence import EvidenceFiles
from optout.vault.exports import Exports
from optout.vault.figures import Figures
from optout.vault.first_answers import FirstAnswers
from optout.vault.folder import VaultFolder, busy, note_hold, read_folder
from optout.vault.keys import Keys, Rotated
from optout.vault.listings import Listings
from optout.vault.locks import FileLock
from optout.vault.matters import Matters
from optout.vault.mended_dates import MendedDates
from optout.vault.messages import Messages
from optout.vault.notes import Notes
from optout.vault.open import Database, damaged
from optout.vault.outbox import Outbox, Recovered
from optout.vault.papers import Papers
from optout.vault.rekey import rotate
from optout.vault.requests import Requests
from optout.vault.searches import Searches
from optout.vault.settings import Settings
from optout.vault.subjects import Subjects
from optout.vault.tasks import Tasks
from optout.vault.witness import newest, write_witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What a whole check of the vault found: it raises where anything is wrong."""

    events: int


class Vault:
    """An open vault. Close it, or use it as a context manager: then the key is gone with it."""

    def __init__(
        self,
        folder: VaultFolder,
        db: Database,
        key: Secret[bytes],
        *,
        clock: Clock,
        actor: str,
        is_somebodys: bool = True,
        lock: FileLock,
    ) -> None:
        """Use `unlock` or `create_vault`."""
        self.place: Final = folder
        self.db: Final = db
        self.key: Final = key
        self.actor: Final = actor
        self.is_somebodys: Final = is_somebodys  # the passphrase has a name; else it was typed
        self.recovered: tuple[Recovered, ...] = ()
        self.cut_off: tuple[Search, ...] = ()  # searches whose process was gone
        self.rolled_back = False
        self._lock = lock
        self._is_open = True
        self._clock = clock
        self.events: Final = History(db, clock, actor)
        self._doubt = clock_check.doubt(db, clock())
        self.events.trusts_clock = self._doubt is None
        both = (db, self.events)
        self.evidence: Final = EvidenceFiles(*both, folder.evidence)
        eraser = Eraser(*both, self.evidence, folder, self.alone)
        self.subjects: Final = Subjects(*both, eraser.erase)
        self.first_answers: Final = FirstAnswers(db, clock)
        self.requests: Final = Requests(*both)
        self.messages: Final = Messages(*both)
        self.approvals: Final = Approvals(*both)
        self.disclosures: Final = Disclosures(db)
        self.deadlines: Final = Deadlines(*both)
        self.mended_dates: Final = MendedDates(*both)
        self.tasks: Final = Tasks(*both)
        self.correspondence: Final = Correspondences(*both, self.requests)
        self.exports: Final = Exports(*both)
        self.listings: Final = Listings(*both)
        self.companies: Final = Companies(*both)
        self.notes: Final = Notes(*both)
        self.matters: Final = Matters(*both, folder)
        self.authorizations: Final = Authorizations(*both)
        self.papers: Final = Papers(*both)
        self.settings: Final = Settings(*both)
        self.figures: Final = Figures(db)
        self.searches: Final = Searches(*both, locks=folder.locks, witness=self._note_newest)
        self.keys: Final = Keys(*both, folder, key, self._rotate)
        self.outbox: Final = Outbox(
            *both,
            messages=self.messages,
            requests=self.requests,
            evidence=self.evidence,
            locks=folder.locks,
            witness=self._note_newest,
        )

    @property
    def folder(self) -> Path:
        """Return the locked folder's path."""
        return self.place.path

    @property
    def id(self) -> str:
        """Return the vault's random id."""
        return self.place.vault_id

    def together(self) -> AbstractContextManager[None]:
        """Write several things in one commit, or none of them."""
        return self.db.transaction()

    def changed_elsewhere(self) -> int:
        """Return a number that differs once another window has written something here."""
        return self.db.changed_elsewhere()

    def clock_doubt(self) -> Text | None:
        """Return what is odd about today's date, until somebody confirms it."""
        return self._doubt

    def confirm_clock(self) -> None:
        """Record that a person looked, and that today's date is right."""
        clock_check.confirm(self.db, self.events)
        self._doubt = None

    def audit(self) -> Audit:
        """Check every page, every proof and the whole history; raise where one is not ours."""
        if not self.db.is_sound() or not self.evidence.sound():
            raise damaged()
        return Audit(events=self.events.verify())

    def _rotate(self, passphrases: Collection[Secret[str]]) -> Rotated:
        return rotate(self, passphrases)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other window out for maintenance, or refuse if there is one."""
        try:
            if not self._lock.take():
                raise busy()
            yield
        finally:
            if not self._is_open:  # a change of key closed it
                self._lock.release()
            elif not self._share_again():
                self.close()

    def _share_again(self) -> bool:
        """Let others in again; in between, another window may have changed the key."""
        return self._lock.take(shared=True, seconds=5) and read_folder(self.folder) == self.place

    def close(self) -> None:
        """Lock the folder again."""
        try:
            self.close_files()
        finally:
            self._lock.release()

    def close_files(self) -> None:
        """Leave a note of the newest event for the next start, and close; keep the lock."""
        if not self._is_open:
            return
        self._is_open = False
        try:
            with suppress(OptoutError):  # a damaged file was reported where it was met
                self._note_newest(in_keyring=True)
                note_hold(self.place, held=self.matters.any_held())
            self.evidence.close()
        finally:
            self.db.close()

    def _note_newest(self, *, in_keyring: bool = False) -> None:
        """Note the newest event outside the database; in the slower key store only at the end."""
        head = newest(self.events)
        if head:
            write_witness(self.place.witness, head)
            if in_keyring:
                self.keys.keep_witness(head)

    def __enter__(self) -> Self:
        """Use as `with unlock(…) as vault:`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lock."""
        self.close()

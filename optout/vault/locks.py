"""Locks of the operating system: they end with the process that held them, however it ended."""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from optout.vault.platform import cannot_be_used

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_SLOTS: Final = 64  # Windows has no shared lock: each holder takes one byte of so many
_PAUSE: Final = 0.02


class FileLock:
    """One lock on one file. It belongs to this object, not to the process id.

    Liveness is asked of this lock and never of a process id: ids are reused, and containers
    repeat them.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, seconds: float = 0) -> bool:
        """Try to get the lock for so long; say whether we have it.

        A lock held before is given back first, also where the new one is refused.
        """
        end = time.monotonic() + seconds
        while not self._try(shared=shared):
            if time.monotonic() >= end:
                return False
            time.sleep(_PAUSE)
        return True

    def release(self) -> None:
        """Give the lock back; the file stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Use as `with lock:` once it was taken."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        self.release()

    def drop(self) -> None:
        """Give the lock back; its file goes first, so that nobody waits for a used-up name."""
        with suppress(OSError):  # Windows keeps an open file
            self.path.unlink()
        self.release()

    def _try(self, *, shared: bool) -> bool:
        # A fresh descriptor each time: converting a held lock can lose it (flock(2)).
        self.release()
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise cannot_be_used(error) from None
        # Whoever cleans up may have removed the file between opening and locking it.
        if not _lock(descriptor, shared=shared) or not self._is_still_there(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def _is_still_there(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False


if sys.platform == "win32":

    def _lock(descriptor: int, *, shared: bool) -> bool:
        start, length = (secrets.randbelow(_SLOTS), 1) if shared else (0, _SLOTS)
        os.lseek(descriptor, start, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, length)
        except OSError:
            return False
        return True

else:

    def _lock(descriptor: int, *, shared: bool) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

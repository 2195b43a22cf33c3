"""Ctrl-C that is never lost: raised at once, and again if something swallowed it.

Raised in the middle of a library it can be swallowed (Python's own callbacks only print it) or
come out as another error. So it is also written down, and looked at before each question and
where an error becomes words.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from optout.errors import Refused
from optout.text import Text

_presses: list[int] = []


def hear() -> None:
    """Raise and write down each press from here on."""
    signal.signal(signal.SIGINT, _raise)


def was_pressed() -> bool:
    """Say whether the person asked to stop."""
    return bool(_presses)


def check() -> None:
    """Raise what was pressed and swallowed."""
    if _presses:
        raise KeyboardInterrupt


def forget() -> None:
    """Begin anew: what was pressed stopped the command it was meant for."""
    _presses.clear()


@contextmanager
def told(known: Text) -> Iterator[None]:
    """Say what is true when a person stops in here: no locked folder is in these commands."""
    try:
        yield
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the cursor may stand behind a question
        raise Refused(Text("Stopped."), known=known) from None


def _raise(number: int, _frame: FrameType | None) -> NoReturn:
    _presses.append(number)
    raise KeyboardInterrupt

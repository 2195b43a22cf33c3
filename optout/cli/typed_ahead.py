"""Forget what was typed or pasted before a question was asked.

A mail pasted whole has many lines. The first answers the question; the others must not answer
"send exactly this?", which comes after it.
"""

from __future__ import annotations

import sys
from typing import TextIO

if sys.platform == "win32":
    import msvcrt

    def forget_typed_ahead(keyboard: TextIO) -> None:
        """Empty the keyboard's queue; a pipe or file is left alone."""
        while keyboard.isatty() and msvcrt.kbhit():
            msvcrt.getwch()

else:
    import termios

    def forget_typed_ahead(keyboard: TextIO) -> None:
        """Empty the keyboard's queue; a pipe or file is left alone."""
        if keyboard.isatty():
            termios.tcflush(keyboard.fileno(), termios.TCIFLUSH)

"""Whether the browser's driver can run on this computer: it is a program of its own (Node.js).

It came with Playwright and needs one library that small systems lack. Found out only when it is
spoken to, that would be a broken pipe and a stack trace.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson
from optout.text import Text

_SECONDS: Final = 30


class DriverCannotStart(NeedsPerson):
    """The program through which Playwright speaks to the browser does not run here."""

    def __init__(self) -> None:
        """Say what is missing most often."""
        super().__init__(
            Text("The part that drives the browser cannot start on this computer."),
            known=Text("Nothing was sent."),
            hint=Text(
                "Most often a library is missing. On Debian or Ubuntu: sudo apt install libatomic1"
            ),
        )


@cache
def check_driver() -> None:
    """Raise `DriverCannotStart` unless the driver runs; asked once in a run of the program."""
    if not _says_its_version(driver()):
        raise DriverCannotStart


def driver() -> Path:
    """Return where Playwright keeps its driver."""
    import playwright  # noqa: PLC0415 - only the commands that open a browser need it

    name = "node.exe" if sys.platform == "win32" else "node"
    return Path(playwright.__file__).parent / "driver" / name


def _says_its_version(program: Path) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - Playwright's own program, fixed words
            [program, "--version"], capture_output=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0

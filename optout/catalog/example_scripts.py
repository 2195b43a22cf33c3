"""Which scripts may stand in an example: our stand-ins, and those that maintainers looked at.

`brokers/example-scripts.txt` has a line for each of the latter. After a change of one, look at it
and write the list anew: `python -m optout.catalog.example_scripts`.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from optout.catalog.stand_ins import is_stand_in
from optout.shipped import shipped

LOOKED_AT: Final = "example-scripts.txt"
_ABOVE: Final = (
    "# Scripts in examples that maintainers looked at: what they hash to, and where they stand.\n"
    "# Written by python -m optout.catalog.example_scripts; read each new one before it goes in.\n"
)
# Only a plain element: one with attributes is never one of ours.
_SCRIPT: Final = re.compile(r"<script>(?P<inside>.*?)</script>", re.DOTALL)


def digest_of(script: str) -> str:
    """Return what a script hashes to, however it is indented."""
    lines = (line.strip() for line in script.strip().splitlines())
    return sha256("\n".join(lines).encode()).hexdigest()


def without_known(page: str) -> str:
    """Return a page without the scripts that may stand in it; their lines stay, empty."""

    def left(found: re.Match[str]) -> str:
        known = is_stand_in(found["inside"]) or digest_of(found["inside"]) in _looked_at()
        return "\n" * found[0].count("\n") if known else found[0]

    return _SCRIPT.sub(left, page)


def list_text(folder: Path) -> str:
    """Return the list for all examples of a folder of definitions."""
    found = {
        digest_of(script["inside"]): path.relative_to(folder).as_posix()
        for path in sorted(folder.glob("*/examples/*.html"))
        for script in _SCRIPT.finditer(path.read_text("utf-8"))
        if not is_stand_in(script["inside"])
    }
    lines = sorted(f"{digest}  {where}\n" for digest, where in found.items())
    return _ABOVE + "".join(sorted(lines, key=lambda line: line.split("  ")[1]))


@cache
def _looked_at() -> frozenset[str]:
    lines = (shipped("brokers") / LOOKED_AT).read_text("utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines if line and not line.startswith("#"))


if __name__ == "__main__":
    at = shipped("brokers")
    (at / LOOKED_AT).write_text(list_text(at), "utf-8", newline="\n")

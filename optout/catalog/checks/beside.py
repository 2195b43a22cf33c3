"""A broker's folder holds its definition and its examples: plain files that are read, never run."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.catalog.translations import BESIDE
from optout.model.broker import Broker
from optout.text import Text

ID: Final = "beside"
WHY: Final = "Whatever else lies in a folder is read by no check, and may be meant for somebody."
KNOWN: Final = frozenset({"broker.toml", BESIDE, "examples"})


def run(_broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each file that does not belong, and for each that could be run."""
    folder = setting.folder
    if folder is None or not folder.is_dir():
        return
    if folder.is_symlink():
        yield Finding("", Text("The folder is a link to another place."), Text("Copy it here."))
    for path in sorted(folder.iterdir()):
        if path.name not in KNOWN:
            yield Finding(
                "",
                Text("Something lies here that no check reads."),
                Text("Only broker.toml, broker.es.toml and examples/ belong here."),
            )
    if _may_be_run(folder / "broker.toml"):
        yield Finding("", Text("The file may be run as a program."), Text("chmod -x broker.toml"))


def _may_be_run(path: Path) -> bool:
    return path.is_file() and bool(stat.S_IMODE(path.stat().st_mode) & 0o111)

"""Proves that nothing personal is in clear outside the locked folder and its exports (T1, T17).

The control: the same search finds every marker in the decrypted folder.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from optout.model.secret import Secret
from optout.sample.scripted_person import PASSPHRASE
from optout.vault.unlock import unlock
from optout.workflows.check_computer import Here, check_computer
from optout.workflows.help_report import count, help_report, report_lines

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Marked:
    folder: Path
    shown: bytes

    @property
    def markers(self) -> list[str]:
        return (self.folder / "out" / "markers.txt").read_text().split()

    def found_in(self, content: bytes) -> set[str]:
        return {m for m in self.markers if any(spelling in content for spelling in spellings(m))}


@pytest.fixture(scope="module")
def marked() -> Iterator[Marked]:
    # Not in pytest's folder: a browser's socket lies below, and its path has 107 characters.
    with tempfile.TemporaryDirectory(prefix="optout-") as folder:
        yield walked_in(Path(folder))


def walked_in(folder: Path) -> Marked:
    for name in ("tmp", "home", "out"):
        (folder / name).mkdir()
    walked = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("marked_walk.py")), str(folder)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert walked.returncode == 0, walked.stderr.decode()[-3000:]
    return Marked(folder, walked.stdout + walked.stderr)


def spellings(marker: str) -> set[bytes]:
    """Return a marker as programs write it: plain, other case, UTF-16, URL and base64."""
    plain = {marker, marker.lower(), marker.upper(), quote(marker)}
    found = {text.encode() for text in plain} | {marker.encode("utf-16-le")}
    # Base64 depends on where in three bytes the word begins: its inner letters do not.
    found |= {base64.b64encode(b"x" * shift + marker.encode())[4:-4] for shift in range(3)}
    return found


def test_no_marker_is_in_clear_outside_the_listed_exports(marked: Marked) -> None:
    for path in marked.folder.rglob("*"):
        if path.is_file() and marked.folder / "out" not in path.parents:
            assert marked.found_in(path.read_bytes()) == set(), path.name


def test_no_marker_is_printed_logged_or_in_a_traceback(marked: Marked) -> None:
    assert b"Traceback" in marked.shown
    assert marked.found_in(marked.shown) == set()


def test_the_markers_are_found_when_the_folder_is_decrypted(marked: Marked) -> None:
    """The control: all forty went through the road and are kept."""
    found: set[str] = set()
    vault = unlock(
        marked.folder / "locked",
        clock=lambda: datetime.now(UTC),
        actor="control",
        passphrase=lambda: Secret(PASSPHRASE),
    )
    with vault:
        for table in vault.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in vault.db.rows(f"SELECT * FROM [{table['name']}]"):
                found |= marked.found_in(repr(dict(row)).encode())
        for subject in vault.subjects.list():
            for card in vault.evidence.list(subject.id):
                found |= marked.found_in(vault.evidence.read(card.id))
    assert found == set(marked.markers)
    assert len(found) == 40


def test_the_exports_hold_what_was_sent(marked: Marked) -> None:
    """The control of the exception: the listed exports are where markers may be in clear."""
    assert marked.found_in(next((marked.folder / "out").glob("*.eml")).read_bytes())


def test_the_report_for_somebody_who_helps_holds_no_marker(marked: Marked) -> None:
    """What it is made from holds all forty: the control is the test of the decrypted folder."""
    here = Here(folder=marked.folder / "locked", clock=lambda: datetime.now(UTC))
    opened = unlock(
        here.folder, clock=here.clock, actor="help", passphrase=lambda: Secret(PASSPHRASE)
    )
    with opened as vault:
        report = help_report(here, check_computer(here), count(vault))
    assert report.counts is not None
    assert sum(report.counts.requests.values()) > 0
    said = "\n".join(line.english() for line in report_lines(report))
    assert marked.found_in(said.encode()) == set()
    assert marked.folder.name not in said

"""The folders and companies that the tests of the command line share, each made once."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from optout.sample.people import JORDAN
from optout.sample.servers import World, sample_world
from optout.workflows.keep_person import card_of
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import RISK, SEARCH, Made, add, plan, told

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a script
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what we start can hear Ctrl-C


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A locked folder with nobody in it."""
    there = CommandLine(tmp_path_factory.mktemp("empty"))
    told(there.run("init", typed="y\n\n"), 0, "Next: optout person add")
    return Made(there)


@pytest.fixture(scope="session")
def jordan(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With Jordan in it."""
    there = empty.copy(tmp_path_factory.mktemp("jordan"))
    told(add(there, card_of(JORDAN)), 0, "Kept in the locked folder: Jordan.")
    return Made(there)


@pytest.fixture(scope="session")
def companies() -> Iterator[World]:
    with sample_world(slow_seconds=0.2) as companies:
        yield companies


@pytest.fixture(scope="session")
def practice(jordan: Made, companies: World, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """With a plan for the practice companies."""
    there = jordan.copy(tmp_path_factory.mktemp("practice"), places=companies.places())
    told(plan(there), 0, "on your list: 8")
    return Made(there)


@pytest.fixture
def here(practice: Made, companies: World) -> Iterator[CommandLine]:
    """Jordan's machine, with a plan; its path is short, as a browser's sockets need it."""
    with tempfile.TemporaryDirectory(prefix="optout-") as folder:
        yield practice.copy(Path(folder), places=companies.places())
    for company in (RISK, SEARCH):
        companies.turn(company)

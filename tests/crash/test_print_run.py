"""A print run that is killed goes on exactly: no letter is printed twice, and none is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NURSERY = Path(__file__).with_name("print_nursery.py")


def under_fire(mode: str, folder: Path, clients: int, kills: int) -> dict[str, Any]:
    command = [sys.executable, str(NURSERY), mode, str(folder), str(clients), str(kills), "7"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(300)
def test_a_killed_run_prints_each_letter_once_and_leaves_nothing_beside(tmp_path: Path) -> None:
    found = under_fire("careful", tmp_path, 15, 8)
    assert found["letters"] == 15
    assert sum(found["killed"].values()) >= 6, "at each of the six gaps one was killed"
    told = ("twice", "lost", "not written down", "proof", "of no stack", "missing")
    assert [(name, found[name]) for name in told if found[name]] == []


@pytest.mark.timeout(300)
def test_the_control_prints_twice_and_leaves_lists_of_no_stack(tmp_path: Path) -> None:
    """Files that have their names before their letters are written down are written again."""
    found = under_fire("naive", tmp_path, 4, 4)
    assert found["twice"]
    kinds = {name.partition("-")[0] for name in found["of no stack"]}
    assert kinds == {"papers", "mailing", "enclosed", "envelopes", "labels"}

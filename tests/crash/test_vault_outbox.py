"""Proves that a kill at any moment neither files twice, nor forgets, nor claims what was not sent.

Half of the kills land inside a named gap between the commits, half at random times. The control
files first and writes it down afterwards: the same kills make that order file twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NURSERY = Path(__file__).parent / "vault_nursery.py"
GAPS = ("before A", "after A", "after B", "received", "proof kept", "after C")
MESSAGES, KILLS = 320, 240


def under_fire(mode: str, folder: Path, *numbers: int) -> dict[str, Any]:
    command = [sys.executable, "-W", "error", str(NURSERY), mode, str(folder), *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return under_fire("file", tmp_path_factory.mktemp("fire"), MESSAGES, KILLS, 20261123)


def test_nothing_is_filed_twice(result: dict[str, Any]) -> None:
    assert result["double"] == []


def test_nothing_that_was_received_is_forgotten(result: dict[str, Any]) -> None:
    assert result["lost"] == []


def test_nothing_is_called_sent_that_was_not(result: dict[str, Any]) -> None:
    assert result["falsely sent"] == []


def test_what_no_kill_disturbed_ends_sent(result: dict[str, Any]) -> None:
    unknown = result["stands"]["unknown"]
    assert 0 < unknown <= sum(result["killed"].values())
    assert result["stands"] == {"unknown": unknown, "sent": MESSAGES - unknown}


def test_the_kills_landed_inside_every_gap(result: dict[str, Any]) -> None:
    assert all(result["killed"][gap] >= KILLS // 2 // len(GAPS) for gap in GAPS), result["killed"]
    assert sum(result["killed"].values()) > KILLS * 3 // 4


def test_the_naive_order_files_twice_under_the_same_kills(tmp_path: Path) -> None:
    assert len(under_fire("naive", tmp_path, 60, 18, 20261123)["double"]) > 0

"""Proves that a change of key killed at any moment leaves a vault that opens, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

NURSERY = Path(__file__).parent / "vault_nursery.py"
KILLS = 24


def test_a_killed_change_of_key_leaves_the_old_key_or_the_new_one(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", str(NURSERY), "rekey", str(tmp_path), str(KILLS), "9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    opened, killed = result["opened"], result["killed"]
    assert opened["old"] + opened["new"] == KILLS
    assert opened["left over"] == 0
    # Controls: kills landed on both sides of the swap, and both keys were met.
    assert all(killed[gap] >= 4 for gap in ("built", "before the swap", "after the swap"))
    assert opened["old"]
    assert opened["new"]

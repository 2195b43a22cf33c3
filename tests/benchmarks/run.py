"""Run every benchmark of this folder, one after another, and say on what machine.

A benchmark is a script: it prints its figures, and exits with 1 if a ratio is above its limit.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_BENCHMARKS = {"run.py", "ratio.py", "conftest.py"}


def main() -> int:
    """Return 1 if any of them did not hold."""
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    sys.stdout.write(f"{machine}\n")
    failed = []
    for script in sorted(HERE.glob("*.py")):
        if script.name in NOT_BENCHMARKS or script.name.startswith("test_"):
            continue
        sys.stdout.write(f"\n{script.stem}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", f"tests.benchmarks.{script.stem}"]
        if subprocess.run(command, check=False, cwd=HERE.parents[1]).returncode:
            failed.append(script.stem)
    sys.stdout.write(f"\n{'not held: ' + ', '.join(failed) if failed else 'all limits hold'}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

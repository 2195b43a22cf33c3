"""Start-up: `optout --help` and `law due` against importing typer, which nothing can undercut."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.ratio import held, medians

AT_MOST = 1.5
DUE = [
    "law",
    "due",
    "--law",
    "us-co-cpa",
    "--right",
    "delete",
    "--received",
    "2026-11-02",
    "--json",
]
HEAVY = {"playwright", "jinja2", "typst", "sqlite_utils", "keyring", "pydantic_core", "holidays"}


def starting(*command: str | Path) -> Callable[[], object]:
    """Return a call that runs a program once."""
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def heavy_loaded_by(*arguments: str) -> set[str]:
    """Return which heavy packages one command imports."""
    program = (
        "import sys; from optout.cli.main import main; main(sys.argv[1:]); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
    )
    return HEAVY & {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    optout = Path(sys.executable).with_name("optout")
    bare, shown, due = medians(
        [
            starting(sys.executable, "-c", "import typer"),
            starting(optout, "--help"),
            starting(optout, *DUE),
        ],
        rounds=15,
    )
    against = 'python -c "import typer"'
    good = [
        held("optout --help", shown, bare, AT_MOST, against=against),
        held("optout law due", due, bare, AT_MOST, against=against),
    ]
    for arguments in (["--help"], DUE):
        heavy = heavy_loaded_by(*arguments)
        sys.stdout.write(
            f"{'FAIL' if heavy else 'ok':4} heavy imports of {arguments[0]}: {heavy or 'none'}\n"
        )
        good.append(not heavy)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

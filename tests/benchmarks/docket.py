"""What an office's screens ask of a folder with 75,000 requests of 5,000 clients.

As in `queries`, each reading is held against one indexed lookup for every row that it shows, and
should take 0.1 s on a quiet machine. One client in twenty-five has something under way. What is
shown of one client may hardly take longer than in a folder a hundred times smaller.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from optout.model.subject import SubjectId
from optout.vault.vault import Vault
from optout.workflows.clinic import start_clinic
from optout.workflows.docket import Docket, docket
from optout.workflows.standing import dues, standings, to_do
from tests.benchmarks.queries import Shape, desk_with, filled_vault, measured
from tests.benchmarks.ratio import held, medians

OFFICE = Shape(people=5_000, each=15, unsettled=3, every=25)
SMALL = OFFICE._replace(people=50)
FLAT = 1.5


def shown(parts: Sequence[Docket]) -> int:
    """Return how many lines a docket is made of; each client is one, too."""
    return sum(
        each.clients
        + len(each.passed)
        + len(each.due)
        + (each.to_approve + each.approved + each.in_hand)
        + len(each.office)
        + sum(len(made.errands) for made in each.appointments)
        for each in parts
    )


def status_holds(large: Vault, small: Vault) -> bool:
    """Compare what is shown of one client in both folders."""

    def status(vault: Vault) -> Callable[[], object]:
        desk = desk_with(vault, [])
        return lambda: standings(desk, vault.subjects.get(SubjectId("s0")))

    ours, bare = medians([status(large), status(small)])
    against = f"among {SMALL.people}"
    return held(f"status of one of {OFFICE.people:,} clients", ours, bare, FLAT, against=against)


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    with tempfile.TemporaryDirectory(prefix="optout-bench-") as place:
        large, small = Path(place) / "large", Path(place) / "small"
        large.mkdir()
        small.mkdir()
        with filled_vault(large, OFFICE) as vault, filled_vault(small, SMALL) as few:
            start_clinic(vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
            good = [
                measured(vault, "docket", docket, shown=shown, readings=2, at_most=0.5),
                measured(vault, "next", to_do, at_most=2.2),
                measured(vault, "due", dues, at_most=1.2),
                status_holds(vault, few),
            ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

"""400 and 5,000 clients × 15 companies planned from a real folder, against the bare rules.

The limit is the same plans by the rules alone, with the people in memory, and eight indexed
lookups a client: who it is, what was asked, answered, given and seen. Seconds are those of the
processor. A plan of 5,000 may take a client no longer than one of 400, and its memory is told.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from optout.catalog.laws import list_laws
from optout.model.broker import Broker
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By
from optout.rules.arrange import arrange
from optout.rules.planning import Memory, plan
from optout.rules.presence import presence_from, signs_of
from optout.sample.scripted_person import PASSPHRASE
from optout.vault.create import create_vault
from optout.vault.vault import Vault
from optout.workflows.clients import chosen_clients, desk_for_many
from optout.workflows.plan_many import plan_many
from tests.benchmarks.letter import resident
from tests.benchmarks.planning import KNOWN, ON, catalog
from tests.benchmarks.ratio import held, told
from tests.conftest import SetClock, World, desk_without_browser
from tests.many_clients import EVERY_YES, POST, Counting, marked_client

FEW, MANY = 400, 5_000
LOOKUPS = 8
AT_MOST = 7
FLAT = 1.3


def companies() -> tuple[Broker, ...]:
    """Return the fifteen of the usual plan."""
    return catalog()[:KNOWN]


def measure(people: int) -> dict[str, float]:
    """Plan for so many clients from a folder, and by the rules alone; return what each took."""
    brokers = companies()
    with tempfile.TemporaryDirectory() as folder:
        made = create_vault(
            Path(folder) / "vault",
            clock=SetClock(),
            actor="bench",
            passphrase=Secret(PASSPHRASE),
            use_keyring=False,
        )
        with made.vault as vault:
            with vault.together():
                for number in range(people):
                    vault.subjects.add(marked_client(number))
            world = World(vault, SetClock())
            by_slug = {str(each.slug): each for each in brokers}
            desk = desk_for_many(
                desk_without_browser(
                    world,
                    Path(folder),
                    person=Counting(),
                    list_brokers=lambda: brokers,
                    find_broker=by_slug.__getitem__,
                )
            )
            began = time.process_time()
            clients = chosen_clients(desk, ())
            planned = plan_many(desk, clients, dict.fromkeys(range(1, people + 1), EVERY_YES), POST)
            ours = time.process_time() - began
            began = time.process_time()
            bare_plans(vault, [client.subject for client in clients], brokers)
            bare = time.process_time() - began
    return {
        "requests": planned.requests,
        "ours": ours,
        "bare": bare,
        "memory": resident() / 1024,
    }


def bare_plans(vault: Vault, people: Iterable[Subject], brokers: tuple[Broker, ...]) -> None:
    """Plan by the rules alone, with what many plans share, and look up so many rows."""
    shelf, laws, memory = arrange(brokers), list_laws(), Memory()
    known = {each.slug: presence_from(each, EVERY_YES) for each in brokers}
    signs = {each.slug: signs_of(each, EVERY_YES) for each in brokers}
    for who in people:
        plan(who, shelf, laws, known, ON, signs=signs, prefer=By.POST, memory=memory)
        for _lookup in range(LOOKUPS):
            vault.db.row("SELECT * FROM request WHERE subject_id = :id", {"id": who.id})


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    if arguments:
        sys.stdout.write(json.dumps(measure(int(arguments[0]))))
        return 0
    good, each = [], []
    for people in (FEW, MANY):
        command = [sys.executable, "-m", "tests.benchmarks.clients", str(people)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        found = json.loads(done.stdout)
        told(
            f"{people:,} clients x {KNOWN} companies: {found['requests']:,.0f} requests,"
            f" {found['ours']:.1f} s of the processor, {found['memory']:.0f} MB"
        )
        each.append((found["ours"] / people, found["bare"] / people))
        good.append(
            held(
                f"a client's plan among {people:,}",
                *each[-1],
                AT_MOST,
                against="the rules and the lookups",
            )
        )
    good.append(
        held(
            f"a client's plan among {MANY:,}",
            each[1][0],
            each[0][0],
            FLAT,
            against=f"one among {FEW}",
        )
    )
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

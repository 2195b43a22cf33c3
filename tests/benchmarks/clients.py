"""400 and 5,000 clients × 15 companies planned from a real folder, against the bare rules.

The limit is the same plans by the rules alone, with the people in memory, and eight indexed
lookups a client: who it is, what was asked, answered, given and seen. Seconds are those of the
processor. A plan of 5,000 may take a client no longer than one of 400, and its memory is told.

A conflict search in the same folder is held against reading every name by the database's own
commands and comparing each: these clients all have one last name, so none can be passed over.
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
from optout.rules.conflict_search import client_names
from optout.rules.name_words import read_name
from optout.rules.planning import Memory, plan
from optout.rules.presence import presence_from, signs_of
from optout.rules.same_name import compare_names
from optout.sample.scripted_person import PASSPHRASE
from optout.vault.create import create_vault
from optout.vault.vault import Vault
from optout.workflows.clients import chosen_clients, desk_for_many
from optout.workflows.clinic import start_clinic
from optout.workflows.conflict import search
from optout.workflows.plan_many import plan_many
from tests.benchmarks.letter import resident
from tests.benchmarks.planning import KNOWN, ON, catalog
from tests.benchmarks.ratio import held, medians, told
from tests.conftest import SetClock, World, desk_without_browser
from tests.many_clients import EVERY_YES, POST, Counting, marked_client

FEW, MANY = 400, 5_000
LOOKUPS = 8
AT_MOST = 7
FLAT = 1.3
SEARCH_AT_MOST = 3


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
            start_clinic(vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
            found, compared = searched(vault, clients[0].subject)
    return {
        "search": found,
        "compared": compared,
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


def searched(vault: Vault, who: Subject) -> tuple[float, float]:
    """Return what a conflict search for one client takes, and every name read and compared."""
    name = read_name(next(client_names(who)).name)

    def bare() -> None:
        sql = "SELECT value FROM identifier WHERE kind IN ('name', 'alias')"
        for (value,) in vault.db.connection.execute(sql).fetchall():
            theirs = json.loads(value)
            compare_names(name, read_name(f"{theirs['given']} {theirs['family']}"))

    ours, limit = medians([lambda: search(vault, who), bare])
    return ours, limit


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
                f"a conflict search among {people:,}",
                found["search"],
                found["compared"],
                SEARCH_AT_MOST,
                against="every name read and compared",
            )
        )
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

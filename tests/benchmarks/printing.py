"""2,000 letters of 250 marked clients printed in random batches of 20: speed, memory, crossings.

Everything is in it: each letter prepared anew and compared with its yes, set, kept as proof in its
client's own file, written down, and joined to stacks with separators and mailing lists. The limit
is the bare typst call on an ordinary letter that is set alone, in seconds of the processor; here
those of one client are set together. Nobody's mark may stand
in another's paper, and a planted one must be found.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from optout.catalog.brokers import find_broker
from optout.model.broker import Broker, Slug
from optout.model.secret import Secret
from optout.model.words import Right
from optout.sample.scripted_person import PASSPHRASE
from optout.vault.create import create_vault
from optout.workflows.clients import Client, chosen_clients, desk_for_many
from optout.workflows.desk import Desk
from optout.workflows.plan_many import accept_many, plan_many
from optout.workflows.print_run import By, PrintChoice, Run, approved_letters, print_letters
from tests.benchmarks.letter import bare_call, resident, words_of
from tests.benchmarks.ratio import held, told
from tests.conftest import SetClock, World, desk_without_browser
from tests.crossings import crossings
from tests.many_clients import EVERY_YES, POST, Counting, approved, mark_of, marked_client

CLIENTS, LETTERS, BATCH = 250, 8, 20
AT_MOST = 2.5
FLAT = 1.15
BARE = 40
COPIED = ("equifax", "relx-lexisnexis")


def companies() -> tuple[Broker, ...]:
    """Return as many companies as each client has letters, each under a name of its own."""
    originals = [find_broker(slug) for slug in COPIED]
    return tuple(
        replace(
            originals[number % len(originals)],
            slug=Slug(f"company-{number}"),
            short_name=f"Company {number}",
            parent="",
            clears=(),
            feeds=(),
        )
        for number in range(LETTERS)
    )


def office(folder: Path) -> tuple[Desk, tuple[Client, ...]]:
    """Return a desk where every client has an approved letter to every company."""
    made = create_vault(
        folder / "vault",
        clock=SetClock(),
        actor="bench",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )
    with made.vault.together():
        for number in range(CLIENTS):
            made.vault.subjects.add(marked_client(number))
    brokers = companies()
    desk = desk_for_many(
        desk_without_browser(
            World(made.vault, SetClock()),
            folder / "out",
            person=Counting(),
            list_brokers=lambda: brokers,
            find_broker={str(each.slug): each for each in brokers}.__getitem__,
        )
    )
    clients = chosen_clients(desk, ())
    answers = dict.fromkeys(range(1, CLIENTS + 1), EVERY_YES)
    wish = replace(POST, only=tuple(each.slug for each in brokers), rights=(Right.DELETE,))
    accept_many(desk, plan_many(desk, clients, answers, wish))
    approved(desk, clients)
    return desk, clients


def batches(clients: Sequence[Client]) -> Iterator[tuple[Client, ...]]:
    """Yield the clients in random batches, each client once."""
    shuffled = random.Random(7).sample(clients, len(clients))  # the same batches in every run
    for start in range(0, len(shuffled), BATCH):
        yield tuple(shuffled[start : start + BATCH])


def bare_seconds() -> float:
    """Return what typst alone takes for a letter."""
    call = bare_call()
    words = [words_of(number) for number in range(BARE + 2)]
    call(words.pop())
    call(words.pop())
    began = time.process_time()
    for each in words:
        call(each)
    return (time.process_time() - began) / BARE


def main() -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    bare = [bare_seconds()]
    with tempfile.TemporaryDirectory() as folder:
        desk, clients = office(Path(folder))
        with desk.vault:
            owners = owners_of(desk, clients)
            marks, memory, wrong, count = set(owners.values()), [], [], 0
            taken = by_clock = 0.0
            for batch in batches(clients):
                clock, began, run = time.perf_counter(), time.process_time(), Run()
                letters, _left = approved_letters(desk, batch, By.CLIENT)
                list(print_letters(desk, letters, PrintChoice(), run))
                taken += time.process_time() - began
                by_clock += time.perf_counter() - clock
                count += sum(stack.letters for stack in run.stacks)
                memory.append(resident())
                for stack in run.stacks:
                    wrong += crossings(stack.paths[0], owners, marks)
            bare.append(bare_seconds())
            planted = found_when_planted(desk, owners, marks)
    limit = sum(bare) / len(bare)
    told(
        f"{count:,} letters in batches of {BATCH} clients: {taken:.1f} s of the processor;"
        f" crossings: {len(wrong)}, planted and found: {planted}",
        verdict="ok" if count == CLIENTS * LETTERS and not wrong and planted else "FAIL",
    )
    early = memory[len(memory) // 4]  # by then the database's and the fonts' memory is filled
    flat = memory[-1] / early <= FLAT
    told(
        f"memory after {count:,} letters: {memory[-1] // 1024} MiB ="
        f" {memory[-1] / early:.2f} x after a quarter of them, at most {FLAT:g} x",
        verdict="ok" if flat else "FAIL",
    )
    fast = held("a letter printed", taken / count, limit, AT_MOST, against="the bare typst call")
    told(
        f"extrapolated: 400 clients x 8 letters take {3_200 * taken / count:.0f} s of the"
        f" processor, {3_200 * by_clock / count:.0f} s by the clock (to reach on two quiet cores:"
        " 15 s)"
    )
    return 0 if count == CLIENTS * LETTERS and not wrong and planted and flat and fast else 1


def owners_of(desk: Desk, clients: Sequence[Client]) -> dict[str, str]:
    """Return each letter's reference with its client's mark."""
    of = {client.subject.id: mark_of(client) for client in clients}
    return {each.reference: of[each.subject_id] for each in desk.vault.messages.list()}


def found_when_planted(desk: Desk, owners: dict[str, str], marks: set[str]) -> bool:
    """Say whether one exchanged owner is found in a stack that was printed."""
    first, second = sorted(marks)[:2]
    exchanged = {first: second, second: first}
    planted = {ref: exchanged.get(mark, mark) for ref, mark in owners.items()}
    stacks = desk.out_folder.glob("papers-*.pdf")
    return any(crossings(path, planted, marks) for path in stacks)


if __name__ == "__main__":
    sys.exit(main())

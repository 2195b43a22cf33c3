"""Raises short-lived processes that print for many clients, and kills them; says what remained.

Run by test_print_run.py. `naive` gives the file its name before its letters are written down.

    python print_nursery.py careful|naive FOLDER CLIENTS KILLS SEED
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from optout.model.request import Delivery
from optout.model.words import By as Way
from optout.vault.create import create_vault
from optout.vault.outbox import Outbox
from optout.workflows import exports, print_run
from optout.workflows.clients import chosen_clients, desk_for_many
from tests.conftest import PASSPHRASE, SetClock, World, desk_without_browser, reopened
from tests.crash.vault_nursery import Mother
from tests.crossings import papers_in
from tests.many_clients import Counting, approved, office

GAPS = ("proofs kept", "written aside", "recorded", "named")
IN_A_STACK = 3


def print_all(world: World, folder: Path, mark: Callable[[str], None], *, naive: bool) -> None:
    """Print everything that is approved, as the command does, and mark each gap."""
    marked(mark, naive=naive)
    desk = desk_for_many(desk_without_browser(world, folder, person=Counting()))
    print_run.settle_cut_short(desk)
    clients = chosen_clients(desk, ())
    letters, _left = print_run.approved_letters(desk, clients, print_run.By.CLIENT)
    choice = print_run.PrintChoice(most=IN_A_STACK)
    list(print_run.print_letters(desk, letters, choice, print_run.Run()))


def marked(mark: Callable[[str], None], *, naive: bool) -> None:
    """Put a mark after each step; in this process only."""
    if naive:
        aside = exports.write_aside

        def at_once(*given: object) -> exports.WrittenAside:
            written = aside(*given)  # type: ignore[arg-type] # passed on
            exports.put_in_place(written)
            return written

        # The order that prints twice: it has its name before it is written down.
        setattr(print_run, "write_aside", at_once)  # noqa: B010 - not exported there
        setattr(print_run, "put_in_place", lambda _written: None)  # noqa: B010 - likewise
    steps = (
        (print_run, "_keep_all", "proofs kept"),
        (print_run, "write_aside", "written aside"),
        (Outbox, "hand_over_together", "recorded"),
        (print_run, "put_in_place", "named"),
    )
    for where, name, gap in steps:
        setattr(where, name, followed(getattr(where, name), mark, gap))


def followed(step: Callable[..., object], mark: Callable[[str], None], gap: str) -> object:
    def call(*given: object, **named: object) -> object:
        found = step(*given, **named)
        mark(gap)
        return found

    return call


def in_files(folder: Path) -> Counter[str]:
    """Return how often each letter stands in a file that can be printed, by its bookmark."""
    return Counter(
        title.split()[0]
        for path in folder.glob("papers-*.pdf")
        for title, _first, _after in papers_in(path, 0)
        if title[4:5] == "-"
    )


def print_under_fire(mode: str, folder: Path, clients: int, kills: int, seed: int) -> object:
    clock = SetClock()
    made = create_vault(
        folder / "vault", clock=clock, actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    key, world, out = made.vault.key, World(made.vault, clock), folder / "out"
    desk, people = office(world, out, clients, only=("lexisnexis-risk", "nctue"))
    count = approved(desk, people)
    world.vault.close()

    def work(mark: Callable[[str], None]) -> None:
        with reopened(folder / "vault", key, clock) as opened:
            print_all(World(opened, clock), out, mark, naive=mode == "naive")

    mother = Mother(seed)
    falsely: list[str] = []
    for number in range(kills):
        gap: str | float = GAPS[number % len(GAPS)]
        mother.child(work, mother.chance.uniform(0.1, 1.5) if number >= len(GAPS) else gap)
    mother.child(work, "never")
    found = in_files(out)
    with reopened(folder / "vault", key, clock) as opened:
        opened.audit()
        posts = [each for each in opened.messages.list() if each.by is Way.POST]
        for each in posts:
            proofs = opened.evidence.for_message(each.id)
            if (each.delivery is Delivery.HANDED_OVER) != (len(proofs) == 1):
                falsely.append(each.reference)
    return {
        "letters": count,
        "killed": mother.killed,
        "twice": [each.reference for each in posts if found[each.reference] > 1],
        "lost": [each.reference for each in posts if not found[each.reference]],
        "not written down": [
            each.reference for each in posts if each.delivery is not Delivery.HANDED_OVER
        ],
        "proof": falsely,
        "left over": [path.name for path in out.glob("*.part")],
    }


if __name__ == "__main__":
    mode, folder, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps(print_under_fire(mode, Path(folder), *map(int, numbers))))

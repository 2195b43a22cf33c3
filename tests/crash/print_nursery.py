"""Raises short-lived processes that print for many clients, and kills them; says what remained.

Run by test_print_run.py. `naive` gives each file its name before its letters are written down.

    python print_nursery.py careful|naive FOLDER CLIENTS KILLS SEED
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from optout.model.law import LawId
from optout.model.request import Delivery, Message
from optout.model.words import By as Way
from optout.model.words import Right
from optout.vault.create import create_vault
from optout.vault.outbox import Outbox
from optout.workflows import exports, print_run
from optout.workflows.clients import chosen_clients, desk_for_many
from optout.workflows.clinic import start_clinic
from optout.workflows.in_whose_name import ask_as_agent
from tests.conftest import PASSPHRASE, SetClock, World, desk_without_browser, reopened
from tests.crash.vault_nursery import Mother
from tests.crossings import papers_in
from tests.many_clients import Counting, approved
from tests.unit.test_office_as_agent import CLEAR, NAME, helped, signed

GAPS = ("proofs kept", "one written", "all written", "recorded", "one named", "all named")
IN_A_STACK = 3
BESIDE = ("papers-{}.pdf", "mailing-{}.pdf", "mailing-{}.csv", "envelopes-{}.pdf", "labels-{}.pdf")


def approve_letters(world: World, folder: Path, count: int) -> None:
    """Approve a letter for each of so many clients, with a signed paper to go along."""
    start_clinic(world.vault, NAME, ["Robin Example"], four_eyes=False)
    desk = desk_without_browser(world, folder, person=Counting())
    for number in range(count):
        client = helped(world, desk, f"Jordan{number}")
        request = world.request(client, broker=CLEAR, right=Right.OPT_OUT, law=LawId("us-co-cpa"))
        way = {"broker": CLEAR, "channel_right": Right.OPT_OUT, "channel_key": "letter"}
        world.message(client, request, by=Way.POST, **way)
        ask_as_agent(desk, signed(desk, client))
    desk = desk_for_many(desk)
    approved(desk, chosen_clients(desk, ()))


def print_all(world: World, folder: Path, mark: Callable[[str], None], *, naive: bool) -> None:
    """Print everything that is approved, as the command does, and mark each gap."""
    marked(mark, naive=naive)
    desk = desk_for_many(desk_without_browser(world, folder, person=Counting()))
    print_run.settle_cut_short(desk)
    clients = chosen_clients(desk, ())
    letters, _left = print_run.approved_letters(desk, clients, print_run.By.CLIENT)
    choice = print_run.PrintChoice(most=IN_A_STACK, envelopes=True, labels="5160")
    list(print_run.print_letters(desk, letters, choice, print_run.Run()))


def marked(mark: Callable[[str], None], *, naive: bool) -> None:
    """Put a mark after each step; in this process only."""
    if naive:
        aside, name_it = getattr(exports, "_write_aside"), exports.put_in_place  # noqa: B009 - its own

        def at_once(*given: object) -> object:
            written = aside(*given)
            name_it(written)
            return written

        # The order that prints twice: it has its name before it is written down.
        setattr(exports, "_write_aside", at_once)  # noqa: B010 - not exported there
        setattr(exports, "put_in_place", lambda _written: None)  # noqa: B010 - likewise
    steps = (
        (print_run, "_check_still_stands", "proofs kept"),
        (exports, "_write_aside", "one written"),
        (Outbox, "hand_over_together", "recorded"),
        (exports, "put_in_place", "one named"),
        (print_run, "_print_stack", "all named"),
    )
    for where, name, gap in steps:
        setattr(where, name, followed(getattr(where, name), mark, gap))
    recorded = Outbox.hand_over_together

    def record(*given: object, **named: object) -> None:
        mark("all written")
        recorded(*given, **named)  # type: ignore[arg-type] # passed on

    setattr(Outbox, "hand_over_together", record)  # noqa: B010 - a method


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


def of_no_stack(world: World, folder: Path) -> list[str]:
    """Settle what was cut short; return the files that are of no stack, under either name."""
    desk = desk_without_browser(world, folder, person=Counting())
    print_run.settle_cut_short(desk)
    stacks = print_run.printed_stacks(desk)
    printed = [*stacks, *(each.reference for each in handed_over(world))]
    return [
        path.name
        for path in folder.iterdir()
        if path.suffix == ".part" or path.stem.partition("-")[2] not in printed
    ]


def handed_over(world: World) -> Sequence[Message]:
    return world.vault.messages.list(deliveries={Delivery.HANDED_OVER})


def print_under_fire(mode: str, folder: Path, clients: int, kills: int, seed: int) -> object:
    clock = SetClock()
    made = create_vault(
        folder / "vault", clock=clock, actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    key, out, mother = made.vault.key, folder / "out", Mother(seed)
    made.vault.close()

    def prepare(_mark: Callable[[str], None]) -> None:
        with reopened(folder / "vault", key, clock) as opened:
            approve_letters(World(opened, clock), out, clients)

    def work(mark: Callable[[str], None]) -> None:
        with reopened(folder / "vault", key, clock) as opened:
            print_all(World(opened, clock), out, mark, naive=mode == "naive")

    mother.child(prepare, "never")  # a mother who sets pages has threads, which no child inherits
    falsely: list[str] = []
    strays: list[str] = []
    for number in range(kills):
        gap: str | float = GAPS[number % len(GAPS)]
        mother.child(work, mother.chance.uniform(0.1, 1.5) if number >= len(GAPS) else gap)
        with reopened(folder / "vault", key, clock) as opened:
            strays += of_no_stack(World(opened, clock), out)
    mother.child(work, "never")
    found = in_files(out)
    with reopened(folder / "vault", key, clock) as opened:
        opened.audit()
        strays += of_no_stack(World(opened, clock), out)
        desk = desk_without_browser(World(opened, clock), out, person=Counting())
        posts = [each for each in opened.messages.list() if each.by is Way.POST]
        for each in posts:
            proofs = opened.evidence.for_message(each.id)
            if (each.delivery is Delivery.HANDED_OVER) != (len(proofs) == 1):
                falsely.append(each.reference)
        wanted = [
            name.format(number) for number in print_run.printed_stacks(desk) for name in BESIDE
        ]
        wanted += [f"enclosed-{each.reference}.pdf" for each in posts]
    return {
        "letters": len(posts),
        "killed": mother.killed,
        "twice": [each.reference for each in posts if found[each.reference] > 1],
        "lost": [each.reference for each in posts if not found[each.reference]],
        "not written down": [
            each.reference for each in posts if each.delivery is not Delivery.HANDED_OVER
        ],
        "proof": falsely,
        "of no stack": strays,
        "missing": [name for name in wanted if not (out / name).exists()],
    }


if __name__ == "__main__":
    mode, folder, *numbers = sys.argv[1:]
    sys.stdout.write(json.dumps(print_under_fire(mode, Path(folder), *map(int, numbers))))

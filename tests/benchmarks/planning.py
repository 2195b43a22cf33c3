"""1,000 people × 1,500 companies planned one after another: at most 30 seconds and 500 MB.

Twice: as everybody's first plan (15 companies of the usual plan probably know the person), and
`--wide`, where every company is looked at and each that is no seller to government is asked.
Seconds are those of the processor, so that a busy machine slows nothing; memory is the most that
a process of its own ever held. The people are those of one house: most live in one state, few
share alike, and their addresses are old or new.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Slug
from optout.model.request import Presence
from optout.model.subject import Residence, Share, Subject
from optout.rules.arrange import Arranged, arrange
from optout.rules.planning import Memory, plan
from optout.sample.people import JORDAN
from tests.benchmarks.ratio import told

PEOPLE, COMPANIES, KNOWN = 1_000, 1_500, 15
SECONDS, MEGABYTES = 30, 500
ON = date(2026, 11, 22)
STATES = ["CO"] * 70 + ["TX"] * 8 + ["CA"] * 8 + ["IL"] * 6 + ["VA"] * 4 + ["OR"] * 4
SHARES = [Share.KNOWN] * 80 + [Share.ASK] * 15 + [Share.NEVER] * 5
SINCES = [date(2015, 1, 1)] * 80 + [date(2026, 10, 1)] * 15 + [None] * 5
PLANS = ("usual", "wide")


def catalog() -> tuple[Broker, ...]:
    """Return copies of the shipped definitions that can be asked, each under a slug of its own."""
    originals = [each for each in list_brokers() if not each.government and each.holds]
    return tuple(copied(originals[n % len(originals)], n) for n in range(COMPANIES))


def copied(original: Broker, number: int) -> Broker:
    """Return one company more; two in three of the unusual ones sell to no government."""
    usual = number < KNOWN
    return replace(
        original,
        slug=Slug(f"{original.slug}-{number}"),
        parent="",
        feeds=(),
        in_default_plan=usual,
        declared=original.declared if usual or number % 3 == 0 else None,
    )


def people() -> Iterator[Subject]:
    """Yield one after another, as a house with many people in it would."""
    draw = random.Random(7)  # the same people in every run
    for _number in range(PEOPLE):
        share, since = draw.choice(SHARES), draw.choice(SINCES)
        yield replace(
            JORDAN,
            residences=(Residence(state=draw.choice(STATES)),),
            reply_to=JORDAN.reply_to if draw.random() < 0.8 else (),
            identifiers=tuple(
                replace(each, share=share, valid_from=since) for each in JORDAN.identifiers
            ),
        )


def presence(brokers: tuple[Broker, ...]) -> dict[Slug, Presence]:
    """Say that fifteen companies probably know the person."""
    return {
        each.slug: Presence.LIKELY if number < KNOWN else Presence.UNLIKELY
        for number, each in enumerate(brokers)
    }


def measure(which: str) -> dict[str, float]:
    """Plan for everybody; return what it took. Runs in a process of its own."""
    brokers, laws, memory = catalog(), list_laws(), Memory()
    known = presence(brokers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, busy = time.perf_counter(), time.process_time()
    shelf: Arranged = arrange(brokers)
    lines = 0
    for who in people():  # a plan is let go before the next one is made
        lines += len(plan(who, shelf, laws, known, ON, wide=which == "wide", memory=memory).lines)
    return {
        "lines": lines,
        "wall": time.perf_counter() - began,
        "busy": time.process_time() - busy,
        "before": before / 1024,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def held(which: str) -> bool:
    """Measure one kind of plan in a process of its own, print it, and say whether it holds."""
    command = [sys.executable, "-m", "tests.benchmarks.planning", which]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    good = bool(found["busy"] <= SECONDS and found["peak"] <= MEGABYTES)
    told(
        f"{PEOPLE:,} people x {COMPANIES:,} companies, {which}: {found['lines']:,.0f} requests,"
        f" {found['busy']:.1f} s of the processor (at most {SECONDS}; {found['wall']:.1f} s by the"
        f" clock), {found['peak']:.0f} MB (at most {MEGABYTES}; {found['before']:.0f} before)",
        verdict="ok" if good else "FAIL",
    )
    return good


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 where a limit does not hold."""
    if arguments:
        sys.stdout.write(json.dumps(measure(arguments[0])))
        return 0
    return 0 if all(tuple(map(held, PLANS))) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""20,000 whole pairs a second: names, ages, places, phones, relatives.

As in a scan: what is known of the person was read once, and every listing is read anew. Held
against reading the same pairs from JSON, the least that anybody does with them: on the machine of
the first measurement (2 cores, 200,000 pairs a second from JSON) 20,000 are ten times that.
"""

from __future__ import annotations

import json
import sys
from datetime import date

from optout.model.match import Known, Shown
from optout.rules.matching import Sought, judge, judge_read, read_known
from optout.rules.name_words import read_name
from tests.benchmarks.ratio import held, medians, told
from tests.unit.matching.make_pairs import FILES
from tests.unit.matching.read import sides

AT_MOST = 10
Pairs = list[tuple[Known, Shown, date]]


def judge_listings(pairs: list[tuple[Sought, Shown, date]]) -> None:
    """Answer every pair, each name as if it were met for the first time."""
    read_name.cache_clear()
    for sought, shown, on in pairs:
        judge_read(sought, shown, on)


def judge_strangers(pairs: Pairs) -> None:
    """Answer every pair, the person too as if met for the first time."""
    read_name.cache_clear()
    for known, shown, on in pairs:
        judge(known, shown, on)


def main() -> int:
    """Measure, print, and return 1 where the limit does not hold."""
    lines = [line for path in FILES.values() for line in path.read_text("utf-8").splitlines()]
    pairs = [sides(json.loads(line)) for line in lines]
    sought = [(read_known(known), shown, on) for known, shown, on in pairs]
    bare, listings, strangers = medians(
        [
            lambda: [json.loads(line) for line in lines],
            lambda: judge_listings(sought),
            lambda: judge_strangers(pairs),
        ],
        rounds=25,
    )
    good = held(f"{len(pairs)} pairs", listings, bare, AT_MOST, against="reading them from JSON")
    told(f"{len(pairs) / listings:,.0f} listings a second of people who were read before")
    told(f"{len(pairs) / strangers:,.0f} a second where every pair is of another person")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

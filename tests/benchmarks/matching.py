"""20,000 whole pairs a second: names, ages, places, phones, relatives, each person read anew.

Held against reading the same pairs from JSON, which is the least that anybody does with them: on
the machine of the first measurement (2 cores) 20,000 pairs a second are eleven times that.
"""

from __future__ import annotations

import sys
from datetime import date

from optout.model.match import Known, Shown
from optout.rules.matching import judge
from tests.benchmarks.ratio import held, medians, told
from tests.unit.matching.read import HERE, read, sides

FILES = ("tuned.jsonl", "held_back.jsonl")
AT_MOST = 11


def judge_all(pairs: list[tuple[Known, Shown, date]]) -> None:
    """Answer every pair, as if each person were met for the first time."""
    for known, shown, on in pairs:
        judge(known, shown, on)


def main() -> int:
    """Measure, print, and return 1 where the limit does not hold."""
    pairs = [sides(pair) for name in FILES for pair in read(name)]
    bare, taken = medians([lambda: [read(name) for name in FILES], lambda: judge_all(pairs)])
    good = held(f"{len(pairs)} pairs", taken, bare, AT_MOST, against="reading them from JSON")
    told(f"{len(pairs) / taken:,.0f} pairs a second; {HERE.name}/ holds the pairs")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

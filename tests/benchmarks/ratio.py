"""A figure and the bare limit it is held against, measured in the same run.

Machines differ, so absolute figures are only printed; a ratio above its limit fails.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence

ROUNDS = 9
FEWEST = 5
PATIENCE = 25.0  # all benchmarks together are to take three minutes


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(
    works: Sequence[Callable[[], object]], *, rounds: int = ROUNDS, at_most: float = PATIENCE
) -> list[float]:
    """Return the median of each; they take turns, so that a busy machine slows all alike.

    After `at_most` seconds no further round begins, but for the fewest that a median needs.
    """
    for work in works:
        work()  # warm
    end = time.monotonic() + at_most
    taken: list[list[float]] = []
    while len(taken) < rounds and (len(taken) < FEWEST or time.monotonic() < end):
        taken.append([seconds(work) for work in works])
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def told(what: str, *, verdict: str = "") -> None:
    """Print one line; without a verdict it is a figure that is held against nothing."""
    sys.stdout.write(f"{verdict:4} {what}\n")
    sys.stdout.flush()


def held(what: str, measured: float, bare: float, at_most: float, *, against: str) -> bool:
    """Print one figure with its ratio and limit; say whether the limit holds."""
    ratio = measured / bare
    verdict = "ok" if ratio <= at_most else "FAIL"
    told(
        f"{what}: {milliseconds(measured)} = {ratio:.2f} x {against}"
        f" ({milliseconds(bare)}), at most {at_most:g} x",
        verdict=verdict,
    )
    return ratio <= at_most


def milliseconds(taken: float) -> str:
    """Write a time with three figures that mean something."""
    return f"{taken * 1000:.3g} ms" if taken < 1 else f"{taken * 1000:.0f} ms"

"""Which counts may leave an office: none under five, and none that others would tell.

Whoever reads a page may know the total from elsewhere, and knows this rule. So a small count never
stands hidden alone: the smallest of the others goes with it, until nobody can compute it. The
counts are parts of one total; no count belongs to two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

FEWEST: Final = 5  # a smaller count could be somebody
_PAIR: Final = 2  # one hidden count is the total less the rest
_DOUBT: Final = 2  # so far apart lie the least and the most that the small ones can be together


def shown_outside(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Return the counts, with None for each that is hidden; all of them where nothing else helps.

    What is hidden is not told apart: a small count, or one that hides another.
    """
    hidden = {place for place, count in enumerate(counts) if count < FEWEST}
    others = sorted(set(range(len(counts))) - hidden, key=lambda place: (counts[place], place))
    if hidden:
        while others and not _is_safe(counts, hidden):
            hidden.add(others.pop(0))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _is_safe(counts: Sequence[int], hidden: set[int]) -> bool:
    """Say whether the hidden counts can still be several numbers for whoever knows their sum.

    The strictest reader is assumed: one who knows which of them are small, and that each of the
    others is five at least and at most the smallest that is shown.
    """
    together = sum(counts[place] for place in hidden)
    small = sum(counts[place] < FEWEST for place in hidden)
    large = len(hidden) - small
    most = min(count for place, count in enumerate(counts) if place not in hidden)
    fewest_small = max(0, together - large * most)
    most_small = min(small * (FEWEST - 1), together - large * FEWEST)
    return len(hidden) >= _PAIR and most_small - fewest_small >= _DOUBT

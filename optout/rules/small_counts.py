"""Which counts may leave an office: none under five, and none that others would tell.

A count of fewer than five people counts as small, too: twelve requests can be one person's.

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
_MORE_DOUBT: Final = 3  # where one of them is small by its people only


def shown_outside(
    counts: Sequence[int], people: Sequence[int] | None = None
) -> tuple[int | None, ...]:
    """Return the counts, with None for each that is hidden; all of them where nothing else helps.

    `people`: how many stand behind each count; twelve requests can be one person's. What is hidden
    is not told apart: a small count, one of few people, or one that hides another.
    """
    few = {
        place
        for place, count in enumerate(counts)
        if min(count, people[place] if people else count) < FEWEST
    }
    hidden = set(few)
    others = sorted(set(range(len(counts))) - hidden, key=lambda place: (counts[place], place))
    if hidden:
        while others and not _is_safe(counts, hidden, few):
            hidden.add(others.pop(0))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))


def _is_safe(counts: Sequence[int], hidden: set[int], few: set[int]) -> bool:
    """Say whether the hidden counts can still be several numbers for whoever knows their sum.

    The strictest reader is assumed: one who knows which of them are few, and that each of the
    others is five at least and at most the smallest that is shown.
    """
    together = sum(counts[place] for place in hidden)
    large = len(hidden) - len(few)
    most = min(count for place, count in enumerate(counts) if place not in hidden)
    fewest_small = max(0, together - large * most)
    could_be = sum(max(counts[place], FEWEST - 1) for place in few)
    most_small = min(could_be, together - large * FEWEST)
    doubt = _DOUBT if all(counts[place] < FEWEST for place in few) else _MORE_DOUBT
    return len(hidden) >= _PAIR and most_small - fewest_small >= doubt

"""Of several exit codes, which one a program should see (PRODUCT: 4 before 3 before 1)."""

from __future__ import annotations

from collections.abc import Iterable

_WORST_FIRST = (4, 3, 1, 2, 0)


def worst_exit(codes: Iterable[int]) -> int:
    """Return the code that most needs a person's eye; 0 for none."""
    return min(codes, key=_WORST_FIRST.index, default=0)

"""Which entries of a numbered list a person picks: all, some by number, or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.errors import WrongUsage
from optout.text import Text

_ALL: Final = frozenset({"a", "all", "y", "yes", "s", "si", "sí", "t", "todo", "todos", "todas"})
_NONE: Final = frozenset({"", "n", "no", "none", "ninguno", "ninguna", "nada"})


def picked(typed: str, count: int) -> tuple[int, ...]:
    """Return the picked numbers from 1 to `count` in order, each once; nothing is guessed.

    "a" takes all, "1,3" and "2-4" some; an empty line, or "n", none.
    """
    words = typed.strip().casefold()
    if words in _ALL:
        return tuple(range(1, count + 1))
    if words in _NONE:
        return ()
    parts = words.replace(",", " ").replace(" - ", "-").split()
    return tuple(sorted({number for part in parts for number in _numbers(part, count)}))


def _numbers(part: str, count: int) -> Iterator[int]:
    ends = part.split("-")
    if not all(end.isascii() and end.isdigit() and len(end) < len("1000") for end in ends):
        raise _not_a_pick(count)
    first, last = int(ends[0]), int(ends[-1])
    if len(ends) > len(("first", "last")) or not 1 <= first <= last <= count:
        raise _not_a_pick(count)
    yield from range(first, last + 1)


def _not_a_pick(count: int) -> WrongUsage:
    return WrongUsage(
        Text("That names nothing in this list: it goes from 1 to {count}.", count=count),
        known=Text("Nothing was put on your list, and nothing was sent."),
        hint=Text("Write a for all, numbers such as 1,3 or 2-4, or n for none."),
    )

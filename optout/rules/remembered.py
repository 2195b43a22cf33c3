"""What planning for many people would work out again for each: kept for one run, and bounded.

A kind of person is what a plan hangs on and names nobody: where they live, who asks, which facts
there are, to whom these may go, and whether they are old enough to be known. It holds no value of
anybody's. What was forgotten is worked out again, so a plan is the same with any memory and with
none.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Final, Generic, TypeVar

from optout.model.subject import Subject
from optout.rules.disclosure import KNOWN_AFTER_DAYS, Facts
from optout.rules.minors import is_minor
from optout.rules.residence import residence_on

V = TypeVar("V")
MOST_KEPT: Final = 80_000


class Kept(Generic[V]):
    """What was worked out for each kind, and no more of it than a small computer can hold."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        """Keep about so many things; of more, the kinds not met for longest are forgotten."""
        self._most = most
        self._kinds: OrderedDict[Hashable, dict[Hashable, V]] = OrderedDict()

    def of(self, kind: Hashable) -> dict[Hashable, V]:
        """Return everything kept for a kind."""
        here = self._kinds.setdefault(kind, {})
        self._kinds.move_to_end(kind)
        over = sum(map(len, self._kinds.values())) - self._most
        while over > 0 and len(self._kinds) > 1:
            _kind, forgotten = self._kinds.popitem(last=False)
            over -= len(forgotten)
        return here


def recall(kept: dict[Hashable, V], key: Hashable, work_out: Callable[[], V]) -> V:
    """Return what is kept under that key, or work it out and keep it."""
    try:
        return kept[key]
    except KeyError:
        found = kept[key] = work_out()
        return found


def asking_kind(subject: Subject, on: date) -> Hashable:
    """Return what a law, and whether a way is closed, hang on: where they live, and who asks."""
    home = residence_on(subject, on)
    return (
        on,
        (home.country, home.state) if home else None,
        subject.acting,
        is_minor(subject, on),
        subject.minor_allowed_by_parent,
    )


def facts_kind(facts: Facts, on: date) -> Hashable:
    """Return what a plan hangs on of somebody's facts: everything but what they say."""
    given = frozenset(
        (
            field,
            fact.share,
            None if fact.since is None else (on - fact.since).days < KNOWN_AFTER_DAYS,
            fact.held_as,
            fact.made_for_answers,
        )
        for field, fact in facts.given.items()
    )
    return (given, frozenset(facts.never), facts.link_tells_address)

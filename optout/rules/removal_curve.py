"""How many of a person's records one company still shows, day by day after they were asked about.

It goes up again where records come back: going backwards is normal, and nothing here hides it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from optout.model.broker import Slug
from optout.model.listing import Listing, ListingState, Sighting, Verdict
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.listing_life import missed, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One record: when it was asked about, and what each look said, oldest first."""

    asked_on: date
    looks: tuple[tuple[date, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How many are still shown, from this day after the request on."""

    day: int
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One company's curve; `of` records were asked about, and the last look was on day `until`."""

    of: int
    points: tuple[Point, ...]
    until: int


def removal_curve(lives: Sequence[Life]) -> Curve | None:
    """Return the curve, by the rule of two looks; None where nothing was asked about."""
    if not lives:
        return None
    changes = sorted(change for life in lives for change in _changes(life))
    points = [Point(day=0, shown=len(lives))]
    for day, step in changes:
        at = Point(day=day, shown=points[-1].shown + step)
        points = (
            [*(p for p in points if p.day < day), at] if points[-1].day == day else [*points, at]
        )
    last = max((_day(life, on) for life in lives for on, _seen in life.looks), default=0)
    return Curve(of=len(lives), points=tuple(points), until=max(last, points[-1].day))


def life_of(asked_on: date, sightings: Iterable[Sighting]) -> Life:
    """Return a record's life from what was kept of each look."""
    return Life(asked_on=asked_on, looks=tuple((each.on, each.seen) for each in sightings))


def _changes(life: Life) -> Iterable[tuple[int, int]]:
    """Yield on which day after the request a record went (-1) or came back (+1)."""
    now = _BLANK
    for on, is_shown in life.looks:
        was, now = now, (seen if is_shown else missed)(now, on)
        if now.state is was.state or on < life.asked_on:
            continue
        if now.state is ListingState.ABSENT:
            yield _day(life, on), -1
        elif was.state is ListingState.ABSENT:
            yield _day(life, on), 1


def _day(life: Life, on: date) -> int:
    return max((on - life.asked_on).days, 0)


_BLANK = Listing(
    id="",
    subject_id=SubjectId(""),
    broker=Slug(""),
    url=Secret(""),
    verdict=Verdict.SAME,
)

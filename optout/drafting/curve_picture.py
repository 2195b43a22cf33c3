"""A removal curve as a small drawing whose words say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.drafting.svg import Drawing, Point
from optout.rules.removal_curve import Curve

WIDE: Final = 480
HIGH: Final = 150
LEFT: Final = 36.0
RIGHT: Final = WIDE - 8.0
FLOOR: Final = HIGH - 28.0
TOP: Final = 24.0


def curve_picture(curve: Curve, *, label: str, shown: str, days: str) -> str:
    """Return the drawing; `label` says what it shows, `shown` and `days` name its two sides."""
    drawing = Drawing(WIDE)
    drawing.words((LEFT, 0), shown, size=12)
    drawing.words((LEFT - 6, TOP), str(curve.of), size=12, anchor="end")
    drawing.words((LEFT - 6, FLOOR - 10), "0", size=12, anchor="end")
    drawing.words((LEFT, FLOOR + 6), "0", size=12)
    drawing.words((RIGHT, FLOOR + 6), f"{curve.until} {days}", size=12, anchor="end")
    drawing.line([(LEFT, TOP), (LEFT, FLOOR), (RIGHT, FLOOR)], thick=1)
    drawing.line(list(_steps(curve)), thick=2.5)
    return drawing.svg(HIGH, label)


def _steps(curve: Curve) -> Iterator[Point]:
    """Yield the corners of the steps, from the day of the request to the last look."""
    high = FLOOR
    for point in curve.points:
        across = LEFT + (RIGHT - LEFT) * point.day / max(curve.until, 1)
        if point is not curve.points[0]:
            yield across, high
        high = FLOOR - (FLOOR - TOP) * point.shown / max(curve.of, 1)
        yield across, high
    yield RIGHT, high

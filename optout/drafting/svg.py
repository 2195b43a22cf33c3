"""Plain drawings: lines, boxes and words in the reader's own ink, on any paper.

Nothing is said by colour: a drawing has one ink, and what differs has another shape. Words are put
in as text, never as markup. Each drawing stands beside a list that says the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import cache
from html import escape
from math import atan2, cos, pi, sin
from typing import Final

INK: Final = "currentColor"
FONT: Final = "Libertinus Serif"  # on paper; a screen's own letters take its place
_LETTER: Final = 0.54  # how wide a letter is, of its size: enough for wide ones
_LINE: Final = 1.25
_BOLD: Final = 1.15
_HEAD: Final = 7.0  # of an arrow

Point = tuple[float, float]


class Drawing:
    """One drawing of a width; its height is what was put into it."""

    def __init__(self, width: int) -> None:
        """Begin with an empty sheet."""
        self.width: Final = width
        self._drawn: list[str] = []
        self._wrapped = cache(wrapped)  # the same sentence stands beside many signs

    def svg(self, height: float, label: str) -> str:
        """Return the drawing with the name that is read out for it."""
        return _element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "img",
                "viewBox": f"0 0 {self.width} {round(height)}",
                "aria-label": label,
                "font-family": FONT,
                "class": "picture",
            },
            "".join(self._drawn),
        )

    def words(
        self,
        at: Point,
        text: str,
        *,
        size: float = 13,
        within: float = 0,
        bold: bool = False,
        anchor: str = "start",
    ) -> float:
        """Write a text below `at`, broken to fit `within`; return how high it is."""
        lines = self._wrapped(text, within, size * (_BOLD if bold else 1)) if within else [text]
        for number, line in enumerate(lines):
            where = {
                "x": _n(at[0]),
                "y": _n(at[1] + size * (0.85 + number * _LINE)),
                "font-size": _n(size),
                "fill": INK,
                "text-anchor": anchor,
            }
            weight = {"font-weight": "bold"} if bold else {}
            self._put("text", {**where, **weight}, escape(line, quote=False))
        return len(lines) * size * _LINE

    def line(self, points: Sequence[Point], *, dashed: bool = False, thick: float = 1.5) -> None:
        """Draw a line through these points."""
        drawn = " ".join(
            f"{'L' if number else 'M'}{_n(x)} {_n(y)}" for number, (x, y) in enumerate(points)
        )
        self._shape("path", {"d": drawn, "fill": "none"}, dashed=dashed, thick=thick)

    def box(
        self, at: Point, wide: float, high: float, *, dashed: bool = False, thick: float = 1.5
    ) -> None:
        """Draw an empty box."""
        where = {"x": _n(at[0]), "y": _n(at[1]), "width": _n(wide), "height": _n(high), "rx": "4"}
        self._shape("rect", {**where, "fill": "none"}, dashed=dashed, thick=thick)

    def bar(self, at: Point, wide: float, high: float) -> None:
        """Draw a full box."""
        where = {"x": _n(at[0]), "y": _n(at[1]), "width": _n(wide), "height": _n(high)}
        self._put("rect", {**where, "fill": INK})

    def circle(self, at: Point, radius: float, *, full: bool = False, dashed: bool = False) -> None:
        """Draw a ring, or a full circle."""
        where = {"cx": _n(at[0]), "cy": _n(at[1]), "r": _n(radius)}
        self._shape("circle", {**where, "fill": INK if full else "none"}, dashed=dashed, thick=1.5)

    def area(self, points: Sequence[Point]) -> None:
        """Draw a full shape between these points."""
        drawn = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._put("polygon", {"points": drawn, "fill": INK})

    def arrow(self, before: Point, tip: Point) -> None:
        """Draw the head of an arrow that comes from `before`."""
        way = atan2(tip[1] - before[1], tip[0] - before[0])
        sides = [
            (tip[0] - _HEAD * cos(way + turn), tip[1] - _HEAD * sin(way + turn))
            for turn in (0.45, -0.45)
        ]
        self.area([tip, *sides])

    def cut(self, at: Point, way: float) -> None:
        """Draw two bars across a line that goes `way`: somebody asked to cut it there."""
        for side in (-3.0, 3.0):
            x, y = at[0] + side * cos(way), at[1] + side * sin(way)
            across = way + pi / 2
            dx, dy = 6 * cos(across), 6 * sin(across)
            self.line([(x - dx, y - dy), (x + dx, y + dy)], thick=2.5)

    def _shape(self, tag: str, given: dict[str, str], *, dashed: bool, thick: float) -> None:
        stroke = {"stroke": INK, "stroke-width": _n(thick)}
        self._put(tag, {**given, **stroke, **({"stroke-dasharray": "3 3"} if dashed else {})})

    def _put(self, tag: str, given: dict[str, str], inside: str = "") -> None:
        self._drawn.append(_element(tag, given, inside))


def _element(tag: str, given: dict[str, str], inside: str) -> str:
    """Write an element; what is inside it is markup by now. The standard writer is far slower."""
    values = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
    return f"<{tag}{values}>{inside}</{tag}>" if inside else f"<{tag}{values} />"


def wrapped(text: str, within: float, size: float) -> list[str]:
    """Break a text into lines that fit a width."""
    return textwrap.wrap(text, max(4, int(within / (size * _LETTER)))) or [""]


def height_of(text: str, within: float, size: float = 13) -> float:
    """Return how high a text gets."""
    return len(wrapped(text, within, size)) * size * _LINE


def curve(start: Point, first: Point, second: Point, end: Point, steps: int = 24) -> list[Point]:
    """Return points on a curve from start to end that two others pull."""
    found = []
    for number in range(steps + 1):
        t = number / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        pulls = (start, first, second, end)
        found.append(
            (
                sum(w * p[0] for w, p in zip(weights, pulls, strict=True)),
                sum(w * p[1] for w, p in zip(weights, pulls, strict=True)),
            )
        )
    return found


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

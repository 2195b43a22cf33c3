"""The map: where records begin, which companies collect them, and who bought them.

It is drawn twice from the same facts: in three columns for a wide screen and for paper, and as one
column with arcs for a phone. Lines that a request asks to cut carry two bars, or a small ring while
that request is still on the list: told by shape, never by colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from optout.drafting.pictures import NARROW, Picture
from optout.drafting.svg import Drawing, Point, curve, height_of
from optout.i18n import entry, say
from optout.text import Text

_WIDE: Final = 720
_COLUMNS: Final = ((0, 175), (270, 190), (555, 165))  # where each begins, and how wide it is
_BESIDE_ARCS: Final = 112
_SIZE: Final = 13
_TRUNK: Final = 26.0
_TITLES: Final = (
    Text("Where records begin"),
    Text("Who collects them"),
    Text("Who bought them, as declared"),
)


class Cut(StrEnum):
    """What the person's request asks about one line of the map."""

    NO = "no"
    PLANNED = "planned"  # on the list, not sent
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One name on the map."""

    key: str
    name: Text | str
    column: int  # 0 where records begin, 1 who collects, 2 who bought


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One line: records go this way, as a source says or the company declared."""

    start: str
    end: str
    said: Text | None  # None: another line says it too
    cut: Cut = Cut.NO


def map_picture(
    nodes: Sequence[Node], edges: Sequence[Edge], *, says: Sequence[Text], unknown: Sequence[Text]
) -> Picture:
    """Draw the map; `unknown` says of whom no line is known."""
    title = say(Text("The map: where your data can come from, and where it can go"))
    joined = {each.start for each in edges} | {each.end for each in edges}
    drawn = [each for each in nodes if each.key in joined]
    return Picture(
        title=title,
        says=tuple(map(say, says)),
        svg=_narrow(drawn, edges, title),
        wide=_wide(drawn, edges, title),
        lines=(*(say(each.said) for each in edges if each.said), *map(say, unknown)),
    )


def _name(node: Node) -> str:
    return say(node.name) if isinstance(node.name, Text) else entry(node.name)


# ---- three columns ----


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    wide: float
    high: float

    @property
    def middle(self) -> float:
        return self.top + self.high / 2

    @property
    def right(self) -> float:
        return self.left + self.wide


def _wide(nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> str:
    drawing = Drawing(_WIDE)
    top = _legend(drawing, 0)
    heads = [
        drawing.words((left, top), say(said), within=wide, bold=True)
        for (left, wide), said in zip(_COLUMNS, _TITLES, strict=True)
    ]
    top += max(heads) + 10
    columns = [[each for each in nodes if each.column == column] for column in range(3)]
    heights = [
        [height_of(_name(each), _COLUMNS[c][1] - 14, _SIZE) + 10 for each in several]
        for c, several in enumerate(columns)
    ]
    whole = max(sum(several) + 12 * len(several) for several in heights)
    boxes: dict[str, _Box] = {}
    for column, (several, high) in enumerate(zip(columns, heights, strict=True)):
        gap = (whole - sum(high)) / max(1, len(several))
        y = top + gap / 2
        for node, tall in zip(several, high, strict=True):
            left, wide = _COLUMNS[column]
            boxes[node.key] = _Box(left, y, wide, tall)
            drawing.box((left, y), wide, tall, thick=1)
            drawing.words((left + 7, y + 5), _name(node), size=_SIZE, within=wide - 14)
            y += tall + gap
    cuts = _trunks(edges)
    for key, cut in cuts.items():
        box = boxes[key]
        _trunk(drawing, (box.right, box.middle), (box.right + _TRUNK, box.middle), cut)
    for edge in edges:
        out = _TRUNK if edge.start in cuts else 0.0
        _draw(drawing, _between(boxes[edge.start], boxes[edge.end], out), edge.cut)
    return drawing.svg(top + whole + 4, title)


def _between(start: _Box, end: _Box, out: float) -> list[Point]:
    """Return the way from one box to another; within a column it goes around on the right."""
    left = start.right + out
    if start.left == end.left:
        bulge = left + 20 + abs(end.middle - start.middle) * 0.15
        goal = (end.right, end.middle - 8)  # beside what leaves there
        return curve((left, start.middle), (bulge, start.middle), (bulge, goal[1]), goal)
    half = (left + end.left) / 2
    goal = (end.left, end.middle)
    return curve((left, start.middle), (half, start.middle), (half, end.middle), goal)


# ---- one column ----


def _narrow(nodes: Sequence[Node], edges: Sequence[Edge], title: str) -> str:
    drawing = Drawing(NARROW)
    y = _legend(drawing, 0)
    rows: dict[str, float] = {}
    for column, said in enumerate(_TITLES):
        y += (
            drawing.words((_BESIDE_ARCS, y), say(said), within=NARROW - _BESIDE_ARCS, bold=True) + 4
        )
        for node in nodes:
            if node.column == column:
                high = drawing.words(
                    (_BESIDE_ARCS + 6, y), _name(node), size=_SIZE, within=NARROW - _BESIDE_ARCS - 6
                )
                drawing.circle((_BESIDE_ARCS, y + 8), 3, full=True)
                rows[node.key] = y + 8
                y += high + 8
        y += 8
    cuts = _trunks(edges)
    left = _BESIDE_ARCS - 5.0
    for key, cut in cuts.items():
        _trunk(drawing, (left, rows[key]), (left - _TRUNK, rows[key]), cut)
    for edge in edges:
        begin = left - _TRUNK if edge.start in cuts else left
        _draw(drawing, _arc((begin, rows[edge.start]), (left, rows[edge.end])), edge.cut)
    return drawing.svg(y, title)


def _arc(start: Point, end: Point) -> list[Point]:
    out = min(start[0], end[0]) - min(105.0, 24 + abs(end[1] - start[1]) * 0.35)
    return curve(start, (out, start[1]), (out, end[1]), end)


# ---- both ----


def _trunks(edges: Sequence[Edge]) -> dict[str, Cut]:
    """Return who was asked to cut: all their lines begin together, and are cut there."""
    return {each.start: each.cut for each in edges if each.cut is not Cut.NO}


def _trunk(drawing: Drawing, start: Point, end: Point, cut: Cut) -> None:
    middle = ((start[0] + end[0]) / 2, start[1])
    if cut is Cut.ASKED:
        drawing.line([start, (middle[0] + (-5 if end[0] > start[0] else 5), start[1])])
        drawing.cut(middle, 0)
    else:
        drawing.line([start, end], dashed=True)
        drawing.circle(middle, 5)


def _draw(drawing: Drawing, points: Sequence[Point], cut: Cut) -> None:
    """Draw one line with its arrow; one that somebody asked to cut is broken all along."""
    drawing.line(points, dashed=cut is not Cut.NO, thick=1)
    drawing.arrow(points[-3], points[-1])


def _legend(drawing: Drawing, top: float) -> float:
    """Say what the marks mean; return where the legend ends."""
    y = top
    for cut, said in (
        (Cut.NO, Text("a way that records go")),
        (Cut.ASKED, Text("you asked them to stop it")),
        (Cut.PLANNED, Text("on your list, not sent yet: to stop it")),
    ):
        begin = 2.0 if cut is Cut.NO else 2 + _TRUNK
        if cut is not Cut.NO:
            _trunk(drawing, (2, y + 9), (begin, y + 9), cut)
        _draw(drawing, [(begin + (54 - begin) * part / 4, y + 9) for part in range(5)], cut)
        y += max(20, drawing.words((62, y), say(said), within=drawing.width - 62) + 4)
    return y + 10

"""Pictures of how things stand: by company, by day, along the time; each as a list too."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from optout.drafting.said_day import said_day
from optout.drafting.svg import Drawing, Point
from optout.i18n import say
from optout.rules.days import MONTHS
from optout.text import Text

NARROW: Final = 320
_MOST_COMPANIES: Final = 40  # the list beside the drawing has all of them
_MOST_OF_ONE: Final = 12
_MOST_MONTHS: Final = 4
_NOT_ALL: Final = Text("Not every month is drawn. The list has every day.")
_DAYS: Final = (
    Text("Mo"),
    Text("Tu"),
    Text("We"),
    Text("Th"),
    Text("Fr"),
    Text("Sa"),
    Text("Su"),
)

_YearMonth = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing, and the same in words for whoever cannot see it."""

    title: str
    says: tuple[str, ...] = ()  # what to know before one looks
    svg: str
    wide: str = ""  # for a wide screen or paper, where that is another drawing
    lines: tuple[str, ...]


class Mark(StrEnum):
    """Where one request stands, as a sign of its own shape."""

    WAITS = "waits"
    SENT = "sent"
    WORKING = "working"
    DID = "did"
    GONE = "gone"  # we saw it; nobody wrote that
    PART = "part"
    NO = "no"
    BACK = "back"
    DOUBT = "doubt"


_ANSWERED: Final = frozenset({Mark.WORKING, Mark.DID, Mark.PART, Mark.NO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: what it asks, its sign, and where it stands in words."""

    asked: Text
    mark: Mark
    said: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """Something that is due on a day."""

    on: date
    said: Text
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One point of a timeline."""

    on: date
    said: Text
    due: bool = False


def progress_picture(companies: Sequence[tuple[str, Sequence[Step]]]) -> Picture:
    """Draw how far each company is: a sign for each request, and the words beside it."""
    steps = [step for _name, several in companies for step in several]
    sent = sum(step.mark not in {Mark.WAITS, Mark.BACK} for step in steps)
    answered = sum(step.mark in _ANSWERED for step in steps)
    counts = (
        say(Text("Sent: {n} of {all}", n=sent, all=len(steps))),
        say(Text("Answered: {n} of {all}", n=answered, all=len(steps))),
    )
    drawing, title = Drawing(NARROW), say(Text("How far each company is"))
    y = _bars(drawing, ((counts[0], sent), (counts[1], answered)), len(steps))
    lines: list[str] = []
    said = {step: _said(step) for step in {*steps}}  # of a thousand requests, few differ
    for number, (name, several) in enumerate(companies):
        told = [(step.mark, said[step]) for step in several]
        lines.extend(f"{name}: {said[step]}" for step in several)
        if number < _MOST_COMPANIES:
            y = _company(drawing, y, name, told)
    return Picture(title=title, svg=drawing.svg(y, title), lines=(*counts, *lines))


def _company(drawing: Drawing, top: float, name: str, told: Sequence[tuple[Mark, str]]) -> float:
    """Draw one company from `top` down; return where it ends."""
    y = top + drawing.words((0, top), name, size=14, bold=True, within=NARROW) + 4
    for mark, said in told[:_MOST_OF_ONE]:
        _draw_mark(drawing, (10, y + 9), mark)
        y += max(drawing.words((28, y), said, within=NARROW - 28) + 6, 22)
    return y + 8


def _said(step: Step) -> str:
    return say(Text("{what}: {now}", what=step.asked, now=step.said))


def _bars(drawing: Drawing, rows: Sequence[tuple[str, int]], whole: int) -> float:
    y = 0.0
    for said, count in rows:
        y += drawing.words((0, y), said, within=NARROW) + 2
        drawing.box((1, y), NARROW - 2, 12)
        if count:
            drawing.bar((1, y), (NARROW - 2) * count / max(1, whole), 12)
        y += 22
    return y + 6


def _draw_mark(drawing: Drawing, at: Point, mark: Mark) -> None:
    """Draw a sign that is told from the others without its ink."""
    x, y = at
    drawing.circle(at, 9, dashed=mark is Mark.WAITS)
    if mark is Mark.DID:
        drawing.line([(x - 4, y), (x - 1, y + 4), (x + 5, y - 4)], thick=2)
    elif mark is Mark.GONE:
        drawing.line([(x - 5, y), (x + 5, y)], thick=2)
    elif mark is Mark.NO:
        drawing.line([(x - 4, y - 4), (x + 4, y + 4)], thick=2)
        drawing.line([(x - 4, y + 4), (x + 4, y - 4)], thick=2)
    elif mark is Mark.PART:
        drawing.area([(x, y - 8), (x, y + 8), (x - 5, y + 6), (x - 8, y), (x - 5, y - 6)])
    elif mark is Mark.WORKING:
        for side in (-4, 0, 4):
            drawing.circle((x + side, y), 0.8, full=True)
    elif mark is Mark.DOUBT:
        drawing.words((x, y - 7), "?", size=14, bold=True, anchor="middle")
    elif mark in {Mark.SENT, Mark.BACK}:
        way = 1 if mark is Mark.SENT else -1
        drawing.line([(x - 5 * way, y), (x + 2 * way, y)], thick=2)
        drawing.arrow((x - 5 * way, y), (x + 6 * way, y))


def calendar_picture(days: Sequence[DueDay], *, today: date) -> Picture:
    """Draw the months in which something is due: a box and a number for each such day."""
    months = sorted({(each.year, each.month) for each in (today, *(day.on for day in days))})
    drawn = _around(months, (today.year, today.month))
    counts = Counter(each.on for each in days)
    late = {each.on for each in days if each.late}
    said = {day: said_day(day) for day in counts}  # of a thousand requests, few days differ
    drawing, title = Drawing(NARROW), say(Text("Days on which something is due"))
    y = 0.0
    for year, month in drawn:
        y = _month(drawing, y, date(year, month, 1), today=today, counts=counts, late=late) + 12
    return Picture(
        title=title,
        says=(
            say(Text("A box is a day on which something is due, the number below it how many.")),
            say(
                Text(
                    "A mark beside the number: the day has passed and nothing came. A ring is "
                    "today."
                )
            ),
            *([say(_NOT_ALL)] if len(drawn) < len(months) else []),
        ),
        svg=drawing.svg(y, title),
        lines=tuple(
            f"{said[each.on]}: {say(each.said)}{_late(each)}"
            for each in sorted(days, key=lambda each: each.on)
        ),
    )


def _around(months: Sequence[_YearMonth], here: _YearMonth) -> Sequence[_YearMonth]:
    """Return the months that are drawn: this one, one before it, the next; earlier for the rest."""
    first = min(months.index(here) - 1, len(months) - _MOST_MONTHS)
    return months[max(0, first) :][:_MOST_MONTHS]


def _late(each: DueDay) -> str:
    return f" ({say(Text('late'))})" if each.late else ""


def _month(
    drawing: Drawing,
    top: float,
    first: date,
    *,
    today: date,
    counts: Counter[date],
    late: set[date],
) -> float:
    """Draw one month from `top` down; return where it ends."""
    wide, high = NARROW / 7, 36
    name = f"{say(MONTHS[first.month])} {first.year}"
    y = top + drawing.words((0, top), name, size=15, bold=True) + 4
    for column, name in enumerate(map(say, _DAYS)):
        drawing.words((column * wide + wide / 2, y), name, size=11, anchor="middle")
    y += 18
    length = calendar.monthrange(first.year, first.month)[1]
    for number in range(length):
        day = first + timedelta(days=number)
        row, column = divmod(first.weekday() + number, 7)
        middle = (column * wide + wide / 2, y + row * high)
        drawing.words(middle, str(day.day), anchor="middle", bold=day in counts)
        if day == today:
            drawing.circle((middle[0], middle[1] + 7), 11)
        if day in counts:
            drawing.box((middle[0] - 18, middle[1] - 4), 36, 33, thick=2)
            mark = "!" if day in late else ""
            drawing.words(
                (middle[0], middle[1] + 15), f"{mark}{counts[day]}", size=11, anchor="middle"
            )
    return y + (divmod(first.weekday() + length - 1, 7)[0] + 1) * high


def timeline_picture(happened: Sequence[Happened], *, today: date) -> Picture:
    """Draw the days of a request along one line: dots are what happened, boxes are what is due."""
    title = say(Text("The way of this request"))
    first = min([today, *(each.on for each in happened)])
    last = max([today, *(each.on for each in happened)])
    whole = max(1, (last - first).days)
    drawing, left, right, y = Drawing(NARROW), 14.0, NARROW - 14.0, 46.0
    place = {each.on: left + (right - left) * (each.on - first).days / whole for each in happened}
    now = left + (right - left) * (today - first).days / whole
    drawing.line([(left, y), (now, y)], thick=3)
    drawing.line([(now, y), (right, y)], dashed=True)
    for each in happened:
        if each.due:
            drawing.box((place[each.on] - 6, y - 6), 12, 12, thick=2)
        else:
            drawing.circle((place[each.on], y), 5, full=True)
    drawing.line([(now, y - 20), (now, y + 14)], thick=2)
    side = "start" if now < NARROW / 4 else "end" if now > NARROW * 3 / 4 else "middle"
    edge = {"start": 0.0, "end": float(NARROW), "middle": now}[side]
    drawing.words((edge, 6), say(Text("today, {day}", day=said_day(today))), anchor=side)
    drawing.words((0, y + 18), said_day(first), size=12)
    if last != first:
        drawing.words((NARROW, y + 18), said_day(last), size=12, anchor="end")
    return Picture(
        title=title,
        says=(say(Text("A dot is what happened. A box is a day by which something is due.")),),
        svg=drawing.svg(y + 38, title),
        lines=tuple(f"{said_day(each.on)}: {say(each.said)}" for each in happened),
    )

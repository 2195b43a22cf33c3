"""An office's weekly page: how many requests stand where, how long answers take, who answers.

For outside the office no count under five is on it, none of fewer than five people, and none that
the others would tell: every chart splits one total, and what an answer was is split only where the
number of answers is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from optout.drafting.summary_page import Bar, Chart, summary_pdf
from optout.errors import OptoutError, WrongUsage
from optout.i18n import language
from optout.model.request import Status
from optout.model.subject import SubjectId
from optout.rules.days import in_words
from optout.rules.small_counts import FEWEST, shown_outside
from optout.text import Text
from optout.vault.figures import Answered, Left
from optout.workflows.clinic import the_clinic
from optout.workflows.desk import Desk
from optout.workflows.exports import write_export

_WEEK: Final = timedelta(days=7)
_UP_TO: Final = (15, 30, 45, 60, 90)  # days
_RUNNING: Final = (Status.OPEN, Status.IN_PROGRESS)
_NOTHING: Final = Text("")
_TOO_SMALL: Final = Text("The numbers are too small to be shown outside the office.")


def write_summary(desk: Desk, name: str, *, outside: bool) -> Path:
    """Write the page, listed as an export; nobody is named on it."""
    if not name.lower().endswith(".pdf"):
        raise WrongUsage(
            Text("The page is a PDF."),
            known=Text("Nothing was written."),
            hint=Text("Let the file's name end in .pdf"),
        )
    return write_export(desk, name, "summary", summary(desk, outside=outside))


def summary(desk: Desk, *, outside: bool) -> bytes:
    """Return the page as a PDF."""
    clinic = the_clinic(desk.vault)
    today = desk.day_here(desk.clock())
    return summary_pdf(
        charts(desk, outside=outside),
        title=Text("Requests to companies: how they stand"),
        lead=(Text("{day}.", day=in_words(today)),)
        if outside
        else tuple(_lead(desk, clinic.office, today)),
        notes=_notes(outside=outside),
        language=language(),
    )


_NO_ANSWERS: Final = Text("No company has answered yet.")


def charts(desk: Desk, *, outside: bool) -> tuple[Chart, ...]:
    """Return the charts; for outside, with what must not be shown hidden."""
    first = _by_state(desk)
    if not outside:
        return (first.chart(), *(each.chart() for each in _of_answers(desk)))
    shown = first.for_outside()
    answered_is_shown = len(shown.bars) > _ANSWERED and shown.bars[_ANSWERED].count is not None
    if not answered_is_shown:
        return (shown,)
    return (shown, *(each.for_outside() for each in _of_answers(desk)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One part of a total: what it is, and whose requests are in it, one entry for each."""

    label: Text
    whose: Sequence[SubjectId]
    note: Text = _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """One total, split into parts."""

    title: Text
    parts: Sequence[_Part]
    tells_small: bool = True  # for outside: that a part is small, without its number

    def chart(self) -> Chart:
        """Return everything, for the office."""
        bars = tuple(
            Bar(label=part.label, count=len(part.whose), note=part.note) for part in self.parts
        )
        return Chart(title=self.title, bars=bars, note=_NOTHING if bars else _NO_ANSWERS)

    def for_outside(self) -> Chart:
        """Hide what must be hidden; of companies not even that there are such."""
        shown = shown_outside(
            [len(part.whose) for part in self.parts],
            [len(set(part.whose)) for part in self.parts],
        )
        if all(count is None for count in shown):
            return Chart(title=self.title, bars=(), note=_TOO_SMALL)
        bars = tuple(
            Bar(label=part.label, count=count)
            for part, count in zip(self.parts, shown, strict=True)
        )
        if self.tells_small:
            return Chart(title=self.title, bars=bars)
        return Chart(
            title=self.title,
            bars=tuple(bar for bar in bars if bar.count is not None),
            note=Text("Companies with few answers are left out."),
        )


def _lead(desk: Desk, office: str, today: date) -> Iterator[Text]:
    since = today - _WEEK
    matters = desk.vault.matters.list()
    still = sum(each.closed_on is None for each in matters)
    yield Text("{office}, {day}.", office=office, day=in_words(today))
    yield Text("Open files: {open}. Closed: {closed}.", open=still, closed=len(matters) - still)
    yield Text(
        "Since {day}: requests sent: {sent}; answered: {answers}.",
        day=in_words(since),
        sent=desk.vault.figures.sent_since(since),
        answers=desk.vault.figures.answers_since(since),
    )


def _notes(*, outside: bool) -> tuple[Text, ...]:
    said = Text("“Did it” is what the company wrote. Nobody outside can check it.")
    if not outside:
        return (said, Text("For the office only: a small number can be somebody."))
    return (
        said,
        Text(
            "No number under {n} is shown, and none of fewer than {n} people. Where one could be "
            "computed from the others, more are left out.",
            n=FEWEST,
        ),
    )


_ANSWER: Final = Text("Answered")
_GONE: Final = Text("Gone, by two looks")
_NO_ANSWER: Final = Text("Ended without an answer")
_STANDS: Final = {  # while it runs; in the order of the page
    Left.NOT: Text("Not sent yet"),
    Left.SENT: Text("Sent, no answer yet"),
    Left.BACK: Text("Came back, not sent again yet"),
}
_ANSWERED: Final = len(_STANDS)  # the place of that count


def _by_state(desk: Desk) -> _Split:
    whose: dict[Text, list[SubjectId]] = {
        label: [] for label in (*_STANDS.values(), _ANSWER, _GONE, _NO_ANSWER)
    }
    for (status, left), people in desk.vault.figures.by_status().items():
        found = [one for one, count in people.items() for _each in range(count)]
        if status in _RUNNING:
            whose[_STANDS[left]] += found
        elif left is Left.GONE:
            whose[_GONE] += found
        elif status in {Status.FULFILLED, Status.DENIED}:
            whose[_ANSWER] += found
        elif left is not Left.NOT:
            whose[_NO_ANSWER] += found
    parts = tuple(_Part(label=label, whose=several) for label, several in whose.items())
    return _Split(title=Text("Requests by state"), parts=parts)


def _of_answers(desk: Desk) -> Iterator[_Split]:
    answered = desk.vault.figures.answered()
    yield _Split(
        title=Text("What they answered"),
        parts=(
            _part(Text("Did it, or a part"), answered, lambda e: e.status is Status.FULFILLED),
            _part(Text("Refused"), answered, lambda e: e.status is Status.DENIED),
        ),
    )
    yield _by_days(answered)
    yield _by_company(desk, answered)


def _part(label: Text, answered: Iterable[Answered], belongs: Callable[[Answered], bool]) -> _Part:
    return _Part(label=label, whose=[each.subject_id for each in answered if belongs(each)])


def _by_days(answered: Sequence[Answered]) -> _Split:
    bounds = (*zip((0, *(top + 1 for top in _UP_TO)), _UP_TO, strict=False),)
    parts = [
        _part(
            Text("{first} to {last} days", first=first, last=last),
            answered,
            lambda each, first=first, last=last: (  # type: ignore[misc]  # bound here
                each.days is not None and first <= each.days <= last
            ),
        )
        for first, last in bounds
    ]
    over = _part(
        Text("More than {days} days", days=_UP_TO[-1]),
        answered,
        lambda each: each.days is not None and each.days > _UP_TO[-1],
    )
    return _Split(title=Text("Days until the answer"), parts=(*parts, over))


def _by_company(desk: Desk, answered: Sequence[Answered]) -> _Split:
    found: dict[str, list[Answered]] = {}
    for each in answered:
        found.setdefault(each.broker, []).append(each)
    parts = [
        _Part(
            label=Text("{company}", company=_called(desk, slug)),
            whose=[each.subject_id for each in theirs],
            note=Text(
                "{did} did it, {refused} refused",
                did=sum(each.status is Status.FULFILLED for each in theirs),
                refused=sum(each.status is Status.DENIED for each in theirs),
            ),
        )
        for slug, theirs in found.items()
    ]
    parts.sort(key=lambda part: (-len(part.whose), part.label.english()))
    return _Split(title=Text("Answers by company"), parts=tuple(parts), tells_small=False)


def _called(desk: Desk, slug: str) -> str:
    try:
        return desk.find_broker(slug).called()
    except OptoutError:  # it is gone from the catalog; its answers still count
        return slug

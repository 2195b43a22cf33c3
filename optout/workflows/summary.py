"""An office's weekly page: how many requests stand where, how long answers take, who answers.

For outside the office no count under five is on it, and none that the others would tell: every
chart splits one total, and what an answer was is split only where the number of answers is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from optout.drafting.summary_page import Bar, Chart, summary_pdf
from optout.errors import OptoutError, WrongUsage
from optout.i18n import language
from optout.model.request import Status
from optout.rules.days import in_words
from optout.rules.small_counts import FEWEST, shown_outside
from optout.text import Text
from optout.vault.figures import Answered
from optout.workflows.clinic import the_clinic
from optout.workflows.desk import Desk
from optout.workflows.exports import write_export

_WEEK: Final = timedelta(days=7)
_UP_TO: Final = (15, 30, 45, 60, 90)  # days
_RUNNING: Final = (Status.OPEN, Status.IN_PROGRESS)
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


def charts(desk: Desk, *, outside: bool) -> tuple[Chart, ...]:
    """Return the charts; for outside, with what must not be shown hidden."""
    first = _by_state(desk)
    if not outside:
        return (first, *_of_answers(desk))
    shown = _for_outside(first)
    answered_is_shown = len(shown.bars) > _ANSWERED and shown.bars[_ANSWERED].count is not None
    return (shown, *map(_for_outside, _of_answers(desk))) if answered_is_shown else (shown,)


def _lead(desk: Desk, office: str, today: date) -> Iterator[Text]:
    since = today - _WEEK
    matters = desk.vault.matters.list()
    still = sum(each.closed_on is None for each in matters)
    yield Text("{office}, {day}.", office=office, day=in_words(today))
    yield Text(
        "Clients: {open} open files, {closed} closed.", open=still, closed=len(matters) - still
    )
    yield Text(
        "Since {day}: {sent} requests sent, {answers} answered.",
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
            "No number under {n} is shown. Where one could be computed from the others, more are "
            "left out.",
            n=FEWEST,
        ),
    )


_ANSWERED: Final = 2  # the place of that count


def _by_state(desk: Desk) -> Chart:
    counts: Counter[int] = Counter()
    for (status, sent), count in desk.vault.figures.by_status().items():
        if status in _RUNNING:
            counts[1 if sent else 0] += count
        elif status in {Status.FULFILLED, Status.DENIED}:
            counts[_ANSWERED] += count
        elif sent:
            counts[3] += count
    labels = (
        *(Text("Not sent yet"), Text("Sent, no answer yet")),
        *(Text("Answered"), Text("Ended without an answer")),
    )
    bars = tuple(Bar(label=label, count=counts[n]) for n, label in enumerate(labels))
    return Chart(title=Text("Requests by state"), bars=bars)


def _of_answers(desk: Desk) -> Iterator[Chart]:
    answered = desk.vault.figures.answered()
    by_status = Counter(each.status for each in answered)
    yield Chart(
        title=Text("What they answered"),
        bars=(
            Bar(label=Text("Did it, or a part"), count=by_status[Status.FULFILLED]),
            Bar(label=Text("Refused"), count=by_status[Status.DENIED]),
        ),
    )
    yield _days_chart(answered)
    yield _companies_chart(desk, answered)


def _days_chart(answered: Sequence[Answered]) -> Chart:
    days = [each.days for each in answered if each.days is not None]
    bounds = (*zip((0, *(top + 1 for top in _UP_TO)), _UP_TO, strict=False),)
    bars = [
        Bar(
            label=Text("{first} to {last} days", first=first, last=last),
            count=sum(first <= each <= last for each in days),
        )
        for first, last in bounds
    ]
    over = Bar(
        label=Text("More than {days} days", days=_UP_TO[-1]),
        count=sum(each > _UP_TO[-1] for each in days),
    )
    return Chart(title=Text("Days until the answer"), bars=(*bars, over))


def _companies_chart(desk: Desk, answered: Sequence[Answered]) -> Chart:
    found: dict[str, Counter[Status]] = {}
    for each in answered:
        found.setdefault(each.broker, Counter())[each.status] += 1
    bars = [
        Bar(
            label=Text("{company}", company=_called(desk, slug)),
            count=counts.total(),
            note=Text(
                "{did} did it, {refused} refused",
                did=counts[Status.FULFILLED],
                refused=counts[Status.DENIED],
            ),
        )
        for slug, counts in found.items()
    ]
    bars.sort(key=lambda bar: (-(bar.count or 0), bar.label.english()))
    return Chart(title=Text("Answers by company"), bars=tuple(bars))


def _called(desk: Desk, slug: str) -> str:
    try:
        return desk.find_broker(slug).called()
    except OptoutError:  # it is gone from the catalog; its answers still count
        return slug


def _for_outside(chart: Chart) -> Chart:
    """Hide what must be hidden; which companies have few answers is not told at all."""
    shown = shown_outside([bar.count or 0 for bar in chart.bars])
    if all(count is None for count in shown):
        return Chart(title=chart.title, bars=(), note=_TOO_SMALL)
    by_company = any(bar.note.template for bar in chart.bars)
    bars = tuple(
        Bar(label=bar.label, count=count) for bar, count in zip(chart.bars, shown, strict=True)
    )
    if not by_company:
        return Chart(title=chart.title, bars=bars)
    return Chart(
        title=chart.title,
        bars=tuple(bar for bar in bars if bar.count is not None),
        note=Text("Companies with few answers are left out."),
    )

"""An office's weekly page as a PDF: how requests stand, in bars with their numbers. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optout.drafting.pdf import compiled
from optout.i18n import say
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One count; None is hidden, so it has no length either."""

    label: Text
    count: int | None
    note: Text = Text("")  # noqa: RUF009 - a Text never changes

    def said(self) -> str:
        """Return the number, or that it is not shown."""
        return say(Text("not shown")) if self.count is None else str(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Counts that are parts of one total."""

    title: Text
    bars: Sequence[Bar]
    note: Text = Text("")  # noqa: RUF009 - as above


def summary_pdf(
    charts: Sequence[Chart],
    *,
    title: Text,
    lead: Sequence[Text],
    notes: Sequence[Text],
    language: str,
) -> bytes:
    """Set the page; each bar's number stands beside it."""
    return compiled(
        "summary.typ",
        {
            "title": say(title),
            "language": language,
            "lead": list(map(say, lead)),
            "notes": list(map(say, notes)),
            "charts": [
                {
                    "title": say(chart.title),
                    "note": say(chart.note),
                    "bars": [
                        {
                            "label": say(bar.label),
                            "count": bar.count,
                            "said": bar.said(),
                            "note": say(bar.note),
                        }
                        for bar in chart.bars
                    ],
                }
                for chart in charts
            ],
        },
    )

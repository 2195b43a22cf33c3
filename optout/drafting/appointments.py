"""What each client does at the office, as pages to print: they name clients, so they stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optout.drafting.pdf import compiled
from optout.i18n import language, say
from optout.model.secret import Personal
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Visit(Personal):
    """One client's appointment: whose, how long it takes, and what is done."""

    client: str
    note: str
    lines: tuple[str, ...]


def appointments_pdf(title: str, day: str, visits: Sequence[Visit]) -> bytes:
    """Set the appointments of one person's clients, with a box to tick for each thing to do."""
    return compiled(
        "separator.typ",
        {
            "keep": say(Text("This sheet stays in the office. It goes into no envelope.")),
            "stack_line": day,
            "sheets": [
                {
                    "title": title,
                    "count_line": say(Text("Clients on this sheet: {n}", n=len(visits))),
                    "letters": [
                        {"title": each.client, "note": each.note, "lines": each.lines}
                        for each in visits
                    ],
                }
            ],
            "language": language(),
            "large_print": False,
        },
    )

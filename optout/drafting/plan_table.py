"""What is to be asked for many clients, as a table to look through: for a spreadsheet, and to read.

It names clients and kinds of facts (an address, a birth date), never the facts themselves.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optout.i18n import language, say
from optout.model.secret import Personal
from optout.rules.spreadsheet import safe_cell
from optout.text import Text

TEMPLATE: Final = Path(__file__).with_name("plan_table.html.j2")
NEW: Final = Text("NEW to them")
_COLUMNS: Final = (
    *(Text("Number"), Text("Client"), Text("Company"), Text("Right"), Text("By"), Text("Law")),
    *(Text("They probably have"), NEW, Text("Reference")),
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TableRow(Personal):
    """One client × company × right, and exactly which fields go there."""

    number: int
    client: str
    company: str
    rights: tuple[Text, ...]
    by: Text
    laws: tuple[Text, ...]
    known: tuple[Text, ...]
    new: tuple[Text, ...]
    reference: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as words in the person's language."""
        return (
            str(self.number),
            self.client,
            self.company,
            _listed(self.rights),
            say(self.by),
            _listed(self.laws),
            _listed(self.known),
            _listed(self.new),
            self.reference,
        )


def table_csv(rows: Iterable[TableRow]) -> bytes:
    """Return the table for a spreadsheet program; no cell can run as a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(map(say, _COLUMNS))
    for row in rows:
        writer.writerow(map(safe_cell, row.cells()))
    return written.getvalue().encode("utf-8-sig")  # spreadsheet programs read accents only so


def table_html(
    rows: Sequence[TableRow], *, title: Text, lead: Sequence[Text], left: Iterable[Text]
) -> bytes:
    """Return the table as one page without scripts, pictures or links; every value is escaped."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only where a page is made

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        language=language(),
        title=say(title),
        lead=list(map(say, lead)),
        caption=say(Text("Lines in this table: {n}", n=len(rows))),
        columns=list(map(say, _COLUMNS)),
        rows=_cells(rows),
        new_at=_COLUMNS.index(NEW),
        new_word=say(Text("NEW")),
        left_title=say(Text("Left out, with the reason")),
        left=list(map(say, left)),
        last=say(
            Text("This page sends nothing. It names clients: delete it when it is looked at.")
        ),
    ).encode()


def _cells(rows: Iterable[TableRow]) -> Iterator[tuple[str, ...]]:
    return (row.cells() for row in rows)


def _listed(texts: Iterable[Text]) -> str:
    return ", ".join(dict.fromkeys(map(say, texts)))

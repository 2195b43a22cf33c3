"""The list of what was posted as a table: filled in at the post office counter, then read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from optout.drafting.print_pages import Mailed
from optout.errors import WrongUsage
from optout.rules.spreadsheet import from_cell, safe_cell
from optout.text import Text
from optout.workflows.client_answers import Row, table_of
from optout.workflows.clients import NOTHING_DONE
from optout.workflows.desk import as_reference
from optout.workflows.exports import NewFile

_COLUMNS: Final = ("reference", "client", "recipient", "posted_on", "tracking")
_DATES: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")  # as people and spreadsheet programs write


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedLine:
    """What one line of a filled-in table says."""

    reference: str
    on: date | None
    tracking: str = ""


def mailing_table(number: str, mailed: Sequence[Mailed]) -> NewFile:
    """Return the table with empty places for the day and the number of the receipt."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    for each in mailed:
        writer.writerow([*map(safe_cell, (each.reference, each.client, each.recipient)), "", ""])
    content = written.getvalue().encode("utf-8-sig")
    return NewFile(name=f"mailing-{number}.csv", what="mailing list", content=content)


def read_mailing_table(path: Path) -> tuple[PostedLine, ...]:
    """Return the lines with a day or a number; every wrong cell is told before any is used."""
    columns, rows = table_of(path, between="_")
    missing = {"reference", "posted_on"} - set(columns)
    if missing:
        raise WrongUsage(
            Text("The table has no column called: {names}", names=tuple(sorted(missing))),
            known=NOTHING_DONE,
        )
    problems: list[Text] = []
    found = tuple(_lines(rows, problems))
    if problems:
        raise WrongUsage(
            Text("These places of the table cannot be read: {places}", places=tuple(problems[:20])),
            known=NOTHING_DONE,
            hint=Text("Write days as 2026-11-03, and each reference as it is on the letter."),
        )
    return found


def _lines(rows: Sequence[Row], problems: list[Text]) -> Iterator[PostedLine]:
    for line, row in enumerate(rows, start=2):
        reference, day, tracking = (
            from_cell(_cell(row, name)) for name in ("reference", "posted_on", "tracking")
        )
        if not day and not tracking:
            continue
        on = _day(day)
        if not reference or (day and on is None):
            column = "posted_on" if reference else "reference"
            problems.append(Text("line {line}, column {column}", line=line, column=column))
            continue
        yield PostedLine(reference=as_reference(reference), on=on, tracking=tracking)


def _cell(row: Row, name: str) -> str:
    return row.get(name) or ""


def _day(typed: str) -> date | None:
    for form in _DATES:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a plain date
        except ValueError:
            continue
    return None

"""An empty spreadsheet to fill in, with what each column means; or one with made-up rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optout.errors import Refused
from optout.i18n import say
from optout.text import Text
from optout.workflows.client_columns import COLUMNS, NAMES
from optout.workflows.read_sheet import refused

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NEVER: Final = Text(
    "Never write here: immigration status, A-number, visa, country of birth, nationality, "
    "language, Social Security number or ITIN. Such columns are dropped."
)
_WIDE: Final = 18


def write_clients_file(
    path: Path, headings: Sequence[str] = NAMES, rows: Sequence[Sequence[str]] = ()
) -> None:
    """Write headings and rows to a new file: .xlsx with the meaning of each column, or .csv."""
    kinds = {".xlsx": _workbook, ".csv": _csv}
    write = kinds.get(path.suffix.lower())
    if write is None:
        raise refused(
            Text("The name of the file says what it becomes."),
            hint=Text("Let it end in .xlsx or .csv"),
        )
    content = write(headings, rows)
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Refused(
            Text("There is a file of that name already: {path}", path=path),
            known=Text("It was left as it is. Nothing was written."),
            hint=Text("Choose another name."),
        ) from None
    except OSError as error:
        raise Refused(
            Text("The file could not be written ({why}).", why=error.strerror or ""),
            known=Text("Nothing was changed."),
            hint=Text("Choose another folder or name."),
        ) from None


def _csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a CSV file that spreadsheet programs read as UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _workbook(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook whose cells are text, so that no date and no zero is changed."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only where a workbook is written

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        sheet = book.add_worksheet(say(Text("Clients")))
        sheet.set_column(0, len(headings) - 1, _WIDE, text)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(headings):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell, text)
        _explain(book.add_worksheet(say(Text("Columns"))), bold)
    return content.getvalue()


def _explain(sheet: Worksheet, bold: Format) -> None:
    """Write what each column means, and an example, in the person's language."""
    lines = [
        (say(Text("Column")), say(Text("Meaning")), say(Text("Example"))),
        *((column.name, say(column.means), column.example) for column in COLUMNS),
    ]
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, 1, 4 * _WIDE)
    sheet.set_column(2, 2, 2 * _WIDE)
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell, None if number else bold)
    sheet.write_string(len(lines) + 1, 0, say(NEVER), bold)

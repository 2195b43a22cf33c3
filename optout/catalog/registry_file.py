"""A list as it comes: a CSV file, read whole or refused, whoever published it.

What is cut, damaged, too large or no text is told in words, and nothing of it is used.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from optout.catalog.characters import FORBIDDEN
from optout.errors import WrongUsage
from optout.text import Text

LARGEST: Final = 20 * 1024 * 1024
MOST_ROWS: Final = 20_000
LONGEST_CELL: Final = 4_000


class NotThisRegistry(WrongUsage):
    """The file is not one that this reads, or it is not whole."""

    def __init__(self, what: Text, *, hint: Text | None = None) -> None:
        """Say what is wrong; nothing of such a file is ever used."""
        super().__init__(what, known=Text("Nothing was imported."), hint=hint)


def text_of(path: Path) -> str:
    """Return the text of a file, or raise `NotThisRegistry` where it is none."""
    return _decoded(_content(path))


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise NotThisRegistry(Text("The file cannot be read ({reason}).", reason="not a file"))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotThisRegistry(
            Text("The file cannot be read ({reason}).", reason=error.strerror or "no reason")
        ) from error
    if len(content) > LARGEST:
        raise NotThisRegistry(Text("The file is too large: at most 20 MB are read."))
    return content


def _decoded(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotThisRegistry(
            Text("This is a spreadsheet, not a CSV file."),
            hint=Text("Open it and save it as “CSV UTF-8”."),
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotThisRegistry(
            Text("The file is not UTF-8 text: byte {at} cannot be read.", at=error.start),
            hint=Text("Download it again, or save it as “CSV UTF-8”."),
        ) from error
    if "\0" in text:
        raise NotThisRegistry(Text("The file is not text: it holds a zero byte."))
    return text


def rows_of(text: str) -> list[list[str]]:
    """Return the rows that hold anything; `NotThisRegistry` where the file breaks off."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise NotThisRegistry(
                    Text("The file is too large: at most {most} rows are read.", most=MOST_ROWS)
                )
    except csv.Error as error:
        raise _cut(reader.line_num) from error
    return [row for row in rows if row]


def _cut(line: int) -> NotThisRegistry:
    return NotThisRegistry(
        Text("The file is not whole: it ends or breaks at line {line}.", line=line),
        hint=Text("Download it again."),
    )


def check_whole(body: Sequence[Sequence[str]], *, width: int, first: int) -> None:
    """Refuse a file without rows, or with a row of another width."""
    if not body:
        raise NotThisRegistry(Text("The file holds headings, and no company."))
    for number, row in enumerate(body, start=first):
        if len(row) != width:
            raise NotThisRegistry(
                Text(
                    "The file is not whole: row {row} has {found} cells instead of {width}.",
                    row=number,
                    found=len(row),
                    width=width,
                ),
                hint=Text("Download it again."),
            )


def one_line(cell: str) -> str:
    """Return a cell on one line, without what nobody can see. N/A is as good as nothing."""
    text = " ".join(FORBIDDEN.sub("", cell[:LONGEST_CELL].replace("\u00a0", " ")).split())
    return "" if text.casefold() in {"n/a", "none", "-", "."} else text

"""How far the cells of a workbook reach, looked at before anything is built of them.

A workbook of two kilobytes can hold one cell in the first corner and one in the last: whoever
builds the table between them needs all the memory of a computer.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from optout.errors import WrongUsage
from optout.text import Text

LARGEST_TABLE: Final = 5_000_000  # cells, the empty ones between them too
WORKBOOK: Final = "xl/workbook.xml"
_CHUNK: Final = 1 << 20
_LETTERS: Final = 26
_LONGEST_TAG: Final = 1 << 16
_IN_TWO_BYTES: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^<>]*)>")
_PLACE: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")


class NotReadable(Exception):
    """It is no workbook of the kind that we read."""


def check_extent(packed: zipfile.ZipFile, nothing: Text) -> None:
    """Refuse a workbook one of whose sheets reaches so far that it cannot be held in memory."""
    if WORKBOOK not in packed.namelist():
        raise NotReadable
    for part in packed.infolist():
        with packed.open(part) as opened:
            row, column = _farthest(opened)
        if row * column > LARGEST_TABLE:
            raise WrongUsage(
                Text(
                    "A sheet of this file is far too large: something stands in row {row}, and "
                    "something in column {column}.",
                    row=row,
                    column=column,
                ),
                known=nothing,
                hint=Text("Delete what stands alone far down or far to the right, and save it."),
            )


def _farthest(opened: IO[bytes]) -> tuple[int, int]:
    """Return the last row and the last column in which a cell holds anything."""
    last_row = last_column = row = column = 0
    for tag, about in _tags(opened):
        place = _PLACE.search(about)
        if tag == b"row":
            row, column = int(place[2]) if place else row + 1, 0
            continue
        column = _number(place[1]) if place else column + 1
        row = int(place[2]) if place else row
        if not about.endswith(b"/"):  # an empty cell with a colour is none
            last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row, last_column


def _number(letters: bytes) -> int:
    """Return which column it is: A is 1, AA is 27."""
    found = 0
    for letter in letters.upper():
        found = found * _LETTERS + letter - ord("A") + 1
    return found


def _tags(opened: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield every row and cell of one part, without holding more than a piece of it."""
    begun = b""
    while chunk := opened.read(_CHUNK):
        text = begun + chunk
        if text.startswith(_IN_TWO_BYTES) or len(begun) > _LONGEST_TAG:
            raise NotReadable
        begun = _begun(text)
        for found in _TAG.finditer(text, 0, len(text) - len(begun)):
            yield found[1], found[2]


def _begun(text: bytes) -> bytes:
    """Return a tag at the end of a piece that goes on in the next one."""
    last = text.rfind(b"<")
    return b"" if last < 0 or text.find(b">", last) >= 0 else text[last:]

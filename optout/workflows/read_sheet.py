"""A spreadsheet as an office has it, CSV or XLSX, read into plain cells. Nothing is guessed.

A cell is text, or a date where the spreadsheet itself says that it is one. Rows keep the numbers
that the person sees in their own program.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from optout.errors import WrongUsage
from optout.model.ports import Option, Person
from optout.model.secret import Personal
from optout.text import Text
from optout.workflows.sheet_extent import NotReadable, check_extent

LARGEST: Final = 50 * 1024 * 1024
LARGEST_UNPACKED: Final = 500 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 2_000
_DELIMITERS: Final = ",;\t|"
# How programs wrote letters with accents before UTF-8, the usual one first.
ENCODINGS: Final = ("cp1252", "mac_roman", "cp850", "cp1250", "cp1251")
_MOST_SAMPLES: Final = 3
NOTHING: Final = Text("Nothing was stored.")

Cell = str | date

_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    RuntimeError,  # a part with a password
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SheetRow(Personal):
    """One row, under the number that the person's own program shows."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """Return a cell; beyond the end of the row it is empty."""
        return self.cells[column] if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Cells that were joined into one: which rows and columns, the first row being 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands in one sheet: rows that hold anything."""

    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[Merged, ...] = ()


def column_letter(index: int) -> str:
    """Return what a spreadsheet calls a column: A, B, … Z, AA."""
    before, last = divmod(index, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)


def read_sheets(path: Path, person: Person, *, encoding: str = "") -> tuple[Sheet, ...]:
    """Return every visible sheet of a file that holds anything, or say why it cannot be read."""
    content = _content(path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(
            Text("This is an old Excel file, or one with a password."),
            hint=Text("Open it and save it as .xlsx without a password, or as “CSV UTF-8”."),
        )
    if content.startswith(b"PK\x03\x04"):
        sheets = tuple(_workbook(content))
    else:
        text = _decoded(content, person, encoding)
        sheets = (Sheet(name="", rows=tuple(_csv_rows(text))),)
    found = tuple(sheet for sheet in sheets if sheet.rows)
    if not found:
        raise refused(Text("There is nothing in this file."))
    return found


def refused(what: Text, *, hint: Text | None = None) -> WrongUsage:
    """Return the error for a file of which nothing is used."""
    return WrongUsage(what, known=NOTHING, hint=hint)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise refused(Text("This is a folder. Name the file in it: {path}", path=path))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise refused(
            Text("The file cannot be read: {why}", why=error.strerror or "unknown reason"),
            hint=Text("Check its name and place."),
        ) from None
    if len(content) > LARGEST:
        raise refused(Text("The file is too large: at most 50 MB are read."))
    return content


def _workbook(content: bytes) -> Iterator[Sheet]:
    """Yield the sheets that a person can see."""
    from python_calamine import (  # noqa: PLC0415 - only where a workbook is read
        CalamineError,
        CalamineWorkbook,
        SheetVisibleEnum,
    )

    _check_unpacked(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for number, about in enumerate(book.sheets_metadata):
                if about.visible == SheetVisibleEnum.Visible:
                    yield _sheet(book.get_sheet_by_index(number))
    except (CalamineError, OSError, ValueError):
        raise _not_a_workbook() from None


def _check_unpacked(content: bytes) -> None:
    """Refuse a small file that unpacks to a huge one, or whose cells lie as far apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise refused(Text("The file is too large: at most 500 MB are unpacked."))
            check_extent(packed, NOTHING)
    except (*_BROKEN, NotReadable):
        raise _not_a_workbook() from None


def _not_a_workbook() -> WrongUsage:
    return refused(
        Text("This is not a whole Excel file."),
        hint=Text("Open it and save it again as .xlsx, or as “CSV UTF-8”."),
    )


def _sheet(found: Any) -> Sheet:  # noqa: ANN401 - the library's own class
    """Return the cells and what was merged; the library counts rows from 0."""
    if found.total_width > MOST_COLUMNS:
        raise _too_wide()
    rows: list[SheetRow] = []
    for number, cells in enumerate(found.to_python(skip_empty_area=False), start=1):
        _add(rows, number, tuple(map(_cell, cells)))
    return Sheet(name=found.name, rows=tuple(rows), merged=tuple(_merged(found)))


def _merged(found: Any) -> Iterator[Merged]:  # noqa: ANN401 - the library's own class
    for (top, left), (bottom, right) in found.merged_cell_ranges or ():
        yield Merged(first_row=top + 1, last_row=bottom + 1, first_column=left, last_column=right)


def _cell(value: object) -> Cell:
    """Return what a person reads in a cell: 3035550142, and not 3035550142.0."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text(str(value))


def _text(value: str) -> str:
    """Return a text on one line, its letters composed, without spaces around."""
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _add(rows: list[SheetRow], number: int, cells: tuple[Cell, ...]) -> None:
    """Keep a row that holds anything, up to the limit."""
    if not any(cells):
        return
    if len(rows) > MOST_ROWS:
        raise refused(
            Text("The file has more than {most} rows.", most=MOST_ROWS),
            hint=Text("Split it into several files, and import one after the other."),
        )
    rows.append(SheetRow(number=number, cells=cells))


def _too_wide() -> WrongUsage:
    return refused(Text("The file has more than {most} columns.", most=MOST_COLUMNS))


def _csv_rows(text: str) -> Iterator[SheetRow]:
    """Yield the rows of a CSV file, numbered as a spreadsheet shows them."""
    if "\0" in text:
        raise refused(
            Text("The file is not text: it holds a zero byte."),
            hint=Text("Open it and save it again as “CSV UTF-8”."),
        )
    rows: list[SheetRow] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > MOST_COLUMNS:
                raise _too_wide()
            _add(rows, number, tuple(map(_text, cells)))
    except csv.Error:
        raise refused(
            Text("The file ends or breaks at line {line}.", line=reader.line_num),
            hint=Text("A quotation mark that is opened must be closed."),
        ) from None
    return iter(rows)


def delimiter_of(text: str) -> str:
    """Return what stands between the cells: the one that the first lines have most of."""
    first = "\n".join(text.splitlines()[:5])
    return max(_DELIMITERS, key=first.count)


def _decoded(content: bytes, person: Person, encoding: str) -> str:
    """Return the text of a file; a letter that can be read in two ways is asked about."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(content, "utf-16")
    content = content.removeprefix(b"\xef\xbb\xbf")
    lines = content.split(b"\n")
    odd = [line for line in lines if not _is_utf8(line)]
    if not odd:
        return content.decode("utf-8")
    chosen = encoding or _ask_encoding(odd, person)
    return "\n".join(
        line.decode("utf-8") if _is_utf8(line) else _strictly(line, chosen) for line in lines
    )


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise refused(
            Text("The file cannot be read as {encoding}.", encoding=encoding),
            hint=Text("Open it and save it again as “CSV UTF-8”."),
        ) from None
    except LookupError:
        raise refused(
            Text("“{name}” is not a kind of text that we know.", name=encoding),
            hint=Text("These are: {names}", names=ENCODINGS),
        ) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _ask_encoding(odd: Sequence[bytes], person: Person) -> str:
    """Ask how letters are to be read that are not UTF-8, by words out of the file itself."""
    ways: dict[str, str] = {}  # what the words read as: the encoding
    for encoding in ENCODINGS:
        sample = _sample(odd, encoding)
        if sample:
            ways.setdefault(sample, encoding)
    person.tell(
        Text(
            "Lines of this file that are not in UTF-8: {count}. Letters with accents can be read "
            "in several ways. Without a question: --encoding {names}",
            count=len(odd),
            names=" | ".join(ENCODINGS),
        )
    )
    options = tuple(
        Option(key=encoding, text=Text("{sample}", sample=sample))
        for sample, encoding in ways.items()
    )
    none = Option(key="none", text=Text("None of these"))
    chosen = person.choose(Text("Which of these is written right?"), (*options, none))
    if chosen == "none":
        raise refused(
            Text("The letters of this file cannot be read."),
            hint=Text("Open it in the program it comes from and save it as “CSV UTF-8”."),
        )
    return chosen


def _sample(odd: Sequence[bytes], encoding: str) -> str:
    """Return a few words with such letters, or nothing where they cannot be read so."""
    found: dict[str, None] = {}
    try:
        for line in odd:
            for word in line.replace(b",", b" ").replace(b";", b" ").split():
                if not _is_utf8(word):
                    found[word.decode(encoding).strip('"')] = None
    except UnicodeDecodeError:
        return ""
    if any(not word.isprintable() for word in found):
        return ""
    return ", ".join(list(found)[:_MOST_SAMPLES])

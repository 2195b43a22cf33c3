"""Proves that no workbook makes the program build a table that no memory holds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final, cast

import pytest

from optout.errors import WrongUsage
from optout.model.ports import Person
from optout.workflows import sheet_extent
from optout.workflows.read_sheet import Sheet, read_sheets

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
PARTS: Final = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": f'<Relationships xmlns="{PACKED}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKED}"><Relationship Id="rId1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
VALUE: Final = "<is><t>x</t></is>"
FIRST: Final = f'<row r="1"><c r="A1" t="inlineStr">{VALUE}</c></row>'


def at(place: str, row: int) -> str:
    return f'<row r="{row}"><c r="{place}{row}" t="inlineStr">{VALUE}</c></row>'


def book(folder: Path, rows: str, *, encoding: str = "utf-8", **without: str) -> Path:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in PARTS.items():
            if name not in without.values():
                packed.writestr(name, text)
        packed.writestr("xl/worksheets/sheet1.xml", sheet.encode(encoding))
    path = folder / "clients.xlsx"
    path.write_bytes(written.getvalue())
    return path


def read(path: Path) -> tuple[Sheet, ...]:
    return read_sheets(path, cast("Person", None))  # nobody is asked anything here


LAST: Final = 1_048_576
FAR: Final = {
    "the last corner": FIRST + at("XFD", LAST),
    "few columns": FIRST + at("Z", LAST),
    "in the other order": at("XFD", 1) + at("A", LAST),
    "small letters": FIRST + at("xfd", LAST),
    "a row of its own, the column not named": FIRST
    + f'<row r="{LAST}">'
    + "<c/>" * 199
    + f'<c t="inlineStr">{VALUE}</c></row>',
    "rows that are not named": "<row><c r='GR1' t='inlineStr'><is><t>x</t></is></c></row>"
    + "<row/>" * 40_000
    + f"<row><c t='inlineStr'>{VALUE}</c></row>",
    "a number that no sheet has": FIRST + at("A", 10**15),
    "after a text that is longer than a piece": f'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    f"{'x' * 3_000_000}</t></is></c></row>{at('XFD', LAST)}",
}


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_cells_that_lie_too_far_apart_are_refused_before_the_table_is_built(
    rows: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongUsage, match="far too large") as refused:
        read(book(tmp_path, rows))
    assert "Nothing was stored." in str(refused.value)


def test_what_is_near_is_read_and_a_coloured_empty_cell_is_no_cell(tmp_path: Path) -> None:
    """The control."""
    rows = FIRST + at("C", 3) + f'<row r="{LAST}"><c r="XFD{LAST}" s="3"/></row>'
    (sheet,) = read(book(tmp_path, rows))
    assert [row.number for row in sheet.rows] == [1, 3]
    assert sheet.rows[1].cells == ("", "", "x")


def test_a_tag_that_a_piece_cuts_in_two_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 7, 64):
        monkeypatch.setattr(sheet_extent, "_CHUNK", size)
        with pytest.raises(WrongUsage, match="far too large"):
            read(book(tmp_path, FAR["the last corner"]))


@pytest.mark.parametrize(
    ("rows", "how"),
    [
        (FIRST + at("XFD", LAST), {"encoding": "utf-16"}),
        (FIRST + at("XFD", LAST), {"encoding": "utf-16-le"}),
        (FIRST, {"name": "xl/workbook.xml"}),
        (f'<row r="1" x="{"y" * 5_000_000}"/>', {}),
    ],
)
def test_what_cannot_be_looked_through_is_not_read(
    rows: str, how: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(WrongUsage, match="not a whole Excel file"):
        read(book(tmp_path, rows, **how))

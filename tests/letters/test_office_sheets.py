"""Labels and envelopes lie where the sheets have them, and cells of tables are never formulas."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from optout.drafting.pdf import AddressTooTall
from optout.drafting.print_pages import (
    Addressed,
    Mailed,
    Separator,
    ToDo,
    envelopes_pdf,
    labels_pdf,
    mailing_list_pdf,
    separators,
)
from optout.drafting.stack import Paper, stacked
from optout.rules.label_sheets import LABEL_SHEETS, LabelSheet
from optout.rules.spreadsheet import from_cell, safe_cell

TO = ("Sample Data, Inc.", "Attn: Privacy Requests", "200 Example Street", "Denver, CO 80202")
FROM = ("Jordan Q. Sample", "P.O. Box 142", "Denver, CO 80201")
WIDTH, HEIGHT, INCH = 8.5, 11.0, 72.0


def addressed(count: int) -> list[Addressed]:
    return [
        Addressed(sender=FROM, recipient=(f"Number {n:03d}", *TO[1:]), reference=f"K7F3-{n:04d}")
        for n in range(count)
    ]


def places(pdf: bytes, page: int = 0) -> dict[str, tuple[float, float]]:
    """Return where each line begins: inches from the left and from the top of the paper."""
    found: dict[str, tuple[float, float]] = {}
    sheet = PdfReader(io.BytesIO(pdf)).pages[page]
    height = float(sheet.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.setdefault(text.strip(), (x / INCH, (height - y) / INCH))

    sheet.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("name", LABEL_SHEETS)
def test_the_labels_fill_the_sheet_evenly(name: str) -> None:
    sheet = LABEL_SHEETS[name]
    wide = sheet.left + (sheet.columns - 1) * sheet.across + sheet.width
    high = sheet.top + (sheet.rows - 1) * sheet.down + sheet.height
    assert wide + sheet.left == pytest.approx(WIDTH)
    assert high + sheet.top == pytest.approx(HEIGHT)
    assert sheet.across >= sheet.width
    assert sheet.down >= sheet.height


@pytest.mark.parametrize("name", LABEL_SHEETS)
@pytest.mark.parametrize("skip", [0, 3])
def test_each_address_lies_on_its_own_label(name: str, skip: int) -> None:
    sheet = LABEL_SHEETS[name]
    count = sheet.count + 1 - skip
    pdf = labels_pdf(addressed(count), sheet, skip=skip, language="en")
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    there = places(pdf)
    for number in range(count - 1):
        left, top = corner(sheet, number + skip)
        for line in (f"Number {number:03d}", f"K7F3-{number:04d}"):
            x, y = there[line]
            assert left + 0.1 <= x < left + sheet.width - 0.1, (line, x)
            assert top + 0.05 <= y <= top + sheet.height - 0.03, (line, y)
    assert set(places(pdf, 1)) >= {f"Number {count - 1:03d}"}
    assert ("P.O. Box 142" in there) == sheet.return_address


def corner(sheet: LabelSheet, at: int) -> tuple[float, float]:
    return (
        sheet.left + at % sheet.columns * sheet.across,
        sheet.top + at // sheet.columns * sheet.down,
    )


def test_an_address_that_fits_on_no_label_stops_the_sheet() -> None:
    tall = Addressed(recipient=tuple(f"Line {n}" for n in range(14)), reference="K7F3-Q2MX")
    with pytest.raises(AddressTooTall):
        labels_pdf([tall], LABEL_SHEETS["5160"], language="en")


def test_an_envelope_has_its_address_where_the_post_office_reads() -> None:
    pdf = envelopes_pdf(addressed(2), language="en")
    reader = PdfReader(io.BytesIO(pdf))
    assert [float(side) / INCH for side in reader.pages[0].mediabox[2:]] == [9.5, 4.125]
    assert len(reader.pages) == 2
    there = places(pdf)
    for line in ("Number 000", *TO[1:]):
        x, y = there[line]
        assert 3.5 <= x < 9, line
        assert 0.625 <= 4.125 - y <= 2.75, line
    assert there[FROM[0]][0] < 1
    assert there[FROM[0]][1] < 1


def test_the_sheets_of_the_office_say_all_they_must() -> None:
    to_do = ToDo(title="K7F3-Q2MX  Sample Data", lines=("Enclosed: a copy of a bill",))
    sheet = Separator(title="1. Jordan", letters=(to_do,) * 30)
    (paper,) = separators([sheet], stack="K7F3-Q2MX-1", language="en")
    said = text_of(paper.pdf)
    assert said.count("Enclosed: a copy of a bill") == 30
    assert "It goes into no envelope." in said
    mailed = [Mailed(reference=f"K7F3-{n:04d}", client="1. J", recipient="S") for n in range(60)]
    free = text_of(mailing_list_pdf(mailed, stack="K", certified=False, language="en"))
    must = text_of(mailing_list_pdf(mailed, stack="K", certified=True, language="en"))
    assert all(each.reference in free for each in mailed)
    assert "Certified mail is a choice" in free
    assert "These go by certified mail" in must
    assert "Certified or tracking number" in free


def test_each_group_has_its_own_sheets_numbered_for_themselves() -> None:
    sheets = [
        Separator(
            title=f"{number}. Jordan",
            letters=tuple(ToDo(title=f"{number} of {n}", lines=("To do",)) for n in range(many)),
        )
        for number, many in enumerate((1, 30, 8), start=1)
    ]
    papers = separators(sheets, stack="K7F3-Q2MX-1", language="en")
    assert [paper.title for paper in papers] == [sheet.title for sheet in sheets]
    pages = PdfReader(io.BytesIO(papers[0].pdf)).pages
    after = 0
    for number, paper in enumerate(papers, start=1):
        first, end = paper.pages
        assert (first, end is None) == (after, False)  # they follow each other
        own = [page.extract_text() for page in pages[slice(first, end)]]
        assert own[0].startswith(f"{number}. Jordan")
        count = len(sheets[number - 1].letters)
        assert " ".join(own).count(f"{number} of ") == count
        for place, text in enumerate(own, start=1):
            assert f"{place} / {len(own)}" in text
        after = end or 0
    assert after == len(pages)


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("two_sided", [True, False])
def test_a_stack_begins_each_paper_on_its_own_sheet(*, two_sided: bool) -> None:
    envelope = envelopes_pdf(addressed(1), language="en")
    papers = [Paper(title=f"Paper {n}", pdf=envelope, begins_group=n == 0) for n in range(3)]
    reader = PdfReader(io.BytesIO(stacked(papers, title="K", two_sided=two_sided)))
    assert len(reader.pages) == (6 if two_sided else 3)
    again = stacked(papers, title="K", two_sided=two_sided)
    assert again == stacked(papers, title="K", two_sided=two_sided)


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "'=1", "＝1", "\ufeff=1", "\n=1", "'"]
)
def test_a_cell_is_never_a_formula_and_comes_back(value: str) -> None:
    assert safe_cell(value).startswith("'")
    assert from_cell(safe_cell(value)) == value


def test_an_ordinary_cell_stays_as_it_is() -> None:
    for value in ("Jordan Sample", "100 Example Street", "", "a=b", "Ngọc-Anh"):
        assert from_cell(safe_cell(value)) == safe_cell(value) == value

"""Proves that the page says what the mail says, can be read aloud, and fits an envelope."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
import typst
from pypdf import PdfReader

from optout.drafting import pdf as page
from optout.drafting.cover import CoverSheet, cover_sheet_pdf
from optout.drafting.letter import LetterInput, draft_letter
from optout.drafting.pdf import AddressTooTall, LayoutBroken, NoGlyph, compiled, letter_pdf
from optout.model.fields import Field

Matrix = Sequence[float]
INCH = 72.0
FEWEST_WORDS = 12  # above a name: “Sincerely,” is one, and the footer may come first
TALL = 11 * INCH
POST = "appriss-insights-co-three-rights-post"
FILE = "lexisnexis-risk-co-file-disclosure-post"
# See letters/layout/window.typ: 1/8 inch inside both kinds of window, paper slid either way.
LEFT, RIGHT_NARROW, RIGHT_SINGLE = 1.0, 3.3125, 4.25
TOP, BOTTOM = 2.15, 2.917
SHOWN_LEFT, SHOWN_RIGHT, SHOWN_TOP, SHOWN_BOTTOM = 0.0, 5.375, 1.625, 3.625


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes, footer: str) -> str:
    pages = (each.extract_text() for each in read(content).pages)
    return flat(" ".join(re.sub(rf"{footer}\s*\d+ / \d+", " ", each) for each in pages))


def root_of(reader: PdfReader) -> Any:  # noqa: ANN401 - a PDF's objects have no types
    return reader.trailer["/Root"].get_object()


def flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def pieces(content: bytes, number: int = 0) -> list[tuple[float, float, str]]:
    """Return (x, y from the top, text) in inches for each piece of text on a page."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: Matrix, tm: Matrix, _font: object, _size: object) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x / INCH, (TALL - y) / INCH, text.strip()))

    read(content).pages[number].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("name", [POST, FILE, "thomson-reuters-clear-ny-suppress-post"])
def test_the_page_says_every_paragraph_of_the_mail_in_its_order(
    cases: dict[str, LetterInput], name: str, *, large_print: bool
) -> None:
    letter = draft_letter(cases[name])
    shown = text_of(letter_pdf(letter, large_print=large_print), letter.reference_line)
    at = 0
    for paragraph in letter.text.split("\n\n")[2:]:  # date and reference stand beside the window
        for line in paragraph.splitlines():
            place = shown.find(flat(line), at)
            assert place >= at, line
            at = place + 1
    assert flat(letter.date_line) in shown


def test_every_case_can_be_set(name: str, given: LetterInput) -> None:
    reader = read(letter_pdf(draft_letter(given)))
    assert 1 <= len(reader.pages) <= 2


def test_nobody_signs_a_page_that_says_nothing(cases: dict[str, LetterInput]) -> None:
    """The sheet with the name holds some of the letter, too."""
    alone = []
    for name, given in cases.items():
        letter = draft_letter(given)
        *_, last = (flat(each.extract_text()) for each in read(letter_pdf(letter)).pages)
        above, signature, _below = last.rpartition(letter.signature)
        if signature and len(above.split()) < FEWEST_WORDS:
            alone.append(name)
    assert alone == []


@pytest.mark.parametrize("large_print", [False, True])
def test_a_letter_is_tagged_and_names_itself_without_a_person(
    cases: dict[str, LetterInput], *, large_print: bool
) -> None:
    letter = draft_letter(cases[POST])
    content = letter_pdf(letter, large_print=large_print)
    reader = read(content)
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = structure(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/Document"} <= tags
    assert {key: str(value) for key, value in (reader.metadata or {}).items()} == {
        "/Title": letter.subject_line,
        "/Creator": f"Typst {creator_version()}",
    }
    assert letter.subject_line == "Privacy request, reference K7F3-Q2MX"
    xmp = reader.xmp_metadata
    assert xmp is not None
    card = xmp.stream.get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in card
    assert not re.search(r"optout|sample|jordan|creation|modif", card, re.IGNORECASE)


def structure(node: object) -> set[str]:
    """Return every kind of tag in the tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*(structure(each) for each in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | structure(node.get("/K", []))


def creator_version() -> str:
    reader = read(typst.compile(b"x", format="pdf"))
    assert reader.metadata is not None
    return str(reader.metadata["/Creator"]).removeprefix("Typst ")


def test_the_same_letter_makes_the_same_bytes(cases: dict[str, LetterInput]) -> None:
    letter = draft_letter(cases[POST])
    assert letter_pdf(letter) == letter_pdf(letter)


def test_pages_are_numbered_and_carry_the_reference(cases: dict[str, LetterInput]) -> None:
    pages = read(letter_pdf(draft_letter(cases[POST]))).pages
    assert len(pages) == 2
    for number, each in enumerate(pages, start=1):
        text = flat(each.extract_text())
        assert f"{number} / 2" in text
        assert "Reference: K7F3-Q2MX" in text


def addressed(given: LetterInput, *lines: str) -> LetterInput:
    return replace(given, broker_lines=lines)


ADDRESSES = {
    "three lines": ("Example Data, Inc.", "P.O. Box 100", "Springfield, ST 00000"),
    "five lines": (
        "LexisNexis Risk Solutions Consumer Center",
        "Attn: Full File Disclosure",
        "Building 4, Suite 1200",
        "P.O. Box 105108",
        "Atlanta, GA 30348-5108",
    ),
    "a line too long for one": (
        "Consumer Center, Attn: California Consumer Privacy Act (CCPA) Request",
        "P.O. Box 105108",
        "Atlanta, GA 30348-5295",
    ),
    "the name alone": ("Example Data, Inc.",),
}


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_the_address_lies_in_the_window_and_nothing_else_does(
    cases: dict[str, LetterInput], kind: str, *, large_print: bool
) -> None:
    lines = ADDRESSES[kind]
    letter = draft_letter(addressed(cases[POST], *lines))
    shown = [
        (x, y, text)
        for x, y, text in pieces(letter_pdf(letter, large_print=large_print))
        if SHOWN_LEFT <= x <= SHOWN_RIGHT and SHOWN_TOP <= y <= SHOWN_BOTTOM
    ]
    assert flat(" ".join(text for _, _, text in shown)) == flat(" ".join(lines))
    assert all(x >= LEFT - 0.001 for x, _, _ in shown)
    # y is the line's foot: the first line needs its own height below the window's edge
    assert all(TOP + 0.08 <= y <= BOTTOM for _, y, _ in shown)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler measures the right edge")
@pytest.mark.parametrize("kind", ADDRESSES)
def test_no_line_of_the_address_runs_out_of_the_window(
    cases: dict[str, LetterInput], kind: str, tmp_path: Path
) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(letter_pdf(draft_letter(addressed(cases[POST], *ADDRESSES[kind]))))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(file), "-"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    words = [
        [float(number) / INCH for number in found]
        for found in re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', boxes
        )
    ]
    address = [word for word in words if 2.0 <= word[1] <= 3.0]
    assert address
    assert max(word[2] for word in address) <= RIGHT_SINGLE
    assert min(word[1] for word in address) >= TOP - 0.06  # poppler adds the font's own air
    assert max(word[3] for word in address) <= BOTTOM + 0.06
    if kind == "three lines":
        assert max(word[2] for word in address) <= RIGHT_NARROW


def test_the_sender_lies_in_the_upper_window(cases: dict[str, LetterInput]) -> None:
    given = replace(
        cases[POST],
        reply_lines=("c/o Example House", "100 Example Street", "Apt. 4", "Denver, CO 80202"),
    )
    upper = [p for p in pieces(letter_pdf(draft_letter(given))) if p[1] < 1.7 and p[0] < 4]
    assert flat(" ".join(text for _, _, text in upper)).startswith("Jordan Q. Sample c/o Example")
    assert all(0.35 + 0.08 <= y <= 1.1 for _, y, _ in upper)


def test_without_a_reply_address_the_upper_window_is_empty(cases: dict[str, LetterInput]) -> None:
    given = replace(cases[POST], reply_lines=(), reply_email="jordan.sample@example.com")
    assert [p for p in pieces(letter_pdf(draft_letter(given))) if p[1] < 2 and p[0] < 4] == []


def test_an_address_too_tall_for_any_window_stops_in_words(cases: dict[str, LetterInput]) -> None:
    letter = draft_letter(addressed(cases[POST], *(f"Line {n}" for n in range(9))))
    with pytest.raises(AddressTooTall, match="too many lines"):
        letter_pdf(letter)


NAMES_THAT_CAN_BE_SET = [
    "Nguyễn Thị Hường",
    "Trần Đức Lượng",
    "Łukasz Żółć",
    "José Muñoz Ibáñez",
    "Şükrü Çağlayan",
    "Zoë D’Example-O'Sample",
    "Олена Прикладова",
    "Σοφία Παράδειγμα",
]


@pytest.mark.parametrize("name", NAMES_THAT_CAN_BE_SET)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_with_accents_come_out_whole(
    cases: dict[str, LetterInput], name: str, form: Literal["NFC", "NFD"]
) -> None:
    given = replace(cases[POST], full_name=unicodedata.normalize(form, name))
    shown = text_of(letter_pdf(draft_letter(given)), "Reference: K7F3-Q2MX")
    assert shown.count(flat(name)) >= 3  # sender, details, signature


OTHER_SCRIPTS = {
    "王小明": "Noto Sans CJK",
    "김철수": "Noto Sans CJK",
    "やまだ": "Noto Sans CJK",
    "አበበ ቢቂላ": "Noto Sans Ethiopic",
    "สมชาย": "Noto Sans Thai",
    "સેમ્પલ": "Noto Sans Gujarati",
    "محمد علي": "Noto Sans Arabic",
}


@pytest.mark.parametrize("name", OTHER_SCRIPTS)
def test_a_name_that_no_font_shows_stops_with_the_way_on(
    cases: dict[str, LetterInput], name: str
) -> None:
    """With the fonts typst brings along, these cannot be set; a computer with more may."""
    letter = draft_letter(replace(cases[POST], full_name=name))
    if not needs_fonts(name):
        assert letter_pdf(letter).startswith(b"%PDF")
        return
    with pytest.raises(NoGlyph) as caught:
        letter_pdf(letter)
    stopped = caught.value
    told = " ".join(str(text) for text in (stopped.what, stopped.known, stopped.hint))
    assert OTHER_SCRIPTS[name] in told
    assert "e-mail" in told
    assert not set(name) & set(told) - {" "}
    assert stopped.__suppress_context__


def needs_fonts(name: str) -> bool:
    """Say whether this computer lacks a font for the name, by typst's own judgement."""
    source = b'#set document(title: "x")\n' + name.encode()
    try:
        typst.compile(source, format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return True
    return False


def test_a_character_no_font_has_always_stops(cases: dict[str, LetterInput]) -> None:
    """One for private use: for rare scripts some machine has a font."""
    with pytest.raises(NoGlyph):
        letter_pdf(draft_letter(replace(cases[POST], full_name="Jordan \U0010fffd")))


def test_control_without_the_standard_the_character_is_dropped_silently() -> None:
    source = b'#set document(title: "x")\n#set text(font: "Libertinus Serif", fallback: false)\n'
    content = typst.compile(source + "Jordan 王 Sample".encode(), format="pdf")
    assert "王" not in read(content).pages[0].extract_text()


MARKUP = [
    '#panic("x")',
    "*bold* _em_ `raw`",
    "$x^2$ @label <label> \\",
    "= Heading",
    '"; #import "x.typ"; "',
    ']#eval("1+1")[',
    "{{ 7 * 7 }} {% raw %}",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_value_stays_text(cases: dict[str, LetterInput], markup: str) -> None:
    given = replace(
        cases[POST],
        full_name=f"Jordan {markup}",
        products=(markup,),
        enclosures=(markup,),
        broker_lines=(markup, "P.O. Box 100", "Springfield, ST 00000"),
    )
    letter = draft_letter(given)
    shown = text_of(letter_pdf(letter), letter.reference_line)
    assert shown.count(flat(markup)) >= 4


def test_a_fault_in_a_layout_is_told_in_our_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "layout").mkdir()
    (tmp_path / "layout" / "letter.typ").write_text("#let x = (", encoding="utf-8")
    monkeypatch.setattr(page, "shipped", lambda _folder: tmp_path)
    monkeypatch.setattr(page, "_compiler", lambda: typst.Compiler(root=str(tmp_path / "layout")))
    with pytest.raises(LayoutBroken):
        compiled("letter.typ", {"secret": "Jordan"})
    with pytest.raises(LayoutBroken):
        compiled("missing.typ", {})


def sheet(**changes: object) -> CoverSheet:
    full = CoverSheet(
        reference="K7F3-Q2MX",
        recipient_lines=ADDRESSES["five lines"],
        check=("Look on the company's privacy page for the address of privacy requests.",),
        enclose=("Copy of a utility bill",),
        blank_ssn_line=True,
        has_return_address=False,
        done="optout letter post K7F3-Q2MX",
    )
    return replace(full, **changes)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize("large_print", [False, True])
def test_the_cover_sheet_is_one_tagged_page_with_everything_to_do(*, large_print: bool) -> None:
    reader = read(cover_sheet_pdf(sheet(large_print=large_print)))
    assert len(reader.pages) == 1
    text = flat(reader.pages[0].extract_text())
    for words in (
        "Do not put it into the envelope",
        "This address is not sure",
        "Look on the company's privacy page",
        "write it on the envelope by hand",
        "Copy of a utility bill",
        "Write your Social Security number",
        "Certified mail is your choice",
        "optout letter post K7F3-Q2MX",
    ):
        assert words in text, words
    root = root_of(reader)
    assert root["/MarkInfo"]["/Marked"]


def test_a_sure_address_needs_no_check() -> None:
    text = flat(read(cover_sheet_pdf(sheet(check=()))).pages[0].extract_text())
    assert "not sure" not in text
    assert "A #10 window envelope shows the address while the paper" in text


def test_the_blank_line_is_on_paper_only_where_asked(cases: dict[str, LetterInput]) -> None:
    given = cases[FILE]
    shown = text_of(letter_pdf(draft_letter(given)), "Reference: K7F3-Q2MX")
    assert "Social Security number (write it by hand, only on this paper): ____" in shown
    without = draft_letter(replace(given, blank_ssn_line=False))
    assert "write it by hand" not in without.text


def test_values_not_given_are_not_in_the_letter(cases: dict[str, LetterInput]) -> None:
    given = replace(cases[POST], values={Field.CITY: "Denver", Field.STATE: "CO"})
    text = draft_letter(given).text
    assert "Date of birth" not in text
    assert "Phone" not in text
    assert "Address to search" not in text

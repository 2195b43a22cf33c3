"""Proves that letters set together are, page by page, what each is alone, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from optout.drafting import stack
from optout.drafting.letter import Letter, LetterInput, draft_letter
from optout.drafting.pdf import NoGlyph, letter_pdf, letters_pdf
from optout.drafting.stack import Paper, stacked
from optout.drafting.together import SetLetter, set_together
from tests.letters.test_pdf import pieces, root_of

CASES = (
    "appriss-insights-co-three-rights-post",
    "lexisnexis-risk-co-file-disclosure-post",
    "thomson-reuters-clear-ny-suppress-post",
)


@pytest.fixture
def letters(cases: dict[str, LetterInput]) -> list[Letter]:
    """Letters of one and of two pages, each with a reference of its own."""
    drafts = [
        draft_letter(replace(cases[name], reference=f"K7F{number}-Q2MX"))
        for number, name in enumerate((*CASES, CASES[0]))
    ]
    return [replace(drafts[0], blocks=drafts[0].blocks[-3:]), *drafts[1:]]


def all_set(letters: list[Letter], *, large_print: bool = False) -> list[SetLetter]:
    done = set_together(letters, large_print=large_print)
    assert all(isinstance(each, SetLetter) for each in done)
    return [each for each in done if isinstance(each, SetLetter)]


def pages_in(pdf: bytes) -> list[list[tuple[float, float, str]]]:
    return [sorted(pieces(pdf, number)) for number in range(len(PdfReader(BytesIO(pdf)).pages))]


def words_in(pdf: bytes) -> str:
    """Return everything that a file says: its pages, its titles and its tags."""
    with pikepdf.open(BytesIO(pdf)) as file:
        written = BytesIO()
        file.save(written, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return written.getvalue().decode("latin-1") + str(pages_in(pdf))


@pytest.mark.parametrize("large_print", [False, True])
def test_each_letter_has_the_pages_that_it_has_alone(
    letters: list[Letter], *, large_print: bool
) -> None:
    done = all_set(letters, large_print=large_print)
    alone = [pages_in(letter_pdf(letter, large_print=large_print)) for letter in letters]
    assert [pages_in(each.alone) for each in done] == alone
    assert {len(pages) for pages in alone} >= {1, 2}


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("sentences", [20, 35, 50, 60])
def test_a_letter_of_one_long_paragraph_keeps_its_first_page(
    letters: list[Letter], sentences: int, *, large_print: bool
) -> None:
    """Closing words stay together: where they do not fit under the heading, they go on alone."""
    plain = next(block for block in letters[1].blocks if block.kind not in ("item", "details"))
    long = replace(
        plain, text="All of this is what somebody wrote in words of their own. " * sentences
    )
    several = [letters[0], replace(letters[1], blocks=(long, plain)), letters[2]]
    done = all_set(several, large_print=large_print)
    alone = [pages_in(letter_pdf(letter, large_print=large_print)) for letter in several]
    assert [pages_in(each.alone) for each in done] == alone
    assert all(each.file != each.alone for each in done), "they were cut apart, not set again"


def test_a_letter_cut_out_says_nothing_of_the_others(letters: list[Letter]) -> None:
    done = all_set(letters)
    names = [letter.reference_line.split()[-1] for letter in letters]
    assert all(name in words_in(done[0].file) for name in names), "the control: all in one file"
    for name, each in zip(names, done, strict=True):
        assert [other for other in names if other in words_in(each.alone)] == [name]


def test_a_stack_takes_each_letters_own_pages_from_the_file_they_share(
    letters: list[Letter],
) -> None:
    done = all_set(letters)
    papers = [Paper(title=str(n), pdf=each.file, pages=each.pages) for n, each in enumerate(done)]
    papers.reverse()
    pages = pages_in(stacked(papers, title="one", two_sided=False))
    assert pages == [page for each in reversed(done) for page in pages_in(each.alone)]


def test_a_letter_that_cannot_be_set_keeps_none_of_the_others_back(letters: list[Letter]) -> None:
    broken = replace(letters[1], signature="Jordan \U0010fffd")
    first, second, third = set_together([letters[0], broken, letters[2]])
    assert isinstance(second, NoGlyph)
    assert isinstance(first, SetLetter)
    assert isinstance(third, SetLetter)
    assert first.alone == letter_pdf(letters[0])


@pytest.mark.parametrize("heading", ["another letter's", "gone", "on the page of the one before"])
def test_where_the_pages_are_not_certain_each_letter_is_set_alone(
    letters: list[Letter], monkeypatch: pytest.MonkeyPatch, heading: str
) -> None:
    as_it_is = stack._headings  # noqa: SLF001 - where it is read whose pages they are

    def mixed_up(source: pikepdf.Pdf) -> list[tuple[str, tuple[int, int]]]:
        (one, its_page), (two, page), *rest = as_it_is(source)
        if heading == "gone":
            return [(one, its_page), *rest]
        if heading == "another letter's":
            return [(two, its_page), (one, page), *rest]
        return [(one, its_page), (two, its_page), *rest]

    assert all(each.file != each.alone for each in all_set(letters)), "the control"
    monkeypatch.setattr(stack, "_headings", mixed_up)
    assert [each.alone for each in all_set(letters)] == [letter_pdf(each) for each in letters]


def test_a_letter_by_itself_can_be_read_aloud(letters: list[Letter]) -> None:
    (only,) = all_set(letters[:1])
    assert only.alone == letter_pdf(letters[0])
    assert root_of(PdfReader(BytesIO(only.alone)))["/MarkInfo"]["/Marked"]
    assert letters_pdf(letters[:1]) == only.alone

"""Proves what an office's papers say in both languages, and what none of them ever asks.

To write them again after a change:

    WRITE_GOLDEN=1 python -m pytest tests/letters/test_clinic_papers.py

Then read `git diff tests/letters/golden-clinic` as a tired client would, and run again.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.drafting.letter import UnprintableValue
from optout.drafting.paper_text import PaperBlock
from optout.drafting.paper_words import BadPaper, words_from
from optout.drafting.papers import (
    VALUES,
    Asked,
    Done,
    DraftedPaper,
    Given,
    PaperInput,
    Shelf,
    draft_paper,
    file_of,
    find_mistakes,
    paper_pdf,
    wording_of,
    words_file,
)
from optout.errors import WrongUsage
from optout.model.fields import Field
from optout.model.paper import SIGNED, Paper
from optout.model.words import By, Right
from optout.rules.paper_signing import why_not_signed
from optout.shipped import shipped
from optout.workflows.clinic_papers import begin_language, record_review

GOLDEN = Path(__file__).parent / "golden-clinic"
OURS = shipped("letters") / "clinic"
SHELF = Shelf()
ON = date(2026, 11, 2)
LANGUAGES = ("en", "es")
EVERY = [(paper, language) for paper in Paper for language in LANGUAGES]
NAMES_NO_OFFICE = (
    *(Paper.INTAKE, Paper.EXPLANATION, Paper.AUTHORIZATION),
    *(Paper.ANSWER, Paper.CLOSING),
)

FULL_NAME = Given(field=Field.FULL_NAME, value="María José Muñoz Sample", new=False)
HOME = Given(field=Field.STREET, value="215 Example Avenue, Unit 3", new=False)
PHONE = Given(field=Field.PHONE, value="(303) 555-0119", new=True)
ASKS = (
    Asked(
        company="Example Risk Data LLC",
        rights=(Right.FILE_DISCLOSURE, Right.OPT_OUT, Right.DELETE),
        by=By.POST,
        given=(FULL_NAME, HOME, PHONE),
    ),
    Asked(
        company="Example People Search, Inc.",
        rights=(Right.OPT_OUT,),
        by=By.WEB,
        given=(FULL_NAME,),
    ),
)
DONE = (
    Done(
        company="Example Risk Data LLC",
        right=Right.DELETE,
        sent_on=date(2026, 8, 3),
        answer="fulfilled",
    ),
    Done(
        company="Example People Search, Inc.",
        right=Right.OPT_OUT,
        sent_on=date(2026, 10, 5),
        due_on=date(2026, 11, 19),
    ),
    Done(company="Example Wages, Inc.", right=Right.FREEZE, sent_on=None),
)


def filled(paper: Paper, language: str, **changes: object) -> PaperInput:
    given = PaperInput(
        paper=paper,
        language=language,
        reference="K7F3-Q2MX",
        has_client=True,
        client_name="María José Muñoz Sample",
        clinic_name="Example Legal Office",
        clinic_address="P.O. Box 100, Denver, CO 80202",
        clinic_phone="303-555-0100",
        lawyer_name="Robin Example",
        keeps_years=5,
        today=ON,
        ends_on=date(2027, 11, 2),
        names=("María José Muñoz Sample", "Maria Munoz"),
        phones=("(303) 555-0119",),
        emails=("mj.munoz@example.com",),
        addresses=("215 Example Avenue, Unit 3, Pueblo, CO 81003",),
        asks=ASKS,
        done=DONE,
    )
    return replace(given, **changes)  # type: ignore[arg-type]  # a test names real fields


def blank(paper: Paper, language: str) -> PaperInput:
    return PaperInput(paper=paper, language=language, reference="K7F3-Q2MX")


CASES = {
    f"{paper}.{language}.{kind.__name__}": kind(paper, language)
    for paper, language in EVERY
    for kind in (filled, blank)
}


@pytest.mark.parametrize("name", CASES)
def test_a_paper_reads_as_it_was_approved(name: str) -> None:
    kept = GOLDEN / f"{name}.txt"
    text = draft_paper(SHELF, CASES[name]).text
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_paper_is_kept_that_cannot_occur() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)


# --- what is asked, and what never is ---------------------------------------------------------

STATUS = re.compile(
    r"immigra|migra(nt|tori|ción)|\bvisas?\b|nationalit|nacionalidad|citizen|ciudadan|\balien"
    r"|a-number|número a\b|asyl|asilo|deport|refugee|refugiad|undocumented|indocumentad"
    r"|green card|residencia permanente|born|naci(ó|do|miento)|country of|país de"
    r"|social security|seguro social|\bssn\b|itin|passport|pasaporte|ethnic|\brace\b|\braza\b"
    r"|religio",
    re.IGNORECASE,
)
TO_FILL = frozenset({"line", "choice", "sign"})


def asked_of_people(drafted: DraftedPaper) -> Iterator[str]:
    """Yield whatever somebody answers: lines to write on, boxes to tick, places to sign."""
    for block in drafted.blocks:
        if block.kind in TO_FILL or any(part.kind in {"blank", "tick"} for part in block.parts):
            yield block.plain()


@pytest.mark.parametrize("name", CASES)
def test_nothing_about_status_is_asked_anywhere(name: str) -> None:
    asked = list(asked_of_people(draft_paper(SHELF, CASES[name])))
    assert asked or CASES[name].paper in {Paper.AUTHORIZATION, Paper.EXPLANATION}
    assert [line for line in asked if STATUS.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "Country of birth: ____",
        "[ ] I have a visa.",
        "Estatus migratorio: ____",
        "Lugar de nacimiento: ____",
        "ITIN: {{ client_name }}",
    ],
)
def test_such_a_question_would_be_found(line: str, tmp_path: Path) -> None:
    """The control: the same looking finds it in an office's own paper."""
    shelf = own(tmp_path, "intake.en.txt.j2", f"About you\n\n{line}\n")
    asked = list(asked_of_people(draft_paper(shelf, blank(Paper.INTAKE, "en"))))
    assert [each for each in asked if STATUS.search(each)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_intake_says_what_not_to_write(language: str) -> None:
    text = draft_paper(SHELF, blank(Paper.INTAKE, language)).text
    said = {"en": "Please do not write these here", "es": "no escriba aquí nada de esto"}
    assert said[language] in text


@pytest.mark.parametrize(
    ("paper", "language", "words"),
    [
        (Paper.ENGAGEMENT, "en", ("no immigration advice", "notario, is not a lawyer", "any day")),
        (Paper.ENGAGEMENT, "es", ("No damos consejos de inmigración", "notario público no es")),
        (Paper.ENGAGEMENT, "en", ("It ends on: November 2, 2027", "We keep it for: 5 years")),
        (Paper.ENGAGEMENT, "es", ("Termina el día: 2 de noviembre de 2027", "por: 5 años")),
        (Paper.EXPLANATION, "en", ("It does not hide you from ICE", "EOIR-33", "NEW to them")),
        (Paper.EXPLANATION, "es", ("No lo esconde de ICE", "EOIR-33", "es NUEVO para ellos")),
        (Paper.CONSENT, "en", ("I can take back each yes on any day", "also if I say no")),
        (Paper.CONSENT, "es", ("Puedo retirar cada sí cualquier día", "también si digo que no")),
        (Paper.AUTHORIZATION, "en", ("You can ask each company in your own name", "LexisNexis")),
        (
            Paper.CLOSING,
            "en",
            ("Sent on August 3, 2026", "They wrote that they did it", "not sent"),
        ),
    ],
)
def test_each_paper_holds_its_promises(paper: Paper, language: str, words: tuple[str, ...]) -> None:
    text = draft_paper(SHELF, filled(paper, language)).text
    assert [each for each in words if each not in text] == []


OVERCLAIMS = re.compile(
    r"guarantee|garantiz|\bwe promise\b|prometemos|will delete|borrarán|must delete"
    r"|your right to|tiene derecho|protects? you from|lo protege de|success|éxito|perjury|perjurio"
    r"|under oath|bajo juramento|\bvault\b|\bmatter\b|suppression|reconcil|outbox|bóveda|optout",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", CASES)
def test_no_paper_promises_what_the_law_does_not_or_speaks_our_own_words(name: str) -> None:
    assert OVERCLAIMS.findall(draft_paper(SHELF, CASES[name]).text) == []


def test_such_words_would_be_found() -> None:
    """The control."""
    assert OVERCLAIMS.search("They must delete it. This is a success.")
    assert OVERCLAIMS.search("Garantizamos que lo borrarán.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_lie_at_home_names_no_office(language: str) -> None:
    for paper in Paper:
        text = draft_paper(SHELF, filled(paper, language)).text
        assert ("Example Legal Office" in text) is (paper not in NAMES_NO_OFFICE), paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_consent_names_each_company_each_field_and_its_value(language: str) -> None:
    drafted = draft_paper(SHELF, filled(Paper.CONSENT, language))
    rows = [block for block in drafted.blocks if block.kind == "line"]
    boxes = [each for each in rows if sum(part.kind == "tick" for part in each.parts) == 2]
    assert len(boxes) == sum(len(asked.given) for asked in ASKS)
    new = {"en": "NEW to them", "es": "NUEVO para ellos"}[language]
    assert [new in row.plain() for row in boxes] == [False, False, True, False]
    assert "(303) 555-0119" in boxes[2].plain()


def test_a_freeze_and_a_file_are_explained_only_where_they_are_asked() -> None:
    text = draft_paper(SHELF, filled(Paper.EXPLANATION, "en", asks=ASKS[1:])).text
    assert "freeze" not in text
    assert "NEW" not in text
    assert "NEW" in draft_paper(SHELF, filled(Paper.EXPLANATION, "en")).text, "the control"
    nothing_yet = draft_paper(SHELF, filled(Paper.EXPLANATION, "en", asks=())).text
    assert "freeze can hold up" in nothing_yet  # its lines are filled by hand
    frozen = replace(ASKS[1], rights=(Right.FREEZE,))
    assert (
        "freeze can hold up"
        in draft_paper(SHELF, filled(Paper.EXPLANATION, "en", asks=(frozen,))).text
    )


# --- plain words ------------------------------------------------------------------------------


def prose(name: str) -> str:
    """Return the sentences of a paper, without titles, labels and lists of companies."""
    drafted = draft_paper(SHELF, CASES[name])
    kinds = {"paragraph", "point", "choice"}
    said = [each.plain() for each in drafted.blocks if each.kind in kinds]
    return " ".join(each.removeprefix("- ").replace("[ ]", "") for each in said)


def english_grade(text: str) -> float:
    """Flesch and Kincaid's grade, as tests/architecture/test_reading.py counts it."""
    spoken = [re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", w.lower()) for w in words_in(text)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word))) for word in spoken)
    return 0.39 * len(spoken) / sentences_in(text) + 11.8 * syllables / len(spoken) - 15.59


def spanish_grade(text: str) -> float:
    """Crawford's grade for Spanish: sentences and syllables of 100 words."""
    found = words_in(text)
    syllables = sum(len(re.findall(r"[aeiouyáéóú]+|[íïü]", word.lower())) for word in found)
    hundred = len(found) / 100
    return -0.205 * sentences_in(text) / hundred + 0.049 * syllables / hundred - 3.407


def words_in(text: str) -> list[str]:
    return re.findall(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ']+", text)


def sentences_in(text: str) -> int:
    return len([each for each in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"\w", each)])


GRADE = {"en": english_grade, "es": spanish_grade}


@pytest.mark.parametrize("name", [name for name in CASES if name.endswith("blank")])
def test_a_paper_is_read_with_six_years_of_school(name: str) -> None:
    assert GRADE[CASES[name].language](prose(name)) <= 6


def test_legalese_would_be_found() -> None:
    """The control."""
    assert (
        english_grade(
            "Notwithstanding the aforementioned provisions, the undersigned hereby irrevocably "
            "authorizes the dissemination of personally identifiable information."
        )
        > 12
    )
    assert (
        spanish_grade(
            "No obstante las disposiciones anteriormente mencionadas, el suscrito autoriza "
            "irrevocablemente la diseminación de información personalmente identificable."
        )
        > 6
    )


# --- drafts, reviews, signatures --------------------------------------------------------------


def own(folder: Path, name: str = "", text: str = "") -> Shelf:
    folder.mkdir(exist_ok=True)
    if name:
        (folder / name).write_text(text, encoding="utf-8")
    return Shelf(folder)


def signs(drafted: DraftedPaper) -> list[PaperBlock]:
    return [block for block in drafted.blocks if block.kind == "sign"]


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("paper", Paper)
def test_a_translation_that_nobody_read_says_so_on_every_page(
    paper: Paper, *, large_print: bool
) -> None:
    drafted = draft_paper(SHELF, filled(paper, "es"))
    assert signs(drafted) == []
    pdf, _gone = paper_pdf(drafted, large_print=large_print)
    for page in pages(pdf):
        assert "DRAFT" in page
        assert page.count("BORRADOR") == 2  # the band at the top, and across the page
    english, _gone = paper_pdf(draft_paper(SHELF, filled(paper, "en")), large_print=large_print)
    assert not any("DRAFT" in page or "BORRADOR" in page for page in pages(english)), "the control"


@pytest.mark.parametrize("paper", Paper)
def test_only_what_is_signed_has_a_line_to_sign_on(paper: Paper) -> None:
    drafted = draft_paper(SHELF, filled(paper, "en"))
    assert bool(signs(drafted)) is (paper in SIGNED)
    assert (why_not_signed(drafted.wording) is None) is (paper in SIGNED)


def test_a_review_counts_until_a_letter_changes(tmp_path: Path) -> None:
    shelf = own(tmp_path)
    assert wording_of(shelf, Paper.CONSENT, "es").is_draft
    record_review(shelf, Paper.CONSENT, "es", name="Robin Example", bar="", on=ON)
    drafted = draft_paper(shelf, filled(Paper.CONSENT, "es"))
    assert not drafted.wording.is_draft
    assert len(signs(drafted)) == 1
    assert "las leyó Robin Example el 2 de noviembre de 2026" in drafted.text
    assert "To be reviewed by your supervising lawyer" in drafted.text  # no lawyer did
    for name in ("consent.es.txt.j2", "consent.en.txt.j2", "words.es.toml"):
        text = (OURS / name).read_text("utf-8").replace(".", ". ", 1)
        changed = own(tmp_path, name, text)
        assert wording_of(changed, Paper.CONSENT, "es").is_draft, name
        (tmp_path / name).unlink()
    assert not wording_of(shelf, Paper.CONSENT, "es").is_draft, "the control"
    assert wording_of(shelf, Paper.ENGAGEMENT, "es").is_draft, "each paper is read for itself"


def test_a_lawyer_who_read_it_stands_at_its_end(tmp_path: Path) -> None:
    shelf = own(tmp_path)
    record_review(shelf, Paper.ENGAGEMENT, "en", name="Sam Example", bar="Colorado 00000", on=ON)
    text = draft_paper(shelf, filled(Paper.ENGAGEMENT, "en")).text
    assert text.endswith("read by Sam Example, lawyer (Colorado 00000), on November 2, 2026.\n")
    assert "to be reviewed" not in text
    assert (
        "to be reviewed by your supervising lawyer"
        in draft_paper(SHELF, filled(Paper.ENGAGEMENT, "en")).text
    )


def test_a_review_needs_a_whole_name_and_readable_words(tmp_path: Path) -> None:
    for name in ("", "Robin", " "):
        with pytest.raises(WrongUsage, match="whole name"):
            record_review(own(tmp_path), Paper.INTAKE, "es", name=name, bar="", on=ON)
    broken = own(tmp_path, "intake.es.txt.j2", "Título\n\n{{ nombre }}\n")
    with pytest.raises(BadPaper, match="line 3"):
        record_review(broken, Paper.INTAKE, "es", name="Robin Example", bar="", on=ON)


# --- the office's own words -------------------------------------------------------------------


def test_the_offices_own_words_win(tmp_path: Path) -> None:
    shelf = own(tmp_path, "intake.en.txt.j2", "Hello\n\nYour name: {{ client_name }}\n")
    drafted = draft_paper(shelf, filled(Paper.INTAKE, "en"))
    assert drafted.title == "Hello"
    assert "Your name: María José Muñoz Sample" in drafted.text
    assert not drafted.wording.ours


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        ("Title\n\nText.\n{{ clientname }}\n", 4, "clientname is not known here (perhaps:"),
        ("Title\n\n{{ client_name\n", 3, "braces"),
        ("Title\n\n{% if has_client %}\nText.\n", 4, "braces"),
        ("Title\n\n{% for x in names %}\n{% endfor %}\n", 3, "only {{ value }}"),
        ("Title\n\n{{ client_name.upper() }}\n", 3, "only {{ value }}"),
        ("Title\n\nText.\n\n{{ 7 * 7 }}\n", 5, "only {{ value }}"),
        ("Title\n\nText\x02 3.\n", 3, "nobody can see"),
        ("", 1, "no title"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(
    tmp_path: Path, source: str, line: int, why: str
) -> None:
    shelf = own(tmp_path, "intake.en.txt.j2", source)
    (mistake, *_more) = find_mistakes(shelf, Paper.INTAKE, "en")
    assert f"{tmp_path / 'intake.en.txt.j2'}, line {line}: " in str(mistake)
    assert why in str(mistake)
    with pytest.raises(BadPaper, match=f"line {line}"):
        draft_paper(shelf, blank(Paper.INTAKE, "en"))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('and = "y"', "and = y", "line 5: this cannot be read as TOML"),
        ("Teléfono: {value}", "Teléfono: {valor}", "rows.phone has no place called {valor}"),
        ('way = "- Cómo', 'weg = "- Cómo', "the line rows.way is missing"),
        ("enero febrero", "enero", "months has 11 names"),
    ],
)
def test_a_mistake_in_the_small_words_is_told_too(
    tmp_path: Path, before: str, after: str, why: str
) -> None:
    source = (OURS / "words.es.toml").read_text("utf-8")
    assert before in source
    shelf = own(tmp_path, "words.es.toml", source.replace(before, after))
    told = " ".join(str(each) for paper in Paper for each in find_mistakes(shelf, paper, "es"))
    assert why in told


def test_our_own_words_have_no_mistake() -> None:
    for paper, language in EVERY:
        assert list(find_mistakes(SHELF, paper, language)) == []


def test_what_is_not_text_is_told(tmp_path: Path) -> None:
    own(tmp_path)
    (tmp_path / "intake.en.txt.j2").write_bytes(b"\xff\xfeH\x00")
    (mistake,) = find_mistakes(Shelf(tmp_path), Paper.INTAKE, "en")
    assert "not saved as UTF-8" in str(mistake)


def test_both_languages_place_the_same_values() -> None:
    for paper in Paper:
        placed = [
            sorted(re.findall(r"\{[{%].*?[%}]\}", (OURS / file_of(paper, each)).read_text("utf-8")))
            for each in LANGUAGES
        ]
        assert placed[0] == placed[1], paper
    english, spanish = (
        words_from((OURS / words_file(each)).read_text("utf-8"), each).table for each in LANGUAGES
    )
    assert english.keys() == spanish.keys()


def test_the_readme_names_every_value() -> None:
    readme = (OURS / "README.md").read_text("utf-8")
    assert {name for name in VALUES if f"`{name}`" not in readme} == set()


def test_a_new_language_begins_as_the_english_one_and_as_a_draft(tmp_path: Path) -> None:
    shelf = own(tmp_path / "own")
    assert [new for _place, new in begin_language(shelf, Paper.INTAKE, "vi")] == [True, True]
    assert shelf.languages(Paper.INTAKE) == ("en", "es", "vi")
    drafted = draft_paper(shelf, filled(Paper.INTAKE, "vi"))
    assert drafted.wording.is_draft
    assert drafted.text.startswith("DRAFT.")
    assert [new for _place, new in begin_language(shelf, Paper.INTAKE, "vi")] == [False]
    with pytest.raises(WrongUsage):
        begin_language(shelf, Paper.INTAKE, "../x")


# --- the page ---------------------------------------------------------------------------------


def flat(text: str) -> str:
    return " ".join(text.replace("[ ]", " ").replace("_", " ").split())


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_the_page_says_every_word_of_the_paper_in_its_order(
    name: str, *, large_print: bool
) -> None:
    drafted = draft_paper(SHELF, CASES[name])
    pdf, gone = paper_pdf(drafted, large_print=large_print)
    assert gone == ()
    shown = "".join(pages(pdf))
    for around in (drafted.draft_line, drafted.draft_mark, drafted.reference_line):
        shown = shown.replace(around, "") if around else shown
    shown, at = "".join(shown.split()), 0
    for block in drafted.blocks:
        for word in (each for part in block.parts for each in part.text.split()):
            place = shown.find(word, at)
            assert place >= 0, word
            at = place + len(word)
    reader = PdfReader(io.BytesIO(pdf))
    assert 1 <= len(reader.pages) <= (4 if large_print else 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_own_card_names_nobody_and_nothing(language: str) -> None:
    pdf, _gone = paper_pdf(draft_paper(SHELF, filled(Paper.CONSENT, language)))
    reader = PdfReader(io.BytesIO(pdf))
    card = {key: str(value) for key, value in (reader.metadata or {}).items()}
    assert card["/Title"] in {"Paper K7F3-Q2MX", "Papel K7F3-Q2MX"}
    assert set(card) == {"/Title", "/Creator"}
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == language  # type: ignore[index]  # a PDF's objects have no types
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]


@pytest.mark.parametrize("name", CASES)
def test_large_print_is_large_everywhere(name: str) -> None:
    pdf, _gone = paper_pdf(draft_paper(SHELF, CASES[name]), large_print=True)
    sizes = [size for page in PdfReader(io.BytesIO(pdf)).pages for size in sizes_on(page)]
    assert min(sizes) >= 14
    small, _gone = paper_pdf(draft_paper(SHELF, CASES[name]))
    least = min(size for page in PdfReader(io.BytesIO(small)).pages for size in sizes_on(page))
    assert least < 14, "the control"


def sizes_on(page: object) -> list[float]:
    found: list[float] = []

    def visit(text: str, _cm: object, tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append(round(size * (tm[0] ** 2 + tm[1] ** 2) ** 0.5, 2))

    page.extract_text(visitor_text=visit)  # type: ignore[attr-defined]  # a page
    return found


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh Example",
        "Олена Зразок",
        "Ελένη Παράδειγμα",
        "José Ñuñez-Güell",
        "Đặng Văn Sample",
    ],
)
def test_names_of_many_scripts_stand_on_the_page(name: str) -> None:
    given = filled(Paper.ENGAGEMENT, "en", client_name=name)
    pdf, gone = paper_pdf(draft_paper(SHELF, given))
    assert gone == ()
    assert flat(name) in flat(" ".join(pages(pdf)))


def test_a_name_that_no_font_shows_leaves_its_line_blank_and_is_told() -> None:
    strange = "Sample \U00013000\U00013001"  # signs that hardly any computer has
    given = filled(Paper.INTAKE, "en", names=(strange, "Maria Munoz"))
    pdf, gone = paper_pdf(draft_paper(SHELF, given))
    assert gone == (strange,)
    text = " ".join(pages(pdf))
    assert "Maria Munoz" in text
    assert "Sample" not in text.replace("María José Muñoz Sample", "")


def test_a_value_is_never_read_as_a_template_or_a_line() -> None:
    for name in ("{{ lawyer_name }} {% if %}", "## [ ] ____", "- Sign: x", "#set page()", "*a*"):
        drafted = draft_paper(SHELF, filled(Paper.ENGAGEMENT, "en", client_name=name))
        assert f"Client (you): {name}" in drafted.text
        clean = draft_paper(SHELF, filled(Paper.ENGAGEMENT, "en"))
        assert [block.kind for block in drafted.blocks] == [block.kind for block in clean.blocks]
        assert flat(name) in flat(" ".join(pages(paper_pdf(drafted)[0])))
    for hidden in ("Jordan\nSample", "Jordan\x020\x03", "Jor\u202edan"):
        with pytest.raises(UnprintableValue):
            draft_paper(SHELF, filled(Paper.ENGAGEMENT, "en", client_name=hidden))


def test_the_same_paper_makes_the_same_bytes() -> None:
    drafted = draft_paper(SHELF, filled(Paper.CONSENT, "es"))
    assert paper_pdf(drafted) == paper_pdf(drafted)


def test_a_file_outside_the_folders_is_never_read(tmp_path: Path) -> None:
    shutil.copy(OURS / "intake.en.txt.j2", tmp_path / "intake.xx.txt.j2")
    for language in ("../xx", "x/x", "EN", "e.n", "espanol", ""):
        with pytest.raises(WrongUsage):
            wording_of(Shelf(tmp_path / "own"), Paper.INTAKE, language)

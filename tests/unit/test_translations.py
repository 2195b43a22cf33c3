"""What stands in the files of companies and laws is there in Spanish, and says the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from optout.catalog.checks import translated
from optout.catalog.lint import lint_folder
from optout.catalog.translations import BESIDE, kept_as_they_are, read_translation
from optout.i18n import entry, in_language, say
from optout.locale.entries import (
    COMPILED,
    SHARED,
    all_files,
    all_sentences,
    all_translations,
    compiled,
)
from optout.shipped import shipped
from optout.text import Text, as_written

COMPANY = "nuwber"
FORM = "It does not reach records that government offices keep themselves."


def test_every_sentence_of_a_company_has_its_spanish() -> None:
    """Mend with: python -m optout.locale.entries --new"""
    assert set(all_sentences()) - set(all_translations()) == set()


def test_no_translation_is_left_of_what_is_not_said_any_more() -> None:
    assert set(all_translations()) - set(all_sentences()) == set()


def test_each_sentence_is_translated_in_one_place() -> None:
    told = Counter(said.en for path in all_files() for said in read_translation(path))
    assert {en for en, times in told.items() if times > 1} == set()


def test_the_compiled_file_is_what_the_files_say() -> None:
    """Mend with: python -m optout.locale.entries"""
    assert COMPILED.read_bytes() == compiled()


def test_the_shared_files_say_the_same_in_both_languages() -> None:
    laws = tuple((shipped("letters") / "es").glob("*.toml"))
    english = frozenset(all_sentences())
    for path in (shipped("brokers") / SHARED, *laws):
        assert list(translated.findings_of_words(read_translation(path), english)) == [], path


def test_a_person_reads_spanish_and_a_changed_sentence_in_english() -> None:
    with in_language("es"):
        assert entry(FORM) == "No llega a los registros que guardan las oficinas del gobierno."
        assert entry(FORM + " Changed.") == FORM + " Changed."
        assert entry("") == ""
    with in_language("en"):
        assert entry(FORM) == FORM


def test_a_sentence_inside_another_is_read_in_spanish_and_its_braces_are_no_places() -> None:
    with in_language("es"):
        said = say(Text("Not reached: {what}", what=as_written(FORM)))
    assert said == "No alcanza: No llega a los registros que guardan las oficinas del gobierno."
    with in_language("es"):
        assert say(as_written("{first_name} and {no_place}")) == "{first_name} and {no_place}"


def folder_with(tmp_path: Path, words: str) -> Path:
    """Make a folder of a company with these translations beside its definition."""
    folder = tmp_path / COMPANY
    folder.mkdir()
    content = (shipped("brokers") / COMPANY / "broker.toml").read_text("utf-8")
    (folder / "broker.toml").write_text(content, "utf-8")
    (folder / BESIDE).write_text(words, "utf-8")
    return folder


def findings(tmp_path: Path, words: str) -> list[tuple[str, bool]]:
    found = lint_folder(folder_with(tmp_path, words))
    return [(each.check, each.warning) for each in found if BESIDE in each.where or not each.where]


def words(en: str, es: str, more: str = "") -> str:
    return f"[[words]]\nen = '''{en}'''\nes = '''{es}'''\n{more}"


def test_a_true_translation_is_passed(tmp_path: Path) -> None:
    found = findings(tmp_path, words("One record a request", "Un registro por solicitud"))
    assert (translated.ID, False) not in found


def test_a_stale_sentence_is_a_warning(tmp_path: Path) -> None:
    assert (translated.ID, True) in findings(tmp_path, words("Nobody says this.", "Nadie."))


@pytest.mark.parametrize(
    "brought",
    [
        "Cualquiera: https://evil.example/",
        "Cualquiera, en evil.example.com.",
        "Escriba a someone@example.com.",
        "Llame al 303-555-0142.",
        "<b>Cualquiera</b>",
        "“Delete”, para sí.",
        "`#submit`",
        "{{ssn}}",
        "  ",
    ],
)
def test_nothing_comes_in_by_a_translation(tmp_path: Path, brought: str) -> None:
    found = findings(tmp_path, words("One record a request", brought))
    assert (translated.ID, False) in found


@pytest.mark.parametrize(
    "bad",
    [
        words("One record a request", "Cualquiera.", more='hosts = ["evil.example"]'),
        'hosts = ["evil.example"]\n' + words("One record a request", "Cualquiera."),
        words("One record a request", "Cual\u202equiera."),
        "[[words]]\nen = 'One record a request'\n",
        "words",
    ],
)
def test_the_file_holds_sentences_and_nothing_else(tmp_path: Path, bad: str) -> None:
    assert any(not warning for _check, warning in findings(tmp_path, bad))


def test_a_sentence_translated_twice_is_told(tmp_path: Path) -> None:
    twice = words("One record a request", "Cualquiera.") * 2
    assert (translated.ID, False) in findings(tmp_path, twice)


def test_what_stays_as_it_is_is_known() -> None:
    said = "Press “OK” at a.example.com/b by 2026-09-23 [CA26], or mail x@example.com: 12,692."
    assert set(kept_as_they_are(said)) >= {"“OK”", "a.example.com/b", "[CA26]", "x@example.com"}
    assert kept_as_they_are("Only words.") == []

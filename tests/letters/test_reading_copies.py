"""Proves that the Spanish copy of a letter says what the letter says, or is not there.

To write them again after a change:

    WRITE_GOLDEN=1 python -m pytest tests/letters/test_reading_copies.py

Then read `git diff tests/letters/golden-copies` beside the English letters, and run again.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from pypdf import PdfReader

from optout.drafting import template, words
from optout.drafting.follow_up import FollowUpInput
from optout.drafting.letter import Ask, Block, LetterInput
from optout.drafting.reading_copy import (
    LetterGiven,
    ReadingCopy,
    drafted,
    reading_copy,
    reading_copy_pdf,
)
from optout.drafting.template import made_from
from optout.i18n import entry, in_language
from optout.shipped import shipped
from tests.letters.conftest import CASES
from tests.letters.follow_ups import FOLLOW_UPS
from tests.letters.test_agents_letter import CASES as BY_AGENT

GOLDEN = Path(__file__).parent / "golden-copies"
ENGLISH, COPIES = shipped("letters") / "en", shipped("letters") / "es" / "copy"
EVERY: Mapping[str, LetterGiven] = {
    **CASES,
    **{f"after-{name}": each for name, each in FOLLOW_UPS.items()},
    **{f"agent-{name}": each for name, each in BY_AGENT.items()},
}
# What an agent is allowed and what asks a public body: their letters are read with somebody.
WITHOUT = {"authorization", "records-frame", "records-jail", "records-own", "records-vehicles"} | {
    "records-wages"
}
KEPT = (
    "agent-california",
    "after-uk-gdpr-appeal",
    "after-us-ca-ccpa-complaint",
    "after-us-co-cpa-appeal-every-reason",
    "after-us-co-cpa-reminder",
    "after-us-fcra-dispute-reminder",
    "appriss-insights-ca-three-rights-post",
    "equifax-co-freeze-post",
    "equifax-co-prescreen-opt-out-post",
    "lexisnexis-risk-ca-limit-email",
    "lexisnexis-risk-co-dispute-post",
    "lexisnexis-risk-co-file-disclosure-post",
    "relx-lexisnexis-ct-all-rights-email",
    "relx-lexisnexis-germany-three-rights-post",
    "relx-lexisnexis-tx-all-rights-email",
    "thomson-reuters-clear-ny-suppress-post",
)
LONG = "relx-lexisnexis-ct-all-rights-email"


def copy_of(name: str) -> ReadingCopy:
    copy = reading_copy(EVERY[name], "es")
    assert copy is not None
    return copy


@pytest.mark.parametrize("name", KEPT)
def test_a_copy_reads_as_it_was_approved(name: str) -> None:
    kept, text = GOLDEN / f"{name}.txt", copy_of(name).text
    if os.environ.get("WRITE_GOLDEN"):
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_copy_is_kept_that_is_not_read() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(KEPT)


def shape(block: Block) -> tuple[object, ...]:
    """Return what is the same in every language: the parts, the sections, every number."""
    numbers = Counter(re.findall(r"\d+", block.plain()))
    return block.kind, block.number, block.basis, len(block.paragraphs), len(block.rows), numbers


@pytest.mark.parametrize("name", EVERY)
def test_every_letter_has_a_copy_that_says_the_same_part_by_part(name: str) -> None:
    given, english, copy = EVERY[name], drafted(EVERY[name]), copy_of(name).letter
    assert [shape(block) for block in copy.blocks] == [shape(block) for block in english.blocks]
    assert len(copy.enclosures) == len(english.enclosures)
    for own, theirs in zip(copy.blocks, english.blocks, strict=True):
        assert own.text != theirs.text or own.text in {"", own_words(given)}, "in English"
    assert given.full_name in copy.text
    assert (given.broker_name if given.broker_name in english.text else "") in copy.text


def own_words(given: LetterGiven) -> str:
    """Return what the person wrote themselves: it stays as they wrote it."""
    return given.said.own if isinstance(given, FollowUpInput) and given.said else ""


def test_the_control_a_paragraph_less_is_another_shape() -> None:
    block = copy_of(LONG).letter.items[0]
    assert shape(replace(block, paragraphs=block.paragraphs[1:])) != shape(block)
    assert shape(replace(block, paragraphs=("45",))) != shape(replace(block, paragraphs=("54",)))


# The files


def placed_and_asked(source: str) -> tuple[set[str], set[str]]:
    """Return which values a template places, and what it asks for."""
    tree = Environment(autoescape=False).parse(source)
    asked = {str(each.test) for each in tree.find_all(nodes.If)}
    placed = {
        part.name
        for each in tree.find_all(nodes.Output)
        for part in each.nodes
        if isinstance(part, nodes.Name)
    }
    return placed, asked


def templates() -> Iterator[tuple[str, str, str]]:
    for copy in COPIES.glob("*.txt.j2"):
        yield copy.name, (ENGLISH / copy.name).read_text("utf-8"), copy.read_text("utf-8")


def test_each_copy_places_the_same_values_and_asks_the_same() -> None:
    for name, english, copy in templates():
        assert placed_and_asked(copy) == placed_and_asked(english), name


def test_the_control_a_value_or_a_question_that_is_missing_is_seen() -> None:
    english = (ENGLISH / "reminder.txt.j2").read_text("utf-8")
    assert placed_and_asked(english) != placed_and_asked(english.replace("{{ way }}", ""))
    assert placed_and_asked(english) != placed_and_asked(
        english.replace("if one_law", "if several")
    )


def test_the_small_words_are_the_same_in_number_and_places() -> None:
    english, spanish = (
        tomllib.loads((folder / "words.toml").read_text("utf-8")) for folder in (ENGLISH, COPIES)
    )
    del spanish["copy"], english["states"], spanish["states"], english["authorized"]
    assert list(flat(spanish)) == list(flat(english))


def flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, value in sorted(table.items()):
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        elif not name.startswith(("date", "birthday")):
            places = re.findall(r"\{\w+\}", str(value))
            yield f"{before}{name}", [] if name in {"the_law", "months"} else places


def test_each_copy_is_of_the_english_as_it_is_now() -> None:
    """A line of this list is to be mended so: letters/README.md, “The copy in Spanish”."""
    behind = [
        f"letters/en/{file.name} was changed: mend {file.name} in letters/es/copy/, then write "
        f"in its first line: en: {made_from(file.name)}"
        for file in COPIES.iterdir()
        if f"en: {made_from(file.name)}" not in file.read_text("utf-8").partition("\n")[0]
    ]
    assert behind == []


def test_every_english_template_has_its_copy_or_is_named_here() -> None:
    english, copied = ({each.name for each in folder.iterdir()} for folder in (ENGLISH, COPIES))
    assert english - copied == {f"{name}.txt.j2" for name in WITHOUT}
    assert copied <= english


# What is behind is not shown


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the letters that a test may change."""
    folder = tmp_path / "letters"
    shutil.copytree(shipped("letters"), folder)
    monkeypatch.setattr(template, "shipped", lambda _name: folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    words.words.cache_clear()
    template._shipped_template.cache_clear()  # noqa: SLF001 - the files change under it


@pytest.mark.parametrize("file", ["frame.txt.j2", "access.txt.j2", "words.toml"])
def test_where_the_english_was_changed_there_is_no_copy(letters: Path, file: str) -> None:
    given = CASES["relx-lexisnexis-co-access-email"]
    assert reading_copy(given, "es") is not None, "the control"
    forget()
    with (letters / "en" / file).open("a", encoding="utf-8") as english:
        english.write("\n" if file.endswith("toml") else "\nOne sentence more.\n")
    assert reading_copy(given, "es") is None
    assert drafted(given).text, "the letter itself is written as before"


def test_another_changed_template_leaves_a_letter_its_copy(letters: Path) -> None:
    with (letters / "en" / "delete.txt.j2").open("a", encoding="utf-8") as english:
        english.write("\nOne sentence more.\n")
    assert reading_copy(CASES["relx-lexisnexis-co-access-email"], "es") is not None
    assert reading_copy(CASES["relx-lexisnexis-co-delete-email"], "es") is None


def test_where_a_law_says_something_new_there_is_no_copy() -> None:
    given = CASES["relx-lexisnexis-co-access-email"]
    (asked,) = given.asks
    for law in (
        replace(asked.law, says=("Something new.",)),
        replace(
            asked.law,
            rights={asked.right: replace(asked.law.rights[asked.right], says=("Something new.",))},
        ),
    ):
        changed: LetterInput = replace(given, asks=(Ask(right=asked.right, law=law),))
        assert "Something new." in drafted(changed).text
        assert reading_copy(changed, "es") is None


def test_what_nobody_translated_has_no_copy_in_that_language() -> None:
    assert reading_copy(CASES["relx-lexisnexis-co-access-email"], "fr") is None


def test_the_language_of_the_screen_is_the_same_afterwards() -> None:
    sentence = "Please answer this either way, and give me access to the data."
    with in_language("en"):
        copy_of(LONG)
        assert entry(sentence) == sentence


# The page


@pytest.mark.parametrize("large_print", [False, True])
def test_each_page_says_that_it_is_not_sent(*, large_print: bool) -> None:
    copy = copy_of(LONG)
    pages = PdfReader(io.BytesIO(reading_copy_pdf(copy, large_print=large_print))).pages
    assert len(pages) > 1
    for page in pages:
        said = " ".join(page.extract_text().split())
        for line in copy.lines:
            assert line in said
    assert "NO SE ENVÍA" in copy.lines[0]
    assert "BORRADOR" in copy.lines[1]


def test_nothing_on_a_copy_is_to_be_filled_or_signed() -> None:
    for name in ("lexisnexis-risk-co-file-disclosure-post", "after-us-ca-ccpa-complaint"):
        assert "____" in drafted(EVERY[name]).text, "the control: on the letter there is"
        assert "____" not in copy_of(name).text


def test_a_product_that_is_only_described_is_read_in_spanish_and_a_name_stays() -> None:
    letter = CASES[KEPT[6]]
    assert isinstance(letter, LetterInput)
    named = replace(letter, products=("marketing lists", "credit header", "MetroNet"))
    copy = reading_copy(named, "es")
    assert copy is not None
    assert "listas para publicidad, encabezado del archivo de crédito, MetroNet" in copy.text
    assert "marketing lists, credit header, MetroNet" in drafted(named).text, "the control"

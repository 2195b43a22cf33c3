"""Translations: complete where people meet them first, true to the English, and compiled."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

import optout
from optout.cli.framework import HEADINGS
from optout.locale.catalog import Message, catalogs, collect, compiled, read, said_in, write
from optout.workflows.truth import TRUTH

PACKAGE = Path(optout.__file__).parent
SHELL = ("framework.py", "main.py", "terminal.py", "values.py", "commands.py")
LANGUAGES = sorted(catalogs())


def of(language: str) -> dict[Message, tuple[str, ...]]:
    return read(catalogs()[language].read_text("utf-8"))


def test_spanish_is_there() -> None:
    assert "es" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_what_the_text_says(language: str) -> None:
    """Mend with: python -m optout.locale.catalog"""
    po = catalogs()[language]
    assert po.with_suffix(".mo").read_bytes() == compiled(of(language))
    assert write(of(language)) == po.read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_the_program_no_longer_says(language: str) -> None:
    """Mend with: python -m optout.locale.catalog"""
    gone = {message for message in of(language) if message.one} - collect()
    assert not gone


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_have_the_same_places_in_both_languages(language: str) -> None:
    for message, forms in of(language).items():
        for form in forms:
            if message.one:
                assert places(form) == places(message.one), message.one


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)[^}]*\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_truth_and_the_shells_own_words_are_complete(language: str) -> None:
    known = of(language)
    wanted = {Message(text.template) for text in (*TRUTH, *HEADINGS)}
    for name in SHELL:
        wanted |= set(said_in(PACKAGE / "cli" / name))
    wanted |= set(said_in(PACKAGE / "words.py"))
    wanted.discard(Message(""))
    assert {message.one for message in wanted if not all(known.get(message, ("",)))} == set()


def test_python_reads_what_we_compile() -> None:
    translations = {
        Message(""): (
            "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n",
        ),
        Message("day"): ("día",),
        Message("{n} day", "{n} days"): ("{n} día", "{n} días"),
        Message("not yet"): ("",),
    }
    assert read(write(translations)) == translations
    spoken = gettext.GNUTranslations(io.BytesIO(compiled(translations)))
    assert spoken.gettext("day") == "día"
    assert spoken.ngettext("{n} day", "{n} days", 2) == "{n} días"
    assert spoken.gettext("not yet") == "not yet"


def test_every_kind_of_sentence_is_collected(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        '_("one")\nText("two {a}", a=1)\nngettext("day", "days", 2)\n'
        'Entry("law", "law", "three")\n_(word)\n'
        '@app.command(example="x")\ndef command() -> None:\n    """Four."""\n'
        'def other() -> None:\n    """Not shown."""\n',
        "utf-8",
    )
    assert collect(tmp_path) == {
        Message("one"),
        Message("two {a}"),
        Message("day", "days"),
        Message("three"),
        Message("Four."),
    }

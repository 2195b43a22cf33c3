"""Translations: complete, true to the English, and compiled."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

import optout
from optout.cli.framework import HEADINGS
from optout.cli.plain import sentence
from optout.i18n import in_language
from optout.locale.catalog import Message, catalogs, collect, compiled, read, said_in, write
from optout.text import Counted, Text
from optout.workflows.truth import TRUTH

PACKAGE = Path(optout.__file__).parent
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
    said = {message: forms for message, forms in of(language).items() if message.one}
    for message, forms in said.items():
        for form, english in zip(forms, filter(None, message), strict=True):
            assert places(form) == places(english), english


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)[^}]*\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_every_package_is_translated(language: str) -> None:
    """Mend with: python -m optout.locale.catalog --new

    What volunteers read is among it. Left out is only what is no sentence of ours: why a check of
    definitions exists (`WHY`) is read beside the definition, which is English too.
    """
    assert untranslated(of(language)) == set()


def test_a_sentence_without_its_spanish_would_be_found() -> None:
    """The control: of the truth, and of one sentence of each package that speaks."""
    known = of("es")
    told = [Message(TRUTH[0].template), *one_of_each_package()]
    assert len(told) > 8
    for message in told:
        without = {key: forms for key, forms in known.items() if key != message}
        assert message.one in untranslated(without)


def untranslated(known: dict[Message, tuple[str, ...]]) -> set[str]:
    wanted = collect() | {Message(text.template) for text in (*TRUTH, *HEADINGS)}
    return {message.one for message in wanted if message.one and not all(known.get(message, ("",)))}


def one_of_each_package() -> list[Message]:
    folders = sorted(path for path in PACKAGE.iterdir() if path.is_dir())
    first = (
        (m for f in sorted(each.rglob("*.py")) for m in said_in(f) if m.one) for each in folders
    )
    return [message for messages in first if (message := next(messages, None))]


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
        '_("one")\nText("two {a}", a=1)\nCounted("day", "days", count=2)\n'
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


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "Stack K-1: 1 letter."),
        ("en", 2, "Stack K-1: 2 letters."),
        ("es", 1, "Pila K-1: 1 carta."),
        ("es", 0, "Pila K-1: 0 cartas."),
    ],
)
def test_one_letter_is_not_one_letters(language: str, count: int, said: str) -> None:
    stack = Counted(
        "Stack {number}: 1 letter.", "Stack {number}: {count} letters.", count=count, number="K-1"
    )
    with in_language(language):
        assert sentence(stack) == said
        assert sentence(Text("{client}", client=stack)) == said

"""Spanish says one thing with one word, in words that six years of school have taught.

How hard a sentence is to read: Fernández Huerta's formula, as Inflesz grades it. A library that
knows it (textstat) brings a dictionary and much more for these four lines.
"""

from __future__ import annotations

import re
import statistics
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from optout.i18n import LOCALE_DIR
from optout.locale.catalog import catalogs, read
from optout.locale.entries import all_translations
from optout.workflows.truth import TRUTH

SIXTH_YEAR: Final = 80  # the formula's own table: 80 to 90 is the sixth year of school
SEVENTH_YEAR: Final = 70
HARDEST: Final = 20  # of single sentences, where one long word weighs much
LEGALESE: Final = (
    "No obstante las disposiciones precedentes, el suscrito autoriza irrevocablemente la "
    "diseminación de información personalmente identificable a organizaciones afiliadas."
)
_AS_TYPED: Final = re.compile(
    r"“[^”]*”|`[^`]*`|optout( [a-z-]+)+|\w* = \[[^\]]*\]|--[\w-]+|[\w./]*[@/][\w./-]*|\{\w*\}"
)
_PLACE: Final = re.compile(r"\{\w*\}|optout( [a-z-]+)+|--[\w-]+|https?://\S+|“[^”]*”|\[[^\]]*\]")


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Return every sentence of ours with its Spanish, those of companies and laws too."""
    said = read(catalogs()["es"].read_text("utf-8"))
    ours = ((message.one, form) for message, forms in said.items() for form in forms[:1])
    return (*((one, form) for one, form in ours if one), *all_translations().items())


@cache
def word_list() -> tuple[Mapping[str, object], ...]:
    return tuple(tomllib.loads((LOCALE_DIR / "es" / "words.toml").read_text("utf-8"))["word"])


def wrong_words(english: str, spanish: str) -> Iterator[str]:
    """Yield what the word list says otherwise."""
    english, plain = _AS_TYPED.sub(" ", english), _AS_TYPED.sub(" ", spanish)
    for each in word_list():
        term, has, never = str(each["en"]), each["has"], each.get("never", [])
        assert isinstance(has, list)
        assert isinstance(never, list)
        if has and re.search(rf"\b{term}s?\b", english):
            yield from (
                () if any(w in spanish.casefold() for w in map(str.casefold, has)) else (term,)
            )
        for word in never:
            if re.search(rf"\b{word}\b", plain, re.IGNORECASE) and word not in english.casefold():
                yield word


def test_one_thing_has_one_word() -> None:
    wrong = {(en, es): found for en, es in pairs() if (found := list(wrong_words(en, es)))}
    assert wrong == {}


def test_a_wrong_word_would_be_found() -> None:
    """The control."""
    assert list(wrong_words("Open the locked folder.", "Abra la bóveda.")) == [
        "locked folder",
        "bóveda",
    ]
    assert list(wrong_words("You can.", "Tú puedes.")) == ["tú", "puedes"]
    assert list(wrong_words("Ask a lawyer.", "Pregunte a un abogado.")) == []


def ease(text: str) -> float:
    """Return how easy a text is: 206.84 - 60 syllables a word - 1.02 words a sentence."""
    sentences = [
        part for part in re.split(r"[.!?:;]+(?:\s|$)", text) if re.search(r"[^\W\d]", part)
    ]
    words = re.findall(r"[^\W\d_]+", text)
    syllables = sum(map(syllables_of, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)


def syllables_of(word: str) -> int:
    """Count vowel groups; an accent on í or ú, and two strong vowels, part a group."""
    word = re.sub(r"([gq])u([eiéí])", r"\1\2", word.lower())
    strong = re.findall(r"[iuüy]?[aeoáéóíú][iuüy]?(?![aeoáéóíú])|[aeoáéóíú]|[iuüy]+", word)
    return max(1, len(strong))


def shown() -> dict[str, float]:
    """Return the ease of every sentence of six words or more of the program itself."""
    known = read(catalogs()["es"].read_text("utf-8"))
    forms = {form for message, forms in known.items() if message.one for form in forms}
    texts = {_PLACE.sub("eso", form) for form in forms}
    return {text: ease(text) for text in texts if len(text.split()) >= 6}


def test_the_truth_is_easy_to_read_in_spanish() -> None:
    spanish = dict(pairs())
    truth = " ".join(spanish[text.template] for text in TRUTH)
    assert ease(truth) >= SIXTH_YEAR


def test_every_screen_is_easy_to_read_in_spanish() -> None:
    found = shown()
    assert len(found) > 1_500
    assert statistics.mean(found.values()) >= SIXTH_YEAR
    assert {text: round(each) for text, each in found.items() if each < HARDEST} == {}


def test_what_companies_and_laws_say_is_readable_in_spanish() -> None:
    found = [ease(_PLACE.sub("eso", text)) for text in all_translations().values()
             if len(text.split()) >= 6]  # fmt: skip
    assert len(found) > 1_000
    assert statistics.mean(found) >= SEVENTH_YEAR


def test_legalese_would_be_found() -> None:
    """The control."""
    assert ease(LEGALESE) < HARDEST
    assert ease("Usted elige y usted firma.") > SIXTH_YEAR
    assert [syllables_of(each) for each in ("día", "ciudad", "guerra", "agua", "leer", "sí")] == [
        2, 2, 2, 2, 2, 1,
    ]  # fmt: skip

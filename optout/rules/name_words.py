"""A written name as the words that are compared: folded, in one order, its particles joined."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from anyascii import anyascii

from optout.rules.name_tables import (
    ARTICLES,
    DEGREES,
    NOT_NAMES,
    PARTICLES,
    SHORTENED,
    SUFFIXES,
    TITLES,
    VIETNAMESE,
    WORDS_OF_CONSONANTS,
)

MOST_LETTERS: Final = 200
MOST_WORDS: Final = 10
KEPT: Final = 4_096
LONGEST_FOLDED: Final = 4  # letters that one letter of another script may become

_TOKEN: Final = re.compile(r"[a-z0-9]+|-")
_PLAIN: Final = re.compile(r"(?:[a-z]|[a-z]{3,})(?: (?:[a-z]|[a-z]{3,})){0,9}")
_SPECIAL: Final = TITLES | DEGREES | NOT_NAMES | PARTICLES | SUFFIXES.keys() | SHORTENED.keys()
_INITIALS: Final = re.compile(r"[b-df-hj-np-tv-xz]{2}")
_ASIDE: Final = re.compile(r"\([^)]*\)|\"[^\"]*\"")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LATIN: Final = re.compile(  # with marks that stand beside Latin letters: Keʻalohi
    r"[\0-\u024f\u02b0-\u036f\u1e00-\u1eff\u2000-\u206f]*"
)


class Word(NamedTuple):
    """One word; `joined` has the particles before it: cruz, delacruz."""

    text: str
    joined: str
    bound: bool = False  # a hyphen ties it to the next


class Name(NamedTuple):
    """A name, given names first where the writing tells which they are."""

    words: tuple[Word, ...]
    suffix: int = 0  # the generation: 1 Sr, 2 Jr, 3 III; 0 where none is written
    foreign: bool = False  # in another script
    cut: bool = False  # longer than any name is

    def texts(self) -> tuple[str, ...]:
        """Return the bare words."""
        return tuple(word.text for word in self.words)


@lru_cache(maxsize=KEPT)
def read_name(written: str) -> Name:
    """Read a name in whatever script, order and punctuation it was written."""
    plain, foreign = _latin(written[:MOST_LETTERS])
    if _PLAIN.fullmatch(plain):  # most names: nothing in them means anything but itself
        texts = plain.split()
        if _SPECIAL.isdisjoint(texts) and len(texts) <= MOST_WORDS:
            return Name(tuple(map(_word, texts)), 0, foreign)
    return _read_closely(plain, foreign=foreign, long=len(written) > MOST_LETTERS)


@lru_cache(maxsize=KEPT)
def _word(text: str) -> Word:
    return Word(text, text)


def _read_closely(plain: str, *, foreign: bool, long: bool) -> Name:
    if '"' in plain or "(" in plain:
        plain = _ASIDE.sub(" ", plain)
    given_first, suffix = _in_order(plain)
    words = _units(given_first[:MOST_WORDS])
    return Name(words, suffix, foreign, long or len(given_first) > MOST_WORDS)


_ALSO_SIGNS: Final = ("aka", "a.k.a", "a/k/a", "known as", "formerly", "nee ", "née ")
_ALSO: Final = re.compile(
    r"\s*[,;(]?\s*\b(?:a\.?k\.?a\.?|a/k/a|also known as|formerly|n[eé]e)\b[\s.:]*"
)


def written_names(written: str) -> tuple[str, ...]:
    """Split "Robert Hollis AKA Bob Hollis" into its names."""
    if written.count(" ") < 2:  # noqa: PLR2004 - a name, AKA, a name
        return (written,)
    whole = written[: MOST_LETTERS * 2].lower()
    if not any([sign in whole for sign in _ALSO_SIGNS]):  # noqa: C419 - twice as fast as a generator
        return (written,)
    return tuple(_ALSO.split(whole))


def folded(text: str) -> str:
    """Return the text in small Latin letters without accents."""
    return _latin(text)[0]


def _latin(written: str) -> tuple[str, bool]:
    if written.isascii():
        return written.lower().replace("'", ""), False
    whole = unicodedata.normalize("NFKC", written)[: MOST_LETTERS * 2]
    foreign = _LATIN.fullmatch(whole) is None and any(map(_is_foreign, whole))
    plain = anyascii(whole)[: MOST_LETTERS * LONGEST_FOLDED]
    if foreign:  # 王伟 becomes WangWei
        plain = _CAMEL.sub(" ", plain)
    return plain.lower().replace("'", "").replace("`", ""), foreign


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and _LATIN.fullmatch(letter) is None


Token = tuple[str, bool]


def _in_order(plain: str) -> tuple[list[Token], int]:
    """Return the words with the given names first, as far as commas tell, and the suffix."""
    suffix = 0
    parts: list[list[Token]] = []
    for part in plain.split(","):
        tokens, found = _without_frame(_tokens(part), alone=bool(parts))
        suffix = suffix or found
        if tokens:
            parts.append(tokens)
    if len(parts) < 2:  # noqa: PLR2004 - a comma with something on both sides
        return (parts[0] if parts else []), suffix
    return [token for part in (*parts[1:], parts[0]) for token in part], suffix


def _tokens(part: str) -> list[Token]:
    tokens: list[Token] = []
    for found in _TOKEN.findall(part):
        if found != "-":
            tokens += [(word, False) for word in _letters(found)]
        elif tokens:
            tokens[-1] = (tokens[-1][0], True)
    return tokens


def _letters(word: str) -> Iterable[str]:
    """Return a word; none for an age beside a name, and two for the initials in JC Mora."""
    if word.isdecimal():
        return ()
    if _INITIALS.fullmatch(word) and word not in WORDS_OF_CONSONANTS:
        return word
    return (SHORTENED.get(word, word),)


def _without_frame(tokens: list[Token], *, alone: bool) -> tuple[list[Token], int]:
    """Take off titles, degrees and suffixes; one word is a name unless it stands behind a comma."""
    fewest = 0 if alone else 1
    suffix = 0
    while len(tokens) > 1 and (tokens[0][0] in TITLES or tokens[0][0] == "sr"):
        tokens = tokens[1:]
    while len(tokens) > fewest and (tokens[-1][0] in DEGREES or tokens[-1][0] in SUFFIXES):
        suffix = SUFFIXES.get(tokens[-1][0], suffix)
        tokens = tokens[:-1]
    return [token for token in tokens if token[0] not in NOT_NAMES], suffix


def _units(tokens: Sequence[Token]) -> tuple[Word, ...]:
    """Join particles to the word behind them."""
    if PARTICLES.isdisjoint([text for text, _bound in tokens]):
        return tuple(Word(text, text, bound) for text, bound in tokens)
    vietnamese = any(text in VIETNAMESE for text in (tokens[0][0], tokens[-1][0]))
    words: list[Word] = []
    prefix = ""
    for index, (text, bound) in enumerate(tokens):
        if not vietnamese and _is_particle(tokens, index):
            prefix += text
        else:
            words.append(Word(text, prefix + text, bound))
            prefix = ""
    return tuple(words)


def _is_particle(tokens: Sequence[Token], index: int) -> bool:
    text, bound = tokens[index]
    if text not in PARTICLES or index == len(tokens) - 1:
        return False
    if text == "y":  # García y Mendoza; elsewhere it is an initial
        return index > 1
    return index > 0 or bound or (text == "de" and tokens[1][0] in ARTICLES)

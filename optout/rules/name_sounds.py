"""Names as they sound, for those that were carried from one script into another.

Muhammad, Mohammed and Mohamed have one frame of consonants and nearly the same vowels.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

KEPT: Final = 32_768  # words, not people

_SPELLINGS: Final = (
    (re.compile(r"sch|sh|sz"), "s"),
    (re.compile(r"tch|cz"), "c"),
    (re.compile(r"ch(?=[aeiouy]|$)"), "c"),
    (re.compile(r"ck|kh|q|ch|c(?![eiy]|$)"), "k"),
    (re.compile(r"gh"), "g"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"th"), "t"),
    (re.compile(r"dh"), "d"),
    (re.compile(r"bh"), "b"),  # and b is v, below: Vanesa, Banesa
    (re.compile(r"zh|z"), "s"),
    (re.compile(r"dj"), "j"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"w|b"), "v"),
    (re.compile(r"ks+"), "ks"),
    (re.compile(r"h$|(?<=[aeiou])h(?=[^aeiou])"), ""),
    (re.compile(r"ou|oo|u+"), "u"),
    (re.compile(r"ee|ie(?=.)|iy|ij|y|i+"), "i"),
    (re.compile(r"ei|ai|ae"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_VOWELS: Final = re.compile(r"[aeiou]+")
_NOT_VOWELS: Final = re.compile(r"[^aeiou]+")
_HEARD_ALIKE: Final = frozenset({"ae", "ei", "ou", "eu", "ai"})

_EASTERN: Final = (
    (re.compile(r"hs|sh|x|s"), "s"),
    (re.compile(r"zh|ch|ts|tz|[qjcz]"), "c"),
    (re.compile(r"b"), "p"),
    (re.compile(r"d"), "t"),
    (re.compile(r"g"), "k"),
    (re.compile(r"r"), "l"),
    (re.compile(r"[aeiouyw]+"), ""),
    (re.compile(r"nk"), "n"),
)
SHORT: Final = 4  # letters: of a shorter word the vowels are most of what is heard
ENOUGH: Final = 2  # consonants, that a likeness means something


@lru_cache(maxsize=KEPT)
def sound(word: str) -> tuple[str, tuple[str, ...]]:
    """Return the frame of consonants, and the vowels between them."""
    heard = word
    for spelling, letter in _SPELLINGS:
        heard = spelling.sub(letter, heard)
    return _VOWELS.sub(" ", heard), tuple(filter(None, _NOT_VOWELS.split(heard)))


@lru_cache(maxsize=KEPT)
def bones(word: str) -> str:
    """Return the consonants only, as scripts without vowels write a name."""
    bare = re.sub(r"[yw]", "", word) or word  # w stands for u in Arabic
    frame = sound(bare)[0].replace(" ", "")
    return re.sub(r"(.)\1+", r"\1", frame)


def sounds_like(one: str, other: str) -> bool:
    """Say whether two words may be one name carried over in two ways."""
    (frame, vowels), (others_frame, others_vowels) = sound(one), sound(other)
    if frame != others_frame or len(vowels) != len(others_vowels):
        return False
    unlike = [pair for pair in zip(vowels, others_vowels, strict=True) if pair[0] != pair[1]]
    if len(one) < SHORT or len(other) < SHORT:
        return vowels == others_vowels
    most = max(1, min(2, len(vowels) - 1))
    return len(unlike) <= most and all(_heard_alike(a, b) for a, b in unlike)


def _heard_alike(one: str, other: str) -> bool:
    return "".join(sorted((one[-1], other[-1]))) in _HEARD_ALIKE


@lru_cache(maxsize=KEPT)
def eastern(word: str) -> str:
    """Return what the systems for Chinese and Korean share: Jianguo and Chien-kuo."""
    heard = word
    for spelling, letter in _EASTERN:
        heard = spelling.sub(letter, heard)
    return heard

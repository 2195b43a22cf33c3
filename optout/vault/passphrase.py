"""Passphrases: long enough, freely chosen, or proposed by chance.

Proposed words are made, not picked from a list: consonant, vowel, consonant, vowel, consonant,
sixteen bits a word, sayable in English and Spanish alike.
"""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from typing import Final

from optout.errors import WrongUsage
from optout.model.secret import Secret
from optout.text import Text

SHORTEST: Final = 12
WORDS: Final = 5
_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"
_PATTERN: Final = (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)
# Never inside a proposed word: it is read by people who did not ask for it.
_RUDE: Final = re.compile(
    "anus|arab|caga|dago|dik|dump|fag|fuk|gip|islam|jap|joto|judi|kaki|kojon|kulo|lolit|mat|nazi|"
    "nig|paki|pinga|pito|pop|porn|pus|put|rap|sida|slut|suka|tit|tont|turb|viol|zor"
)


def check_passphrase(passphrase: Secret[str]) -> None:
    """Refuse a passphrase shorter than twelve characters. There are no other rules."""
    if len(plain(passphrase).strip()) < SHORTEST:
        raise WrongUsage(
            Text("This passphrase is too short: it needs at least {n} characters.", n=SHORTEST),
            known=Text("Nothing was changed."),
            hint=Text("Several ordinary words are easier to remember than a short riddle."),
        )


def propose_passphrase() -> Secret[str]:
    """Return five words made by chance."""
    return Secret(" ".join(_word() for _ in range(WORDS)))


def proposed_bits() -> float:
    """Return how many bits of chance a proposal holds, counted over the words allowed."""
    return WORDS * math.log2(_allowed_words())


def plain(passphrase: Secret[str]) -> str:
    """Return a passphrase in one spelling: two keyboards may write one letter differently."""
    return unicodedata.normalize("NFC", passphrase.reveal()).strip("\r\n")


def _word() -> str:
    while True:
        word = "".join(secrets.choice(letters) for letters in _PATTERN)
        if _is_kind(word):
            return word


def _is_kind(word: str) -> bool:
    return _RUDE.search(word) is None


def _allowed_words() -> int:
    words = [""]
    for letters in _PATTERN:
        words = [word + letter for word in words for letter in letters]
    return sum(map(_is_kind, words))

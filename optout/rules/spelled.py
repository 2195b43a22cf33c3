"""What a typed word says, however its letters were made to look: IСE with a Cyrillic С is ice."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters of other scripts that look like ours, in the shape in which they do.
_LOOKS_LIKE: Final = str.maketrans(
    "АВЕЅЗІЇЈКМНОРСТУХҮԁԌаеѕіїјкорсухуһӏԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχϲıɪɩŁłØøĐđ",
    "ABES3IIJKMHOPCTYXYdGaesiijkopcyxyhlqwABEZHIKMNOPTYXaikvoptuxciiiLlOoDd",
)
# One letter after another with a dot, hyphen or blank between them: D.M.V., I-C-E, I C E.
_SPELLED_OUT: Final = re.compile(r"(?<=\b[a-z])[\s._/*·•‐-―-]{1,3}(?=[a-z]\b)")


def spelled(typed: str) -> str:
    """Return the words in small Latin letters: no accents, nothing unseen, no dots in D.M.V."""
    seen = "".join(each for each in typed if unicodedata.category(each) != "Cf")
    wide = unicodedata.normalize("NFKC", seen).translate(_LOOKS_LIKE)
    letters = unicodedata.normalize("NFKD", wide).casefold()
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return _SPELLED_OUT.sub("", plain)


def mixes_scripts(typed: str) -> bool:
    """Say whether one word holds letters of ours and of another script: it is made to deceive."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed))
    return any(len({_is_latin(letter) for letter in word}) > 1 for word in words)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")

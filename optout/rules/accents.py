"""Words without their accents: people leave them out, and so do the keys of many phones."""

from __future__ import annotations

import unicodedata


def without_accents(words: str) -> str:
    """Return “si” for “sí”, and “Nuevo Mexico” for “Nuevo México”."""
    parts = unicodedata.normalize("NFKD", words)
    return "".join(each for each in parts if not unicodedata.combining(each))

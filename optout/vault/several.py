"""Asking for many rows with one question: a list of a thousand never asks a thousand times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from optout.vault.open import Row

Key = TypeVar("Key")
One = TypeVar("One")

AMONG: Final = "IN (SELECT value FROM json_each(:ids))"


def grouped(pairs: Iterable[tuple[Key, One]]) -> Mapping[Key, tuple[One, ...]]:
    """Return what belongs to each key, in the order in which it came."""
    found: dict[Key, list[One]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(several) for key, several in found.items()}


def ids_of(ids: Iterable[str]) -> Row:
    """Return the value for `AMONG`."""
    return {"ids": json.dumps(list(ids))}

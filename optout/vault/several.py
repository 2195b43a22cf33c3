"""Asking for many rows with one question: a list of a thousand never asks a thousand times."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from optout.vault.open import Row

AMONG: Final = "IN (SELECT value FROM json_each(:ids))"


def ids_of(ids: Iterable[str]) -> Row:
    """Return the value for `AMONG`."""
    return {"ids": json.dumps(list(ids))}

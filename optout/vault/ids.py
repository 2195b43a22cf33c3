"""Random names for rows, and short ones that a person or a company can read aloud."""

from __future__ import annotations

import secrets
from typing import Final

from optout.model.request import Reference

# Of 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V at most one of each: told apart on paper and by telephone.
# No vowels: a code never spells a word.
REFERENCE_LETTERS: Final = "23456789CDFGHJKMNPQRTWXY"


def new_id() -> str:
    """Return a random id of 128 bits, never shown to a company."""
    return secrets.token_hex(16)


def new_reference() -> Reference:
    """Return a short random code such as `K7F3-Q9MX`, safe to show to a company."""
    code = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return Reference(f"{code[:4]}-{code[4:]}")

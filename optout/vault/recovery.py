"""The recovery code: 128 random bits, written so that a person can copy it by hand."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from optout.model.secret import Secret

BITS: Final = 128
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
_READ_AS: Final = str.maketrans("OIL", "011")
_CODE_LENGTH: Final = 26
_CHECK_LENGTH: Final = 2
_GROUP: Final = 4


def new_recovery_code() -> Secret[str]:
    """Return a fresh code in seven groups of four."""
    code = _spell(secrets.randbits(BITS), _CODE_LENGTH)
    return Secret(_grouped(code + _check(code)))


def read_recovery_code(typed: Secret[str]) -> Secret[str] | None:
    """Return the code that somebody typed, in its one form; None if it cannot be one.

    Spaces, dashes and lower case do not matter; O reads as 0, I and L as 1. The last two
    letters show a slip of the pen.
    """
    text = as_written(typed.reveal())
    letters = "".join(letter for letter in text if letter in _LETTERS)
    ignored = {letter for letter in text if letter not in _LETTERS}
    if ignored - set(" -–—\t\r\n") or len(letters) != _CODE_LENGTH + _CHECK_LENGTH:
        return None
    code, check = letters[:_CODE_LENGTH], letters[_CODE_LENGTH:]
    return Secret(_grouped(letters)) if check == _check(code) else None


def as_written(typed: str) -> str:
    """Return letters as the code has them: upper case; O reads as 0, I and L as 1."""
    return typed.strip().upper().translate(_READ_AS)


def _spell(number: int, length: int) -> str:
    letters = []
    for _place in range(length):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(reversed(letters))


def _check(code: str) -> str:
    digest = hashlib.sha256(code.encode("ascii")).digest()
    return _spell(int.from_bytes(digest[:2], "big") % len(_LETTERS) ** _CHECK_LENGTH, _CHECK_LENGTH)


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))

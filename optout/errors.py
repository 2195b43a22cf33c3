"""Every error a person can meet, grouped by what they can do about it.

    OptoutError
     ├─ Refused          1  we did not do it, nothing was sent
     │   ├─ VaultLocked      no key, or a wrong one
     │   └─ VaultDamaged     the file is not what we wrote
     ├─ WrongUsage       2  the words of the command are off
     ├─ NeedsPerson      3  only a person can go on
     └─ OutcomeUnknown   4  something may have left; look before repeating

An error says what happened, what is known (what was sent, what is safe) and what to do next.
None of its texts may hold text from a web page or a mail, nor a personal value: an error ends up
in terminals, logs and bug reports.
"""

from __future__ import annotations

from typing import ClassVar

from optout.text import Text


class OptoutError(Exception):
    """Something a person must know. `what`, `known` and `hint` are translated at the edge."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: Text, *, known: Text | None = None, hint: Text | None = None) -> None:
        """Keep the three texts apart, so that each screen can set them in its own way."""
        super().__init__(what)
        self.what = what
        self.known = known
        self.hint = hint

    def __str__(self) -> str:
        """Join the English texts: for tests and developers; people get the translation."""
        return " ".join(text.english() for text in (self.what, self.known, self.hint) if text)


class Refused(OptoutError):
    """We did not do it, and nothing left this machine."""


class VaultLocked(Refused):
    """No key opens the locked folder."""


class VaultDamaged(Refused):
    """The locked folder is not what we wrote: damaged, changed, or an older copy."""


class WrongUsage(OptoutError):
    """The command cannot be understood, or names something that does not exist."""

    exit_code = 2


class NeedsPerson(OptoutError):
    """Only a person can go on from here."""

    exit_code = 3


class OutcomeUnknown(OptoutError):
    """Something may have left this machine, and we cannot see whether it arrived."""

    exit_code = 4

"""What each practice company got to see, kept for as long as the practice world runs."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    """How something reached a company."""

    SEARCH = "search"
    STEP = "step"  # a Next button posted one page of a wizard
    REQUEST = "request"
    CONFIRMATION = "confirmation"  # the second form, behind a mailed link
    MAIL = "mail"
    STRAY = "stray"  # arrived at a host that must never receive anything


FILED = frozenset({What.REQUEST, What.CONFIRMATION, What.MAIL})


@dataclass(frozen=True, slots=True)
class Received:
    """One arrival: what it was, and each value by the name of its field."""

    what: What
    values: Mapping[str, str]
    text: str = ""  # a mail's own words


@dataclass(slots=True)
class Ledger:
    """Everything one company received, in order of arrival; safe to use from many threads."""

    _rows: list[Received] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: What, values: Mapping[str, str], text: str = "") -> None:
        """Write down one arrival; boxes left empty are not values."""
        kept = {name: value for name, value in values.items() if value}
        with self._lock:
            self._rows.append(Received(what, kept, text))

    def seen(self) -> tuple[Received, ...]:
        """Return every arrival, also what only disclosed: searches and steps."""
        with self._lock:
            return tuple(self._rows)

    def filed(self) -> tuple[Received, ...]:
        """Return what counts as a request: submitted forms and mails."""
        return tuple(row for row in self.seen() if row.what in FILED)

    def count(self, key: str, what: What | None = None) -> int:
        """Count filed arrivals that carry `key` as one of their values or in their text."""
        return sum(
            key in row.values.values() or (key in row.text if row.text else False)
            for row in self.filed()
            if what in (None, row.what)
        )

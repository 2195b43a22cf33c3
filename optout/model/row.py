"""One row of a company's page of results, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city and its state; some pages do not tell the state."""

    city: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody that the page lists. Whether it is the person is not said here."""

    name: str | None
    alternative_names: tuple[str, ...] = ()
    age: int | None = None
    addresses: tuple[City, ...] = ()
    phones: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    profile_url: str | None = None

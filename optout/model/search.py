"""Looking for a person at a people-search site: what is asked there, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.row import Row
from optout.model.secret import Personal, Secret

Given = tuple[tuple[str, Field], ...]
"""Which host was given which field."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SearchFor(Personal):
    """One search: one of the person's names at one of their places.

    It holds the values that would leave, and no others. A person with two names and two places
    gives up to four of these (`rules.searches.searches_for`).
    """

    values: Mapping[Field, Secret[str]]

    def said(self, which: Field) -> str:
        """Return one value as it would be sent; "" if this search does not send it."""
        value = self.values.get(which)
        return value.reveal() if value else ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Found(Personal):
    """One row of the results. Whether it is the person is not said here."""

    row: Row
    key: str  # `rules.row_identity.row_key`: stays when age, relatives or order change


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Looked(Personal):
    """What one search of one site showed.

    `said_none`: no rows, and the page's own sign that it has none. `more`: there were further
    pages that were not read, so a row that is not here may still be listed.
    """

    broker: Slug
    rows: tuple[Found, ...]
    said_none: bool
    picture: bytes  # a JPEG of the first page of results, at most 200 KiB; b"" if none
    pages: int  # how many were read
    more: bool = False
    given: Given = field(default=())

    @property
    def understood_whole(self) -> bool:
        """Say whether somebody who is not in `rows` was not listed: all pages were read."""
        return not self.more and (self.said_none or bool(self.rows))

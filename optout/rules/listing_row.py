"""A row of a page of results as it is kept, as a flow finds it again, and as matching reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from optout.model.listing import Listing
from optout.model.match import Shown
from optout.model.row import City, Row
from optout.model.secret import Secret

NAME, OTHER_NAMES, AGE = "name", "other_names", "age"
PLACES, PHONES, RELATIVES = "places", "phones", "relatives"
KEPT: Final = (NAME, OTHER_NAMES, AGE, PLACES, PHONES, RELATIVES)
"""The order in which a person reads them."""

MOST: Final = 20  # of each kind; a page that lists more is not copied further
LONGEST: Final = 200


def kept_of(row: Row) -> Mapping[str, Secret[str]]:
    """Return what a row shows, each kind in lines; what it does not show is absent."""
    told = {
        NAME: (row.name or "",),
        OTHER_NAMES: row.alternative_names,
        AGE: () if row.age is None else (str(row.age),),
        PLACES: tuple(map(_place, row.addresses)),
        PHONES: row.phones,
        RELATIVES: row.relatives,
    }
    kept = {kind: "\n".join(filter(None, map(_one_line, told[kind][:MOST]))) for kind in KEPT}
    return {kind: Secret(text) for kind, text in kept.items() if text}


def row_of(listing: Listing) -> Row:
    """Return the row as it was shown, so that a flow finds it on the page again."""
    age = "".join(lines_of(listing, AGE))
    return Row(
        name="".join(lines_of(listing, NAME)) or None,
        alternative_names=lines_of(listing, OTHER_NAMES),
        age=int(age) if age.isdecimal() else None,
        addresses=tuple(map(_city, lines_of(listing, PLACES))),
        phones=lines_of(listing, PHONES),
        relatives=lines_of(listing, RELATIVES),
        profile_url=listing.url.reveal() or None,
    )


def shown_of(row: Row) -> Shown:
    """Return what a row shows, to be compared with a person."""
    return Shown(
        name=row.name or "",
        other_names=row.alternative_names,
        age=row.age,
        places=tuple(map(_place, row.addresses)),
        phones=row.phones,
        relatives=row.relatives,
    )


def lines_of(listing: Listing, kind: str) -> tuple[str, ...]:
    """Return what a listing shows of one kind."""
    return tuple(listing.shown[kind].reveal().split("\n")) if kind in listing.shown else ()


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _place(address: City) -> str:
    return f"{address.city}, {address.state}" if address.state else address.city


def _city(written: str) -> City:
    city, _, state = written.rpartition(", ")
    return City(city=city or written, state=state if city else None)

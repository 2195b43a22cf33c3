"""One row that fits is the listing only where no other page can show another that fits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from optout.browser import live_rows
from optout.browser.stops import Stop
from optout.model.flow import Extract
from optout.model.row import City, Row

OWN = Row(name="Jordan Sample", age=37, addresses=(City(city="Denver", state="CO"),))
NAMESAKE = replace(OWN, age=36)
NUMBERED = replace(OWN, profile_url="https://people.example.com/person/100001")


@dataclass
class Visit:
    """As much of a visit as the search for a row needs."""

    listing: Row
    rows: Extract


@pytest.mark.parametrize(
    ("listing", "shown", "more_follows", "stops"),
    [
        (OWN, NAMESAKE, True, True),
        (OWN, NAMESAKE, False, False),
        (NUMBERED, NAMESAKE, True, True),
        (NUMBERED, NUMBERED, True, False),  # its number names it, whatever follows
    ],
)
def test_a_row_without_the_number_of_the_listing_is_pressed_only_on_the_last_page(
    monkeypatch: pytest.MonkeyPatch,
    listing: Row,
    shown: Row,
    more_follows: bool,  # noqa: FBT001 - what the page says
    stops: bool,  # noqa: FBT001 - what is expected
) -> None:
    anything: Any = object()
    page = live_rows.LiveRows(rows=(shown,), frame=anything, elements=anything)

    async def shows(*_asked: object) -> live_rows.LiveRows:
        return page

    async def leads_on(*_asked: object) -> bool:
        return more_follows

    async def chosen(_seen: live_rows.LiveRows, at: int) -> int:
        return at

    monkeypatch.setattr(live_rows, "wait_for_rows", shows)
    monkeypatch.setattr(live_rows, "has_next", leads_on)
    monkeypatch.setattr(live_rows, "_element", chosen)
    visit: Any = Visit(listing=listing, rows=Extract(rows=".row", pages=3))
    if stops:
        with pytest.raises(Stop, match="on the pages after it another may too"):
            asyncio.run(live_rows.own_row(visit))
    else:
        assert asyncio.run(live_rows.own_row(visit)) == 0  # type: ignore[comparison-overlap] # `chosen`

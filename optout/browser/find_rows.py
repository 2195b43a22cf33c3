"""The rows of a page of results, as a definition's selectors find them on the live page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from optout.browser.not_looked import PageNotUnderstood
from optout.browser.read_form import LOAD_SECONDS, open_to_read
from optout.model.dialect import Profile
from optout.model.flow import Extract
from optout.rules.read_row import KNOWN, RawRow, profile_of
from optout.text import Text

if TYPE_CHECKING:
    from optout.browser.fence import Fence
    from optout.browser.window import Window

MOST_ROWS: Final = 10_000
FINDER: Final = Path(__file__).with_name("find_rows.js")


@dataclass(frozen=True, slots=True)
class RowsOfPage:
    """What is a row of a page, how it is read, and what the page shows when it has none."""

    selector: str
    profile: Profile
    none: str = ""
    none_text: str = ""
    none_is_seen: bool = False  # people must see `none`, too


def rows_as_shown(step: Extract) -> RowsOfPage:
    """Return how a definition of ours reads a page: what nobody sees says nothing."""
    return RowsOfPage(
        step.rows,
        profile_of(step.read),
        none=step.none,
        none_text=step.none_text,
        none_is_seen=True,
    )


def find_rows(
    url: str,
    how: RowsOfPage,
    *,
    fence: Fence,
    window: Window,
    patience: float,
    seconds: float = LOAD_SECONDS,
) -> tuple[RawRow, ...]:
    """Return every row of the page; none only where the page itself says that there is none.

    `patience`: the seconds that rows may take to appear once the page stands still.
    """
    asked = {
        **asked_of_page(how.selector, how.profile),
        "none": how.none,
        "none_text": how.none_text,
        "none_is_seen": how.none_is_seen,
        "seconds": patience,
    }
    with open_to_read(url, fence=fence, window=window, seconds=seconds) as page:
        read = page.read_by(FINDER.read_text("utf-8"), asked)
    told = next((each.told for each in read if each.frame == "" and each.told), None)
    return tuple(_rows(json.loads(told) if told else None))


def asked_of_page(rows: str, profile: Profile) -> dict[str, object]:
    """Return what find_rows.js is asked: which rows, and how each thing in them is read."""
    return {
        "rows": rows,
        "none": "",
        "none_text": "",
        "none_is_seen": False,
        "most": MOST_ROWS,
        "profile": {
            key: asdict(reading)
            for key, reading in profile.items()
            if key in KNOWN and reading is not None
        },
    }


def too_many_rows() -> PageNotUnderstood:
    """Return the error for a page with more rows than anybody reads."""
    return PageNotUnderstood(
        Text("The page was not understood: it has more rows than {most}.", most=MOST_ROWS)
    )


def _rows(told: Any) -> Iterator[RawRow]:  # noqa: ANN401 - what the script returned
    if told is None:
        raise PageNotUnderstood(Text("The page does not let itself be read."))
    if told["too_many"]:
        raise too_many_rows()
    if not told["rows"] and not told["said_none"]:
        raise PageNotUnderstood(
            Text("The page was not understood: no rows, and no words that there are none.")
        )
    yield from raw_rows(told)


def raw_rows(told: Any) -> Iterator[RawRow]:  # noqa: ANN401 - what the script returned
    """Yield the rows that find_rows.js told of."""
    for row in told["rows"]:
        yield RawRow(texts=row["texts"], parts=row["parts"])

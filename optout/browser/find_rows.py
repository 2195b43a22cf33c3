"""The rows of a page of results, as a definition's selectors find them on the live page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from optout.browser.read_form import LOAD_SECONDS, open_to_read
from optout.errors import Refused
from optout.model.dialect import Extract
from optout.rules.read_row import KNOWN, RawRow
from optout.text import Text

if TYPE_CHECKING:
    from optout.browser.fence import Fence
    from optout.browser.window import Window

MOST_ROWS: Final = 10_000
_FINDER: Final = Path(__file__).with_name("find_rows.js")


class PageNotUnderstood(Refused):
    """A page shows neither rows nor that it has none: that says nothing about the person."""

    def __init__(self, what: Text) -> None:
        """Never told as “not listed”."""
        super().__init__(
            what,
            known=Text("This does not mean that you are not listed. Nothing was typed or sent."),
            hint=Text("Open the page in your own browser and look at it."),
        )


def find_rows(
    url: str,
    how: Extract,
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
        "rows": how.selector,
        "none": how.no_results_selector,
        "most": MOST_ROWS,
        "seconds": patience,
        "profile": {
            key: asdict(reading)
            for key, reading in how.profile.items()
            if key in KNOWN and reading is not None
        },
    }
    with open_to_read(url, fence=fence, window=window, seconds=seconds) as page:
        read = page.read_by(_FINDER.read_text("utf-8"), asked)
    told = next((each.told for each in read if each.frame == "" and each.told), None)
    return tuple(_rows(json.loads(told) if told else None))


def _rows(told: Any) -> Iterator[RawRow]:  # noqa: ANN401 - what the script returned
    if told is None:
        raise PageNotUnderstood(Text("The page does not let itself be read."))
    if told["too_many"]:
        raise PageNotUnderstood(
            Text("The page was not understood: it has more rows than {most}.", most=MOST_ROWS)
        )
    if not told["rows"] and not told["said_none"]:
        raise PageNotUnderstood(
            Text("The page was not understood: no rows, and no words that there are none.")
        )
    for row in told["rows"]:
        yield RawRow(texts=row["texts"], parts=row["parts"])

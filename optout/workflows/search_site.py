"""Search one people-search site for one of a person's names at one of their places.

The site is told whom one looks for, so whoever calls this has shown the values of `SearchFor` and
the hosts of the definition, and has a yes. No others leave: a search that its definition needs more
for is refused before anything is opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from optout.browser.fence import Fence
from optout.browser.not_looked import (
    BotWall,
    NotLooked,
    PageNotUnderstood,
    SearchStopped,
    SessionExpired,
    StoppedByPerson,
)
from optout.browser.searching import run_search
from optout.browser.window import Window
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker
from optout.model.flow import Search
from optout.model.ports import Person
from optout.model.row import Row
from optout.model.search import Found, Looked, SearchFor
from optout.rules.hosts import host_allowed
from optout.rules.row_identity import row_key
from optout.rules.search_fields import fields_of_search, needed_for_search
from optout.text import Text

__all__ = [
    "BotWall",
    "NotLooked",
    "PageNotUnderstood",
    "SearchStopped",
    "SessionExpired",
    "StoppedByPerson",
    "search_site",
]


def search_site(
    broker: Broker,
    search: SearchFor,
    *,
    fence: Fence,
    window: Window,
    person: Person,
) -> Looked:
    """Return what the site shows for this search; raise `NotLooked` where that is no answer.

    `fence` is the company's own, not yet entered; it serves this one search. `window` may be open
    already: several searches share it.
    """
    steps = _checked(broker, search, fence)
    with fence:
        seen = run_search(steps, search.values, fence=fence, window=window, person=person)
    return Looked(
        broker=broker.slug,
        rows=tuple(_once(seen.rows)),
        said_none=seen.said_none,
        picture=seen.picture,
        pages=seen.pages,
        more=seen.more,
        given=seen.given,
    )


def _checked(broker: Broker, search: SearchFor, fence: Fence) -> Search:
    """Return the steps; refuse what was not shown to the person, before anything is opened."""
    if broker.search is None:
        raise WrongUsage(
            Text("Nobody has written down how {company} is searched.", company=broker.called()),
            hint=Text("See what can be asked there: optout broker show {c}", c=broker.slug),
        )
    nothing_left = Text("Nothing was opened, and nothing was sent.")
    if not search.values.keys() >= set(needed_for_search(broker)):
        raise Refused(
            Text("A value that this search needs is missing."),
            known=nothing_left,
            hint=Text("See what is kept: optout person show"),
        )
    if not search.values.keys() <= set(fields_of_search(broker)):
        raise Refused(
            Text("This search has a value that the site does not ask for."), known=nothing_left
        )
    if not all(host_allowed(host, broker.hosts) for host in fence.hosts):
        raise Refused(Text("The sites of this search are not the company's."), known=nothing_left)
    return broker.search


def _once(rows: tuple[Row, ...]) -> Iterator[Found]:
    """Yield each row once: lists show the first ones again on the next page."""
    seen: set[Row] = set()
    for row in rows:
        if row not in seen:
            seen.add(row)
            yield Found(row=row, key=row_key(row))

"""Search a people-search site for somebody, and read every row that it shows.

Nothing is filed, but the site is told whom one looks for: what it was told stands in the result
and in every error. A page that shows neither rows nor its own sign that it has nobody is never an
answer. A wall for robots is handed to the person; a visit that the site forgot is said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

from optout.browser import capture, handing_over, live_rows
from optout.browser.fence import Fence
from optout.browser.not_looked import (
    BotWall,
    NotLooked,
    PageNotUnderstood,
    SearchStopped,
    SessionExpired,
    StoppedByPerson,
)
from optout.browser.step_names import called
from optout.browser.stops import NotFound, Stop
from optout.browser.visit import while_loading
from optout.browser.walking import NeedsWindow, Walk
from optout.browser.window import Window
from optout.errors import NeedsPerson, OptoutError, Refused
from optout.model.fields import Field
from optout.model.flow import Extract, Search, Step
from optout.model.ports import Acted, Person
from optout.model.row import Row
from optout.model.search import Given
from optout.model.secret import Secret
from optout.rules.page_words import PageKind, page_kind
from optout.rules.search_fields import rows_of, steps_of_search
from optout.text import Text

_WORDS: Final = "() => document.body ? document.body.innerText.slice(0, 20000) : ''"
_AGAIN: Final = Text("Wait a while, then look again.")
_WALLS: Final = 2  # a page that puts up a third wall wants nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What one search showed, page after page."""

    rows: tuple[Row, ...]
    said_none: bool
    picture: bytes
    pages: int
    more: bool
    given: Given


def run_search(
    search: Search,
    values: Mapping[Field, Secret[str]],
    *,
    fence: Fence,
    window: Window,
    person: Person,
) -> Searched:
    """Search with exactly these values behind this fence; raise `NotLooked` where that fails."""
    extract = rows_of(search)
    if extract is None:
        raise SearchStopped(Text("The definition does not say how the results are read."))
    walk = _Search(
        search=search,
        extract=extract,
        fence=fence,
        window=window,
        person=person,
        values=values,
    )
    with nullcontext() if window.is_open else window:
        return walk.outcome()


@dataclass(kw_only=True)  # no slots: Playwright notes on an object which of its methods listen
class _Search(Walk):
    """One call of `run_search`."""

    search: Search
    extract: Extract
    walls: int = 0

    def outcome(self) -> Searched:
        """Search; where it turns out that a person must act, search again with a window."""
        asks = any(map(self.needs_person, steps_of_search(self.search)))
        self.visible = asks and self.window.can_show()
        return self.with_window_if_needed(self._in_context)

    def _in_context(self) -> Searched:
        try:
            self.begin()
            return self._searched()
        except NotLooked as error:
            raise self._with_what_is_known(error) from None
        except Stop as stop:
            kind = PageNotUnderstood if isinstance(stop, NotFound) else SearchStopped
            raise self._with_what_is_known(kind(stop.why)) from None
        except KeyboardInterrupt:
            raise self._with_what_is_known(StoppedByPerson(Text("You stopped it."))) from None
        except (Refused, NeedsPerson) as error:  # such as a window that does not open
            if not self.told:
                raise
            raise self._with_what_is_known(
                SearchStopped(error.what, hint=error.hint or _AGAIN)
            ) from None
        finally:
            self.end()

    def _searched(self) -> Searched:
        for at, step in enumerate(self.search.steps[:-1]):
            self._do_past_walls(step, f"search, step {at + 1} ({called(step)})")
        self.at = f"search, step {len(self.search.steps)} ({called(self.extract)})"
        seen = self._rows()
        picture = self.take_picture()
        rows, pages, more = self._all_pages(seen)
        self.check_anomaly()
        return Searched(
            rows=rows,
            said_none=seen.said_none,
            picture=picture,
            pages=pages,
            more=more,
            given=self.told,
        )

    def _do_past_walls(self, step: Step, name: str) -> None:
        """Do a step; where a wall stands in its way, let the person through it first."""
        try:
            self.do(step, name)
        except NotFound:
            self._pass_wall()  # raises where it is none
            self.do(step, name)

    def _rows(self) -> live_rows.LiveRows:
        """Return what the page shows once it shows anything; a wall is handed over first."""
        while True:
            seconds = self.extract.within_seconds
            seen = self.wait(live_rows.wait_for_rows(self.here, self.extract), seconds)
            if seen.rows or (seen.said_none and not self._is_wall()):
                return seen
            self.check_anomaly()
            self._pass_wall()

    def _all_pages(self, first: live_rows.LiveRows) -> tuple[tuple[Row, ...], int, bool]:
        """Turn the pages over; return the rows, how many pages were read, and if there are more."""
        rows, pages, seen = list(first.rows), 1, first
        while seen.rows and pages < self.extract.pages:
            try:
                turned = self._turned(seen)
            except (Stop, PageNotUnderstood):
                return tuple(rows), pages, True  # what was read is true; what comes is not known
            if turned is None:
                break
            if not turned.rows:
                return tuple(rows), pages, not turned.said_none
            rows += turned.rows
            pages, seen = pages + 1, turned
        more = bool(seen.rows) and self.wait(live_rows.has_next(self.here, self.extract, seen))
        return tuple(rows), pages, more

    def _turned(self, seen: live_rows.LiveRows) -> live_rows.LiveRows | None:
        turning = live_rows.turn_page(self.here, self.extract, seen)
        return self.wait(turning, self.extract.within_seconds)

    # ---- what stands in the way ----

    def _pass_wall(self) -> None:
        """Give a wall for robots to the person; raise what else the page is."""
        kind = self.wait(self._kind())
        if kind is PageKind.EXPIRED:
            raise SessionExpired(
                Text("The site forgot the visit before it showed any results."), hint=_AGAIN
            )
        if kind is PageKind.UNKNOWN:
            raise PageNotUnderstood(
                Text("The page was not understood: no rows, and no words that there are none.")
            )
        if not self.visible and self.window.can_show():
            raise NeedsWindow
        self.walls += 1
        if self.walls > _WALLS or not self._person_passes():
            raise BotWall(
                Text("The site wants to see a person before it shows any results."),
                hint=Text("Look again when you can act in the window."),
            )

    def _person_passes(self) -> bool:
        picture = b"" if self.visible else self.wait(capture.take(self.here.page))
        hand_over = handing_over.at_wall(self.here, visible=self.visible, picture=picture)
        try:
            return self.act_by_hand(hand_over) is not Acted.DID_NOT
        except OptoutError:  # nobody there to act
            return False

    def _is_wall(self) -> bool:
        """Say whether a page that says it has nobody also says why it shows us nothing.

        A robot check in a frame is on many honest pages, so only the words count.
        """
        return page_kind(self.wait(self._words())) is not PageKind.UNKNOWN

    async def _kind(self) -> PageKind:
        frames = tuple(frame.url for frame in self.here.page.frames[1:])
        return page_kind(await self._words(), frames)

    async def _words(self) -> str:
        return str(await while_loading(self.here.page.main_frame.evaluate(_WORDS), ""))

    def _with_what_is_known(self, error: NotLooked) -> NotLooked:
        """Return the same error with what the site was told, and what it showed."""
        return type(error)(
            error.what,
            hint=error.hint or _AGAIN,
            given=self.told,
            picture=self._last_picture(),
            step=self.at,
        )

    def _last_picture(self) -> bytes:
        if self.visit is None or self.visit.page.is_closed():
            return b""
        return self.wait(capture.take_stuck(self.visit.page))

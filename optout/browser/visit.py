"""One visit: the page a leg is run on, what was entered on it, and how its elements are found."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar
from urllib.parse import quote

from optout.browser.fence import Fence
from optout.browser.host_classes import host_in
from optout.browser.stops import NotFound, Stop
from optout.model.fields import Field
from optout.model.flow import Extract, Submit
from optout.model.row import Row
from optout.model.secret import Secret
from optout.rules.hosts import BadAddress, host_allowed
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import ElementHandle, Frame, Page

T = TypeVar("T")
Want = Literal["fill", "select", "check", "radio", "list", "option", "press", "any"]

ENGINE: Final = "seen"
ENGINE_SCRIPT: Final = Path(__file__).with_name("elements.js")
# A page is asked again soon at first, then less and less often.
SHORTEST_POLL: Final = 0.005
LONGEST_POLL: Final = 0.1
# Several elements that fit may be a page still being built; after this it is a page with several.
SEVERAL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to look for: words a person sees, else a selector."""

    want: Want
    words: str = ""
    into: str = ""
    option: str = ""
    shown: bool = True
    strict: bool = False  # words that are given must be found; the selector only narrows

    def selector(self) -> str:
        """Write it for the engine in elements.js."""
        return f"{ENGINE}={quote(json.dumps(self.asked()), safe='')}"

    def asked(self) -> Mapping[str, object]:
        """Return what the engine reads."""
        return {
            "want": self.want,
            "words": self.words,
            "into": self.into,
            "option": self.option,
            "shown": self.shown,
            "strict": self.strict,
        }


class Found(NamedTuple):
    """One element, and the frame it stands in."""

    element: ElementHandle
    frame: Frame


@dataclass(slots=True, kw_only=True)
class Entered:
    """One value or choice on the page, to be read back before submit."""

    where: str  # label or selector, from the definition
    expected: tuple[str, ...]  # any of these spellings; "" with `on`
    on: bool = False  # a box or an option that must be on
    element: ElementHandle
    beside: ElementHandle | None = None  # the list that shows the chosen option once it closed
    number: bool = False  # compare digits only
    before_press: int  # how many presses came before


@dataclass(slots=True, kw_only=True)
class Visit:
    """The state of one run of one leg."""

    page: Page
    fence: Fence
    values: Mapping[Field, Secret[str]]
    recognize: Mapping[Field, Secret[str]]
    entered: list[Entered] = field(default_factory=list)
    since_row: list[tuple[str, ...]] = field(default_factory=list)  # typed since the last add_row
    filled: dict[Field, None] = field(default_factory=dict)  # an ordered set
    given_on: dict[tuple[str, Field], None] = field(default_factory=dict)  # an ordered set
    presses: int = 0
    submit: Submit | None = None  # the step that will file; no other step may press its button
    listing: Row | None = None  # the one listing that this run is about
    rows: Extract | None = None  # what a row of this page is, once an `extract` said so

    def frames(self, in_frame: str | None) -> list[Frame]:
        """Return the frames that a step may look at: the page, or those of one named host."""
        if in_frame is None:
            return [self.page.main_frame]
        return [f for f in self.page.frames if host_allowed(self.host_of_frame(f), [in_frame])]

    def host_of_frame(self, frame: Frame) -> str:
        """Return the host whose page a frame shows; without an address it is its parent's."""
        while frame.url.startswith("about:") and frame.parent_frame:
            frame = frame.parent_frame
        try:
            return host_in(frame.url)
        except BadAddress:
            return ""

    def check_may_type(self, frame: Frame) -> None:
        """Stop unless this frame belongs to a host that may receive personal data."""
        if not host_allowed(self.host_of_frame(frame), self.fence.hosts):
            raise Stop(Text("The site sent us to a page of somebody else."))

    def will_type(self, value: str, of: Field | None) -> None:
        """Note a value before it is typed: from now on the fence looks for it."""
        self.fence.typed.add(value)
        if of is not None:
            self.filled[of] = None

    def gave(self, frame: Frame, of: Field | None) -> None:
        """Note whose page a value was given to."""
        if of is not None:
            self.given_on[self.host_of_frame(frame), of] = None

    async def find(self, ask: Ask, *, in_frame: str | None, seconds: float) -> Found:
        """Return the one element that fits, waiting for it; never one of several."""
        several_since: float | None = None
        found: list[Found] = []
        async for waited in asked_again(seconds):
            found = await self.all(ask, in_frame)
            if len(found) == 1:
                return found[0]
            if found and several_since is None:
                several_since = waited
            if found and several_since is not None and waited - several_since > SEVERAL_SECONDS:
                break
        if found:
            raise NotFound(Text("The page has several places that fit this step."))
        raise NotFound(Text("The page does not have what this step looks for."))

    async def all(self, ask: Ask, in_frame: str | None) -> list[Found]:
        """Return every element that fits now."""
        found: list[Found] = []
        for frame in self.frames(in_frame):
            elements = await while_loading(frame.query_selector_all(ask.selector()), [])
            found += [Found(element, frame) for element in elements]
        return found


async def asked_again(seconds: float) -> AsyncIterator[float]:
    """Yield the seconds waited so far, at least once, until there are no more left."""
    clock = asyncio.get_running_loop().time
    began, pause = clock(), SHORTEST_POLL
    while True:
        waited = clock() - began
        yield waited
        if waited >= seconds:
            return
        await asyncio.sleep(min(pause, max(seconds - waited, 0)))
        pause = min(pause * 1.5, LONGEST_POLL)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Wait until a condition holds; say whether it did in time."""
    async for _waited in asked_again(seconds):
        if await condition():
            return True
    return False


async def while_loading(asked: Awaitable[T], otherwise: T, *, seconds: float = 5.0) -> T:
    """Ask a page something; one that is just being replaced, or is stuck, answers `otherwise`.

    While a form waits for its answer, Chromium keeps every question to the page waiting too.
    """
    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    try:
        return await asyncio.wait_for(asked, seconds)
    except (Error, TimeoutError):
        return otherwise

"""Going through steps on one page, for one person: what a filing and a search have in common.

The main thread goes through the steps in order and talks to the person; the browser lives on a
thread of its own, so that the page goes on working while a person solves a captcha.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from optout.browser import (
    capture,
    choosing,
    entering,
    handing_over,
    hands_off,
    live_rows,
    looking,
    pressing,
)
from optout.browser.background import CtrlC
from optout.browser.fence import Fence
from optout.browser.step_names import called
from optout.browser.stops import Stop
from optout.browser.visit import Visit, until, while_loading
from optout.browser.window import Window
from optout.errors import OptoutError
from optout.model.fields import Field
from optout.model.flow import (
    AddRow,
    AskPerson,
    Capture,
    Check,
    Choose,
    Expect,
    Extract,
    Fill,
    Open,
    Press,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.ports import Acted, HandOver, Person
from optout.model.row import Row
from optout.model.search import Given
from optout.model.secret import Secret
from optout.text import Text

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Dialog

T = TypeVar("T")
Whole = TypeVar("Whole")  # what came of a walk
GRACE_SECONDS: Final = 10.0  # a step's own limit is checked inside; this one is the net below
# This check mostly lets a real browser pass, if it is given a moment.
_BY_ITSELF: Final = "turnstile"
_BY_ITSELF_SECONDS: Final = 8.0
UNTOLD_SECONDS: Final = 60.0  # for what no step sets a limit


class NeedsWindow(Exception):
    """The person has to act, and the browser runs without a window: start again with one."""


@dataclass(kw_only=True)  # no slots: Playwright notes on an object which of its methods listen
class Walk:
    """One page, and the steps that are done on it."""

    fence: Fence
    window: Window
    person: Person
    values: Mapping[Field, Secret[str]]
    recognize: Mapping[Field, Secret[str]] = field(default_factory=dict)
    listing: Row | None = None
    rehearse: bool = False
    masked: bool = False
    visible: bool = False
    at: str = ""
    picture: bytes = b""
    visit: Visit | None = None
    context: BrowserContext | None = None
    with_person: bool = False  # they have the window in their hands
    told_before: dict[tuple[str, Field], None] = field(default_factory=dict)  # on an earlier page
    ctrl_c: CtrlC = field(default_factory=CtrlC)

    # ---- the page ----

    def with_window_if_needed(self, go: Callable[[], Whole]) -> Whole:
        """Go; where it turns out that a person must act, go again with a window."""
        with self.ctrl_c:
            try:
                return go()
            except NeedsWindow:
                self.visible = True
                return go()

    def begin(self) -> None:
        """Open a fresh page behind the fence; what an earlier one was told is not forgotten."""
        if self.visit:
            self.told_before.update(self.visit.given_on)
        self.visit = self.context = None
        started = self.window.context_for(self.fence, visible=self.visible)
        self.context = self.wait(started)
        self.wait(self._open_page(self.context))

    def end(self) -> None:
        """Close it."""
        if self.context:
            self.wait(self.window.close_context(self.context))

    @property
    def told(self) -> Given:
        """Return which hosts were told which fields, in their order."""
        now = self.visit.given_on if self.visit else {}
        return tuple({**self.told_before, **now})

    async def _open_page(self, context: BrowserContext) -> None:
        page = await context.new_page()
        await self.fence.watch(page)
        page.on("dialog", self._answer_dialog)
        self.visit = Visit(
            page=page,
            fence=self.fence,
            values=self.values,
            recognize=self.recognize,
            listing=self.listing,
        )

    async def _answer_dialog(self, dialog: Dialog) -> None:
        """Say no to a question that the page asks in a box, unless a person can answer it."""
        if self.with_person and self.visible:
            return
        await while_loading(
            dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss(), None
        )

    # ---- steps ----

    def do(self, step: Step, name: str, submit: Submit | None = None) -> None:
        """Do one step, or raise `Stop`; after it nothing may have gone elsewhere."""
        self.at = name
        hands_off.check_step(step, submit)
        if isinstance(step, AskPerson):
            if not self.rehearse:
                self.ask(step)
        elif isinstance(step, When):
            if self.wait(looking.is_so(self.here, step), step.within_seconds):
                for inner in step.steps:
                    self.do(inner, f"{name} › {called(inner)}", submit)
        elif isinstance(step, Press) and step.in_row and self.listing is None:
            if not self.rehearse:
                self.ask(_to_choose_row(step))
        elif isinstance(step, Capture):
            self.take_picture()
        else:
            self.wait(self.acting(step), step.within_seconds)
            self.after_acting(step)
        self.check_anomaly()

    def acting(self, step: Step) -> Coroutine[Any, Any, None]:
        """Return what does this step on the page."""
        doing = _DOING.get(type(step))
        if doing is None:
            raise Stop(Text("The definition has a step where it cannot be."))
        return doing(self.here, step)

    def after_acting(self, step: Step) -> None:
        """Look at what a step brought."""

    def ask(self, step: AskPerson) -> None:
        """Give the person the page until they did what it wants."""
        if step.reason == "captcha" and self.wait(self._passed_by_itself(step)):
            return
        picture = b"" if self.visible else self.wait(capture.take(self.here.page))
        hand_over = handing_over.for_step(step, self.here, visible=self.visible, picture=picture)
        try:
            acted = self.act_by_hand(hand_over)
        except OptoutError as error:  # nobody there to act
            raise Stop(error.what) from None
        if acted is Acted.DID_NOT:
            raise Stop(Text("You did not do what the page asked for."))
        if not self.wait(self._is_done_soon(step), step.within_seconds):
            raise Stop(Text("The page does not show that it was done."))

    async def _passed_by_itself(self, step: AskPerson) -> bool:
        """Say whether a robot check let us pass: many do, in a real browser."""
        if not step.done_when:
            return False
        if _BY_ITSELF in step.done_when:
            return await until(lambda: handing_over.is_done(self.here, step), _BY_ITSELF_SECONDS)
        return await looking.comes_true(
            self.here, lambda: handing_over.is_done(self.here, step), step.within_seconds
        )

    async def _is_done_soon(self, step: AskPerson) -> bool:
        return await until(lambda: handing_over.is_done(self.here, step), step.within_seconds)

    def act_by_hand(self, hand_over: HandOver) -> Acted:
        """Give the window to the person, and Ctrl-C its usual meaning."""
        self.with_person = True
        try:
            with self.ctrl_c.as_usual():
                return self.person.act(hand_over)
        finally:
            self.with_person = False

    def take_picture(self) -> bytes:
        """Keep a picture of the page, unless nobody may read it."""
        if not self.masked:
            self.picture = self.wait(capture.take(self.here.page))
        return self.picture

    def check_anomaly(self) -> None:
        """Stop where the page tried to send something elsewhere."""
        if self.fence.anomalies:
            raise Stop(Text("The page tried to send something to somebody else. We stopped."))

    # ---- small ----

    @property
    def here(self) -> Visit:
        """Return the open page."""
        assert self.visit is not None  # set before the first step
        return self.visit

    def wait(self, coroutine: Coroutine[Any, Any, T], seconds: float = UNTOLD_SECONDS) -> T:
        """Run one piece on the browser's thread; what goes wrong there becomes a `Stop`."""
        return self.window.background.wait(_within(coroutine, seconds), self.ctrl_c)

    def needs_person(self, step: Step) -> bool:
        """Say whether only a person can do this step."""
        if isinstance(step, Press | Submit) and step.in_row and self.listing is not None:
            return False
        if isinstance(step, Press):
            return step.in_row
        return isinstance(step, AskPerson) or (isinstance(step, Submit) and bool(step.say))


_DOING: Final[Mapping[type, Callable[[Visit, Any], Coroutine[Any, Any, None]]]] = {
    Open: entering.open_page,
    Fill: entering.fill,
    Choose: choosing.choose,
    Check: entering.check,
    Press: pressing.press,
    AddRow: pressing.add_row,
    Expect: looking.expect,
    WaitFor: looking.wait_for,
    Extract: live_rows.extract,
}


def _to_choose_row(step: Press) -> AskPerson:
    """Ask for the press that nobody can do for them: no listing says which row is theirs."""
    return AskPerson(
        reason="choice",
        say=step.say,
        done_when=step.done_when,
        in_frame=step.in_frame,
        within_seconds=step.within_seconds,
    )


async def _within(coroutine: Coroutine[Any, Any, T], seconds: float) -> T:
    import asyncio  # noqa: PLC0415

    from playwright.async_api import Error  # noqa: PLC0415 - heavy

    try:
        return await asyncio.wait_for(coroutine, seconds * 2 + GRACE_SECONDS)
    except TimeoutError:
        late = True
    except Error:
        # Its text may hold what was typed, so it is not even chained to ours.
        late = False
    if late:
        raise Stop(Text("The page took too long."), person_can_go_on=True)
    raise Stop(Text("The page did not let us do this step."), person_can_go_on=True)

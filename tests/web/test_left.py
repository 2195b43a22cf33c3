"""A tab that nobody is at goes elsewhere by itself, and that is nobody who is here."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from markupsafe import escape
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

import optout.web
from optout.model.fields import Field
from optout.model.ports import HandOver, Remaining
from optout.model.secret import Secret
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.web.page_words import WORDS
from optout.web.shown import LEFT
from optout.web.talk import Kind
from optout.workflows.desk import Desk
from tests.e2e.command_line import wait_until
from tests.web.conftest import Page, locked_folder, now, served
from tests.web.test_walk import WAIT, a_tab

PHONE = "303-555-0142"
LOCKED = 'id="passphrase"'
HANDED = HandOver(
    why=WORDS["type_by_hand"],
    what=WORDS["last_button"],
    minutes=2,
    window_visible=False,
    remaining=(Remaining(field=Field.PHONE, place="Phone", value=Secret(PHONE)),),
    person_submits=True,
)


@dataclass
class Sitting:
    """A page that is open, the browser that opened it, and its clock."""

    page: Page
    time: list[datetime]
    cookies: CookieJar = field(default_factory=CookieJar)

    @cached_property
    def browser(self) -> OpenerDirector:
        return build_opener(HTTPCookieProcessor(self.cookies))

    def later(self, **by: float) -> None:
        self.time[0] += timedelta(**by)

    def hand_over(self) -> None:
        def work(desk: Desk) -> None:
            desk.person.act(HANDED)

        talk = self.page.keeper.begin(WORDS["practice"], work)
        talk.wait(10**6, 120)
        waiting = talk.waiting()
        assert waiting is not None
        assert waiting.kind is Kind.HAND_OVER

    def goes_on_in(self, tab: Tab) -> None:
        """Let a tab be the browser that opened the page."""
        carried = [
            {"name": each.name, "value": str(each.value), "url": self.page.root}
            for each in self.cookies
        ]
        tab.context.add_cookies(carried)  # type: ignore[arg-type] # a cookie is a plain mapping

    def seen(self, address: str) -> str:
        with self.browser.open(self.page.root + address) as answer:
            return str(answer.read().decode())

    def where_it_goes_by_itself(self, address: str) -> tuple[int, str]:
        found = re.search(r'"refresh" content="(\d+); url=([^"]*)"', self.seen(address))
        assert found is not None
        return int(found[1]), found[2]


@pytest.fixture
def sitting(companies: World) -> Iterator[Sitting]:
    time = [now()]
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        locked_folder(Path(name), JORDAN)
        with served(Path(name), companies, clock=lambda: time[0]) as page:
            page.keeper.unlock(PASSPHRASE)
            there = Sitting(page, time)
            with there.browser.open(page.opening):
                pass
            yield there


def test_it_locks_while_something_is_handed_over_and_the_tab_stays_open(sitting: Sitting) -> None:
    sitting.hand_over()
    shown, looks = "/talk", 0
    while sitting.page.keeper.is_open() and looks < 9:
        seconds, shown = sitting.where_it_goes_by_itself(shown)
        sitting.later(seconds=seconds)
        seen, looks = sitting.seen(shown), looks + 1
    assert looks == 4, "it is as patient as with a person who works in another window"
    assert LOCKED in seen, "the tab shows that it is locked"
    wait_until(lambda: sitting.page.keeper.talk is None)  # whoever locks it stops it after that


def test_it_stays_open_for_whoever_comes_back_to_it(sitting: Sitting) -> None:
    """The control: the same looks, but a person's."""
    sitting.hand_over()
    for _ in range(9):
        seconds, _itself = sitting.where_it_goes_by_itself("/talk")
        sitting.later(seconds=seconds)
        assert LOCKED not in sitting.seen("/")
    assert sitting.page.keeper.is_open()
    sitting.page.keeper.stop_talk()


@pytest.mark.parametrize(("address", "is_open"), [(LEFT, False), ("/", True)])  # "/": the control
def test_two_tabs_that_go_by_themselves_in_turn_do_not_keep_it_open(
    sitting: Sitting, address: str, *, is_open: bool
) -> None:
    for _ in range(2):
        sitting.later(minutes=10)
        seen = sitting.seen(address)
    assert sitting.page.keeper.is_open() is is_open
    assert (LOCKED not in seen) is is_open


def test_while_it_is_still_open_nothing_personal_is_shown(sitting: Sitting) -> None:
    sitting.hand_over()
    assert PHONE in sitting.seen("/talk"), "the control"
    sitting.later(minutes=16)
    seen = sitting.seen(LEFT)
    assert str(escape(WORDS["left"])) in seen
    assert 'href="/talk"' in seen, "the way back to what waits"
    facts = (PHONE, *(each.shown() for each in JORDAN.identifiers))
    assert [each for each in facts if each in seen] == []
    sitting.page.keeper.stop_talk()


def test_before_there_is_a_folder_it_says_how_to_begin(page: Page) -> None:
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(page.opening):
        pass
    with browser.open(page.root + LEFT) as answer:
        assert 'action="/begin"' in answer.read().decode()


def test_the_script_of_the_page_goes_to_the_same_address() -> None:
    script = (Path(optout.web.__file__).parent / "static" / "page.js").read_text("utf-8")
    assert re.findall(r"again\(([^)]*)\);", script) == ["here", "left", "left"]
    assert f'const left = "{LEFT}";' in script


@pytest.mark.browser
def test_a_browser_hides_it_by_itself_and_then_shows_it_locked(
    sitting: Sitting, browser: Browser
) -> None:
    sitting.hand_over()
    for tab in a_tab(browser, "en-US"):
        sitting.goes_on_in(tab)
        tab.clock.install()
        tab.goto(f"{sitting.page.root}/talk")
        expect(tab.locator("main")).to_contain_text(PHONE)
        sitting.later(minutes=16)
        tab.clock.fast_forward("16:00")
        expect(tab.locator("h1")).to_have_text(str(WORDS["left"]), timeout=WAIT)
        assert PHONE not in tab.content()
        assert sitting.page.keeper.is_open()

        sitting.later(minutes=45)
        expect(tab.locator("#passphrase")).to_be_visible(timeout=WAIT)
        assert not sitting.page.keeper.is_open()


@pytest.mark.browser
@pytest.mark.parametrize("writes", [True, False])  # False: the control, a script that only says so
def test_whoever_writes_a_long_answer_is_here(
    sitting: Sitting, browser: Browser, *, writes: bool
) -> None:
    sitting.page.keeper.begin(WORDS["practice"], _asked)
    for tab in a_tab(browser, "en-US"):
        sitting.goes_on_in(tab)
        tab.clock.install()
        tab.goto(f"{sitting.page.root}/talk")
        line = tab.locator("#answer")
        sitting.later(minutes=10)
        tab.clock.fast_forward("10:00")
        if writes:
            with tab.expect_response("**/still-here"):
                line.press_sequentially("A long answer")
        else:
            line.dispatch_event("input")
        sitting.later(minutes=10)
        tab.clock.fast_forward("10:00")
        if writes:
            expect(line).to_have_value("A long answer")
            assert sitting.page.keeper.is_open()
        else:
            expect(tab.locator("#passphrase")).to_be_visible(timeout=WAIT)
    sitting.page.keeper.stop_talk()


def _asked(desk: Desk) -> None:
    desk.person.ask(WORDS["practice"])

"""A person who is interrupted: nothing is lost, nothing is sent twice, nothing stays on show."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.browser.find import find_browser
from optout.browser.launch import is_root
from optout.errors import Refused
from optout.model.secret import Secret
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE, ScriptedPerson
from optout.sample.servers import World
from optout.vault.destroy import destroy
from optout.vault.unlock import unlock
from optout.web.talk import Kind
from optout.workflows.file_message import file_message
from tests.web.conftest import Page, locked_folder, now, served
from tests.web.guided import Mouse, only_yes, press
from tests.web.test_answers import jordan
from tests.web.test_walk import (
    WAIT,
    a_tab,
    answer,
    plan_all,
    question,
    references,
    stay,
    walk,
)

pytestmark = pytest.mark.browser

__all__ = ["jordan"]  # the fixture
COMPANY = "sample-risk-data"
OWN = "Sample"  # of Jordan's name


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, "en-US")


def asked_to_send(tab: Tab, page: Page) -> str:
    """Stand before the sheet that shows what would leave."""
    tab.goto(page.opening)
    plan_all(tab, page)
    reference = references(page)[COMPANY]
    walk(tab, page, f"file/{reference}")
    expect(question(tab)).to_contain_text(OWN)
    return reference


def test_the_page_is_closed_while_a_question_waits_and_opened_again(
    jordan: Page, tab: Tab, companies: World
) -> None:
    asked_to_send(tab, jordan)
    before = len(companies.received(COMPANY))
    later = tab.context.new_page()
    tab.close()
    later.goto(jordan.root)
    press(later.locator(".waits a"))
    expect(question(later)).to_contain_text(OWN)
    answer(later, "yes")
    later.close()  # in the middle of the form
    last = jordan.keeper.talk
    assert last is not None
    while not last.ended:
        last.wait(10**6, 1)
        waiting = last.waiting()
        if waiting:
            last.answer(waiting.number, "did" if waiting.kind is Kind.HAND_OVER else "yes")
    assert last.error is None
    assert len(companies.received(COMPANY)) == before + 1


def test_it_is_loaded_anew_again_and_again_in_the_middle_of_a_form(
    jordan: Page, tab: Tab, companies: World
) -> None:
    reference = asked_to_send(tab, jordan)
    before = len(companies.received(COMPANY))
    other = tab.context.new_page()
    answer(tab, "yes")
    for _ in range(8):
        tab.reload()
        other.goto(f"{jordan.root}/walk/file/{reference}")  # a form's address, typed
        other.goto(f"{jordan.root}/talk")
    only_yes(Mouse(tab))
    assert len(companies.received(COMPANY)) == before + 1
    assert jordan.keeper.talk is not None
    assert jordan.keeper.talk.error is None


@contextmanager
def jumping(world: World) -> Iterator[tuple[Page, list[timedelta]]]:
    """The page on a computer whose clock on the wall can jump."""
    ahead = [timedelta()]

    def clock() -> datetime:
        return now() + ahead[0]

    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder, JORDAN)
        with served(folder, world, clock=clock) as page:
            page.keeper.unlock(PASSPHRASE)
            yield page, ahead


def test_after_a_laptop_slept_it_is_locked_and_nothing_was_sent(tab: Tab, companies: World) -> None:
    """Ten minutes are the control: it stays open, and the question still stands there."""
    stay(tab)
    with jumping(companies) as (page, ahead):
        reference = asked_to_send(tab, page)
        before = len(companies.received(COMPANY))
        ahead[0] = timedelta(minutes=10)
        tab.reload()
        expect(question(tab)).to_contain_text(OWN)
        ahead[0] = timedelta(hours=9)
        press(tab.locator('.question button[value="yes"]'))
        expect(tab.locator("#passphrase")).to_be_visible()
        assert OWN not in tab.content()
        assert len(companies.received(COMPANY)) == before
        tab.locator("#passphrase").fill(PASSPHRASE)
        press(tab.locator("main form button"))
        walk(tab, page, f"file/{reference}")
        only_yes(Mouse(tab))
        assert len(companies.received(COMPANY)) == before + 1


def test_the_screen_itself_lets_go_when_the_computer_wakes(jordan: Page, tab: Tab) -> None:
    """Its timers stood still meanwhile. The control: after ten minutes it stays."""
    tab.clock.install()
    asked_to_send(tab, jordan)
    tab.clock.fast_forward("10:00")
    expect(question(tab)).to_contain_text(OWN)
    jordan.keeper.lock()
    tab.clock.fast_forward("01:00:00")
    expect(tab.locator("#passphrase")).to_be_visible()


def test_another_terminal_sends_it_first_and_the_page_sends_nothing(
    jordan: Page, tab: Tab, companies: World
) -> None:
    reference = asked_to_send(tab, jordan)
    before = len(companies.received(COMPANY))
    place = jordan.keeper.place
    other = unlock(place.folder, clock=now, actor="person", passphrase=lambda: Secret(PASSPHRASE))
    with other as vault:
        file_message(place.set_out(vault, ScriptedPerson(), now, place.papers), reference)
    assert len(companies.received(COMPANY)) == before + 1
    answer(tab, "yes")
    only_yes(Mouse(tab))
    expect(tab.locator("[role=alert]")).to_be_visible()
    assert len(companies.received(COMPANY)) == before + 1


def test_another_terminal_cannot_destroy_what_is_open_here(jordan: Page, tab: Tab) -> None:
    """The control: once it is locked here, nothing holds the folder any more."""
    stay(tab)
    reference = asked_to_send(tab, jordan)
    with pytest.raises(Refused):
        destroy(jordan.keeper.place.folder)
    tab.goto(f"{jordan.root}/request/{reference}")
    expect(tab.locator("h1")).to_be_visible()
    jordan.keeper.lock()
    destroy(jordan.keeper.place.folder)
    tab.goto(f"{jordan.root}/status")
    expect(tab.locator("main form button")).to_be_visible()  # Begin: there is no folder
    assert OWN not in tab.content()


def test_a_paper_that_vanished_is_told_in_words(jordan: Page, tab: Tab) -> None:
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    walk(tab, jordan, "report")
    answer(tab, "html")
    tab.locator("a.button").wait_for()
    tab.goto(f"{jordan.root}/papers")
    link = jordan.root + (tab.locator(".card a").first.get_attribute("href") or "")
    assert tab.request.get(link).ok, "the control"
    (written,) = jordan.papers.iterdir()
    written.chmod(0)  # root reads it all the same
    written.unlink()
    written.mkdir()  # listed still, and no file
    tab.goto(link)
    expect(tab.locator("[role=alert]")).to_contain_text("cannot be opened any more")


class Plain(BaseHTTPRequestHandler):
    """A page that a browser may keep for Back."""

    def do_GET(self) -> None:
        """Show it."""
        said = b"<!doctype html><title>x</title><p>x"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def plain_pages() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_back_after_lock_shows_nothing_that_stood_there(jordan: Page, browser: Browser) -> None:
    """In a browser that keeps whole pages for Back, as people's do. The control is a plain one."""
    keeping = browser.browser_type.launch(
        executable_path=find_browser().path,
        args=["--no-sandbox"] if is_root() else [],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    tab = keeping.new_page(locale="en-US")
    tab.set_default_timeout(WAIT)
    with plain_pages() as plain:
        tab.goto(plain)
        tab.evaluate("window.mine = 1")
        tab.goto(f"{plain}/other")
        tab.go_back(wait_until="commit")
        assert tab.evaluate("window.mine") == 1, "the control: this browser keeps pages"
    tab = keeping.new_page(locale="en-US")
    tab.set_default_timeout(WAIT)
    asked_to_send(tab, jordan)
    tab.evaluate("window.mine = 1")
    press(tab.locator("header form button").first)
    expect(tab.locator("#passphrase")).to_be_visible()
    tab.go_back(wait_until="commit")
    expect(tab.locator("#passphrase")).to_be_visible()
    assert OWN not in tab.content()
    assert tab.evaluate("window.mine") is None
    keeping.close()


def test_a_page_that_a_browser_kept_all_the_same_is_asked_for_anew(jordan: Page, tab: Tab) -> None:
    stay(tab)
    asked_to_send(tab, jordan)
    jordan.keeper.lock()
    for kept in ("false", "true"):
        expect(question(tab)).to_contain_text(OWN)
        tab.evaluate(f"dispatchEvent(new PageTransitionEvent('pageshow', {{persisted: {kept}}}))")
    expect(tab.locator("#passphrase")).to_be_visible()
    assert OWN not in tab.content()

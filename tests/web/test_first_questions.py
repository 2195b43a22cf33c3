"""Whoever stops in the first questions on the page goes on where they were, in both languages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.i18n import in_language, say
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.text import Text
from optout.web.page_words import WORDS
from tests.web.conftest import Page, locked_folder, served
from tests.web.guided import Mouse, asked, interviewed, question, reply
from tests.web.look import check
from tests.web.test_walk import a_tab, walk

pytestmark = pytest.mark.browser

STATE = "In which state do you live? (Outside the United States: write the country.)"
BORN = Text("Birth date, year-month-day.")


@pytest.fixture
def empty(companies: World) -> Iterator[Page]:
    """The page over a folder with nobody in it, open already."""
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder)
        with served(folder, companies) as page:
            page.keeper.unlock(PASSPHRASE)
            yield page


@pytest.fixture(params=["en-US", "es-MX"])
def mouse(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Mouse]:
    for tab in a_tab(browser, request.param):
        yield Mouse(tab)


def spoken(tab: Tab) -> str:
    return str(tab.locator("html").get_attribute("lang"))


def said_in(tab: Tab, text: Text) -> str:
    with in_language(spoken(tab)):
        return say(text)


def answer_until(mouse: Mouse, wanted: Text) -> list[str]:
    """Answer as Jordan until one question stands there, or to the end of the interview."""
    met: list[str] = []
    while (words := asked(mouse.tab)) and not words.startswith(said_in(mouse.tab, wanted)):
        given = interviewed(spoken(mouse.tab), words)
        if given is None:
            break
        met.append(words)
        reply(mouse, given)
    return met


def test_who_stops_and_closes_the_folder_goes_on_where_they_were(empty: Page, mouse: Mouse) -> None:
    tab = mouse.tab
    tab.goto(empty.opening)
    walk(tab, empty, "guide")
    first = answer_until(mouse, BORN)
    expect(tab.locator(".ways")).to_contain_text(said_in(tab, WORDS["kept_at_once"]))
    check(tab)
    mouse.press(tab.locator('form[action="/talk/stop"] button'))
    mouse.press(tab.locator('header form[action="/lock"] button'))
    mouse.write(tab.locator("#passphrase"), PASSPHRASE)
    mouse.press(tab.locator("main form button"))

    walk(tab, empty, "guide")
    expect(question(tab).locator('button[value="anew"]')).to_be_visible()
    check(tab)
    reply(mouse, "on")
    assert asked(tab).startswith(said_in(tab, BORN))
    expect(tab.locator("main")).to_contain_text("“Jordan”")
    check(tab)
    second = answer_until(mouse, Text("Nobody asks this."))
    assert len(first) > 4, "the control"
    assert not set(first) & set(second)
    people = empty.keeper.read(lambda desk: desk.vault.subjects.list())
    assert [each.label.reveal() for each in people] == ["Jordan"]
    assert len(people[0].identifiers) == 4, "a name, an address, a phone and a birth date"
    assert empty.keeper.read(lambda desk: desk.vault.first_answers.list()) == ()


def test_what_was_taken_back_before_a_stop_is_asked_again(empty: Page, mouse: Mouse) -> None:
    tab = mouse.tab
    tab.goto(empty.opening)
    walk(tab, empty, "person")
    answer_until(mouse, BORN)
    mouse.press(tab.locator('form[action="/talk/back"] button'))
    assert asked(tab).startswith(said_in(tab, Text(STATE)))
    mouse.press(tab.locator('form[action="/talk/stop"] button'))
    walk(tab, empty, "person")
    reply(mouse, "on")
    assert asked(tab).startswith(said_in(tab, Text(STATE)))

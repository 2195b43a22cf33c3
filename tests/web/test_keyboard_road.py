"""The whole road by keyboard alone: from the link that opens the page to the report."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from optout.model.request import Delivery
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.text import Text
from optout.web.page_words import WORDS
from optout.web.talk import Talk
from tests.web.conftest import Page
from tests.web.guided import SEEN, Keys, asked, interviewed, only_yes, question, reply
from tests.web.test_walk import a_tab, references

pytestmark = pytest.mark.browser

BY_WEB, BY_POST = "sample-risk-data", "sample-employment-file"
CODE = re.compile(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4})+")


@pytest.fixture
def keys(browser: Browser) -> Iterator[Keys]:
    for tab in a_tab(browser, "en-US"):
        yield Keys(tab)


def begin(keys: Keys, road: str) -> None:
    """By its link on the screen to the first question."""
    keys.press(keys.tab.locator(f'main a[href="/go/{road}"]').first)
    keys.press(keys.tab.locator("main form button"))
    question(keys.tab)


def make_folder(keys: Keys) -> None:
    """Read the truth, choose a passphrase, write down the code, and open the folder."""
    tab = keys.tab
    keys.press(tab.locator('form[action="/begin"] button'))
    code = ""
    while question(tab).count():
        code = "".join(CODE.findall(tab.locator("main").inner_text())[:1]) or code
        known = interviewed("en", asked(tab))
        if known is None and question(tab).locator("#answer").count():
            known = code[-4:]
        reply(keys, "yes" if known is None else known)
    keys.press(tab.locator("main a.button"))
    keys.write(tab.locator("#passphrase"), PASSPHRASE)
    keys.press(tab.locator("main form button"))


def be_guided(keys: Keys) -> None:
    """Say who I am, take the whole plan, and send what goes by form to one company."""
    begin(keys, "guide")
    while question(keys.tab).count():
        words = asked(keys.tab)
        known = interviewed("en", words)
        if known is None:
            known = _to_other_questions(keys, words)
        reply(keys, known)


def _to_other_questions(keys: Keys, words: str) -> str:
    if question(keys.tab).locator("button[value=skip]").count():
        return "look" if words.startswith("Next: Sample Risk Data (stop") else "skip"
    if question(keys.tab).locator("#answer").count():
        return "a"  # of the plan
    return "did" if question(keys.tab).locator("button[value=did]").count() else "yes"


def test_the_whole_road_by_keyboard_alone(page: Page, keys: Keys, companies: World) -> None:
    tab, before = keys.tab, len(companies.received(BY_WEB))
    tab.goto(page.opening)
    make_folder(keys)
    be_guided(keys)
    assert len(companies.received(BY_WEB)) == before + 1
    filed, letter = references(page)[BY_WEB], references(page)[BY_POST]

    keys.press(tab.locator("main a.button"))
    begin(keys, f"file/{letter}")  # a letter is written, to be posted
    only_yes(keys)
    keys.press(tab.locator("main a.button"))
    begin(keys, f"sent/{letter}")
    reply(keys, "today")
    question(tab)
    keys.press(tab.locator("main a.button"))
    sent = {
        each.reference
        for each in page.keeper.read(lambda desk: desk.vault.messages.list())
        if each.delivery is Delivery.SENT
    }
    assert sent == {filed, letter}

    keys.press(tab.locator('main a[href="/answer"]'))
    keys.press(tab.locator(f'main a[href="/answer/{filed}"]').first)
    keys.write(tab.locator("#text"), "We have your request.")
    keys.press(tab.locator("main form button"))
    reply(keys, "acknowledged")
    reply(keys, "today")
    question(tab)
    keys.press(tab.locator("main a.button"))

    keys.press(tab.locator('header a[href="/status"]'))
    keys.press(tab.locator(f'main a[href="/request/{filed}"]').first)
    keys.press(tab.locator('ol.line a[href^="/proof/"]').last)
    expect(tab.locator("pre")).to_have_text("We have your request.")

    keys.press(tab.locator('header a[href="/"]'))
    begin(keys, "report")
    reply(keys, "pdf")
    question(tab)
    keys.press(tab.locator("main a.button"))
    keys.press(tab.locator('header a[href="/papers"]'))
    expect(tab.locator("main")).to_contain_text(re.compile(r"requests-\w+\.pdf"))
    keys.press(tab.locator('header form[action="/lock"] button'))
    expect(tab.locator("#passphrase")).to_be_focused()
    assert not page.keeper.is_open()


def test_a_button_that_is_none_is_not_reached(page: Page, keys: Keys) -> None:
    """The control: it looks the same, and a mouse would press it."""
    tab = keys.tab
    tab.goto(page.opening)
    keys.reach(tab.locator('form[action="/begin"] button'))
    tab.reload()
    tab.locator('form[action="/begin"] button').evaluate(
        """(button) => {
  const looks = document.createElement("div");
  looks.className = "button";
  looks.textContent = button.textContent;
  looks.onclick = () => button.form.submit();
  button.replaceWith(looks);
}"""
    )
    with pytest.raises(pytest.fail.Exception):
        keys.reach(tab.locator("main div.button"))


def test_who_skips_the_menu_is_at_the_question(page: Page, keys: Keys) -> None:
    tab = keys.tab
    tab.goto(page.opening)
    tab.keyboard.press("Tab")
    expect(tab.locator("a.skip")).to_be_focused()
    assert tab.evaluate(SEEN), "it is seen while it is there"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.locator('form[action="/begin"] button')).to_be_focused()


@pytest.mark.parametrize("at", [".now", 'form[action="/lock"] button'])
def test_the_question_that_was_waited_for_is_where_the_keyboard_is(
    page: Page, keys: Keys, at: str
) -> None:
    """It takes the place of “Working”. Control: nobody is taken from elsewhere."""
    tab, ready = keys.tab, threading.Event()

    def work(talk: Talk) -> None:
        ready.wait(60)
        talk.confirm(Text("Have you read this, and do you want to go on?"))

    tab.goto(page.opening)
    page.keeper.begin_without_folder(WORDS["welcome"], work)
    tab.goto(f"{page.root}/talk")
    expect(tab.locator(".now")).to_be_focused()
    keys.reach(tab.locator(at))
    ready.set()
    tab.locator(".question").wait_for()
    expect(tab.locator(at)).to_be_focused()
    reply(keys, "yes")
    question(tab)

"""Whoever opens the page can practice first: made-up companies, beside an untouched folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.browser.window import Window
from optout.cli.practice_page import PASSPHRASE, PracticePage
from optout.sample.post_office import PostOffice
from tests.web.conftest import Page
from tests.web.guided import press
from tests.web.look import check
from tests.web.test_walk import a_tab, answer, question

pytestmark = pytest.mark.browser


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


@pytest.fixture
def practice(page: Page) -> Iterator[PracticePage]:
    beside = PracticePage(Window.hidden)
    page.keeper.place = replace(page.keeper.place, practice=beside.address)  # type: ignore[misc]
    yield beside
    beside.end()


def test_a_request_is_filed_in_practice_before_any_folder_is_made(
    page: Page, practice: PracticePage, tab: Tab
) -> None:
    tab.goto(page.opening)
    press(tab.locator('form[action="/practice"] button'))
    check(tab)
    tab.goto(tab.locator("#practice").inner_text())
    expect(tab.locator("main")).to_contain_text(PASSPHRASE)
    check(tab)
    root = re.match(r"http://[^/]+", tab.url).group()  # type: ignore[union-attr]
    assert root != page.root
    tab.goto(f"{root}/go/guide")
    press(tab.locator("main form button"))
    for _ in range(5):
        answer(tab, "yes")
    question(tab)
    check(tab)
    tab.locator('.question input[value="1"]').check()
    press(tab.locator(".question button:not([name])"))
    answer(tab, "look")
    for _ in range(9):
        question(tab)
        if tab.locator("a.button").count():
            break
        answer(tab, "yes")
    tab.goto(f"{root}/status")
    expect(tab.locator("main")).to_contain_text(re.compile("sent|enviado"))
    assert not page.keeper.is_there()  # nothing of the person's own was made


def test_what_the_practice_companies_write_is_read_and_never_followed(
    practice: PracticePage, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "requests@sample-people-search.test", "Confirm <b>now</b>"
    mail.set_content("Open http://sample-people-search.test/confirm/abc <script>alert(1)</script>")
    monkeypatch.setattr(PostOffice, "mails", lambda _self: (mail,))
    tab.goto(practice.address())
    tab.locator('a[href="/mail"]').evaluate("link => link.removeAttribute('target')")
    press(tab.locator('a[href="/mail"]'))
    check(tab)
    expect(tab.locator("pre")).to_contain_text("/confirm/abc <script>")
    expect(tab.locator("section h2")).to_have_text("Confirm <b>now</b>")
    assert not tab.locator("main section a").count()


def test_without_practice_there_is_no_mail(page: Page, tab: Tab) -> None:
    tab.goto(page.opening)
    tab.goto(f"{page.root}/mail")
    assert tab.url == f"{page.root}/"


def test_without_a_practice_page_none_is_offered(page: Page, tab: Tab) -> None:
    tab.goto(page.opening)
    assert not tab.locator('form[action="/practice"]').count()


def test_the_practice_folder_is_gone_with_its_page() -> None:
    beside = PracticePage(Window.hidden)
    assert beside.address() == beside.address()
    folder = beside.folder
    assert folder is not None
    assert folder.is_dir()
    beside.end()
    assert not folder.exists()

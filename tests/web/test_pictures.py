"""Pictures on the page: on a phone and a wide screen, in both languages, the same as words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.web.conftest import Page
from tests.web.look import check
from tests.web.test_answers import jordan, sent
from tests.web.test_walk import a_tab, answer, plan_all, question, walk

__all__ = ["jordan"]
pytestmark = pytest.mark.browser


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


def shoot(tab: Tab, name: str) -> None:
    """Keep a picture of the screen where somebody wants to look at it."""
    if folder := os.environ.get("OPTOUT_SCREENS"):
        language = tab.locator("html").get_attribute("lang")
        tab.screenshot(path=Path(folder) / f"{name}-{language}.png", full_page=True)


def test_every_picture_is_there_for_a_phone_a_wide_screen_and_a_reader(
    jordan: Page, tab: Tab
) -> None:
    tab.goto(f"{jordan.root}/open?token={jordan.token}")
    for empty in ("/pictures", "/map", "/answer"):
        tab.goto(jordan.root + empty)
        check(tab)
    reference = sent_again(tab, jordan)
    walk(tab, jordan, f"record/{reference}")
    answer(tab, "acknowledged")
    answer(tab, "today")
    tab.locator("a.button").wait_for()
    for path, name in (
        ("/pictures", "pictures"),
        ("/map", "map"),
        (f"/request/{reference}", "request"),
        ("/answer", "answer-choose"),
        (f"/answer/{reference}", "answer"),
        ("/", "home"),
    ):
        tab.goto(jordan.root + path)
        check(tab)
        shoot(tab, f"phone-{name}")
        if name in {"pictures", "map"}:
            for summary in tab.locator("summary").all():
                summary.click()
            check(tab)
            assert tab.locator("figure li").count() > 1, "the same in words"
    tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
    tab.set_viewport_size({"width": 1000, "height": 800})
    for path in ("/pictures", "/map", f"/request/{reference}"):
        tab.goto(jordan.root + path)
        expect(tab.locator("svg.picture:visible").first).to_be_visible()
        shoot(tab, f"wide-{path.split('/')[1]}")
    assert tab.locator("svg.picture").first.get_attribute("aria-label")


def sent_again(tab: Tab, page: Page) -> str:
    """File the request of the practice company."""
    page.opening = page.root
    return sent(tab, page)


def test_a_report_is_made_on_the_page_and_opens_from_there(jordan: Page, tab: Tab) -> None:
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    for chosen, ticks in (("pdf", 0), ("helper", 5)):
        walk(tab, jordan, "report")
        answer(tab, chosen)
        for _ in range(ticks):
            question(tab)
            check(tab)
            answer(tab, "no")
        tab.locator("a.button").wait_for()
        check(tab)
    walk(tab, jordan, "report")
    answer(tab, "html")
    tab.locator("a.button").wait_for()
    all_of_it, one_page = {
        "en": ("requests", "summary"),
        "es": ("solicitudes", "resumen"),
    }[tab.evaluate("document.documentElement.lang")]
    (page,) = jordan.papers.glob(f"{all_of_it}-*.html")
    tab.goto(page.as_uri())
    check(tab)
    shoot(tab, "report")
    expect(tab.locator("svg:visible")).to_have_count(2)  # the map is there twice, shown once
    tab.goto(f"{jordan.root}/papers")
    check(tab)
    assert tab.locator(".card a").count() == 3
    for name in (all_of_it, one_page):
        file = re.compile(rf"{name}-\w+\.pdf")
        link = tab.locator(".card a", has_text=file).get_attribute("href")
        got = tab.request.get(jordan.root + (link or ""))
        assert got.headers["content-type"] == "application/pdf"
        assert got.body().startswith(b"%PDF-")

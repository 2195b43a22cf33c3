"""A person looks on the page who shows them, and says which records are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.model.broker import Slug
from optout.model.listing import Listing, Verdict
from optout.model.secret import Secret
from optout.sample.people import JORDAN, MARIA
from optout.vault.ids import new_id
from tests.web.conftest import Page
from tests.web.look import check
from tests.web.test_answers import english, jordan
from tests.web.test_walk import a_tab, answer, question, walk

pytestmark = pytest.mark.browser

__all__ = ["english", "jordan"]  # the fixtures


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


def test_scan_review_and_the_next_step_on_the_page(jordan: Page, tab: Tab) -> None:
    spanish = tab.evaluate("navigator.language").startswith("es")
    tab.goto(jordan.opening)
    walk(tab, jordan, "scan")
    for _ in range(5):
        answer(tab, "yes")
    expect(tab.locator("main")).to_contain_text("sample-people-search.test")
    question(tab)
    check(tab)
    answer(tab, "sí" if spanish else "yes")
    tab.locator("a.button").wait_for()
    expect(tab.locator("main")).to_contain_text("Hallado:" if spanish else "Found:")
    check(tab)
    found = jordan.keeper.read(lambda desk: desk.vault.listings.list(JORDAN.id))
    assert {each.verdict for each in found} == {Verdict.SAME}
    assert "63" not in {each.shown["age"].reveal() for each in found}  # the namesake above

    unsure = replace(found[0], verdict=Verdict.UNSURE)
    jordan.keeper.read(lambda desk: desk.vault.listings.replace(unsure))
    tab.goto(f"{jordan.root}/")
    expect(tab.locator('a[href="/go/review"]').first).to_be_visible()
    check(tab)
    walk(tab, jordan, "review")
    question(tab)
    check(tab)
    answer(tab, "no")
    tab.locator("a.button").wait_for()
    decided = jordan.keeper.read(lambda desk: desk.vault.listings.get(unsure.id))
    assert (decided.verdict, decided.decided_by) == (Verdict.OTHER, "person")

    walk(tab, jordan, "pictures")
    link = tab.locator('main a[href^="/papers/"]').first
    expect(link).to_have_text(re.compile(rf"^{'página' if spanish else 'page'}-\w+\.jpg$"))
    check(tab)
    got = tab.request.get(f"{jordan.root}{link.get_attribute('href')}")
    assert got.body().startswith(b"\xff\xd8"), "a JPEG"


def test_of_several_people_the_first_screen_says_whose_each_task_is(
    jordan: Page, english: Tab
) -> None:
    unsure = Listing(
        id=new_id(),
        subject_id=JORDAN.id,
        broker=Slug("sample-people-search"),
        url=Secret("http://sample-people-search.test/person/100001"),
    )
    jordan.keeper.read(lambda desk: desk.vault.listings.add(unsure))
    english.goto(jordan.opening)
    task, name = english.locator("ol.cards"), f"1. {JORDAN.label.reveal()}"
    expect(task).to_contain_text("are this person (1)")
    expect(task).not_to_contain_text(name)  # control: who is alone is not told their own name
    jordan.keeper.read(lambda desk: desk.vault.subjects.add(MARIA))
    english.goto(f"{jordan.root}/")
    expect(task).to_contain_text(f"{name}: Say whether")
    expect(task).not_to_contain_text("--person")
    check(english)

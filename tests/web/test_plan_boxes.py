"""The plan as a list with boxes: nothing chosen for anybody, nothing to type, and a way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import Page as Tab

from optout.model.request import Status
from optout.model.words import Right
from tests.web.conftest import Page
from tests.web.guided import press
from tests.web.test_answers import jordan, kept, sent
from tests.web.test_walk import PHONE, WAIT, a_tab, answer, check, question, walk

pytestmark = pytest.mark.browser

__all__ = ["jordan"]  # the fixture
LONGEST = 6 * PHONE["height"]  # of the whole plan, folded: it was eighteen screens


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(WAIT)
    yield context.new_page()
    context.close()


def boxes(tab: Tab) -> Locator:
    tab.locator(".boxes").wait_for()
    return tab.locator(".boxes input[type=checkbox]")


def to_the_list(tab: Tab, page: Page, road: str = "plan") -> None:
    tab.goto(page.opening)
    walk(tab, page, road)
    for _ in range(5):
        answer(tab, "yes")
    boxes(tab).first.wait_for()


def go_on(tab: Tab) -> None:
    press(question(tab).locator("button:not([name])"))


def back(tab: Tab) -> None:
    press(tab.locator('form[action="/talk/back"] button'))


def look_again(tab: Tab) -> None:
    """Follow the link that stands there while it works: without scripts nothing comes by itself."""
    while (again := tab.locator('#talk [role=status] a[href="/talk"]')).count():
        press(again)


def asked(page: Page) -> list[tuple[str, Right]]:
    requests = page.keeper.read(lambda desk: desk.vault.requests.list())
    return [(each.broker, each.right) for each in requests]


def test_what_is_ticked_goes_on_the_list_and_nothing_else(jordan: Page, tab: Tab) -> None:
    to_the_list(tab, jordan)
    check(tab)
    assert tab.evaluate("document.documentElement.scrollHeight") < LONGEST
    assert not tab.locator(".boxes input:checked").count(), "nothing is chosen for anybody"
    assert not tab.locator("#answer").count(), "nothing is to be typed"
    expect(tab.locator(".boxes details[open]")).to_have_count(0)
    tab.locator(".boxes details summary").first.click()
    check(tab)
    boxes(tab).nth(0).check()
    boxes(tab).nth(3).check()
    assert asked(jordan) == []
    go_on(tab)
    tab.locator("main a.button").wait_for()
    assert len(asked(jordan)) == 2
    check(tab)


def test_it_works_without_scripts(jordan: Page, without_scripts: Tab) -> None:
    tab = without_scripts
    tab.goto(jordan.opening)
    walk(tab, jordan, "plan")
    for _ in range(5):
        look_again(tab)
        answer(tab, "yes")
    look_again(tab)
    boxes(tab).nth(1).check()
    go_on(tab)
    look_again(tab)
    tab.reload()
    tab.locator("main a.button").wait_for()
    assert len(asked(jordan)) == 1


def test_nothing_ticked_is_asked_about_and_the_list_comes_again(jordan: Page, tab: Tab) -> None:
    to_the_list(tab, jordan)
    go_on(tab)
    answer(tab, "no")
    boxes(tab).first.check()
    go_on(tab)
    tab.locator("main a.button").wait_for()
    assert len(asked(jordan)) == 1


def test_a_question_is_gone_back_to_and_answered_anew(jordan: Page, tab: Tab) -> None:
    to_the_list(tab, jordan)
    all_yes = boxes(tab).count()
    assert all_yes
    expect(tab.locator(".ways > .hint")).to_have_count(1)  # what stopping here would lose
    for _ in range(5):  # to the first of the five
        back(tab)
        question(tab).locator("button[value=no]").wait_for()
    check(tab)
    expect(tab.locator('form[action="/talk/back"]')).to_have_count(0)
    expect(tab.locator(".ways > .hint")).to_have_count(0)  # the control: nothing is lost yet
    for _ in range(5):
        answer(tab, "no")
    tab.locator(".head").wait_for()  # of whom nobody knows, no stranger is asked
    fewer = tab.locator(".boxes input").count()
    assert fewer < all_yes
    assert asked(jordan) == []


def test_the_way_back_ends_where_something_was_kept(jordan: Page, tab: Tab) -> None:
    to_the_list(tab, jordan, "guide")
    boxes(tab).nth(0).check()
    go_on(tab)
    question(tab).locator("button[value=look]").wait_for()
    check(tab)
    expect(tab.locator('form[action="/talk/back"]')).to_have_count(0)
    expect(tab.locator('main a[href="/go/person"]')).to_have_count(1)  # where it is corrected
    number = tab.locator("input[name=number]").first.get_attribute("value")
    talk = tab.locator("input[name=talk]").first.get_attribute("value")
    tab.evaluate(
        """async ([talk, number]) => {
  const form = new URLSearchParams({ talk, number });
  await fetch("/talk/back", { method: "POST", body: form });
}""",
        [talk, number],
    )
    tab.reload()
    expect(question(tab).locator("button[value=look]")).to_have_count(1)
    assert len(asked(jordan)) == 1, "nothing was put on the list twice"


def test_one_stop_button_and_one_line_of_menu(jordan: Page, tab: Tab) -> None:
    to_the_list(tab, jordan, "guide")
    assert tab.locator("header").bounding_box()["height"] < PHONE["height"] / 10  # type: ignore[index]
    expect(tab.locator('header form[action="/lock"] button')).to_be_visible()
    expect(tab.locator('header form[action="/language"] button')).to_be_visible()
    expect(tab.locator("header nav")).to_be_hidden()
    tab.locator("header summary").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator('header a[href="/status"]')).to_be_visible()
    check(tab)
    expect(tab.locator('form[action="/talk/stop"]')).to_have_count(1)
    boxes(tab).nth(0).check()
    go_on(tab)
    expect(question(tab).locator("button[value=later]")).to_have_count(1)
    expect(tab.locator('form[action="/talk/stop"]')).to_have_count(0)


def test_a_wrong_word_about_an_answer_is_taken_back_before_it_is_kept(
    jordan: Page, tab: Tab
) -> None:
    reference = sent(tab, jordan)
    tab.goto(f"{jordan.root}/answer/{reference}")
    tab.locator("#text").fill("We deleted it.")
    press(tab.locator("main form button"))
    answer(tab, "denied")
    answer(tab, "claim_not_covered")
    back(tab)
    question(tab)
    back(tab)
    question(tab)
    check(tab)
    answer(tab, "fulfilled")
    assert kept(jordan) == []
    answer(tab, "other")
    back(tab)
    answer(tab, "today")
    tab.locator("main a.button").wait_for()
    requests = jordan.keeper.read(lambda desk: desk.vault.requests.list())
    said = {each.status for each in requests}
    assert Status.FULFILLED in said
    assert Status.DENIED not in said
    assert len(kept(jordan)) == 1

"""A person walks the road on the page, in a real browser, in both languages."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import Page as Tab

from optout.errors import VaultLocked
from optout.model.request import Delivery
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.web import keeper
from optout.web.talk import Talk
from tests.web.conftest import Page, locked_folder, now, served
from tests.web.guided import Mouse, only_yes, press
from tests.web.look import PHONE, check

pytestmark = pytest.mark.browser

__all__ = ["PHONE", "check"]  # whoever walks as these tests do looks as they do

WAIT: Final = 60_000


@pytest.fixture
def jordan(companies: World) -> Iterator[Page]:
    """The page over a folder with Jordan in it, open already."""
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder, JORDAN)
        with served(folder, companies) as page:
            page.keeper.unlock(PASSPHRASE)
            yield page


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


@pytest.fixture
def english(browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, "en-US")


def a_tab(browser: Browser, locale: str) -> Iterator[Tab]:
    """Open a phone-sized tab that fails the test where its page meets an error."""
    context = browser.new_context(locale=locale, viewport=PHONE)
    context.set_default_timeout(WAIT)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on(
        "console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None
    )
    yield tab
    context.close()
    assert wrong == []


def stay(tab: Tab) -> None:
    """Keep a screen where it is: a few seconds after its folder was locked it goes by itself."""
    tab.add_init_script("setInterval = () => 0")


def question(tab: Tab) -> Locator:
    """Wait for the next question, or for the end."""
    asked = tab.locator(".question, a.button")
    asked.first.wait_for()
    return tab.locator(".question")


def answer(tab: Tab, given: str) -> None:
    """Answer the question that stands there: by typing, or by the key of a choice."""
    asked = question(tab)
    if asked.locator("#answer").count():
        asked.locator("#answer").fill(given)
        press(asked.locator("> button"))
    else:
        press(asked.locator(f'button[value="{given}"]'))


def walk(tab: Tab, page: Page, road: str) -> None:
    tab.goto(f"{page.root}/go/{road}")
    press(tab.locator("main form button"))


def plan_all(tab: Tab, page: Page) -> None:
    """Put everything on the list that a plan for an ordinary life has."""
    walk(tab, page, "plan")
    for _ in range(5):
        answer(tab, "yes")
    answer(tab, "a")
    tab.locator("a.button").wait_for()


def references(page: Page) -> dict[str, str]:
    """Return the reference of what goes to each practice company first."""
    found: dict[str, str] = {}
    for each in page.keeper.read(lambda desk: desk.vault.messages.list()):
        found.setdefault(each.broker, each.reference)
    return found


def test_from_nothing_to_an_open_folder(page: Page, tab: Tab) -> None:
    tab.goto(page.opening)
    check(tab)
    press(tab.locator("main form button"))
    answer(tab, "yes")
    question(tab)
    check(tab)
    answer(tab, "no")
    for _ in range(2):
        expect(question(tab).locator("input[type=password]")).to_be_visible()
        answer(tab, PASSPHRASE)
    expect(question(tab).locator("#answer:not([type=password])")).to_be_visible()
    code = re.findall(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4})+", tab.locator("main").inner_text())[0]
    check(tab)
    first = f"{code[:4]}-</span>"  # no group of it is broken at the end of a line
    assert first in tab.content(), "the control"
    answer(tab, code[-4:])
    press(tab.locator("a.button"))
    tab.locator("#passphrase").fill("something else")
    press(tab.locator("main form button"))
    expect(tab.locator("[role=alert]")).to_be_visible()
    check(tab)
    tab.locator("#passphrase").fill(PASSPHRASE)
    press(tab.locator("main form button"))
    check(tab)
    assert page.keeper.is_open()
    tab.goto(f"{page.root}/talk")
    assert first not in tab.content(), "the recovery code is shown once"


def test_plan_look_send_and_look_it_up(jordan: Page, tab: Tab, companies: World) -> None:
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    check(tab)
    found = references(jordan)
    before = len(companies.received("sample-risk-data"))

    walk(tab, jordan, f"file/{found['sample-risk-data']}")
    asked = question(tab)
    expect(asked).to_contain_text("Sample")
    check(tab)
    only_yes(Mouse(tab))
    check(tab)
    assert len(companies.received("sample-risk-data")) == before + 1

    walk(tab, jordan, f"file/{found['sample-employment-file']}")
    only_yes(Mouse(tab))
    walk(tab, jordan, f"sent/{found['sample-employment-file']}")
    answer(tab, "today")
    tab.locator("a.button").wait_for()

    for path in ("/", "/status", "/due", "/papers", f"/request/{found['sample-risk-data']}"):
        tab.goto(jordan.root + path)
        expect(tab.locator("h1")).to_be_visible()
        check(tab)
    tab.goto(f"{jordan.root}/papers")
    with tab.expect_response(re.compile("/papers/.+")) as got:
        tab.locator(".card a").first.evaluate("(link) => fetch(link.href)")
    assert got.value.ok

    press(tab.locator("header form button").first)
    tab.goto(f"{jordan.root}/status")
    expect(tab.locator("#passphrase")).to_be_visible()
    with pytest.raises(VaultLocked):
        jordan.keeper.read(lambda desk: desk)


def test_two_tabs_back_and_reload_file_it_once(
    jordan: Page, english: Tab, companies: World
) -> None:
    tab = english
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    reference = references(jordan)["sample-risk-data"]
    before = len(companies.received("sample-risk-data"))
    walk(tab, jordan, f"file/{reference}")
    question(tab)
    other = tab.context.new_page()
    other.goto(f"{jordan.root}/talk")
    answer(tab, "yes")
    press(other.locator('.question button[value="yes"]'))  # the same question, a second time
    other.goto(f"{jordan.root}/")
    expect(other.locator(".waits")).to_be_visible()
    tab.go_back()
    tab.reload()
    tab.goto(f"{jordan.root}/talk")
    while question(tab).count():
        tab.reload()
        press(question(tab).locator("button[value=yes], button[value=did]"))
    assert len(companies.received("sample-risk-data")) == before + 1
    walk(tab, jordan, f"file/{reference}")
    tab.locator("[role=alert]").wait_for()
    assert len(companies.received("sample-risk-data")) == before + 1


def test_a_yes_to_what_is_over_is_no_yes_to_what_is_asked_now(jordan: Page, english: Tab) -> None:
    tab = english
    tab.goto(jordan.opening)
    walk(tab, jordan, "plan")
    question(tab)
    old = dict(tab.locator("form.question").evaluate("(form) => [...new FormData(form)]"))
    jordan.keeper.stop_talk()
    walk(tab, jordan, "plan")
    question(tab)
    now = jordan.keeper.talk
    assert now is not None
    for talk, counts in ((old["talk"], False), (now.id, True)):
        tab.evaluate(
            """([talk, number]) => fetch("/talk/answer", {method: "POST", redirect: "manual",
              body: new URLSearchParams({talk, number, answer: "yes"})})""",
            [talk, old["number"]],
        )
        answered = [each for each in now.entries if each.answer is not None]
        assert bool(answered) is counts, "the control: the same words with the talk's own name"


def test_locked_in_the_middle_nothing_is_sent_and_nothing_is_lost(
    jordan: Page, english: Tab, companies: World
) -> None:
    tab = english
    stay(tab)
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    reference = references(jordan)["sample-risk-data"]
    before = len(companies.received("sample-risk-data"))
    walk(tab, jordan, f"file/{reference}")
    question(tab)
    jordan.keeper.lock()
    press(tab.locator('.question button[value="yes"]'))
    expect(tab.locator("#passphrase")).to_be_visible()
    assert len(companies.received("sample-risk-data")) == before
    tab.locator("#passphrase").fill(PASSPHRASE)
    press(tab.locator("main form button"))
    assert references(jordan)["sample-risk-data"] == reference


CHECK_OPEN: Final = Talk.check_open


def closed_now(talk: Talk) -> None:
    talk.close()
    CHECK_OPEN(talk)


def test_locked_after_the_yes_it_stops_before_the_last_button(
    jordan: Page, english: Tab, companies: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is locked while the form is filled in; the control goes on to the end."""
    for lock, sent in ((True, 0), (False, 1)):
        tab = english
        tab.goto(jordan.opening if lock else jordan.root)
        if not lock:
            jordan.keeper.unlock(PASSPHRASE)
        else:
            plan_all(tab, jordan)
        reference = references(jordan)["sample-risk-data"]
        before = len(companies.received("sample-risk-data"))
        if lock:  # as Lock does it, at the last moment at which it can
            monkeypatch.setattr(Talk, "check_open", closed_now)
        walk(tab, jordan, f"file/{reference}")
        only_yes(Mouse(tab))
        monkeypatch.undo()
        assert len(companies.received("sample-risk-data")) == before + sent
        (message,) = (
            each
            for each in jordan.keeper.read(lambda desk: desk.vault.messages.list())
            if each.reference == reference
        )
        assert message.delivery is (Delivery.READY if lock else Delivery.SENT)


def test_it_stays_open_for_whoever_opens_it_at_the_moment_of_looking(companies: World) -> None:
    """The look waits for the opening, and asks only then who is here."""
    later = [now()]
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder)
        with served(folder, companies, clock=lambda: later[0]) as page:
            later[0] += timedelta(hours=1)
            look = threading.Thread(target=page.keeper.lock_if_left)
            with page.keeper._guard:  # noqa: SLF001 - the moment in which both happen
                look.start()
                look.join(0.3)
                assert look.is_alive()
                page.keeper.unlock(PASSPHRASE)
            look.join(30)
            assert page.keeper.is_open()
            later[0] += timedelta(hours=1)
            page.keeper.lock_if_left()
            assert not page.keeper.is_open(), "the control: a look at nobody locks"


def test_it_locks_by_itself_when_nobody_was_here(
    companies: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_LOOK_EVERY", 0.1)
    later = [now()]
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder)
        with served(folder, companies, idle_seconds=600, clock=lambda: later[0]) as page:
            page.keeper.unlock(PASSPHRASE)
            later[0] += timedelta(seconds=300)
            threading.Event().wait(3)
            assert page.keeper.is_open(), "the control: it stays open while its time lasts"
            later[0] += timedelta(seconds=301)
            for _ in range(600):
                if not page.keeper.is_open():
                    break
                threading.Event().wait(0.1)
            assert not page.keeper.is_open()

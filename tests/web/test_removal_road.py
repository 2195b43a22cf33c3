"""On the practice page one person finds a record, has it removed, and sees that it is gone.

The whole road as a hand walks it: what is asked is answered on the screen, the link or the code is
copied from the practice mail, and the days pass when a button is pressed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.browser.window import Window
from optout.cli.practice_page import PracticePage
from optout.sample.at_screen import tick, type_into
from optout.sample.people_search import WORD
from optout.sample.servers import World
from optout.web.keeper import Keeper
from tests.web.guided import Mouse, question, reply
from tests.web.look import check
from tests.web.test_walk import a_tab

pytestmark = pytest.mark.browser

IS_A_PERSON = (type_into("#word", WORD), tick("#human"))
IN_THE_MAIL = re.compile(r"http\S+/confirm/\S+|\b\d{6}\b(?=\. Type it)")


class Practice(PracticePage):
    """The practice page, with somebody at the practice companies' own windows."""

    world: World

    def _keeper(self, folder: object, world: World) -> Keeper:
        self.world = world
        return super()._keeper(folder, world)  # type: ignore[arg-type] # as it was given


@pytest.fixture
def practice() -> Iterator[Practice]:
    beside = Practice(Window.hidden)
    yield beside
    beside.end()


@pytest.mark.parametrize(
    ("language", "company"),
    [("en-US", "sample-people-search"), ("es-MX", "sample-name-lookup")],
    ids=["a link, in English", "a code, in Spanish"],
)
def test_found_removed_confirmed_and_gone(
    practice: Practice, browser: Browser, language: str, company: str
) -> None:
    for tab in a_tab(browser, language):
        road = _Road(tab, practice, "sí" if language.startswith("es") else "yes")
        road.walk("scan")
        road.says("Hallado:" if road.yes == "sí" else "Found:")
        road.walk(f"plan-only/{company}")
        tab.goto(f"{road.root}/")
        reference = tab.locator('a[href^="/go/file/"]').first.get_attribute("href") or ""
        reference = reference.rsplit("/", 1)[1]
        road.walk(f"file/{reference}")
        road.says("enviado" if road.yes == "sí" else "sent")
        tab.goto(f"{road.root}/mail")
        check(tab)
        (mailed,) = IN_THE_MAIL.findall(tab.locator("pre").first.inner_text())
        road.walk(f"confirm/{reference}", mailed)
        road.says("enviado" if road.yes == "sí" else "sent")
        gone = "se miró dos veces" if road.yes == "sí" else "gone, by two looks"
        for look in (1, 2):
            tab.goto(f"{road.root}/mail")
            Mouse(tab).press(tab.locator('form[action="/later"] button'))
            expect(tab.locator('a[href="/go/look-again"]')).to_be_visible()  # still unlocked
            road.walk("look-again")
            assert (gone in tab.locator("main").inner_text()) is (look == 2)
        tab.goto(f"{road.root}/request/{reference}")
        road.says("miró dos veces" if road.yes == "sí" else "you looked twice")
        check(tab)


class _Road:
    """One hand on the page, that says yes to everything."""

    def __init__(self, tab: Tab, practice: Practice, yes: str) -> None:
        self.tab, self.practice, self.yes = tab, practice, yes
        tab.goto(practice.address())
        self.root = tab.url.split("/", 3)[0] + "//" + tab.url.split("/", 3)[2]

    def walk(self, road: str, first: str = "") -> None:
        """Walk one road to its end; in Spanish every screen is looked at."""
        hand = Mouse(self.tab)
        self.tab.goto(f"{self.root}/go/{road}")
        hand.press(self.tab.locator("main form button"))
        while (there := question(self.tab)).count():
            if self.yes != "yes":
                check(self.tab)
            given = "yes"
            if there.locator("#answer").count():
                given, first = first or self.yes, ""
            if there.locator('button[value="did"]').count():
                self.practice.world.screen.act("opt-out", *IS_A_PERSON, seconds=60)
                given = "did"
            reply(hand, given)
        check(self.tab)

    def says(self, words: str) -> None:
        """Expect words on the screen at hand."""
        expect(self.tab.locator("main")).to_contain_text(words)

"""Somebody sits at the page: what they press and type, and what they answer to each question."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from optout.i18n import in_language, say
from optout.sample.scripted_person import PASSPHRASE
from optout.text import Text
from optout.workflows.ask_person import SKIP

MOST_STEPS: Final = 120  # of Tab, on the longest screen
MOST_QUESTIONS: Final = 60
SEEN: Final = """() => {
  const here = document.activeElement;
  if (here === document.body) return true;  // behind the last one
  const style = getComputedStyle(here), box = here.getBoundingClientRect();
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
    box.right > 0 && box.width > 0 && box.height > 0;
}"""
STANDS_BEFORE: Final = """(each) => {
  const here = document.activeElement;
  return Boolean(here.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_PRECEDING);
}"""

INTERVIEW: Final = {
    "Does anyone else use this computer?": "no",
    "Passphrase": PASSPHRASE,
    "The same again": PASSPHRASE,
    "Whom are the requests for?": "self",
    "First name (or your only name)": "Jordan",
    "Middle name. {skip}": "",
    "Last name, or both last names. {skip}": "Sample",
    "In which state do you live? (Outside the United States: write the country.)": "CO",
    "Birth date, year-month-day.": "1990-04-12",
    "Who may get the birth date?": "known",
    "Street and number where you live. {skip} Many requests work without it.": "100 Example Street",
    "Apartment or unit. {skip}": "",
    "City": "Denver",
    "ZIP code of this address": "80202",
    "Since when do you live there?": "2015",
    "Who may get your home address?": "known",
    "Phone number.": "303-555-0142",
    "Since when do you have it?": "2015",
    "Who may get your phone number?": "known",
    "Where may companies send e-mail answers?": "new-email",
    "That e-mail address": "replies.jordan@example.com",
    "Where may companies send paper?": "own",
}


class Hands(Protocol):
    """How somebody uses the page."""

    tab: Tab

    def press(self, wanted: Locator) -> None:
        """Press a button or a link, and wait for what it leads to."""

    def write(self, wanted: Locator, text: str) -> None:
        """Type into a box, in place of what stood there."""

    def tick(self, wanted: Locator) -> None:
        """Tick a box."""


def press(wanted: Locator) -> None:
    """Click what leads to another page, and wait until all of that page stands there."""
    with wanted.page.expect_navigation():
        wanted.click()


class Mouse:
    """Somebody who clicks."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def press(self, wanted: Locator) -> None:
        press(wanted)

    def write(self, wanted: Locator, text: str) -> None:
        wanted.fill(text)

    def tick(self, wanted: Locator) -> None:
        wanted.check()


class Keys:
    """Somebody without a mouse: what cannot be reached and seen on the way fails the test."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def reach(self, wanted: Locator) -> None:
        """Go there by Tab, or backwards; each stop on the way can be seen."""
        expect(wanted).to_have_count(1)
        expect(wanted).to_be_visible()
        step = "Shift+Tab" if wanted.evaluate(STANDS_BEFORE) else "Tab"
        for _ in range(MOST_STEPS):
            if wanted.evaluate("(each) => each === document.activeElement"):
                return
            self.tab.keyboard.press(step)
            assert self.tab.evaluate(SEEN), "where the keyboard is cannot be seen"
        pytest.fail("the keyboard does not get there")

    def press(self, wanted: Locator) -> None:
        self.reach(wanted)
        is_button = wanted.evaluate("(each) => each.tagName === 'BUTTON'")
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Space" if is_button else "Enter")

    def write(self, wanted: Locator, text: str) -> None:
        self.reach(wanted)
        self.tab.keyboard.press("Control+a")
        self.tab.keyboard.press("Delete")
        self.tab.keyboard.type(text)

    def tick(self, wanted: Locator) -> None:
        self.reach(wanted)
        if not wanted.is_checked():
            self.tab.keyboard.press("Space")


def question(tab: Tab) -> Locator:
    """Wait for the next question, or for the end; the question is there, or none is."""
    tab.locator(".question, main a.button").first.wait_for()
    return tab.locator(".question")


def asked(tab: Tab) -> str:
    """Return the words of the question that stands there."""
    return question(tab).locator("legend, label").first.inner_text().strip()


def reply(hands: Hands, given: str) -> None:
    """Answer the question that stands there: by typing, by a key, or by taking all of a list."""
    there = question(hands.tab)
    line = there.locator("#answer")
    if boxes := there.locator("input[type=checkbox]").all():
        for box in boxes:
            hands.tick(box)
        hands.press(there.locator("button:not([name])"))
    elif line.count():
        hands.write(line, given)
        hands.press(there.locator("button"))
    else:
        hands.press(there.locator(f'button[value="{given}"]'))


def interviewed(
    language: str, words: str, otherwise: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    """Return what Jordan answers to a question of the interview; None to any other."""
    with in_language(language):
        for template, given in {**INTERVIEW, **otherwise}.items():
            told = Text(template, skip=SKIP) if "{skip}" in template else Text(template)
            if words.startswith(say(told).strip()):
                return given
    return None


def only_yes(hands: Hands) -> None:
    """Say yes, or that it was done, to whatever is asked until the end."""
    for _ in range(MOST_QUESTIONS):
        there = question(hands.tab)
        if not there.count():
            return
        hands.press(there.locator("button[value=yes], button[value=did]"))
    pytest.fail("it asks and asks")

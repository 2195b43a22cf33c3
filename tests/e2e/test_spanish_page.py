"""Somebody who reads only Spanish opens the page, gets a letter for Appriss, and files a request.

The program runs as it does for a person, a process of its own: the address that it opens is
caught, and a browser of the test goes there. What the practice company received is written down
by this file, which is the program's entry, as the practice world ends with the program.
"""

# ruff: noqa: PLC0415 - as an entry, what the program loads is loaded late

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, ViewportSize, expect, sync_playwright
from pypdf import PdfReader

from optout.browser.find import find_browser
from optout.browser.launch import is_root
from optout.i18n import in_language, say
from optout.model.fields import Field
from optout.sample.scripted_person import PASSPHRASE
from optout.words import word
from tests.e2e.command_line import CommandLine, Running, wait_until
from tests.e2e.spot_english import english_in
from tests.e2e.test_spanish_screens import NAMES
from tests.web.guided import Mouse, asked, interviewed, question, reply
from tests.web.look import without_letters

pytestmark = pytest.mark.browser

OPENED, LEDGER = "TEST_OPENED", "TEST_LEDGER"  # read by this file and its program only
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
APPRISS = "Appriss"
PRACTICED, PRACTICED_AT = "Sample Risk Data", "sample-risk-data.test"
CODE: Final = re.compile(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4})+")
REFERENCE: Final = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
QUOTED: Final = re.compile("[“«](.+?)[”»]")  # a word to type
NO_MAIL: Final = {
    "Where may companies send e-mail answers?": "none",
    "Who may get your home address?": "ask",
}
PROGRAMS: Final = {  # of a computer whose usual browser nobody chose
    "xdg-open": f"""printf '%s\\n' "$1" >> "${OPENED}"\n""",
    "xdg-settings": "exit 1\n",
}


class Reader(Mouse):
    """Somebody who reads each screen before they press, and reads no English."""

    screens = 0

    def press(self, wanted: Locator) -> None:
        self.read()
        super().press(wanted)

    def read(self) -> None:
        """Fail where there is English, or where it is wider than the phone."""
        assert self.tab.locator("html").get_attribute("lang") == "es"
        said = without_letters(self.tab)
        assert english_in(said, spared=NAMES) == []
        assert self.tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        self.screens += 1


@dataclass
class Opened:
    """The program while it runs."""

    there: CommandLine
    running: Running
    opened: Path

    def addresses(self) -> list[str]:
        return self.opened.read_text("utf-8").split() if self.opened.exists() else []

    def address(self, number: int) -> str:
        wait_until(lambda: len(self.addresses()) > number or self.running.process.poll())
        assert len(self.addresses()) > number, self.running.said()
        return self.addresses()[number]

    def received(self) -> Mapping[str, list[dict[str, str]]]:
        """End the program as a person does, and return what each practice company took."""
        self.running.send(signal.SIGINT)
        ended = self.running.end()
        assert ended.code == 0, ended.said
        assert "Cerrada con llave" in ended.said
        assert english_in(ended.said) == []
        took: dict[str, list[dict[str, str]]] = json.loads(self.ledger.read_text("utf-8"))
        return took

    @property
    def ledger(self) -> Path:
        return self.there.folder / "ledger.json"


@contextmanager
def a_screen() -> Iterator[str]:
    """A screen that nobody looks at: only where there is one, a program opens pages."""
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        screen.terminate()
        screen.wait(30)


@pytest.fixture
def program() -> Iterator[Opened]:
    """`optout web` on a computer that speaks Spanish."""
    with tempfile.TemporaryDirectory(prefix="optout-") as name, a_screen() as display:
        folder = Path(name)
        programs = folder / "bin"
        programs.mkdir()
        for called, does in PROGRAMS.items():
            (programs / called).write_text(f"#!/bin/sh\n{does}", "utf-8")
            (programs / called).chmod(0o700)
        env = {
            "LANG": "es_MX.UTF-8",
            "DISPLAY": display,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "OPTOUT_ALLOW_ROOT": "1",
            OPENED: str(folder / "opened"),
            LEDGER: str(folder / "ledger.json"),
        }
        there = CommandLine(folder, env=env)
        running = there.start("web", passphrase=None, entry=(__file__,))
        try:
            yield Opened(there, running, folder / "opened")
        finally:
            running.send(signal.SIGKILL)
            running.process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if is_root() else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser().path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(locale="es-MX", viewport=PHONE)
    context.set_default_timeout(90_000)
    expect.set_options(timeout=90_000)
    yield Reader(context.new_page())
    context.close()


def test_from_the_link_to_a_printed_letter_and_a_filed_request(
    program: Opened, reader: Reader
) -> None:
    tab = reader.tab
    tab.goto(program.address(0))
    make_folder(reader)
    reference = a_letter_for_appriss(reader)
    letter = papers(reader)[f"carta-{reference}.pdf"]
    for said in (
        "Jordan Sample",
        "1550 Peachtree St NW",
        "100 Example Street",
        "Atlanta, GA 30309",
        reference,
    ):
        assert said in letter

    reader.press(tab.locator('header a[href="/"]'))
    reader.press(tab.locator('form[action="/practice"] button'))
    reader.read()
    assert tab.locator("#practice").inner_text() == program.address(1)
    tab.goto(program.address(1))
    shown = file_in_practice(reader)
    named = given_away(reader)
    reader.read()

    took = program.received()
    assert {slug: len(rows) for slug, rows in took.items() if rows} == {"sample-risk-data": 1}
    (received,) = took["sample-risk-data"]
    assert not_told(received, shown, named) == set()
    assert not_told({**received, "phone": "303-555-0142"}, shown, named) == {word_of("phone")}
    assert not_told(received, shown, named - {word_of("street")}) == {word_of("street")}
    fewer = {name: value for name, value in received.items() if name != "street"}
    assert not_told(fewer, shown, named) == {word_of("street")}
    assert reader.screens > len(shown)


# ---- the road ----


def make_folder(reader: Reader) -> None:
    tab, code = reader.tab, ""
    reader.press(tab.locator('form[action="/begin"] button'))
    while question(tab).count():
        code = "".join(CODE.findall(tab.locator("main").inner_text())[:1]) or code
        line = question(tab).locator("#answer").count()
        reply(reader, interviewed("es", asked(tab)) or (code[-4:] if line else "yes"))
    reader.press(tab.locator("main a.button"))
    reader.write(tab.locator("#passphrase"), PASSPHRASE)
    reader.press(tab.locator("main form button"))


def begin(reader: Reader, road: str) -> None:
    reader.press(reader.tab.locator(f'main a[href^="/go/{road}"]').first)
    reader.press(reader.tab.locator("main form button"))


def a_letter_for_appriss(reader: Reader) -> str:
    """Be guided to the letter, and return its reference."""
    tab, reference = reader.tab, ""
    begin(reader, "guide")
    while question(tab).count():
        words = asked(tab)
        known = interviewed("es", words, NO_MAIL)
        if known is not None:
            reply(reader, known)
        elif question(tab).locator("input[type=checkbox]").count():
            take_one(reader, APPRISS)
        elif question(tab).locator("#answer").count():
            reply(reader, QUOTED.findall(words)[0])
        else:
            reference = "".join(REFERENCE.findall(words)) or reference
            reply(reader, "look" if is_offered(reader) else "yes")
    reader.press(tab.locator("main a.button"))
    return reference


def is_offered(reader: Reader) -> bool:
    return bool(question(reader.tab).locator("button[value=look]").count())


def take_one(reader: Reader, company: str) -> None:
    """Tick the first request of one company, as somebody who wants no more."""
    there = question(reader.tab)
    group = there.get_by_role("group", name=re.compile(company))
    group.get_by_role("checkbox").first.check()
    reader.press(there.locator("button:not([name])"))


def papers(reader: Reader) -> dict[str, str]:
    """Return the words of each paper that can be opened to print, by its name."""
    tab = reader.tab
    reader.press(tab.locator('header a[href="/papers"]'))
    reader.read()
    root = re.match(r"http://[^/]+", tab.url).group()  # type: ignore[union-attr] # it is a page's
    found = {}
    for each in tab.locator(".card a").all():
        answer = tab.request.get(root + (each.get_attribute("href") or ""))
        assert answer.headers["content-type"] == "application/pdf"
        found[each.inner_text()] = in_words(answer.body())
    return found


def in_words(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def file_in_practice(reader: Reader) -> dict[str, str]:
    """Be guided through practice, and return what the sheet said that the company would get."""
    shown: dict[str, str] = {}
    reader.press(reader.tab.locator("header a").first)
    begin(reader, "guide")
    while question(reader.tab).count():
        there = question(reader.tab)
        if there.locator("input[type=checkbox]").count():
            take_one(reader, PRACTICED)
            continue
        if there.locator("#sheet-title").count():
            expect(there).to_contain_text(PRACTICED_AT)
            shown |= on_sheet(there.locator("dl.given > div").all())
        reply(reader, "look" if is_offered(reader) else "yes")
    reader.press(reader.tab.locator("main a.button"))
    return shown


def on_sheet(rows: list[Locator]) -> dict[str, str]:
    """Return each value by the word that it stands under."""
    return {
        row.locator("dt").inner_text(): row.locator("dd").inner_text().splitlines()[0]
        for row in rows
    }


def given_away(reader: Reader) -> set[str]:
    """Return the words of what was given, as the screen of the request says it."""
    tab = reader.tab
    reader.press(tab.locator('header a[href="/status"]'))
    reader.press(tab.get_by_role("link", name=re.compile(PRACTICED)))
    rows = tab.get_by_role("listitem").filter(has_text=re.compile(f"→ {PRACTICED_AT}"))
    rows.first.wait_for()
    return {each.partition(": ")[2].partition(" → ")[0] for each in rows.all_inner_texts()}


# ---- what they got, and what was said ----


def word_of(field: str) -> str:
    with in_language("es"):
        return say(word(Field(field)))


def not_told(received: Mapping[str, str], shown: Mapping[str, str], named: set[str]) -> set[str]:
    """Return what a company got and the screens do not say, or they say and it did not get."""
    personal = {each.value for each in Field}
    got = {word_of(name): value for name, value in received.items() if name in personal}
    differs = {name for name in got.keys() & shown.keys() if got[name] != shown[name]}
    return (got.keys() ^ shown.keys()) | (got.keys() ^ named) | differs


# ---- as the program's entry ----


def run_with_ledger() -> None:
    """Run the program; when its practice world ends, write down what each company took."""
    from optout.cli.main import run
    from optout.sample import servers

    usual = servers.sample_world

    @contextmanager
    def noted(*args: Any, **more: Any) -> Iterator[servers.World]:  # noqa: ANN401 - passed on
        with usual(*args, **more) as world:
            yield world
            took = {slug: [dict(r.values) for r in world.received(slug)] for slug in world.sites}
            Path(os.environ[LEDGER]).write_text(json.dumps(took), "utf-8")

    servers.sample_world = noted
    run()


if __name__ == "__main__":
    run_with_ledger()

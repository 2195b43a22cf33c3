"""Somebody locks the folder in a terminal: the page that shows it closes too, screen and all."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.errors import VaultLocked
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.workflows.desk import Desk
from tests.e2e.command_line import wait_until
from tests.web.conftest import Page, locked_folder, now, served
from tests.web.guided import press
from tests.web.test_answers import jordan
from tests.web.test_walk import WAIT, a_tab, question, stay, walk

pytestmark = pytest.mark.browser

__all__ = ["jordan"]  # the fixture
ASKS = "async () => (await fetch('/still-open', {redirect: 'manual'})).status"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, "en-US")


def in_a_terminal(page: Page, *words: str) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    where = ("--vault", str(page.keeper.place.folder), "--passphrase-fd", str(reading))
    subprocess.run(
        [sys.executable, "-m", "optout", *words, *where],
        pass_fds=(reading,),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=120,
    )
    os.close(reading)


def test_the_screen_goes_and_what_waits_is_stopped(jordan: Page, tab: Tab) -> None:
    tab.goto(jordan.opening)
    walk(tab, jordan, "person")
    expect(question(tab)).to_be_visible()
    expect(tab.locator("main")).to_contain_text("100 Example Street")
    in_a_terminal(jordan, "vault", "info")
    jordan.keeper.lock_if_left()
    assert tab.evaluate(ASKS) == 204, "the control: to look at it in a terminal locks nothing"

    in_a_terminal(jordan, "vault", "lock")
    expect(tab.locator("#passphrase")).to_be_visible(timeout=WAIT)
    assert "Example Street" not in tab.content()
    assert not jordan.keeper.is_open()
    wait_until(lambda: jordan.keeper.talk is None)  # whoever locks it stops it after that

    tab.locator("#passphrase").fill(PASSPHRASE)
    press(tab.locator("main form button"))
    expect(tab.locator("#passphrase")).to_have_count(0)
    jordan.keeper.lock_if_left()
    assert jordan.keeper.is_open(), "it was locked once, and is opened again"


def test_a_screen_that_asks_by_itself_is_nobody_who_is_here(companies: World, tab: Tab) -> None:
    stay(tab)
    later = [now()]
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        locked_folder(Path(name))
        with served(Path(name), companies, clock=lambda: later[0]) as page:
            page.keeper.unlock(PASSPHRASE)
            tab.goto(page.opening)
            later[0] += timedelta(minutes=10)
            tab.goto(f"{page.root}/status")
            later[0] += timedelta(minutes=10)
            assert tab.evaluate(ASKS) == 204, "the control: it was looked at ten minutes ago"
            later[0] += timedelta(minutes=10)
            assert tab.evaluate(ASKS) != 204
            assert not page.keeper.is_open()


def test_a_screen_that_waited_while_it_was_locked_says_so(
    jordan: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = jordan.keeper
    set_out = keeper.place.set_out

    def locked_before_its_turn(*given: object) -> Desk:
        desk = set_out(*given)  # type: ignore[arg-type] # passed on
        reading, vault = keeper._let_go()  # noqa: SLF001 - locking, before its last step
        assert reading
        assert vault
        reading.submit(vault.close).result()
        return desk

    assert keeper.read(lambda desk: len(desk.vault.subjects.list())) == 1, "the control"
    monkeypatch.setattr(keeper, "place", replace(keeper.place, set_out=locked_before_its_turn))
    with pytest.raises(VaultLocked):
        keeper.read(lambda desk: desk.vault.subjects.list())

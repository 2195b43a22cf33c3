"""A page over the practice companies, served for real, and a browser to sit at it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from optout.browser.fence import Fence
from optout.browser.find import find_browser
from optout.browser.launch import is_root
from optout.browser.window import Window
from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.model.ports import Clock, Person
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World, sample_world
from optout.vault.create import create_vault
from optout.vault.vault import Vault
from optout.web.keeper import Keeper, Place
from optout.web.server import serve
from optout.workflows.desk import Desk
from optout.workflows.outside_companies import finding_both

expect.set_options(timeout=60_000)  # else 5 seconds, whatever a tab was told


@dataclass
class Page:
    """A page that is served now."""

    keeper: Keeper
    opening: str  # the address that opens it, once
    papers: Path

    @property
    def root(self) -> str:
        parts = urlsplit(self.opening)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def port(self) -> int:
        return urlsplit(self.opening).port or 0

    @property
    def token(self) -> str:
        return urlsplit(self.opening).query.partition("=")[2]


def now() -> datetime:
    return datetime.now(UTC)


def practice(world: World) -> Callable[[Vault, Person, Clock, Path], Desk]:
    """Set out a desk whose companies are the practice ones."""
    brokers = {each.slug: each for each in list_brokers(folders=(sample_folder(),))}

    def set_out(vault: Vault, person: Person, clock: Clock, papers: Path) -> Desk:
        return Desk(
            vault=vault,
            person=person,
            clock=clock,
            find_broker=finding_both(vault, lambda slug: brokers[slug]),  # type: ignore[index]
            list_brokers=lambda: tuple(brokers.values()),
            laws=list_laws,
            fence_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
            rehearsal_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
            window=Window.hidden,
            out_folder=papers,
        )

    return set_out


@contextmanager
def served(
    folder: Path, world: World, *, idle_seconds: float = 900, clock: Clock = now
) -> Iterator[Page]:
    """Serve the page in a thread of this process until the block ends."""
    papers = folder / "papers"
    papers.mkdir(exist_ok=True)
    place = Place(
        folder=folder / "locked",
        papers=papers,
        clock=clock,
        set_out=practice(world),
        idle_seconds=idle_seconds,
    )
    keeper = Keeper(place)
    up, opening = threading.Event(), []
    ended = threading.Event()

    def opened(address: str) -> None:
        opening.append(address)
        up.set()

    thread = threading.Thread(target=serve, args=(keeper, opened), kwargs={"until": ended})
    thread.start()
    try:
        assert up.wait(120)
        yield Page(keeper, opening[0], papers)
    finally:
        ended.set()
        thread.join(60)


def locked_folder(folder: Path, *people: Subject) -> None:
    """Make the locked folder that the page opens, with these people in it."""
    made = create_vault(
        folder / "locked",
        clock=now,
        actor="test",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )
    with made.vault as vault:
        for each in people:
            vault.subjects.add(each)


@pytest.fixture(scope="session")
def companies() -> Iterator[World]:
    with sample_world() as world:
        yield world


@pytest.fixture
def page(companies: World) -> Iterator[Page]:
    with (
        tempfile.TemporaryDirectory(prefix="optout-") as folder,
        served(Path(folder), companies) as page,
    ):
        yield page


@pytest.fixture(scope="module")  # its loop stands in the way of every other test meanwhile
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox"] if is_root() else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser().path, args=arguments)
        yield browser
        browser.close()

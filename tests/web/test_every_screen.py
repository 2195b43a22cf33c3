"""Every screen of the page, in both languages: nobody is shut out, on a phone, large or dark."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import pytest
from jinja2 import Environment
from playwright.sync_api import Browser, expect
from starlette.routing import Route

import optout.web
from optout.model.fields import Field
from optout.model.ports import HandOver, Remaining
from optout.model.record import EvidenceKind
from optout.model.secret import Secret
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.web.page_words import WORDS
from optout.web.roads import ROADS
from optout.web.screens import application
from optout.web.talk import Talk
from optout.workflows.desk import Desk
from tests.web.conftest import Page
from tests.web.guided import Mouse, asked, interviewed, only_yes, question, reply
from tests.web.look import check, wrong_with
from tests.web.test_walk import a_tab, references

pytestmark = pytest.mark.browser

BY_WEB, BY_POST = "sample-risk-data", "sample-employment-file"
CODE: Final = re.compile(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4})+")
UNREAD: Final = b"Content-Type: a/b\n\n"  # a mail without plain words
NO_SCREEN: Final = {
    "/still-open": "a yes or no, asked by the page itself",
    "/talk/news": "a part of /talk, put there by the page itself",
    "/talk/picture": "a picture within /talk",
    "/papers/{paper}": "a file",
}
TEMPLATES: Final = {
    each.name for each in (Path(optout.web.__file__).parent / "templates").glob("*.html")
}


@pytest.fixture(params=["en-US", "es-MX"])
def mouse(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Mouse]:
    for tab in a_tab(browser, request.param):
        yield Mouse(tab)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the templates that were shown, as they come to be."""
    names: set[str] = set()
    usual = Environment.get_template

    def noting(self: Environment, name: str, *rest: object) -> object:
        names.add(name)
        return usual(self, name, *rest)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(Environment, "get_template", noting)
    return names


@pytest.fixture
def offers_practice(page: Page) -> Page:
    """The page as somebody has it who can practice, and got mail in it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "requests@sample-people-search.test", "Sample"
    mail.set_content("http://sample-people-search.test/confirm/abc")
    page.keeper.place = replace(  # type: ignore[misc] # as another start would have it
        page.keeper.place, practice=lambda: "http://127.0.0.1:1/open", mails=lambda: (mail,)
    )
    return page


def test_every_screen_is_there_for_everybody(
    offers_practice: Page, mouse: Mouse, rendered: set[str]
) -> None:
    page, looked = offers_practice, set[str]()
    for _screen in (
        *(before_a_folder, locked, nothing_yet, a_plan, filing, a_letter, an_answer),
        *(everything_there, every_beginning, a_window_handed_over, what_went_wrong),
    ):
        for _ in _screen(page, mouse):
            check(mouse.tab)
            looked.add(mouse.tab.url.removeprefix(page.root).partition("?")[0])
    assert not_looked_at(page, looked) == []
    assert TEMPLATES - rendered == set()
    planted = Route("/planted", lambda _: None)
    assert not_looked_at(page, looked, planted) == ["/planted"], "the control"


def not_looked_at(page: Page, looked: set[str], *more: Route) -> list[str]:
    """Return the routes with a screen of their own that were not on any screen."""
    routes = [each for each in application(page.keeper).routes if isinstance(each, Route)]
    return [
        each.path
        for each in (*routes, *more)
        if "GET" in (each.methods or ())
        and each.path not in NO_SCREEN
        and not any(each.path_regex.match(path) for path in looked)
    ]


# ---- the screens, in the order in which somebody comes to them ----

Screens = Iterator[object]


def shown(page: Page, mouse: Mouse, *paths: str) -> Screens:
    for path in paths:
        mouse.tab.goto(page.root + path)
        expect(mouse.tab.locator("h1")).to_be_visible()
        for summary in mouse.tab.locator("main summary").all():
            summary.click()
        yield path


def walked(page: Page, mouse: Mouse, road: str) -> None:
    mouse.tab.goto(f"{page.root}/go/{road}")
    mouse.press(mouse.tab.locator("main form button"))


def before_a_folder(page: Page, mouse: Mouse) -> Screens:
    tab, code = mouse.tab, ""
    tab.goto(page.opening)
    yield "welcome"
    mouse.press(tab.locator('form[action="/practice"] button'))
    yield "practice"
    tab.goto(page.root)
    mouse.press(tab.locator('form[action="/begin"] button'))
    while question(tab).count():
        code = "".join(CODE.findall(tab.locator("main").inner_text())[:1]) or code
        yield asked(tab)
        given = interviewed(tab.locator("html").get_attribute("lang") or "", asked(tab))
        line = question(tab).locator("#answer").count()
        reply(mouse, given or (code[-4:] if line else "yes"))
    yield "ended"


def locked(page: Page, mouse: Mouse) -> Screens:
    tab = mouse.tab
    tab.goto(page.root)
    yield "locked"
    for passphrase in ("something else", PASSPHRASE):
        mouse.write(tab.locator("#passphrase"), passphrase)
        mouse.press(tab.locator("main form button"))
        yield "refused, then open"


def nothing_yet(page: Page, mouse: Mouse) -> Screens:
    screens = ("/status", "/due", "/pictures", "/map", "/papers", "/answer", "/mail")
    yield from shown(page, mouse, *screens)
    page.keeper.read(lambda desk: desk.vault.subjects.add(JORDAN))


def a_plan(page: Page, mouse: Mouse) -> Screens:
    walked(page, mouse, "plan")
    while question(mouse.tab).count():
        yield asked(mouse.tab)
        plan = question(mouse.tab).locator('#answer, button[value="a"]').count()
        reply(mouse, "a" if plan else "yes")
    yield "ended"


def filing(page: Page, mouse: Mouse) -> Screens:
    walked(page, mouse, f"file/{references(page)[BY_WEB]}")
    for _ in range(2):  # the sheet, and what is new to them
        yield asked(mouse.tab)
        reply(mouse, "yes")
    only_yes(mouse)
    yield "ended"


def a_letter(page: Page, mouse: Mouse) -> Screens:
    letter = references(page)[BY_POST]
    walked(page, mouse, f"file/{letter}")
    yield asked(mouse.tab)
    only_yes(mouse)
    walked(page, mouse, f"sent/{letter}")
    yield asked(mouse.tab)
    reply(mouse, "other")
    yield asked(mouse.tab)
    reply(mouse, "32")
    yield asked(mouse.tab)  # again
    mouse.press(mouse.tab.locator('form[action="/talk/stop"] button'))
    walked(page, mouse, f"sent/{letter}")
    reply(mouse, "today")
    yield asked(mouse.tab) if question(mouse.tab).count() else "ended"


def an_answer(page: Page, mouse: Mouse) -> Screens:
    filed = references(page)[BY_WEB]
    yield from shown(page, mouse, f"/answer/{filed}")
    mouse.write(mouse.tab.locator("#text"), "No.")
    mouse.press(mouse.tab.locator("main form button"))
    for given in ("denied", "claim_not_covered", "GLBA", "today"):
        yield asked(mouse.tab)
        reply(mouse, given)
    question(mouse.tab)
    yield "ended"


def everything_there(page: Page, mouse: Mouse) -> Screens:
    walked(page, mouse, "report")
    yield asked(mouse.tab)
    reply(mouse, "html")
    question(mouse.tab)
    mouse.tab.goto(next(page.papers.glob("*.html")).as_uri())
    yield "report"
    filed = references(page)[BY_WEB]
    proofs = [f"/proof/{each}" for each in page.keeper.read(proofs_of)]
    screens = ("/", "/status", "/due", "/pictures", "/map", "/papers", "/answer")
    yield from shown(page, mouse, *screens, f"/request/{filed}", f"/company/{BY_WEB}", *proofs)


def proofs_of(desk: Desk) -> Sequence[str]:
    """Return a proof that is words, and one that cannot be shown as words."""
    evidence = desk.vault.evidence
    unread = evidence.store(
        JORDAN.id, EvidenceKind.REPLY, "message/rfc822", b"Content-Type: a/b\n\n"
    )
    words = [each.id for each in evidence.list(JORDAN.id) if each.media_type == "text/plain"]
    return [words[0], unread.id]


def every_beginning(page: Page, mouse: Mouse) -> Screens:
    filed = references(page)[BY_WEB]
    for name, road in ROADS.items():
        about = BY_WEB if name == "plan-only" else filed
        yield from shown(
            page, mouse, f"/go/{name}/{about}" if road.needs_reference else f"/go/{name}"
        )


def a_window_handed_over(page: Page, mouse: Mouse) -> Screens:
    """With everything that can stand on it; and what stands there while nothing is asked."""
    tab, ready = mouse.tab, threading.Event()
    handed = HandOver(
        why=WORDS["type_by_hand"],
        what=WORDS["last_button"],
        minutes=2,
        window_visible=False,
        remaining=(Remaining(field=Field.PHONE, place="Phone", value=Secret("303-555-0142")),),
        person_submits=True,
        picture=tab.screenshot(type="jpeg"),
    )

    def work(_desk: Desk, talk: Talk) -> None:
        ready.wait(300)
        talk.act(handed)

    page.keeper.begin(WORDS["practice"], lambda desk: work(desk, desk.person))  # type: ignore[arg-type] # on the page a talk asks
    tab.goto(f"{page.root}/talk")
    yield "working"
    ready.set()
    expect(tab.locator("img")).to_be_visible()
    yield "handed over"
    yield from shown(page, mouse, "/", "/left")  # that it waits stands on every other screen
    tab.goto(f"{page.root}/go/plan")
    mouse.press(tab.locator("main form button"))
    expect(tab.locator("[role=alert]")).to_be_visible()
    yield "something else waits"
    tab.goto(f"{page.root}/talk")
    mouse.press(tab.locator('form[action="/talk/stop"] button'))


def what_went_wrong(page: Page, mouse: Mouse) -> Screens:
    yield from shown(page, mouse, "/nowhere", "/papers/none", "/request/NONE-NONE", "/proof/none")
    walked(page, mouse, f"file/{references(page)[BY_WEB]}")  # a second time
    expect(mouse.tab.locator("[role=alert]")).to_be_visible()
    yield "refused"


# ---- what shuts somebody out is found ----


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<img>')", "image-alt"),
        ("document.body.style.color = '#d8d8d8'", "color-contrast"),
        ("document.querySelector('main').style.width = '900px'", "on a phone"),
        ("document.querySelector('h1').style.width = '40rem'", "with large letters"),
        ("document.body.animate([{opacity: 1}, {opacity: 1}], 1e9)", "it moves"),
    ],
)
def test_what_shuts_somebody_out_is_found(
    page: Page, browser: Browser, planted: str, found: str
) -> None:
    for tab in a_tab(browser, "en-US"):
        tab.goto(page.opening)
        assert wrong_with(tab) == []
        tab.evaluate(f"() => {{ {planted} }}")
        assert any(found in each for each in wrong_with(tab))


def test_what_cannot_be_read_in_the_dark_is_found(page: Page, browser: Browser) -> None:
    for tab in a_tab(browser, "en-US"):
        tab.goto(page.opening)
        tab.evaluate("document.querySelector('h1').style.color = '#333'")
        wrong = wrong_with(tab)
        assert wrong != []
        assert all(each.startswith("in the dark: color-contrast") for each in wrong)

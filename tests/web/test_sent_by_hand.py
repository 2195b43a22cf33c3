"""What a person sends by hand: chosen on the page, copied from it, opened and printed from it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pypdf import PdfReader

from optout.catalog.brokers import list_brokers
from optout.i18n import entry, in_language, say
from optout.model.broker import Slug
from optout.model.request import Delivery, Message, Presence
from optout.model.words import By
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.web.papers import Mail
from optout.web.roads import ROADS
from optout.workflows.accept_plan import accept_plan
from optout.workflows.desk import Desk
from optout.workflows.make_plan import Wish, plan_for
from optout.workflows.standing import company_called
from tests.web.conftest import Page, locked_folder, served
from tests.web.guided import press
from tests.web.look import check
from tests.web.test_walk import a_tab, answer, question, walk

pytestmark = pytest.mark.browser
APPRISS = Slug("appriss-insights")


@pytest.fixture
def asked(companies: World) -> Iterator[Page]:
    """The page over a folder in which a request by e-mail waits; nothing of it is ever sent."""
    brokers = {each.slug: each for each in list_brokers()}
    with tempfile.TemporaryDirectory(prefix="optout-") as name:
        folder = Path(name)
        locked_folder(folder, JORDAN)
        with served(folder, companies) as page:
            of_practice = page.keeper.place.set_out

            def set_out(*given: object) -> Desk:
                desk = of_practice(*given)  # type: ignore[arg-type]
                return replace(
                    desk,
                    find_broker=lambda slug: brokers[Slug(slug)],
                    list_brokers=lambda: tuple(brokers.values()),
                )

            page.keeper.place = replace(page.keeper.place, set_out=set_out)  # type: ignore[misc]
            page.keeper.unlock(PASSPHRASE)
            page.keeper.read(_put_on_the_list)
            yield page


def _put_on_the_list(desk: Desk) -> None:
    wish, known = Wish(only=(APPRISS,)), {APPRISS: Presence.EVIDENCE}
    accept_plan(desk, JORDAN, plan_for(desk, JORDAN, {}, wish, known=known).lines)


@pytest.fixture(params=["en-US", "es-MX"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Tab]:
    yield from a_tab(browser, request.param)


def the_message(page: Page) -> Message:
    (message,) = page.keeper.read(lambda desk: desk.vault.messages.list())
    return message


def approve(tab: Tab, page: Page, reference: str) -> None:
    walk(tab, page, f"file/{reference}")
    while question(tab).count():
        if question(tab).locator("#answer").count():
            answer(tab, "checked" if tab.locator("html[lang=en]").count() else "comprobado")
        else:
            answer(tab, "yes")


def test_a_mail_is_copied_from_the_page_and_goes_on_paper_instead(asked: Page, tab: Tab) -> None:
    tab.goto(asked.opening)
    reference = the_message(asked).reference
    assert the_message(asked).by is By.EMAIL, "the control"
    approve(tab, asked, reference)
    press(tab.locator(f'main a[href="/request/{reference}"]').last)
    check(tab)
    for name, holds in (("to", "@"), ("subject", reference), ("text", "Jordan")):
        field = tab.locator(f"#mail-{name}")
        expect(field).to_have_attribute("readonly", "")
        assert holds in field.input_value()
        tab.locator(f"button[data-copies=mail-{name}]").click()
        assert tab.evaluate("getSelection().toString()") in field.input_value()
    opens = tab.locator("a[href^=mailto]").get_attribute("href") or ""
    assert opens.startswith("mailto:")
    assert "Jordan" not in opens
    assert "body" not in opens, "the text is copied: an address of it may be written down"
    downloaded = tab.locator('a[href^="/papers/"]').last.get_attribute("href") or ""
    assert tab.request.get(asked.root + downloaded).status == 200

    walk(tab, asked, f"another-way/{reference}")
    question(tab)
    check(tab)
    answer(tab, "post")
    answer(tab, "yes")  # not sent, and will not be
    tab.locator("a.button").wait_for()
    check(tab)
    assert the_message(asked).by is By.POST
    assert the_message(asked).delivery is Delivery.DRAFT
    reference = the_message(asked).reference
    approve(tab, asked, reference)
    check(tab)
    language = tab.locator("html").get_attribute("lang") or "en"
    letter, sheet = {"en": ("letter", "sheet"), "es": ("carta", "hoja")}[language]
    for word in (letter, sheet):
        link = tab.locator(f'main a[href="/papers/{word}-{reference}.pdf"]').get_attribute("href")
        assert tab.request.get(asked.root + (link or "")).body().startswith(b"%PDF-")
    assert str(asked.papers) not in tab.locator("main").inner_text()
    kept = "".join(
        each.extract_text() for each in PdfReader(asked.papers / f"{sheet}-{reference}.pdf").pages
    )
    assert "optout" not in kept
    with in_language(language):
        assert say(ROADS["sent"].title) in " ".join(kept.split())
    tab.goto(f"{asked.root}/papers")
    check(tab)
    asked_of = the_message(asked).broker
    called = asked.keeper.read(lambda desk: company_called(desk, asked_of))
    with in_language(language):
        whose = entry(called)
    expect(tab.locator(".card", has_text=f"{letter}-{reference}.pdf")).to_contain_text(whose)


def test_nothing_else_is_reached_by_a_name(asked: Page, browser: Browser) -> None:
    for tab in a_tab(browser, "en-US"):
        tab.goto(asked.opening)
        (asked.papers / "letter-mine.pdf").write_bytes(b"%PDF- of somebody's own")
        for name in ("letter-mine.pdf", "..%2Flocked%2Fvault.db", "%2Fetc%2Fpasswd", "."):
            assert tab.request.get(f"{asked.root}/papers/{name}").status in {404, 200}
            assert "somebody's own" not in tab.request.get(f"{asked.root}/papers/{name}").text()


def test_nothing_of_the_person_stands_in_an_address() -> None:
    mail = Mail(sender="me@example.com", to="a@example.test", subject="A & b?", text="Jordan")
    assert mail.opens == "mailto:a@example.test?subject=A%20%26%20b%3F"

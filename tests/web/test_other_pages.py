"""Another page in the same browser, and text that somebody else wrote, get nothing done here.

Each attack runs in a real browser that has our page open. Its control is the same attack where
the guard is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.model.record import Answer
from optout.sample.servers import World
from optout.web import gate
from optout.web.gate import Gate
from optout.workflows.desk import Desk
from optout.workflows.record_answer import Paper, record_answer
from tests.web.conftest import Page
from tests.web.guided import Mouse, only_yes, press
from tests.web.test_answers import jordan, sent
from tests.web.test_interrupted import plain_pages
from tests.web.test_walk import answer

pytestmark = pytest.mark.browser

__all__ = ["jordan"]  # the fixture
FETCH = """(address) => fetch(address, {method: "POST", mode: "no-cors", credentials: "include",
  body: new URLSearchParams({x: "1"})}).then(() => true, () => true)"""
FORM = """(address) => {
  document.body.insertAdjacentHTML("beforeend", `<form method="post"><input name="x"></form>`);
  document.forms[0].action = address;
  document.forms[0].submit();
}"""
FRAME = """(address) => new Promise((loaded) => {
  const frame = document.createElement("iframe");
  frame.onload = () => loaded(true);
  frame.src = address;
  document.body.append(frame);
})"""
READ = """(address) => fetch(address, {credentials: "include"}).then(
  (answer) => answer.text(), () => "")"""
SCRIPT = (
    "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\">"
    "<svg onload=\"document.title = 'ran'\"></svg>"
)
TRICKY = ("../../../escaped.txt", "..\\..\\escaped.txt", "/escaped.txt", 'a"\r\nX-Evil: 1.txt')
RUNS = "document.querySelectorAll('main script, main img, [onload], [onerror]').length"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab whose browser may say that our page forbids what it is made to try."""
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture(params=["127.0.0.1", "localhost"])
def another(request: pytest.FixtureRequest) -> Iterator[str]:
    """Another page of this computer: to a browser the same site with another port, or another."""
    with plain_pages() as address:
        yield f"http://{request.param}:{urlsplit(address).port}"


def opened(tab: Tab, page: Page, another: str) -> None:
    """Our page is open in the browser, and then the other one is visited in it."""
    tab.goto(page.opening)
    expect(tab.locator('form[action="/begin"]')).to_be_visible()
    tab.goto(another)


@pytest.mark.parametrize("attack", [FETCH, FORM])
def test_what_another_page_posts_does_nothing(
    page: Page, tab: Tab, another: str, attack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guarded in (True, False):
        opened(tab, page, another) if guarded else tab.goto(another)
        tab.evaluate(attack, f"{page.root}/begin")
        if attack == FORM:
            tab.wait_for_url(f"{page.root}/**")
        assert (page.keeper.talk is None) is guarded, "the control: without the gate it begins"
        monkeypatch.setattr(Gate, "_answer", lambda *_: None)


def test_another_page_can_neither_frame_nor_read_ours(
    page: Page, tab: Tab, another: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guarded in (True, False):
        opened(tab, page, another) if guarded else tab.goto(another)
        tab.evaluate(FRAME, f"{page.root}/")
        framed = tab.frames[-1]
        assert ("Welcome" not in framed.content()) is guarded, "the control: else it is shown"
        assert tab.evaluate(READ, f"{page.root}/") == "", "nobody reads it with or without a frame"
        monkeypatch.setattr(Gate, "_answer", lambda *_: None)
        monkeypatch.setattr(gate, "_HEADERS", {})


def test_our_own_page_is_not_framed_even_by_itself(page: Page, tab: Tab) -> None:
    tab.goto(page.opening)
    tab.evaluate(FRAME, f"{page.root}/")
    assert "Welcome" not in tab.frames[-1].content()


def test_a_script_in_what_a_company_wrote_never_runs(
    jordan: Page, tab: Tab, companies: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Escaped; and where that is forgotten, the page's own rules stop it."""
    reference = sent(tab, jordan)
    assert companies.received("sample-risk-data")

    def keep(desk: Desk) -> None:
        paper = Paper(name=f"{SCRIPT}.txt", content=SCRIPT.encode())
        record_answer(
            desk, reference, Answer.DENIED, attachment=paper, exemption=SCRIPT, note=SCRIPT
        )

    jordan.keeper.read(keep)
    tab.goto(f"{jordan.root}/request/{reference}")
    proof = tab.locator('ol.line a[href^="/proof/"]').last.get_attribute("href") or ""
    shown = (f"/request/{reference}", proof, "/", "/status", "/answer", "/pictures")
    for path in shown:
        tab.goto(jordan.root + path)
        assert tab.evaluate(RUNS) == 0, path
        assert tab.title() != "ran"
    expect(tab.locator("main")).to_be_visible()
    tab.goto(jordan.root + proof)
    expect(tab.locator("pre")).to_have_text(SCRIPT)

    monkeypatch.setattr("optout.web.proofs._as_text", lambda content: Markup(content.decode()))
    tab.goto(jordan.root + proof)
    assert tab.evaluate(RUNS) > 0, "the control: it is in the page now"
    assert tab.title() != "ran"
    monkeypatch.setattr(gate, "_HEADERS", {})
    tab.goto(jordan.root + proof)
    expect(tab).to_have_title("ran")  # the control: without the rules it runs


def test_a_report_with_a_script_in_it_runs_nothing(jordan: Page, tab: Tab) -> None:
    """It is a file, so nothing but its own rules guards it."""
    reference = sent(tab, jordan)
    jordan.keeper.read(
        lambda desk: record_answer(desk, reference, Answer.DENIED, exemption=SCRIPT, note=SCRIPT)
    )
    tab.goto(f"{jordan.root}/go/report")
    press(tab.locator("main form button"))
    answer(tab, "html")
    tab.locator("main a.button").wait_for()
    report = next(jordan.papers.glob("*.html"))
    tab.goto(report.as_uri())
    expect(tab.locator("body")).to_contain_text("<script>")
    assert tab.title() != "ran"
    planted = report.with_name("planted.html")
    planted.write_text(f"<!doctype html><title>x</title>{SCRIPT}", "utf-8")
    tab.goto(planted.as_uri())
    expect(tab).to_have_title("ran")  # the control


def test_a_paper_with_a_tricky_name_stays_where_papers_are(jordan: Page, tab: Tab) -> None:
    reference = sent(tab, jordan)
    for name in (
        "../../../escaped.txt",
        "..\\..\\escaped.txt",
        "/escaped.txt",
        'a"\r\nX-Evil: 1.txt',
    ):
        tab.goto(f"{jordan.root}/answer/{reference}")
        tab.locator("#paper").set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": b"No."}
        )
        press(tab.locator("main form button"))
        answer(tab, "acknowledged")
        answer(tab, "today")
        only_yes(Mouse(tab))  # a second answer of one day is asked about
        tab.goto(f"{jordan.root}/request/{reference}")
        proof = tab.locator('ol.line a[href^="/proof/"]').last.get_attribute("href") or ""
        got = tab.request.get(f"{jordan.root}{proof}?save=1")
        assert got.body() == b"No.", "the control: it was kept"
        assert "x-evil" not in got.headers
        assert ".." not in got.headers["content-disposition"]
        assert "escaped" not in got.headers["content-disposition"]
    here = jordan.papers.parent
    assert not [
        *here.rglob("*escaped*"),
        *here.parent.glob("escaped*"),
        *Path("/").glob("escaped*"),
    ]


def test_a_paper_that_became_another_file_is_not_shown(jordan: Page, tab: Tab) -> None:
    """A link in the place of a paper leads to nothing else. The control: as it was written."""
    sent(tab, jordan)
    tab.goto(f"{jordan.root}/go/report")
    press(tab.locator("main form button"))
    answer(tab, "html")
    tab.locator("main a.button").wait_for()
    tab.goto(f"{jordan.root}/papers")
    link = jordan.root + (tab.locator(".card a").first.get_attribute("href") or "")
    assert tab.request.get(link).ok
    (written,) = jordan.papers.glob("*.html")
    secret = jordan.papers.parent / "somebody's own.txt"
    secret.write_text("nobody else's", "utf-8")
    written.unlink()
    written.symlink_to(secret)
    assert tab.request.get(link).status == 409
    assert "nobody else's" not in tab.request.get(link).text()

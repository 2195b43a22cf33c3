"""An answer is kept on the page: the paper, what they said, what it means, and the proof again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from optout.i18n import in_language, say
from optout.model.record import Answer, Evidence, EvidenceKind, TaskKind
from optout.rules.days import in_words
from optout.sample.people import JORDAN, MARIA
from optout.sample.scripted_person import PASSPHRASE
from optout.sample.servers import World
from optout.words import word
from optout.workflows.desk import Desk
from optout.workflows.find import find_requests
from tests.web.conftest import Page, locked_folder, served
from tests.web.guided import Mouse, only_yes, press
from tests.web.look import check
from tests.web.test_walk import a_tab, answer, plan_all, question, references, walk

pytestmark = pytest.mark.browser

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MAIL = (
    b"From: privacy@example.com\r\nTo: someone@example.test\r\nSubject: Your request\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"We did it. <script>document.title = 'ran'</script>\r\n"
)
COMPANY = "sample-risk-data"


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


def sent(tab: Tab, page: Page) -> str:
    """File the request to the practice company; return its reference."""
    tab.goto(page.opening)
    plan_all(tab, page)
    reference = references(page)[COMPANY]
    walk(tab, page, f"file/{reference}")
    only_yes(Mouse(tab))
    return reference


def end(tab: Tab) -> str:
    tab.locator("a.button").wait_for()
    return tab.locator("main").inner_text()


def kept(page: Page) -> list[tuple[str, bytes]]:
    """Return the kind and the bytes of every paper that came, as the folder has them."""

    def read(desk: Desk) -> list[tuple[str, bytes]]:
        evidence = desk.vault.evidence
        cards = evidence.list(JORDAN.id)
        return [(c.media_type, evidence.read(c.id)) for c in cards if c.kind == "reply"]

    return page.keeper.read(read)


def test_of_several_people_it_is_seen_whose_answer_it_is(jordan: Page, english: Tab) -> None:
    reference = sent(english, jordan)
    for path in ("answer", f"answer/{reference}"):
        english.goto(f"{jordan.root}/{path}")
        expect(english.locator("main")).not_to_contain_text("1. ")  # of one person nobody asks
    jordan.keeper.read(lambda desk: desk.vault.subjects.add(MARIA))
    for path in ("answer", f"answer/{reference}"):
        english.goto(f"{jordan.root}/{path}")
        expect(english.locator("main")).to_contain_text(f"1. {JORDAN.label.reveal()}: ")


def test_a_letter_that_came_is_kept_and_told_and_opened_again(jordan: Page, tab: Tab) -> None:
    reference = sent(tab, jordan)
    tab.goto(f"{jordan.root}/answer")
    check(tab)
    press(tab.locator(f'a[href="/answer/{reference}"]').first)
    check(tab)
    tab.locator("#paper").set_input_files(
        {"name": "their letter.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    tab.locator("#text").fill("They wrote twice.")
    press(tab.locator("main form button"))
    answer(tab, "denied")
    answer(tab, "claim_not_covered")
    question(tab)
    check(tab)
    answer(tab, "GLBA")
    answer(tab, "today")
    said = end(tab)
    check(tab)
    language = tab.locator("html").get_attribute("lang") or "en"
    with in_language(language):
        assert say(word(Answer.DENIED)) in said
    assert kept(jordan) == [("application/pdf", PDF)]

    tab.goto(f"{jordan.root}/request/{reference}")
    check(tab)
    opened = tab.locator('ol.line a[href^="/proof/"]').last.get_attribute("href")
    got = tab.request.get(jordan.root + (opened or ""))
    assert got.body() == PDF
    assert got.headers["content-type"] == "application/pdf"
    assert not list(jordan.papers.iterdir()), "nothing was written outside the locked folder"


def test_a_mail_is_shown_as_words_and_nothing_in_it_runs(jordan: Page, english: Tab) -> None:
    tab = english
    reference = sent(tab, jordan)
    tab.goto(f"{jordan.root}/answer/{reference}")
    tab.locator("#text").fill("We did it. <script>document.title = 'ran'</script>")
    press(tab.locator("main form button"))
    answer(tab, "fulfilled")
    answer(tab, "other")
    day = jordan.keeper.read(lambda desk: desk.today(JORDAN))
    answer(tab, f"{day.month}/{day.day}")  # without its year it is the last such day
    told = end(tab)
    assert f"That is {in_words(day)}." in told
    assert "Nobody outside can check it" in told
    tab.goto(f"{jordan.root}/request/{reference}")
    press(tab.locator('ol.line a[href^="/proof/"]').last)
    expect(tab.locator("pre")).to_contain_text("<script>document.title = 'ran'</script>")
    assert "ran" not in tab.title()
    check(tab)
    saved = tab.request.get(tab.url + "?save=1")
    assert saved.headers["content-disposition"].startswith("attachment")


def test_a_day_that_cannot_be_is_asked_again_and_their_paper_is_not_lost(
    jordan: Page, english: Tab
) -> None:
    tab = english
    reference = sent(tab, jordan)
    tab.goto(f"{jordan.root}/answer/{reference}")
    tab.locator("#paper").set_input_files(
        {"name": "answer.eml", "mimeType": "message/rfc822", "buffer": MAIL}
    )
    press(tab.locator("main form button"))
    answer(tab, "fulfilled")
    answer(tab, "other")
    answer(tab, "1/2/2001")
    question(tab)
    expect(tab.locator(".now")).to_contain_text("is before the request was sent")
    assert kept(jordan) == []
    answer(tab, "fulfilled")
    answer(tab, "today")
    end(tab)
    assert kept(jordan) == [("message/rfc822", MAIL)]


def test_what_was_pasted_stands_there_still_where_something_else_waits(
    jordan: Page, english: Tab
) -> None:
    tab = english
    reference = sent(tab, jordan)
    tab.goto(f"{jordan.root}/answer/{reference}")
    other = tab.context.new_page()
    walk(other, jordan, "person")
    question(other)
    tab.locator("#text").fill("\nThey wrote twice.")
    press(tab.locator("main form button"))
    expect(tab.locator("[role=alert]")).to_be_visible()
    check(tab)
    press(other.locator('form[action="/talk/stop"] button'))
    press(tab.locator('form[action^="/answer/"] button'))
    answer(tab, "unclear")
    end(tab)
    assert [content.split() for _kind, content in kept(jordan)] == [b"They wrote twice.".split()]


def test_no_paper_is_asked_for_before_it_is_written_down_that_it_left(
    jordan: Page, english: Tab
) -> None:
    tab = english
    tab.goto(jordan.opening)
    plan_all(tab, jordan)
    reference = references(jordan)["sample-employment-file"]
    walk(tab, jordan, f"file/{reference}")
    only_yes(Mouse(tab))
    for left in (False, True):
        tab.goto(f"{jordan.root}/answer/{reference}")
        expect(tab.locator("[role=alert]")).to_have_count(0 if left else 1)
        expect(tab.locator("#paper")).to_have_count(1 if left else 0)
        if not left:
            walk(tab, jordan, f"sent/{reference}")
            answer(tab, "today")
            end(tab)


def stored(page: Page, kind: str) -> Evidence:
    """Keep a proof of a kind, as if it had come in an answer."""

    def store(desk: Desk) -> Evidence:
        script = b"<script>1</script>"
        return desk.vault.evidence.store(JORDAN.id, EvidenceKind.REPLY, kind, script)

    return page.keeper.read(store)


def test_what_can_hold_a_program_is_saved_and_never_shown(jordan: Page, english: Tab) -> None:
    """A page or a drawing that a company sends could run here; a picture cannot."""
    tab = english
    tab.goto(jordan.opening)
    for kind, place in (
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
        ("application/x-msdownload", "attachment"),
        ("image/png", "inline"),
    ):
        card = stored(jordan, kind)
        got = tab.request.get(f"{jordan.root}/proof/{card.id}")
        assert got.headers["content-disposition"].startswith(place), kind
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-type"] in {"application/octet-stream", "image/png"}
    assert tab.request.get(f"{jordan.root}/proof/nothing-of-this-name").status == 409
    jordan.keeper.lock()
    locked = tab.request.get(f"{jordan.root}/proof/{card.id}", max_redirects=0)
    assert locked.status == 303, "nothing is opened from a locked folder"


def test_a_letter_that_nobody_understands_is_kept_and_changes_nothing(
    jordan: Page, tab: Tab
) -> None:
    reference = sent(tab, jordan)
    before = standing(jordan, reference)
    tab.goto(f"{jordan.root}/answer/{reference}")
    tab.locator("#paper").set_input_files(
        {"name": "their letter.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(tab.locator("main form button"))
    expect(question(tab).locator("button").last).to_have_attribute("value", "unclear")
    answer(tab, "unclear")
    end(tab)
    check(tab)
    assert standing(jordan, reference) == before
    assert kept(jordan) == [("application/pdf", PDF)]
    expect(tab.locator('main a[href="/go/helper"]')).to_be_visible()
    assert waiting(jordan) == [TaskKind.UNDERSTAND]
    tab.goto(jordan.root)
    check(tab)
    press(tab.locator(f'.card a[href="/go/record/{reference}"]'))
    press(tab.locator("main form button"))
    answer(tab, "acknowledged")
    answer(tab, "today")
    end(tab)
    assert waiting(jordan) == [], "now it is known what they said"


def standing(page: Page, reference: str) -> object:
    """Return where a request stands, with its dates and what was written down of answers."""

    def read(desk: Desk) -> object:
        (request,) = find_requests(desk, reference)
        answers = desk.vault.correspondence.for_requests([request.id])
        return request, desk.vault.deadlines.for_request(request.id), answers

    return page.keeper.read(read)


def waiting(page: Page) -> list[TaskKind]:
    return page.keeper.read(lambda desk: [each.kind for each in desk.vault.tasks.open()])

"""Each verb on a live page: text and attribute results of XPath, frames, conditions, limits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import pytest

from optout.browser.not_looked import NotLooked, PageNotUnderstood
from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.searching import Searched, run_search
from optout.browser.window import Window
from optout.catalog.examples import Answer
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import (
    Check,
    Expect,
    Extract,
    Fill,
    Leg,
    Open,
    Press,
    ReadCode,
    Search,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.payload import Payload, Recipient
from optout.model.reading import Reading
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.sample.scripted_person import ScriptedPerson

pytestmark = pytest.mark.browser

HOST = "people.example.com"
HOME = f"https://{HOST}/"
OPEN = Open(url=HOME)
VALUES = {Field.FULL_NAME: "Jordan Sample", Field.CITY: "Denver", Field.AGE: "46"}
SEND = "<form action=/sent><input id=who name=who><button>Send it</button></form>"
SUBMIT = Submit(press="Send it", expect="We took your request", within_seconds=30)
SENT = "<p>We took your request</p>"
ROWS = Extract(rows=".r", none="#none", read={"name": Reading(selector="b")}, within_seconds=30)
NO_ROWS = replace(ROWS, within_seconds=2)  # where none are to come


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as window:
        yield window


@dataclass
class Site:
    """Pages that a test writes; it notes what was asked."""

    window: Window
    pages: dict[str, str] = field(default_factory=lambda: {"/sent": SENT})
    asked: list[str] = field(default_factory=list)

    def answer(self, _method: str, url: str) -> Answer | None:
        self.asked.append(url)
        page = self.pages.get(urlsplit(url).path)
        if page is None:
            return None
        whole = f"<!doctype html><meta charset=utf-8><body>{page}"
        return Answer(media_type="text/html; charset=utf-8", content=whole.encode())

    def sent(self) -> Mapping[str, list[str]]:
        last = next(url for url in reversed(self.asked) if "/sent" in url)
        return parse_qs(urlsplit(last).query)

    def file(self, *steps: Step, code: str = "") -> LegOutcome:
        payload = Payload(
            message_id=MessageId("m"),
            subject_id=SubjectId("s"),
            recipient=Recipient(name="Example", hosts=(HOST,)),
            values={name: Secret(value) for name, value in VALUES.items()},
        )
        with Rehearsal([HOST], self.answer) as fence:
            return run_leg(
                Leg(steps=steps),
                payload,
                fence=fence,
                window=self.window,
                person=ScriptedPerson(),
                before_submit=lambda: None,
                rehearse=False,
                assisted=False,
                code=Secret(code) if code else None,
            )

    def search(self, *steps: Step) -> Searched:
        values = {name: Secret(value) for name, value in VALUES.items()}
        with Rehearsal([HOST], self.answer) as fence:
            return run_search(
                Search(steps=steps),
                values,
                fence=fence,
                window=self.window,
                person=ScriptedPerson(),
            )


@pytest.fixture
def site(window: Window) -> Site:
    return Site(window)


@pytest.mark.parametrize(
    "element",
    [
        "//p[@class='yes']/text()",
        "(//p/text()[contains(., 'Welcome')])[1]",
        "//p/@data-x",
        "./html/body/p",
        "/html/body/p[1]",
        "p.yes",
    ],
)
def test_xpath_may_end_in_a_text_or_an_attribute(site: Site, element: str) -> None:
    site.pages["/"] = f"<p class=yes data-x=1>Welcome</p>{SEND}"
    steps = (OPEN, WaitFor(element=element, within_seconds=2), SUBMIT)
    assert site.file(*steps).end is LegEnd.CONFIRMED
    site.pages["/"] = SEND  # the control
    assert site.file(*steps).end is LegEnd.NOT_SENT


def test_a_condition_inside_a_condition_and_one_on_the_age(site: Site) -> None:
    site.pages["/"] = f"""<h2>Welcome</h2><p>Older than 45?</p>
      <label><input type=checkbox id=old>Older</label>
      <label><input type=checkbox id=young>Younger</label>{SEND}"""
    old = Check(into="#old")
    young = Check(into="#young", within_seconds=1)
    asked = When(
        element="h2",
        steps=(
            When(
                text="Older than 45?",
                steps=(
                    When(field=Field.AGE, compares=">=", than="45", steps=(old,)),
                    When(field=Field.AGE, compares="<", than="45", steps=(young,)),
                ),
            ),
            When(text="Nobody says this", steps=(young,)),
        ),
    )
    ticked = Expect(element="#old:checked", within_seconds=1)
    assert site.file(OPEN, asked, ticked, SUBMIT).end is LegEnd.CONFIRMED
    other = Expect(element="#young:checked", within_seconds=1)
    assert site.file(OPEN, asked, other, SUBMIT).end is LegEnd.NOT_SENT  # the control


def test_the_pages_own_address_is_waited_for(site: Site) -> None:
    site.pages["/"] = "<script>setTimeout(() => location = '/next', 200)</script>"
    site.pages["/next"] = SEND
    there = WaitFor(address="/next", within_seconds=30)
    assert site.file(OPEN, there, SUBMIT).end is LegEnd.CONFIRMED
    never = WaitFor(address="/nowhere", within_seconds=1)  # the control
    assert site.file(OPEN, never, SUBMIT).end is LegEnd.NOT_SENT


def test_every_more_is_pressed_once(site: Site) -> None:
    more = (
        "<button class=more onclick='this.replaceWith(document.createElement(\"i\"))'>more</button>"
    )
    site.pages["/"] = more * 3 + SEND
    three = Expect(element="//body[count(.//i) = 3]", within_seconds=2)
    press = Press(into=".more", every=True)
    assert site.file(OPEN, press, three, SUBMIT).end is LegEnd.CONFIRMED
    one = Press(into=".more", within_seconds=2)  # the control: a step that means one stops at three
    assert site.file(OPEN, one, SUBMIT).end is LegEnd.NOT_SENT


def test_a_code_is_typed_on_the_page_that_the_definition_names(site: Site) -> None:
    site.pages["/code"] = SEND.replace("who", "code")
    read = ReadCode(url=f"{HOME}code", into="#code")
    assert site.file(read, SUBMIT, code="482913").end is LegEnd.CONFIRMED
    assert site.sent()["code"] == ["482913"]
    site.asked.clear()
    elsewhere = ReadCode(url="https://evil.example.net/code", into="#code")
    assert site.file(elsewhere, SUBMIT, code="482913").end is LegEnd.NOT_SENT
    assert site.asked == []


def test_rows_in_a_frame_are_read_where_the_step_names_its_host(site: Site) -> None:
    site.pages["/"] = "<iframe src=/list></iframe>"
    site.pages["/list"] = "<div class=r><b>Jordan Sample</b></div>"
    inside = Extract(rows=".r", read=ROWS.read, in_frame=HOST, within_seconds=30)
    seen = site.search(OPEN, inside)
    assert [row.name for row in seen.rows] == ["Jordan Sample"]
    with pytest.raises(PageNotUnderstood):  # the control: the page itself has no rows
        site.search(OPEN, NO_ROWS)


def test_nobody_counts_only_where_people_can_see_it_and_for_good(site: Site) -> None:
    site.pages["/"] = "<p id=none hidden>Nobody</p>"
    with pytest.raises(PageNotUnderstood):
        site.search(OPEN, NO_ROWS)
    site.pages["/"] = "<p id=none>Nobody</p>"
    assert site.search(OPEN, ROWS).said_none
    site.pages["/"] = """<p id=none>Nobody</p><script>setTimeout(() => {
      document.body.innerHTML = "<div class=r><b>Jordan Sample</b></div>"; }, 500)</script>"""
    late = site.search(OPEN, ROWS)
    assert ([row.name for row in late.rows], late.said_none) == (["Jordan Sample"], False)


def test_a_step_ends_at_its_own_limit_and_names_itself(site: Site) -> None:
    site.pages["/"] = SEND
    began = time.monotonic()
    outcome = site.file(OPEN, Fill(field=Field.CITY, into="#town", within_seconds=1), SUBMIT)
    assert outcome.end is LegEnd.NOT_SENT
    assert "step 2 (fill city)" in outcome.step
    assert time.monotonic() - began < OPEN.within_seconds, "and not at the usual one"
    began = time.monotonic()
    with pytest.raises(NotLooked) as raised:
        site.search(OPEN, WaitFor(text="Never", within_seconds=1), ROWS)
    assert raised.value.step == "search, step 2 (wait_for)"
    assert time.monotonic() - began < OPEN.within_seconds, "and not at the usual one"


def test_a_page_that_loads_itself_for_ever_ends(site: Site) -> None:
    site.pages["/"] = "<script>setTimeout(() => location.reload(), 50)</script>"
    with pytest.raises(NotLooked):
        site.search(OPEN, NO_ROWS)


def test_a_search_cannot_file_whatever_its_definition_says(site: Site) -> None:
    site.pages["/"] = SEND
    with pytest.raises(NotLooked, match="where it cannot be"):
        site.search(OPEN, SUBMIT, ROWS)
    assert not any("/sent" in url for url in site.asked)


def test_pages_that_repeat_themselves_end(site: Site) -> None:
    site.pages["/"] = "<div class=r><b>Jordan Sample</b></div><a id=next href='/'>Next</a>"
    step = Extract(rows=".r", next="#next", pages=9, read=ROWS.read, within_seconds=1)
    seen = site.search(OPEN, step)
    assert len(seen.rows) == 1
    assert seen.more  # it led on, and nothing else came: what else there is nobody knows


def test_thousands_of_rows_are_read_in_one_go(site: Site) -> None:
    site.pages["/"] = "<div class=r><b>Somebody Example</b></div>" * 3000
    assert len(site.search(OPEN, ROWS).rows) == 3000

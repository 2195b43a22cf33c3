"""Imported definitions searched and run on made-up pages, in the real browser, behind the fence.

`dialect/actions.json` holds what the definitions of eight sites do, step by step; the pages here
are made up to be found by that. No page is a copy of anybody's, and nothing leaves this machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog.brokers import load_broker
from optout.catalog.examples import Answer
from optout.model.broker import Broker
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import Looks, Open
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver
from optout.model.request import MessageId
from optout.model.row import City, Row
from optout.model.search import Looked, SearchFor
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.flows import fields_of_leg
from optout.rules.row_identity import is_same_listing
from optout.rules.search_fields import fields_of_search
from optout.text import Text
from optout.workflows.import_dialects import import_dialects
from optout.workflows.search_site import PageNotUnderstood, search_site

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent / "dialect"
READS: dict[str, Any] = json.loads((HERE / "selectors.json").read_text(encoding="utf-8"))
DOES: dict[str, Any] = json.loads((HERE / "actions.json").read_text(encoding="utf-8"))
ON = date(2026, 11, 22)
DENVER, BOULDER = City(city="Denver", state="CO"), City(city="Boulder", state="CO")
SCHEDULE = {"retryError": 48, "confirmOptOutScan": 72, "maintenanceScan": 120, "maxAttempts": -1}
VALUES = {
    Field.FULL_NAME: "Jordan Q. Sample",
    Field.FIRST_NAME: "Jordan",
    Field.MIDDLE_NAME: "Q.",
    Field.LAST_NAME: "Sample",
    Field.CITY: "Denver",
    Field.STATE: "CO",
    Field.STATE_NAME: "Colorado",
    Field.AGE: "46",
    Field.EMAIL: "jordan.sample@example.com",
    Field.LISTING_URL: "https://www.spokeo.com/Jordan-Sample/Colorado/Denver/p123",
}
# Where each search leads first, with those values.
OPENS = {
    "anywho.com": "https://www.anywho.com/people/Jordan+Sample/colorado/denver?age_range=31-60",
    "backgroundcheckers.net": "https://www.backgroundcheckers.net/name/search-result",
    "clustrmaps.com": "https://clustrmaps.com/persons/Jordan-Sample/Colorado/Denver",
    "fastbackgroundcheck.com": "https://www.fastbackgroundcheck.com/people/Jordan-Sample/Denver-co",
    "peoplewhiz.com": "https://www.peoplewhiz.com/flow/results/Jordan/Q./Sample/Denver/co/46",
    "spokeo.com": "https://www.spokeo.com/Jordan-Sample/Colorado/Denver",
    "spyfly.com": "https://www.spyfly.com/help-center/privacy-requests",
    "verecor.com": "https://verecor.com/profile/search?fname=Jordan&lname=Sample&state=co&city=Denver&fage=41-50",
}


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as window:
        yield window


@dataclass
class Hands:
    """A person who does what is asked; what they type by hand the made-up pages type themselves."""

    asked: list[str] = field(default_factory=list)

    def act(self, hand_over: HandOver) -> Acted:
        self.asked.append(hand_over.what.english())
        return Acted.DID

    def tell(self, text: Text) -> None:
        """Listen."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


@dataclass
class Site:
    """Made-up pages under the site's own name; it notes what was asked of it."""

    pages: Mapping[str, str]  # by path; "*" answers every other
    asked: list[str] = field(default_factory=list)

    def answer(self, _method: str, url: str) -> Answer | None:
        path = urlsplit(url).path
        page = self.pages.get(path, self.pages.get("*"))
        if page is None or path == "/favicon.ico":
            return None
        self.asked.append(url)
        return Answer(media_type="text/html; charset=utf-8", content=page.encode())

    def query(self, path: str) -> dict[str, str]:
        """Return what the last request for this path carried."""
        (url,) = [each for each in self.asked if urlsplit(each).path == path][-1:]
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def imported(folder: Path, site: str) -> Broker:
    """Turn what the definition of a site does into ours, as the import does it."""
    how = {key: value for key, value in READS[site].items() if key != "opens"}
    reads = {"actionType": "extract", **how}
    stages = [
        {
            "stepType": kind,
            "scanType": "templatedUrl",
            "optOutType": "formOptOut",
            "actions": [
                reads if action["actionType"] == "extract" else action
                for action in DOES[site][kind]
            ],
        }
        for kind in ("scan", "optOut")
        if kind in DOES[site]
    ]
    file = folder / f"{site}.json"
    whole = {
        "name": site,
        "url": site,
        "optOutUrl": f"https://www.{site}/optout",
        "steps": stages,
        "schedulingConfig": SCHEDULE,  # that of all eight
    }
    file.write_text(json.dumps(whole), encoding="utf-8")
    (done,) = import_dialects([file], folder=folder / "own", on=ON).files
    assert done.taken, done.findings
    return load_broker(folder / "own" / str(done.slug) / "broker.toml")


def saved(name: str) -> str:
    return (HERE / f"{name}.html").read_text(encoding="utf-8")


FORM = """<!doctype html><meta charset=utf-8><body>{inside}"""
TOKEN = """<div class=form__captcha><input type=hidden name=cf-turnstile-response></div><script>
setTimeout(() => document.querySelector('[name=cf-turnstile-response]').setAttribute('value', 't'),
  300);</script>"""
BACKGROUND = {
    "/name/search-result": FORM.format(
        inside="""<form id=bottomModifySearch action=/name/old>
        <input id=firstName-bottom name=first><input id=middleName-bottom name=middle>
        <input id=lastName-bottom name=last><input id=city-bottom name=city>
        <select id=state-bottom name=state><option value=''>-<option value=CO>Colorado</select>
        <button id=ux-2>Search</button></form>"""
    ),
    "/name/old": FORM.format(
        inside="""<div class=container>
        <div data-key='comp.name-search.rule.question.reSearch.moreThanAge'>Older than 45?
        <a href='/name/list?older=yes'><button>Yes</button></a>
        <a href='/name/list?older=no'><button>No</button></a></div></div>"""
    ),
    "/name/list": saved("backgroundcheckers.net").replace(
        "<ul>",
        """<div class=result><button class=more onclick="this.remove()">more</button></div>
        <div class=result><button class=more onclick="this.remove()">more</button></div><ul>""",
    ),
}
ASK_PAGE = FORM.format(
    inside=f"""<div class=main><div class=form-contact-help><form action=/mail>
    <input id=firstName name=first><input placeholder='Last Name' name=last>
    <input id=city name=city>
    <select id=states name=state><option value=''>-<option>Colorado<option>Texas</select>
    <input id=zip name=zip><input id=age name=age>{TOKEN}
    <button type=submit>Continue</button></form></div></div>"""
)
MAIL_PAGE = FORM.format(
    inside=f"""<div class=form-contact-help><form action=/code><input id=email-address name=email>
    {TOKEN}<button id=continue-button>Continue</button></form></div>"""
)
CODE_PAGE = FORM.format(
    inside=f"""<div class=form-contact-help><form action=/rows><input id=unique-code name=code>
    {TOKEN}<button id=continue-button>Continue</button></form></div>
    <script>setTimeout(() => document.querySelector('#unique-code').value = '123456', 400);
    </script>"""
)
SPYFLY = {
    "/help-center/privacy-requests": ASK_PAGE,
    "/mail": MAIL_PAGE,
    "/code": CODE_PAGE,
    "/rows": saved("spyfly.com"),
}
PAGES: dict[str, Mapping[str, str]] = {
    **{site: {"*": saved(site)} for site in READS},
    "backgroundcheckers.net": BACKGROUND,
    "spyfly.com": SPYFLY,
}


def search(folder: Path, window: Window, site: str, pages: Site, person: Hands) -> Looked:
    broker = imported(folder, site)
    assert broker.search is not None
    fields = fields_of_search(broker)
    return search_site(
        broker,
        SearchFor(values={each: Secret(VALUES[each]) for each in fields}),
        fence=Rehearsal(broker.hosts, pages.answer),
        window=window,
        person=person,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("site", READS)
def test_when_to_look_again_comes_with_it(tmp_path: Path, site: str) -> None:
    search = imported(tmp_path, site).search
    assert search is not None
    assert search.looks == Looks(after_request=3, while_there=7, after_removal=30, after_error=2)


@pytest.mark.parametrize("site", READS)
def test_an_imported_search_finds_its_rows(site: str, window: Window, tmp_path: Path) -> None:
    pages, person = Site(PAGES[site]), Hands()
    seen = search(tmp_path, window, site, pages, person)
    names = [each.row.name for each in seen.rows]
    assert names[0] in {"Jordan Sample", "Jordan Q. Sample", "Jordan Q Sample"}
    assert not seen.said_none
    assert pages.asked[0] == OPENS[site]
    assert {field for _host, field in seen.given} <= set(VALUES)


def test_a_search_by_form_gives_each_box_its_own_and_answers_by_the_age(
    window: Window, tmp_path: Path
) -> None:
    pages, person = Site(BACKGROUND), Hands()
    seen = search(tmp_path, window, "backgroundcheckers.net", pages, person)
    assert [each.row.name for each in seen.rows] == ["Jordan Sample", "Jordan R Sample"]
    assert seen.rows[0].row.addresses == (BOULDER, DENVER)
    assert seen.rows[0].row.profile_url is None  # no link is named, and the page is not theirs
    assert pages.query("/name/old") == {
        "first": "Jordan",
        "middle": "Q.",
        "last": "Sample",
        "city": "Denver",
        "state": "CO",
    }
    assert pages.query("/name/list") == {"older": "yes"}
    assert person.asked == []  # the robot check was none


def test_a_search_that_mails_a_code_asks_the_person_for_it(window: Window, tmp_path: Path) -> None:
    pages, person = Site(SPYFLY), Hands()
    search(tmp_path, window, "spyfly.com", pages, person)
    assert pages.query("/mail") | {"zip": ""} == {
        "first": "Jordan",
        "last": "Sample",
        "city": "Denver",
        "state": "Colorado",
        "age": "46",
        "zip": "",
        "cf-turnstile-response": "t",
    }
    zip_code, code = person.asked
    assert "ZIP code" in zip_code
    assert "Nothing is invented" in zip_code
    assert "A code is mailed" in code
    assert pages.query("/rows")["code"] == "123456"


@pytest.mark.parametrize("site", ["peoplewhiz.com", "spokeo.com"])
def test_only_their_own_words_say_nobody(site: str, window: Window, tmp_path: Path) -> None:
    seen = search(tmp_path, window, site, Site({"*": saved(f"{site}.none")}), Hands())
    assert (seen.rows, seen.said_none) == ((), True)


def test_a_changed_page_is_not_understood(window: Window, tmp_path: Path) -> None:
    broker = imported(tmp_path, "peoplewhiz.com")
    assert broker.search is not None
    hasty = tuple(
        each if isinstance(each, Open) else replace(each, within_seconds=1)
        for each in broker.search.steps
    )
    values = {each: Secret(VALUES[each]) for each in fields_of_search(broker)}
    pages = Site({"*": saved("peoplewhiz.com").replace("ResultsTable__Record", "Table2__Record")})
    with pytest.raises(PageNotUnderstood):
        search_site(
            replace(broker, search=replace(broker.search, steps=hasty)),
            SearchFor(values=values),
            fence=Rehearsal(broker.hosts, pages.answer),
            window=window,
            person=Hands(),  # type: ignore[arg-type]
        )


# ---- their opt-outs ----


def run(
    broker: Broker, window: Window, pages: Site, *, row: Row | None, leg: int = 0, link: str = ""
) -> tuple[LegOutcome, Hands]:
    chosen, person = broker.flow["opt-out"].leg[leg], Hands()
    payload = Payload(
        message_id=MessageId("m"),
        subject_id=SubjectId("s"),
        recipient=Recipient(name=broker.name, hosts=broker.hosts),
        values={each: Secret(VALUES[each]) for each in fields_of_leg(chosen)},
        row=Secret(row) if row else None,
        definition_sha256=broker.sha256,
    )
    with Rehearsal(broker.hosts, pages.answer) as fence:
        outcome = run_leg(
            chosen,
            payload,
            fence=fence,
            window=window,
            person=person,  # type: ignore[arg-type]
            before_submit=lambda: None,
            rehearse=False,
            assisted=False,
            link=link,
        )
    return outcome, person


def whiz_row(number: int, name: str, age: int, place: str) -> str:
    return f"""<div class="ResultsTable__Record-sc-1">
    <div class="MuiGrid-item"><div class="ResultsTable__Name-sc">{name}</div></div>
    <div class="MuiGrid-item"><span class="ResultsTable__Age-sc-9">{age}</span></div>
    <div class="MuiGrid-item"><p class="ResultsTable__AddressAndLocation-sc-3">{place}</p></div>
    <div class="MuiGrid-item"></div>
    <button onclick="location = '/form?row={number}'">Opt out</button></div>"""


OWN = Row(name="Jordan Sample", age=46, addresses=(DENVER,))
FOUR = "".join(
    (
        whiz_row(1, "Jordan Sample", 71, "Denver, CO"),
        whiz_row(2, "Jordan R Sample", 46, "Denver, CO"),
        whiz_row(3, "Jordan Sample", 47, "Denver, CO"),
        whiz_row(4, "Jordan Sample", 46, "Reno, NV"),
    )
)
WHIZ = {
    "/optout/results/Jordan/Q./Sample/Denver/co/46": FORM.format(inside=FOUR),
    "/form": FORM.format(
        inside="""<form action=/sent><input name=email>
        <div class='x altcha y'><input type=checkbox id=altcha_checkbox>
        <span role=status>Verified</span></div><button type=submit>Send</button></form>"""
    ),
    "/sent": FORM.format(inside="<p>We have Received Your Request</p>"),
    "/confirm": FORM.format(inside="<p>Your request for optout is confirmed</p>"),
}


def test_the_button_of_ones_own_row_is_pressed_and_no_strangers(
    window: Window, tmp_path: Path
) -> None:
    broker = imported(tmp_path, "peoplewhiz.com")
    pages = Site(WHIZ)
    outcome, person = run(broker, window, pages, row=OWN)
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    assert pages.query("/form") == {"row": "3"}  # a year older by now, at the same place
    assert pages.query("/sent")["email"] == VALUES[Field.EMAIL]
    assert person.asked == []
    link = "https://www.peoplewhiz.com/confirm"
    outcome, _person = run(broker, window, pages, row=OWN, leg=1, link=link)
    assert outcome.end is LegEnd.CONFIRMED


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (whiz_row(1, "Jordan Sample", 71, "Denver, CO"), "not among the rows"),
        (whiz_row(1, "Jordan Sample", 46, "Denver, CO") * 2, "Two rows"),
        (whiz_row(1, "Jordan Sample", 46, "Denver, CO") + "<a href='?page=2'>Next</a>", "another"),
    ],
)
def test_where_not_one_row_fits_nothing_is_pressed(
    window: Window, tmp_path: Path, rows: str, says: str
) -> None:
    pages = Site({**WHIZ, next(iter(WHIZ)): FORM.format(inside=rows)})
    outcome, _person = run(imported(tmp_path, "peoplewhiz.com"), window, pages, row=OWN)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why is not None
    assert says in outcome.why.english()
    assert not any("/form" in url for url in pages.asked)


def test_a_last_button_in_a_row_is_the_one_of_the_listing(window: Window, tmp_path: Path) -> None:
    """Spyfly's last button stands in the row itself: pressing it is what files."""

    def item(number: int, age: int) -> str:
        return f"""<div class=result-item><h2>Jordan Sample</h2><p>Age: {age}</p><div>
        <p>Location</p><ul class=result-list><li>Denver, CO</li></ul></div>
        <button class=btn onclick="location='/done?row={number}'">Remove</button></div>"""

    head = "<div class=section__head><h1>Select Data for Removal</h1></div>"
    pages = Site(
        {
            **SPYFLY,
            "/rows": FORM.format(inside=head + item(1, 71) + item(2, 46)),
            "/done": FORM.format(
                inside="<div class=section__head><h1>Request Submitted</h1></div>"
            ),
        }
    )
    outcome, person = run(imported(tmp_path, "spyfly.com"), window, pages, row=OWN)
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    assert pages.query("/done") == {"row": "2"}
    assert len(person.asked) == 2  # the ZIP code and the mailed code; the row was pressed for them


@pytest.mark.parametrize(
    ("site", "form", "sent"),
    [
        (
            "spokeo.com",
            """<div class=optout_container><form action=/sent><input name=url><input name=email>
            <div id=g-recaptcha style='height:9px;width:9px'></div></form></div>
            <button class=responsive-button onclick="document.forms[0].submit()">Go</button>""",
            "Please check your inbox for a confirmation email",
        ),
        (
            "verecor.com",
            """<div class=container><h1>Opt Out</h1></div><form id=form-contact class=ahm
            action=/sent><input id=user_name name=name><input id=user_email name=email>
            <input id=url name=url><input type=hidden name=cf_captcha_token value=t>
            <button class=btn-sbmt>Send</button></form>""",
            "Your removal request has been received",
        ),
    ],
)
def test_an_opt_out_by_the_address_of_the_listing(
    site: str, form: str, sent: str, window: Window, tmp_path: Path
) -> None:
    pages = Site({"/sent": FORM.format(inside=f"<p>{sent}</p>"), "*": FORM.format(inside=form)})
    outcome, _person = run(imported(tmp_path, site), window, pages, row=None)
    assert outcome.end is LegEnd.CONFIRMED, (outcome.step, outcome.why)
    given = pages.query("/sent")
    assert given["url"] == VALUES[Field.LISTING_URL]
    assert given["email"] == VALUES[Field.EMAIL]


def test_the_control_of_the_rows_fits_one_of_four() -> None:
    shown = [(71, DENVER, "Sample"), (46, DENVER, "R Sample"), (47, DENVER, "Sample")]
    rows = [Row(name=f"Jordan {name}", age=age, addresses=(at,)) for age, at, name in shown]
    assert [is_same_listing(OWN, each) for each in rows] == [False, False, True]

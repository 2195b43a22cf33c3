"""Rows as an imported definition reads them, in the real browser, on made-up pages.

`dialect/selectors.json` holds what the definitions of eight sites look for; the pages beside it
are made up to be found by that. No page is a copy of anybody's.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from optout.browser import find_rows
from optout.browser.find_rows import MOST_ROWS
from optout.browser.not_looked import PageNotUnderstood
from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.catalog.brokers import sample_folder
from optout.catalog.examples import Answer
from optout.cli import main as shell
from optout.errors import OptoutError, WrongUsage
from optout.model.row import City, Row
from optout.rules.hosts import BadAddress
from optout.rules.row_words import BadPattern
from optout.workflows.extract_rows import extract_rows

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent / "dialect"
SITES: dict[str, Any] = json.loads((HERE / "selectors.json").read_text(encoding="utf-8"))
DENVER, BOULDER = City(city="Denver", state="CO"), City(city="Boulder", state="CO")
AUSTIN = City(city="Austin", state="TX")
BOTH = {"relatives": ("Casey Example", "Riley Sample"), "age": 46}
TWO = {**BOTH, "addresses": (BOULDER, DENVER)}
ALSO = ("Jo Sample", "Jordan Example")
ROWS: dict[str, list[Row]] = {
    "anywho.com": [
        Row(
            name="Jordan Q. Sample",
            alternative_names=ALSO,
            age=46,
            addresses=(BOULDER, DENVER, AUSTIN),
            relatives=("Casey Example", "Riley Sample"),
            profile_url="https://www.anywho.com/people/jordan+sample/colorado/denver/a1",
        ),
        Row(name="Jordan Sample", addresses=(City(city="Reno", state="NV"),)),
    ],
    "backgroundcheckers.net": [
        Row(name="Jordan Sample", **TWO),  # type: ignore[arg-type]
        Row(name="Jordan R Sample"),
    ],
    "clustrmaps.com": [
        Row(
            name="Jordan Sample",
            phones=("3035550142",),
            profile_url="https://clustrmaps.com/person/abc12",
            **TWO,  # type: ignore[arg-type]
        )
    ],
    "fastbackgroundcheck.com": [
        Row(
            name="Jordan Q Sample",
            age=46,
            addresses=(BOULDER, City(city="Colorado Springs", state="CO"), DENVER),
            relatives=("Casey Example", "Riley Sample"),
            profile_url="https://www.fastbackgroundcheck.com/people/jordan-sample/id/f-1",
        )
    ],
    "peoplewhiz.com": [Row(name="Jordan Sample", **TWO)],  # type: ignore[arg-type]
    "spokeo.com": [
        Row(
            name="Jordan Q Sample",
            alternative_names=ALSO,
            age=46,
            addresses=(BOULDER, DENVER, AUSTIN),
            relatives=("Casey Example", "Riley Sample"),
            profile_url="https://www.spokeo.com/Jordan-Sample/Colorado/Denver/p123",
        ),
        Row(name="Jordan Sample"),  # its link is a script, and no page
    ],
    "spyfly.com": [Row(name="Jordan Sample", **TWO)],  # type: ignore[arg-type]
    "verecor.com": [
        Row(
            name="Jordan Sample",
            alternative_names=ALSO,
            profile_url="https://verecor.com/view/77",
            **TWO,  # type: ignore[arg-type]
        )
    ],
}


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as window:
        yield window


def definition(folder: Path, site: str, **changes: object) -> Path:
    """Write a definition that only scans, and return its file."""
    how = {**SITES[site], **changes}
    opens = how.pop("opens")
    actions = [
        {"actionType": "navigate", "url": f"https://{opens}/${{firstName}}"},
        {"actionType": "extract", **how},
    ]
    whole = {"name": site, "url": site, "steps": [{"stepType": "scan", "actions": actions}]}
    file = folder / f"{site}.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


def read(folder: Path, window: Window, page: str | Path, site: str, **changes: object) -> list[Row]:
    file = definition(folder, site, **changes)
    return [*extract_rows(file, str(page), window=window, monotonic=time.monotonic)]


def saved(folder: Path, body: str) -> Path:
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{body}", encoding="utf-8")
    return page


@pytest.mark.parametrize("site", SITES)
def test_every_row_is_read_as_the_definition_says(
    site: str, window: Window, tmp_path: Path
) -> None:
    assert read(tmp_path, window, HERE / f"{site}.html", site) == ROWS[site]


@pytest.mark.parametrize("site", ["backgroundcheckers.net", "peoplewhiz.com", "spokeo.com"])
def test_a_page_that_says_that_it_has_nobody(site: str, window: Window, tmp_path: Path) -> None:
    assert read(tmp_path, window, HERE / f"{site}.none.html", site) == []


def test_a_page_without_rows_and_without_a_word_is_not_understood(
    window: Window, tmp_path: Path
) -> None:
    page = saved(tmp_path, "<h1>Checking your browser</h1>")
    with pytest.raises(PageNotUnderstood, match=r"not understood.*does not mean"):
        read(tmp_path, window, page, "verecor.com")
    with pytest.raises(PageNotUnderstood):  # a definition that knows no words for “nobody”
        read(tmp_path, window, page, "verecor.com", noResultsSelector=None)


def test_odd_rows_all_at_once(window: Window, tmp_path: Path) -> None:
    """No name, places in two parts, an attribute, a bad selector, a row that is the element."""
    page = saved(
        tmp_path,
        """<div class=r data-age='46'><ul><li><b>Denver</b><i>Colorado</i></li>
        <li><b>Austin</b><i>TX</i></li><li><b>Paris</b><i>France</i></li>
        <li><b>Boulder</b></li></ul><u title='/p/1'>x</u></div>
        <div class=r>Jordan Sample</div>
        <script>fetch('/leak', {method: 'POST', body: 'x'}); new Image().src = 'https://evil.test/x'</script>
        """,
    )
    rows = read(
        tmp_path,
        window,
        page,
        "verecor.com",
        selector="//div[@class='r']",
        profile={
            "name": {"selector": "//div[@class='r'][not(@data-age)]/self::div"},
            "age": {"selector": ".r", "attribute": "data-age"},
            "phone": {"selector": "[[["},
            "relativesList": {"selector": "//["},
            "alternativeNamesList": None,
            "addressCityStateList": {
                "selector": "li",
                "findElements": True,
                "city": {"selector": "b"},
                "state": {"selector": "i"},
            },
            "profileUrl": {"selector": "u", "attribute": "title"},
        },
    )
    first, second = rows
    assert first.age == 46
    assert first.phones == first.relatives == first.alternative_names == ()
    assert first.addresses == (City(city="Boulder", state=None), DENVER, AUSTIN)
    assert first.profile_url == "https://verecor.com/p/1"
    assert second == Row(name="Jordan Sample")


def test_ten_thousand_rows_and_no_more(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "".join(f"<p>Person {number}</p>" for number in range(MOST_ROWS))
    asked: dict[str, Any] = {"selector": "p", "profile": {"name": {"selector": "p"}}}
    rows = read(tmp_path, window, saved(tmp_path, body), "verecor.com", **asked)
    assert len(rows) == MOST_ROWS
    assert rows[-1].name == f"Person {MOST_ROWS - 1}"
    monkeypatch.setattr(find_rows, "MOST_ROWS", 1)
    with pytest.raises(PageNotUnderstood, match="more rows"):
        read(tmp_path, window, saved(tmp_path, "<p>One</p><p>more</p>"), "verecor.com", **asked)


def test_a_pattern_that_would_hang_ends(window: Window, tmp_path: Path) -> None:
    page = saved(tmp_path, f"<p>{'a' * 30}!</p><p>{'a' * 30}!</p>")
    slow = {"name": {"selector": "p", "beforeText": "/^(b|b|b)+$/"}}
    file = definition(tmp_path, "verecor.com", selector="p", profile=slow)
    hours = itertools.count(step=3600)  # each look at this clock is an hour later
    with pytest.raises(BadPattern, match="too long"):
        extract_rows(file, str(page), window=window, monotonic=lambda: float(next(hours)))


def test_an_address_must_be_on_a_site_of_the_definition(window: Window, tmp_path: Path) -> None:
    file = definition(tmp_path, "verecor.com")
    page = (HERE / "verecor.com.html").read_bytes()
    url = "https://www.verecor.com/profile/search?fname=Jordan"
    opened: list[tuple[str, ...]] = []

    def fence(hosts: Collection[str]) -> Rehearsal:
        opened.append(tuple(hosts))
        return Rehearsal(
            hosts,
            lambda method, asked: (
                Answer(media_type="text/html", content=page)
                if (method, asked) == ("GET", url)
                else None
            ),
        )

    def extract(page: str) -> tuple[Row, ...]:
        return extract_rows(file, page, window=window, monotonic=time.monotonic, open_fence=fence)

    for elsewhere in (
        "https://verecor.com.evil.test/",
        "https://example.com/",
        "http://verecor.com/",
        "javascript://verecor.com/%0aalert(1)",
        "file:///etc/passwd",
        "https://user@verecor.com/",
    ):
        with pytest.raises(BadAddress):
            extract(elsewhere)
    assert opened == []
    (row,) = extract(url)  # the control
    assert row.profile_url == "https://www.verecor.com/view/77"
    assert opened == [("verecor.com",)]


def test_a_file_that_is_no_page_or_no_definition_is_told(window: Window, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be read"):
        read(tmp_path, window, tmp_path / "nowhere.html", "verecor.com")
    no_rows = tmp_path / "no.json"
    no_rows.write_text('{"name": "A", "url": "a.com", "steps": []}')
    with pytest.raises(WrongUsage, match="does not say"):
        extract_rows(no_rows, "x.html", window=window, monotonic=time.monotonic)


def test_the_command_prints_what_issue_and_matcher_expect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = definition(tmp_path, "verecor.com")
    given = ["broker", "extract", "--definition", str(file), "--page"]
    assert shell.main([*given, str(HERE / "verecor.com.html"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "name": "Jordan Sample",
            "alternative_names": ["Jo Sample", "Jordan Example"],
            "age": 46,
            "addresses": [
                {"city": "Boulder", "state": "CO"},
                {"city": "Denver", "state": "CO"},
            ],
            "phones": [],
            "relatives": ["Casey Example", "Riley Sample"],
            "profile_url": "https://verecor.com/view/77",
        }
    ]
    assert shell.main([*given, str(saved(tmp_path, "<h1>Just a moment</h1>"))]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "not understood" in said
    assert "This does not mean that you are not listed." in said


OWN = "sample-people-search"
OWN_ROW = "<div class=record><strong>Jordan Sample</strong>, 46<div>Lives in Denver, CO</div></div>"


@pytest.mark.parametrize("typed", ["short name", "folder", "file"])
def test_a_definition_of_ours_reads_a_page_too(typed: str, window: Window, tmp_path: Path) -> None:
    named = {
        "short name": Path(OWN),
        "folder": sample_folder() / OWN,
        "file": sample_folder() / OWN / "broker.toml",
    }[typed]
    page = saved(tmp_path, OWN_ROW)
    (row,) = extract_rows(named, str(page), window=window, monotonic=time.monotonic)
    assert row == Row(name="Jordan Sample", age=46, addresses=(DENVER,))


@pytest.mark.parametrize(
    ("body", "is_none"),
    [
        ("<p id=no-results>Nobody</p>", True),
        ("<p id=no-results hidden>Nobody</p>", False),  # people do not see it
        ("<p>We found  NOBODY of “this” name.</p>", True),
        ("<p hidden>We found nobody of “this” name.</p>", False),
        ("<p>Welcome</p>", False),  # control
    ],
)
def test_a_definition_of_ours_says_nobody_only_with_what_people_see(
    body: str,
    is_none: bool,  # noqa: FBT001 - one of a pair
    window: Window,
    tmp_path: Path,
) -> None:
    folder = tmp_path / OWN
    folder.mkdir()
    whole = (sample_folder() / OWN / "broker.toml").read_text(encoding="utf-8")
    words = """none = "#no-results", none_text = 'found nobody of "this" name'"""
    written = whole.replace('none = "#no-results"', words).replace("sample = true\n", "")
    (folder / "broker.toml").write_text(written, encoding="utf-8")
    page = saved(tmp_path, body)
    if is_none:
        assert extract_rows(folder, str(page), window=window, monotonic=time.monotonic) == ()
        return
    with pytest.raises(PageNotUnderstood):
        extract_rows(folder, str(page), window=window, monotonic=time.monotonic)


def test_a_company_that_is_not_searched_reads_no_rows(window: Window) -> None:
    with pytest.raises(WrongUsage, match="does not say"):
        extract_rows(Path("equifax"), "x.html", window=window, monotonic=time.monotonic)
    with pytest.raises(OptoutError):
        extract_rows(Path("no-such-company"), "x.html", window=window, monotonic=time.monotonic)

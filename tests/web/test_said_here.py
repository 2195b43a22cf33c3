"""What only a terminal can do is said as the page does it: no command and no option is shown."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from typer.main import get_group

import optout
from optout.catalog.brokers import list_brokers
from optout.cli.main import app as cli
from optout.i18n import in_language
from optout.locale.catalog import said_in
from optout.locale.entries import all_sentences
from optout.model.request import Presence
from optout.rules.days import read_day
from optout.sample.people import JORDAN
from optout.text import Text, as_written
from optout.web.linked import with_links
from optout.web.roads import ROADS
from optout.web.said_here import SAID_HERE
from optout.workflows.accept_plan import accept_plan
from optout.workflows.desk import Desk
from optout.workflows.make_plan import USUAL, plan_for
from tests.web.conftest import Page
from tests.web.test_walk import jordan

__all__ = ["jordan"]  # the fixture

PACKAGE = Path(optout.__file__).parent
COMMAND = re.compile(r"\boptout [a-z]|(?<![\w-])--[a-z]")
VALUES = {
    "r": "43WG-NC24",
    "reference": "43WG-NC24",
    "slug": "equifax",
    "c": "equifax",
    "company": "equifax",
    "version": "0.1.0",
    "right": "freeze",
    "by": "post",
}


@cache
def modules_behind_the_page() -> tuple[Path, ...]:
    """Return every file of ours that the page loads, the terminal's own ones left out."""
    todo = [f"optout.web.{each.stem}" for each in (PACKAGE / "web").glob("*.py")]
    seen: dict[str, Path] = {}
    while todo:
        name = todo.pop()
        path = file_of(name)
        if name in seen or not path.exists() or name.startswith("optout.cli"):
            continue
        seen[name] = path
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("optout"):
                todo += [f"{node.module}", *(f"{node.module}.{each.name}" for each in node.names)]
    return tuple(seen.values())


def file_of(module: str) -> Path:
    path = PACKAGE.parent / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def sentences() -> Iterator[Text]:
    """Yield every sentence that a screen can show: ours, and those of companies and laws."""
    for path in modules_behind_the_page():
        for message in said_in(path):
            for said in {message.one, message.many} - {""}:
                names = [name for _, name, _, _ in Formatter().parse(said) if name]
                yield Text(said, **{name: VALUES.get(name, "x") for name in names})
    yield from map(as_written, all_sentences())


def seen_by_a_person(page: str) -> str:
    """Return the words of a page, and what its fields hold; not where its links lead."""
    return html.unescape(re.sub(r"<(?:script|style)[^>]*>.*?</[^>]*>|<[^>]*>", " ", page))


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_sentence_that_a_screen_can_show_names_a_command(language: str) -> None:
    every = list(sentences())
    with in_language(language):
        said = [seen_by_a_person(with_links(each)) for each in every]
    assert [each for each in said if COMMAND.search(each)] == []
    assert sum(bool(COMMAND.search(str(each))) for each in every) > 100, "the control"


def test_every_command_is_known_to_the_page() -> None:
    names = get_group(cli).list_commands(None)  # type: ignore[arg-type]  # it reads no context
    assert "doctor" in names, "the control"
    for name in names:
        said = seen_by_a_person(with_links(Text("See it with: optout {name}", name=name)))
        assert not COMMAND.search(said), name


def test_what_a_company_wants_sworn_is_shown_whatever_stands_in_it() -> None:
    """A dash before a word looks like an option: nobody agrees to what was hidden for that."""
    words = "I swear --under penalty of perjury-- that I am this person."
    said = with_links(Text("Only you may agree to this: {words}", words=as_written(words)))
    assert said == f"Only you may agree to this: {words}"
    ours = with_links(Text("Say it with --json. {more}", more=as_written(words)))
    assert "--json" not in ours, "the control"


def test_a_word_of_a_sentence_is_no_command() -> None:
    said = "optout is free. It asks nobody --- and sends nothing."
    assert with_links(Text(said)) == said


def test_each_sentence_that_is_said_otherwise_is_still_said() -> None:
    every = {each.one for path in PACKAGE.rglob("*.py") for each in said_in(path)}
    assert SAID_HERE.keys() <= every


def opener(page: Page, language: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor())
    browser.addheaders = [("Accept-Language", language)]
    return browser


def read(browser: OpenerDirector, address: str) -> str:
    try:
        with browser.open(address) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        return error.read().decode()


def test_no_screen_names_a_command(jordan: Page) -> None:
    references = jordan.keeper.read(_put_all_on_the_list)
    first = references[0]
    paths = [
        *("/", "/status", "/due", "/pictures", "/map", "/papers", "/answer", "/mail", "/nothing"),
        *(f"/go/{name}" for name, road in ROADS.items() if not road.needs_reference),
        *(f"/go/{name}/{first}" for name, road in ROADS.items() if road.needs_reference),
        *(f"/request/{each}" for each in references),
        *("/company/sample-risk-data", "/company/no-such-company", f"/answer/{first}"),
        *("/proof/none", "/papers/none", "/request/none"),
    ]
    browser = opener(jordan, "en")
    read(browser, jordan.opening)
    for language in ("en", "es"):
        browser.addheaders = [("Accept-Language", language)]
        for path in paths:
            page = read(browser, jordan.root + path)
            assert f'lang="{language}"' in page, path
            assert not COMMAND.search(seen_by_a_person(page)), path


def _put_all_on_the_list(desk: Desk) -> list[str]:
    known = {each.slug: Presence.EVIDENCE for each in desk.list_brokers()}
    made = plan_for(desk, JORDAN, {}, USUAL, known=known)
    return [each.reference for each in accept_plan(desk, JORDAN, made.lines)]


def test_what_may_be_given_is_changed_on_the_page() -> None:
    told = Text("It needs {what}.", what="<an address>")
    said = with_links(
        Text(
            "{told} To decide each time instead: optout person edit --share {kind}=ask",
            told=told,
            kind="address",
        )
    )
    assert 'href="/go/person"' in said
    assert "&lt;an address&gt;" in said


def test_a_sentence_of_both_stays_as_it_is() -> None:
    assert with_links(Text("Nothing was sent.")) == "Nothing was sent."


def test_a_plan_for_one_company_is_a_link() -> None:
    said = with_links(Text("Name it: optout plan --only appriss-insights"))
    assert 'href="/go/plan-only/appriss-insights"' in said
    frozen = with_links(Text("Only then: optout plan --only equifax --right freeze."))
    assert 'href="/go/plan-only/equifax--freeze"' in frozen
    assert frozen.endswith(".")
    both = with_links(Text("First: optout plan --only equifax --right access --right delete"))
    assert 'href="/go/plan-only/equifax--access--delete"' in both
    assert 'href="/go/plan"' in with_links(Text("Again: optout plan"))


def test_what_is_known_of_a_company_is_a_screen() -> None:
    said = with_links(Text("All of it: optout plan --explain equifax, or optout broker show nctue"))
    assert 'href="/company/equifax"' in said
    assert 'href="/company/nctue"' in said


@pytest.mark.parametrize(("language", "day"), [("en", "November 22, 2026"), ("es", "22 de nov")])
def test_what_stands_in_brackets_on_that_screen_is_named_there(
    jordan: Page, language: str, day: str
) -> None:
    browser = opener(jordan, language)
    read(browser, jordan.opening)
    said = html.unescape(read(browser, f"{jordan.root}/company/sample-risk-data"))
    assert "<li>[own] " in said
    assert day in said


def test_what_was_not_sent_is_said_where_it_is_said_that_it_was() -> None:
    said = with_links(Text("If not: optout letter post 43WG-NC24 --not-sent, then look."))
    assert 'href="/go/sent/43WG-NC24"' in said
    assert said.endswith(", then look.")


def test_what_the_page_does_not_do_leads_to_help() -> None:
    for words in ("Take it: optout vault restore FILE", "Choose: --vault FOLDER"):
        assert 'href="/go/help"' in with_links(Text(words))


def test_a_file_in_the_way_is_moved_where_nobody_can_choose_another_folder() -> None:
    said = with_links(Text("Choose another folder or name, or move that file away."))
    assert said == "Move that file away, or give it another name. Then try again."


@pytest.mark.parametrize("start", ["0", "100", "999999"])
def test_an_address_beyond_the_last_request_shows_the_last_ones(jordan: Page, start: str) -> None:
    references = jordan.keeper.read(_put_all_on_the_list)
    browser = opener(jordan, "en")
    read(browser, jordan.opening)
    said = read(browser, f"{jordan.root}/status?from={start}")
    assert all(each in said for each in references)


def test_a_day_is_said_in_words() -> None:
    said = Text("Due on {day} (such as 2026-11-03): /x/2026-11-20, 2026-13-20", day="2026-11-20")
    words = "Due on November 20, 2026 (such as November 3, 2026): /x/2026-11-20, 2026-13-20"
    assert with_links(said) == words
    with in_language("es"):
        assert "20 de noviembre de 2026" in with_links(said)
    for typed in ("November 3, 2026", "3 de noviembre de 2026", "2026-11-03"):
        assert read_day(typed) == date(2026, 11, 3), "what is given as an example can be typed"


def test_a_name_that_describes_is_read_in_their_language_and_a_real_one_stays() -> None:
    found = {str(each.slug): each.called() for each in list_brokers()}
    with in_language("es"):
        assert with_links(Text("{c}", c=found["equifax"])) == "Equifax (agencia de crédito)"
        assert with_links(Text("{c}", c=found["spokeo"])) == found["spokeo"]
    assert with_links(Text("{c}", c=found["equifax"])) == "Equifax (credit bureau)"
    with in_language("es"):
        typed = Text("{c}", c="Equifax (credit bureau)")
        assert "credit bureau" in with_links(typed), "the control: what a person typed stays"

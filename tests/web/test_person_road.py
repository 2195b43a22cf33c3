"""What is kept of somebody is shown on the page and changed there; nobody is kept twice by it."""

from __future__ import annotations

from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from markupsafe import escape

from optout.model.fields import IdentifierKind
from optout.model.subject import Share
from optout.sample.people import JORDAN
from optout.vault.folder import read_folder
from optout.vault.slots import write_keyring_card
from optout.web.page_words import WORDS
from optout.web.roads import ROADS
from optout.web.talk import Talk
from tests.web.conftest import Page
from tests.web.test_walk import jordan

__all__ = ["jordan"]  # the fixture
_SECONDS = 120.0


def _begun(page: Page) -> Talk:
    road = ROADS["person"]
    return page.keeper.begin(road.title, lambda desk: road.walk(desk, ""))


def _give(talk: Talk, *answers: str) -> None:
    for given in answers:
        talk.wait(10**6, _SECONDS)
        asked = talk.waiting()
        assert asked is not None
        assert talk.answer(asked.number, given)


def test_who_may_get_the_address_is_changed_in_place(jordan: Page) -> None:
    talk = _begun(jordan)
    _give(talk, "share", "address", "ask")
    while not talk.ended:
        talk.wait(10**6, _SECONDS)
    people = jordan.keeper.read(lambda desk: desk.vault.subjects.list())
    assert [each.id for each in people] == [JORDAN.id]
    shares = {each.kind: each.share for each in people[0].identifiers}
    assert shares[IdentifierKind.ADDRESS] is Share.ASK
    assert shares[IdentifierKind.PHONE] is Share.KNOWN  # the others stay as they were
    told = "".join(str(text) for each in talk.entries for text in each.texts)
    assert "100 Example Street" in told


def test_an_empty_list_begins_with_the_guide(jordan: Page) -> None:
    with build_opener(HTTPCookieProcessor()).open(jordan.opening) as answer:
        home = answer.read().decode()
    assert 'class="button" href="/go/guide"' in home
    assert "Nothing to do now" not in home
    assert 'href="/answer"' not in home  # nobody can have answered


@pytest.mark.parametrize("kept", ["share", "anew", "another"])
def test_each_way_to_change_is_offered(jordan: Page, kept: str) -> None:
    talk = _begun(jordan)
    talk.wait(10**6, _SECONDS)
    asked = talk.waiting()
    assert asked is not None
    assert kept in {each.key for each in asked.options}
    jordan.keeper.stop_talk()


def test_the_key_store_is_named_only_where_it_keeps_the_key(jordan: Page) -> None:
    hint = str(escape(WORDS["keyring"]))
    jordan.keeper.lock()
    browser = build_opener(HTTPCookieProcessor())
    with browser.open(jordan.opening) as answer:
        assert hint not in answer.read().decode()
    place = read_folder(jordan.keeper.place.folder)
    write_keyring_card(place.slots, "somewhere")
    with browser.open(jordan.root) as answer:
        assert hint in answer.read().decode(), "the control"

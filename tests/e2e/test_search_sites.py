"""Searching the practice people-search sites: every row is read, and no odd page is an answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from optout.browser import launch
from optout.browser.fence import Fence
from optout.browser.find import Browser, BrowserMissing, find_browser
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog.brokers import find_broker
from optout.errors import NeedsPerson, OptoutError, Refused
from optout.model.broker import Broker
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import Extract, Leg, Press
from optout.model.listing import Verdict
from optout.model.payload import Payload, Recipient
from optout.model.ports import Acted, HandOver
from optout.model.request import MessageId
from optout.model.row import City, Row
from optout.model.search import Looked, SearchFor
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.disclosure import values_for
from optout.rules.flows import fields_of_leg
from optout.rules.known_person import known_of
from optout.rules.listing_row import shown_of
from optout.rules.matching import judge
from optout.rules.row_identity import row_key
from optout.rules.search_fields import fields_of_search
from optout.rules.searches import searches_for
from optout.sample.people import MARIA
from optout.sample.received import What
from optout.sample.scripted_person import ScriptedPerson
from optout.sample.servers import STRAY, World, sample_world
from optout.sample.switches import Switch
from optout.text import Text
from optout.workflows.search_site import (
    BotWall,
    NotLooked,
    PageNotUnderstood,
    SearchStopped,
    SessionExpired,
    search_site,
)

pytestmark = pytest.mark.browser

CARDS, TABLE, LIST = "sample-people-search", "sample-name-lookup", "sample-neighbor-list"
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PUEBLO = City(city="Pueblo", state="CO")


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with Window.hidden() as shared:
        yield shared


@pytest.fixture
def world() -> Iterator[World]:
    with sample_world(clock=lambda: DAY, slow_seconds=0.2) as running:
        yield running


class Nobody(ScriptedPerson):
    """Nobody sits there."""

    def act(self, _hand_over: HandOver) -> Acted:
        raise NeedsPerson(Text("Nobody is there."))


def broker_of(slug: str, *, seconds: int = 15, **extract: str) -> Broker:
    """Return a practice company, waiting less long for what is not going to come."""
    broker = find_broker(slug, samples=True)
    assert broker.search is not None
    steps = tuple(
        dataclasses.replace(step, within_seconds=seconds, **extract)  # type: ignore[arg-type] # texts
        if isinstance(step, Extract)
        else step
        for step in broker.search.steps
    )
    return dataclasses.replace(broker, search=dataclasses.replace(broker.search, steps=steps))


def first_search(subject: Subject, broker: Broker) -> SearchFor:
    return searches_for(subject, fields_of_search(broker), on=TODAY)[0]


def look(
    world: World,
    window: Window,
    slug: str,
    *,
    subject: Subject = MARIA,
    seconds: int = 15,
    person: ScriptedPerson | None = None,
    **extract: str,
) -> Looked:
    broker = broker_of(slug, seconds=seconds, **extract)
    return search_site(
        broker,
        first_search(subject, broker),
        fence=Fence(broker.hosts, resolver=world.resolve),
        window=window,
        person=person or ScriptedPerson(world, subject=subject, seconds=30),
    )


def verdicts(seen: Looked, subject: Subject = MARIA) -> list[Verdict]:
    known = known_of(subject)
    return [judge(known, shown_of(each.row), TODAY).verdict for each in seen.rows]


def test_cards_with_two_surnames_and_accents(world: World, window: Window) -> None:
    seen = look(world, window, CARDS)
    (own,) = seen.rows
    assert own.row == Row(
        name="María José Muñoz Sample",
        age=42,
        addresses=(PUEBLO,),
        relatives=("Alex Sample", "Sam Sample"),
    )
    assert own.key == row_key(own.row)
    assert (seen.said_none, seen.pages, seen.more, seen.understood_whole) == (False, 1, False, True)
    assert seen.picture.startswith(b"\xff\xd8")
    assert {field for _host, field in seen.given} == {Field.FULL_NAME, Field.CITY}
    assert {host for host, _field in seen.given} == {"sample-people-search.test"}
    assert world.received(CARDS) == ()
    (told,) = world.seen(CARDS)
    assert told.what is What.SEARCH
    assert told.values == {"full_name": "María José Muñoz Sample", "city": "Pueblo"}


def test_a_table_is_read_page_after_page_and_one_of_four_namesakes_is_hers(
    world: World, window: Window
) -> None:
    seen = look(world, window, TABLE)
    assert [each.row.name for each in seen.rows] == [
        "Maria Munoz Sample",
        "Maria J. Sample",
        "Maria Jose Munoz Sample",
        "Maria Jose Munoz Sample",
    ]
    assert (seen.pages, seen.more) == (2, False)
    assert verdicts(seen) == [Verdict.OTHER, Verdict.OTHER, Verdict.SAME, Verdict.OTHER]
    own = seen.rows[2].row
    assert own.profile_url == "http://sample-name-lookup.test/person/31405562"
    assert len({each.key for each in seen.rows}) == 4
    assert len(world.seen(TABLE)) == 1
    assert {field for _host, field in seen.given} == {
        Field.FIRST_NAME,
        Field.LAST_NAME,
        Field.STATE,
    }


def test_a_limit_of_pages_says_that_there_are_more(world: World, window: Window) -> None:
    broker = broker_of(TABLE)
    assert broker.search is not None
    (opened, extract) = broker.search.steps
    assert isinstance(extract, Extract)
    short = dataclasses.replace(
        broker,
        search=dataclasses.replace(
            broker.search, steps=(opened, dataclasses.replace(extract, pages=1))
        ),
    )
    seen = search_site(
        short,
        first_search(MARIA, short),
        fence=Fence(short.hosts, resolver=world.resolve),
        window=window,
        person=ScriptedPerson(world),
    )
    assert (len(seen.rows), seen.pages, seen.more) == (2, 1, True)
    assert not seen.understood_whole  # whoever is not on this page may be on the next


@pytest.mark.parametrize("knows", ["", "Next page that is called otherwise now"])
def test_a_definition_that_knows_no_next_page_does_not_say_that_it_read_them_all(
    world: World, window: Window, knows: str
) -> None:
    seen = look(world, window, TABLE, next=knows)
    assert (len(seen.rows), seen.pages, seen.more) == (2, 1, True)
    assert look(world, window, TABLE).understood_whole  # control: its own definition
    assert look(world, window, LIST).understood_whole  # control: a page without a next one


def test_rows_that_come_late_are_waited_for(world: World, window: Window) -> None:
    seen = look(world, window, LIST)
    assert verdicts(seen).count(Verdict.SAME) == 1
    own = seen.rows[verdicts(seen).index(Verdict.SAME)].row
    assert own.name == "María José Muñoz Sample"
    assert own.addresses == (PUEBLO,)
    assert own.profile_url is not None
    assert own.profile_url.startswith("http://sample-neighbor-list.test/entry/n")


@pytest.mark.parametrize("slug", [CARDS, TABLE, LIST])
def test_only_its_own_words_make_a_page_say_nobody(world: World, window: Window, slug: str) -> None:
    broker = broker_of(slug)
    stranger = SearchFor(
        values={
            field: Secret({Field.STATE: "CO", Field.CITY: "Denver"}.get(field, "Zoe"))
            for field in fields_of_search(broker)
        }
    )
    seen = search_site(
        broker,
        stranger,
        fence=Fence(broker.hosts, resolver=world.resolve),
        window=window,
        person=ScriptedPerson(world),
    )
    assert (seen.rows, seen.said_none, seen.understood_whole) == ((), True, True)


@pytest.mark.parametrize(
    ("slug", "switch", "error"),
    [
        (CARDS, Switch.EMPTY_PAGE, PageNotUnderstood),
        (LIST, Switch.EMPTY_PAGE, PageNotUnderstood),
        (CARDS, Switch.CHANGED_RESULTS, PageNotUnderstood),
        (TABLE, Switch.CHANGED_RESULTS, PageNotUnderstood),
        (CARDS, Switch.SESSION_EXPIRES, SessionExpired),
        (TABLE, Switch.MANY_ROWS, PageNotUnderstood),
        (LIST, Switch.ENDLESS_REDIRECT, SearchStopped),
        (TABLE, Switch.DOWN, SearchStopped),
        (CARDS, Switch.REDIRECT_302, SearchStopped),
    ],
)
def test_an_odd_page_is_never_not_listed_and_tells_what_the_site_was_told(
    world: World, window: Window, slug: str, switch: Switch, error: type[NotLooked]
) -> None:
    world.turn(slug, switch)
    with pytest.raises(error) as raised:
        look(world, window, slug, seconds=2)
    assert "does not mean that you are not listed" in str(raised.value)
    told_them = bool(world.seen(slug))
    assert bool(raised.value.given) >= told_them
    assert raised.value.step.startswith("search, step")
    assert world.received(slug) == world.seen(STRAY) == ()
    assert not any(word in str(raised.value) for word in ("María", "Pueblo", "Sample"))


def test_a_wall_is_handed_to_the_person_and_is_an_error_where_nobody_is(
    world: World, window: Window
) -> None:
    world.turn(CARDS, Switch.BOT_WALL)
    person = ScriptedPerson(world, subject=MARIA, seconds=30)
    assert len(look(world, window, CARDS, person=person, seconds=4).rows) == 1
    assert person.acted == ["wall"]
    with pytest.raises(BotWall) as raised:
        look(world, window, CARDS, person=Nobody(world), seconds=2)
    assert raised.value.exit_code == 3
    assert raised.value.picture.startswith(b"\xff\xd8")
    assert {field for _host, field in raised.value.given} == {Field.FULL_NAME, Field.CITY}


def test_what_was_told_before_a_window_was_needed_is_told_though_none_opens(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9876")  # a screen that is not there
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    world.turn(CARDS, Switch.BOT_WALL)
    with Window(may_show=True) as own:
        assert own.can_show()
        with pytest.raises(SearchStopped, match="did not start") as raised:
            look(world, own, CARDS, seconds=4)
    assert {field for _host, field in raised.value.given} == {Field.FULL_NAME, Field.CITY}
    assert "The site was told what you had approved" in str(raised.value)


def test_what_was_told_is_told_though_the_browser_is_gone_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9876")
    found = iter([find_browser()])

    def find_it_once() -> Browser:
        for browser in found:
            return browser
        raise BrowserMissing

    monkeypatch.setattr(launch, "find_browser", find_it_once)
    world.turn(CARDS, Switch.BOT_WALL)
    with (
        Window(may_show=True) as own,
        pytest.raises(SearchStopped, match="No browser was found") as raised,
    ):
        look(world, own, CARDS, seconds=4)
    assert {field for _host, field in raised.value.given} == {Field.FULL_NAME, Field.CITY}


def test_a_wall_that_also_says_nobody_says_nothing(world: World, window: Window) -> None:
    world.turn(CARDS, Switch.BOT_WALL)
    with pytest.raises(BotWall):
        look(world, window, CARDS, person=Nobody(world), seconds=3, none="body")
    world.turn(CARDS)
    seen = look(world, window, CARDS, none="body", rows=".nothing-is-called-so")
    assert seen.said_none  # control: an honest page


def test_a_row_without_a_name_is_nobody(world: World, window: Window) -> None:
    world.turn(CARDS, Switch.NAMELESS_ROW)
    nameless, own = look(world, window, CARDS).rows
    assert nameless.row.name is None
    known = known_of(MARIA)
    assert judge(known, shown_of(nameless.row), TODAY).verdict is not Verdict.SAME
    assert judge(known, shown_of(own.row), TODAY).verdict is Verdict.SAME


def test_nothing_is_opened_with_more_or_less_than_was_shown(world: World, window: Window) -> None:
    broker = broker_of(CARDS)
    for values in (
        {Field.FULL_NAME: Secret("María")},
        {Field.FULL_NAME: Secret("María"), Field.CITY: Secret("x"), Field.PHONE: Secret("1")},
    ):
        with pytest.raises(Refused, match="Nothing was opened"):
            search_site(
                broker,
                SearchFor(values=values),
                fence=Fence(broker.hosts, resolver=world.resolve),
                window=window,
                person=ScriptedPerson(world),
            )
    with pytest.raises(OptoutError, match="not the company's"):
        search_site(
            broker,
            first_search(MARIA, broker),
            fence=Fence((*broker.hosts, "elsewhere.test"), resolver=world.resolve),
            window=window,
            person=ScriptedPerson(world),
        )
    assert world.seen(CARDS) == ()


# ---- one listing is removed ----


def file(
    world: World,
    window: Window,
    slug: str,
    *,
    row: Row | None,
    leg: Leg | int = 0,
    code: str = "",
    person: ScriptedPerson | None = None,
    listing_url: str = "",
) -> LegOutcome:
    broker = find_broker(slug, samples=True)
    chosen = broker.flow["opt-out"].leg[leg] if isinstance(leg, int) else leg
    fields = (*fields_of_leg(chosen), Field.FULL_NAME)
    payload = Payload(
        message_id=MessageId("m-1"),
        subject_id=MARIA.id,
        recipient=Recipient(name=broker.name, hosts=broker.hosts),
        values=values_for(MARIA, fields, on=TODAY, listing_url=listing_url),
        row=Secret(row) if row else None,
    )
    with Fence(broker.hosts, resolver=world.resolve) as fence:
        return run_leg(
            chosen,
            payload,
            fence=fence,
            window=window,
            person=person or Nobody(world, subject=MARIA, seconds=5),
            before_submit=lambda: None,
            rehearse=False,
            assisted=False,
            code=Secret(code) if code else None,
        )


def own_row(world: World, window: Window, slug: str) -> Row:
    seen = look(world, window, slug)
    return seen.rows[verdicts(seen).index(Verdict.SAME)].row


def test_the_row_of_the_listing_is_pressed_on_its_page_confirmed_gone_and_back_again(
    world: World, window: Window
) -> None:
    row = own_row(world, window, TABLE)
    assert file(world, window, TABLE, row=row).end is LegEnd.CONFIRMED
    (taken,) = world.received(TABLE)
    assert taken.values["record"] == "31405562"  # the third, on the second page

    (mail,) = world.mailbox("mj.munoz@example.com")
    code = mail.get_body(("plain",)).get_content().partition("Your code is ")[2][:6]  # type: ignore[union-attr]
    assert file(world, window, TABLE, row=row, leg=1, code="000000").end is LegEnd.UNKNOWN
    assert len(look(world, window, TABLE).rows) == 4  # the control: a wrong code removes nobody
    assert file(world, window, TABLE, row=row, leg=1, code=code).end is LegEnd.CONFIRMED
    after = look(world, window, TABLE)
    assert verdicts(after) == [Verdict.OTHER] * 3
    assert after.understood_whole
    world.turn(TABLE, Switch.COMES_BACK)
    assert row_key(own_row(world, window, TABLE)) == row_key(row)


def test_without_in_row_the_first_row_would_be_pressed(world: World, window: Window) -> None:
    """The control of the test above: what a careless definition does to a stranger."""
    row = own_row(world, window, TABLE)
    leg = find_broker(TABLE, samples=True).flow["opt-out"].leg[0]
    careless = Leg(
        steps=tuple(
            dataclasses.replace(step, in_row=False, into="tr:first-child a.out")
            if isinstance(step, Press)
            else step
            for step in leg.steps
        )
    )
    assert file(world, window, TABLE, row=row, leg=careless).end is LegEnd.CONFIRMED
    assert world.received(TABLE)[0].values["record"] != "31405562"


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Somebody Else", "profile_url": None},
        {"profile_url": "http://sample-name-lookup.test/person/99999999"},
    ],
)
def test_where_no_row_is_the_listing_nothing_is_pressed(
    world: World, window: Window, changed: dict[str, object]
) -> None:
    row = dataclasses.replace(own_row(world, window, TABLE), **changed)  # type: ignore[arg-type]
    outcome = file(world, window, TABLE, row=row)
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why is not None
    assert "not among the rows" in outcome.why.english()
    assert world.received(TABLE) == ()


def test_where_two_rows_may_be_the_listing_nothing_is_pressed(world: World, window: Window) -> None:
    both = (PUEBLO, City(city="Austin", state="TX"))
    vague = Row(name="Maria Jose Munoz Sample", addresses=both)  # two have that name
    leg = find_broker(TABLE, samples=True).flow["opt-out"].leg[0]
    nameless_links = tuple(
        dataclasses.replace(
            step, read={key: step.read[key] for key in ("name", "place")}, next="", pages=1
        )
        if isinstance(step, Extract)
        else step
        for step in leg.steps
    )
    world.sites[TABLE].company.register.records = {  # type: ignore[attr-defined]
        number: record
        for number, record in world.sites[TABLE].company.register.records.items()  # type: ignore[attr-defined]
        if record.name == vague.name
    }
    outcome = file(world, window, TABLE, row=vague, leg=Leg(steps=nameless_links))
    assert outcome.end is LegEnd.NOT_SENT
    assert outcome.why is not None
    assert "Two rows" in outcome.why.english()
    assert world.received(TABLE) == ()


def test_cards_are_pressed_without_the_person_once_the_listing_is_known(
    world: World, window: Window
) -> None:
    row = own_row(world, window, CARDS)
    person = ScriptedPerson(world, subject=MARIA, seconds=30)
    outcome = file(world, window, CARDS, row=row, person=person)
    assert outcome.end is LegEnd.CONFIRMED, outcome.step
    assert person.acted == ["opt-out"]  # the robot check; the row was pressed for her
    assert world.received(CARDS)[0].values["record"] == "maria"


def test_without_a_listing_the_person_chooses_the_row(world: World, window: Window) -> None:
    person = ScriptedPerson(world, subject=MARIA, seconds=30)
    outcome = file(world, window, CARDS, row=None, person=person)
    assert outcome.end is LegEnd.CONFIRMED, outcome.step
    assert person.acted == ["results", "opt-out"]
    assert world.received(CARDS)[0].values["record"] == "maria"

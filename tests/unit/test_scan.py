"""A scan tells only what was shown, keeps what it saw, and takes no broken page for an answer.

The site is a list of rows here; the real browser walks the road in tests/e2e/test_scan_road.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from optout.browser.find import BrowserMissing
from optout.browser.not_looked import PageNotUnderstood, StoppedByPerson
from optout.browser.window import Window
from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.cli.scan import approving
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker
from optout.model.fields import Field, IdentifierKind
from optout.model.flow import Extract, Fill, Looks, Open, Press, Search
from optout.model.listing import ListingState, SearchEnd, SearchId, Verdict
from optout.model.payload import Newness, Recipient
from optout.model.ports import Option
from optout.model.request import Presence, Request, Status, StatusReason
from optout.model.row import City, Row
from optout.model.search import Found, Looked, SearchFor
from optout.model.secret import Secret
from optout.model.subject import (
    Acting,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Share,
    Subject,
)
from optout.rules.disclosure import Seen
from optout.rules.row_identity import row_key
from optout.rules.search_newness import why_not_told
from optout.rules.searches import searches_for
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault.locks import FileLock
from optout.vault.open import RuleBroken
from optout.vault.searches import RunningSearch
from optout.workflows.accept_plan import accept_plan
from optout.workflows.approve import prepare
from optout.workflows.desk import Desk, errand_for
from optout.workflows.due_looks import looks_of
from optout.workflows.listing_report import reported_sites, searches_told
from optout.workflows.listing_tasks import listing_tasks
from optout.workflows.make_plan import Wish, plan_for
from optout.workflows.plan_scan import ScanPlan, approve_scan, plan_scan, scan_texts
from optout.workflows.review import decide, decide_many, review_with_person, to_review
from optout.workflows.scan import Scanned, scan
from optout.workflows.show_plan import plan_texts
from optout.workflows.show_scan import scanned_texts
from optout.workflows.standing import to_do
from optout.workflows.whose_answer import names_here
from tests.conftest import World, desk_without_browser, reopened, sample_subject

SLUG = "sample-people-search"
YES = {"loan-or-card": True, "car": True, "lease-utility-phone": True, "payroll": True}
MINE = Row(
    name="Jordan Q. Sample",
    age=36,
    addresses=(City(city="Denver", state="CO"), City(city="Pueblo", state="CO")),
    phones=("(303) 555-0142",),
    profile_url="http://sample-people-search.test/person/100001",
)
MAYBE = Row(name="Jordan Sample", profile_url="http://sample-people-search.test/person/100002")
SECOND = replace(MINE, profile_url="http://sample-people-search.test/person/100009")
OTHER = Row(
    name="Jordan R. Sample",
    age=63,
    addresses=(City(city="Aurora", state="CO"),),
    profile_url="http://sample-people-search.test/person/100003",
)
NAMELESS = Row(name=None, age=36, profile_url="http://sample-people-search.test/person/100004")


@dataclass
class Site:
    """What the company shows to whoever searches, and whom it was asked for."""

    rows: Iterable[Row] = ()
    broken: bool = False
    more: bool = False
    asked: list[SearchFor] = field(default_factory=list)
    during: object = None  # raised while it is looked at

    def __call__(self, _desk: Desk, broker: Broker, search: SearchFor) -> Looked:
        self.asked.append(search)
        if isinstance(self.during, BaseException):
            raise self.during
        given = tuple((broker.hosts[0], each) for each in search.values)
        if self.broken:
            raise PageNotUnderstood(Text("The page changed."), given=given, picture=b"broken")
        rows = tuple(Found(row=row, key=row_key(row)) for row in self.rows)
        return Looked(
            broker=broker.slug,
            rows=rows,
            said_none=not rows,
            picture=b"a picture",
            pages=1,
            more=self.more,
            given=given,
        )


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    brokers = {each.slug: _searchable(each) for each in list_brokers(folders=(sample_folder(),))}
    return desk_without_browser(
        world,
        tmp_path,
        person=ScriptedPerson(),
        find_broker=lambda slug: brokers[slug],
        list_brokers=lambda: tuple(brokers.values()),
        laws=list_laws,
        window=lambda: Window(may_show=False, executable=Path("never started")),
    )


def _searchable(broker: Broker) -> Broker:
    if broker.slug != SLUG:
        return broker
    search = Search(
        steps=(
            Open(url="http://sample-people-search.test/"),
            Fill(field=Field.FULL_NAME, label="Name"),
            Fill(field=Field.CITY, label="City"),
            Press(press="Search"),
            Extract(rows=".record", none="#nobody"),
        ),
        discloses=(Field.FULL_NAME, Field.CITY),
    )
    return replace(broker, search=search)


def jordan(world: World) -> Subject:
    subject = world.person()
    return world.vault.subjects.get(subject.id)


def looked(desk: Desk, subject: Subject, site: Site) -> Scanned:
    ask_first = replace(desk, person=ScriptedPerson(answers={"yes or no": "yes"}))
    plan = plan_scan(ask_first, subject, [desk.find_broker(SLUG)])
    return scan(desk, plan, look=site)


def words_of(scanned: Scanned) -> str:
    return "\n".join(text.english() for text in scanned_texts(scanned))


def test_what_is_the_person_and_what_may_be_is_kept_and_strangers_are_not(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    scanned = looked(desk, subject, Site([OTHER, MINE, MAYBE, NAMELESS, MINE]))
    kept = {each.url.reveal(): each for each in world.vault.listings.list(subject.id)}
    assert kept.keys() == {MINE.profile_url, MAYBE.profile_url}
    mine = kept[str(MINE.profile_url)]
    assert (mine.verdict, mine.state) == (Verdict.SAME, ListingState.SEEN)
    assert {side for side, _says in mine.why} >= {"agrees"}
    assert kept[str(MAYBE.profile_url)].verdict is Verdict.UNSURE
    said = words_of(scanned)
    assert "this person. Jordan Q. Sample, 36, Denver, CO; Pueblo, CO" in said
    assert "records without a name: 1" in said
    assert "somebody else: 1. They are not kept" in said
    assert "optout scan --pictures" in said
    assert "%" not in said
    asks = [each.what.english() for each in to_do(desk)]
    assert [text.partition("optout ")[2] for text in asks] == ["review", f"plan --only {SLUG}"]
    (search,) = world.vault.searches.list(subject.id)
    assert (search.end, search.rows) == (SearchEnd.FOUND, 5)
    assert world.vault.evidence.read(search.evidence_id) == b"a picture"


def test_of_several_people_each_task_has_the_number_and_whoever_shows_it_the_name(
    world: World, desk: Desk
) -> None:
    world.person("Alex")
    subject = jordan(world)
    looked(desk, subject, Site([MAYBE]))
    (task,) = to_do(desk)
    said = task.what.english()
    assert "Jordan" not in said  # the page for somebody who helps bears no name
    assert said.endswith("optout review --person 2")
    assert names_here(desk)[task.subject_id] == "2. Jordan"


def test_the_tasks_of_more_people_ask_no_more_questions(world: World, desk: Desk) -> None:
    def asked_for(people: int) -> tuple[int, int]:
        for each in [jordan(world) for _each in range(people)]:
            looked(desk, each, Site([MINE, SECOND, MAYBE]))
            looked(desk, each, Site([MINE, MAYBE]))
        world.clock.forward(days=4)
        asked: list[str] = []
        world.vault.db.connection.set_trace_callback(asked.append)
        tasks = listing_tasks(desk)
        world.vault.db.connection.set_trace_callback(None)
        return len(asked), len(tasks)

    few, tasks = asked_for(2)
    assert tasks == 2 * 3  # to say whose it is, to ask, and to look
    many, tasks = asked_for(10)
    assert tasks == 12 * 3
    looks = 10  # of each, whether an office may look without the client
    assert many <= few + looks


@pytest.mark.parametrize("says", [Verdict.OTHER, None])
def test_an_answer_given_while_a_scan_runs_stays(
    world: World, desk: Desk, says: Verdict | None
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE, MAYBE]))
    (waiting,) = to_review(desk)
    world.clock.forward(days=4)

    def meanwhile(desk_: Desk, broker: Broker, search: SearchFor) -> Looked:
        if says:
            decide(desk, waiting.listing, says)
        return Site([MINE])(desk_, broker, search)

    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)], answers=YES)
    scan(desk, plan, look=meanwhile)
    (now,) = (e for e in world.vault.listings.list(subject.id) if e.url == waiting.listing.url)
    assert (now.verdict, now.state) == (says or Verdict.UNSURE, ListingState.ABSENT_ONCE)


def test_of_two_scans_at_once_the_one_that_saw_more_counts(world: World, desk: Desk) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    world.clock.forward(days=4)
    looked(desk, subject, Site([]))
    world.clock.forward(days=4)

    def meanwhile(desk_: Desk, broker: Broker, search: SearchFor) -> Looked:
        looked(desk, subject, Site([MINE]))
        return Site([])(desk_, broker, search)

    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)], answers=YES)
    assert scan(desk, plan, look=meanwhile).sites[0].missing == ()
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.state is ListingState.SEEN
    looked(desk, subject, Site([]))
    assert world.vault.listings.list(subject.id)[0].state is ListingState.ABSENT_ONCE  # control


class Meanwhile(ScriptedPerson):
    """Something happens in another window while the question stands open."""

    def __init__(self, happens: Callable[[], object], answers: Mapping[str, str]) -> None:
        super().__init__(answers=answers)
        self.happens = happens

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        self.happens()
        return super().choose(question, options, default=default)


def test_a_yes_does_not_undo_what_a_scan_saw_meanwhile(world: World, desk: Desk) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MAYBE]))
    world.clock.forward(days=4)
    person = Meanwhile(lambda: looked(desk, subject, Site([])), {"Is it this person": "yes"})
    review_with_person(replace(desk, person=person))
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.verdict is Verdict.SAME
    assert (listing.state, listing.looked_on) == (ListingState.ABSENT_ONCE, date(2026, 11, 27))


@pytest.mark.parametrize("answer", ["yes", "none"])
def test_of_two_answers_at_once_the_first_stays_and_the_other_is_told(
    world: World, desk: Desk, answer: str
) -> None:
    subject = jordan(world)
    again = replace(MAYBE, profile_url="http://sample-people-search.test/person/100010")
    looked(desk, subject, Site([MAYBE, again]))
    first, second = (each.listing for each in to_review(desk))
    elsewhere = [(first, Verdict.SAME), (second, Verdict.SAME)][: 1 if answer == "yes" else 2]

    def happens() -> None:
        while elsewhere:
            decide(desk, *elsewhere.pop())

    person = Meanwhile(happens, {"Is it this person": answer})
    decided = review_with_person(replace(desk, person=person))
    assert [each.id for each in decided] == ([second.id] if answer == "yes" else [])
    assert {e.verdict for e in world.vault.listings.list(subject.id)} == {Verdict.SAME}
    assert any("That answer stays" in each for each in person.heard)


def test_a_scan_without_a_browser_told_nobody_anything(world: World, desk: Desk) -> None:
    subject = jordan(world)
    scanned = looked(desk, subject, Site(during=BrowserMissing()))
    assert "No browser was found" in words_of(scanned)
    assert "Nothing was told to it" in words_of(scanned)
    (search,) = world.vault.searches.list(subject.id)
    assert search.end is SearchEnd.NOT_REACHED
    assert not world.vault.disclosures.for_subject(subject.id)
    assert not to_do(desk)
    looked(desk, subject, Site([]))
    assert world.vault.disclosures.for_subject(subject.id)  # control


def test_what_nobody_can_look_for_any_more_is_said_and_costs_no_name_each_day(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    for _look in range(2):
        world.clock.forward(days=4)
        last = looked(desk, subject, Site([]))
    assert not last.sites[0].not_sought  # control
    world.clock.forward(days=31)
    (look,) = looks_of(desk, subject)
    assert look.on < desk.today(subject)
    name = PersonName(given="Jordan", family="Sample")
    mended = tuple(
        replace(each, value=name) if each.kind is IdentifierKind.NAME else each
        for each in subject.identifiers
    )
    world.vault.subjects.replace(replace(subject, identifiers=mended))
    subject = world.vault.subjects.get(subject.id)
    scanned = looked(desk, subject, Site([]))
    assert "this look says nothing about Jordan Q. Sample" in words_of(scanned)
    (look,) = looks_of(desk, subject)
    assert (look.on - desk.today(subject)).days == 30


def test_a_site_of_which_one_page_was_read_is_told_once(world: World, desk: Desk) -> None:
    subject = jordan(world)
    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)], answers=YES)
    (site,) = plan.sites
    plan = replace(plan, sites=(replace(site, searches=site.searches * 2),))

    def told_of(*pages: Site) -> tuple[str, str]:
        turned = iter(pages)

        def look(desk_: Desk, broker: Broker, search: SearchFor) -> Looked:
            return next(turned)(desk_, broker, search)

        said = words_of(scan(desk, plan, look=look))
        seen, _heading, unread = said.partition("Not understood:")
        return seen, unread

    found, unread = told_of(Site([MINE, OTHER]), Site(broken=True))
    assert "this person. Jordan" in found
    assert "this person. Jordan" not in unread
    assert "The page changed" not in found
    assert "The page changed" in unread
    world.clock.forward(days=4)
    _found, unread = told_of(Site([OTHER]), Site(broken=True))
    assert "somebody else: 1" in unread  # control: where it is said nowhere else


def test_what_is_told_is_written_down_before_and_shown_before(world: World, desk: Desk) -> None:
    subject = jordan(world)
    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)])
    said = "\n".join(text.english() for text in scan_texts(plan))
    assert "sample-people-search.test" in said
    assert "“Jordan Q. Sample”" in said
    before: list[Field] = []

    def site(_desk: Desk, broker: Broker, _search: SearchFor) -> Looked:
        before.extend(each.field for each in world.vault.disclosures.for_subject(subject.id))
        return Site([MINE])(_desk, broker, _search)

    scan(desk, plan, look=site)
    assert set(before) == {Field.FULL_NAME, Field.CITY}
    assert "full name" in searches_told(desk, subject)[0]


def test_a_no_and_a_changed_plan_open_nothing(world: World, desk: Desk) -> None:
    plan = plan_scan(desk, jordan(world), [desk.find_broker(SLUG)])
    with pytest.raises(Refused, match="You said no"):
        approve_scan(replace(desk, person=ScriptedPerson(says_yes=False)), plan)
    with pytest.raises(Refused, match="has changed"):
        approve_scan(desk, plan, digest="0" * 64)
    approve_scan(desk, plan, digest=plan.digest)  # control
    approve_scan(desk, plan)


def test_somebody_else_is_searched_only_with_their_own_yes(world: World, desk: Desk) -> None:
    helped = replace(jordan(world), acting=Acting.HELPER)
    plan = plan_scan(desk, helped, [desk.find_broker(SLUG)])
    no = replace(desk, person=ScriptedPerson(answers={"themselves say yes": "no"}))
    for digest in ("", plan.digest):
        with pytest.raises(Refused, match="You said no"):
            approve_scan(no, plan, digest=digest)
        approve_scan(desk, plan, digest=digest)  # control


def test_a_town_that_is_for_companies_that_know_me_goes_to_no_stranger(
    world: World, desk: Desk
) -> None:
    nobody = ScriptedPerson(answers={"": "no"})
    plan = plan_scan(replace(desk, person=nobody), jordan(world), [desk.find_broker(SLUG)])
    assert not plan.sites
    assert "only to companies that have it already: city" in plan.left[0].why.english()
    # Control: somebody with a loan, a car and a lease is probably in such a file.
    assert plan_scan(desk, jordan(world), [desk.find_broker(SLUG)]).sites


def test_a_child_is_never_searched_and_a_substitute_hides_the_town(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    facts = [each for each in subject.identifiers if each.kind is not IdentifierKind.BIRTH_DATE]
    born = next(each for each in subject.identifiers if each.kind is IdentifierKind.BIRTH_DATE)
    child = replace(
        subject,
        identifiers=(*facts, replace(born, value=Secret(date(2012, 1, 1)))),
        minor_allowed_by_parent=True,
    )
    with pytest.raises(Refused, match="under 18"):
        plan_scan(desk, child, [desk.find_broker(SLUG)])
    hidden = replace(
        subject,
        identifiers=tuple(replace(each, share=Share.ASK) for each in subject.identifiers),
        reply_to=(ReplyTo(kind=ReplyKind.SUBSTITUTE, email=Secret("x@example.test")),),
    )
    plan = plan_scan(desk, hidden, [desk.find_broker(SLUG)])
    told = [each.values.said(which) for s in plan.sites for each in s.searches for which in Field]
    assert "Denver" not in told
    assert "100 Example Street" not in " ".join(told)


def test_a_second_scan_updates_the_same_listing(world: World, desk: Desk) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    world.clock.forward(days=3)
    older = replace(MINE, age=37, relatives=("Alex Sample",))
    looked(desk, subject, Site([OTHER, older]))
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.shown["age"].reveal() == "37"
    assert listing.shown["relatives"].reveal() == "Alex Sample"
    assert (listing.first_on, listing.seen_on) == (date(2026, 11, 23), date(2026, 11, 26))


def test_a_yes_about_the_son_is_never_one_about_the_father(world: World, desk: Desk) -> None:
    subject = jordan(world)
    son = replace(MINE, profile_url=None)
    father = replace(son, age=70, phones=())
    looked(desk, subject, Site([son, father]))
    (listing,) = world.vault.listings.list(subject.id)
    decide(desk, listing, Verdict.SAME)
    for rows in ([father, son], [father]):
        world.clock.forward(days=3)
        looked(desk, subject, Site(rows))
        (listing,) = world.vault.listings.list(subject.id)
        assert listing.shown["age"].reveal() == "36"
    assert listing.state is ListingState.ABSENT_ONCE


@pytest.mark.parametrize(
    "after",
    [
        replace(MINE, profile_url="http://sample-people-search.test/person/777777"),
        replace(MINE, addresses=(*MINE.addresses, City(city="Boulder", state="CO"))),
        replace(MINE, name=None),
    ],
)
@pytest.mark.parametrize("numbered", [True, False])
def test_a_record_that_is_shown_otherwise_never_counts_as_gone(
    world: World,
    desk: Desk,
    after: Row,
    numbered: bool,  # noqa: FBT001 - with and without an address of its own
) -> None:
    subject = jordan(world)
    if not numbered:
        after = replace(after, profile_url=None)
    before = MINE if numbered else replace(MINE, profile_url=None)
    looked(desk, subject, Site([before]))
    for _look in range(3):
        world.clock.forward(days=4)
        looked(desk, subject, Site([OTHER, after]))
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.state is ListingState.SEEN


def test_gone_takes_two_looks_with_a_control_and_a_broken_page_is_none(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))

    def state_after(site: Site, days: int) -> ListingState:
        world.clock.forward(days=days)
        looked(desk, subject, site)
        return world.vault.listings.list(subject.id)[0].state

    assert state_after(Site(broken=True), 4) is ListingState.SEEN
    assert state_after(Site([OTHER], more=True), 4) is ListingState.SEEN  # not every page was read
    assert state_after(Site([NAMELESS]), 4) is ListingState.SEEN  # rows without names prove nothing
    assert state_after(Site([OTHER]), 4) is ListingState.ABSENT_ONCE
    assert state_after(Site([]), 2) is ListingState.ABSENT_ONCE  # too near
    assert state_after(Site(broken=True), 2) is ListingState.ABSENT_ONCE
    assert state_after(Site([]), 1) is ListingState.ABSENT
    assert state_after(Site([MINE]), 40) is ListingState.REAPPEARED


def test_a_page_nobody_understood_is_told_so_and_keeps_its_picture(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    scanned = looked(desk, subject, Site(broken=True))
    said = words_of(scanned)
    assert "Not understood:" in said
    assert "Not found:" not in said
    assert "does not mean" in said
    assert scanned.exit_code == NeedsPerson.exit_code
    (search,) = world.vault.searches.list(subject.id)
    assert world.vault.evidence.read(search.evidence_id) == b"broken"
    assert "Not found:" in words_of(looked(desk, subject, Site([])))  # control


def test_a_scan_that_dies_is_known_and_one_stopped_by_hand_too(world: World, desk: Desk) -> None:
    subject = jordan(world)

    class Killed(BaseException):
        pass

    with pytest.raises(Killed):
        looked(desk, subject, Site(during=Killed()))
    assert world.vault.searches.list(subject.id)[0].end is SearchEnd.STOPPED
    assert any("cut off" in each.what.english() for each in to_do(desk))
    assert world.vault.disclosures.for_subject(subject.id)
    stopped = looked(desk, subject, Site(during=KeyboardInterrupt()))
    assert stopped.stopped
    looked(desk, subject, Site([]))
    assert not any("cut off" in each.what.english() for each in to_do(desk))


def test_whoever_says_stop_tells_nobody_else_anything(world: World, desk: Desk) -> None:
    subject = jordan(world)
    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)], answers=YES)
    plan = replace(plan, sites=plan.sites * 3)
    told = (("sample-people-search.test", Field.FULL_NAME),)
    stop = Site(during=StoppedByPerson(Text("You stopped it."), given=told))
    scanned = scan(desk, plan, look=stop)
    assert scanned.stopped
    assert len(stop.asked) == 1
    (search,) = world.vault.searches.list(subject.id)
    assert search.end is SearchEnd.STOPPED
    assert [each.field for each in world.vault.disclosures.for_subject(subject.id)] == [
        Field.FULL_NAME
    ]
    broken = Site(broken=True)  # control: an error at one site ends only its own search
    assert not scan(desk, plan, look=broken).stopped
    assert len(broken.asked) == 3


def test_a_page_that_was_locked_meanwhile_searches_no_further(world: World, desk: Desk) -> None:
    plan = plan_scan(desk, jordan(world), [desk.find_broker(SLUG)], answers=YES)

    def locked() -> None:
        raise NeedsPerson(Text("Locked."))

    site = Site([MINE])
    with pytest.raises(NeedsPerson):
        scan(replace(desk, still_wanted=locked), plan, look=site)
    assert not site.asked
    scan(desk, plan, look=site)
    assert site.asked  # control


@pytest.mark.parametrize("taken_back", [True, False])
def test_what_another_window_takes_back_meanwhile_is_told_to_no_further_site(
    world: World, desk: Desk, *, taken_back: bool
) -> None:
    subject = jordan(world)
    plan = plan_scan(desk, subject, [desk.find_broker(SLUG)], answers=YES)
    plan = replace(plan, sites=plan.sites * 2)
    nothing = tuple(replace(each, share=Share.NEVER) for each in subject.identifiers)
    site = Site([MINE])

    def other_window(desk_: Desk, broker: Broker, search: SearchFor) -> Looked:
        if taken_back:
            world.vault.subjects.replace(replace(subject, identifiers=nothing))
        return site(desk_, broker, search)

    if not taken_back:  # the control
        scan(desk, plan, look=other_window)
        assert len(site.asked) == 2
        return
    with pytest.raises(Refused, match="Nothing more was told"):
        scan(desk, plan, look=other_window)
    assert len(site.asked) == 1
    assert len(world.vault.listings.list(subject.id)) == 1, "what was seen is kept"


@pytest.mark.parametrize(
    "row",
    [
        Row(name="Alex Example", age=50, addresses=OTHER.addresses),  # of another search
        replace(NAMELESS, profile_url=None),  # it may be the person
    ],
)
def test_a_page_that_answers_something_else_is_no_control(
    world: World, desk: Desk, row: Row
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    for _look in range(3):
        world.clock.forward(days=4)
        looked(desk, subject, Site([row] if row.name else [row, OTHER]))
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.state is ListingState.SEEN
    for rows in ([OTHER], [OTHER, Row(name=None)]):  # controls: an advertisement has no name
        world.clock.forward(days=4)
        looked(desk, subject, Site(rows))
    (listing,) = world.vault.listings.list(subject.id)
    assert listing.state is ListingState.ABSENT


def test_the_number_of_a_scan_holds_every_value_and_an_age_names_no_search(
    world: World, desk: Desk
) -> None:
    plan = plan_scan(desk, jordan(world), [desk.find_broker(SLUG)], answers=YES)

    def with_age(age: str) -> ScanPlan:
        (site,) = plan.sites
        (first, *_rest) = site.searches
        values = SearchFor(values={**first.values.values, Field.AGE: Secret(age)})
        return replace(plan, sites=(replace(site, searches=(replace(first, values=values),)),))

    assert with_age("36").digest != with_age("37").digest
    labels = {with_age(age).sites[0].searches[0].label for age in ("36", "37")}
    assert len(labels) == 1


def test_the_line_to_copy_names_the_same_sites_and_the_same_person() -> None:
    assert approving("12ab", (), person="", due=False) == "optout scan --approve 12ab"
    named = approving("12ab", ["sample-people-search"], person="Jordan Sample", due=False)
    assert named == "optout scan sample-people-search --person 'Jordan Sample' --approve 12ab"
    assert approving("12ab", (), person="2", due=True).startswith("optout scan --due --person 2")


def test_a_former_state_goes_no_further_than_its_town(world: World, desk: Desk) -> None:
    subject = jordan(world)
    address = next(e for e in subject.identifiers if e.kind is IdentifierKind.ADDRESS)
    assert isinstance(address.value, PostalAddress)
    austin = replace(address.value, city="Austin", state="TX", zip="78701")
    former = replace(address, value=austin, valid_to=date(2021, 4, 1))
    broker = desk.find_broker(SLUG)
    seen = Seen(broker=broker, presence=Presence.UNLIKELY, earlier={}, on=date(2026, 11, 23))
    for share, is_told in ((Share.KNOWN, False), (Share.ASK, True)):
        shared = replace(former, share=share)
        person = replace(subject, identifiers=(shared,))
        for told in (Field.CITY, Field.STATE, Field.STATE_NAME):
            (one,) = searches_for(person, (told,), on=seen.on)
            assert (why_not_told(person, one.values, seen) is None) is is_told


def under_way(world: World, desk: Desk) -> RunningSearch:
    """Return a search that was begun and has not ended."""
    ended = looked(desk, jordan(world), Site([])).sites[0].searches[0].search
    new = replace(ended, id=SearchId("b" * len(ended.id)), end=SearchEnd.LOOKING, ended_at=None)
    to = desk.find_broker(SLUG)
    return world.vault.searches.begin(
        new,
        recipient=Recipient(name=to.name, hosts=to.hosts),
        newness={Field.FULL_NAME: Newness.NEW},
    )


def test_a_search_whose_process_is_gone_has_stopped_and_a_living_one_has_not(
    world: World, desk: Desk
) -> None:
    running = under_way(world, desk)
    other = reopened(world.vault.folder, world.key, world.clock)
    assert other.searches.recover() == ()
    running._lock.release()  # noqa: SLF001 - as the system does when the process dies
    assert [each.end for each in other.searches.recover()] == [SearchEnd.STOPPED]
    other.close()


def test_a_search_that_ends_while_a_folder_opens_is_no_error(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = under_way(world, desk)
    other = reopened(world.vault.folder, world.key, world.clock)
    take = FileLock.take

    def ends_before(lock: FileLock) -> bool:
        if running.is_open:
            with running:
                running.end(SearchEnd.NOTHING)
        return take(lock)

    monkeypatch.setattr(FileLock, "take", ends_before)
    assert other.searches.recover() == ()
    assert other.searches.get_many([running.search.id])[running.search.id].end is SearchEnd.NOTHING
    other.close()


def test_one_request_for_each_own_listing_and_none_for_a_strangers(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE, SECOND, MAYBE, OTHER]))
    made = plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,)))
    urls = [line.listing.url.reveal() for line in made.lines if line.listing]
    assert urls == [MINE.profile_url, SECOND.profile_url]
    messages = accept_plan(desk, subject, made.lines)
    assert len(messages) == 2
    assert not plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,))).lines
    prepared = prepare(desk, errand_for(desk, messages[0]))
    assert prepared.payload.row
    assert prepared.payload.row.reveal().profile_url == MINE.profile_url
    # A no, said later, stops it; nothing is filed for the wrong person.
    (mine, _second, maybe) = world.vault.listings.list(subject.id)
    decide(desk, mine, Verdict.OTHER)
    with pytest.raises(Refused, match="not said that this record"):
        prepare(desk, errand_for(desk, messages[0]))
    with pytest.raises(RuleBroken, match="nobody said"):
        world.request(subject, broker=maybe.broker, listing_id=maybe.id)


def test_a_no_is_remembered_and_a_yes_leads_to_a_request(world: World, desk: Desk) -> None:
    subject = jordan(world)
    again = replace(MAYBE, profile_url="http://sample-people-search.test/person/100010")
    looked(desk, subject, Site([MAYBE, again]))
    no_then_later = ScriptedPerson(answers={"Is it this person": "no"})
    review_with_person(replace(desk, person=no_then_later))
    assert to_review(desk) == ()
    looked(desk, subject, Site([MAYBE, again]))
    assert to_review(desk) == ()
    assert not plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,))).lines[1:]
    first, _other = world.vault.listings.list(subject.id)
    decide_many(desk, [first.id[:8]], ())
    looked(desk, subject, Site([MAYBE, again]))
    lines = plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,))).lines
    assert [line.listing.id for line in lines if line.listing] == [first.id]


def test_answers_go_to_the_one_record_that_was_named_or_to_none(world: World, desk: Desk) -> None:
    subject = jordan(world)
    again = replace(MAYBE, profile_url="http://sample-people-search.test/person/100010")
    looked(desk, subject, Site([MAYBE, again]))
    first, second = (each.id[:8] for each in world.vault.listings.list(subject.id))
    stranger = sample_subject("Alex")
    world.vault.subjects.add(stranger)
    for yes, no, whose in (
        ([first], [first], None),  # both
        ([first[:1]], [], None),  # a slip of the hand
        ([""], [], None),
        ([first], ["0" * 8], None),  # all or none
        ([first], [second], stranger),  # of another person
    ):
        with pytest.raises(WrongUsage):
            decide_many(desk, yes, no, whose)
        assert len(to_review(desk)) == 2
    decide_many(desk, [first], [second], subject)  # control
    assert to_review(desk) == ()


def test_none_of_them_ends_the_questions_about_one_company(world: World, desk: Desk) -> None:
    subject = jordan(world)
    many = [
        replace(MAYBE, profile_url=f"http://sample-people-search.test/person/2000{n:02}")
        for n in range(5)
    ]
    looked(desk, subject, Site(many))
    person = ScriptedPerson(answers={"Is it this person": "none"})
    assert len(review_with_person(replace(desk, person=person))) == 5
    assert sum("Is it this person" in each for each in person.heard) == 1


def test_ten_thousand_rows_of_one_name_do_not_become_ten_thousand_tasks(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    crowd = [
        replace(MAYBE, profile_url=f"http://sample-people-search.test/person/{300000 + n}")
        for n in range(10_000)
    ]
    scanned = looked(desk, subject, Site([*crowd, MINE]))
    assert len(to_review(desk)) == 20
    assert [each.url.reveal() for each in scanned.sites[0].of(Verdict.SAME)] == [MINE.profile_url]
    assert "9980 more have this name" in words_of(scanned)


@pytest.mark.parametrize("relative", ["Alex Sample", "Kim Sample"])
def test_of_two_alike_without_numbers_the_last_row_is_perhaps_the_person(
    world: World, desk: Desk, relative: str
) -> None:
    subject = jordan(world)
    mine = replace(MINE, profile_url=None, relatives=("Alex Sample",))
    cousin = replace(mine, relatives=(relative,))
    assert "this person. Jordan" in words_of(looked(desk, subject, Site([mine, cousin])))
    for _look in range(2):
        world.clock.forward(days=4)
        said = words_of(looked(desk, subject, Site([cousin])))
        assert "perhaps this person. Jordan" in said
        assert "same name, age and town" in said
        assert "gone" not in said
        (told,) = reported_sites(desk, subject)
        assert any("perhaps shown" in value for _name, value in told.records[0][1])
    for gone in (False, True):
        world.clock.forward(days=4)
        assert ("gone, by two looks" in words_of(looked(desk, subject, Site([OTHER])))) is gone
    world.clock.forward(days=4)
    back = words_of(looked(desk, subject, Site([cousin])))
    assert "perhaps this person" in back  # nobody can say that it came back
    plan = plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,)))
    tasks = [each.what.english() for each in to_do(desk)]
    (told,) = reported_sites(desk, subject)
    for said in (back, *(text.english() for text in plan_texts(plan)), *tasks):
        assert "is back" not in said
        assert "shows this person (" not in said
    assert any("perhaps somebody else's" in text.english() for text in plan_texts(plan))
    assert any("perhaps shows this person again" in each for each in tasks)
    assert [name for name, _value in told.records[0][1] if "came back" in name] == [
        "It perhaps came back"
    ]


def test_a_record_with_its_own_number_is_the_person_again(world: World, desk: Desk) -> None:
    """The control of the one above."""
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    world.clock.forward(days=4)
    said = words_of(looked(desk, subject, Site([MINE])))
    assert "this person. Jordan" in said
    assert "perhaps" not in said
    (told,) = reported_sites(desk, subject)
    assert ("Now", "shown at the last look") in told.records[0][1]


def test_a_page_that_nobody_understood_is_not_opened_again_every_day(
    world: World, desk: Desk
) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    _asked(world, desk, subject)
    world.clock.forward(days=4)
    look = looks_of(desk, subject)[0]
    assert look.on < desk.today(subject)  # it is due
    looked(desk, subject, Site(broken=True))
    again = looks_of(desk, subject)[0].on
    assert (again - desk.today(subject)).days == 2
    looked(desk, subject, Site([MINE]))  # control: a page that was read
    assert (looks_of(desk, subject)[0].on - desk.today(subject)).days == 7


def test_a_definition_with_its_own_days_is_looked_at_by_them(world: World, desk: Desk) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    _asked(world, desk, subject)
    usual = looks_of(desk, subject)[0].on
    slow = desk.find_broker(SLUG)
    assert slow.search is not None
    slow = replace(slow, search=replace(slow.search, looks=Looks(after_request=20)))
    desk = replace(desk, find_broker=lambda _slug: slow)
    assert (looks_of(desk, subject)[0].on - usual).days == 17


def _asked(world: World, desk: Desk, subject: Subject) -> Request:
    """Ask for the removal of what was found, and send it."""
    made = plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,)))
    accept_plan(desk, subject, made.lines)
    (request,) = world.vault.requests.list()
    (message,) = world.vault.messages.list()
    world.vault.messages.set_ready(message.id)
    with world.begin(world.vault.messages.get(message.id)) as attempt:
        attempt.sending()
        attempt.sent(deadlines={request.id: ()})
    return request


def test_the_whole_life_of_one_record(world: World, desk: Desk) -> None:
    subject = jordan(world)
    looked(desk, subject, Site([MINE]))
    request = _asked(world, desk, subject)
    assert looks_of(desk, subject)[0].on == date(2026, 11, 26)
    assert not any("still shows" in each.what.english() for each in to_do(desk))
    world.clock.forward(days=3)
    assert any("still shows" in each.what.english() for each in to_do(desk))
    looked(desk, subject, Site([OTHER]))
    assert world.vault.requests.get(request.id).status is Status.OPEN
    world.clock.forward(days=3)
    looked(desk, subject, Site([OTHER]))
    done = world.vault.requests.get(request.id)
    assert (done.status, done.reason) == (Status.FULFILLED, StatusReason.SEEN_GONE)
    assert not [e for e in plan_for(desk, subject, YES, Wish()).lines if e.broker == SLUG]
    world.clock.forward(days=30)
    looked(desk, subject, Site([MINE]))
    again = plan_for(desk, subject, YES, Wish(only=(desk.find_broker(SLUG).slug,)))
    assert [line.listing.state for line in again.lines if line.listing] == [ListingState.REAPPEARED]
    assert any("and is back" in each.english() for each in plan_texts(again))  # it has a number
    assert any("shows this person (1)" in each.what.english() for each in to_do(desk))
    accept_plan(desk, subject, again.lines)
    (site,) = reported_sites(desk, subject, pictures=True)
    assert "It came back" in dict(site.records[0][1])
    assert site.curve_words[-1] == "Day 36 after the request: 1 of 1 still shown."
    assert "Going backwards is normal" in site.note
    assert [each.caption for each in site.pictures] == [
        "Before, November 23, 2026",
        "After, December 29, 2026",
    ]
    assert site.curve.startswith("<svg")

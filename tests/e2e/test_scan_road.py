"""Proves the road of a record in a real browser: found among four, removed, gone, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from optout.browser.fence import Fence
from optout.browser.window import Window
from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.listing import Listing, ListingState, SearchEnd, Verdict
from optout.model.request import Delivery, Status, StatusReason
from optout.model.secret import Secret
from optout.sample.finders import LOOKUP_SLUG, NEIGHBOR_SLUG, NameLookup
from optout.sample.people import MARIA
from optout.sample.received import What
from optout.sample.scripted_person import PASSPHRASE, ScriptedPerson
from optout.sample.servers import World, sample_world
from optout.sample.switches import Switch
from optout.vault.create import create_vault
from optout.workflows.accept_plan import accept_plan
from optout.workflows.confirm import (
    Awaited,
    awaited,
    confirm_by_code,
    confirm_by_mail,
    confirm_by_reply,
)
from optout.workflows.desk import Desk
from optout.workflows.due_looks import looks_of
from optout.workflows.file_message import file_message
from optout.workflows.make_plan import Wish, plan_for
from optout.workflows.make_report import report_html
from optout.workflows.plan_scan import plan_scan
from optout.workflows.scan import Scanned, scan
from optout.workflows.show_scan import scanned_texts
from optout.workflows.standing import to_do

pytestmark = pytest.mark.browser

ANSWERS = {"loan-or-card": True, "car": True, "lease-utility-phone": True, "payroll": True}
LOOKUP = Slug(LOOKUP_SLUG)


@dataclass
class Road:
    """María's folder, the practice world, and what is said on the way."""

    world: World
    desk: Desk
    said: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def later(self, days: int) -> None:
        self.world.put_forward(days=days)

    def look(self) -> Scanned:
        subject = self.desk.vault.subjects.get(MARIA.id)
        scanned = scan(self.desk, plan_scan(self.desk, subject, [self.desk.find_broker(LOOKUP)]))
        self.said = [text.english() for text in scanned_texts(scanned)]
        return scanned

    def listing(self) -> Listing:
        (listing,) = (e for e in self.desk.vault.listings.list(MARIA.id) if e.broker == LOOKUP)
        return listing

    def code(self) -> str:
        address = "mj.munoz@example.com"
        assert self.world.wait_for_mail(address, seconds=120)
        found = re.search(r"\b\d{4,8}\b", self.world.mailbox(address)[-1].get_content())
        assert found
        return found.group()


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    folder = tmp_path_factory.mktemp("scan")
    brokers = {each.slug: each for each in list_brokers(folders=(sample_folder(),))}
    answers: dict[str, str] = {}
    with sample_world() as world:
        made = create_vault(
            folder / "locked",
            clock=world.watch.now,
            actor="María",
            passphrase=Secret(PASSPHRASE),
            use_keyring=False,
        )
        with made.vault as vault, Window.hidden() as window:
            vault.subjects.add(MARIA)
            desk = Desk(
                vault=vault,
                person=ScriptedPerson(world=world, subject=MARIA, answers=answers),
                clock=world.watch.now,
                find_broker=lambda slug: brokers[Slug(slug)],
                list_brokers=lambda: tuple(brokers.values()),
                laws=list_laws,
                fence_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
                rehearsal_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
                window=lambda: window,
                out_folder=folder / "papers",
            )
            yield Road(world, desk, answers=answers)


def test_the_record_is_found_among_four_of_the_name(road: Road) -> None:
    scanned = road.look()
    listing = road.listing()
    assert (listing.verdict, listing.state) == (Verdict.SAME, ListingState.SEEN)
    assert listing.shown["name"].reveal() == "Maria Jose Munoz Sample"
    assert max(each.search.rows for each in scanned.sites[0].searches) == 4  # the control
    assert any("somebody else" in line for line in road.said)
    told = {row.field for row in road.desk.vault.disclosures.for_subject(MARIA.id)}
    assert told == {Field.FIRST_NAME, Field.LAST_NAME, Field.STATE}
    searched = [each for each in road.world.seen(LOOKUP) if each.what is What.SEARCH]
    assert len(searched) == len(road.desk.vault.searches.list(MARIA.id))


def test_it_alone_is_removed_and_a_wrong_code_confirms_nothing(road: Road) -> None:
    desk = road.desk
    made = plan_for(desk, desk.vault.subjects.get(MARIA.id), ANSWERS, Wish(only=(LOOKUP,)))
    (message,) = accept_plan(desk, MARIA, made.lines)
    filed = file_message(desk, message.reference)
    assert filed.message.delivery is Delivery.SENT, (filed.why, filed.step)
    assert filed.mail_comes
    road.answers["code they sent"] = "000000"
    wrong = confirm_by_code(desk, message.reference)
    assert wrong.message.delivery is Delivery.FAILED
    assert "type it again" in str(wrong.next_step())
    road.answers["code they sent"] = road.code()
    confirmed = confirm_by_code(desk, message.reference)
    assert confirmed.message.delivery is Delivery.SENT, (confirmed.why, confirmed.step)
    company = road.world.sites[LOOKUP].company
    assert isinstance(company, NameLookup)
    removed = {*company.register.records.values()} - {*company.register.shown()}
    assert [(each.name, each.born.year) for each in removed] == [("Maria Jose Munoz Sample", 1984)]


def test_a_mail_that_leads_elsewhere_and_one_too_late_confirm_nothing(road: Road) -> None:
    desk = road.desk
    (message, _confirmed) = desk.vault.messages.list()
    with pytest.raises(Refused, match="sends a code"):
        confirm_by_mail(desk, message.reference, "http://sample-name-lookup.test.elsewhere.test/c")
    road.later(1)
    with pytest.raises(Refused, match="too old"):
        confirm_by_code(desk, message.reference)


def test_a_company_that_wants_an_answer_is_answered_at_its_own_address(road: Road) -> None:
    desk, slug = road.desk, Slug(NEIGHBOR_SLUG)
    scan(desk, plan_scan(desk, MARIA, [desk.find_broker(slug)]))
    made = plan_for(desk, desk.vault.subjects.get(MARIA.id), ANSWERS, Wish(only=(slug,)))
    (message,) = accept_plan(desk, MARIA, made.lines)
    filed = file_message(desk, message.reference)
    assert filed.message.delivery is Delivery.SENT, (filed.why, filed.step)
    assert awaited(desk, message.reference) is Awaited.REPLY
    mail = road.world.mailbox("mj.munoz@example.com")[-1]
    with pytest.raises(Refused, match="would not go to"):
        confirm_by_reply(desk, message.reference, f"{mail}".replace("list.test>", "list.tests>"))
    assert any(message.reference in each.what.english() for each in to_do(desk))
    confirm_by_reply(desk, message.reference, f"{mail}")
    assert not any(message.reference in each.what.english() for each in to_do(desk))
    (request,) = desk.vault.requests.list(broker=slug)
    assert (request.status, request.reason) == (Status.IN_PROGRESS, None)


def test_gone_takes_two_looks_three_days_apart(road: Road) -> None:
    (request,) = road.desk.vault.requests.list(broker=LOOKUP)
    look = next(each for each in looks_of(road.desk, MARIA) if each.broker == LOOKUP)
    assert (look.on - road.desk.today(MARIA)).days == 2  # a day has passed
    road.later(2)
    assert any("scan --due" in each.what.english() for each in to_do(road.desk))
    road.look()
    assert road.listing().state is ListingState.ABSENT_ONCE
    assert road.desk.vault.requests.get(request.id).status is Status.OPEN
    road.later(1)
    road.world.turn(LOOKUP, Switch.EMPTY_PAGE)
    assert road.look().sites[0].ends == {SearchEnd.NOT_UNDERSTOOD}
    road.world.turn(LOOKUP)
    road.later(2)
    road.look()
    assert road.listing().state is ListingState.ABSENT
    done = road.desk.vault.requests.get(request.id)
    assert (done.status, done.reason) == (Status.FULFILLED, StatusReason.SEEN_GONE)


def test_found_again_it_is_told_and_a_new_request_is_proposed(road: Road) -> None:
    road.later(30)
    road.world.turn(LOOKUP, Switch.COMES_BACK)
    road.look()
    assert road.listing().state is ListingState.REAPPEARED
    assert any("Going backwards is normal" in line for line in road.said)
    wish = Wish(only=(LOOKUP,))
    made = plan_for(road.desk, road.desk.vault.subjects.get(MARIA.id), ANSWERS, wish)
    assert [line.listing for line in made.lines] == [road.listing()]


def test_the_report_shows_before_and_after(road: Road) -> None:
    page = report_html(road.desk, MARIA, pictures=True)
    assert page.count("data:image/jpeg;base64,") == 3  # before and after; of the other only before
    assert "<svg" in page
    assert "It came back" in page
    assert "Going backwards is normal" in page


def test_what_is_called_a_strangers_is_not_filed(road: Road) -> None:
    desk = road.desk
    made = plan_for(desk, desk.vault.subjects.get(MARIA.id), ANSWERS, Wish(only=(LOOKUP,)))
    (message,) = accept_plan(desk, MARIA, made.lines)
    no = replace(road.listing(), verdict=Verdict.OTHER, decided_by="María")
    desk.vault.listings.replace(no)
    before = len(road.world.received(LOOKUP))
    with pytest.raises(Refused):
        file_message(desk, message.reference)
    assert len(road.world.received(LOOKUP)) == before
    road.look()
    assert road.listing().verdict is Verdict.OTHER

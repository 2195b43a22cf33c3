"""In an office a search has the gates of a request: what a client signed, and nobody's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest

from optout.browser.find import BrowserMissing
from optout.browser.window import Window
from optout.catalog.brokers import list_brokers, sample_folder
from optout.drafting.papers import Shelf
from optout.errors import NeedsPerson, OptoutError, Refused
from optout.model.broker import Broker, Slug
from optout.model.clinic import Allowed, Authorization, AuthorizationKind, CheckResult
from optout.model.fields import Field
from optout.model.flow import Fill
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.paper import Paper
from optout.model.secret import Secret
from optout.model.subject import Acting, Share, Subject
from optout.model.words import Right
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id, new_reference
from optout.vault.keys import NAMED
from optout.vault.vault import Vault
from optout.workflows import plan_scan as plan_scan_module
from optout.workflows.clinic import start_clinic
from optout.workflows.clinic_papers import paper_for
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk
from optout.workflows.docket import docket
from optout.workflows.plan_scan import ScanPlan, approve_scan, plan_scan
from optout.workflows.signed_scope import scope_of
from optout.workflows.standing import to_do
from tests.conftest import World, desk_without_browser, sample_subject

SLUG = "sample-people-search"
ROBIN = "Robin Example"
ALL_YES = {"loan-or-card": True, "car": True, "lease-utility-phone": True, "payroll": True}
Signed = Callable[..., Authorization]


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", [ROBIN], four_eyes=False)
    brokers = {each.slug: each for each in list_brokers(folders=(sample_folder(),))}
    return desk_without_browser(
        world,
        tmp_path,
        person=ScriptedPerson(),
        find_broker=lambda slug: brokers[slug],
        list_brokers=lambda: tuple(brokers.values()),
        window=lambda: Window(may_show=False, executable=Path("never started")),
    )


def client(world: World, desk: Desk, *, acting: Acting = Acting.HELPER) -> Subject:
    """Keep a client of the office, whose names nobody else has."""
    subject = sample_subject(acting=acting)
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    record_check(desk, search(desk.vault, subject), CheckResult.CLEAR, by=ROBIN, note="alone")
    return subject


def sign(world: World, subject: Subject, **changes: object) -> Authorization:
    """Keep a paper that allows to tell this one site everything that a search tells."""
    paper = Authorization(
        id=new_id(),
        subject_id=subject.id,
        kind=AuthorizationKind.OWN_NAME,
        reference=new_reference(),
        scope=(Allowed(broker=SLUG, right=Right.OPT_OUT, fields=tuple(Field)),),
        written_on=date(2026, 11, 1),
        expires_on=date(2027, 5, 31),
        signed_on=date(2026, 11, 2),
    )
    paper = replace(paper, **changes)  # type: ignore[arg-type] # a test names real fields
    world.vault.authorizations.add(paper)
    return paper


def planned(desk: Desk, subject: Subject) -> ScanPlan:
    return plan_scan(desk, subject, [desk.find_broker(SLUG)], answers={})


def test_a_client_without_any_paper_is_asked_each_time(world: World, desk: Desk) -> None:
    plan = planned(desk, client(world, desk))
    assert plan.sites
    no = replace(desk, person=ScriptedPerson(answers={"themselves say yes": "no"}))
    with pytest.raises(Refused, match="You said no"):
        approve_scan(no, plan)


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        ({}, ""),  # control
        ({"signed_on": None}, "not signed yet"),
        ({"expires_on": date(2026, 11, 20)}, "run out"),
        ({"revoked_on": date(2026, 11, 20)}, "took back"),
        (
            {"scope": (Allowed(broker="another", right=Right.OPT_OUT, fields=tuple(Field)),)},
            "not name this company",
        ),
        (
            {"scope": (Allowed(broker=SLUG, right=Right.OPT_OUT, fields=(Field.FULL_NAME,)),)},
            "more than the client signed for",
        ),
    ],
)
def test_what_a_client_signed_holds_for_a_search_too(
    world: World, desk: Desk, paper: dict[str, object], why: str
) -> None:
    subject = client(world, desk)
    sign(world, subject, **paper)
    plan = planned(desk, subject)
    assert bool(plan.sites) is not bool(why)
    assert why in "".join(each.why.english() for each in plan.left)


def test_an_agent_searches_nowhere_without_a_paper_for_it(world: World, desk: Desk) -> None:
    subject = client(world, desk, acting=Acting.AGENT)
    sign(world, subject)  # of the other kind
    assert "No signed paper" in planned(desk, subject).left[0].why.english()
    sign(world, subject, kind=AuthorizationKind.AGENT, agent="Example Legal Aid")
    assert planned(desk, subject).sites  # control


def test_nobodys_passphrase_says_no_yes_where_two_people_are_wanted(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk, client(world, desk))
    world.vault.settings.set("clinic.four-eyes", value=True)
    with pytest.raises(NeedsPerson, match="wants this search"):  # control: it has a name
        approve_scan(desk, plan)
    monkeypatch.setattr(world.vault, "is_somebodys", False)  # as of an office's first, unnamed one
    with pytest.raises(NeedsPerson, match="nobody's by name"):
        approve_scan(desk, plan)


def test_a_second_person_says_yes_to_exactly_this_list(world: World, desk: Desk) -> None:
    subject = client(world, desk)
    plan = planned(desk, subject)
    approve_scan(desk, plan)  # control: one person may, where one is enough
    world.vault.settings.set("clinic.four-eyes", value=True)
    robin, sam = (acting_as(desk, name) for name in (ROBIN, "Sam Example"))
    with pytest.raises(NeedsPerson, match=f"{ROBIN} wants this search") as told:
        approve_scan(robin, plan)
    assert plan.digest in str(told.value)
    with pytest.raises(NeedsPerson, match=f"{ROBIN} wants this search"):
        approve_scan(robin, plan, digest=plan.digest)  # not by its number either
    changed = replace(plan, sites=(replace(plan.sites[0], searches=plan.sites[0].searches[:1]),))
    changed = changed if changed.digest != plan.digest else _at_another_host(plan)
    with pytest.raises(NeedsPerson, match="Sam Example wants this search"):
        approve_scan(sam, changed)  # another list: it is the second person's own first yes
    with pytest.raises(NeedsPerson, match=f"{ROBIN} wants this search"):
        approve_scan(robin, plan)
    approve_scan(sam, plan)
    with pytest.raises(NeedsPerson, match="Sam Example wants this search"):
        approve_scan(sam, plan)  # two yeses are for one search


def test_without_a_browser_no_yes_is_used_up(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(desk, client(world, desk))
    world.vault.settings.set("clinic.four-eyes", value=True)
    robin, sam = (acting_as(desk, name) for name in (ROBIN, "Sam Example"))
    with pytest.raises(NeedsPerson, match=f"{ROBIN} wants this search"):
        approve_scan(robin, plan)

    def find_none() -> NoReturn:
        raise BrowserMissing

    monkeypatch.setattr(plan_scan_module, "find_browser", find_none)
    with pytest.raises(BrowserMissing):
        approve_scan(replace(sam, window=Window.hidden), plan)
    approve_scan(sam, plan)  # control: with one, the first yes still stands


def test_a_search_that_waits_for_a_second_yes_stands_among_what_is_to_do(
    world: World, desk: Desk
) -> None:
    subject = client(world, desk)
    world.vault.matters.change(subject.id, number="", responsible=ROBIN)
    world.vault.settings.set("clinic.four-eyes", value=True)
    robin, sam = (acting_as(desk, name) for name in (ROBIN, "Sam Example"))
    assert not _waiting(desk)  # control
    with pytest.raises(NeedsPerson, match=f"optout scan {SLUG} --person NUMBER"):
        approve_scan(robin, planned(desk, subject))
    (task,) = _waiting(desk)
    assert task.endswith(f"says yes or no: optout scan {SLUG}")
    (part,) = docket(desk)
    assert any(f"{ROBIN} wants to search" in each.said().english() for each in part.office)
    no = replace(sam, person=ScriptedPerson(answers={"type the word": "no"}))
    with pytest.raises(Refused, match="You said no"):
        approve_scan(no, planned(desk, subject))
    assert not _waiting(desk)
    with pytest.raises(NeedsPerson):
        approve_scan(robin, planned(desk, subject))
    assert _waiting(desk)
    world.vault.settings.set("clinic.four-eyes", value=False)
    assert not _waiting(desk)  # one person is enough now


def test_a_look_needs_no_appointment_where_the_client_signed_for_it(
    world: World, desk: Desk
) -> None:
    subject = client(world, desk)
    day = date(2026, 11, 1)
    mine = Listing(
        id=new_id(),
        subject_id=subject.id,
        broker=Slug(SLUG),
        url=Secret("http://sample-people-search.test/person/100001"),
        verdict=Verdict.SAME,
        state=ListingState.SEEN,
        seen_on=day,
        looked_on=day,
        first_on=day,
        key="k1",
    )
    world.vault.listings.add(mine)
    world.vault.listings.replace(
        replace(mine, state=ListingState.ABSENT_ONCE, looked_on=day, absent_on=day)
    )
    assert _looks(desk) == (1, 0)  # control: without a paper the client is asked
    paper = sign(world, subject, signed_on=None)
    assert _looks(desk) == (1, 0)
    world.vault.authorizations.revoke(paper.id, on=date(2026, 11, 20))
    sign(world, subject)
    assert _looks(desk) == (0, 1)


def _looks(desk: Desk) -> tuple[int, int]:
    """Count the looks that stand in an appointment, and those of the office alone."""
    parts = docket(desk)
    made = [each for part in parts for each in part.appointments]
    with_client = [each for one in made for each in one.errands]
    office = [each for part in parts for each in part.office]
    among, alone = (
        sum("still shows" in each.said().english() for each in errands)
        for errands in (with_client, office)
    )
    return among, alone


def _waiting(desk: Desk) -> list[str]:
    return [e.what.english() for e in to_do(desk) if "wants to search" in e.what.english()]


def acting_as(desk: Desk, name: str) -> Desk:
    """Return the desk of whoever came in with the passphrase of that name."""
    return replace(desk, vault=_Named(desk.vault, name))  # type: ignore[arg-type] # one name changed


class _Named:
    """The same folder, opened by somebody else of the office."""

    def __init__(self, vault: Vault, name: str) -> None:
        self.actor, self._vault = name, vault

    def __getattr__(self, name: str) -> object:
        return getattr(self._vault, name)


def _at_another_host(plan: ScanPlan) -> ScanPlan:
    site = plan.sites[0]
    broker = replace(site.broker, hosts=(*site.broker.hosts, "other.test"))
    return replace(plan, sites=(replace(site, broker=broker),))


def test_whoever_is_renamed_stays_one_person(world: World, desk: Desk) -> None:
    plan = planned(desk, client(world, desk))
    world.vault.settings.set("clinic.four-eyes", value=True)
    with pytest.raises(NeedsPerson):
        approve_scan(acting_as(desk, ROBIN), plan)
    with world.vault.together():
        world.vault.events.record(NAMED, "a slot", ROBIN, "Sam Example")
    with pytest.raises(NeedsPerson):
        approve_scan(acting_as(desk, "Sam Example"), plan)


def test_who_wanted_a_search_is_erased_with_the_person(world: World, desk: Desk) -> None:
    subject = client(world, desk)
    world.vault.settings.set("clinic.four-eyes", value=True)
    with pytest.raises(NeedsPerson):
        approve_scan(acting_as(desk, ROBIN), planned(desk, subject))
    kept = "SELECT name FROM setting WHERE name LIKE 'search-wanted%'"
    assert world.vault.db.rows(kept)  # control
    world.vault.subjects.forget(subject.id)
    assert not world.vault.db.rows(kept)


def test_a_consent_lists_what_a_search_tells_and_covers_it(
    world: World, desk: Desk, tmp_path: Path
) -> None:
    subject = client(world, desk)
    lookup = desk.find_broker("sample-name-lookup")
    assert lookup.search is not None
    town = Fill(field=Field.CITY, label="Town")
    steps = (lookup.search.steps[0], town, *lookup.search.steps[1:])
    asks_more = replace(lookup, search=replace(lookup.search, steps=steps))
    asks_no_search = replace(lookup, search=None)

    def line_of(broker: Broker) -> Allowed:
        (line,) = scope_of(_with(desk, broker), subject, date(2027, 5, 31)).lines
        return line

    request = world.request(subject, broker=lookup.slug)
    world.message(subject, request, broker=lookup.slug)
    assert Field.CITY in line_of(asks_more).fields
    assert Field.CITY not in line_of(asks_no_search).fields  # control: no search, no town
    searching = _with(desk, asks_more)
    sign(world, subject, scope=(line_of(asks_no_search),))
    (left,) = plan_scan(searching, subject, [asks_more], answers=ALL_YES).left
    assert "more than the client signed for: city" in str(left.why)
    sign(world, subject, scope=(line_of(asks_more),))
    assert plan_scan(searching, subject, [asks_more], answers=ALL_YES).sites
    made = paper_for(searching, subject, Shelf(tmp_path / "papers"), Paper.CONSENT, "en")
    said = " ".join(made.drafted.text.split())
    assert "may look whether this company lists me" in said
    assert "Each search tells it: first name, last name, city and state" in said
    assert "City: Denver [ ] yes [ ] no" in said


def _with(desk: Desk, broker: Broker) -> Desk:
    return replace(desk, find_broker=lambda _slug: broker)


def test_a_client_whose_names_nobody_looked_for_is_not_searched(world: World, desk: Desk) -> None:
    subject = sample_subject("Robin", acting=Acting.HELPER)
    world.vault.subjects.add(subject)
    with pytest.raises(OptoutError, match="conflict check"):
        planned(desk, subject)

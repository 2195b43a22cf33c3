"""One request for each own listing; parents before daughters; none about a stranger's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.model.broker import Slug
from optout.model.law import LawId
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.plan import LeaveWhy
from optout.model.request import Presence, Reference, Request, RequestId, Status
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.rules.listings_to_ask import to_ask
from optout.vault.ids import new_id
from optout.workflows.due_looks import looks_of
from optout.workflows.make_plan import Wish, plan_for
from tests.conftest import World, desk_without_browser

PARENT, CHILD = Slug("sample-people-search"), Slug("sample-neighbor-list")
DAY = date(2026, 11, 20)
MINE = Listing(
    id="one",
    subject_id=SubjectId("jordan"),
    broker=PARENT,
    url=Secret("http://sample-people-search.test/person/100001"),
    verdict=Verdict.SAME,
    state=ListingState.SEEN,
    seen_on=DAY,
    looked_on=DAY,
    first_on=DAY,
    key="k1",
)
ASKED = Request(
    id=RequestId("r"),
    reference=Reference("AAAA-AAAA"),
    subject_id=SubjectId("jordan"),
    broker=PARENT,
    right=Right.OPT_OUT,
    listing_id="one",
    law=LawId("us-co-cpa"),
    law_sha256="1" * 64,
    presence=Presence.EVIDENCE,
    created_at=datetime(2026, 11, 21, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("listing", "requests", "waits"),
    [
        (MINE, [], True),
        (MINE, [ASKED], False),
        (MINE, [replace(ASKED, status=Status.DENIED)], False),  # that is for a follow-up
        (MINE, [replace(ASKED, status=Status.REVOKED)], True),
        (MINE, [replace(ASKED, listing_id="")], False),
        (MINE, [replace(ASKED, listing_id="two")], True),
        (MINE, [replace(ASKED, listing_id="", right=Right.ACCESS)], True),
        (replace(MINE, verdict=Verdict.UNSURE), [], False),
        (replace(MINE, verdict=Verdict.OTHER), [], False),
        (replace(MINE, state=ListingState.ABSENT_ONCE), [], False),
        (replace(MINE, state=ListingState.ABSENT), [], False),
        (
            replace(MINE, state=ListingState.REAPPEARED, back_on=date(2026, 12, 24)),
            [replace(ASKED, status=Status.FULFILLED)],
            True,
        ),
        (
            replace(MINE, state=ListingState.REAPPEARED, back_on=date(2026, 11, 21)),
            [replace(ASKED, status=Status.DENIED)],
            False,
        ),
    ],
)
def test_what_is_asked_about(listing: Listing, requests: list[Request], *, waits: bool) -> None:
    assert bool(to_ask([listing], requests)) is waits


def test_the_parent_is_asked_and_the_daughter_looked_at(world: World, tmp_path: Path) -> None:
    brokers = {each.slug: each for each in list_brokers(folders=(sample_folder(),))}
    brokers[PARENT] = replace(brokers[PARENT], clears=(CHILD,))
    desk = desk_without_browser(
        world,
        tmp_path,
        find_broker=lambda slug: brokers[slug],
        list_brokers=lambda: tuple(brokers.values()),
        laws=list_laws,
    )
    subject = world.vault.subjects.get(world.person().id)
    for slug in (CHILD, PARENT):
        listing = replace(MINE, id=new_id(), subject_id=subject.id, broker=slug)
        world.vault.listings.add(listing)
    made = plan_for(desk, subject, {}, Wish(only=(CHILD, PARENT)))
    assert [line.broker for line in made.lines] == [PARENT]
    (left,) = made.leave_alone
    assert (left.broker, left.why) == (CHILD, LeaveWhy.PARENT)
    assert "Records of yours there that should go with it: 1" in left.text.english()
    # After the parent was asked, the daughter is looked at too.
    assert looks_of(desk, subject) == ()
    (own,) = (e for e in world.vault.listings.list(subject.id) if e.broker == PARENT)
    request = world.request(subject, broker=PARENT, listing_id=own.id)
    message = world.message(subject, request, broker=PARENT)
    world.vault.messages.set_ready(message.id)
    with world.begin(world.vault.messages.get(message.id)) as attempt:
        attempt.sending()
        attempt.sent(deadlines={request.id: ()})
    assert {look.broker for look in looks_of(desk, subject)} == {PARENT, CHILD}

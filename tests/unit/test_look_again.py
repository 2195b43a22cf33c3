"""What is due is looked at again, also where one of the companies can be searched no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.brokers import find_broker, list_brokers, sample_folder
from optout.errors import NeedsPerson
from optout.model.broker import Broker, Slug
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import Grade
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id
from optout.workflows.desk import Desk
from optout.workflows.scan_with_person import plan_due, scan_what_is_due
from tests.conftest import World, desk_without_browser

ONE, OTHER, GONE = Slug("sample-name-lookup"), Slug("sample-neighbor-list"), Slug("sample-retired")
LONG_AGO = date(2026, 1, 5)


def desk_with(world: World, folder: Path, *suspended: Slug) -> Desk:
    brokers = {
        each.slug: replace(each, grade=Grade.SUSPENDED) if each.slug in suspended else each
        for each in list_brokers(folders=(sample_folder(),))
    }

    def find(slug: str) -> Broker:
        return brokers.get(Slug(slug)) or find_broker(slug)

    return desk_without_browser(
        world,
        folder,
        person=ScriptedPerson(),
        find_broker=find,
        list_brokers=lambda: tuple(brokers.values()),
    )


def listed(world: World, *slugs: Slug) -> Subject:
    subject = world.person()
    for slug in slugs:
        listing = Listing(
            id=new_id(),
            subject_id=subject.id,
            broker=slug,
            url=Secret(""),
            key=f"key of {slug}",
            shown={"name": Secret("Jordan Sample")},
            state=ListingState.SEEN,
            verdict=Verdict.SAME,
            decided_by="person",
            searched_as=Secret("as before"),
            first_on=LONG_AGO,
            seen_on=LONG_AGO,
            looked_on=LONG_AGO,
        )
        world.vault.listings.add(listing)
        world.vault.listings.replace(
            replace(listing, state=ListingState.ABSENT_ONCE, absent_on=LONG_AGO)
        )
    return subject


@pytest.mark.parametrize(
    ("due", "suspended", "left"),
    [
        ((ONE, OTHER), (), {}),
        ((ONE, GONE), (), {GONE: "no company of that name"}),
        ((ONE, OTHER), (OTHER,), {OTHER: "its pages changed"}),
    ],
)
def test_who_can_be_searched_no_more_is_left_out_and_stops_no_other(
    world: World,
    tmp_path: Path,
    due: tuple[Slug, ...],
    suspended: tuple[Slug, ...],
    left: dict[Slug, str],
) -> None:
    plan = plan_due(desk_with(world, tmp_path, *suspended), listed(world, *due))
    assert plan is not None
    assert {each.broker.slug for each in plan.sites} == set(due) - set(left)
    assert {each.broker for each in plan.left} == set(left)
    for each in plan.left:
        assert left[each.broker] in each.why.english()


def test_where_none_is_left_it_says_why(world: World, tmp_path: Path) -> None:
    desk = desk_with(world, tmp_path, OTHER)
    with pytest.raises(NeedsPerson, match="No site is left to search"):
        scan_what_is_due(desk, listed(world, OTHER))
    assert isinstance(desk.person, ScriptedPerson)
    assert "- {company}: {why}" in desk.person.heard

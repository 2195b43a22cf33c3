"""A scan that is killed is known: what it may have told stays written, and nothing is found."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest

from optout.model.fields import Field
from optout.model.listing import Listing, Search, SearchEnd, SearchId, Sighting
from optout.model.payload import Newness, Recipient
from optout.model.record import EvidenceKind
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.vault.ids import new_id
from optout.vault.open import RuleBroken
from optout.vault.searches import RunningSearch
from optout.vault.vault import Vault
from tests.conftest import BROKER, NOW, World, reopened

TO = Recipient(name="Example People Search, Inc.", hosts=("example-people.test",))


def searched(subject: Subject) -> Search:
    return Search(
        id=SearchId(new_id()),
        subject_id=subject.id,
        broker=BROKER,
        searched_as=Secret("jordan"),
        digest="1" * 64,
        approved_by="person",
        definition_sha256="2" * 64,
        began_at=NOW,
    )


def keep(vault: Vault, running: RunningSearch, listing: Listing, *, dies: str) -> None:
    """Keep an outcome as a scan does, and be killed at one of its gaps."""
    if dies == "after it began":
        os.kill(os.getpid(), signal.SIGKILL)
    proof = vault.evidence.store(listing.subject_id, EvidenceKind.CAPTURE, "image/jpeg", b"page")
    if dies == "after the picture":
        os.kill(os.getpid(), signal.SIGKILL)
    with vault.together():
        vault.listings.add(listing)
        seen = Sighting(
            listing_id=listing.id, search_id=running.search.id, on=NOW.date(), seen=True
        )
        running.end(SearchEnd.FOUND, rows=1, evidence_id=proof.id, sightings=[seen])
        if dies == "before the commit":
            os.kill(os.getpid(), signal.SIGKILL)
    if dies == "after the commit":
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "dies", ["after it began", "after the picture", "before the commit", "after the commit"]
)
def test_a_killed_search_is_told_and_never_half_kept(world: World, dies: str) -> None:
    subject = world.person()
    world.vault.close()
    search = searched(subject)
    listing = Listing(id=new_id(), subject_id=subject.id, broker=BROKER, url=Secret("u"), key="k")
    child = os.fork()
    if child == 0:
        vault = reopened(world.vault.folder, world.key, world.clock)
        newness = {Field.FULL_NAME: Newness.KNOWN, Field.CITY: Newness.NEW}
        running = vault.searches.begin(search, recipient=TO, newness=newness)
        keep(vault, running, listing, dies=dies)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    world.vault = reopened(world.vault.folder, world.key, world.clock)
    (kept,) = world.vault.searches.list(subject.id)
    told = {each.field for each in world.vault.disclosures.for_subject(subject.id)}
    assert told == {Field.FULL_NAME, Field.CITY}
    if dies == "after the commit":  # the control: what was committed is whole
        assert kept.end is SearchEnd.FOUND
        assert world.vault.searches.sightings([listing.id])
        assert world.vault.cut_off == ()
        return
    assert kept.end is SearchEnd.STOPPED
    assert [each.id for each in world.vault.cut_off] == [search.id]
    assert world.vault.listings.list(subject.id) == ()
    assert world.vault.audit()


def test_one_persons_search_says_nothing_of_anothers_listing(world: World) -> None:
    jordan, alex = world.person("Jordan"), world.person("Alex")
    theirs = Listing(id=new_id(), subject_id=alex.id, broker=BROKER, url=Secret("u"), key="k")
    world.vault.listings.add(theirs)
    search = searched(jordan)
    seen = Sighting(listing_id=theirs.id, search_id=search.id, on=NOW.date(), seen=True)
    with world.vault.searches.begin(search, recipient=TO, newness={}) as running:
        with pytest.raises(RuleBroken, match="another person"):
            running.end(SearchEnd.FOUND, sightings=[seen])
        running.end(SearchEnd.NOT_UNDERSTOOD)
    mine = replace(theirs, id=new_id(), subject_id=jordan.id)
    world.vault.listings.add(mine)
    with pytest.raises(RuleBroken, match="proves nothing"):  # a page nobody understood
        world.vault.searches.note([replace(seen, listing_id=mine.id)])

"""A file that was written here may be written again; a file of somebody's own never."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.catalog.brokers import find_broker
from optout.errors import Refused
from optout.model.record import EvidenceKind
from optout.workflows.exports import delete_exports, held_back, write_export
from optout.workflows.listing_report import write_pictures
from optout.workflows.make_report import write_proof, write_report, write_report_pdf
from tests.conftest import World, desk_without_browser
from tests.unit.test_scan import MINE, SLUG, Site, jordan, looked
from tests.unit.test_scan import desk as _searching

if TYPE_CHECKING:
    from optout.model.subject import Subject
    from optout.workflows.desk import Desk

NAME = "plan.pdf"
searching = _searching  # a desk that can look at a company's page


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path, find_broker=find_broker)


def test_a_name_that_became_free_and_was_taken_by_the_person_is_left_alone(desk: Desk) -> None:
    path = write_export(desk, NAME, "plan", b"ours")
    assert delete_exports(desk) == (1, ())
    path.write_text("mine")
    with pytest.raises(Refused, match="not from here"):
        write_export(desk, NAME, "plan", b"ours again")
    assert path.read_text() == "mine"


def test_a_file_of_ours_that_the_person_wrote_into_is_left_alone(desk: Desk) -> None:
    path = write_export(desk, NAME, "plan", b"ours")
    path.write_text("ours, with my own words")
    with pytest.raises(Refused, match="not from here"):
        write_export(desk, NAME, "plan", b"newer")


@pytest.mark.parametrize("there", [b"first", b"", b"newer"])
def test_the_control_what_is_ours_whole_or_torn_is_written_again(desk: Desk, there: bytes) -> None:
    path = write_export(desk, NAME, "plan", b"first")
    path.write_bytes(there)
    assert write_export(desk, NAME, "plan", b"newer, and whole") == path
    assert path.read_bytes() == b"newer, and whole"
    assert Path(path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["", "evidence", "a/new/folder"])
def test_nothing_unlocked_is_written_into_the_locked_folder(desk: Desk, name: str) -> None:
    locked = desk.vault.place.path
    before = sorted(locked.rglob("*"))
    with pytest.raises(Refused, match="locked folder itself"):
        write_export(replace(desk, out_folder=locked / name), NAME, "plan", b"ours")
    assert sorted(locked.rglob("*")) == before
    beside = replace(desk, out_folder=locked.with_name("papers"))
    assert write_export(beside, NAME, "plan", b"ours").exists(), "the control"


def test_the_pages_of_two_people_stand_beside_each_other(searching: Desk, world: World) -> None:
    desk, people = searching, (jordan(world), world.person("Alex"))

    def written(subject: Subject) -> set[Path]:
        request = world.request(subject, broker=SLUG)
        world.message(subject, request, broker=SLUG)
        world.vault.evidence.store(
            subject.id, EvidenceKind.REPLY, "text/plain", b"proof", request_id=request.id
        )
        looked(desk, subject, Site(rows=[MINE]))
        pages = (write_report(desk, subject), write_report_pdf(desk, subject))
        return {*pages, *write_proof(desk, request.reference), *write_pictures(desk, subject)}

    theirs = {subject.id: written(subject) for subject in people}
    first, second = theirs.values()
    assert len(first) == len(second) == 4
    assert not first & second
    for subject, paths in theirs.items():
        about = {Path(each.path.reveal()) for each in world.vault.exports.about(subject)}
        assert about == paths, "so erasing one names none of the other's"
    one, *_rest = people
    assert write_report(desk, one) in first, "the control: a newer page of theirs takes its place"


def test_what_a_hold_keeps_is_not_deleted(desk: Desk, world: World) -> None:
    held, other = world.person(), world.person("Alex")
    about_held = write_export(desk, "a.pdf", "letter", b"a", about=held.id)
    about_other = write_export(desk, "b.pdf", "letter", b"b", about=other.id)
    about_several = write_export(desk, "c.pdf", "labels", b"c")
    first_of_two = write_export(desk, "d.pdf", "report", b"d", about=other.id)
    assert write_export(desk, "d.pdf", "report", b"D", about=held.id) == first_of_two
    world.vault.matters.hold(held.id, held=True)
    assert delete_exports(desk) == (1, ())
    assert not about_other.exists()
    kept = {about_held, about_several, first_of_two}
    assert all(path.exists() for path in kept)
    assert {Path(each.path.reveal()) for each in held_back(desk)} == kept
    world.vault.matters.hold(held.id, held=False)
    assert held_back(desk) == ()
    assert delete_exports(desk) == (3, ()), "the control"
    assert not any(path.exists() for path in kept)

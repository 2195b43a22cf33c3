"""Proves the whole road in a real browser: what companies got is what the folder says they got."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from optout.model.fields import Field
from optout.model.request import Delivery, Status
from optout.model.words import By
from optout.sample.demo import practice_desk, walk_road
from optout.sample.people import JORDAN
from optout.sample.servers import World, sample_world
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.standing import Standing, dues, standings, to_do

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Walk:
    world: World
    desk: Desk
    papers: Path
    said: list[Text]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("road")
    papers = folder / "papers"
    said: list[Text] = []
    with sample_world() as world, practice_desk(world, folder / "locked", papers) as desk:
        walk_road(desk, world, JORDAN, said.append)
        yield Walk(world, desk, papers, said)


def by_broker(walk: Walk, slug: str) -> list[Standing]:
    return [each for each in standings(walk.desk) if each.request.broker == slug]


def test_every_request_of_the_plan_was_sent(walk: Walk) -> None:
    found = standings(walk.desk)
    assert len(found) >= 6
    assert {each.message.delivery for each in found} == {Delivery.SENT}
    assert {each.by for each in found} == {By.WEB, By.EMAIL, By.POST}


def test_each_company_received_each_filing_once(walk: Walk) -> None:
    assert len(walk.world.received("sample-risk-data")) == 1
    assert len(walk.world.received("sample-mail-order")) == 1
    assert len(walk.world.received("sample-people-search")) == 2  # the request, then its mail


def test_what_a_company_received_is_what_the_folder_says_it_got(walk: Walk) -> None:
    for slug in ("sample-risk-data", "sample-people-search"):
        received = {name for each in walk.world.received(slug) for name in each.values}
        known = {field.value for field in Field}
        web = [each for each in by_broker(walk, slug) if each.by is By.WEB]
        disclosed = {field.value for each in web for field in each.disclosed}
        assert received & known <= disclosed
        assert disclosed


def test_the_right_one_of_two_namesakes_was_chosen(walk: Walk) -> None:
    records = {each.values.get("record") for each in walk.world.received("sample-people-search")}
    assert records == {"jordan"}


def test_the_letters_and_pictures_are_proof_in_the_folder(walk: Walk) -> None:
    assert all(each.evidence >= 1 for each in standings(walk.desk))
    for each in standings(walk.desk):
        for card in walk.desk.vault.evidence.for_request(each.request.id):
            content = walk.desk.vault.evidence.read(card.id)
            assert len(content) == card.size
            if card.media_type == "image/jpeg":
                assert content.startswith(b"\xff\xd8")
                assert card.size <= 200 * 1024


def test_dates_have_a_legal_basis_and_the_answer_is_written_down(walk: Walk) -> None:
    found = dues(walk.desk)
    assert found
    assert all(each.deadline.basis for each in found)
    assert any("6-1-1306" in each.deadline.basis for each in found)
    assert Status.IN_PROGRESS in {each.request.status for each in standings(walk.desk)}


def test_nothing_is_left_for_the_person_to_do(walk: Walk) -> None:
    assert to_do(walk.desk) == ()


def test_the_papers_are_listed_private_and_neutral(walk: Walk) -> None:
    listed = {Path(export.path.reveal()) for export in walk.desk.vault.exports.list()}
    written = set(walk.papers.iterdir())
    assert written
    assert written == listed
    for paper in written:
        assert paper.stat().st_mode & 0o077 == 0
        assert "sample" not in paper.name.lower()
        assert "jordan" not in paper.name.lower()


def test_the_report_names_every_request_and_loads_nothing(walk: Walk) -> None:
    (written,) = walk.papers.glob("requests-*.html")
    page = written.read_text(encoding="utf-8")
    assert all(each.reference in page for each in standings(walk.desk))
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "src=" not in page


def test_the_history_is_whole(walk: Walk) -> None:
    assert walk.desk.vault.audit().events > 20

"""The engagement and the interpreter's paper are known by their number, and kept when signed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.drafting.papers import Shelf
from optout.errors import Refused, WrongUsage
from optout.model.paper import Paper, PrintedPaper
from optout.model.subject import Subject
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.clients import Client, chosen_clients
from optout.workflows.clinic import clinic_of, start_clinic
from optout.workflows.clinic_papers import paper_for, papers_for_many, write_listed, write_together
from optout.workflows.close_file import close_file, look_at_ending
from optout.workflows.desk import Desk
from optout.workflows.erase_file import clients_past_their_time
from optout.workflows.signed_papers import find_printed, sign_printed, unsigned_papers
from tests.conftest import NOW, World, desk_without_browser

TODAY = NOW.date()
SCAN = b"%PDF-1.7 a signed paper"
PAPERS = (Paper.INTAKE, Paper.ENGAGEMENT, Paper.INTERPRETER, Paper.EXPLANATION)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    for given in ("Jordan", "Casey"):
        world.person(given)
    return desk_without_browser(world, tmp_path / "out")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(SCAN)
    return path


def printed(
    desk: Desk, folder: Path, client: Client, *, language: str = "en", together: bool = False
) -> dict[Paper, PrintedPaper]:
    shelf = Shelf(folder / "papers")
    made, _left = papers_for_many(desk, (client,), shelf, PAPERS, language)
    if together:
        write_together(desk, made)
    else:
        write_listed(desk, made)
    numbers = {paper.drafted.wording.paper: paper.reference for paper in made[0].papers}
    found = {paper: find_printed(desk, number) for paper, number in numbers.items()}
    return {paper: each for paper, each in found.items() if each}


@pytest.mark.parametrize("together", [False, True])
def test_the_number_on_the_paper_says_whose_it_is(
    desk: Desk, tmp_path: Path, *, together: bool
) -> None:
    client, other = chosen_clients(desk, ())
    found = printed(desk, tmp_path, client, together=together)
    assert set(found) == {Paper.ENGAGEMENT, Paper.INTERPRETER}, "nobody signs the others"
    assert {each.subject_id for each in found.values()} == {client.subject.id}
    assert [paper.reference for _who, paper in unsigned_papers(desk)] == [
        each.reference for each in found.values()
    ]
    assert desk.vault.papers.for_subject(other.subject.id) == ()


def test_what_is_signed_is_kept_with_its_day_its_scan_and_its_hash(
    desk: Desk, tmp_path: Path, scan: Path
) -> None:
    client, other = chosen_clients(desk, ())
    found = printed(desk, tmp_path, client)
    number = found[Paper.ENGAGEMENT].reference
    paper = find_printed(desk, number.lower().replace("-", ""))
    assert paper is not None
    kept = sign_printed(desk, paper, scan)
    assert (kept.signed_on, kept.document_sha256) == (TODAY, hashlib.sha256(SCAN).hexdigest())
    assert desk.vault.evidence.read(kept.evidence_id) == SCAN
    assert [each.paper for _who, each in unsigned_papers(desk)] == [Paper.INTERPRETER]
    with pytest.raises(Refused, match="signed already"):
        sign_printed(desk, kept, scan)
    told = in_the_file(desk, client)
    assert told["signed"] == [
        {
            "kind": "engagement",
            "reference": number,
            "language": "en",
            "signed_on": TODAY.isoformat(),
            "scan_sha256": kept.document_sha256,
        }
    ]
    assert told["scan"] == SCAN
    assert in_the_file(desk, other)["signed"] == [], "the control"
    assert desk.vault.audit().events


def in_the_file(desk: Desk, client: Client) -> dict[str, object]:
    path = close_file(desk, look_at_ending(desk, client)).path
    with zipfile.ZipFile(path) as packed:
        scans = [packed.read(name) for name in packed.namelist() if "signed" in name]
        told = json.loads(packed.read("report.json"))
    return {"signed": told["signed"], "scan": scans[0] if scans else b""}


def test_a_draft_a_wrong_day_and_no_scan_are_refused(
    desk: Desk, tmp_path: Path, scan: Path
) -> None:
    client, _other = chosen_clients(desk, ())
    draft = printed(desk, tmp_path, client, language="es")[Paper.ENGAGEMENT]
    with pytest.raises(Refused, match="This is a draft"):
        sign_printed(desk, draft, scan)
    paper = printed(desk, tmp_path, client)[Paper.ENGAGEMENT]
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        with pytest.raises(WrongUsage, match="not from that day"):
            sign_printed(desk, paper, scan, on=day)
    scan.write_text("signed, believe me")
    with pytest.raises(WrongUsage, match="not a scan"):
        sign_printed(desk, paper, scan)
    assert [each.signed_on for each in desk.vault.papers.for_subject(client.subject.id)] == [
        None
    ] * 4


def test_a_draft_waits_for_no_signature_and_hides_no_paper_that_does(
    desk: Desk, tmp_path: Path
) -> None:
    client, _other = chosen_clients(desk, ())
    found = printed(desk, tmp_path, client)
    printed(desk, tmp_path, client, language="es")
    assert [each.reference for _who, each in unsigned_papers(desk)] == [
        each.reference for each in found.values()
    ]


def test_a_later_print_of_the_same_paper_does_not_wait_once_one_is_signed(
    desk: Desk, tmp_path: Path, scan: Path
) -> None:
    client, _other = chosen_clients(desk, ())
    first, second = (printed(desk, tmp_path, client)[Paper.ENGAGEMENT] for _each in range(2))
    assert next(unsigned_papers(desk))[1].reference == second.reference
    sign_printed(desk, first, scan)
    printed(desk, tmp_path, client)
    assert [each.paper for _who, each in unsigned_papers(desk)] == [Paper.INTERPRETER]


# ---- how long a closed file is kept ----


def settle(desk: Desk, years: int) -> None:
    start_clinic(
        desk.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False, keeps_years=years
    )


@pytest.mark.parametrize("years", [-1, 100])
def test_a_number_of_years_that_cannot_be_is_refused(desk: Desk, years: int) -> None:
    with pytest.raises(WrongUsage, match="1 to 99 years"):
        settle(desk, years)


def closed(desk: Desk, subject: Subject, **more: date) -> date | None:
    client = next(each for each in chosen_clients(desk, ()) if each.subject.id == subject.id)
    return close_file(desk, look_at_ending(desk, client), **more).keep_until


def test_a_file_is_kept_as_long_as_the_office_set(desk: Desk, world: World) -> None:
    assert closed(desk, world.person("Avery")) is None
    settle(desk, 7)
    clinic = clinic_of(desk.vault)
    assert clinic is not None
    assert clinic.keeps_years == 7
    kept = world.person("Riley")
    assert closed(desk, kept) == date(2033, 11, 23)
    assert closed(desk, kept, keep_until=date(2040, 1, 1)) == date(2033, 11, 23), "it stays"
    assert closed(desk, world.person("Quinn"), keep_until=date(2040, 1, 1)) == date(2040, 1, 1)


def test_the_papers_promise_what_closing_does(desk: Desk, tmp_path: Path) -> None:
    settle(desk, 7)
    client, _other = chosen_clients(desk, ())
    shelf = Shelf(tmp_path / "papers")
    made = paper_for(desk, client.subject, shelf, Paper.ENGAGEMENT, "en")
    assert "7 years" in made.drafted.text


def test_what_is_past_its_time_is_named_and_what_is_held_is_not(desk: Desk, world: World) -> None:
    settle(desk, 1)
    over, held, kept = (world.person(name) for name in ("Avery", "Riley", "Quinn"))
    for each in (over, held):
        closed(desk, each)
    world.clock.forward(days=366)
    assert [each.subject.id for each, _day in clients_past_their_time(desk)] == [over.id, held.id]
    world.vault.matters.hold(held.id, held=True)
    closed(desk, kept)
    assert [(each.subject.id, day) for each, day in clients_past_their_time(desk)] == [
        (over.id, date(2027, 11, 23))
    ]


def test_the_scan_of_one_client_is_not_silently_another_clients(
    desk: Desk, tmp_path: Path, scan: Path
) -> None:
    client, other = chosen_clients(desk, ())
    theirs = printed(desk, tmp_path, client)
    others = printed(desk, tmp_path, other)
    heard: list[str] = []
    says_no = ScriptedPerson(says_yes=False, listener=lambda text: heard.append(text.english()))
    asked = replace(desk, person=says_no)
    for paper in theirs.values():  # the control: several papers of one client in one scan
        sign_printed(asked, paper, scan)
    assert not heard
    paper = others[Paper.ENGAGEMENT]
    with pytest.raises(Refused, match="another client's paper"):
        sign_printed(asked, paper, scan)
    assert client.name in heard[0]
    assert other.name in heard[0]
    assert not desk.vault.evidence.list(other.subject.id)
    says_yes = replace(desk, person=ScriptedPerson())
    assert sign_printed(says_yes, paper, scan).signed_on == TODAY

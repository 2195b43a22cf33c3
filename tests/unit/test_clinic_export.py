"""Tables for other programs: no formula, nothing that goes to nobody, and every file is listed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from optout.errors import Refused
from optout.model.fields import IdentifierKind
from optout.model.note import Note
from optout.model.record import Deadline, DeadlineKind
from optout.model.secret import Secret
from optout.model.subject import (
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Share,
    Subject,
)
from optout.vault.ids import new_id
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.export_cases import ExportedCases, Format, export_cases
from tests.conftest import NOW, World, desk_without_browser, sample_subject
from tests.many_clients import Counting

EVIL = '=HYPERLINK("http://example.test")'
STARTS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path, person=Counting())


def shared(subject: Subject, **shares: Share) -> Subject:
    """Return the subject with each fact for whoever is approved, but for those that are named."""
    return replace(
        subject,
        identifiers=tuple(
            replace(fact, share=shares.get(fact.kind.value, Share.ASK))
            for fact in subject.identifiers
        ),
    )


def add(world: World, subject: Subject, number: str = "26-17") -> Subject:
    world.vault.subjects.add(subject)
    world.vault.matters.change(subject.id, number=number, responsible="Robin Example")
    return subject


def exported(desk: Desk, form: Format, *, known_too: bool = False) -> ExportedCases:
    return export_cases(desk, chosen_clients(desk, ()), form, known_too=known_too)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def whole(done: ExportedCases) -> str:
    return "".join(path.read_text("utf-8-sig") for path in done.paths)


def test_clio_gets_contacts_matters_tasks_and_notes(desk: Desk, world: World) -> None:
    subject = add(world, shared(sample_subject("Jordan")))
    request = world.request(subject)
    message = world.message(subject, request)
    due = NOW.date() + timedelta(days=20)
    world.vault.deadlines.add(
        request.id,
        [Deadline(kind=DeadlineKind.RESPONSE, due_on=due, basis="practice", grace_until=due)],
    )
    world.vault.notes.add(
        Note(id=new_id(), subject_id=subject.id, text=Secret("called on Tuesday"), at=NOW)
    )
    done = exported(desk, Format.CLIO)
    contacts, matters, tasks, notes = map(rows, done.paths)
    assert contacts[0]["first_name"] == "Jordan Q."
    assert contacts[0]["primary_phone"] == "303-555-0142"
    assert matters[0]["open_date"] == "11/23/2026"
    assert {each[0]["custom_number"] for each in (matters,)} == {"26-17"}
    assert matters[0]["client_last_name"] == contacts[0]["last_name"] == "Sample"
    assert tasks == [
        {
            "name": f"Look at {message.reference}",
            "due_at": "12/13/2026",
            "assignee": "Robin Example",
            "matter": "26-17",
        }
    ]
    assert notes[0]["detail"] == "called on Tuesday"
    listed = {each.path.reveal() for each in world.vault.exports.list()}
    assert listed == set(map(str, done.paths))
    assert "People" not in whole(done), "no company is told"


@pytest.mark.parametrize("form", list(Format))
def test_no_cell_of_any_table_runs_as_a_formula(desk: Desk, world: World, form: Format) -> None:
    subject = shared(sample_subject(EVIL))
    evil = PostalAddress(street="@SUM(1)", city="+1", state="CO", zip="80202")
    subject = replace(
        subject,
        identifiers=tuple(
            replace(fact, value=evil) if fact.kind is IdentifierKind.ADDRESS else fact
            for fact in subject.identifiers
        ),
    )
    add(world, subject, number="-2+3")
    world.vault.notes.add(Note(id=new_id(), subject_id=subject.id, text=Secret("\t=1+1"), at=NOW))
    cells = [
        cell for path in exported(desk, form).paths for row in rows(path) for cell in row.values()
    ]
    assert any(cell.startswith("'=") for cell in cells), "the control: there was a formula"
    assert [cell for cell in cells if cell.startswith(STARTS)] == []


@pytest.mark.parametrize("form", list(Format))
def test_what_goes_to_nobody_is_in_no_table(desk: Desk, world: World, form: Format) -> None:
    subject = add(world, shared(sample_subject("Jordan")))
    control = whole(exported(desk, form))
    assert "555-0142" in control
    assert "100 Example Street" in control
    world.vault.subjects.replace(shared(subject, phone=Share.NEVER, address=Share.NEVER))
    for known_too in (False, True):
        done = exported(desk, form, known_too=known_too)
        assert "555-0142" not in whole(done)
        assert "100 Example Street" not in whole(done)
        assert done.held_back == 2


def test_what_is_only_known_goes_where_it_is_already(desk: Desk, world: World) -> None:
    add(world, shared(sample_subject("Jordan"), phone=Share.KNOWN))
    assert "555-0142" not in whole(exported(desk, Format.MERGE))
    assert "555-0142" in whole(exported(desk, Format.MERGE, known_too=True))


def test_a_column_of_addresses_that_stays_empty_is_told(desk: Desk, world: World) -> None:
    subject = add(world, shared(sample_subject("Jordan"), address=Share.KNOWN))
    assert exported(desk, Format.MERGE).without_home == 1
    assert exported(desk, Format.MERGE, known_too=True).without_home == 0, "it is there"
    box = PostalAddress(street="P.O. Box 7", city="Denver", state="CO", zip="80201")
    replies = (ReplyTo(kind=ReplyKind.PO_BOX, address=box),)
    world.vault.subjects.replace(replace(subject, reply_to=replies))
    assert exported(desk, Format.MERGE).without_home == 0, "another one is there"


def test_a_substitute_address_stands_for_the_home(desk: Desk, world: World) -> None:
    box = PostalAddress(street="P.O. Box 7", city="Denver", state="CO", zip="80201")
    replies = (ReplyTo(kind=ReplyKind.SUBSTITUTE, address=box),)
    subject = add(world, shared(sample_subject("Jordan")))
    assert "Example Street" in whole(exported(desk, Format.CLIO)), "the control"
    world.vault.subjects.replace(replace(subject, reply_to=replies))
    text = whole(exported(desk, Format.CLIO, known_too=True))
    assert "P.O. Box 7" in text
    assert "Example Street" not in text


def test_a_mail_that_goes_to_nobody_is_not_told_as_the_place_of_answers(
    desk: Desk, world: World
) -> None:
    own = Secret("jordan@example.com")
    replies = (ReplyTo(kind=ReplyKind.OWN, email=own),)
    subject = add(world, replace(shared(sample_subject("Jordan")), reply_to=replies))
    assert own.reveal() in whole(exported(desk, Format.CLIO)), "the control"
    world.vault.subjects.replace(replace(shared(subject, email=Share.NEVER), reply_to=replies))
    assert own.reveal() not in whole(exported(desk, Format.CLIO))


def test_no_birth_date_and_no_relative_is_told(desk: Desk, world: World) -> None:
    subject = shared(sample_subject("Jordan"))
    add(world, subject)
    text = whole(exported(desk, Format.LEGALSERVER, known_too=True))
    assert "1990" not in text
    assert Secret(date(1990, 4, 12)) in {fact.value for fact in subject.identifiers}


def test_who_has_one_name_can_be_taken_in(desk: Desk, world: World) -> None:
    subject = shared(sample_subject("Jordan"))
    one = tuple(
        replace(fact, value=PersonName(given="Mononym")) if fact.kind == "name" else fact
        for fact in subject.identifiers
    )
    add(world, replace(subject, identifiers=one))
    row = rows(exported(desk, Format.CLIO).paths[0])[0]
    assert (row["first_name"], row["last_name"]) == ("Mononym", "Mononym")


def test_whose_name_goes_to_nobody_is_left_out_with_the_reason(desk: Desk, world: World) -> None:
    add(world, shared(sample_subject("Alex"), name=Share.NEVER))
    done = exported(desk, Format.MERGE)
    assert done.paths == ()
    assert "no name" in done.left_out[0].said().english()


def test_nothing_is_written_without_the_count(desk: Desk, world: World, tmp_path: Path) -> None:
    add(world, shared(sample_subject("Jordan")))
    no = replace(desk, person=Counting(types=["2"]))
    with pytest.raises(Refused):
        exported(no, Format.CLIO)
    assert list(tmp_path.glob("*.csv")) == []

"""The letter to a client tells one answer and what to do now; no office and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from optout.drafting.papers import Shelf
from optout.errors import Refused
from optout.model.record import Answer, Correspondence
from optout.model.request import Message, Status, StatusReason
from optout.model.subject import Subject
from optout.vault.ids import new_id
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.tell_client import write_answer_letter
from tests.conftest import NOW, World, desk_without_browser

DID, NO = "need not do anything", "They said no"


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path / "out")


def asked(world: World, subject: Subject, broker: str) -> Message:
    return world.message(subject, world.request(subject, broker=broker), broker=broker)


def came(
    world: World, message: Message, status: Status, reason: StatusReason | None = None
) -> None:
    answer = Answer.FULFILLED if status is Status.FULFILLED else Answer.DENIED
    world.vault.correspondence.add(
        Correspondence(
            id=new_id(),
            request_id=message.request_ids[0],
            answer=answer,
            received_on=NOW.date(),
        ),
        status=(status, reason),
    )


def test_a_letter_is_about_one_answer_and_nobody_else(desk: Desk, world: World) -> None:
    subject = world.person("Jordan")
    did, no = asked(world, subject, "nctue"), asked(world, subject, "lexisnexis-risk")
    theirs = asked(world, world.person("Alex"), "acxiom")
    came(world, did, Status.FULFILLED)
    came(world, no, Status.DENIED)
    came(world, theirs, Status.FULFILLED)
    made, path = write_answer_letter(desk, did.reference, Shelf(), "en")
    text = made.drafted.text
    assert "NCTUE" in text
    assert DID in text
    for others in ("LexisNexis", "Alex", "Acxiom", "Legal Aid", NO):
        assert others not in text
    assert NO in write_answer_letter(desk, no.reference, Shelf(), "en")[0].drafted.text, "control"
    listed = [each.path.reveal() for each in world.vault.exports.list()]
    assert str(path) in listed
    assert path.read_bytes().startswith(b"%PDF")
    assert "Jordan" not in path.name


def test_in_spanish_it_is_a_draft_until_somebody_has_read_it(desk: Desk, world: World) -> None:
    message = asked(world, world.person("Jordan"), "nctue")
    came(world, message, Status.FULFILLED)
    made, _path = write_answer_letter(desk, message.reference, Shelf(), "es")
    assert made.drafted.wording.is_draft
    assert "usted no tiene que hacer nada" in made.drafted.text


def test_where_nothing_came_no_letter_is_written(desk: Desk, world: World) -> None:
    message = asked(world, world.person("Jordan"), "nctue")
    with pytest.raises(Refused, match="No answer"):
        write_answer_letter(desk, message.reference, Shelf(), "en")
    came(world, message, Status.FULFILLED)
    write_answer_letter(desk, message.reference, Shelf(), "en")

"""The letter to a client tells one answer and what to do now; no office and nobody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optout.drafting.papers import Shelf
from optout.errors import Refused
from optout.model.record import PRACTICE, Answer, Correspondence, Deadline, DeadlineKind
from optout.model.request import Message, Status, StatusReason
from optout.model.subject import Subject
from optout.model.words import By
from optout.rules.days import in_words
from optout.vault.ids import new_id
from optout.workflows.clinic import start_clinic
from optout.workflows.clinic_papers import ClientsPapers
from optout.workflows.desk import Desk
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.tell_client import write_answer_letter
from tests.conftest import NOW, World, desk_without_browser

DID, NO = "need not do anything", "They said no"
JAN, DEC = date(2027, 1, 31), date(2026, 12, 1)


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


def told(theirs: ClientsPapers) -> str:
    return theirs.papers[0].drafted.text


def test_a_letter_is_about_one_answer_and_nobody_else(desk: Desk, world: World) -> None:
    subject = world.person("Jordan")
    did, no = asked(world, subject, "nctue"), asked(world, subject, "lexisnexis-risk")
    theirs = asked(world, world.person("Alex"), "acxiom")
    came(world, did, Status.FULFILLED)
    came(world, no, Status.DENIED)
    came(world, theirs, Status.FULFILLED)
    made, path = write_answer_letter(desk, did.reference, Shelf(), "en")
    text = told(made)
    assert made.client.name == "1. Jordan"
    assert "NCTUE" in text
    assert DID in text
    for others in ("LexisNexis", "Alex", "Acxiom", "Legal Aid", NO):
        assert others not in text
    assert NO in told(write_answer_letter(desk, no.reference, Shelf(), "en")[0]), "control"
    listed = [each.path.reveal() for each in world.vault.exports.list()]
    assert str(path) in listed
    assert path.read_bytes().startswith(b"%PDF")
    assert "Jordan" not in path.name


def test_in_spanish_it_is_a_draft_until_somebody_has_read_it(desk: Desk, world: World) -> None:
    message = asked(world, world.person("Jordan"), "nctue")
    came(world, message, Status.FULFILLED)
    theirs, _path = write_answer_letter(desk, message.reference, Shelf(), "es")
    assert theirs.papers[0].drafted.wording.is_draft
    assert "usted no tiene que hacer nada" in told(theirs)


def test_where_nothing_came_no_letter_is_written(desk: Desk, world: World) -> None:
    message = asked(world, world.person("Jordan"), "nctue")
    with pytest.raises(Refused, match="No answer"):
        write_answer_letter(desk, message.reference, Shelf(), "en")
    came(world, message, Status.FULFILLED)
    write_answer_letter(desk, message.reference, Shelf(), "en")


def test_after_a_no_the_last_day_to_act_against_it_is_told_until_it_is_settled(
    desk: Desk, world: World
) -> None:
    message = asked(world, world.person("Jordan"), "nctue")
    came(world, message, Status.DENIED)
    last_day = Deadline(kind=DeadlineKind.APPEAL_BY, due_on=JAN, grace_until=JAN, basis=PRACTICE)
    ours = Deadline(kind=DeadlineKind.FOLLOW_UP, due_on=DEC, grace_until=DEC, basis=PRACTICE)
    world.vault.deadlines.add(message.request_ids[0], [last_day, ours])
    said = told(write_answer_letter(desk, message.reference, Shelf(), "en")[0])
    assert "To do something against it: by January 31, 2027." in said
    assert "December" not in said
    for stored in world.vault.deadlines.for_request(message.request_ids[0]):
        world.vault.deadlines.mark_met(stored.id)
    said = told(write_answer_letter(desk, message.reference, Shelf(), "en")[0])
    assert "January" not in said, "the control"


def test_what_came_back_was_sent_and_the_client_reads_the_day(desk: Desk, world: World) -> None:
    request = world.request(world.person("Jordan"), broker="appriss-insights")
    subject = world.vault.subjects.get(request.subject_id)
    message = world.message(subject, request, broker="appriss-insights", by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    day = in_words(desk.today(subject)).english()
    world.clock.forward(days=9)
    assert record_answer(desk, message.reference, Answer.RETURNED).instead, "another way waits"
    said = told(write_answer_letter(desk, message.reference, Shelf(), "en")[0])
    assert f"Sent on {day}. It came back." in said
    assert "not sent" not in said

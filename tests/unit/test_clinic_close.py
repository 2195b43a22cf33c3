"""A closed file is whole and read-only; an erasure needs a ground, a lawyer and no hold."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.drafting.papers import Shelf
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.clinic import CheckResult, ConflictCheck, Party, PartyRole
from optout.model.note import Note
from optout.model.paper import Paper, Wording
from optout.model.record import (
    Answer,
    Correspondence,
    Deadline,
    DeadlineKind,
    EvidenceKind,
    Task,
    TaskKind,
)
from optout.model.request import Delivery, Status
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.vault.backup import backup
from optout.vault.ids import new_id
from optout.workflows.approve import check_gates
from optout.workflows.clients import Client, chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.clinic_papers import ClientsPapers, paper_for, write_listed
from optout.workflows.close_file import (
    Closed,
    close_file,
    look_at_ending,
    reopen_file,
)
from optout.workflows.desk import Desk, open_errand
from optout.workflows.erase_file import (
    ErasureGround,
    check_is_no_offices,
    erase_file,
    held_clients,
    receipts,
    write_receipt,
)
from optout.workflows.exports import list_exports
from optout.workflows.leave_request import was_left
from optout.workflows.plan_many import plan_many
from optout.workflows.signed_papers import note_closing_letter
from optout.workflows.what_runs import still_runs
from tests.conftest import NOW, World, desk_without_browser, reopened
from tests.many_clients import EVERY_YES, POST, Counting, marked_client, office

TODAY = NOW.date()
LAWYER = "Sam Example"
CLOSING = Wording(paper=Paper.CLOSING, language="en", ours=True, sha256="0" * 64)
GROUNDS_OF_A_CLOSED_FILE = set(ErasureGround) - {ErasureGround.CLIENT_ASKED}
CLOSING = Wording(paper=Paper.CLOSING, language="en", ours=True, sha256="0" * 64)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path / "out", person=Counting())


def the(desk: Desk, subject: Subject) -> Client:
    return next(each for each in chosen_clients(desk, ()) if each.subject.id == subject.id)


def busy(world: World, name: str = "Jordan") -> Subject:
    """Return a client with a sent request, a draft, a date, a task, proof, a note and a party."""
    subject = world.person(name)
    sent = world.ready(subject)
    with world.begin(sent) as attempt:
        attempt.sending()
        attempt.sent("A-17")
    request = sent.request_ids[0]
    due = TODAY + timedelta(days=40)
    kept = world.vault.evidence.store(
        subject.id, EvidenceKind.REPLY, "text/plain", f"{name} proof".encode(), request_id=request
    )
    world.vault.correspondence.add(
        Correspondence(
            id=new_id(),
            request_id=request,
            answer=Answer.ACKNOWLEDGED,
            received_on=TODAY,
            evidence_id=kept.id,
        )
    )
    world.vault.deadlines.add(
        request,
        [Deadline(kind=DeadlineKind.RESPONSE, due_on=due, basis="practice", grace_until=due)],
    )
    world.vault.tasks.add(
        Task(
            id=new_id(),
            kind=TaskKind.CONFIRM_EMAIL,
            message_id=sent.id,
            minutes=3,
            created_at=NOW,
        )
    )
    asked = world.request(subject, right=Right.DELETE)
    world.message(subject, asked, by=By.POST)
    world.vault.notes.add(Note(id=new_id(), subject_id=subject.id, text=Secret("MARKNOTE"), at=NOW))
    world.vault.matters.add_parties(
        [
            Party(
                id=new_id(),
                subject_id=subject.id,
                role=PartyRole.ADVERSE,
                name=Secret("MARKPARTY Rentals"),
            )
        ]
    )
    world.vault.matters.add_check(
        ConflictCheck(
            id=new_id(),
            subject_id=subject.id,
            on=TODAY,
            by="Robin Example",
            names=Secret((name, "MARKPARTY Rentals")),
            hits=0,
            result=CheckResult.CLEAR,
        )
    )
    return subject


def closed(desk: Desk, subject: Subject, **more: date) -> Closed:
    return close_file(desk, look_at_ending(desk, the(desk, subject)), **more)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_closing_ends_the_work_and_keeps_the_dates(desk: Desk, world: World) -> None:
    subject = busy(world)
    ending = look_at_ending(desk, the(desk, subject))
    assert len(ending.unsent) == len(ending.dates) == 1
    done = close_file(desk, ending, keep_until=date(2033, 11, 30))
    assert (done.left, done.tasks, done.again) == (1, 1, False)
    assert world.vault.tasks.open() == ()
    messages = world.vault.messages.list(subject_id=subject.id, deliveries=[Delivery.DRAFT])
    requests = world.vault.requests.list(subject_id=subject.id)
    assert was_left(messages[0], [each for each in requests if each.right is Right.DELETE])
    assert [each.status for each in requests if each.right is not Right.DELETE] == [Status.OPEN]
    assert len(world.vault.deadlines.due_before(date(2100, 1, 1))) == 1
    matter = world.vault.matters.get(subject.id)
    assert (matter.closed_on, matter.keep_until) == (TODAY, date(2033, 11, 30))
    assert world.vault.audit().events


def test_the_clients_file_is_whole_and_names_nobody_else(desk: Desk, world: World) -> None:
    subject, other = busy(world), busy(world, "Alex")
    done = closed(desk, subject)
    found = parts(done.path)
    listed = dict(line.split("  ")[::-1] for line in found["SHA256SUMS"].decode().splitlines())
    assert set(listed) == set(found) - {"SHA256SUMS"}
    for name, said in listed.items():
        assert hashlib.sha256(found[name]).hexdigest() == said
    assert found["proof/001-reply.txt"] == b"Jordan proof"
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(found["report.pdf"])).pages)
    told = json.loads(found["report.json"])
    assert {each["right"] for each in told["requests"]} == {"opt-out", "delete"}
    assert told["requests"][0]["proof_sha256"]
    assert told["requests"][0]["reference"]
    assert "A-17" in text
    whole = b"".join(found.values()) + text.encode()
    for others in (b"MARKNOTE", b"MARKPARTY", b"Alex", other.id.encode(), b"Legal Aid"):
        assert others not in whole
    assert b"MARKNOTE" in world.vault.notes.for_subject(subject.id)[0].text.reveal().encode()
    (export, there) = next(e for e in list_exports(desk) if e[0].what == "client file")
    assert there
    assert export.path.reveal() == str(done.path)
    assert subject.label.reveal() not in done.path.name


def test_nothing_new_is_planned_written_or_sent_for_a_closed_file(desk: Desk, world: World) -> None:
    subject = busy(world)
    draft = world.vault.messages.list(subject_id=subject.id, deliveries=[Delivery.DRAFT])[0]
    tries: tuple[Callable[[], object], ...] = (
        lambda: world.message(subject, world.request(subject, broker="nctue")),
        lambda: world.message(subject, world.vault.requests.get(draft.request_ids[0])),
        lambda: world.vault.subjects.replace(replace(subject, zone="America/Chicago")),
    )
    for each in tries:
        each()  # the control: while it is open, all of it can be done
    world.vault.messages.set_ready(draft.id)
    payload = world.payload(draft)
    closed(desk, subject)
    for each in (
        lambda: world.request(subject, broker="acxiom"),
        *tries[1:],
        lambda: world.vault.outbox.hand_over(
            draft.id, payload=payload, approval_id=world.approve(payload).id, newness={}
        ),
    ):
        with pytest.raises(Refused, match="closed"):
            each()
    reopen_file(desk, the(desk, subject))
    world.request(subject, broker="acxiom")
    with pytest.raises(Refused, match="open"):
        reopen_file(desk, the(desk, subject))


def test_who_is_closed_is_named_and_left_out_of_a_plan_for_many(desk: Desk, world: World) -> None:
    subject = marked_client(1)
    world.vault.subjects.add(subject)
    clients = chosen_clients(desk, ())
    closed(desk, subject)
    left = plan_many(desk, clients, {1: EVERY_YES}, POST).left_out
    assert "closed" in left[0].said().english()


def test_a_letter_of_a_closed_file_passes_no_gate(desk: Desk, world: World, tmp_path: Path) -> None:
    desk, (client,) = office(world, tmp_path, 1, only=("lexisnexis-risk",))
    letter = next(each for each in world.vault.messages.list() if each.by is By.POST)
    errand = open_errand(desk, letter.reference)
    check_gates(desk, errand)  # the control
    world.vault.matters.close(client.subject.id)
    with pytest.raises(Refused, match="closed"):
        check_gates(desk, errand)


def test_what_is_in_somebodys_hands_is_settled_first(desk: Desk, world: World) -> None:
    subject = world.person()
    message = world.ready(subject, by=By.POST)
    world.hand_over(message)
    with pytest.raises(NeedsPerson, match=message.reference):
        closed(desk, subject)
    assert world.vault.matters.get(subject.id).closed_on is None
    world.vault.outbox.person_did_not(message.id)
    assert closed(desk, subject).left == 1


def test_what_another_window_does_while_the_question_stands_open_stops_the_closing(
    desk: Desk, world: World
) -> None:
    subject = world.person()
    message = world.ready(subject, by=By.POST)
    shown = look_at_ending(desk, the(desk, subject))
    other = World(reopened(world.vault.folder, world.key, world.clock), world.clock)
    other.hand_over(message)
    with pytest.raises(NeedsPerson, match=message.reference):
        close_file(desk, shown)
    other.vault.outbox.person_did_not(message.id)
    shown = look_at_ending(desk, the(desk, subject))
    other.ready(subject, delete=True)
    with pytest.raises(Refused, match="While you looked at it"):
        close_file(desk, shown)
    other.vault.close()
    assert world.vault.matters.get(subject.id).closed_on is None
    assert world.vault.messages.get(message.id).delivery is Delivery.READY
    assert closed(desk, subject).left == 2, "the control"


def test_a_file_that_cannot_be_written_closes_nobody(
    desk: Desk, world: World, tmp_path: Path
) -> None:
    subject = busy(world)
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder")
    with pytest.raises(OptoutError):
        closed(replace(desk, out_folder=blocked), subject)
    assert world.vault.matters.get(subject.id).closed_on is None
    assert len(world.vault.tasks.open()) == 1
    assert not closed(desk, subject).again
    assert closed(desk, subject).again


def test_an_answer_that_comes_later_is_still_kept(desk: Desk, world: World) -> None:
    subject = busy(world)
    closed(desk, subject)
    request = world.vault.requests.list(subject_id=subject.id)[0]
    world.vault.correspondence.add(
        Correspondence(
            id=new_id(), request_id=request.id, answer=Answer.FULFILLED, received_on=TODAY
        ),
        status=(Status.FULFILLED, None),
    )
    assert world.vault.requests.get(request.id).status is Status.FULFILLED


def test_erasing_needs_a_lawyer_a_ground_that_holds_and_the_typed_word(
    desk: Desk, world: World
) -> None:
    subject = busy(world)
    client = the(desk, subject)
    with pytest.raises(WrongUsage, match="lawyer"):
        erase_file(desk, client, ErasureGround.CLIENT_ASKED, "Sam")
    closed(desk, subject)
    with pytest.raises(Refused, match="until when"):
        erase_file(desk, client, ErasureGround.PERIOD_OVER, LAWYER)
    closed(desk, subject, keep_until=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="kept until"):
        erase_file(desk, client, ErasureGround.PERIOD_OVER, LAWYER)
    with pytest.raises(Refused, match="You said no"):
        erase_file(
            replace(desk, person=Counting(types=["no"])), client, ErasureGround.CLIENT_ASKED, LAWYER
        )
    assert list(receipts(desk)) == []
    world.clock.forward(days=2)
    erase_file(desk, client, ErasureGround.PERIOD_OVER, LAWYER)
    assert world.vault.subjects.list() == ()
    assert len(list(receipts(desk))) == 1, "the control"


@pytest.mark.parametrize("ground", sorted(GROUNDS_OF_A_CLOSED_FILE))
def test_an_open_file_is_closed_before_it_is_erased(
    desk: Desk, world: World, ground: ErasureGround
) -> None:
    subject = busy(world)
    client = the(desk, subject)
    with pytest.raises(NeedsPerson, match="still open") as refused:
        erase_file(desk, client, ground, LAWYER)
    assert f"optout clinic close {client.number}" in str(refused.value)
    assert world.vault.subjects.list()
    closed(desk, subject, keep_until=TODAY)
    world.clock.forward(days=1)
    note_closing_letter(desk, subject.id, CLOSING)
    erase_file(desk, client, ground, LAWYER)
    assert world.vault.subjects.list() == (), "the control"


def test_who_asks_in_writing_is_erased_at_once_and_the_office_is_told_what_still_runs(
    desk: Desk, world: World
) -> None:
    subject = busy(world)
    asked = world.request(subject, broker="acxiom")
    printed = world.message(subject, asked, by=By.POST)
    world.vault.messages.set_ready(printed.id)
    world.hand_over(printed)
    client = the(desk, subject)
    told = [text.english() for text in still_runs(desk, client)]
    whole = "\n".join(told)
    assert "still open" in told[0]
    assert "planned and not sent: 1" in whole
    assert f"went out: {printed.reference}. Take them out" in whole
    assert "Their answer can still come" in whole
    erase_file(desk, client, ErasureGround.CLIENT_ASKED, LAWYER)
    assert world.vault.subjects.list() == ()


def test_of_a_closed_file_nothing_runs(desk: Desk, world: World) -> None:
    subject = busy(world)
    assert list(still_runs(desk, the(desk, subject))), "the control"
    closed(desk, subject)
    assert list(still_runs(desk, the(desk, subject))) == []


def test_a_file_counts_as_delivered_and_a_client_as_told_only_where_the_paper_was_written(
    desk: Desk, world: World
) -> None:
    subject, other = busy(world), busy(world, "Alex")
    closed(desk, other)
    world.vault.matters.close(subject.id)  # and no file, no letter of this client
    client = the(desk, subject)
    with pytest.raises(Refused, match="No file was ever written"):
        erase_file(desk, client, ErasureGround.FILE_DELIVERED, LAWYER)
    note_closing_letter(desk, other.id, CLOSING)
    note_closing_letter(desk, subject.id, replace(CLOSING, paper=Paper.INTAKE))
    note_closing_letter(desk, subject.id, replace(CLOSING, language="es"))  # read by nobody
    with pytest.raises(Refused, match="No closing letter"):
        erase_file(desk, client, ErasureGround.NOTICE_SENT, LAWYER)
    assert len(world.vault.subjects.list()) == len({subject, other})
    letter = paper_for(desk, subject, Shelf(desk.out_folder), Paper.CLOSING, "en")
    write_listed(desk, [ClientsPapers(client=client, papers=(letter,))])
    erase_file(desk, client, ErasureGround.NOTICE_SENT, LAWYER)
    assert len(world.vault.subjects.list()) == 1, "the control"


def test_nothing_under_a_hold_is_erased_on_any_way(desk: Desk, world: World) -> None:
    subject = busy(world)
    world.vault.matters.hold(subject.id, held=True)
    assert [each.subject.id for each in held_clients(desk)] == [subject.id]
    with pytest.raises(Refused, match="may be erased"):
        erase_file(desk, the(desk, subject), ErasureGround.CLIENT_ASKED, LAWYER)
    with pytest.raises(Refused, match="may be erased"):
        world.vault.subjects.forget(subject.id)
    assert world.vault.subjects.list()
    world.vault.matters.hold(subject.id, held=False)
    erase_file(desk, the(desk, subject), ErasureGround.CLIENT_ASKED, LAWYER)
    assert world.vault.subjects.list() == (), "the control"


def test_the_receipt_names_no_client_and_what_is_outside_is_listed(
    desk: Desk, world: World, tmp_path: Path
) -> None:
    subject, other = busy(world), busy(world, "Alex")
    done = closed(desk, subject)
    theirs = closed(desk, other)
    copy = backup(world.vault, tmp_path)
    receipt, erased = erase_file(
        desk, the(desk, subject), ErasureGround.FILE_DELIVERED, "  Sam   Example "
    )
    assert [each.path.reveal() for each in erased.backups] == [str(copy)]
    outside = [each.path.reveal() for each in erased.exports]
    assert str(done.path) in outside
    assert str(theirs.path) not in outside
    written = write_receipt(desk, receipt).read_text()
    assert "Sam Example, lawyer" in written
    assert "the client has the file" in written
    for telling in (subject.label.reveal(), subject.id):
        assert telling not in written
    assert list(receipts(desk)) == [receipt]
    assert world.vault.audit().events
    assert world.vault.subjects.list()[0].id == other.id


def test_an_offices_client_is_not_forgotten_by_the_short_way(desk: Desk, world: World) -> None:
    with pytest.raises(NeedsPerson, match="office"):
        check_is_no_offices(desk, "1")
    world.vault.settings.set("clinic.office", "")
    check_is_no_offices(desk, "1")

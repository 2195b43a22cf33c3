"""Proves that each noun comes back from the vault as it went in, and that the rules hold there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optout.errors import WrongUsage
from optout.model.broker import Slug
from optout.model.fields import IdentifierKind
from optout.model.listing import Listing, ListingState, Verdict
from optout.model.note import Note
from optout.model.record import (
    Answer,
    Correspondence,
    Deadline,
    DeadlineKind,
    EvidenceKind,
    Export,
    Task,
    TaskKind,
    TaskState,
)
from optout.model.request import Delivery, MessageId, Reference, RequestId, Status, StatusReason
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    SubjectId,
)
from optout.model.words import Right
from optout.rules.lifecycle import ForbiddenStep
from optout.vault.ids import REFERENCE_LETTERS, new_id, new_reference
from optout.vault.open import RuleBroken
from optout.vault.requests import AlreadyAsked

if TYPE_CHECKING:
    from tests.conftest import World

DAY = date(2026, 11, 23)
BROKER = Slug("example-people-search")


def deadline(kind: DeadlineKind = DeadlineKind.RESPONSE, *, days: int = 45) -> Deadline:
    due = DAY + timedelta(days=days)
    return Deadline(
        kind=kind, due_on=due, basis="C.R.S. 6-1-1306(2)(a)", grace_until=due + timedelta(days=3)
    )


def test_a_person_comes_back_with_every_fact(world: World) -> None:
    subject = world.person("Jordan")
    assert world.reopen().subjects.get(subject.id) == subject


def test_replacing_a_person_keeps_only_the_new_facts(world: World) -> None:
    subject = world.person()
    address = PostalAddress(street="P.O. Box 9", city="Denver", state="CO", zip="80201")
    changed = replace(
        subject,
        identifiers=subject.identifiers[:1],
        residences=(Residence(state="", country="MX", until=DAY), Residence(state="CO")),
        reply_to=(ReplyTo(kind=ReplyKind.SUBSTITUTE, address=address),),
    )
    world.vault.subjects.replace(changed)
    assert world.vault.subjects.get(subject.id) == changed
    with pytest.raises(WrongUsage):
        world.vault.subjects.replace(replace(changed, id=SubjectId("nobody")))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_name=st.text(min_size=1), family=st.text(), day=st.dates())
def test_any_spelling_of_a_name_survives(
    world: World, given_name: str, family: str, day: date
) -> None:
    identifiers = (
        Identifier(
            id=IdentifierId(new_id()),
            kind=IdentifierKind.ALIAS,
            value=PersonName(given=given_name, family=family),
            share=Share.NEVER,
        ),
        Identifier(
            id=IdentifierId(new_id()),
            kind=IdentifierKind.BIRTH_DATE,
            value=Secret(day),
            share=Share.ASK,
            valid_to=day,
        ),
    )
    subject = world.person(identifiers=identifiers)
    assert world.vault.subjects.get(subject.id) == subject


def test_requests_and_messages_come_back(world: World) -> None:
    subject = world.person()
    first = world.request(subject)
    second = world.request(subject, right=Right.DELETE, reason=StatusReason.NO_MATCH)
    message = world.message(
        subject, second, first, posted_on=DAY, not_after=world.clock(), tracking="9400"
    )
    vault = world.reopen()
    assert vault.requests.get(first.id) == first
    assert vault.requests.by_reference(second.reference) == second
    assert vault.messages.get(message.id) == message
    assert vault.messages.by_reference(message.reference) == message
    assert vault.messages.for_request(first.id) == (message,)
    assert vault.messages.by_reference(Reference("none")) is None
    assert vault.requests.by_reference(Reference("none")) is None


def test_lists_can_be_narrowed_and_paged(world: World) -> None:
    subject, other = world.person(), world.person("Alex")
    mine = [world.request(subject, broker=f"company-{n}") for n in range(5)]
    world.request(other)
    world.vault.requests.set_status(mine[3].id, Status.DENIED, StatusReason.OTHER)
    requests = world.vault.requests
    assert [r.id for r in requests.list(subject_id=subject.id)] == [r.id for r in mine]
    assert [r.id for r in requests.list(statuses={Status.DENIED})] == [mine[3].id]
    assert len(requests.list(statuses={Status.DENIED, Status.OPEN})) == 6
    assert [r.id for r in requests.list(broker=Slug("company-2"))] == [mine[2].id]
    assert [r.id for r in requests.list(after=mine[0].id, limit=2)] == [mine[1].id, mine[2].id]
    message = world.message(subject, mine[0])
    assert world.vault.messages.list(deliveries={Delivery.DRAFT}) == (message,)
    assert world.vault.messages.list(deliveries={Delivery.SENT}) == ()
    assert world.vault.messages.list(subject_id=other.id) == ()


def test_the_same_thing_is_never_open_twice(world: World) -> None:
    subject = world.person()
    first = world.request(subject)
    with pytest.raises(AlreadyAsked) as caught:
        world.request(subject)
    assert first.reference in str(caught.value)
    # Control: another right, another listing, or a closed first one is another thing.
    world.request(subject, right=Right.DELETE)
    listing = Listing(
        id=new_id(),
        subject_id=subject.id,
        broker=first.broker,
        url=Secret("u"),
        verdict=Verdict.SAME,
    )
    world.vault.listings.add(listing)
    world.request(subject, listing_id=listing.id)
    world.vault.requests.set_status(first.id, Status.DENIED)
    world.request(subject)
    with pytest.raises(AlreadyAsked):  # and the closed one cannot come back beside it
        world.vault.requests.set_status(first.id, Status.IN_PROGRESS)


def test_a_null_listing_cannot_slip_past_the_index(world: World) -> None:
    subject = world.person()
    first = world.request(subject)
    db = world.vault.db
    row = db.row("SELECT * FROM request WHERE id = :id", {"id": first.id})
    assert row
    with pytest.raises(RuleBroken, match="NOT NULL"), db.transaction():
        db.insert("request", {**row, "id": "x", "reference": "y", "listing_id": None})


def test_one_persons_rows_are_refused_under_another(world: World) -> None:
    jordan, alex = world.person("Jordan"), world.person("Alex")
    theirs = world.request(alex)
    their_message = world.message(alex, theirs)
    listing = Listing(
        id=new_id(),
        subject_id=alex.id,
        broker=theirs.broker,
        url=Secret("u"),
        verdict=Verdict.SAME,
    )
    world.vault.listings.add(listing)
    proof = world.vault.evidence.store(alex.id, EvidenceKind.REPLY, "text/plain", b"x")
    mine = world.request(jordan, right=Right.DELETE)
    db = world.vault.db
    evidence = db.row("SELECT * FROM evidence WHERE id = :id", {"id": proof.id})
    assert evidence
    note = Note(
        id=new_id(), subject_id=jordan.id, request_id=theirs.id, text=Secret("x"), at=proof.at
    )
    answer = Correspondence(
        id=new_id(),
        request_id=mine.id,
        answer=Answer.DENIED,
        received_on=DAY,
        evidence_id=proof.id,
    )

    def rows(table: str, row: dict[str, object]) -> None:
        with db.transaction():
            db.insert(table, row)

    crossings: list[Callable[[], object]] = [
        lambda: world.request(jordan, listing_id=listing.id),
        lambda: world.message(jordan, theirs),
        lambda: world.vault.notes.add(note),
        lambda: world.vault.correspondence.add(answer),
        lambda: rows("evidence", {**evidence, "id": "1", "subject_id": jordan.id}),
        lambda: rows(
            "message_request", {"message_id": their_message.id, "request_id": mine.id, "place": 7}
        ),
    ]
    for crossing in crossings:
        with pytest.raises(RuleBroken, match="another person"):
            crossing()
    for table, found in (("request", theirs.id), ("message", their_message.id)):
        with pytest.raises(RuleBroken, match="never changes"), db.transaction():
            db.change(
                f"UPDATE {table} SET subject_id = :s WHERE id = :i", {"s": jordan.id, "i": found}
            )
    with pytest.raises(WrongUsage):
        world.vault.evidence.store(
            jordan.id, EvidenceKind.REPLY, "text/plain", b"x", message_id=their_message.id
        )
    # Control: the same calls for the right person are accepted.
    world.message(jordan, mine)
    world.vault.notes.add(replace(note, request_id=mine.id))
    world.vault.correspondence.add(replace(answer, evidence_id=""))


def test_status_follows_the_table_and_is_counted(world: World) -> None:
    subject = world.person()
    request = world.request(subject)
    world.request(subject, right=Right.DELETE)
    assert world.vault.requests.tally() == {Status.OPEN: 2}
    world.vault.requests.set_status(request.id, Status.REVOKED)
    assert world.vault.requests.tally() == {Status.OPEN: 1, Status.REVOKED: 1}
    with pytest.raises(ForbiddenStep):
        world.vault.requests.set_status(request.id, Status.OPEN)
    world.vault.subjects.forget(subject.id)
    assert world.vault.requests.tally() == {}


def test_only_drafts_and_failures_are_made_ready_by_hand(world: World) -> None:
    message = world.ready()
    with pytest.raises(ForbiddenStep):
        world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.failed("page-changed")
    world.vault.messages.set_ready(message.id)
    assert world.vault.messages.tally() == {Delivery.READY: 1}


def test_deadlines_stay_as_they_were_fixed(world: World) -> None:
    request = world.request(world.person())
    late, soon = deadline(days=45), deadline(DeadlineKind.OPT_OUT, days=15)
    world.vault.deadlines.add(request.id, [late, soon])
    stored = world.vault.deadlines.for_request(request.id)
    assert [each.deadline for each in stored] == [soon, late]
    assert world.vault.deadlines.due_before(soon.due_on) == ()
    day_after = soon.due_on + timedelta(days=1)
    assert world.vault.deadlines.due_before(day_after) == (stored[0],)
    world.vault.deadlines.mark_met(stored[0].id)
    assert world.vault.deadlines.due_before(day_after) == ()
    with pytest.raises(WrongUsage):
        world.vault.deadlines.mark_met("none")


def test_tasks_end_by_being_done_or_too_late(world: World) -> None:
    message = world.ready()
    task = Task(
        id=new_id(),
        kind=TaskKind.CONFIRM_EMAIL,
        message_id=message.id,
        minutes=3,
        not_after=world.clock() + timedelta(hours=24),
        created_at=world.clock(),
    )
    lasting = replace(task, id=new_id(), kind=TaskKind.READ_ANSWER, not_after=None)
    third = replace(lasting, id=new_id(), kind=TaskKind.CALL)
    for each in (third, lasting, task):
        world.vault.tasks.add(each)
    assert world.vault.tasks.open() == (task, third, lasting)
    assert world.vault.tasks.done_for(message.id, TaskKind.READ_ANSWER) == 1
    assert world.vault.tasks.expire(world.clock()) == 0
    assert world.vault.tasks.expire(world.clock() + timedelta(hours=25)) == 1
    world.vault.tasks.done(third.id)
    assert world.vault.tasks.open() == ()
    assert TaskState.OPEN not in {
        TaskState(row["state"]) for row in world.vault.db.rows("SELECT state FROM task")
    }


def test_an_answer_changes_status_dates_and_tasks_in_one_commit(world: World) -> None:
    request = world.request(world.person())
    answer = Correspondence(
        id=new_id(),
        request_id=request.id,
        answer=Answer.DENIED,
        received_on=DAY,
        exemption="outside-jurisdiction",
        note=Secret("they say no"),
    )
    task = Task(
        id=new_id(),
        kind=TaskKind.READ_ANSWER,
        request_id=request.id,
        minutes=5,
        created_at=world.clock(),
    )
    before = world.vault.db.commits
    world.vault.correspondence.add(
        answer,
        status=(Status.DENIED, StatusReason.OUTSIDE_JURISDICTION),
        deadlines=[deadline(DeadlineKind.APPEAL_BY)],
        tasks=[task],
    )
    assert world.vault.db.commits == before + 1
    assert world.vault.correspondence.for_request(request.id) == (answer,)
    assert world.vault.requests.get(request.id).reason is StatusReason.OUTSIDE_JURISDICTION
    assert world.vault.tasks.open() == (task,)
    revoked = replace(answer, id=new_id())
    world.vault.requests.set_status(request.id, Status.IN_PROGRESS)
    world.vault.requests.set_status(request.id, Status.REVOKED)
    with pytest.raises(ForbiddenStep):  # all or nothing
        world.vault.correspondence.add(revoked, status=(Status.OPEN, None))
    assert world.vault.correspondence.for_request(request.id) == (answer,)


def test_listings_and_notes_come_back(world: World) -> None:
    subject = world.person()
    listing = Listing(
        id=new_id(),
        subject_id=subject.id,
        broker=BROKER,
        url=Secret("https://example-people.test/jordan"),
        shown={"age": Secret("36")},
    )
    world.vault.listings.add(listing)
    seen = replace(
        listing,
        state=ListingState.SEEN,
        verdict=Verdict.SAME,
        decided_by="person",
        seen_on=DAY,
    )
    world.vault.listings.replace(seen)
    assert world.vault.listings.list(subject.id) == (seen,)
    assert world.vault.listings.url_of(listing.id) == "https://example-people.test/jordan"
    assert world.vault.listings.url_of("") == ""
    note = Note(id=new_id(), subject_id=subject.id, text=Secret("call on Monday"), at=world.clock())
    world.vault.notes.add(note)
    assert world.vault.notes.for_subject(subject.id) == (note,)
    world.vault.notes.erase(note.id)
    assert world.vault.notes.for_subject(subject.id) == ()


def test_exports_are_listed_until_deleted_and_remembered_after(world: World) -> None:
    export = Export(
        id=new_id(), path=Secret("/tmp/paper.pdf"), what="letter", sha256="3" * 64, at=world.clock()
    )
    newer = replace(export, id=new_id())
    world.vault.exports.add(export)
    world.vault.exports.add(newer)
    assert world.vault.exports.list() == (newer, export)
    world.vault.exports.mark_deleted(export.id, at=world.clock())
    world.vault.exports.mark_deleted(newer.id)
    assert world.vault.exports.list()[1].deleted_at == world.clock()
    assert world.vault.exports.list(still_there=True) == ()


def test_settings_keep_what_they_were_given(world: World) -> None:
    for value in ("yes", 3, True, None):
        world.vault.settings.set("choice", value)
        assert world.vault.settings.get("choice") == value
    assert world.vault.settings.get("none", 7) == 7


def test_evidence_is_on_the_disk_encrypted_and_unchanged(world: World) -> None:
    subject = world.person()
    request = world.request(subject)
    message = world.message(subject, request)
    content = b"PROOF-MARKER" * 1000
    proof = world.vault.evidence.store(
        subject.id, EvidenceKind.LETTER, "application/pdf", content, message_id=message.id
    )
    vault = world.reopen()
    assert vault.evidence.read(proof.id) == content
    assert vault.evidence.get(proof.id) == proof
    assert vault.evidence.list(subject.id) == (proof,)
    assert vault.evidence.for_request(request.id) == (proof,)
    assert vault.evidence.for_message(message.id) == (proof,)
    files = [path for path in vault.folder.rglob("*") if path.is_file()]
    assert not any(b"PROOF-MARKER" in path.read_bytes() for path in files)


def test_each_persons_evidence_lies_in_a_file_of_its_own(world: World) -> None:
    for name in ("Jordan", "Alex", "Sam"):
        world.vault.evidence.store(
            world.person(name).id, EvidenceKind.REPLY, "text/plain", name.encode()
        )
    world.reopen()
    assert len(list(world.vault.place.evidence.glob("*.db"))) == 3


def test_several_writes_can_be_one_commit(world: World) -> None:
    before = world.vault.db.commits
    with world.vault.together():
        subject = world.person()
        world.message(subject, world.request(subject))
    assert world.vault.db.commits == before + 1
    with pytest.raises(AlreadyAsked), world.vault.together():
        world.request(world.person("Alex"), subject_id=subject.id)
    assert [each.label for each in world.vault.subjects.list()] == [Secret("Jordan")]


def test_what_is_not_there_is_said_without_a_trace(world: World) -> None:
    looks: list[Callable[[], object]] = [
        lambda: world.vault.subjects.get(SubjectId("none")),
        lambda: world.vault.requests.get(RequestId("none")),
        lambda: world.vault.messages.get(MessageId("none")),
        lambda: world.vault.listings.get("none"),
        lambda: world.vault.evidence.read("none"),
        lambda: world.vault.tasks.done("none"),
        lambda: world.vault.exports.mark_deleted("none"),
        lambda: world.vault.notes.erase("none"),
        lambda: world.vault.subjects.forget(SubjectId("none")),
    ]
    for look in looks:
        with pytest.raises(WrongUsage):
            look()


def test_references_are_short_random_and_easy_to_read_aloud() -> None:
    made = {new_reference() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(each) == 9 and each[4] == "-" for each in made)
    used = set("".join(made)) - {"-"}
    assert used == set(REFERENCE_LETTERS)
    for lookalikes in ("0OQD"[:2], "1IL", "2Z", "5S", "8B", "UV"):
        assert len(used & set(lookalikes)) <= 1

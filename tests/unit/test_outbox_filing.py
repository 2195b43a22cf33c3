"""Proves that the outbox writes before it gives, sends only what was approved, and at most once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused
from optout.model.fields import Field
from optout.model.payload import Newness, Payload
from optout.model.record import Deadline, DeadlineKind, EvidenceKind, Task, TaskKind
from optout.model.request import Delivery, MessageId, Status, StatusReason
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.rules.lifecycle import ForbiddenStep
from optout.vault import platform
from optout.vault.ids import new_id
from optout.vault.outbox import NotApproved, Recovered, RunningAttempt

if TYPE_CHECKING:
    from tests.conftest import World


def delivery(world: World, message_id: MessageId) -> Delivery:
    return world.vault.messages.get(message_id).delivery


def given(world: World, message_id: MessageId) -> list[tuple[Field, bool]]:
    return [(d.field, d.new_to_them) for d in world.vault.disclosures.for_message(message_id)]


def test_a_filing_takes_three_commits_and_one_for_its_proof(world: World) -> None:
    message = world.ready()
    payload = world.payload(message)
    world.approve(payload)
    before, evidence = world.vault.db.commits, world.vault.evidence
    with world.begin(message) as attempt:
        attempt.sending()
        proof = evidence.store(
            message.subject_id,
            EvidenceKind.CONFIRMATION,
            "image/jpeg",
            b"jpeg",
            message_id=message.id,
        )
        attempt.sent("C-100")
    assert world.vault.db.commits - before == 3
    assert evidence.for_message(message.id) == (proof,)
    stored = world.vault.messages.get(message.id)
    assert (stored.delivery, stored.broker_reference) == (Delivery.SENT, "C-100")
    tried = world.vault.outbox.last_attempt(message.id)
    assert tried
    assert (tried.delivery, tried.definition_sha256) == (Delivery.SENT, "2" * 64)


def test_disclosures_are_on_the_disk_before_anything_is_typed(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        assert delivery(world, message.id) is Delivery.FILLING
        # What nobody judged counts as new to them.
        assert given(world, message.id) == [(Field.FULL_NAME, False), (Field.EMAIL, True)]
        attempt.failed("page-changed")
    subject_id = message.subject_id
    disclosures = world.vault.disclosures
    for name in ("example-people.test", "Example People Search, Inc.", "example-people-search"):
        assert len(disclosures.to_recipient(subject_id, [name, "other"])) == 2
    assert disclosures.to_recipient(subject_id, ["other"]) == ()
    assert len(disclosures.for_subject(subject_id)) == 2
    assert len(disclosures.for_request(message.request_ids[0])) == 2


def test_the_outcome_brings_dates_tasks_and_status_in_one_commit(world: World) -> None:
    message = world.ready()
    request_id = message.request_ids[0]
    due = Deadline(
        kind=DeadlineKind.RESPONSE,
        due_on=date(2027, 1, 7),
        basis="C.R.S.",
        grace_until=date(2027, 1, 10),
    )
    task = Task(
        id=new_id(),
        kind=TaskKind.CONFIRM_EMAIL,
        message_id=message.id,
        minutes=3,
        created_at=world.clock(),
    )
    waiting = (Status.IN_PROGRESS, StatusReason.NEED_USER_VERIFICATION)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent(deadlines={request_id: (due,)}, tasks=[task], status=waiting)
    assert world.vault.tasks.open() == (task,)
    assert world.vault.deadlines.for_request(request_id)[0].deadline == due
    assert world.vault.requests.get(request_id).status is Status.IN_PROGRESS
    assert world.vault.deadlines.received_on(request_id) == date(2026, 11, 23)


def test_the_day_is_counted_where_the_person_lives(world: World) -> None:
    world.clock.now = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # 23:30 the day before, in Denver
    message = world.ready()
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent(deadlines={message.request_ids[0]: ()})
    assert world.vault.deadlines.received_on(message.request_ids[0]) == date(2026, 11, 23)


CHANGED: dict[str, Callable[[Payload], Payload]] = {
    "one value": lambda p: replace(p, values={**p.values, Field.EMAIL: Secret("x@example.com")}),
    "one more value": lambda p: replace(p, values={**p.values, Field.CITY: Secret("Denver")}),
    "another company": lambda p: replace(p, recipient=replace(p.recipient, hosts=("evil.test",))),
    "another definition": lambda p: replace(p, definition_sha256="9" * 64),
    "another person": lambda p: replace(p, subject_id=SubjectId("other")),
    "another message": lambda p: replace(p, message_id=MessageId("other")),
}


@pytest.mark.parametrize("change", CHANGED)
def test_only_exactly_what_was_approved_leaves(world: World, change: str) -> None:
    message = world.ready()
    payload = world.payload(message)
    approval = world.approve(payload)
    for begin in (world.vault.outbox.begin, world.vault.outbox.hand_over):
        with pytest.raises(NotApproved):
            begin(
                message.id,
                payload=CHANGED[change](payload),
                approval_id=approval.id,
                newness={},
            )
    assert delivery(world, message.id) is Delivery.READY
    assert given(world, message.id) == []
    # Control: unchanged, it leaves.
    with world.vault.outbox.begin(
        message.id, payload=payload, approval_id=approval.id, newness={}
    ) as attempt:
        attempt.failed("page-changed")


def test_somebody_elses_approval_does_not_count(world: World) -> None:
    one = world.ready()
    other = world.ready(world.person("Alex"))
    approval = world.approve(world.payload(other))
    with pytest.raises(NotApproved):
        world.vault.outbox.begin(
            one.id, payload=world.payload(one), approval_id=approval.id, newness={}
        )


def test_a_yes_that_reached_the_last_button_is_used_up(world: World) -> None:
    message = world.ready()
    payload = world.payload(message)
    approval = world.approve(payload)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.ready_again("person-did-not-press", seen=True)
    assert world.vault.approvals.find(message.id, approval.digest) is None
    with pytest.raises(NotApproved):
        world.vault.outbox.begin(message.id, payload=payload, approval_id=approval.id, newness={})


def test_a_yes_stays_good_while_nothing_was_pressed(world: World) -> None:
    message = world.ready()
    approval = world.approve(world.payload(message))
    with world.begin(message) as attempt:
        attempt.ready_again("page-slow", seen=False)
    assert world.vault.approvals.find(message.id, approval.digest) == approval


def test_a_draft_is_not_sent(world: World) -> None:
    subject = world.person()
    message = world.message(subject, world.request(subject))
    with pytest.raises(ForbiddenStep):
        world.begin(message)


@pytest.mark.parametrize("end", ["sent", "unknown"])
def test_nothing_is_begun_again_by_itself(world: World, end: str) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        with pytest.raises(ForbiddenStep):
            world.begin(message)  # a second window
        attempt.sending()
        attempt.sent() if end == "sent" else attempt.unknown("no-confirmation-seen")
    with pytest.raises(ForbiddenStep):
        world.begin(message)
    with pytest.raises(ForbiddenStep):
        world.vault.messages.set_ready(message.id)


def test_success_counts_only_after_the_button(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        with pytest.raises(ForbiddenStep):
            attempt.sent()
        attempt.unknown("window-lost")  # the careful way through: by sending
    assert delivery(world, message.id) is Delivery.UNKNOWN


def test_an_attempt_has_one_outcome(world: World) -> None:
    with world.begin(world.ready()) as attempt:
        attempt.sending()
        attempt.sent()
        with pytest.raises(AssertionError):
            attempt.unknown("late")


def interrupted(
    world: World, step: Callable[[RunningAttempt], object], how: type[BaseException]
) -> MessageId:
    message = world.ready()

    def stopped() -> None:
        with world.begin(message) as attempt:
            step(attempt)
            raise how

    with pytest.raises(how):
        stopped()
    return message.id


@pytest.mark.parametrize("how", [KeyboardInterrupt, ValueError])
def test_ctrl_c_while_filling_makes_it_ready_but_seen(
    world: World, how: type[BaseException]
) -> None:
    message_id = interrupted(world, id, how)
    message = world.vault.messages.get(message_id)
    assert (message.delivery, message.seen_by_broker) == (Delivery.READY, True)
    assert len(given(world, message_id)) == 2


@pytest.mark.parametrize("how", [KeyboardInterrupt, ValueError])
def test_ctrl_c_while_sending_makes_it_unknown(world: World, how: type[BaseException]) -> None:
    message_id = interrupted(world, lambda attempt: attempt.sending(), how)
    assert delivery(world, message_id) is Delivery.UNKNOWN


def test_leaving_without_an_outcome_takes_the_careful_one(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        attempt.sending()
    assert delivery(world, message.id) is Delivery.UNKNOWN


def test_what_the_page_never_saw_is_not_called_given(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        attempt.failed("no-browser", seen=False)
    assert given(world, message.id) == []
    assert not world.vault.messages.get(message.id).seen_by_broker
    world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.failed("page-changed", filled=[Field.FULL_NAME])
    assert given(world, message.id) == [(Field.FULL_NAME, False)]
    assert world.vault.messages.get(message.id).seen_by_broker


def test_a_code_is_never_text_from_a_page(world: World) -> None:
    message = world.ready()
    with pytest.raises(AssertionError), world.begin(message) as attempt:
        attempt.failed("Sorry, Jordan Q. Sample!")
    assert "Jordan" not in str(world.vault.events.list())


def test_what_a_person_delivers_waits_for_their_word(world: World) -> None:
    message = world.ready(by=By.POST)
    world.hand_over(message)
    assert delivery(world, message.id) is Delivery.HANDED_OVER
    assert world.reopen().recovered == ()  # a restart changes nothing
    assert delivery(world, message.id) is Delivery.HANDED_OVER
    with pytest.raises(ForbiddenStep):
        world.vault.outbox.reconcile(message.id, arrived=True, code="saw-it")
    world.vault.outbox.person_sent(
        message.id,
        on=date(2026, 11, 25),
        tracking="9400 1000",
        deadlines={message.request_ids[0]: ()},
        received_on=date(2026, 11, 30),
    )
    sent = world.vault.messages.get(message.id)
    assert (sent.delivery, sent.posted_on) == (Delivery.SENT, date(2026, 11, 25))
    assert sent.tracking == "9400 1000"
    assert world.vault.deadlines.received_on(message.request_ids[0]) == date(2026, 11, 30)


def test_what_a_person_did_not_send_was_not_given(world: World) -> None:
    message = world.ready(by=By.EMAIL)
    world.hand_over(message)
    assert len(given(world, message.id)) == 2
    world.vault.outbox.person_did_not(message.id)
    assert delivery(world, message.id) is Delivery.READY
    assert given(world, message.id) == []
    world.hand_over(message)


@pytest.mark.parametrize(("arrived", "now"), [(True, Delivery.SENT), (False, Delivery.READY)])
def test_a_person_settles_an_unknown_outcome(
    world: World,
    arrived: bool,  # noqa: FBT001 - a case
    now: Delivery,
) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        attempt.unknown("no-confirmation-seen")
    world.vault.outbox.reconcile(message.id, arrived=arrived, code="person-says-again")
    assert delivery(world, message.id) is now
    tried = world.vault.outbox.last_attempt(message.id)
    assert tried
    assert tried.delivery is now
    if not arrived:
        assert world.vault.approvals.find(message.id, "any") is None
        with world.begin(message) as attempt:  # a new yes
            attempt.failed("page-changed")


def test_what_a_dead_process_left_is_settled_at_the_next_start(world: World) -> None:
    subject = world.person()
    filling = world.ready(subject)
    sending = world.ready(subject, delete=True)
    abandoned = [world.begin(filling), world.begin(sending)]
    abandoned[1].sending()
    proof = world.vault.evidence.store(
        subject.id, EvidenceKind.CAPTURE, "image/jpeg", b"page", message_id=sending.id
    )
    for attempt in abandoned:
        attempt._lock.release()  # noqa: SLF001 - what the system does when a process dies
    recovered = world.reopen().recovered
    assert recovered == (
        Recovered(
            attempt_id=abandoned[0].id,
            message_id=filling.id,
            was=Delivery.FILLING,
            now=Delivery.READY,
        ),
        Recovered(
            attempt_id=abandoned[1].id,
            message_id=sending.id,
            was=Delivery.SENDING,
            now=Delivery.UNKNOWN,
        ),
    )
    assert world.vault.messages.get(filling.id).seen_by_broker
    assert len(given(world, filling.id)) == 2
    # Proof that was on the disk without its card is found again.
    assert world.vault.evidence.for_message(sending.id) == (proof,)
    assert world.vault.evidence.read(proof.id) == b"page"
    assert world.reopen().recovered == ()
    assert list(world.vault.place.locks.iterdir()) == [world.vault.place.locks / "vault.lock"]


def test_an_attempt_that_is_alive_is_left_alone(world: World) -> None:
    message = world.ready()
    with world.begin(message) as attempt:
        assert world.vault.outbox.recover() == ()
        assert delivery(world, message.id) is Delivery.FILLING
        attempt.failed("page-changed")


def test_an_older_copy_doubts_everything_but_what_was_sent(world: World) -> None:
    subject = world.person()
    rights = iter(Right)

    def one(**changes: object) -> MessageId:
        request = world.request(subject, right=next(rights))
        return world.message(subject, request, **changes).id

    ids = {state: one(delivery=state) for state in Delivery}
    assert world.vault.outbox.unsettle() == 6
    assert {state: delivery(world, found) for state, found in ids.items()} == {
        state: Delivery.SENT if state is Delivery.SENT else Delivery.UNKNOWN for state in Delivery
    }
    world.vault.outbox.reconcile(ids[Delivery.DRAFT], arrived=False, code="person-says-again")
    assert delivery(world, ids[Delivery.DRAFT]) is Delivery.READY


def test_a_nearly_full_disk_refuses_before_anything_leaves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = world.ready()
    payload, approval = world.payload(message), world.approve(world.payload(message))
    monkeypatch.setattr(platform, "FREE_BYTES", 1 << 60)
    monkeypatch.setattr(
        "optout.vault.outbox.check_free_space",
        lambda folder: platform.check_free_space(folder, 1 << 60),
    )
    with pytest.raises(Refused, match="disk is nearly full"):
        world.vault.outbox.begin(message.id, payload=payload, approval_id=approval.id, newness={})
    assert delivery(world, message.id) is Delivery.READY


def fill_the_disk(world: World, attempt: RunningAttempt) -> None:
    attempt.sending()
    world.vault.db.maintain("PRAGMA max_page_count = 1")  # SQLite takes the present size for it
    while True:
        world.vault.settings.set(new_id(), "x" * 4000)


def test_a_disk_that_fills_while_sending_leaves_it_unknown(world: World) -> None:
    message = world.ready()
    with pytest.raises(Refused, match="disk is full"), world.begin(message) as attempt:
        fill_the_disk(world, attempt)
    assert world.reopen().messages.get(message.id).delivery is Delivery.UNKNOWN


@pytest.mark.parametrize("days", [-3650, -1, 1, 3650])
@pytest.mark.parametrize(
    "zone", ["America/Denver", "UTC", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"]
)
def test_a_jumping_clock_changes_neither_order_nor_count(
    world: World, days: int, zone: str
) -> None:
    world.clock.now = datetime(2026, 11, 1, 7, 59, 59, tzinfo=UTC)  # an hour repeats in Denver
    message = world.ready(world.person(zone=zone))
    with world.begin(message) as attempt:
        world.clock.forward(days=days)
        attempt.sending()
        world.clock.forward(hours=-1)
        attempt.sent()
    world.clock.now += timedelta(hours=2)
    assert world.reopen().recovered == ()
    codes = [event.code for event in world.vault.events.list()][-3:]
    assert codes == ["attempt.filling", "attempt.sending", "attempt.sent"]
    with pytest.raises(ForbiddenStep):
        world.begin(message)


def test_newness_known_is_recorded_as_known(world: World) -> None:
    message = world.ready()
    payload = world.payload(message)
    newness = dict.fromkeys(payload.values, Newness.KNOWN)
    world.vault.outbox.hand_over(
        message.id, payload=payload, approval_id=world.approve(payload).id, newness=newness
    )
    assert {new for _field, new in given(world, message.id)} == {False}


def test_locks_lie_inside_the_vault(world: World) -> None:
    with world.begin(world.ready()) as attempt:
        lock = world.vault.place.locks / f"{attempt.id}.lock"
        assert lock.exists()
        assert lock.parent == Path(world.vault.folder) / "locks"
        attempt.failed("page-changed")
    assert not lock.exists()


def test_what_must_be_durable_never_waits_for_an_outer_commit(world: World) -> None:
    message = world.ready()
    payload, approval = world.payload(message), world.approve(world.payload(message))
    with pytest.raises(AssertionError, match="durable"), world.vault.together():
        world.vault.outbox.begin(message.id, payload=payload, approval_id=approval.id, newness={})
    assert delivery(world, message.id) is Delivery.READY

"""Proves that only the steps of the two tables can be taken."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model.record import Answer
from optout.model.request import Delivery, Status, StatusReason
from optout.rules.lifecycle import (
    NEXT,
    NEXT_STATUS,
    RUNNING,
    STILL_OPEN,
    ForbiddenStep,
    check_delivery,
    check_status,
    delivery_after_crash,
    delivery_after_restore,
    may_deliver,
    status_after,
)

ALLOWED = {
    ("draft", "ready"),
    ("ready", "filling"),
    ("ready", "handed_over"),
    ("ready", "sending"),
    ("filling", "sending"),
    ("filling", "ready"),
    ("filling", "failed"),
    ("sending", "sent"),
    ("sending", "unknown"),
    ("sending", "failed"),
    ("sending", "ready"),
    ("unknown", "sent"),
    ("unknown", "ready"),
    ("failed", "ready"),
    ("handed_over", "sent"),
    ("handed_over", "ready"),
}


@pytest.mark.parametrize(("old", "new"), list(product(Delivery, Delivery)))
def test_exactly_the_written_steps_are_allowed(old: Delivery, new: Delivery) -> None:
    allowed = (old.value, new.value) in ALLOWED
    assert may_deliver(old, new) is allowed
    if allowed:
        check_delivery(old, new)
    else:
        with pytest.raises(ForbiddenStep) as caught:
            check_delivery(old, new)
        assert caught.value.known is not None
        assert caught.value.hint is not None


def test_sent_is_the_end() -> None:
    assert NEXT[Delivery.SENT] == frozenset()


def test_a_message_left_by_the_person_never_becomes_unknown() -> None:
    assert not may_deliver(Delivery.HANDED_OVER, Delivery.UNKNOWN)


@given(st.lists(st.sampled_from(Delivery), max_size=30))
def test_no_walk_leaves_the_table_or_reaches_sent_unseen(steps: list[Delivery]) -> None:
    here, before = Delivery.DRAFT, Delivery.DRAFT
    for step in steps:
        if may_deliver(here, step):
            before, here = here, step
        if here is Delivery.SENT:
            assert before in {Delivery.SENDING, Delivery.UNKNOWN, Delivery.HANDED_OVER}
            break


def test_a_crash_never_leaves_a_message_that_looks_running_or_sent() -> None:
    after = {delivery: delivery_after_crash(delivery) for delivery in Delivery}
    assert after[Delivery.FILLING] is Delivery.READY
    assert after[Delivery.SENDING] is Delivery.UNKNOWN
    assert all(after[delivery] is delivery for delivery in set(Delivery) - RUNNING)


def test_an_older_copy_knows_only_what_was_sent() -> None:
    after = {delivery: delivery_after_restore(delivery) for delivery in Delivery}
    assert after.pop(Delivery.SENT) is Delivery.SENT
    assert set(after.values()) == {Delivery.UNKNOWN}


def test_each_answer_leads_to_a_status_that_an_open_request_can_take() -> None:
    for answer in Answer:
        status, _ = status_after(answer)
        for old in STILL_OPEN:
            check_status(old, status)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.ACKNOWLEDGED, (Status.IN_PROGRESS, None)),
        (Answer.NEEDS_MORE, (Status.IN_PROGRESS, StatusReason.NEED_USER_VERIFICATION)),
        (Answer.FULFILLED, (Status.FULFILLED, None)),
        (Answer.PARTIAL, (Status.DENIED, StatusReason.PARTIAL)),
        (Answer.DENIED, (Status.DENIED, StatusReason.OTHER)),
        (Answer.RETURNED, (Status.OPEN, StatusReason.RETURNED)),
    ],
)
def test_answers_say_what_companies_said(
    answer: Answer, expected: tuple[Status, StatusReason | None]
) -> None:
    assert status_after(answer) == expected


def test_a_denial_keeps_its_own_reason_and_other_answers_ignore_one() -> None:
    reason = StatusReason.OUTSIDE_JURISDICTION
    assert status_after(Answer.DENIED, reason) == (Status.DENIED, reason)
    assert status_after(Answer.FULFILLED, reason) == (Status.FULFILLED, None)


def test_a_withdrawn_request_stays_withdrawn() -> None:
    assert NEXT_STATUS[Status.REVOKED] == frozenset()
    with pytest.raises(ForbiddenStep):
        check_status(Status.REVOKED, Status.OPEN)


def test_a_status_may_be_said_again() -> None:
    for status in Status:
        check_status(status, status)

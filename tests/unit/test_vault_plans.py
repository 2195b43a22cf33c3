"""Proves that questions asked every day touch indexes, however large the vault has grown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from optout.model.request import Delivery, MessageId, Reference, RequestId, Status
from optout.model.subject import SubjectId
from optout.rules.lifecycle import STILL_OPEN

if TYPE_CHECKING:
    from optout.vault.vault import Vault
    from tests.conftest import World

# Tables that stay small, or that a question reads whole on purpose.
SMALL = {"slot", "setting", "backup", "tally", "json_each", "sqlite_master", "_sqlite_migrations"}
# A partial index holds only what is open or running: reading it whole is the point.
BIG = re.compile(r"SCAN (\w+)( USING (COVERING )?INDEX (task_open|deadline_open|attempt_running))?")

SEVERAL = (RequestId("none"), RequestId("neither"))

QUESTIONS: dict[str, Callable[[Vault], object]] = {
    "status": lambda vault: (vault.requests.tally(), vault.messages.tally()),
    "what is open": lambda vault: vault.requests.list(statuses=STILL_OPEN, limit=50),
    "one status": lambda vault: vault.requests.list(statuses={Status.DENIED}, limit=50),
    "what to do next": lambda vault: vault.messages.list(
        deliveries=set(Delivery) - {Delivery.SENT}, limit=50
    ),
    "tasks": lambda vault: vault.tasks.open(),
    "due": lambda vault: vault.deadlines.due_before(vault.events.now().date() + timedelta(days=30)),
    "one request": lambda vault: vault.requests.by_reference(Reference("none")),
    "one message": lambda vault: vault.messages.by_reference(Reference("none")),
    "messages of a request": lambda vault: vault.messages.for_request(RequestId("none")),
    "dates of a request": lambda vault: vault.deadlines.for_request(RequestId("none")),
    "evidence of a request": lambda vault: vault.evidence.for_request(RequestId("none")),
    "given for a request": lambda vault: vault.disclosures.for_request(RequestId("none")),
    "answers to a request": lambda vault: vault.correspondence.for_request(RequestId("none")),
    "several requests": lambda vault: vault.requests.get_many(SEVERAL),
    "several messages": lambda vault: vault.messages.get_many(map(MessageId, SEVERAL)),
    "messages of several": lambda vault: vault.messages.for_requests(SEVERAL),
    "several people": lambda vault: vault.subjects.get_many(map(SubjectId, SEVERAL)),
    "where several live": lambda vault: vault.subjects.zones_of(map(SubjectId, SEVERAL)),
    "dates of several": lambda vault: vault.deadlines.next_for_requests(SEVERAL),
    "evidence of several": lambda vault: vault.evidence.counts_for_requests(SEVERAL),
    "given for several": lambda vault: vault.disclosures.fields_for_requests(SEVERAL),
    "approval": lambda vault: vault.approvals.find(MessageId("none"), "0"),
    "last attempt": lambda vault: vault.outbox.last_attempt(MessageId("none")),
    "what a crash left": lambda vault: vault.outbox.recover(),
    "newest event": lambda vault: vault.events.head(),
}


def plans_of(vault: Vault, question: Callable[[Vault], object]) -> list[str]:
    """Return the plan of every statement that a question runs."""
    said: list[str] = []
    vault.db.connection.set_trace_callback(said.append)
    question(vault)
    vault.db.connection.set_trace_callback(None)
    asked = [sql for sql in said if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))]
    assert asked
    return [
        str(row["detail"]) for sql in asked for row in vault.db.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]


def scans(plans: list[str]) -> list[str]:
    return [
        plan
        for plan in plans
        if (found := BIG.match(plan))
        and found[1] not in SMALL
        and not found[2]
        and "CONSTANT ROW" not in plan
    ]


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_everyday_question_scans_a_big_table(world: World, name: str) -> None:
    plans = plans_of(world.vault, QUESTIONS[name])
    assert scans(plans) == [], plans


def test_a_scan_would_be_noticed(world: World) -> None:
    plans = plans_of(
        world.vault, lambda vault: vault.db.rows("SELECT * FROM request WHERE law = 'x'")
    )
    assert scans(plans)

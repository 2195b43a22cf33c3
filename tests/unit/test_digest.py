"""Proves that a digest changes with every part of a payload, and with nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model.fields import Field
from optout.model.payload import Payload, Recipient
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.digest import payload_digest, values_sha256

RECIPIENT = Recipient(
    name="Example People Search, Inc.",
    hosts=("example-people.test", "forms.example-people.test"),
    email="privacy@example-people.test",
    lines=("Example People Search, Inc.", "1 Example Plaza", "Denver, CO 80202"),
)
PAYLOAD = Payload(
    message_id=MessageId("m1"),
    subject_id=SubjectId("s1"),
    recipient=RECIPIENT,
    values={
        Field.FULL_NAME: Secret("Jordan Q. Sample"),
        Field.EMAIL: Secret("jordan@example.com"),
    },
    body=Secret("I ask you to stop selling my records."),
    definition_sha256="d" * 64,
    letter_sha256="e" * 64,
)

CHANGES = {
    "message": replace(PAYLOAD, message_id=MessageId("m2")),
    "subject": replace(PAYLOAD, subject_id=SubjectId("s2")),
    "recipient name": replace(PAYLOAD, recipient=replace(RECIPIENT, name="Another")),
    "one host": replace(PAYLOAD, recipient=replace(RECIPIENT, hosts=("example-people.test",))),
    "mail address": replace(PAYLOAD, recipient=replace(RECIPIENT, email="x@example.test")),
    "envelope": replace(PAYLOAD, recipient=replace(RECIPIENT, lines=("Another",))),
    "one value": replace(PAYLOAD, values={**PAYLOAD.values, Field.EMAIL: Secret("j@example.com")}),
    "one more value": replace(PAYLOAD, values={**PAYLOAD.values, Field.CITY: Secret("Denver")}),
    "one value less": replace(PAYLOAD, values={Field.EMAIL: Secret("jordan@example.com")}),
    "body": replace(PAYLOAD, body=Secret("I ask you to stop selling my records!")),
    "no body": replace(PAYLOAD, body=None),
    "empty body": replace(PAYLOAD, body=Secret("")),
    "definition": replace(PAYLOAD, definition_sha256="f" * 64),
    "letter": replace(PAYLOAD, letter_sha256="f" * 64),
}


@pytest.mark.parametrize("part", list(CHANGES))
def test_any_change_gives_another_digest(part: str) -> None:
    assert payload_digest(CHANGES[part]) != payload_digest(PAYLOAD)


def test_all_changes_differ_from_each_other() -> None:
    assert len({payload_digest(changed) for changed in CHANGES.values()}) == len(CHANGES)


def test_the_order_of_values_does_not_matter() -> None:
    turned = replace(PAYLOAD, values=dict(reversed(list(PAYLOAD.values.items()))))
    assert payload_digest(turned) == payload_digest(PAYLOAD)
    assert values_sha256(turned) == values_sha256(PAYLOAD)


def test_the_digest_is_the_same_on_every_machine() -> None:
    assert payload_digest(PAYLOAD) == (
        "cd0bf1a3167577a506d72ec2c06ed9065b1d7f4b73817d0752635b01a970f350"
    )
    assert values_sha256(PAYLOAD) == (
        "09e76fdbdcacc1a5889a42eb6b3abde42ba7fde804b0c190c5e7f62990013f63"
    )


def test_values_leave_out_the_recipient_and_keep_the_salt() -> None:
    assert values_sha256(CHANGES["envelope"]) == values_sha256(PAYLOAD)
    assert values_sha256(CHANGES["message"]) != values_sha256(PAYLOAD)
    assert values_sha256(CHANGES["one value"]) != values_sha256(PAYLOAD)


@given(st.dictionaries(st.sampled_from(Field), st.text(), max_size=6), st.text())
def test_any_text_has_a_digest(values: dict[Field, str], body: str) -> None:
    payload = replace(
        PAYLOAD, values={field: Secret(value) for field, value in values.items()}, body=Secret(body)
    )
    assert payload_digest(payload) == payload_digest(replace(payload, values=dict(payload.values)))

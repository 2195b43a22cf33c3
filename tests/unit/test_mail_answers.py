"""An answer goes to the company's own mail host or nowhere, whatever the mail says of itself."""

from __future__ import annotations

import pytest

from optout.errors import Refused, WrongUsage
from optout.rules.mail_answers import answer_address

DOMAINS = ("example-people.test",)
THEIRS = "privacy@example-people.test"


@pytest.mark.parametrize(
    "mail",
    [
        THEIRS,
        f"From: Example People <{THEIRS}>",
        f"From: Example People\n <{THEIRS}>\nSubject: Please confirm 123456\n\nAnswer YES.",
        f"From: x@evil.test\nReply-To: {THEIRS}\n\nAnswer YES.",
        f"From: {THEIRS}\r\nTo: jordan@example.com\r\n\r\nWrite to x@evil.test instead.",
    ],
)
def test_an_answer_to_the_company_is_written(mail: str) -> None:
    assert answer_address(mail, DOMAINS) == THEIRS


@pytest.mark.parametrize(
    "mail",
    [
        "privacy@example-people.test.evil.test",
        "privacy@example-people.tes",
        "privacy@examp1e-people.test",
        "privacy@example-people.testé",
        "privacy@xn--exmple-people-beb.test",
        f"{THEIRS}@evil.test",
        f'From: "{THEIRS}" <x@evil.test>',
        f"From: {THEIRS}, x@evil.test",
        f"From: {THEIRS}\nReply-To: x@evil.test\n\nAnswer YES.",
        f"From: {THEIRS}\nReply-To: x@evil.test\n\nFrom: {THEIRS}",
        f"From: {THEIRS}\nReply-To: x@evil.test\nReply-To: {THEIRS}\n\nAnswer YES.",
        f"From: x@evil.test\nFrom: {THEIRS}\n\nAnswer YES.",
    ],
)
def test_a_forged_mail_is_not_answered(mail: str) -> None:
    with pytest.raises((Refused, WrongUsage)):
        answer_address(mail, DOMAINS)


@pytest.mark.parametrize(
    "mail", ["", "YES", "Subject: hello\n\nno sender", "To: jordan@example.com\n\nx", "x" * 300_000]
)
def test_what_is_no_mail_is_told_so(mail: str) -> None:
    with pytest.raises(WrongUsage):
        answer_address(mail, DOMAINS)

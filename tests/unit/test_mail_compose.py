"""Proves that a mail reaches one recipient, names no tool, and opens as a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.mail.compose import BadMail, compose, message_id

AT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    subject_line: str = "Privacy request, reference K7F3-Q2MX"
    text: str = "To Example Data, Inc.:\n\nPlease delete.\n\nSincerely,\n\nJordan Q. Sample\n"


def mail(
    written: Written | None = None,
    *,
    sender: str = "jordan.sample@example.com",
    recipient: str = "privacy@example.test",
    digest: str = "attempt-1",
) -> bytes:
    return compose(written or Written(), sender=sender, recipient=recipient, at=AT, digest=digest)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def test_a_mail_carries_these_headers_and_no_others() -> None:
    headers = {name: str(value) for name, value in read(mail()).items()}
    assert headers.pop("Message-ID").endswith("@example.com>")
    assert headers == {
        "From": "jordan.sample@example.com",
        "To": "privacy@example.test",
        "Subject": "Privacy request, reference K7F3-Q2MX",
        "Date": "Mon, 23 Nov 2026 17:30:00 +0000",
        "X-Unsent": "1",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }


def test_the_body_is_the_letters_text() -> None:
    written = Written(text="§ 6-1-1306(1)(d)\n\nNguyễn Thị Hường 王小明\n" + "long " * 300 + "\n")
    body = read(mail(written)).get_content()
    assert body.replace("\r\n", "\n") == written.text


def test_every_line_can_travel() -> None:
    content = mail(Written(text="word " * 2000 + "\n.\n..dots\nFrom here\n"))
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.isascii()


def test_no_tool_is_named() -> None:
    assert not re.search(rb"optout|python|mailer|user-agent", mail(), re.IGNORECASE)


def test_the_message_id_follows_from_the_attempt_and_tells_nothing() -> None:
    assert mail() == mail()
    first, second = (
        message_id("attempt-1", "j@example.com"),
        message_id("attempt-2", "j@example.com"),
    )
    assert first != second
    assert "attempt" not in first
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.com>", first)


INJECTIONS = [
    "privacy@example.test\r\nBcc: evil@example.com",
    "privacy@example.test\nBcc: evil@example.com",
    "privacy@example.test\rBcc: evil@example.com",
    "privacy@example.test, evil@example.com",
    "privacy@example.test; evil@example.com",
    "privacy@example.test evil@example.com",
    "privacy@example.test?bcc=evil@example.com",
    "mailto:privacy@example.test",
    "Privacy <privacy@example.test>",
    "<privacy@example.test>",
    '"privacy"@example.test',
    "privacy@[127.0.0.1]",
    "privacy@localhost",
    "privacy@example..test",
    "privacy@.example.test",
    "privacy@example.test.",
    "privacy@-example.test",
    "privacy@exam ple.test",
    "privacy@example.test\x00",
    "privacy@example.test\u2028",
    "privacy@exаmple.test",  # a Cyrillic letter
    "privacy@example.test\u202e",
    "@example.test",
    "privacy",
    "",
    "a" * 65 + "@example.test",
    "privacy@" + "a." * 130 + "test",
    "group: a@example.test, b@example.test;",
    "privacy@example.test (comment)",
    "privacy%evil@example.com@example.test",
]


@pytest.mark.parametrize("address", INJECTIONS)
def test_an_address_that_is_more_than_one_address_is_refused(address: str) -> None:
    with pytest.raises(BadMail):
        mail(recipient=address)
    with pytest.raises(BadMail):
        mail(sender=address)


@pytest.mark.parametrize(
    "address", ["privacy@example.test", "a.b+c@sub.example-mail.test", "x_y@example.test"]
)
def test_control_a_plain_address_is_taken(address: str) -> None:
    assert str(read(mail(recipient=address))["To"]) == address


@pytest.mark.parametrize(
    "subject",
    ["Hello\r\nBcc: evil@example.com", "Hello\nX: y", "Hello\x00", "", " ", "a\u2028b", "a\u202eb"],
)
def test_a_subject_of_more_than_one_line_is_refused(subject: str) -> None:
    with pytest.raises(BadMail):
        mail(Written(subject_line=subject))


def test_a_body_with_half_a_character_is_refused() -> None:
    with pytest.raises(BadMail):
        mail(Written(text="Jordan \ud800"))


@settings(max_examples=300)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_no_body_becomes_a_header(text: str) -> None:
    content = mail(Written(text=f"Bcc: evil@example.com\n{text}\n"))
    parsed = read(content)
    assert parsed["Bcc"] is None
    assert len(parsed.keys()) == 9


def test_a_date_without_a_zone_is_refused() -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(BadMail):
        compose(Written(), sender="j@example.com", recipient="p@example.test", at=naive, digest="1")
    assert AT.utcoffset() == timedelta(0)

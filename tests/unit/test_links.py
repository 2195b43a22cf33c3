"""Proves that of a pasted mail only the expected company's own link is ever opened (T13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from optout.errors import Refused, WrongUsage
from optout.rules.links import check_still_waiting, confirm_links, links_in

HOSTS = ("example-people.test", "confirm.example-people.test")

GENUINE = [
    "https://example-people.test/confirm?t=1",
    "https://EXAMPLE-PEOPLE.TEST/confirm?t=2",
    "https://confirm.example-people.test/c/3",
    "https://mail.example-people.test/c/4",
    "Please confirm: https://example-people.test/c/5.",
    '<a href="https://example-people.test/c/6">Confirm</a>',
    "(https://example-people.test/c/7)",
    "[Confirm](https://example-people.test/c/8)",
    "https://example-people.test/c/9?a=1&b=2#x",
    "https://example-people.test/c/10, or reply",
    "http://example-people.test/c/11",
    "Line one\nhttps://example-people.test/c/12\nLine three",
    "> quoted https://example-people.test/c/13",
    "https://example-people.test/c/14!",
    "'https://example-people.test/c/15'",
    "https://example-people.test/c/%31%36",
    "https://evil.test/x and then https://example-people.test/c/17",
    "https://example-people.test/c/18;",
    "https://a.b.example-people.test/c/19",
    "https://example-people.test/c/20?next=https://evil.test/",
]

FORGED_HOSTS = [
    "https://example-people.test.evil.test/c",
    "https://evil.test/example-people.test",
    "https://example-people.test@evil.test/c",
    "https://good@evil.test/c",
    "https://example-people.test:443@evil.test/c",
    "https://example-people.test%40evil.test/c",
    "https://example-people.test\\@evil.test/c",
    "https://evil.test\\@example-people.test/c",
    "https://example-people.test./c",
    "https://xn--exmple-people-jib.test/c",
    "https://exаmple-people.test/c",  # Cyrillic a
    "https://example-peoρle.test/c",  # Greek rho
    "https://example_people.test/c",
    "https://examplepeople.test/c",
    "https://example-people.tests/c",
    "https://example-people.te/c",
    "https://notexample-people.test/c",
    "https://example-people.test.co/c",
    "https://127.0.0.1/c",
    "https://2130706433/c",
    "https://0x7f000001/c",
    "https://0177.0.0.1/c",
    "https://[::1]/c",
    "https://[::ffff:127.0.0.1]/c",
    "https://example-people.test:8443/c",
    "https:///example-people.test/c",
    "https:example-people.test/c",
    "//example-people.test/c",
    "ftp://example-people.test/c",
    "javascript:location='https://evil.test'",
    "data:text/html,https://evil.test/",
    "file:///etc/hosts",
    "https://t.co/abc",
    "https://click.mail.test/?u=https%3A%2F%2Fexample-people.test%2Fc",
    "https://evil.test/?https=example-people.test",
    "https://evil.test/#https-example-people.test",
    "https://example-people。test.evil.test/c",
    "https://example-people.test%2eevil.test/c",
    "https://example-people.test%00.evil.test/c",
    "https://example-people.test\u200b.evil.test/c",
    "https://\u202eexample-people.test/c",
    "https://example--people.test/c",
    "https://example-people-test/c",
    "https://www-example-people.test/c",
    "https://example-people.test-login.test/c",
    "https://login.evil.test/example-people.test/c",
    "https://other-broker.test/c",
    "https://example-people.invalid/c",
    "https://example-people.onion/c",
    "https://user:pass@evil.test/c",
    "https://user:pass@example-people.test/c",
    "https://example-people.test@example-people.test/c",
    "https://EXAMPLE-PEOPLE.TEST.EVIL.TEST/c",
    "https://example-people.test。/c",
    "https://１２７.0.0.1/c",
    "https://localhost/c",
    "https://example-people.test..evil.test/c",
    "https://-example-people.test/c",
    "https://user@evil.test?@example-people.test/",
    "hxxps://example-people.test/c",
    "https //example-people.test/c",
    "no link at all",
]


@pytest.mark.parametrize("mail", GENUINE)
def test_a_genuine_link_is_found(mail: str) -> None:
    assert len(confirm_links(mail, HOSTS)) == 1


@pytest.mark.parametrize("mail", FORGED_HOSTS)
def test_a_forged_link_is_never_offered(mail: str) -> None:
    try:
        offered = confirm_links(mail, HOSTS)
    except (Refused, WrongUsage):
        offered = ()
    assert offered == ()


def test_the_corpus_is_caught_by_the_host_rule_and_nothing_else() -> None:
    """The control: without the rule, most of the corpus holds a link that would be opened."""
    would_open = [mail for mail in FORGED_HOSTS if links_in(mail)]
    assert len(FORGED_HOSTS) >= 60
    assert len(would_open) >= 45


def test_a_link_is_refused_when_its_hours_are_over() -> None:
    sent = datetime(2026, 11, 2, 12, tzinfo=UTC)
    check_still_waiting(sent, sent + timedelta(hours=24), within_hours=24)
    with pytest.raises(Refused):
        check_still_waiting(sent, sent + timedelta(hours=25), within_hours=24)


def test_no_link_waits_longer_than_two_weeks() -> None:
    sent = datetime(2026, 11, 2, 12, tzinfo=UTC)
    with pytest.raises(Refused):
        check_still_waiting(sent, sent + timedelta(days=15), within_hours=24 * 365)


def test_a_novel_is_not_searched_for_links() -> None:
    with pytest.raises(WrongUsage):
        confirm_links("x" * 300_000, HOSTS)

"""Proves that an address whose host could be read in two ways is never used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.rules.hosts import BadAddress, host_allowed, host_of

TRICKS = {
    "user name": "https://good.example.com@evil.test/",
    "user name and password": "https://good.example.com:x@evil.test/",
    "empty user name": "https://@evil.test/",
    "encoded at": "https://good.example.com%40evil.test/",
    "backslash before at": "https://evil.test\\@good.example.com/",
    "backslash as slash": "https:\\\\good.example.com/",
    "backslash after host": "https://good.example.com\\.evil.test/",
    "trailing dot": "https://good.example.com./",
    "punycode twin": "https://xn--god-0na.example.com/",
    "punycode below": "https://www.xn--god-0na.com/",
    "punycode in capitals": "https://XN--GOD-0NA.example.com/",
    "letters of another script": "https://gооd.example.com/",
    "full-width letters": "https://ｇｏｏｄ.example.com/",
    "ideographic full stop": "https://good。example.com/",
    "soft hyphen": "https://go\u00adod.example.com/",
    "zero width": "https://go\u200bod.example.com/",
    "right to left": "https://good.example.com\u202e/moc",
    "sharp s": "https://straße.example.com/",
    "plain http": "http://good.example.com/",
    "http below a look-alike of the reserved name": "http://good.test.example.com/",
    "ftp": "ftp://good.example.com/",
    "websocket": "wss://good.example.com/",
    "data": "data:text/html,https://good.example.com/",
    "javascript": "javascript://good.example.com/%0aalert(1)",
    "file": "file:///etc/passwd",
    "blob": "blob:https://good.example.com/1",
    "view-source": "view-source:https://good.example.com/",
    "no scheme": "//good.example.com/",
    "one slash": "https:/good.example.com/",
    "no slash": "https:good.example.com",
    "three slashes": "https:///good.example.com/",
    "port": "https://good.example.com:8443/",
    "usual port": "https://good.example.com:443/",
    "empty port": "https://good.example.com:/",
    "bad port": "https://good.example.com:99999/",
    "dotted IP": "https://192.0.2.7/",
    "decimal IP": "https://3221225991/",
    "octal IP": "https://0300.0000.0002.0007/",
    "hexadecimal IP": "https://0xc0.0x0.0x2.0x7/",
    "short IP": "https://127.1/",
    "empty hexadecimal label": "https://good.0x/",
    "IPv6": "https://[2001:db8::1]/",
    "mapped IPv6": "https://[::ffff:127.0.0.1]/",
    "IPv6 with a zone": "https://[fe80::1%25eth0]/",
    "bracket without end": "https://[good.example.com/",
    "single word": "https://localhost/",
    "empty": "",
    "only a scheme": "https://",
    "leading space": " https://good.example.com/",
    "trailing space": "https://good.example.com/ ",
    "space in host": "https://good .example.com/",
    "tab in host": "https://go\tod.example.com/",
    "newline in scheme": "ht\ntps://good.example.com/",
    "carriage return": "https://good.example.com/\r",
    "NUL": "https://good.example.com\x00.evil.test/",
    "encoded slash": "https://good.example.com%2f.evil.test/",
    "encoded dot": "https://good%2eexample.com/",
    "underscore": "https://go_od.example.com/",
    "two dots": "https://good..example.com/",
    "leading dot": "https://.good.example.com/",
    "leading hyphen": "https://-good.example.com/",
    "trailing hyphen": "https://good-.example.com/",
    "star": "https://*.example.com/",
    "long label": "https://" + "a" * 64 + ".example.com/",
    "long host": "https://" + "a." * 200 + "example.com/",
    "long address": "https://good.example.com/" + "a" * 3_000,
    "comma": "https://good.example.com,evil.test/",
    "semicolon": "https://good.example.com;evil.test/",
    "braces": "https://{full_name}.example.com/",
}


@pytest.mark.parametrize("url", TRICKS.values(), ids=TRICKS.keys())
def test_an_address_that_can_be_misread_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        host_of(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://good.example.com", "good.example.com"),
        ("https://GOOD.Example.COM/Path?x=1#y", "good.example.com"),
        ("HTTPS://good.example.com/", "good.example.com"),
        ("https://a-b.c1.example.com/@user", "a-b.c1.example.com"),
        ("https://good.example.com?u=https://evil.test/", "good.example.com"),
        ("https://good.example.com#@evil.test", "good.example.com"),
        ("https://3m.example.com/", "3m.example.com"),
        ("http://people.test/optout", "people.test"),
        ("http://www.people.test/optout", "www.people.test"),
    ],
)
def test_a_plain_address_names_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


def test_the_refusal_does_not_repeat_the_address() -> None:
    with pytest.raises(BadAddress) as refused:
        host_of("https://secret-token@evil.test/")
    assert "evil" not in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "allowed", "yes"),
    [
        ("people.test", ["people.test"], True),
        ("PEOPLE.test", ["people.test"], True),
        ("www.people.test", ["people.test"], True),
        ("a.b.people.test", ["people.test"], True),
        ("evilpeople.test", ["people.test"], False),
        ("people.test.evil.example.com", ["people.test"], False),
        ("test", ["people.test"], False),
        ("people.test", ["www.people.test"], False),
        ("people.test", ["*"], False),
        ("people.test", ["test"], False),
        ("people.test", [""], False),
        ("people.test", [".test"], False),
        ("people.test", ["*.test"], False),
        ("people.test.", ["people.test"], False),
        ("127.0.0.1", ["127.0.0.1"], False),
        ("127.0.0.1", ["0.0.1"], False),
        ("[::1]", ["[::1]"], False),
        ("xn--pople-4ya.test", ["xn--pople-4ya.test"], False),
        ("people.test", [], False),
        ("", ["people.test"], False),
    ],
)
def test_a_host_is_allowed_by_itself_or_from_above(
    host: str, allowed: list[str], *, yes: bool
) -> None:
    assert host_allowed(host, allowed) is yes


@given(st.text(max_size=80))
def test_any_text_is_either_a_host_or_our_own_error(text: str) -> None:
    for url in (text, "https://" + text):
        try:
            host = host_of(url)
        except BadAddress:
            continue
        assert host == host.lower()
        assert host_of(f"https://{host}/") == host


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,3}", fullmatch=True), st.text(max_size=20))
def test_nothing_after_the_host_changes_it(host: str, rest: str) -> None:
    try:
        assert host_of(f"https://{host}/{rest}") == host
    except BadAddress:
        assert not rest.isascii() or not rest.isprintable() or "\\" in rest or " " in rest

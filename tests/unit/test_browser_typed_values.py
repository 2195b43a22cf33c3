"""Proves that a typed value is recognised in what a page sends, and that chance is not."""

from __future__ import annotations

import base64
import secrets
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.browser.typed_values import TypedValues

EMAIL = "jordan.sample@example.com"


def typed(*values: str) -> TypedValues:
    watching = TypedValues()
    for value in values:
        watching.add(value)
    return watching


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CARRIERS = {
    "plain": f"https://evil.test/?e={EMAIL}",
    "encoded": f"https://evil.test/?e={quote(EMAIL, safe='')}",
    "encoded twice": f"https://evil.test/?e={quote(quote(EMAIL, safe=''), safe='')}",
    "capitals": f"e={EMAIL.upper()}",
    "JSON": f'{{"a": [{{"e": "{EMAIL}"}}]}}',
    "base64": in_base64(EMAIL),
    "base64 after one letter": in_base64("x" + EMAIL),
    "base64 after two letters": in_base64("xy" + EMAIL + "z"),
    "base64 in an address": quote(in_base64(f"k={EMAIL}&n=1"), safe=""),
    "base64 for addresses": base64.urlsafe_b64encode(f"???{EMAIL}>>>".encode()).decode(),
    "base64 of small letters": in_base64(EMAIL.lower()),
    "form": f"--x\r\nContent-Disposition: form-data; name=e\r\n\r\n{EMAIL}\r\n",
}


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS.keys())
def test_a_typed_value_is_recognised(carrier: str) -> None:
    assert typed(EMAIL).found_in(carrier)


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS.keys())
def test_another_persons_value_is_not(carrier: str) -> None:
    assert not typed("robin.example@example.com").found_in(carrier)


def test_spaces_count_as_pages_write_them() -> None:
    watching = typed("100 Example Street")
    assert watching.found_in("s=" + quote_plus("100 Example Street"))
    assert watching.found_in("s=" + quote("100 Example Street"))


def test_nothing_is_found_before_anything_was_typed() -> None:
    assert not TypedValues().found_in(EMAIL)


@pytest.mark.parametrize("short", ["Ana", "Lee", "Diaz", "80202"])
def test_a_short_value_counts_as_a_word_of_its_own(short: str) -> None:
    watching = typed(short)
    assert watching.found_in(f"https://evil.test/?n={short}&x=1")
    assert watching.found_in(f'{{"n":"{short}"}}')
    assert not watching.found_in(f"x{short}x")
    assert not watching.found_in("a" + short + "1b")


def test_two_letters_are_never_looked_for() -> None:
    assert not typed("CO").found_in("state=CO")


def test_long_random_tokens_are_not_mistaken() -> None:
    watching = typed("Ana", "Lee", "80202", "CO", "Denver", "+13035550142")
    for _ in range(100):
        token = secrets.token_urlsafe(3000).replace("-", "x").replace("_", "x")
        assert not watching.found_in(token)


@given(st.text(min_size=6, max_size=40).filter(lambda text: len(text.strip().casefold()) >= 6))
def test_any_value_is_found_in_its_own_spellings(value: str) -> None:
    watching = typed(value)
    clean = value.strip()
    assert watching.found_in("a=" + clean + "&b")
    assert watching.found_in("a=" + quote(clean, safe="") + "&b")
    for before in ("", "x", "xy"):
        assert watching.found_in(in_base64(before + clean + "tail"))

"""Proves that text from a page can neither steer a terminal nor hide its end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.rules.plain_text import plain_text

HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.test\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b31mred",
    "safe\u202eexe.txt",
    "\u2066isolated\u2069",
    "zero\u200bwidth\u200d\u2060joined",
    "line\u2028separator\u2029paragraph",
    "soft\u00adhyphen",
    "\ufeffmark",
    "bell\x07 back\x08space",
    "tag\U000e0041\U000e0042",
    "private\ue000use",
    "lone\ud800surrogate",
    "a" + "\u0301" * 60,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    clean = plain_text(text, limit=100)
    kinds = {unicodedata.category(char) for char in clean}
    assert not kinds & {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
    assert clean.encode("utf-8")


def test_a_line_break_becomes_a_space_and_the_text_stays_one_line() -> None:
    assert plain_text("  Request\r\n\treceived \n A-1  ", limit=100) == "Request received A-1"


def test_names_in_any_script_stay_as_they_are() -> None:
    assert plain_text("José Muñoz 王 Нгуен", limit=100) == "José Muñoz 王 Нгуен"


def test_a_long_text_is_cut_visibly() -> None:
    assert plain_text("a" * 50, limit=10) == "a" * 9 + "…"


@given(st.text(max_size=400), st.integers(min_value=1, max_value=50))
def test_the_limit_always_holds_and_cleaning_twice_changes_nothing(text: str, limit: int) -> None:
    clean = plain_text(text, limit)
    assert len(clean) <= limit
    assert plain_text(clean, limit) == clean

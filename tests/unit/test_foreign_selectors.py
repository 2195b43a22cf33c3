"""Selectors that look inside something, said for the whole page."""

from __future__ import annotations

import pytest

from optout.rules.foreign_selectors import Whole, inside

CLASS = "//*[contains(concat(' ', normalize-space(@class), ' '), ' a ')]"


@pytest.mark.parametrize(
    ("parent", "selector", "wanted"),
    [
        ("", "#a", "#a"),
        ("", ".//p", "//p"),
        ("", "./p", "/p"),
        ("", "(//p)[1]", "(//p)[1]"),
        ("form", "#a, #b", ":is(form) :is(#a, #b)"),
        (".x", "//p[1]", "//p[1]"),  # XPath from the top, whatever stands around it
        ("form.a", ".//p", f"{CLASS.replace('*', 'form')}//p"),
        (".a form", ".//p[@b='c']", f"{CLASS}//form//p[@b='c']"),
        ("//form[@id='f']", ".//p", "//form[@id='f']//p"),
        ("//form[@id='f']", "input[name='e']", "//form[@id='f']//input[@name='e']"),
        (".//div", "#a", "//div//*[@id='a']"),
    ],
)
def test_what_can_be_said_in_one(parent: str, selector: str, wanted: str) -> None:
    assert inside(parent, selector) == Whole(wanted)


@pytest.mark.parametrize(
    ("parent", "selector", "wanted"),
    [
        (".a > form", ".//p", "//p"),
        ("//form", "p:first-child", "p:first-child"),
        ("[class^='a']", ".//p", "//p"),
    ],
)
def test_what_cannot_is_told(parent: str, selector: str, wanted: str) -> None:
    assert inside(parent, selector) == Whole(wanted, narrowed=False)

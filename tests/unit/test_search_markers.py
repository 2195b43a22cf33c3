"""What says “nobody of this name” must be on no other page, or every page would say it."""

from __future__ import annotations

import pytest

from optout.catalog.checks import search
from optout.catalog.checks.setting import Setting
from optout.catalog.files import load_text
from optout.model.broker import Broker
from tests.unit.test_catalog_checks import GOOD

GOOD_MARKER = 'none_text = "We found nobody"'


def found(marker: str) -> list[str]:
    text = GOOD.replace(GOOD_MARKER, marker)
    assert marker == GOOD_MARKER or text != GOOD
    broker = load_text(text.encode(), Broker)
    return [each.what.english() for each in search.run(broker, Setting()) if not each.warning]


@pytest.mark.parametrize(
    "marker", ['none_text = "No"', 'none = "body"', 'none = "*"', 'none = "//div"', 'none = "H1"']
)
def test_a_marker_of_any_page_is_refused(marker: str) -> None:
    assert any("any page would say" in each for each in found(marker))


@pytest.mark.parametrize(
    "marker",
    [
        GOOD_MARKER,
        'none = "#nobody"',
        "none = \"//h1[text()='Search Not Found']\"",
        "none = \"//div[h1[contains(text(), 'No results found')]]\"",
        'none = "div[class^=NoResults]"',
    ],
)
def test_a_marker_of_its_own_page_is_not(marker: str) -> None:
    assert found(marker) == []


@pytest.mark.parametrize(
    ("looks", "wrong"),
    [
        ("{ after_request = 3, while_there = 7, after_removal = 30, after_error = 2 }", ()),
        ("{ after_request = 365 }", ()),
        ("{ after_request = 2 }", ("after_request",)),
        ("{ while_there = 6, after_removal = 366 }", ("while_there", "after_removal")),
        ("{ after_error = -1 }", ("after_error",)),
    ],
)
def test_no_definition_looks_more_often_than_usual(looks: str, wrong: tuple[str, ...]) -> None:
    text = GOOD.replace("[search]\n", f"[search]\nlooks = {looks}\n")
    broker = load_text(text.encode(), Broker)
    said = [each for each in search.run(broker, Setting()) if not each.warning]
    assert [each.where for each in said] == [f"search.looks.{name}" for name in wrong]

"""Addresses with personal data put in: the table of the dialect, and what must not get out."""

from __future__ import annotations

import pytest

from optout.rules.hosts import BadAddress
from optout.rules.url_template import (
    TRANSFORMS,
    filled_text,
    filled_url,
    places_in,
    unknown_transforms,
)

MARY = {
    "firstName": "mary ann",
    "lastName": "de la cruz",
    "state": "CA",
    "city": "san jose",
    "age": "46",
}
RANGES = ("0-30", "31-60", "61-80", "80+")


def put(place: str, age_range: tuple[str, ...] = (), **values: str) -> str:
    filled = filled_url(f"https://example.com/{place}", {**MARY, **values}, age_range)
    return filled.removeprefix("https://example.com/")


def test_the_measured_example() -> None:
    template = "https://example.com/${firstName}-${lastName}/${state}/${city|hyphenated}/"
    wanted = "https://example.com/Mary%20Ann-De%20La%20Cruz/ca/San-Jose"
    assert filled_url(template, MARY) == wanted


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("${firstName}", "Mary%20Ann"),
        ("${state}", "ca"),
        ("${age}", "46"),
        ("${city|hyphenated}", "San-Jose"),
        ("${city|downcase|hyphenated}", "san-jose"),
        ("${city|upcase}", "SAN%20JOSE"),
        ("${city|snakecase}", "San_Jose"),
        ("${city|downcase|capitalize}", "San%20Jose"),
        ("${city|replaceWhitespace:+}", "San+Jose"),
        ("${city|replaceWhitespace:\\1}", "San%5C1Jose"),
        ("${state|stateFull}", "California"),
        ("${state|stateFull|downcase}", "california"),
        ("${state|upcase}", "CA"),
        ("${middleName|defaultIfEmpty:~}", "~"),
        ("${firstName|defaultIfEmpty:~}", "Mary%20Ann"),
        ("${middleName}", ""),
        ("${city|nobodyKnows}", "San%20Jose"),
        ("$%7Bcity%7Chyphenated%7D", "San-Jose"),
        ("people/a+b/", "people/a+b"),
        ("a//b///${state}", "a/b/ca"),
    ],
)
def test_each_transform_does_what_the_table_says(place: str, wanted: str) -> None:
    assert put(place) == wanted


@pytest.mark.parametrize(
    ("age", "wanted"),
    [("0", "0-30"), ("30", "0-30"), ("46", "31-60"), ("80", "61-80"), ("85", "85"), ("", "")],
)
def test_the_range_that_holds_the_age_else_the_age_itself(age: str, wanted: str) -> None:
    assert put("${age|ageRange}", RANGES, age=age) == wanted
    assert put("${age|ageRange}", age=age) == age  # the step names no ranges


def test_a_query_is_written_as_browsers_write_it() -> None:
    template = "https://example.com/s?f=${firstName}&c=${city|downcase}&x=~&e=&s=${state}#top"
    wanted = "https://example.com/s?f=Mary+Ann&c=san+jose&x=%7E&e=&s=ca#top"
    assert filled_url(template, MARY) == wanted


def test_a_value_stays_in_its_part_of_the_address() -> None:
    assert put("p/${city}/x", city="a/../b?c#d%2e&e") == "p/A%2F..%2Fb%3Fc%23d%252e&e/x"
    for dots in ("..", "."):
        assert put("p/${city}/x", city=dots) == "p//x"
    assert put("?q=${city}", city="a&b=c#d") == "?q=A%26b%3Dc%23d"


def test_a_value_is_never_read_as_a_place_again() -> None:
    assert put("${city}", city="${age}") == "$%7Bage%7D"


@pytest.mark.parametrize(
    "template",
    [
        "https://${city}.example.com/x",
        "https://%24%7Bcity%7D.example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://example.com/${city}",
        "https://user@example.com/",
        "//example.com/x",
        "data:text/html,x",
        "",
    ],
)
def test_an_address_that_leads_who_knows_where_is_refused(template: str) -> None:
    with pytest.raises(BadAddress):
        filled_url(template, MARY)


def test_what_an_address_reveals_and_what_nobody_knows_of_it_is_told() -> None:
    template = "https://example.com/${city|wobble|upcase}/${age|ageRange}?m=${middleName}&c=${city}"
    assert places_in(template) == ("city", "age", "middleName")
    assert unknown_transforms(template) == ("wobble",)
    assert set(TRANSFORMS) == {
        *("hyphenated", "capitalize", "downcase", "upcase", "snakecase"),
        *("stateFull", "defaultIfEmpty", "ageRange", "replaceWhitespace"),
    }


def test_a_side_of_a_comparison_is_text() -> None:
    assert filled_text("${age}", MARY) == "46"
    assert filled_text("45", MARY) == "45"

"""Addresses with personal data put in: the table of the dialect, and what must not get out."""

from __future__ import annotations

import pytest

from optout.model.fields import Field
from optout.rules.dialect import template_host
from optout.rules.foreign_address import our_address
from optout.rules.hosts import BadAddress
from optout.rules.open_address import filled_address
from optout.rules.url_template import TRANSFORMS, places_in, unknown_transforms

MARY = {
    Field.FIRST_NAME: "mary ann",
    Field.LAST_NAME: "de la cruz",
    Field.STATE: "CA",
    Field.CITY: "san jose",
    Field.AGE: "46",
}
RANGES = ("0-30", "31-60", "61-80", "80+")


def put(place: str, age_range: tuple[str, ...] = (), **changed: str) -> str:
    ours = our_address(f"https://example.com/{place}", age_range)
    values = MARY | {Field(name): value for name, value in changed.items()}
    return filled_address(ours, values).removeprefix("https://example.com/")


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        (
            "${firstName}-${lastName}/${state}/${city|hyphenated}/",
            "Mary%20Ann-De%20La%20Cruz/ca/San-Jose",
        ),
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
        ("x/${middleName|defaultIfEmpty:~}/${middleName}/y", "x/~//y"),
        ("${city|nobodyKnows}", "San%20Jose"),
        ("$%7Bcity%7Chyphenated%7D", "San-Jose"),
        ("people/a+b/", "people/a+b"),
        ("a//b///${state}", "a/b/ca"),
        (
            "s?f=${firstName}&c=${city|downcase}&x=~&e=&s=${state}#top",
            "s?f=Mary+Ann&c=san+jose&x=~&e=&s=ca#top",
        ),
    ],
)  # fmt: skip
def test_each_transform_does_what_the_table_says(place: str, wanted: str) -> None:
    assert put(place) == wanted


@pytest.mark.parametrize(
    ("age", "wanted"),
    [("0", "0-30"), ("30", "0-30"), ("46", "31-60"), ("80", "61-80"), ("85", "85"), ("", "")],
)
def test_the_range_that_holds_the_age_else_the_age_itself(age: str, wanted: str) -> None:
    assert put("${age|ageRange}", RANGES, age=age) == wanted
    assert put("p?age=${age|ageRange}", RANGES, age=age) == f"p?age={wanted}"
    assert put("${age|ageRange}", age=age) == age  # the step names no ranges


def test_a_value_stays_in_its_part_of_the_address() -> None:
    assert put("p/${city}/x", city="a/../b?c#d%2e&e") == "p/A%2F..%2Fb%3Fc%23d%252e%26e/x"
    for dots in ("..", "."):
        assert put("p/${city}/x", city=dots) == "p/x"
    assert put("?q=${city}", city="a&b=c#d") == "?q=A%26b%3Dc%23d"


def test_a_value_is_never_read_as_a_place_again() -> None:
    assert put("${city}", city="${age}") == "%24%7Bage%7D"
    assert put("${city}", city="{age}") == "%7Bage%7D"


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
        template_host(template)


def test_what_an_address_reveals_and_what_nobody_knows_of_it_is_told() -> None:
    template = "https://example.com/${city|wobble|upcase}/${age|ageRange}?m=${middleName}&c=${city}"
    assert places_in(template) == ("city", "age", "middleName")
    assert unknown_transforms(template) == ("wobble",)
    assert set(TRANSFORMS) == {
        *("hyphenated", "capitalize", "downcase", "upcase", "snakecase"),
        *("stateFull", "defaultIfEmpty", "ageRange", "replaceWhitespace"),
    }

"""What counts of an element's words: the table of the dialect, and patterns that would hang."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from optout.model.dialect import Profile
from optout.model.reading import Reading
from optout.model.row import City
from optout.rules.read_row import RawRow, read_row
from optout.rules.row_words import (
    BadPattern,
    Patterns,
    age_of,
    bare,
    check_pattern,
    cities_of,
    city_in_two,
    city_of_address,
    listed,
    name_of,
    own_words,
    phones_of,
    relatives_of,
)

DENVER = City(city="Denver", state="CO")


def patterns(seconds: float = 5.0) -> Patterns:
    return Patterns(time.monotonic, seconds)


@pytest.mark.parametrize(
    ("text", "how", "wanted"),
    [
        ("Age 46", Reading(after_text="Age "), "46"),
        ("Age: 46 years old", Reading(after_text="Age:"), "46"),
        ("Jordan Sample, 46", Reading(before_text=","), "Jordan Sample"),
        ("Jordan Sample, 46", Reading(after_text=","), "46"),
        ("a:b:c", Reading(after_text=":"), "b"),  # up to the next one
        ("no such words", Reading(after_text="Age"), "no such words"),
        ("Age", Reading(after_text="Age"), "Age"),  # nothing would be left
        ("Lives IN Denver", Reading(after_text="/\\sin\\s/i"), "Denver"),
        ("Lives IN Denver", Reading(after_text="/\\sin\\s/"), "Lives IN Denver"),
        ("Denver 2019 to 2024", Reading(before_text="/\\d{4}/"), "Denver"),
        ("a/b/c", Reading(before_text="/"), "a"),  # one slash is a slash
        ("a - b (c)", Reading(after_text="-", before_text="("), "b"),
    ],
)
def test_the_part_that_counts(text: str, how: Reading, wanted: str) -> None:
    assert own_words(text, how, patterns()) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Denver, CO +3 more", "Denver, CO"),
        ("AKA: Jo Sample", "Jo Sample"),
        ("Known as: Jo", "Jo"),
        ("Also known as: Jo", "Jo"),
        ("Associated persons: Jo", "Jo"),
        ("Has lived in: Denver, CO", "Denver, CO"),
        ("Used to live: Denver", "Denver"),
        ("Used to live in: Denver", "Denver"),
        ("Lives in: Denver", "Denver"),
        ("Related to: Jo", "Jo"),
        ("RESIDES IN Denver, CO", "Denver, CO"),
        ("No other aliases.", ""),
        ("Jordan Sample -", "Jordan Sample"),
        ("46 years old", "46"),
        ("C++ Sample", "C++ Sample"),
    ],
)
def test_what_pages_write_around_it_is_cut(text: str, wanted: str) -> None:
    assert bare(text) == wanted


@pytest.mark.parametrize(
    ("texts", "separator", "wanted"),
    [
        (["a | b\nc • d · e"], "", ["a", "b", "c", "d", "e"]),
        (["a, b"], "", ["a, b"]),
        (["a, b,, "], ",", ["a", "b"]),
        (["a1b22c"], "/\\d+/", ["a", "b", "c"]),
        (["a", " ", "b|c"], "", ["a", "b", "c"]),
        (["100 Example St, Denver, CO"], "/\\bSt\\s*,\\s*/", ["100 Example", "Denver, CO"]),
    ],
)
def test_lists(texts: list[str], separator: str, wanted: list[str]) -> None:
    assert listed(texts, Reading(separator=separator), patterns()) == wanted


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Denver, CO", DENVER),
        ("Denver, Colorado", DENVER),
        ("Denver CO", DENVER),
        ("Denver, CO 80202", DENVER),
        ("Denver, CO 80202-0001", DENVER),
        ("Denver, co,", DENVER),
        ("Colorado Springs, CO", City(city="Colorado Springs", state="CO")),
        ("Colorado Springs CO", City(city="Colorado Springs", state="CO")),
        ("New York, New York", City(city="New York", state="NY")),
        ("Washington, DC", City(city="Washington", state="DC")),
        ("Denver", None),
        ("Denver, Co...", None),
        ("Paris, France", None),
        ("", None),
        (", CO", None),
    ],
)
def test_a_city_needs_a_state(entry: str, wanted: City | None) -> None:
    assert next(cities_of([entry]), None) == wanted


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("100 Example Street, Denver, CO 80202", DENVER),
        ("100 Example Street, Apt 4, Denver, Colorado 80202", DENVER),
        ("100 Example St Denver, CO", DENVER),
        ("100 N Example Ave Apt 4 Colorado Springs CO 80903",
         City(city="Colorado Springs", state="CO")),
        ("100 Example Street", None),
        ("Example", None),
    ],
)  # fmt: skip
def test_the_city_of_a_whole_address(entry: str, wanted: City | None) -> None:
    assert city_of_address(entry) == wanted


def test_a_place_in_two_parts_may_lack_its_state_but_not_have_a_wrong_one() -> None:
    assert city_in_two(["Denver"], ["Colorado"]) == DENVER
    assert city_in_two(["Denver,"], []) == City(city="Denver", state=None)
    assert city_in_two(["Paris"], ["France"]) is None
    assert city_in_two([], ["CO"]) is None


def test_single_values() -> None:
    assert name_of(["Jordan\nQ.  Sample", "other"]) == "Jordan Q. Sample"
    assert name_of([]) is None
    assert age_of(["Age 46, born 1980"]) == 46
    assert age_of(["unknown"]) is None
    assert age_of(["123456"]) is None
    assert phones_of(["(303) 555-0142", "none"]) == ["3035550142"]
    assert relatives_of(["Riley Sample, 71", " ,x"]) == ["Riley Sample"]


def test_a_row_has_each_entry_once_and_in_one_order() -> None:
    profile: Profile = {
        "name": Reading(selector="h2"),
        "age": Reading(selector=".a", after_text="Age "),
        "addressCityState": Reading(selector=".b"),
        "addressCityStateList": Reading(selector=".c", city=Reading(), state=Reading()),
        "alternativeNamesList": Reading(selector=".d"),
        "relativesList": Reading(selector=".e"),
        "phone": Reading(selector=".f"),
        "phoneList": None,
        "profileUrl": Reading(identifier_type="hash"),
    }
    raw = RawRow(
        texts={
            "name": ["Jordan Q. Sample"],
            "age": ["Age 46"],
            "addressCityState": ["Denver, CO"],
            "alternativeNamesList": ["Jo Sample | J Sample | Jo Sample"],
            "relativesList": ["Riley Sample, 71", "Casey Example"],
            "phone": ["303-555-0142"],
            "phoneList": ["303-555-0199"],
        },
        parts={
            "addressCityStateList": [
                {"city": ["Denver"], "state": ["CO"]},
                {"city": ["Austin"], "state": ["Texas"]},
                {"city": ["Boulder"], "state": []},
            ]
        },
    )
    row = read_row(raw, profile, patterns())
    assert row.name == "Jordan Q. Sample"
    assert row.age == 46
    assert row.alternative_names == ("J Sample", "Jo Sample")
    assert row.relatives == ("Casey Example", "Riley Sample")
    assert row.phones == ("3035550142",)
    assert row.addresses == (
        City(city="Boulder", state=None),
        DENVER,
        City(city="Austin", state="TX"),
    )
    assert row.profile_url is None


HANGS = ["/(a+)+$/", "/(a|aa)+$/", "/(.*)*x/", "/(\\s*[^,]*\\s*)*;/"]


@pytest.mark.parametrize("pattern", HANGS)
def test_a_pattern_cannot_hang_us(pattern: str) -> None:
    began = time.monotonic()
    with suppress(BadPattern):  # some of them are read in no time after all
        own_words("a" * 5_000 + "!", Reading(before_text=pattern), patterns(0.5))
    assert time.monotonic() - began < 60


def test_all_patterns_together_have_one_time() -> None:
    reading = patterns(0.4)
    began = time.monotonic()
    slow = Reading(before_text="/^(a|a|a)+$/")
    with pytest.raises(BadPattern, match="too long"):
        [own_words("a" * 24 + "!", slow, reading) for _ in range(10_000)]
    assert time.monotonic() - began < 60
    own_words("Age 46", Reading(before_text="/\\d/"), patterns(60))  # the control


@pytest.mark.parametrize(
    "pattern", ["/(/", "/[/", f"/{'a' * 600}/", "/a{99999999}/", "/((a{99}){99}){99}/", "/*/"]
)
def test_a_pattern_that_is_none_or_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        check_pattern(pattern)


def test_words_are_no_pattern() -> None:
    for words in ("Age (", "/", "//", "a/b", "/x/g"):
        check_pattern(words)
    assert own_words("Age (46", Reading(after_text="Age ("), patterns()) == "46"

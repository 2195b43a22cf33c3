"""A listing keeps its identity when the page tells it otherwise, and never takes another's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model.row import City, Row
from optout.rules.row_identity import is_same_listing, own_number, row_key

PUEBLO, AUSTIN = City(city="Pueblo", state="CO"), City(city="Austin", state="TX")
OWN = Row(name="María José Muñoz Sample", age=42, addresses=(PUEBLO, AUSTIN), relatives=("A B",))
NUMBERED = replace(OWN, profile_url="https://www.example.com/person/Maria-Sample/p1234567")

names = st.sampled_from(["Jordan Sample", "María Muñoz Sample", "Jo Example", ""])
cities = st.sampled_from(["Denver", "Pueblo", "Austin", "San José"])
states = st.sampled_from(["CO", "TX", None])
places = st.lists(st.builds(City, city=cities, state=states), max_size=3).map(tuple)
urls = st.sampled_from(
    [
        None,
        "https://example.com/person/p1234567",
        "https://example.com/person/p7654321?ref=a",
        "https://example.com/find/jordan-sample/denver",
    ]
)
rows = st.builds(
    Row,
    name=names,
    age=st.none() | st.integers(18, 99),
    addresses=places,
    relatives=st.lists(names, max_size=3).map(tuple),
    phones=st.lists(st.just("3035550142"), max_size=1).map(tuple),
    alternative_names=st.lists(names, max_size=2).map(tuple),
    profile_url=urls,
)


@given(row=rows, other=rows)
def test_age_relatives_phones_other_names_and_order_change_nothing(row: Row, other: Row) -> None:
    changed = replace(
        row,
        age=other.age,
        relatives=other.relatives,
        phones=other.phones,
        alternative_names=other.alternative_names,
        addresses=tuple(reversed(row.addresses)),
    )
    assert row_key(changed) == row_key(row)


@given(row=rows, other=rows)
def test_rows_of_another_name_or_number_are_other_listings(row: Row, other: Row) -> None:
    numbers = own_number(row.profile_url or ""), own_number(other.profile_url or "")
    if (all(numbers) and numbers[0] != numbers[1]) or (not any(numbers) and row.name != other.name):
        assert row_key(row) != row_key(other)
        assert not is_same_listing(row, other)


@given(row=rows)
def test_a_key_tells_nothing_and_is_always_the_same(row: Row) -> None:
    key = row_key(row)
    assert key == row_key(replace(row))
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


@given(row=rows)
def test_a_row_that_says_more_than_a_name_is_the_same_listing_as_itself(row: Row) -> None:
    says_more = row.age is not None or row.addresses
    known = own_number(row.profile_url or "") or (row.name and says_more)
    assert is_same_listing(row, row) is bool(known)


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://www.example.com/person/Maria-Sample/p1234567", "p1234567"),
        ("https://example.com/people/jordan-sample/id/f-1", "f-1"),
        ("https://example.com/view/77?utm_source=x", "77"),
        ("https://example.com/people/jordan+sample/colorado/denver/a1b2c3", "a1b2c3"),
        ("https://example.com/jordan-sample-p1234567", "p1234567"),
        ("https://example.com/Jordan-Sample/Colorado/Denver/p123#top", "p123"),
        ("https://example.com/record?name=Jordan&recordId=8841&page=2", "8841"),
        ("https://example.com/p/0f3c77ab-91d2-4c11-9f00", "0f3c77ab-91d2-4c11-9f00"),
        ("https://example.com/us-en/v2/Jordan-Sample/p123", "p123"),
        ("https://example.com/us-en/v2/Jordan-Sample/Denver", ""),  # of the site, not the record
        ("https://example.com/search2/jordan-page12", ""),
        ("https://example.com/find/jordan-sample/46", ""),  # an age
        ("https://example.com/people/jordan-sample/80202", ""),  # a ZIP code
        ("https://example.com/people/jordan-sample-denver-co-80202", ""),
        ("https://example.com/search?name=jordan&age=46&page=2", ""),
        ("https://example.com/jordan-sample", ""),
        ("https://example.com/jordan-sample?gclid=abc123", ""),  # of the visit, not the record
        ("https://example.com/jordan-sample?sid=9f8e7d", ""),
        ("https://example.com/people?requestId=abc1&q=1", ""),
        ("https://example.com/results?person=Jordan+Sample+46", ""),  # what was searched for
        ("https://example.com/results?person=p46", "p46"),
        ("not an address", ""),
        ("http://[", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_only_what_looks_like_a_listings_number_is_one(url: str, number: str) -> None:
    assert own_number(url).rpartition("\n")[2] == number


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/person/maria-munoz/p1234567?from=search&q=maria",
        "https://example.com/person/Maria-Munoz-Sample-43/p1234567/",
    ],
)
def test_the_number_stays_when_the_address_around_it_changes(url: str) -> None:
    moved = replace(NUMBERED, profile_url=url, addresses=(AUSTIN,), name="Maria M Sample", age=43)
    assert row_key(moved) == row_key(NUMBERED)
    assert is_same_listing(NUMBERED, moved)


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ({"name": "MARIA JOSE MUNOZ SAMPLE"}, True),  # written otherwise
        ({"age": 43}, True),  # a birthday
        ({"age": 44}, False),
        ({"age": None}, True),
        ({"addresses": ()}, True),
        ({"age": None, "addresses": ()}, False),  # a name alone is nobody's
        ({"addresses": (AUSTIN,)}, True),
        ({"addresses": (City(city="Austin", state=None),)}, True),
        ({"addresses": (City(city="Austin", state="MN"),)}, False),
        ({"name": "María Muñoz Sample"}, False),
        ({"name": None}, False),
    ],
)
def test_a_page_that_shows_less_is_compared_by_what_it_shows(
    shown: dict[str, object],
    same: bool,  # noqa: FBT001 - what is expected
) -> None:
    other = replace(OWN, **shown)  # type: ignore[arg-type]
    assert is_same_listing(OWN, other) is same
    assert is_same_listing(NUMBERED, other) is same


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ({"age": 47, "name": "Maria Munoz"}, True),
        ({"name": "Alex Example"}, False),  # the number is somebody else's now
        ({"age": 71}, False),  # the father's
        ({"name": None, "age": None}, True),
    ],
)
def test_a_number_that_was_given_to_somebody_else_is_no_proof(
    shown: dict[str, object],
    same: bool,  # noqa: FBT001 - what is expected
) -> None:
    assert is_same_listing(NUMBERED, replace(NUMBERED, **shown)) is same  # type: ignore[arg-type] # real fields


def test_a_version_in_the_path_makes_nobody_the_listing_of_a_sister() -> None:
    own = replace(OWN, profile_url="https://example.com/us-en/v2/maria-munoz")
    sister = replace(own, name="Ana Sample", profile_url="https://example.com/us-en/v2/ana-sample")
    assert row_key(sister) != row_key(own)
    assert not is_same_listing(own, sister)
    assert is_same_listing(own, replace(own, age=43))  # the control: her own row, a birthday later

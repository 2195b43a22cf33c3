"""An address gets a person's values in their own places, and nothing else."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optout.model.fields import Field
from optout.rules.open_address import filled_address, places_of, values_in

VALUES = {
    Field.FIRST_NAME: "mary ann",
    Field.LAST_NAME: "de la Cruz",
    Field.CITY: "San José",
    Field.STATE: "CA",
    Field.AGE: "46",
}


@pytest.mark.parametrize(
    ("url", "filled"),
    [
        (
            "https://a.test/{first_name|capitalize}-{last_name}/{state|downcase}/{city|hyphenated}",
            "https://a.test/Mary%20Ann-de%20la%20Cruz/ca/San-Jos%C3%A9",
        ),
        ("https://a.test/{state|stateFull|downcase}/", "https://a.test/california/"),
        ("https://a.test/x/{middle_name|defaultIfEmpty:~}/y", "https://a.test/x/~/y"),
        ("https://a.test/x/{middle_name|defaultIfEmpty:}/y", "https://a.test/x//y"),
        ("https://a.test/?n={first_name}&m={middle_name}", "https://a.test/?n=mary+ann&m="),
        ("https://a.test/?a={age|ageRange:18-30,31-50,51-99}", "https://a.test/?a=31-50"),
        ("https://a.test/?a={age|ageRange:81+}", "https://a.test/?a=46"),
        ("https://a.test/plain/?x=1", "https://a.test/plain/?x=1"),
    ],
)
def test_values_are_changed_on_their_way(url: str, filled: str) -> None:
    assert filled_address(url, VALUES) == filled


def test_a_place_says_whether_it_does_without() -> None:
    first, second = places_of("https://a.test/{city|hyphenated}/{middle_name|defaultIfEmpty:-}")
    assert (first.name, first.optional, second.optional) == ("city", False, True)
    assert places_of("https://a.test/{city|shouted}")[0].unknown() == ("shouted",)
    assert values_in("https://a.test/{city|hyphenated}", VALUES) == ("San-José",)


@given(value=st.text(max_size=30))
def test_a_value_never_adds_a_part_a_query_or_a_host(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    url = filled_address("https://a.test/x/{city}/y?q={city}&z=1", {Field.CITY: value})
    parts = urlsplit(url)
    assert parts.netloc == "a.test"
    assert parts.fragment == ""
    assert parts.query.count("&") == 1
    told = parts.path.split("/")[2:-1]
    assert [unquote(each) for each in told] == ([value] if value not in {".", ".."} else [])

"""Proves that dates and phone numbers are written as a form wants them."""

from __future__ import annotations

import pytest

from optout.browser.stops import Stop
from optout.browser.written import same_digits, written
from optout.model.fields import Field


@pytest.mark.parametrize(
    ("field", "value", "form", "expected"),
    [
        (Field.BIRTH_DATE, "1990-04-02", "MM/DD/YYYY", "04/02/1990"),
        (Field.BIRTH_DATE, "1990-04-02", "D.M.YY", "2.4.90"),
        (Field.BIRTH_DATE, "1990-04-02", "MMMM D, YYYY", "April 2, 1990"),
        (Field.BIRTH_DATE, "1990-04-02", "DD MMM YYYY", "02 Apr 1990"),
        (Field.BIRTH_DATE, "1990-04-02", "", "1990-04-02"),
        (Field.BIRTH_DAY, "04-02", "MM/DD", "04/02"),
        (Field.BIRTH_DAY, "02-29", "MM/DD", "02/29"),
        (Field.PHONE, "+13035550142", "digits", "3035550142"),
        (Field.PHONE, "+13035550142", "dashes", "303-555-0142"),
        (Field.PHONE, "+442079460000", "dashes", "442079460000"),
        (Field.PHONE, "+13035550142", "", "+13035550142"),
        (Field.CITY, "Denver", "", "Denver"),
    ],
)
def test_a_value_is_written_as_the_form_wants_it(
    field: Field, value: str, form: str, expected: str
) -> None:
    assert written(field, value, form) == expected


@pytest.mark.parametrize(
    ("field", "value", "form"),
    [
        (Field.BIRTH_DATE, "1990-02-30", "MM/DD/YYYY"),
        (Field.BIRTH_DATE, "unknown", "MM/DD/YYYY"),
        (Field.CITY, "Denver", "digits"),
    ],
)
def test_what_cannot_be_written_stops_without_the_value(
    field: Field, value: str, form: str
) -> None:
    with pytest.raises(Stop) as stopped:
        written(field, value, form)
    assert value not in str(stopped.value)
    assert value not in stopped.value.why.english()


def test_the_same_number_in_two_spellings_is_the_same() -> None:
    assert same_digits("(303) 555-0142", "303-555-0142")
    assert same_digits("04/02/1990", "04021990")
    assert not same_digits("303-555-0143", "303-555-0142")
    assert not same_digits("", "")

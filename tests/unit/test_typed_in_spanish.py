"""What a person from Mexico types is understood, or asked about: never taken for something else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from optout.errors import WrongUsage
from optout.i18n import in_language
from optout.rules.states import state_code
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.ask_person import interview
from optout.workflows.facts import country_name, recent_day, typed_day

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed", ["16 de julio de 1968", "16 julio 1968", "16 de Julio del 1968", "16/07/1968"]
)
def test_a_birthday_in_spanish_is_read(typed: str) -> None:
    with in_language("es"):
        assert typed_day(typed, today=TODAY) == date(1968, 7, 16)


def test_a_day_that_can_be_two_is_asked_about_in_spanish_only() -> None:
    with in_language("es"):
        with pytest.raises(WrongUsage, match="month"):
            typed_day("7/8/1968", today=TODAY)
        assert typed_day("8/8/1968", today=TODAY) == date(1968, 8, 8)
    with in_language("en"):
        assert typed_day("7/8/1968", today=TODAY) == date(1968, 7, 8)


@pytest.mark.parametrize("typed", ["31 de febrero de 1968", "16 de brumario de 1968", "31/02/1968"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with in_language("es"), pytest.raises(WrongUsage):
        typed_day(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Nuevo México", "NM"), ("nueva york", "NY"), ("Pensilvania", "PA"), ("Oregón", "OR")],
)
def test_a_state_is_known_by_its_name_in_spanish(typed: str, code: str) -> None:
    assert state_code(typed) == code


def test_what_sounds_like_a_state_is_not_guessed() -> None:
    with pytest.raises(WrongUsage):
        state_code("Nuevo León")


def test_hawaii_is_known_with_and_without_its_accent() -> None:
    assert state_code("Hawái") == state_code("hawai") == "HI"


@pytest.mark.parametrize(
    ("spoken", "typed", "day"),
    [
        ("es", "20 de noviembre", date(2026, 11, 20)),
        ("es", "24 de Diciembre", date(2025, 12, 24)),
        ("es", "16/07", date(2026, 7, 16)),
        ("es", "29 de febrero", date(2024, 2, 29)),
        ("en", "November 20", date(2026, 11, 20)),
        ("en", "november 22", TODAY),
        ("en", " 11/23 ", date(2025, 11, 23)),
        ("en", "2026-11-03", date(2026, 11, 3)),
    ],
)
def test_a_day_without_its_year_is_the_last_such_day(spoken: str, typed: str, day: date) -> None:
    with in_language(spoken):
        assert recent_day(typed, today=TODAY) == day


@pytest.mark.parametrize(
    ("spoken", "typed", "why"),
    [
        ("es", "31 de febrero", "does not exist"),
        ("es", "20 de brumario", "does not exist"),
        ("es", "7/8", "which of the two numbers"),
        ("en", "February 30", "does not exist"),
        ("en", "November 23, 2026", "has not come yet"),
        ("en", "last week", "does not exist"),
    ],
)
def test_what_is_no_day_without_its_year_either_is_refused(
    spoken: str, typed: str, why: str
) -> None:
    with in_language(spoken), pytest.raises(WrongUsage, match=f"(?i){why}"):
        recent_day(typed, today=TODAY)


@pytest.mark.parametrize(("spoken", "typed"), [("es", "12 de abril"), ("en", "April 12")])
def test_a_birthday_needs_its_year_and_says_so(spoken: str, typed: str) -> None:
    with in_language(spoken), pytest.raises(WrongUsage, match="The year is missing"):
        typed_day(typed, today=TODAY)


def asked(answers: dict[str, str]) -> dict[str, Any]:
    person = ScriptedPerson(
        answers={"First name": "Carmen", "paper": "none", "e-mail": "none", **answers}
    )
    with in_language("es"):
        return interview(person, now=datetime(2026, 11, 22, 12, tzinfo=UTC))


def test_a_day_with_its_number_first_is_kept_as_that_day() -> None:
    card = asked({"In which state": "Nuevo México", "Birth date": "16/07/1968"})
    assert (card["state"], card["born"]) == ("NM", "1968-07-16")


def test_since_when_is_asked_about_too_where_it_can_be_two_days() -> None:
    phone = {"In which state": "Tejas", "Phone number": "303-555-0142"}
    with pytest.raises(WrongUsage, match="month"):
        asked({**phone, "Since when": "7/8/2015"})
    card = asked({**phone, "Since when": "7 de agosto de 2015"})
    assert card["phones"][0]["since"] == "2015-08-07"


def test_a_country_is_said_back_in_the_language_of_the_person() -> None:
    assert (country_name("DE", "es"), country_name("MX", "es")) == ("Alemania", "México")
    assert (country_name("DE"), country_name("MX")) == ("Germany", "Mexico"), "as on an envelope"

"""Days as people type and read them: two forms, one reading, nothing guessed in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

import pytest

from optout.cli.values import light_value
from optout.errors import WrongUsage
from optout.model.subject import PostalAddress
from optout.rules.days import MONTHS, day_in, in_words, is_two_ways, read_day, written
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.workflows import facts
from optout.workflows.ask_person import interview
from optout.workflows.keep_person import subject_from_card, today_of

if TYPE_CHECKING:
    from optout.model.ports import Person

EVENING = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 2026-11-23 19:30 in Denver


@pytest.mark.parametrize("typed", ["2026-11-20", "11/20/2026", " 2026-11-20 ", "11/20/2026\t"])
def test_a_day_is_read_in_both_forms(typed: str) -> None:
    assert read_day(typed) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    ["", "20/11/2026", "11/20/26", "11-20-2026", "20261120", "2026-W47-5", "2026-02-30", "Nov 20"],
)
def test_anything_else_is_refused_with_both_forms_named(typed: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        read_day(typed)
    assert "2026-11-20" in str(refused.value)
    assert "11/20/2026" in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "two"),
    [("3/4/2026", True), ("3/3/2026", False), ("11/20/2026", False), ("2026-03-04", False)],
)
def test_what_others_would_read_as_another_day_is_known(typed: str, two: bool) -> None:  # noqa: FBT001 - a table
    assert is_two_ways(typed) is two


def test_a_command_reads_every_day_in_the_same_way_and_says_how(
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = light_value(date)
    assert value is not None
    assert value._one("11/20/2026") == date(2026, 11, 20)  # noqa: SLF001 - what typer would call
    assert capsys.readouterr().err == ""
    assert value._one("3/4/2026") == date(2026, 3, 4)  # noqa: SLF001 - likewise
    assert "March 4, 2026" in capsys.readouterr().err


def test_the_birth_date_and_the_commands_share_one_reader() -> None:
    today = date(2026, 11, 23)
    for typed in ("1990-04-12", "4/12/1990"):
        assert facts.day(typed, today=today) == read_day(typed)


def test_a_day_is_written_in_one_way_and_said_in_words() -> None:
    assert written(date(2026, 11, 20)) == "2026-11-20"
    assert written(None) == ""
    assert in_words(date(2026, 11, 20)).english() == "November 20, 2026"
    assert len(MONTHS) == 12


def test_an_evening_in_denver_is_not_yet_tomorrow() -> None:
    assert day_in("America/Denver", EVENING) == date(2026, 11, 23)
    assert EVENING.date() == date(2026, 11, 24)  # control: what UTC would have said


HOME = {
    "Street and number where you live": "100 Example Street",
    "Apartment": "Apt 2",
    "City": "Denver",
    "ZIP": "80202",
    "Since when do you live": "5/1/2021",
}


def answers(**more: str) -> ScriptedPerson:
    said = {
        "First name": "Jordan",
        "In which state": "CO",
        "Birth date": "4/12/1990",
        "Since when do you have": "",
        "That e-mail address": "jordan.requests@example.com",
        **more,
    }
    return ScriptedPerson(answers=said)


def asked(person: ScriptedPerson) -> dict[str, object]:
    return interview(cast("Person", person), now=EVENING)


def test_somebody_in_another_country_is_asked_for_no_state_and_no_zip() -> None:
    heard: list[Text] = []
    home = {
        "In which state": "Germany",
        "Street and number": "Beispielstr. 1",
        "City": "Berlin",
        "Postal code": "10115",
        "Since when do you live": "2021",
        "Phone number": "030 12345678",
    }
    person = answers(**home)
    person.listener = heard.append
    card = asked(person)
    assert (card["country"], card["state"]) == ("DE", "")
    assert "You live in: Germany." in [text.english() for text in heard]
    subject = subject_from_card(card, today=EVENING.date())
    address = next(f.value for f in subject.identifiers if isinstance(f.value, PostalAddress))
    assert address.lines() == ("Beispielstr. 1", "10115 Berlin", "Germany")
    assert not any("ZIP" in text.template for text in heard)


def test_a_country_without_a_law_here_is_told_so() -> None:
    heard: list[Text] = []
    person = answers(**{"In which state": "México"})
    person.listener = heard.append
    assert asked(person)["country"] == "MX"
    assert any("no law of that country here" in text.english() for text in heard)


def test_a_typed_birth_date_is_said_back_in_words() -> None:
    heard: list[Text] = []
    person = answers()
    person.listener = heard.append
    asked(person)
    assert "Birth date: April 12, 1990." in [text.english() for text in heard]


def test_the_birth_date_of_tomorrow_is_refused_in_the_evening_of_today() -> None:
    with pytest.raises(WrongUsage):
        asked(answers(**{"Birth date": "2026-11-24"}))
    asked(answers(**{"Birth date": "2026-11-23"}))  # control


def test_an_own_address_is_not_asked_for_twice() -> None:
    person = answers(**{**HOME, "Where may companies send paper": "own"})
    card = asked(person)
    assert not any("Street or box" in heard for heard in person.heard)
    subject = subject_from_card(card, today=today_of(card, EVENING))
    (post,) = [reply.address for reply in subject.reply_to if reply.address]
    assert (post.street, post.unit, post.zip) == ("100 Example Street", "Apt 2", "80202")


def test_without_a_home_address_the_own_one_is_asked_for() -> None:
    mailing = {"Street or box": "5 Example Road", "City": "Denver", "State": "CO", "ZIP": "80202"}
    person = answers(**mailing, **{"Where may companies send paper": "own"})
    asked(person)
    assert any("Street or box" in heard for heard in person.heard)


@pytest.mark.parametrize(("share", "offered"), [("never", False), ("known", True)])
def test_a_home_address_for_nobody_is_not_offered_for_answers(share: str, offered: bool) -> None:  # noqa: FBT001 - a table
    class Sees(ScriptedPerson):
        def choose(self, question, options, *, default=""):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - as the port has it
            if "send paper" in question.template:
                seen.extend(option.key for option in options)
            return ScriptedPerson.choose(self, question, options, default=default)

    seen: list[str] = []
    person = Sees(answers={**answers().answers, **HOME, "Who may get your home": share})
    asked(person)
    assert ("own" in seen) is offered

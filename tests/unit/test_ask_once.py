"""Whoever stops in the first questions loses no answer, and is asked nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from optout.errors import NeedsPerson, WrongUsage
from optout.i18n import in_language
from optout.model.fields import IdentifierKind
from optout.model.ports import Option
from optout.model.subject import Subject
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.workflows.add_person import add_person
from tests.conftest import World, desk_without_browser

ANSWERS = {
    "First name": "Riley",
    "Last name": "Sample",
    "In which state": "CO",
    "Birth date": "1990-04-12",
    "Street and number": "1 Example Street",
    "City": "Denver",
    "ZIP code": "80202",
    "Since when": "2020",
    "Phone number": "303-555-0142",
    "That e-mail address": "riley@example.com",
    "send paper": "own",
}
BEGUN = "You began these questions before. What you answered is kept."


@dataclass(slots=True)
class Leaving(ScriptedPerson):
    """Somebody who leaves after so many questions."""

    patience: int = 1000

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        self._answer_or_leave()
        return ScriptedPerson.ask(self, question, default=default, check=check)

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        if question.template != BEGUN:
            self._answer_or_leave()
        return ScriptedPerson.choose(self, question, options, default=default)

    def _answer_or_leave(self) -> None:
        if not self.patience:
            raise NeedsPerson(Text("Gone."))
        self.patience -= 1


def sit(world: World, person: ScriptedPerson) -> Subject:
    return add_person(desk_without_browser(world, Path("nowhere"), person=person))


def leave_after(world: World, count: int) -> None:
    with pytest.raises(NeedsPerson):
        sit(world, Leaving(answers=ANSWERS, patience=count))


def shown(subject: Subject) -> list[tuple[IdentifierKind, str, object]]:
    return [(each.kind, each.shown(), each.share) for each in subject.identifiers]


def test_without_a_stop_nothing_is_said_of_one_and_nothing_is_left(world: World) -> None:
    person = ScriptedPerson(answers=ANSWERS)
    sit(world, person)
    assert BEGUN not in person.heard
    assert world.vault.first_answers.list() == ()


def test_a_stop_at_every_question_loses_nothing_and_asks_nothing_twice(world: World) -> None:
    """One question a day, each time in a folder that was closed in between."""
    whole = sit(world, ScriptedPerson(answers=ANSWERS))
    for count in range(100):
        person = Leaving(answers=ANSWERS, patience=1)
        try:
            piecemeal = sit(world, person)
        except NeedsPerson:
            assert len(world.vault.first_answers.list()) == count + 1
            world.reopen()
        else:
            break
    assert count > 15, "the control: there were days between"
    assert shown(piecemeal) == shown(whole)
    assert piecemeal.reply_to == whole.reply_to
    assert world.vault.first_answers.list() == ()


def test_what_was_answered_is_said_back_and_empty_lines_are_not(world: World) -> None:
    leave_after(world, 5)  # up to the state
    person = ScriptedPerson(answers=ANSWERS | {"First name": "somebody else"})
    told: list[str] = []
    person.listener = lambda text: told.append(text.english())
    assert sit(world, person).label.reveal() == "Riley"
    assert "Whom are the requests for? “Myself”" in told
    assert "First name (or your only name) “Riley”" in told
    assert not [each for each in told if each.startswith("Middle name")]


def test_whoever_begins_again_is_asked_everything(world: World) -> None:
    leave_after(world, 5)
    anew = {**ANSWERS, "You began": "anew", "First name": "Casey"}
    assert sit(world, ScriptedPerson(answers=anew)).label.reveal() == "Casey"


def test_an_answer_that_does_not_pass_any_more_is_asked_again_with_all_that_follows(
    world: World,
) -> None:
    leave_after(world, 8)  # up to the birth date and who may get it
    world.vault.first_answers.keep(5, *_birth_date(world, "2999-01-01"))
    other = ScriptedPerson(answers=ANSWERS | {"Birth date": "1991-01-01"})
    born = next(
        each for each in sit(world, other).identifiers if each.kind is IdentifierKind.BIRTH_DATE
    )
    assert born.shown() == "1991-01-01"


def _birth_date(world: World, day: str) -> tuple[str, str]:
    question, answer = world.vault.first_answers.list()[5]
    assert answer == "1990-04-12"
    return question, day


def test_it_goes_on_in_another_language(world: World) -> None:
    leave_after(world, 5)
    with in_language("es"):
        person = ScriptedPerson(answers=ANSWERS | {"First name": "somebody else"})
        assert sit(world, person).label.reveal() == "Riley"


def test_erasing_somebody_erases_what_was_begun(world: World) -> None:
    subject = world.person()
    leave_after(world, 5)
    assert world.vault.first_answers.list(), "the control"
    world.vault.subjects.forget(subject.id)
    assert world.vault.first_answers.list() == ()


def test_a_number_that_is_never_stored_is_refused_before_it_is_kept(world: World) -> None:
    """The scripted person gives up where a person would be asked again."""
    with pytest.raises(WrongUsage, match="never stores one"):
        sit(world, ScriptedPerson(answers=ANSWERS | {"Last name": "123-45-6789"}))
    kept = world.vault.first_answers.list()
    assert [answer for _question, answer in kept] == ["self", "Riley", ""]


def test_what_cannot_be_kept_leaves_the_answers(world: World) -> None:
    """Two people of one full name: the card says how; the answers are there to be mended."""
    for _ in range(2):  # the second goes by the full name
        sit(world, ScriptedPerson(answers=ANSWERS))
    with pytest.raises(WrongUsage, match="already a person"):
        sit(world, ScriptedPerson(answers=ANSWERS))
    again = ScriptedPerson(answers={**ANSWERS, "You began": "anew", "First name": "Kim"})
    assert sit(world, again).label.reveal() == "Kim"

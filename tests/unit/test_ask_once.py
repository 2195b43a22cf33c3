"""Whoever stops in the first questions loses no answer, and is asked nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from tests.conftest import World, desk_without_browser, reopened

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
BEGUN = "These questions were begun before. The last answer is from {day}. All answers are kept."


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
    anew = {**ANSWERS, "These questions were begun": "anew", "First name": "Casey"}
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


@pytest.mark.parametrize("label", ["", "riley sample", "000-12-3456"])
def test_of_people_with_one_full_name_each_is_called_as_somebody_says(
    world: World, label: str
) -> None:
    """The scripted person gives up where a person would be asked again."""
    called = [sit(world, ScriptedPerson(answers=ANSWERS)).label.reveal() for _ in range(2)]
    assert called == ["Riley", "Riley Sample"], "the second goes by the full name"
    with pytest.raises(WrongUsage):
        sit(world, ScriptedPerson(answers={**ANSWERS, "be called here": label}))
    again = {"These questions were begun": "on", "be called here": "My son"}
    assert sit(world, ScriptedPerson(answers=again)).label.reveal() == "My son"


# ---- two windows, and two people ----

ALMA = {**ANSWERS, "First name": "Alma"}
BLANCA = {
    **ANSWERS,
    "First name": "Blanca",
    "City": "Boulder",
    "These questions were begun": "anew",
}
NO_LONGER_KEPT = "Another window asks these questions now"


@contextmanager
def another_window(world: World) -> Iterator[World]:
    with reopened(world.vault.folder, world.key, world.clock) as vault:
        yield World(vault, world.clock)


def alma_meets(world: World, elsewhere: Callable[[World], object], *, patience: int) -> list[str]:
    """Ask Alma while something happens in another window at her street; return what she is told."""
    told: list[str] = []

    def listen(text: Text) -> None:
        told.append(text.english())
        if text.template.startswith("Street and number"):
            with another_window(world) as other:
                elsewhere(other)

    person = Leaving(answers=ALMA, patience=patience, listener=listen)
    if patience < 100:
        with pytest.raises(NeedsPerson):
            sit(world, person)
    else:
        sit(world, person)
    return told


def blanca_stops(there: World) -> None:
    with pytest.raises(NeedsPerson):
        sit(there, Leaving(answers=BLANCA, patience=5))


def answers(world: World) -> list[str]:
    return [answer for _question, answer in world.vault.first_answers.list() if answer]


def test_answers_about_two_people_are_never_kept_as_those_of_one(world: World) -> None:
    """Alma's window has asked her street while another begins anew; then it goes on."""
    told = alma_meets(world, blanca_stops, patience=12)
    assert answers(world) == ["self", "Blanca", "Sample", "CO"]
    assert len([each for each in told if each.startswith(NO_LONGER_KEPT)]) == 1
    alone = alma_meets(world, lambda _there: None, patience=12)  # the control
    assert answers(world)[1] == "Blanca", "what was kept is gone on with"
    assert "Denver" in answers(world)
    assert not [each for each in alone if each.startswith(NO_LONGER_KEPT)]


def test_whoever_is_done_first_leaves_what_another_window_keeps(world: World) -> None:
    alma_meets(world, blanca_stops, patience=1000)
    assert [each.label.reveal() for each in world.vault.subjects.list()] == ["Alma"]
    assert answers(world) == ["self", "Blanca", "Sample", "CO"]
    gone_on = {**ANSWERS, "First name": "nobody"}
    assert sit(world, ScriptedPerson(answers=gone_on)).label.reveal() == "Blanca"
    assert answers(world) == []


def test_two_windows_that_go_on_with_the_same_answers_do_not_mix(world: World) -> None:
    leave_after(world, 5)

    def goes_on(there: World) -> None:
        with pytest.raises(NeedsPerson):
            sit(
                there,
                Leaving(answers=ANSWERS | {"Street and number": "9 Other Street"}, patience=3),
            )

    told = alma_meets(world, goes_on, patience=8)
    assert "9 Other Street" in answers(world)
    assert ANSWERS["Street and number"] not in answers(world)
    assert [each for each in told if each.startswith(NO_LONGER_KEPT)]


@pytest.mark.parametrize("others", [False, True])
def test_enter_goes_on_only_where_nobody_else_is_in_the_folder(
    world: World, *, others: bool
) -> None:
    """The answers can be somebody else's; their name is shown to nobody who did not choose."""
    if others:
        world.person("Casey")
    leave_after(world, 5)
    met: list[tuple[str, str]] = []

    class Looking(ScriptedPerson):
        def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
            met.append((question.english(), default))
            return ScriptedPerson.choose(self, question, options, default=default)

    assert sit(world, Looking(answers=ANSWERS)).label.reveal() == "Riley", "the first way goes on"
    question, usual = met[0]
    assert "November 23, 2026" in question
    assert "Riley" not in question
    assert usual == ("" if others else "on")

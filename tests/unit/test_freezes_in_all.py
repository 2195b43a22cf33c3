"""A freeze that comes along with "all" is asked about once more: it can make life harder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from optout.model.broker import Slug
from optout.model.plan import PlanLine
from optout.model.subject import Residence
from optout.model.words import Right
from optout.rules.presence import QUESTIONS
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.make_plan import USUAL, plan_for, plan_with_person, taken_lines
from tests.conftest import World, desk_without_browser

AGAIN = "can stand in the way of a loan"
ALL_YES = {question.key: True for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class Planned:
    """A person without a state law, and the lines of their usual plan."""

    world: World
    folder: Path
    lines: tuple[PlanLine, ...]


@pytest.fixture
def planned(world: World, tmp_path: Path) -> Planned:
    home = replace(JORDAN, residences=(Residence(state="IL", since=date(2015, 6, 1)),))
    world.vault.subjects.add(home)
    desk = desk_without_browser(world, tmp_path / "papers", person=ScriptedPerson())
    return Planned(world, tmp_path / "papers", plan_for(desk, home, ALL_YES).lines)


def freezes(lines: tuple[PlanLine, ...]) -> set[Slug]:
    return {line.broker for line in lines if line.right is Right.FREEZE}


def test_without_a_yes_all_leaves_the_freezes_out_and_nothing_else(planned: Planned) -> None:
    assert freezes(planned.lines)
    person = ScriptedPerson(answers={AGAIN: "no"})
    taken = taken_lines(person, planned.lines, "a", asks_of_freezes=True)
    assert not freezes(taken)
    others = [line for line in planned.lines if line.right is not Right.FREEZE]
    assert list(taken) == others
    asked = [each for each in person.heard if AGAIN in each]
    assert len(asked) == len([line for line in planned.lines if line.right is Right.FREEZE])


def test_with_a_yes_all_is_all(planned: Planned) -> None:
    person = ScriptedPerson(answers={AGAIN: "yes"})
    assert taken_lines(person, planned.lines, "a", asks_of_freezes=True) == planned.lines


def test_who_names_the_number_of_a_freeze_is_not_asked_again(planned: Planned) -> None:
    person = ScriptedPerson(answers={AGAIN: "no"})
    numbers = ",".join(
        str(number)
        for number, line in enumerate(planned.lines, start=1)
        if line.right is Right.FREEZE
    )
    assert freezes(taken_lines(person, planned.lines, numbers, asks_of_freezes=True))
    assert not [each for each in person.heard if AGAIN in each]


def test_the_plan_asks_and_who_asked_for_freezes_is_spared(planned: Planned) -> None:
    answers = {"shall be on your list": "a", AGAIN: "no"}
    for rights, asked in (((), True), ((Right.FREEZE,), False)):
        person = ScriptedPerson(answers=answers)
        desk = desk_without_browser(planned.world, planned.folder, person=person)
        subject = desk.vault.subjects.get(JORDAN.id)
        plan_with_person(desk, subject, replace(USUAL, rights=rights))
        assert any(AGAIN in each for each in person.heard) == asked
        on_list = {each.right for each in desk.vault.requests.list()}
        assert (Right.FREEZE in on_list) == (not asked)

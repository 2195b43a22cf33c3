"""An answer is written into a client's file only where somebody saw whose file it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from optout.errors import NeedsPerson, Refused
from optout.model.ports import Person
from optout.model.request import Message
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk
from optout.workflows.whose_answer import check_whose, names_here, whose
from tests.conftest import World, desk_without_browser


class Asked(ScriptedPerson):
    """Says what it was told to say, and remembers the questions."""

    def __init__(self, *, yes: bool | None) -> None:
        super().__init__()
        self.yes = yes
        self.questions: list[str] = []

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        del default
        self.questions.append(question.english())
        if self.yes is None:
            raise NeedsPerson(Text("Nobody is here."))
        return self.yes


def as_office(world: World) -> None:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)


def with_person(desk: Desk, person: Person) -> Desk:
    return replace(desk, person=person)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out", person=Asked(yes=True))


@pytest.fixture
def theirs(world: World) -> Message:
    """A request of the second of two clients."""
    world.person("Jordan")
    return world.ready(world.person("Alex"))


def test_an_office_sees_whose_request_it_is_and_says_yes(
    desk: Desk, world: World, theirs: Message
) -> None:
    as_office(world)
    person = Asked(yes=True)
    check_whose(with_person(desk, person), theirs.reference)
    (question,) = person.questions
    assert question.startswith("Client: 2. Alex. Company: ")
    with pytest.raises(Refused, match="You said no"):
        check_whose(with_person(desk, Asked(yes=False)), theirs.reference)


def test_where_nobody_can_be_asked_the_client_is_named_with_the_command(
    desk: Desk, world: World, theirs: Message
) -> None:
    as_office(world)
    alone = with_person(desk, Asked(yes=None))
    with pytest.raises(NeedsPerson, match="--client NUMBER") as refused:
        check_whose(alone, theirs.reference)
    assert "Alex" not in str(refused.value)
    for wrong in ("1", "Jordan", "22"):
        with pytest.raises(Refused, match="another client"):
            check_whose(alone, theirs.reference, wrong)
    for right in ("2", " alex "):
        check_whose(alone, theirs.reference, right)


def test_in_ones_own_folder_nothing_is_asked(desk: Desk, world: World, theirs: Message) -> None:
    person = Asked(yes=False)
    check_whose(with_person(desk, person), theirs.reference)
    assert person.questions == []
    assert whose(desk, theirs.reference) is None
    as_office(world)
    assert whose(desk, theirs.reference) is not None, "the control"


def test_names_are_shown_where_there_are_several_people_or_an_office(
    desk: Desk, world: World
) -> None:
    subject = world.person("Jordan")
    assert names_here(desk) == {}, "somebody's own folder"
    other = world.person("Alex")
    assert names_here(desk) == {subject.id: "1. Jordan", other.id: "2. Alex"}
    world.vault.subjects.forget(other.id)
    as_office(world)
    assert names_here(desk) == {subject.id: "1. Jordan"}

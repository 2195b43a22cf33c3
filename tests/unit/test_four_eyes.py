"""Proves that a second person says yes wherever one is said, and that a typed name is nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from optout.errors import NeedsPerson
from optout.model.request import Purpose
from optout.model.words import By
from optout.vault.folder import read_folder
from optout.vault.unlock import unlock_with_key
from optout.workflows.approve import approve, keep_yes, prepare
from optout.workflows.clinic import start_clinic
from optout.workflows.desk import Desk, errand_for
from optout.workflows.print_run import By as Sort
from optout.workflows.print_run import PrintChoice, Run, approved_letters, print_letters
from tests.conftest import World, desk_without_browser
from tests.many_clients import Counting, approved, office, signed

ONLY = ("nctue",)
Acts = Callable[..., Desk]


@pytest.fixture
def acts(world: World, tmp_path: Path) -> Acts:
    start_clinic(world.vault, "Example Office", ["Robin", "Sam"], four_eyes=True)
    folder, key = world.vault.folder, world.key

    def as_actor(name: str, *, slot: str = "") -> Desk:
        world.vault.close()
        world.vault = unlock_with_key(
            read_folder(folder), key, clock=world.clock, actor=name, slot_id=slot
        )
        return desk_without_browser(world, tmp_path, person=Counting())

    as_actor("Robin")
    signed(*office(world, tmp_path, 1, only=ONLY), tmp_path)
    return as_actor


def test_one_letter_by_itself_needs_the_second_person_too(acts: Acts) -> None:
    desk = acts("Robin")
    (message,) = (each for each in desk.vault.messages.list() if each.by is By.POST)
    with pytest.raises(NeedsPerson, match="Robin put this on the list"):
        approve(desk, prepare(desk, errand_for(desk, message)))
    assert desk.vault.approvals.unused([message.id]) == {}
    desk = acts("Sam")
    prepared = prepare(desk, errand_for(desk, message))
    assert approve(desk, prepared).approved_by == "Sam"
    desk = acts("Robin")  # whose letter it is may print what another said yes to
    message = desk.vault.messages.get(message.id)
    again = prepare(desk, errand_for(desk, message))
    assert approve(desk, again, digest=again.digest).approved_by == "Sam"


def test_a_name_that_was_only_typed_says_no_yes(acts: Acts) -> None:
    nobodys = "0" * 32  # a passphrase without a name
    desk = acts("Sam", slot=nobodys)
    (message,) = (each for each in desk.vault.messages.list() if each.by is By.POST)
    prepared = prepare(desk, errand_for(desk, message))
    roads: tuple[Callable[[], object], ...] = (
        lambda: approve(desk, prepared),
        lambda: keep_yes(desk, message, prepared.digest),
    )
    for say in roads:
        with pytest.raises(NeedsPerson, match="nobody's by name") as refused:
            say()
        assert "vault key name" in str(refused.value)
    assert message.purpose is Purpose.REQUEST
    desk = acts("Sam")
    keep_yes(desk, message, prepared.digest)  # the control
    assert desk.vault.approvals.unused([message.id])


@pytest.mark.parametrize("four_eyes", [True, False])
def test_four_eyes_that_are_wanted_while_letters_are_set_count_for_them(
    world: World, tmp_path: Path, *, four_eyes: bool
) -> None:
    start_clinic(world.vault, "Example Office", ["Robin", "Sam"], four_eyes=False)
    place, key = read_folder(world.vault.folder), world.key
    with unlock_with_key(place, key, clock=world.clock, actor="Robin") as vault:
        desk, clients = office(World(vault, world.clock), tmp_path, 2, only=ONLY)
        signed(desk, clients, tmp_path)
        approved(desk, clients)
        letters, _left = approved_letters(desk, clients, Sort.CLIENT)
        stacks = print_letters(desk, letters, PrintChoice(most=1), Run())
        assert next(stacks).letters == 1
        start_clinic(world.vault, "Example Office", ["Robin", "Sam"], four_eyes=four_eyes)
        if four_eyes:
            with pytest.raises(NeedsPerson, match="Robin put this on the list"):
                next(stacks)
        else:  # the control
            assert next(stacks).letters == 1

"""An office files the forms of two clients in a real browser: each gets its own, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from optout.model.broker import Slug
from optout.model.request import Delivery
from optout.model.words import By
from optout.sample.demo import practice_desk
from optout.sample.servers import sample_world
from optout.workflows.approve_many import approve_all, look_through, says_yes_to_letters
from optout.workflows.clients import chosen_clients, desk_for_many
from optout.workflows.clinic import start_clinic
from optout.workflows.file_many import approved_to_file, file_approved, seen_together
from optout.workflows.make_plan import Wish
from optout.workflows.plan_many import accept_many, plan_many, says_yes
from tests.e2e.prepared import RISK
from tests.many_clients import EVERY_YES, checked, mark_of, marked_client, signed

pytestmark = pytest.mark.browser

OFFICE = "Example Legal Aid"
ROBIN = "Robin Example"


def test_after_plan_and_approval_the_forms_of_two_clients_are_filed(tmp_path: Path) -> None:
    with (
        sample_world() as world,
        practice_desk(world, tmp_path / "locked", tmp_path / "papers") as made,
    ):
        for number in (1, 2):
            made.vault.subjects.add(marked_client(number))
        start_clinic(made.vault, OFFICE, [ROBIN], four_eyes=False)
        checked(made, ROBIN)
        desk = desk_for_many(made)
        clients = chosen_clients(desk, ())
        marks = [mark_of(client) for client in clients]

        wish = Wish(only=(Slug(RISK),), prefer=By.WEB)
        planned = plan_many(desk, clients, dict.fromkeys((1, 2), EVERY_YES), wish)
        assert says_yes(desk, planned)
        accept_many(desk, planned)
        signed(desk, clients, tmp_path)
        looked = look_through(desk, clients, {By.WEB})
        assert looked.left_out == []
        assert says_yes_to_letters(desk, looked)
        approve_all(desk, looked)
        waiting, left = approved_to_file(desk, clients)
        assert left == []
        assert {each.client.number for each in waiting} == {1, 2}
        assert seen_together(waiting) == ("Sample Risk Data",)
        assert world.received(RISK) == (), "the control: nothing went before the go"

        for each in waiting:
            file_approved(desk, each)
            assert desk.vault.messages.get(each.message.id).delivery is Delivery.SENT
        got = [" ".join(each.values.values()) for each in world.received(RISK)]
        assert len(got) == len(waiting)
        assert all(sum(mark in said for mark in marks) == 1 for said in got)
        assert sorted(mark for said in got for mark in marks if mark in said) == sorted(marks)
        assert not any(OFFICE in said or ROBIN in said for said in got), "in the clients' own names"
        assert approved_to_file(desk, clients) == ((), []), "nothing is filed twice"
        desk.vault.audit()

"""One answer to several things of one letter: each is written down, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from optout.cli import record as record_command
from optout.errors import WrongUsage
from optout.model.record import Answer
from optout.model.request import Status
from optout.model.words import By, Right
from optout.workflows.desk import Desk
from optout.workflows.find import check_rights
from optout.workflows.send_paper import mark_sent
from tests.conftest import World, desk_without_browser

ALL = (Right.OPT_OUT, Right.ACCESS, Right.DELETE)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


def test_each_right_that_is_named_gets_the_answer_and_the_others_none(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = world.person()
    asked = [world.request(subject, broker="appriss-insights", right=each) for each in ALL]
    message = world.message(subject, *asked, broker="appriss-insights", by=By.POST)
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    world.clock.forward(days=9)
    with pytest.raises(WrongUsage, match="does not ask for that"):
        check_rights(desk, message.reference, (Right.ACCESS, Right.FREEZE))
    monkeypatch.setattr(record_command, "open_desk", lambda: desk)
    record_command.record(
        message.reference, Answer.FULFILLED, rights=[Right.ACCESS, Right.DELETE, Right.ACCESS]
    )
    found = [world.vault.requests.get(each.id).status for each in asked]
    assert found == [Status.OPEN, Status.FULFILLED, Status.FULFILLED]

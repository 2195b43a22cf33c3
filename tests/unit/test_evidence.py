"""What an answer shows: only what a company could not have answered to a stranger counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.record import Answer, Correspondence
from optout.model.request import Message, Presence, RequestId
from optout.model.words import By, Right
from optout.sample.people import JORDAN
from optout.vault.ids import new_id
from optout.workflows.approve import prepare
from optout.workflows.desk import Desk, errand_for
from optout.workflows.evidence import evidence_of
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from pathlib import Path


RISK = Slug("lexisnexis-risk")
DID_IT = (Answer.FULFILLED, Answer.PARTIAL)
NEED_A_RECORD = (Right.ACCESS, Right.FILE_DISCLOSURE, Right.CORRECT)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    world.vault.subjects.add(JORDAN)
    return desk_without_browser(world, tmp_path)


def asked(world: World, right: Right) -> Message:
    """Keep a request to a company that may not know the person."""
    request = world.request(JORDAN, broker=RISK, right=right, presence=Presence.UNLIKELY)
    return world.message(JORDAN, request, broker=RISK, channel_right=right, by=By.WEB)


def answered(world: World, request_id: RequestId, answer: Answer) -> None:
    day = world.clock().date()
    world.vault.correspondence.add(
        Correspondence(id=new_id(), request_id=request_id, answer=answer, received_on=day)
    )


@pytest.mark.parametrize("answer", DID_IT)
def test_an_opt_out_that_was_done_for_a_stranger_opens_nothing_more(
    desk: Desk, world: World, answer: Answer
) -> None:
    opt_out, delete = asked(world, Right.OPT_OUT), asked(world, Right.DELETE)
    answered(world, opt_out.request_ids[0], answer)
    with pytest.raises(Refused):
        prepare(desk, errand_for(desk, delete))  # asks for an address and a date of birth
    answered(world, opt_out.request_ids[0], Answer.FILE_RECEIVED)  # the control
    assert prepare(desk, errand_for(desk, delete)).sheet.values


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("answer", Answer)
def test_only_a_file_and_what_cannot_be_done_without_a_record_show_that_they_have_you(
    desk: Desk, world: World, right: Right, answer: Answer
) -> None:
    answered(world, asked(world, right).request_ids[0], answer)
    shows = answer is Answer.FILE_RECEIVED or (right in NEED_A_RECORD and answer in DID_IT)
    assert bool(evidence_of(desk, JORDAN.id)) is shows

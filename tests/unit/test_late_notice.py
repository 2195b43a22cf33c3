"""A notice of more time that moves no date says so when it is written down, not only when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.laws import find_law, list_laws
from optout.model.broker import Slug
from optout.model.law import LawId
from optout.model.record import Answer, DeadlineKind
from optout.model.request import Presence, Request, RequestId
from optout.model.subject import Residence
from optout.model.words import By, Right
from optout.rules.deadlines import clocks_for
from optout.rules.late_notice import moves_nothing
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, errand_for, instant
from optout.workflows.new_message import new_message
from optout.workflows.record_answer import Recorded, record_answer
from optout.workflows.send_paper import hand_over_paper, mark_sent
from tests.conftest import World, desk_without_browser

RECEIVED = date(2026, 11, 23)
TEXAS = LawId("us-tx-tdpsa")


@pytest.mark.parametrize(
    ("law", "right", "noticed_on", "says"),
    [
        ("us-tx-tdpsa", "delete", "2027-01-20", "it came after the first period ended"),
        ("us-ca-ccpa", "opt-out", "2026-12-01", "this law gives no more time here"),
        ("us-tx-tdpsa", "delete", "2026-12-20", ""),  # in time
        ("voluntary", "delete", "2027-01-20", ""),  # no law, no date
    ],
)
def test_it_says_what_law_due_says(law: str, right: str, noticed_on: str, says: str) -> None:
    day = date.fromisoformat(noticed_on)
    told = moves_nothing(find_law(law), Right(right), received=RECEIVED, noticed_on=day)
    assert (says in told.english()) if says and told else (told is None and not says)
    if told:
        notes = clocks_for(find_law(law), Right(right), received=RECEIVED, extended_on=day).notes
        assert told in notes


def texan(desk: Desk) -> str:
    """Send one deletion request of somebody in Texas; return its reference."""
    home = replace(JORDAN, residences=(Residence(state="TX", since=date(2015, 6, 1)),))
    desk.vault.subjects.add(home)
    request = Request(
        id=RequestId(new_id()),
        reference=new_reference(),
        subject_id=JORDAN.id,
        broker=Slug("appriss-insights"),
        right=Right.DELETE,
        law=TEXAS,
        law_sha256=list_laws()[TEXAS].sha256,
        presence=Presence.LIKELY,
        created_at=instant(desk.clock),
    )
    message = new_message(
        desk,
        JORDAN.id,
        request.broker,
        right=request.right,
        by=By.EMAIL,
        request_ids=(request.id,),
    )
    with desk.vault.together():
        desk.vault.requests.add(request)
        desk.vault.messages.add(message)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    return message.reference


def told(recorded: Recorded) -> str:
    return " ".join(each.english() for each in recorded.advice)


@pytest.mark.parametrize(("days", "moves"), [(20, True), (80, False)])
def test_who_writes_a_notice_down_hears_whether_it_moves_anything(
    world: World, tmp_path: Path, days: int, *, moves: bool
) -> None:
    desk = desk_without_browser(world, tmp_path / "papers", person=ScriptedPerson())
    reference = texan(desk)
    world.clock.forward(days=days)
    recorded = record_answer(desk, reference, Answer.EXTENDED)
    kinds = {each.kind for each in recorded.deadlines}
    assert (DeadlineKind.EXTENDED_RESPONSE in kinds) == moves
    assert ("moves nothing" not in told(recorded)) == moves

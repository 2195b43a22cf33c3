"""Proves which dates an answer settles, that the folder marks them so, and which can be missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.catalog.brokers import find_broker
from optout.catalog.laws import find_law
from optout.model.deadline import Deadline, DeadlineKind
from optout.model.record import Answer, Correspondence
from optout.model.words import Right
from optout.rules.answers import met_by
from optout.rules.deadlines import (
    USUAL_TIME,
    clocks_for,
    company_says,
    deadlines_for,
    may_be_missed,
)
from optout.vault.ids import new_id

if TYPE_CHECKING:
    from tests.conftest import World

DAY = date(2026, 11, 23)
OWED = {
    DeadlineKind.ACKNOWLEDGE,
    DeadlineKind.OPT_OUT,
    DeadlineKind.RESPONSE,
    DeadlineKind.EXTENDED_RESPONSE,
}


def deadline(kind: DeadlineKind) -> Deadline:
    due = DAY + timedelta(days=45)
    return Deadline(kind=kind, due_on=due, basis="§ 1", grace_until=due + timedelta(days=3))


@pytest.mark.parametrize("answer", Answer)
def test_every_answer_says_what_it_settles(answer: Answer) -> None:
    settled = met_by(answer)
    assert DeadlineKind.RECHECK not in settled  # records return, whatever was answered
    final = answer in {
        Answer.FULFILLED,
        Answer.FILE_RECEIVED,
        Answer.PARTIAL,
        Answer.DENIED,
        Answer.APPEAL_DENIED,
    }
    assert (settled >= OWED) is final
    assert (DeadlineKind.ACKNOWLEDGE in settled) is (answer is not Answer.RETURNED)


def test_a_refusal_leaves_the_appeal_open_and_a_refused_appeal_ends_it() -> None:
    appeal = {DeadlineKind.APPEAL_BY, DeadlineKind.APPEAL_DECISION}
    assert not appeal & met_by(Answer.DENIED)
    assert appeal <= met_by(Answer.APPEAL_DENIED)
    assert DeadlineKind.COMPLAINT_FROM not in met_by(Answer.APPEAL_DENIED)


def test_only_a_notice_in_time_replaces_the_first_date() -> None:
    assert DeadlineKind.RESPONSE not in met_by(Answer.EXTENDED)
    moved = met_by(Answer.EXTENDED, new={DeadlineKind.EXTENDED_RESPONSE})
    assert moved == {DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESPONSE}


def test_a_recorded_answer_marks_what_it_settles_in_its_own_commit(world: World) -> None:
    subject = world.person()
    request, other = world.request(subject), world.request(subject, right=Right.DELETE)
    waited_for = [deadline(DeadlineKind.ACKNOWLEDGE), deadline(DeadlineKind.RESPONSE)]
    for each in (request, other):
        world.vault.deadlines.add(each.id, waited_for)

    def open_kinds(of: str) -> set[DeadlineKind]:
        stored = world.vault.deadlines.for_request(request.id if of == "asked" else other.id)
        return {entry.deadline.kind for entry in stored if not entry.met}

    def answered(answer: Answer, *new: DeadlineKind) -> None:
        entry = Correspondence(id=new_id(), request_id=request.id, answer=answer, received_on=DAY)
        before = world.vault.db.commits
        world.vault.correspondence.add(entry, deadlines=map(deadline, new))
        assert world.vault.db.commits == before + 1

    assert open_kinds("asked") == {DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESPONSE}  # the control
    answered(Answer.EXTENDED, DeadlineKind.EXTENDED_RESPONSE)
    assert open_kinds("asked") == {DeadlineKind.EXTENDED_RESPONSE}
    answered(Answer.DENIED, DeadlineKind.APPEAL_BY)
    assert open_kinds("asked") == {DeadlineKind.APPEAL_BY}
    answered(Answer.FULFILLED)
    assert open_kinds("asked") == set()
    assert open_kinds("other") == {DeadlineKind.ACKNOWLEDGE, DeadlineKind.RESPONSE}


def test_nobody_is_late_with_what_nobody_owes() -> None:
    missed = {kind for kind in DeadlineKind if may_be_missed(kind)}
    assert missed == OWED | {DeadlineKind.APPEAL_DECISION}


def test_a_companys_usual_time_is_a_day_to_look_and_no_promise() -> None:
    channel = find_broker("thomson-reuters-clear").channel[0]
    assert company_says(replace(channel, answers_in_days=None), sent_on=DAY) is None
    timed = replace(channel, answers_in_days=10, answers_basis="its filing of 2026")
    usual = company_says(timed, sent_on=DAY, state="CO")
    assert usual is not None
    assert (usual.due_on, usual.basis) == (DAY + timedelta(days=10), "its filing of 2026")
    assert usual.law is None
    assert not may_be_missed(usual.kind)
    assert "no promise" in str(USUAL_TIME)


@pytest.mark.parametrize(
    ("cra", "days"),
    [("nationwide", 15), ("nationwide-specialty", 15), ("", 15), ("agency", None)],
)
def test_fifteen_days_are_owed_for_the_free_yearly_copy_only(cra: str, days: int | None) -> None:
    law = find_law("us-fcra-file")
    found = deadlines_for(law, Right.FILE_DISCLOSURE, received=DAY, state="CO", cra=cra)
    assert [each.due_on for each in found] == ([DAY + timedelta(days=days)] if days else [])


def test_without_the_companys_role_the_days_say_for_what_they_are() -> None:
    law = find_law("us-fcra-file")
    for cra, said in (("", "These days are for the free yearly copy"), ("nationwide", "")):
        notes = clocks_for(law, Right.FILE_DISCLOSURE, received=DAY, cra=cra).notes
        assert [str(note).startswith(said) for note in notes] == ([True] if said else [])
    dispute = find_law("us-fcra-dispute")
    agency = find_broker("lexisnexis-risk").cra
    assert agency == "agency"
    assert deadlines_for(dispute, Right.DISPUTE, received=DAY, state="CO", cra=agency)

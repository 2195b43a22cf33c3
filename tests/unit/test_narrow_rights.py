"""A right that reaches a part only: the refusal may be lawful, a complaint is a choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.catalog.laws import find_law, list_laws
from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.law import LawId
from optout.model.record import Answer, Correspondence
from optout.model.request import (
    Message,
    Presence,
    Purpose,
    Request,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.subject import Residence
from optout.model.words import By, Right
from optout.rules.deadlines import deadlines_for
from optout.rules.ladder import Course, Ground, Rung, is_narrow, next_rung
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, errand_for, instant
from optout.workflows.follow_up import follow_up
from optout.workflows.new_message import new_message
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import hand_over_paper, mark_sent
from tests.conftest import World, desk_without_browser

RECEIVED, REFUSED = date(2026, 11, 23), date(2026, 12, 20)


def refused(law_id: str, right: str, *, reason: StatusReason | None = None) -> Course:
    law, asked = find_law(law_id), Right(right)
    state = law.jurisdiction.removeprefix("US-")
    said = Correspondence(
        id="1", request_id=RequestId("r"), answer=Answer.DENIED, received_on=REFUSED
    )
    return Course(
        law=law,
        right=asked,
        company="Example Data, Inc.",
        status=Status.DENIED,
        reason=reason,
        received_on=RECEIVED,
        dates=deadlines_for(law, asked, received=RECEIVED, state=state, denied_on=REFUSED),
        answers=(said,),
        state=state,
    )


def step(course: Course) -> Rung:
    return next_rung(course, REFUSED)


@pytest.mark.parametrize(
    ("law", "right", "purpose", "says"),
    [
        ("us-ca-ccpa", "delete", Purpose.COMPLAINT, "In California use DROP"),
        ("us-ut-ucpa", "delete", Purpose.COMPLAINT, "A complaint about it will seldom help."),
        ("us-ia-icdpa", "delete", Purpose.APPEAL, "An appeal about it will seldom help."),
        ("us-in-icdpa", "correct", Purpose.APPEAL, "An appeal about it will seldom help."),
    ],
)
def test_before_a_step_against_a_narrow_refusal_the_person_hears_that_it_may_be_lawful(
    law: str, right: str, purpose: Purpose, says: str
) -> None:
    course = refused(law, right)
    due = step(course)
    assert due.purpose is purpose
    assert due.by_choice
    assert due.first is not None
    said = due.first.english()
    assert said.startswith(f"This law covers {course.law.rights[course.right].scope}.")
    assert "They may refuse the rest." in said
    assert says in said
    assert ("DROP" in said) == (law == "us-ca-ccpa")


@pytest.mark.parametrize(
    ("law", "right"),
    [("us-co-cpa", "delete"), ("us-ca-ccpa", "opt-out"), ("us-ut-ucpa", "opt-out")],
)
def test_where_the_law_reaches_all_of_it_nothing_warns_and_nothing_is_a_choice(
    law: str, right: str
) -> None:
    due = step(refused(law, right))
    assert due.purpose in {Purpose.APPEAL, Purpose.COMPLAINT}
    assert due.first is None
    assert not due.by_choice


def test_a_refusal_for_want_of_a_detail_still_asks_for_the_detail_first() -> None:
    due = step(refused("us-ca-ccpa", "delete", reason=StatusReason.NO_MATCH))
    assert due.first is not None
    assert "the one detail that they ask for" in due.first.english()
    assert due.by_choice


def test_silence_is_no_lawful_refusal_of_a_narrow_right() -> None:
    asked = replace(
        refused("us-ca-ccpa", "delete"),
        status=Status.OPEN,
        answers=(),
        dates=deadlines_for(find_law("us-ca-ccpa"), Right.DELETE, received=RECEIVED, state="CA"),
    )
    assert is_narrow(asked)
    due = next_rung(asked, date(2027, 2, 1))
    assert (due.purpose, due.ground) == (Purpose.REMINDER, Ground.SILENCE)
    assert due.first is None
    assert not due.by_choice


def sent(desk: Desk, *rights: Right) -> Message:
    """Send one mail that asks a company in California for these rights."""
    law, company = LawId("us-ca-ccpa"), Slug("appriss-insights")
    requests = [
        Request(
            id=RequestId(new_id()),
            reference=new_reference(),
            subject_id=JORDAN.id,
            broker=company,
            right=right,
            law=law,
            law_sha256=list_laws()[law].sha256,
            presence=Presence.LIKELY,
            created_at=instant(desk.clock),
        )
        for right in rights
    ]
    ids = tuple(each.id for each in requests)
    message = new_message(desk, JORDAN.id, company, right=rights[0], by=By.EMAIL, request_ids=ids)
    with desk.vault.together():
        for request in requests:
            desk.vault.requests.add(request)
        desk.vault.messages.add(message)
    hand_over_paper(desk, errand_for(desk, message))
    return mark_sent(desk, message.reference).message


def test_a_complaint_about_a_narrow_right_travels_with_no_other_and_only_when_named(
    world: World, tmp_path: Path
) -> None:
    person = ScriptedPerson()
    home = replace(JORDAN, residences=(Residence(state="CA", since=date(2015, 6, 1)),))
    world.vault.subjects.add(home)
    desk = desk_without_browser(world, tmp_path / "papers", person=person)
    asked = sent(desk, Right.OPT_OUT, Right.DELETE)
    world.clock.forward(days=10)
    for right in (Right.OPT_OUT, Right.DELETE):
        record_answer(desk, asked.reference, Answer.DENIED, right=right)
    (plain,) = follow_up(desk, asked.reference).drafted
    assert rights_of(desk, plain) == [Right.OPT_OUT]
    heard = " ".join(person.heard)
    assert "A complaint about it will seldom help." in heard
    assert "optout follow-up {r} --right {right}" in heard
    person.answers = {"all the same": "no"}
    with pytest.raises(Refused, match="Nothing was drafted") as refused:
        follow_up(desk, asked.reference, right=Right.DELETE)
    assert "Answer them first" not in str(refused.value.known)
    person.answers = {"all the same": "yes"}
    (named,) = follow_up(desk, asked.reference, right=Right.DELETE).drafted
    assert named.purpose is Purpose.COMPLAINT
    assert rights_of(desk, named) == [Right.DELETE]


def rights_of(desk: Desk, message: Message) -> list[Right]:
    return [desk.vault.requests.get(each).right for each in message.request_ids]

"""What is on the list goes another way only if it was not delivered, and only after a new yes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.record import Answer, Correspondence
from optout.model.request import (
    Approval,
    Delivery,
    Message,
    MessageId,
    Purpose,
    Status,
    StatusReason,
)
from optout.model.words import By, Right
from optout.rules.lifecycle import ForbiddenStep
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault.ids import new_id, new_reference
from optout.workflows.accept_plan import accept_plan
from optout.workflows.approve import prepare
from optout.workflows.choose_way import go_another_way, other_ways
from optout.workflows.confirm import confirm_by_mail
from optout.workflows.desk import Desk, errand_for, instant
from optout.workflows.make_plan import USUAL, plan_for
from optout.workflows.move_request import move_with_person
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import hand_over_paper, mark_sent, take_back
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from pathlib import Path


APPRISS, RELX = Slug("appriss-insights"), Slug("relx-lexisnexis")
REUTERS = Slug("thomson-reuters-clear")
YES = {"arrest-or-jail": True, "car": True}
BY_POST = replace(USUAL, only=(APPRISS,), prefer=By.POST, take="all")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    world.vault.subjects.add(JORDAN)
    return desk_without_browser(world, tmp_path)


def all_planned(desk: Desk, company: Slug) -> tuple[Message, ...]:
    """Put everything that a company can be asked on the list."""
    made = plan_for(desk, JORDAN, YES, replace(USUAL, only=(company,)))
    return accept_plan(desk, JORDAN, made.lines)


def planned(desk: Desk) -> Message:
    """Put two rights on the list, in one mail."""
    (message,) = all_planned(desk, APPRISS)
    assert (message.by, len(message.request_ids)) == (By.EMAIL, 2)
    return message


def approved(desk: Desk, message: Message) -> str:
    """Say yes to it as it is, and return the number of what was approved."""
    digest = prepare(desk, errand_for(desk, message)).digest
    desk.vault.approvals.add(
        Approval(
            id=new_id(),
            message_id=message.id,
            digest=digest,
            approved_by="test",
            approved_at=instant(desk.clock),
        )
    )
    desk.vault.messages.set_ready(message.id)
    return digest


def heard(desk: Desk) -> str:
    assert isinstance(desk.person, ScriptedPerson)
    return " ".join(desk.person.heard)


def test_a_mail_becomes_a_letter_and_no_yes_to_it_counts_any_more(desk: Desk) -> None:
    mail = planned(desk)
    digest = approved(desk, mail)
    assert desk.vault.approvals.find(mail.id, digest)  # the control
    (letter,) = move_with_person(desk, JORDAN, BY_POST)
    kept = desk.vault.messages.get(mail.id)
    assert kept == letter
    assert (kept.by, kept.delivery) == (By.POST, Delivery.DRAFT)
    assert (kept.reference, set(kept.request_ids)) == (mail.reference, set(mail.request_ids))
    assert desk.vault.approvals.find(mail.id, digest) is None
    assert prepare(desk, errand_for(desk, kept)).digest != digest
    assert "car" not in heard(desk)  # nobody is asked the five questions again
    desk.vault.audit()


def test_some_of_a_letter_can_go_alone_and_the_rest_stays(desk: Desk) -> None:
    mail = planned(desk)
    approved(desk, mail)
    (letter,) = move_with_person(desk, JORDAN, replace(BY_POST, take="2"))
    rest = desk.vault.messages.get(mail.id)
    assert letter.id != rest.id
    assert (rest.by, rest.delivery, len(rest.request_ids)) == (By.EMAIL, Delivery.DRAFT, 1)
    assert (letter.by, len(letter.request_ids)) == (By.POST, 1)
    assert {*rest.request_ids, *letter.request_ids} == set(mail.request_ids)
    # And back together again: the message that carries nothing is gone.
    back = replace(BY_POST, prefer=By.POST)
    (together,) = {message.id for message in move_with_person(desk, JORDAN, back)}
    assert len(desk.vault.messages.list(subject_id=JORDAN.id)) == 2
    assert desk.vault.messages.get(together).by is By.POST


def test_none_of_it_changes_nothing(desk: Desk) -> None:
    mail = planned(desk)
    assert move_with_person(desk, JORDAN, replace(BY_POST, take="none")) == ()
    assert desk.vault.messages.get(mail.id) == mail


def test_what_is_in_the_persons_hands_stays_until_they_say_that_they_did_not_send_it(
    desk: Desk,
) -> None:
    mail = planned(desk)
    hand_over_paper(desk, errand_for(desk, mail))
    with pytest.raises(Refused, match="Nothing on your list was changed"):
        move_with_person(desk, JORDAN, BY_POST)
    assert "optout letter post {r} --not-sent" in heard(desk)
    take_back(desk, mail.reference)
    (letter,) = move_with_person(desk, JORDAN, BY_POST)
    assert (letter.id, letter.by) == (mail.id, By.POST)
    assert desk.vault.outbox.last_attempt(mail.id)  # what was tried is not forgotten
    with pytest.raises(ForbiddenStep):
        desk.vault.messages.withdraw(mail.id)


def test_what_a_page_saw_and_nobody_filed_can_go_another_way_and_stays_remembered(
    desk: Desk, world: World
) -> None:
    mail = planned(desk)
    approved(desk, mail)
    with world.begin(desk.vault.messages.get(mail.id)) as attempt:
        attempt.failed("stopped-before-submit", seen=True, filled=(Field.FULL_NAME,))
    (letter,) = move_with_person(desk, JORDAN, BY_POST)
    assert "they may have seen what was typed" in heard(desk)
    kept = desk.vault.messages.get(letter.id)
    assert (kept.by, kept.delivery, kept.seen_by_broker) == (By.POST, Delivery.DRAFT, True)
    assert [given.field for given in desk.vault.disclosures.for_message(mail.id)] == [
        Field.FULL_NAME
    ]


def test_what_was_tried_as_one_goes_another_way_as_one(desk: Desk, world: World) -> None:
    mail = planned(desk)
    approved(desk, mail)
    with world.begin(desk.vault.messages.get(mail.id)) as attempt:
        attempt.failed("stopped-before-submit", seen=True, filled=(Field.FULL_NAME,))
    with pytest.raises(Refused, match="all of it goes another way"):
        move_with_person(desk, JORDAN, replace(BY_POST, take="1"))
    kept = desk.vault.messages.get(mail.id)
    assert (kept.by, kept.request_ids) == (By.EMAIL, mail.request_ids)
    (letter,) = move_with_person(desk, JORDAN, BY_POST)  # the control
    for request_id in letter.request_ids:
        given = desk.vault.disclosures.for_request(request_id)
        assert [each.field for each in given] == [Field.FULL_NAME]


def test_what_was_tried_as_one_is_not_offered_in_part(desk: Desk, world: World) -> None:
    mail = next(each for each in all_planned(desk, RELX) if len(each.request_ids) > 1)
    approved(desk, mail)
    with world.begin(desk.vault.messages.get(mail.id)) as attempt:
        attempt.failed("stopped-before-submit", seen=True, filled=(Field.FULL_NAME,))
    # On a page each right is asked on its own: only what was not tried is offered.
    (page,) = move_with_person(desk, JORDAN, replace(BY_POST, only=(RELX,), prefer=By.PORTAL))
    assert page.id != mail.id
    assert "or all of it stays" in heard(desk)
    kept = desk.vault.messages.get(mail.id)
    assert (kept.by, kept.request_ids) == (By.EMAIL, mail.request_ids)


def test_what_may_have_arrived_stays_until_somebody_found_out(desk: Desk, world: World) -> None:
    mail = planned(desk)
    approved(desk, mail)
    with world.begin(desk.vault.messages.get(mail.id)) as attempt:
        attempt.sending()
        attempt.unknown("no-confirmation-seen")
    with pytest.raises(Refused):
        move_with_person(desk, JORDAN, BY_POST)
    assert "optout reconcile {r}" in heard(desk)
    with pytest.raises(ForbiddenStep):
        desk.vault.messages.rewrite(desk.vault.messages.get(mail.id))


def sent_by_web(desk: Desk, world: World) -> Message:
    """File one request by a form that the company answers with a mail to confirm."""
    made = plan_for(desk, JORDAN, YES, replace(USUAL, only=(REUTERS,)))
    lines = [line for line in made.lines if line.right is Right.OPT_OUT]
    (form,) = accept_plan(desk, JORDAN, lines)
    assert form.by is By.WEB
    approved(desk, form)
    with world.begin(desk.vault.messages.get(form.id)) as attempt:
        attempt.sending()
        attempt.sent(status=(Status.IN_PROGRESS, StatusReason.NEED_USER_VERIFICATION))
    return desk.vault.messages.get(form.id)


def confirming(desk: Desk, form: Message, delivery: Delivery) -> Message:
    """Keep the second leg of a form as an interrupted confirmation leaves it."""
    message = replace(
        form,
        id=MessageId(new_id()),
        reference=new_reference(),
        purpose=Purpose.CONFIRMATION,
        leg=1,
        delivery=delivery,
    )
    desk.vault.messages.add(message)
    return message


@pytest.mark.parametrize("delivery", [Delivery.DRAFT, Delivery.READY, Delivery.FAILED])
def test_what_was_sent_stays_though_its_confirmation_was_not(
    desk: Desk, world: World, delivery: Delivery
) -> None:
    form = sent_by_web(desk, world)
    confirmation = confirming(desk, form, delivery)
    with pytest.raises(Refused, match="Nothing on your list was changed"):
        move_with_person(desk, JORDAN, replace(BY_POST, only=(REUTERS,)))
    assert "Nothing is sent twice" in heard(desk)
    assert desk.vault.messages.get(confirmation.id) == confirmation
    with pytest.raises(Refused, match="only confirms a request"):
        desk.vault.messages.rewrite(replace(confirmation, by=By.POST))


def test_a_confirmation_without_its_form_is_told_and_opens_nothing(
    desk: Desk, world: World
) -> None:
    form = sent_by_web(desk, world)
    confirmation = replace(
        form,
        id=MessageId(new_id()),
        reference=new_reference(),
        purpose=Purpose.CONFIRMATION,
        leg=3,  # nothing here is the step before
        delivery=Delivery.DRAFT,
    )
    desk.vault.messages.add(confirmation)
    with pytest.raises(Refused, match="is not in this folder"):
        confirm_by_mail(desk, confirmation.reference, "no link")


def test_a_letter_that_came_back_may_go_another_way_until_they_answer(desk: Desk) -> None:
    mail = planned(desk)
    hand_over_paper(desk, errand_for(desk, mail))
    mark_sent(desk, mail.reference)
    with pytest.raises(Refused):  # the control
        move_with_person(desk, JORDAN, BY_POST)
    record_answer(desk, mail.reference, Answer.RETURNED)
    (moved,) = move_with_person(desk, JORDAN, replace(BY_POST, prefer=By.EMAIL))
    assert (moved.by, moved.id != mail.id) == (By.EMAIL, True)
    for request_id in moved.request_ids:
        desk.vault.requests.set_status(request_id, Status.IN_PROGRESS)
        with pytest.raises(Refused, match="They answered this request"):
            desk.vault.requests.ask_under(request_id, LawId("voluntary"), "1" * 64)
    with pytest.raises(Refused, match="Nothing on your list was changed"):
        move_with_person(desk, JORDAN, BY_POST)
    assert "they answered it, so nothing is asked again" in heard(desk)


def test_where_the_way_is_not_open_it_stays_and_the_reason_is_said(desk: Desk) -> None:
    mails = all_planned(desk, RELX)
    assert {mail.by for mail in mails} == {By.EMAIL}
    (letter,) = move_with_person(desk, JORDAN, replace(BY_POST, only=(RELX,)))
    (request_id,) = letter.request_ids
    assert desk.vault.requests.get(request_id).right is Right.DELETE  # paper for nothing else
    assert "it stays as it is, by {by}. {why}" in heard(desk)
    now = [desk.vault.messages.get(mail.id) for mail in mails]
    assert sorted(message.by for message in now) == [By.EMAIL, By.POST]


def test_the_same_way_again_is_said_and_changes_nothing(desk: Desk) -> None:
    mail = planned(desk)
    assert move_with_person(desk, JORDAN, replace(BY_POST, prefer=By.EMAIL)) == ()
    assert "it goes by {by} already" in heard(desk)
    assert desk.vault.messages.get(mail.id) == mail


def test_what_has_come_to_light_since_is_said_alike_in_the_plan_and_on_the_sheet(
    desk: Desk, world: World
) -> None:
    """A typed yes was needed once: then the company answered about the person's records."""
    unlikely = plan_for(desk, JORDAN, {}, replace(USUAL, only=(APPRISS,)), insist=(APPRISS,))
    lines = [line for line in unlikely.lines if line.right is Right.ACCESS]
    (mail,) = accept_plan(desk, JORDAN, lines)
    no_sign = "We have no sign that {company} knows you."
    assert no_sign in [text.template for text in _warnings_of(desk, mail)]  # the control
    desk.vault.correspondence.add(
        Correspondence(
            id=new_id(),
            request_id=mail.request_ids[0],
            answer=Answer.PARTIAL,
            received_on=world.clock().date(),
        )
    )
    assert no_sign not in [text.template for text in _warnings_of(desk, mail)]
    line = plan_for(desk, JORDAN, {}, replace(USUAL, only=(APPRISS,))).lines[0]
    assert "There is a sign that" in str(line.why[0])
    assert "it answered about your records" in str(line.why[0])


def _warnings_of(desk: Desk, message: Message) -> tuple[Text, ...]:
    return prepare(desk, errand_for(desk, message)).sheet.warnings


def test_on_the_page_the_chosen_letter_goes_another_way_and_no_other_of_that_company(
    desk: Desk,
) -> None:
    stays, chosen = all_planned(desk, RELX)
    assert len(stays.request_ids) > 1
    both = replace(USUAL, only=(RELX,), prefer=By.PORTAL, take="all")
    person = ScriptedPerson(answers={"How shall it go instead": By.PORTAL.value})
    approved(desk, stays)
    go_another_way(replace(desk, person=person), chosen.reference)
    assert desk.vault.messages.get(chosen.id).by is By.PORTAL
    now = desk.vault.messages.get(stays.id)
    assert (now.by, now.delivery) == (By.EMAIL, Delivery.READY)
    move_with_person(desk, JORDAN, both)  # control: asked for the company, it goes with it
    assert desk.vault.messages.get(stays.id).by is By.PORTAL


def test_a_way_that_the_company_takes_no_more_leaves_the_others(desk: Desk) -> None:
    mail = planned(desk)
    ways = other_ways(desk, mail)
    assert By.POST in ways  # the control
    company = desk.find_broker(APPRISS)
    no_mail = tuple(
        replace(each, by=tuple(by for by in each.by if by is not By.EMAIL))
        for each in company.channel
    )
    changed = replace(company, channel=no_mail)
    assert other_ways(replace(desk, find_broker=lambda _slug: changed), mail) == ways


def test_of_a_company_that_is_gone_from_the_catalog_no_way_is_offered(desk: Desk) -> None:
    mail = planned(desk)

    def gone(_slug: str) -> Broker:
        raise WrongUsage(Text("There is no company of that name."))

    without = replace(desk, find_broker=gone)
    assert other_ways(without, mail) == ()
    with pytest.raises(Refused, match="No other way is known"):
        go_another_way(without, mail.reference)


def test_a_letter_that_was_written_is_taken_back_before_it_goes_another_way(desk: Desk) -> None:
    mail = planned(desk)
    hand_over_paper(desk, errand_for(desk, mail))
    way = {"How shall it go instead": By.POST.value}
    unsure = ScriptedPerson(answers=way, says_yes=False)
    go_another_way(replace(desk, person=unsure), mail.reference)
    assert desk.vault.messages.get(mail.id).delivery is Delivery.HANDED_OVER
    person = ScriptedPerson(answers=way)
    go_another_way(replace(desk, person=person), mail.reference)
    kept = desk.vault.messages.get(mail.id)
    assert (kept.by, kept.delivery) == (By.POST, Delivery.DRAFT)
    assert "Do not send the one that was written." in " ".join(person.heard)

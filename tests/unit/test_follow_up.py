"""Proves the steps after silence and refusal on a real folder: drafted once, sent like others."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from optout.catalog.brokers import find_broker
from optout.catalog.laws import list_laws
from optout.errors import Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.record import Answer, DeadlineKind
from optout.model.request import (
    Delivery,
    Message,
    Presence,
    Purpose,
    Reason,
    Request,
    RequestId,
    Status,
    StatusReason,
)
from optout.model.subject import Acting, Residence, Subject
from optout.model.words import By, Right
from optout.rules.lifecycle import ForbiddenStep
from optout.rules.plain_text import plain_text
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id, new_reference
from optout.workflows.accept_plan import accept_plan, answered_before
from optout.workflows.approve import prepare
from optout.workflows.by_hand import guide_by_hand
from optout.workflows.clocks import deadlines_when_received
from optout.workflows.desk import Desk, errand_for, instant, open_errand
from optout.workflows.file_message import file_message, next_to_file
from optout.workflows.follow_up import FollowedUp, follow_up, steps_due
from optout.workflows.given import given_to
from optout.workflows.make_plan import USUAL, plan_for
from optout.workflows.new_message import new_message
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import hand_over_paper, letter_texts, mark_sent, take_back
from optout.workflows.standing import dues, standings, to_do
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from optout.model.payload import ApprovalSheet
    from optout.model.plan import PlanLine

COMPANY, WEB = Slug("appriss-insights"), Slug("lexisnexis-risk")
GATE, WHICH, OWN, ANYWAY = (
    "government files",
    "Which of these",
    "sentence of your own",
    "all the same",
)


@dataclass(slots=True)
class Reader(ScriptedPerson):
    """Keeps the sheets it was shown."""

    sheets: list[ApprovalSheet] = field(default_factory=list)

    def approve(self, sheet: ApprovalSheet) -> bool:
        self.sheets.append(sheet)
        return self.says_yes


@pytest.fixture
def person() -> Reader:
    return Reader(answers={WHICH: "n", OWN: ""})


@pytest.fixture
def desk(world: World, person: Reader, tmp_path: Path) -> Desk:
    world.vault.subjects.add(JORDAN)
    return desk_without_browser(world, tmp_path / "papers", person=person)


def asked(
    desk: Desk,
    *rights: str,
    by: By = By.EMAIL,
    law: str = "us-co-cpa",
    company: Slug = COMPANY,
    subject: Subject = JORDAN,
) -> Message:
    """Put requests on the list that go in one message."""
    requests = [
        Request(
            id=RequestId(new_id()),
            reference=new_reference(),
            subject_id=subject.id,
            broker=company,
            right=Right(right),
            law=LawId(law),
            law_sha256=list_laws()[LawId(law)].sha256,
            presence=Presence.LIKELY,
            created_at=instant(desk.clock),
        )
        for right in rights
    ]
    message = new_message(
        desk,
        subject.id,
        company,
        right=requests[0].right,
        by=by,
        request_ids=(each.id for each in requests),
    )
    with desk.vault.together():
        for request in requests:
            desk.vault.requests.add(request)
        desk.vault.messages.add(message)
    return message


def sent(desk: Desk, message: Message) -> Message:
    hand_over_paper(desk, errand_for(desk, message))
    return mark_sent(desk, message.reference).message


def filed(desk: Desk, done: FollowedUp) -> Message:
    """Look at the one letter that was drafted, say yes, and send it."""
    (message,) = done.drafted
    file_message(desk, message.reference)
    return mark_sent(desk, message.reference).message


def purposes(desk: Desk) -> list[Purpose | None]:
    return [step.rung.purpose for step in steps_due(desk)]


def text_of(desk: Desk, message: Message) -> str:
    body = prepare(desk, errand_for(desk, desk.vault.messages.get(message.id))).payload.body
    assert body
    return body.reveal()


def heard(desk: Desk) -> str:
    assert isinstance(desk.person, Reader)
    return " ".join(desk.person.heard)


def the_mail(desk: Desk, message: Message) -> email.message.EmailMessage:
    (path,) = desk.out_folder.glob(f"*{message.reference}.eml")
    found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def silent(
    world: World, desk: Desk, *, rights: tuple[str, ...] = ("delete",), **more: object
) -> Message:
    """Send a request, and wait until the time for an answer and the grace days are over."""
    message = sent(desk, asked(desk, *rights, **more))  # type: ignore[arg-type] # real names
    world.clock.forward(days=51 if message.by is By.EMAIL else 60)
    return message


def test_silence_is_followed_step_by_step_to_a_complaint(
    world: World, desk: Desk, person: Reader
) -> None:
    request = silent(world, desk)
    assert purposes(desk) == [Purpose.REMINDER]
    reminder = filed(desk, follow_up(desk, request.reference))
    assert (reminder.purpose, reminder.by) == (Purpose.REMINDER, By.EMAIL)
    mail = the_mail(desk, reminder)
    assert request.reference in str(mail["Subject"])
    assert "An answer was due by January 7, 2027" in plain_text(mail.get_content(), limit=9_000)
    assert purposes(desk) == []
    with pytest.raises(WrongUsage, match="Nothing is due"):
        follow_up(desk, request.reference)
    world.clock.forward(days=11)
    assert purposes(desk) == [Purpose.APPEAL]
    appeal = filed(desk, follow_up(desk, request.reference))
    assert "within 45 days of receiving this appeal" in text_of(desk, appeal)
    assert WHICH not in heard(desk)  # nobody gave a reason, so none is asked for
    world.clock.forward(days=45 + 5)
    assert purposes(desk) == []
    world.clock.forward(days=5)
    assert purposes(desk) == [Purpose.COMPLAINT]
    complaint = filed(desk, follow_up(desk, request.reference))
    assert GATE in heard(desk)
    text = person.sheets[-1].payload.body
    assert text
    for what in ("I sent the company", "I reminded the company", "I appealed", "No decision"):
        assert what in text.reveal()
    assert complaint.by is By.POST
    assert purposes(desk) == []
    desk.vault.audit()


def test_no_step_is_offered_on_the_last_day_of_grace(world: World, desk: Desk) -> None:
    sent(desk, asked(desk, "delete"))
    world.clock.forward(days=50)  # January 12: the third business day after January 7
    assert purposes(desk) == []
    world.clock.forward(days=1)
    assert purposes(desk) == [Purpose.REMINDER]


def test_twice_the_same_is_drafted_once(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    first = follow_up(desk, request.reference)
    again = follow_up(desk, request.reference)
    assert (len(first.drafted), again.drafted) == (1, ())
    assert again.waiting == first.drafted
    file_message(desk, first.first().reference)
    assert follow_up(desk, request.reference).drafted == ()  # also while it is in their hands
    messages = desk.vault.messages.for_request(request.request_ids[0])
    assert [each.purpose for each in messages] == [Purpose.REQUEST, Purpose.REMINDER]


def test_one_reminder_carries_all_that_is_silent(world: World, desk: Desk) -> None:
    request = silent(world, desk, rights=("opt-out", "access", "delete"))
    record_answer(desk, request.reference, Answer.FULFILLED, right=Right.ACCESS)
    (reminder,) = follow_up(desk, request.reference).drafted
    rights = [desk.vault.requests.get(each).right for each in reminder.request_ids]
    assert rights == [Right.OPT_OUT, Right.DELETE]
    assert "1. Stop selling" in text_of(desk, reminder)
    assert "Tell me what you hold" not in text_of(desk, reminder)


def test_an_answer_takes_a_drafted_reminder_off_the_list(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    (reminder,) = follow_up(desk, request.reference).drafted
    recorded = record_answer(desk, request.reference, Answer.FULFILLED)
    assert recorded.off_the_list == (reminder.reference,)
    with pytest.raises(WrongUsage):
        open_errand(desk, reminder.reference)
    assert to_do(desk) == ()


def test_a_receipt_leaves_it_there_and_of_several_only_what_was_answered_goes(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, rights=("opt-out", "delete"))
    (reminder,) = follow_up(desk, request.reference).drafted
    assert (
        record_answer(desk, request.reference, Answer.ACKNOWLEDGED, right=Right.DELETE).off_the_list
        == ()
    )
    record_answer(desk, request.reference, Answer.DENIED, right=Right.DELETE)
    (left,) = desk.vault.messages.get(reminder.id).request_ids
    assert desk.vault.requests.get(left).right is Right.OPT_OUT
    assert file_message(desk, reminder.reference).message.delivery is Delivery.HANDED_OVER


def test_what_was_written_already_is_to_be_thrown_away(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    recorded = record_answer(desk, request.reference, Answer.FULFILLED)
    assert recorded.not_needed == (reminder.reference,)
    take_back(desk, reminder.reference)
    assert to_do(desk) == ()
    with pytest.raises(Refused, match="not due any more"):
        file_message(desk, reminder.reference)


def test_a_refusal_is_appealed_with_what_the_person_picked_and_wrote(
    world: World, desk: Desk, person: Reader
) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED, exemption="Gramm-Leach-Bliley Act")
    (step,) = steps_due(desk)
    assert step.rung.by == desk.today(JORDAN) + timedelta(days=30)
    person.answers = {WHICH: "2,3", OWN: "I have no account with you."}
    (appeal,) = follow_up(desk, request.reference).drafted
    assert appeal.said
    assert appeal.said.reasons == (Reason.NOT_ALL, Reason.NOT_THIS)
    assert "I have no account" not in repr(appeal)
    text = text_of(desk, appeal)
    assert "names this exception: “Gramm-Leach-Bliley Act”" in text
    assert "does not cover all that I asked for" in text
    assert "I have no account with you." in text
    assert "names no exception" not in text
    desk.vault.audit()


def test_words_that_no_letter_may_hold_are_refused_when_they_are_typed(
    world: World, desk: Desk, person: Reader
) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED, exemption="my husband told them")
    person.answers = {WHICH: "n", OWN: "My husband has an asylum case."}
    with pytest.raises(WrongUsage, match="must not be in a letter"):
        follow_up(desk, request.reference)
    person.answers = {WHICH: "n", OWN: "seen\u202eneseen"}
    with pytest.raises(Refused, match="invisible"):
        follow_up(desk, request.reference)
    person.answers = {WHICH: "n", OWN: "a" * 301}
    with pytest.raises(WrongUsage, match="One sentence"):
        follow_up(desk, request.reference)
    person.answers = {WHICH: "n", OWN: ""}
    (appeal,) = follow_up(desk, request.reference).drafted
    assert "husband" not in text_of(desk, appeal)


def test_reasons_can_be_given_without_a_question(world: World, desk: Desk, person: Reader) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED)
    (appeal,) = follow_up(desk, request.reference, reasons=(Reason.ENOUGH,)).drafted
    assert appeal.said
    assert appeal.said.reasons == (Reason.ENOUGH,)
    assert not any(WHICH in each for each in person.heard)


def test_who_was_not_found_may_answer_first(world: World, desk: Desk, person: Reader) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED, reason=StatusReason.NO_MATCH)
    person.answers = {ANYWAY: "no"}
    with pytest.raises(Refused, match="Nothing was drafted"):
        follow_up(desk, request.reference)
    person.answers = {ANYWAY: "yes", WHICH: "n", OWN: ""}
    assert follow_up(desk, request.reference).drafted


def test_a_complaint_is_drafted_only_after_a_typed_yes(
    world: World, desk: Desk, person: Reader
) -> None:
    request = refused_appeal(world, desk)
    before = len(desk.vault.messages.list())
    person.answers = {GATE: ""}
    with pytest.raises(Refused, match="No complaint"):
        follow_up(desk, request.reference)
    assert len(desk.vault.messages.list()) == before
    person.answers = {}
    (complaint,) = follow_up(desk, request.reference).drafted
    assert next_to_file(desk, 9) == ()  # never the next one by itself
    assert GATE in " ".join(text.english() for text in sheet(desk, complaint).warnings)


def refused_appeal(world: World, desk: Desk) -> Message:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.APPEAL_DENIED)
    return request


def sheet(desk: Desk, message: Message) -> ApprovalSheet:
    return prepare(desk, errand_for(desk, message)).sheet


def test_what_an_office_gets_is_not_given_to_the_company(world: World, desk: Desk) -> None:
    request = refused_appeal(world, desk)
    before = given_to(desk, JORDAN.id, find_broker(COMPANY))
    assert Field.REPLY_ADDRESS not in before  # it was asked by mail
    complaint = filed(desk, follow_up(desk, request.reference))
    rows = desk.vault.disclosures.for_message(complaint.id)
    assert {row.field for row in rows} == {Field.FULL_NAME, Field.REPLY_ADDRESS}
    assert {row.recipient for row in rows} == {"Colorado Attorney General"}
    assert all(row.new_to_them for row in rows)
    assert given_to(desk, JORDAN.id, find_broker(COMPANY)) == before
    (standing,) = standings(desk)
    assert Field.REPLY_ADDRESS not in standing.disclosed
    assert Field.FULL_NAME in standing.disclosed  # the control


def test_an_office_that_takes_no_post_gets_no_envelope(world: World, desk: Desk) -> None:
    request = refused_appeal(world, desk)
    (complaint,) = follow_up(desk, request.reference).drafted
    shown = sheet(desk, complaint).payload.recipient
    assert shown.lines == ("Colorado Attorney General",)
    done = file_message(desk, complaint.reference)
    assert Path(done.paper).read_bytes().startswith(b"%PDF")
    assert Path(done.sheet).read_bytes().startswith(b"%PDF")


def test_a_reminder_gives_a_name_and_an_address_for_the_answer_and_no_more(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, by=By.POST)
    reminder = filed(desk, follow_up(desk, request.reference))
    rows = desk.vault.disclosures.for_message(reminder.id)
    assert {row.field for row in rows} == {Field.FULL_NAME, Field.REPLY_ADDRESS}
    assert not any(row.new_to_them for row in rows)
    assert "count it as received on November 28, 2026" in text_of(desk, reminder)


def test_a_reminder_sets_the_next_day_and_an_appeal_the_day_of_its_decision(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk)
    filed(desk, follow_up(desk, request.reference))
    today = desk.today(JORDAN)
    assert open_dates(desk)[DeadlineKind.FOLLOW_UP] == today + timedelta(days=10)
    world.clock.forward(days=11)
    filed(desk, follow_up(desk, request.reference))
    dates = open_dates(desk)
    assert DeadlineKind.FOLLOW_UP not in dates
    assert dates[DeadlineKind.APPEAL_DECISION] >= desk.today(JORDAN) + timedelta(days=45)
    assert DeadlineKind.RESPONSE in dates  # late it stays
    assert not any(due.overdue for due in dues(desk) if due.deadline.kind is DeadlineKind.FOLLOW_UP)


def open_dates(desk: Desk) -> dict[DeadlineKind, date]:
    return {each.deadline.kind: each.deadline.due_on for each in dues(desk)}


def test_a_wrong_posting_day_of_a_reminder_moves_only_its_own_date(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    world.clock.forward(days=5)
    first = mark_sent(desk, reminder.reference).message.posted_on
    assert first
    mark_sent(desk, reminder.reference, on=first - timedelta(days=3))
    dates = open_dates(desk)
    assert dates[DeadlineKind.FOLLOW_UP] == first + timedelta(days=7)
    assert DeadlineKind.RESPONSE in dates
    assert desk.vault.deadlines.received_on(request.request_ids[0]) is not None


def test_a_notice_in_time_moves_the_decision_on_an_appeal(world: World, desk: Desk) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=20)
    record_answer(desk, request.reference, Answer.DENIED)
    appeal = filed(desk, follow_up(desk, request.reference))
    before = open_dates(desk)[DeadlineKind.APPEAL_DECISION]
    world.clock.forward(days=10)
    record_answer(desk, request.reference, Answer.EXTENDED)
    assert appeal.posted_on
    moved = [due for due in dues(desk) if due.deadline.kind is DeadlineKind.APPEAL_DECISION]
    assert [due.deadline.due_on > appeal.posted_on + timedelta(days=104) for due in moved] == [True]
    assert before != moved[0].deadline.due_on
    world.clock.forward(days=60)
    assert purposes(desk) == []  # without the notice a complaint would be possible


def test_a_plain_no_after_an_appeal_is_written_down_as_its_end(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=11)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=9)
    recorded = record_answer(desk, request.reference, Answer.DENIED)
    assert recorded.correspondence.answer is Answer.APPEAL_DENIED
    assert purposes(desk) == [Purpose.COMPLAINT]


def test_a_reminder_that_came_back_does_not_count(world: World, desk: Desk) -> None:
    request = silent(world, desk, by=By.POST)
    reminder = filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=9)
    recorded = record_answer(desk, reminder.reference, Answer.RETURNED)
    assert recorded.advice
    assert desk.vault.requests.get(request.request_ids[0]).reason is None  # that one arrived
    dates = open_dates(desk)
    assert DeadlineKind.FOLLOW_UP not in dates
    assert DeadlineKind.RESPONSE in dates
    assert purposes(desk) == [Purpose.REMINDER]
    with pytest.raises(Refused, match="already written down"):
        record_answer(desk, reminder.reference, Answer.RETURNED)


def test_who_filed_a_form_writes_to_the_address_for_the_same_right(
    world: World, desk: Desk
) -> None:
    message = asked(desk, "delete", by=By.WEB, company=WEB)
    arrived(world, desk, message)
    (reminder,) = follow_up(desk, message.reference).drafted
    assert reminder.by in {By.EMAIL, By.POST}
    assert "through your web form" in text_of(desk, reminder)


def arrived(world: World, desk: Desk, message: Message) -> None:
    """File a form without a browser, and wait until nobody answered it."""
    world.vault.messages.set_ready(message.id)
    with world.begin(world.vault.messages.get(message.id)) as attempt:
        attempt.sending()
        errand = errand_for(desk, message)
        dates = deadlines_when_received(desk, errand, desk.today(JORDAN))
        attempt.sent(deadlines=dates, received_on=desk.today(JORDAN))
    world.clock.forward(days=60)


def test_where_no_address_is_known_the_text_is_pasted_and_that_is_said(
    world: World, desk: Desk, person: Reader
) -> None:
    broker = find_broker(WEB)
    form = next(each for each in broker.channel if each.flow and each.right is Right.OPT_OUT)
    alone = replace(broker, channel=(form,))
    desk = replace(desk, find_broker=lambda slug: alone if slug == WEB else find_broker(slug))
    message = asked(desk, "opt-out", by=By.WEB, company=WEB)
    arrived(world, desk, message)
    (reminder,) = follow_up(desk, message.reference).drafted
    assert reminder.by is By.PORTAL
    guide_by_hand(desk, errand_for(desk, reminder))
    assert "Paste the text" in heard(desk)
    body = person.sheets[-1].payload.body
    assert body
    assert "No answer" in body.reveal() or "was due" in body.reveal()


def test_a_voluntary_request_is_reminded_of_once(world: World, desk: Desk) -> None:
    message = sent(desk, asked(desk, "delete", law="voluntary"))
    assert DeadlineKind.FOLLOW_UP in open_dates(desk)
    world.clock.forward(days=52)
    (line,) = [item for item in to_do(desk) if "follow-up" in item.what.english()]
    assert "No law" in line.what.english()
    reminder = filed(desk, follow_up(desk, message.reference))
    assert "§" not in text_of(desk, reminder)
    world.clock.forward(days=200)
    assert purposes(desk) == []
    assert not any("follow-up" in item.what.english() for item in to_do(desk))


def test_next_and_status_name_the_step_and_never_a_complaint_by_itself(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk)
    (item,) = to_do(desk)
    assert f"optout follow-up {request.reference}" in item.what.english()
    (standing,) = standings(desk)
    assert standing.step
    assert f"optout follow-up {request.reference}" in standing.step.said().english()
    (reminder,) = follow_up(desk, request.reference).drafted
    (item,) = to_do(desk)
    assert f"optout file {reminder.reference}" in item.what.english()
    assert standings(desk)[0].message.id == request.id  # was it sent? is about the request
    file_message(desk, reminder.reference)
    mark_sent(desk, reminder.reference)
    assert to_do(desk) == ()
    world.clock.forward(days=11)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=60)
    (item,) = to_do(desk)
    assert "if you want to" in item.what.english()
    assert next_to_file(desk, 9) == ()


def test_wrong_input_is_told_in_words(world: World, desk: Desk) -> None:
    with pytest.raises(WrongUsage, match="no request with that reference"):
        follow_up(desk, "ZZZZ-ZZZZ")
    message = asked(desk, "delete")
    with pytest.raises(WrongUsage, match="not sent yet"):
        follow_up(desk, message.reference)
    sent(desk, message)
    with pytest.raises(WrongUsage, match="not over"):
        follow_up(desk, message.reference)
    with pytest.raises(WrongUsage, match="does not ask for that"):
        follow_up(desk, message.reference, right=Right.ACCESS)
    world.clock.forward(days=5)
    record_answer(desk, message.reference, Answer.FULFILLED)
    with pytest.raises(WrongUsage, match="answered or ended"):
        follow_up(desk, message.reference)


def test_the_letter_that_was_sent_reads_the_same_after_an_answer(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    reminder = filed(desk, follow_up(desk, request.reference))
    before = letter_texts(desk, reminder.reference)
    world.clock.forward(days=4)
    record_answer(desk, request.reference, Answer.DENIED, exemption="GLBA")
    assert letter_texts(desk, reminder.reference) == before
    assert not any("changed since" in each for each in heard(desk).split("."))


def test_a_copy_whose_free_answers_are_used_up_is_asked_about(
    world: World, desk: Desk, person: Reader
) -> None:
    first = sent(desk, asked(desk, "access"))
    world.clock.forward(days=10)
    record_answer(desk, first.reference, Answer.FULFILLED)
    world.clock.forward(days=100)
    only = replace(USUAL, only=(COMPANY,))
    made = plan_for(desk, JORDAN, {"arrest-or-jail": True}, only)
    ((_asked, why),) = answered_before(desk, JORDAN).items()
    assert "Another one may cost a fee" in why.english()
    lines = [line for line in made.lines if line.right is Right.ACCESS]
    if not lines:
        lines = access_line(desk)
    person.answers = {ANYWAY: "no"}
    assert accept_plan(desk, JORDAN, lines) == ()
    assert "may cost a fee" in heard(desk)
    person.answers = {ANYWAY: "yes"}
    assert accept_plan(desk, JORDAN, lines)


def access_line(desk: Desk) -> list[PlanLine]:
    """Plan the copy as somebody would who never asked for it."""
    other = replace(JORDAN, id=type(JORDAN.id)("another"))
    desk.vault.subjects.add(other)
    made = plan_for(desk, other, {"arrest-or-jail": True}, replace(USUAL, only=(COMPANY,)))
    return [line for line in made.lines if line.right is Right.ACCESS]


def test_status_of_the_request_is_not_moved_by_a_reminder(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    filed(desk, follow_up(desk, request.reference))
    assert desk.vault.requests.get(request.request_ids[0]).status is Status.OPEN


def test_nothing_is_written_for_whom_it_would_not_be_true(world: World, desk: Desk) -> None:
    message = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=51)
    desk.vault.subjects.replace(replace(JORDAN, acting=Acting.AGENT))
    with pytest.raises(Refused, match="I write for myself"):
        follow_up(desk, message.reference)
    desk.vault.subjects.replace(JORDAN)
    assert follow_up(desk, message.reference).drafted  # the control


def test_a_law_whose_file_is_gone_stops_no_list(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    laws = {key: law for key, law in list_laws().items() if key != "us-co-cpa"}
    without = replace(desk, laws=lambda: laws)
    assert steps_due(without) == ()
    assert standings(without)[0].step is None
    (item,) = to_do(without)
    assert "has not answered in time" in item.what.english()
    with pytest.raises(WrongUsage, match="no law file"):
        follow_up(without, request.reference)
    answered = record_answer(without, request.reference, Answer.FULFILLED)
    assert answered.request.status is Status.FULFILLED


def test_what_goes_to_the_company_is_drafted_first_and_no_gate_comes_with_it(
    world: World, desk: Desk
) -> None:
    home = replace(JORDAN, residences=(Residence(state="CA", since=date(2015, 6, 1)),))
    desk.vault.subjects.replace(home)
    request = sent(desk, asked(desk, "opt-out", "delete", law="us-ca-ccpa"))
    world.clock.forward(days=10)
    record_answer(desk, request.reference, Answer.DENIED, right=Right.DELETE)
    world.clock.forward(days=30)
    assert set(purposes(desk)) == {Purpose.REMINDER, Purpose.COMPLAINT}
    (reminder,) = follow_up(desk, request.reference).drafted
    assert reminder.purpose is Purpose.REMINDER
    assert "to be carried out by December 16, 2026" in text_of(desk, reminder)
    assert GATE not in heard(desk)
    again = follow_up(desk, request.reference)
    assert [each.purpose for each in again.drafted] == [Purpose.COMPLAINT]
    assert GATE in heard(desk)
    text = text_of(desk, again.drafted[0])
    assert "penalty of perjury" in text
    assert "Last day" not in text  # for the answer: January 7 is still to come


def test_only_what_follows_up_and_was_not_tried_is_taken_off(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    with pytest.raises(ForbiddenStep):
        desk.vault.messages.leave_out(request.id, request.request_ids)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    with pytest.raises(ForbiddenStep):
        desk.vault.messages.leave_out(reminder.id, reminder.request_ids)
    take_back(desk, reminder.reference)
    with pytest.raises(ForbiddenStep):  # it was tried: what was written down about it stays
        desk.vault.messages.leave_out(reminder.id, reminder.request_ids)
    assert desk.vault.messages.get(reminder.id).request_ids == reminder.request_ids
    desk.vault.audit()

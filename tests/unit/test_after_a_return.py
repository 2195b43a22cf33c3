"""What came back, or was said to: the next letter, the answer that came all the same, the dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from optout.catalog.brokers import find_broker
from optout.cli import record as record_command
from optout.cli.output import emit, facts
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.record import PRACTICE, Answer, Deadline, DeadlineKind
from optout.model.request import (
    Delivery,
    Message,
    MessageId,
    Purpose,
    Request,
    Status,
    StatusReason,
)
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.deadlines import recheck_after
from optout.rules.lifecycle import ForbiddenStep
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id, new_reference
from optout.words import word
from optout.workflows.desk import Desk, errand_for
from optout.workflows.due_file import write_calendar
from optout.workflows.file_message import file_message, next_to_file
from optout.workflows.given import given_to
from optout.workflows.make_report import report_html
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import hand_over_paper, mark_sent, take_back
from optout.workflows.standing import dues, standings, to_do
from optout.workflows.tell_recorded import told
from tests.conftest import World, desk_without_browser

BY_POST = Slug("appriss-insights")
BY_WEB = Slug("lexisnexis-risk")
BOTH = (Right.OPT_OUT, Right.ACCESS)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


@dataclass
class Left:
    """One letter or mail that asks for something, on its way since today."""

    subject: Subject
    requests: tuple[Request, ...]
    message: Message

    @property
    def reference(self) -> str:
        return self.message.reference


def draft(
    world: World, *rights: Right, by: By = By.POST, broker: Slug = BY_POST
) -> tuple[Subject, tuple[Request, ...], Message]:
    subject = world.person()
    requests = tuple(world.request(subject, broker=broker, right=right) for right in rights)
    message = world.message(subject, *requests, broker=broker, by=by, channel_right=rights[0])
    return subject, requests, message


def sent(
    world: World, desk: Desk, *rights: Right, by: By = By.POST, broker: Slug = BY_POST
) -> Left:
    subject, requests, message = draft(world, *rights, by=by, broker=broker)
    hand_over(world, message)
    mark_sent(desk, message.reference)
    return Left(subject, requests, world.vault.messages.get(message.id))


def hand_over(world: World, message: Message) -> None:
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))


# ---- the day it left, corrected ----


@pytest.mark.parametrize(("said", "kept"), [("9400-2", "9400-2"), ("", "9400-1")])
def test_a_corrected_day_brings_its_tracking_number_along(
    world: World, desk: Desk, said: str, kept: str
) -> None:
    _subject, _requests, message = draft(world, Right.OPT_OUT)
    hand_over(world, message)
    mark_sent(desk, message.reference, tracking="9400-1")
    world.clock.forward(days=3)
    day = world.clock.now.date() - timedelta(days=2)
    filed = mark_sent(desk, message.reference, on=day, tracking=said)
    assert (filed.message.posted_on, filed.message.tracking) == (day, kept)


def test_the_day_of_what_never_left_is_not_corrected(world: World, desk: Desk) -> None:
    _subject, requests, message = draft(world, Right.OPT_OUT)
    hand_over(world, message)
    today = world.clock.now.date()
    with pytest.raises(ForbiddenStep):
        desk.vault.outbox.correct_day(
            message.id, on=today, deadlines={requests[0].id: ()}, received_on=today
        )
    assert desk.vault.deadlines.received_on(requests[0].id) is None


# ---- what a date rests on ----


def test_a_date_of_ours_is_called_a_reminder_and_a_date_of_a_law_is_cited(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=10)
    recorded = record_answer(desk, letter.reference, Answer.FULFILLED)
    facts(told(recorded))
    page = report_html(desk, letter.subject)
    for said in (" ".join(capsys.readouterr().out.split()), page):
        assert "our own reminder, not a law" in said
        assert "practice" not in said
    (answer_by,) = (
        each.deadline
        for each in desk.vault.deadlines.for_request(letter.requests[0].id)
        if each.deadline.kind is DeadlineKind.RESPONSE
    )
    assert answer_by.basis in page  # the control
    row = record_command._as_json(recorded)  # noqa: SLF001 - what --json prints
    assert [each.basis for each in cast("tuple[Deadline, ...]", row["deadlines"])] == [PRACTICE]


def test_a_second_answer_moves_the_day_to_look_again(world: World, desk: Desk) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=20)
    record_answer(desk, letter.reference, Answer.FULFILLED)
    world.clock.forward(days=5)
    record_answer(desk, letter.reference, Answer.PARTIAL)
    again = [each for each in dues(desk) if each.deadline.kind is DeadlineKind.RECHECK]
    assert len(again) == 1
    assert again[0].deadline == recheck_after(desk.today(letter.subject), state="CO")
    stored = desk.vault.deadlines.for_request(letter.requests[0].id)
    assert len([each for each in stored if each.deadline.kind is DeadlineKind.RECHECK]) == 2
    file = write_calendar(desk, dues(desk), "dates.ics")
    uids = [line for line in file.read_text("utf-8").splitlines() if line.startswith("UID")]
    assert len(uids) == len(set(uids)) > 0


# ---- a mail that bounced ----


def test_a_bounced_mail_counts_as_given_and_a_returned_letter_does_not(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """The letter is the control: nobody opened it."""
    for by, given in ((By.EMAIL, True), (By.POST, False)):
        left = sent(world, desk, Right.OPT_OUT, by=by)
        world.clock.forward(days=9)
        recorded = record_answer(desk, left.reference, Answer.RETURNED)
        assert not [each for each in dues(desk) if each.request.id == left.requests[0].id]
        disclosed = desk.vault.disclosures.for_request(left.requests[0].id)
        assert [each.came_back for each in disclosed] == [not given] * 2
        assert bool(desk.vault.disclosures.fields_for_requests([left.requests[0].id])) is given
        assert bool(given_to(desk, left.subject.id, find_broker(BY_POST))) is given
        facts(told(recorded))
        said = " ".join(capsys.readouterr().out.split())
        assert ("may not have been read" in said) is given
        assert ("never got it" in said) is not given
        assert "the letter came back" not in said


# ---- the words for the way that it goes instead ----


@pytest.mark.parametrize("by", [By.POST, By.EMAIL])
def test_the_same_way_again_is_called_so_and_another_is_not(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str], by: By
) -> None:
    left = sent(world, desk, Right.OPT_OUT, by=by)
    world.clock.forward(days=9)
    recorded = record_answer(desk, left.reference, Answer.RETURNED)
    (other,) = recorded.instead
    assert other.by is not by
    for instead, again in ((other, False), (replace(other, by=by), True)):
        facts(told(replace(recorded, instead=(instead,))))
        said = " ".join(capsys.readouterr().out.split())
        assert (f"by {word(instead.by).english()} again, to an address" in said) is again
        assert f"by {word(instead.by).english()}" in said


# ---- which letter an answer is about ----


def by_web(world: World, *, confirmed: Delivery) -> tuple[Request, Message, Message]:
    """Return a request that left by web form, and what confirmed it three days later."""
    subject, (request,), first = draft(world, Right.OPT_OUT, by=By.WEB, broker=BY_WEB)
    world.vault.messages.set_ready(first.id)
    with world.begin(world.vault.messages.get(first.id)) as attempt:
        attempt.sending()
        attempt.sent()
    world.clock.forward(days=3)
    second = replace(
        first,
        id=MessageId(new_id()),
        reference=new_reference(),
        purpose=Purpose.CONFIRMATION,
        leg=1,
        created_at=world.clock(),
    )
    world.vault.messages.add(second)
    world.vault.messages.set_ready(second.id)
    with world.begin(world.vault.messages.get(second.id)) as attempt:
        attempt.sending()
        if confirmed is Delivery.SENT:
            attempt.sent()
        else:
            attempt.unknown("no-confirmation-seen")
    assert subject.id == request.subject_id
    return request, first, second


def test_an_answer_about_the_request_does_not_settle_the_doubt_about_its_confirmation(
    world: World, desk: Desk
) -> None:
    request, first, second = by_web(world, confirmed=Delivery.UNKNOWN)
    world.clock.forward(days=1)
    recorded = record_answer(desk, request.reference, Answer.NEEDS_MORE)
    assert recorded.reference == first.reference
    assert world.vault.messages.get(second.id).delivery is Delivery.UNKNOWN


def test_an_answer_between_the_request_and_its_confirmation_is_taken(
    world: World, desk: Desk
) -> None:
    day = world.clock.now.date()
    request, first, _second = by_web(world, confirmed=Delivery.SENT)
    with pytest.raises(WrongUsage, match=f"before the request was sent .{day}."):  # control
        record_answer(desk, first.reference, Answer.ACKNOWLEDGED, on=day - timedelta(days=1))
    record_answer(desk, first.reference, Answer.ACKNOWLEDGED, on=day + timedelta(days=1))
    assert world.vault.requests.get(request.id).status is Status.IN_PROGRESS


def test_a_confirmation_alone_can_have_an_answer(world: World, desk: Desk) -> None:
    subject, (request,), first = draft(world, Right.OPT_OUT, by=By.WEB, broker=BY_WEB)
    second = world.message(subject, request, broker=BY_WEB, purpose=Purpose.CONFIRMATION, leg=1)
    with pytest.raises(Refused, match="never sent"):  # control
        record_answer(desk, request.reference, Answer.ACKNOWLEDGED)
    world.vault.messages.set_ready(second.id)
    with world.begin(world.vault.messages.get(second.id)) as attempt:
        attempt.sending()
        attempt.sent()
    recorded = record_answer(desk, request.reference, Answer.ACKNOWLEDGED)
    assert recorded.reference == first.reference


def test_while_the_next_letter_is_in_hand_no_answer_goes_to_the_one_that_came_back(
    world: World, desk: Desk
) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=9)
    (instead,) = record_answer(desk, letter.reference, Answer.RETURNED).instead
    hand_over(world, instead)
    world.clock.forward(days=4)
    for named in (letter.reference, instead.reference, letter.requests[0].reference):
        with pytest.raises(NeedsPerson, match="not written down yet that you sent") as refused:
            record_answer(desk, named, Answer.DENIED)
        assert f"optout letter post {instead.reference} --on DATE" in str(refused.value.hint)
    assert world.vault.requests.get(letter.requests[0].id).status is Status.OPEN
    mark_sent(desk, instead.reference)
    recorded = record_answer(desk, letter.reference, Answer.DENIED)
    assert recorded.reference == instead.reference


def test_the_letter_that_is_named_is_the_one_that_came_back(world: World, desk: Desk) -> None:
    letter = sent(world, desk, *BOTH)
    world.clock.forward(days=9)
    instead = record_answer(desk, letter.reference, Answer.RETURNED).instead
    for each in instead:
        hand_over(world, each)
        with pytest.raises(NeedsPerson, match="not written down yet"):
            record_answer(desk, each.reference, Answer.RETURNED)
        mark_sent(desk, each.reference)
    world.clock.forward(days=5)
    for _again in range(2):
        with pytest.raises(Refused, match=f"already written down that {letter.reference}"):
            record_answer(desk, letter.reference, Answer.RETURNED)
    newest = desk.vault.outbox.last_attempt(instead[0].id)
    assert newest
    assert not newest.came_back
    record_answer(desk, instead[0].reference, Answer.RETURNED)  # control
    newest = desk.vault.outbox.last_attempt(instead[0].id)
    assert newest
    assert newest.came_back


def test_a_letter_comes_back_as_a_whole_so_no_right_is_named(world: World, desk: Desk) -> None:
    letter = sent(world, desk, *BOTH)
    world.clock.forward(days=9)
    for right in (Right.ACCESS, Right.DELETE):
        with pytest.raises(WrongUsage, match="--right is not needed"):
            record_answer(desk, letter.reference, Answer.RETURNED, right=right)
    assert not world.vault.correspondence.for_request(letter.requests[0].id)
    record_answer(desk, letter.requests[0].reference, Answer.RETURNED)  # control
    for request in letter.requests:
        assert world.vault.requests.get(request.id).reason is StatusReason.RETURNED


@pytest.mark.parametrize("by", [By.POST, By.EMAIL])
def test_next_calls_what_came_back_by_its_name(world: World, desk: Desk, by: By) -> None:
    left = sent(world, desk, Right.OPT_OUT, by=by)
    world.clock.forward(days=9)
    (instead,) = record_answer(desk, left.reference, Answer.RETURNED).instead
    name, other = ("letter", "mail") if by is By.POST else ("mail", "letter")
    (item,) = to_do(desk)
    assert item.what.english().startswith(f"The {name} to ")
    assert f"Ask by {word(instead.by).english()} instead" in item.what.english()
    world.vault.messages.rewrite(replace(instead, by=by))
    (item,) = to_do(desk)
    assert item.what.english().startswith(f"The {name} to ")
    assert "on their own page before you write again" in item.what.english()
    assert f"The {other}" not in item.what.english()


# ---- it counted as come back, and they answered ----


def test_an_answer_undoes_a_return_that_was_none(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sent(world, desk, *BOTH)
    ids = [request.id for request in letter.requests]
    before = [desk.vault.deadlines.for_request(each) for each in ids]
    received = [desk.vault.deadlines.received_on(each) for each in ids]
    world.clock.forward(days=9)
    instead = record_answer(desk, letter.reference, Answer.RETURNED).instead
    assert {each.reference for each in to_do(desk)} == {each.reference for each in instead}
    assert not given_to(desk, letter.subject.id, find_broker(BY_POST))
    world.clock.forward(days=3)
    events = len(desk.vault.events.list())
    commits = desk.vault.db.commits
    recorded = record_answer(desk, letter.reference, Answer.DENIED, right=Right.OPT_OUT)
    assert desk.vault.db.commits == commits + 1
    assert len(desk.vault.events.list()) > events
    assert recorded.reference == letter.reference
    assert DeadlineKind.APPEAL_BY in {each.kind for each in recorded.deadlines}
    assert [desk.vault.deadlines.received_on(each) for each in ids] == received
    assert desk.vault.deadlines.for_request(ids[1]) == before[1]  # the same dates, open again
    assert not any(each.withdrawn for each in desk.vault.deadlines.for_request(ids[0]))
    assert [desk.vault.requests.get(each).reason for each in ids] == [StatusReason.OTHER, None]
    assert not any(each.came_back for each in desk.vault.disclosures.for_message(letter.message.id))
    assert given_to(desk, letter.subject.id, find_broker(BY_POST))
    assert desk.vault.messages.for_request(ids[0]) == (letter.message,)
    assert {each.reference for each in to_do(desk)} == {letter.reference}  # the refusal, to read
    assert {each.reference for each in standings(desk)} == {letter.reference}
    facts(told(recorded))
    said = " ".join(capsys.readouterr().out.split())
    assert "It arrived after all" in said
    for each in instead:
        assert f"{each.reference} is off the list" in said
    emit(record_command._as_json(recorded))  # noqa: SLF001 - what --json prints
    assert desk.vault.audit().events


def test_dates_that_a_correction_withdrew_stay_withdrawn(world: World, desk: Desk) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=4)
    day = world.clock.now.date() - timedelta(days=2)
    mark_sent(desk, letter.reference, on=day)
    before = desk.vault.deadlines.for_request(letter.requests[0].id)
    received = desk.vault.deadlines.received_on(letter.requests[0].id)
    assert any(each.withdrawn for each in before)
    record_answer(desk, letter.reference, Answer.RETURNED)
    recorded = record_answer(desk, letter.reference, Answer.NEEDS_MORE)
    assert recorded.after_all
    assert desk.vault.deadlines.for_request(letter.requests[0].id) == before
    assert desk.vault.deadlines.received_on(letter.requests[0].id) == received


def test_what_was_sent_or_handed_over_in_its_place_is_left_and_said(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = sent(world, desk, *BOTH)
    world.clock.forward(days=9)
    instead = record_answer(desk, letter.reference, Answer.RETURNED).instead
    (first,) = instead[:1]
    assert len(instead) == 1  # both travel together; part them, as a person can
    mine = replace(first, request_ids=first.request_ids[:1])
    desk.vault.messages.rewrite(mine)
    other = replace(
        first,
        id=MessageId(new_id()),
        reference=new_reference(),
        request_ids=first.request_ids[1:],
        channel_right=letter.requests[1].right,
    )
    desk.vault.messages.add(other)
    hand_over(world, mine)
    recorded = record_answer(desk, letter.reference, Answer.DENIED, right=letter.requests[1].right)
    assert recorded.after_all
    assert recorded.after_all.in_hand == (mine.reference,)
    assert recorded.after_all.off_the_list == (other.reference,)
    assert desk.vault.messages.get(mine.id).delivery is Delivery.HANDED_OVER
    facts(told(recorded))
    said = " ".join(capsys.readouterr().out.split())
    assert f"{mine.reference}: they have all of it already" in said
    assert {each.reference for each in to_do(desk)} == {letter.reference, mine.reference}


def test_what_was_written_and_not_sent_is_not_asked_again(world: World, desk: Desk) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=9)
    (instead,) = record_answer(desk, letter.reference, Answer.RETURNED).instead
    hand_over(world, instead)
    take_back(desk, instead.reference)
    assert next_to_file(desk, 9) == (instead.reference,)  # control
    assert [each.reference for each in to_do(desk)] == [instead.reference]
    recorded = record_answer(desk, letter.requests[0].reference, Answer.ACKNOWLEDGED)
    assert recorded.after_all
    assert recorded.after_all.not_needed == (instead.reference,)
    assert to_do(desk) == ()
    assert next_to_file(desk, 9) == ()
    message = desk.vault.messages.get(instead.id)
    with pytest.raises(Refused, match="They have this already"):
        hand_over_paper(desk, errand_for(desk, message))
    with pytest.raises(Refused, match="They have this already"):
        file_message(desk, instead.reference)
    assert desk.vault.messages.get(instead.id).delivery is Delivery.READY


def test_a_second_answer_undoes_nothing(world: World, desk: Desk) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=9)
    assert record_answer(desk, letter.reference, Answer.ACKNOWLEDGED).after_all is None


def test_the_day_of_the_second_letter_can_be_corrected_too(world: World, desk: Desk) -> None:
    letter = sent(world, desk, Right.OPT_OUT)
    world.clock.forward(days=9)
    (instead,) = record_answer(desk, letter.reference, Answer.RETURNED).instead
    hand_over(world, instead)
    world.clock.forward(days=3)
    mark_sent(desk, instead.reference)
    day = world.clock.now.date() - timedelta(days=1)
    with pytest.raises(Refused, match="not waiting"):  # the one that came back stays as it is
        mark_sent(desk, letter.reference, on=day)
    assert mark_sent(desk, instead.reference, on=day).message.posted_on == day
    assert desk.vault.deadlines.received_on(letter.requests[0].id) == day
    record_answer(desk, instead.reference, Answer.ACKNOWLEDGED)
    with pytest.raises(Refused, match="not waiting"):  # control
        mark_sent(desk, instead.reference, on=day - timedelta(days=1))


# ---- the address from which it came back ----


def written_and_sent(desk: Desk, message: Message) -> None:
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)


def test_an_address_from_which_a_letter_came_back_is_looked_up_before_it_is_used_again(
    world: World, desk: Desk
) -> None:
    person = cast("ScriptedPerson", desk.person)
    _subject, _requests, message = draft(world, Right.OPT_OUT)
    written_and_sent(desk, message)
    world.clock.forward(days=9)
    (mail,) = record_answer(desk, message.reference, Answer.RETURNED).instead
    assert mail.by is By.EMAIL
    written_and_sent(desk, mail)  # another address
    assert not [each for each in person.heard if "still right" in each]
    world.clock.forward(days=1)
    (again,) = record_answer(desk, mail.reference, Answer.RETURNED).instead
    assert again.by is By.POST
    person.heard.clear()
    person.answers = {"still right": ""}
    with pytest.raises(NeedsPerson, match="must be looked up first"):
        hand_over_paper(desk, errand_for(desk, again))
    assert desk.vault.outbox.last_attempt(again.id) is None
    assert not list(desk.out_folder.glob(f"*{again.reference}*"))
    person.answers = {"still right": "checked"}
    written_and_sent(desk, again)
    asked = [each for each in person.heard if "still right" in each]
    assert len(asked) == 2
    assert any("What was sent to" in each for each in person.heard)


def test_an_address_where_it_arrived_after_all_is_not_asked_about(world: World, desk: Desk) -> None:
    person = cast("ScriptedPerson", desk.person)
    for answered in (True, False):  # the second is the control
        _subject, _requests, message = draft(world, Right.OPT_OUT)
        written_and_sent(desk, message)
        world.clock.forward(days=9)
        record_answer(desk, message.reference, Answer.RETURNED)
        if answered:
            record_answer(desk, message.reference, Answer.ACKNOWLEDGED)
        _subject, _requests, another = draft(world, Right.OPT_OUT)
        person.heard.clear()
        written_and_sent(desk, another)
        assert any("still right" in each for each in person.heard) is not answered

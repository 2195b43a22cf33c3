"""Proves what follows where days meet, letters split or return, and two things happen at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from optout.drafting.letter import NotInThisLaw
from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.record import Answer
from optout.model.request import Delivery, Message, Purpose, Reason, Status, StatusReason
from optout.model.subject import Residence
from optout.model.words import By, Right
from optout.sample.people import JORDAN
from optout.workflows.desk import Desk, errand_for, find_message
from optout.workflows.file_message import file_message, next_to_file
from optout.workflows.follow_up import follow_up, steps_due
from optout.workflows.leave_request import leave_request
from optout.workflows.reconcile import reconcile
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import hand_over_paper, letter_texts, mark_sent, take_back
from optout.workflows.standing import dues, standings, to_do
from tests.conftest import World, reopened
from tests.unit.test_follow_up import (
    ANYWAY,
    OWN,
    WHICH,
    Reader,
    asked,
    filed,
    heard,
    purposes,
    sent,
    silent,
    text_of,
)
from tests.unit.test_follow_up import desk as _desk
from tests.unit.test_follow_up import person as _person

if TYPE_CHECKING:
    from optout.model.payload import ApprovalSheet
    from optout.text import Text

desk, person = _desk, _person  # the fixtures of the steps, on the same folder


def appealed_on_the_day_of_the_refusal(world: World, desk: Desk) -> Message:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=5)
    record_answer(desk, request.reference, Answer.DENIED)
    return filed(desk, follow_up(desk, request.reference))


def test_a_refusal_of_the_day_of_the_appeal_is_what_was_appealed(world: World, desk: Desk) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    assert appeal.purpose is Purpose.APPEAL
    assert steps_due(desk) == ()
    world.clock.forward(days=45)  # the time that they have to decide
    assert steps_due(desk) == ()
    world.clock.forward(days=7)
    (step,) = steps_due(desk)
    assert step.rung.purpose is Purpose.COMPLAINT
    assert "no decision came" in step.rung.why.english()


def test_a_refusal_after_the_appeal_is_its_end_and_so_is_one_that_says_so(
    world: World, desk: Desk
) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    record_answer(desk, appeal.reference, Answer.APPEAL_DENIED)  # on the same day
    assert purposes(desk) == [Purpose.COMPLAINT]
    world.clock.forward(days=1)
    again = appealed_on_the_day_of_the_refusal(world, desk)
    assert purposes(desk) == [Purpose.COMPLAINT]  # of the first alone
    world.clock.forward(days=1)
    recorded = record_answer(desk, again.reference, Answer.DENIED)
    assert recorded.correspondence.answer is Answer.APPEAL_DENIED
    assert purposes(desk) == [Purpose.COMPLAINT, Purpose.COMPLAINT]


def test_the_day_of_an_appeal_can_be_corrected_after_a_refusal_of_its_day(
    world: World, desk: Desk
) -> None:
    appeal = appealed_on_the_day_of_the_refusal(world, desk)
    world.clock.forward(days=3)
    later = desk.today(JORDAN) - timedelta(days=1)
    assert mark_sent(desk, appeal.reference, on=later).message.posted_on == later


def sent_anew(desk: Desk) -> tuple[Message, ...]:
    """Send what waits after a return."""
    drafts = [
        each
        for each in desk.vault.messages.list(deliveries=(Delivery.DRAFT,))
        if each.purpose is Purpose.REQUEST
    ]
    found = []
    for each in drafts:
        file_message(desk, each.reference)
        found.append(mark_sent(desk, each.reference).message)
    return tuple(found)


def test_a_reminder_of_what_came_back_is_no_step_after_what_was_sent_anew(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, by=By.POST)
    filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=3)
    record_answer(desk, request.reference, Answer.RETURNED)
    (anew,) = sent_anew(desk)
    world.clock.forward(days=70)
    assert purposes(desk) == [Purpose.REMINDER]  # not an appeal: it was never reminded of
    reminder = filed(desk, follow_up(desk, anew.reference))
    world.clock.forward(days=20)
    assert purposes(desk) == [Purpose.APPEAL]  # the control: this reminder counts
    assert reminder.posted_on


def test_a_letter_that_split_after_a_return_is_followed_up_as_two(world: World, desk: Desk) -> None:
    request = silent(world, desk, rights=("delete", "access"), by=By.POST)
    record_answer(desk, request.reference, Answer.RETURNED)
    anew = sent_anew(desk)
    assert len(anew) == len({each.reference for each in anew}) == 2
    world.clock.forward(days=70)
    done = follow_up(desk, request.reference)  # the old reference still names both
    assert [len(each.request_ids) for each in done.drafted] == [1, 1]
    for asked_in, reminder in zip(anew, done.drafted, strict=True):
        assert reminder.request_ids == asked_in.request_ids
        assert asked_in.reference in text_of(desk, reminder)


@pytest.fixture
def other_window(world: World, desk: Desk) -> Iterator[Desk]:
    """Open the same folder once more, as a second terminal does."""
    vault = reopened(world.vault.folder, world.key, world.clock)
    yield replace(desk, vault=vault, person=Reader(answers={WHICH: "n", OWN: ""}))
    vault.close()


def test_a_return_takes_a_reminder_of_all_that_it_asked_off_the_list(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, rights=("delete", "access"), by=By.POST)
    (reminder,) = follow_up(desk, request.reference).drafted
    recorded = record_answer(desk, request.reference, Answer.RETURNED)
    assert recorded.off_the_list == (reminder.reference,)
    assert reminder.id not in desk.vault.messages.get_many([reminder.id])


def test_a_letter_that_keeps_a_part_is_not_called_off_the_list(world: World, desk: Desk) -> None:
    request = silent(world, desk, rights=("delete", "access"))
    (reminder,) = follow_up(desk, request.reference).drafted
    recorded = record_answer(desk, request.reference, Answer.FULFILLED, right=Right.DELETE)
    assert recorded.off_the_list == ()
    assert len(desk.vault.messages.get(reminder.id).request_ids) == 1


def posted(desk: Desk) -> Message:
    message = asked(desk, "delete", by=By.POST)
    hand_over_paper(desk, errand_for(desk, message))
    return mark_sent(desk, message.reference).message


def test_a_corrected_day_takes_off_what_is_not_due_by_it(world: World, desk: Desk) -> None:
    request = posted(desk)
    world.clock.forward(days=60)
    (reminder,) = follow_up(desk, request.reference).drafted
    mark_sent(desk, request.reference, on=desk.today(JORDAN) - timedelta(days=30))
    assert reminder.id not in desk.vault.messages.get_many([reminder.id])
    assert "is not due any more, and off your list" in heard(desk)
    assert to_do(desk) == ()


def test_a_letter_that_is_found_needless_when_it_is_to_go_is_off_the_list(
    world: World, desk: Desk
) -> None:
    request = posted(desk)
    world.clock.forward(days=60)
    (reminder,) = follow_up(desk, request.reference).drafted
    world.clock.forward(days=-20)  # any reason: only the ladder is asked
    with pytest.raises(Refused, match="not due any more") as found:
        file_message(desk, reminder.reference)
    assert "off your list" in str(found.value.known)
    assert reminder.id not in desk.vault.messages.get_many([reminder.id])


def test_a_letter_that_was_written_and_taken_back_asks_for_nothing_after_a_return(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, by=By.POST)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    take_back(desk, reminder.reference)
    assert reminder.reference in [each.reference for each in to_do(desk)]
    record_answer(desk, request.reference, Answer.RETURNED)
    assert reminder.reference not in [each.reference for each in to_do(desk)]


@dataclass(slots=True)
class Slow(Reader):
    """Does something in another window while a question stands on the screen."""

    other: Desk | None = None
    reference: str = ""

    def ask(self, question: Text, **more: object) -> str:
        if self.other is not None:
            other, self.other = self.other, None
            follow_up(other, self.reference)
        return Reader.ask(self, question, **more)  # type: ignore[arg-type] # as it was given

    def approve(self, sheet: ApprovalSheet) -> bool:
        assert self.other is not None
        record_answer(self.other, self.reference, Answer.FULFILLED, right=Right.DELETE)
        return Reader.approve(self, sheet)


def test_what_another_window_drafts_meanwhile_is_not_drafted_twice(
    world: World, desk: Desk, other_window: Desk
) -> None:
    request = silent(world, desk)
    record_answer(desk, request.reference, Answer.DENIED)
    slow = Slow(answers={WHICH: "n", OWN: ""}, other=other_window, reference=request.reference)
    with pytest.raises(Refused, match="While you answered"):
        follow_up(replace(desk, person=slow), request.reference)
    appeals = [each for each in desk.vault.messages.list() if each.purpose is Purpose.APPEAL]
    assert len(appeals) == 1
    assert follow_up(desk, request.reference).waiting == tuple(appeals)


def test_an_answer_while_the_letter_is_looked_at_stops_it(
    world: World, desk: Desk, other_window: Desk
) -> None:
    request = silent(world, desk, rights=("delete", "access"))
    (reminder,) = follow_up(desk, request.reference).drafted
    slow = Slow(other=other_window, reference=request.reference)
    with pytest.raises(Refused, match="While you looked at it"):
        file_message(replace(desk, person=slow), reminder.reference)
    assert desk.vault.messages.get(reminder.id).delivery is Delivery.DRAFT
    assert list(desk.out_folder.glob(f"*{reminder.reference}.eml")) == []
    file_message(desk, reminder.reference)  # the control: what is left goes
    assert "Delete" not in text_of(desk, reminder)
    assert len(list(desk.out_folder.glob(f"*{reminder.reference}.eml"))) == 1


@dataclass(slots=True)
class Leaving(Reader):
    """Takes the request off the list in another window while it stands on the screen."""

    other: Desk | None = None
    reference: str = ""

    def approve(self, sheet: ApprovalSheet) -> bool:
        assert self.other is not None
        leave_request(self.other, self.reference)
        return Reader.approve(self, sheet)


def test_what_another_window_takes_off_the_list_meanwhile_is_not_sent(
    desk: Desk, other_window: Desk
) -> None:
    request = asked(desk, "delete", by=By.POST)
    kept = asked(desk, "access", by=By.POST)
    leaving = Leaving(other=other_window, reference=request.reference)
    with pytest.raises(Refused, match="While you looked at it"):
        file_message(replace(desk, person=leaving), request.reference)
    assert desk.vault.messages.get(request.id).delivery is Delivery.DRAFT
    assert list(desk.out_folder.glob(f"*{request.reference}*")) == []
    file_message(desk, kept.reference)  # the control: what stayed on the list is written
    assert list(desk.out_folder.glob(f"*{kept.reference}*")) != []


def test_who_says_no_to_one_letter_of_several_has_drafted_none(world: World, desk: Desk) -> None:
    request = silent(world, desk, rights=("delete", "access"))
    record_answer(
        desk,
        request.reference,
        Answer.DENIED,
        right=Right.DELETE,
        reason=StatusReason.NO_MATCH,
    )
    before = len(desk.vault.messages.list())
    no = replace(desk, person=Reader(answers={ANYWAY: "no", WHICH: "n", OWN: ""}))
    with pytest.raises(Refused, match="Nothing was drafted"):
        follow_up(no, request.reference)
    assert len(desk.vault.messages.list()) == before
    assert len(follow_up(desk, request.reference).drafted) == 2  # the control


def test_other_reasons_go_into_the_appeal_that_waits_and_never_into_a_written_one(
    world: World, desk: Desk
) -> None:
    request = sent(desk, asked(desk, "delete"))
    world.clock.forward(days=5)
    record_answer(desk, request.reference, Answer.DENIED)
    first = follow_up(desk, request.reference, reasons=(Reason.NO_EXCEPTION,)).first()
    said_before = text_of(desk, first)
    again = follow_up(desk, request.reference, reasons=(Reason.ENOUGH,))
    assert again.drafted == ()
    assert again.first().id == first.id
    said = again.first().said
    assert said is not None
    assert said.reasons == (Reason.ENOUGH,)
    assert text_of(desk, first) != said_before
    file_message(desk, first.reference)
    third = follow_up(desk, request.reference, reasons=(Reason.NOT_ALL,)).first()
    assert third.said == said
    assert "is written already" in heard(desk)


def test_a_reminder_takes_no_reasons_and_says_so(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    follow_up(desk, request.reference, reasons=(Reason.ENOUGH,))
    assert "the reasons are left out" in heard(desk)


def test_a_needless_letter_that_was_posted_all_the_same_sets_no_date(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk, by=By.POST)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    record_answer(desk, request.reference, Answer.FULFILLED)
    before = [each.deadline for each in dues(desk)]
    mark_sent(desk, reminder.reference)
    assert [each.deadline for each in dues(desk)] == before


def test_a_reminder_of_what_came_back_does_not_make_it_arrive(world: World, desk: Desk) -> None:
    request = silent(world, desk, by=By.POST)
    (reminder,) = follow_up(desk, request.reference).drafted
    file_message(desk, reminder.reference)
    record_answer(desk, request.reference, Answer.RETURNED)
    mark_sent(desk, reminder.reference)
    (asks,) = (desk.vault.requests.get(each) for each in request.request_ids)
    assert asks.reason is StatusReason.RETURNED


def test_a_reminder_of_an_older_copy_counts_from_the_day_on_which_it_is_settled(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk)
    (reminder,) = follow_up(desk, request.reference).drafted
    world.clock.forward(days=20)
    desk.vault.outbox.unsettle()
    saw = replace(desk, person=Reader(answers={"What do you know": "saw"}))
    reconcile(saw, reminder.reference)
    settled = find_message(desk, reminder.reference)
    assert (settled.delivery, settled.posted_on) == (Delivery.SENT, desk.today(JORDAN))
    assert purposes(desk) == []  # ten days more, from today
    world.clock.forward(days=11)
    assert purposes(desk) == [Purpose.APPEAL]


def moved(desk: Desk, home: Residence, *, keeping: bool = True) -> None:
    """Write down a new home since yesterday, with those before it or, as once, without."""
    person = desk.vault.subjects.get(JORDAN.id)
    day = desk.today(person) - timedelta(days=1)
    before = tuple(replace(each, until=day - timedelta(days=1)) for each in person.residences)
    homes = (*(before if keeping else ()), replace(home, since=day))
    desk.vault.subjects.replace(replace(person, residences=homes))


@pytest.mark.parametrize(
    "home", [Residence(state="TX"), Residence(state="", country="DE")], ids=["texas", "germany"]
)
def test_who_moved_is_answered_for_where_they_lived_when_they_asked(
    world: World, desk: Desk, home: Residence
) -> None:
    request = silent(world, desk)
    stayed = text_of(desk, follow_up(desk, request.reference).first())
    assert "I am a resident of Colorado, and I write for myself" in stayed  # the control
    moved(desk, home)
    reminder = follow_up(desk, request.reference).first()
    text = text_of(desk, reminder)
    assert "2026 I was a resident of Colorado. I write for myself" in text
    assert "I am a resident" not in text
    for elsewhere in ("Texas", "Germany"):
        assert elsewhere not in text
    assert file_message(desk, reminder.reference).message.delivery is Delivery.HANDED_OVER


def test_what_was_sent_can_be_read_after_a_move(world: World, desk: Desk) -> None:
    request = silent(world, desk)
    before = letter_texts(desk, request.reference)
    moved(desk, Residence(state="", country="DE"))
    assert letter_texts(desk, request.reference) == before
    moved(desk, Residence(state="", country="DE"), keeping=False)
    with pytest.raises(Refused, match="cannot be written out again") as found:
        letter_texts(desk, request.reference)
    assert "report --proof" in str(found.value.hint)


def test_who_moved_takes_an_unsent_request_off_the_list_and_can_ask_anew(
    world: World, desk: Desk
) -> None:
    request = asked(desk, "delete", "access")
    moved(desk, Residence(state="", country="DE"))
    with pytest.raises(NotInThisLaw) as found:
        file_message(desk, request.reference)
    assert found.value.hint is not None
    assert f"--leave {request.reference}" in str(found.value.hint.english())
    assert [each.reference for each in to_do(desk)] == [request.reference]
    assert next_to_file(desk, 5) == (request.reference,)
    leave_request(desk, request.reference)
    assert (to_do(desk), next_to_file(desk, 5)) == ((), ())
    assert {each.request.status for each in standings(desk)} == {Status.REVOKED}
    with pytest.raises(Refused, match="off your list"):
        file_message(desk, request.reference)
    with pytest.raises(Refused, match="off your list"):
        hand_over_paper(desk, errand_for(desk, request))
    again = asked(desk, "delete", "access", law="eu-gdpr")  # the same is asked, on the other law
    assert [each.reference for each in to_do(desk)] == [again.reference]


def test_only_what_was_not_sent_is_taken_off_the_list(world: World, desk: Desk) -> None:
    request = asked(desk, "delete", by=By.POST)
    hand_over_paper(desk, errand_for(desk, request))
    with pytest.raises(Refused, match="may have sent it"):
        leave_request(desk, request.reference)
    take_back(desk, request.reference)
    leave_request(desk, request.reference)  # its paper stays, and nobody is asked to send it
    assert to_do(desk) == ()
    other = silent(world, desk)
    with pytest.raises(Refused, match="it stays"):
        leave_request(desk, other.reference)
    reminder = follow_up(desk, other.reference).first()
    leave_request(desk, reminder.reference)
    assert reminder.id not in desk.vault.messages.get_many([reminder.id])
    assert purposes(desk) == [Purpose.REMINDER]  # it can be drafted again
    desk.vault.audit()


def test_an_appeal_goes_off_the_list_when_the_reminder_before_it_came_back(
    world: World, desk: Desk
) -> None:
    request = silent(world, desk)
    reminder = filed(desk, follow_up(desk, request.reference))
    world.clock.forward(days=11)
    (appeal,) = follow_up(desk, request.reference).drafted
    assert appeal.purpose is Purpose.APPEAL
    recorded = record_answer(desk, reminder.reference, Answer.RETURNED)
    assert recorded.off_the_list == (appeal.reference,)
    assert purposes(desk) == [Purpose.REMINDER]


def test_who_moved_is_reminded_for_at_a_company_that_serves_only_some_places(
    world: World, desk: Desk
) -> None:
    company = Slug("beenverified")
    request = silent(world, desk, company=company)
    moved(desk, Residence(state="", country="DE"))
    reminder = follow_up(desk, request.reference).first()
    assert reminder.by is By.EMAIL
    assert file_message(desk, reminder.reference).message.delivery is Delivery.HANDED_OVER
    new = asked(desk, "access", company=company)  # the control: they are not asked for more
    with pytest.raises(Refused, match="residents of the United States only"):
        file_message(desk, new.reference)

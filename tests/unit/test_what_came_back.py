"""What a person meets after a letter: one reference, days where they live, and what to do now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from optout.catalog.brokers import find_broker
from optout.catalog.laws import list_laws
from optout.cli import status as status_command
from optout.cli.output import facts
from optout.errors import Refused, WrongUsage
from optout.i18n import in_language, say
from optout.model.broker import Slug
from optout.model.law import LawId
from optout.model.record import Answer, DeadlineKind, EvidenceKind, Task, TaskKind, Wanted
from optout.model.request import Delivery, Message, Purpose, Request, Status, StatusReason
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.days import in_words
from optout.rules.wanted import NEVER_SEND, advice_on
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.desk import Desk, errand_for
from optout.workflows.find import find_request
from optout.workflows.given import given_to
from optout.workflows.help_summary import help_sections
from optout.workflows.make_report import report_html, write_proof
from optout.workflows.not_understood import what_it_can_be
from optout.workflows.reconcile import reconcile
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import dues, settle_tasks, standings, to_do
from optout.workflows.tell_recorded import told
from tests.conftest import World, desk_without_browser

BY_POST = Slug("appriss-insights")
EVENING = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 2026-11-23 19:30 in Denver
BOTH = (Right.OPT_OUT, Right.ACCESS)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


@dataclass
class Posted:
    """One letter that asks for several things, posted today."""

    subject: Subject
    requests: tuple[Request, ...]
    message: Message


def posted(
    world: World,
    desk: Desk,
    *rights: Right,
    zone: str = "America/Denver",
    law: str = "us-co-cpa",
) -> Posted:
    subject = world.person(zone=zone)
    requests = tuple(
        world.request(subject, broker=BY_POST, right=right, law=LawId(law)) for right in rights
    )
    message = world.message(subject, *requests, broker=BY_POST, by=By.POST, channel_right=rights[0])
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    return Posted(subject, requests, world.vault.messages.get(message.id))


# ---- one reference ----


def test_everywhere_the_reference_is_the_one_on_the_letter(world: World, desk: Desk) -> None:
    letter = posted(world, desk, *BOTH)
    own = letter.message.reference
    world.clock.forward(days=10)
    record_answer(desk, own, Answer.NEEDS_MORE, right=Right.ACCESS)
    page = report_html(desk, letter.subject)
    assert {each.reference for each in standings(desk)} == {own}
    assert {each.reference for each in dues(desk)} == {own}
    assert {each.reference for each in to_do(desk)} == {own}
    assert own in page
    for request in letter.requests:
        assert request.reference not in page
        assert request.reference not in "".join(each.what.english() for each in to_do(desk))


def test_the_right_stands_beside_the_reference(world: World, desk: Desk) -> None:
    letter = posted(world, desk, *BOTH)
    world.clock.forward(days=10)
    record_answer(desk, letter.message.reference, Answer.NEEDS_MORE, right=Right.ACCESS)
    (item,) = to_do(desk)
    assert item.asked == (Right.ACCESS,)
    rows = [status_command._due_as_json(each) for each in dues(desk)]  # noqa: SLF001 - what --json prints
    assert {row["right"] for row in rows} == set(BOTH)


def test_a_letter_of_several_rights_asks_which_and_both_references_work(
    world: World, desk: Desk
) -> None:
    letter = posted(world, desk, *BOTH)
    world.clock.forward(days=10)
    with pytest.raises(WrongUsage) as which:
        record_answer(desk, letter.message.reference, Answer.DENIED)
    assert "--right access (show me what you have)" in str(which.value)
    with pytest.raises(WrongUsage, match="does not ask for that"):
        record_answer(desk, letter.message.reference, Answer.DENIED, right=Right.FREEZE)
    record_answer(desk, letter.message.reference.lower(), Answer.DENIED, right=Right.OPT_OUT)
    record_answer(desk, letter.requests[1].reference, Answer.ACKNOWLEDGED)
    statuses = [each.request.status for each in standings(desk)]
    assert statuses == [Status.DENIED, Status.IN_PROGRESS]
    assert find_request(desk, letter.message.reference, Right.ACCESS) == desk.vault.requests.get(
        letter.requests[1].id
    )


def test_what_was_read_and_proven_goes_by_the_letter_too(world: World, desk: Desk) -> None:
    letter = posted(world, desk, *BOTH)
    world.clock.forward(days=10)
    for request in letter.requests:
        record_answer(desk, request.reference, Answer.NEEDS_MORE)
        desk.vault.evidence.store(
            letter.subject.id, EvidenceKind.REPLY, "text/plain", b"hello", request_id=request.id
        )
    assert len(write_proof(desk, letter.message.reference)) == 2
    assert len(write_proof(desk, letter.requests[0].reference)) == 1
    settle_tasks(desk, letter.message.reference)
    assert to_do(desk) == ()


def test_a_confirmation_is_known_by_what_it_confirms(world: World, desk: Desk) -> None:
    subject = world.person()
    request = world.request(subject, broker=Slug("sample-people-search"))
    same = {"broker": Slug("lexisnexis-risk"), "channel_right": request.right}
    first = world.message(subject, request, **same)
    world.vault.messages.set_ready(first.id)
    with world.begin(world.vault.messages.get(first.id)) as attempt:
        attempt.sending()
        attempt.sent()
    confirming = world.message(subject, request, purpose=Purpose.CONFIRMATION, leg=1, **same)
    world.vault.messages.set_ready(confirming.id)
    with world.begin(world.vault.messages.get(confirming.id)) as attempt:
        attempt.sending()
        attempt.unknown("no-confirmation-seen")
    (item,) = to_do(desk)
    assert item.reference == standings(desk)[0].reference == first.reference
    assert errand_for(desk, world.vault.messages.get(confirming.id)).reference == first.reference
    cast("ScriptedPerson", desk.person).answers = {"Look in your": "saw"}
    assert reconcile(desk, first.reference).message.id == confirming.id


# ---- days where the person lives ----


@pytest.mark.parametrize(("zone", "day"), [("America/Denver", "2026-11-23"), ("UTC", "2026-11-24")])
def test_an_evening_in_denver_is_that_day_on_every_line(
    world: World, desk: Desk, zone: str, day: str
) -> None:
    """`UTC` is the control: it is what the page would say without the person's zone."""
    world.clock.now = EVENING
    letter = posted(world, desk, Right.OPT_OUT, zone=zone)
    desk.vault.evidence.store(
        letter.subject.id, EvidenceKind.LETTER, "text/plain", b"x", message_id=letter.message.id
    )
    said = str(in_words(date.fromisoformat(day)))
    other = {"November 23, 2026", "November 24, 2026"} - {said}
    page = report_html(desk, letter.subject)
    # made on, sent on, two fields they got, one proof
    assert page.count(said) == 5
    assert not any(each in page for each in other)
    given = given_to(desk, letter.subject.id, find_broker(BY_POST))
    assert set(given.values()) == {date.fromisoformat(day)}
    assert desk.day_here(EVENING) == date.fromisoformat(day)


def test_until_when_is_a_day_where_the_person_lives(world: World, desk: Desk) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    world.vault.tasks.add(
        Task(
            id=new_id(),
            kind=TaskKind.CONFIRM_EMAIL,
            message_id=letter.message.id,
            minutes=3,
            not_after=EVENING,
            created_at=world.clock(),
        )
    )
    (item,) = to_do(desk)
    assert item.until == date(2026, 11, 23)
    assert item.not_after is not None
    assert item.not_after.date() == date(2026, 11, 24)  # control


# ---- what they want, and what they cannot have said ----


def test_when_they_want_more_they_wait_for_the_person(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = posted(world, desk, Right.ACCESS)
    world.clock.forward(days=10)
    recorded = record_answer(
        desk, letter.message.reference, Answer.NEEDS_MORE, exemption=Wanted.ID_COPY
    )
    facts(told(recorded))
    said = " ".join(capsys.readouterr().out.split())
    assert "they wait for you" in said
    assert "working on it" not in said
    assert "They want: a copy of an ID" in said
    assert NEVER_SEND.english() in said
    assert f"optout next --done {letter.message.reference}" in said
    page = report_html(desk, letter.subject)
    assert "they wait for you" in page
    assert "they want: a copy of an ID" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_never_sent_is_denied_once(world: World, desk: Desk, language: str) -> None:
    """Each place that shows the list says “never” before it: a second “no” would allow it."""
    denies = re.compile(r"\b(no|not|none|never|ning\w+|nunca|ni)\b", re.IGNORECASE)
    with in_language(language):
        listed = say(NEVER_SEND)
        page = help_sections(desk, world.person(), ())
        lines = [*map(say, what_it_can_be("K7F3-Q9MX")), *(x for part in page for x in part.lines)]
        leads = [line for line in lines if listed in line]
        leads.append(f"{say(Text('Never send them'))}: {listed}")
    assert not denies.search(listed)
    assert len(leads) == 3, "the control: a sentence, the page for a helper, and a recorded answer"
    for lead in leads:
        assert len(denies.findall(lead)) == 1, lead


def test_an_acknowledgement_is_still_work_on_their_side(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = posted(world, desk, Right.ACCESS)
    world.clock.forward(days=10)
    facts(told(record_answer(desk, letter.message.reference, Answer.ACKNOWLEDGED)))
    said = capsys.readouterr().out
    assert "they are working on it" in said
    assert "Never send" not in said


@pytest.mark.parametrize("wanted", [None, *Wanted])
def test_there_is_advice_for_everything_they_can_want(wanted: Wanted | None) -> None:
    for law in list_laws().values():
        for right in (Right.OPT_OUT, Right.ACCESS):
            advice = advice_on(wanted, law, right)
            spared = right is Right.OPT_OUT and law.opt_out_may_authenticate is False
            assert len(advice) == 1 + spared


def test_an_answer_on_the_day_of_posting_is_explained(world: World, desk: Desk) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    with pytest.raises(WrongUsage) as refused:
        record_answer(desk, letter.message.reference, Answer.DENIED)
    assert "The letter left on November 23, 2026" in str(refused.value)
    assert "--on" in str(refused.value)


def test_a_wrong_posting_day_can_be_corrected_until_something_came(
    world: World, desk: Desk
) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    first = desk.today(letter.subject)
    world.clock.forward(days=6)
    later = posted(world, desk, Right.ACCESS)
    with pytest.raises(WrongUsage):  # it was not written yet
        mark_sent(desk, later.message.reference, on=first)
    mark_sent(desk, letter.message.reference, on=first + timedelta(days=2))
    again = desk.vault.messages.get(letter.message.id)
    assert again.posted_on == first + timedelta(days=2)
    stored = desk.vault.deadlines.for_request(letter.requests[0].id)
    (old,) = [each.deadline for each in stored if each.withdrawn]
    (new,) = [each.deadline for each in stored if not each.withdrawn]
    assert (new.kind, new.due_on) == (old.kind, old.due_on + timedelta(days=2))
    for said in (None, again.posted_on):  # nothing new is said
        with pytest.raises(Refused, match="not waiting"):
            mark_sent(desk, letter.message.reference, on=said)
    record_answer(desk, letter.message.reference, Answer.ACKNOWLEDGED)
    with pytest.raises(Refused, match="not waiting"):
        mark_sent(desk, letter.message.reference, on=first + timedelta(days=3))


@pytest.mark.parametrize("days", [1, 4, 5, 30])
def test_an_answer_before_the_reckoned_day_shows_that_it_came_sooner(
    world: World, desk: Desk, days: int
) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    world.clock.forward(days=days)
    recorded = record_answer(desk, letter.message.reference, Answer.DENIED)
    assert DeadlineKind.APPEAL_BY in {each.kind for each in recorded.deadlines}


# ---- a letter that came back, an appeal that was lost ----


def returned(world: World, desk: Desk, *rights: Right) -> Posted:
    letter = posted(world, desk, *rights)
    world.clock.forward(days=12)
    record_answer(desk, letter.message.reference, Answer.RETURNED)
    return letter


def test_a_letter_that_came_back_was_never_received(world: World, desk: Desk) -> None:
    letter = returned(world, desk, *BOTH)
    assert dues(desk) == ()
    world.clock.forward(days=100)
    assert not any(each.minutes == 5 for each in to_do(desk))  # nobody is called late
    for request in letter.requests:
        stored = desk.vault.deadlines.for_request(request.id)
        assert stored  # they can still be read
        assert all(each.withdrawn and not each.met for each in stored)
        assert desk.vault.deadlines.received_on(request.id) is None
        assert desk.vault.requests.get(request.id).reason is StatusReason.RETURNED
    assert "does not count any more" in report_html(desk, letter.subject)
    assert desk.vault.audit().events


def test_a_letter_that_arrived_keeps_its_dates(world: World, desk: Desk) -> None:
    posted(world, desk, *BOTH)
    world.clock.forward(days=100)
    assert any(each.overdue for each in dues(desk))  # the control of the test above


def test_what_came_back_was_not_given(world: World, desk: Desk) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    company = find_broker(BY_POST)
    assert given_to(desk, letter.subject.id, company)  # control
    world.clock.forward(days=12)
    record_answer(desk, letter.message.reference, Answer.RETURNED)
    assert given_to(desk, letter.subject.id, company) == {}
    assert standings(desk)[0].disclosed == ()
    assert "the letter came back" in report_html(desk, letter.subject)


def test_next_proposes_the_other_way(world: World, desk: Desk) -> None:
    letter = returned(world, desk, *BOTH)
    items = to_do(desk)
    assert items
    assert all("came back. Ask by e-mail instead" in each.what.english() for each in items)
    drafts = [desk.vault.messages.by_reference(each.reference) for each in items]
    assert all(each and each.delivery is Delivery.DRAFT and each.by is By.EMAIL for each in drafts)
    carried = {request_id for each in drafts if each for request_id in each.request_ids}
    assert carried == {request.id for request in letter.requests}
    for each in drafts:
        assert each
        assert errand_for(desk, each).channel.email  # it can really go that way
    assert {each.by for each in standings(desk)} == {By.EMAIL}


def test_the_dates_begin_anew_when_it_goes_again(world: World, desk: Desk) -> None:
    letter = returned(world, desk, Right.OPT_OUT)
    (item,) = to_do(desk)
    message = desk.vault.messages.by_reference(item.reference)
    assert message
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    today = desk.today(letter.subject)
    assert desk.vault.deadlines.received_on(letter.requests[0].id) == today
    (due,) = [each for each in dues(desk) if each.deadline.kind is DeadlineKind.RESPONSE]
    assert due.deadline.due_on >= today + timedelta(days=45)
    assert due.reference == message.reference
    assert desk.vault.requests.get(letter.requests[0].id).reason is None
    world.clock.forward(days=9)
    recorded = record_answer(desk, message.reference, Answer.DENIED)
    assert DeadlineKind.APPEAL_BY in {each.kind for each in recorded.deadlines}


def test_it_cannot_come_back_twice_nor_without_having_gone(world: World, desk: Desk) -> None:
    letter = returned(world, desk, Right.OPT_OUT)
    with pytest.raises(Refused, match="already written down"):
        record_answer(desk, letter.message.reference, Answer.RETURNED)
    answered = posted(world, desk, *BOTH)
    world.clock.forward(days=10)
    record_answer(desk, answered.message.reference, Answer.DENIED, right=Right.ACCESS)
    with pytest.raises(Refused, match="so it reached them"):
        record_answer(desk, answered.message.reference, Answer.RETURNED)
    subject = world.person("Alex")
    request = world.request(subject, broker=Slug("lexisnexis-risk"))
    web = world.message(subject, request, broker=Slug("lexisnexis-risk"))
    world.vault.messages.set_ready(web.id)
    with world.begin(world.vault.messages.get(web.id)) as attempt:
        attempt.sending()
        attempt.sent()
    with pytest.raises(Refused, match="did not go as a letter"):
        record_answer(desk, web.reference, Answer.RETURNED)


@pytest.mark.parametrize(("law", "complain"), [("us-co-cpa", True), ("voluntary", False)])
def test_a_lost_appeal_opens_the_complaint_where_there_is_a_regulator(
    world: World,
    desk: Desk,
    law: str,
    complain: bool,  # noqa: FBT001 - a table
) -> None:
    letter = posted(world, desk, Right.OPT_OUT, law=law)
    world.clock.forward(days=10)
    record_answer(desk, letter.message.reference, Answer.DENIED)
    world.clock.forward(days=10)
    recorded = record_answer(desk, letter.message.reference, Answer.APPEAL_DENIED)
    kinds = {each.kind: each for each in recorded.deadlines}
    assert (DeadlineKind.COMPLAINT_FROM in kinds) is complain
    if complain:
        on = desk.today(letter.subject)
        assert kinds[DeadlineKind.COMPLAINT_FROM].due_on == on
        assert {each.deadline.kind for each in dues(desk)} == {DeadlineKind.COMPLAINT_FROM}


# ---- the report ----


def test_fingerprints_stand_apart_with_one_plain_sentence(world: World, desk: Desk) -> None:
    letter = posted(world, desk, *BOTH)
    card = desk.vault.evidence.store(
        letter.subject.id, EvidenceKind.LETTER, "text/plain", b"x", message_id=letter.message.id
    )
    page = report_html(desk, letter.subject)
    body, annex = page.split("Fingerprints of the proof")
    assert card.sha256 not in body
    assert body.count(card.sha256[:8]) == 2  # beside each right that the letter asked
    assert annex.count(card.sha256) == 1  # once, however many rights
    assert "You do not need it for anything else" in annex


def test_without_proof_there_is_no_annex(world: World, desk: Desk) -> None:
    letter = posted(world, desk, Right.OPT_OUT)
    assert "Fingerprints" not in report_html(desk, letter.subject)


def test_a_longer_report_asks_no_more_questions(world: World, desk: Desk) -> None:
    def asked() -> int:
        said: list[str] = []
        desk.vault.db.connection.set_trace_callback(said.append)
        report_html(desk, subject)
        desk.vault.db.connection.set_trace_callback(None)
        return len(said)

    subject = posted(world, desk, Right.OPT_OUT).subject
    few = asked()
    for number in range(10):
        request = world.request(subject, broker=Slug(f"company-{number}"))
        world.message(subject, request, broker=request.broker)
    assert asked() == few > 0

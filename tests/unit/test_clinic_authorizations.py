"""What a client signed is kept with its scan, and nothing goes beyond it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.drafting.papers import Shelf
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.clinic import (
    Allowed,
    Authorization,
    AuthorizationKind,
    AuthorizationState,
    CheckResult,
)
from optout.model.fields import Field
from optout.model.paper import Paper
from optout.model.request import Delivery, Message
from optout.model.subject import (
    Acting,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Share,
    Subject,
    SubjectId,
)
from optout.model.words import By, Right, WhoMayAsk
from optout.rules.authorized import Wanted, why_not_allowed
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.authorizations import (
    Scope,
    board,
    find_paper,
    in_hand_without_paper,
    record_signature,
    take_back,
    write_for_agent,
    write_in_own_name,
)
from optout.workflows.authorize import Agent
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.clinic_papers import paper_for, papers_for_many, write_listed
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk
from optout.workflows.file_message import file_message
from optout.workflows.leave_request import leave_request
from optout.workflows.send_paper import mark_sent
from optout.workflows.signed_scope import scope_of
from tests.conftest import World, desk_without_browser, sample_subject

BY_POST, OTHER = Slug("appriss-insights"), Slug("transunion")
TODAY = date(2026, 11, 23)
UNTIL = date(2027, 5, 31)
LINE = Allowed(
    broker=BY_POST, right=Right.OPT_OUT, fields=(Field.FULL_NAME, Field.STATE, Field.REPLY_ADDRESS)
)
SCOPE = Scope(lines=(LINE,), until=UNTIL)
OFFICE = Agent(name="Example Legal Aid", lines=("P.O. Box 100", "Denver, CO 80202"))
BOX = ReplyTo(
    kind=ReplyKind.PO_BOX,
    address=PostalAddress(street="P.O. Box 7", city="Denver", state="CO", zip="80202"),
)


def line(**changes: object) -> Scope:
    """Return a scope of one line that differs."""
    return replace(SCOPE, lines=(replace(LINE, **changes),))  # type: ignore[arg-type] # real fields


EVERY_FACT = line(fields=tuple(Field))
SCAN = b"%PDF-1.7 a signed paper"
ASKED = "themselves say yes"
Ask = Callable[[Subject], Message]


@pytest.fixture
def person() -> ScriptedPerson:
    return ScriptedPerson()


@pytest.fixture
def desk(world: World, person: ScriptedPerson, tmp_path: Path) -> Desk:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path / "out", person=person)


@pytest.fixture
def client(world: World, desk: Desk) -> Subject:
    """A client whom the office helps, with a conflict check."""
    return checked(desk, helped(world))


def helped(world: World, given: str = "Jordan", acting: Acting = Acting.HELPER) -> Subject:
    """Keep a client who lets companies be told what they need."""
    subject = sample_subject(given, acting=acting, reply_to=(BOX,))
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    return subject


def checked(desk: Desk, subject: Subject) -> Subject:
    found = search(desk.vault, subject)
    record_check(desk, found, CheckResult.CLEAR, by="Robin Example", note="not the same person")
    return subject


@pytest.fixture(autouse=True)
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(SCAN)
    return path


@pytest.fixture
def ask(world: World) -> Ask:
    def letter(subject: Subject) -> Message:
        request = world.request(subject, broker=BY_POST)
        return world.message(subject, request, broker=BY_POST, by=By.POST)

    return letter


def refused(desk: Desk, message: Message, why: str) -> None:
    """Prove that it is refused for that reason, and that nothing of it left."""
    with pytest.raises(OptoutError, match=why) as told:
        file_message(desk, message.reference)
    assert "Nothing was" in str(told.value)
    assert desk.vault.messages.get(message.id).delivery in {Delivery.DRAFT, Delivery.READY}
    assert desk.vault.outbox.last_attempt(message.id) is None


def test_who_has_signed_is_not_asked_again_and_who_has_not_is(
    desk: Desk, client: Subject, person: ScriptedPerson, ask: Ask, scan: Path
) -> None:
    message = ask(client)
    person.answers = {ASKED: "no"}
    refused(desk, message, "You said no")
    paper = write_in_own_name(desk, client, SCOPE)
    record_signature(desk, paper.reference, scan)
    person.heard.clear()
    assert file_message(desk, message.reference).message.delivery is Delivery.HANDED_OVER
    assert not any(ASKED in heard for heard in person.heard)


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        (SCOPE, "not signed yet"),
        (line(broker=OTHER), "does not name this company"),
        (line(right=Right.DELETE), "does not name this: stop selling"),
        (line(fields=(Field.FULL_NAME,)), "more than the client signed for: "),
    ],
)
def test_what_is_unsigned_or_out_of_scope_is_refused_whatever_the_person_says(
    scope: Scope, why: str, desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    paper = write_in_own_name(desk, client, scope)
    if scope is not SCOPE:
        record_signature(desk, paper.reference, desk.out_folder.parent / "scan.pdf")
    refused(desk, message, why)


def test_a_paper_that_ran_out_allows_nothing_more(
    world: World, desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    message = ask(client)
    record_signature(desk, write_in_own_name(desk, client, SCOPE).reference, scan)
    world.clock.forward(days=(UNTIL - TODAY).days + 1)
    refused(desk, message, "has run out")
    world.clock.forward(days=-1)  # the control: on its last day it holds
    assert file_message(desk, message.reference)


def test_what_was_taken_back_allows_nothing_more(
    desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    message = ask(client)
    paper = record_signature(desk, write_in_own_name(desk, client, SCOPE).reference, scan)
    take_back(desk, paper.reference)
    refused(desk, message, "took back")
    again = write_in_own_name(desk, client, SCOPE)
    record_signature(desk, again.reference, scan)
    assert file_message(desk, message.reference)


def test_the_paper_of_one_client_allows_nothing_for_another(
    world: World, desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    other = checked(desk, helped(world, "Casey"))
    record_signature(desk, write_in_own_name(desk, client, SCOPE).reference, scan)
    theirs = ask(other)
    refused(replace(desk, person=ScriptedPerson(answers={ASKED: "no"})), theirs, "You said no")
    write_in_own_name(desk, other, SCOPE)  # theirs, and not signed
    refused(desk, theirs, "not signed yet")
    assert file_message(desk, ask(client).reference)


def changed(desk: Desk, **channel: object) -> Desk:
    """Return the desk in a world where every channel of that company is another."""
    real = desk.find_broker

    def find(slug: str) -> Broker:
        broker = real(slug)
        channels = tuple(replace(each, **channel) for each in broker.channel)  # type: ignore[arg-type] # a test names real fields
        return replace(broker, channel=channels)

    return replace(desk, find_broker=find)


def test_an_agent_sends_nothing_without_a_signature_for_an_agent(
    world: World, desk: Desk, scan: Path
) -> None:
    takes_agents = changed(
        desk, who_may_ask=(WhoMayAsk.SELF, WhoMayAsk.AGENT), by=(By.PORTAL,), attests=()
    )
    client = checked(desk, helped(world, "Casey", Acting.AGENT))
    message = world.message(
        client, world.request(client, broker=BY_POST), broker=BY_POST, by=By.PORTAL
    )
    refused(takes_agents, message, "No signed paper of this client")
    own = write_in_own_name(desk, client, EVERY_FACT)
    record_signature(desk, own.reference, scan)
    refused(takes_agents, message, "No signed paper of this client")
    paper = replace(own, id="agent", kind=AuthorizationKind.AGENT, agent=OFFICE.name)
    world.vault.authorizations.add(replace(paper, reference="K7F3-Q9MX"))
    refused(takes_agents, message, "not signed yet")
    record_signature(desk, "K7F3-Q9MX", scan)
    file_message(takes_agents, message.reference)
    assert world.vault.approvals.unused([message.id]) or world.vault.outbox.last_attempt(message.id)


def test_a_paper_counts_for_its_own_client_and_kind_only(
    world: World, desk: Desk, client: Subject, scan: Path
) -> None:
    record_signature(desk, write_in_own_name(desk, client, SCOPE).reference, scan)
    papers = world.vault.authorizations.for_subject(client.id)
    wanted = Wanted(
        subject_id=client.id,
        kind=AuthorizationKind.OWN_NAME,
        broker=BY_POST,
        rights=(Right.OPT_OUT,),
        fields=(),
        on=TODAY,
    )
    assert why_not_allowed(papers, wanted) is None
    for other in (
        replace(wanted, subject_id=SubjectId("another")),
        replace(wanted, kind=AuthorizationKind.AGENT),
        replace(wanted, on=TODAY - timedelta(days=1)),
    ):
        assert why_not_allowed(papers, other) is not None


def test_a_signature_is_kept_with_its_day_scope_scan_and_hash(
    desk: Desk, client: Subject, scan: Path
) -> None:
    paper = write_in_own_name(desk, client, SCOPE)
    day = TODAY - timedelta(days=3)
    kept = record_signature(desk, paper.reference.lower(), scan, on=day)
    assert (kept.signed_on, kept.expires_on, kept.brokers) == (day, UNTIL, (BY_POST,))
    assert kept.document_sha256 == hashlib.sha256(SCAN).hexdigest()
    assert desk.vault.evidence.read(kept.evidence_id) == SCAN
    assert find_paper(desk, paper.reference) == kept
    desk.vault.audit()
    with pytest.raises(Refused, match="signed already"):
        record_signature(desk, paper.reference, scan)


def test_a_wrong_day_or_scan_is_refused(
    desk: Desk, client: Subject, scan: Path, tmp_path: Path
) -> None:
    reference = write_in_own_name(desk, client, SCOPE).reference
    with pytest.raises(WrongUsage, match="has not come"):
        record_signature(desk, reference, scan, on=TODAY + timedelta(days=1))
    with pytest.raises(WrongUsage, match="cannot be read"):
        record_signature(desk, reference, tmp_path / "no.pdf")
    words = tmp_path / "words.pdf"
    words.write_text("signed, believe me", "utf-8")
    with pytest.raises(WrongUsage, match="not a scan"):
        record_signature(desk, reference, words)
    with pytest.raises(WrongUsage, match="no paper with that reference"):
        record_signature(desk, "ZZZZ-ZZZZ", scan)
    assert find_paper(desk, reference).signed_on is None


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=731)])
def test_a_paper_ends_in_time(until: date, desk: Desk, client: Subject) -> None:
    with pytest.raises(WrongUsage, match="The last day"):
        write_in_own_name(desk, client, replace(SCOPE, until=until))


def test_the_scope_can_be_what_waits_to_be_sent(desk: Desk, client: Subject, ask: Ask) -> None:
    with pytest.raises(WrongUsage, match="Nothing waits"):
        scope_of(desk, client, UNTIL)
    ask(client)
    assert scope_of(desk, client, UNTIL) == SCOPE


def test_a_paper_says_what_and_whom_and_is_not_written_twice(
    desk: Desk, client: Subject, scan: Path
) -> None:
    with pytest.raises(WrongUsage, match="Say what may be asked for"):
        write_in_own_name(desk, client, replace(SCOPE, lines=()))
    paper = write_in_own_name(desk, client, SCOPE)
    assert write_in_own_name(desk, client, SCOPE) == paper
    record_signature(desk, paper.reference, scan)
    assert write_in_own_name(desk, client, SCOPE).reference != paper.reference


def test_the_board_shows_what_needs_somebody_first(desk: Desk, client: Subject, scan: Path) -> None:
    soon = replace(SCOPE, until=TODAY + timedelta(days=20))
    other, third = (line(right=right) for right in (Right.DELETE, Right.ACCESS))
    long_, near, open_, gone = (
        write_in_own_name(desk, client, scope) for scope in (SCOPE, soon, other, third)
    )
    for paper in (long_, near):
        record_signature(desk, paper.reference, scan)
    take_back(desk, gone.reference)
    rows = [(row.paper.reference, row.state, row.soon_over) for row in board(desk)]
    assert rows == [
        (near.reference, AuthorizationState.SIGNED, True),
        (open_.reference, AuthorizationState.UNSIGNED, False),
        (long_.reference, AuthorizationState.SIGNED, False),
        (gone.reference, AuthorizationState.REVOKED, False),
    ]


def test_the_office_as_agent_is_drafted_with_its_law_and_kept_unsigned(
    world: World, desk: Desk
) -> None:
    client = helped(world, "Casey")
    one = replace(LINE, broker="thomson-reuters-clear")
    scope = Scope(lines=(one, replace(one, right=Right.FREEZE)), until=UNTIL)
    with pytest.raises(Refused, match="No conflict check"):
        write_for_agent(desk, client, OFFICE, scope)
    checked(desk, client)
    papers, paper = write_for_agent(desk, client, OFFICE, scope)
    assert paper.kind is AuthorizationKind.AGENT
    assert paper.agent == OFFICE.name
    assert paper.reference == papers.reference
    assert paper.rights == (Right.OPT_OUT,)  # a freeze is for the client alone
    assert OFFICE.name in papers.letter.text
    desk.vault.matters.close(client.id)
    with pytest.raises(Refused, match="closed"):
        write_for_agent(desk, client, OFFICE, scope)


@pytest.mark.parametrize("slug", ["lexisnexis-risk", "relx-lexisnexis"])
def test_nobody_becomes_an_agent_at_lexisnexis_until_it_is_checked(
    slug: str, desk: Desk, client: Subject
) -> None:
    scope = line(broker=slug)
    with pytest.raises(Refused, match="refused until it is checked"):
        write_for_agent(desk, client, OFFICE, scope)
    assert desk.vault.authorizations.list() == ()
    assert write_in_own_name(desk, client, scope)  # in the client's own name it may be asked


def test_the_office_stands_on_no_letter_in_the_clients_own_name(
    desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    record_signature(desk, write_in_own_name(desk, client, SCOPE).reference, scan)
    message = ask(client)
    filed = file_message(desk, message.reference)
    for path in (filed.paper, filed.sheet):
        reader = PdfReader(path)
        text = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        assert "Legal Aid" not in text
        assert "Robin" not in text
        assert "immigra" not in text.lower()
    assert "Sample" in " ".join(page.extract_text() for page in PdfReader(filed.paper).pages)


def test_what_only_the_client_may_say_is_never_said_by_staff(
    world: World, desk: Desk, client: Subject, person: ScriptedPerson, scan: Path
) -> None:
    swears = changed(desk, attests=("I am this person.",), by=(By.PORTAL,))
    record_signature(desk, write_in_own_name(desk, client, EVERY_FACT).reference, scan)
    request = world.request(client, broker=BY_POST)
    message = world.message(client, request, broker=BY_POST, by=By.PORTAL)
    person.answers = {"never staff": "no"}
    refused(swears, message, "Only the client may say")
    person.answers = {"never staff": "yes"}
    file_message(swears, message.reference)
    assert any("never staff" in heard for heard in person.heard)


def test_a_public_body_is_not_asked_in_a_bundle(desk: Desk, client: Subject) -> None:
    public = replace(desk.find_broker(BY_POST), government=True)
    office = replace(desk, find_broker=lambda _slug: public)
    with pytest.raises(Refused, match="public body"):
        write_in_own_name(office, client, SCOPE)


def test_only_an_office_keeps_papers(world: World, tmp_path: Path) -> None:
    desk = desk_without_browser(world, tmp_path)
    with pytest.raises(NeedsPerson, match="optout clinic start"):
        write_in_own_name(desk, world.person(), SCOPE)


# ---- what is signed is what is allowed, line by line ----


def wanted_of(client: Subject, **changes: object) -> Wanted:
    wanted = Wanted(
        subject_id=client.id,
        kind=AuthorizationKind.OWN_NAME,
        broker=BY_POST,
        rights=(Right.OPT_OUT,),
        fields=LINE.fields,
        on=TODAY,
    )
    return replace(wanted, **changes)  # type: ignore[arg-type] # a test names real fields


def signed(desk: Desk, client: Subject, *lines: Allowed) -> tuple[Authorization, ...]:
    """Write down what a client signed, and return all their papers."""
    scope = Scope(lines=lines, until=UNTIL)
    scan = desk.out_folder.parent / "scan.pdf"
    record_signature(desk, write_in_own_name(desk, client, scope).reference, scan)
    return desk.vault.authorizations.for_subject(client.id)


def test_a_yes_at_one_company_is_none_at_another_and_none_to_another_request(
    desk: Desk, client: Subject
) -> None:
    """A: opt-out and B: delete are two lines; A: delete and B: opt-out are in neither."""
    papers = signed(desk, client, LINE, replace(LINE, broker=OTHER, right=Right.DELETE))
    both = (Right.OPT_OUT, Right.DELETE)
    for broker, rights, missing in (
        (BY_POST, (Right.DELETE,), (Right.DELETE,)),
        (OTHER, (Right.OPT_OUT,), (Right.OPT_OUT,)),
        (BY_POST, both, (Right.DELETE,)),
    ):
        why = why_not_allowed(papers, wanted_of(client, broker=broker, rights=rights))
        assert why is not None
        assert why.rights == missing
    for broker, right in ((BY_POST, Right.OPT_OUT), (OTHER, Right.DELETE)):
        wanted = wanted_of(client, broker=broker, rights=(right,))
        assert why_not_allowed(papers, wanted) is None, "the control"


def test_a_fact_is_signed_for_at_one_company(desk: Desk, client: Subject) -> None:
    told = replace(LINE, broker=OTHER, fields=(*LINE.fields, Field.PHONE))
    papers = signed(desk, client, LINE, told)
    wanted = wanted_of(client, fields=(Field.FULL_NAME, Field.PHONE))
    why = why_not_allowed(papers, wanted)
    assert why is not None
    assert why.fields == (Field.PHONE,)
    assert why_not_allowed(papers, replace(wanted, broker=OTHER)) is None, "the control"


def test_a_letter_of_two_requests_tells_only_what_both_may_tell(
    desk: Desk, client: Subject
) -> None:
    less = replace(LINE, right=Right.DELETE, fields=(Field.FULL_NAME,))
    papers = signed(desk, client, LINE, less)
    both = wanted_of(client, rights=(Right.OPT_OUT, Right.DELETE))
    why = why_not_allowed(papers, both)
    assert why is not None
    assert set(why.fields) == set(LINE.fields) - {Field.FULL_NAME}
    assert why_not_allowed(papers, replace(both, fields=(Field.FULL_NAME,))) is None, "the control"


def test_what_is_told_more_than_was_signed_is_refused_with_its_kind_and_never_its_value(
    world: World, desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    """The scope is what waited on the day of the paper; a fact that comes later is not in it."""
    message = ask(client)
    paper = write_in_own_name(desk, client, scope_of(desk, client, UNTIL))
    record_signature(desk, paper.reference, scan)
    world.vault.subjects.replace(replace(client, reply_to=()))  # answers now come by e-mail
    with pytest.raises(Refused) as told:
        file_message(desk, message.reference)
    assert "more than the client signed for: e-mail address." in str(told.value.what)
    assert "@" not in str(told.value)
    assert "optout clinic authorize" in str(told.value.hint)
    world.vault.subjects.replace(client)
    assert file_message(desk, message.reference), "the control: as it was signed"


def test_what_was_taken_off_the_list_is_not_to_be_signed(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    assert scope_of(desk, client, UNTIL).lines, "the control"
    leave_request(desk, message.reference)
    with pytest.raises(WrongUsage, match="Nothing waits"):
        scope_of(desk, client, UNTIL)


def test_a_scope_can_name_a_part_or_more_than_waits(desk: Desk, client: Subject, ask: Ask) -> None:
    ask(client)
    facts = (Field.FULL_NAME,)
    only = scope_of(desk, client, UNTIL, companies=(BY_POST,), rights=(Right.OPT_OUT,))
    assert only == SCOPE
    named = partial(scope_of, desk, client, UNTIL, companies=(OTHER,), rights=(Right.DELETE,))
    with pytest.raises(WrongUsage, match="say what it may be told"):
        named()
    (one,) = named(fields=facts).lines
    assert one == Allowed(broker=OTHER, right=Right.DELETE, fields=facts)
    (less,) = scope_of(desk, client, UNTIL, fields=facts).lines
    assert less == replace(LINE, fields=facts)


def test_what_waits_and_cannot_be_told_yet_is_named(world: World, desk: Desk, ask: Ask) -> None:
    client = helped(world, "Casey")  # without a conflict check
    message = ask(client)
    with pytest.raises(WrongUsage, match="No conflict check") as told:
        scope_of(desk, client, UNTIL)
    assert message.reference in str(told.value)
    checked(desk, client)
    scope = scope_of(desk, client, UNTIL)
    assert (scope.left, scope) == ((), SCOPE)


# ---- the paper and its signature ----


def test_the_consent_prints_the_very_lines_that_are_allowed(
    desk: Desk, client: Subject, ask: Ask, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path / "papers")
    ask(client)
    with pytest.raises(Refused, match="Nothing is written down for this client to sign"):
        paper_for(desk, client, shelf, Paper.CONSENT, "en")
    lines = (LINE, replace(LINE, broker=OTHER, right=Right.DELETE, fields=(Field.PHONE,)))
    paper = write_in_own_name(desk, client, Scope(lines=lines, until=UNTIL))
    made = paper_for(desk, client, shelf, Paper.CONSENT, "en")
    text = made.drafted.text
    first, second = text.index("### Appriss"), text.index("### TransUnion")
    assert "Phone" not in text[first:second]
    assert "Phone" in text[second:]
    assert "Full name" not in text[second : text.index("## What my yes")]
    assert "My yes ends on: May 31, 2027" in text
    assert made.reference == paper.reference
    record_signature(desk, paper.reference, tmp_path / "scan.pdf")
    again = paper_for(desk, client, shelf, Paper.CONSENT, "en")
    assert again.reference == paper.reference, "a copy of what was signed bears its number"
    assert "My yes ends on: May 31, 2027" in again.drafted.text


def test_a_signature_on_a_consent_that_was_never_printed_is_asked_about(
    desk: Desk, client: Subject, person: ScriptedPerson, ask: Ask, scan: Path
) -> None:
    ask(client)
    paper = write_in_own_name(desk, client, SCOPE)
    person.answers = {"was printed here": "no"}
    with pytest.raises(Refused, match="never printed") as told:
        record_signature(desk, paper.reference, scan)
    assert "papers write consent" in str(told.value.hint)
    assert find_paper(desk, paper.reference).signed_on is None
    (one,) = chosen_clients(desk, ("1",))
    shelf = Shelf(scan.parent / "papers")
    made, _left = papers_for_many(desk, (one,), shelf, (Paper.CONSENT,), "en")
    write_listed(desk, made)
    with pytest.raises(WrongUsage, match="not from that day"):  # it lay nowhere to be signed
        record_signature(desk, paper.reference, scan, on=TODAY - timedelta(days=1))
    assert record_signature(desk, paper.reference, scan).signed_on == TODAY, "the control"


def test_what_is_printed_and_not_posted_is_named_when_a_paper_is_taken_back(
    desk: Desk, client: Subject, ask: Ask, scan: Path
) -> None:
    message = ask(client)
    first = write_in_own_name(desk, client, SCOPE)
    record_signature(desk, first.reference, scan)
    file_message(desk, message.reference)
    taken = take_back(desk, first.reference)
    assert [each.id for each in in_hand_without_paper(desk, taken)] == [message.id]
    again = write_in_own_name(desk, client, SCOPE)
    record_signature(desk, again.reference, scan)
    assert in_hand_without_paper(desk, taken) == (), "the control: another paper allows it"
    take_back(desk, again.reference)
    mark_sent(desk, message.reference)
    assert in_hand_without_paper(desk, taken) == (), "the control: it is in the mail"

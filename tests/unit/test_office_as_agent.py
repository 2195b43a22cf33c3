"""An office asks in its own name only on what a client signed for, and stands on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.clinic import Allowed, CheckResult
from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.request import Delivery, Message, Purpose
from optout.model.subject import (
    Acting,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
)
from optout.model.words import By, Right
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.approve import keep_yes, prepare
from optout.workflows.approve_many import approve_all, look_through
from optout.workflows.authorizations import (
    Scope,
    record_signature,
    take_back,
    write_for_agent,
    write_in_own_name,
)
from optout.workflows.authorize import Agent
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk, errand_for
from optout.workflows.file_message import file_message
from optout.workflows.follow_up import follow_up
from optout.workflows.in_whose_name import ask_as_agent, ask_in_own_name
from optout.workflows.make_plan import Wish
from optout.workflows.move_request import move_with_person
from optout.workflows.print_run import By as Sorted
from optout.workflows.print_run import PrintChoice, Run, approved_letters, print_letters
from optout.workflows.send_paper import letter_texts, mark_sent
from tests.conftest import World, desk_without_browser, sample_subject

CLEAR = Slug("thomson-reuters-clear")
TODAY, UNTIL = date(2026, 11, 23), date(2027, 5, 31)
LINE = Allowed(broker=CLEAR, right=Right.OPT_OUT, fields=tuple(Field))
SCOPE = Scope(lines=(LINE,), until=UNTIL)
NAME, BOX = "Example Legal Aid", "P.O. Box 7"
OFFICE = Agent(name=NAME, lines=("P.O. Box 100", "Denver, CO 80202"))
REPLY = ReplyTo(
    kind=ReplyKind.PO_BOX, address=PostalAddress(street=BOX, city="Denver", state="CO", zip="80202")
)
SCAN = b"%PDF-1.7 a signed paper"
Ask = Callable[..., Message]


@pytest.fixture
def person() -> ScriptedPerson:
    return ScriptedPerson()


@pytest.fixture
def desk(world: World, person: ScriptedPerson, tmp_path: Path) -> Desk:
    start_clinic(world.vault, NAME, ["Robin Example"], four_eyes=False)
    return desk_without_browser(world, tmp_path / "out", person=person)


@pytest.fixture
def client(world: World, desk: Desk) -> Subject:
    return helped(world, desk)


def helped(world: World, desk: Desk, given: str = "Jordan", state: str = "CO") -> Subject:
    """Keep a client whom the office helps, with a conflict check."""
    home = (Residence(state=state, since=date(2015, 6, 1)),)
    subject = sample_subject(given, acting=Acting.HELPER, reply_to=(REPLY,), residences=home)
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    found = search(desk.vault, subject)
    record_check(desk, found, CheckResult.CLEAR, by="Robin Example", note="not the same person")
    return subject


@pytest.fixture
def ask(world: World) -> Ask:
    def letter(subject: Subject, right: Right = Right.OPT_OUT, **changes: object) -> Message:
        wanted = {"broker": CLEAR, "right": right, "law": LawId("us-co-cpa")} | changes
        way = {"broker": wanted["broker"], "channel_right": right, "channel_key": "letter"}
        way |= {"by": wanted.pop("by", By.POST)}
        if wanted["broker"] == "appriss-insights":
            way["channel_key"] = ""
        return world.message(subject, world.request(subject, **wanted), **way)

    return letter


def signed(desk: Desk, client: Subject, scope: Scope = SCOPE, agent: Agent = OFFICE) -> str:
    """Write a paper for an agent, and keep that the client signed it; return its reference."""
    _papers, paper = write_for_agent(desk, client, agent, scope)
    scan = desk.out_folder.parent / "scan.pdf"
    scan.write_bytes(SCAN)
    record_signature(desk, paper.reference, scan)
    return paper.reference


def text_of(path: str | Path) -> str:
    reader = PdfReader(path)
    text = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    return " ".join(text.split())


def refused(desk: Desk, message: Message, why: str) -> None:
    """Prove that it is refused for that reason, and that nothing of it left."""
    with pytest.raises(OptoutError, match=why):
        file_message(desk, message.reference)
    assert desk.vault.outbox.last_attempt(message.id) is None
    assert not list(desk.out_folder.glob("letter-*")) + list(desk.out_folder.glob("enclosed-*"))


def test_an_office_writes_under_its_own_name_with_the_signed_paper(
    desk: Desk, client: Subject, ask: Ask, person: ScriptedPerson
) -> None:
    message = ask(client)
    paper = signed(desk, client)
    moved, left = ask_as_agent(desk, paper)
    assert ([each.id for each in moved], left) == ([message.id], [])
    assert any("Does the client know that" in heard for heard in person.heard)
    filed = file_message(desk, message.reference)
    letter = text_of(filed.paper)
    assert f"{NAME} sends you this as the authorized agent of Jordan Q. Sample" in letter
    assert f"{NAME}, authorized agent of Jordan Q. Sample" in letter
    assert f"Copy of the authorization {paper}" in letter
    assert "P.O. Box 100" in letter
    assert "I write for myself" not in letter
    assert BOX + "," not in letter, (
        "answers go to the agent; where the client is reached is not told"
    )
    assert Path(filed.enclosed).read_bytes() == SCAN
    sheet = text_of(filed.sheet)
    assert f"Sign for {NAME}" in sheet
    assert paper in sheet
    given = {row.field for row in desk.vault.disclosures.to_recipient(client.id, (CLEAR,))}
    assert Field.FULL_NAME in given
    assert not given & {Field.REPLY_ADDRESS, Field.EMAIL}


def test_the_office_stands_on_no_other_letter(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    """0 in the client's own name, though a paper for an agent is signed; the control: as agent."""
    message, other = ask(client), ask(client, broker=Slug("appriss-insights"))
    paper = signed(desk, client)
    own = file_message(desk, other.reference)
    ask_as_agent(desk, paper)
    ask_in_own_name(desk, paper)
    again = file_message(desk, message.reference)
    for path in (own.paper, own.sheet, again.paper, again.sheet):
        text = text_of(path)
        assert "Sample" in text or path in {own.sheet, again.sheet}
        assert "Legal Aid" not in text
        assert "P.O. Box 100" not in text
        assert paper not in text
    assert not own.enclosed + again.enclosed
    second = helped(world, desk, "Casey")
    theirs = ask(second)
    ask_as_agent(desk, signed(desk, second))
    assert "Legal Aid" in text_of(file_message(desk, theirs.reference).paper)


def test_the_office_stands_in_no_mail(desk: Desk, client: Subject, ask: Ask) -> None:
    """0 in the head and the words of a mail; the control: the client's own name."""
    message = ask(client, by=By.EMAIL)
    signed(desk, client)
    mail = Path(file_message(desk, message.reference).paper).read_text("utf-8")
    assert "Jordan" in mail
    for telling in ("Legal Aid", "Robin", "P.O. Box 100", "immigra", "optout"):
        assert telling.lower() not in mail.lower()


def test_another_way_is_in_the_clients_own_name_again(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    ask_as_agent(desk, signed(desk, client))
    by_mail = Wish(only=(CLEAR,), prefer=By.EMAIL, rights=(Right.OPT_OUT,), take="all")
    assert move_with_person(desk, client, by_mail)
    now = desk.vault.messages.get(message.id)
    assert (now.by, now.as_agent) == (By.EMAIL, False)


def test_what_ran_out_or_was_taken_back_is_refused(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    paper = signed(desk, client)
    ask_as_agent(desk, paper)
    world.clock.forward(days=(UNTIL - TODAY).days + 1)
    refused(desk, message, "has run out")
    world.clock.forward(days=-1)
    take_back(desk, paper)
    refused(desk, message, "took back")
    signed(desk, client, replace(SCOPE, until=date(2027, 6, 30)))
    assert file_message(desk, message.reference).enclosed, "the control: with another paper"


def test_what_was_taken_back_is_not_written_again_either(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    paper = signed(desk, client)
    ask_as_agent(desk, paper)
    file_message(desk, message.reference)
    assert file_message(desk, message.reference).paper, "the control"
    take_back(desk, paper)
    with pytest.raises(Refused, match="took back"):
        file_message(desk, message.reference)


def test_the_paper_of_another_client_or_of_another_scope_allows_nothing(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    theirs = helped(world, desk, "Casey")
    signed(desk, theirs)
    message = ask(client)
    desk.vault.messages.rewrite(replace(message, as_agent=True))
    refused(desk, message, "No signed paper of this client")
    signed(desk, client, replace(SCOPE, lines=(replace(LINE, broker="transunion"),)))
    refused(desk, message, "does not name this company")
    _papers, unsigned = write_for_agent(desk, client, OFFICE, SCOPE)
    refused(desk, message, "not signed yet")
    ask_in_own_name(desk, unsigned.reference)
    assert file_message(desk, message.reference), "the control: in the client's own name it may go"


def test_a_paper_for_another_agent_than_the_office_is_not_the_offices(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    other = signed(desk, client, agent=replace(OFFICE, name="Another Example Office"))
    moved, left = ask_as_agent(desk, other)
    assert moved == []
    assert "another agent than your office" in left[0][1].english()
    assert not desk.vault.messages.get(message.id).as_agent
    with pytest.raises(WrongUsage, match="where companies answer"):
        write_for_agent(desk, client, replace(OFFICE, lines=()), SCOPE)


def test_law_and_company_decide_what_an_agent_may_ask(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    """Colorado lets an agent file the opt-out alone; California lets it delete, too."""
    delete = ask(client, Right.DELETE)
    with pytest.raises(Refused, match="An agent can file none of this"):
        write_for_agent(
            desk, client, OFFICE, replace(SCOPE, lines=(replace(LINE, right=Right.DELETE),))
        )
    desk.vault.messages.rewrite(replace(delete, as_agent=True))
    refused(desk, delete, "must ask for this themselves")
    west = helped(world, desk, "Casey", "CA")
    asked = ask(west, Right.DELETE, law=LawId("us-ca-ccpa"))
    paper = signed(desk, west, replace(SCOPE, lines=(replace(LINE, right=Right.DELETE),)))
    assert ask_as_agent(desk, paper)[0], "the control"
    assert "California" in letter_texts(desk, asked.reference)[0]


@pytest.mark.parametrize(
    ("slug", "right"),
    [("lexisnexis-risk", Right.DELETE), ("appriss-insights", Right.OPT_OUT)],
)
def test_a_company_that_takes_no_agents_is_asked_by_none(
    slug: str, right: Right, desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client, right, broker=Slug(slug))
    desk.vault.messages.rewrite(replace(message, as_agent=True))
    refused(desk, message, "takes this only from the person|refused until it is")


def test_lexisnexis_takes_no_agent_whatever_a_definition_says(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    real = desk.find_broker(CLEAR)

    def named(name: str) -> Desk:
        broker = replace(real, name=name, short_name=name)
        return replace(desk, find_broker=lambda _slug: broker)

    message = ask(client)
    ask_as_agent(desk, signed(desk, client))
    refused(named("LexisNexis Example"), message, "refused until it is")
    assert file_message(named("Example Data"), message.reference).enclosed, "the control"


@pytest.mark.parametrize(
    "changes", [{"attests": ("I am this person.",)}, {"blank_ssn_line": True}], ids=str
)
def test_what_only_the_client_may_say_is_signed_by_no_agent(
    changes: dict[str, object], desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    paper = signed(desk, client)
    moved, left = ask_as_agent(_where(desk, changes), paper)
    assert moved == []
    assert "Only the client may say" in left[0][1].english()
    desk.vault.messages.rewrite(replace(message, as_agent=True))
    refused(_where(desk, changes), message, "Only the client may say")
    assert file_message(desk, message.reference).enclosed, "the control: without these words"


def _where(desk: Desk, changes: dict[str, object]) -> Desk:
    def find(slug: str) -> Broker:
        broker = desk.find_broker(slug)
        channels = tuple(replace(each, **changes) for each in broker.channel)  # type: ignore[arg-type] # a test names real fields
        return replace(broker, channel=channels)

    return replace(desk, find_broker=find)


def test_an_agent_sends_no_mail(desk: Desk, client: Subject, ask: Ask) -> None:
    message = ask(client, by=By.EMAIL)
    moved, left = ask_as_agent(desk, signed(desk, client))
    assert (moved, [each.id for each, _why in left]) == ([], [message.id])
    assert "by post" in left[0][1].english()


def test_every_yes_is_void_when_the_name_changes(desk: Desk, client: Subject, ask: Ask) -> None:
    message = ask(client)
    record_own = write_in_own_name(desk, client, SCOPE)
    scan = desk.out_folder.parent / "own.pdf"
    scan.write_bytes(SCAN)
    record_signature(desk, record_own.reference, scan)
    clients = chosen_clients(desk, ())
    assert approve_all(desk, look_through(desk, clients))[0] == 1
    ask_as_agent(desk, signed(desk, client))
    assert desk.vault.messages.get(message.id).delivery is Delivery.DRAFT
    assert desk.vault.approvals.unused([message.id]) == {}
    looked = look_through(desk, clients)
    assert "in the office's name" in looked.shown[0].row.by.english()


def test_a_yes_to_the_clients_own_letter_is_not_kept_for_the_offices(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    own = prepare(desk, errand_for(desk, message))
    ask_as_agent(desk, signed(desk, client))  # another window, while the client's own is looked at
    with pytest.raises(Refused, match="While you looked at it"):
        keep_yes(desk, message, own.digest)
    assert desk.vault.approvals.unused([message.id]) == {}
    offices = desk.vault.messages.get(message.id)
    keep_yes(desk, offices, prepare(desk, errand_for(desk, offices)).digest)
    assert desk.vault.approvals.unused([message.id]), "the control"


def test_a_stack_holds_the_agents_letter_and_the_paper_to_enclose(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    ask_as_agent(desk, signed(desk, client))
    clients = chosen_clients(desk, ())
    assert approve_all(desk, look_through(desk, clients))[0] == 1
    letters, _left = approved_letters(desk, clients, Sorted.CLIENT)
    run = Run()
    (stack,) = print_letters(desk, letters, PrintChoice(cover_sheets=True, envelopes=True), run)
    text = text_of(stack.paths[0])
    assert "by the office, as the client's agent" in text
    assert "A copy of the signed paper" in text
    (copy,) = (path for path in stack.paths if path.name.startswith("enclosed-"))
    assert copy.read_bytes() == SCAN
    envelope = next(path for path in stack.paths if path.name.startswith("envelopes-"))
    assert NAME in text_of(envelope)
    assert message.reference in copy.name


def test_a_paper_for_the_clients_own_name_makes_nobody_an_agent(
    desk: Desk, client: Subject, ask: Ask
) -> None:
    ask(client)
    own = write_in_own_name(desk, client, SCOPE)
    with pytest.raises(WrongUsage, match="makes nobody an agent"):
        ask_as_agent(desk, own.reference)
    with pytest.raises(WrongUsage, match="no paper with that reference"):
        ask_as_agent(desk, "ZZZZ-ZZZZ")


def test_nothing_changes_without_a_yes_or_without_a_letter(
    desk: Desk, client: Subject, ask: Ask, person: ScriptedPerson
) -> None:
    paper = signed(desk, client)
    with pytest.raises(WrongUsage, match="Nothing waits"):
        ask_as_agent(desk, paper)
    message = ask(client)
    person.answers = {"Does the client know": "no"}
    with pytest.raises(Refused, match="You said no"):
        ask_as_agent(desk, paper)
    assert desk.vault.messages.get(message.id) == message


def test_who_asked_as_agent_reminds_as_agent_and_appeals_never(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    message = ask(client)
    paper = signed(desk, client)
    ask_as_agent(desk, paper)
    file_message(desk, message.reference)
    mark_sent(desk, message.reference)
    world.clock.forward(days=70)
    (reminder,) = follow_up(desk, message.reference).drafted
    assert (reminder.purpose, reminder.by, reminder.as_agent) == (Purpose.REMINDER, By.POST, True)
    filed = file_message(desk, reminder.reference)
    text = text_of(filed.paper)
    assert f"{NAME} sends you this as the authorized agent of Jordan Q. Sample" in text
    assert f"Copy of the authorization {paper}" in text
    assert "for myself" not in text
    assert BOX + "," not in text
    assert Path(filed.enclosed).read_bytes() == SCAN
    mark_sent(desk, reminder.reference)
    world.clock.forward(days=40)
    with pytest.raises(Refused, match="the client's own"):
        follow_up(desk, message.reference)


def test_a_reminder_in_the_clients_own_name_names_no_office(
    world: World, desk: Desk, client: Subject, ask: Ask
) -> None:
    """The control of the one above."""
    message = ask(client)
    signed(desk, client)
    file_message(desk, message.reference)
    mark_sent(desk, message.reference)
    world.clock.forward(days=70)
    (reminder,) = follow_up(desk, message.reference).drafted
    text = text_of(file_message(desk, reminder.reference).paper)
    assert "I write for myself" in text
    assert "Legal Aid" not in text


def test_outside_an_office_nobody_writes_as_agent(world: World, tmp_path: Path) -> None:
    desk = desk_without_browser(world, tmp_path / "out")
    someone = world.person(acting=Acting.AGENT, reply_to=(REPLY,))
    request = world.request(someone, broker=CLEAR, law=LawId("us-co-cpa"))
    message = world.message(someone, request, broker=CLEAR, by=By.POST, channel_key="letter")
    refused(desk, message, "only an office keeps those")

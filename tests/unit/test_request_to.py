"""`optout request`: a company outside the catalog is asked like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from optout.catalog.brokers import find_broker
from optout.cli import main as shell
from optout.cli import request as request_command
from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.fields import Field
from optout.model.payload import ApprovalSheet
from optout.model.ports import Acted, HandOver
from optout.model.record import Answer
from optout.model.request import Delivery, Message, Presence, Status
from optout.model.words import By, Right
from optout.rules.hosts import BadAddress
from optout.rules.outside import as_broker, is_outside
from optout.rules.public_bodies import is_public_host
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.approve import Prepared, prepare
from optout.workflows.by_hand import guide_by_hand
from optout.workflows.desk import Desk, errand_for
from optout.workflows.keep_person import subject_from_card
from optout.workflows.outside_companies import finding_both
from optout.workflows.read_target import check_not_public, read_target
from optout.workflows.record_answer import record_answer
from optout.workflows.request_to import ToAsk, request_with_person
from optout.workflows.send_paper import hand_over_paper, mark_sent
from optout.workflows.standing import dues, standings
from tests.conftest import World, desk_without_browser, reopened

if TYPE_CHECKING:
    from pathlib import Path

    from optout.model.subject import Subject
    from optout.text import Text

MAIL = "privacy@acme-data.example.com"
PAPER = "Acme Data LLC, 100 Example Plaza, Suite 5, Springfield, IL 62701"
PAGE = "https://acme-data.example.com/privacy?form=1"
TWO = (Right.OPT_OUT, Right.DELETE)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    world.vault.subjects.add(JORDAN)
    return desk_without_browser(world, tmp_path, find_broker=finding_both(world.vault, find_broker))


def asked(desk: Desk, to: str, subject: Subject = JORDAN, **more: object) -> tuple[Message, ...]:
    wanted = {"company": "Acme Data LLC", "rights": TWO, "find_by": (), **more}
    return request_with_person(desk, subject, ToAsk(to=to, **wanted))  # type: ignore[arg-type] # as named


def prepared(desk: Desk, message: Message) -> Prepared:
    return prepare(desk, errand_for(desk, message))


def test_a_mail_to_a_stranger_names_the_law_of_the_place_and_gives_the_name_only(
    desk: Desk,
) -> None:
    (message,) = asked(desk, MAIL)
    ready = prepared(desk, message)
    assert ready.payload.recipient.email == MAIL
    assert set(ready.payload.values) == {Field.FULL_NAME, Field.EMAIL}
    assert ready.letter
    assert "Colorado Privacy Act" in ready.letter.text
    assert "To Acme Data LLC:" in ready.letter.text
    assert [item.number for item in ready.letter.items] == [1, 2]
    laws = {desk.vault.requests.get(each).law for each in message.request_ids}
    assert laws == {"us-co-cpa"}


def test_a_letter_goes_to_the_lines_that_were_typed(desk: Desk) -> None:
    (message,) = asked(desk, PAPER, company="", rights=(Right.ACCESS,))
    ready = prepared(desk, message)
    assert ready.payload.recipient.lines == (
        "Acme Data LLC",
        "100 Example Plaza",
        "Suite 5",
        "Springfield, IL 62701",
    )
    assert Field.STREET not in ready.payload.values


def test_it_is_on_the_list_with_dates_like_any_other(desk: Desk) -> None:
    (message,) = asked(desk, MAIL)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    (first, *_) = standings(desk)
    assert first.company == "Acme Data LLC"
    assert first.message.delivery is Delivery.SENT
    bases = {due.deadline.basis for due in dues(desk)}
    assert "Colo. Rev. Stat. § 6-1-1306(2)(a)" in bases


def test_a_page_is_a_request_that_the_person_makes_by_hand(desk: Desk) -> None:
    seen: list[HandOver] = []

    class ByHand(ScriptedPerson):
        def act(self, hand_over: HandOver) -> Acted:
            seen.append(hand_over)
            return Acted.DID

    desk = replace(desk, person=ByHand())
    (message,) = asked(desk, PAGE, rights=(Right.DELETE,))
    assert message.by is By.PORTAL
    guide_by_hand(desk, errand_for(desk, message))
    (page,) = seen
    said = page.what.english()
    assert said.startswith(f"Open {PAGE}")
    assert "Never write a Social Security number, an immigration status" in said
    assert "Please delete the personal data you hold about me. I rely on the Colorado" in said
    assert "to the extent it applies" in said
    assert [each.field for each in page.remaining] == [Field.FULL_NAME]
    (request,) = desk.vault.requests.list()
    assert request.status is Status.OPEN
    assert desk.vault.messages.get(message.id).delivery is Delivery.SENT
    assert dues(desk)


def test_who_lives_where_no_law_gives_it_asks_as_a_courtesy(desk: Desk) -> None:
    card = {"label": "Riley", "name": {"given": "Riley", "family": "Sample"}, "state": "NY"}
    reply = {"reply_to": [{"kind": "new-email", "email": "riley@example.com"}]}
    riley = subject_from_card(card | reply, today=desk.clock().date())
    desk.vault.subjects.add(riley)
    (message,) = asked(desk, MAIL, riley)
    ready = prepared(desk, message)
    assert ready.letter
    assert "I rely on" not in ready.letter.text


def test_who_lives_in_germany_rests_on_the_law_there(desk: Desk) -> None:
    card = {"label": "Kim", "name": {"given": "Kim", "family": "Sample"}, "country": "DE"}
    reply = {"reply_to": [{"kind": "new-email", "email": "kim@example.com"}]}
    kim = subject_from_card(card | reply, today=desk.clock().date())
    desk.vault.subjects.add(kim)
    (message,) = asked(desk, MAIL, kim)
    ready = prepared(desk, message)
    assert ready.letter
    assert "I am a resident of Germany" in ready.letter.text
    assert "Regulation (EU) 2016/679, Art. 17" in ready.letter.text


def test_nothing_is_put_down_where_the_company_may_not_know_the_person(desk: Desk) -> None:
    cautious = ScriptedPerson(answers={"Do you know that": "no", "may not know you": "no"})
    with pytest.raises(Refused, match="Left alone"):
        asked(replace(desk, person=cautious), MAIL)
    assert desk.vault.requests.list() == ()
    assert desk.vault.companies.list(JORDAN.id) == ()
    brave = ScriptedPerson(answers={"Do you know that": "no"})
    (message,) = asked(replace(desk, person=brave), MAIL, find_by=None)
    (request, _) = map(desk.vault.requests.get, message.request_ids)
    assert request.presence is Presence.UNLIKELY
    assert set(prepared(desk, message).payload.values) == {Field.FULL_NAME, Field.EMAIL}


def test_more_goes_only_if_they_have_it_and_it_is_shown_as_known(desk: Desk) -> None:
    (message,) = asked(desk, MAIL, find_by=("address",))
    ready = prepared(desk, message)
    assert {Field.STREET, Field.ZIP, Field.CITY} <= set(ready.payload.values)
    nobody = ScriptedPerson(answers={"Does Acme": "no"})
    other = replace(desk, person=nobody)
    (second,) = asked(other, "other@acme-data.example.com", find_by=None)
    assert set(prepared(desk, second).payload.values) == {Field.FULL_NAME, Field.EMAIL}


def test_the_same_company_is_not_asked_twice(desk: Desk) -> None:
    asked(desk, MAIL)
    with pytest.raises(Refused, match="asked"):
        asked(desk, MAIL.upper())
    assert len(desk.vault.companies.list(JORDAN.id)) == 1
    (more,) = asked(desk, MAIL, rights=(Right.ACCESS,))
    assert {each.broker for each in desk.vault.requests.list()} == {more.broker}


ALPHA = "Alpha Data LLC, 1209 Example Street, Wilmington, DE 19801"
BETA = "Beta Records Inc, 1209 Example Street, Wilmington, DE 19801"


def saying(desk: Desk, **answers: str) -> tuple[Desk, list[str]]:
    """Return the desk of a person who answers so, and what that person was told."""
    heard: list[str] = []
    person = ScriptedPerson(answers={key.replace("_", " "): said for key, said in answers.items()})
    person.listener = lambda text: heard.append(text.english())
    return replace(desk, person=person), heard


def test_two_companies_in_one_house_stay_two(desk: Desk) -> None:
    (first,) = asked(desk, ALPHA, company="")
    before = prepared(desk, first)
    (second,) = asked(desk, BETA, company="")
    assert first.broker != second.broker
    assert len(second.request_ids) == len(TWO)
    assert prepared(desk, first).digest == before.digest
    assert desk.find_broker(first.broker).name == "Alpha Data LLC"
    assert prepared(desk, second).payload.recipient.lines[0] == "Beta Records Inc"


def test_the_control_one_company_under_two_names_is_asked_once(desk: Desk) -> None:
    asked(desk, ALPHA, company="")
    same, heard = saying(desk, another_company="no")
    with pytest.raises(Refused, match="asked"):
        asked(same, BETA, company="")
    assert "You wrote down Alpha Data LLC at this address before." in " ".join(heard)
    (more,) = asked(same, BETA, company="", rights=(Right.ACCESS,))
    assert prepared(desk, more).payload.recipient.lines[0] == "Alpha Data LLC"


def test_asked_again_with_more_an_earlier_message_stays_as_it_is(desk: Desk) -> None:
    (first,) = asked(desk, MAIL, rights=(Right.OPT_OUT,))
    before = prepared(desk, first)
    (second,) = asked(desk, MAIL, rights=(Right.DELETE,), find_by=("address",))
    assert Field.STREET in prepared(desk, second).payload.values
    assert prepared(desk, first).digest == before.digest
    with pytest.raises(Refused, match="asked"):
        asked(desk, MAIL, rights=(Right.OPT_OUT,), find_by=("phone",))


def test_in_two_windows_a_company_is_put_on_the_list_once(desk: Desk, world: World) -> None:
    other = replace(desk, vault=reopened(world.vault.folder, world.key, world.clock))

    class Slow(ScriptedPerson):
        def confirm(self, question: Text, *, default: bool = False) -> bool:
            if "Put this" in question.english():
                asked(other, MAIL)
            return super().confirm(question, default=default)

    with pytest.raises(Refused, match="in another window"):
        asked(replace(desk, person=Slow()), MAIL)
    other.vault.close()
    assert len(desk.vault.companies.list(JORDAN.id)) == 1
    assert len(desk.vault.requests.list()) == len(TWO)


def test_what_it_may_be_found_by_goes_to_no_stranger(desk: Desk) -> None:
    brave, heard = saying(desk, Do_you_know_that="no")
    (message,) = asked(brave, MAIL, find_by=("address", "phone", "birth-date"))
    assert set(prepared(desk, message).payload.values) == {Field.FULL_NAME, Field.EMAIL}
    assert "gets your name only" in " ".join(heard)


@pytest.mark.parametrize(
    "typed",
    [
        "LexisNexis Risk Solutions Consumer Center, P.O. Box 105108, Atlanta, GA 30348-5108",
        "Palantir Technologies, 100 Example Street, Denver, CO 80202",
    ],
)
def test_a_company_of_the_catalog_is_known_by_its_envelope_too(desk: Desk, typed: str) -> None:
    no, _heard = saying(desk, all_the_same="no")
    with pytest.raises(Refused, match="We know this company"):
        asked(no, typed, company="")
    asked(no, PAPER, company="")  # the control


@pytest.mark.parametrize("name", ["Acme\nBcc: a@example.com", "Ac\u2060me", "A" * 81])
def test_a_name_that_no_letter_can_hold_is_refused_at_once(desk: Desk, name: str) -> None:
    with pytest.raises(WrongUsage, match="nobody can see"):
        asked(desk, MAIL, company=name)
    assert desk.vault.requests.list() == ()


def test_what_they_refused_is_said_before_it_is_asked_again(desk: Desk) -> None:
    (message,) = asked(desk, MAIL)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    record_answer(desk, message.reference, Answer.DENIED, right=Right.DELETE)
    no, heard = saying(desk, Ask_it_again="no")
    with pytest.raises(Refused, match="Nothing was put"):
        asked(no, MAIL, rights=(Right.DELETE,))
    assert "the answer was" in " ".join(heard)
    assert "optout plan --only own-" not in " ".join(heard)
    asked(desk, MAIL, rights=(Right.DELETE,))
    fresh, heard = saying(desk, Ask_it_again="no")
    asked(fresh, MAIL, rights=(Right.ACCESS,))  # the control: that was never answered
    assert "the answer was" not in " ".join(heard)


def test_a_company_of_the_catalog_is_asked_by_its_entry(desk: Desk) -> None:
    heard: list[str] = []
    no = ScriptedPerson(answers={"all the same": "no"})
    no.listener = lambda text: heard.append(text.english())
    with pytest.raises(Refused, match="We know this company"):
        asked(replace(desk, person=no), "privacy.inquiries@LexisNexis.com")
    assert "optout plan --only relx-lexisnexis" in " ".join(heard)


def test_whom_somebody_asked_stays_in_the_folder_and_goes_with_them(
    desk: Desk, world: World
) -> None:
    (message,) = asked(desk, MAIL)
    assert is_outside(message.broker)
    assert "acme" not in message.broker
    history = world.vault.db.rows("SELECT code, ids FROM event")
    assert not any("acme" in str(row).casefold() for row in history)
    assert desk.find_broker(message.broker).name == "Acme Data LLC"  # the control
    desk.vault.subjects.forget(JORDAN.id)
    assert world.vault.db.rows("SELECT * FROM company") == []
    with pytest.raises(WrongUsage, match="no company of that name in this folder"):
        desk.find_broker(message.broker)


def test_what_came_back_leaves_nothing_when_its_person_is_erased(desk: Desk, world: World) -> None:
    (message,) = asked(desk, PAPER)
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    world.clock.forward(days=8)
    record_answer(desk, message.reference, Answer.RETURNED)
    marks = world.vault.db.rows("SELECT name FROM setting WHERE name LIKE 'address-failed%'")
    assert [row["name"] for row in marks] == [f"address-failed:{message.broker}"]
    desk.vault.subjects.forget(JORDAN.id)
    left = [str(dict(row)) for row in world.vault.db.rows("SELECT * FROM setting")]
    assert not [row for row in left if "own-" in row or "Acme" in row]


def test_a_yes_counts_only_for_the_place_that_was_shown(desk: Desk) -> None:
    (message,) = asked(desk, MAIL)
    before = prepared(desk, message)
    (kept,) = desk.vault.companies.list(JORDAN.id)
    desk.vault.companies.keep(replace(kept, name="Acme Holdings"))
    assert prepared(desk, message).digest != before.digest
    assert as_broker(kept).sha256 == before.payload.definition_sha256


def test_the_approval_says_that_nobody_checked_this(desk: Desk) -> None:
    sheets: list[ApprovalSheet] = []

    class Reader(ScriptedPerson):
        def approve(self, sheet: ApprovalSheet) -> bool:
            sheets.append(sheet)
            return True

    (message,) = asked(desk, MAIL)
    sheets.append(prepared(desk, message).sheet)
    said = " ".join(text.english() for text in sheets[-1].warnings)
    assert "nobody else has checked it" in said
    assert "never tried" in said


PUBLIC = [
    "foia@ice.dhs.gov",
    "privacy@dhs.gov",
    "someone@ICE.DHS.GOV",
    "office@army.mil",
    "records@sheriff.example.org",
    "info@denversheriff.example.com",
    "clerk@co.larimer.co.us",
    "mail@state.co.us",
    "a@ops.fed.us",
    "foi@homeoffice.gov.uk",
    "info@sre.gob.mx",
    "contact@interieur.gouv.fr",
    "https://www.ice.gov/webform/contact",
    "https://egov.uscis.gov/",
    "https://www.police.example.com/records",
    "https://www.uscis-help.example.com/",
    "https://homeland-security.example.org/",
    "tips@ice.example.com",
    "Acme Data LLC, Attn ICE 3rd floor, 100 Example Street, Denver, CO 80202",
    "Department of Homeland Security, 245 Murray Lane SW, Washington, DC 20528",
    "U.S. Dept. of Homeland Security, 245 Murray Lane SW, Washington, DC 20528",
    "D.H.S., 245 Murray Lane SW, Washington, DC 20528",
    "ICE, 500 12th Street SW, Washington, DC 20536",
    "I.C.E., 500 12th Street SW, Washington, DC 20536",
    "I C E, 500 12th Street SW, Washington, DC 20536",
    "Immigration & Customs Enforcement, 500 12th Street SW, Washington, DC 20536",
    "immigration and customs enforcement, 500 12th St SW, Washington, DC 20536",
    "USCIS, 111 Example Avenue, Washington, DC 20529",
    "U.S. Citizenship and Immigration Services, 111 Example Avenue, Washington, DC 20529",
    "Customs and Border Protection, 1300 Example Avenue, Washington, DC 20229",
    "Denver Sheriff Department, 100 Example Street, Denver, CO 80202",
    "Larimer County Sheriff's Office, 100 Example Street, Denver, CO 80202",
    "SHERIFF, 100 Example Street, Denver, CO 80202",
    "Acme Data LLC, Attn: Sheriff’s Liaison, 100 Example Street, Denver, CO 80202",
    "Colorado Department of Revenue, 100 Example Street, Denver, CO 80202",
    "Div. Motor Vehicles, DMV, 100 Example Street, Denver, CO 80202",
    "D.M.V., 100 Example Street, Springfield, IL 62701",
    "City of Denver, 100 Example Street, Denver, CO 80202",
    "Office of the Attorney General, 100 Example Street, Denver, CO 80202",
    "Federal Bureau of Investigation, 100 Example Street, Denver, CO 80202",
    "Policía Federal, 100 Example Street, Denver, CO 80202",
]
PRIVATE = [
    "Iceland Foods LLC, 100 Example Street, Denver, CO 80202",
    "Nice Price Data Inc, 100 Example Street, Denver, CO 80202",
    "Policy Office Supplies, 100 Example Street, Denver, CO 80202",
    "Courtside Records Inc, 123 Court Street, Denver, CO 80202",
    "Acme Data LLC, 12 Police Plaza, Denver, CO 80202",
    "Acme Data LLC, 100 Example Street, Government Camp, OR 97028",
    "Acme Data LLC, 100 Ice House Road, Denver, CO 80202",
    "privacy@ice-cream.example.com",
    "Cityscape Analytics, 100 Example Street, Denver, CO 80202",
    "privacy@example.com",
    "office@nice.example.com",
    "https://governance.example.com/privacy",
    "https://acme-data.example.us/privacy",
    "https://military-history.example.org/",
]


@pytest.mark.parametrize("typed", PUBLIC)
def test_nothing_is_written_to_a_public_body(desk: Desk, typed: str) -> None:
    with pytest.raises(OptoutError) as refused:
        asked(desk, typed, company="" if "," in typed else "Records")
    said = refused.value.what.english() + str(refused.value.hint)
    assert "lawyer or an accredited representative" in said
    assert desk.vault.requests.list() == ()
    assert desk.vault.companies.list(JORDAN.id) == ()


@pytest.mark.parametrize("name", ["ICE", "Homeland Security", "Adams County Sheriff", "U.S.C.I.S."])
def test_the_name_alone_is_enough(desk: Desk, name: str) -> None:
    with pytest.raises(Refused, match=r"lawyer|Nothing is written to"):
        asked(desk, MAIL, company=name)


@pytest.mark.parametrize("typed", PRIVATE)
def test_the_control_a_company_is_no_public_body(typed: str) -> None:
    target = read_target(typed)
    check_not_public(target, target.lines[0] if target.lines else "Acme Data LLC")


def test_governments_are_known_by_the_name_of_their_site() -> None:
    for host in ("dhs.gov", "a.b.mil", "x.gov.au", "denver.co.us", "x.fed.us", "gc.ca", "DHS.GOV."):
        assert is_public_host(host), host
    for host in ("gov.example.com", "mil.example.com", "example.us", "dhs-gov.example.com"):
        assert not is_public_host(host), host


@pytest.mark.parametrize(
    "typed",
    [
        "http://acme-data.example.com/privacy",
        "https://192.0.2.7/privacy",
        "https://[2001:db8::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://router.local/",
        "https://intranet.corp/",
        "https://user:word@acme-data.example.com/",
        "https://acme-data.example.com:8443/",
        "https://acme-data.example.com\\@example.org/",
        "https:acme-data.example.com",
        "ftp://acme-data.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:privacy@example.com",
        "//acme-data.example.com/",
        "https://аcme.example.com/",
        "acme-data.example.com/privacy",
        "www.example.com",
        "privacy@localhost",
        "privacy@192.0.2.7",
        "privacy@router.local",
        "privacy@",
        "Acme Data",
        "Acme Data, Denver",
        "",
        "Acme\u202e Data, 100 Example Street, Denver, CO 80202",
        "x" * 81 + ", 100 Example Street, Denver, CO 80202",
    ],
)
def test_what_leads_nowhere_or_elsewhere_is_refused(typed: str) -> None:
    with pytest.raises((WrongUsage, BadAddress)) as refused:
        read_target(typed)
    assert "example.com" not in refused.value.what.english()


def test_an_envelope_is_read_with_commas_or_on_lines() -> None:
    lines = ("Acme Data LLC", "100 Example Plaza", "Springfield, IL 62701")
    assert read_target("Acme Data LLC, 100 Example Plaza, Springfield, IL 62701").lines == lines
    assert read_target("Acme Data LLC\n100 Example Plaza\nSpringfield, IL 62701").lines == lines
    assert (
        read_target("Acme Data LLC, 100 Example Plaza, Springfield, IL 62701, USA").lines == lines
    )
    assert read_target("Acme GmbH, Beispielstr. 1, 10115 Berlin, Germany").lines[-1] == "Germany"


@pytest.mark.parametrize("right", [Right.FREEZE, Right.FILE_DISCLOSURE, Right.LIMIT])
def test_a_right_that_binds_few_is_not_asked_of_anybody(desk: Desk, right: Right) -> None:
    with pytest.raises(WrongUsage, match="only of companies that we know"):
        asked(desk, MAIL, rights=(right,))


def test_a_wrong_word_for_what_they_have_is_refused(desk: Desk) -> None:
    with pytest.raises(WrongUsage, match="nothing that a record is found by"):
        asked(desk, MAIL, find_by=("ssn",))


def shown(
    desk: Desk, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: str
) -> tuple[int, str, str]:
    patch.setattr(request_command, "open_desk", lambda: desk)
    code = shell.main(["request", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_at_the_command_line_the_reference_is_told_and_nothing_is_sent(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--to", MAIL, "--company", "Acme", "--right", "delete", "--find-by", "name")
    code, out, err = shown(desk, capsys, monkeypatch, *words)
    (request,) = desk.vault.requests.list()
    (message,) = desk.vault.messages.for_request(request.id)
    assert (code, err) == (0, "")
    assert f"optout file {message.reference}" in out
    assert message.delivery is Delivery.DRAFT


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--to", "nowhere"), 2, "no whole postal address"),
        (("--to", MAIL, "--right", "freeze"), 2, "only of companies that we know"),
        (("--to", MAIL, "--right", "fly"), 2, "is not one of"),
        (("--to", MAIL, "--find-by", "ssn"), 2, "nothing that a record is found by"),
        (("--to", MAIL, "--person", "7"), 2, "Nobody here is called that"),
        (("--to", "https://10.0.0.1/"), 1, "names a number"),
        (("--to", "tips@ice.gov"), 1, "lawyer or an accredited representative"),
    ],
)
def test_at_the_command_line_a_refusal_keeps_nothing(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    got, out, err = shown(desk, capsys, monkeypatch, "--company", "Acme", *words)
    assert (got, out) == (code, "")
    assert said in err
    assert desk.vault.requests.list() == ()
    assert desk.vault.companies.list(JORDAN.id) == ()


def test_without_to_the_company_is_asked_for_and_stands_in_no_command(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = ScriptedPerson(
        answers={"Whom do you ask?": PAPER, "By number": "1,3", "Does Acme": "no"}
    )
    code, _out, _err = shown(replace(desk, person=person), capsys, monkeypatch)
    assert code == 0
    assert {each.right for each in desk.vault.requests.list()} == {Right.OPT_OUT, Right.DELETE}

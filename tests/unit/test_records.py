"""One's own record is asked for behind the gate; an organization asks without anybody's name."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.cli import main as shell
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.clinic import CheckResult
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import Acting, Identifier, IdentifierId, ReplyTo, Share, Subject
from optout.rules.never_written_to import NeverWrittenTo, is_never_written_to
from optout.rules.public_records import GATE, acts_for
from optout.sample.people import CASEY, JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.clinic import start_clinic
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk
from optout.workflows.exports import delete_exports, list_exports
from optout.workflows.records import (
    Organization,
    find_body,
    for_oneself,
    for_organization,
    public_bodies,
    write_listed_papers,
    write_papers,
)
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from pathlib import Path


NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
UNION = Organization(name="Example Tenants Union", email="records@example.com")
OFFICE = "Example County Sheriff's Office"
SHERIFF = find_broker("co-sheriff")


@pytest.fixture
def person() -> ScriptedPerson:
    return ScriptedPerson()


@pytest.fixture
def desk(world: World, person: ScriptedPerson, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path, person=person)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


# ---- nothing to DHS or ICE, however it is spelled ----

NEVER = (
    *("ICE", "ice", "I.C.E.", "i c e", "us-ice", "ICE/ERO", "\uff29\uff23\uff25"),
    *("dhs", "DHS", "D.H.S.", "U.S. Department of Homeland Security", "homeland  security"),
    *("U.S. Immigration and Customs Enforcement", "Immigration & Customs Enforcement"),
    *("CBP", "US Customs and Border Protection", "Border Patrol", "USCIS", "U.S.C.I.S."),
    *("Citizenship and Immigration Services", "Immigration Enforcement, Denver", "La Migra"),
)
MAY = (
    *("co-sheriff", "Denver Sheriff Department", "Office of Justice", "Price County", "police"),
    *("Illinois Secretary of State", "Justice Intelligence", "Rio Blanco County", "Ice Lake Road"),
)


@pytest.mark.parametrize("typed", NEVER)
def test_nothing_is_drafted_to_them_however_they_are_spelled(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_never_written_to(typed)
    with pytest.raises(NeverWrittenTo):
        find_body(typed, find_broker)
    with pytest.raises(NeverWrittenTo):
        for_organization(SHERIFF, UNION, list_laws(), office=typed, now=NOW)
    assert shell.main(["records", "draft", typed, "--for-organization", "Example Union"]) == 1
    assert "Nothing is written to DHS, ICE, CBP or USCIS" in capsys.readouterr().err


@pytest.mark.parametrize("typed", MAY[:-1])
def test_other_offices_are_not_taken_for_them(typed: str) -> None:
    assert not is_never_written_to(typed)


def test_a_doubtful_word_is_refused_rather_than_written_to() -> None:
    assert is_never_written_to(MAY[-1])  # a lake, but nobody loses anything by another name


def test_no_definition_is_a_way_around_it(tmp_path: Path) -> None:
    disguised = replace(SHERIFF, slug=Slug("federal-office"), name="Immigration and Customs Office")
    with pytest.raises(NeverWrittenTo):
        find_body("federal-office", lambda _slug: disguised)
    assert find_body("co-sheriff", find_broker) == SHERIFF, "the control"
    assert not list(tmp_path.iterdir())


def test_a_company_is_no_public_body() -> None:
    with pytest.raises(WrongUsage, match="no records request"):
        find_body("lexisnexis-risk", find_broker)


# ---- the version that names nobody ----


@pytest.mark.parametrize("body", public_bodies(list_brokers()), ids=lambda each: str(each.slug))
def test_an_organization_needs_no_locked_folder_and_leaves_nothing_behind(
    body: Broker, tmp_path: Path
) -> None:
    office = OFFICE if body == SHERIFF else ""
    papers = for_organization(body, UNION, list_laws(), office=office, now=NOW)
    places = write_papers(papers, tmp_path / "papers" / "request.pdf")
    assert {file.name for file in places.letter.parent.iterdir()} == {
        "request.pdf",
        "request-sheet.pdf",
    }
    assert places.letter.stat().st_mode & 0o777 == 0o600
    said = text_of(places.letter.read_bytes())
    assert "Example Tenants Union" in said
    assert "contracts, feeds and use" in said
    assert papers.reference in said
    sheet = text_of(places.sheet.read_bytes())
    assert "No address of this office is sure" in sheet.replace("\n", " ")
    for act in acts_for(body, list_laws(), own=False):
        if act.rights["records-request"].answer:  # type: ignore[index] # a StrEnum's own value
            assert f"optout law due --law {act.id}" in sheet.replace("\n", " ")


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    papers = for_organization(SHERIFF, UNION, list_laws(), office=OFFICE, now=NOW)
    for name in ("request.pdf", "request-sheet.pdf"):
        folder = tmp_path / name.removesuffix(".pdf")
        folder.mkdir()
        (folder / name).write_text("mine", encoding="utf-8")
        with pytest.raises(Refused, match="already"):
            write_papers(papers, folder / "request.pdf")
        assert [file.read_text("utf-8") for file in folder.iterdir()] == ["mine"]
    with pytest.raises(WrongUsage, match=r"\.pdf"):
        write_papers(papers, tmp_path / "request.txt")
    places = write_papers(papers, tmp_path)
    assert places.letter.name == f"paper-{papers.reference}.pdf"  # neither person nor purpose


def test_an_answer_must_be_able_to_come(tmp_path: Path) -> None:
    silent = Organization(name="Example Tenants Union")
    with pytest.raises(NeedsPerson, match="where to answer"):
        for_organization(SHERIFF, silent, list_laws(), office=OFFICE, now=NOW)
    assert not list(tmp_path.iterdir())


def test_one_of_many_offices_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="which office"):
        for_organization(SHERIFF, UNION, list_laws(), office="", now=NOW)
    cook = find_broker("cook-county-sheriff")
    papers = for_organization(cook, UNION, list_laws(), office="", now=NOW)
    assert "To Cook County Sheriff's Office:" in papers.letter.text
    assert not list(tmp_path.iterdir())


def test_the_day_on_the_letter_is_that_of_the_office() -> None:
    late = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # still the 23rd in Denver, not in Chicago
    first = for_organization(SHERIFF, UNION, list_laws(), office=OFFICE, now=late)
    second = for_organization(
        find_broker("cook-county-sheriff"), UNION, list_laws(), office="", now=late
    )
    assert first.letter.date_line == "November 23, 2026"
    assert second.letter.date_line == "November 24, 2026"


# ---- one's own record, behind the gate ----


def test_the_gate_is_the_sentence_of_the_safety_rules() -> None:
    assert str(GATE) == (
        "This puts your name and address into government files, and agencies may share them. "
        "Talk to a lawyer or an accredited representative first."
    )


def test_ones_own_record_is_drafted_after_a_typed_yes_and_a_look(
    desk: Desk, person: ScriptedPerson, tmp_path: Path
) -> None:
    papers = for_oneself(desk, JORDAN, SHERIFF, office=OFFICE)
    heard = " ".join(person.heard)
    assert heard.index("This puts your name and address") < heard.index("Write exactly this?")
    assert "Jordan Q. Sample" in papers.letter.text
    assert "P.O. Box 142" in papers.letter.text
    assert "100 Example Street" not in papers.letter.text  # the home stays out of it
    assert "1990" not in papers.letter.text
    places = write_listed_papers(desk, papers, tmp_path)
    listed = {export.path.reveal(): there for export, there in list_exports(desk)}
    assert listed == {str(places.letter): True, str(places.sheet): True}
    assert delete_exports(desk)[0] == 2
    assert desk.vault.messages.list() == ()  # nothing of it is on the list of requests


@pytest.mark.parametrize("answer", [{"government files": ""}, {"Write exactly": "no"}])
def test_without_the_yes_there_is_no_paper(
    desk: Desk, person: ScriptedPerson, answer: dict[str, str], tmp_path: Path
) -> None:
    person.answers = answer
    with pytest.raises(Refused):
        for_oneself(desk, JORDAN, SHERIFF, office=OFFICE)
    assert "government files" in " ".join(person.heard)
    assert not list(tmp_path.glob("*.pdf"))
    assert list_exports(desk) == ()


def with_birth(subject: Subject, born: date) -> Subject:
    others = tuple(i for i in subject.identifiers if i.kind is not IdentifierKind.BIRTH_DATE)
    birth = Identifier(
        id=IdentifierId("b"), kind=IdentifierKind.BIRTH_DATE, value=Secret(born), share=Share.KNOWN
    )
    return replace(subject, identifiers=(*others, birth))


def test_nothing_about_a_child_is_written_whatever_a_parent_chose(
    desk: Desk, person: ScriptedPerson
) -> None:
    child = replace(with_birth(JORDAN, date(2012, 1, 2)), minor_allowed_by_parent=True)
    with pytest.raises(Refused, match="under 18"):
        for_oneself(desk, child, SHERIFF, office=OFFICE)
    assert person.heard == []  # not even asked
    assert for_oneself(desk, with_birth(JORDAN, date(2008, 1, 2)), SHERIFF, office=OFFICE)


@pytest.mark.parametrize("acting", [Acting.AGENT, Acting.LAWYER])
def test_nobody_writes_as_somebody_else(desk: Desk, acting: Acting) -> None:
    with pytest.raises(Refused, match="for myself"):
        for_oneself(desk, replace(JORDAN, acting=acting), SHERIFF, office=OFFICE)


def test_a_helper_is_asked_whether_the_adult_said_yes(desk: Desk, person: ScriptedPerson) -> None:
    helped = replace(JORDAN, acting=Acting.HELPER)
    assert for_oneself(desk, helped, SHERIFF, office=OFFICE)
    assert any("themselves say yes" in heard for heard in person.heard)
    person.answers = {"themselves say yes": "no"}
    with pytest.raises(Refused):
        for_oneself(desk, helped, SHERIFF, office=OFFICE)


def test_a_substitute_address_stands_for_the_real_one(desk: Desk) -> None:
    papers = for_oneself(desk, CASEY, SHERIFF, office=OFFICE)
    assert "P.O. Box 100" in papers.letter.text
    for real in ("Hidden Example", "Aurora", "80010"):
        assert real not in papers.letter.text


def test_a_name_that_may_go_to_nobody_goes_to_no_office(desk: Desk) -> None:
    kept = tuple(
        replace(each, share=Share.NEVER) if each.kind is IdentifierKind.NAME else each
        for each in JORDAN.identifiers
    )
    with pytest.raises(NeedsPerson):
        for_oneself(desk, replace(JORDAN, identifiers=kept), SHERIFF, office=OFFICE)


def test_without_an_address_for_the_answer_the_home_is_not_used(desk: Desk) -> None:
    mail_only: tuple[ReplyTo, ...] = tuple(r for r in JORDAN.reply_to if r.address is None)
    with pytest.raises(NeedsPerson):
        for_oneself(desk, replace(JORDAN, reply_to=mail_only), SHERIFF, office=OFFICE)


def test_where_no_right_is_known_nobody_gives_away_a_name(
    desk: Desk, person: ScriptedPerson
) -> None:
    with pytest.raises(Refused, match="know of no right"):
        for_oneself(desk, JORDAN, find_broker("co-labor"), office="")
    assert person.heard == []


def test_no_act_is_named_for_ones_own_driver_record_and_the_sheet_says_so(desk: Desk) -> None:
    papers = for_oneself(desk, JORDAN, find_broker("co-motor-vehicles"), office="")
    assert "this state's public records law" in papers.letter.text
    assert "The letter names no act" in text_of(papers.sheet).replace("\n", " ")
    sheriff = for_oneself(desk, JORDAN, SHERIFF, office=OFFICE)
    assert "The letter names no act" not in text_of(sheriff.sheet).replace("\n", " ")


# ---- on the screen ----


def test_the_nameless_version_is_offered_first_and_nobody_there_gets_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert shell.main(["records", "draft", "cook-county-sheriff"]) == 3
    said = capsys.readouterr().err
    assert said.index("An organization. It names nobody") < said.index("my own record")
    assert not list(tmp_path.iterdir())


def test_a_letter_is_written_from_the_command_line_without_a_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = ["--vault", str(tmp_path / "none"), "records", "draft", "co-sheriff"]
    command += ["--for-organization", "Example Tenants Union", "--office", OFFICE]
    command += ["--address", "P.O. Box 100", "--address", "Denver, CO 80202"]
    command += ["--to", str(tmp_path / "out")]
    (tmp_path / "out").mkdir()
    assert shell.main(command) == 0
    said = capsys.readouterr()
    assert "Nothing was sent" in said.out
    assert "Nothing of it is kept here" in said.out
    assert len(list((tmp_path / "out").glob("paper-*.pdf"))) == 2
    assert not (tmp_path / "none").exists()


def test_the_list_says_what_can_be_asked_and_under_which_act(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert shell.main(["records", "list"]) == 0
    said = capsys.readouterr().out
    for body in public_bodies(list_brokers()):
        assert f"({body.slug})" in said
    assert said.count("Colorado Open Records Act") == 3
    assert said.count("Colorado Criminal Justice Records Act") == 1
    assert said.count("Illinois Freedom of Information Act") == 2
    assert "names nobody" in said


def test_an_office_asks_for_nobody_unchecked_and_for_nobody_whose_file_is_closed(
    desk: Desk, person: ScriptedPerson
) -> None:
    desk.vault.subjects.add(JORDAN)
    start_clinic(desk.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    with pytest.raises(Refused, match="No conflict check"):
        for_oneself(desk, JORDAN, SHERIFF, office=OFFICE)
    assert "government files" not in " ".join(person.heard)
    found = search(desk.vault, JORDAN)
    record_check(desk, found, CheckResult.CLEAR, by="Robin Example")
    assert for_oneself(desk, JORDAN, SHERIFF, office=OFFICE), "the control"
    desk.vault.matters.close(JORDAN.id)
    with pytest.raises(Refused, match="closed"):
        for_oneself(desk, JORDAN, SHERIFF, office=OFFICE)

"""A client's papers hold what the folder holds about this client, and nothing that is kept back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.drafting.papers import Shelf
from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.clinic import Allowed, Authorization, AuthorizationKind, CheckResult
from optout.model.fields import Field, IdentifierKind
from optout.model.paper import Paper
from optout.model.request import Delivery, Status, StatusReason
from optout.model.secret import Secret
from optout.model.subject import Acting, Share, Subject
from optout.model.words import By, Right
from optout.sample.people import CASEY, JORDAN, MARIA, RILEY
from optout.vault.ids import new_id, new_reference
from optout.workflows.approve import prepare
from optout.workflows.authorizations import record_signature
from optout.workflows.clients import chosen_clients
from optout.workflows.clinic import start_clinic
from optout.workflows.clinic_papers import (
    MadePaper,
    all_mistakes,
    all_wordings,
    blank_paper,
    check_may_be_signed,
    copy_to_edit,
    office_of,
    paper_for,
    papers_folder,
    papers_for_many,
    record_review,
    write_blank,
    write_listed,
    write_together,
)
from optout.workflows.conflict import record_check, search
from optout.workflows.desk import Desk, errand_for
from optout.workflows.exports import list_exports
from tests.conftest import World, desk_without_browser

CLEAR = Slug("thomson-reuters-clear")
ON = date(2026, 11, 23)
FACTS = (Field.FULL_NAME, Field.CITY, Field.STATE, Field.EMAIL, Field.REPLY_ADDRESS)


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    for person in (JORDAN, CASEY, MARIA, RILEY):
        world.vault.subjects.add(person)
    return desk_without_browser(world, tmp_path / "out")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "vault-papers")


def text_of(made: MadePaper) -> str:
    pages = PdfReader(io.BytesIO(made.pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def asked(world: World, subject: Subject, right: Right = Right.OPT_OUT) -> None:
    request = world.request(subject, broker=CLEAR, right=right)
    world.message(
        subject, request, broker=CLEAR, channel_right=right, channel_key="letter", by=By.POST
    )


def test_intake_holds_names_and_ways_to_reach_somebody(desk: Desk, shelf: Shelf) -> None:
    text = text_of(paper_for(desk, MARIA, shelf, Paper.INTAKE, "es"))
    for words in (
        "María José Muñoz Sample",
        "Maria Munoz",
        "(303) 555-0119",
        "mj.munoz@example.com",
        "215 Example Avenue, Unit 3, Pueblo, CO 81003",
    ):
        assert text.count(words) == 1, words
    assert "1984" not in text


def test_a_hidden_home_and_what_is_given_to_nobody_are_on_no_paper(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    quiet = replace(
        JORDAN,
        identifiers=tuple(
            replace(fact, share=Share.NEVER) if fact.kind is IdentifierKind.PHONE else fact
            for fact in JORDAN.identifiers
        ),
    )
    for paper in Paper:
        hidden = text_of(paper_for(desk, CASEY, shelf, paper, "en"))
        assert "Hidden" not in hidden
        assert "555-0142" not in text_of(paper_for(desk, quiet, shelf, paper, "en"))
    assert "P.O. Box 100" in text_of(paper_for(desk, CASEY, shelf, Paper.INTAKE, "en"))
    assert "555-0142" in text_of(paper_for(desk, JORDAN, shelf, Paper.INTAKE, "en")), "the control"


def test_a_life_without_address_e_mail_and_phone_has_lines_to_fill(
    desk: Desk, shelf: Shelf
) -> None:
    made = paper_for(desk, RILEY, shelf, Paper.INTAKE, "en")
    for label in ("Phone: ____", "E-mail: ____", "Address: ____"):
        assert label in made.drafted.text


def test_what_is_sent_to_whom_is_what_the_yes_itself_would_show(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    asked(world, JORDAN)
    made = paper_for(desk, JORDAN, shelf, Paper.CONSENT, "en")
    assert [str(why) for why in made.left_out] == []
    assert "### Thomson Reuters (CLEAR): stop selling" in made.drafted.text
    assert "Full name" in made.drafted.text
    assert "Jordan Q. Sample" in text_of(made)
    explained = paper_for(desk, JORDAN, shelf, Paper.EXPLANATION, "en").drafted.text
    assert "How it goes: by post." in explained
    assert "They get this" in explained
    (message,) = world.vault.messages.list()
    assert message.delivery is Delivery.DRAFT  # a paper is no yes


def to_sign(world: World, *, brokers: tuple[str, ...], **changes: object) -> Authorization:
    paper = Authorization(
        id=new_id(),
        subject_id=JORDAN.id,
        kind=AuthorizationKind.OWN_NAME,
        reference=new_reference(),
        scope=tuple(Allowed(broker=one, right=Right.OPT_OUT, fields=FACTS) for one in brokers),
        written_on=ON,
        expires_on=date(2027, 5, 31),
    )
    paper = replace(paper, **changes)  # type: ignore[arg-type]  # a test names real fields
    world.vault.authorizations.add(paper)
    return paper


def test_the_consent_is_the_very_paper_that_was_written_down_to_be_signed(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    asked(world, JORDAN)
    other = to_sign(world, brokers=("equifax",))
    made = paper_for(desk, JORDAN, shelf, Paper.CONSENT, "en")
    assert made.reference == other.reference
    assert [f"to be signed: {other.reference}" in str(why) for why in made.left_out] == [True]
    paper = to_sign(world, brokers=(str(CLEAR),))
    made = paper_for(desk, JORDAN, shelf, Paper.CONSENT, "en")
    assert made.reference == paper.reference
    assert made.left_out == ()
    assert "My yes ends on: May 31, 2027" in made.drafted.text
    assert "### Thomson Reuters (CLEAR): stop selling" in made.drafted.text
    agents = to_sign(world, brokers=("equifax",), kind=AuthorizationKind.AGENT)
    gone = to_sign(world, brokers=("equifax",), expires_on=date(2026, 11, 1))
    again = paper_for(desk, JORDAN, shelf, Paper.CONSENT, "en")
    assert again.reference == paper.reference not in {agents.reference, gone.reference}


def test_the_consent_is_printed_before_it_is_signed_but_not_before_the_conflict_check(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    client = replace(JORDAN, acting=Acting.HELPER)
    world.vault.subjects.replace(client)
    asked(world, client)
    to_sign(world, brokers=(str(CLEAR),))
    (why,) = paper_for(desk, client, shelf, Paper.CONSENT, "en").left_out
    assert "No conflict check" in str(why)
    found = search(world.vault, client)
    record_check(desk, found, CheckResult.CLEAR, by="Robin Example", note="another family")
    made = paper_for(desk, client, shelf, Paper.CONSENT, "en")
    assert [str(why) for why in made.left_out] == []
    assert "### Thomson Reuters (CLEAR): stop selling" in made.drafted.text
    (message,) = world.vault.messages.list()
    with pytest.raises(Refused, match="not signed yet"):  # what is sent still waits for it
        prepare(desk, errand_for(desk, message))


def test_a_signature_on_a_consent_that_was_printed_as_a_draft_is_not_written_down(
    desk: Desk, world: World, shelf: Shelf, tmp_path: Path
) -> None:
    paper = to_sign(world, brokers=(str(CLEAR),))
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")

    def printed(language: str, *, together: bool) -> None:
        clients = chosen_clients(desk, ("1",))
        made, _left_out = papers_for_many(desk, clients, shelf, (Paper.CONSENT,), language)
        _write = write_together(desk, made) if together else write_listed(desk, made)

    for together in (False, True):
        printed("es", together=together)
        with pytest.raises(Refused, match="no named person has read"):
            record_signature(desk, paper.reference, scan, on=ON)
        printed("en", together=together)
    assert record_signature(desk, paper.reference, scan, on=ON).signed_on == ON


def test_a_request_that_cannot_be_shown_yet_is_left_out_and_said(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    request = world.request(RILEY, broker=CLEAR, right=Right.OPT_OUT)
    world.message(RILEY, request, broker=CLEAR, channel_right=Right.OPT_OUT, by=By.EMAIL)
    made = paper_for(desk, RILEY, shelf, Paper.EXPLANATION, "en")
    assert len(made.left_out) == 1
    assert "Riley" not in str(made.left_out[0])


def test_nobody_is_on_another_persons_paper(desk: Desk, world: World, shelf: Shelf) -> None:
    for person in (JORDAN, MARIA):
        asked(world, person)
    marks = {
        JORDAN.id: ("Jordan", "jordan.sample@", "555-0142", "100 Example Street"),
        MARIA.id: ("Muñoz", "mj.munoz@", "555-0119", "215 Example"),
    }
    for paper in Paper:
        for person, other in ((JORDAN, MARIA), (MARIA, JORDAN)):
            text = text_of(paper_for(desk, person, shelf, paper, "en"))
            assert [mark for mark in marks[other.id] if mark in text] == [], paper
    own = text_of(paper_for(desk, MARIA, shelf, Paper.INTAKE, "en"))
    assert all(mark in own for mark in marks[MARIA.id]), "the control"


def test_closing_tells_what_was_done_and_what_came_of_it(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    asked(world, JORDAN)
    text = paper_for(desk, JORDAN, shelf, Paper.CLOSING, "en").drafted.text
    assert "stop selling. It was not sent." in text
    (request,) = world.vault.requests.list(subject_id=JORDAN.id)
    world.vault.requests.set_status(request.id, Status.REVOKED)
    text = paper_for(desk, JORDAN, shelf, Paper.CLOSING, "es").drafted.text
    assert "dejar de vender. No se envió. Se retiró." in text
    nothing = paper_for(desk, MARIA, shelf, Paper.CLOSING, "en").drafted.text
    assert "No request was made." in nothing


def test_what_two_looks_showed_is_not_what_the_company_wrote(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    request = world.request(JORDAN, broker=CLEAR)
    message = world.message(JORDAN, request, broker=CLEAR)
    world.vault.messages.set_ready(message.id)
    with world.begin(message) as attempt:
        attempt.sending()
        attempt.sent("")
    looked = {"en": "We looked twice", "es": "Miramos la página dos veces"}
    wrote = {"en": "They wrote that they did it", "es": "Escribieron que lo hicieron"}
    papers = [(paper, language) for paper in (Paper.CLOSING, Paper.ANSWER) for language in looked]
    for reason, said, not_said in (
        (StatusReason.SEEN_GONE, looked, wrote),
        (None, wrote, looked),  # the control: here they wrote it
    ):
        world.vault.requests.set_status(request.id, Status.FULFILLED, reason)
        for paper, language in papers:
            text = paper_for(desk, JORDAN, shelf, paper, language).drafted.text
            assert said[language] in text
            assert not_said[language] not in text


def test_the_name_of_the_office_is_its_own_choice(desk: Desk, world: World, shelf: Shelf) -> None:
    start_clinic(world.vault, "Example Legal Aid", ["Robin Example"], four_eyes=False)
    assert "Example Legal Aid" in text_of(paper_for(desk, JORDAN, shelf, Paper.ENGAGEMENT, "en"))
    place, _new = copy_to_edit(shelf, "clinic.toml")
    text = place.read_text("utf-8")
    text = text.replace('name = ""', 'name = "Tuesday Office"').replace("= 0", "= 3")
    place.write_text(text, "utf-8")
    written = text_of(paper_for(desk, JORDAN, shelf, Paper.ENGAGEMENT, "en"))
    assert "Tuesday Office" in written
    assert "Legal Aid" not in written
    assert "We keep it for: 3 years" in written


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("name = x", "line 1: this cannot be read as TOML"),
        ('nam = "x"', "nam is not known here"),
        ("name = 3", "the line name is not of its kind"),
        ("keeps_years = -1", "the line keeps_years is not of its kind"),
        ("keeps_years = true", "the line keeps_years is not of its kind"),
    ],
)
def test_a_mistake_about_the_office_is_told(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "clinic.toml").write_text(line, "utf-8")
    with pytest.raises(Refused, match=r"clinic\.toml"):
        office_of(Shelf(tmp_path))
    assert [why in str(each) for each in all_mistakes(Shelf(tmp_path))] == [True]


def test_the_files_are_listed_for_this_person_and_say_nothing(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    (client,) = chosen_clients(desk, ("1",))
    made, _left_out = papers_for_many(desk, (client,), shelf, tuple(Paper), "en")
    places = write_listed(desk, made)
    listed = list_exports(desk)
    assert {export.path.reveal() for export, there in listed if there} == set(map(str, places))
    assert all(place.stat().st_mode & 0o777 == 0o600 for place in places)
    assert all(place.name.startswith("paper-") for place in places)
    assert len(desk.vault.subjects.forget(JORDAN.id).exports) == len(Paper)


def test_erasing_somebody_else_names_none_of_them(desk: Desk, shelf: Shelf) -> None:
    made, _left_out = papers_for_many(
        desk, chosen_clients(desk, ("1",)), shelf, (Paper.INTAKE,), "en"
    )
    place = write_together(desk, made)
    assert place.is_file()
    assert desk.vault.subjects.forget(MARIA.id).exports == ()
    assert len(desk.vault.subjects.forget(JORDAN.id).exports) == 1, "the control"


@pytest.mark.parametrize("two_sided", [False, True])
def test_a_stack_holds_each_clients_papers_on_sheets_of_their_own(
    desk: Desk, shelf: Shelf, *, two_sided: bool
) -> None:
    clients = chosen_clients(desk, ("all",))
    wanted = (Paper.ENGAGEMENT, Paper.INTERPRETER)
    made, left_out = papers_for_many(desk, clients, shelf, wanted, "en")
    assert left_out == ()
    pages = PdfReader(
        io.BytesIO(write_together(desk, made, two_sided=two_sided).read_bytes())
    ).pages
    of_pages = [page.extract_text() for page in pages]
    at = 0
    for each in made:
        for paper in each.papers:
            count = len(PdfReader(io.BytesIO(paper.pdf)).pages)
            own = " ".join(" ".join(of_pages[at : at + count]).split())
            assert flat(text_of(paper)) == flat(own)
            at += count + (two_sided and count % 2)
    assert at == len(of_pages)


def flat(text: str) -> str:
    return "".join(text.split())


def test_who_cannot_have_a_paper_is_left_out_of_a_run_and_said(
    desk: Desk, world: World, shelf: Shelf
) -> None:
    world.vault.subjects.replace(young(JORDAN))
    clients = chosen_clients(desk, ("1-3",))
    made, left_out = papers_for_many(desk, clients, shelf, (Paper.CONSENT,), "en")
    assert [each.client.number for each in made] == [2, 3]
    assert [each.client.number for each in left_out] == [1]
    with pytest.raises(Refused, match="under 18"):
        papers_for_many(desk, clients[:1], shelf, (Paper.CONSENT,), "en")


def test_a_blank_paper_needs_no_folder_and_overwrites_nothing(shelf: Shelf, tmp_path: Path) -> None:
    made = blank_paper(shelf, Paper.CONSENT, "es", large_print=True)
    place = write_blank(made.name, made.pdf, tmp_path / "front-desk")
    assert place.read_bytes() == made.pdf
    with pytest.raises(Refused, match="could not be written"):
        write_blank(made.name, made.pdf, tmp_path / "front-desk")


def young(person: Subject) -> Subject:
    return replace(
        person,
        identifiers=tuple(
            replace(fact, value=Secret(date(2012, 4, 12)))
            if fact.kind is IdentifierKind.BIRTH_DATE
            else fact
            for fact in person.identifiers
        ),
    )


def test_a_child_gets_only_the_first_talk(desk: Desk, shelf: Shelf) -> None:
    assert paper_for(desk, young(JORDAN), shelf, Paper.INTAKE, "en").pdf
    for paper in set(Paper) - {Paper.INTAKE}:
        with pytest.raises(OptoutError, match="under 18"):
            paper_for(desk, young(JORDAN), shelf, paper, "en")


def test_an_end_that_has_passed_is_refused(desk: Desk, shelf: Shelf) -> None:
    with pytest.raises(WrongUsage, match="has passed"):
        paper_for(desk, JORDAN, shelf, Paper.ENGAGEMENT, "en", ends_on=date(2026, 11, 20))
    made = paper_for(desk, JORDAN, shelf, Paper.ENGAGEMENT, "en", ends_on=date(2027, 11, 20))
    assert "It ends on: November 20, 2027" in made.drafted.text


def test_a_signature_on_a_draft_is_refused(shelf: Shelf) -> None:
    with pytest.raises(Refused, match="no named person has read"):
        check_may_be_signed(Paper.CONSENT, "es", shelf)
    with pytest.raises(Refused, match="only for reading"):
        check_may_be_signed(Paper.EXPLANATION, "en", shelf)
    assert check_may_be_signed(Paper.CONSENT, "en", shelf).language == "en"
    record_review(shelf, Paper.CONSENT, "es", name="Robin Example", bar="", on=ON)
    assert check_may_be_signed(Paper.CONSENT, "es", shelf).reviews[0].name == "Robin Example"


def test_a_torn_list_of_reviews_is_told_and_lets_nobody_sign(shelf: Shelf) -> None:
    record_review(shelf, Paper.CONSENT, "es", name="Robin Example", bar="", on=ON)
    assert shelf.own is not None
    (shelf.own / "reviews.json").write_text('[{"name": "Rob', "utf-8")
    with pytest.raises(Refused, match="cannot be read"):
        check_may_be_signed(Paper.CONSENT, "es", shelf)


def test_what_is_edited_is_never_overwritten(shelf: Shelf) -> None:
    place, new = copy_to_edit(shelf, "intake.en.txt.j2")
    assert new
    assert place.stat().st_mode & 0o777 == 0o600
    place.write_text("My own\n\nText.\n", "utf-8")
    assert copy_to_edit(shelf, "intake.en.txt.j2") == (place, False)
    assert place.read_text("utf-8") == "My own\n\nText.\n"
    mine = {(each.paper, each.language): each.ours for each in all_wordings(shelf)}
    assert mine[Paper.INTAKE, "en"] is False
    assert mine[Paper.INTAKE, "es"] is True


def test_the_words_lie_beside_the_folder_that_all_staff_share(tmp_path: Path) -> None:
    assert papers_folder(tmp_path / "vault") == tmp_path / "vault-papers"

"""The report with its pictures, on a screen and on paper, and one page for somebody who helps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import list_brokers
from optout.i18n import in_language
from optout.model.broker import Slug
from optout.model.listing import Listing
from optout.model.secret import Secret
from optout.model.subject import PostalAddress, ReplyKind, ReplyTo, Share, Subject
from optout.model.words import By, Right
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.ids import new_id
from optout.workflows.desk import Desk
from optout.workflows.guide import go_on
from optout.workflows.help_summary import help_sections, write_help_summary
from optout.workflows.make_report import report_html, write_report_pdf
from optout.workflows.send_paper import mark_sent
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from optout.model.ports import Person
    from optout.text import Text

COMPANY = Slug("appriss-insights")


@dataclass
class Ticking:
    """Somebody who says yes to what a question is about, and no to the rest."""

    ticks: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        said = question.english()
        self.asked.append(said)
        return default or any(each in said for each in self.ticks)


def at(world: World, folder: Path, *ticks: str) -> tuple[Desk, Ticking]:
    folder.mkdir(exist_ok=True)
    person = Ticking(ticks)
    return desk_without_browser(world, folder, person=cast("Person", person)), person


def posted(world: World, desk: Desk) -> Subject:
    """Return a person whose letter was posted, and another whose letter waits."""
    subject = world.person()
    for right in (Right.OPT_OUT, Right.ACCESS):
        request = world.request(subject, broker=COMPANY, right=right)
        message = world.message(subject, request, broker=COMPANY, by=By.POST, channel_right=right)
        world.vault.messages.set_ready(message.id)
        world.hand_over(world.vault.messages.get(message.id))
        if right is Right.OPT_OUT:
            mark_sent(desk, message.reference)
    return subject


def words_of(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def own_values(subject: Subject) -> list[str]:
    return [each.shown() for each in subject.identifiers]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_report_has_its_pictures_and_says_them_too(
    world: World, tmp_path: Path, language: str
) -> None:
    desk, _person = at(world, tmp_path / "out")
    subject = posted(world, desk)
    with in_language(language):
        page = report_html(desk, subject)
        path = write_report_pdf(desk, subject)
    pictures = re.findall(r'<svg [^>]*aria-label="([^"]+)"', page)
    assert len(pictures) == 4, "the map twice: for a phone, and for a wide screen"
    assert page.count("<svg") == page.count("</svg>")
    assert "default-src 'none'" in page
    pdf = words_of(path)
    for title in pictures:
        assert title.split(":")[0] in pdf.replace("\n", " ")
    assert "LexisNexis Risk" in pdf, "who gets data from there is on the map"
    assert path.name.startswith({"en": "requests-", "es": "solicitudes-"}[language])
    assert not [each for each in own_values(subject) if each in pdf]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_for_a_helper_holds_nothing_that_was_not_ticked(
    world: World, tmp_path: Path, language: str
) -> None:
    desk, person = at(world, tmp_path / "out")
    subject = posted(world, desk)
    with in_language(language):
        page = words_of(write_help_summary(desk, subject))
    assert len(person.asked) == len(subject.identifiers)
    assert not [each for each in own_values(subject) if each in page]
    assert "Appriss" in page
    helps, decides = page.find("Appriss"), page.find("optout file")
    assert helps >= 0
    assert decides == -1, "nothing of this person waits for a yes"
    name = {"en": "summary", "es": "resumen"}[language]
    (file,) = desk.out_folder.glob(f"{name}-*.pdf")
    assert len(PdfReader(file).pages) == 1


@pytest.mark.parametrize("others", [(), ("Robin",)])
def test_records_that_were_found_put_no_name_on_the_helpers_page(
    world: World, tmp_path: Path, others: tuple[str, ...]
) -> None:
    """Of several people in the folder a task says whose it is by a number."""
    desk, _person = at(world, tmp_path / "out")
    subject = world.person()
    for each in others:
        world.person(each)
    _may_be(world, subject)
    said = "\n".join(line for section in help_sections(desk, subject, ()) for line in section.lines)
    assert "optout review" in said, "the control: the task stands there"
    assert ("--person 1" in said) is bool(others)
    assert "(about 1 min.)" in said, "nothing was asked, so nothing stands for it"
    for name in (subject.label.reveal(), *others):
        assert name not in said


@pytest.mark.parametrize(("others", "whose"), [((), ""), (("Robin",), "1. Jordan: ")])
def test_a_task_of_which_nothing_was_asked_is_told_by_the_guide(
    world: World, tmp_path: Path, others: tuple[str, ...], whose: str
) -> None:
    subject = world.person()
    for each in others:
        world.person(each)
    _may_be(world, subject)
    request = world.request(subject, broker=COMPANY)
    message = world.message(subject, request, broker=COMPANY, by=By.POST)
    world.vault.messages.set_ready(message.id)
    told: list[str] = []
    later = ScriptedPerson(
        answers={"Next:": "later"}, listener=lambda text: told.append(text.english())
    )
    go_on(desk_without_browser(world, tmp_path, person=later))
    (found,) = (each for each in told if "optout review" in each)
    assert found.startswith(f"- {whose}Say whether")
    (asked,) = (each for each in told if f"optout file {message.reference}" in each)
    assert asked.startswith(f"- {whose}stop selling"), (
        "the control: what was asked stands before it"
    )


def _may_be(world: World, subject: Subject) -> None:
    """Keep one record of which nobody has said yet whether it is them."""
    url = Secret("https://people.example/1")
    world.vault.listings.add(Listing(id=new_id(), subject_id=subject.id, broker=COMPANY, url=url))


def test_what_was_ticked_stands_there_and_is_said(world: World, tmp_path: Path) -> None:
    desk, _person = at(world, tmp_path / "out", "phone")
    subject = posted(world, desk)
    page = words_of(write_help_summary(desk, subject)).replace("\n", " ")
    phone = next(each.shown() for each in subject.identifiers if each.kind == "phone")
    assert phone in page, "the control"
    assert "what they answered, and: phone" in page
    others = [each for each in own_values(subject) if each != phone and each in page]
    assert others == []


def test_what_is_given_to_nobody_is_not_even_offered(world: World, tmp_path: Path) -> None:
    desk, person = at(world, tmp_path / "out", ":")  # yes to everything
    subject = posted(world, desk)
    hidden = replace(
        subject,
        identifiers=tuple(
            replace(each, share=Share.NEVER) if each.kind == "phone" else each
            for each in subject.identifiers
        ),
        reply_to=(ReplyTo(kind=ReplyKind.SUBSTITUTE, address=_address(subject)),),
    )
    page = words_of(write_help_summary(desk, hidden)).replace("\n", " ")
    for kind in ("phone", "address"):
        value = next(each.shown() for each in subject.identifiers if each.kind == kind)
        assert not [each for each in person.asked if value in each]
        assert value not in page
    name = next(each.shown() for each in subject.identifiers if each.kind == "name")
    assert name in page, "the control"


def _address(subject: Subject) -> PostalAddress:
    values = (each.value for each in subject.identifiers)
    return next(each for each in values if isinstance(each, PostalAddress))


def test_another_persons_requests_are_on_neither(world: World, tmp_path: Path) -> None:
    desk, _person = at(world, tmp_path / "out")
    subject = posted(world, desk)
    other = world.person("Riley")
    request = world.request(other, broker=Slug("spokeo"), right=Right.OPT_OUT)
    world.message(other, request, broker=Slug("spokeo"), by=By.WEB, channel_right=Right.OPT_OUT)
    assert "Spokeo" not in words_of(write_report_pdf(desk, subject))
    assert "Spokeo" not in words_of(write_help_summary(desk, subject))
    assert "Spokeo" in words_of(write_help_summary(desk, other)), "the control"


def test_one_page_stays_one_page(world: World, tmp_path: Path) -> None:
    desk, _person = at(world, tmp_path / "out", ":")
    subject = world.person()
    for company in [each.slug for each in list_brokers() if not each.government][:30]:
        request = world.request(subject, broker=company, right=Right.OPT_OUT)
        message = world.message(
            subject, request, broker=company, by=By.POST, channel_right=Right.OPT_OUT
        )
        world.vault.messages.set_ready(message.id)
    path = write_help_summary(desk, subject)
    assert len(PdfReader(path).pages) == 1
    page = words_of(path)
    assert "and 14 more" in page
    assert "What you can do" not in page, "each waits for a yes, and that is the person's"
    assert "What only the person can do" in page

"""An agent is authorized for what the law lets an agent file, by an adult, until a near day."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import Acting, Residence, Share, Subject
from optout.model.words import Right
from optout.sample.people import CASEY, JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.authorize import Agent, authorize
from optout.workflows.desk import Desk
from optout.workflows.exports import list_exports
from optout.workflows.records import Papers, write_listed_papers
from tests.conftest import World, desk_without_browser

HELP = Agent(name="Example Privacy Help", lines=("P.O. Box 100", "Denver, CO 80202"))
CLEAR, UNKNOWN = "thomson-reuters-clear", "transunion"
UNTIL = date(2027, 5, 31)  # the clock of the world says 2026-11-23


@pytest.fixture
def person() -> ScriptedPerson:
    return ScriptedPerson()


@pytest.fixture
def desk(world: World, person: ScriptedPerson, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path, person=person)


def written(desk: Desk, subject: Subject = JORDAN, **changes: Any) -> Papers:  # noqa: ANN401 - a test names real arguments
    given: dict[str, Any] = {
        "rights": (Right.OPT_OUT,),
        "companies": (CLEAR,),
        "until": UNTIL,
    } | changes
    return authorize(desk, subject, given.pop("agent", HELP), **given)


def living(state: str, country: str = "US") -> Subject:
    return replace(JORDAN, residences=(Residence(state=state, country=country),))


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_letter_and_its_sheet_are_shown_written_and_listed(
    desk: Desk, person: ScriptedPerson, tmp_path: Path
) -> None:
    papers = written(desk)
    assert any("Write exactly this?" in heard for heard in person.heard)
    for words in ("Jordan Q. Sample", "Example Privacy Help", "May 31, 2027", "West Publishing"):
        assert words in papers.letter.text
    for kept_back in ("100 Example Street", "P.O. Box 142", "1990", "303-555", "@"):
        assert kept_back not in papers.letter.text
    places = write_listed_papers(desk, papers, tmp_path)
    listed = {export.path.reveal(): there for export, there in list_exports(desk)}
    assert listed == {str(places.letter): True, str(places.sheet): True}
    assert desk.vault.messages.list() == ()  # nothing of it is on the list of requests


def test_the_sheet_says_who_takes_agents_and_what_they_may_ask_for(desk: Desk) -> None:
    sheet = text_of(written(desk, companies=(CLEAR, UNKNOWN)).sheet)
    for words in (
        "in your own name needs no agent and no authorization",
        "takes this from an agent, as far as we know: stop selling and sharing",
        "we do not know that it takes agents",
        "LexisNexis takes nobody's request for somebody else, as far as we know",
        "An agent may file the opt-out only",
        "No form is prescribed. Signed written permission is the safe choice.",
        "no Social Security number and no immigration paper",
        "You can take it back on any day",
        "reads the names of the others",
    ):
        assert words in sheet, words
    assert "Only you can ask" not in sheet
    assert "names of the others" not in text_of(written(desk).sheet)


def test_before_it_is_signed_it_says_which_company_may_take_no_agent(
    desk: Desk, person: ScriptedPerson
) -> None:
    words = "we do not know that it takes agents"
    written(desk, companies=(CLEAR,))
    assert not any(words in each for each in person.heard), "the control: this one takes them"
    written(desk, companies=(CLEAR, UNKNOWN))
    assert sum(words in each for each in person.heard) == 1


def test_what_no_agent_may_file_is_left_out_and_named(desk: Desk, person: ScriptedPerson) -> None:
    papers = written(desk, rights=(Right.DELETE, Right.OPT_OUT, Right.FILE_DISCLOSURE))
    assert [item.number for item in papers.letter.items] == [1]
    assert "delete" not in papers.letter.text.casefold()
    assert text_of(papers.sheet).count("Only you can ask for this") == 2
    assert sum("Only you can ask" in heard for heard in person.heard) == 2
    california = written(desk, living("CA"), rights=(Right.DELETE, Right.OPT_OUT))
    assert len(california.letter.items) == 2
    assert "A power of attorney may not be demanded" in text_of(california.sheet)


def test_without_a_law_it_asks_as_a_courtesy_and_says_so(desk: Desk) -> None:
    papers = written(desk, living("IL"), rights=(Right.DELETE, Right.DISPUTE))
    assert "as a courtesy" in papers.letter.text
    assert "The letter claims no right" in text_of(papers.sheet)
    with pytest.raises(Refused, match="no rule that lets an agent"):
        written(desk, living("IL"), rights=(Right.FREEZE,))


def test_where_the_law_has_no_rule_on_agents_there_is_no_letter(desk: Desk) -> None:
    for state in ("VA", "MN"):
        with pytest.raises(Refused, match=r"[Ff]ile as yourself"):
            written(desk, living(state))


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"until": date(2026, 11, 23)}, WrongUsage),
        ({"until": date(2025, 1, 1)}, WrongUsage),
        ({"until": date(2028, 11, 23)}, WrongUsage),
        ({"companies": ()}, WrongUsage),
        ({"companies": ("no-such-company",)}, OptoutError),
        ({"companies": ("co-sheriff",)}, Refused),
        ({"companies": (CLEAR, "lexisnexis-risk")}, Refused),
        ({"companies": ("sagestream",)}, Refused),
        ({"companies": ("acxiom",)}, Refused),
        ({"rights": ()}, Refused),
        ({"rights": (Right.RECORDS_REQUEST,)}, Refused),
        ({"agent": Agent(name=" ")}, WrongUsage),
        ({"agent": Agent(name="jordan q. sample")}, WrongUsage),
        ({"agent": Agent(name="A" * 65)}, WrongUsage),
        ({"agent": Agent(name="Help", lines=("a", "b", "c", "d", "e"))}, WrongUsage),
        ({"agent": Agent(name="Denver Sheriff Department")}, Refused),
        ({"agent": Agent(name="Example Help", lines=("Attorney General",))}, Refused),
        ({"agent": Agent(name="I.C.E.")}, Refused),
        ({"agent": Agent(name="Example\u202eHelp")}, Refused),
    ],
)
def test_a_wrong_line_is_refused_before_anything_is_written(
    desk: Desk, tmp_path: Path, changes: dict[str, Any], wanted: type[OptoutError]
) -> None:
    before = sorted(tmp_path.rglob("*.pdf"))
    with pytest.raises(wanted):
        written(desk, **changes)
    assert sorted(tmp_path.rglob("*.pdf")) == before
    assert list_exports(desk) == ()


def test_two_years_are_the_longest(desk: Desk) -> None:
    """The control."""
    assert "November 22, 2028" in written(desk, until=date(2028, 11, 22)).letter.text
    assert written(desk, until=date(2026, 11, 24))


def test_a_child_an_agent_and_a_lawyer_sign_nothing(desk: Desk) -> None:
    born = tuple(
        replace(each, value=Secret(date(2012, 1, 2)))
        if each.kind is IdentifierKind.BIRTH_DATE
        else each
        for each in JORDAN.identifiers
    )
    with pytest.raises(Refused, match="under 18"):
        written(desk, replace(JORDAN, identifiers=born, minor_allowed_by_parent=True))
    for acting in (Acting.AGENT, Acting.LAWYER):
        with pytest.raises(Refused, match="for myself"):
            written(desk, replace(JORDAN, acting=acting))


def test_somebody_who_says_no_gets_no_paper(desk: Desk, person: ScriptedPerson) -> None:
    person.answers = {"Write exactly": "no"}
    with pytest.raises(Refused, match="You said no"):
        written(desk)
    helped = replace(JORDAN, acting=Acting.HELPER)
    person.answers = {"themselves say yes": "no"}
    with pytest.raises(Refused, match="You said no"):
        written(desk, helped)
    person.answers = {}
    assert written(desk, helped)


def test_a_name_that_goes_to_nobody_and_a_life_without_a_place_are_told(desk: Desk) -> None:
    kept = tuple(
        replace(each, share=Share.NEVER) if each.kind is IdentifierKind.NAME else each
        for each in JORDAN.identifiers
    )
    with pytest.raises(NeedsPerson, match="nobody"):
        written(desk, replace(JORDAN, identifiers=kept))
    with pytest.raises(NeedsPerson, match="state or country"):
        written(desk, replace(JORDAN, residences=()))


def test_a_hidden_address_is_in_neither_paper(desk: Desk) -> None:
    papers = written(desk, CASEY)
    said = text_of(papers.pdf) + text_of(papers.sheet)
    for real in ("Hidden Example", "Aurora", "80010", "4455"):
        assert real not in said

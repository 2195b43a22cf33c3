"""Proves what a letter says that an office sends as somebody's agent, and that no other says it.

To write them again after a change, with WRITE_GOLDEN=1 in front:

    python -m pytest tests/letters/test_agents_letter.py

Then read `git diff tests/letters/golden-agent` as a company would, and run again.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.catalog.laws import list_laws
from optout.drafting.follow_up import draft_follow_up
from optout.drafting.letter import Ask, ByAgent, LetterInput, UnprintableValue, draft_letter
from optout.drafting.never import SSN, WORDS
from optout.drafting.pdf import letter_pdf
from optout.errors import NeedsPerson, Refused
from optout.model.fields import Field
from optout.model.law import LawId
from optout.model.request import Purpose
from optout.model.words import Right
from tests.letters.follow_ups import reminder

GOLDEN = Path(__file__).parent / "golden-agent"
OFFICE = ByAgent(
    name="Example Legal Aid",
    lines=("P.O. Box 100", "Denver, CO 80202"),
    reference="K7F3-Q9MX",
    signed_on=date(2026, 11, 20),
)


def letter(state: str, law: str, *rights: Right, country: str = "US") -> LetterInput:
    return LetterInput(
        asks=tuple(Ask(right=right, law=list_laws()[LawId(law)]) for right in rights),
        broker_name="Example Risk Data LLC",
        broker_lines=("Example Risk Data LLC", "100 Example Street", "Denver, CO 80202"),
        full_name="Jordan Q. Sample",
        state=state,
        country=country,
        values={Field.FULL_NAME: "Jordan Q. Sample", Field.CITY: "Denver", Field.STATE: state},
        reference="K7F3-Q2MX",
        date=date(2026, 11, 23),
        agent=OFFICE,
    )


CASES = {
    "colorado": letter("CO", "us-co-cpa", Right.OPT_OUT),
    "california": letter("CA", "us-ca-ccpa", Right.OPT_OUT, Right.DELETE, Right.ACCESS),
    "courtesy": letter("IL", "voluntary", Right.OPT_OUT, Right.CORRECT),
    "germany": letter("", "eu-gdpr", Right.DELETE, country="DE"),
}


REMINDERS = {
    "reminder-colorado": replace(reminder(list_laws()[LawId("us-co-cpa")]), agent=OFFICE),
    "reminder-moved": replace(reminder(list_laws()[LawId("us-co-cpa")]), agent=OFFICE, moved=True),
    "reminder-germany": replace(
        reminder(list_laws()[LawId("eu-gdpr")]), agent=OFFICE, country="DE"
    ),
}


def text_of(name: str) -> str:
    if name in REMINDERS:
        return draft_follow_up(REMINDERS[name]).text
    return draft_letter(CASES[name]).text


@pytest.mark.parametrize("name", [*CASES, *REMINDERS])
def test_an_agents_letter_reads_as_it_was_approved(name: str) -> None:
    kept, text = GOLDEN / f"{name}.txt", text_of(name)
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_agents_letter_is_kept_that_cannot_occur() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == {*CASES, *REMINDERS}


@pytest.mark.parametrize("name", REMINDERS)
def test_the_agent_stands_on_its_own_reminder_only(name: str) -> None:
    own = draft_follow_up(replace(REMINDERS[name], agent=None))
    for words in (OFFICE.name, *OFFICE.lines, OFFICE.reference):
        assert words in text_of(name)
        assert words not in str((own.text, own.sender_lines, own.signature, own.enclosures))
    assert "for myself" in own.text
    assert "for myself" not in text_of(name)
    assert "jordan.sample@example.com" not in text_of(name)


def test_an_agent_sends_no_appeal_and_no_complaint() -> None:
    given = REMINDERS["reminder-colorado"]
    for purpose in (Purpose.APPEAL, Purpose.COMPLAINT):
        with pytest.raises(Refused, match="the client's own"):
            draft_follow_up(replace(given, purpose=purpose))
    assert draft_follow_up(given)  # the control


@pytest.mark.parametrize("name", CASES)
def test_the_agent_stands_on_its_own_letter_only(name: str) -> None:
    """0 on the same letter in the person's own name; the control: the agent's."""
    drafted = draft_letter(CASES[name])
    own = draft_letter(replace(CASES[name], agent=None))
    for words in (OFFICE.name, *OFFICE.lines, OFFICE.reference, "agent of"):
        assert words in str((drafted.text, drafted.sender_lines))
        assert words not in str((own.text, own.sender_lines, own.signature, own.enclosures))
    assert drafted.signature == "Example Legal Aid, authorized agent of Jordan Q. Sample"
    assert drafted.sender_lines == (OFFICE.name, *OFFICE.lines)
    assert "I write for myself" in own.text
    assert "for myself" not in drafted.text
    for text, found in ((drafted.text, ["our-name"]), (own.text, [])):
        assert [never.rule for never in WORDS if never.found(text)] == found
    assert not SSN.search(drafted.text)


def test_an_agent_without_a_name_or_an_address_writes_nothing() -> None:
    given = CASES["colorado"]
    for wrong in (replace(OFFICE, name=" "), replace(OFFICE, lines=())):
        with pytest.raises(NeedsPerson, match="name and address"):
            draft_letter(replace(given, agent=wrong))
    with pytest.raises(UnprintableValue):
        draft_letter(replace(given, agent=replace(OFFICE, name="Example\u202eAid")))
    braces = draft_letter(replace(given, agent=replace(OFFICE, name="{{ reference }}{day}")))
    assert "{{ reference }}{day} sends you this" in braces.text


@pytest.mark.parametrize("large_print", [False, True])
def test_the_letter_and_its_enclosure_lie_on_the_page(*, large_print: bool) -> None:
    pdf = letter_pdf(draft_letter(CASES["california"]), large_print=large_print)
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join("\n".join(page.extract_text() for page in pages).split())
    assert "authorized agent of Jordan Q. Sample" in text
    assert "Copy of the authorization K7F3-Q9MX" in text

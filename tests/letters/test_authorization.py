"""Proves what an authorization for an agent says, and what it never says.

To write them again after a change, with WRITE_GOLDEN=1 in front:

    python -m pytest tests/letters/test_authorization.py

Then read `git diff tests/letters/golden-authorization` as a company would, and run again.
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
from optout.drafting.authorization import (
    BY_HAND,
    AuthorizationInput,
    AuthorizationSheet,
    authorization_sheet_pdf,
    draft_authorization,
)
from optout.drafting.letter import NotInThisLaw, UnprintableValue
from optout.drafting.never import CITES, NO_VERIFICATION, SSN, WORDS
from optout.drafting.pdf import letter_pdf
from optout.errors import NeedsPerson, Refused
from optout.model.words import Right
from optout.rules.agents import law_of_residence, may_file
from optout.text import Text

GOLDEN = Path(__file__).parent / "golden-authorization"
ON = date(2026, 11, 2)
ALL = (Right.OPT_OUT, Right.DELETE, Right.ACCESS, Right.CORRECT, Right.LIMIT)
GENERAL = (*ALL, Right.SUPPRESS)


def authorization(state: str, *rights: Right, country: str = "US") -> AuthorizationInput:
    return AuthorizationInput(
        full_name="Jordan Q. Sample",
        state=state,
        country=country,
        law=law_of_residence(state, country, list_laws(), ON),
        agent_name="Example Privacy Help",
        agent_lines=("P.O. Box 100", "Denver, CO 80202"),
        rights=rights,
        companies=("Example People Search, Inc.", "Example Risk Data LLC"),
        until=date(2027, 5, 31),
        reference="K7F3-Q2MX",
        date=ON,
    )


CASES = {
    "california": authorization("CA", *ALL),
    "colorado": authorization("CO", Right.OPT_OUT),
    "texas": authorization("TX", Right.OPT_OUT),
    "illinois": authorization("IL", *GENERAL),
    "germany": authorization("", Right.DELETE, Right.ACCESS, country="DE"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_authorization_reads_as_it_was_approved(name: str) -> None:
    kept = GOLDEN / f"{name}.txt"
    letter = draft_authorization(CASES[name])
    text = f"{letter.subject_line}\n\n{letter.text}"
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_authorization_is_kept_that_cannot_occur() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_authorization_says_what_must_never_be_said(name: str) -> None:
    letter = draft_authorization(CASES[name])
    said = f"{letter.subject_line}\n{letter.text}"
    assert [never.rule for never in WORDS if never.found(said)] == []
    assert not NO_VERIFICATION.search(said)
    assert not SSN.search(said)


def test_the_words_that_are_looked_for_would_be_found() -> None:
    """The control."""
    said = draft_authorization(replace(CASES["colorado"], agent_name="Deportation Watch")).text
    assert "immigration" in {never.rule for never in WORDS if never.found(said)}


@pytest.mark.parametrize("name", CASES)
def test_every_authorization_holds_its_limits_and_is_signed_by_nobody(name: str) -> None:
    given = CASES[name]
    letter = draft_authorization(given)
    for words in (
        "I can take it back at any time",
        "no power beyond",
        "number or paper about me that a government issued",
        "no power to agree to terms",
        "swear to anything",
        "counts only once I have dated it here and signed it above my name, both by hand",
        "2027",
    ):
        assert words in letter.text, words
    assert letter.blocks[-1].text.endswith(f"Date: {BY_HAND}")
    assert given.agent_name in letter.blocks[-1].text  # a page of its own still says of whom
    assert letter.sender_lines == ()  # nobody's address but the agent's
    assert letter.recipient_lines[0] == given.agent_name
    assert len(letter.items) == len(given.rights)


def test_only_the_law_of_residence_is_named_and_none_where_there_is_none() -> None:
    assert "California Consumer Privacy Act" in draft_authorization(CASES["california"]).text
    assert "6-1-1306(1)(a)" in draft_authorization(CASES["colorado"]).text
    assert "541.051" in draft_authorization(CASES["texas"]).text
    illinois = draft_authorization(CASES["illinois"]).text
    assert not CITES.search(illinois)
    assert "I claim no right under a law" in illinois
    with pytest.raises(NotInThisLaw):
        draft_authorization(replace(CASES["texas"], state="CO"))


def test_an_agent_files_only_what_the_law_lets_an_agent_file() -> None:
    laws = list_laws()
    for state, allowed in (
        *(("CA", set(ALL)), ("CO", {Right.OPT_OUT}), ("TX", {Right.OPT_OUT})),
        *(("VA", set()), ("MN", set()), ("IL", set(GENERAL)), ("FL", set(GENERAL))),
    ):
        law = law_of_residence(state, "US", laws, ON)
        assert {right for right in Right if may_file(law, right, ON)} == allowed, state
    with pytest.raises(Refused):
        draft_authorization(replace(CASES["colorado"], rights=(Right.DELETE,)))


def test_a_law_that_is_not_sure_about_agents_lets_them_file_nothing() -> None:
    law = list_laws()[CASES["colorado"].law.id] if CASES["colorado"].law else None
    assert law is not None
    assert may_file(law, Right.OPT_OUT, ON)
    assert not may_file(replace(law, not_sure=("agent",)), Right.OPT_OUT, ON)


def test_an_authorization_without_its_parts_is_not_written() -> None:
    given = CASES["colorado"]
    for wrong in (
        replace(given, full_name=" "),
        replace(given, agent_name=""),
        replace(given, companies=()),
        replace(given, rights=()),
    ):
        with pytest.raises(NeedsPerson):
            draft_authorization(wrong)
    with pytest.raises(Refused, match="last day has passed"):
        draft_authorization(replace(given, until=date(2026, 11, 1)))
    with pytest.raises(UnprintableValue):
        draft_authorization(replace(given, agent_name="Example\u202eHelp"))
    braces = draft_authorization(replace(given, agent_name="{{ until }}"))
    assert "authorize {{ until }} to send" in braces.text


@pytest.mark.parametrize("large_print", [False, True])
def test_the_letter_lies_on_the_page_and_its_sheet_beside_it(*, large_print: bool) -> None:
    pdf = letter_pdf(draft_authorization(CASES["california"]), large_print=large_print)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "Example Privacy Help" in text
    assert "signed it above my name" in " ".join(text.split())
    sheet = AuthorizationSheet(
        reference="K7F3-Q2MX",
        agent_name="Example Privacy Help",
        parts=((Text("Only you"), (Text("delete"),)),),
        large_print=large_print,
    )
    (page,) = PdfReader(io.BytesIO(authorization_sheet_pdf(sheet))).pages
    assert "This sheet is for you" in page.extract_text().replace("\n", " ")

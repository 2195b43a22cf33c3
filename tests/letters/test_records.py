"""Proves what a records request says: which acts, which asks, nobody's name, nobody feared.

To write them again after a change:  WRITE_GOLDEN=1 python -m pytest tests/letters/test_records.py
Then read `git diff tests/letters/golden-records` as the office would, and run again.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.drafting.letter import UnprintableValue
from optout.drafting.never import CITES, NO_VERIFICATION, WORDS
from optout.drafting.pdf import letter_pdf
from optout.drafting.records import (
    BLANK_LINE,
    RecordsInput,
    RecordsSheet,
    draft_records,
    records_sheet_pdf,
)
from optout.errors import NeedsPerson
from optout.model.broker import Broker
from optout.model.words import Holding
from optout.rules.never_written_to import is_never_written_to
from optout.rules.public_records import Topic, acts_for, has_own_letter, topic_of
from optout.text import Text
from optout.workflows.records import public_bodies

GOLDEN = Path(__file__).parent / "golden-records"
BODIES = public_bodies(list_brokers())
OFFICES = {"co-sheriff": "Example County Sheriff's Office"}
PERSON = "Jordan Q. Sample"


def request_to(slug: str, *, own: bool = False) -> RecordsInput:
    body = find_broker(slug)
    topic = topic_of(body)
    assert topic is not None
    return RecordsInput(
        body_name=OFFICES.get(slug, body.name),
        topic=topic,
        acts=acts_for(body, list_laws(), own=own),
        sender=PERSON if own else "Example Tenants Union",
        reply_lines=("P.O. Box 100", "Denver, CO 80202"),
        reply_email="" if own else "records@example.com",
        own=own,
        reference="K7F3-Q2MX",
        date=date(2026, 11, 2),
    )


CASES = {
    **{f"{body.slug}-organization": request_to(body.slug) for body in BODIES},
    **{
        f"{body.slug}-own": request_to(body.slug, own=True)
        for body in BODIES
        if has_own_letter(body)
    },
}


@pytest.mark.parametrize("name", CASES)
def test_a_records_request_reads_as_it_was_approved(name: str) -> None:
    kept = GOLDEN / f"{name}.txt"
    letter = draft_records(CASES[name])
    text = f"{letter.subject_line}\n\n{letter.text}"
    if os.environ.get("WRITE_GOLDEN"):
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_records_request_is_kept_that_cannot_occur() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(CASES)
    assert {topic_of(body) for body in BODIES} == set(Topic)


@pytest.mark.parametrize("name", CASES)
def test_no_records_request_says_what_must_never_be_said(name: str) -> None:
    letter = draft_records(CASES[name])
    said = f"{letter.subject_line}\n{letter.text}"
    assert [never.rule for never in WORDS if never.found(said)] == []
    assert not NO_VERIFICATION.search(said)
    assert not is_never_written_to(said)
    for words in ("24-74", "5 ILCS 805", "46-37", "TRUST", "sanctuary"):
        assert words not in said


def test_the_words_that_are_looked_for_would_be_found() -> None:
    """The control: each of these in an organization's name is noticed by the same looking."""
    for words, rule in (("Stop Deportation", "immigration"), ("I will sue you", "threats")):
        said = draft_records(replace(CASES["co-labor-organization"], sender=words)).text
        assert rule in {never.rule for never in WORDS if never.found(said)}
    said = draft_records(replace(CASES["co-labor-organization"], sender="Friends of ICE")).text
    assert is_never_written_to(said)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body.slug))
def test_an_organizations_letter_names_no_person_and_asks_for_none(body: Broker) -> None:
    letter = draft_records(CASES[f"{body.slug}-organization"])
    assert "Sample" not in letter.text
    assert not re.search(r"\b(I|me|my)\b", letter.text)
    assert "not about any one person" in letter.text
    assert "black that out" in letter.text
    assert letter.text.count("are not wanted") == 1
    own = draft_records(CASES["co-sheriff-own"])
    assert PERSON in own.text, "the control"
    assert re.search(r"\bme\b", own.text)


def test_a_sheriff_is_asked_under_both_acts_and_the_days_are_those_of_the_first() -> None:
    letter = draft_records(CASES["co-sheriff-organization"]).text
    assert letter.index("Colorado Open Records Act") < letter.index("Colorado Criminal Justice")
    assert "For each item under the Colorado Open Records Act, please answer within 3" in letter
    assert "24-72-203(3)(b)" in letter
    assert "within 72 hours (C.R.S. § 24-72-305(6))" in letter
    for slug in ("co-motor-vehicles", "co-labor"):
        other = draft_records(CASES[f"{slug}-organization"]).text
        assert "Criminal Justice" not in other
        assert "72 hours" not in other


def test_ones_own_custody_record_names_the_act_on_custody_records_alone() -> None:
    letter = draft_records(CASES["co-sheriff-own"]).text
    assert "Colorado Criminal Justice Records Act" in letter
    assert "Open Records Act" not in letter
    assert "business days" not in letter  # that act sets none
    assert "VINE" not in letter


def test_where_no_act_is_sure_none_is_named() -> None:
    letter = draft_records(CASES["co-motor-vehicles-own"]).text
    assert "under this state's public records law" in letter
    assert not CITES.search(letter)
    assert CITES.search(draft_records(CASES["cook-county-sheriff-own"]).text), "the control"


def test_illinois_is_given_its_own_days_and_colorado_none_of_them() -> None:
    for slug in ("cook-county-sheriff", "il-motor-vehicles"):
        letter = draft_records(CASES[f"{slug}-organization"]).text
        assert "within 5 business days of receiving this letter (5 ILCS 140)" in letter
        assert "not a request for a commercial purpose" in letter
        assert "C.R.S." not in letter
    for name, given in CASES.items():
        if name.startswith("co-"):
            assert "ILCS" not in draft_records(given).text


def test_vine_is_asked_about_and_no_warning_is_touched() -> None:
    for slug in ("co-sheriff", "cook-county-sheriff"):
        letter = draft_records(CASES[f"{slug}-organization"]).text
        assert "VINE" in letter
        assert "Nothing here asks for a change to any notice that victims get." in letter


def test_no_address_of_an_office_is_printed_for_none_is_sure() -> None:
    for name, given in CASES.items():
        lines = draft_records(given).recipient_lines
        assert lines[2:] == (BLANK_LINE, BLANK_LINE), name
        assert not re.search(r"\d", " ".join(lines)), name


def test_a_letter_without_a_name_or_an_office_is_not_written() -> None:
    given = CASES["co-sheriff-organization"]
    assert draft_records(given).signature == "Example Tenants Union"
    for wrong in (replace(given, sender=" "), replace(given, body_name="")):
        with pytest.raises(NeedsPerson):
            draft_records(wrong)
    for hidden in ("Example\u202eUnion", "Example\nUnion"):
        with pytest.raises(UnprintableValue):
            draft_records(replace(given, sender=hidden))


def test_a_name_with_braces_stays_a_name() -> None:
    given = replace(CASES["co-labor-organization"], sender="{{ own }} {% if %}")
    assert "{{ own }} {% if %} asks to see" in draft_records(given).text


def test_the_letter_lies_on_the_page_and_its_sheet_beside_it() -> None:
    letter = PdfReader(io.BytesIO(letter_pdf(draft_records(CASES["co-sheriff-organization"]))))
    text = "\n".join(page.extract_text() for page in letter.pages)
    assert len(letter.pages) == 2
    assert "Example County Sheriff" in text
    assert "Records Custodian" in text
    sheet = RecordsSheet(
        reference="K7F3-Q2MX",
        body_name="Example County Sheriff's Office",
        own=False,
        check=(Text("Nobody may be asked for identification."),),
    )
    (page,) = PdfReader(io.BytesIO(records_sheet_pdf(sheet))).pages
    said = page.extract_text().replace("\n", " ")
    assert "This sheet is for you" in said
    assert "No address of this office is sure" in said
    assert "Nobody may be asked for identification." in said
    assert "Show the letter to a lawyer" not in said
    (own,) = PdfReader(io.BytesIO(records_sheet_pdf(replace(sheet, own=True)))).pages
    assert "Show the letter to a lawyer" in own.extract_text().replace("\n", " ")


def test_only_a_public_body_of_a_known_kind_has_a_letter() -> None:
    sheriff = find_broker("co-sheriff")
    assert topic_of(sheriff) is Topic.JAIL
    assert topic_of(replace(sheriff, government=False)) is None
    assert topic_of(replace(sheriff, holds=(Holding.NAME,))) is None

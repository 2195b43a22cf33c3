"""Proves that each letter reads as it was last read and approved by a person.

To write them again after a change:  WRITE_GOLDEN=1 python -m pytest tests/letters/test_golden.py
Then read the difference (`git diff tests/letters/golden`) as the company would, and run again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from optout.catalog.laws import list_laws
from optout.drafting.letter import LetterInput, draft_letter
from optout.model.law import LawKind
from optout.rules.eligibility import may_be_named

GOLDEN = Path(__file__).parent / "golden"
# Asked through the state's own page; no law at all.
APART = {LawKind.DELETE_ACT, LawKind.VOLUNTARY}


def test_a_letter_reads_as_it_was_approved(name: str, given: LetterInput) -> None:
    kept = GOLDEN / f"{name}.txt"
    text = draft_letter(given).text
    if os.environ.get("WRITE_GOLDEN"):
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_no_letter_is_kept_that_cannot_occur(cases: dict[str, LetterInput]) -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(cases)


def test_every_right_of_every_law_and_both_ways_have_a_letter(
    cases: dict[str, LetterInput],
) -> None:
    asked = {(ask.law.id, ask.right) for given in cases.values() for ask in given.asks}
    expected = {
        (law.id, right)
        for law in list_laws().values()
        if may_be_named(law) and law.kind not in APART
        for right in law.rights
    }
    assert expected <= asked
    assert {name.rpartition("-")[2] for name in cases} == {"email", "post"}

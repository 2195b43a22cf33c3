"""How often the matching rule is right, on pairs whose answer is known by how they were made.

The figures are printed: pytest -s tests/unit/test_matching_pairs.py
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import pytest

from optout.model.listing import Verdict
from tests.unit.matching.make_pairs import FILES, pairs, people
from tests.unit.matching.read import Answered, Score, read, scored

HALVES = [path.name for path in FILES.values()]


@pytest.mark.parametrize("name", HALVES)
def test_nobody_is_taken_for_another_and_few_are_lost(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    score = scored(name)
    told = (
        f"{name}: {len(score.answers)} pairs, wrong same {len(score.wrong_same())},"
        f" precision {score.precision():.1%}, recall {score.recall():.1%}"
        f" (with two facts {score.same_when_supported():.1%}), same or unsure"
        f" {score.not_lost():.1%}; of others' listings {score.left_to_people():.1%} are unsure"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert score.wrong_same() == []
    assert score.not_lost() >= 0.97
    assert score.same_when_supported() >= 0.80


@pytest.mark.parametrize("name", HALVES)
def test_an_answer_the_other_way_round_would_fail(name: str) -> None:
    """The control: the figures fall when the rule is always sure, and when it never is."""
    answers = scored(name).answers
    sure = Score(tuple(replace(a, verdict=Verdict.SAME) for a in answers))
    never = Score(tuple(replace(a, verdict=Verdict.UNSURE) for a in answers))
    harsh = Score(tuple(replace(a, verdict=Verdict.OTHER) for a in answers))
    assert len(sure.wrong_same()) > 200
    assert never.same_when_supported() == 0
    assert harsh.not_lost() == 0


def test_the_pairs_are_many_and_of_many_peoples() -> None:
    both = [pair for name in HALVES for pair in read(name)]
    assert len(both) >= 400
    assert min(Counter(pair["culture"] for pair in both).values()) >= 40
    assert len({pair["culture"] for pair in both}) == 10
    for name in HALVES:
        yes = [pair["is_person"] for pair in read(name)]
        assert 0.4 < sum(yes) / len(yes) < 0.6


def test_nobody_is_in_both_halves() -> None:
    tuned, held = ({pair["subject"]["name"] for pair in read(name)} for name in HALVES)
    assert tuned.isdisjoint(held)


def test_the_files_are_what_was_made() -> None:
    """Nobody mends a pair by hand: make_pairs says how each answer is known."""
    for half, path in FILES.items():
        assert read(path.name) == [p for who in people() if who.half == half for p in pairs(who)]


def test_a_pair_prints_its_answer() -> None:
    one = Answered(read(HALVES[0])[0], Verdict.SAME)
    assert one.is_person == one.pair["is_person"]

"""Whatever stands in a listing: no crash, no verdict that order or silence alone could turn."""

from __future__ import annotations

import string
import time
from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from optout.model.listing import Verdict
from optout.model.match import Known, Shown, Side
from optout.rules.match_facts import phone_key, read_place
from optout.rules.matching import judge, judge_read, read_known
from optout.rules.name_likeness import Like, likeness
from optout.rules.name_words import MOST_WORDS, Word, read_name
from optout.rules.same_name import Grade, compare_names
from tests.unit.matching.make_pairs import people
from tests.unit.matching.read import read, sides

ON = date(2026, 11, 22)
PAIRS = [sides(pair) for name in ("tuned.jsonl", "held_back.jsonl") for pair in read(name)]

ANYTHING = st.text(max_size=60)
WORD = st.text(string.ascii_letters + "áñçłøüđ'-", min_size=1, max_size=9)
NAME = st.lists(
    WORD | st.sampled_from(["de", "la", "Al-", "van", "Jr", "III", "Nguyen", "Kim", "J."]),
    min_size=1,
    max_size=5,
).map(" ".join)
AGE = st.none() | st.integers(-5, 200)
PLACE = st.sampled_from(["Denver CO", "Denver", "CO", "Tampa, FL", "1 Example Street, Denver, CO"])
SOME = st.lists(PLACE, max_size=3).map(tuple)
PHONES = st.lists(st.sampled_from(["303-555-0101", "13035550101", "555"]), max_size=2).map(tuple)
KNOWN = st.builds(
    Known,
    name=NAME,
    aliases=st.lists(NAME, max_size=2).map(tuple),
    born=st.none() | st.integers(1930, 2020) | st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    places=SOME,
    phones=PHONES,
    relatives=st.lists(NAME, max_size=2).map(tuple),
)
SHOWN = st.builds(
    Shown,
    name=NAME,
    age=AGE,
    places=SOME,
    phones=PHONES,
    relatives=st.lists(NAME, max_size=2).map(tuple),
)
WORDS = st.builds(Word, WORD, WORD, st.booleans())


@given(ANYTHING, ANYTHING, st.lists(ANYTHING, max_size=3).map(tuple), AGE)
def test_any_text_is_answered(one: str, other: str, more: tuple[str, ...], age: int | None) -> None:
    known = Known(name=one, aliases=more, born=1984, places=more, phones=more, relatives=more)
    shown = Shown(name=other, other_names=more, age=age, places=more, phones=more, relatives=more)
    match = judge(known, shown, ON)
    assert match.verdict in Verdict
    assert all(reason.says.english() for reason in match.reasons)


@given(st.text(st.characters(codec=None, categories=["Cs", "Cf", "Lo", "Mn", "Co"]), max_size=40))
def test_letters_of_every_script_and_of_none_are_read(name: str) -> None:
    assert len(read_name(name).words) <= MOST_WORDS


@given(KNOWN, SHOWN)
def test_a_name_alone_is_never_same(known: Known, shown: Shown) -> None:
    alone = Known(name=known.name, aliases=known.aliases)
    assert judge(alone, shown, ON).verdict is not Verdict.SAME
    bare = Shown(name=shown.name)
    assert judge(known, bare, ON).verdict is not Verdict.SAME


@given(KNOWN, SHOWN)
def test_an_age_that_is_not_told_never_makes_another_person(known: Known, shown: Shown) -> None:
    """What does is in the name, and says so."""
    for ours, theirs in ((known, replace(shown, age=None)), (replace(known, born=None), shown)):
        match = judge(ours, theirs, ON)
        against = [str(r.says) for r in match.reasons if r.side is Side.CONTRADICTS]
        assert (match.verdict is Verdict.OTHER) == bool(against)
        assert "apart" not in " ".join(against)


@given(KNOWN, SHOWN)
def test_the_order_of_lists_and_repetition_change_nothing(known: Known, shown: Shown) -> None:
    turned = replace(
        shown,
        places=(*reversed(shown.places), *shown.places),
        phones=(*reversed(shown.phones), *shown.phones),
        relatives=(*reversed(shown.relatives), *shown.relatives),
    )
    assert judge(known, turned, ON).verdict is judge(known, shown, ON).verdict


@given(KNOWN, SHOWN)
def test_case_and_blanks_change_nothing(known: Known, shown: Shown) -> None:
    ours = replace(known, name=f"  {known.name}  ")
    theirs = replace(shown, name=f"\t{shown.name}\u00a0")
    assert judge(ours, theirs, ON) == judge(known, shown, ON)


@given(WORDS, WORDS, st.booleans())
def test_words_are_alike_both_ways(one: Word, other: Word, family: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    there = likeness(one, other, family=family, foreign=False)
    assert there is likeness(other, one, family=family, foreign=False)


@given(WORDS)
def test_a_word_is_itself(word: Word) -> None:
    assert likeness(word, word, family=True, foreign=False) is Like.SAME


@given(NAME, NAME)
def test_names_that_differ_do_so_both_ways(one: str, other: str) -> None:
    """Which side leaves a last name out counts; whether it may be one person does not.

    Where a word or its first letter comes twice, what was left out is a guess.
    """
    ours, theirs = read_name(one), read_name(other)
    for name in (ours, theirs):
        firsts = [text[0] for text in name.texts()]
        assume(len(set(firsts)) == len(firsts))
    there, back = compare_names(ours, theirs).grade, compare_names(theirs, ours).grade
    assert (there > Grade.GIVEN_ONLY) == (back > Grade.GIVEN_ONLY)


def test_every_labelled_pair_keeps_its_verdict_in_capitals_and_with_the_comma() -> None:
    for known, shown, on in PAIRS:
        told = judge(known, shown, on).verdict
        assert judge(known, replace(shown, name=shown.name.swapcase()), on).verdict is told


def test_no_other_name_is_same_whatever_else_agrees() -> None:
    """Every invented person against the names of all others, and of brothers and sisters."""
    everybody = list(people())
    for who in everybody:
        ours = Known(
            name=who.name,
            born=who.born,
            places=(who.city,),
            phones=(who.phone(),),
            relatives=who.relatives,
        )
        sought = read_known(ours)
        theirs = Shown(
            name=who.name, age=who.age, places=ours.places, phones=ours.phones, relatives=()
        )
        assert judge_read(sought, theirs, ON).verdict is Verdict.SAME  # the control
        family = [f"{given} {who.surnames}" for given in (who.sibling, who.opposite)]
        for name in (*(other.name for other in everybody if other is not who), *family):
            assert judge_read(sought, replace(theirs, name=name), ON).verdict is not Verdict.SAME


def test_no_labelled_pair_is_turned_to_other_by_taking_the_age_away() -> None:
    for known, shown, on in PAIRS:
        told = judge(known, shown, on).verdict
        silent = judge(known, replace(shown, age=None), on)
        if told is not Verdict.OTHER and silent.verdict is Verdict.OTHER:
            said = " ".join(str(reason.says) for reason in silent.reasons)
            assert "last names differ" in said  # there the age was what spoke for a marriage


def test_a_listing_made_to_take_for_ever_does_not() -> None:
    """10,000 letters, words, aliases, relatives or places cost no more than a page of them."""
    long = ["x" * 10_000, "ab " * 10_000, "é-" * 10_000, "ﷺ" * 10_000, "(" * 10_000, "王" * 10_000]
    many = tuple(f"{first} Sample {n}" for n in range(10_000) for first in ("Pat", "Kim"))
    began = time.process_time()
    for name in long:
        judge(Known(name=name), Shown(name=name), ON)
        judge(Known(name=name, relatives=many), Shown(name=name + "y", relatives=many), ON)
        assert read_place(name) is None or len(name) > 0
        assert phone_key(name * 10) == ""
    crowd = Known(name="Pat Sample", aliases=many, places=many, phones=many, relatives=many)
    listed = Shown(name="Kim Example", other_names=many, places=many, phones=many, relatives=many)
    judge(crowd, listed, ON)
    assert time.process_time() - began < 20  # a hundred times what it takes

"""Proves that no letter says what a letter must never say, and that each rule would catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import find_law, list_laws
from optout.drafting.letter import (
    Ask,
    Block,
    Letter,
    LetterInput,
    NotInThisLaw,
    NotYetConfirmed,
    draft_letter,
)
from optout.drafting.never import find_never, rules
from optout.model.law import Binds, Law, LawKind, Protects
from optout.model.words import By, Confidence, Right
from optout.rules.eligibility import may_be_named
from optout.rules.products import products_to_search

GOOD = "relx-lexisnexis-co-delete-email"


def with_words(words: str) -> Callable[[Letter, LetterInput], tuple[Letter, LetterInput]]:
    """Return a spoiler that puts a sentence into the letter."""

    def spoiled(letter: Letter, given: LetterInput) -> tuple[Letter, LetterInput]:
        blocks = (*letter.blocks, Block(kind="paragraph", text=words))
        return replace(letter, blocks=blocks, text=letter.text + words), given

    return spoiled


def with_law(**changes: object) -> Callable[[Letter, LetterInput], tuple[Letter, LetterInput]]:
    """Return a spoiler that changes the law of the first item, behind the letter's back."""

    def spoiled(letter: Letter, given: LetterInput) -> tuple[Letter, LetterInput]:
        law = replace(given.asks[0].law, **changes)  # type: ignore[arg-type]  # any field
        ask = replace(given.asks[0], law=law)
        return letter, replace(given, asks=(ask,))

    return spoiled


def without_question(letter: Letter, given: LetterInput) -> tuple[Letter, LetterInput]:
    blocks = tuple(replace(block, paragraphs=block.paragraphs[:1]) for block in letter.blocks)
    return replace(letter, blocks=blocks), given


def without_basis(letter: Letter, given: LetterInput) -> tuple[Letter, LetterInput]:
    return replace(letter, blocks=tuple(replace(block, basis="") for block in letter.blocks)), given


def without_limit(letter: Letter, given: LetterInput) -> tuple[Letter, LetterInput]:
    return replace(letter, text=letter.text.replace("to the extent", "and so")), given


CONTROLS: dict[str, tuple[Callable[[Letter, LetterInput], tuple[Letter, LetterInput]], ...]] = {
    "immigration": tuple(
        with_words(words)
        for words in (
            "My visa is valid.",
            "I am a citizen.",
            "My nationality is nobody's business.",
            "You sell to immigration police.",
            "I have an asylum case.",
            "My A-number is secret.",
            "My country of birth is not yours to keep.",
            "Nothing may go to DHS.",
        )
    ),
    "our-name": (with_words("Sent with optout."), with_words("I am a client of a clinic.")),
    "reasons": (
        with_words("My employer told me."),
        with_words("I am afraid of him."),
        with_words("A protective order is enclosed."),
        with_words("Delete my children too."),
    ),
    "threats": (with_words("I will sue you."), with_words("You owe me damages.")),
    "oath": (with_words("I declare under penalty of perjury."),),
    "confirms": (with_words("I live at 100 Example Street."), with_words("I was born in May.")),
    "numbers": (with_words("078-05-1120"), with_words("My passport is enclosed.")),
    "wrong-law": (with_words("Daniel's Law applies."), with_words("The Digital Bill of Rights")),
    "old-numbering": (with_words("Minn. Stat. 325O"),),
    "claims-no-verification": (
        with_words("This request needs no verification."),
        with_words("You may not ask me to authenticate myself or verify anything."),
    ),
    "law-of-another-state": (with_law(jurisdiction="US-VA"),),
    "law-for-others": (
        with_law(protects=Protects.OFFICIALS),
        with_law(binds=Binds.GIANTS),
        with_law(never_named="struck down"),
    ),
    "europe-elsewhere": (with_words("I rely on the GDPR."), with_words("(EU) 2016/679")),
    "deletes-without-asking-how": (without_question,),
    "federal-freeze": (with_words("I rely on 15 U.S.C. § 1681c-1(i)."),),
    "asks-for-ssn": (with_words("My Social Security number is on file."),),
    "voluntary-claims-a-right": (with_law(kind=LawKind.VOLUNTARY),),
    "claims-without-limit": (without_limit,),
    "item-without-law": (without_basis,),
    "leaves-a-warning-service": (with_words("Please search in: Appriss, VINE."),),
}


def test_no_letter_says_what_must_never_be_said(name: str, given: LetterInput) -> None:
    assert find_never(draft_letter(given), given) == ()


@pytest.mark.parametrize("rule", sorted(rules()))
def test_each_rule_catches_its_own_fault(rule: str, cases: dict[str, LetterInput]) -> None:
    given = cases[GOOD]
    letter = draft_letter(given)
    assert rule not in find_never(letter, given)
    for spoil in CONTROLS[rule]:
        assert rule in find_never(*spoil(letter, given)), spoil


def test_every_rule_has_its_control() -> None:
    assert set(CONTROLS) == set(rules())


def test_no_law_file_brings_words_that_no_letter_may_hold(cases: dict[str, LetterInput]) -> None:
    """Each law's sentences, in a letter of its own state, law by law and right by right."""
    lettered = 0
    for law in list_laws().values():
        if law.kind is LawKind.DELETE_ACT or not may_be_named(law):
            continue
        state = state_for(law)
        for right in law.rights:
            given = replace(
                cases[GOOD],
                asks=(Ask(right=right, law=law),),
                state=state,
                country=country_for(law),
                date=max(law.in_force_from or cases[GOOD].date, cases[GOOD].date),
                nationwide_bureau=law.id == "us-fcra-freeze",
            )
            letter = draft_or_none(given)
            if letter is not None:
                lettered += 1
                assert find_never(letter, given) == (), (law.id, right)
    assert lettered >= 95


def state_for(law: Law) -> str:
    """Return a state whose people may name the law; none for Europe."""
    if law.jurisdiction in {"EU", "UK"}:
        return ""
    return law.jurisdiction.removeprefix("US-") if law.jurisdiction.startswith("US-") else "NY"


def country_for(law: Law) -> str:
    return {"EU": "DE", "UK": "GB"}.get(law.jurisdiction, "US")


def test_no_letter_names_a_law_for_others(cases: dict[str, LetterInput]) -> None:
    """Florida's, Daniel's, the programs, the records acts: every right of every such law."""
    refused = set()
    for law in list_laws().values():
        for right in law.rights:
            state = state_for(law).replace("*", "NY")
            given = replace(
                cases[GOOD],
                asks=(Ask(right=right, law=law),),
                state=state,
                date=max(law.in_force_from or cases[GOOD].date, cases[GOOD].date),
            )
            if not may_be_named(law):
                with pytest.raises(NotInThisLaw, match="not for everybody"):
                    draft_letter(given)
                refused.add(law.id)
    assert refused >= {"us-fl-fdbr", "us-nj-daniels", "us-il-jpa", "us-foia", "us-nv-chd"}


def test_what_is_from_memory_is_in_no_letter(cases: dict[str, LetterInput]) -> None:
    """An appeal whose days nobody saw is not named; a right from memory is not written at all."""
    montana = replace(cases[GOOD], asks=delete_under("us-mt-mcdpa"), state="MT")
    oregon = replace(cases[GOOD], asks=delete_under("us-or-ocpa"), state="OR")
    assert "appeal" not in draft_letter(montana).text
    assert "I intend to appeal" in draft_letter(oregon).text  # the control
    (sure,) = delete_under("us-co-cpa")
    unsure = replace(sure.law.rights[Right.DELETE], confidence=Confidence.UNVERIFIED)
    from_memory = replace(sure, law=replace(sure.law, rights={Right.DELETE: unsure}))
    assert draft_letter(replace(cases[GOOD], asks=(sure,), state="CO")).items  # the control
    with pytest.raises(NotYetConfirmed):
        draft_letter(replace(cases[GOOD], asks=(from_memory,), state="CO"))


def delete_under(law: str) -> tuple[Ask, ...]:
    return (Ask(right=Right.DELETE, law=find_law(law)),)


def test_a_law_or_a_right_before_its_day_is_refused(cases: dict[str, LetterInput]) -> None:
    for law_id, right, state, day in (
        ("us-ok-ocdpa", Right.DELETE, "OK", date(2027, 1, 1)),
        ("us-al-apdpa", Right.OPT_OUT, "AL", date(2027, 5, 1)),
        ("us-ut-ucpa", Right.CORRECT, "UT", date(2026, 7, 1)),
    ):
        asked = (Ask(right=right, law=find_law(law_id)),)
        given = replace(cases[GOOD], asks=asked, state=state, date=day)
        assert draft_letter(given).items
        with pytest.raises(NotInThisLaw, match="not in force"):
            draft_letter(replace(given, date=day - timedelta(days=1)))


def test_an_amended_right_says_the_new_words_from_its_day_on(
    cases: dict[str, LetterInput],
) -> None:
    asked = (Ask(right=Right.ACCESS, law=find_law("us-de-dpdpa")),)
    given = replace(cases[GOOD], asks=asked, state="DE", date=date(2026, 12, 31))
    assert "categories of third parties" in draft_letter(given).text
    later = draft_letter(replace(given, date=date(2027, 1, 1))).text
    assert "specific third parties" in later


def test_the_law_of_europe_is_refused_for_people_in_the_states(
    cases: dict[str, LetterInput],
) -> None:
    given = replace(cases[GOOD], asks=(Ask(right=Right.DELETE, law=find_law("eu-gdpr")),))
    with pytest.raises(NotInThisLaw, match="only people who live there"):
        draft_letter(given)
    for country in ("US", "GB", "CH", "MX"):  # also for somebody who has left the country
        with pytest.raises(NotInThisLaw, match="only people who live there"):
            draft_letter(replace(given, state="", country=country))
    for country in ("DE", "NO", "IE"):
        assert "2016/679" in draft_letter(replace(given, state="", country=country)).text
    kingdom = replace(given, asks=delete_under("uk-gdpr"), state="")
    with pytest.raises(NotInThisLaw, match="only people who live there"):
        draft_letter(replace(kingdom, country="DE"))
    assert "UK GDPR, Art. 17" in draft_letter(replace(kingdom, country="GB")).text


def draft_or_none(given: LetterInput) -> Letter | None:
    try:
        return draft_letter(given)
    except NotYetConfirmed:
        return None


@pytest.mark.parametrize("state", ["CO", "CA", "VA", "NY"])
def test_the_five_companies_get_no_forbidden_word(
    state: str, cases: dict[str, LetterInput]
) -> None:
    """Names, products and rights as the catalog has them, each on the law of the state."""
    laws = {law.jurisdiction: law for law in list_laws().values() if is_privacy_act(law)}
    law = laws.get(f"US-{state}") or find_law("voluntary")
    lettered = 0
    for broker in list_brokers():
        for channel in broker.channel:
            if not {By.EMAIL, By.POST} & set(channel.by) or channel.right not in law.rights:
                continue
            given = replace(
                cases[GOOD],
                asks=(Ask(right=channel.right, law=law),),
                state=state,
                broker_name=broker.name,
                broker_lines=channel.post.lines if channel.post else (),
                products=products_to_search([channel]),
            )
            found = find_never(draft_letter(given), given)
            assert found == (), (broker.slug, channel.right)
            lettered += 1
    assert lettered >= 5


def is_privacy_act(law: Law) -> bool:
    return law.kind is LawKind.COMPREHENSIVE


def test_a_federal_freeze_is_refused_outside_the_three_bureaus(
    cases: dict[str, LetterInput],
) -> None:
    freeze = (Ask(right=Right.FREEZE, law=find_law("us-fcra-freeze")),)
    with pytest.raises(NotInThisLaw, match="three nationwide"):
        draft_letter(replace(cases[GOOD], asks=freeze))
    bureau = replace(cases[GOOD], asks=freeze, nationwide_bureau=True)
    assert "1681c-1(i)" in draft_letter(bureau).text


def test_a_right_that_a_law_does_not_give_is_refused(cases: dict[str, LetterInput]) -> None:
    asked = (Ask(right=Right.FILE_DISCLOSURE, law=find_law("us-co-cpa")),)
    with pytest.raises(NotInThisLaw):
        draft_letter(replace(cases[GOOD], asks=asked))
    drop = (Ask(right=Right.DELETE, law=find_law("us-ca-delete-act")),)
    with pytest.raises(NotInThisLaw, match="state's own page"):
        draft_letter(replace(cases[GOOD], asks=drop, state="CA"))


def test_the_law_of_another_state_is_refused(cases: dict[str, LetterInput]) -> None:
    with pytest.raises(NotInThisLaw, match="only people who live there"):
        draft_letter(replace(cases[GOOD], state="AZ"))


def test_a_law_is_never_cited_before_it_is_in_force(cases: dict[str, LetterInput]) -> None:
    early = cases[GOOD].date.replace(year=2022)
    with pytest.raises(NotInThisLaw, match="not in force"):
        draft_letter(replace(cases[GOOD], date=early))


@pytest.mark.parametrize("confidence", [Confidence.CONFLICTING, Confidence.UNVERIFIED])
def test_what_is_not_sure_is_not_printed(
    cases: dict[str, LetterInput], confidence: Confidence
) -> None:
    given = cases[GOOD]
    law = given.asks[0].law
    right = law.rights[Right.DELETE]
    unsure = replace(law, rights={Right.DELETE: replace(right, confidence=confidence)})
    with pytest.raises(NotYetConfirmed):
        draft_letter(replace(given, asks=(Ask(right=Right.DELETE, law=unsure),)))
    assert right.answer is not None
    assert law.appeal is not None
    vague = replace(
        law,
        rights={Right.DELETE: replace(right, answer=replace(right.answer, confidence=confidence))},
        appeal=replace(law.appeal, confidence=confidence),
    )
    text = draft_letter(replace(given, asks=(Ask(right=Right.DELETE, law=vague),))).text
    assert "6-1-1306(2)(a)" in draft_letter(given).text
    assert "within 45 days of receiving" not in text
    assert "appeal" not in text


def test_a_term_says_from_when_it_runs_and_none_is_claimed_whose_condition_may_not_be_met(
    cases: dict[str, LetterInput],
) -> None:
    nevada = draft_letter(cases["relx-lexisnexis-nv-all-rights-email"]).text
    assert "within 60 days, counted from the day a verified request arrived (NRS" in nevada
    assert "of receiving this request" not in nevada
    given = cases["relx-lexisnexis-co-delete-email"]
    assert "within 45 days of receiving this request" in draft_letter(given).text  # the control
    (ask,) = given.asks
    right = ask.law.rights[ask.right]
    assert right.answer
    bound = replace(right, answer=replace(right.answer, only_if="they agree"))
    law = replace(ask.law, rights={**ask.law.rights, ask.right: bound})
    text = draft_letter(replace(given, asks=(replace(ask, law=law),))).text
    assert "45 days" not in text  # neither the term nor the extension of it

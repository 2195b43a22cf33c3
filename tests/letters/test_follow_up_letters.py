"""Proves what reminders, appeals and complaints say, for every law, and what they never say.

To write the kept texts again, run this file with WRITE_GOLDEN=1 before pytest.
Then read the difference (`git diff tests/letters/golden`) as whoever gets it would.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from optout.catalog.laws import list_laws
from optout.drafting.follow_up import FollowUpInput, draft_follow_up
from optout.drafting.letter import Block, Letter, NotInThisLaw, UnprintableValue
from optout.drafting.never import MEANING_AFTER, WORDS, find_never_after, never_in
from optout.drafting.pdf import letter_pdf
from optout.model.law import LawKind, Protects
from optout.model.request import Purpose, Said
from optout.model.words import UNSURE
from optout.rules.eligibility import may_be_named
from tests.letters.follow_ups import FOLLOW_UPS

GOLDEN = Path(__file__).parent / "golden" / "follow-up"
APPEAL, COMPLAINT, REMINDER = (f"us-co-cpa-{name}" for name in ("appeal", "complaint", "reminder"))
ALL = pytest.mark.parametrize("name", FOLLOW_UPS)


@ALL
def test_it_reads_as_it_was_approved(name: str) -> None:
    kept = GOLDEN / f"{name}.txt"
    text = draft_follow_up(FOLLOW_UPS[name]).text
    if os.environ.get("WRITE_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        pytest.fail("written: read the difference, then run without WRITE_GOLDEN")
    assert text == kept.read_text(encoding="utf-8")


def test_nothing_is_kept_that_cannot_occur() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == set(FOLLOW_UPS)


def test_every_law_with_an_appeal_or_an_office_has_its_letters() -> None:
    laws = [
        law
        for law in list_laws().values()
        if may_be_named(law) and law.kind not in {LawKind.DELETE_ACT, LawKind.VOLUNTARY}
    ]
    appeals = {f"{law.id}-appeal" for law in laws if law.may_appeal}
    offices = {f"{law.id}-complaint" for law in laws if law.regulator and law.regulator.lines}
    assert appeals | offices <= set(FOLLOW_UPS)
    assert len(appeals) >= 20
    assert len(offices) >= 28


@ALL
def test_it_says_nothing_that_must_never_be_said(name: str) -> None:
    given = FOLLOW_UPS[name]
    assert find_never_after(draft_follow_up(given), given) == ()


@ALL
def test_it_names_the_reference_the_days_and_the_law(name: str) -> None:
    given, text = FOLLOW_UPS[name], draft_follow_up(FOLLOW_UPS[name]).text
    assert given.reference in text
    assert str(given.sent_on.year) in text
    for each in given.concerns:
        if each.due and given.purpose is not Purpose.APPEAL:
            assert each.due[1] in text
        if each.ask.law.kind is not LawKind.VOLUNTARY:
            assert each.ask.law.rights[each.ask.right].cite in text


def test_a_narrow_right_says_how_little_it_reaches_in_every_letter_that_follows() -> None:
    said = set()
    for name, given in FOLLOW_UPS.items():
        letter = draft_follow_up(given)
        for item, each in zip(letter.items, given.concerns, strict=True):
            narrow = each.ask.law.rights[each.ask.right].narrow
            if narrow:
                said.add((each.ask.law.id, given.purpose))
                assert f"covers only {narrow}." in item.plain(), name
            else:
                assert "covers only" not in item.plain(), name  # the control
    for law in (
        "us-ca-ccpa",
        "us-ut-ucpa",
        "us-ia-icdpa",
        "us-in-icdpa",
        "us-nv-603a",
        "us-wa-mhmda",
        "uk-gdpr",
    ):
        assert {(law, Purpose.REMINDER), (law, Purpose.COMPLAINT)} <= said
    assert ("us-ia-icdpa", Purpose.APPEAL) in said


def test_nothing_follows_before_the_last_day_for_an_answer() -> None:
    for name, given in FOLLOW_UPS.items():
        days = [each.due[0] for each in given.concerns if each.due]
        later = [given.written_on, *(each.reminded_on for each in given.concerns)]
        assert all(day < then for day in days for then in later if then), name
    assert sum(any(each.due for each in given.concerns) for given in FOLLOW_UPS.values()) > 50


def test_a_complaint_after_an_appeal_encloses_it() -> None:
    after = [
        draft_follow_up(given)
        for given in FOLLOW_UPS.values()
        if given.purpose is Purpose.COMPLAINT and given.asks[0].law.may_appeal
    ]
    assert len(after) >= 20
    for letter in after:
        assert any(" appeal " in each or " complaint " in each for each in letter.enclosures)


def test_in_the_united_kingdom_it_is_a_complaint_and_no_appeal() -> None:
    told = {
        name: draft_follow_up(FOLLOW_UPS[f"uk-gdpr-{name}"]).text
        for name in ("reminder", "appeal", "complaint")
    }
    assert all("appeal" not in text for text in told.values())
    assert "complain to you about it (Data Protection Act 2018, s. 164A(1))" in told["reminder"]
    assert "s. 164A(1)), made under" in told["appeal"]
    assert "without delay (Data Protection Act 2018, s. 164A(4))" in told["appeal"]
    assert "No outcome of my complaint" in told["complaint"]
    colorado = draft_follow_up(FOLLOW_UPS[COMPLAINT]).text
    assert "No decision on my appeal" in colorado  # the control


def test_an_appeal_asks_for_a_named_person_and_says_how_long_they_have() -> None:
    text = draft_follow_up(FOLLOW_UPS[APPEAL]).text
    assert "who did not make the first decision" in text
    assert "their name" in text
    assert "within 45 days of receiving this appeal" in text
    assert "6-1-1306(3)" in text
    assert "how to reach the Colorado Attorney General" in text


def test_days_and_sections_from_memory_are_in_no_appeal() -> None:
    for law in list_laws().values():
        name = f"{law.id}-appeal"
        if law.appeal and law.appeal.confidence in UNSURE and name in FOLLOW_UPS:
            text = draft_follow_up(FOLLOW_UPS[name]).text
            assert law.appeal.cite not in text
            assert f"{law.appeal.length} days of receiving this appeal" not in text
    assert (
        "within 60 days of receiving this appeal"
        in draft_follow_up(FOLLOW_UPS["us-va-vcdpa-appeal"]).text
    )  # the control


def test_only_california_has_a_sworn_sentence_and_nobody_signs_it_before_the_person() -> None:
    sworn = {name for name, given in FOLLOW_UPS.items() if "perjury" in draft_follow_up(given).text}
    assert sworn == {"us-ca-ccpa-complaint"}
    text = draft_follow_up(FOLLOW_UPS["us-ca-ccpa-complaint"]).text
    after = text.partition("perjury")[2].partition("Sincerely")[0]
    assert "Jordan" not in after
    assert len(re.findall("_{10,}", after)) == 3


def test_an_office_whose_address_is_not_sure_has_no_envelope() -> None:
    printed = {
        name: len(draft_follow_up(given).recipient_lines)
        for name, given in FOLLOW_UPS.items()
        if given.purpose is Purpose.COMPLAINT
    }
    for state in ("co-cpa", "ct-ctdpa", "nv-603a", "ok-ocdpa", "or-ocpa", "ri-dtppa", "ut-ucpa"):
        assert printed[f"us-{state}-complaint"] == 1, state
    assert printed["us-va-vcdpa-complaint"] == 3  # the control


def test_a_time_to_cure_is_named_only_where_the_file_gives_one_without_an_if() -> None:
    said = {
        name.removesuffix("-complaint")
        for name, given in FOLLOW_UPS.items()
        if "put a breach right" in draft_follow_up(given).text
    }
    permanent = {law.id for law in list_laws().values() if law.cure.endswith("days, permanent.")}
    assert said == permanent
    assert "us-va-vcdpa" in said
    assert {"us-co-cpa", "us-nv-603a", "us-la-ldpa", "us-md-modpa"}.isdisjoint(said)


def with_words(words: str) -> Callable[[Letter, FollowUpInput], tuple[Letter, FollowUpInput]]:
    def spoiled(letter: Letter, given: FollowUpInput) -> tuple[Letter, FollowUpInput]:
        blocks = (*letter.blocks, Block(kind="paragraph", text=words))
        return replace(letter, blocks=blocks, text=letter.text + words), given

    return spoiled


def with_law(**changes: object) -> Callable[[Letter, FollowUpInput], tuple[Letter, FollowUpInput]]:
    def spoiled(letter: Letter, given: FollowUpInput) -> tuple[Letter, FollowUpInput]:
        concerns = tuple(
            replace(each, ask=replace(each.ask, law=replace(each.ask.law, **changes)))  # type: ignore[arg-type]  # any field
            for each in given.concerns
        )
        return letter, replace(given, concerns=concerns)

    return spoiled


def bare(letter: Letter, given: FollowUpInput) -> tuple[Letter, FollowUpInput]:
    blocks = tuple(replace(block, basis="", paragraphs=()) for block in letter.blocks)
    return replace(letter, blocks=blocks), given


def without_limit(letter: Letter, given: FollowUpInput) -> tuple[Letter, FollowUpInput]:
    return replace(letter, text=letter.text.replace("to the extent", "and so")), given


CONTROLS: dict[str, Callable[[Letter, FollowUpInput], tuple[Letter, FollowUpInput]]] = {
    "immigration": with_words("I have an asylum case."),
    "our-name": with_words("Sent with optout."),
    "reasons": with_words("My employer told me."),
    "threats": with_words("I will sue you."),
    "oath": with_words("I declare under penalty of perjury."),
    "confirms": with_words("I live at 100 Example Street."),
    "numbers": with_words("My passport is enclosed."),
    "wrong-law": with_words("Daniel's Law applies."),
    "old-numbering": with_words("Minn. Stat. 325O"),
    "claims-no-verification": with_words("You may not ask me to verify anything."),
    "law-of-another-state": with_law(jurisdiction="US-VA"),
    "law-for-others": with_law(protects=Protects.OFFICIALS),
    "europe-elsewhere": with_words("I rely on the GDPR."),
    "deletes-without-asking-how": bare,
    "federal-freeze": with_words("I rely on 15 U.S.C. § 1681c-1(i)."),
    "asks-for-ssn": with_words("My Social Security number is on file."),
    "voluntary-claims-a-right": with_law(kind=LawKind.VOLUNTARY),
    "claims-without-limit": without_limit,
    "item-without-law": bare,
    "leaves-a-warning-service": with_words("Please search in VINE."),
}


@pytest.mark.parametrize("rule", [*(never.rule for never in WORDS), *MEANING_AFTER])
def test_each_rule_catches_its_own_fault(rule: str) -> None:
    given = FOLLOW_UPS[APPEAL]
    letter = draft_follow_up(given)
    assert rule not in find_never_after(letter, given)
    assert rule in find_never_after(*CONTROLS[rule](letter, given))


def test_an_oath_that_is_signed_before_the_person_is_found() -> None:
    given = FOLLOW_UPS["us-ca-ccpa-complaint"]
    letter = draft_follow_up(given)
    signed = tuple(
        replace(block, text=re.sub("_{10,}", "Jordan Q. Sample", block.text))
        for block in letter.blocks
    )
    text = re.sub("_{10,}", "Jordan Q. Sample", letter.text)
    assert "oath" in find_never_after(replace(letter, blocks=signed, text=text), given)


@pytest.mark.parametrize(
    "own",
    [
        "My husband was deported.",
        "I am afraid of him.",
        "I will sue you.",
        "My Social Security number is wrong.",
        "The GDPR forbids this.",
        "You may not ask me to verify anything.",
        "I swear that this is true.",
    ],
)
def test_ones_own_sentence_is_held_against_the_same_list(own: str) -> None:
    assert never_in(own)
    assert never_in("Your answer speaks of accounts, and I have none with you.") == ()


def test_what_nobody_can_see_and_the_law_of_another_state_are_refused() -> None:
    given = FOLLOW_UPS[APPEAL]
    with pytest.raises(UnprintableValue):
        draft_follow_up(replace(given, said=Said(own="seen\u202eneseen")))
    with pytest.raises(NotInThisLaw):
        draft_follow_up(replace(given, state="AZ"))
    braces = draft_follow_up(replace(given, said=Said(own="{{ office }} {items} #set"))).text
    assert "{{ office }} {items} #set" in braces


def test_a_voluntary_reminder_claims_nothing() -> None:
    text = draft_follow_up(FOLLOW_UPS["voluntary-reminder"]).text
    assert "§" not in text
    assert "due" not in text
    assert "appeal" not in text
    assert "was due by" in draft_follow_up(FOLLOW_UPS[REMINDER]).text  # the control


@pytest.mark.parametrize("name", [REMINDER, APPEAL, COMPLAINT, "us-ca-ccpa-complaint"])
@pytest.mark.parametrize("large_print", [False, True])
def test_it_becomes_a_page(name: str, *, large_print: bool) -> None:
    pdf = letter_pdf(draft_follow_up(FOLLOW_UPS[name]), large_print=large_print)
    assert pdf.startswith(b"%PDF")

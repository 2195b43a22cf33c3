"""What another window changed while a person was asked stays changed, above all a never."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optout.cli import person as person_command
from optout.errors import WrongUsage
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    Share,
    Subject,
)
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.vault.ids import new_id
from optout.web.roads import ROADS
from optout.workflows.change_person import correct_with_person
from tests.conftest import World, desk_without_browser, reopened, sample_subject

ANSWERS = {
    "Which of these?": "email",
    "Who may get it?": "ask",
    "First name": "Jordan",
    "In which state": "CO",
    "Phone number": "303-555-0142",
    "Who may get your phone number?": "known",
    "That e-mail address": "jordan.requests@example.com",
}


def kept_after(
    world: World, folder: Path, wanted: str, *, meanwhile: Share | None, at: str
) -> Subject:
    """Return Jordan after a road, at one question of which another window says who gets phones."""
    jordan = world.person()

    def in_another_window(question: Text) -> None:
        if meanwhile is None or at not in question.english():
            return
        with reopened(world.vault.folder, world.key, world.clock) as other:
            there = other.subjects.get(jordan.id)
            other.subjects.replace(
                replace(
                    there,
                    identifiers=tuple(
                        replace(each, share=meanwhile)
                        if each.kind is IdentifierKind.PHONE
                        else each
                        for each in there.identifiers
                    ),
                )
            )

    answers = {"What do you want to do?": wanted, **ANSWERS}
    person = ScriptedPerson(answers=answers, listener=in_another_window)
    ROADS["person"].walk(desk_without_browser(world, folder, person=person), "")
    assert any(at in each for each in person.heard)
    return world.vault.subjects.get(jordan.id)


def share_of(subject: Subject, kind: IdentifierKind) -> set[Share]:
    return {each.share for each in subject.identifiers if each.kind is kind}


@pytest.mark.parametrize(
    ("meanwhile", "then"),
    [(Share.NEVER, Share.NEVER), (Share.ASK, Share.ASK), (None, Share.KNOWN)],  # None: the control
)
def test_one_kind_is_changed_and_no_other_goes_back_to_what_it_was(
    world: World, tmp_path: Path, meanwhile: Share | None, then: Share
) -> None:
    kept = kept_after(world, tmp_path, "share", meanwhile=meanwhile, at="Who may get it?")
    assert share_of(kept, IdentifierKind.PHONE) == {then}
    assert share_of(kept, IdentifierKind.EMAIL) == {Share.ASK}


@pytest.mark.parametrize(
    ("meanwhile", "then"),
    [(Share.NEVER, Share.NEVER), (Share.ASK, Share.KNOWN), (None, Share.KNOWN)],  # the answer
)
def test_answering_everything_anew_does_not_undo_a_never_of_meanwhile(
    world: World, tmp_path: Path, meanwhile: Share | None, then: Share
) -> None:
    kept = kept_after(world, tmp_path, "anew", meanwhile=meanwhile, at="send paper")
    assert share_of(kept, IdentifierKind.PHONE) == {then}


def test_a_never_of_before_is_lifted_by_whoever_answers_anew(world: World, tmp_path: Path) -> None:
    jordan = world.person()
    closed = tuple(replace(each, share=Share.NEVER) for each in jordan.identifiers)
    world.vault.subjects.replace(replace(jordan, identifiers=closed))
    person = ScriptedPerson(answers={"What do you want to do?": "anew", **ANSWERS})
    ROADS["person"].walk(desk_without_browser(world, tmp_path, person=person), "")
    kept = world.vault.subjects.get(jordan.id)
    assert share_of(kept, IdentifierKind.PHONE) == {Share.KNOWN}
    assert share_of(kept, IdentifierKind.NAME) == {Share.NEVER}, "nobody asked about it"


@pytest.mark.parametrize("by_card", [True, False])
def test_only_a_card_lifts_a_never_of_what_the_questions_do_not_ask(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, by_card: bool
) -> None:
    """A card says of everything who may get it; the questions say it of no name."""
    jordan = world.person()
    closed = tuple(replace(each, share=Share.NEVER) for each in jordan.identifiers)
    world.vault.subjects.replace(replace(jordan, identifiers=closed))
    desk = desk_without_browser(world, tmp_path, person=ScriptedPerson(answers=ANSWERS))
    monkeypatch.setattr(person_command, "open_desk", lambda: desk)
    card = tmp_path / "card.json"
    card.write_text(json.dumps({"name": {"given": "Jordan", "share": "ask"}, "state": "CO"}))
    person_command.edit(source=card if by_card else None)
    kept = world.vault.subjects.get(jordan.id)
    assert share_of(kept, IdentifierKind.NAME) == {Share.ASK if by_card else Share.NEVER}


def fact(kind: IdentifierKind, value: IdentifierValue, until: date | None = None) -> Identifier:
    return Identifier(
        id=IdentifierId(new_id()), kind=kind, value=value, share=Share.ASK, valid_to=until
    )


FORMER_HOME = PostalAddress(street="1 Old Road", city="Aurora", state="CO", zip="80010")
NEVER_ASKED = (
    fact(IdentifierKind.ALIAS, PersonName(given="Jordan", family="Example")),
    fact(IdentifierKind.ADDRESS, FORMER_HOME, date(2021, 4, 30)),
    fact(IdentifierKind.PHONE, Secret("+13035550199"), date(2020, 1, 1)),
)


def corrected(world: World, folder: Path, subject: Subject, **answers: str) -> Subject:
    """Return somebody after all the questions were answered again."""
    person = ScriptedPerson(
        answers={
            "What do you want to do?": "anew",
            **ANSWERS,
            "Last name": "Sample",
            "Middle name": "Q.",
            **answers,
        }
    )
    ROADS["person"].walk(desk_without_browser(world, folder, person=person), "")
    return world.vault.subjects.get(subject.id)


def test_what_the_questions_do_not_ask_about_stays(world: World, tmp_path: Path) -> None:
    mother = sample_subject(label=Secret("My mother"), minor_allowed_by_parent=True)
    name, *others = mother.identifiers
    assert isinstance(name.value, PersonName)
    name = replace(name, value=replace(name.value, suffix="Jr."))
    mother = replace(mother, identifiers=(name, *others, *NEVER_ASKED))
    world.vault.subjects.add(mother)
    kept = corrected(world, tmp_path, mother, **{"Is it still true?": "gone"})
    assert set(NEVER_ASKED) <= set(kept.identifiers)
    shown = [each.shown() for each in kept.identifiers]
    assert "jordan@example.com" in shown
    assert "Jordan Q. Sample Jr." in shown
    assert "1990-04-12" not in shown, "the control: it was asked for, and left out"
    assert len(shown) == len(set(shown))
    assert kept.label.reveal() == "My mother"
    assert kept.minor_allowed_by_parent


@pytest.mark.parametrize("said", ["too", "once", "gone"])
def test_of_what_was_answered_otherwise_before_the_person_says_whether_it_stays(
    world: World, tmp_path: Path, said: str
) -> None:
    jordan = world.person()
    new_home = {
        "Street and number": "7 New Road",
        "City": "Denver",
        "ZIP code": "80203",
        "Last name": "Newname",
    }
    kept = corrected(world, tmp_path, jordan, **new_home, **{"Is it still true?": said})
    until = date(2026, 11, 22) if said == "once" else None
    stays = said != "gone"
    old_name, old_home = "Jordan Q. Sample", "100 Example Street, Apt 2, Denver, CO 80202"
    assert of_kind(kept, IdentifierKind.ALIAS) == [(old_name, until)] * stays
    homes = [("7 New Road, Denver, CO 80203", None), *[(old_home, until)] * stays]
    assert of_kind(kept, IdentifierKind.ADDRESS) == homes
    assert of_kind(kept, IdentifierKind.NAME) == [("Jordan Q. Newname", None)]
    assert of_kind(kept, IdentifierKind.PHONE) == [("+13035550142", None)], "answered the same"


def of_kind(subject: Subject, kind: IdentifierKind) -> list[tuple[str, date | None]]:
    return [(each.shown(), each.valid_to) for each in subject.identifiers if each.kind is kind]


def test_what_another_window_wrote_down_meanwhile_stays(world: World, tmp_path: Path) -> None:
    jordan = world.person()

    def in_another_window(question: Text) -> None:
        if "send paper" in question.english():
            with reopened(world.vault.folder, world.key, world.clock) as other:
                there = other.subjects.get(jordan.id)
                more = (*there.identifiers, NEVER_ASKED[0])
                other.subjects.replace(replace(there, identifiers=more))

    answers = {**ANSWERS, "Is it still true?": "gone"}
    person = ScriptedPerson(answers=answers, listener=in_another_window)
    desk = desk_without_browser(world, tmp_path, person=person)
    kept = correct_with_person(desk, jordan)
    assert NEVER_ASKED[0] in kept.identifiers
    assert len(of_kind(kept, IdentifierKind.NAME)) == 1


def test_who_is_called_by_a_name_that_was_wrong_is_called_by_the_right_one(
    world: World, tmp_path: Path
) -> None:
    wrong = world.person("Jorden")
    kept = corrected(world, tmp_path, wrong, **{"Is it still true?": "gone"})
    assert kept.label.reveal() == "Jordan"


def test_a_number_that_is_never_stored_is_refused_at_its_question(
    world: World, tmp_path: Path
) -> None:
    jordan = world.person()
    person = ScriptedPerson(answers={**ANSWERS, "Middle name": "000-12-3456"})
    with pytest.raises(WrongUsage, match="never stores one"):
        correct_with_person(desk_without_browser(world, tmp_path, person=person), jordan)
    assert person.heard[-1].startswith("Middle name")
    assert world.vault.subjects.get(jordan.id) == jordan

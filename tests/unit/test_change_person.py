"""What another window changed while a person was asked stays changed, above all a never."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from optout.cli import person as person_command
from optout.model.fields import IdentifierKind
from optout.model.subject import Share, Subject
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.web.roads import ROADS
from tests.conftest import World, desk_without_browser, reopened

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

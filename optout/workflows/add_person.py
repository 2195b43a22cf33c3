"""Somebody new in the locked folder, asked one question at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from optout.errors import WrongUsage
from optout.model.ports import Option
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.days import in_words
from optout.text import Text
from optout.workflows import facts
from optout.workflows.ask_once import Answered
from optout.workflows.ask_person import interview
from optout.workflows.desk import Desk
from optout.workflows.keep_person import check_label, subject_from_card, today_of
from optout.workflows.never_stored import refuse_typed

_GO_ON: Final = Option(key="on", text=Text("Go on where I stopped"))
_ANEW: Final = Option(key="anew", text=Text("Begin again with the first question"))


def add_person(desk: Desk) -> Subject:
    """Ask whom the requests are about, and keep them; a stop on the way loses no answer."""
    vault = desk.vault
    before = _answered_before(desk)
    card = interview(desk.person, now=desk.clock(), kept=vault.first_answers, before=before)
    made = _called(desk, subject_from_card(card, today=today_of(card, desk.clock())))
    with vault.together():
        subject = check_label(made, vault.subjects.list())
        vault.subjects.add(subject)
        vault.first_answers.forget()
    return subject


def _called(desk: Desk, made: Subject) -> Subject:
    """Return the person under a name of their own here: father and son can be called the same."""
    people = desk.vault.subjects.list()

    def named(label: str) -> Subject:
        refuse_typed(label)
        return check_label(replace(made, label=Secret(facts.not_empty(label))), people)

    try:
        return check_label(made, people)
    except WrongUsage as taken:
        desk.person.tell(taken.what)
    return named(desk.person.ask(Text("What should this person be called here?"), check=named))


def _answered_before(desk: Desk) -> Answered:
    """Return what was answered before a stop, unless the person begins again.

    Whoever is alone in the folder goes on with Enter. Among others they have to choose: the
    answers can be somebody else's, whose name is not shown before they do.
    """
    kept = desk.vault.first_answers
    last_at = kept.last_at()
    if last_at is None:
        return ()
    others = desk.vault.subjects.list()
    chosen = desk.person.choose(
        Text(
            "These questions were begun before. The last answer is from {day}. All answers are "
            "kept.",
            day=in_words(desk.day_here(last_at)),
        ),
        (_GO_ON, _ANEW),
        default="" if others else _GO_ON.key,
    )
    kept.take_over()
    if chosen == _ANEW.key:
        kept.forget()
    return kept.list()

"""What is kept of a person is changed: what another window changed meanwhile is not undone.

A question can stand open for hours. So everything is asked first, and what is changed is read
again in the moment in which it is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from optout.model.fields import IdentifierKind
from optout.model.ports import Option, Person
from optout.model.subject import (
    Identifier,
    IdentifierId,
    PersonName,
    Share,
    Subject,
    SubjectId,
)
from optout.text import Text
from optout.words import word
from optout.workflows.ask_person import SHARE_IS_ASKED, interview
from optout.workflows.desk import Desk
from optout.workflows.keep_person import check_label, moved, subject_from_card, today_of

_ASKED_ABOUT: Final = SHARE_IS_ASKED | {IdentifierKind.NAME}
_TOO: Final = Option(key="too", text=Text("Yes, keep it too"))
_ONCE: Final = Option(key="once", text=Text("Not any more, but it was"))
_GONE: Final = Option(key="gone", text=Text("No, it was wrong: take it off"))


def share_with(
    desk: Desk, subject_id: SubjectId, shares: Mapping[IdentifierKind, Share]
) -> Subject:
    """Let each kind of fact go to whom it may go now; all others stay as they are."""
    subjects = desk.vault.subjects
    with desk.vault.together():
        changed = _shared(subjects.get(subject_id), shares)
        subjects.replace(changed)
    return changed


def keep_card(desk: Desk, before: Subject, card: Subject, *, today: date) -> Subject:
    """Keep a person as a card has them: it says everything, and of all of it who may get it."""
    with desk.vault.together():
        now = desk.vault.subjects.get(before.id)
        closed = _still_closed(before, now, asked=frozenset(IdentifierKind))
        return _replaced(desk, now, _shared(card, closed), today)


def correct_with_person(desk: Desk, before: Subject) -> Subject:
    """Ask all the questions again, and keep what is answered now.

    What they do not ask about stays as it is. What was answered otherwise before is asked about:
    by a home of before companies know a person, by a mistake nobody does.
    """
    card = interview(desk.person, now=desk.clock())
    card["name"] |= {"suffix": _name_of(before).suffix}
    today = today_of(card, desk.clock())
    answered = subject_from_card(card, today=today, subject_id=before.id)
    said = desk.person.with_way_back(lambda: _said_of_earlier(desk.person, before, answered))
    with desk.vault.together():
        now = desk.vault.subjects.get(before.id)
        closed = _still_closed(before, now, asked=SHARE_IS_ASKED)
        after = _with_the_rest(_shared(answered, closed), now, said, today)
        return _replaced(desk, now, after, today)


def _replaced(desk: Desk, now: Subject, after: Subject, today: date) -> Subject:
    """Keep a person, with the homes of before and a name that nobody else here has."""
    subjects = desk.vault.subjects
    changed = moved(now, check_label(after, subjects.list()), today=today)
    subjects.replace(changed)
    return changed


def _said_of_earlier(
    person: Person, before: Subject, answered: Subject
) -> Mapping[IdentifierId, str]:
    """Return, of each fact that the questions are about, whether it stays beside the answers."""
    again = {(each.kind, each.shown().casefold()) for each in answered.identifiers}
    said: dict[IdentifierId, str] = {}
    for fact in before.identifiers:
        if fact.valid_to or fact.kind not in _ASKED_ABOUT:
            continue
        is_settled = (fact.kind, fact.shown().casefold()) in again
        if is_settled or fact.kind is IdentifierKind.BIRTH_DATE:  # there is one, or none is wanted
            said[fact.id] = _GONE.key
        else:
            said[fact.id] = person.choose(
                Text(
                    "You gave this before: {what}: {value}. Is it still true?",
                    what=word(fact.kind),
                    value=fact.shown(),
                ),
                (_TOO, _ONCE, _GONE),
            )
    return said


def _with_the_rest(
    answered: Subject, now: Subject, said: Mapping[IdentifierId, str], today: date
) -> Subject:
    """Return the answers with what nobody asked about, and what stays beside them."""
    stays = (_beside(fact, said.get(fact.id), today) for fact in now.identifiers)
    home, before = answered.residences[-1], now.residences[-1]
    is_at_home = (home.state, home.country) == (before.state, before.country)
    is_named = now.label.reveal() in {_name_of(now).given, _name_of(now).full()}
    return replace(
        answered,
        identifiers=(*answered.identifiers, *filter(None, stays)),
        label=answered.label if is_named else now.label,
        zone=now.zone if is_at_home else answered.zone,
        minor_allowed_by_parent=now.minor_allowed_by_parent,
    )


def _beside(fact: Identifier, said: str | None, today: date) -> Identifier | None:
    """Return a fact as it stands beside the answers; None where they take its place."""
    is_name = fact.kind is IdentifierKind.NAME
    is_only_one = (is_name or fact.kind is IdentifierKind.BIRTH_DATE) and fact.valid_to is None
    if said == _GONE.key or (said is None and is_only_one):
        return None
    if said == _ONCE.key:
        fact = replace(fact, valid_to=today - timedelta(days=1))
    return replace(fact, kind=IdentifierKind.ALIAS) if is_name else fact


def _name_of(subject: Subject) -> PersonName:
    name = next(each.value for each in subject.identifiers if each.kind is IdentifierKind.NAME)
    assert isinstance(name, PersonName)  # the model says so
    return name


def _still_closed(
    before: Subject, now: Subject, *, asked: Collection[IdentifierKind]
) -> Mapping[IdentifierKind, Share]:
    """Return what goes to nobody whatever was answered.

    It was said in another window since `before` was read, or nobody `asked` who may get it.
    """
    known = {each.id for each in before.identifiers if each.share is Share.NEVER}
    closed = (each for each in now.identifiers if each.share is Share.NEVER)
    return {
        each.kind: Share.NEVER for each in closed if each.id not in known or each.kind not in asked
    }


def _shared(subject: Subject, shares: Mapping[IdentifierKind, Share]) -> Subject:
    identifiers = tuple(
        replace(each, share=shares.get(each.kind, each.share)) for each in subject.identifiers
    )
    return replace(subject, identifiers=identifiers)

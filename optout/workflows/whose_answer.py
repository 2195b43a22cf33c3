"""Whose request an answer is about: a mistyped reference writes into no other client's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from optout.errors import NeedsPerson, Refused
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.clients import listed
from optout.workflows.clinic import clinic_of
from optout.workflows.desk import Desk, as_reference
from optout.workflows.find import find_requests
from optout.workflows.standing import company_called

_NOTHING: Final = Text("Nothing was written down.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """One client of the office, as its list calls them, and the company that was asked."""

    number: int
    label: str
    called: str  # with the number before it
    company: str


def names_here(desk: Desk) -> Mapping[SubjectId, str]:
    """Return what everybody is called, by number; nothing where only one person is in the folder.

    Who looks after one person only need not be told whose a request is.
    """
    people = desk.vault.subjects.called()
    if len(people) == 1 and clinic_of(desk.vault) is None:
        return {}
    return {each: listed(one.number, one.label) for each, one in people.items()}


def whose(desk: Desk, reference: str) -> Whose | None:
    """Return which client of the office a reference is about; None in somebody's own folder."""
    found = find_requests(desk, reference)
    if clinic_of(desk.vault) is None or not found:
        return None
    client = found[0].subject_id
    person = desk.vault.subjects.called([client])[client]
    return Whose(
        number=person.number,
        label=person.label.reveal(),
        called=listed(person.number, person.label),
        company=company_called(desk, found[0].broker),
    )


def check_whose(desk: Desk, reference: str, expected: str = "") -> None:
    """Refuse where it is another client's than `expected`; without one, show whose, and ask."""
    found = whose(desk, reference)
    if found is None:
        return
    reference = as_reference(reference)
    if expected:
        if not _is(found, expected):
            raise Refused(
                Text("{r} is another client's.", r=reference),
                known=_NOTHING,
                hint=Text("Compare the reference with their letter, and the number with the list."),
            )
        return
    question = Text(
        "Client: {client}. Company: {company}. Is it the answer to this request?",
        client=found.called,
        company=found.company,
    )
    if not _says_yes(desk, question, reference):
        raise Refused(
            Text("You said no."),
            known=_NOTHING,
            hint=Text("Compare the reference with the one on their letter: optout status"),
        )


def _is(found: Whose, expected: str) -> bool:
    typed = " ".join(expected.split()).casefold()
    return typed in {str(found.number), " ".join(found.label.split()).casefold()}


def _says_yes(desk: Desk, question: Text, reference: str) -> bool:
    try:
        return desk.person.confirm(question)
    except NeedsPerson:
        raise NeedsPerson(
            Text("Nobody is here to say whose answer {r} is.", r=reference),
            known=_NOTHING,
            hint=Text("Say it with the command: --client NUMBER, from: optout person list"),
        ) from None

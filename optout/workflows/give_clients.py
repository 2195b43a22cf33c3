"""Let somebody of the office answer for clients: for new ones, or when a colleague has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from optout.errors import Refused
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.clients import NOTHING_DONE, Client
from optout.workflows.clinic import check_responsible, the_clinic
from optout.workflows.desk import Desk

_MOST_TOLD: Final = 20


def give_clients(desk: Desk, clients: Sequence[Client], name: str) -> tuple[str, int]:
    """Write down who answers for these clients; return the name, and for how many it is new.

    Who has them so far is told first. Where it is new for several, the person is asked: a wrong
    number gives away another's work.
    """
    name = check_responsible(the_clinic(desk.vault), name)
    matters = {each.subject_id: each for each in desk.vault.matters.list()}
    others = [one for one in clients if matters[one.subject.id].responsible != name]
    _tell_who_has_them(desk, clients, {key: each.responsible for key, each in matters.items()})
    if len(others) > 1 and not desk.person.confirm(
        Text(
            "Clients named: {named}. New for {name}: {count}. Shall {name} answer for them?",
            named=len(clients),
            name=name,
            count=len(others),
        )
    ):
        raise Refused(Text("You said no."), known=NOTHING_DONE)
    with desk.vault.together():
        for client in others:
            number = matters[client.subject.id].number
            desk.vault.matters.change(client.subject.id, number=number, responsible=name)
    return name, len(others)


def _tell_who_has_them(
    desk: Desk, clients: Sequence[Client], responsible: Mapping[SubjectId, str]
) -> None:
    """Tell whose these clients are so far, each colleague on a line."""
    theirs: dict[str, list[str]] = {}
    for one in clients:
        theirs.setdefault(responsible[one.subject.id], []).append(one.name)
    for who, names in sorted(theirs.items()):
        told = (
            Text("{who} answers so far for: {clients}", who=who, clients=_some(names))
            if who
            else Text("Nobody answers so far for: {clients}", clients=_some(names))
        )
        desk.person.tell(told)


def _some(names: Sequence[str]) -> Text:
    """Name all; of very many the first, and how many more there are."""
    shown = tuple(names[:_MOST_TOLD])
    if len(shown) == len(names):
        return Text("{some}", some=shown)
    return Text("{some} and {count} more", some=shown, count=len(names) - len(shown))

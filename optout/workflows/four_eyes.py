"""Four eyes: whoever put a letter on the list is not the one who says yes to it.

The names are those of passphrases: a name that is only typed is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from optout.errors import NeedsPerson
from optout.model.request import Message, MessageId, Purpose
from optout.text import Text
from optout.vault.keys import NAMED
from optout.workflows.clients import has_four_eyes
from optout.workflows.desk import Desk

NOBODY: Final = "person"  # who acts where nobody said a name


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """Who put each letter on the list, where whoever did may not approve it."""

    preparers: Mapping[str, str] | None  # None: one person may do both
    renamed: tuple[frozenset[str], ...] = ()  # names that one passphrase bore: one person

    @classmethod
    def of(cls, desk: Desk) -> FourEyes:
        """Read it from the history, where the office wants four eyes."""
        if not has_four_eyes(desk):
            return cls(preparers=None)
        return cls(preparers=dict(_preparers(desk)), renamed=tuple(_renamed(desk)))

    def check(self, message_id: MessageId, approver: str) -> None:
        """Raise where the same person prepared it and says yes, or where nobody knows who."""
        if self.preparers is None:
            return
        preparer = self.preparers.get(message_id, NOBODY)
        if approver == NOBODY:
            raise NeedsPerson(
                Text("Four eyes: say who says yes."),
                known=_UNCHANGED,
                hint=Text("optout clinic approve --as NAME"),
            )
        if preparer == NOBODY:
            raise NeedsPerson(
                Text("Four eyes: nobody wrote down who put this on the list."),
                known=_UNCHANGED,
                hint=Text("Take it off and plan it again: optout clinic plan --as NAME"),
            )
        if _are_one(preparer, approver, self.renamed):
            raise NeedsPerson(
                Text("Four eyes: {name} put this on the list, so another says yes.", name=preparer),
                known=_UNCHANGED,
            )


_UNCHANGED: Final = Text("Nothing was approved.")


def are_one_person(desk: Desk, first: str, second: str) -> bool:
    """Say whether two names are one person's: the same, or borne by one passphrase."""
    return _are_one(first, second, tuple(_renamed(desk)))


def _are_one(first: str, second: str, renamed: Iterable[frozenset[str]]) -> bool:
    both = {first.casefold(), second.casefold()}
    return len(both) == 1 or any(both <= names for names in renamed)


def _preparers(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield each letter with who last decided what it asks."""
    events = (*desk.vault.events.with_code("message.added"),)
    events += desk.vault.events.with_code("message.rewritten")
    for event in sorted(events, key=lambda each: each.seq):
        yield event.ids[0], event.actor


def _renamed(desk: Desk) -> Iterator[frozenset[str]]:
    """Yield, of each passphrase that got another name, all the names that it bore."""
    borne: dict[str, set[str]] = {}
    for event in desk.vault.events.with_code(NAMED):
        slot_id, *names = event.ids
        borne.setdefault(slot_id, set()).update(name.casefold() for name in names)
    yield from map(frozenset, borne.values())


def check_second_person(desk: Desk, message: Message) -> None:
    """Refuse a yes to one message by whoever put it on the list.

    What a company wants confirmed after a request is not looked at twice: its link dies soon.
    """
    check_is_somebody(desk)
    if message.purpose is not Purpose.CONFIRMATION:
        FourEyes.of(desk).check(message.id, desk.vault.actor)


def check_is_somebody(desk: Desk) -> None:
    """Refuse a yes with a passphrase that is nobody's, where two people are wanted."""
    if has_four_eyes(desk) and not desk.vault.is_somebodys:
        raise NeedsPerson(
            Text("Four eyes: this passphrase is nobody's by name, so nobody knows who says yes."),
            known=_UNCHANGED,
            hint=Text('Say whose it is: optout vault key name --id ID --for "Sam Example"'),
        )

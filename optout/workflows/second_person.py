"""Where four eyes are wanted: one person alone cannot be two, nor do without the other unseen.

Whoever has a passphrase has the key, so a name is worth what the others say to it. And who turns
four eyes off is told on the docket, with how many yeses were said meanwhile.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from optout.errors import Refused
from optout.text import Text
from optout.vault.unlock import way_in_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from optout.model.ports import Person
    from optout.vault.vault import Vault

_OFF: Final = "clinic.four-eyes-off"
_TWO: Final = 2
_TOLD_FOR: Final = timedelta(days=30)


def ask_second_person(vault: Vault, person: Person, *, four_eyes: bool) -> None:
    """Ask somebody else of the office for their passphrase, where four eyes are on.

    Whoever came in by a way that is nobody's, such as the recovery code, needs two. Nobody is asked
    while no other person has a passphrase by name: there is no second one yet.
    """
    if not four_eyes:
        return
    others = _by_name(vault)
    others.pop(vault.actor.casefold(), None)
    wanted = 1 if vault.is_somebodys else _TWO
    for _each in range(min(wanted, len(others))):
        del others[_who_types(vault, person, others)]


def _by_name(vault: Vault) -> dict[str, set[str]]:
    """Return the passphrases of each person of the office."""
    found: dict[str, set[str]] = {}
    for slot in vault.keys.list():
        if slot.label:
            found.setdefault(slot.label.casefold(), set()).add(slot.id)
    return found


def _who_types(vault: Vault, person: Person, others: Mapping[str, Collection[str]]) -> str:
    """Return whose passphrase was typed, among those who are wanted."""
    typed = person.ask_secret(
        Text("Four eyes: a second person of the office types their passphrase")
    )
    found = way_in_for(vault.place, typed)
    for name, slots in others.items():
        if found is not None and found[0] in slots:
            return name
    raise Refused(
        Text("This is not the passphrase of somebody else of the office."),
        known=Text("Nothing was changed."),
        hint=Text("Whoever has left is taken off first: optout vault key remove --for NAME"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time without four eyes: who turned them off, and how many yeses were said in it."""

    by: str
    since: datetime
    until: datetime | None  # None: still off
    approved: int


def note_change(vault: Vault, *, four_eyes: bool) -> None:
    """Keep who turned four eyes off and when, or that they are on again."""
    kept, head = _kept(vault), vault.events.head()
    at = [vault.events.now().isoformat(), head.seq if head else 0]
    if not four_eyes:
        kept.append({"by": vault.actor, "off": at})
    elif kept:
        kept[-1]["on"] = at
    else:  # an office begins with them: nobody turned them off
        return
    vault.settings.set(_OFF, json.dumps(kept))


def _kept(vault: Vault) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(str(vault.settings.get(_OFF) or "[]"))
    return found


def pauses(vault: Vault, now: datetime) -> Iterator[Pause]:
    """Yield the times without four eyes, oldest first: one that is over for a month more."""
    for each in _kept(vault):
        (since, first), (until, last) = each["off"], each.get("on", (None, None))
        ended = datetime.fromisoformat(until) if until else None
        if ended is None or now - ended <= _TOLD_FOR:
            yield Pause(
                by=each["by"],
                since=datetime.fromisoformat(since),
                until=ended,
                approved=vault.events.count("message.approved", after=first, until=last),
            )

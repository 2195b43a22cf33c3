"""Whom a command of the office's is for: all clients, some by number, or one by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from optout.errors import WrongUsage
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.picking import picked
from optout.text import Text
from optout.workflows.clinic import check_responsible, clinic_of, the_clinic
from optout.workflows.desk import Desk

_ALL: Final = frozenset({"", "a", "all", "todos", "todas"})
CLOSED: Final = Text("This client's file is closed.")
_WHO_HAS_WHICH: Final = Text("See their numbers with: optout person list")
NOTHING_DONE: Final = Text("Nothing was changed, and nothing was sent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One person whom the office helps, by the number that `person list` shows."""

    number: int
    subject: Subject

    @property
    def name(self) -> str:
        """Return what the office's list calls them; it is shown to the office alone."""
        return listed(self.number, self.subject.label)


def listed(number: int, label: Secret[str]) -> str:
    """Return what the office's list calls a client."""
    return f"{number}. {label.reveal()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One client, or one paper of theirs, that a command for many did not take, and why."""

    client: Client
    why: Text
    what: str = ""  # the reference and the company; empty where it is all of theirs

    def who(self) -> str:
        """Return whose it is, and what."""
        return f"{self.client.name}, {self.what}" if self.what else self.client.name

    def said(self) -> Text:
        """Say who or what it is, and why."""
        if not self.what:
            return Text("{client}: {why}", client=self.client.name, why=self.why)
        return Text(
            "{client}, {what}: {why}", client=self.client.name, what=self.what, why=self.why
        )


def desk_for_many(desk: Desk) -> Desk:
    """Return the desk with catalog and laws read once: a command for one reads what it needs."""
    brokers, laws = desk.list_brokers(), desk.laws()
    find = cache(desk.find_broker)
    return replace(desk, list_brokers=lambda: brokers, laws=lambda: laws, find_broker=find)


def all_clients(desk: Desk) -> tuple[Client, ...]:
    """Return everybody in the folder, with the numbers that every command knows them by."""
    people = desk.vault.subjects.list()
    return tuple(Client(number=n, subject=who) for n, who in enumerate(people, start=1))


def closed_clients(desk: Desk) -> tuple[Client, ...]:
    """Return the clients whose files are closed: nothing new is asked for them."""
    closed = {each.subject_id for each in desk.vault.matters.list() if each.closed_on}
    return tuple(client for client in all_clients(desk) if client.subject.id in closed)


def chosen_clients(desk: Desk, typed: Sequence[str]) -> tuple[Client, ...]:
    """Return the clients that were named: by number (`3`, `1-20,25`), by name, or all."""
    everybody = all_clients(desk)
    if not everybody:
        raise WrongUsage(
            Text("Nobody is in this folder yet."),
            hint=Text("Bring in your list of clients: optout clinic import FILE"),
        )
    if not typed or any(each.strip().casefold() in _ALL for each in typed):
        return everybody
    numbers = {client.number for each in typed for client in _named(each, everybody)}
    return tuple(client for client in everybody if client.number in numbers)


def one_client(desk: Desk, typed: str, *, hint: Text = _WHO_HAS_WHICH) -> Client:
    """Return the one client that was named, by number or by name; several are refused."""
    clients = chosen_clients(desk, [typed])
    if len(clients) > 1:
        raise WrongUsage(Text("Name one client at a time."), known=NOTHING_DONE, hint=hint)
    return clients[0]


def _named(typed: str, everybody: Sequence[Client]) -> Iterator[Client]:
    wanted = " ".join(typed.split()).casefold()
    if wanted[:1].isdecimal():
        yield from (everybody[number - 1] for number in _numbers(wanted, len(everybody)))
        return
    same = [
        client
        for client in everybody
        if " ".join(client.subject.label.reveal().split()).casefold() == wanted
    ]
    if len(same) > 1:
        raise WrongUsage(
            Text(
                "Several clients are called that. Name them by number: {numbers}",
                numbers=", ".join(str(client.number) for client in same),
            ),
            known=NOTHING_DONE,
        )
    if not same:
        raise WrongUsage(
            Text("No client here is called that."),
            known=NOTHING_DONE,
            hint=_WHO_HAS_WHICH,
        )
    yield same[0]


def _numbers(typed: str, last: int) -> tuple[int, ...]:
    try:
        return picked(typed, last)
    except WrongUsage:
        raise WrongUsage(
            Text(
                "{typed} names no clients here: their numbers go from 1 to {last}.",
                typed=typed,
                last=last,
            ),
            known=NOTHING_DONE,
            hint=Text("As in: 3, or 1-20,25. See who has which: optout person list"),
        ) from None


def check_actor(desk: Desk, typed: str) -> None:
    """Refuse a name that is not one of the office's people; without an office, any name goes."""
    if typed and clinic_of(desk.vault) is not None:
        check_responsible(the_clinic(desk.vault), typed)


def has_four_eyes(desk: Desk) -> bool:
    """Say whether whoever prepares may not approve."""
    clinic = clinic_of(desk.vault)
    return clinic is not None and clinic.four_eyes


def types_count(desk: Desk, question: Text, count: int) -> bool:
    """Ask for the exact count: nobody types it without having seen how many there are."""
    return desk.person.type_word(question, Text("{count}", count=count))


def names_of(clients: Iterable[Client]) -> tuple[str, ...]:
    """Return the names of clients, for a sentence."""
    return tuple(client.name for client in clients)

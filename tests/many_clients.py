"""An office with many clients at a desk: real vault, shipped companies, an obedient person."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from optout.model.broker import Slug
from optout.model.clinic import CheckResult
from optout.model.request import Delivery
from optout.model.secret import Secret
from optout.model.subject import (
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Share,
    Subject,
)
from optout.model.words import By
from optout.rules.presence import QUESTIONS
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.workflows.approve_many import approve_all, look_through
from optout.workflows.authorizations import record_signature, write_in_own_name
from optout.workflows.clients import Client, chosen_clients, desk_for_many
from optout.workflows.clinic import clinic_of
from optout.workflows.conflict import record_all_without_hits, record_check, search
from optout.workflows.desk import Desk
from optout.workflows.make_plan import Wish
from optout.workflows.plan_many import accept_many, plan_many
from optout.workflows.signed_scope import scope_of
from tests.conftest import World, desk_without_browser, sample_subject

EVERY_YES = {question.key: True for question in QUESTIONS}
POST = Wish(prefer=By.POST)


@dataclass(slots=True)
class Counting(ScriptedPerson):
    """Types the counts that are asked for, unless it was told to type something else."""

    types: list[str] = field(default_factory=list)

    def type_word(self, question: Text, word: Text) -> bool:
        self._hear(question)
        return self.types.pop(0) == word.english() if self.types else True


def marked_client(number: int, *, draw: random.Random | None = None) -> Subject:
    """Return a client each of whose facts holds a mark that nobody else's has."""
    draw = draw or random.Random(number)
    mark = f"Zq{number:03d}x{draw.randrange(10**6):06d}"
    facts = sample_subject(mark)
    given = tuple(
        replace(
            fact,
            share=Share.ASK,
            value=PersonName(given=mark, family="Sample")
            if isinstance(fact.value, PersonName)
            else PostalAddress(street=f"7 {mark} Street", city="Denver", state="CO", zip="80202")
            if isinstance(fact.value, PostalAddress)
            else Secret(f"{mark}@example.com")
            if "@" in str(getattr(fact.value, "reveal", str)())
            else fact.value,
        )
        for fact in facts.identifiers
    )
    box = PostalAddress(street=f"P.O. Box {mark}", city="Denver", state="CO", zip="80201")
    reply = (
        ReplyTo(kind=ReplyKind.PO_BOX, address=box),
        ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret(f"{mark}@example.test")),
    )
    return replace(facts, identifiers=given, reply_to=reply, label=Secret(mark))


def mark_of(client: Client) -> str:
    return client.subject.label.reveal()


def office(
    world: World, folder: Path, count: int, *, only: Sequence[str] = (), person: object = None
) -> tuple[Desk, tuple[Client, ...]]:
    """Return a desk with so many clients, each with every letter by post on their list."""
    desk, clients = desk_with(world, folder, count, person=person)
    if clinic := clinic_of(desk.vault):
        checked(desk, clinic.responsible[0])
    wish = replace(POST, only=tuple(map(Slug, only)))
    planned = plan_many(desk, clients, dict.fromkeys((c.number for c in clients), EVERY_YES), wish)
    accept_many(desk, planned)
    return desk, clients


def desk_with(
    world: World, folder: Path, count: int, *, person: object = None
) -> tuple[Desk, tuple[Client, ...]]:
    with world.vault.together():
        for number in range(1, count + 1):
            world.vault.subjects.add(marked_client(number))
    desk = desk_without_browser(world, folder, person=person or Counting())
    desk = desk_for_many(desk)
    _check_conflicts(desk)
    return desk, chosen_clients(desk, ())


def _check_conflicts(desk: Desk) -> None:
    """Write down, in an office, that nobody here is against anybody."""
    clinic = clinic_of(desk.vault)
    for subject in desk.vault.subjects.list() if clinic else ():
        found = search(desk.vault, subject)
        by = clinic.responsible[0] if clinic else ""
        record_check(desk, found, CheckResult.CLEAR, by=by, note="made-up people")


def checked(desk: Desk, by: str) -> None:
    """Write down of everybody that no name of theirs stands in another file."""
    record_all_without_hits(desk, by=by)


def signed(desk: Desk, clients: Sequence[Client], folder: Path) -> None:
    """Write down of each client that they signed for everything on their list."""
    scan = folder / "signed.pdf"
    scan.write_bytes(b"%PDF-1.7 signed")
    for client in clients:
        until = desk.today(client.subject) + timedelta(days=90)
        scope = scope_of(desk, client.subject, until)
        paper = write_in_own_name(desk, client.subject, scope)
        record_signature(desk, paper.reference, scan)


def approved(desk: Desk, clients: Sequence[Client]) -> int:
    """Approve every letter by post of these clients."""
    return approve_all(desk, look_through(desk, clients, {By.POST}))[0]


def delivered(desk: Desk) -> dict[Delivery, int]:
    """Return how many letters by post stand where."""
    found: dict[Delivery, int] = {}
    for message in desk.vault.messages.list():
        if message.by is By.POST:
            found[message.delivery] = found.get(message.delivery, 0) + 1
    return found

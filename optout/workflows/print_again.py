"""Write a printed stack once more, from the very pages that are kept: the printer ate some.

It says so on its first sheet and in the history, because the first print may be in the mail. What
may not go any more (a paper taken back, a conflict, a closed file) is not written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from optout.drafting.letter import Letter
from optout.drafting.print_pages import Separator, ToDo, separators
from optout.drafting.stack import Paper, stacked
from optout.errors import OptoutError, Refused, WrongUsage
from optout.i18n import language, say
from optout.model.record import EvidenceKind
from optout.model.request import Delivery, Message
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.approve import check_gates, prepare
from optout.workflows.approve_many import left_out
from optout.workflows.authorizations import check_signed_scope
from optout.workflows.clients import Client, LeftOut, all_clients
from optout.workflows.desk import Desk, errand_for
from optout.workflows.exports import NewFile, check_place, written_together
from optout.workflows.print_run import (
    AGAIN,
    PRINTED_AGAIN,
    PrintChoice,
    address_files,
    addressed_as,
    check_choice,
    printed_stacks,
    stack_file,
    stack_first,
)
from optout.workflows.send_paper import desk_then


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What was written again: its files, the stack first."""

    paths: tuple[Path, ...]
    letters: int
    left: int  # of the stack: posted or taken back
    may_not: tuple[LeftOut, ...]  # printed once, and not allowed to go any more
    changed: int  # letters that have no envelope or label, though these were wanted


def print_again(desk: Desk, number: str, choice: PrintChoice) -> Again:
    """Write the letters of a stack that were not posted, with the envelopes and labels wanted."""
    check_choice(choice)
    wanted = number.strip().upper()
    ids = printed_stacks(desk).get(wanted)
    if ids is None:
        raise WrongUsage(
            Text("No stack has that number."),
            known=Text("Nothing was printed."),
            hint=Text("See the stacks with: optout clinic posted"),
        )
    messages = desk.vault.messages.get_many(ids)
    here = [messages[each] for each in ids if each in messages]
    printed = [each for each in here if each.delivery is Delivery.HANDED_OVER]
    if not printed:
        raise Refused(
            Text("No letter of it waits to be posted."), known=Text("Nothing was printed.")
        )
    clients = {client.subject.id: client for client in all_clients(desk)}
    found, may_not = _that_still_may_go(desk, printed, clients)
    again = [message for message, _letter in found]
    if not again:
        raise Refused(
            Text("None of its letters may go any more. {why}", why=may_not[0].said()),
            known=Text("Nothing was printed."),
            hint=Text("Take them out of the first print, too."),
        )
    papers = _papers(desk, wanted, again, clients)
    pages = stacked(papers, title=wanted, two_sided=choice.two_sided)
    check_place(desk, len(pages))
    name = _free_name(desk, wanted)
    beside, changed = _beside(found, choice, name)
    with (
        written_together(desk, chain(beside, [stack_file(name, pages)])) as paths,
        desk.vault.together(),
    ):
        desk.vault.events.record(PRINTED_AGAIN, name, *(each.id for each in again))
    return Again(
        paths=stack_first(paths),
        letters=len(again),
        left=len(here) - len(printed),
        may_not=may_not,
        changed=changed,
    )


def _free_name(desk: Desk, number: str) -> str:
    taken = {Path(export.path.reveal()).name for export in desk.vault.exports.list()}
    names = (f"{number}{AGAIN}{count}" for count in range(1, len(taken) + 2))
    return next(name for name in names if f"papers-{name}.pdf" not in taken)


def _that_still_may_go(
    desk: Desk, printed: Sequence[Message], clients: Mapping[SubjectId, Client]
) -> tuple[list[tuple[Message, Letter | None]], tuple[LeftOut, ...]]:
    """Return the letters that today's rules let go, as printed, and the others with the reason."""
    found, left = [], []
    for message in printed:
        try:
            found.append((message, _as_printed(desk, message)))
        except OptoutError as error:
            left.append(left_out(clients[message.subject_id], message, desk, error.what))
    return found, tuple(left)


def _as_printed(desk: Desk, message: Message) -> Letter | None:
    """Return a letter as it was printed; None where it would not be the same any more.

    An envelope with a new address around a letter with the old one would go astray.
    """
    errand = errand_for(desk, message)
    check_gates(desk, errand)  # of today: what was allowed on the day of the yes may not be now
    attempt = desk.vault.outbox.last_attempt(message.id)
    assert attempt is not None  # it was printed
    approval = desk.vault.approvals.get(attempt.approval_id)
    prepared = prepare(desk_then(desk, approval), errand)
    check_signed_scope(desk, errand, prepared.payload.values)
    return prepared.letter if prepared.digest == approval.digest else None


def _beside(
    found: Sequence[tuple[Message, Letter | None]], choice: PrintChoice, name: str
) -> tuple[Iterator[NewFile], int]:
    """Return envelopes and labels where they are wanted; count the letters that have none."""
    if not (choice.envelopes or choice.labels):
        return iter(()), 0
    addressed = [addressed_as(letter, each.reference) for each, letter in found if letter]
    files = address_files(addressed, choice, name) if addressed else iter(())
    return files, len(found) - len(addressed)


def _papers(
    desk: Desk, number: str, again: Sequence[Message], clients: Mapping[SubjectId, Client]
) -> Iterator[Paper]:
    title = say(Text("Printed again: {stack}", stack=number))
    letters = tuple(_to_do(desk, clients[each.subject_id], each) for each in again)
    sheet = Separator(title=title, letters=letters)
    yield from separators([sheet], stack=number, language=language())
    for message, letter in zip(again, letters, strict=True):
        yield Paper(title=letter.title, pdf=_pages(desk, message))


def _to_do(desk: Desk, client: Client, message: Message) -> ToDo:
    return ToDo(
        title=f"{message.reference}  {client.name}",
        note=desk.find_broker(message.broker).called(),
        lines=(say(Text("The first print is not in the mail. If it is, destroy this one.")),),
    )


def _pages(desk: Desk, message: Message) -> bytes:
    """Return the newest proof of a letter: the pages that were printed."""
    kept = [
        card
        for card in desk.vault.evidence.for_message(message.id)
        if card.kind is EvidenceKind.LETTER
    ]
    pages = desk.vault.evidence.read(kept[-1].id)
    desk.vault.evidence.close(message.subject_id)
    return pages

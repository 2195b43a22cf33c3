"""Write a printed stack once more, from the very pages that are kept: the printer ate some.

It says so on its first sheet and in the history, because the first print may be in the mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from optout.drafting.print_pages import Separator, ToDo, separator_pdf
from optout.drafting.stack import Paper, stacked
from optout.errors import Refused, WrongUsage
from optout.i18n import language, say
from optout.model.record import EvidenceKind
from optout.model.request import Delivery, Message
from optout.text import Text
from optout.workflows.clients import Client, all_clients
from optout.workflows.desk import Desk
from optout.workflows.exports import check_place, put_in_place, write_aside
from optout.workflows.print_run import STACK, PrintChoice, printed_stacks

PRINTED_AGAIN = "letters.printed-again"


def print_again(desk: Desk, number: str, choice: PrintChoice) -> tuple[Path, int, int]:
    """Write the letters of a stack that were not posted; return where, how many, how many not."""
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
    again = [each for each in here if each.delivery is Delivery.HANDED_OVER]
    if not again:
        raise Refused(
            Text("All its letters are written down as posted."), known=Text("Nothing was printed.")
        )
    pages = stacked(_papers(desk, wanted, again), title=wanted, two_sided=choice.two_sided)
    check_place(desk, len(pages))
    aside = write_aside(desk, _free_name(desk, wanted), STACK, pages)
    with desk.vault.together():
        desk.vault.events.record(PRINTED_AGAIN, wanted, *(each.id for each in again))
    put_in_place(aside)
    return aside.path, len(again), len(here) - len(again)


def _free_name(desk: Desk, number: str) -> str:
    taken = {Path(export.path.reveal()).name for export in desk.vault.exports.list()}
    names = (f"papers-{number}-again-{count}.pdf" for count in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _papers(desk: Desk, number: str, again: list[Message]) -> Iterator[Paper]:
    title = say(Text("Printed again: {stack}", stack=number))
    clients = {client.subject.id: client for client in all_clients(desk)}
    letters = tuple(_to_do(desk, clients[each.subject_id], each) for each in again)
    sheet = Separator(title=title, stack=number, letters=letters, language=language())
    yield Paper(title=title, begins_group=True, pdf=separator_pdf(sheet))
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

"""Write down for many letters at once that they were posted: a stack, some of it, or a table.

Being printed and being posted are two facts. What was written down before stays, so a run that was
cut short goes on with the same command.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from optout.errors import OptoutError, WrongUsage
from optout.model.request import Delivery, Message, MessageId
from optout.model.words import By
from optout.text import Text
from optout.workflows.approve_many import left_out
from optout.workflows.clients import NOTHING_DONE, LeftOut, all_clients
from optout.workflows.desk import Desk, as_reference, find_message
from optout.workflows.mailing_table import PostedLine
from optout.workflows.print_run import printed_stacks
from optout.workflows.send_paper import mark_sent, take_back


@dataclass(frozen=True, slots=True, kw_only=True)
class StackStands:
    """How far one stack is: printed and posted are counted apart."""

    number: str
    printed: int
    posted: int
    waiting: int  # printed, and neither posted nor taken back


@dataclass(slots=True, kw_only=True)
class Posted:
    """What was written down, what had been before, and what could not be."""

    posted: int = 0
    taken_back: int = 0
    before: int = 0
    left_out: list[LeftOut] = field(default_factory=list)


def stacks(desk: Desk) -> tuple[StackStands, ...]:
    """Return every stack with its counts, oldest first."""
    return tuple(
        _stands(number, desk.vault.messages.get_many(ids))
        for number, ids in printed_stacks(desk).items()
    )


def lines_of(desk: Desk, named: Sequence[str], excepted: Collection[str]) -> tuple[PostedLine, ...]:
    """Return the letters that were named, by their stack or one by one, without the excepted."""
    known = printed_stacks(desk)
    kept_back = {as_reference(each) for each in excepted}
    found: dict[str, PostedLine] = {}
    for typed in named:
        stack = known.get(typed.strip().upper())
        if stack is None:
            message = _letter_named(desk, typed)
            found[message.reference] = PostedLine(reference=message.reference, on=None)
            continue
        messages = desk.vault.messages.get_many(stack)
        for message_id in stack:
            if message_id in messages:  # a client who was erased is not
                reference = messages[message_id].reference
                found[reference] = PostedLine(reference=reference, on=None)
    unknown = kept_back - found.keys()
    if unknown:
        raise WrongUsage(
            Text("These are not among the letters you named: {refs}", refs=tuple(sorted(unknown))),
            known=NOTHING_DONE,
        )
    return tuple(line for line in found.values() if line.reference not in kept_back)


def _letter_named(desk: Desk, typed: str) -> Message:
    """Return one letter, or say that there is neither a letter nor a stack of that number."""
    try:
        return find_message(desk, typed)
    except WrongUsage:
        waiting = tuple(each.number for each in stacks(desk) if each.waiting)
        raise WrongUsage(
            Text("There is no stack and no letter with the number {typed}.", typed=typed.strip()),
            known=NOTHING_DONE,
            hint=Text(
                "Stacks that are not posted: {stacks}. See: optout clinic posted", stacks=waiting
            )
            if waiting
            else Text("No printed stack waits to be posted. See: optout clinic posted"),
        ) from None


def post_all(
    desk: Desk, lines: Sequence[PostedLine], *, on: date | None, not_posted: bool = False
) -> Posted:
    """Write down of each letter that it was posted, or that it was not after all.

    One that cannot be is named, and the rest goes on.
    """
    found = Posted()
    clients = {client.subject.id: client for client in all_clients(desk)}
    for line, message in [(line, _letter(desk, line)) for line in lines]:
        if message.delivery is Delivery.SENT:
            found.before += 1
            continue
        try:
            if not_posted:
                take_back(desk, message.reference)
                found.taken_back += 1
            else:
                mark_sent(desk, message.reference, on=line.on or on, tracking=line.tracking)
                found.posted += 1
        except OptoutError as error:
            client = clients[message.subject_id]
            found.left_out.append(left_out(client, message, desk, error.what))
    return found


def _letter(desk: Desk, line: PostedLine) -> Message:
    """Return the letter of a line; a wrong reference is told before anything is written down."""
    try:
        message = find_message(desk, line.reference)
    except OptoutError as error:
        what = Text("{r}: {what}", r=line.reference, what=error.what)
        raise WrongUsage(what, known=NOTHING_DONE) from None
    if message.by is not By.POST:
        raise WrongUsage(
            Text("{r} does not go by post.", r=line.reference),
            known=NOTHING_DONE,
            hint=Text("Say it with: optout letter post {r}", r=line.reference),
        )
    return message


def _stands(number: str, messages: Mapping[MessageId, Message]) -> StackStands:
    deliveries = [message.delivery for message in messages.values()]
    return StackStands(
        number=number,
        printed=len(deliveries),
        posted=deliveries.count(Delivery.SENT),
        waiting=deliveries.count(Delivery.HANDED_OVER),
    )

"""Look through the letters of many clients and say yes to all: each yes names exactly one letter.

A batch takes letters, mails and forms that go to companies. What a page makes only the person
attest or prove, what goes to an office, a definition that nobody else has checked, and what a
helper files for an adult without a signature is looked at one by one. With four eyes, whoever put
it on the list cannot approve it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from optout.drafting.plan_table import TableRow, table_csv, table_html
from optout.errors import NeedsPerson, OptoutError
from optout.model.broker import Broker, Channel
from optout.model.payload import Newness
from optout.model.request import Approval, Delivery, Message, Purpose
from optout.model.subject import Acting
from optout.model.words import By
from optout.rules.outside import is_outside
from optout.rules.used_fields import wants_proof
from optout.text import Counted, Text
from optout.words import word
from optout.workflows.approve import (
    Prepared,
    check_gates,
    confirm_contact,
    keep_yes,
    prepare,
)
from optout.workflows.arrived_after_all import check_not_asked_again
from optout.workflows.authorizations import check_signed_scope, is_allowed_by_signature
from optout.workflows.clients import Client, LeftOut, types_count
from optout.workflows.clinic import clinic_of
from optout.workflows.desk import Desk, Errand, errand_for
from optout.workflows.failed_address import check_looked_up
from optout.workflows.follow_up import check_still_due
from optout.workflows.four_eyes import FourEyes
from optout.workflows.leave_request import check_not_left
from optout.workflows.plan_many import write_both
from optout.workflows.send_paper import desk_then

LASTS: Final = timedelta(days=14)  # a letter bears the day of its yes: an old one is looked at anew
_IN_A_BATCH: Final = frozenset({Purpose.REQUEST, Purpose.REMINDER, Purpose.APPEAL})
_WAITS: Final = (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)
WAYS: Final = frozenset({By.POST, By.EMAIL, By.WEB})
_TOGETHER: Final = 200  # yeses in one commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One letter as it was shown in the table, and the fingerprint of all that is in it."""

    client: Client
    message: Message
    digest: str
    row: TableRow
    is_new: bool  # it tells the company something NEW


@dataclass(slots=True, kw_only=True)
class Looked:
    """What a look through many letters found."""

    shown: list[Shown] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    approved: int = 0  # earlier, and still as it was shown then

    @property
    def with_new(self) -> int:
        """Return how many letters tell a company something NEW."""
        return sum(each.is_new for each in self.shown)


def look_through(desk: Desk, clients: Sequence[Client], ways: Collection[By] = WAYS) -> Looked:
    """Prepare every letter, mail and form of these clients that waits; what cannot go is named."""
    found = Looked()
    waiting = waiting_messages(desk, clients, ways)
    yeses = desk.vault.approvals.unused(message.id for _client, message in waiting)
    eyes = FourEyes.of(desk)
    refused: dict[object, OptoutError] = {}
    for client, message in waiting:
        try:
            errand = errand_for(desk, message)
            if _still_approved(desk, errand, yeses.get(message.id)):
                found.approved += 1
                continue
            eyes.check(message.id, desk.vault.actor)
            found.shown.append(_shown(desk, client, errand, refused))
        except OptoutError as error:
            found.left_out.append(left_out(client, message, desk, error.what))
    return found


def waiting_messages(
    desk: Desk, clients: Collection[Client], ways: Collection[By]
) -> tuple[tuple[Client, Message], ...]:
    """Return what of these clients is unsent and goes by one of these ways, client by client."""
    wanted = {client.subject.id: client for client in clients}
    unsent = desk.vault.messages.list(deliveries=_WAITS)
    mine = [
        (wanted[message.subject_id], message)
        for message in unsent
        if message.by in ways
        and message.purpose in _IN_A_BATCH
        and message.subject_id in wanted
        and message.request_ids
    ]
    return tuple(sorted(mine, key=lambda pair: pair[0].number))


def left_out(client: Client, message: Message, desk: Desk, why: Text) -> LeftOut:
    """Return what is said of one letter that a command for many leaves out."""
    try:
        company = desk.find_broker(message.broker).called()
    except OptoutError:
        company = message.broker
    return LeftOut(client=client, why=why, what=f"{message.reference} {company}")


def prepare_as_approved(desk: Desk, errand: Errand, approval: Approval) -> Prepared | None:
    """Prepare a letter as it was on the day of its yes; None where it is not the same any more."""
    if desk.clock() - approval.approved_at > LASTS:
        return None
    check_gates(desk, errand)  # of today: what was allowed on that day may not be any more
    prepared = prepare(desk_then(desk, approval), errand)
    check_signed_scope(desk, errand, prepared.payload.values)
    return prepared if prepared.digest == approval.digest else None


def write_approval_table(desk: Desk, looked: Looked) -> tuple[Path, Path]:
    """Write what would be said yes to, as a table and as a page; both are listed as exports."""
    rows = [each.row for each in looked.shown]
    page = table_html(
        rows,
        title=Text("To approve"),
        lead=(
            Text(
                "Letters, mails and forms: {count}. They tell a company something NEW in {new} of "
                "them.",
                count=len(rows),
                new=looked.with_new,
            ),
        ),
        left=[each.said() for each in looked.left_out],
    )
    return write_both(desk, table_csv(rows), page, "letters to approve")


def says_yes_to_letters(desk: Desk, looked: Looked) -> bool:
    """Ask for the count of letters; where something is NEW to a company, for that count too."""
    ways = {each.message.by for each in looked.shown}
    first = _counted(len(looked.shown), only_letters=ways == {By.POST})
    if not types_count(desk, first, len(looked.shown)):
        return False
    if not looked.with_new:
        return True
    second = Counted(
        "1 of them tells a company something NEW. If that is right, type 1.",
        "{count} of them tell a company something NEW. If that is right, type this number.",
        count=looked.with_new,
    )
    return types_count(desk, second, looked.with_new)


def _counted(count: int, *, only_letters: bool) -> Text:
    if only_letters:
        return Counted(
            "1 letter is in the table. To say yes to it, type 1.",
            "{count} letters are in the table. To say yes to every one of them, type their number.",
            count=count,
        )
    return Counted(
        "1 mail or form is in the table. To say yes to it, type 1.",
        "{count} letters, mails and forms are in the table. To say yes to every one of them, type "
        "their number.",
        count=count,
    )


def approve_all(desk: Desk, looked: Looked) -> tuple[int, list[LeftOut]]:
    """Keep one yes for each letter that was shown; what another window changed is left out."""
    count, left = 0, []
    for start in range(0, len(looked.shown), _TOGETHER):
        with desk.vault.together():
            for each in looked.shown[start : start + _TOGETHER]:
                try:
                    keep_yes(desk, each.message, each.digest)
                except OptoutError as error:
                    left.append(left_out(each.client, each.message, desk, error.what))
                else:
                    count += 1
    return count, left


def _still_approved(desk: Desk, errand: Errand, approval: Approval | None) -> bool:
    if approval is None or errand.message.delivery is not Delivery.READY:
        return False
    try:
        return prepare_as_approved(desk, errand, approval) is not None
    except OptoutError:
        return False


def _shown(desk: Desk, client: Client, errand: Errand, refused: dict[object, OptoutError]) -> Shown:
    check_may_go(desk, errand)
    prepared = prepare(desk, errand)
    _confirm_once(desk, errand, refused)
    fields = prepared.newness.items()
    return Shown(
        client=client,
        message=errand.message,
        digest=prepared.digest,
        is_new=Newness.NEW in prepared.newness.values(),
        row=TableRow(
            number=client.number,
            client=client.subject.label.reveal(),
            company=errand.broker.called(),
            rights=tuple(word(request.right) for request in errand.requests),
            by=_by(errand),
            laws=tuple(
                Text("{law}", law=desk.law(request.law).name) for request in errand.requests
            ),
            known=tuple(word(one) for one, how in fields if how is Newness.KNOWN),
            new=tuple(word(one) for one, how in fields if how is Newness.NEW),
            reference=errand.reference,
        ),
    )


def _by(errand: Errand) -> Text:
    way = word(errand.message.by)
    if errand.message.as_agent:
        return Text("{by}, in the office's name", by=way)
    return way


def check_may_go(desk: Desk, errand: Errand) -> None:
    """Raise for what is off the list, not due any more, or only ever looked at by itself."""
    check_not_left(errand)
    check_not_asked_again(desk, errand)
    check_still_due(desk, errand)
    why = _why_alone(desk, errand)
    if why:
        raise NeedsPerson(
            why,
            known=Text("Nothing was approved or printed."),
            hint=Text("Look at it by itself: optout file {r}", r=errand.reference),
        )


_EACH_BY_ITSELF: Final = Text(
    "You help this adult, who says yes to each request: look at it by itself."
)
_NOT_SIGNED: Final = Text(
    "The client has signed nothing for it, so they say yes to each request: look at it by itself, "
    "or first: optout clinic authorize"
)


def _why_alone(desk: Desk, errand: Errand) -> Text | None:
    if errand.subject.acting is Acting.HELPER and not is_allowed_by_signature(desk, errand):
        return _EACH_BY_ITSELF if clinic_of(desk.vault) is None else _NOT_SIGNED
    if errand.broker.local or is_outside(errand.broker.slug):
        return Text("Nobody else has checked this definition: look at it by itself.")
    return what_only_they_do(errand.broker, errand.channels, errand.message.by)


def what_only_they_do(broker: Broker, channels: Sequence[Channel], by: By) -> Text | None:
    """Return why nobody else can ask this way for a person, if it is so."""
    if any(channel.attests for channel in channels):
        return Text("It makes the person swear or agree to something: look at it by itself.")
    if any(wants_proof(broker, each, by) for each in channels):
        return Text("It makes the person show who they are: look at it by itself.")
    return None


def _confirm_once(desk: Desk, errand: Errand, refused: dict[object, OptoutError]) -> None:
    """Ask about an address that is not sure once, and not for each client again."""
    place = (errand.message.broker, errand.message.channel_right, errand.message.channel_key)
    if place in refused:
        raise refused[place]
    try:
        confirm_contact(desk, errand)
        check_looked_up(desk, errand)
    except NeedsPerson as error:
        refused[place] = error
        raise

"""Erase a client of an office: on a ground, by a lawyer's decision, with no hold, and a receipt.

The receipt names nobody: a number, the day, the ground, who decided. It stays in the locked folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import say
from optout.rules.days import in_words
from optout.text import Text
from optout.vault.erase import Erased
from optout.vault.ids import new_reference
from optout.workflows.clients import Client, all_clients
from optout.workflows.clinic import clinic_of, the_clinic
from optout.workflows.desk import Desk
from optout.workflows.exports import CLIENT_FILE, write_export
from optout.workflows.signed_papers import has_closing_letter
from optout.workflows.what_runs import still_runs

NOTHING_ERASED: Final = Text("Nothing was erased.")
_DECIDED: Final = "erasure.decided"
_ERASED: Final = "subject.erased"
_FEWEST_NAMES: Final = 2


class ErasureGround(StrEnum):
    """Why an office erases a client."""

    CLIENT_ASKED = "client-asked"  # in writing
    PERIOD_OVER = "period-over"
    FILE_DELIVERED = "file-delivered"
    NOTICE_SENT = "notice-sent"


GROUND_WORDS: Final = {
    ErasureGround.CLIENT_ASKED: Text("the client asked for it in writing"),
    ErasureGround.PERIOD_OVER: Text("the time is over for which the file was kept"),
    ErasureGround.FILE_DELIVERED: Text("the client has the file"),
    ErasureGround.NOTICE_SENT: Text("the client was told, and had time to answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That one client was erased: when, why, by whose decision, and by whose hand. No client."""

    number: str
    on: date
    ground: ErasureGround
    lawyer: str
    by: str

    def said(self) -> Text:
        """Return the receipt as one sentence after the other."""
        return Text(
            "Receipt {number}. On {day} everything about one client was erased from the locked "
            "folder of this office. Ground: {ground}. Decided by: {lawyer}, lawyer. Done by: {by}.",
            number=self.number,
            day=in_words(self.on),
            ground=GROUND_WORDS[self.ground],
            lawyer=self.lawyer,
            by=self.by,
        )


def check_may_erase(desk: Desk, client: Client, ground: ErasureGround, lawyer: str) -> str:
    """Return the lawyer's name as it is kept; refuse without one, under a hold, or too early.

    Too early is while the file is open, except where the client asked for it: that may not wait.
    """
    the_clinic(desk.vault)
    matter = desk.vault.matters.get(client.subject.id)
    name = " ".join(lawyer.split())
    if len(name.split()) < _FEWEST_NAMES or any(letter.isdigit() for letter in name):
        raise WrongUsage(
            Text("A lawyer decides this. Their whole name is missing."),
            known=NOTHING_ERASED,
            hint=Text('Say who decided: --lawyer "Sam Example"'),
        )
    if matter.hold:
        raise Refused(
            Text("A lawyer said that nothing of this client may be erased."),
            known=NOTHING_ERASED,
            hint=Text("When the hold is over: optout clinic hold {n} --release", n=client.number),
        )
    if ground is ErasureGround.CLIENT_ASKED:
        return name
    if matter.closed_on is None:
        raise NeedsPerson(
            Text("The file of {client} is still open.", client=client.name),
            known=NOTHING_ERASED,
            hint=Text("First: optout clinic close {n}", n=client.number),
        )
    if ground is ErasureGround.PERIOD_OVER:
        _check_period(matter.keep_until, desk.today(client.subject), client)
    elif ground is ErasureGround.FILE_DELIVERED:
        _check_file_written(desk, client)
    else:
        _check_notice_written(desk, client)
    return name


def _check_file_written(desk: Desk, client: Client) -> None:
    """Refuse where no file was ever written that the client could have."""
    if all(each.what != CLIENT_FILE for each in desk.vault.exports.about(client.subject.id)):
        raise Refused(
            Text("No file was ever written for this client."),
            known=NOTHING_ERASED,
            hint=Text("Write it, then give it to them: optout clinic close {n}", n=client.number),
        )


def _check_notice_written(desk: Desk, client: Client) -> None:
    """Refuse where no closing letter was ever written; a draft is none."""
    if not has_closing_letter(desk, client.subject.id):
        raise Refused(
            Text("No closing letter was ever written for this client."),
            known=NOTHING_ERASED,
            hint=Text(
                "Write it, then give them time: optout clinic papers write closing --person {n}",
                n=client.number,
            ),
        )


def _check_period(keep_until: date | None, today: date, client: Client) -> None:
    if keep_until is None:
        raise Refused(
            Text("Nobody wrote down until when this file is kept."),
            known=NOTHING_ERASED,
            hint=Text("Say it with: optout clinic close {n} --keep-until DATE", n=client.number),
        )
    if today <= keep_until:
        raise Refused(
            Text("This file is kept until {day}.", day=in_words(keep_until)), known=NOTHING_ERASED
        )


def erase_file(
    desk: Desk, client: Client, ground: ErasureGround, lawyer: str
) -> tuple[Receipt, Erased]:
    """Erase one client after the typed word; return the receipt, and what still holds them."""
    lawyer = check_may_erase(desk, client, ground, lawyer)
    for line in still_runs(desk, client):
        desk.person.tell(line)
    question = Text(
        "This erases {name}: facts, requests, letters, answers, papers, checks and proof. It "
        "cannot be undone.",
        name=client.name,
    )
    if not desk.person.type_word(question, Text("erase")):
        raise Refused(Text("You said no."), known=NOTHING_ERASED)
    receipt = Receipt(
        number=new_reference(),
        on=desk.day_here(desk.clock()),
        ground=ground,
        lawyer=lawyer,
        by=desk.vault.actor,
    )
    _write_down(desk, client, receipt)
    try:
        erased = desk.vault.subjects.forget(client.subject.id)
    except OptoutError:
        desk.vault.settings.set(_setting(receipt.number), None)  # it did not come about
        raise
    return receipt, erased


def _write_down(desk: Desk, client: Client, receipt: Receipt) -> None:
    """Keep the receipt before the erasure: one that is cut short is still told."""
    kept = {
        "on": receipt.on.isoformat(),
        "ground": receipt.ground,
        "lawyer": receipt.lawyer,
        "by": receipt.by,
    }
    with desk.vault.together():
        desk.vault.events.record(_DECIDED, client.subject.id, receipt.number)
        desk.vault.settings.set(_setting(receipt.number), json.dumps(kept))


def _setting(number: str) -> str:
    return f"erasure.{number}"


def receipts(desk: Desk) -> Iterator[Receipt]:
    """Yield every receipt of this office, oldest first."""
    erased = {event.ids[0] for event in desk.vault.events.with_code(_ERASED)}
    for event in desk.vault.events.with_code(_DECIDED):
        number = event.ids[-1]
        kept = json.loads(str(desk.vault.settings.get(_setting(number)) or "{}"))
        if kept and event.ids[0] in erased:
            yield Receipt(
                number=number,
                on=date.fromisoformat(kept["on"]),
                ground=ErasureGround(kept["ground"]),
                lawyer=kept["lawyer"],
                by=kept["by"],
            )


def write_receipt(desk: Desk, receipt: Receipt) -> Path:
    """Write a receipt as a text for the office's own binder; it names no client."""
    content = f"{say(receipt.said())}\n".encode()
    return write_export(desk, f"receipt-{receipt.number}.txt", "receipt", content)


def check_is_no_offices(desk: Desk, number: str) -> None:
    """Refuse to forget somebody of an office by the short way."""
    if clinic_of(desk.vault) is not None:
        raise NeedsPerson(
            Text("This folder is an office's. A client is erased on a ground, by a lawyer's word."),
            known=NOTHING_ERASED,
            hint=Text("optout clinic erase {n} --ground GROUND --lawyer NAME", n=number),
        )


def held_clients(desk: Desk) -> tuple[Client, ...]:
    """Return the clients of whom nothing may be erased."""
    held = {each.subject_id for each in desk.vault.matters.list() if each.hold}
    return tuple(client for client in all_clients(desk) if client.subject.id in held)


def clients_past_their_time(desk: Desk) -> tuple[tuple[Client, date], ...]:
    """Return the closed clients whose promised time is over, and who are not held; with its day."""
    ends = {
        each.subject_id: each.keep_until
        for each in desk.vault.matters.list()
        if each.closed_on and each.keep_until and not each.hold
    }
    return tuple(
        (client, until)
        for client in all_clients(desk)
        if (until := ends.get(client.subject.id)) and until < desk.today(client.subject)
    )

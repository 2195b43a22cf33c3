"""Walks the whole road as a person made of 40 markers; run by test_markers.py in its own process.

Everything is noisy on purpose: logging at DEBUG, DEBUG=pw:api set, and errors with their full
tracebacks on the error stream.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from optout.errors import OptoutError
from optout.model.fields import IdentifierKind
from optout.model.listing import Listing
from optout.model.note import Note
from optout.model.record import Answer
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    Share,
)
from optout.sample.demo import practice_desk, walk_road
from optout.sample.people import JORDAN
from optout.sample.servers import sample_world
from optout.vault.backup import backup
from optout.vault.ids import new_id
from optout.workflows.confirm import confirm_by_mail
from optout.workflows.desk import Desk
from optout.workflows.file_message import file_message
from optout.workflows.record_answer import record_answer
from optout.workflows.rehearse import rehearse

MARKERS = tuple(f"Zq{number:02d}Mark{number * 7919 % 10007:05d}" for number in range(40))


def marked_facts() -> list[Identifier]:
    """Return facts of every kind, each of whose parts is a marker."""
    left = list(MARKERS)
    values: list[tuple[IdentifierKind, IdentifierValue]] = []
    for _round in range(5):
        values.append((IdentifierKind.ALIAS, PersonName(given=left.pop(), family=left.pop())))
        values.append((IdentifierKind.EMAIL, Secret(f"{left.pop()}@example.com")))
        address = PostalAddress(street=f"1 {left.pop()}", city=left.pop(), state="CO", zip="80202")
        values.append((IdentifierKind.ADDRESS, address))
    return [
        Identifier(id=IdentifierId(f"marked-{at}"), kind=kind, value=value, share=Share.ASK)
        for at, (kind, value) in enumerate(values)
    ]


def walk(folder: Path) -> None:
    """Walk, provoke errors, write every kind of thing that holds a value, and back up."""
    used = len(MARKERS) - 25
    own = MARKERS[:used]
    old = {fact.kind: fact for fact in JORDAN.identifiers}
    name = PersonName(given="Jordan", middle=own[0], family="Sample")
    home = PostalAddress(
        street=f"7 {own[1]} Street", unit=own[2], city="Denver", state="CO", zip="80202"
    )
    since = date(2015, 6, 1)
    main = [
        replace(old[IdentifierKind.NAME], value=name),
        replace(old[IdentifierKind.ADDRESS], value=home, valid_from=since),
        replace(old[IdentifierKind.BIRTH_DATE], valid_from=since),
        replace(old[IdentifierKind.PHONE], valid_from=since),
    ]
    reply = replace(JORDAN.reply_to[0], email=Secret(f"{own[3]}@example.com"))
    box = PostalAddress(street=f"P.O. Box {own[4]}", city=own[5], state="CO", zip="80201")
    person = replace(
        JORDAN,
        label=Secret(own[6]),
        identifiers=(*marked_facts(), *main),
        reply_to=(reply, replace(JORDAN.reply_to[1], address=box)),
    )
    with sample_world() as world, practice_desk(world, folder / "locked", folder / "out") as desk:
        walk_road(desk, world, person, lambda _text: None)
        first = desk.vault.requests.list()[0]
        attached = folder / "out" / "answer.txt"
        attached.write_text(f"answer about {own[7]} {own[8]}")
        record_answer(
            desk,
            first.reference,
            Answer.DENIED,
            exemption=own[9],
            note=f"{own[10]} {own[11]}",
            attachment=attached,
        )
        (folder / "out" / "markers.txt").write_text("\n".join(MARKERS))
        desk.vault.listings.add(
            Listing(
                id=new_id(),
                subject_id=person.id,
                broker=first.broker,
                url=Secret(f"https://example.com/{own[12]}"),
                shown={"name": Secret(own[13])},
            )
        )
        desk.vault.notes.add(
            Note(id=new_id(), subject_id=person.id, text=Secret(own[14]), at=desk.clock())
        )
        provoke(desk, first.reference, own[0])
        backup(desk.vault, folder / "locked-copy.backup")


def provoke(desk: Desk, reference: str, marker: str) -> None:
    """Make thirty errors with a marker in the input, and print each traceback."""
    tomorrow = desk.clock().date() + timedelta(days=2)
    for _round in range(6):
        for wrong in (
            lambda: record_answer(desk, marker, Answer.DENIED),
            lambda: record_answer(desk, reference, Answer.DENIED, on=tomorrow, note=marker),
            lambda: record_answer(desk, reference, Answer.DENIED, attachment=Path("/no/such")),
            lambda: file_message(desk, reference),
            lambda: confirm_by_mail(desk, reference, f"https://evil.test/{marker}"),
            lambda: rehearse(desk, "NOT-HERE"),
        ):
            try:
                wrong()
            except OptoutError:
                traceback.print_exc()


if __name__ == "__main__":
    os.environ["DEBUG"] = "pw:api"
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    walk(Path(sys.argv[1]))

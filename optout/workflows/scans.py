"""A scan of something that somebody signed: read whole, and known by what it begins with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from optout.errors import Refused, WrongUsage
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.clients import all_clients
from optout.workflows.clinic import NOTHING
from optout.workflows.desk import Desk

_LARGEST: Final = 20 * 1024 * 1024
_KINDS: Final = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}


def read_scan(path: Path) -> tuple[str, bytes]:
    """Return what kind of scan it is, and all of it; refuse what is none."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise WrongUsage(
            Text("The scan cannot be read: {why}", why=error.strerror or "unknown reason"),
            known=NOTHING,
            hint=Text("Check its name and place."),
        ) from None
    if len(content) > _LARGEST:
        raise WrongUsage(Text("The scan is too large: at most 20 MB."), known=NOTHING)
    for beginning, media_type in _KINDS.items():
        if content.startswith(beginning):
            return media_type, content
    raise WrongUsage(
        Text("This is not a scan that we know."),
        known=NOTHING,
        hint=Text("Give a PDF, JPEG, PNG or TIFF file."),
    )


def ask_about_same_scan(desk: Desk, subject_id: SubjectId, content: bytes) -> None:
    """Ask where another client's file holds this very scan: a wrong number, or the wrong file."""
    holders = {each.subject_id for each in desk.vault.evidence.same_as(content)} - {subject_id}
    clients = all_clients(desk) if holders else ()
    if holders and not desk.person.confirm(
        Text(
            "This same scan is in the file of another client already: {others}. Shall it also be "
            "kept in the file of {client}?",
            others=tuple(each.name for each in clients if each.subject.id in holders),
            client=next(each.name for each in clients if each.subject.id == subject_id),
        )
    ):
        raise Refused(
            Text("The scan is another client's paper."),
            known=Text("No signature was written down."),
            hint=Text("Compare the number at the foot of the scan, then give the right file."),
        )

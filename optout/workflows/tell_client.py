"""A letter to a client about one answer: what we did, what came back, what they do now."""

from __future__ import annotations

from pathlib import Path

from optout.drafting.papers import Shelf
from optout.errors import Refused
from optout.model.paper import Paper
from optout.text import Text
from optout.workflows.clients import all_clients
from optout.workflows.clinic import the_clinic
from optout.workflows.clinic_papers import (
    NOTHING,
    ClientsPapers,
    paper_for,
    write_listed,
)
from optout.workflows.desk import Desk
from optout.workflows.find import find_requests


def write_answer_letter(
    desk: Desk, reference: str, shelf: Shelf, language: str, *, large_print: bool = False
) -> tuple[ClientsPapers, Path]:
    """Write the letter about what one letter of ours asked; it is listed as an export.

    Whose it is comes back with it: a reference that was mistyped is somebody else's.
    """
    the_clinic(desk.vault)
    asked = find_requests(desk, reference)
    ids = {each.id for each in asked}
    if not any(desk.vault.correspondence.for_requests(ids).values()):
        raise Refused(
            Text("No answer to {r} is written down.", r=reference),
            known=NOTHING,
            hint=Text("Write it down first: optout record {r} --help", r=reference),
        )
    client = next(each for each in all_clients(desk) if each.subject.id == asked[0].subject_id)
    made = paper_for(
        desk,
        client.subject,
        shelf,
        Paper.ANSWER,
        language,
        large_print=large_print,
        about=ids,
    )
    theirs = ClientsPapers(client=client, papers=(made,))
    (path,) = write_listed(desk, [theirs])
    return theirs, path

"""Find what a person names by its short reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import WrongUsage
from optout.model.request import Request
from optout.text import Text
from optout.words import word
from optout.workflows.desk import as_reference, find_message

if TYPE_CHECKING:
    from optout.workflows.desk import Desk


def find_request(desk: Desk, reference: str) -> Request:
    """Return the request with that reference, or the only one its message carries."""
    request = desk.vault.requests.by_reference(as_reference(reference))
    if request is not None:
        return request
    message = find_message(desk, reference)
    if len(message.request_ids) == 1:
        return desk.vault.requests.get(message.request_ids[0])
    carried = [desk.vault.requests.get(request_id) for request_id in message.request_ids]
    raise WrongUsage(
        Text("{reference} is a letter that asks for several things.", reference=reference),
        known=Text("Nothing was changed."),
        hint=Text(
            "Name one of them: {choices}",
            choices=tuple(Text("{r} ({what})", r=r.reference, what=word(r.right)) for r in carried),
        ),
    )

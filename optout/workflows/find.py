"""Find what a person names by its short reference: the one that the company sees, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optout.errors import WrongUsage
from optout.model.request import Request
from optout.model.words import Right
from optout.text import Text
from optout.words import word
from optout.workflows.desk import as_reference, find_message

if TYPE_CHECKING:
    from optout.workflows.desk import Desk


def find_requests(desk: Desk, reference: str) -> tuple[Request, ...]:
    """Return what a letter asks for, by its reference; or the one request of that reference."""
    request = desk.vault.requests.by_reference(as_reference(reference))
    if request is not None:
        return (request,)
    message = find_message(desk, reference)
    return tuple(desk.vault.requests.get(request_id) for request_id in message.request_ids)


def find_request(desk: Desk, reference: str, right: Right | None = None) -> Request:
    """Return one request: a letter that asks for several things needs the right beside it."""
    found = find_requests(desk, reference)
    chosen = [request for request in found if right in {None, request.right}]
    if len(chosen) == 1:
        return chosen[0]
    raise WrongUsage(
        Text("{r} asks for several things.", r=as_reference(reference))
        if right is None
        else Text("{r} does not ask for that.", r=as_reference(reference)),
        known=Text("Nothing was changed."),
        hint=Text("Say which one you mean. Add one of: {choices}", choices=_choices(found)),
    )


def _choices(found: tuple[Request, ...]) -> tuple[Text, ...]:
    return tuple(
        Text("--right {key} ({what})", key=each.right.value, what=word(each.right))
        for each in found
    )

"""Proof from the locked folder, opened on the page: a picture, a PDF or a text is shown, no more.

What a company sent is somebody else's: nothing of it runs here. Of a mail the plain words are
shown; every other kind is saved and opened by its own program.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from optout.model.record import Evidence
from optout.web.keeper import Keeper
from optout.web.shown import show
from optout.workflows.desk import Desk
from optout.workflows.make_report import suffix_of

_SHOWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
_MAIL: Final = "message/rfc822"
# What the standard library raises at a line that ends too early, or letters that nobody knows.
_BROKEN: Final = (AttributeError, LookupError, TypeError, ValueError)
_TEXTS: Final = frozenset({"text/plain", _MAIL})


def proof(request: Request, keeper: Keeper) -> Response:
    """Open one proof; it is unchanged since it was kept, or nothing is shown."""
    card, content = keeper.read(lambda desk: _kept(desk, request.path_params["proof"]))
    if card.media_type in _TEXTS and "save" not in request.query_params:
        words = words_of_mail(content) if card.media_type == _MAIL else _as_text(content)
        return show(request, keeper, "proof.html", {"card": card, "said": words})
    is_shown = card.media_type in _SHOWN
    kind = card.media_type if is_shown else "application/octet-stream"
    place = "inline" if is_shown else "attachment"
    name = f"proof-{card.sha256[:8]}{suffix_of(card)}"
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'{place}; filename="{name}"'},
    )


def _kept(desk: Desk, proof_id: str) -> tuple[Evidence, bytes]:
    evidence = desk.vault.evidence
    return evidence.get(proof_id), evidence.read(proof_id)


def words_of_mail(content: bytes) -> str:
    """Return who wrote when about what, and the plain words; nothing a mail brings is run."""
    try:
        mail = message_from_bytes(content, policy=policy.default)
    except _BROKEN:
        return ""
    assert isinstance(mail, EmailMessage)  # the policy makes no other kind
    found = {name: _head(mail, name) for name in ("From", "To", "Date", "Subject")}
    heads = [f"{name}: {said}" for name, said in found.items() if said]
    try:
        body = mail.get_body(preferencelist=("plain",))
        words = body.get_content() if body else ""
    except _BROKEN:
        words = ""
    return "\n".join([*heads, "", words])


def _head(mail: EmailMessage, name: str) -> str:
    """Return one line of the head; a broken one as it came."""
    try:
        return str(mail[name] or "")
    except _BROKEN:
        came = next(said for each, said in mail.raw_items() if each.lower() == name.lower())
        return str(came).encode("utf-8", "replace").decode("utf-8")


def _as_text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")

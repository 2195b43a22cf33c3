"""One number for exactly what would leave, so that approval and filing mean the same thing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Final

from optout.model.payload import Payload, Recipient
from optout.model.row import Row
from optout.model.secret import Secret

_FORM: Final = "optout payload 1"


def payload_digest(payload: Payload) -> str:
    """Return the digest of everything in a payload: one changed letter gives another."""
    return _sha256(
        {
            "form": _FORM,
            "message": payload.message_id,
            "subject": payload.subject_id,
            "recipient": _recipient(payload.recipient),
            "values": _values(payload),
            "body": _body(payload),
            "definition": payload.definition_sha256,
            "letter": payload.letter_sha256,
            **_row(payload.row),
        }
    )


def values_sha256(payload: Payload) -> str:
    """Return the digest of the personal values alone, salted with the message's random id."""
    return _sha256(
        {
            "form": _FORM,
            "message": payload.message_id,
            "values": _values(payload),
            "body": _body(payload),
        }
    )


def _recipient(recipient: Recipient) -> dict[str, object]:
    return {
        "name": recipient.name,
        "hosts": list(recipient.hosts),
        "email": recipient.email,
        "lines": list(recipient.lines),
        "phone": recipient.phone,
    }


def _values(payload: Payload) -> dict[str, str]:
    return {field.value: value.reveal() for field, value in payload.values.items()}


def _body(payload: Payload) -> str | None:
    return payload.body.reveal() if payload.body else None


def _row(row: Secret[Row] | None) -> dict[str, object]:
    """Return the listing that a request is about; without one nothing is said of it."""
    return {"row": asdict(row.reveal())} if row else {}


def _sha256(content: dict[str, object]) -> str:
    # Keys sorted and no spaces: the order in which a payload was built does not matter.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()

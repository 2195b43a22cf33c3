"""What of a client may stand in the office's other system, by what the client's card says.

That system is somebody else's computer: it gets what may go to whoever is approved, and what is
only for those who have it already where the office says that it has. What goes to nobody, and a
home that a substitute address stands for, never go; a birth date is not needed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from optout.model.fields import IdentifierKind
from optout.model.secret import Personal, Secret
from optout.model.subject import (
    Identifier,
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    Share,
    Subject,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class OfficeContact(Personal):
    """One client as another system of the office may know them; no name: not at all."""

    name: PersonName | None
    address: PostalAddress | None = None
    email: str = ""
    phone: str = ""  # E.164
    held_back: int = 0  # facts that their card keeps from it


def office_contact(subject: Subject, on: date, *, known_too: bool) -> OfficeContact:
    """Return what may go; `known_too`: the other system already has what only such may have."""
    shares = {Share.ASK, Share.KNOWN} if known_too else {Share.ASK}
    valid = [each for each in subject.identifiers if _is_true(each, on)]
    held_back = [each for each in valid if each.share not in shares]
    kept = [each for each in valid if each.share in shares]
    never = {_same(each.value) for each in valid if each.share is Share.NEVER}
    name = _newest(kept, IdentifierKind.NAME)
    phone = _newest(kept, IdentifierKind.PHONE)
    return OfficeContact(
        name=name if isinstance(name, PersonName) else None,
        address=next((a for a in _addresses(subject, kept) if _same(a) not in never), None),
        email=next((e for e in _emails(subject, kept) if _same(Secret(e)) not in never), ""),
        phone=_text(phone) if phone else "",
        held_back=len(held_back),
    )


def _is_true(fact: Identifier, on: date) -> bool:
    wanted = fact.kind is not IdentifierKind.BIRTH_DATE
    return wanted and (fact.valid_from or date.min) <= on <= (fact.valid_to or date.max)


def _newest(facts: list[Identifier], kind: IdentifierKind) -> IdentifierValue | None:
    found = [each for each in facts if each.kind is kind]
    newest = max(found, key=lambda each: each.valid_from or date.min, default=None)
    return newest.value if newest else None


def _addresses(subject: Subject, kept: list[Identifier]) -> Iterator[PostalAddress]:
    """Yield where mail goes; a home only where no substitute stands for it."""
    replaced = any(reply.kind is ReplyKind.SUBSTITUTE for reply in subject.reply_to)
    for reply in subject.reply_to:
        if reply.address and (not replaced or reply.kind is ReplyKind.SUBSTITUTE):
            yield reply.address
    home = _newest(kept, IdentifierKind.ADDRESS)
    if isinstance(home, PostalAddress) and not replaced:
        yield home


def _emails(subject: Subject, kept: list[Identifier]) -> Iterator[str]:
    yield from (reply.email.reveal() for reply in subject.reply_to if reply.email)
    own = _newest(kept, IdentifierKind.EMAIL)
    if own:
        yield _text(own)


def _text(value: IdentifierValue) -> str:
    return str(value.reveal()) if isinstance(value, Secret) else ""


def _same(value: IdentifierValue) -> str:
    """Return what two spellings of one fact have in common."""
    if isinstance(value, PersonName):
        written = value.full()
    elif isinstance(value, PostalAddress):
        written = f"{value.street} {value.zip[:5]}"
    else:
        written = str(value.reveal())
    return " ".join(written.casefold().split())

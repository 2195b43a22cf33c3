"""What the history says, in words: a code is for programs, and names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from optout.model.clinic import CheckResult
from optout.model.record import Answer, Event
from optout.model.request import Delivery, Status
from optout.text import Text
from optout.vault.keys import NAMED
from optout.vault.outbox import PRINTED
from optout.vault.slots import SlotKind
from optout.words import word
from optout.workflows.clinic import CHANGED
from optout.workflows.print_run import PRINTED_AGAIN

KEY_KINDS: Final[Mapping[str, Text]] = {
    SlotKind.PASSPHRASE: Text("passphrase"),
    SlotKind.RECOVERY: Text("recovery code"),
    SlotKind.KEYRING: Text("key store of this computer"),
}

_SAID: Final[Mapping[str, Text]] = {
    "attempt.sending": Text("A letter, mail or form began to leave"),
    "authorization.added": Text("What a client shall sign was written down"),
    "authorization.revoked": Text("A client took back what they signed"),
    "authorization.signed": Text("A client's signature was written down"),
    "backup.made": Text("A backup was made"),
    "clock.confirmed": Text("Somebody said that the date of this computer is right"),
    "closing-letter.written": Text("A closing letter was written"),
    "company.kept": Text("A company that is not in the catalog was written down"),
    "deadline.mended": Text("A date was decided on after a law's file was mended"),
    "deadline.met": Text("A date was met"),
    "deadlines.added": Text("Dates were counted"),
    "deadlines.withdrawn": Text("Dates were taken off"),
    "erasure.decided": Text("It was decided to erase a client's file"),
    "evidence.stored": Text("A paper, picture or answer was kept as proof"),
    "export.added": Text("A file left the locked folder"),
    "export.deleted": Text("A file that had left was deleted"),
    "key.recovery-new": Text("A recovery code was made"),
    "key.recovery-proved": Text("The recovery code was typed back"),
    "listing.added": Text("A record that a search found was kept"),
    "matter.changed": Text("Who answers for a client was changed"),
    "matter.closed": Text("A client's file was closed"),
    "matter.held": Text("A hold was put on a client's file"),
    "matter.hold-ended": Text("The hold on a client's file ended"),
    "matter.reopened": Text("A client's file was opened again"),
    "message.added": Text("A letter, mail or form was put on the list"),
    "message.approved": Text("A letter, mail or form got its yes"),
    "message.arrived-after-all": Text("What had come back arrived after all"),
    "message.came-back": Text("A letter or mail came back"),
    "message.day-corrected": Text("The day on which something was sent was corrected"),
    "message.ready": Text("A letter, mail or form was written, and waits to be sent"),
    "message.rewritten": Text("A letter, mail or form on the list was changed"),
    "message.withdrawn": Text("A letter, mail or form was taken off the list"),
    "note.added": Text("A note was written"),
    "note.erased": Text("A note was erased"),
    "paper.printed": Text("A paper was printed for a client to sign"),
    "paper.signed": Text("A client's signature on a paper was written down"),
    "party.added": Text("Somebody in a client's home, or an opponent, was written down"),
    "party.removed": Text("Somebody in a client's home, or an opponent, was taken off"),
    "request.added": Text("A request was put on the list"),
    "request.law": Text("The law of a request was changed"),
    "search.looking": Text("A search for a person began"),
    "setting.changed": Text("A setting was changed"),
    "subject.added": Text("A person was added"),
    "subject.changed": Text("What is known of a person was changed"),
    "subject.erased": Text("A person was erased"),
    "task.added": Text("A task was written down"),
    "task.done": Text("A task was done"),
    "tasks.expired": Text("Tasks ran out of time"),
    "tasks.settled": Text("Tasks were settled"),
    "vault.created": Text("The locked folder was made"),
    "vault.older-copy": Text("An older copy of the folder was found in its place"),
    "vault.rekeyed": Text("Everything was encrypted anew"),
    NAMED: Text("It was written down whose a passphrase is"),
    PRINTED: Text("Letters were printed as a stack"),
    PRINTED_AGAIN: Text("A stack was printed once more"),
}

# What stands before the last word of a code, and what that word is one of.
_ONE_OF: Final[Mapping[str, tuple[Text, type[StrEnum]]]] = {
    "answer": (Text("An answer was written down: {what}"), Answer),
    "attempt": (Text("A letter, mail or form: {what}"), Delivery),
    "conflict": (Text("A conflict check was written down: {what}"), CheckResult),
    "key.added": (Text("A way to open the folder was added: {what}"), SlotKind),
    "key.removed": (Text("A way to open the folder was taken away: {what}"), SlotKind),
    "request": (Text("A request has a new state: {what}"), Status),
}

_BEGINNINGS: Final[Mapping[str, Text]] = {
    "listing": Text("A record that a search found was looked at"),
    "search": Text("A search for a person ended"),
}

_SETTINGS: Final[Mapping[str, Text]] = {
    "address-checked": Text("when the address of a company was looked up"),
    "address-failed": Text("that mail to a company came back"),
    "clinic.columns": Text("which column of a list is what"),
    "clinic.four-eyes": Text("four eyes"),
    "clinic.four-eyes-off": Text("when four eyes were turned off"),
    "clinic.keeps-years": Text("how long a closed file is kept"),
    "clinic.next-session": Text("when clients come next"),
    "clinic.office": Text("the name of the office"),
    "clinic.responsible": Text("who answers for clients"),
    "date-kept": Text("that a date stays as it was"),
    "link-opened": Text("that a link was opened"),
    "printed-draft": Text("whether a printed paper was a draft"),
    "search-wanted": Text("which search waits for a second person"),
}
_RECEIPT: Final = "erasure"  # with a number, so that it is another setting for each


def said_event(event: Event) -> Text:
    """Return what happened, in words; of settings, which ones."""
    names = tuple(map(_setting, event.ids))
    if event.code == CHANGED:
        return Text("Settings of the office were changed: {names}", names=names)
    if event.code == "setting.changed" and names:
        return Text("A setting was changed: {names}", names=names)
    return said_code(event.code) or Text("{name}", name=event.code)


def _setting(name: str) -> Text:
    if name.partition(".")[0] == _RECEIPT:
        return Text("the receipt of an erasure")
    return _SETTINGS.get(name, Text("{name}", name=name))


def said_code(code: str) -> Text | None:
    """Return the words for one code, or None for one that has none."""
    before, _dot, last = code.rpartition(".")
    if code in _SAID:
        return _SAID[code]
    if before in _ONE_OF:
        said, kind = _ONE_OF[before]
        told = [_word(each) for each in kind if each.value == last]
        return Text(said.template, what=told[0]) if told else None
    return _BEGINNINGS.get(code.partition(".")[0])


def _word(member: StrEnum) -> Text:
    return KEY_KINDS[member] if isinstance(member, SlotKind) else word(member)

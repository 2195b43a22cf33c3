"""The last questions before anything leaves: the same words at the terminal and on the page."""

from __future__ import annotations

from typing import Final

from optout.model.payload import ApprovalSheet, Newness
from optout.model.ports import Acted, Option
from optout.text import Text
from optout.words import word

SEND_THIS: Final = Text("Send exactly this?")
WRITE_THIS: Final = Text("Write exactly this? It leaves only when you send or post it yourself.")
ACTED: Final = (
    Option(key=Acted.DID, text=Text("I did it")),
    Option(key=Acted.DID_NOT, text=Text("I did not do it")),
    Option(key=Acted.NOT_SURE, text=Text("I am not sure")),
)


def ask_about(sheet: ApprovalSheet) -> Text:
    """Return the question below a sheet: a letter or mail is only written here, a form is sent."""
    return SEND_THIS if sheet.payload.body is None else WRITE_THIS


def ask_about_new(sheet: ApprovalSheet) -> Text | None:
    """Return the second question, where a company would learn something from the person."""
    new = tuple(word(each.field) for each in sheet.values if each.newness is Newness.NEW)
    if not new:
        return None
    return Text("NEW to them: {names}. They will learn this from you. Go on?", names=new)

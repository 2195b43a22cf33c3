"""What came of filing one message, for every screen to say in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from optout.model.fields import Field
from optout.model.request import Delivery, Message, Purpose
from optout.model.words import By
from optout.text import Counted, Text
from optout.workflows.desk import Errand

_NEXT = {
    Delivery.UNKNOWN: Text("Look for a confirmation, then: optout reconcile {r}"),
    Delivery.FAILED: Text(
        "Nothing was filed. Try again: optout file {r}. At a computer with a screen you can also "
        "finish the form by hand, in the window that opens."
    ),
    Delivery.READY: Text("Nothing was filed. When you are ready: optout file {r}"),
    Delivery.SENT: Text("See what is due: optout due"),
}
_BY_YOU = {
    By.POST: Text("Print the letter, sign it and post it, then: optout letter post {r}"),
    By.EMAIL: Text("Open the file in your mail program and send it, then: optout letter post {r}"),
    By.PORTAL: Text("When you have filled in their page: optout letter post {r}"),
    By.PHONE: Text("When you have called them: optout letter post {r}"),
}
_UNFILED = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})
_PASTE_AGAIN = Text("Nothing was confirmed. Paste the link again: optout confirm {r}")
_TYPE_AGAIN = Text(
    "Nothing was confirmed. Look at the code in their mail, and type it again: optout confirm {r}"
)
_TO_AN_OFFICE = Text(
    "The page for you says where the office takes it. When you filed it: optout letter post {r}. "
    "If you leave it: optout letter post {r} --not-sent"
)
_MAIL_COMES = Text("Wait for their mail, then do what it asks: optout confirm {r}")


def _mail_dies(hours: int, reference: str) -> Text:
    return Counted(
        "Wait for their mail, then do what it asks within 1 hour: optout confirm {r}",
        "Wait for their mail, then do what it asks within {count} hours: optout confirm {r}",
        count=hours,
        r=reference,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One message after an attempt: where it stands, why, and the proof that was kept."""

    message: Message
    errand: Errand
    why: Text | None = None
    step: str = ""
    seen: tuple[Field, ...] = ()  # typed into their page, though nothing was filed
    evidence_ids: tuple[str, ...] = ()
    paper: str = ""  # path of the paper or mail that left the vault
    sheet: str = ""  # path of the page that stays with the person
    copy: str = ""  # path of the copy of the letter that the person reads
    enclosed: str = ""  # path of the signed paper whose copy goes along
    mail_comes: bool = False  # nothing happens at the company before the mailed link is opened
    mail_hours: int = 0  # so long its link or code lives; 0: nobody says
    by_code: bool = False  # it is confirmed with a code, not with a link
    stopped: bool = False  # by the person, with Ctrl-C: nothing else is begun

    @property
    def exit_code(self) -> int:
        """Return 0 sent, 1 not sent, 3 with the person, 4 unknown (PRODUCT)."""
        return {
            Delivery.SENT: 0,
            Delivery.UNKNOWN: 4,
            Delivery.HANDED_OVER: 3,
            Delivery.READY: 3,
        }.get(self.message.delivery, 1)

    def next_step(self) -> Text | None:
        """Return what the person does next, as a sentence."""
        sent = self.message.delivery is Delivery.SENT
        if sent and self.mail_comes and self.mail_hours:
            return _mail_dies(self.mail_hours, self.errand.reference)
        text = _MAIL_COMES if sent and self.mail_comes else _NEXT.get(self.message.delivery)
        if self.message.delivery is Delivery.HANDED_OVER:
            complains = self.message.purpose is Purpose.COMPLAINT
            text = _TO_AN_OFFICE if complains else _BY_YOU[self.message.by]
        if self.message.purpose is Purpose.CONFIRMATION and self.message.delivery in _UNFILED:
            text = _TYPE_AGAIN if self.by_code else _PASTE_AGAIN
        return Text(text.template, r=self.errand.reference) if text else None

"""Letters and mails: the program writes them, the person sends them and says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from optout.drafting.cover import CoverSheet, cover_sheet_pdf
from optout.drafting.pdf import letter_pdf
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.i18n import language
from optout.mail.compose import compose
from optout.model.fields import Field
from optout.model.record import EvidenceKind
from optout.model.request import Delivery
from optout.model.words import By
from optout.text import Text
from optout.workflows.approve import Prepared, approve, prepare
from optout.workflows.clocks import POST_TAKES, deadlines_when_received
from optout.workflows.desk import Desk, Errand, errand_for, find_message, instant
from optout.workflows.exports import write_export
from optout.workflows.filed import Filed

MAY_BE_WRITTEN = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED, Delivery.HANDED_OVER})
BY_THE_PERSON = frozenset({By.POST, By.EMAIL, By.PORTAL, By.PHONE})


def hand_over_paper(
    desk: Desk, errand: Errand, *, digest: str = "", large_print: bool = False
) -> Filed:
    """Write the PDF or the mail file, and give it to the person to send."""
    if errand.message.delivery not in MAY_BE_WRITTEN:
        raise Refused(
            Text("{reference} was already sent.", reference=errand.message.reference),
            known=Text("The letter as sent is kept in your folder."),
            hint=Text("Read it with: optout letter show {r}", r=errand.message.reference),
        )
    prepared = prepare(desk, errand)
    approval = approve(desk, prepared, digest=digest)
    content, media_type, suffix = _write(desk, prepared, large_print=large_print)
    evidence_ids: tuple[str, ...] = ()
    if errand.message.delivery is not Delivery.HANDED_OVER:
        kind = EvidenceKind.LETTER if errand.message.by is By.POST else EvidenceKind.MAIL
        evidence = desk.vault.evidence.store(
            errand.subject.id, kind, media_type, content, message_id=errand.message.id
        )
        evidence_ids = (evidence.id,)
        desk.vault.outbox.hand_over(
            errand.message.id,
            payload=prepared.payload,
            approval_id=approval.id,
            newness=prepared.newness,
        )
    paper = write_export(desk, f"paper-{errand.message.reference}{suffix}", "letter", content)
    if errand.message.by is By.POST:
        _write_cover_sheet(desk, errand, large_print=large_print)
    return Filed(
        message=desk.vault.messages.get(errand.message.id),
        errand=errand,
        evidence_ids=evidence_ids,
        paper=str(paper),
    )


def _write(desk: Desk, prepared: Prepared, *, large_print: bool) -> tuple[bytes, str, str]:
    assert prepared.letter is not None  # post and e-mail always have one
    if prepared.errand.message.by is By.POST:
        pdf = letter_pdf(prepared.letter, large_print=large_print)
        return pdf, "application/pdf", ".pdf"
    sender = prepared.payload.values.get(Field.EMAIL)
    if sender is None:
        raise NeedsPerson(
            Text("A mail needs an e-mail address of yours."),
            known=Text("Nothing was sent."),
            hint=Text("Add one with: optout person edit, or choose post: optout plan"),
        )
    mail = compose(
        prepared.letter,
        sender=sender.reveal(),
        recipient=prepared.payload.recipient.email,
        at=instant(desk.clock),
        attempt_id=prepared.errand.message.id,
    )
    return mail, "message/rfc822", ".eml"


def _write_cover_sheet(desk: Desk, errand: Errand, *, large_print: bool) -> None:
    """Write the page that stays with the person: what to enclose, sign, and how to post."""
    reference = errand.message.reference
    sheet = CoverSheet(
        reference=reference,
        recipient_lines=errand.channel.post.lines if errand.channel.post else (),
        enclose=errand.channel.enclose,
        blank_ssn_line=errand.channel.blank_ssn_line,
        has_return_address=any(reply.address for reply in errand.subject.reply_to),
        done=f"optout letter post {reference}",
        language=language(),
        large_print=large_print,
    )
    write_export(desk, f"sheet-{reference}.pdf", "cover sheet", cover_sheet_pdf(sheet))


def mark_sent(desk: Desk, reference: str, *, on: date | None = None, tracking: str = "") -> Filed:
    """Record that the person posted the letter, sent the mail, or made the call."""
    errand = errand_for(desk, find_message(desk, reference))
    today = desk.today(errand.subject)
    on = on or today
    if on > today:
        raise WrongUsage(
            Text("{on} has not come yet.", on=on.isoformat()),
            known=Text("Nothing was changed."),
            hint=Text("Give the day on which you sent it: --on {today}", today=today.isoformat()),
        )
    if errand.message.by not in BY_THE_PERSON or errand.message.delivery is Delivery.SENT:
        raise Refused(
            Text("{reference} is not waiting for you to send it.", reference=reference),
            hint=Text("See: optout status"),
        )
    if errand.message.delivery is not Delivery.HANDED_OVER:
        raise Refused(
            Text("{reference} has not been written yet.", reference=reference),
            hint=Text("First: optout file {reference}", reference=reference),
        )
    received = on + POST_TAKES if errand.message.by is By.POST else on
    desk.vault.outbox.person_sent(
        errand.message.id,
        on=on,
        tracking=tracking,
        deadlines=deadlines_when_received(desk, errand, received),
    )
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def take_back(desk: Desk, reference: str) -> Filed:
    """Record that the person did not send what was handed to them."""
    errand = errand_for(desk, find_message(desk, reference))
    desk.vault.outbox.person_did_not(errand.message.id)
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def letter_text(desk: Desk, reference: str) -> str:
    """Return the letter as it would be, or as it was sent."""
    errand = errand_for(desk, find_message(desk, reference))
    if errand.message.by not in {By.POST, By.EMAIL}:
        raise WrongUsage(
            Text(
                "{reference} has no letter: it goes by {by}.",
                reference=reference,
                by=errand.message.by,
            ),
            hint=Text(
                "See what would be given: optout file {reference} --dry-run", reference=reference
            ),
        )
    letter = prepare(desk, errand).letter
    assert letter is not None
    return letter.text


def default_folder() -> Path:
    """Return where papers go unless the person says otherwise: the folder they are in."""
    return Path.cwd()

"""Letters and mails: the program writes them, the person sends them and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypedDict

from optout.drafting.cover import CoverSheet, cover_sheet_pdf
from optout.drafting.follow_up import SWORN_IN
from optout.drafting.pdf import NoGlyph, letter_pdf
from optout.drafting.reading_copy import reading_copy_pdf
from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import language, say
from optout.mail.compose import compose
from optout.model.fields import Field
from optout.model.record import Answer, EvidenceKind
from optout.model.request import FOLLOW_UPS, Approval, Attempt, Delivery, Message, Purpose
from optout.model.words import SURE, By
from optout.rules.after_request import printed_lines
from optout.rules.countries import posted_from
from optout.rules.deadlines import received_on
from optout.rules.digest import values_sha256
from optout.rules.public_records import GATE
from optout.rules.residence import country_on
from optout.text import Text, as_written
from optout.words import word
from optout.workflows.approve import NO_COPY, Prepared, approve, lacks_copy, prepare
from optout.workflows.arrived_after_all import check_not_asked_again
from optout.workflows.authorizations import check_signed_scope
from optout.workflows.clinic import clinic_of
from optout.workflows.clocks import deadlines_when_received
from optout.workflows.desk import Desk, Errand, errand_for, find_message, instant
from optout.workflows.exports import NewFile, check_place, file_name, write_export
from optout.workflows.failed_address import check_looked_up
from optout.workflows.filed import Filed
from optout.workflows.follow_up import check_still_due, tell_what_is_needless
from optout.workflows.leave_request import check_not_left

MAY_BE_WRITTEN = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED, Delivery.HANDED_OVER})
WRITTEN = frozenset({Delivery.HANDED_OVER, Delivery.SENT, Delivery.UNKNOWN})
_SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
}
_COPIES = Text("Copies of the papers in the list at its end.")
_COPIES_AND_HOW = Text("Copies of the papers in the list at its end. See: optout report --help")
BY_THE_PERSON = frozenset({By.POST, By.EMAIL, By.PORTAL, By.PHONE})


def hand_over_paper(
    desk: Desk,
    errand: Errand,
    *,
    digest: str = "",
    approved: Approval | None = None,
    large_print: bool = False,
) -> Filed:
    """Write the PDF or the mail file, and give it to the person to send.

    One that was `approved` before bears the day of that yes, and is not asked about again.
    """
    _check_has_letter(errand)
    check_not_left(errand)
    check_not_asked_again(desk, errand)
    check_still_due(desk, errand)
    if errand.message.delivery not in MAY_BE_WRITTEN:
        raise Refused(
            Text("{reference} was already sent.", reference=errand.message.reference),
            known=Text("The paper as it was is kept in your folder."),
            hint=Text("See it with: optout report --proof {r}", r=errand.reference),
        )
    then, written = _as_written(desk, errand.message)
    if approved is not None and written is None:
        then, digest = desk_then(desk, approved), approved.digest
    prepared = prepare(then, errand)
    errand = prepared.errand
    check_signed_scope(desk, errand, prepared.payload.values)  # of today: it may be taken back
    if written is not None and not _says_the_same(written, prepared):
        raise _first_one_first(errand.message)
    check_looked_up(desk, errand)
    approval = approve(desk, prepared, digest=digest)
    check_still_due(desk, errand)  # looking took its time
    content, media_type, suffix = _write(
        then if written else desk, prepared, large_print=large_print
    )
    copy = _copy(prepared, large_print=large_print)
    check_place(desk, len(content) + len(copy))
    evidence_ids: tuple[str, ...] = ()
    if written is None:
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
    is_post = errand.message.by is By.POST
    what = Text("letter") if is_post else Text("mail")
    name, whose = file_name(what, errand.message.reference, suffix), errand.subject.id
    paper = write_export(desk, name, what.template, content, place_is_checked=True, about=whose)
    to_read = _write_copy(desk, errand, copy) if copy else ""
    sheet = _write_cover_sheet(desk, errand, large_print=large_print) if is_post else ""
    enclosed = _write_signed_paper(desk, errand) if is_post else ""
    return Filed(
        message=desk.vault.messages.get(errand.message.id),
        errand=errand,
        evidence_ids=evidence_ids,
        paper=str(paper),
        sheet=str(sheet),
        copy=str(to_read),
        enclosed=str(enclosed),
    )


def check_goes_by_post(errand: Errand) -> None:
    """Refuse a PDF of what goes by another way, and say how to get it on paper instead."""
    message = errand.message
    if message.by is By.POST:
        return
    on_paper = Text(
        "On paper instead: optout plan --only {company} --by post. As it is: optout file {r}",
        company=message.broker,
        r=message.reference,
    )
    as_it_is = Text("Look at it as it is: optout file {r}", r=message.reference)
    if message.purpose in FOLLOW_UPS:
        on_paper = as_it_is
    offered = {channel.right for channel in errand.broker.channel if By.POST in channel.by}
    raise WrongUsage(
        Text(
            "{r} goes by {by}, so there is no letter of it to print.",
            r=message.reference,
            by=word(message.by),
        ),
        known=Text("Nothing was written or sent."),
        hint=on_paper if offered & {each.right for each in errand.requests} else as_it_is,
    )


def _first_one_first(message: Message) -> NeedsPerson:
    """Return the error where a second paper would differ from the one that may be in the post."""
    return NeedsPerson(
        Text(
            "{r} was already written, and since then something about you or the text has changed.",
            r=message.reference,
        ),
        known=Text("Nothing new was written."),
        hint=Text(
            "If you sent the first one: optout letter post {r}. If not: optout letter post {r} "
            "--not-sent, then: optout file {r}",
            r=message.reference,
        ),
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
        digest=prepared.digest,  # the same words again are the same mail
    )
    return mail, "message/rfc822", ".eml"


def _copy(prepared: Prepared, *, large_print: bool) -> bytes:
    """Return the copy that the person reads as a PDF; nothing where there is none.

    A mail can hold a name that no font here can show: its copy is then read as text.
    """
    try:
        copy = prepared.copy
        return reading_copy_pdf(copy, large_print=large_print) if copy else b""
    except NoGlyph:
        return b""


def _write_copy(desk: Desk, errand: Errand, copy: bytes) -> Path:
    name, whose = file_name(Text("copy"), errand.message.reference, ".pdf"), errand.subject.id
    return write_export(desk, name, "reading copy", copy, place_is_checked=True, about=whose)


def _envelope(desk: Desk, errand: Errand) -> tuple[str, ...]:
    country = country_on(errand.subject, desk.today(errand.subject))
    return posted_from(country, errand.channel.envelope())


def _write_cover_sheet(desk: Desk, errand: Errand, *, large_print: bool) -> Path:
    """Write the page that stays with the person: what to enclose, sign, and how to post."""
    content = cover_sheet_pdf(cover_sheet_of(desk, errand, large_print=large_print))
    name = file_name(Text("sheet"), errand.message.reference, ".pdf")
    whose = errand.subject.id
    return write_export(desk, name, "cover sheet", content, place_is_checked=True, about=whose)


def cover_sheet_of(desk: Desk, errand: Errand, *, large_print: bool) -> CoverSheet:
    """Return what that page says."""
    reference = errand.message.reference
    return CoverSheet(
        reference=reference,
        recipient_lines=_envelope(desk, errand),
        **_of_complaint(desk, errand),
        enclose=enclosed_with(errand),
        blank_ssn_line=any(each.blank_ssn_line for each in errand.channels),
        has_return_address=has_return_address(errand),
        agent=errand.paper.agent if errand.paper else "",
        # A client's sheet goes home with them, and it is the office that writes the posting down.
        done=""
        if clinic_of(desk.vault)
        else desk.said(Text("optout letter post {r}", r=reference)),
        language=language(),
        large_print=large_print,
    )


def enclosed_with(errand: Errand) -> tuple[str, ...]:
    """Return what goes into the envelope with a letter; with an agent's, what the client signed."""
    wanted = dict.fromkeys(what for each in errand.channels for what in each.enclose)
    if errand.paper is None:
        return tuple(wanted)
    return (*wanted, say(Text("A copy of the signed paper {r}", r=errand.paper.reference)))


def has_return_address(errand: Errand) -> bool:
    """Say whether the letter shows where answers go: the agent's address, else the client's."""
    return errand.paper is not None or any(reply.address for reply in errand.subject.reply_to)


def signed_paper(desk: Desk, errand: Errand) -> NewFile | None:
    """Return the scan of what the client signed, to be printed and put in; None: none goes along.

    It is named after the letter: by that a run that was cut short finds whose it is.
    """
    paper = errand.paper
    if paper is None:
        return None
    card = desk.vault.evidence.get(paper.evidence_id)
    content = desk.vault.evidence.read(card.id)
    suffix = _SUFFIXES[card.media_type]
    name = file_name(Text("enclosed"), errand.message.reference, suffix)
    return NewFile(name=name, what="signed paper", content=content, about=errand.subject.id)


def _write_signed_paper(desk: Desk, errand: Errand) -> Path | str:
    new = signed_paper(desk, errand)
    return write_export(desk, new.name, new.what, new.content, about=new.about) if new else ""


def _of_complaint(desk: Desk, errand: Errand) -> OfComplaint:
    """Return what the sheet says about an office: where it takes complaints, and what to check."""
    if errand.message.purpose is not Purpose.COMPLAINT:
        return {}
    law = desk.law(errand.requests[0].law)
    office = law.regulator
    assert office is not None  # a complaint is drafted only where there is one
    page = Text("On its own page: {url}", url=office.url) if office.url else None
    unsure = office.url_confidence not in SURE
    note = as_written(office.note) if office.note else None
    texts = (
        page,
        Text("Look for the right page on the office's own site first.")
        if page and unsure
        else None,
        Text("By e-mail: {email}", email=office.email) if office.email else None,
        None if printed_lines(office) else Text("No postal address is printed on the letter."),
        note,
        GATE,
    )
    return {
        "office": tuple(say(text) for text in texts if text),
        "copies": desk.said(_COPIES if clinic_of(desk.vault) else _COPIES_AND_HOW),
        "online_only": not printed_lines(office),
        "sworn": law.jurisdiction == SWORN_IN,
    }


class OfComplaint(TypedDict, total=False):
    """The part of a sheet that only a complaint has."""

    office: tuple[str, ...]
    copies: str
    online_only: bool
    sworn: bool


def mark_sent(desk: Desk, reference: str, *, on: date | None = None, tracking: str = "") -> Filed:
    """Record that the person posted the letter, sent the mail, or made the call.

    Said again with another day, it corrects the day, as long as nothing was answered.
    """
    errand = errand_for(desk, find_message(desk, reference))
    today = desk.today(errand.subject)
    is_said = on is not None
    on = on or today
    if on > today:
        raise WrongUsage(
            Text("{on} has not come yet.", on=on.isoformat()),
            known=Text("Nothing was changed."),
            hint=Text("Give the day on which you sent it: --on {today}", today=today.isoformat()),
        )
    corrects = is_said and _corrects_day(desk, errand, on)
    if not corrects:
        _check_in_their_hands(errand.message)
    _check_not_before_it_was_written(desk, errand, on)
    received = received_on(errand.message.by, sent_on=on)
    dates = deadlines_when_received(desk, errand, received)
    if corrects:
        desk.vault.outbox.correct_day(
            errand.message.id, on=on, tracking=tracking, deadlines=dates, received_on=received
        )
        tell_what_is_needless(desk, errand.message.request_ids)
    else:
        desk.vault.outbox.person_sent(
            errand.message.id, on=on, tracking=tracking, deadlines=dates, received_on=received
        )
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def _corrects_day(desk: Desk, errand: Errand, on: date) -> bool:
    """Say whether a sent paper is said to have left on another day, and nothing hangs on it yet.

    That one before it came back is no answer to this one; what came back itself stays as it is.
    """
    if errand.message.delivery is not Delivery.SENT or errand.message.posted_on in {None, on}:
        return False
    attempt = desk.vault.outbox.last_attempt(errand.message.id)
    if attempt is not None and attempt.came_back:
        return False
    answers = desk.vault.correspondence.for_requests(errand.message.request_ids)
    since = errand.message.posted_on if errand.message.purpose in FOLLOW_UPS else None
    return all(
        each.answer is Answer.RETURNED or (since is not None and each.received_on <= since)
        for found in answers.values()
        for each in found
    )


def _check_not_before_it_was_written(desk: Desk, errand: Errand, on: date) -> None:
    attempt = desk.vault.outbox.last_attempt(errand.message.id)
    assert attempt is not None  # what is in their hands was handed over
    written = desk.day_of(attempt.began_at, errand.subject)
    if on < written:
        raise WrongUsage(
            Text("{on} is before this was written ({day}).", on=on.isoformat(), day=written),
            known=Text("Nothing was changed."),
            hint=Text("Give the day on which you sent it, with --on YYYY-MM-DD"),
        )


def take_back(desk: Desk, reference: str) -> Filed:
    """Record that the person did not send what was handed to them."""
    errand = errand_for(desk, find_message(desk, reference))
    _check_in_their_hands(errand.message)
    desk.vault.outbox.person_did_not(errand.message.id)
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def _check_in_their_hands(message: Message) -> None:
    """Refuse in words what was never given to the person, or is settled already."""
    if message.by not in BY_THE_PERSON or message.delivery is Delivery.SENT:
        raise Refused(
            Text("{r} is not waiting for you to send it.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text("See: optout status"),
        )
    if message.delivery is not Delivery.HANDED_OVER:
        raise Refused(
            Text("{r} has not been written yet.", r=message.reference),
            known=Text("Nothing was changed."),
            hint=Text("First: optout file {r}", r=message.reference),
        )


def letter_texts(desk: Desk, reference: str) -> tuple[str, str]:
    """Return the letter as it would be, or as it was sent, and its copy to read: "" for none."""
    errand = errand_for(desk, find_message(desk, reference))
    _check_has_letter(errand)
    then, written = _as_written(desk, errand.message)
    try:
        prepared = prepare(then, errand)
    except OptoutError as error:
        if written is None:
            raise
        raise _only_as_paper(errand) from error
    if written is not None and not _says_the_same(written, prepared):
        desk.person.tell(
            Text(
                "Something about you or the text has changed since this was written. The paper as "
                "it was: optout report --proof {r}",
                r=errand.reference,
            )
        )
    assert prepared.letter is not None  # post and e-mail always have one
    if lacks_copy(prepared.letter, prepared.copy):
        desk.person.tell(NO_COPY)
    return prepared.letter.text, prepared.copy.text if prepared.copy else ""


def _only_as_paper(errand: Errand) -> Refused:
    """Return the error where what was sent cannot be set again from what is written down now."""
    return Refused(
        Text("Something about you has changed, so this letter cannot be written out again."),
        known=Text("The paper as it was sent is kept in your folder."),
        hint=Text("See it with: optout report --proof {r}", r=errand.reference),
    )


def _as_written(desk: Desk, message: Message) -> tuple[Desk, Attempt | None]:
    """Return the desk on the day whose date the first paper bears, and that attempt, if it was.

    That is the day of the yes: an office can approve on one day and print on another.
    """
    attempt = desk.vault.outbox.last_attempt(message.id)
    if attempt is None or message.delivery not in WRITTEN:
        return desk, None
    return desk_then(desk, desk.vault.approvals.get(attempt.approval_id)), attempt


def desk_then(desk: Desk, approval: Approval) -> Desk:
    """Return the desk at the hour of a yes: what was shown then is prepared the same again."""
    return replace(desk, clock=lambda: approval.approved_at)


def _says_the_same(written: Attempt, prepared: Prepared) -> bool:
    """Say whether a paper is, word for word, the one that was written before."""
    return written.payload_sha256 == values_sha256(prepared.payload)


def _check_has_letter(errand: Errand) -> None:
    if errand.message.by in {By.POST, By.EMAIL}:
        return
    reference = errand.reference
    raise WrongUsage(
        Text("{r} has no letter: it goes by {by}.", r=reference, by=word(errand.message.by)),
        known=Text("Nothing was written or sent."),
        hint=Text("See what would be given: optout file {r} --dry-run", r=reference),
    )

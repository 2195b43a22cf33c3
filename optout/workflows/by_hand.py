"""Portals and phone calls: the person does it, step by step, and says what they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from optout.model.ports import Acted, HandOver, Remaining
from optout.model.request import FOLLOW_UPS, Delivery
from optout.model.words import By, Right
from optout.text import Text, as_written
from optout.workflows.approve import Prepared, approve, prepare
from optout.workflows.desk import Desk, Errand
from optout.workflows.filed import Filed
from optout.workflows.follow_up import check_still_due
from optout.workflows.send_paper import mark_sent, take_back

TO_SAY: Final[Mapping[Right, Text]] = {
    Right.OPT_OUT: Text("Please stop selling and sharing my data."),
    Right.DELETE: Text("Please delete what you hold about me."),
    Right.ACCESS: Text("Please tell me what you hold about me."),
    Right.CORRECT: Text("Something that you hold about me is wrong. Please correct it."),
    Right.LIMIT: Text("Please limit how you use my sensitive data."),
    Right.SUPPRESS: Text("Please keep my record out of your products."),
    Right.FREEZE: Text("Please put a security freeze on my file."),
    Right.FILE_DISCLOSURE: Text("Please send me a copy of my file."),
    Right.DISPUTE: Text("An entry in my file is wrong. I want to dispute it."),
    Right.PRESCREEN_OPT_OUT: Text("Please take me off the lists for credit and insurance offers."),
    Right.RECORDS_REQUEST: Text("I want to ask for public records."),
}


def guide_by_hand(desk: Desk, errand: Errand, *, digest: str = "") -> Filed:
    """Show where to go, what to write and what not; then ask whether it was done."""
    prepared = prepare(desk, errand)
    approval = approve(desk, prepared, digest=digest)
    check_still_due(desk, errand)  # looking took its time
    if errand.message.delivery is not Delivery.HANDED_OVER:
        desk.vault.outbox.hand_over(
            errand.message.id,
            payload=prepared.payload,
            approval_id=approval.id,
            newness=prepared.newness,
        )
    acted = desk.person.act(_hand_over(prepared))
    if acted is Acted.DID:
        return mark_sent(desk, errand.message.reference)
    if acted is Acted.DID_NOT:
        return take_back(desk, errand.message.reference)
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def _hand_over(prepared: Prepared) -> HandOver:
    errand = prepared.errand
    by_phone = errand.message.by is By.PHONE
    if errand.message.purpose in FOLLOW_UPS:
        return _text_to_paste(prepared)
    why = (
        Text("Only you can make this call.")
        if by_phone
        else Text("This page is yours to fill in: open it in your own browser.")
    )
    return HandOver(
        why=why,
        what=_call_page(errand) if by_phone else _portal_page(errand),
        minutes=errand.channel.minutes,
        window_visible=False,
        remaining=tuple(
            Remaining(field=field, place=field.value.replace("_", " "), value=value)
            for field, value in prepared.payload.values.items()
        ),
        person_submits=True,
    )


def _text_to_paste(prepared: Prepared) -> HandOver:
    """Give the text that was approved, and say truthfully that no address for it is known."""
    errand, body = prepared.errand, prepared.payload.body
    assert body is not None  # what follows a request up always has a text
    return HandOver(
        why=Text(
            "We know no e-mail or postal address of {company} that you can use for this.",
            company=errand.broker.called(),
        ),
        what=Text(
            "Open {url} and look for a way to write to them, or answer a mail that you have from "
            "them. Paste the text that you saw above. What else the page wants, you decide.",
            url=errand.channel.url or ", ".join(errand.broker.hosts),
        ),
        minutes=errand.channel.minutes,
        window_visible=False,
        person_submits=True,
    )


def _call_page(errand: Errand) -> Text:
    """Return the number, what to say, what to keep back, and what is known of this call."""
    phone, channel = errand.channel.phone, errand.channel
    assert phone is not None  # lint: whoever is called has a number
    steps = () if By.PORTAL in channel.by else _steps(errand)  # those are about the page
    return _lines(
        Text("Call {number} ({hours})", number=phone.number, hours=as_written(phone.hours))
        if phone.hours
        else Text("Call {number}", number=phone.number),
        Text("You can say: I need an interpreter."),
        Text("Say: {words}", words=TO_SAY[channel.right]),
        Text("Do not give: a Social Security number, an immigration status, anyone else's name."),
        Text("Write down: the day, the name of who answered, a reference number."),
        *steps,
    )


def _portal_page(errand: Errand) -> Text:
    """Return the page and what to do on it."""
    return _lines(Text("Open {url}", url=errand.channel.url), *_steps(errand))


def _steps(errand: Errand) -> Iterator[Text]:
    for number, step in enumerate(errand.channel.guide, start=1):
        yield Text("{number}. {step}", number=number, step=as_written(step))


def _lines(*texts: Text) -> Text:
    """Return sentences a line each, every one translated by itself: a value has no line breaks."""
    named = {f"line{n}": text for n, text in enumerate(texts)}
    return Text("\n".join(f"{{{name}}}" for name in named), **named)

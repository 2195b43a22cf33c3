"""Do what a company's confirmation mail asks: open its link, type its code, or answer it.

The link is opened inside the fence. A mail is answered in the person's own mail program, so all
that happens here is a look at where that answer would go.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from enum import StrEnum
from typing import Final

from optout.errors import NeedsPerson, Refused
from optout.model.flow import ConfirmEmail, ReadCode
from optout.model.ports import Option
from optout.model.record import TaskKind
from optout.model.request import Delivery, Message, MessageId, Purpose, Status, StatusReason
from optout.model.secret import Secret
from optout.rules.flows import confirmation_of
from optout.rules.hosts import host_of
from optout.rules.links import check_still_waiting, confirm_links
from optout.rules.mail_answers import answer_address
from optout.text import Text, as_written
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, Errand, carrier, errand_for, find_message, instant
from optout.workflows.file_request import answers_by_mail, file_form
from optout.workflows.filed import Filed

PASTE_LINK: Final = Text("Paste the link from the mail")
WHO_SENT_IT: Final = Text("Paste the address that the mail came from")


class Awaited(StrEnum):
    """What a company waits for after a request."""

    LINK = "link"
    CODE = "code"
    REPLY = "reply"


def awaited(desk: Desk, reference: str) -> Awaited:
    """Return what the company of a request sends, or refuse where it sends nothing."""
    first = errand_for(desk, _first_leg(desk, find_message(desk, reference)))
    if answers_by_mail(first):
        return Awaited.REPLY
    return Awaited.CODE if isinstance(_expected(first), ReadCode) else Awaited.LINK


def confirm_with_person(desk: Desk, reference: str) -> Filed:
    """Ask for whatever the company sent, and finish what it asks for."""
    kind = awaited(desk, reference)
    if kind is Awaited.CODE:
        return confirm_by_code(desk, reference)
    if kind is Awaited.REPLY:
        return confirm_by_reply(desk, reference, desk.person.ask(WHO_SENT_IT))
    return confirm_by_mail(desk, reference, desk.person.ask(PASTE_LINK))


def confirm_by_reply(desk: Desk, reference: str, untrusted_mail: str) -> Filed:
    """Check where an answer to this mail would go, and note that the person sent it."""
    first = errand_for(desk, _first_leg(desk, find_message(desk, reference)))
    if not answers_by_mail(first):
        raise Refused(
            Text("{company} waits for no answer to a mail.", company=first.broker.called()),
            known=Text("Nothing was changed."),
            hint=Text("See what it waits for: optout next"),
        )
    if first.message.delivery is not Delivery.SENT:
        raise _not_sent(first)
    to = answer_address(untrusted_mail, first.broker.mail_domains)
    own = first.subject.reply_to[0].email if first.subject.reply_to else None
    desk.person.tell(
        Text(
            "Answer it in your mail program, to {to}, from {own}. Leave its subject as it is, and "
            "write only the word that it asks for: nothing more about you.",
            to=to,
            own=own.reveal() if own else Text("the address that you gave them"),
        )
    )
    for pitfall in first.channel.pitfalls:
        desk.person.tell(as_written(pitfall))
    if not desk.person.confirm(Text("Did you send the answer?"), default=False):
        raise NeedsPerson(
            Text("They wait for your answer."),
            known=Text("Nothing was changed."),
            hint=Text("When you have sent it: optout confirm {r}", r=first.reference),
        )
    with desk.vault.together():
        desk.vault.tasks.done_for(first.message.id, TaskKind.CONFIRM_EMAIL)
        for request in first.requests:
            if request.reason is StatusReason.NEED_USER_VERIFICATION:
                desk.vault.requests.set_status(request.id, Status.IN_PROGRESS)
    return Filed(message=first.message, errand=first)


def confirm_by_mail(desk: Desk, reference: str, untrusted_mail: str) -> Filed:
    """Open the one expected link of a pasted mail and finish what it asks for."""
    first, expected = _awaited(desk, reference)
    if not isinstance(expected, ConfirmEmail):
        raise Refused(
            Text("{company} sends a code, not a link.", company=first.broker.called()),
            known=Text("Nothing was opened."),
            hint=Text("Type it with: optout confirm {r} --by-code", r=first.message.reference),
        )
    link = _choose(desk, confirm_links(untrusted_mail, expected.hosts))
    kept = f"link-opened:{hashlib.sha256(link.encode()).hexdigest()}"
    _check_not_of_another(desk, first, kept)
    filed = _finish(desk, first, link=link)
    if filed.message.delivery in {Delivery.SENT, Delivery.UNKNOWN}:
        desk.vault.settings.set(kept, first.message.id)
    return filed


def _check_not_of_another(desk: Desk, first: Errand, kept: str) -> None:
    """Refuse a link that was opened for another request: a page would say yes to the old one."""
    if desk.vault.settings.get(kept, default=first.message.id) != first.message.id:
        raise Refused(
            Text("This link was opened already, for another request."),
            known=Text("Nothing was opened."),
            hint=Text("Paste the link from the mail that belongs to {r}.", r=first.reference),
        )


def confirm_by_code(desk: Desk, reference: str) -> Filed:
    """Ask for the code that the company sent, and finish what it asks for."""
    first, expected = _awaited(desk, reference)
    if not isinstance(expected, ReadCode):
        raise Refused(
            Text("{company} sends a link, not a code.", company=first.broker.called()),
            known=Text("Nothing was opened."),
            hint=Text("Paste it with: optout confirm {r}", r=first.message.reference),
        )
    return _finish(desk, first, code=desk.person.ask_secret(Text("The code they sent you")))


def _awaited(desk: Desk, reference: str) -> tuple[Errand, ConfirmEmail | ReadCode]:
    """Return the request that waits for the company's mail or code, and what it waits for."""
    first = errand_for(desk, _first_leg(desk, find_message(desk, reference)))
    expected = _expected(first)
    attempt = desk.vault.outbox.last_attempt(first.message.id)
    if first.message.delivery is not Delivery.SENT or attempt is None:
        raise _not_sent(first)
    sent_at = attempt.ended_at or attempt.began_at
    check_still_waiting(sent_at, instant(desk.clock), expected.within_hours)
    return first, expected


def _not_sent(first: Errand) -> Refused:
    return Refused(
        Text("{r} waits for no mail: it has not been sent.", r=first.message.reference),
        hint=Text("See: optout status"),
    )


def _first_leg(desk: Desk, message: Message) -> Message:
    """Return the message that was sent before the company's mail came."""
    if message.purpose is not Purpose.CONFIRMATION:
        return message
    carried = desk.vault.messages.for_request(message.request_ids[0])
    for each in carried:
        if each.leg == message.leg - 1:
            return each
    raise Refused(
        Text("The form that {r} confirms is not in this folder.", r=carrier(carried).reference),
        known=Text("Nothing was opened."),
        hint=Text("See: optout status"),
    )


def _finish(desk: Desk, first: Errand, *, link: str = "", code: Secret[str] | None = None) -> Filed:
    confirmation = _confirmation_message(desk, first)
    filed = file_form(desk, errand_for(desk, confirmation), link=link, code=code)
    if filed.message.delivery is Delivery.SENT:
        desk.vault.tasks.done_for(first.message.id, TaskKind.CONFIRM_EMAIL)
    return filed


def _expected(errand: Errand) -> ConfirmEmail | ReadCode:
    flow = errand.broker.flow.get(errand.channel.flow)
    expected = confirmation_of(flow, errand.message.leg + 1) if flow else None
    if expected is None:
        raise Refused(
            Text(
                "{company} sends no confirmation mail that we know of.",
                company=errand.broker.called(),
            ),
            known=Text("Nothing was opened."),
            hint=Text(
                "If a mail came all the same, write it down: optout record {r} acknowledged",
                r=errand.message.reference,
            ),
        )
    return expected


def _choose(desk: Desk, links: tuple[str, ...]) -> str:
    """Show the host large, and let the person choose if the mail has several such links."""
    if len(links) > 1:
        options = [
            Option(key=str(n), text=Text("{link}", link=link[:120]))
            for n, link in enumerate(links, start=1)
        ]
        links = (links[int(desk.person.choose(Text("Which link confirms?"), options)) - 1],)
    if not desk.person.confirm(
        Text("Open the link at {host}?", host=host_of(links[0]).upper()), default=False
    ):
        raise Refused(Text("You said no."), known=Text("Nothing was opened."))
    return links[0]


def _confirmation_message(desk: Desk, first: Errand) -> Message:
    """Return the second leg's own message, made once; a failed try uses the same again."""
    request_id = first.requests[0].id
    for message in desk.vault.messages.for_request(request_id):
        if message.purpose is Purpose.CONFIRMATION and message.leg == first.message.leg + 1:
            return message
    message = replace(
        first.message,
        id=MessageId(new_id()),
        reference=new_reference(),
        purpose=Purpose.CONFIRMATION,
        leg=first.message.leg + 1,
        delivery=Delivery.DRAFT,
        broker_reference="",
        created_at=instant(desk.clock),
    )
    desk.vault.messages.add(message)
    return message

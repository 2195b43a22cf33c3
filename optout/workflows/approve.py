"""See exactly what will leave, and say yes to it: the only way anything becomes sendable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from optout.drafting.letter import Letter
from optout.drafting.reading_copy import LetterGiven, ReadingCopy, drafted, reading_copy
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.i18n import SOURCE, language
from optout.model.broker import Channel
from optout.model.fields import Field
from optout.model.flow import Leg
from optout.model.law import Law
from optout.model.payload import ApprovalSheet, Newness, Payload, Recipient, ShownValue
from optout.model.plan import Blocked, BlockedWhy
from optout.model.request import (
    FOLLOW_UPS,
    Approval,
    Delivery,
    Message,
    Presence,
    Purpose,
    Request,
)
from optout.model.secret import Secret
from optout.model.subject import Acting, Subject
from optout.model.words import By
from optout.rules.closed import closed_for
from optout.rules.conflicts import doubts
from optout.rules.countries import UNITED_STATES
from optout.rules.days import written
from optout.rules.digest import payload_digest
from optout.rules.disclosure import (
    Seen,
    blocked,
    facts_of,
    newness_in,
    values_for,
    values_in,
)
from optout.rules.flows import fields_shown, needed_in
from optout.rules.hosts import host_of
from optout.rules.listing_row import row_of
from optout.rules.minors import check_not_minor
from optout.rules.public_records import GATE
from optout.rules.residence import country_on
from optout.rules.trials import how_checked
from optout.rules.used_fields import fields_needed
from optout.rules.ways import to_check
from optout.text import Text, as_written
from optout.vault.ids import new_id
from optout.words import word
from optout.workflows.about_listing import about_listing
from optout.workflows.authorizations import (
    agents_paper,
    ask_client_to_attest,
    check_signed_scope,
    is_allowed_by_signature,
)
from optout.workflows.conflict import check_conflict_checked
from optout.workflows.desk import Desk, Errand, instant
from optout.workflows.draft import letter_given
from optout.workflows.evidence import evidence_of
from optout.workflows.four_eyes import check_is_somebody, check_second_person
from optout.workflows.given import given_to
from optout.workflows.leave_request import was_left

GOVERNMENT = Text(
    "This would put your name and address into government files, and agencies may share them. "
    "Talk to a lawyer or an accredited representative first. No plan does it. What can be asked, "
    "and first by an organization that names nobody: optout records list"
)

NO_COPY = Text(
    "The copy of this letter in your language is not up to date, so it is not shown. Read the "
    "English with somebody you trust first."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One message, ready to be shown: nothing in it has left yet."""

    errand: Errand
    payload: Payload
    sheet: ApprovalSheet
    newness: Mapping[Field, Newness]
    letter: Letter | None
    leg: Leg | None
    copy: ReadingCopy | None = None  # of the letter, where the person reads no English

    @property
    def digest(self) -> str:
        """Return the fingerprint that an approval names."""
        return self.sheet.digest


def prepare(desk: Desk, errand: Errand, *, for_signing: bool = False) -> Prepared:
    """Gather the values one message needs, and refuse where a rule says no.

    `for_signing`: for the paper that a client signs first, so no signature is asked for yet.
    """
    check_gates(desk, errand)
    leg = _leg_of(errand)
    today = desk.today(errand.subject)
    fields = _fields(errand, leg, today)
    if not for_signing:
        check_signed_scope(desk, errand, fields)
        errand = replace(errand, paper=agents_paper(desk, errand, fields))
    seen = Seen(
        broker=errand.broker,
        presence=presence_of(desk, errand),
        earlier=_given_earlier(desk, errand),
        on=today,
    )
    listing = about_listing(desk, errand)
    listing_url = listing.url.reveal() if listing else ""
    facts = facts_of(errand.subject, today, listing_url=listing_url)
    _check_may_give(blocked(facts, fields, seen, by=errand.message.by))
    values = values_in(facts, fields)
    newness = newness_in(facts, values, seen)
    is_written = _has_letter(errand) and not (for_signing and _by_agent(errand))
    given = letter_given(desk, errand, values) if is_written else None
    letter, copy = drafted(given) if given else None, _to_read(given)
    payload = Payload(
        message_id=errand.message.id,
        subject_id=errand.subject.id,
        recipient=_recipient(errand),
        values=values,
        recognize=values_for(errand.subject, fields_shown(leg) if leg else (), on=today),
        body=Secret(letter.text) if letter else None,
        row=Secret(row_of(listing)) if listing else None,
        definition_sha256=errand.broker.sha256,
        letter_sha256=letter.sha256 if letter else "",
    )
    sheet = ApprovalSheet(
        title=_title(errand),
        payload=payload,
        values=tuple(
            ShownValue(field=field, value=value, newness=newness[field])
            for field, value in values.items()
        ),
        warnings=(
            *_warnings(desk, errand, seen.presence),
            *([NO_COPY] if lacks_copy(letter, copy) else []),
        ),
        digest=payload_digest(payload),
        reading_copy=Secret(copy.text) if copy else None,
    )
    return Prepared(
        errand=errand,
        payload=payload,
        sheet=sheet,
        newness=newness,
        letter=letter,
        leg=leg,
        copy=copy,
    )


def _to_read(given: LetterGiven | None) -> ReadingCopy | None:
    """Return the copy for somebody who reads another language than the company's."""
    return reading_copy(given, language()) if given and language() != SOURCE else None


def lacks_copy(letter: Letter | None, copy: ReadingCopy | None) -> bool:
    """Say whether there is a letter that they may not be able to read."""
    return letter is not None and copy is None and language() != SOURCE


def _title(errand: Errand) -> Text:
    rights = tuple(word(request.right) for request in errand.requests)
    company, purpose = errand.broker.called(), errand.message.purpose
    if purpose in FOLLOW_UPS:
        return Text(
            "{company}: {purpose} ({rights})", company=company, purpose=word(purpose), rights=rights
        )
    return Text("{company}: {rights}", company=company, rights=rights)


def _by_agent(errand: Errand) -> bool:
    return errand.subject.acting is Acting.AGENT


def _has_letter(errand: Errand) -> bool:
    """Say whether a text is written: always after a request, even where it is pasted by hand."""
    return errand.message.by in {By.EMAIL, By.POST} or errand.message.purpose in FOLLOW_UPS


def approve(desk: Desk, prepared: Prepared, *, digest: str = "") -> Approval:
    """Ask the person, or take the digest of what they saw before; store the yes.

    Raises Refused when they say no, or when `digest` names something else than what would leave.
    """
    message = prepared.errand.message
    known = desk.vault.approvals.find(message.id, prepared.digest)
    if digest and digest != prepared.digest:
        if prepared.digest.startswith(digest):
            # A yes in somebody's absence names all of it, not as much as fits on a narrow screen.
            raise WrongUsage(
                Text("This is only the beginning of the number."),
                known=Text("Nothing was sent."),
                hint=Text("Copy the whole line: optout file {r} --dry-run", r=message.reference),
            )
        raise Refused(
            Text("What would be sent has changed since you saw it."),
            known=Text("Nothing was sent."),
            hint=Text("Look again with: optout file {reference}", reference=message.reference),
        )
    if known is None:
        check_second_person(desk, message)
    confirm_contact(desk, prepared.errand)
    ask_client_to_attest(desk, prepared.errand)
    if not (known and message.delivery is Delivery.HANDED_OVER):
        _ask_for_the_adult(desk, prepared.errand)
        if not digest:  # also after a try that did not work: nothing leaves unseen
            _ask(desk, prepared)
    return keep_yes(desk, message, prepared.digest, known)


def keep_yes(desk: Desk, message: Message, digest: str, known: Approval | None = None) -> Approval:
    """Keep the yes, unless another window changed the message while the person looked at it."""
    with desk.vault.together():
        _check_unchanged(desk, message)
        if known is None:
            check_is_somebody(desk)
            known = Approval(
                id=new_id(),
                message_id=message.id,
                digest=digest,
                approved_by=desk.vault.actor,
                approved_at=instant(desk.clock),
            )
            desk.vault.approvals.add(known)
        if message.delivery in {Delivery.DRAFT, Delivery.FAILED}:
            desk.vault.messages.set_ready(message.id)
    return known


def _check_unchanged(desk: Desk, message: Message) -> None:
    """Refuse where it asks or goes otherwise now, is in another's name, or is off the list."""
    now = desk.vault.messages.get_many([message.id]).get(message.id)
    same = now is not None and _what_goes(now) == _what_goes(message)
    if not same or was_left(message, [desk.vault.requests.get(e) for e in message.request_ids]):
        raise Refused(
            Text("While you looked at it, this was changed."),
            known=Text("Nothing was written or sent."),
            hint=Text("See what is on your list: optout next"),
        )


def _what_goes(message: Message) -> tuple[object, ...]:
    return (
        message.request_ids,
        message.by,
        message.channel_right,
        message.channel_key,
        message.said,
        message.as_agent,
    )


def _ask(desk: Desk, prepared: Prepared) -> None:
    """Put the sheet before the person."""
    if not desk.person.approve(prepared.sheet):
        raise _said_no()


def _ask_for_the_adult(desk: Desk, errand: Errand) -> None:
    """Let a helper say that this adult agreed to this request (SAFETY 6), or has signed for it."""
    if errand.subject.acting is not Acting.HELPER or is_allowed_by_signature(desk, errand):
        return
    question = Text(
        "Did {person} themselves say yes to this request to {company}?",
        person=errand.subject.label.reveal(),
        company=errand.broker.called(),
    )
    if not desk.person.confirm(question):
        raise _said_no()


def _said_no() -> Refused:
    return Refused(Text("You said no."), known=Text("Nothing was sent."))


def confirm_contact(desk: Desk, errand: Errand) -> None:
    """Ask about an address or number that is not sure before it is used (SAFETY 5)."""
    for channel in errand.channels:
        place, check = _unsure_place(channel, errand.message.by)
        name = f"address-checked:{errand.broker.slug}:{place}"
        if check is None or desk.vault.settings.get(name):
            continue
        desk.person.tell(
            Text(
                "We are not sure that this is still right: {place}. {check}",
                place=place,
                check=check,
            )
        )
        if not desk.person.type_word(
            Text("Look it up first. If it is right, type the word."), Text("checked")
        ):
            raise NeedsPerson(
                Text(
                    "The address of {company} must be checked first.",
                    company=errand.broker.called(),
                ),
                known=Text("Nothing was printed or sent."),
                hint=Text("When you have checked: optout file {r}", r=errand.message.reference),
            )
        desk.vault.settings.set(name, written(desk.today(errand.subject)))


def _unsure_place(channel: Channel, by: By) -> tuple[str, Text | None]:
    """Return the address, number or way that sources leave in doubt, and what to check."""
    check = to_check(channel, by)
    if check is None:
        return "", None
    number = channel.phone.number if by is By.PHONE and channel.phone else ""
    contact = {By.POST: channel.post, By.EMAIL: channel.email}.get(by)
    written = ", ".join(contact.lines) or contact.email if contact else ""
    return number or written or channel.url or channel.right, check


def check_gates(desk: Desk, errand: Errand) -> None:
    """Refuse what the plan would refuse: facts about the person may have changed since."""
    today = desk.today(errand.subject)
    if errand.read_once is None:  # else it was checked when that was read
        check_file(desk, errand.subject)
    check_not_minor(errand.subject, today)
    if errand.broker.government and errand.message.purpose is not Purpose.COMPLAINT:
        raise Refused(GOVERNMENT, known=Text("Nothing was written or sent."))
    for request, channel in zip(errand.requests, errand.channels, strict=True):
        law = desk.law(request.law)
        on = _asked_on(desk, errand, request) or today
        why = closed_for(errand.subject, errand.broker, channel, errand.message.by, on, law=law)
        if why:
            raise Refused(
                why, known=Text("Nothing was sent."), hint=Text("See other ways: optout plan")
            )


def check_file(desk: Desk, subject: Subject) -> None:
    """Refuse what nobody may do for this person at all, whatever it is and whoever gets it."""
    desk.vault.matters.check_open(subject.id)
    check_conflict_checked(desk.vault, subject)


def _asked_on(desk: Desk, errand: Errand, request: Request) -> date | None:
    """Return from when a request counts that is followed up: whom they serve was settled then."""
    if errand.message.purpose not in FOLLOW_UPS:
        return None
    return desk.vault.deadlines.received_on(request.id)


def _leg_of(errand: Errand) -> Leg | None:
    if errand.message.by is not By.WEB:
        return None
    return errand.broker.flow[errand.channel.flow].leg[errand.message.leg]


def _fields(errand: Errand, leg: Leg | None, today: date) -> tuple[Field, ...]:
    """Return what this message needs and nothing more: optional boxes stay empty."""
    if leg is not None:
        return needed_in(leg)
    has_address = any(reply.address for reply in errand.subject.reply_to)
    abroad = country_on(errand.subject, today) != UNITED_STATES
    needed = (
        fields_needed(
            errand.broker,
            channel,
            errand.message.by,
            return_address=has_address,
            abroad=abroad,
            by_agent=_by_agent(errand),
        )
        for channel in errand.channels
    )
    return tuple(dict.fromkeys(field for fields in needed for field in fields))


def _check_may_give(against: Sequence[Blocked]) -> None:
    """Refuse with the first reason; a value that does not exist is asked for, never invented."""
    if not against:
        return
    kind = NeedsPerson if against[0].reason is BlockedWhy.MISSING else Refused
    raise kind(
        against[0].why,
        known=Text("Nothing was sent."),
        hint=Text("See other ways: optout plan. Change what may be given: optout person edit"),
    )


def _given_earlier(desk: Desk, errand: Errand) -> Mapping[Field, date]:
    if errand.read_once is not None and not errand.read_once.was_given:
        return {}
    return given_to(desk, errand.subject.id, errand.broker)


def presence_of(desk: Desk, errand: Errand) -> Presence:
    """Return the weakest sign among the joined requests, or what has come to light since."""
    if errand.message.purpose is Purpose.COMPLAINT:
        return Presence.UNLIKELY  # an office: whatever it gets is new to it
    slug, read_once = errand.broker.slug, errand.read_once
    if slug in (read_once.shown if read_once else evidence_of(desk, errand.subject.id, at=slug)):
        return Presence.EVIDENCE
    order = (Presence.UNLIKELY, Presence.LIKELY, Presence.EVIDENCE)
    return min((request.presence for request in errand.requests), key=order.index)


def _recipient(errand: Errand) -> Recipient:
    """Return who gets it by this one way: nobody else is shown, and nobody else receives."""
    channel = errand.channel
    name = errand.broker.addressed(channel)
    match errand.message.by:
        case By.POST:
            return Recipient(
                name=name,
                lines=channel.envelope(),
                office=errand.broker.slug if errand.message.purpose is Purpose.COMPLAINT else "",
            )
        case By.EMAIL:
            return Recipient(name=name, email=channel.email.email if channel.email else "")
        case By.PHONE:
            return Recipient(name=name, phone=channel.phone.number if channel.phone else "")
        case By.PORTAL:
            hosts = errand.broker.hosts if errand.message.purpose in FOLLOW_UPS else ()
            return Recipient(name=name, hosts=(host_of(channel.url),) if channel.url else hosts)
        case _:
            return Recipient(name=name, hosts=errand.broker.hosts)


def _warnings(desk: Desk, errand: Errand, presence: Presence) -> tuple[Text, ...]:
    """Return what the person should know before saying yes to this one message."""
    of_channels = (
        text
        for request, channel in zip(errand.requests, errand.channels, strict=True)
        for text in _channel_warnings(errand, channel, desk.law(request.law))
    )
    texts = (*_message_warnings(errand, presence), *of_channels)
    return tuple({text.english(): text for text in texts}.values())


def _message_warnings(errand: Errand, presence: Presence) -> Iterator[Text]:
    broker = errand.broker
    if errand.message.purpose is Purpose.COMPLAINT:
        yield GATE
        if errand.channel.post and errand.channel.post.lines == (broker.name,):
            yield Text(
                "No address stands on the letter: none is sure, or the office takes no post. The "
                "page for you says where it takes complaints."
            )
        return
    if errand.paper is not None:
        yield Text(
            "It goes in the name of {agent}, as agent. The company learns that you help this "
            "client.",
            agent=errand.paper.agent,
        )
    yield how_checked(broker, errand.message.by)
    if broker.local:
        yield Text("This definition is your own (local); nobody else has checked it.")
    if presence is Presence.UNLIKELY:
        yield Text("We have no sign that {company} knows you.", company=broker.called())
    if errand.message.by is By.EMAIL:
        yield Text("Your mail provider keeps a copy of what you send.")


def _channel_warnings(errand: Errand, channel: Channel, law: Law) -> Iterator[Text]:
    for words in channel.attests:
        yield Text(
            "They ask you to agree to this, and only you may: {words}", words=as_written(words)
        )
    if errand.message.by is By.WEB:  # what a form allows: how many records, how long a link lives
        yield from map(as_written, channel.pitfalls)
    for harder in channel.harder_afterwards:
        yield as_written(harder)
    yield from doubts(channel, errand.message.by, errand.subject, law)

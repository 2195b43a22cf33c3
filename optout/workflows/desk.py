"""What every workflow works at: the locked folder, the person, the clock, catalog and fence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from optout.errors import WrongUsage
from optout.i18n import say
from optout.model.broker import Broker, Channel, Slug
from optout.model.clinic import Authorization
from optout.model.law import Law, LawId
from optout.model.ports import Clock, Person
from optout.model.request import (
    FOLLOW_UPS,
    Message,
    MessageId,
    Purpose,
    Reference,
    Request,
    RequestId,
)
from optout.model.subject import Acting, Subject
from optout.rules.after_request import find_place, office_of
from optout.rules.days import day_in
from optout.text import Counted, Text
from optout.workflows.clinic import clinic_of

if TYPE_CHECKING:  # both are heavy; only the workflows that use them import them
    from optout.browser.fence import Fence
    from optout.browser.window import Window
    from optout.vault.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The things one command works with. The demo and the tests set out another desk."""

    vault: Vault
    person: Person
    clock: Clock
    find_broker: Callable[[str], Broker]
    list_brokers: Callable[[], tuple[Broker, ...]]
    laws: Callable[[], Mapping[LawId, Law]]
    fence_for: Callable[[Broker], Fence]
    rehearsal_for: Callable[[Broker], Fence]
    window: Callable[[], Window]  # where the browser of a filing shows itself
    out_folder: Path  # where papers go that leave the vault
    said: Callable[[Text], str] = say  # how a sentence with a command stands on paper
    still_wanted: Callable[[], None] = lambda: None  # raises, just before a last button, where not

    def today(self, subject: Subject) -> date:
        """Return the date where the subject lives: legal dates are dates there."""
        return self.day_of(self.clock(), subject)

    def day_of(self, instant: datetime, subject: Subject) -> date:
        """Return the date of an instant where the subject lives."""
        return day_in(subject.zone, instant)

    def day_here(self, instant: datetime) -> date:
        """Return the date of something that is about nobody, such as a file that was written."""
        return day_among(self.vault.subjects.list(), instant)

    def law(self, law_id: LawId) -> Law:
        """Return one law by id."""
        try:
            return self.laws()[law_id]
        except KeyError:
            raise WrongUsage(
                Text("There is no law file named {law}.", law=law_id),
                hint=Text("See the laws we know with: optout law list"),
            ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnce:
    """What several messages of one person have in common, as it was just before the first."""

    subject: Subject
    requests: Mapping[RequestId, Request]
    carried: Mapping[RequestId, Sequence[Message]]  # all messages that carry each request
    shown: Collection[Slug]  # companies of which something shows that they have the person
    was_given: bool  # anybody was ever given anything about the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message with everything it concerns, read together."""

    message: Message
    requests: tuple[Request, ...]
    subject: Subject
    broker: Broker
    channel: Channel
    channels: tuple[Channel, ...]  # one for each request: a letter may carry several rights
    reference: Reference  # what the person and the company know it by
    paper: Authorization | None = None  # what an agent's letter rests on, once it is prepared
    read_once: ReadOnce | None = None  # where it is one of many, and need not be read for each


def day_among(people: Iterable[Subject], instant: datetime) -> date:
    """Return the date where these people live; of several zones or none, this computer's own."""
    zones = {each.zone for each in people}
    return day_in(zones.pop(), instant) if len(zones) == 1 else instant.astimezone().date()


def as_reference(typed: str) -> Reference:
    """Return a reference as we write it, however it was typed: case and hyphen do not matter."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return Reference(f"{letters[:4]}-{letters[4:]}")


def find_message(desk: Desk, reference: str) -> Message:
    """Return the message a person names by its own or by one of its requests' references."""
    wanted = as_reference(reference)
    message = desk.vault.messages.by_reference(wanted)
    if message is not None:
        return message
    request = desk.vault.requests.by_reference(wanted)
    carried = desk.vault.messages.for_request(request.id) if request else ()
    if own := requesting(carried):
        return own[-1]
    raise WrongUsage(
        Text("There is no request with that reference in this folder."),
        known=Text("Nothing was sent or changed."),
        hint=Text("See all of them with: optout status"),
    )


def requesting(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return the messages that ask or confirm, without what follows them up."""
    return tuple(each for each in messages if each.purpose not in FOLLOW_UPS)


def carrier(messages: Sequence[Message]) -> Message:
    """Return the message that a request is known by: its reference is the one the company sees.

    The newest that asks; what only confirms it has a reference that no company ever saw.
    """
    asking = [message for message in messages if message.purpose is Purpose.REQUEST]
    return (asking or messages)[-1]


def reference_of(request: Request, carried: Sequence[Message]) -> Reference:
    """Return the reference of what carries a request; its own before anything does."""
    return carrier(carried).reference if carried else request.reference


def known_as(vault: Vault, message: Message) -> Reference:
    """Return the reference that the person and the company know a message by."""
    return all_known_as(vault, (message,))[message.id]


def all_known_as(vault: Vault, messages: Sequence[Message]) -> Mapping[MessageId, Reference]:
    """Return that reference of each; of what confirms, the one of what it confirms."""
    confirming = [each for each in messages if each.purpose is Purpose.CONFIRMATION]
    carried = vault.messages.for_requests(each.request_ids[0] for each in confirming)
    found = {each.id: each.reference for each in messages}
    return found | {each.id: carrier(carried[each.request_ids[0]]).reference for each in confirming}


def open_errand(desk: Desk, reference: str) -> Errand:
    """Read one message together with its requests, subject, company and channel."""
    return errand_for(desk, find_message(desk, reference))


def errand_for(desk: Desk, message: Message, read_once: ReadOnce | None = None) -> Errand:
    """Complete a message to an errand."""
    read = read_once.requests if read_once else {}
    requests = tuple(
        read.get(each) or desk.vault.requests.get(each) for each in message.request_ids
    )
    broker, channel = _to_whom(desk, message, requests)
    if channel is None:
        raise WrongUsage(
            Text(
                "What we know about {company} has changed: this way of asking is gone.",
                company=broker.called(),
            ),
            known=Text("Nothing was sent for {reference}.", reference=message.reference),
            hint=Text("Make the plan again with: optout plan"),
        )
    follows = message.purpose in FOLLOW_UPS
    return Errand(
        message=message,
        requests=requests,
        channels=tuple(
            (not follows and broker.find_channel(each.right, message.by, message.channel_key))
            or channel
            for each in requests
        ),
        subject=_asking(desk, message, read_once),
        broker=broker,
        channel=channel,
        reference=known_as(desk.vault, message),
        read_once=read_once,
    )


def _asking(desk: Desk, message: Message, read_once: ReadOnce | None) -> Subject:
    """Return whose request it is, and who acts: an office helps, but in this may be the agent."""
    subject = (
        read_once.subject
        if read_once
        else as_here(desk, desk.vault.subjects.get(message.subject_id))
    )
    return replace(subject, acting=Acting.AGENT) if message.as_agent else subject


def as_here(desk: Desk, subject: Subject) -> Subject:
    """Return a person as this folder's owner asks for them: an office is never the person."""
    if subject.acting is Acting.SELF and clinic_of(desk.vault) is not None:
        return replace(subject, acting=Acting.HELPER)
    return subject


def _to_whom(
    desk: Desk, message: Message, requests: Sequence[Request]
) -> tuple[Broker, Channel | None]:
    """Return who gets a message, and where: the company, or the office of a complaint."""
    if message.purpose is Purpose.COMPLAINT:
        office = office_of(desk.law(requests[0].law))
        if office is not None:
            return office, office.channel[0]
    broker = desk.find_broker(message.broker)
    named = (message.channel_right, message.by, message.channel_key)
    if message.purpose is Purpose.COMPLAINT:
        return broker, None
    find = find_place if message.purpose in FOLLOW_UPS else Broker.find_channel
    return broker, find(broker, *named)


def the_subject(desk: Desk, name: str = "") -> Subject:
    """Return the one person in the folder, or the one of that number or label.

    The number, from `person list`, keeps a name out of the list of typed commands.
    """
    subjects = desk.vault.subjects.list()
    if name.isdecimal() and 0 < int(name) <= len(subjects):
        return as_here(desk, subjects[int(name) - 1])
    if not subjects:
        raise WrongUsage(
            Text("Nobody is in this folder yet."),
            hint=Text("Add yourself with: optout person add"),
        )
    if name:
        subjects = tuple(s for s in subjects if s.label.reveal().casefold() == name.casefold())
    if len(subjects) == 1:
        return as_here(desk, subjects[0])
    raise WrongUsage(
        Text("Which person do you mean?") if not name else Text("Nobody here is called that."),
        known=Counted(
            "There is one person in this folder.",
            "There are {count} people in this folder.",
            count=len(desk.vault.subjects.list()),
        ),
        hint=Text("See them with: optout person list, then add --person NUMBER"),
    )


def instant(clock: Clock) -> datetime:
    """Return now, cut to whole seconds: nobody needs more, and it prints better."""
    return clock().replace(microsecond=0)

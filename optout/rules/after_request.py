"""To whom, and which way, a letter after a request goes; an office of a complaint among them.

Such a letter gives a name and an address for the answer, and no more: the rest they have since
the request. It goes as the request went where that takes letters; else to the address that the
company names for the same right, or for requests on the same ground; else by hand, as a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from optout.model.broker import Broker, Channel, Contact, Slug
from optout.model.fields import Field
from optout.model.law import Law, Regulator
from optout.model.words import (
    SURE,
    BrokerKind,
    By,
    Confidence,
    Eligible,
    Grade,
    Right,
)

LETTERS: Final = (By.EMAIL, By.POST)
_OFFICE_MINUTES: Final = 30
_ABOUT_THE_PLACE: Final = frozenset({"address", "agents"})


def ways_after(broker: Broker, asked: Channel, by: By) -> Iterator[tuple[Channel, By]]:
    """Yield where a letter after this request can go, the nearest to the request first."""
    near = [asked, *(each for each in broker.channel if each is not asked)]
    near = [each for each in near if each.right is asked.right or {*each.basis} & {*asked.basis}]
    near.sort(key=lambda each: each.right is not asked.right)
    first = (by,) if by in LETTERS else ()
    for letter in dict.fromkeys((*first, *LETTERS)):
        for channel in near:
            if letter in channel.by and _place(channel, letter):
                yield as_place(channel, letter), letter
    yield as_place(asked, By.PORTAL), By.PORTAL


def as_place(channel: Channel, by: By) -> Channel:
    """Return a channel as nothing but a place to write to."""
    return replace(
        channel,
        by=(by,),
        discloses=(Field.FULL_NAME,),
        products=(),
        enclose=(),
        attests=(),
        guide=(),
        blank_ssn_line=False,
        harder_afterwards=(),
        conflict=tuple(each for each in channel.conflict if each.about in _ABOUT_THE_PLACE),
    )


def find_place(broker: Broker, right: Right, by: By, key: str) -> Channel | None:
    """Return the place that a stored letter names, or None if the definition lost it."""
    for channel in broker.channel:
        if (channel.right, channel.key) == (right, key) and (by is By.PORTAL or by in channel.by):
            return as_place(channel, by)
    return None


def office_of(law: Law) -> Broker | None:
    """Return the office that takes complaints under a law, or None where nobody can be written to.

    It is shaped like a company, so that the same rules guard what it gets. Its address is on the
    envelope only where that is sure, and where it takes complaints by post.
    """
    office = law.regulator
    if office is None or not office.lines:
        return None
    lines = printed_lines(office)
    return Broker(
        slug=Slug(f"office-{law.id}"),
        name=office.name,
        kind=BrokerKind.PUBLIC_BODY,
        holds=(),
        grade=Grade.DRAFTED,
        government=True,
        channel=(
            Channel(
                right=Right.RECORDS_REQUEST,
                by=(By.POST,),
                basis=(),
                post=Contact(
                    lines=lines or (office.name,), confidence=Confidence.ONE_SOURCE, sources=()
                ),
                discloses=(Field.FULL_NAME,),
                eligible=Eligible.ANYONE,
                minutes=_OFFICE_MINUTES,
                confidence=Confidence.ONE_SOURCE,
                sources=(),
            ),
        ),
        sources=(),
        sha256=law.sha256,
    )


def printed_lines(office: Regulator) -> tuple[str, ...]:
    """Return the lines for the envelope; none where they are not sure, or not for complaints."""
    sure = office.confidence in SURE and office.takes_post is not False
    return office.lines if sure else ()


def _place(channel: Channel, by: By) -> bool:
    contact = channel.email if by is By.EMAIL else channel.post
    return contact is not None and bool(contact.email if by is By.EMAIL else contact.lines)

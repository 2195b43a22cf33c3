"""A company outside the catalog, read as a definition: so everything that follows is the same.

Plans, letters, approval, dates and the list know definitions only. This one claims nothing that
nobody saw: no product, no form, no time to answer, and of holdings only what its person named.
"""

from __future__ import annotations

import hashlib
import json
from types import MappingProxyType
from typing import Final

from optout.model.broker import Broker, Channel, Contact, Slug, Source
from optout.model.fields import SOURCE_OF, Field, IdentifierKind
from optout.model.outside import OutsideCompany
from optout.model.words import Basis, BrokerKind, By, Confidence, Eligible, Grade, Holding, Right
from optout.rules.hosts import host_of

PREFIX: Final = "own-"
RIGHTS: Final = (Right.OPT_OUT, Right.ACCESS, Right.DELETE, Right.CORRECT)
"""What can be asked of any company; the rest needs to be known to apply."""

FIND_BY: Final = MappingProxyType(
    {
        "city": (Field.CITY, Field.STATE),
        "address": (Field.STREET, Field.CITY, Field.STATE, Field.ZIP),
        "phone": (Field.PHONE,),
        "birth-date": (Field.BIRTH_DATE,),
    }
)
"""What a record can be found by, beside the name."""

_WRITTEN_DOWN: Final = "you"
_HELD: Final = MappingProxyType(
    {
        IdentifierKind.ADDRESS: Holding.HOME_ADDRESS,
        IdentifierKind.PHONE: Holding.PHONE,
        IdentifierKind.BIRTH_DATE: Holding.BIRTH_DATE,
    }
)
_CHOOSE: Final = MappingProxyType(
    {
        Right.OPT_OUT: "“do not sell or share my personal information”, or “opt out”",
        Right.ACCESS: "“request my data”, “access” or “know what you have”",
        Right.DELETE: "“delete my data”",
        Right.CORRECT: "“correct my data”",
    }
)
_NEVER: Final = (
    "Never write a Social Security number, an immigration status, a visa or A-number, a language,"
    " or anybody else's name. Send no picture of yourself, and none of a paper."
)
_STOP: Final = (
    "If it does not let you go on without more, stop there: close the page, and say here that you"
    " did not do it. A letter often needs less."
)


def is_outside(slug: str) -> bool:
    """Say whether a slug names such a company: no folder of the catalog begins like this."""
    return slug.startswith(PREFIX)


def as_broker(company: OutsideCompany) -> Broker:
    """Return the company as a definition of the person's own."""
    return Broker(
        slug=company.slug,
        name=company.name,
        kind=BrokerKind.OTHER,
        holds=_holds(company),
        hosts=(host_of(company.url),) if company.url else (),
        grade=Grade.DRAFTED,
        channel=tuple(_channel(company, right) for right in RIGHTS),
        sources=(Source(key=_WRITTEN_DOWN, what="the person", read_on=company.written_on),),
        sha256=_sha256(company),
        local=True,
    )


def slug_for(code: str) -> Slug:
    """Return the slug of a new company from a random code: it says nothing about whom."""
    return Slug(f"{PREFIX}{code.lower()}")


def same_place(one: OutsideCompany, other: OutsideCompany) -> bool:
    """Say whether both are reached at one place, however it is typed; two can share a house."""
    return _place(one) == _place(other)


def same_name(one: OutsideCompany, other: OutsideCompany) -> bool:
    """Say whether both are called the same, but for blanks, commas and capitals."""
    return letters_of(one.name) == letters_of(other.name)


def letters_of(words: str) -> str:
    """Return what is left when only letters and digits count, in small letters."""
    return "".join(filter(str.isalnum, words)).casefold()


def _place(company: OutsideCompany) -> tuple[str, ...]:
    lines = letters_of("".join(company.lines[1:]))
    return (company.by, company.email.casefold(), lines, company.url.rstrip("/"))


def _holds(company: OutsideCompany) -> tuple[Holding, ...]:
    kinds = dict.fromkeys(SOURCE_OF[field] for field in company.find_by if field in SOURCE_OF)
    return (Holding.NAME, *(_HELD[kind] for kind in kinds if kind in _HELD))


def _channel(company: OutsideCompany, right: Right) -> Channel:
    sender = {By.EMAIL: (Field.EMAIL,), By.POST: (Field.REPLY_ADDRESS,)}.get(company.by, ())
    contact = Contact(
        email=company.email,
        lines=company.lines,
        confidence=Confidence.ONE_SOURCE,
        sources=(_WRITTEN_DOWN,),
    )
    return Channel(
        right=right,
        by=(company.by,),
        basis=(Basis.STATE_PRIVACY,),
        url=company.url,
        email=contact if company.by is By.EMAIL else None,
        post=contact if company.by is By.POST else None,
        guide=_guide(company, right) if company.by is By.PORTAL else (),
        discloses=(Field.FULL_NAME, *company.find_by, *sender),
        eligible=Eligible.ANYONE,
        confidence=Confidence.ONE_SOURCE,
        sources=(_WRITTEN_DOWN,),
    )


def _guide(company: OutsideCompany, right: Right) -> tuple[str, ...]:
    """Say what to do on a page that we never saw, and what not."""
    sentence = company.sentences.get(right, "")
    return (
        "Open it yourself, in your own browser. This program does not open it.",
        f"Look for {_CHOOSE[right]}. It is often below “privacy” at the foot of a page.",
        "Write only what is listed here. Leave every other box empty, if the page lets you.",
        *((f"Is there a box for your own words? Copy this: {sentence}",) if sentence else ()),
        _NEVER,
        "Read each box before you tick it. Make no account, and pay nothing.",
        _STOP,
        "At the end, write down the day and any number that the page shows.",
    )


def _sha256(company: OutsideCompany) -> str:
    """Return the fingerprint of all that would stand in a request: a yes is to this, as it is."""
    content = json.dumps(company.definition(), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()

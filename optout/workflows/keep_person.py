"""Who the requests are about: entered once, checked, with what may be given to whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from optout.errors import WrongUsage
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import (
    Acting,
    Identifier,
    IdentifierId,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
    SubjectId,
)
from optout.rules.countries import UNITED_STATES, zone_abroad
from optout.rules.days import day_in
from optout.rules.states import state_code, zone_of
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows import facts
from optout.workflows.never_stored import refuse_never_stored

Card = Mapping[str, Any]
"""A person as JSON has it: see `CARD_EXAMPLE`. Everything but `name` and `state` may be absent.

Who lives outside the United States gives a `country` (DE, Germany) in the place of a state.
"""

CARD_EXAMPLE: Card = {
    "label": "Jordan",
    "acting": "self",
    "name": {"given": "Jordan", "middle": "Q.", "family": "Sample", "share": "ask"},
    "other_names": [{"given": "Jordan", "family": "Example", "share": "ask"}],
    "state": "CO",
    "state_since": "2021-05-01",
    "addresses": [
        {
            "street": "100 Example Street",
            "unit": "Apt 2",
            "city": "Denver",
            "state": "CO",
            "zip": "80202",
            "since": "2021-05-01",
            "share": "known",
        }
    ],
    "emails": [{"email": "jordan@example.com", "share": "ask"}],
    "phones": [{"phone": "303-555-0142", "share": "known"}],
    "born": "1990-04-12",
    "born_share": "known",
    "reply_to": [{"kind": "new-email", "email": "jordan.requests@example.com"}],
}

# SAFETY 2: a home address, a phone and a birth date begin at "only to a company that has it".
DEFAULT_SHARE = {
    IdentifierKind.NAME: Share.ASK,
    IdentifierKind.ALIAS: Share.ASK,
    IdentifierKind.EMAIL: Share.ASK,
    IdentifierKind.ADDRESS: Share.KNOWN,
    IdentifierKind.PHONE: Share.KNOWN,
    IdentifierKind.BIRTH_DATE: Share.KNOWN,
}
_KEYS: Final = frozenset(CARD_EXAMPLE) | {"country", "zone", "born_id", "minor_allowed_by_parent"}
_OF_EACH: Final = frozenset({"id", "share", "since", "until", "country"})
_NAME: Final = frozenset({"given", "middle", "family", "suffix"})
_ADDRESS: Final = frozenset({"street", "unit", "city", "state", "zip", "care_of"})
_KEYS_IN: Final = {
    "name": _NAME,
    "other_names": _NAME,
    "addresses": _ADDRESS,
    "emails": frozenset({"email"}),
    "phones": frozenset({"phone"}),
    "reply_to": frozenset({"kind", "email", "address"}),
}
SHORTEST_CARD: Final = '{"name": {"given": "Jordan"}, "state": "CO"}'

T = TypeVar("T")
Problem = tuple[str, Text]


def subject_from_card(card: Card, *, today: date, subject_id: str = "") -> Subject:
    """Check a whole card and return the person; one error names every problem."""
    refuse_never_stored(card)
    problems = [*_unknown_keys(card), *_not_lists(card)]
    if problems:
        raise _all(problems)

    def read(where: str, check: Callable[[], T]) -> T | None:
        try:
            return check()
        except WrongUsage as error:
            problems.append((where, error.what))
        except (AttributeError, KeyError, OSError, TypeError, ValueError):
            problems.append((where, Text("is missing something, or is not written as expected")))
        return None

    home = read("state", lambda: _home(card))
    since = read("state_since", lambda: _day(card, "state_since", today))
    acting = read("acting", lambda: Acting(card.get("acting", "self")))
    zone = read("zone", lambda: _zone(card, home))
    country = home.country if home else UNITED_STATES
    identifiers = [
        read(where, lambda entry=entry, kind=kind: _identifier(kind, entry, today))  # type: ignore[misc]
        for where, kind, entry in _entries(card, country)
    ]
    reply_to = [
        read(f"reply_to[{n}]", lambda entry=entry: _reply_to(entry, country))  # type: ignore[misc]
        for n, entry in enumerate(card.get("reply_to", ()))
    ]
    if problems or home is None or acting is None:
        raise _all(problems)
    return Subject(
        id=SubjectId(subject_id or new_id()),
        label=Secret(str(card.get("label") or card["name"]["given"])),
        identifiers=tuple(each for each in identifiers if each),
        residences=(replace(home, since=since),),
        reply_to=tuple(each for each in reply_to if each),
        zone=zone or _usual_zone(home),
        acting=acting,
        minor_allowed_by_parent=bool(card.get("minor_allowed_by_parent", False)),
    )


def today_of(card: Card, now: datetime) -> date:
    """Return the day that it is where the person of a card lives; of an unreadable one, in UTC."""
    try:
        return day_in(_usual_zone(_home(card)), now)
    except WrongUsage:  # `subject_from_card` says so, with everything else
        return now.date()


def moved(before: Subject, after: Subject, *, today: date) -> Subject:
    """Return a changed person with the homes of before: a request is under the law of its day.

    A new home begins on the day that the card names, else today: the day in a card that was shown
    and changed is still that of the old home. What began later than a new home was a mistake.
    """
    old, new = before.residences[-1], after.residences[-1]
    stays = (old.state, old.country) == (new.state, new.country)
    named = new.since if new.since != old.since else None
    if stays and named is None:
        return replace(after, residences=before.residences)
    start = named or today
    homes = before.residences[:-1] if stays else before.residences
    earlier = [home for home in homes if (home.since or date.min) < start]
    if earlier:
        earlier[-1] = replace(earlier[-1], until=start - timedelta(days=1))
    return replace(after, residences=(*earlier, replace(new, since=start)))


def check_label(subject: Subject, people: Iterable[Subject]) -> Subject:
    """Return the person under a label that nobody else here has: commands name people by it."""
    taken = {each.label.reveal().casefold() for each in people if each.id != subject.id}
    name = next(f.value for f in subject.identifiers if f.kind is IdentifierKind.NAME)
    full = name.full() if isinstance(name, PersonName) else ""
    for label in (subject.label.reveal(), full):
        if label and label.casefold() not in taken:
            return replace(subject, label=Secret(label))
    raise WrongUsage(
        Text("There is already a person called {name} here.", name=subject.label.reveal()),
        known=facts.NOTHING_CHANGED,
        hint=Text(
            "To change them: optout person edit --person NAME. For another person, write a "
            "“label” of their own into a card: optout person add --from FILE"
        ),
    )


def _unknown_keys(card: Card) -> Iterator[Problem]:
    """Name what would be left out in silence: a key that is written wrong."""
    yield from _unknown(card, _KEYS)
    for key, known in _KEYS_IN.items():
        entry = card.get(key)
        if isinstance(entry, Mapping):
            yield from _unknown(entry, known | _OF_EACH, f"{key}.")
        elif isinstance(entry, list | tuple):
            for number, each in enumerate(entry):
                if isinstance(each, Mapping):
                    yield from _unknown(each, known | _OF_EACH, f"{key}[{number}].")


def _unknown(entry: Card, known: Collection[str], before: str = "") -> Iterator[Problem]:
    for key in map(str, entry):
        if key not in known:
            near = get_close_matches(key, known, n=1)
            meant = Text("is not known; did you mean {near}?", near=near[0]) if near else None
            yield f"{before}{key}", meant or Text("is not known")


def _not_lists(card: Card) -> Iterator[Problem]:
    for key in ("other_names", "addresses", "emails", "phones", "reply_to"):
        if not isinstance(card.get(key, []), list | tuple):
            yield key, Text("must be a list, in [ ]")


def _home(card: Card) -> Residence:
    """Return where the card says that the person lives: a state, or another country."""
    country = facts.country_code(str(card.get("country") or UNITED_STATES))
    if country != UNITED_STATES:
        return Residence(state="", country=country)
    return Residence(state=state_code(str(card.get("state", ""))))


def _usual_zone(home: Residence) -> str:
    return zone_of(home.state) if home.country == UNITED_STATES else zone_abroad(home.country)


def _zone(card: Card, home: Residence | None) -> str:
    """Return the time zone the card names, if there is one of that name."""
    named = str(card.get("zone") or "")
    if named:
        ZoneInfo(named)
    return named or (_usual_zone(home) if home else "")


def _entries(card: Card, country: str) -> list[tuple[str, IdentifierKind, Card]]:
    """List every fact of a card with where it stands and what it is.

    Addresses and phones are read as in the country the person lives in, unless they name another.
    """
    lists = {
        "other_names": IdentifierKind.ALIAS,
        "addresses": IdentifierKind.ADDRESS,
        "emails": IdentifierKind.EMAIL,
        "phones": IdentifierKind.PHONE,
    }
    found = [("name", IdentifierKind.NAME, card.get("name", {}))]
    for key, kind in lists.items():
        found += [
            (f"{key}[{n}]", kind, _with_country(entry, country))
            for n, entry in enumerate(card.get(key, ()))
        ]
    if card.get("born"):
        born = {"born": card["born"], "share": card.get("born_share"), "id": card.get("born_id")}
        found.append(("born", IdentifierKind.BIRTH_DATE, born))
    return found


def _with_country(entry: Any, country: str) -> Any:  # noqa: ANN401 - a card may hold anything
    if not isinstance(entry, Mapping):
        return entry
    return {"country": UNITED_STATES if _is_american(entry) else country, **entry}


def _is_american(entry: Card) -> bool:
    """Say whether a state of ours stands in an address: who moved away has such old ones."""
    try:
        return bool(state_code(str(entry.get("state") or "")))
    except WrongUsage:
        return False


def _identifier(kind: IdentifierKind, entry: Card, today: date) -> Identifier:
    """Return one checked fact; `id` is kept where the card has one."""
    share = entry.get("share")
    return Identifier(
        id=IdentifierId(entry.get("id") or new_id()),
        kind=kind,
        value=_VALUE_OF[kind](entry, today),
        share=Share(share) if share else DEFAULT_SHARE[kind],
        valid_from=_day(entry, "since", today),
        valid_to=_day(entry, "until", today),
    )


def _name(entry: Card, _today: date) -> PersonName:
    return PersonName(
        given=facts.not_empty(entry["given"]),
        family=entry.get("family", "").strip(),
        middle=entry.get("middle", "").strip(),
        suffix=entry.get("suffix", "").strip(),
    )


def _address(entry: Card, _today: date | None = None) -> PostalAddress:
    country = facts.country_code(str(entry.get("country") or UNITED_STATES))
    here = country == UNITED_STATES
    return PostalAddress(
        street=facts.not_empty(entry["street"]),
        city=facts.not_empty(entry["city"]),
        state=state_code(entry["state"]) if here else "",
        zip=facts.zip_code(entry["zip"]) if here else facts.postal_code(entry["zip"]),
        country=facts.country_name(country),
        unit=entry.get("unit", "").strip(),
        care_of=entry.get("care_of", "").strip(),
    )


_VALUE_OF: Final[Mapping[IdentifierKind, Callable[[Card, date], Any]]] = {
    IdentifierKind.NAME: _name,
    IdentifierKind.ALIAS: _name,
    IdentifierKind.ADDRESS: _address,
    IdentifierKind.EMAIL: lambda entry, _: Secret(facts.email(entry["email"])),
    IdentifierKind.PHONE: lambda entry, _: Secret(
        facts.phone(entry["phone"], facts.country_code(entry["country"]))
    ),
    IdentifierKind.BIRTH_DATE: lambda entry, day: Secret(facts.day(entry["born"], today=day)),
}


def _reply_to(entry: Card, country: str) -> ReplyTo:
    email = entry.get("email")
    address = entry.get("address")
    return ReplyTo(
        kind=ReplyKind(entry["kind"]),
        email=Secret(facts.email(email)) if email else None,
        address=_address(_with_country(address, country)) if address else None,
    )


def _day(entry: Card, key: str, today: date) -> date | None:
    return facts.day(entry[key], today=today) if entry.get(key) else None


def _all(problems: list[Problem]) -> WrongUsage:
    """Return one error with every problem on a line of its own."""
    lines = "\n".join(f"{{where{n}}}: {{what{n}}}" for n in range(len(problems)))
    values: dict[str, object] = {}
    for n, (where, what) in enumerate(problems):
        values |= {f"where{n}": where, f"what{n}": what}
    return WrongUsage(
        Text(lines, **values),
        known=facts.NOTHING_CHANGED,
        hint=Text("Mend this and try again. The shortest card is: {card}", card=SHORTEST_CARD),
    )


def card_of(subject: Subject) -> dict[str, Any]:
    """Return the person as a card, values in clear: for the screen of that person only."""
    card: dict[str, Any] = {
        "label": subject.label.reveal(),
        "acting": subject.acting.value,
        "state": subject.residences[-1].state,
        "country": subject.residences[-1].country,
        "state_since": _iso(subject.residences[-1].since),
        "zone": subject.zone,
        "minor_allowed_by_parent": subject.minor_allowed_by_parent,
        "reply_to": [_reply_card(each) for each in subject.reply_to],
    }
    lists = {
        IdentifierKind.ALIAS: "other_names",
        IdentifierKind.ADDRESS: "addresses",
        IdentifierKind.EMAIL: "emails",
        IdentifierKind.PHONE: "phones",
    }
    for fact in subject.identifiers:
        entry = {
            "id": fact.id,
            **_value_card(fact),
            "share": fact.share.value,
            "since": _iso(fact.valid_from),
            "until": _iso(fact.valid_to),
        }
        if fact.kind is IdentifierKind.NAME:
            card["name"] = entry
        elif fact.kind is IdentifierKind.BIRTH_DATE:
            card |= {f"born_{key}": entry[key] for key in ("share", "id")} | {"born": entry["born"]}
        else:
            card.setdefault(lists[fact.kind], []).append(entry)
    return card


def _value_card(fact: Identifier) -> dict[str, str]:
    value = fact.value
    if isinstance(value, PersonName):
        return {
            "given": value.given,
            "middle": value.middle,
            "family": value.family,
            "suffix": value.suffix,
        }
    if isinstance(value, PostalAddress):
        return _address_card(value)
    key = {IdentifierKind.EMAIL: "email", IdentifierKind.PHONE: "phone"}.get(fact.kind, "born")
    return {key: str(value.reveal())}


def _address_card(address: PostalAddress) -> dict[str, str]:
    return {
        "street": address.street,
        "unit": address.unit,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
        "care_of": address.care_of,
        "country": address.country or UNITED_STATES,
    }


def _reply_card(reply: ReplyTo) -> dict[str, Any]:
    return {
        "kind": reply.kind.value,
        "email": reply.email.reveal() if reply.email else None,
        "address": _address_card(reply.address) if reply.address else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

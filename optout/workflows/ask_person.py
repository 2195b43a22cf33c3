"""The interview: one question at a time, everything but the name and the state may be skipped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from optout.i18n import language
from optout.model.fields import IdentifierKind
from optout.model.ports import Option, Person
from optout.rules.countries import UNITED_STATES, jurisdiction_of
from optout.rules.days import in_words
from optout.rules.states import state_code
from optout.text import Text
from optout.workflows import facts
from optout.workflows.ask_once import Answered, Asks, AsksCarefully, AsksOnce
from optout.workflows.keep_person import today_of

if TYPE_CHECKING:
    from optout.vault.first_answers import FirstAnswers

SKIP = Text("Enter leaves it out.")

SHARE_OPTIONS = (
    Option(key="known", text=Text("only to a company that already has it")),
    Option(key="ask", text=Text("to a company I say yes to, each time")),
    Option(key="never", text=Text("to nobody")),
)
SHARE_IS_ASKED = frozenset(
    {IdentifierKind.ADDRESS, IdentifierKind.BIRTH_DATE, IdentifierKind.PHONE}
)
ACTING_OPTIONS = (
    Option(key="self", text=Text("Myself")),
    Option(key="helper", text=Text("Somebody I help: they sit beside me or said yes")),
)
REPLY_OPTIONS = (
    Option(key="new-email", text=Text("A new e-mail address that I made for this (safest)")),
    Option(key="relay-email", text=Text("A forwarding address that hides my own")),
    Option(key="own", text=Text("My own e-mail address")),
    Option(key="po-box", text=Text("A post office box")),
    Option(key="care-of", text=Text("Care of somebody I trust")),
    Option(key="substitute", text=Text("The substitute address from my state's address program")),
)


def interview(
    person: Person, *, now: datetime, kept: FirstAnswers | None = None, before: Answered = ()
) -> dict[str, Any]:
    """Ask who the requests are about, and to whom each thing may go. The person is not kept yet.

    With `kept`, each answer is kept as it is given: what was answered `before` is not asked again.
    """
    if kept is None:
        return person.with_way_back(lambda: _interviewed(AsksCarefully(person), now))
    person.tell(Text("Each answer is kept as you give it. Stop when you like, and go on later."))
    return person.with_way_back(
        lambda: _interviewed(AsksOnce(person, kept, before), now), is_kept=True
    )


def _interviewed(person: Asks, now: datetime) -> dict[str, Any]:
    person.tell(
        Text(
            "You decide what is written here, and who may get each thing. Never write a Social "
            "Security number, an immigration status or a visa number: they are never needed."
        )
    )
    card: dict[str, Any] = {
        "acting": person.choose(Text("Whom are the requests for?"), ACTING_OPTIONS, default="self")
    }
    card["name"] = _ask_name(person)
    country = _ask_home(person, card)
    today = today_of(card, now)
    born = _optional(
        person, Text("Birth date, year-month-day."), lambda text: facts.typed_day(text, today=today)
    )
    card["born"] = ""
    if born:
        day = facts.typed_day(born, today=today)
        card["born"] = day.isoformat()
        _say_back(person, Text("Birth date"), day)
        card["born_share"] = _ask_share(person, Text("Who may get the birth date?"), "known")
    card["addresses"] = _ask_address(person, today, country, card["state"])
    card["phones"] = _ask_phone(person, today, country)
    card["reply_to"] = _ask_replies(person, card["addresses"], country)
    return card


def _ask_home(person: Asks, card: dict[str, Any]) -> str:
    """Ask where the person lives, which decides the law; return the country."""
    typed = person.ask(
        Text("In which state do you live? (Outside the United States: write the country.)"),
        check=facts.home,
    )
    country, state = facts.home(typed)
    card |= {"state": state, "country": country}
    if country != UNITED_STATES:
        _say_where(person, country)
    return country


def _say_where(person: Asks, country: str) -> None:
    """Say how we understood it, and what follows: a wrong country is a wrong law."""
    person.tell(Text("You live in: {country}.", country=facts.country_name(country, language())))
    if not jurisdiction_of(country):
        person.tell(
            Text(
                "We have no law of that country here. Requests then ask as a courtesy, or rest on "
                "the American law on credit files."
            )
        )


def _say_back(person: Asks, what: Text, day: date) -> None:
    """Show a typed date in words: a slip of the finger is seen, and so is how we read it."""
    person.tell(Text("{what}: {day}.", what=what, day=in_words(day)))


def _ask_name(person: Asks) -> dict[str, Any]:
    return {
        "given": person.ask(Text("First name (or your only name)"), check=facts.not_empty),
        "middle": person.ask(Text("Middle name. {skip}", skip=SKIP)),
        "family": person.ask(Text("Last name, or both last names. {skip}", skip=SKIP)),
        "share": "ask",
    }


def _ask_address(person: Asks, today: date, country: str, state: str) -> list[dict[str, Any]]:
    """Ask for a home address, in the state they live in; having or giving none is a valid life."""
    street = person.ask(
        Text("Street and number where you live. {skip} Many requests work without it.", skip=SKIP)
    )
    if not street:
        return []
    return [
        {
            "street": street,
            "unit": person.ask(Text("Apartment or unit. {skip}", skip=SKIP)),
            "city": person.ask(Text("City"), check=facts.not_empty),
            **_ask_end(person, country, state),
            "since": _ask_since(person, Text("Since when do you live there?"), today),
            "share": _ask_share(person, Text("Who may get your home address?"), "known"),
        }
    ]


def _ask_end(person: Asks, country: str, state: str = "") -> dict[str, Any]:
    """Ask for what stands below the city: a state and a ZIP code, or a postal code."""
    if country == UNITED_STATES:
        return {
            "state": state or person.ask(Text("State"), check=state_code),
            "zip": person.ask(Text("ZIP code of this address"), check=facts.zip_code),
        }
    code = person.ask(Text("Postal code"), check=facts.postal_code)
    return {"state": "", "zip": code, "country": country}


def _ask_phone(person: Asks, today: date, country: str) -> list[dict[str, Any]]:
    phone = _optional(person, Text("Phone number."), lambda text: facts.phone(text, country))
    if not phone:
        return []
    return [
        {
            "phone": phone,
            "since": _ask_since(person, Text("Since when do you have it?"), today),
            "share": _ask_share(person, Text("Who may get your phone number?"), "known"),
        }
    ]


def _ask_since(person: Asks, question: Text, today: date) -> str:
    """Ask since when: without it nobody can say which company has it already."""
    person.tell(
        Text(
            "The year is enough. Without it we count it as new to every company, and it stays here."
        )
    )
    since = _optional(person, question, lambda text: facts.since(text, today=today, is_typed=True))
    if not since:
        return ""
    day = facts.since(since, today=today, is_typed=True)
    if not since.isdecimal():  # of a year alone there is nothing to misread
        _say_back(person, Text("Since"), day)
    return day.isoformat()


def _ask_replies(person: Asks, homes: list[dict[str, Any]], country: str) -> list[dict[str, Any]]:
    """Ask where answers come; without one, only ways that need no answer are planned.

    Whoever shares the home address with nobody is not offered it here: every letter would show it.
    """
    replies: list[dict[str, Any]] = []
    email = person.choose(
        Text("Where may companies send e-mail answers?"),
        (*REPLY_OPTIONS[:3], Option(key="none", text=Text("Nowhere: I have no e-mail"))),
        default="new-email",
    )
    if email != "none":
        address = person.ask(Text("That e-mail address"), check=facts.email)
        replies.append({"kind": email, "email": address})
    post = person.choose(
        Text("Where may companies send paper?"),
        (*_post_options(homes), Option(key="none", text=Text("Nowhere"))),
        default="none",
    )
    if post == "own" and homes:
        replies.append({"kind": post, "address": _mailing_part(homes[0])})
    elif post != "none":
        replies.append({"kind": post, "address": _ask_mailing_address(person, country)})
    return replies


def _post_options(homes: list[dict[str, Any]]) -> tuple[Option, ...]:
    if not homes:
        return (Option(key="own", text=Text("My own address")), *REPLY_OPTIONS[3:])
    home = facts.one_address(homes[0])
    own = Option(key="own", text=Text("My own address: {home}", home=home))
    offered = () if homes[0]["share"] == "never" else (own,)
    return (*offered, *REPLY_OPTIONS[3:])


def _mailing_part(home: dict[str, Any]) -> dict[str, Any]:
    """Return what stands on an envelope: not since when, nor who may get it."""
    keys = ("street", "unit", "city", "state", "zip", "country")
    return {key: home[key] for key in keys if key in home}


def _ask_mailing_address(person: Asks, country: str) -> dict[str, Any]:
    return {
        "care_of": person.ask(Text("Care of whom? {skip}", skip=SKIP)),
        "street": person.ask(Text("Street or box"), check=facts.not_empty),
        "city": person.ask(Text("City"), check=facts.not_empty),
        **_ask_end(person, country),
    }


def _optional(person: Asks, question: Text, check: Callable[[str], object]) -> str:
    """Ask for something that may be left out; check it only if it is given."""
    return person.ask(
        Text("{question} {skip}", question=question, skip=SKIP),
        check=lambda text: check(text) if text.strip() else None,
    ).strip()


def _ask_share(person: Asks, question: Text, default: str) -> str:
    return person.choose(question, SHARE_OPTIONS, default=default)

"""The letter by which a person lets somebody else send a few requests for them, until a day.

It names the person and where they live, and no address, number or date of theirs. It is never
signed or dated here: both are done by hand. Words about governments' papers stay general, because
a letter that names them tells its reader something about whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from optout.drafting.letter import (
    Around,
    Ask,
    Block,
    Letter,
    check_ask,
    check_lives_there,
    clean,
    clean_all,
    finished,
    name_to_sign,
    paragraphs_of,
    render_part,
)
from optout.drafting.pdf import compiled
from optout.drafting.template import Variable
from optout.drafting.words import Words, words
from optout.errors import NeedsPerson, Refused
from optout.i18n import say
from optout.model.law import Law
from optout.model.secret import Personal
from optout.model.words import Right
from optout.rules.agents import may_file
from optout.rules.countries import UNITED_STATES
from optout.text import Text

ITEMS: Final = "\x1f1"  # no value can hold \x1f
BY_HAND: Final = "_" * 30


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AuthorizationInput(Personal):
    """Everything one authorization says. Nothing outside it can appear in the letter."""

    full_name: str
    state: str = ""  # of residence, two letters
    country: str = UNITED_STATES  # of residence, two letters
    law: Law | None  # of residence; None: no right is claimed
    agent_name: str
    agent_lines: tuple[str, ...] = ()
    rights: tuple[Right, ...]
    companies: tuple[str, ...]
    until: date  # the last day
    reference: str
    date: date
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AuthorizationSheet(Personal):
    """What the sheet beside an authorization says: it stays with whoever signs the letter."""

    reference: str
    agent_name: str
    parts: tuple[tuple[Text, tuple[Text, ...]], ...]
    language: str = "en"
    large_print: bool = False


def draft_authorization(given: AuthorizationInput) -> Letter:
    """Write the authorization; refuse what its law lets no agent file."""
    said = words(given.language)
    if given.country != UNITED_STATES:
        said = said.abroad()
    name, agent = name_to_sign(given.full_name), clean(given.agent_name)
    companies = clean_all(given.companies)
    if not agent or not companies or not given.rights:
        raise NeedsPerson(Text("It needs an agent, a company, and what the agent may ask for."))
    _check(given)
    around = Around(
        reference=given.reference,
        date=given.date,
        full_name=name,
        recipient_lines=(agent, *clean_all(given.agent_lines)),
    )
    law = (f"{given.law.id} {given.law.sha256}",) if given.law else ()
    sources = [said.sha256, *law]
    variables: dict[str, Variable] = {
        **_variables(given, said),
        "full_name": name,
        "agent_name": agent,
        "companies": said.listed(companies),
    }
    subject, *parts = paragraphs_of(
        render_part(given.language, "authorization", variables, sources)
    )
    items = tuple(_items(given, said))
    blocks = tuple(
        block
        for part in parts
        for block in (items if part == ITEMS else (Block(kind="paragraph", text=part),))
    )
    return replace(finished(around, said, blocks, sources), subject_line=subject)


def _check(given: AuthorizationInput) -> None:
    if given.until < given.date:
        raise Refused(Text("Its last day has passed: it would help nobody."))
    for right in given.rights:
        if not may_file(given.law, right, given.date):
            raise Refused(Text("An agent cannot file this: {right}", right=right.value))
        if given.law:
            check_ask(Ask(right=right, law=given.law), on=given.date)
            check_lives_there(given.law, given.state, given.country)


def _variables(given: AuthorizationInput, said: Words) -> dict[str, Variable]:
    return {
        "items": ITEMS,
        "by_hand": BY_HAND,
        "reference": given.reference,
        "state_name": said.state(given.state),
        "country_name": said.countries.get(given.country, ""),
        "law_name": said.the_law.format(name=given.law.name) if given.law else "",
        "law_citation": given.law.citation if given.law else "",
        "several": len(given.rights) > 1,
        "until": said.day(given.until),
    }


def _items(given: AuthorizationInput, said: Words) -> Iterator[Block]:
    for number, right in enumerate(given.rights, start=1):
        law = given.law
        yield Block(
            kind="item",
            number=number,
            title=said.authorized[right.value],
            basis=f"{law.name}, {law.rights[right].on(given.date).cite}" if law else "",
        )


def authorization_sheet_pdf(sheet: AuthorizationSheet) -> bytes:
    """Set the sheet, apart from the letter, in the language of whoever signs it."""
    page: dict[str, Any] = {
        "title": say(Text("Before you sign it")),
        "keep": say(Text("This sheet is for you. Give it to nobody.")),
        "language": sheet.language,
        "large_print": sheet.large_print,
        "reference_line": sheet.reference,
        "recipient_lines": (sheet.agent_name,),
        "parts": [_part(title, lines) for title, lines in sheet.parts],
    }
    return compiled("cover.typ", page)


def _part(title: Text, lines: Sequence[Text]) -> dict[str, Any]:
    return {"title": say(title), "tick": False, "lines": [say(line) for line in lines]}

"""What is written after a request: a reminder, an appeal, or a complaint to an office.

Each says what was asked, on which law, and what happened on which day; an appeal also why it
should be looked at again, in the words of a short list and in one sentence of the person's own.
Nothing that is not sure is printed, nobody is threatened, and nothing is sworn: the one sworn
sentence that California asks for is left for the person to sign by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from optout.drafting.letter import (
    Around,
    Ask,
    Block,
    ByAgent,
    Letter,
    check_ask,
    check_lives_there,
    checked_agent,
    clean,
    clean_all,
    finished,
    name_to_sign,
    paragraphs_of,
    render_part,
    signed_by_agent,
    who_writes,
)
from optout.drafting.template import Variable
from optout.drafting.words import Words, words
from optout.errors import Refused
from optout.model.law import Law, LawKind, Term, Unit
from optout.model.record import Answer
from optout.model.request import Purpose, Reason, Said
from optout.model.secret import Personal
from optout.model.words import SURE, By, Right
from optout.rules.countries import UNITED_STATES
from optout.rules.ladder import Ground, sure_appeal
from optout.text import Text

MARKS: Final = {
    name: f"\x1f{number}" for number, name in enumerate(("items", "details", "timeline", "company"))
}
ONLY: Final = "only"  # how a law file begins the scope of a deletion of what came from the person
# What is an appeal elsewhere is a complaint to the company in Europe's laws.
_TO_THEM: Final = {
    "appeal": "complained-to-them",
    "appeal-denied": "complaint-denied",
    "appeal-due": "complaint-due",
}
SWORN_IN: Final = "US-CA"  # its privacy agency takes sworn complaints
# A time to put a breach right that the file gives without an if: nothing else of it is printed.
_CURE: Final = re.compile(r"(\d+) days, permanent\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, for the list of days in a complaint."""

    on: date
    what: str  # a name in [happened] of words.toml
    numbers: tuple[int, ...] = ()  # which of the items it is about
    cite: str = ""
    way: By | None = None
    named: str = ""  # the exception that the company named


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One request that a letter is about, and where it stands."""

    ask: Ask
    ground: Ground
    due: tuple[date, str] | None = None  # only a day and a section that may be printed
    carry_out: bool = False  # by then it was to be done, not answered
    answers: Mapping[Answer, date] = field(default_factory=dict)  # the newest of each kind
    named: str = ""  # the exception that they named
    reminded_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who takes complaints, and where the letter may say so."""

    name: str
    lines: tuple[str, ...] = ()  # as on the envelope; empty where none may be printed


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FollowUpInput(Personal):
    """Everything one such letter says. Nothing outside it can appear in it."""

    purpose: Purpose
    concerns: tuple[Concern, ...]
    broker_name: str
    recipient_lines: tuple[str, ...] = ()  # as on the envelope
    full_name: str
    state: str = ""  # of residence when the request was received, and so is the country
    country: str = UNITED_STATES
    moved: bool = False  # they live elsewhere now; the letter does not say where
    reference: str  # of the request: the company knows it
    written_on: date
    sent_on: date
    received_on: date
    sent_by: By
    said: Said | None = None  # of an appeal
    office: Office | None = None  # of a complaint
    broker_lines: tuple[str, ...] = ()  # how the office finds the company
    broker_email: str = ""
    broker_hosts: tuple[str, ...] = ()
    broker_reference: str = ""
    events: tuple[Event, ...] = ()
    copies: tuple[tuple[str, date], ...] = ()  # names in [copies] of words.toml
    reply_email: str = ""
    reply_lines: tuple[str, ...] = ()
    nationwide_bureau: bool = False
    agent: ByAgent | None = None  # of a reminder: whoever asked as agent reminds as agent
    language: str = "en"

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Return what was asked."""
        return tuple(each.ask for each in self.concerns)


def draft_follow_up(letter: FollowUpInput) -> Letter:
    """Write the letter, or refuse: it rests on no law that a request could not rest on."""
    said = words(letter.language)
    if letter.country != UNITED_STATES:
        said = said.abroad()
    letter = _checked(letter)
    for ask in letter.asks:
        check_ask(ask, on=letter.written_on, nationwide_bureau=letter.nationwide_bureau)
        check_lives_there(ask.law, letter.state, letter.country)
    sources = [said.sha256, *(f"{ask.law.id} {ask.law.sha256}" for ask in letter.asks)]
    variables = _variables(letter, said, sources)
    text = render_part(letter.language, letter.purpose.value, variables, sources)
    parts = {
        MARKS["items"]: tuple(_items(letter, said, sources)),
        MARKS["details"]: (Block(kind="details", rows=tuple(_details(letter, said))),),
        MARKS["timeline"]: (Block(kind="details", rows=tuple(_timeline(letter, said))),),
        MARKS["company"]: (Block(kind="details", rows=tuple(_company(letter, said))),),
    }
    return finished(_around(letter, said), said, tuple(_blocks(text, parts)), sources)


def _checked(letter: FollowUpInput) -> FollowUpInput:
    """Refuse what an agent may not send: an appeal and a complaint are the person's own."""
    if letter.agent and letter.purpose is not Purpose.REMINDER:
        raise Refused(Text("An agent sends no appeal and no complaint: they are the client's own."))
    return replace(letter, agent=checked_agent(letter.agent))


def _around(letter: FollowUpInput, said: Words) -> Around:
    to = letter.office.name if letter.office else letter.broker_name
    around = Around(
        reference=clean(letter.reference),
        date=letter.written_on,
        full_name=name_to_sign(letter.full_name),
        reply_lines=clean_all(letter.reply_lines),
        recipient_lines=clean_all(letter.recipient_lines) or (clean(to),),
        enclosures=tuple(
            said.copies[_word_for(what, letter)].format(day=said.day(on))
            for what, on in letter.copies
        ),
    )
    return signed_by_agent(around, letter.agent, said) if letter.agent else around


def _variables(letter: FollowUpInput, said: Words, sources: list[str]) -> dict[str, Variable]:
    many = len(letter.concerns) > 1
    return {
        **(_to_office(letter, said) if letter.office else _to_company(letter, said)),
        **{name: MARKS[name] for name in ("items", "details")},
        "who": _who(letter, said, sources),
        "several": many,
        "law_names": said.listed([said.the_law.format(name=law.name) for law in _laws(letter)]),
    }


def _who(letter: FollowUpInput, said: Words, sources: list[str]) -> str:
    variables: dict[str, Variable] = {
        **who_writes(letter.agent, name_to_sign(letter.full_name), said),
        "state_name": said.state(letter.state),
        "country_name": said.countries.get(letter.country, ""),
        "moved": letter.moved,
        "received": said.day(letter.received_on),
    }
    return " ".join(paragraphs_of(render_part(letter.language, "who", variables, sources)))


def _laws(letter: FollowUpInput) -> tuple[Law, ...]:
    """Return the laws that are named, each once; of a voluntary request none is."""
    named = (ask.law for ask in letter.asks if ask.law.kind is not LawKind.VOLUNTARY)
    return tuple({law.id: law for law in named}.values())


def _to_company(letter: FollowUpInput, said: Words) -> dict[str, Variable]:
    common: dict[str, Variable] = {
        "broker_name": clean(letter.broker_name),
        "sent": said.day(letter.sent_on),
        "received": said.day(letter.received_on),
        "way": said.ways[letter.sent_by],
        "appeal_cites": said.listed(list(dict.fromkeys(_appeal_cites(letter)))),
    }
    if letter.purpose is Purpose.APPEAL:
        return {**common, **_of_appeal(letter, said)}
    laws = _laws(letter)
    may_appeal = any(law.may_appeal for law in laws)
    return {
        **common,
        "may_appeal": may_appeal,
        "one_law": len(laws) == 1,
        "complains_to_them": any(map(_complains_to_them, laws)),
    }


def _appeal_cites(letter: FollowUpInput) -> Iterator[str]:
    for law in _laws(letter):
        terms = (sure_appeal(law), _sure(law.appeal_acknowledge))
        cites = (law.appeal_cite, *(term.cite for term in terms if term))
        yield from [cite for cite in cites if cite][:1]


def _complains_to_them(law: Law) -> bool:
    """Say whether the law calls it a complaint to the company, not an appeal."""
    return law.kind is LawKind.DATA_PROTECTION


def _of_appeal(letter: FollowUpInput, said: Words) -> dict[str, Variable]:
    law, said_by_them = letter.asks[0].law, letter.said or Said()
    decide, more = sure_appeal(law), _sure(law.appeal_extension)
    confirm = _sure(law.appeal_acknowledge)
    reasons: dict[str, Variable] = {
        each.value.replace("-", "_"): each in said_by_them.reasons for each in Reason
    }
    return {
        **reasons,
        "own": clean(said_by_them.own),
        "has_reasons": bool(said_by_them.reasons or said_by_them.own.strip()),
        "silent": all(each.ground is Ground.SILENCE for each in letter.concerns),
        "complains_to_them": _complains_to_them(law),
        "outcome_cite": law.appeal_outcome_cite,
        **_term("decide", decide, said),
        **_term("more_time", more if decide else None, said),
        **_term("confirm", confirm, said),
        "same_cite": bool(decide and more and decide.cite == more.cite),
        "regulators": said.the_law.format(name=law.regulator.name) if law.regulator else "",
    }


def _sure(term: Term | None) -> Term | None:
    return term if term and term.confidence in SURE and not term.only_if else None


def _term(name: str, term: Term | None, said: Words) -> dict[str, Variable]:
    return {name: said.term(term) if term else "", f"{name}_cite": term.cite if term else ""}


def _to_office(letter: FollowUpInput, said: Words) -> dict[str, Variable]:
    assert letter.office
    law, grounds = letter.asks[0].law, {each.ground for each in letter.concerns}
    silent = all(each.ground is Ground.SILENCE and each.reminded_on for each in letter.concerns)
    return {
        **{name: MARKS[name] for name in ("timeline", "company")},
        "office": said.the_law.format(name=clean(letter.office.name)),
        "silent": silent,
        "appeal_silent": grounds == {Ground.APPEAL_SILENCE},
        "complained_to_them": _complains_to_them(law),
        "cure": _time_to_cure(law, said),
        "enclosed": bool(letter.copies),
        "sworn": law.jurisdiction == SWORN_IN,
    }


def _time_to_cure(law: Law, said: Words) -> str:
    found = _CURE.fullmatch(law.cure)
    sure = found and "cure" not in law.not_sure
    return said.units[Unit.DAYS][1].format(n=found[1]) if found and sure else ""


def _items(letter: FollowUpInput, said: Words, sources: list[str]) -> Iterator[Block]:
    for number, concern in enumerate(letter.concerns, start=1):
        ask = concern.ask
        given = ask.law.rights[ask.right].on(letter.written_on)
        asked = render_part(
            letter.language, ask.right.value, {"says": "", "beyond_the_law": False}, sources
        )
        title = paragraphs_of(asked)[0]
        claims = ask.law.kind is not LawKind.VOLUNTARY
        to_office = letter.purpose is Purpose.COMPLAINT
        variables = _happened(letter, concern, said)
        told = (
            _narrow_to_office(letter.language, given.narrow, sources)
            if to_office
            else (_told(letter.language, variables, sources),)
        )
        yield Block(
            kind="item",
            number=number,
            title=title,
            basis=f"{ask.law.name}, {given.cite}" if claims else "",
            paragraphs=told,
        )


def _told(language: str, variables: Mapping[str, Variable], sources: list[str]) -> str:
    return " ".join(paragraphs_of(render_part(language, "happened", variables, sources)))


def _narrow_to_office(language: str, narrow: str, sources: list[str]) -> tuple[str, ...]:
    """Say to an office how little a narrow right reaches: more is no part of a complaint."""
    if not narrow:
        return ()
    return paragraphs_of(render_part(language, "narrow-to-office", {"narrow": narrow}, sources))


def _happened(letter: FollowUpInput, concern: Concern, said: Words) -> dict[str, Variable]:
    came = {answer: said.day(on) for answer, on in concern.answers.items()}
    due_on, due_cite = concern.due or (None, "")
    given = concern.ask.law.rights[concern.ask.right].on(letter.written_on)
    deletes = concern.ask.right is Right.DELETE and not given.scope.startswith(ONLY)
    refused = concern.ground in {Ground.REFUSED, Ground.APPEAL_REFUSED}
    again = letter.purpose is not Purpose.REMINDER and concern.reminded_on
    return {
        "narrow": given.narrow,
        "deletes": deletes,
        "acknowledged": came.get(Answer.ACKNOWLEDGED, ""),
        "extended": came.get(Answer.EXTENDED, ""),
        "refused": came.get(Answer.DENIED, "") if refused else "",
        "partly": came.get(Answer.PARTIAL, "") if concern.ground is Ground.PARTLY else "",
        "named": clean(concern.named),
        "due": said.day(due_on) if due_on else "",
        "due_cite": due_cite,
        "carry_out": concern.carry_out,
        "told": bool(given.told_within),
        "looks_into": bool(given.told_within) and concern.ask.right is Right.DISPUTE,
        "reminded": said.day(concern.reminded_on) if again and concern.reminded_on else "",
    }


def _details(letter: FollowUpInput, said: Words) -> Iterator[tuple[str, str]]:
    """Yield who writes and where the answer goes: they have the rest since the request."""
    labels = said.labels_of_complaint if letter.office else said.labels
    yield said.labels["full_name"], name_to_sign(letter.full_name)
    if letter.agent:
        yield labels["reply_address"], letter.agent.address()
        return
    if letter.reply_email:
        yield labels["reply_email"], clean(letter.reply_email)
    if letter.reply_lines:
        yield labels["reply_address"], ", ".join(clean_all(letter.reply_lines))


def _company(letter: FollowUpInput, said: Words) -> Iterator[tuple[str, str]]:
    rows = {
        "company": clean(letter.broker_name),
        "address": ", ".join(clean_all(letter.broker_lines)),
        "email": clean(letter.broker_email),
        "web": ", ".join(clean_all(letter.broker_hosts)),
        "reference": clean(letter.reference),
        "their_number": clean(letter.broker_reference),
    }
    yield from ((said.labels_of_complaint[name], value) for name, value in rows.items() if value)


def _timeline(letter: FollowUpInput, said: Words) -> Iterator[tuple[str, str]]:
    for event in sorted(letter.events, key=lambda each: each.on):
        told = said.happened[_event_word(event, letter)].format(
            items=said.numbered(event.numbers) if event.numbers else "",
            way=said.ways_to_others[event.way] if event.way else "",
            cite=event.cite,
        )
        named = said.happened["named"].format(named=clean(event.named)) if event.named else ""
        yield said.day(event.on), " ".join(part for part in (told, named) if part)


def _event_word(event: Event, letter: FollowUpInput) -> str:
    """Return how an event is told: a last day of two steps, done and then told, names both."""
    about = [letter.concerns[number - 1].ask for number in event.numbers]
    if event.what == "due" and about and all(_is_told(ask) for ask in about):
        looked = all(ask.right is Right.DISPUTE for ask in about)
        return "looked-into" if looked else "done-and-told"
    return _word_for(event.what, letter)


def _is_told(ask: Ask) -> bool:
    return ask.law.rights[ask.right].told_within is not None


def _word_for(what: str, letter: FollowUpInput) -> str:
    """Return how it is told under this law: a name in words.toml."""
    return _TO_THEM.get(what, what) if _complains_to_them(letter.asks[0].law) else what


def _blocks(text: str, parts: Mapping[str, Sequence[Block]]) -> Iterator[Block]:
    for paragraph in paragraphs_of(text):
        if paragraph in parts:
            yield from parts[paragraph]
        else:
            yield Block(kind="paragraph", text=paragraph)

"""From rights, laws and a few values to the text of a letter; no page, no envelope, no clock.

One frame, one small template a right, and each law's own sentences. What comes out is the same
whether it travels as mail or on paper.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, NamedTuple

from optout.drafting.template import Variable, render
from optout.drafting.words import Words, words
from optout.errors import NeedsPerson, Refused
from optout.model.fields import Field
from optout.model.law import Law, LawKind, LawRight, Term, Unit
from optout.model.secret import Personal
from optout.model.words import SURE, Right
from optout.rules.agencies import is_yearly_copy
from optout.rules.countries import UNITED_STATES, jurisdiction_of
from optout.rules.eligibility import gives, may_be_named
from optout.text import Text

LONGEST_VALUE: Final = 2_000
MARKS: Final = {"items": "\x1f1", "clocks": "\x1f2", "details": "\x1f3"}  # no value can hold \x1f
CORRECTING: Final = frozenset({Right.CORRECT, Right.DISPUTE})
_TELL_OF_DELAY: Final = frozenset({LawKind.COMPREHENSIVE, LawKind.DATA_PROTECTION})
JOINERS: Final = "\u200c\u200d"  # invisible, but part of how Persian and Hindi names are written


class NotInThisLaw(Refused):
    """The law named does not give the right asked, or not to this kind of company."""


class NotYetConfirmed(NeedsPerson):
    """A citation is not sure enough to be printed (SAFETY 5)."""


class UnprintableValue(Refused):
    """A value holds invisible control characters, or is far too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One right, and the law it is asked under."""

    right: Right
    law: Law


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ByAgent(Personal):
    """Who writes for the person, and on which signed paper: it goes along as a copy."""

    name: str
    lines: tuple[str, ...]  # where answers reach the agent
    reference: str  # of the paper
    signed_on: date

    def address(self) -> str:
        """Return where answers go, on one line."""
        return ", ".join((self.name, *self.lines))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LetterInput(Personal):
    """Everything one letter says. Nothing outside it can appear in the letter.

    `values` are the fields the person approved for this company; `reply_lines` are the lines
    below the name of the return address.
    """

    asks: tuple[Ask, ...]
    broker_name: str
    broker_lines: tuple[str, ...] = ()  # as on the envelope, company first
    full_name: str
    state: str = ""  # of residence, two letters
    country: str = UNITED_STATES  # of residence, two letters
    values: Mapping[Field, str] = field(default_factory=dict)
    reference: str
    date: date
    reply_email: str = ""
    reply_lines: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    listing_url: str = ""
    products: tuple[str, ...] = ()  # where to search, by name, when a company has many products
    blank_ssn_line: bool = False  # post only: a line that the person fills by hand
    nationwide_bureau: bool = False  # Equifax, Experian, TransUnion: the federal freeze binds them
    yearly_copy_owed: bool = False  # a nationwide agency: only there the file law sets days
    agent: ByAgent | None = None  # None: the person writes, and nobody else is named
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Block(Personal):
    """One part of the letter's text, in reading order."""

    kind: Literal["paragraph", "item", "details"]
    text: str = ""  # paragraph
    number: int = 0  # item
    title: str = ""
    basis: str = ""  # the law and its citation; empty where no right is claimed
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()  # details: label, value

    def plain(self) -> str:
        """Write the block as plain text."""
        if self.kind == "item":
            head = "\n".join(part for part in (f"{self.number}. {self.title}", self.basis) if part)
            return "\n\n".join((head, *self.paragraphs))
        if self.kind == "details":
            return "\n".join(f"{label}: {value}" for label, value in self.rows)
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Letter(Personal):
    """A letter as it will be read: the text goes into a mail, the same blocks onto a page."""

    subject_line: str
    date_line: str
    reference_line: str
    blocks: tuple[Block, ...]
    signature: str
    sender_lines: tuple[str, ...]  # name and return address; empty where there is none
    recipient_lines: tuple[str, ...]
    enclosures_title: str
    enclosures: tuple[str, ...]
    language: str
    text: str
    sha256: str  # of every template, word list and law file it was made from

    @property
    def items(self) -> tuple[Block, ...]:
        """Return the numbered requests."""
        return tuple(block for block in self.blocks if block.kind == "item")


def draft_letter(letter: LetterInput) -> Letter:
    """Write the letter, or refuse: it claims no right that its law does not give."""
    said = words(letter.language)
    if letter.country != UNITED_STATES:
        said = said.abroad()
    given = _checked(letter)
    for ask in letter.asks:
        check_ask(ask, on=letter.date, nationwide_bureau=letter.nationwide_bureau)
        check_lives_there(ask.law, letter.state, letter.country)
    sources = [said.sha256, *(f"{ask.law.id} {ask.law.sha256}" for ask in letter.asks)]
    items = tuple(_items(given, sources))
    frame = render_part(given.language, "frame", _frame_variables(given, said), sources)
    parts = {
        MARKS["items"]: items,
        MARKS["clocks"]: tuple(_clocks(given, said, sources)),
        MARKS["details"]: (Block(kind="details", rows=tuple(_details(given, said))),),
    }
    return _finished(given, said, tuple(_blocks(frame, parts)), sources)


def check_ask(ask: Ask, *, on: date, nationwide_bureau: bool = False) -> LawRight:
    """Return what the law says about the right; raise where a letter may not rest on it."""
    law, given = ask.law, ask.law.rights.get(ask.right)
    names = {"law": law.name, "right": ask.right.value}
    if given is None:
        raise NotInThisLaw(Text("{law} gives no right called {right}.", **names))
    if law.kind is LawKind.DELETE_ACT:
        raise NotInThisLaw(
            Text("{law} is used through the state's own page, not by letter.", **names)
        )
    if ask.right is Right.FREEZE and law.kind is LawKind.FCRA and not nationwide_bureau:
        raise NotInThisLaw(
            Text("{law} gives a freeze at the three nationwide credit bureaus only.", **names),
            hint=Text("Ask this company under its own policy: --law voluntary"),
        )
    _check_may_be_named(law)
    _check_in_force(ask, on)
    if given.confidence not in SURE and law.kind is not LawKind.VOLUNTARY:
        raise NotYetConfirmed(
            Text("The citation for {right} in {law} is not sure enough to print.", **names),
            hint=Text("See what to check: optout law show {id}", id=law.id),
        )
    return given.on(on)


def _check_may_be_named(law: Law) -> None:
    if not may_be_named(law):
        raise NotInThisLaw(
            Text("{law} is not for everybody, or binds no such company.", law=law.name),
            known=Text("Nothing was written or sent."),
            hint=Text("See whom it is for: optout law show {id}", id=law.id),
        )


def check_lives_there(law: Law, state: str, country: str) -> None:
    """Refuse the law of a state or country that the person does not live in."""
    there = {"", "US", f"US-{state}", jurisdiction_of(country)}
    if law.jurisdiction not in there:
        raise NotInThisLaw(
            Text("{law} protects only people who live there.", law=law.name),
            known=Text("Nothing was written or sent."),
            hint=Text("Look at the state of residence: optout person show"),
        )


def _check_in_force(ask: Ask, on: date) -> None:
    """Refuse a law before its day, and a right that begins later than its law."""
    if not gives(ask.law, ask.right, on):
        raise NotInThisLaw(
            Text("{law} is not in force on {day}.", law=ask.law.name, day=on.isoformat())
        )


def _checked(letter: LetterInput) -> LetterInput:
    """Refuse values that a reader cannot see; take spaces off both ends."""
    if not letter.asks:
        raise Refused(Text("A letter needs at least one request."))
    return replace(
        letter,
        broker_name=clean(letter.broker_name),
        broker_lines=clean_all(letter.broker_lines),
        full_name=_name(letter),
        values={key: clean(value) for key, value in letter.values.items()},
        reference=clean(letter.reference),
        reply_email=clean(letter.reply_email),
        reply_lines=clean_all(letter.reply_lines),
        enclosures=clean_all(letter.enclosures),
        agent=checked_agent(letter.agent),
        listing_url=clean(letter.listing_url),
        products=clean_all(letter.products),
    )


def checked_agent(agent: ByAgent | None) -> ByAgent | None:
    """Return an agent whose name and address can be read; None: the person writes."""
    if agent is None:
        return None
    name, lines = clean(agent.name), clean_all(agent.lines)
    if not name or not lines:
        raise NeedsPerson(Text("An agent's letter needs the agent's name and address."))
    return replace(agent, name=name, lines=lines)


def _name(letter: LetterInput) -> str:
    parts = (letter.values.get(part, "") for part in (Field.FIRST_NAME, Field.LAST_NAME))
    return name_to_sign(letter.full_name or " ".join(part for part in parts if part))


def name_to_sign(typed: str) -> str:
    """Return the name to sign with; a letter without one reaches nobody's record."""
    name = clean(typed)
    if not name:
        raise NeedsPerson(
            Text("A letter needs the name it is signed with."),
            known=Text("Nothing was written or sent."),
            hint=Text("Add a name, or allow it for this company: optout person edit"),
        )
    return name


def clean_all(values: Sequence[str]) -> tuple[str, ...]:
    """Return several values so, without those that are empty."""
    return tuple(each for each in map(clean, values) if each)


def clean(value: str) -> str:
    """Return a value without spaces at its ends; refuse what a reader could not see."""
    hidden = not value.isprintable() and any(map(_invisible, value))  # the first is quick
    if len(value) > LONGEST_VALUE or hidden:
        raise UnprintableValue(
            Text("A value of this letter holds invisible characters, or is far too long."),
            known=Text("Nothing was written or sent."),
            hint=Text("Type the value again instead of pasting it: optout person edit"),
        )
    return value.strip()


def _invisible(character: str) -> bool:
    """Say whether a character controls rather than shows: line ends, bidi overrides, halves."""
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in JOINERS


def _claims(ask: Ask) -> bool:
    return ask.law.kind is not LawKind.VOLUNTARY


def _corrects(letter: LetterInput) -> bool:
    return any(ask.right in CORRECTING for ask in letter.asks)


def _items(letter: LetterInput, sources: list[str]) -> Iterator[Block]:
    for number, ask in enumerate(letter.asks, start=1):
        given = ask.law.rights[ask.right].on(letter.date)
        variables: dict[str, Variable] = {
            "says": " ".join(given.says),
            "beyond_the_law": _claims(ask) and not given.gives_all,
        }
        title, *paragraphs = paragraphs_of(
            render_part(letter.language, ask.right.value, variables, sources)
        )
        basis = f"{ask.law.name}, {given.cite}" if _claims(ask) else ""
        yield Block(
            kind="item", number=number, title=title, basis=basis, paragraphs=tuple(paragraphs)
        )


def _frame_variables(letter: LetterInput, said: Words) -> dict[str, Variable]:
    laws = tuple({ask.law.id: ask.law for ask in letter.asks if _claims(ask)}.values())
    appeals = tuple(law for law in laws if law.appeal and law.appeal.confidence in SURE)
    regulators = dict.fromkeys(law.regulator.name for law in appeals if law.regulator)
    return {
        **MARKS,
        **who_writes(letter.agent, letter.full_name, said),
        "broker_name": letter.broker_name,
        "state_name": said.state(letter.state),
        "country_name": said.countries.get(letter.country, ""),
        "law_says": " ".join(sentence for law in laws for sentence in law.says),
        "law_names": said.listed([said.the_law.format(name=law.name) for law in laws]),
        "one_law": len(laws) == 1,
        "several": len(letter.asks) > 1,
        "corrects": _corrects(letter),
        "blank_ssn_line": letter.blank_ssn_line,
        "appeal_cites": said.listed([law.appeal.cite for law in appeals if law.appeal]),
        "regulators": said.listed([said.the_law.format(name=name) for name in regulators]),
    }


def who_writes(agent: ByAgent | None, full_name: str, said: Words) -> dict[str, Variable]:
    """Return what the first sentence says of an agent, for whom, and since when; else nothing."""
    return {
        "agent_name": agent.name if agent else "",
        "full_name": full_name,
        "signed_on": said.day(agent.signed_on) if agent else "",
    }


def _clocks(letter: LetterInput, said: Words, sources: list[str]) -> Iterator[Block]:
    """Write one paragraph for each set of items that share a law and its terms."""
    shared: dict[tuple[str, bool, _Owed], list[int]] = {}
    for number, ask in enumerate(letter.asks, start=1):
        if _claims(ask):
            owed = _sure_terms(_as_owed(letter, ask), ask.law.kind)
            looks_into = ask.right is Right.DISPUTE
            shared.setdefault((ask.law.name, looks_into, owed), []).append(number)
    for (law_name, looks_into, owed), numbers in shared.items():
        if owed.acknowledge or owed.opt_out or owed.answer:
            variables = _clock_variables(law_name, owed, said.numbered(numbers), said)
            variables["looks_into"] = looks_into
            text = render_part(letter.language, "clock", variables, sources)
            yield Block(kind="paragraph", text=" ".join(paragraphs_of(text)))


def _as_owed(letter: LetterInput, ask: Ask) -> LawRight:
    """Return the right with the terms that bind this company: no days where none are owed."""
    given = ask.law.rights[ask.right].on(letter.date)
    if is_yearly_copy(ask.law, ask.right) and not letter.yearly_copy_owed:
        return replace(given, answer=None, extension=None)
    return given


class _Owed(NamedTuple):
    """The terms of one right that a letter prints, each by its name in the template."""

    acknowledge: Term | None
    opt_out: Term | None
    longer: Term | None
    told: Term | None
    answer: Term | None
    extension: Term | None


def _sure_terms(given: LawRight, kind: LawKind) -> _Owed:
    """Return the terms sure enough to print. Only privacy laws owe a notice of an extension.

    What runs only if something more happens is not owed by receiving a letter, so it is not in it;
    a longer time in one case is told with that case.
    """
    answer, done = _owed(given.answer), _owed(given.opt_out_within)
    longer = given.longer if done and given.longer and given.longer.confidence in SURE else None
    return _Owed(
        acknowledge=_owed(given.acknowledge),
        opt_out=done,
        longer=longer,
        told=_owed(given.told_within) if done else None,
        answer=answer,
        extension=_owed(given.extension) if answer and kind in _TELL_OF_DELAY else None,
    )


def _owed(term: Term | None) -> Term | None:
    return term if term and term.confidence in SURE and not term.only_if else None


def _clock_variables(law_name: str, owed: _Owed, items: str, said: Words) -> dict[str, Variable]:
    variables: dict[str, Variable] = {"items": items}
    variables["law_name"] = said.the_law.format(name=law_name)
    for name, term in owed._asdict().items():
        variables[name] = said.term(term) if term else ""
        variables[f"{name}_cite"] = term.cite if term else ""
        variables[f"{name}_from"] = term.runs_from if term else ""
    answer = owed.answer
    variables["longer_if"] = owed.longer.only_if if owed.longer else ""
    variables["one_month"] = bool(answer and (answer.length, answer.unit) == (1, Unit.MONTHS))
    variables["same_cite"] = variables["answer_cite"] == variables["extension_cite"]
    return variables


def _details(letter: LetterInput, said: Words) -> Iterator[tuple[str, str]]:
    """Yield the lines that let the company find the record: only what was given to the letter."""
    rows = {
        "full_name": letter.full_name,
        **_place(letter.values, said),
        "birth_date": said.written(letter.values.get(Field.BIRTH_DATE, "")),
        "birth_day": said.written(letter.values.get(Field.BIRTH_DAY, "")),
        "phone": _phone(letter.values.get(Field.PHONE, "")),
        "email": letter.values.get(Field.EMAIL, ""),
        "listing_url": letter.listing_url or letter.values.get(Field.LISTING_URL, ""),
        "products": ", ".join(letter.products),
        "reply_email": letter.reply_email,
        "reply_address": ", ".join(letter.reply_lines),
    }
    if letter.agent:
        rows["reply_address"] = letter.agent.address()
    if rows["email"] == rows["reply_email"]:
        rows["email"] = ""
    yield from ((said.labels[name], value) for name, value in rows.items() if value)


def _phone(number: str) -> str:
    """Write a stored number (+13035550100) as people in the United States do."""
    found = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return "-".join(found.groups()) if found else number


def _place(values: Mapping[Field, str], said: Words) -> dict[str, str]:
    """Return the address to search, or the city and state where no street is given."""
    street, city = values.get(Field.STREET, ""), values.get(Field.CITY, "")
    code = values.get(Field.STATE, "")
    state = values.get(Field.STATE_NAME, "") or said.states.get(code, code)
    last = " ".join(part for part in (code or state, values.get(Field.ZIP, "")) if part)
    if street or values.get(Field.ZIP):
        return {"address": ", ".join(part for part in (street, city, last) if part)}
    if not city:
        return {}
    return {"place": f"{city}, {state}"} if state else {"city": city}


def render_part(
    language: str, name: str, variables: Mapping[str, Variable], sources: list[str]
) -> str:
    """Fill a template, and add it to what the letter was made from."""
    rendered = render(language, name, variables)
    sources.append(f"{name} {rendered.sha256}")
    return rendered.text


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Split at empty lines; inside a paragraph a template may break lines where it likes."""
    parts = (re.sub(r" *\n *", " ", part.strip("\n ")) for part in re.split(r"\n[ \t]*\n", text))
    return tuple(part.strip(" ") for part in parts if part.strip(" "))


def _blocks(frame: str, parts: Mapping[str, tuple[Block, ...]]) -> Iterator[Block]:
    for paragraph in paragraphs_of(frame):
        if paragraph in parts:
            yield from parts[paragraph]
        else:
            yield Block(kind="paragraph", text=paragraph)


def _finished(
    letter: LetterInput, said: Words, blocks: tuple[Block, ...], sources: Sequence[str]
) -> Letter:
    around = Around(
        reference=letter.reference,
        date=letter.date,
        full_name=letter.full_name,
        reply_lines=letter.reply_lines,
        recipient_lines=letter.broker_lines or (letter.broker_name,),
        enclosures=((said.entries,) if _corrects(letter) else ()) + letter.enclosures,
    )
    if letter.agent:
        around = signed_by_agent(around, letter.agent, said)
    return finished(around, said, blocks, sources)


def signed_by_agent(around: Around, agent: ByAgent, said: Words) -> Around:
    """Let the agent sign, under its own name and address; the paper goes along."""
    copy = said.copy_of_authorization.format(
        reference=agent.reference, name=around.full_name, day=said.day(agent.signed_on)
    )
    return replace(
        around,
        full_name=agent.name,
        signs=said.as_agent.format(agent=agent.name, name=around.full_name),
        reply_lines=agent.lines,
        enclosures=(*around.enclosures, copy),
    )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Around(Personal):
    """What stands around the words of any letter: above them, below them, on the envelope."""

    reference: str
    date: date
    full_name: str
    signs: str = ""  # below the signature, where that is more than the name
    reply_lines: tuple[str, ...] = ()
    recipient_lines: tuple[str, ...]
    enclosures: tuple[str, ...] = ()


def finished(
    around: Around, said: Words, blocks: tuple[Block, ...], sources: Sequence[str]
) -> Letter:
    """Put a letter's blocks together with what stands around them."""
    subject = said.subject.format(reference=around.reference)
    day, reference = said.day(around.date), said.reference.format(reference=around.reference)
    enclosed = tuple(f"{number}. {what}" for number, what in enumerate(around.enclosures, start=1))
    after = ("\n".join((f"{said.enclosures}:", *enclosed)),) if enclosed else ()
    signature = around.signs or around.full_name
    texts = (day, reference, *(block.plain() for block in blocks), signature, *after)
    return Letter(
        subject_line=subject,
        date_line=day,
        reference_line=reference,
        blocks=blocks,
        signature=signature,
        sender_lines=(around.full_name, *around.reply_lines) if around.reply_lines else (),
        recipient_lines=around.recipient_lines,
        enclosures_title=said.enclosures,
        enclosures=around.enclosures,
        language=said.language,
        text="\n\n".join(texts) + "\n",
        sha256=hashlib.sha256("\n".join(sources).encode()).hexdigest(),
    )

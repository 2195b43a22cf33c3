"""An authorization for an agent, with the sheet that stays with the person.

Nothing is sent, planned or signed, and nothing is stored but the list of the two files. The
letter names the person and the state: it is shown whole before it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from optout.drafting.authorization import (
    AuthorizationInput,
    AuthorizationSheet,
    authorization_sheet_pdf,
    draft_authorization,
)
from optout.drafting.letter import Letter, clean, clean_all
from optout.drafting.pdf import letter_pdf
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.i18n import language
from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.law import Law
from optout.model.request import Presence
from optout.model.secret import Personal
from optout.model.subject import Acting, Subject
from optout.model.words import By, Right
from optout.rules.agents import (
    LONGEST,
    is_contested,
    is_public_agent,
    law_of_residence,
    may_file,
    takes_agents_for,
)
from optout.rules.closed import may_write_for
from optout.rules.days import in_words
from optout.rules.disclosure import check_may_give, values_for
from optout.rules.minors import is_minor
from optout.rules.never_written_to import check_may_be_written_to
from optout.rules.residence import country_on, residence_on, state_on
from optout.text import Text, as_written
from optout.vault.ids import new_reference
from optout.words import word
from optout.workflows.desk import Desk
from optout.workflows.records import NOTHING, Papers

_LONGEST_LINE: Final = 64  # of a line on an envelope
_MOST_LINES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Agent(Personal):
    """Who shall ask for the person, as typed for this one letter. It is kept nowhere."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Allowed:
    """What the letter may rest on: the law of residence, and the rights it splits."""

    law: Law | None
    rights: tuple[Right, ...]  # in the letter
    only_you: tuple[Right, ...]  # on the sheet


def authorize(
    desk: Desk,
    subject: Subject,
    agent: Agent,
    *,
    rights: Sequence[Right],
    companies: Sequence[str],
    until: date,
    large_print: bool = False,
) -> Papers:
    """Draft the letter and its sheet after the person saw it whole and said yes."""
    today = desk.today(subject)
    _check_who_signs(subject, today)
    agent = _checked_agent(agent)
    check_until(until, today)
    brokers = the_companies(desk, companies)
    allowed = _allowed(desk, subject, rights, today)
    name = _name(subject, brokers, today)
    if name.casefold() == agent.name.casefold():
        raise WrongUsage(
            Text("An agent is somebody else. In your own name you need no authorization."),
            known=NOTHING,
        )
    given = AuthorizationInput(
        full_name=name,
        state=state_on(subject, today),
        country=country_on(subject, today),
        law=allowed.law,
        agent_name=agent.name,
        agent_lines=agent.lines,
        rights=allowed.rights,
        companies=tuple(broker.name for broker in brokers),
        until=until,
        reference=new_reference(),
        date=today,
    )
    letter = draft_authorization(given)
    _ask_for_the_adult(desk, subject, agent)
    _show(desk, letter, allowed, brokers)
    if not desk.person.confirm(Text("Write exactly this? It counts only once you sign it.")):
        raise Refused(Text("You said no."), known=NOTHING)
    sheet = AuthorizationSheet(
        reference=given.reference,
        agent_name=agent.name,
        parts=tuple(_sheet(allowed, brokers)),
        language=language(),
        large_print=large_print,
    )
    return Papers(
        reference=given.reference,
        rights=allowed.rights,
        letter=letter,
        pdf=letter_pdf(letter, large_print=large_print),
        sheet=authorization_sheet_pdf(sheet),
    )


def _check_who_signs(subject: Subject, today: date) -> None:
    if is_minor(subject, today):
        raise Refused(
            Text("This person is under 18, and cannot authorize an agent."),
            known=NOTHING,
            hint=Text("A lawyer can tell a parent what is safe."),
        )
    if why := may_write_for(subject.acting):
        raise Refused(why, known=NOTHING)
    if residence_on(subject, today) is None:
        raise NeedsPerson(
            Text("The letter says in which state or country you live, and none is written down."),
            known=NOTHING,
            hint=Text("Add it with: optout person edit"),
        )


def _checked_agent(agent: Agent) -> Agent:
    """Return who is authorized, or refuse: nobody, a public body, more than an envelope takes."""
    name, lines = clean(agent.name), clean_all(agent.lines)
    check_may_be_written_to(" ".join((name, *lines)))
    if is_public_agent(name, lines):
        raise Refused(
            Text("This looks like a public body. A public body is never made an agent here."),
            known=NOTHING,
            hint=Text("Name a person or an organization that you trust."),
        )
    if not name or len(lines) > _MOST_LINES or max(map(len, (name, *lines))) > _LONGEST_LINE:
        raise WrongUsage(
            Text(
                "Say who the agent is: a name and at most {lines} lines, each of at most {most} "
                "letters.",
                lines=_MOST_LINES,
                most=_LONGEST_LINE,
            ),
            known=NOTHING,
        )
    return Agent(name=name, lines=lines)


def check_until(until: date, today: date) -> None:
    """Refuse a last day that has passed, or that is years away."""
    if not today < until <= today + LONGEST:
        raise WrongUsage(
            Text(
                "The last day must be after today, and not later than {latest}.",
                latest=in_words(today + LONGEST),
            ),
            known=NOTHING,
            hint=Text("Shorter is safer: a few months are enough for most requests."),
        )


def the_companies(desk: Desk, typed: Sequence[str]) -> tuple[Broker, ...]:
    """Return the companies by name; refuse public bodies, and whoever may take no agent."""
    found = tuple({broker.slug: broker for broker in map(desk.find_broker, typed)}.values())
    if not found:
        raise WrongUsage(
            Text("Say which company the agent may ask."),
            known=NOTHING,
            hint=Text("See their short names: optout broker list"),
        )
    for broker in found:
        if broker.government:
            raise Refused(
                Text("{name} is a public body: no agent is sent there.", name=broker.called()),
                known=NOTHING,
            )
        if is_contested(broker) and not takes_agents_for(broker, Right):
            raise Refused(
                Text(
                    "{company} may not take requests made for somebody else; this is refused until"
                    " it is checked. The person can ask in their own name.",
                    company=broker.called(),
                ),
                known=NOTHING,
                hint=Text("Leave it out of the letter, and ask it yourself: optout plan"),
            )
    return found


def _allowed(desk: Desk, subject: Subject, rights: Sequence[Right], today: date) -> _Allowed:
    """Split what was typed: what an agent may file, and what only the person can ask."""
    law = law_of_residence(state_on(subject, today), country_on(subject, today), desk.laws(), today)
    asked = tuple(dict.fromkeys(rights))
    may = tuple(right for right in asked if may_file(law, right, today))
    if not may:
        raise Refused(
            _why_nothing(law, asked),
            known=NOTHING,
            hint=Text("Ask in your own name, which needs no authorization: optout plan"),
        )
    only_you = tuple(right for right in asked if right not in may)
    return _Allowed(law=law, rights=may, only_you=only_you)


def _why_nothing(law: Law | None, asked: Sequence[Right]) -> Text:
    if not asked:
        return Text("Say what the agent may ask for.")
    if law and law.agent:
        return Text(
            "An agent can file none of this. {law}: {rule}",
            law=law.name,
            rule=as_written(law.agent),
        )
    return Text("We know of no rule that lets an agent file this for you.")


def _name(subject: Subject, brokers: Sequence[Broker], today: date) -> str:
    fields = (Field.FULL_NAME,)
    for broker in brokers:
        against = check_may_give(
            subject,
            broker,
            fields,
            presence=Presence.UNLIKELY,
            earlier=(),
            on=today,
            by=By.POST,
        )
        if against:
            raise NeedsPerson(against[0].why, known=NOTHING)
    return values_for(subject, fields, on=today)[Field.FULL_NAME].reveal()


def _ask_for_the_adult(desk: Desk, subject: Subject, agent: Agent) -> None:
    """Let a helper say that this adult wants this agent (SAFETY 6)."""
    if subject.acting is not Acting.HELPER:
        return
    question = Text(
        "Did {person} themselves say yes to {agent} as their agent?",
        person=subject.label.reveal(),
        agent=agent.name,
    )
    if not desk.person.confirm(question):
        raise Refused(Text("You said no."), known=NOTHING)


def _show(desk: Desk, letter: Letter, allowed: _Allowed, brokers: Sequence[Broker]) -> None:
    """Show the whole letter, what is not in it though it was asked for, and who may not take it."""
    desk.person.tell_at_length(
        (
            *_only_you(allowed),
            *(_not_known_to_take(each) for each in brokers if not _taken(allowed, each)),
            Text("The agent and the companies get your name and where you live (no address)."),
            Text(""),
            *(Text("{line}", line=line) for line in letter.text.splitlines()),
        )
    )


def _sheet(allowed: _Allowed, brokers: Sequence[Broker]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    if allowed.only_you:
        yield Text("Only you"), tuple(_only_you(allowed))
    yield Text("Do you need it?"), (_OWN_NAME, *_SAFE)
    yield Text("Sign by hand"), _SIGN
    yield Text("What the law says"), tuple(_law_says(allowed.law))
    yield Text("Who takes agents"), tuple(_who_takes(allowed, brokers))
    yield Text("To take it back"), _TAKE_BACK


def _only_you(allowed: _Allowed) -> Iterator[Text]:
    for right in allowed.only_you:
        yield Text(
            "Only you can ask for this, so it is not in the letter: {right}. We know of no rule "
            "that lets an agent file it for you.",
            right=word(right),
        )


def _law_says(law: Law | None) -> Iterator[Text]:
    if law is None:
        yield Text(
            "We know of no privacy law in force where you live that says what an agent may file. "
            "The letter claims no right: a company may say no."
        )
        return
    yield Text("{law}: {rule}", law=law.name, rule=as_written(law.agent))
    if law.agent_proof:
        yield Text("What they may want as proof: {proof}", proof=as_written(law.agent_proof))
    if law.verification and "verification" not in law.not_sure:
        yield Text("What they may check about you: {check}", check=as_written(law.verification))
    if law.reviewed_by is None:
        yield Text("Not yet reviewed by a lawyer.")


def _who_takes(allowed: _Allowed, brokers: Sequence[Broker]) -> Iterator[Text]:
    for broker in brokers:
        taken = _taken(allowed, broker)
        if taken:
            for right in taken:
                yield Text(
                    "{company} takes this from an agent, as far as we know: {right}.",
                    company=broker.called(),
                    right=word(right),
                )
        else:
            yield _not_known_to_take(broker)
    yield _LEXISNEXIS
    if len(brokers) > 1:
        yield Text(
            "Each company that gets this letter reads the names of the others. To keep them "
            "apart, make one letter for each company."
        )


def _taken(allowed: _Allowed, broker: Broker) -> tuple[Right, ...]:
    return takes_agents_for(broker, allowed.rights)


def _not_known_to_take(broker: Broker) -> Text:
    return Text(
        "{company}: we do not know that it takes agents. Let the agent ask first.",
        company=broker.called(),
    )


_OWN_NAME: Final = Text("To ask in your own name needs no agent and no authorization.")
_SAFE: Final = (
    Text("Choose somebody you trust. They learn what the company answers about you."),
    Text(
        "Give no Social Security number and no immigration paper with it, neither to the agent "
        "nor to a company. The letter gives no power over them."
    ),
    Text("The agent may agree to no terms and swear to nothing for you."),
)
_SIGN: Final = (
    Text("Read it. If a sentence is not what you want, do not sign it."),
    Text(
        "Write the date on its line by hand, and sign above your name. Nothing is signed for you."
    ),
    Text("Keep a copy of what you signed. The agent shows the letter to the companies."),
)
_TAKE_BACK: Final = (
    Text("You can take it back on any day. Write to the agent, and to each company that has it."),
    Text("Nothing was sent, and we do not know whether you signed. Throw it away if you like."),
)
_LEXISNEXIS: Final = Text(
    "LexisNexis takes nobody's request for somebody else, as far as we know: its filing of 2020 "
    "says so, and newer words of its form are not checked. Ask it in your own name."
)

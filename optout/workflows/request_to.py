"""Ask a company that is not in the catalog: who it is, what it has, what is asked of it.

The same road as for every other company: nothing is told to one that may not know the person
without a typed yes; nothing but the name goes unless the person says that they have it; the law
is that of the place where the person lives. What is written down of it stays in the folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from optout.drafting.letter import UnprintableValue, clean
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.law import LawKind
from optout.model.outside import OutsideCompany
from optout.model.plan import Plan, PlanLine
from optout.model.request import Message, Presence
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.eligibility import law_for
from optout.rules.hosts import host_allowed
from optout.rules.minors import why_not
from optout.rules.outside import (
    FIND_BY,
    RIGHTS,
    as_broker,
    letters_of,
    same_name,
    same_place,
    slug_for,
)
from optout.rules.picking import picked
from optout.rules.planning import plan
from optout.rules.residence import country_on, state_on
from optout.text import Text
from optout.vault.ids import new_reference
from optout.words import word
from optout.workflows import facts
from optout.workflows.accept_plan import accept_plan, answered_before, asked_before
from optout.workflows.desk import Desk
from optout.workflows.given import given_to
from optout.workflows.read_target import (
    GOVERNMENT,
    LONGEST_LINE,
    NOTHING,
    Target,
    check_not_public,
    read_target,
)
from optout.workflows.show_plan import lines_texts

HAVE_IT: Final = {
    "city": Text("your city and state"),
    "address": Text("your home address"),
    "phone": Text("your phone number"),
    "birth-date": Text("your birth date"),
}
_SAY: Final = {
    Right.OPT_OUT: "Please stop selling and sharing my personal data.",
    Right.ACCESS: "Please tell me what personal data you hold about me, and send me a copy.",
    Right.DELETE: "Please delete the personal data you hold about me.",
    Right.CORRECT: "Please correct the personal data about me that is wrong.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """What a person gave on the command line; what is missing is asked."""

    to: str = ""
    company: str = ""
    rights: tuple[Right, ...] = ()
    find_by: tuple[str, ...] | None = None  # keys of `FIND_BY`; None asks


def request_with_person(desk: Desk, subject: Subject, wanted: ToAsk) -> tuple[Message, ...]:
    """Put requests to a company outside the catalog on the list. Nothing is sent."""
    if reason := why_not(subject, desk.today(subject)):
        raise Refused(reason, known=NOTHING)
    _check_rights(wanted.rights)
    find_by = _known_keys(wanted.find_by)
    target = read_target(wanted.to or desk.person.ask(_TO, check=read_target))
    name = _name(desk, target, wanted.company)
    check_not_public(target, name)
    _check_catalog(desk, target, name)
    presence = _presence(desk, name)
    rights = wanted.rights or _ask_rights(desk)
    find_by = _find_by(desk, subject, name, presence, find_by)
    asked = _asked_before(desk, _company(desk, subject, target, name, find_by))
    made = _plan(desk, subject, asked, presence, rights)
    if not made.lines:
        raise _nothing_to_ask(made)
    desk.person.tell_at_length(tuple(lines_texts(made.lines)))
    _check_wanted_again(desk, subject, asked, made.lines)
    if not desk.person.confirm(_PUT_ON_LIST):
        raise Refused(Text("Nothing was put on your list."), known=NOTHING)
    with desk.vault.together():
        _check_nobody_was_faster(desk, asked)
        desk.vault.companies.keep(asked.company)
        return accept_plan(desk, subject, made.lines)


_TO: Final = Text("Whom do you ask? Their e-mail address, postal address, or web page (https://…)")
_SAID_SO: Final = Text("you said so")
_FORMS: Final = ("llc", "inc", "corp", "corporation", "co", "ltd", "limited", "gmbh", "lp", "the")
_SHORTEST_NAME: Final = 2  # a name of two letters is the beginning of too many
_PUT_ON_LIST: Final = Text("Put this on your list? Nothing is sent yet.")


def _check_rights(rights: Collection[Right]) -> None:
    for right in rights:
        if right not in RIGHTS:
            raise WrongUsage(
                Text(
                    "“{right}” can be asked only of companies that we know: it does not bind all "
                    "of them.",
                    right=right.value,
                ),
                known=NOTHING,
                hint=Text("Of any company you can ask: {rights}.", rights=", ".join(RIGHTS)),
            )


def _known_keys(find_by: Sequence[str] | None) -> tuple[str, ...] | None:
    for key in find_by or ():
        if key not in FIND_BY and key != "name":
            raise WrongUsage(
                Text("“{key}” is nothing that a record is found by here.", key=key),
                known=NOTHING,
                hint=Text("Write one of: name, {keys}.", keys=", ".join(FIND_BY)),
            )
    return None if find_by is None else tuple(key for key in find_by if key in FIND_BY)


def _name(desk: Desk, target: Target, given: str) -> str:
    """Return the company's name: given, on the envelope, or asked for."""
    first = target.lines[0] if target.lines else ""
    if given.strip():
        return _printable(given)
    if first and not any(map(str.isdigit, first)):
        return first
    return desk.person.ask(Text("What is the company called?"), check=_printable).strip()


def _printable(typed: str) -> str:
    """Return a name that a letter can hold; what cannot be printed would never get away."""
    try:
        name = clean(facts.not_empty(typed))
    except UnprintableValue:
        name = ""
    if not name or len(name) > LONGEST_LINE:
        raise WrongUsage(
            Text("That name is too long for an envelope, or holds characters that nobody can see."),
            known=NOTHING,
            hint=Text("Type it by hand, on one line, instead of pasting it."),
        )
    return name


def _check_catalog(desk: Desk, target: Target, name: str) -> None:
    """Say that we know this company, and how it is asked better; go on only with a yes."""
    known = _known_at(desk, target, name)
    if not known:
        return
    if any(broker.government for broker in known):
        raise Refused(GOVERNMENT, known=NOTHING)
    best = min(known, key=lambda broker: not _takes_mail_at(broker, target.email))
    said = Text(
        "We know this company: {company}. Its own entry says how it is asked best: optout plan "
        "--only {slug}",
        company=best.called(),
        slug=best.slug,
    )
    desk.person.tell(said)
    if not desk.person.confirm(Text("Ask it here all the same?")):
        raise Refused(said, known=NOTHING)


def _known_at(desk: Desk, target: Target, name: str) -> list[Broker]:
    """Return the companies of the catalog whose site, mail, envelope or name this is."""
    return [
        broker
        for broker in desk.list_brokers()
        if (target.host and host_allowed(target.host, (*broker.hosts, *broker.mail_domains)))
        or _is_called(broker, name)
        or _takes_post_at(broker, target.lines)
    ]


def _is_called(broker: Broker, name: str) -> bool:
    """Say whether a company's name, or its first words, are what was typed."""
    typed = _words(name)
    for words in map(_words, (broker.name, broker.short_name)):
        short, long = sorted((words, typed), key=len)
        same = long == short if broker.government else long[: len(short)] == short
        if same and len("".join(short)) > _SHORTEST_NAME:
            return True
    return False


def _words(name: str) -> list[str]:
    """Return the words of a name without LLC and the like."""
    found = re.findall(r"[^\W_]+", name.casefold())
    return [word for word in found if word not in _FORMS]


def _takes_post_at(broker: Broker, lines: Sequence[str]) -> bool:
    """Say whether all lines below the name stand on an envelope to that company."""
    typed = letters_of("".join(lines[1:]))
    ours = (channel.post.lines for channel in broker.channel if channel.post)
    return bool(typed) and any(letters_of("".join(each)).endswith(typed) for each in ours)


def _takes_mail_at(broker: Broker, address: str) -> bool:
    mails = (channel.email.email for channel in broker.channel if channel.email)
    return bool(address) and address.casefold() in map(str.casefold, mails)


def _presence(desk: Desk, name: str) -> Presence:
    """Ask whether the company knows the person; else only a typed yes goes on (SAFETY 1)."""
    if desk.person.confirm(
        Text(
            "Do you know that {company} has something about you: a letter, a bill, an account, a "
            "page that shows you?",
            company=name,
        )
    ):
        return Presence.EVIDENCE
    gate = Text(
        "Then {company} may not know you, and this request would be the first that it hears of "
        "you. It keeps a record that you asked. To leave it alone is the safest answer.",
        company=name,
    )
    if not desk.person.type_word(gate, Text("yes")):
        raise Refused(Text("Left alone."), known=NOTHING)
    return Presence.UNLIKELY


def _ask_rights(desk: Desk) -> tuple[Right, ...]:
    listed = tuple(
        Text("{number}. {right}", number=number, right=word(right))
        for number, right in enumerate(RIGHTS, start=1)
    )
    desk.person.tell_at_length((Text("What do you ask of them?"), *listed))
    typed = desk.person.ask(
        Text("By number, such as 1,2,3 (after a deletion they can show you nothing)"),
        default="1,2,3",
        check=lambda text: _one_at_least(picked(text, len(RIGHTS))),
    )
    return tuple(RIGHTS[number - 1] for number in picked(typed, len(RIGHTS)))


def _one_at_least(numbers: Collection[int]) -> None:
    if not numbers:
        raise WrongUsage(
            Text("Nothing was picked."), known=NOTHING, hint=Text("Write a number, such as 1")
        )


def _find_by(
    desk: Desk, subject: Subject, name: str, presence: Presence, given: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Return what they get beside the name: nothing, where they may have nothing (SAFETY 1)."""
    if presence is not Presence.UNLIKELY:
        return _ask_find_by(desk, subject, name) if given is None else given
    if given:
        desk.person.tell(
            Text(
                "{company} may not know you. So it gets your name only: what you gave to be found "
                "by is left out.",
                company=name,
            )
        )
    return ()


def _ask_find_by(desk: Desk, subject: Subject, name: str) -> tuple[str, ...]:
    """Ask what else they have already."""
    desk.person.tell(
        Text(
            "They get your name. What else helps them to find your record? Say yes only to what "
            "they have already."
        )
    )
    mine = facts_there(desk, subject)
    return tuple(
        key
        for key, words in HAVE_IT.items()
        if key in mine
        and desk.person.confirm(Text("Does {company} have {what}?", company=name, what=words))
    )


def facts_there(desk: Desk, subject: Subject) -> frozenset[str]:
    """Return which of these the person has, and shares with anybody at all."""
    from optout.rules.disclosure import facts_of  # noqa: PLC0415 - only here

    given = facts_of(subject, desk.today(subject)).given
    return frozenset(key for key, fields in FIND_BY.items() if fields[0] in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A company as it would be kept, and what is known of it under each of its slugs."""

    company: OutsideCompany
    slugs: frozenset[Slug]  # where it was written down before
    unsettled: frozenset[Right]  # asked there, and not settled


def _company(
    desk: Desk, subject: Subject, target: Target, name: str, find_by: tuple[str, ...]
) -> OutsideCompany:
    """Return the company as it was typed, in the spelling of an earlier time if there was one."""
    lines = target.lines
    if lines and lines[0].casefold() != name.casefold():
        lines = (name, *lines)
    fields = dict.fromkeys(field for key in find_by for field in FIND_BY[key])
    company = OutsideCompany(
        slug=slug_for(new_reference()),
        subject_id=subject.id,
        written_on=desk.today(subject),
        name=name,
        by=target.by,
        email=target.email,
        lines=lines,
        url=target.url,
        find_by=_there(subject, desk, tuple(fields)),
    )
    if known := _known_before(desk, company):
        company = replace(
            company, name=known.name, email=known.email, lines=known.lines, url=known.url
        )
    if target.by is not By.PORTAL:
        return company
    return replace(company, sentences=_sentences(desk, subject, as_broker(company)))


def _known_before(desk: Desk, company: OutsideCompany) -> OutsideCompany | None:
    """Return the same company of an earlier time; of one with another name, the person says."""
    written = desk.vault.companies.list(company.subject_id)
    there = [known for known in written if same_place(known, company)]
    named = [known for known in there if same_name(known, company)]
    if named or not there:
        return named[-1] if named else None
    another = Text(
        "You wrote down {known} at this address before. Is {company} another company?",
        known=there[-1].name,
        company=company.name,
    )
    return None if desk.person.confirm(another) else there[-1]


def _asked_before(desk: Desk, company: OutsideCompany) -> _Asked:
    """Return the company under its slug; what a request stands on is never written over."""
    written = desk.vault.companies.list(company.subject_id)
    same = [each for each in written if same_place(each, company) and same_name(each, company)]
    slugs = frozenset(each.slug for each in same)
    for known in same:
        is_used = desk.vault.requests.list(subject_id=company.subject_id, broker=known.slug)
        if known.definition() == company.definition() or not is_used:
            company = replace(company, slug=known.slug, written_on=known.written_on)
            break
    return _Asked(company=company, slugs=slugs, unsettled=_unsettled(desk, company, slugs))


def _unsettled(desk: Desk, company: OutsideCompany, slugs: Collection[Slug]) -> frozenset[Right]:
    subject = desk.vault.subjects.get(company.subject_id)
    return frozenset(right for slug, right in asked_before(desk, subject) if slug in slugs)


def _check_nobody_was_faster(desk: Desk, asked: _Asked) -> None:
    """Refuse where another window wrote down this company, or asked it, since it was looked up."""
    now = _asked_before(desk, asked.company)
    if (now.slugs, now.unsettled) != (asked.slugs, asked.unsettled):
        raise Refused(
            Text("This company was put on your list meanwhile, in another window."),
            known=Text("Nothing was put on your list here."),
            hint=Text("See how it stands: optout status"),
        )


def _check_wanted_again(
    desk: Desk, subject: Subject, asked: _Asked, lines: Sequence[PlanLine]
) -> None:
    """Say what was answered already, and ask whether the same is to be asked again."""
    answered = answered_before(desk, subject)
    rights = {line.right for line in lines}
    said = [
        text for (slug, right), text in answered.items() if slug in asked.slugs and right in rights
    ]
    for text in said:
        desk.person.tell(text)
    if said and not desk.person.confirm(Text("Ask it again all the same?")):
        raise Refused(Text("Nothing was put on your list."), known=NOTHING)


def _there(subject: Subject, desk: Desk, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Leave out the state of somebody who lives in none."""
    if state_on(subject, desk.today(subject)):
        return fields
    return tuple(field for field in fields if field is not Field.STATE)


def _sentences(desk: Desk, subject: Subject, broker: Broker) -> dict[Right, str]:
    """Return what to copy into a box for one's own words: the right, and its law if any."""
    today, laws = desk.today(subject), desk.laws()
    said = {}
    for channel in broker.channel:
        choice = law_for(
            state_on(subject, today),
            broker,
            channel,
            channel.right,
            laws,
            on=today,
            country=country_on(subject, today),
        )
        sentence = _SAY[channel.right]
        sure = choice.claims_right and choice.to_confirm is None
        if sure and choice.law.kind is not LawKind.VOLUNTARY:
            cite = choice.law.rights[channel.right].cite
            sentence += f" I rely on the {choice.law.name} ({cite}), to the extent it applies."
        said[channel.right] = sentence
    return said


def _plan(
    desk: Desk,
    subject: Subject,
    asked: _Asked,
    presence: Presence,
    rights: tuple[Right, ...],
) -> Plan:
    broker = as_broker(asked.company)
    made = plan(
        subject,
        (broker,),
        desk.laws(),
        {broker.slug: presence},
        desk.today(subject),
        earlier={broker.slug: _given(desk, subject, asked)},
        only=(broker.slug,),
        insist=(broker.slug,),
        rights=rights,
        asked_before={(broker.slug, right) for right in asked.unsettled},
        signs={broker.slug: (_SAID_SO,)},
    )
    # What it is and sells we do not know, so nothing is said about it.
    return replace(made, lines=tuple(replace(line, company_kind=None) for line in made.lines))


def _given(desk: Desk, subject: Subject, asked: _Asked) -> dict[Field, date]:
    """Return what the company got before, however often it was written down."""
    found: dict[Field, date] = {}
    for slug in sorted(asked.slugs):
        for field, day in given_to(desk, subject.id, desk.find_broker(slug)).items():
            found[field] = max(day, found.get(field, day))
    return found


def _nothing_to_ask(made: Plan) -> Refused:
    """Return why nothing can be asked, in the plan's own words."""
    if made.leave_alone:
        return Refused(
            made.leave_alone[0].text,
            known=NOTHING,
            hint=Text("Change what may be given: optout person edit"),
        )
    return Refused(
        Text("This is asked of them already."),
        known=NOTHING,
        hint=Text("See how it stands: optout status"),
    )

"""What clients signed: written down with its scope, scanned, watched, taken back, and obeyed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.model.broker import Broker
from optout.model.clinic import Allowed, Authorization, AuthorizationKind, AuthorizationState
from optout.model.fields import Field
from optout.model.record import EvidenceKind
from optout.model.request import Delivery, Message, Purpose
from optout.model.subject import Acting, Subject
from optout.model.words import By
from optout.rules.authorized import (
    NotCovered,
    Wanted,
    is_soon_over,
    newest_that_allows,
    why_not_allowed,
)
from optout.rules.days import in_words
from optout.text import Text
from optout.vault.ids import new_id, new_reference
from optout.words import word, words
from optout.workflows.authorize import Agent, authorize, check_until
from optout.workflows.clinic import NOTHING, clinic_of, the_clinic
from optout.workflows.conflict import check_conflict_checked
from optout.workflows.desk import Desk, Errand, as_reference, errand_for
from optout.workflows.printed_draft import check_not_a_draft, was_printed
from optout.workflows.records import Papers
from optout.workflows.scans import ask_about_same_scan, read_scan

_SENT_NOTHING: Final = Text("Nothing was written or sent.")
FOR_OTHERS: Final = frozenset({Acting.AGENT, Acting.LAWYER})
"""Who stands in a client's place, and does nothing without a paper for it."""
_AT_A_SCREEN: Final = frozenset({By.WEB, By.PORTAL, By.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a client allows, line by line, until when; and what waits and cannot be told yet."""

    lines: tuple[Allowed, ...]
    until: date
    left: tuple[Text, ...] = field(default=(), compare=False)

    @property
    def brokers(self) -> tuple[str, ...]:
        """Return the companies in it."""
        return tuple(dict.fromkeys(each.broker for each in self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBoard:
    """One paper on the office's board."""

    number: int  # of the client, as `person list` shows it
    subject: Subject
    paper: Authorization
    state: AuthorizationState
    soon_over: bool


def write_in_own_name(desk: Desk, subject: Subject, scope: Scope) -> Authorization:
    """Write down what a client shall sign so that the office may send in the client's own name.

    A paper that says the same and is not signed yet is not written twice.
    """
    the_clinic(desk.vault)
    if not scope.lines:
        raise WrongUsage(
            Text("Say what may be asked for, and of which company."),
            known=NOTHING,
            hint=Text("As in: --company transunion --right opt-out"),
        )
    check_until(scope.until, desk.today(subject))
    for slug in scope.brokers:
        if desk.find_broker(slug).government:
            raise Refused(
                Text("A public body is asked by its own paper, one at a time."), known=NOTHING
            )
    open_ = (each for each in desk.vault.authorizations.for_subject(subject.id) if _is_open(each))
    same = next((each for each in open_ if _scope_of(each) == scope), None)
    return same or _add(desk, subject, scope, new_reference())


def _is_open(paper: Authorization) -> bool:
    is_own = paper.kind is AuthorizationKind.OWN_NAME
    return is_own and paper.signed_on is None and paper.revoked_on is None


def _scope_of(paper: Authorization) -> Scope:
    return Scope(lines=paper.scope, until=paper.expires_on)


def write_for_agent(
    desk: Desk, subject: Subject, agent: Agent, scope: Scope, *, large_print: bool = False
) -> tuple[Papers, Authorization]:
    """Draft the letter that makes the office the client's agent, and write down its scope.

    What the law lets no agent file is not in the letter, and not in the scope either.
    """
    the_clinic(desk.vault)
    desk.vault.matters.check_open(subject.id)
    check_conflict_checked(desk.vault, subject)  # the letter tells a company whom you help
    if not agent.lines:
        raise WrongUsage(
            Text("Say where companies answer the agent: its address stands on the letters."),
            known=NOTHING,
            hint=Text('Each line by itself: --agent-address "P.O. Box 100" --agent-address …'),
        )
    papers = authorize(
        desk,
        subject,
        agent,
        rights=tuple(dict.fromkeys(each.right for each in scope.lines)),
        companies=scope.brokers,
        until=scope.until,
        large_print=large_print,
    )
    lines = tuple(each for each in scope.lines if each.right in papers.rights)
    allowed = Scope(lines=lines, until=scope.until)
    kept = _add(desk, subject, allowed, papers.reference, agent=agent)
    return papers, kept


def _add(
    desk: Desk, subject: Subject, scope: Scope, reference: str, *, agent: Agent | None = None
) -> Authorization:
    paper = Authorization(
        id=new_id(),
        subject_id=subject.id,
        kind=AuthorizationKind.AGENT if agent else AuthorizationKind.OWN_NAME,
        reference=reference,
        agent=agent.name if agent else "",
        agent_lines=agent.lines if agent else (),
        scope=scope.lines,
        written_on=desk.today(subject),
        expires_on=scope.until,
    )
    desk.vault.authorizations.add(paper)
    return paper


def find_paper(desk: Desk, typed: str) -> Authorization:
    """Return the paper of that reference."""
    wanted = as_reference(typed)
    for paper in desk.vault.authorizations.list():
        if paper.reference == wanted:
            return paper
    raise WrongUsage(
        Text("There is no paper with that reference."),
        known=NOTHING,
        hint=Text("See all of them with: optout clinic authorizations"),
    )


def record_signature(
    desk: Desk, typed: str, scan: Path, *, on: date | None = None
) -> Authorization:
    """Keep the day of a signature and the scan, in the client's own encrypted file."""
    paper = find_paper(desk, typed)
    subject = desk.vault.subjects.get(paper.subject_id)
    today = desk.today(subject)
    on = on or today
    from_here = paper.kind is AuthorizationKind.AGENT or was_printed(desk.vault, paper.reference)
    _check_may_be_signed(paper, on, today, from_here=from_here)
    check_not_a_draft(desk.vault, paper.reference)
    media_type, content = read_scan(scan)
    ask_about_same_scan(desk, subject.id, content)
    if not from_here:
        _ask_for_own_form(desk, paper)
    evidence = desk.vault.evidence.store(subject.id, EvidenceKind.SIGNED, media_type, content)
    desk.vault.authorizations.sign(paper.id, on=on, scan=evidence)
    return desk.vault.authorizations.get(paper.id)


def _ask_for_own_form(desk: Desk, paper: Authorization) -> None:
    """Ask what was signed where this paper was never printed: only what it lists is allowed."""
    question = Text(
        "No consent with the number {r} was printed here. Does another paper say the same, line "
        "by line, and did the client sign that one? {lines}. Last day: {until}",
        r=paper.reference,
        lines=tuple(said_line(desk, each) for each in paper.scope),
        until=in_words(paper.expires_on),
    )
    if not desk.person.confirm(question):
        raise Refused(
            Text("This consent was never printed, so nobody can have signed it."),
            known=Text("No signature was written down."),
            hint=Text("Print it first: optout clinic papers write consent --person NUMBER"),
        )


def said_line(desk: Desk, line: Allowed) -> Text:
    """Return one line of a paper as people read it: kinds of facts, never a fact."""
    try:
        company = desk.find_broker(line.broker).called()
    except OptoutError:  # it is gone from the list of companies; what was signed stays readable
        company = line.broker
    return Text(
        "{company}: {right} ({facts})",
        company=company,
        right=word(line.right),
        facts=words(line.fields),
    )


def _check_may_be_signed(paper: Authorization, on: date, today: date, *, from_here: bool) -> None:
    if paper.signed_on is not None or paper.revoked_on is not None:
        raise Refused(
            Text("This paper is signed already, or was taken back."),
            known=NOTHING,
            hint=Text("For something new write a new paper: optout clinic authorize NUMBER"),
        )
    written = paper.written_on if from_here else date.min
    if not written <= on <= today:
        raise WrongUsage(
            Text("The signature is not from that day: it was written later, or it has not come."),
            known=NOTHING,
            hint=Text("Give the day on the paper: --on YYYY-MM-DD"),
        )
    if on > paper.expires_on:
        raise Refused(Text("This paper had run out by then."), known=NOTHING)


def take_back(desk: Desk, typed: str, *, on: date | None = None) -> Authorization:
    """Keep that a client took a paper back: from that day nothing more rests on it."""
    paper = find_paper(desk, typed)
    today = desk.today(desk.vault.subjects.get(paper.subject_id))
    if on is not None and on > today:
        raise WrongUsage(Text("That day has not come yet."), known=NOTHING)
    desk.vault.authorizations.revoke(paper.id, on=on or today)
    return desk.vault.authorizations.get(paper.id)


def in_hand_without_paper(desk: Desk, paper: Authorization) -> tuple[Message, ...]:
    """Return what is printed or written for this client, not sent, and not signed for any more."""
    mine = desk.vault.messages.list(subject_id=paper.subject_id, deliveries=(Delivery.HANDED_OVER,))
    return tuple(each for each in mine if not _is_still_signed_for(desk, each))


def _is_still_signed_for(desk: Desk, message: Message) -> bool:
    try:
        errand = errand_for(desk, message)
        given = desk.vault.disclosures.for_message(message.id)
        check_signed_scope(desk, errand, {each.field for each in given})
    except OptoutError:
        return False
    return True


def board(desk: Desk) -> tuple[OnBoard, ...]:
    """Return every paper with where it stands today, what needs somebody first."""
    the_clinic(desk.vault)
    people = {
        subject.id: (number, subject)
        for number, subject in enumerate(desk.vault.subjects.list(), start=1)
    }
    rows = [
        _on_board(desk, each, *people[each.subject_id]) for each in desk.vault.authorizations.list()
    ]
    return tuple(sorted(rows, key=lambda row: _ORDER.index((row.state, row.soon_over))))


_ORDER: Final = (
    (AuthorizationState.SIGNED, True),
    (AuthorizationState.UNSIGNED, False),
    (AuthorizationState.SIGNED, False),
    (AuthorizationState.EXPIRED, False),
    (AuthorizationState.REVOKED, False),
)


def _on_board(desk: Desk, paper: Authorization, number: int, subject: Subject) -> OnBoard:
    today = desk.today(subject)
    return OnBoard(
        number=number,
        subject=subject,
        paper=paper,
        state=paper.state(today),
        soon_over=is_soon_over(paper, today),
    )


# ---- what may be sent ----


def is_allowed_by_signature(desk: Desk, errand: Errand, fields: Collection[Field] = ()) -> bool:
    """Say whether the client signed for this; refuse where what they signed does not cover it.

    Without any paper a client who is helped is asked, each time; an agent may do nothing.
    """
    if clinic_of(desk.vault) is None or errand.message.purpose is Purpose.COMPLAINT:
        return False  # what goes to a public body the client says yes to by itself
    wanted = _wanted(desk, errand, fields)
    papers = [
        each
        for each in desk.vault.authorizations.for_subject(errand.subject.id)
        if each.kind is wanted.kind
    ]
    if not papers and wanted.kind is AuthorizationKind.OWN_NAME:
        return False
    why = why_not_allowed(papers, wanted)
    if why is None:
        return True
    raise _not_covered(errand, why)


def _not_covered(errand: Errand, why: NotCovered) -> Refused:
    """Return the error that names what is not covered, and what would help."""
    hint = (
        Text("They sign a new paper for it: optout clinic authorize NUMBER --until DATE")
        if why.needs_new_paper
        else Text("See what is signed: optout clinic authorizations")
    )
    return Refused(said_not_covered(errand.broker, why), known=_SENT_NOTHING, hint=hint)


def said_not_covered(broker: Broker, why: NotCovered) -> Text:
    """Return why a paper does not allow it: kinds of facts, never a fact."""
    return Text(
        why.text.template,
        company=broker.called(),
        rights=words(why.rights),
        facts=words(why.fields),
    )


def _wanted(desk: Desk, errand: Errand, fields: Collection[Field]) -> Wanted:
    acts_for = errand.subject.acting in FOR_OTHERS
    return Wanted(
        subject_id=errand.subject.id,
        kind=AuthorizationKind.AGENT if acts_for else AuthorizationKind.OWN_NAME,
        broker=str(errand.broker.slug),
        rights=tuple(request.right for request in errand.requests),
        fields=fields,
        on=desk.today(errand.subject),
    )


def check_signed_scope(desk: Desk, errand: Errand, fields: Collection[Field]) -> None:
    """Refuse what goes beyond a client's signature, and what an agent sends without one."""
    if errand.subject.acting is not Acting.SELF:
        is_allowed_by_signature(desk, errand, fields)


def agents_paper(desk: Desk, errand: Errand, fields: Collection[Field]) -> Authorization | None:
    """Return the signed paper that an agent's letter rests on, or None where nobody is an agent.

    `check_signed_scope` comes first: it says what is missing where none allows it. The letter bears
    the name on the paper: it must be this office's, with its address.
    """
    if errand.subject.acting is not Acting.AGENT or errand.message.by is not By.POST:
        return None
    clinic = clinic_of(desk.vault)
    if clinic is None:
        raise Refused(
            Text("An agent's letter rests on a signed paper, and only an office keeps those."),
            known=_SENT_NOTHING,
            hint=Text("Set the folder up for an office: optout clinic start"),
        )
    papers = desk.vault.authorizations.for_subject(errand.subject.id)
    ours = [each for each in papers if each.agent.casefold() == clinic.office.casefold()]
    paper = newest_that_allows(ours, _wanted(desk, errand, fields))
    if paper is None or not paper.agent_lines:
        raise Refused(
            Text("The signed paper names another agent than your office, or no address of yours."),
            known=_SENT_NOTHING,
            hint=Text("Write a new one, as `optout clinic start` names the office."),
        )
    return paper


def ask_client_to_attest(desk: Desk, errand: Errand) -> None:
    """Let the client alone say what only they may say: staff swear to nothing for anybody."""
    words = _attested(errand) if clinic_of(desk.vault) is not None else ()
    if not words:
        return
    question = Text(
        "Only {client} may say this, never staff: {words} Are they here, and do they say it?",
        client=errand.subject.label.reveal(),
        words=words,
    )
    if errand.subject.acting in FOR_OTHERS or not desk.person.confirm(question):
        raise NeedsPerson(
            Text("Only the client may say what this page asks."),
            known=Text("Nothing was sent."),
            hint=Text("Do it when they are here: optout file {r}", r=errand.message.reference),
        )


def _attested(errand: Errand) -> Sequence[str]:
    """Return the words to agree to at a screen; a letter is signed by the client's own hand."""
    if errand.message.by not in _AT_A_SCREEN:
        return ()
    return tuple(dict.fromkeys(words for each in errand.channels for words in each.attests))

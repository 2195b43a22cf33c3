"""What clients signed: written down with its scope, scanned, watched, taken back, and obeyed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.clinic import Authorization, AuthorizationKind, AuthorizationState
from optout.model.fields import Field
from optout.model.record import EvidenceKind
from optout.model.request import Delivery
from optout.model.subject import Acting, Subject
from optout.model.words import By, Right
from optout.rules.authorized import Wanted, is_soon_over, why_not_allowed
from optout.text import Text
from optout.vault.ids import new_id, new_reference
from optout.workflows.authorize import Agent, authorize, check_until
from optout.workflows.clinic import NOTHING, clinic_of, the_clinic
from optout.workflows.desk import Desk, Errand, as_reference
from optout.workflows.printed_draft import check_not_a_draft
from optout.workflows.records import Papers

_SENT_NOTHING: Final = Text("Nothing was written or sent.")
_LARGEST_SCAN: Final = 20 * 1024 * 1024
_SCANS: Final = {
    b"%PDF": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}
_WAITING: Final = (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)
_FOR_OTHERS: Final = frozenset({Acting.AGENT, Acting.LAWYER})
_AT_A_SCREEN: Final = frozenset({By.WEB, By.PORTAL, By.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a client allows: which requests, to which companies, telling what, until when."""

    rights: tuple[Right, ...]
    brokers: tuple[str, ...]
    until: date
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBoard:
    """One paper on the office's board."""

    number: int  # of the client, as `person list` shows it
    subject: Subject
    paper: Authorization
    state: AuthorizationState
    soon_over: bool


def scope_of_waiting(desk: Desk, subject: Subject, until: date) -> Scope:
    """Return the scope that a client's waiting messages need: every company and right of them."""
    messages = desk.vault.messages.list(subject_id=subject.id, deliveries=_WAITING)
    requests = desk.vault.requests.get_many({one for each in messages for one in each.request_ids})
    if not requests:
        raise WrongUsage(
            Text("Nothing waits to be sent for this client, so say what they allow."),
            known=NOTHING,
            hint=Text("Name it: --company COMPANY --right RIGHT, or first: optout plan"),
        )
    return Scope(
        rights=tuple(dict.fromkeys(each.right for each in requests.values())),
        brokers=tuple(dict.fromkeys(str(each.broker) for each in requests.values())),
        until=until,
    )


def write_in_own_name(desk: Desk, subject: Subject, scope: Scope) -> Authorization:
    """Write down what a client shall sign so that the office may send in the client's own name.

    A paper that says the same and is not signed yet is not written twice.
    """
    the_clinic(desk.vault)
    if not scope.rights or not scope.brokers:
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
    return Scope(
        rights=paper.rights, brokers=paper.brokers, until=paper.expires_on, fields=paper.fields
    )


def write_for_agent(
    desk: Desk, subject: Subject, agent: Agent, scope: Scope, *, large_print: bool = False
) -> tuple[Papers, Authorization]:
    """Draft the letter that makes the office the client's agent, and write down its scope.

    What the law lets no agent file is not in the letter, and not in the scope either.
    """
    the_clinic(desk.vault)
    papers = authorize(
        desk,
        subject,
        agent,
        rights=scope.rights,
        companies=scope.brokers,
        until=scope.until,
        large_print=large_print,
    )
    allowed = Scope(rights=papers.rights, brokers=scope.brokers, until=scope.until)
    kept = _add(desk, subject, allowed, papers.reference, agent=agent.name)
    return papers, kept


def _add(
    desk: Desk, subject: Subject, scope: Scope, reference: str, *, agent: str = ""
) -> Authorization:
    paper = Authorization(
        id=new_id(),
        subject_id=subject.id,
        kind=AuthorizationKind.AGENT if agent else AuthorizationKind.OWN_NAME,
        reference=reference,
        agent=agent,
        rights=scope.rights,
        brokers=tuple(str(desk.find_broker(slug).slug) for slug in scope.brokers),
        fields=scope.fields,
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
    _check_may_be_signed(paper, on, today)
    check_not_a_draft(desk.vault, paper.reference)
    content = _scan(scan)
    evidence = desk.vault.evidence.store(
        subject.id, EvidenceKind.SIGNED, _media_type(content), content
    )
    desk.vault.authorizations.sign(paper.id, on=on, scan=evidence)
    return desk.vault.authorizations.get(paper.id)


def _check_may_be_signed(paper: Authorization, on: date, today: date) -> None:
    if paper.signed_on is not None or paper.revoked_on is not None:
        raise Refused(
            Text("This paper is signed already, or was taken back."),
            known=NOTHING,
            hint=Text("For something new write a new paper: optout clinic authorize NUMBER"),
        )
    written = paper.written_on if paper.kind is AuthorizationKind.AGENT else date.min
    if not written <= on <= today:
        raise WrongUsage(
            Text("The signature is not from that day: it was written later, or it has not come."),
            known=NOTHING,
            hint=Text("Give the day on the paper: --on YYYY-MM-DD"),
        )
    if on > paper.expires_on:
        raise Refused(Text("This paper had run out by then."), known=NOTHING)


def _scan(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_SCAN + 1)
    except OSError as error:
        raise WrongUsage(
            Text("The scan cannot be read: {why}", why=error.strerror or "unknown reason"),
            known=NOTHING,
            hint=Text("Check its name and place."),
        ) from None
    if len(content) > _LARGEST_SCAN:
        raise WrongUsage(Text("The scan is too large: at most 20 MB."), known=NOTHING)
    return content


def _media_type(content: bytes) -> str:
    for beginning, media_type in _SCANS.items():
        if content.startswith(beginning):
            return media_type
    raise WrongUsage(
        Text("This is not a scan that we know."),
        known=NOTHING,
        hint=Text("Give a PDF, JPEG, PNG or TIFF file."),
    )


def take_back(desk: Desk, typed: str, *, on: date | None = None) -> Authorization:
    """Keep that a client took a paper back: from that day nothing more rests on it."""
    paper = find_paper(desk, typed)
    today = desk.today(desk.vault.subjects.get(paper.subject_id))
    if on is not None and on > today:
        raise WrongUsage(Text("That day has not come yet."), known=NOTHING)
    desk.vault.authorizations.revoke(paper.id, on=on or today)
    return desk.vault.authorizations.get(paper.id)


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
    if clinic_of(desk.vault) is None:
        return False
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
    raise Refused(
        why,
        known=_SENT_NOTHING,
        hint=Text("See what is signed: optout clinic authorizations"),
    )


def _wanted(desk: Desk, errand: Errand, fields: Collection[Field]) -> Wanted:
    acts_for = errand.subject.acting in _FOR_OTHERS
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
    if errand.subject.acting in _FOR_OTHERS or not desk.person.confirm(question):
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

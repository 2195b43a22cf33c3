"""The papers of a client's day at the office: filled from the locked folder, and written.

A paper about nobody needs no locked folder. Language and whether an interpreter is wanted are
asked on paper only: they are kept nowhere. Facts that their owner gives to nobody, and a home that
a substitute address stands for, are on no paper.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import phonenumbers

from optout.drafting.letter import clean
from optout.drafting.paper_words import BadPaper, bad_paper
from optout.drafting.papers import (
    REVIEWS,
    Asked,
    Done,
    DraftedPaper,
    PaperInput,
    Shelf,
    draft_paper,
    file_of,
    find_mistakes,
    paper_pdf,
    wording_of,
    words_file,
)
from optout.drafting.stack import Paper as Stacked
from optout.drafting.stack import stacked
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.clinic import Authorization, AuthorizationKind, AuthorizationState
from optout.model.fields import Field, IdentifierKind
from optout.model.paper import SOURCE_LANGUAGE, Paper, Wording
from optout.model.record import Deadline, DeadlineKind, StoredDeadline
from optout.model.request import Delivery, Message, Request, RequestId, StatusReason
from optout.model.secret import Personal, Secret
from optout.model.subject import PersonName, PostalAddress, ReplyKind, Share, Subject
from optout.rules.deadlines import may_be_missed
from optout.rules.disclosure import values_for
from optout.rules.minors import check_not_minor
from optout.rules.paper_signing import why_not_signed
from optout.text import Text
from optout.vault.ids import new_reference
from optout.workflows.clients import Client, LeftOut, desk_for_many
from optout.workflows.clinic import clinic_of
from optout.workflows.desk import Desk, requesting
from optout.workflows.exports import check_place, write_export, write_new
from optout.workflows.printed_draft import remember_print
from optout.workflows.signed_papers import note_closing_letter, remember_paper
from optout.workflows.signed_scope import listed, waiting_asks
from optout.workflows.standing import standings

OFFICE: Final = "clinic.toml"
NOTHING: Final = Text("Nothing was written.")
_ABOUT_THE_OFFICE: Final = {"name": "", "address": "", "phone": "", "lawyer": "", "keeps_years": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What papers say about the office; what is empty is a line to fill by hand."""

    name: str = ""
    address: str = ""
    phone: str = ""
    lawyer: str = ""
    keeps_years: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MadePaper(Personal):
    """One paper, ready to be written to a file, and what stands on it as a blank line."""

    reference: str
    drafted: DraftedPaper
    pdf: bytes
    not_shown: tuple[str, ...] = ()  # values that no font here can show
    left_out: tuple[Text, ...] = ()  # requests that cannot be told yet, and why

    @property
    def name(self) -> str:
        """Return a file name that tells neither person nor purpose."""
        return f"paper-{self.reference}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ClientsPapers(Personal):
    """The papers of one client."""

    client: Client
    papers: tuple[MadePaper, ...]


def papers_folder(vault_folder: Path) -> Path:
    """Return the folder of the office's own wording: beside its locked folder, for all staff."""
    return vault_folder.parent / f"{vault_folder.name}-papers"


def office_of(shelf: Shelf) -> Office:
    """Return what `clinic.toml` says about the office, or in which line it is wrong."""
    source, shown = shelf.read(OFFICE)
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = next(
            (int(word) for word in str(error).replace(",", " ").split() if word.isdigit()), 0
        )
        raise bad_paper(shown, line, Text("this cannot be read as TOML")) from None
    for name, value in table.items():
        usual = _ABOUT_THE_OFFICE.get(name)
        if usual is None:
            raise bad_paper(shown, 0, Text("{name} is not known here", name=name))
        if type(value) is not type(usual) or (isinstance(value, int) and value < 0):
            raise bad_paper(shown, 0, Text("the line {name} is not of its kind", name=name))
    return Office(**table)


def all_wordings(shelf: Shelf) -> tuple[Wording, ...]:
    """Return every paper in every language that it is there in."""
    return tuple(
        wording_of(shelf, paper, language) for paper in Paper for language in shelf.languages(paper)
    )


def all_mistakes(shelf: Shelf) -> tuple[BadPaper, ...]:
    """Return every mistake in every wording: all of them at once, each with its file and line."""
    found: dict[str, BadPaper] = {}
    for paper in Paper:
        for language in shelf.languages(paper):
            try:
                wording_of(shelf, paper, language)
                mistakes: Sequence[BadPaper] = tuple(find_mistakes(shelf, paper, language))
            except BadPaper as error:
                mistakes = (error,)
            except WrongUsage as error:  # a language without its words
                mistakes = (BadPaper(error.what, known=error.known, hint=error.hint),)
            found |= {str(each.what): each for each in mistakes}
    try:
        office_of(shelf)
    except BadPaper as error:
        found[str(error.what)] = error
    return tuple(found.values())


def check_may_be_signed(paper: Paper, language: str, shelf: Shelf) -> Wording:
    """Return the wording that is signed, or refuse: a draft, or a paper that nobody signs."""
    wording = wording_of(shelf, paper, language)
    if why := why_not_signed(wording):
        raise Refused(
            why,
            known=Text("No signature was written down."),
            hint=Text("Who has read it, and how to write it down: optout clinic papers list"),
        )
    return wording


def copy_to_edit(shelf: Shelf, name: str) -> tuple[Path, bool]:
    """Copy a file to the office's own folder, where it wins; return it, and whether it is new."""
    assert shelf.own is not None
    place = shelf.own / name
    if place.is_file():
        return place, False
    source, _shown = shelf.read(name)
    return _written(place, source), True


def begin_language(shelf: Shelf, paper: Paper, language: str) -> tuple[tuple[Path, bool], ...]:
    """Copy a paper to edit. A new language begins as a copy of the English one."""
    files = (file_of(paper, language), words_file(language))
    if language in shelf.languages(paper):
        return (copy_to_edit(shelf, files[0]),)
    made = []
    for name in files:
        try:
            made.append(copy_to_edit(shelf, name))
        except WrongUsage:  # not there yet in this language
            source, _shown = shelf.read(name.replace(f".{language}.", f".{SOURCE_LANGUAGE}."))
            assert shelf.own is not None
            made.append((_written(shelf.own / name, source), True))
    return tuple(made)


def _written(place: Path, text: str) -> Path:
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(place, text.encode())
    except OSError as error:
        raise Refused(
            Text(
                "The file could not be written to {folder} ({why}).",
                folder=place.parent,
                why=error.strerror or "",
            ),
            known=NOTHING,
        ) from None
    return place


def record_review(
    shelf: Shelf, paper: Paper, language: str, *, name: str, bar: str, on: date
) -> Wording:
    """Write down who read a paper. It counts until one letter of the wording is changed."""
    assert shelf.own is not None
    for mistake in find_mistakes(shelf, paper, language):
        raise mistake
    name, bar = clean(name), clean(bar)
    if len(name.split()) < 2:  # noqa: PLR2004 - a given name and a family name
        raise WrongUsage(
            Text("Write the whole name of the person who read it."),
            known=Text("Nothing was written down."),
        )
    wording = wording_of(shelf, paper, language)
    kept = [
        *shelf.reviews(),
        {
            "paper": paper.value,
            "language": language,
            "name": name,
            "bar": bar,
            "on": on.isoformat(),
            "sha256": wording.sha256,
        },
    ]
    place = shelf.own / REVIEWS
    new = place.with_suffix(".new")
    new.unlink(missing_ok=True)
    _written(new, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    new.replace(place)
    return wording_of(shelf, paper, language)


def blank_paper(
    shelf: Shelf, paper: Paper, language: str, *, large_print: bool = False
) -> MadePaper:
    """Make a paper about nobody, to be filled by hand. No locked folder is needed."""
    about = office_of(shelf)
    given = _input(paper, language, about)
    return _made(shelf, given, large_print=large_print)


def paper_for(
    desk: Desk,
    subject: Subject,
    shelf: Shelf,
    paper: Paper,
    language: str,
    *,
    ends_on: date | None = None,
    large_print: bool = False,
    about: Collection[RequestId] = (),
) -> MadePaper:
    """Make a paper about one client, with what the locked folder holds about them and no other.

    `about`: what is told as done is only this; else all of it.
    """
    today = desk.today(subject)
    if paper is not Paper.INTAKE:
        check_not_minor(subject, today)
    if ends_on is not None and ends_on < today and paper is Paper.ENGAGEMENT:
        raise WrongUsage(Text("This last day has passed."), known=NOTHING)
    ours = office_of(shelf)
    clinic = clinic_of(desk.vault)
    if clinic:
        ours = replace(
            ours,
            name=ours.name or clinic.office,
            keeps_years=clinic.keeps_years or ours.keeps_years,
        )
    to_sign = _to_sign(desk, subject, today) if paper is Paper.CONSENT else None
    asks: tuple[Asked, ...] = ()
    left_out: tuple[Text, ...] = ()
    if paper is Paper.CONSENT:
        asks, left_out = _consented(desk, subject, to_sign)
    elif paper is Paper.EXPLANATION:
        asks, left_out = waiting_asks(desk, subject)
    given = _input(paper, language, ours)
    given = replace(
        given,
        reference=to_sign.reference if to_sign else given.reference,
        has_client=True,
        client_name=_name(subject, today),
        today=today,
        ends_on=to_sign.expires_on if to_sign else ends_on,
        asks=asks,
        done=_done(desk, subject, about) if paper in _TELLS_ANSWERS else (),
    )
    if paper is Paper.INTAKE:
        given = _with_ways_to_reach(given, subject, today)
    return replace(_made(shelf, given, large_print=large_print), left_out=left_out)


_TELLS_ANSWERS: Final = frozenset({Paper.ANSWER, Paper.CLOSING})


def _input(paper: Paper, language: str, about: Office) -> PaperInput:
    return PaperInput(
        paper=paper,
        language=language,
        reference=new_reference(),
        clinic_name=about.name,
        clinic_address=about.address,
        clinic_phone=about.phone,
        lawyer_name=about.lawyer,
        keeps_years=about.keeps_years,
    )


def _made(shelf: Shelf, given: PaperInput, *, large_print: bool) -> MadePaper:
    drafted = draft_paper(shelf, given)
    pdf, not_shown = paper_pdf(drafted, large_print=large_print)
    return MadePaper(reference=given.reference, drafted=drafted, pdf=pdf, not_shown=not_shown)


def _name(subject: Subject, on: date) -> str:
    values = values_for(subject, (Field.FULL_NAME,), on=on)
    return values[Field.FULL_NAME].reveal() if values else ""


def _with_ways_to_reach(given: PaperInput, subject: Subject, on: date) -> PaperInput:
    """Add names and ways to reach somebody, without what is given to nobody."""
    return replace(
        given,
        names=tuple(_true_now(subject, on, IdentifierKind.NAME, IdentifierKind.ALIAS)),
        phones=tuple(_true_now(subject, on, IdentifierKind.PHONE)),
        emails=tuple(
            dict.fromkeys((*_reply_emails(subject), *_true_now(subject, on, IdentifierKind.EMAIL)))
        ),
        addresses=tuple(dict.fromkeys(_addresses(subject, on))),
    )


def _true_now(subject: Subject, on: date, *kinds: IdentifierKind) -> Iterator[str]:
    for fact in subject.identifiers:
        is_over = fact.valid_to is not None and fact.valid_to < on
        names = fact.kind in {IdentifierKind.NAME, IdentifierKind.ALIAS}
        if fact.kind in kinds and fact.share is not Share.NEVER and (names or not is_over):
            yield _shown(fact.value)


def _shown(value: object) -> str:
    """Return a fact as its owner writes it."""
    if isinstance(value, PersonName):
        return value.full()
    if isinstance(value, PostalAddress):
        return ", ".join(value.lines())
    assert isinstance(value, Secret)
    text = str(value.reveal())
    return _as_dialled(text) if text.startswith("+") else text


def _as_dialled(stored: str) -> str:
    """Return a phone number as it is dialled here: (303) 555-0142."""
    number = phonenumbers.parse(stored)
    national = number.country_code == 1
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        number, formats.NATIONAL if national else formats.INTERNATIONAL
    )


def _reply_emails(subject: Subject) -> Iterator[str]:
    yield from (reply.email.reveal() for reply in subject.reply_to if reply.email)


def _addresses(subject: Subject, on: date) -> Iterator[str]:
    """Yield where mail can go; a home that a substitute stands for is not among them."""
    yield from (_shown(reply.address) for reply in subject.reply_to if reply.address)
    if not any(reply.kind is ReplyKind.SUBSTITUTE for reply in subject.reply_to):
        yield from _true_now(subject, on, IdentifierKind.ADDRESS)


def _to_sign(desk: Desk, subject: Subject, on: date) -> Authorization | None:
    """Return what this client signs in their own name: what waits for it, else what they signed."""
    ours = [
        each
        for each in desk.vault.authorizations.for_subject(subject.id)
        if each.kind is AuthorizationKind.OWN_NAME
        and each.state(on) in {AuthorizationState.UNSIGNED, AuthorizationState.SIGNED}
        and each.expires_on >= on
    ]
    return max(reversed(ours), key=lambda paper: paper.signed_on is None, default=None)


def _consented(
    desk: Desk, subject: Subject, to_sign: Authorization | None
) -> tuple[tuple[Asked, ...], tuple[Text, ...]]:
    """Return the lines of the consent. In an office they are the ones that were written down."""
    if to_sign is not None:
        return listed(desk, subject, to_sign)
    if clinic_of(desk.vault) is not None:
        raise Refused(
            Text("Nothing is written down for this client to sign, so a consent has no last day."),
            known=NOTHING,
            hint=Text("First: optout clinic authorize NUMBER --until DATE"),
        )
    return waiting_asks(desk, subject)


def _done(desk: Desk, subject: Subject, about: Collection[RequestId]) -> tuple[Done, ...]:
    """Return every request, or some: when it left, what came back, what is still due."""
    told = [each for each in standings(desk, subject) if not about or each.request.id in about]
    dates = desk.vault.deadlines.for_requests([each.request.id for each in told])
    carried = desk.vault.messages.for_requests([each.request.id for each in told])
    return tuple(
        Done(
            company=each.company,
            right=each.request.right,
            sent_on=_sent_on(carried[each.request.id]),
            answer=_answer(each.request),
            due_on=_still_due(each.next_date),
            last_day=_last_day(dates.get(each.request.id, ())),
        )
        for each in told
    )


def _sent_on(carried: Sequence[Message]) -> date | None:
    """Return the day on which it last went out; what takes the place of a return may wait still."""
    sent = (each.posted_on for each in reversed(requesting(carried)) if _is_sent(each))
    return next(sent, None)


def _is_sent(message: Message) -> bool:
    return message.delivery is Delivery.SENT


def _answer(request: Request) -> str:
    """Return the name of the line of [answers]: what the company wrote, or what two looks saw."""
    special = {
        StatusReason.PARTIAL: "partial",
        StatusReason.RETURNED: "returned",
        StatusReason.SEEN_GONE: "seen_gone",  # nobody wrote that
        StatusReason.NEED_USER_VERIFICATION: "waits",
    }
    return special.get(request.reason, request.status.value) if request.reason else request.status


def _last_day(entries: Iterable[StoredDeadline]) -> date | None:
    """Return the day until which the client can act against a no, while it is still open."""
    days = (
        each.deadline.due_on
        for each in entries
        if each.deadline.kind is DeadlineKind.APPEAL_BY and not (each.met or each.withdrawn)
    )
    return min(days, default=None)


def _still_due(next_date: Deadline | None) -> date | None:
    """Return the day by which the company must act; of our own dates nobody is told."""
    return next_date.due_on if next_date and may_be_missed(next_date.kind) else None


def write_blank(name: str, pdf: bytes, folder: Path) -> Path:
    """Write a paper about nobody where nothing stands yet. It is listed nowhere."""
    place = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new(place, pdf)
    except OSError as error:
        raise Refused(
            Text(
                "The file could not be written to {folder} ({why}).",
                folder=folder,
                why=error.strerror or "",
            ),
            known=NOTHING,
            hint=Text("Choose another place with: --to FOLDER"),
        ) from None
    return place


def papers_for_many(
    desk: Desk,
    clients: Sequence[Client],
    shelf: Shelf,
    papers: Sequence[Paper],
    language: str,
    *,
    ends_on: date | None = None,
    large_print: bool = False,
) -> tuple[tuple[ClientsPapers, ...], tuple[LeftOut, ...]]:
    """Make the papers of several clients; one who cannot have one is left out, and said.

    Of a single client the reason is an error: then nothing was made at all.
    """
    desk = desk_for_many(desk)
    made, left_out = [], []
    for client in clients:
        try:
            theirs = tuple(
                paper_for(
                    desk,
                    client.subject,
                    shelf,
                    paper,
                    language,
                    ends_on=ends_on,
                    large_print=large_print,
                )
                for paper in papers
            )
        except (Refused, NeedsPerson) as error:
            if len(clients) == 1 or isinstance(error, BadPaper):
                raise
            left_out.append(LeftOut(client=client, why=error.what))
        else:
            made.append(ClientsPapers(client=client, papers=theirs))
    return tuple(made), tuple(left_out)


def write_listed(desk: Desk, made: Sequence[ClientsPapers]) -> tuple[Path, ...]:
    """Write papers about clients, and list them: `optout exports` finds and deletes them."""
    every = [(each.client.subject.id, paper) for each in made for paper in each.papers]
    _remember(desk, made)
    check_place(desk, sum(len(paper.pdf) for _whose, paper in every))
    paths = tuple(
        write_export(desk, paper.name, "paper", paper.pdf, place_is_checked=True, about=whose)
        for whose, paper in every
    )
    _note_closing_letters(desk, made)
    return paths


def _remember(desk: Desk, made: Sequence[ClientsPapers]) -> None:
    """Keep whose the papers to sign are, and which are drafts: `signed` refuses those."""
    for each in made:
        for paper in each.papers:
            wording = paper.drafted.wording
            if wording.paper is Paper.CONSENT:
                remember_print(desk.vault, paper.reference, draft=wording.is_draft)
            else:
                remember_paper(desk, each.client.subject.id, paper.reference, wording)


def joined(papers: Iterable[MadePaper], *, two_sided: bool = True) -> tuple[str, bytes]:
    """Return papers as one file for the printer, with its name; no sheet holds two papers."""
    reference = new_reference()
    stack = stacked(
        (
            Stacked(title=f"{paper.reference} {paper.drafted.wording.paper}", pdf=paper.pdf)
            for paper in papers
        ),
        title=reference,
        two_sided=two_sided,
    )
    return f"paper-{reference}.pdf", stack


def write_together(desk: Desk, made: Sequence[ClientsPapers], *, two_sided: bool = True) -> Path:
    """Write the papers of clients as one file, and list it."""
    name, stack = joined((paper for each in made for paper in each.papers), two_sided=two_sided)
    whose = {each.client.subject.id for each in made}
    _remember(desk, made)
    check_place(desk, len(stack))
    about = whose.pop() if len(whose) == 1 else None
    path = write_export(desk, name, "paper", stack, place_is_checked=True, about=about)
    _note_closing_letters(desk, made)
    return path


def _note_closing_letters(desk: Desk, made: Sequence[ClientsPapers]) -> None:
    """Keep for whom a closing letter is on the disk now: an erasure can hang on it."""
    for each in made:
        for paper in each.papers:
            note_closing_letter(desk, each.client.subject.id, paper.drafted.wording)

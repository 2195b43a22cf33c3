"""Requests for records of public bodies: first from an organization that names nobody.

Nothing here is planned, offered by `next` or done in a batch. An organization needs no locked
folder: what it types is printed and kept nowhere. One's own record is asked for one at a time,
behind the gate, and never for somebody under 18. To DHS and ICE nothing is drafted at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from optout.drafting.letter import Letter, clean
from optout.drafting.pdf import letter_pdf
from optout.drafting.records import (
    RecordsInput,
    RecordsSheet,
    draft_records,
    records_sheet_pdf,
)
from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.i18n import language
from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.law import Law, LawId
from optout.model.ports import Person
from optout.model.request import Presence
from optout.model.secret import Personal
from optout.model.subject import Acting, Subject
from optout.model.words import By, Right
from optout.rules.closed import may_write_for
from optout.rules.days import day_in
from optout.rules.disclosure import check_may_give, values_for
from optout.rules.minors import is_minor
from optout.rules.never_written_to import check_may_be_written_to
from optout.rules.public_records import (
    GATE,
    Topic,
    acts_for,
    has_own_letter,
    states_of,
    topic_of,
)
from optout.text import Text, as_written
from optout.vault.ids import new_reference
from optout.workflows.conflict import check_conflict_checked
from optout.workflows.desk import Desk
from optout.workflows.exports import check_place, is_synced, write_export, write_new

Laws = Mapping[LawId, Law]

ASKED: Final[Mapping[Topic, Text]] = {
    Topic.JAIL: Text(
        "contracts and feeds of booking records (VINE, Justice Intelligence, PSDEX), and who looked"
    ),
    Topic.VEHICLES: Text(
        "which companies and agencies get driver and car records, for what use, and who looked"
    ),
    Topic.WAGES: Text("which companies and agencies get wage records, and who looked"),
}
_ZONES: Final[Mapping[str, str]] = {"CO": "America/Denver", "IL": "America/Chicago"}
_LONGEST: Final = 64  # of a line on an envelope
_VALUES: Final = (Field.FULL_NAME, Field.REPLY_ADDRESS)
NOTHING: Final = Text("Nothing was written or sent.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Organization(Personal):
    """Who asks, as typed for this one letter. It is kept nowhere."""

    name: str
    lines: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """One letter with the sheet that stays behind, ready to be written to files."""

    reference: str
    letter: Letter
    pdf: bytes
    sheet: bytes
    rights: tuple[Right, ...] = ()  # that an authorization names; others stay with the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the letter and the sheet are written."""

    letter: Path
    sheet: Path


def public_bodies(brokers: Iterable[Broker]) -> tuple[Broker, ...]:
    """Return the public bodies for which there is a letter."""
    return tuple(broker for broker in brokers if topic_of(broker) is not None)


def find_body(typed: str, find_broker: Callable[[str], Broker]) -> Broker:
    """Return one public body. Refuses DHS, ICE and their like, however they are spelled."""
    check_may_be_written_to(typed)
    body = find_broker(typed)
    check_may_be_written_to(f"{body.slug} {body.name}")
    if topic_of(body) is None:
        raise WrongUsage(
            Text("There is no records request to {name}.", name=body.called()),
            known=NOTHING,
            hint=Text("See which public bodies can be asked: optout records list"),
        )
    return body


def is_one_of_many(body: Broker) -> bool:
    """Say whether the catalog's name stands for many offices, so that its own must be typed."""
    return body.name.startswith("A ")


def the_office(typed: str, body: Broker) -> str:
    """Return the name the letter is addressed to, or refuse it."""
    office = clean(typed or ("" if is_one_of_many(body) else body.name))
    check_may_be_written_to(office)
    if not office or len(office) > _LONGEST:
        raise WrongUsage(
            Text("Say which office it is, in at most {most} letters.", most=_LONGEST),
            known=NOTHING,
            hint=Text('As its own page says it: --office "Example County Sheriff\'s Office"'),
        )
    return office


def for_organization(
    body: Broker,
    organization: Organization,
    laws: Laws,
    *,
    office: str,
    now: datetime,
    large_print: bool = False,
) -> Papers:
    """Draft the version that names nobody. Nothing is stored."""
    if not (organization.lines or organization.email):
        raise NeedsPerson(
            Text("The office must know where to answer: an address or an e-mail."),
            known=NOTHING,
            hint=Text('Add: --address "P.O. Box 100" --address "Denver, CO 80202"'),
        )
    acts = acts_for(body, laws, own=False)
    given = RecordsInput(
        body_name=the_office(office, body),
        topic=_topic(body),
        acts=acts,
        sender=organization.name,
        reply_lines=organization.lines,
        reply_email=organization.email,
        reference=new_reference(),
        date=_day_at(body, now),
    )
    return _papers(given, large_print=large_print)


def for_oneself(
    desk: Desk, subject: Subject, body: Broker, *, office: str, large_print: bool = False
) -> Papers:
    """Draft a request for one's own record, after the gate was passed by a typed yes."""
    today = desk.today(subject)
    _check_who_asks(subject, body, today)
    desk.vault.matters.check_open(subject.id)
    check_conflict_checked(desk.vault, subject)
    named = the_office(office, body)
    if not desk.person.type_word(GATE, Text("yes")):
        raise Refused(Text("Left alone."), known=NOTHING)
    _ask_for_the_adult(desk.person, subject, body)
    values = _values(subject, body, today)
    given = RecordsInput(
        body_name=named,
        topic=_topic(body),
        acts=acts_for(body, desk.laws(), own=True),
        sender=values[Field.FULL_NAME],
        reply_lines=tuple(values[Field.REPLY_ADDRESS].split("\n")),
        own=True,
        reference=new_reference(),
        date=today,
    )
    papers = _papers(given, large_print=large_print)
    _show(desk.person, papers, named)
    if not desk.person.confirm(Text("Write exactly this? It leaves only when you post it.")):
        raise Refused(Text("You said no."), known=NOTHING)
    return papers


def _topic(body: Broker) -> Topic:
    topic = topic_of(body)
    assert topic is not None  # find_body refuses others
    return topic


def _day_at(body: Broker, now: datetime) -> date:
    """Return the date where the office is: an organization has told no other place."""
    zones = [_ZONES[state] for state in sorted(states_of(body)) if state in _ZONES]
    return day_in(zones[0], now) if zones else now.date()


def _check_who_asks(subject: Subject, body: Broker, today: date) -> None:
    if is_minor(subject, today):
        raise Refused(
            Text("This person is under 18. Nothing about a child is written to a public body."),
            known=NOTHING,
            hint=Text("A lawyer can tell a parent what is safe."),
        )
    if why := may_write_for(subject.acting):
        raise Refused(why, known=NOTHING)
    if not has_own_letter(body):
        raise Refused(
            Text(
                "We know of no right to see who got your own record from {body}, and a paper there "
                "gives away your name. So there is no such letter.",
                body=body.called(),
            ),
            known=NOTHING,
            hint=Text("An organization can ask, and name nobody: optout records list"),
        )


def _ask_for_the_adult(person: Person, subject: Subject, body: Broker) -> None:
    """Let a helper say that this adult agreed to this one paper (SAFETY 6)."""
    if subject.acting is not Acting.HELPER:
        return
    question = Text(
        "Did {person} themselves say yes to this request to {company}?",
        person=subject.label.reveal(),
        company=body.called(),
    )
    if not person.confirm(question):
        raise Refused(Text("You said no."), known=NOTHING)


def _values(subject: Subject, body: Broker, today: date) -> Mapping[Field, str]:
    against = check_may_give(
        subject, body, _VALUES, presence=Presence.UNLIKELY, earlier=(), on=today, by=By.POST
    )
    if against:
        raise NeedsPerson(against[0].why, known=NOTHING)
    return {f: value.reveal() for f, value in values_for(subject, _VALUES, on=today).items()}


def _show(person: Person, papers: Papers, office: str) -> None:
    """Show the whole letter: everything in it is NEW to a government file."""
    person.tell_at_length(
        (
            Text("They get your name and the address for the answer. To: {office}", office=office),
            Text(""),
            *(Text("{line}", line=line) for line in papers.letter.text.splitlines()),
        )
    )


def _papers(given: RecordsInput, *, large_print: bool) -> Papers:
    letter = draft_records(given)
    sheet = RecordsSheet(
        reference=given.reference,
        body_name=given.body_name,
        own=given.own,
        check=tuple(_to_check(given)),
        afterwards=tuple(_afterwards(given)),
        language=language(),
        large_print=large_print,
    )
    return Papers(
        reference=given.reference,
        letter=letter,
        pdf=letter_pdf(letter, large_print=large_print),
        sheet=records_sheet_pdf(sheet),
    )


def _to_check(given: RecordsInput) -> Iterator[Text]:
    """Yield what to look at: what the letter says of itself, and what its acts say of proof."""
    if not given.acts:
        yield Text(
            "The letter names no act, because none is sure here. Ask a lawyer or a library which "
            "law of this state gives it, and write the name in."
        )
    if any("commercial" in words for act in given.acts for words in _says(act)):
        yield Text(
            "The letter says that it is not for a commercial purpose. If that is not true, strike "
            "the sentence: then the office has 21 business days."
        )
    if not given.own:
        yield from (as_written(act.verification) for act in given.acts if act.verification)


_EXPLAINED: Final = "due within 72 hours"  # as an act's own sentence for the letter says it


def _says(act: Law) -> tuple[str, ...]:
    return act.rights[Right.RECORDS_REQUEST].says


def _afterwards(given: RecordsInput) -> Iterator[Text]:
    if any(act.rights[Right.RECORDS_REQUEST].answer for act in given.acts):
        yield Text("Write down the day on which it arrived: days to answer count from there.")
    else:
        yield Text("Write down the day on which it arrived.")
    for act in given.acts:
        if act.rights[Right.RECORDS_REQUEST].answer is None:
            yield from _without_days(act)
        else:
            yield Text(
                "To count them: optout law due --law {law} --right records-request --received DAY",
                law=act.id,
            )


def _without_days(act: Law) -> Iterator[Text]:
    """Yield that an act sets no day to answer, and in which time it explains a refusal."""
    yield Text("{law}: this act sets no day to answer.", law=act.name)
    if any(_EXPLAINED in words for words in _says(act)):
        yield Text("When you ask why they refuse, they must explain it in writing in 72 hours.")


def places_for(to: Path | None, reference: str) -> Places:
    """Return where to write; refuse a place where a file stands already."""
    place = (to or Path.cwd()).expanduser().absolute()
    if place.is_dir():
        place /= f"paper-{reference}.pdf"
    if place.suffix.lower() != ".pdf":
        raise WrongUsage(
            Text("The letter is a PDF: its name must end in .pdf"),
            known=NOTHING,
            hint=Text("Give a folder, or a file such as: --to papers/request.pdf"),
        )
    places = Places(letter=place, sheet=place.with_name(f"{place.stem}-sheet.pdf"))
    for path in (places.letter, places.sheet):
        if path.exists() or path.is_symlink():
            raise Refused(
                Text("There is a file of that name already: {path}", path=path),
                known=Text("It was left as it is. Nothing was written."),
                hint=Text("Choose another folder or name, or move that file away."),
            )
    return places


def write_papers(papers: Papers, to: Path | None) -> Places:
    """Write both files for their owner only, where nothing stands yet. They are listed nowhere."""
    places = places_for(to, papers.reference)
    try:
        places.letter.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, content in ((places.letter, papers.pdf), (places.sheet, papers.sheet)):
            write_new(path, content)
    except OSError as error:
        raise Refused(
            Text(
                "The file could not be written to {folder} ({why}).",
                folder=places.letter.parent,
                why=error.strerror or "",
            ),
            known=Text("Nothing was sent."),
            hint=Text("Choose another place with: --to FOLDER"),
        ) from None
    return places


def write_listed_papers(desk: Desk, papers: Papers, to: Path | None) -> Places:
    """Write both files, and list them in the folder: `optout exports` finds and deletes them."""
    places = places_for(to, papers.reference)
    desk = replace(desk, out_folder=places.letter.parent)
    check_place(desk, len(papers.pdf) + len(papers.sheet))
    for path, what, content in (
        (places.letter, "letter", papers.pdf),
        (places.sheet, "cover sheet", papers.sheet),
    ):
        write_export(desk, path.name, what, content, place_is_checked=True)
    return places


def is_copied_elsewhere(place: Path) -> bool:
    """Say whether another program copies that folder to the cloud."""
    return is_synced(place.resolve())

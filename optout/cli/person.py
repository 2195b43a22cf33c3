"""`optout person`: who the requests are about, and what may be given to whom."""

from __future__ import annotations

import json as json_format
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, facts, show, table
from optout.errors import Refused, WrongUsage
from optout.i18n import _
from optout.model.fields import IdentifierKind
from optout.model.subject import Residence, Share, Subject
from optout.text import Text
from optout.words import word
from optout.workflows.desk import Desk, as_here, the_subject

noun = Commands(_("Say who you are, and what may be given to whom."))
Name = Annotated[
    str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if there are several."))
]
From = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help=_("Read a JSON card; - reads standard input.")),
]

_MOVED = Text(
    "You moved. What you asked before stays under the law of where you lived then. If you moved on "
    "another day, write that day as “state_since” into the card, and give it again."
)


@noun.command(example="optout person add\noptout person add --from card.json")
def add(*, source: From = None) -> None:
    """Add a person by answering questions; everything but a name and a state can be left out.

    A JSON card looks like what `optout person show --json` prints. The shortest one:
    {"name": {"given": "Jordan"}, "state": "CO"}; of somebody who lives in Germany: "country": "DE"
    in the place of the state. The country of residence decides the law; nationality is never asked.
    """
    from optout.workflows.add_person import add_person

    desk = open_desk()
    subject = _added_from(desk, source) if source else add_person(desk)
    show(Text("Kept in the locked folder: {name}.", name=subject.label.reveal()))
    show(Text("Next: optout plan"))


def _added_from(desk: Desk, source: Path) -> Subject:
    from optout.workflows.keep_person import check_label, subject_from_card, today_of

    card = _read_card(source)
    subject = subject_from_card(card, today=today_of(card, desk.clock()))
    subject = check_label(subject, desk.vault.subjects.list())
    desk.vault.subjects.add(subject)
    return subject


@noun.command("show", example="optout person show\noptout person show --json")
def show_person(*, person: Name = "", json: Json = False) -> None:
    """Show everything the locked folder holds about a person, and who may get it."""
    from optout.workflows.keep_person import card_of

    desk = open_desk()
    subject = the_subject(desk, person)
    if json:
        emit(card_of(subject))
        return
    _show_card(subject)


def _show_card(subject: Subject) -> None:
    facts(
        (
            (Text("Person"), subject.label.reveal()),
            (Text("Asked by"), word(subject.acting)),
            (Text("Lives in"), _lives_in(subject)),
            *_lived_in(subject),
        )
    )
    table(
        (Text("What"), Text("Value"), Text("Since"), Text("Who may get it")),
        (
            (word(fact.kind), fact.shown(), fact.valid_from, word(fact.share))
            for fact in subject.identifiers
        ),
    )
    for reply in subject.reply_to:
        where = (
            reply.email.reveal()
            if reply.email
            else ", ".join(reply.address.lines() if reply.address else ())
        )
        facts(((Text("Answers come to"), where), (Text("Which is"), word(reply.kind))))


def _lives_in(subject: Subject) -> str:
    """Return where the person lives now."""
    return _home(subject.residences[-1])


def _lived_in(subject: Subject) -> Iterator[tuple[Text, Text]]:
    """Yield the homes of before: what was asked from there stays under the law of there."""
    from optout.rules.days import in_words

    for home in subject.residences[:-1]:
        if home.until:
            until = Text("{home}, until {day}", home=_home(home), day=in_words(home.until))
            yield Text("Lived before in"), until


def _home(home: Residence) -> str:
    """Return the two letters of the state, or the name of another country."""
    from optout.workflows.facts import country_name

    return home.state or country_name(home.country)


@noun.command("list", example="optout person list")
def list_people(*, json: Json = False) -> None:
    """List the people in the locked folder."""
    people = open_desk().vault.subjects.list()
    if json:
        emit([{"person": subject.label.reveal(), "acting": subject.acting} for subject in people])
        return
    table(
        (Text("Number"), Text("Person"), Text("Asked by"), Text("Lives in")),
        (
            (number, subject.label.reveal(), word(subject.acting), _lives_in(subject))
            for number, subject in enumerate(people, start=1)
        ),
    )


@noun.command(
    example="optout person edit --share address=never\noptout person edit --from card.json"
)
def edit(
    *,
    person: Name = "",
    source: From = None,
    share: Annotated[
        list[str] | None,
        typer.Option("--share", metavar="WHAT=WHO", help=_("Such as address=known, phone=never.")),
    ] = None,
) -> None:
    """Change who may get what, or replace the card; what was already given stays written down."""
    from optout.workflows.change_person import correct_with_person, share_with

    desk = open_desk()
    subject = the_subject(desk, person)
    if share:
        changed = share_with(desk, subject.id, _shares(subject, share))
    elif source:
        changed = _replaced_from(desk, subject, source)
    else:
        changed = correct_with_person(desk, subject)
    _show_card(as_here(desk, changed))
    if len(changed.residences) > len(subject.residences):
        show(_MOVED)


def _replaced_from(desk: Desk, subject: Subject, source: Path) -> Subject:
    from optout.workflows.change_person import keep_card
    from optout.workflows.keep_person import subject_from_card, today_of

    card = _read_card(source)
    today = today_of(card, desk.clock())
    answered = subject_from_card(card, today=today, subject_id=subject.id)
    return keep_card(desk, subject, answered, today=today)


def _shares(subject: Subject, wishes: list[str]) -> dict[IdentifierKind, Share]:
    kinds = {fact.kind.value for fact in subject.identifiers}
    shares: dict[IdentifierKind, Share] = {}
    for wish in wishes:
        kind, _equals, wanted = wish.partition("=")
        if kind not in kinds or wanted not in {each.value for each in Share}:
            raise WrongUsage(
                Text("{wish} is not understood.", wish=wish),
                known=Text("Nothing was changed."),
                hint=Text(
                    "Write one of {kinds}, then = and one of {shares}.",
                    kinds=", ".join(sorted(kinds)),
                    shares=", ".join(each.value for each in Share),
                ),
            )
        shares[IdentifierKind(kind)] = Share(wanted)
    return shares


@noun.command(example="optout person forget --person 2")
def forget(*, person: Name = "") -> None:
    """Erase a person and everything about their requests from the locked folder."""
    from optout.workflows.erase_file import check_is_no_offices

    desk = open_desk()
    subject = the_subject(desk, person)
    check_is_no_offices(desk, person or "NUMBER")
    if not desk.person.type_word(
        Text(
            "This erases {name}: facts, requests, letters, answers and proof. It cannot be undone.",
            name=subject.label.reveal(),
        ),
        Text("erase"),
    ):
        raise Refused(Text("Nothing was erased."))
    _forget(desk, subject)


def _forget(desk: Desk, subject: Subject) -> None:
    forgotten = desk.vault.subjects.forget(subject.id)
    show(Text("Erased from this folder."))
    for backup in forgotten.backups:
        show(backup.said())
    for export in forgotten.exports:
        show(Text("Still in this file: {path}", path=export.path.reveal()))
    show(Text("Paper, mails you sent and worn-out disks can still hold it."))


def _read_card(source: Path) -> dict[str, Any]:
    from optout.workflows.keep_person import SHORTEST_CARD

    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
        card = json_format.loads(text)
    except OSError as error:
        raise WrongUsage(
            Text("The card cannot be read: {why}", why=error.strerror or "unknown reason"),
            known=Text("Nothing was changed."),
            hint=Text("Check its name and place, and give it with: --from FILE"),
        ) from None
    except ValueError:
        card = None
    if not isinstance(card, dict):
        raise WrongUsage(
            Text("The card is not JSON."),
            known=Text("Nothing was changed."),
            hint=Text("The shortest card is: {card}", card=SHORTEST_CARD),
        )
    return card

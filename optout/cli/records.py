"""`optout records`: ask public bodies for contracts and logs, first without naming anybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.output import show
from optout.cli.session import session
from optout.i18n import _, entry
from optout.model.ports import Option
from optout.text import Text

if TYPE_CHECKING:
    from optout.model.broker import Broker
    from optout.workflows.records import Organization, Papers, Places

noun = Commands(_("Ask public bodies who gets their records, naming nobody."))

ORGANIZATION, OWN = "organization", "own"


@noun.command("list", example="optout records list\noptout records list --json")
def list_(*, json: Json = False) -> None:
    """List the public bodies that can be asked, for what, and under which act.

    No locked folder is needed, and nothing is written or sent.
    """
    from optout.catalog.brokers import list_brokers
    from optout.catalog.laws import list_laws
    from optout.rules.public_records import acts_for, states_of, topic_of
    from optout.workflows.records import ASKED, public_bodies

    laws = list_laws()
    bodies = public_bodies(list_brokers())
    if json:
        output.emit(
            [
                {
                    "body": body.slug,
                    "name": body.name,
                    "states": sorted(states_of(body)),
                    "asks": topic_of(body),
                    "laws": [act.id for act in acts_for(body, laws, own=False)],
                }
                for body in bodies
            ]
        )
        return
    for body in bodies:
        topic = topic_of(body)
        show(f"{entry(body.called())} ({body.slug})")
        if topic is not None:
            output.show_indented("  ", Text("Asks: {what}.", what=ASKED[topic]))
        for act in acts_for(body, laws, own=False):
            output.show_indented("  ", f"{act.name} ({act.citation})")
    show()
    show(
        Text(
            "An organization asks, and names nobody. That is the safe way, and it helps more "
            "people: {command}",
            command=f"optout records draft {bodies[0].slug}",
        )
    )
    show(Text("Only bodies of these states are in here so far: Colorado and Illinois."))
    show(Text("Nothing is ever written to DHS, ICE, CBP or USCIS."))


@noun.command(
    example="optout records draft cook-county-sheriff --to papers/request.pdf\n"
    'optout records draft co-sheriff --for-organization "Example Tenants Union" '
    '--office "Example County Sheriff\'s Office" --address "P.O. Box 100" '
    '--address "Denver, CO 80202" --to papers/request.pdf'
)
def draft(
    body: Annotated[
        str, typer.Argument(metavar="BODY", help=_("Its short name, as in: optout records list"))
    ],
    *,
    for_organization: Annotated[
        str,
        typer.Option(
            "--for-organization", metavar="NAME", help=_("The organization that asks. No person.")
        ),
    ] = "",
    office: Annotated[
        str, typer.Option("--office", metavar="NAME", help=_("The office, as its page names it."))
    ] = "",
    address: Annotated[
        list[str] | None,
        typer.Option("--address", metavar="LINE", help=_("A line of the organization's address.")),
    ] = None,
    email: Annotated[
        str, typer.Option("--email", metavar="ADDRESS", help=_("The organization's e-mail."))
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help=_("The PDF to write; a folder will do.")),
    ] = None,
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if several."))
    ] = "",
) -> None:
    """Write a letter that asks a public body for its records. Nothing is sent.

    First for an organization: contracts, feeds and logs, and no person's name in it. What you
    type is printed and kept nowhere. Your own record comes second, behind a warning.
    """
    from optout.catalog.brokers import find_broker
    from optout.workflows.records import find_body, is_one_of_many, places_for, the_office

    found = find_body(body, find_broker)
    places_for(to, "")  # a place that cannot be used is told before any question
    who = ORGANIZATION if for_organization else _who_asks(found)
    if not office and is_one_of_many(found):
        office = session().person().ask(Text("Which office is it? Its name, as on its own page"))
    the_office(office, found)
    if who == ORGANIZATION:
        _for_organization(
            found, _organization(for_organization, address, email), office, to, large=large_print
        )
    else:
        _for_oneself(found, person, office, to, large=large_print)


def _who_asks(body: Broker) -> str:
    """Offer the version that names nobody first; Enter takes it."""
    return (
        session()
        .person()
        .choose(
            Text("Who asks {body}?", body=body.called()),
            (
                Option(
                    key=ORGANIZATION,
                    text=Text("An organization. It names nobody: contracts, feeds and logs"),
                ),
                Option(key=OWN, text=Text("I ask for my own record, with my name and address")),
            ),
            default=ORGANIZATION,
        )
    )


def _organization(name: str, address: list[str] | None, email: str) -> Organization:
    from optout.workflows.records import Organization

    person = session().person()
    name = name or person.ask(Text("The organization's name (no person's)"))
    lines = tuple(address or ())
    if not (lines or email) and person.is_there():
        lines = (
            person.ask(Text("Its street or P.O. box")),
            person.ask(Text("Its city, state and ZIP code")),
        )
        email = person.ask(Text("Its e-mail (Enter for none)"))
    return Organization(name=name, lines=tuple(line for line in lines if line), email=email)


def _for_organization(
    body: Broker, organization: Organization, office: str, to: Path | None, *, large: bool
) -> None:
    from optout.catalog.laws import list_laws
    from optout.workflows.records import for_organization, write_papers

    now = session().clock()
    papers = for_organization(
        body, organization, list_laws(), office=office, now=now, large_print=large
    )
    _say(papers, write_papers(papers, to))
    show(
        Text(
            "The only name in it is the one you typed for the organization. If that is a person's, "
            "do not send it. Nothing of it is kept here."
        )
    )


def _for_oneself(body: Broker, who: str, office: str, to: Path | None, *, large: bool) -> None:
    from optout.cli.desk import open_desk
    from optout.workflows.desk import the_subject
    from optout.workflows.records import for_oneself, write_listed_papers

    desk = open_desk()
    subject = the_subject(desk, who)
    papers = for_oneself(desk, subject, body, office=office, large_print=large)
    _say(papers, write_listed_papers(desk, papers, to))
    show(Text("Both files are in the list of: optout exports"))


def _say(papers: Papers, places: Places) -> None:
    from optout.workflows.records import is_copied_elsewhere

    show(Text("Written: {path}", path=places.letter))
    show(Text("Read this one first, it stays with you: {path}", path=places.sheet))
    if is_copied_elsewhere(places.letter.parent):
        show(Text("This folder is copied to the cloud by another program."))
    show(
        Text(
            "No address is printed: write it by hand. Nothing was sent. Reference: {reference}",
            reference=papers.reference,
        )
    )

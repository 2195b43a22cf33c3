"""`optout request`: ask a company that is not in the catalog."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import show
from optout.i18n import _
from optout.model.words import Right
from optout.text import Text

app = Commands()


@app.command(
    example="optout request\n"
    "optout request --to privacy@example.com --company ACME --right delete\n"
    'optout request --to "Acme Data LLC, 100 Example Street, Denver, CO 80202"\n'
    "optout request --to https://example.com/privacy --find-by name"
)
def request(
    *,
    to: Annotated[
        str,
        typer.Option("--to", metavar="WHERE", help=_("Their e-mail, postal address or web page.")),
    ] = "",
    company: Annotated[
        str, typer.Option("--company", metavar="NAME", help=_("What the company is called."))
    ] = "",
    right: Annotated[
        list[Right] | None, typer.Option("--right", metavar="RIGHT", help=_("What you ask of it."))
    ] = None,
    find_by: Annotated[
        list[str] | None,
        typer.Option(
            "--find-by",
            metavar="WHAT",
            help=_("What it has of you: name, city, address, phone, birth-date."),
        ),
    ] = None,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if several."))
    ] = "",
) -> None:
    """Ask a company that is not in the catalog: by mail, by letter, or on its page by hand.

    Public bodies are refused. Nothing is sent: you look at it before it goes, with: optout file
    Whom you ask is kept in the locked folder only. Leave --to out, and you are asked for it: then
    it stands in no list of typed commands.
    """
    from optout.workflows.desk import the_subject
    from optout.workflows.request_to import ToAsk, request_with_person

    desk = open_desk()
    wanted = ToAsk(
        to=to,
        company=company,
        rights=tuple(right or ()),
        find_by=None if find_by is None else tuple(find_by),
    )
    messages = request_with_person(desk, the_subject(desk, person), wanted)
    for message in messages:
        show(
            Text(
                "New on your list: {r}. Nothing was sent. Look at it: optout file {r}",
                r=message.reference,
            )
        )

"""`optout letter`: read it, print it, say that you posted it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.file import show_filed
from optout.cli.output import emit, show
from optout.i18n import _
from optout.model.words import Right
from optout.rules.days import in_words
from optout.text import Text

noun = Commands(_("Read, print and post a letter."))
Ref = Annotated[str, typer.Argument(metavar="REF", help=_("A reference, from: optout status"))]


@noun.command("show", example="optout letter show K7F3-Q2MX")
def show_letter(reference: Ref, *, json: Json = False) -> None:
    """Show the text of a letter or mail, as it would be or as it was sent."""
    from optout.workflows.send_paper import letter_texts

    text, copy = letter_texts(open_desk(), reference)
    if json:
        emit({"reference": reference, "text": text, "copy": copy})
    else:
        show(text)
        if copy:
            show(copy)


@noun.command("pdf", example="optout letter pdf K7F3-Q2MX --to ~/Documents --large-print")
def pdf(
    reference: Ref,
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where to write it."))
    ] = None,
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
) -> None:
    """Show what the letter gives away, ask, and write it as a PDF for you to post."""
    from optout.workflows.desk import open_errand
    from optout.workflows.send_paper import check_goes_by_post, hand_over_paper

    desk = open_desk(to=to)
    errand = open_errand(desk, reference)
    check_goes_by_post(errand)
    show_filed(hand_over_paper(desk, errand, large_print=large_print))


@noun.command("post", example="optout letter post K7F3-Q2MX --on 2026-11-03 --tracking 9400-0000")
def post(
    reference: Ref,
    *,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", help=_("The day you sent it."))
    ] = None,
    tracking: Annotated[
        str, typer.Option("--tracking", metavar="NUMBER", help=_("The tracking number, if any."))
    ] = "",
    not_sent: Annotated[
        bool, typer.Option("--not-sent", help=_("You did not send it after all."))
    ] = False,
) -> None:
    """Write down that you posted the letter, sent the mail, filled the page or made the call."""
    from optout.workflows.send_paper import mark_sent, take_back

    desk = open_desk()
    filed = (
        take_back(desk, reference)
        if not_sent
        else mark_sent(desk, reference, on=on, tracking=tracking)
    )
    show_filed(filed)
    if not not_sent:
        if filed.message.posted_on:
            show(Text("Written down: it left on {day}.", day=in_words(filed.message.posted_on)))
        show(Text("Sent does not mean that it arrived. We count days from when they have it."))


@noun.command(
    "authorize",
    example='optout letter authorize --agent "Example Privacy Help" --right opt-out '
    "--company thomson-reuters-clear --until 2027-05-31",
)
def authorize_agent(
    *,
    agent: Annotated[str, typer.Option("--agent", metavar="NAME", help=_("Who may ask for you."))],
    agent_address: Annotated[
        list[str] | None,
        typer.Option("--agent-address", metavar="LINE", help=_("A line of the agent's address.")),
    ] = None,
    right: Annotated[
        list[Right],
        typer.Option("--right", metavar="RIGHT", help=_("What the agent may ask for.")),
    ],
    company: Annotated[
        list[str],
        typer.Option("--company", metavar="COMPANY", help=_("Which company the agent may ask.")),
    ],
    until: Annotated[
        date, typer.Option("--until", metavar="DATE", help=_("The last day: two years at most."))
    ],
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
    """Write a letter that lets somebody ask for you, for you to sign by hand. Nothing is sent.

    In your own name you need none. What you type about the agent is printed and kept nowhere.
    """
    from optout.workflows.authorize import Agent, authorize
    from optout.workflows.desk import the_subject
    from optout.workflows.records import places_for, write_listed_papers

    places_for(to, "")  # a place that cannot be used is told before any question
    desk = open_desk()
    papers = authorize(
        desk,
        the_subject(desk, person),
        Agent(name=agent, lines=tuple(agent_address or ())),
        rights=right,
        companies=company,
        until=until,
        large_print=large_print,
    )
    places = write_listed_papers(desk, papers, to)
    show(Text("Written: {path}", path=places.letter))
    show(Text("Read this one first, it stays with you: {path}", path=places.sheet))
    show(Text("Nothing was sent, and nothing is signed. Both files are in: optout exports"))

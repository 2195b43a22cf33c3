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
from optout.rules.days import in_words
from optout.text import Text

noun = Commands(_("Read, print and post a letter."))
Ref = Annotated[str, typer.Argument(metavar="REF", help=_("A reference, from: optout status"))]


@noun.command("show", example="optout letter show K7F3-Q2MX")
def show_letter(reference: Ref, *, json: Json = False) -> None:
    """Show the text of a letter or mail, as it would be or as it was sent."""
    from optout.workflows.send_paper import letter_text

    text = letter_text(open_desk(), reference)
    if json:
        emit({"reference": reference, "text": text})
    else:
        show(text)


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

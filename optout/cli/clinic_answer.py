"""`optout clinic answer`: a letter to the client about what came back."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.clinic_papers import Language, shelf_here, tell_of_words, tell_written
from optout.cli.clinic_plan import To
from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import show
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(example="optout clinic answer K7F3-Q2MX --lang es --to ~/Documents")
def answer(
    reference: Annotated[
        str, typer.Argument(metavar="REF", help=_("The reference of what was asked."))
    ],
    *,
    lang: Language = "en",
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
    to: To = None,
) -> None:
    """Write a letter to the client: what we did, what came back, what they do now.

    It names no office, and it is about this one letter only. Its words are those of the paper
    "answer", which your office can change: optout clinic papers edit answer
    """
    from optout.workflows.tell_client import write_answer_letter

    desk = open_desk(to=to)
    theirs, path = write_answer_letter(desk, reference, shelf_here(), lang, large_print=large_print)
    show(Text("{client}", client=theirs.client.name))
    tell_written(theirs.papers, (path,))
    tell_of_words([made.drafted.wording for made in theirs.papers])
    show(Text("Mail it only if the client said that mail is safe. Else hand it over."))

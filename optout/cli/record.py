"""`optout record`, `confirm` and `reconcile`: what came back, and whether it arrived."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.file import show_filed
from optout.cli.output import emit, facts
from optout.i18n import _
from optout.model.record import Answer
from optout.text import Text
from optout.words import word

app = Commands()
Ref = Annotated[str, typer.Argument(metavar="REF", help=_("A reference, from: optout status"))]


@app.command(
    example="optout record K7F3-Q2MX acknowledged --on 2026-11-10\n"
    'optout record K7F3-Q2MX denied --exemption "GLBA" --attach answer.pdf'
)
def record(
    reference: Ref,
    answer: Annotated[Answer, typer.Argument(metavar="ANSWER", help=_("What they said."))],
    *,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", help=_("The day it reached you."))
    ] = None,
    exemption: Annotated[
        str, typer.Option("--exemption", metavar="WORDS", help=_("The exception they name."))
    ] = "",
    attach: Annotated[
        Path | None, typer.Option("--attach", metavar="FILE", help=_("Their letter or mail."))
    ] = None,
    ask_note: Annotated[
        bool, typer.Option("--note", help=_("Ask for a note; it can be erased later."))
    ] = False,
    json: Json = False,
) -> None:
    """Write down what a company answered; the dates that it moves are moved.

    An attached file is copied into the locked folder. The file you gave stays where it is.
    """
    from optout.workflows.record_answer import record_answer

    desk = open_desk()
    note = desk.person.ask(Text("Your note")) if ask_note else ""
    recorded = record_answer(
        desk, reference, answer, on=on, exemption=exemption, note=note, attachment=attach
    )
    if json:
        emit(
            {
                "reference": recorded.request.reference,
                "status": recorded.request.status,
                "reason": recorded.request.reason,
                "deadlines": recorded.deadlines,
            }
        )
        return
    facts(
        (
            (Text("Request"), recorded.request.reference),
            (Text("Their answer"), word(recorded.request.status)),
            *(
                (word(deadline.kind), f"{deadline.due_on.isoformat()} ({deadline.basis})")
                for deadline in recorded.deadlines
            ),
            (Text("Next"), Text("See what you can do: optout next")),
        )
    )


@app.command(
    example="optout confirm K7F3-Q2MX\noptout confirm K7F3-Q2MX < mail.txt\n"
    "optout confirm K7F3-Q2MX --by-code"
)
def confirm(
    reference: Ref,
    *,
    code: Annotated[
        bool, typer.Option("--by-code", help=_("They sent a code, not a link: it is asked for."))
    ] = False,
) -> None:
    """Open the link that a company mailed you, inside the fence, and finish its form.

    Paste the link, or give the whole mail as a file. Links that lead anywhere else are not opened.
    """
    from optout.workflows.confirm import confirm_by_code, confirm_by_mail

    desk = open_desk()
    if code:
        filed = confirm_by_code(desk, reference)
        show_filed(filed)
        raise typer.Exit(filed.exit_code)
    if sys.stdin.isatty():
        pasted = desk.person.ask(Text("Paste the link from the mail"))
    else:
        pasted = sys.stdin.read()
        _turn_to_keyboard()
    filed = confirm_by_mail(desk, reference, pasted)
    show_filed(filed)
    raise typer.Exit(filed.exit_code)


def _turn_to_keyboard() -> None:
    """Take the answers from the keyboard again, once a mail was read from a file."""
    with suppress(OSError):  # without one, the next question says that nobody is there
        sys.stdin = Path("/dev/tty").open(encoding="utf-8")  # noqa: SIM115 - open to the end


@app.command(example="optout reconcile K7F3-Q2MX")
def reconcile(reference: Ref) -> None:
    """Say whether a request arrived whose end nobody saw. Nothing is sent again by itself."""
    from optout.workflows.reconcile import reconcile as settle

    show_filed(settle(open_desk(), reference))

"""`optout record`, `confirm` and `reconcile`: what came back, and whether it arrived."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.file import show_filed
from optout.cli.output import emit, facts
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.ports import Option
from optout.model.record import Answer, Wanted
from optout.model.request import StatusReason
from optout.model.words import Right
from optout.text import Text
from optout.words import word

if TYPE_CHECKING:
    from optout.workflows.desk import Desk
    from optout.workflows.record_answer import Recorded

app = Commands()


class Because(StrEnum):
    """Why a company says no, in so far as the next step hangs on it."""

    NO_MATCH = StatusReason.NO_MATCH.value
    INSUF_VERIFICATION = StatusReason.INSUF_VERIFICATION.value
    CLAIM_NOT_COVERED = StatusReason.CLAIM_NOT_COVERED.value
    OUTSIDE_JURISDICTION = StatusReason.OUTSIDE_JURISDICTION.value
    TOO_MANY_REQUESTS = StatusReason.TOO_MANY_REQUESTS.value
    SUSPECTED_FRAUD = StatusReason.SUSPECTED_FRAUD.value


Ref = Annotated[str, typer.Argument(metavar="REF", help=_("A reference, from: optout status"))]


@app.command(
    example="optout record K7F3-Q2MX acknowledged --on 2026-11-10\n"
    'optout record K7F3-Q2MX denied --right delete --exemption "GLBA" --attach answer.pdf\n'
    "optout record K7F3-Q2MX fulfilled --right opt-out --right delete --on 2026-12-09\n"
    "optout record K7F3-Q2MX denied --because no_match\n"
    "optout record K7F3-Q2MX needs-more --wants id-copy"
)
def record(
    reference: Ref,
    answer: Annotated[Answer, typer.Argument(metavar="ANSWER", help=_("What they said."))],
    *,
    rights: Annotated[
        list[Right] | None,
        typer.Option(
            "--right",
            metavar="RIGHT",
            help=_("Which, if the letter asks for several; can be given several times."),
        ),
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", help=_("The day it reached you."))
    ] = None,
    exemption: Annotated[
        str, typer.Option("--exemption", metavar="WORDS", help=_("The exception they name."))
    ] = "",
    wants: Annotated[
        Wanted | None,
        typer.Option("--wants", metavar="WHAT", help=_("What they want from you first.")),
    ] = None,
    because: Annotated[
        Because | None,
        typer.Option("--because", metavar="WHY", help=_("Why they refuse, if they say so.")),
    ] = None,
    attach: Annotated[
        Path | None, typer.Option("--attach", metavar="FILE", help=_("Their letter or mail."))
    ] = None,
    client: Annotated[
        str,
        typer.Option(
            "--client",
            metavar="NUMBER",
            help=_("In an office: whose it is; then nothing is asked."),
        ),
    ] = "",
    ask_note: Annotated[
        bool, typer.Option("--note", help=_("Ask for a note; it can be erased later."))
    ] = False,
    json: Json = False,
) -> None:
    """Write down what a company answered; the dates that it moves are moved.

    An attached file is copied into the locked folder. The file you gave stays where it is. In an
    office it first says whose request it is, and asks: one wrong letter is another client's.
    """
    from optout.workflows.record_answer import record_answers
    from optout.workflows.tell_recorded import told
    from optout.workflows.whose_answer import check_whose

    if wants and answer is not Answer.NEEDS_MORE:
        raise WrongUsage(
            Text("--wants goes with the answer needs-more only."),
            known=Text("Nothing was changed."),
            hint=Text("If they want something from you: optout record {r} needs-more", r=reference),
        )
    if because and answer not in {Answer.DENIED, Answer.APPEAL_DENIED}:
        raise WrongUsage(
            Text("--because goes with a refusal only."),
            known=Text("Nothing was changed."),
            hint=Text("If they said no: optout record {r} denied", r=reference),
        )
    desk = open_desk()
    check_whose(desk, reference, client)
    if answer is Answer.NEEDS_MORE:
        exemption = wants or exemption or _ask_wanted(desk)
    note = desk.person.ask(Text("Your note")) if ask_note else ""
    recorded = record_answers(
        desk,
        reference,
        answer,
        tuple(dict.fromkeys(rights or (None,))),
        on=on,
        exemption=exemption,
        note=note,
        attachment=attach,
        reason=StatusReason(because.value) if because else None,
    )
    if json:
        emit(_as_json(recorded[0]) if len(recorded) == 1 else [*map(_as_json, recorded)])
        return
    for each in recorded:
        facts(told(each))


def _ask_wanted(desk: Desk) -> str:
    """Ask what they want, where somebody can answer: the advice hangs on it."""
    if not session().person().is_there():
        return ""
    options = [Option(key=each.value, text=word(each)) for each in Wanted]
    return desk.person.choose(Text("What do they want from you?"), options)


def _as_json(recorded: Recorded) -> dict[str, object]:
    return {
        "reference": recorded.reference,
        "request": recorded.request.reference,
        "right": recorded.request.right,
        "status": recorded.request.status,
        "reason": recorded.request.reason,
        "wants": recorded.correspondence.wanted,
        "deadlines": recorded.deadlines,
        "instead": [each.reference for each in recorded.instead],
        "arrived_after_all": recorded.after_all,
    }


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
    """Do what a company's mail asks: open its link inside the fence, type its code, or answer it.

    Paste the link, or give the whole mail as a file. Links that lead anywhere else are not opened,
    and a mail whose answer would go to somebody else is not answered.
    """
    from optout.workflows.confirm import (
        Awaited,
        awaited,
        confirm_by_code,
        confirm_by_mail,
        confirm_by_reply,
        confirm_with_person,
    )

    desk = open_desk()
    if code:
        filed = confirm_by_code(desk, reference)
    elif sys.stdin.isatty():
        filed = confirm_with_person(desk, reference)
    else:
        pasted = sys.stdin.read()
        _turn_to_keyboard()
        by_reply = awaited(desk, reference) is Awaited.REPLY
        filed = (confirm_by_reply if by_reply else confirm_by_mail)(desk, reference, pasted)
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

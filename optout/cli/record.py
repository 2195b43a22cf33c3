"""`optout record`, `confirm` and `reconcile`: what came back, and whether it arrived."""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
from optout.due_words import said_basis
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.ports import Option
from optout.model.record import Answer, Wanted
from optout.model.request import StatusReason
from optout.model.words import By, Right
from optout.rules.days import in_words, written
from optout.rules.wanted import NEVER_SEND
from optout.text import Text
from optout.words import said_by_company, word

if TYPE_CHECKING:
    from optout.workflows.desk import Desk
    from optout.workflows.record_answer import Recorded

app = Commands()
AFTER_RETURN = Text("They never got it, so no date runs any more.")
AFTER_BOUNCE = Text(
    "It may not have been read, so no date runs any more. What was in it counts as given: their "
    "server may have had it."
)


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
    "optout record K7F3-Q2MX denied --because no_match\n"
    "optout record K7F3-Q2MX needs-more --wants id-copy"
)
def record(
    reference: Ref,
    answer: Annotated[Answer, typer.Argument(metavar="ANSWER", help=_("What they said."))],
    *,
    right: Annotated[
        Right | None,
        typer.Option("--right", metavar="RIGHT", help=_("Which, if the letter asks for several.")),
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
    ask_note: Annotated[
        bool, typer.Option("--note", help=_("Ask for a note; it can be erased later."))
    ] = False,
    json: Json = False,
) -> None:
    """Write down what a company answered; the dates that it moves are moved.

    An attached file is copied into the locked folder. The file you gave stays where it is.
    """
    from optout.workflows.record_answer import record_answer

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
    if answer is Answer.NEEDS_MORE:
        exemption = wants or exemption or _ask_wanted(desk)
    note = desk.person.ask(Text("Your note")) if ask_note else ""
    recorded = record_answer(
        desk,
        reference,
        answer,
        right=right,
        on=on,
        exemption=exemption,
        note=note,
        attachment=attach,
        reason=StatusReason(because.value) if because else None,
    )
    if json:
        emit(_as_json(recorded))
    else:
        _show(recorded)


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


def _show(recorded: Recorded) -> None:
    request, entry = recorded.request, recorded.correspondence
    waits = entry.answer is Answer.NEEDS_MORE
    facts(
        (
            (Text("Request"), Text("{r} ({what})", r=recorded.reference, what=word(request.right)))
            if not recorded.instead
            else (Text("Request"), recorded.reference),
            (Text("Company"), recorded.company),
            (Text("It came on"), in_words(entry.received_on)),
            (Text("Their answer"), said_by_company(request.status, request.reason)),
            (Text("They want"), word(entry.wanted) if entry.wanted else None),
            (Text("Never send them"), NEVER_SEND if waits else None),
            *((Text("Think of this"), each) for each in recorded.advice),
            *(
                (
                    word(deadline.kind),
                    Text(
                        "{day} ({basis})",
                        day=written(deadline.due_on),
                        basis=said_basis(deadline.basis),
                    ),
                )
                for deadline in recorded.deadlines
            ),
            *_after_return(recorded),
            *_after_all(recorded),
            *_needless(recorded),
            (Text("Next"), recorded.next_step()),
        )
    )


def _after_return(recorded: Recorded) -> Iterator[tuple[Text, Text]]:
    """Yield that no date runs any more, and how it can go instead."""
    if recorded.returned is None:
        return
    yield Text("Dates"), AFTER_BOUNCE if recorded.returned is By.EMAIL else AFTER_RETURN
    for message in recorded.instead:
        again = Text("by {by} again, to an address that you looked up first: optout file {r}")
        other = Text("by {by}: optout file {r}")
        text = again if message.by is recorded.returned else other
        yield Text("Instead"), Text(text.template, by=word(message.by), r=message.reference)


def _needless(recorded: Recorded) -> Iterator[tuple[Text, Text]]:
    """Yield which letters after the request nobody needs any more."""
    for reference in recorded.off_the_list:
        yield Text("Not needed"), Text("{r} is off the list.", r=reference)
    for reference in recorded.not_needed:
        yield Text("Not needed"), Text("{r}: throw it away, do not send it.", r=reference)


def _after_all(recorded: Recorded) -> Iterator[tuple[Text, Text]]:
    """Yield that it arrived, and what becomes of what was to go in its place."""
    found = recorded.after_all
    if found is None:
        return
    yield Text("Dates"), Text("It arrived after all, so the dates of before count again.")
    for reference in found.off_the_list:
        yield Text("Not needed"), Text("{r} is off the list.", r=reference)
    for reference in found.not_needed:
        yield Text("Not needed"), Text("{r}: throw it away, do not send it.", r=reference)
    for reference in found.in_hand:
        yield Text("In your hands"), Text("{r}: they have all of it already.", r=reference)
    for reference in found.sent_too:
        yield Text("Sent too"), Text("{r}: they may answer twice.", r=reference)


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

"""`optout file`: look at a request, say yes to every value, and send it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, facts, show
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.cli.worst import worst_exit
from optout.errors import NeedsPerson, OptoutError, OutcomeUnknown, Refused, WrongUsage
from optout.i18n import _
from optout.text import Text, as_written
from optout.words import word, words
from optout.workflows.desk import Desk
from optout.workflows.filed import Filed

if TYPE_CHECKING:
    from optout.workflows.rehearse import Rehearsed

app = Commands()


@app.command(example="optout file K7F3-Q2MX\noptout file --next 3\noptout file K7F3-Q2MX --dry-run")
def file(
    references: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]...", help=_("References, from: optout status")),
    ] = None,
    *,
    next_: Annotated[
        int, typer.Option("--next", metavar="N", help=_("Take the next N that wait."))
    ] = 0,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=_("Try it on the example page; nothing leaves.")),
    ] = False,
    approve: Annotated[
        str,
        typer.Option("--approve", metavar="DIGEST", help=_("Send exactly what --dry-run showed.")),
    ] = "",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where papers are written."))
    ] = None,
    json: Json = False,
) -> None:
    """Show every value that would leave, ask, and send it at most once.

    Web forms are filled in a browser that can reach the company's own pages only. Letters and
    mails are written for you to send. Nothing is ever sent twice without your decision.
    """
    desk = open_desk(to=to)
    chosen = tuple(references or ()) or _next(desk, next_)
    if approve and len(chosen) != 1:
        raise WrongUsage(
            Text("--approve goes with one reference."), known=Text("Nothing was sent.")
        )
    if dry_run:
        raise typer.Exit(worst_exit(_rehearse_all(desk, chosen, as_json=json)))
    from optout.workflows.file_message import file_message

    def file_one(reference: str) -> Filed:
        return file_message(desk, reference, digest=approve)

    raise typer.Exit(worst_exit(file_all(desk, chosen, file_one, as_json=json)))


def _next(desk: Desk, count: int) -> tuple[str, ...]:
    from optout.workflows.file_message import next_to_file

    chosen = next_to_file(desk, max(count, 1))
    if not chosen:
        raise WrongUsage(
            Text("Nothing waits to be sent."), hint=Text("Make a plan with: optout plan")
        )
    return chosen


def file_all(
    desk: Desk,
    references: Sequence[str],
    file_one: Callable[[str], Filed],
    *,
    as_json: bool = False,
) -> Iterator[int]:
    """File one after the other: an error ends only its own, Ctrl-C ends them all."""
    from optout.cli.main import report

    done = []
    for reference in references:
        try:
            filed = file_one(reference)
        except OptoutError as error:
            yield report(_with_doubt(desk, reference, error))
            continue
        except KeyboardInterrupt:
            yield report(_with_doubt(desk, reference, _stopped()))
            break
        if as_json:
            done.append(_as_json(filed))
        else:
            show_filed(filed)
        yield filed.exit_code
        if filed.stopped:
            break
    if as_json:
        emit(done)


def _with_doubt(desk: Desk, reference: str, error: OptoutError) -> OptoutError:
    """Say that it may have left, whatever went wrong, where the folder says so."""
    from optout.model.request import Delivery
    from optout.workflows.desk import find_message, known_as

    try:
        message = find_message(desk, reference)
    except OptoutError:
        return error
    if message.delivery is not Delivery.UNKNOWN or isinstance(error, (NeedsPerson, OutcomeUnknown)):
        return error
    known = known_as(desk.vault, message)
    return OutcomeUnknown(
        error.what,
        known=Text("We do not know whether {r} arrived.", r=known),
        hint=Text("Look for a confirmation, then: optout reconcile {r}", r=known),
    )


def _stopped() -> Refused:
    known = Text("Nothing more was sent.")
    return Refused(Text("Stopped."), known=known, hint=Text("See: optout status"))


def show_filed(filed: Filed) -> None:
    """Say where one message stands now, and what comes next."""
    message = filed.message
    facts(
        (
            (Text("Request"), filed.errand.reference),
            (Text("Company"), filed.errand.broker.called()),
            (Text("Sending"), word(message.delivery)),
            (Text("Why"), filed.why),
            (Text("Where it stopped"), filed.step),
            (Text("They may have seen"), ", ".join(map(sentence, words(filed.seen)))),
            (Text("Their number"), message.broker_reference),
            (Text("File for you"), filed.paper),
            (Text("To read in your language"), filed.copy),
            (Text("Print it and put it in, too"), filed.enclosed),
            (Text("Keep for yourself"), filed.sheet),
            (Text("Next"), filed.next_step()),
        )
    )
    show()


def _as_json(filed: Filed) -> dict[str, object]:
    return {
        "reference": filed.errand.reference,
        "message": filed.message.reference,
        "broker": filed.errand.broker.slug,
        "delivery": filed.message.delivery,
        "why": filed.why,
        "step": filed.step,
        "broker_reference": filed.message.broker_reference,
        "paper": filed.paper,
        "sheet": filed.sheet,
        "enclosed": filed.enclosed,
        "copy": filed.copy,
        "evidence": filed.evidence_ids,
    }


def _rehearse_all(desk: Desk, references: tuple[str, ...], *, as_json: bool) -> list[int]:
    from optout.workflows.rehearse import rehearse

    rehearsed = [rehearse(desk, reference) for reference in references]
    if as_json:
        emit([each.as_json() for each in rehearsed])
    else:
        for each in rehearsed:
            _show_rehearsed(each)
    return [each.exit_code for each in rehearsed]


def _show_rehearsed(rehearsed: Rehearsed) -> None:
    session().person().show_sheet(rehearsed.prepared.sheet)
    facts(
        (
            (Text("Rehearsal"), rehearsed.said()),
            (Text("Left empty on purpose"), ", ".join(rehearsed.left_empty())),
            (Text("If the real page insists"), rehearsed.if_it_insists()),
            *(
                (Text("On the real page you do this yourself"), as_written(say))
                for say in rehearsed.for_you()
            ),
            (Text("Picture of the page"), rehearsed.picture),
        )
    )
    show(Text("To send exactly this (copy the whole line):"))
    show(rehearsed.command())  # never wrapped: a line that breaks cannot be copied

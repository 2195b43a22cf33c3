"""`optout status`, `next` and `due`: where everything stands, what to do now, what is due."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show, show_indented, table
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.due_words import said_basis
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Counted, Text
from optout.words import said_by_company, word, words
from optout.workflows.desk import Desk, as_reference
from optout.workflows.leave_request import leave_request
from optout.workflows.standing import (
    Due,
    Standing,
    ToDo,
    dues,
    settle_tasks,
    standings,
    to_do,
)
from optout.workflows.whose_answer import names_here

if TYPE_CHECKING:
    from optout.model.subject import SubjectId
    from optout.workflows.mended_laws import Mended

app = Commands()
NO_REQUESTS = Text("No requests yet. Make a plan with: optout plan")
_NONE_FOR_CLIENTS = Text("No requests yet. Make a plan with: optout clinic plan")


@app.command(example="optout status\noptout status K7F3-Q2MX\noptout status --json")
def status(
    reference: Annotated[
        str, typer.Argument(metavar="REF", help=_("Only this one: what happened, day by day."))
    ] = "",
    *,
    json: Json = False,
) -> None:
    """Show every request: was it sent, what did they answer, what did they get, what is next."""
    if reference:
        _show_days(open_desk(), reference, json=json)
        return
    desk = open_desk()
    found, names = standings(desk), names_here(desk)
    if json:
        emit([standing_as_json(each, names) for each in found])
        return
    if not found:
        _show_none(desk)
        return
    show_standings(found, names)
    for each in found:
        if each.step:
            show_indented("- ", Text("{r}: {step}", r=each.reference, step=each.step.said()))


def _show_none(desk: Desk) -> None:
    """Say how a plan is made: in an office, for its clients."""
    from optout.workflows.clinic import clinic_of

    show(NO_REQUESTS if clinic_of(desk.vault) is None else _NONE_FOR_CLIENTS)


def _show_days(desk: Desk, reference: str, *, json: bool) -> None:
    """Print what happened to one request and what is due, oldest first."""
    from optout.workflows.timeline import timeline

    line = timeline(desk, reference)
    if json:
        emit(line)
        return
    show(line.company)
    for each in line.moments:
        end = Text("late") if each.late else Text("settled") if each.over else None
        said = Text("{said} ({end})", said=each.said, end=end) if end else each.said
        show_indented(f"{each.on}  ", said)
    if any(each.proofs for each in line.moments):
        show(Text("To see the proof: optout report --proof {r}", r=as_reference(reference)))


def show_standings(
    found: tuple[Standing, ...], names: Mapping[SubjectId, str] | None = None
) -> None:
    """Print the status table: four tracks, never squeezed into one word; of several, whose."""
    table(
        (
            Text("Reference"),
            *((Text("Client"),) if names else ()),
            Text("Company"),
            Text("Asked"),
            Text("By"),
            Text("Sending"),
            Text("Their answer"),
            Text("They got"),
            Text("Proof"),
            Text("Next date"),
        ),
        (
            (
                each.reference,
                *((names[each.request.subject_id],) if names else ()),
                each.company,
                word(each.request.right),
                word(each.by),
                word(each.message.delivery),
                said_by_company(each.request.status, each.request.reason),
                ", ".join(map(sentence, words(each.disclosed))),
                each.evidence,
                each.next_date.due_on if each.next_date else None,
            )
            for each in found
        ),
    )


def standing_as_json(
    each: Standing, names: Mapping[SubjectId, str] | None = None
) -> dict[str, object]:
    """Return one row with stable keys."""
    return {
        "reference": each.reference,
        **({"client": names[each.request.subject_id]} if names else {}),
        "request": each.request.reference,
        "message": each.message.reference,
        "broker": each.request.broker,
        "company": each.company,
        "right": each.request.right,
        "law": each.request.law,
        "by": each.by,
        "delivery": each.message.delivery,
        "seen_by_broker": each.message.seen_by_broker,
        "broker_reference": each.message.broker_reference,
        "status": each.request.status,
        "reason": each.request.reason,
        "disclosed": each.disclosed,
        "evidence": each.evidence,
        "next_date": each.next_date,
        "next_step": each.step.rung.purpose if each.step else None,
        "next_step_why": each.step.said() if each.step else None,
    }


@app.command(
    "next",
    example="optout next\noptout next --json\noptout next --done K7F3-Q2MX\n"
    "optout next --leave K7F3-Q2MX",
)
def next_(
    *,
    done: Annotated[
        str, typer.Option("--done", metavar="REF", help=_("You have read or decided this one."))
    ] = "",
    leave: Annotated[
        str, typer.Option("--leave", metavar="REF", help=_("Take off the list what was not sent."))
    ] = "",
    json: Json = False,
) -> None:
    """Show what only you can do now, and how many minutes each takes."""
    desk = open_desk()
    if done:
        settle_tasks(desk, done)
    if leave:
        left = leave_request(desk, leave)
        if not json:
            show(Text("{r} is off your list. Nothing was sent.", r=left.reference))
    found, names = to_do(desk), names_here(desk)
    if json:
        emit([_to_do_as_json(each, names) for each in found])
        return
    if not found:
        _show_nothing_to_do(desk)
        return
    table(
        (
            *((Text("Client"),) if names else ()),
            *(Text("Do"), Text("Asked"), Text("Minutes"), Text("Until")),
        ),
        (
            (
                *((names[each.subject_id],) if names else ()),
                each.what,
                ", ".join(map(sentence, words(each.asked))),
                each.minutes,
                each.until,
            )
            for each in found
        ),
    )
    show(
        Counted(
            "Together about one minute.",
            "Together about {count} minutes.",
            count=sum(each.minutes for each in found),
        )
    )


def _show_nothing_to_do(desk: Desk) -> None:
    if standings(desk):
        show(Text("Nothing to do now. See who must answer with: optout due"))
    else:
        _show_none(desk)


def _to_do_as_json(each: ToDo, names: Mapping[SubjectId, str]) -> dict[str, object]:
    return {
        **({"client": names[each.subject_id]} if names else {}),
        "do": each.what,
        "reference": each.reference,
        "asked": each.asked,
        "minutes": each.minutes,
        "until": each.not_after,
    }


@app.command(
    example="optout due\noptout due --days 30 --json\noptout due --ics dates.ics\n"
    "optout due --decide"
)
def due(
    *,
    days: Annotated[
        int, typer.Option("--days", metavar="N", help=_("Look this many days ahead."))
    ] = 400,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FILE", help=_("Write the dates for a calendar program.")),
    ] = None,
    decide: Annotated[
        bool, typer.Option("--decide", help=_("A law was mended: ask which dates count."))
    ] = False,
    json: Json = False,
) -> None:
    """Show who must answer until when, and the legal basis of each date.

    Nothing is called late before the grace days are over. In a calendar file an entry says only
    "Look at" and the reference: no company, no name. Where a law's file was mended, both dates are
    shown, and the one that you have counts until you say otherwise.
    """
    if ics and json:
        raise WrongUsage(
            Text("--ics writes a file, and --json prints: only one of them goes."),
            known=Text("Nothing was written."),
        )
    desk = open_desk(to=ics.parent if ics else None)
    from optout.cli.mended import show_mended_beside

    mended = _mended(desk, ask=not (json or ics), decide=decide)
    found, names = dues(desk, within_days=days), names_here(desk)
    if ics and found:
        _write_calendar(desk, found, ics.name)
        return
    if json:
        emit(
            [
                _due_as_json(each, mended, client=names.get(each.request.subject_id, ""))
                for each in found
            ]
        )
        show_mended_beside(mended)
        return
    if not found:
        show(Text("No dates yet. They begin when a request was sent."))
        return
    table(
        (
            Text("Date"),
            *((Text("Client"),) if names else ()),
            Text("What"),
            Text("Company"),
            Text("Reference"),
            Text("Asked"),
            Text("Basis"),
            Text("Late?"),
        ),
        (
            (
                each.deadline.due_on,
                *((names[each.request.subject_id],) if names else ()),
                word(each.deadline.kind),
                each.company,
                each.reference,
                word(each.request.right),
                said_basis(each.deadline.basis),
                Text("late") if each.overdue else None,
            )
            for each in found
        ),
    )


def _write_calendar(desk: Desk, found: tuple[Due, ...], name: str) -> None:
    from optout.workflows.due_file import write_calendar

    show(Text("Written: {path}", path=write_calendar(desk, found, name)))
    show(
        Text(
            "Open it with your calendar program. Written and opened again later, it moves dates "
            "that it brought before. What is settled stays there until you delete it by hand."
        )
    )


def _mended(desk: Desk, *, ask: bool, decide: bool) -> tuple[Mended, ...]:
    """Ask about dates of mended laws, where somebody can answer; else only show them."""
    from optout.cli.mended import decide_mended, show_mended
    from optout.workflows.mended_laws import mended_dates

    found = mended_dates(desk)
    there = session().person().is_there()
    if found and ask and there and (decide or not session().plain):
        decide_mended(desk, found)
        return ()
    if ask:
        show_mended(found)
    return found


def _due_as_json(
    each: Due, mended: tuple[Mended, ...] = (), *, client: str = ""
) -> dict[str, object]:
    from optout.cli.mended import mended_as_json

    named = (each.request.id, each.deadline.kind)
    other = next((m for m in mended if m.old and (m.request.id, m.kind) == named), None)
    return {
        "reference": each.reference,
        **({"client": client} if client else {}),
        "request": each.request.reference,
        "right": each.request.right,
        "broker": each.request.broker,
        "kind": each.deadline.kind,
        "due_on": each.deadline.due_on,
        "basis": each.deadline.basis,
        "grace_until": each.deadline.grace_until,
        "overdue": each.overdue,
        "law_mended": mended_as_json(other) if other else None,
    }
